//! A cluster on a table: every server steps when the test says so, messages wait until the test delivers them. After every step
//! it is checked that the outputs tell the whole state, come in the promised order, and that Figure 3's properties hold.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "each test program uses a part of it"
)]

mod messages;
mod mirror;
mod outputs;

pub use messages::*;
use mirror::{Mirror, check_order};
pub use outputs::*;
use raft_core::*;
use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A server and its host.
pub struct Server {
    pub raft: Raft,
    pub up: bool,
    pub durable: Durable,
    /// Whether writes are synced as soon as they are issued.
    pub disk_is_instant: bool,
    /// Issued, not yet synced.
    pub pending: VecDeque<Write>,
    /// Messages that wait for a write.
    held: VecDeque<(WriteId, Message)>,
    issued: WriteId,
    pub election_timer: Option<Span>,
    pub heartbeat_timer: Option<Span>,
    mirror: Mirror,
    /// What this server's clock shows, and how much it gains in a second of true time, in µs.
    pub clock: Instant,
    pub rate: u64,
    /// When the election timer was set.
    election_timer_set: Instant,
    /// Everything applied since the last start.
    pub applied: Vec<Entry>,
}

/// Servers S1…Sn and what is under way between them.
pub struct Cluster {
    servers: Vec<Server>,
    config: Config,
    pub in_flight: Vec<Message>,
    /// Servers that nothing reaches or leaves.
    isolated: Vec<u32>,
    leaders: BTreeMap<Term, NodeId>,
    /// What was ever committed, by anybody.
    pub committed: Vec<Entry>,
    proposals: u64,
    /// How each read shall be, and what was committed when it began.
    reads: Vec<(ReadMode, usize)>,
    /// Which reads were answered, in order, and from which index.
    pub answers: Vec<(ReadId, Index)>,
}

pub const ELECTION_TIMEOUT: Span = Span::new(Duration::millis(150), Duration::millis(300));
pub const HEARTBEAT: Duration = Duration::millis(50);

/// Making clusters.
impl Cluster {
    /// `n` servers with empty disks.
    pub fn of(n: u32) -> Cluster {
        Cluster::with(&vec![(0, &[][..]); n as usize], 64)
    }

    /// Servers that start with this current term and a log of entries of these terms.
    pub fn with_logs(logs: &[(u64, &[u64])]) -> Cluster {
        Cluster::with(logs, 64)
    }

    /// The same, with a limit to the entries of one AppendEntries.
    pub fn with(logs: &[(u64, &[u64])], max_entries: u32) -> Cluster {
        Cluster::tuned(logs, |config| config.max_entries = max_entries)
    }

    /// The same, with other settings than the paper's.
    pub fn tuned(logs: &[(u64, &[u64])], change: impl FnOnce(&mut Config)) -> Cluster {
        let mut config = Config::paper((1..).map(NodeId).take(logs.len()).collect());
        change(&mut config);
        Cluster::configured(logs, config)
    }

    /// The same, with all settings given.
    pub fn configured(logs: &[(u64, &[u64])], config: Config) -> Cluster {
        let start = |(id, (term, terms)): (u32, &(u64, &[u64]))| {
            let mut durable = Durable::default();
            durable.hard_state.term = Term(*term);
            durable.log.replace_from(Index(1), &entries(terms));
            Server::start(NodeId(id), &config, durable, Instant(0))
        };
        Cluster {
            servers: (1..).zip(logs).map(start).collect(),
            config,
            in_flight: Vec::new(),
            isolated: Vec::new(),
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            proposals: 0,
            reads: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// `n` servers, S1 leading term 1, its no-op committed by everybody.
    pub fn led_by_s1(n: u32) -> Cluster {
        let mut cluster = Cluster::of(n);
        cluster.elect(1);
        cluster.heartbeat(1);
        cluster.settle();
        cluster
    }
}

/// Making things happen. Every one returns what the server put out.
impl Cluster {
    pub fn step(&mut self, id: u32, input: Input) -> Vec<Output> {
        let outputs = self.server_mut(id).step(input);
        self.obey(id, &outputs);
        self.check(id);
        outputs
    }

    pub fn receive(&mut self, message: Message) -> Vec<Output> {
        self.step(message.to.0, Input::Message(message))
    }

    pub fn timeout(&mut self, id: u32) -> Vec<Output> {
        let timer = self.server_mut(id).election_timer.take();
        assert!(timer.is_some(), "S{id} runs no election timer");
        self.step(id, Input::TimerFired(Timer::Election))
    }

    pub fn heartbeat(&mut self, id: u32) -> Vec<Output> {
        let timer = self.server_mut(id).heartbeat_timer.take();
        assert!(timer.is_some(), "S{id} runs no heartbeat timer");
        self.step(id, Input::TimerFired(Timer::Heartbeat))
    }

    pub fn propose(&mut self, id: u32, text: &str) -> Vec<Output> {
        self.proposals += 1;
        let proposal = ProposalId(self.proposals);
        self.step(
            id,
            Input::Propose {
                id: proposal,
                command: command(text),
            },
        )
    }

    pub fn read(&mut self, id: u32, mode: ReadMode) -> Vec<Output> {
        self.reads.push((mode, self.committed.len()));
        let read = ReadId(self.reads.len() as u64);
        self.step(id, Input::Read { id: read, mode })
    }

    /// Lets time go by on every clock.
    pub fn wait(&mut self, time: Duration) {
        for server in &mut self.servers {
            server.clock = server.clock + Duration(time.0 * server.rate / 1_000_000);
        }
    }

    /// Asks a server for another configuration.
    pub fn change(&mut self, id: u32, change: Change) -> Vec<Output> {
        self.proposals += 1;
        let proposal = ProposalId(self.proposals);
        self.step(id, Input::ChangeMembership { id: proposal, change })
    }

    /// Lets a server forget its log through an applied entry.
    pub fn compact(&mut self, id: u32, index: u64) -> Vec<Output> {
        let data = snapshot_data(&self.server(id).applied[..index as usize]);
        let index = Index(index);
        self.step(id, Input::Compact { index, data })
    }

    /// The entries that a snapshot stands for.
    fn state_in(&self, snapshot: &Snapshot) -> Vec<Entry> {
        let state = &self.committed[..snapshot.last_index.0 as usize];
        assert_eq!(snapshot.data, snapshot_data(state), "State Machine Safety");
        state.to_vec()
    }

    /// How long ago a server's election timer was set, by its clock.
    pub fn timer_age(&self, id: u32) -> Duration {
        let server = self.server(id);
        server.clock.since(server.election_timer_set)
    }

    /// Whether a server's election timer may have run out by its clock.
    pub fn is_due(&self, id: u32) -> bool {
        let age = self.timer_age(id);
        self.server(id).election_timer.is_some_and(|span| age >= span.min)
    }

    /// Lets time go by until a server's election timer may have run out, and then it does.
    pub fn expire(&mut self, id: u32) -> Vec<Output> {
        assert!(
            self.server(id).election_timer.is_some(),
            "S{id} runs no election timer"
        );
        while !self.is_due(id) {
            self.wait(Duration::millis(1));
        }
        self.timeout(id)
    }

    /// Syncs the oldest pending write.
    pub fn sync_one(&mut self, id: u32) -> Vec<Output> {
        let server = self.server_mut(id);
        let Some(write) = server.pending.pop_front() else {
            return Vec::new();
        };
        server.durable.apply(&write);
        let freed = server.release(write.id);
        self.in_flight.extend(freed);
        self.step(id, Input::Synced(write.id))
    }

    pub fn sync_all(&mut self, id: u32) -> Vec<Output> {
        let mut outputs = Vec::new();
        while !self.server(id).pending.is_empty() {
            outputs.extend(self.sync_one(id));
        }
        outputs
    }

    pub fn crash(&mut self, id: u32) {
        let server = self.server_mut(id);
        server.up = false;
        server.pending.clear();
        server.held.clear();
        (server.election_timer, server.heartbeat_timer) = (None, None);
    }

    pub fn restart(&mut self, id: u32) {
        let (config, server) = (self.config.clone(), self.server(id));
        assert!(!server.up, "S{id} is up");
        let (durable, instant) = (server.durable.clone(), server.disk_is_instant);
        let (clock, rate) = (server.clock, server.rate);
        *self.server_mut(id) = Server::start(NodeId(id), &config, durable, clock);
        self.server_mut(id).disk_is_instant = instant;
        let snapshot = self.server(id).durable.snapshot.clone();
        self.server_mut(id).applied = snapshot.map_or(Vec::new(), |snapshot| self.state_in(&snapshot));
        self.server_mut(id).rate = rate;
    }

    pub fn crash_and_restart(&mut self, id: u32) {
        self.crash(id);
        self.restart(id);
    }

    /// Nothing reaches these servers or leaves them any more.
    pub fn isolate(&mut self, ids: &[u32]) {
        self.isolated.extend(ids);
    }

    pub fn heal(&mut self) {
        self.isolated.clear();
    }

    /// Delivers the message at this place; one that cannot arrive is lost.
    pub fn deliver(&mut self, place: usize) -> Vec<Output> {
        let message = self.in_flight.remove(place);
        let cut = |id: NodeId| self.isolated.contains(&id.0);
        if cut(message.from) || cut(message.to) || !self.server(message.to.0).up {
            return Vec::new();
        }
        self.receive(message)
    }

    /// Delivers the oldest message from one server to another.
    pub fn deliver_from(&mut self, from: u32, to: u32) -> Vec<Output> {
        let place = self
            .in_flight
            .iter()
            .position(|m| m.from == NodeId(from) && m.to == NodeId(to));
        self.deliver(place.unwrap_or_else(|| panic!("nothing is under way from S{from} to S{to}")))
    }

    /// Takes the messages away that are on their way to a server.
    pub fn intercept(&mut self, to: u32) -> Vec<Message> {
        let (taken, kept) = self.in_flight.drain(..).partition(|m| m.to == NodeId(to));
        self.in_flight = kept;
        taken
    }

    /// Delivers everything until the network is quiet.
    pub fn settle(&mut self) {
        let mut delivered = 0;
        while !self.in_flight.is_empty() {
            self.deliver(0);
            delivered += 1;
            assert!(delivered < 100_000, "the network never falls silent");
        }
    }

    /// Delivers everything, but what is taken away, until the network is quiet.
    pub fn settle_but(&mut self, mut take: impl FnMut(&Message) -> bool) {
        for steps in 0.. {
            assert!(steps < 100_000, "the network never falls silent");
            if self.in_flight.is_empty() {
                return;
            }
            if take(&self.in_flight[0]) {
                self.in_flight.remove(0);
            } else {
                self.deliver(0);
            }
        }
    }

    /// Lets a server time out and win.
    pub fn elect(&mut self, id: u32) {
        self.timeout(id);
        self.settle();
        assert_eq!(self.role(id), Role::Leader, "S{id} was to win");
    }
}

/// Looking.
impl Cluster {
    pub fn server(&self, id: u32) -> &Server {
        &self.servers[id as usize - 1]
    }

    pub fn server_mut(&mut self, id: u32) -> &mut Server {
        &mut self.servers[id as usize - 1]
    }

    pub fn raft(&self, id: u32) -> &Raft {
        &self.server(id).raft
    }

    /// In how many terms somebody led.
    pub fn leaders(&self) -> usize {
        self.leaders.len()
    }

    /// How many voters there were at first.
    pub fn voters(&self) -> u8 {
        self.config.voters.len() as u8
    }

    pub fn ids(&self) -> RangeInclusive<u32> {
        1..=self.servers.len() as u32
    }

    pub fn role(&self, id: u32) -> Role {
        self.raft(id).role()
    }

    pub fn term(&self, id: u32) -> u64 {
        self.raft(id).current_term().0
    }

    pub fn commit_index(&self, id: u32) -> u64 {
        self.raft(id).commit_index().0
    }

    /// The terms of a server's entries.
    pub fn log_terms(&self, id: u32) -> Vec<u64> {
        self.raft(id)
            .log()
            .iter_from(Index(1))
            .map(|e| e.term.0)
            .collect()
    }

    /// `(next_index, match_index)` that a leader keeps for a follower.
    pub fn progress(&self, leader: u32, follower: u32) -> (u64, u64) {
        let progress = self.raft(leader).progress();
        let found = progress.iter().find(|p| p.server == NodeId(follower));
        let found = found.expect("only a leader keeps progress, and for others");
        (found.next_index.0, found.match_index.0)
    }
}

impl Cluster {
    fn obey(&mut self, id: u32, outputs: &[Output]) {
        for output in outputs {
            if let Output::Send(message) = output {
                self.in_flight.push(message.clone());
            }
        }
        for output in outputs {
            let server = self.server_mut(id);
            match output {
                Output::Write(write) => {
                    server.issued.0 += 1;
                    assert_eq!(write.id, server.issued, "writes are numbered without gaps");
                    server.pending.push_back(write.clone());
                }
                Output::SendWhenDurable(message) => {
                    let needs = server.issued;
                    server.held.push_back((needs, message.clone()));
                }
                Output::SetTimer(Timer::Election, span) => {
                    server.election_timer = Some(*span);
                    server.election_timer_set = server.clock;
                }
                Output::SetTimer(Timer::Heartbeat, span) => server.heartbeat_timer = Some(*span),
                Output::StopTimer(Timer::Election) => server.election_timer = None,
                Output::StopTimer(Timer::Heartbeat) => server.heartbeat_timer = None,
                Output::ReadReady { id, index } => self.read_answered(*id, *index),
                Output::Restore(snapshot) => {
                    let state = self.state_in(snapshot);
                    self.server_mut(id).applied = state;
                }
                Output::Commit(index) => {
                    let from = Index(server.applied.len() as u64 + 1);
                    let count = (index.0 - from.0 + 1) as usize;
                    let log = server.raft.log();
                    server.applied.extend(log.iter_from(from).take(count).cloned());
                    assert_eq!(
                        server.applied.len() as u64,
                        index.0,
                        "committed what is not there"
                    );
                }
                _ => {} // sent already, or for whoever asked
            }
        }
        let server = self.server_mut(id);
        let safe = server
            .pending
            .front()
            .map_or(server.issued, |w| WriteId(w.id.0 - 1));
        let freed = server.release(safe);
        self.in_flight.extend(freed);
        if self.server(id).disk_is_instant {
            self.sync_all(id);
        }
    }

    /// A linearizable read sees everything that was committed when it began.
    fn read_answered(&mut self, id: ReadId, index: Index) {
        let (mode, committed) = self.reads[id.0 as usize - 1];
        let fresh = index.0 as usize >= committed;
        let old_is_fine = matches!(mode, ReadMode::Stale | ReadMode::LeaderLocal);
        assert!(fresh || old_is_fine, "Read Freshness");
        self.answers.push((id, index));
    }

    /// Figure 3, as far as one server's step can have broken it.
    fn check(&mut self, id: u32) {
        let server = &self.servers[id as usize - 1];
        let raft = &server.raft;
        if raft.role() == Role::Leader {
            let leader = *self.leaders.entry(raft.current_term()).or_insert(raft.id());
            assert_eq!(leader, raft.id(), "Election Safety");
            assert!(
                has_all(raft.log(), &self.committed)
                    || self.leaders.last_key_value() != Some((&raft.current_term(), &leader)),
                "Leader Completeness"
            );
        }
        for (ours, theirs) in server.applied.iter().zip(&self.committed) {
            assert_eq!(ours, theirs, "State Machine Safety");
        }
        if server.applied.len() > self.committed.len() {
            self.committed.clone_from(&server.applied);
        }
        for other in &self.servers {
            assert_logs_match(raft.log(), other.raft.log());
        }
        assert!(server.durable_matches(), "Durability");
    }
}

/// What the hosts' state machine makes of these entries.
fn snapshot_data(entries: &[Entry]) -> Arc<[u8]> {
    format!("{entries:?}").into_bytes().into()
}

/// Whether a log begins with these entries, as far as it is here.
fn has_all(log: &Log, entries: &[Entry]) -> bool {
    let (base, _) = log.base();
    let here = entries.get(base.0 as usize..).unwrap_or_default();
    log.iter_from(Index(1)).take(here.len()).eq(here)
}

/// Log Matching: two logs that have the same term at an index are the same up to there.
fn assert_logs_match(a: &Log, b: &Log) {
    let base = a.base().0.max(b.base().0);
    let pairs: Vec<_> = a.iter_from(base.next()).zip(b.iter_from(base.next())).collect();
    let agree = pairs.iter().rposition(|(a, b)| a.term == b.term);
    if agree.is_some() {
        assert_eq!(a.term_at(base), b.term_at(base), "Log Matching");
    }
    for (a, b) in pairs.iter().take(agree.map_or(0, |i| i + 1)) {
        assert_eq!(a, b, "Log Matching");
    }
}

impl Server {
    fn start(id: NodeId, config: &Config, durable: Durable, clock: Instant) -> Server {
        let mut outputs = Vec::new();
        let mut mirror = Mirror::starting(id, &config.voters, &durable);
        let raft = Raft::start(id, config.clone(), durable.clone(), clock, &mut outputs);
        outputs.iter().for_each(|output| mirror.apply(output));
        assert_eq!(mirror, Mirror::of(&raft));
        outputs.retain(|output| !matches!(output, Output::Note(Note::ConfigurationChanged { .. })));
        let restore = durable.snapshot.clone().map(Output::Restore);
        let timer = Output::SetTimer(Timer::Election, config.election_timeout);
        assert!(restore.into_iter().chain([timer]).eq(outputs));
        Server {
            raft,
            up: true,
            durable,
            disk_is_instant: true,
            pending: VecDeque::new(),
            held: VecDeque::new(),
            issued: WriteId(0),
            election_timer: Some(ELECTION_TIMEOUT),
            heartbeat_timer: None,
            mirror,
            clock,
            rate: 1_000_000,
            election_timer_set: clock,
            applied: Vec::new(),
        }
    }

    fn step(&mut self, input: Input) -> Vec<Output> {
        assert!(self.up, "{} is down", self.raft.id());
        let mut outputs = Vec::new();
        self.raft.step(self.clock, input, &mut outputs);
        check_order(&outputs);
        outputs.iter().for_each(|output| self.mirror.apply(output));
        assert_eq!(
            self.mirror,
            Mirror::of(&self.raft),
            "the outputs hide something: {outputs:?}"
        );
        outputs
    }

    /// The messages that need no write after this one.
    fn release(&mut self, synced: WriteId) -> Vec<Message> {
        let free = self.held.iter().take_while(|(needs, _)| *needs <= synced).count();
        self.held.drain(..free).map(|(_, message)| message).collect()
    }

    /// Whether the log in memory is on disk as far as the server believes.
    fn durable_matches(&self) -> bool {
        let synced = self.raft.synced_index().0 as usize;
        let log = self.raft.log();
        let mut ours = (log.base().0.0 + 1..).zip(log.iter_from(Index(1)));
        synced <= log.last_index().0 as usize
            && ours.all(|(i, entry)| i > synced as u64 || self.durable.log.get(Index(i)) == Some(entry))
    }
}
