//! The settings of a world as values, with their defaults.

use crate::{Contact, DiskManner, Link, Ppm, Rate, Scenario, Setting};
use raft_core::{Duration, NodeId, ReadMode, Repair, Rules, Span};
use raft_trace::Endpoint;

/// What holds in a world at a moment. Small dense tables: it is asked for every message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long without a leader until an election begins (§5.2). Default 150–300 ms.
    pub election_timeout: Span,
    /// How often a leader is heard. Default 50 ms.
    pub heartbeat: Duration,
    /// How many entries one AppendEntries carries at most. Default 64.
    pub max_entries: u32,
    /// How many AppendEntries may be under way to a follower. Default 1.
    pub inflight: u32,
    /// How a leader finds where logs agree. Default one entry back at a time.
    pub repair: Repair,
    /// Whether a server asks first whether it could win (thesis 9.6). Default off.
    pub pre_vote: bool,
    /// After how many applied entries a snapshot takes their place (§7). Default never.
    pub snapshot_every: Option<u32>,
    /// Whether a leader that hears no majority steps down (thesis 6.2). Default off.
    pub check_quorum: bool,
    /// Whether a server that hears a leader refuses its vote (thesis 4.2.3). Default off.
    pub stickiness: bool,
    /// How far clocks may drift apart for leases to hold. Default 0.
    pub drift_bound: Ppm,
    /// What a plain get is. Default: a command like any other.
    pub reads: Option<ReadMode>,
    /// Which rules hold. Default all.
    pub rules: Rules,
    /// How long the coordinator of two-phase commit waits for votes, and who voted until it asks. Default 300 ms.
    pub vote_timeout: Duration,
    /// How often two-phase commit repeats what is not answered. Default 100 ms.
    pub ask_again: Duration,
    /// Whether who voted asks all others, not the coordinator alone. Default on.
    pub cooperative: bool,
    /// How long a client tries until its operation ends without an answer. Default 2 s.
    pub client_timeout: Duration,
    /// How long a client waits for an answer until it asks another server; `None`: it asks once. Default 400 ms.
    pub client_retry: Option<Duration>,
    /// Whom a client asks first. Default whom it believes to lead.
    pub contact: Contact,
    /// How long disks take to write, those set by themselves left out. Default 100–200 µs.
    pub write: Span,
    /// How long disks take to sync, those set by themselves left out. Default 1–3 ms.
    pub fsync: Span,
    /// Whether a loss of power may leave a beginning of what was not synced on the disk. Default no.
    pub torn_writes: bool,
    servers: u32,
    endpoints: u32,
    links: Vec<LinkSettings>,
    drifts: Vec<i32>,
    disks: Vec<DiskSettings>,
}

/// What holds for a server's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskSettings {
    /// How long it takes to write. Default 100–200 µs.
    pub write: Span,
    /// How long it takes to sync. Default 1–3 ms.
    pub fsync: Span,
    /// Whether it can be trusted. Default so.
    pub manner: DiskManner,
}

/// What holds for one direction between two endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkSettings {
    /// How long a message takes. Default 10–15 ms.
    pub latency: Span,
    /// Which share of messages is lost. Default 0.
    pub loss: Ppm,
    /// Which share of messages arrives a second time. Default 0.
    pub duplicate: Ppm,
    /// How fast messages are put onto it, one after the other. Default at once.
    pub bandwidth: Option<Rate>,
}

impl Default for LinkSettings {
    fn default() -> Self {
        LinkSettings {
            latency: Span::new(Duration::millis(10), Duration::millis(15)),
            loss: Ppm(0),
            duplicate: Ppm(0),
            bandwidth: None,
        }
    }
}

impl Default for DiskSettings {
    fn default() -> Self {
        DiskSettings {
            write: Span::new(Duration::micros(100), Duration::micros(200)),
            fsync: Span::new(Duration::millis(1), Duration::millis(3)),
            manner: DiskManner::Honest,
        }
    }
}

impl Settings {
    /// The defaults for S1…Sn and C1…Cm.
    #[must_use]
    pub fn new(servers: u32, clients: u32) -> Settings {
        let endpoints = servers + clients;
        Settings {
            election_timeout: Span::new(Duration::millis(150), Duration::millis(300)),
            heartbeat: Duration::millis(50),
            max_entries: 64,
            inflight: 1,
            repair: Repair::StepBack,
            pre_vote: false,
            snapshot_every: None,
            check_quorum: false,
            stickiness: false,
            drift_bound: Ppm(0),
            reads: None,
            rules: Rules::ALL,
            vote_timeout: Duration::millis(300),
            ask_again: Duration::millis(100),
            cooperative: true,
            client_timeout: Duration::secs(2),
            client_retry: Some(Duration::millis(400)),
            contact: Contact::Leader,
            write: DiskSettings::default().write,
            fsync: DiskSettings::default().fsync,
            servers,
            endpoints,
            links: vec![LinkSettings::default(); (endpoints * endpoints) as usize],
            torn_writes: false,
            drifts: vec![0; servers as usize],
            disks: vec![DiskSettings::default(); servers as usize],
        }
    }

    /// What a scenario begins with.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Settings {
        let mut settings = Settings::new(scenario.servers, scenario.clients);
        for setting in &scenario.settings {
            settings.apply(setting);
        }
        settings
    }

    /// Changes one setting. One without a link or server holds for every one, also for those set by themselves before.
    ///
    /// # Panics
    /// When it names a server or client that the world does not have.
    pub fn apply(&mut self, setting: &Setting) {
        match *setting {
            Setting::ElectionTimeout(span) => self.election_timeout = span,
            Setting::Heartbeat(d) => self.heartbeat = d,
            Setting::MaxEntries(n) => self.max_entries = n,
            Setting::Inflight(n) => self.inflight = n,
            Setting::Repair(way) => self.repair = way,
            Setting::PreVote(on) => self.pre_vote = on,
            Setting::SnapshotEvery(entries) => self.snapshot_every = entries,
            Setting::CheckQuorum(on) => self.check_quorum = on,
            Setting::Stickiness(on) => self.stickiness = on,
            Setting::DriftBound(bound) => self.drift_bound = bound,
            Setting::Reads(mode) => self.reads = mode,
            Setting::Rule(rule, true) => self.rules = self.rules.with(rule),
            Setting::Rule(rule, false) => self.rules = self.rules.without(rule),
            Setting::VoteTimeout(d) => self.vote_timeout = d,
            Setting::AskAgain(d) => self.ask_again = d,
            Setting::Cooperative(on) => self.cooperative = on,
            Setting::ClientTimeout(d) => self.client_timeout = d,
            Setting::ClientRetry(d) => self.client_retry = d,
            Setting::Contact(contact) => self.contact = contact,
            Setting::Latency(link, span) => self.each_link(link, |l| l.latency = span),
            Setting::Loss(link, share) => self.each_link(link, |l| l.loss = share),
            Setting::Duplicate(link, share) => self.each_link(link, |l| l.duplicate = share),
            Setting::Bandwidth(link, rate) => self.each_link(link, |l| l.bandwidth = rate),
            Setting::Write(None, span) => self.write = span,
            Setting::Fsync(None, span) => self.fsync = span,
            Setting::TornWrites(on) => self.torn_writes = on,
            Setting::Write(Some(_), _) | Setting::Fsync(Some(_), _) | Setting::Disk(..) => {}
            Setting::Drift(NodeId(n), ppm) => self.drifts[n as usize - 1] = ppm,
        }
        match *setting {
            Setting::Write(server, span) => self.each_disk(server, |disk| disk.write = span),
            Setting::Fsync(server, span) => self.each_disk(server, |disk| disk.fsync = span),
            Setting::Disk(server, manner) => self.each_disk(Some(server), |disk| disk.manner = manner),
            _ => {}
        }
    }

    fn each_disk(&mut self, server: Option<NodeId>, change: impl Fn(&mut DiskSettings)) {
        match server {
            Some(NodeId(n)) => change(&mut self.disks[n as usize - 1]),
            None => self.disks.iter_mut().for_each(change),
        }
    }

    fn each_link(&mut self, link: Option<Link>, change: impl Fn(&mut LinkSettings)) {
        match link {
            Some(Link { from, to }) => {
                let position = self.position(from, to);
                change(&mut self.links[position]);
            }
            None => self.links.iter_mut().for_each(change),
        }
    }

    fn position(&self, from: Endpoint, to: Endpoint) -> usize {
        (self.number(from) * self.endpoints + self.number(to)) as usize
    }

    /// Servers from 0, then clients: a small number for dense tables.
    fn number(&self, endpoint: Endpoint) -> u32 {
        match endpoint {
            Endpoint::Server(id) => id.0 - 1,
            Endpoint::Client(id) => self.servers + id.0 - 1,
        }
    }

    /// What holds for messages from here to there.
    #[must_use]
    pub fn link(&self, from: Endpoint, to: Endpoint) -> &LinkSettings {
        &self.links[self.position(from, to)]
    }

    /// What holds for this server's disk.
    #[must_use]
    pub fn disk(&self, server: NodeId) -> &DiskSettings {
        &self.disks[server.0 as usize - 1]
    }

    /// How much faster than the world's this server's clock goes, in ppm; negative: slower. Default 0.
    #[must_use]
    pub fn drift(&self, server: NodeId) -> i32 {
        self.drifts[server.0 as usize - 1]
    }
}
