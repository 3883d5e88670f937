//! What goes wrong in a random world.

use super::Author;
use super::beginning::{drift, load};
use crate::scenario::{Command, DiskManner, Link, Setting};
use raft_core::{Change, Duration, NodeId};
use raft_trace::{ClientId, Endpoint, Handling, Operation, PacketKind, Plan};

/// Does something at a time. The victim is the leader as often as not; the other is any server.
pub(super) type Fault = fn(&mut Author, at: u32, victim: NodeId, server: NodeId);

/// What Raft promises to survive, and what people do to its clusters; each as often as its number says.
pub(super) const FAULTS: &[(u32, Fault)] = &[
    (4, |author, at, victim, _| author.stop(at, vec![victim])),
    (4, |author, at, _, server| author.start(at, vec![server])),
    (2, |author, at, _, _| author.start(at, author.servers())),
    // Whatever was on its way to the disk or to others is gone.
    (2, |author, at, _, _| author.bounce(at, 50_000, author.servers())),
    (4, |author, at, victim, _| author.bounce(at, 20_000, vec![victim])),
    (2, |author, at, victim, server| {
        // Another takes over while the old leader is away: two of these make a Figure 8.
        author.bounce(at, 100_000, vec![victim]);
        let soon = at + author.chance.number(0, 30_000);
        author.at(soon, Command::Timeout(server));
    }),
    (4, |author, at, victim, _| {
        let groups = author.groups(victim);
        author.at(at, Command::Partition(groups));
    }),
    (4, |author, at, _, _| author.at(at, Command::Heal)),
    (4, |author, at, victim, _| {
        let link = author.link(victim);
        author.at(at, Command::Cut(link));
    }),
    (2, |author, at, _, server| {
        let link = author.link(server);
        author.at(at, Command::Mend(link));
    }),
    (2, |author, at, _, server| author.at(at, Command::Timeout(server))),
    (2, |author, at, _, server| {
        author.at(at, Command::Snapshot(server));
    }),
    (4, |author, at, victim, server| {
        if victim != server {
            author.at(at, Command::Transfer(victim, server));
        }
    }),
    (4, |author, at, _, server| {
        if author.keeps_strangers_off() {
            let change = author.change(server);
            author.at(at, Command::Change { change, via: None });
        }
    }),
    (4, |author, at, _, server| author.read(at, server)),
    (4, |author, at, victim, _| author.link_setting(at, victim)),
    (4, |author, at, victim, _| author.message(at, victim)),
    (2, |author, at, victim, _| author.slow_disk(at, victim)),
    (2, |author, at, victim, _| {
        let time = Duration::millis(author.chance.number(10, 600).into());
        author.at(at, Command::Stall(victim, time));
    }),
    (2, |author, at, _, server| author.full_disk(at, server)),
    (4, |author, at, victim, _| {
        let back = at + author.chance.number(0, 700_000);
        author.at(at, Command::Pause(vec![victim]));
        author.at(back, Command::Resume(vec![victim]));
    }),
    (2, |author, at, _, server| {
        // Leases trust clocks not to do that.
        if !author.reads.by_lease() {
            let by = i64::from(author.chance.number(0, 1_000_000)) - 500_000;
            author.at(at, Command::ClockJump(server, by));
        }
    }),
    (2, |author, at, _, server| {
        let drift = Setting::Drift(server, drift(&mut author.chance));
        author.at(at, Command::Set(drift));
    }),
    (1, |author, at, _, _| {
        let client = ClientId(author.chance.number(1, author.scenario.clients));
        let load = load(&mut author.chance);
        author.at(at, Command::Load { client, load });
    }),
];

impl Author {
    /// Servers crash, or lose their power.
    pub(super) fn stop(&mut self, at: u32, servers: Vec<NodeId>) {
        let stop = self.chance.one_of(&[Command::Crash, Command::PowerOff]);
        self.at(at, stop(servers));
    }

    pub(super) fn start(&mut self, at: u32, servers: Vec<NodeId>) {
        let start = self.chance.one_of(&[Command::Restart, Command::PowerOn]);
        self.at(at, start(servers));
    }

    /// Stops servers and starts them again at most so many µs later.
    pub(super) fn bounce(&mut self, at: u32, most: u32, servers: Vec<NodeId>) {
        let back = at + self.chance.number(0, most);
        self.stop(at, servers.clone());
        self.start(back, servers);
    }

    fn link_setting(&mut self, at: u32, victim: NodeId) {
        let link = Some(self.link(victim));
        let setting = match self.chance.number(0, 2) {
            0 => Setting::Latency(link, self.chance.latency()),
            1 => Setting::Loss(link, self.chance.loss()),
            _ => Setting::Duplicate(link, self.chance.duplicate()),
        };
        self.at(at, Command::Set(setting));
    }

    /// A disk gets slow, or fast again, or all of them.
    fn slow_disk(&mut self, at: u32, victim: NodeId) {
        let which = self.chance.one_of(&[None, Some(victim)]);
        let setting = Setting::Fsync(which, self.chance.fsync());
        self.at(at, Command::Set(setting));
    }

    /// A disk fills up; some time later there is room again, and its server is started.
    fn full_disk(&mut self, at: u32, server: NodeId) {
        let back = at + self.chance.number(0, 1_000_000);
        let set = |manner| Command::Set(Setting::Disk(server, manner));
        self.at(at, set(DiskManner::Full));
        self.at(back, set(DiskManner::Honest));
        self.start(back, vec![server]);
    }

    /// Something is done to a single message.
    fn message(&mut self, at: u32, victim: NodeId) {
        let Link { from, to } = self.link(victim);
        let handling = self.chance.one_of(&Handling::ALL);
        let kind = self.chance.one_of(&[
            None,
            Some(PacketKind::AppendEntries),
            Some(PacketKind::AppendEntries),
            Some(PacketKind::AppendEntriesReply),
            Some(PacketKind::Heartbeat),
            Some(PacketKind::RequestVoteReply),
            Some(PacketKind::InstallSnapshot),
        ]);
        let plan = |handling| {
            Command::Plan(Plan {
                handling,
                kind,
                from,
                to,
            })
        };
        self.at(at, plan(handling));
        if handling == Handling::Hold {
            // Most come late, and some never.
            let late = at + self.chance.number(0, 1_500_000);
            self.at(late, plan(Handling::Deliver));
        }
    }

    /// A change of the cluster, mostly a small one.
    fn change(&mut self, server: NodeId) -> Change {
        match self.chance.number(0, 6) {
            0 | 1 => Change::AddVoter(server),
            2 => Change::AddLearner(server),
            3 | 4 => Change::Remove(server),
            _ => {
                let mut voters = self.servers();
                voters.retain(|_| self.chance.number(0, 3) > 0);
                voters.push(server);
                voters.sort_unstable();
                voters.dedup();
                Change::Voters(voters)
            }
        }
    }

    /// A server that was removed and not told keeps asking for votes. Without one of these it may depose one leader after another, so
    /// that nothing could be promised about progress (thesis 4.2.3).
    fn keeps_strangers_off(&self) -> bool {
        let settings = &self.scenario.settings;
        settings.contains(&Setting::Stickiness(true)) || settings.contains(&Setting::PreVote(true))
    }

    /// A client asks this very server.
    fn read(&mut self, at: u32, server: NodeId) {
        let key = "x".into();
        let operation = match self.reads.mode(&mut self.chance) {
            Some(mode) => Operation::Read { key, mode },
            None => Operation::Get { key },
        };
        let client = ClientId(self.chance.number(1, self.scenario.clients));
        let within = self.chance.percent(20).then_some(Duration::millis(200));
        let via = Some(server);
        self.at(
            at,
            Command::Client {
                client,
                operation,
                via,
                within,
            },
        );
    }

    /// Everybody on one of two sides: alone on one of them often enough.
    fn groups(&mut self, alone: NodeId) -> Vec<Vec<Endpoint>> {
        let clients = (1..=self.scenario.clients).map(|n| Endpoint::Client(ClientId(n)));
        let isolate = self.chance.number(0, 2) == 0;
        let mut sides = vec![vec![Endpoint::Server(alone)], Vec::new()];
        let others = self
            .servers()
            .into_iter()
            .filter(|&id| id != alone)
            .map(Endpoint::Server);
        for (i, endpoint) in others.chain(clients).enumerate() {
            let here = self.chance.number(0, 1) == 0 && !(isolate && matches!(endpoint, Endpoint::Server(_)));
            sides[usize::from(i == 0 || !here)].push(endpoint);
        }
        sides
    }

    /// A link between this server and another one, either way.
    fn link(&mut self, end: NodeId) -> Link {
        let servers = self.scenario.servers;
        let other = NodeId((end.0 - 1 + self.chance.number(1, servers - 1)) % servers + 1);
        let (end, other) = (Endpoint::Server(end), Endpoint::Server(other));
        match self.chance.number(0, 1) {
            0 => Link { from: end, to: other },
            _ => Link { from: other, to: end },
        }
    }
}
