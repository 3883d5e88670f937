//! How a random world begins: who takes part, under which settings, and what clients ask for.

use super::Author;
use super::chance::{Chance, span_ms};
use crate::scenario::{
    Command, Contact, Expect, Expected, Keys, Load, LoadKind, Pace, Ppm, Rate, Scenario, Setting, Timed,
};
use raft_core::{Duration, NodeId, ReadMode, Repair};
use raft_trace::{ClientId, Protocol, WorldTime};

/// How far clocks go apart at most, and leases allow for.
const DRIFT_BOUND: Ppm = Ppm(20_000);
/// How far wrong each of them goes at most: two of these are within the bound.
const DRIFT: i32 = 9_000;

/// What clients read by, of which each world has one. Four of them promise that reads are linearizable: by a place in the log, by a round of
/// heartbeats, by a lease, and all of these in one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// All reads in one way; `None`: as commands in the log.
    Only(Option<ReadMode>),
    /// Each in any way.
    Any,
}

impl Reads {
    fn draw(chance: &mut Chance) -> Reads {
        chance.weighted(&[
            (3, Reads::Only(None)),
            (3, Reads::Only(Some(ReadMode::ReadIndex))),
            (3, Reads::Only(Some(ReadMode::Lease))),
            (2, Reads::Only(Some(ReadMode::Stale))),
            (2, Reads::Only(Some(ReadMode::LeaderLocal))),
            (2, Reads::Any),
        ])
    }

    /// How a single read is done.
    pub(super) fn mode(self, chance: &mut Chance) -> Option<ReadMode> {
        match self {
            Reads::Only(mode) => mode,
            Reads::Any => chance.one_of(&[
                None,
                Some(ReadMode::Stale),
                Some(ReadMode::LeaderLocal),
                Some(ReadMode::ReadIndex),
                Some(ReadMode::Lease),
            ]),
        }
    }

    /// Whether somebody may trust clocks.
    pub(super) fn by_lease(self) -> bool {
        matches!(self, Reads::Any | Reads::Only(Some(ReadMode::Lease)))
    }
}

/// The scenario as far as nothing is done to it yet, and what its clients read by.
pub(super) fn beginning(seed: u64, reads: Option<Reads>, chance: &mut Chance) -> (Scenario, Reads) {
    let (servers, clients) = (chance.number(3, 7), chance.number(1, 3));
    let reads = reads.unwrap_or_else(|| Reads::draw(chance));
    let mut settings = network_and_disks(chance);
    settings.extend(clocks(servers, chance));
    settings.extend(extensions(reads, chance));
    settings.extend(client_manners(chance));
    let voters = chance.number(3, servers);
    let script = (1..=clients).map(|n| Timed {
        at: WorldTime(0),
        command: Command::Load {
            client: ClientId(n),
            load: load(chance),
        },
    });
    let expects = vec![Expect {
        what: Expected::NoViolation,
        at: None,
    }];
    let scenario = Scenario {
        title: format!("Random world {seed}"),
        protocol: Protocol::Raft,
        servers,
        voters: (voters < servers).then_some(voters),
        clients,
        seed,
        script: script.collect(),
        settings,
        expects,
    };
    (scenario, reads)
}

fn network_and_disks(chance: &mut Chance) -> Vec<Setting> {
    let timeout = chance.one_of(&[(150, 300), (150, 300), (150, 160), (60, 400)]);
    // One entry a message lets old terms' entries reach a majority one by one: where Figure 8 lies in wait.
    let max_entries = chance.one_of(&[1, 1, 2, 64]);
    let mut settings = vec![
        Setting::ElectionTimeout(span_ms(timeout)),
        Setting::MaxEntries(max_entries),
        Setting::Latency(None, chance.latency()),
        Setting::Loss(None, chance.loss()),
        Setting::Duplicate(None, chance.duplicate()),
        Setting::Fsync(None, chance.fsync()),
        Setting::TornWrites(chance.percent(50)),
    ];
    if chance.percent(10) {
        let rate = chance.one_of(&[20_000, 50_000, 200_000]);
        settings.push(Setting::Bandwidth(None, Some(Rate(rate))));
    }
    settings
}

fn clocks(servers: u32, chance: &mut Chance) -> Vec<Setting> {
    let wrong = chance.one_of(&[0, 1, servers]);
    (1..=wrong)
        .map(|n| Setting::Drift(NodeId(n), drift(chance)))
        .collect()
}

/// A clock that is wrong, but not further than leases allow for.
pub(super) fn drift(chance: &mut Chance) -> i32 {
    chance.number(0, 2 * DRIFT as u32) as i32 - DRIFT
}

/// What goes beyond Figure 2: in every third scenario none of it, so that that is tried by itself; but leases need their bound.
fn extensions(reads: Reads, chance: &mut Chance) -> Vec<Setting> {
    let Reads::Only(mode) = reads else {
        let mode = reads.mode(chance);
        return [vec![Setting::Reads(mode)], extended(chance)].concat();
    };
    let by = Setting::Reads(mode);
    if chance.number(0, 2) > 0 || reads.by_lease() {
        [vec![by], extended(chance)].concat()
    } else if mode.is_some() {
        vec![by]
    } else {
        Vec::new()
    }
}

fn extended(chance: &mut Chance) -> Vec<Setting> {
    let mut is = || chance.number(0, 1) == 0;
    let (hint, pre_vote, check_quorum, stickiness) = (is(), is(), is(), is());
    vec![
        Setting::Inflight(chance.one_of(&[1, 2, 8])),
        Setting::Repair(if hint {
            Repair::ConflictHint
        } else {
            Repair::StepBack
        }),
        Setting::PreVote(pre_vote),
        Setting::CheckQuorum(check_quorum),
        Setting::Stickiness(stickiness),
        Setting::DriftBound(DRIFT_BOUND),
        Setting::SnapshotEvery(chance.one_of(&[None, Some(3), Some(10), Some(50)])),
    ]
}

/// Whom clients ask, and when they ask again.
fn client_manners(chance: &mut Chance) -> Vec<Setting> {
    let mut settings = Vec::new();
    if chance.percent(20) {
        settings.push(Setting::Contact(Contact::Random));
    }
    if chance.percent(30) {
        let retry = chance.one_of(&[None, Some(50), Some(150)]);
        settings.push(Setting::ClientRetry(retry.map(Duration::millis)));
    }
    settings
}

/// What a client keeps asking for: by the clock, or as fast as it is answered.
pub(super) fn load(chance: &mut Chance) -> Load {
    let half = LoadKind::Mixed(Ppm(500_000));
    let kind = chance.one_of(&[LoadKind::Put, half, half, LoadKind::Get, LoadKind::Del]);
    let time = Duration::millis(chance.one_of(&[20, 50, 100, 200]));
    let pace = if chance.percent(30) {
        Pace::After(time)
    } else {
        let queue = chance.one_of(&[1, 1, 20]);
        Pace::Every { time, queue }
    };
    let keys = match chance.number(0, 3) {
        0 => Keys::Of(chance.number(1, 5)),
        1 => Keys::One("x".into()),
        _ => Keys::InTurn,
    };
    let within = chance
        .percent(20)
        .then(|| Duration::millis(chance.one_of(&[100, 500])));
    Load {
        pace,
        keys,
        within,
        ..Load::every(kind, time)
    }
}

impl Author {
    /// After the trouble clients ask for less, of servers that all serve.
    pub(super) fn calm_load(&mut self, at: u32) {
        for n in 1..=self.scenario.clients {
            let client = ClientId(n);
            let half = LoadKind::Mixed(Ppm(500_000));
            let load = Load::every(half, Duration::millis(500));
            self.at(at, Command::Load { client, load });
        }
    }
}
