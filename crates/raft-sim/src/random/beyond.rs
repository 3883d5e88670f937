//! Random worlds beyond what Raft promises to survive: each kind breaks one thing that the protocol stands on, and aims at what stands on
//! it.

use super::Author;
use super::beginning::{Reads, load};
use super::chance::span_ms;
use super::faults::{FAULTS, Fault};
use crate::scenario::{Command, Contact, DiskManner, Keys, Load, LoadKind, Pace, Ppm, Scenario, Setting};
use raft_core::{Duration, NodeId, ReadMode, Rule};
use raft_trace::{ClientId, Endpoint, Operation};

/// What a world breaks that Raft stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beyond {
    /// Entries are acknowledged before they are on disk, and the power goes.
    EarlyAck,
    /// Votes are told before they are on disk, and the power goes.
    EarlyVote,
    /// A server's disk says of writes that they are synced, and loses them with the power.
    LyingDisk,
    /// The disks of a majority do so from the start: once the power goes they are empty.
    LostDisks,
    /// Clocks drift apart further than leases allow for.
    Drift,
    /// A leader's clock jumps back while it has a lease.
    ClockBack,
}

impl Beyond {
    /// All of them.
    pub const ALL: &[Beyond] = &[
        Beyond::EarlyAck,
        Beyond::EarlyVote,
        Beyond::LyingDisk,
        Beyond::LostDisks,
        Beyond::Drift,
        Beyond::ClockBack,
    ];

    /// Its name: `early-ack`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Beyond::EarlyAck => "early-ack",
            Beyond::EarlyVote => "early-vote",
            Beyond::LyingDisk => "lying-disk",
            Beyond::LostDisks => "lost-disks",
            Beyond::Drift => "drift",
            Beyond::ClockBack => "clock-back",
        }
    }

    /// What is wrong, in words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Beyond::EarlyAck => "entries are acknowledged before they are on disk, and the power goes",
            Beyond::EarlyVote => "votes are told before they are on disk, and the power goes",
            Beyond::LyingDisk => "a disk says that writes are synced, and loses them with the power",
            Beyond::LostDisks => "what the disks of a majority held is lost with the power",
            Beyond::ClockBack => "a leader's clock jumps back while it has a lease",
            Beyond::Drift => "clocks drift apart further than leases allow for",
        }
    }

    /// How clients read, if that matters.
    fn reads(self) -> Option<Reads> {
        match self {
            Beyond::EarlyAck | Beyond::EarlyVote | Beyond::LyingDisk | Beyond::LostDisks => None,
            Beyond::Drift | Beyond::ClockBack => Some(Reads::Only(Some(ReadMode::Lease))),
        }
    }

    fn settings(self) -> Vec<Setting> {
        match self {
            Beyond::LyingDisk | Beyond::LostDisks => Vec::new(), // disks lie by commands
            Beyond::EarlyAck => vec![Setting::Rule(Rule::SyncedAck, false)],
            Beyond::EarlyVote => vec![Setting::Rule(Rule::SyncedVote, false)],
            Beyond::Drift | Beyond::ClockBack => vec![
                Setting::Stickiness(true),
                Setting::DriftBound(Ppm(20_000)),
                Setting::ElectionTimeout(span_ms((150, 300))),
                Setting::Latency(None, span_ms((1, 5))),
                Setting::Contact(Contact::Random),
                Setting::ClientRetry(Some(Duration::millis(30))),
            ],
        }
    }

    /// What happens besides, of every hundred things that happen so many.
    fn faults(self) -> &'static [(u32, Fault)] {
        match self {
            Beyond::EarlyAck | Beyond::EarlyVote | Beyond::LyingDisk | Beyond::LostDisks => {
                &[(12, |author, at, victim, _| author.blackout(at, victim))]
            }
            Beyond::Drift => &[(12, |author, at, victim, _| author.outrun(at, victim))],
            Beyond::ClockBack => &[(12, |author, at, victim, _| author.turn_back(at, victim))],
        }
    }
}

/// A scenario of this kind, a function of the seed alone. It expects nothing.
#[must_use]
pub fn beyond_scenario(beyond: Beyond, seed: u64) -> Scenario {
    let mut author = Author::new(seed, beyond.reads(), beyond.settings());
    author.scenario.title = format!("Beyond by {} {seed}", beyond.name());
    author.scenario.expects.clear();
    let faults = [FAULTS, beyond.faults()].concat();
    let lying = match beyond {
        Beyond::LyingDisk => 1,
        Beyond::LostDisks => author.scenario.servers / 2 + 1,
        _ => 0,
    };
    for n in 1..=lying {
        let lies = Setting::Disk(NodeId(n), DiskManner::Lies);
        author.at(0, Command::Set(lies));
    }
    author.trouble(&faults);
    author.peace();
    author.scenario
}

impl Author {
    /// A majority with the leader in it loses its power at one moment, soon after a client wrote.
    fn blackout(&mut self, at: u32, victim: NodeId) {
        let mut dark = self.servers();
        dark.retain(|id| *id == victim || self.chance.number(0, 2) > 0);
        let put = Command::Client {
            client: ClientId(self.chance.number(1, self.scenario.clients)),
            operation: Operation::Put {
                key: "x".into(),
                value: format!("b{at}").into(),
            },
            via: Some(victim),
            within: None,
        };
        self.at(at, put);
        let off = at + self.chance.number(5_000, 80_000);
        let on = off + self.chance.number(0, 50_000);
        self.at(off, Command::PowerOff(dark.clone()));
        self.at(on, Command::PowerOn(dark));
    }

    /// The leader's clock falls behind, those of the others run ahead; it is alone with a client that reads, and they with one that writes.
    fn outrun(&mut self, at: u32, victim: NodeId) {
        let leader = self.world.leader().unwrap_or(victim);
        for id in self.servers() {
            let drift = if id == leader { -400_000 } else { 400_000 };
            self.at(at, Command::Set(Setting::Drift(id, drift)));
        }
        let end = self.leave_behind(at + 100_000, leader);
        for id in self.servers() {
            self.at(end, Command::Set(Setting::Drift(id, 0)));
        }
    }

    /// The leader's clock jumps back when it is alone with a client that reads.
    fn turn_back(&mut self, at: u32, victim: NodeId) {
        let leader = self.world.leader().unwrap_or(victim);
        self.leave_behind(at, leader);
        self.at(at + 50_000, Command::ClockJump(leader, -1_000_000));
    }

    /// For some time the leader is alone with one client that reads there, while another writes elsewhere. Returns the end of it.
    fn leave_behind(&mut self, at: u32, leader: NodeId) -> u32 {
        let clients = self.scenario.clients;
        let mut others: Vec<Endpoint> = self.servers().into_iter().map(Endpoint::Server).collect();
        others.retain(|id| *id != Endpoint::Server(leader));
        others.extend((2..=clients).map(|n| Endpoint::Client(ClientId(n))));
        let alone = vec![Endpoint::Server(leader), Endpoint::Client(ClientId(1))];
        self.at(at, Command::Heal);
        self.at(at, Command::Partition(vec![alone, others]));
        let busy = |kind, via| Load {
            pace: Pace::After(Duration::millis(3)),
            keys: Keys::One("x".into()),
            via,
            within: Some(Duration::millis(200)),
            ..Load::every(kind, Duration::millis(3))
        };
        for n in 1..=clients {
            let load = match n {
                1 => busy(LoadKind::Get, Some(leader)),
                _ => busy(LoadKind::Put, None),
            };
            let client = ClientId(n);
            self.at(at, Command::Load { client, load });
        }
        let end = at + 600_000;
        self.at(end, Command::Heal);
        for n in 1..=clients {
            let client = ClientId(n);
            let load = load(&mut self.chance);
            self.at(end, Command::Load { client, load });
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_text_like_any_other() {
        for beyond in Beyond::ALL {
            for seed in 0..30 {
                let scenario = beyond_scenario(*beyond, seed);
                let text = scenario.to_string();
                assert_eq!(Scenario::parse(&text).as_ref(), Ok(&scenario), "{text}");
            }
        }
    }
}
