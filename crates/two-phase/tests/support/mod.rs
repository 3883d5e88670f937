//! A cluster on a table: messages lie there until somebody delivers or loses them, writes until somebody syncs them.

#![allow(dead_code, unreachable_pub)] // not every test needs all of it

use raft_core::{Durable, Duration, Entry, Index, Instant, NodeId, ReadId, Write, WriteId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use two_phase::{
    Body, Change, Config, Decision, Input, Message, Note, Output, Record, TransactionId, TwoPhase,
};

pub const VOTE_TIMEOUT: Duration = Duration::millis(300);

/// The servers and what lies between them. After every step it is checked that no two servers end a transaction differently, and that
/// nothing is done without all votes.
pub struct Cluster {
    pub servers: Vec<Server>,
    pub wire: Vec<Message>,
    pub now: Instant,
    /// What the clients were told.
    pub told: BTreeMap<TransactionId, Decision>,
    pub notes: Vec<(NodeId, Note)>,
    /// What the disks held at any time.
    promised: BTreeSet<(NodeId, TransactionId)>,
    decided: BTreeMap<TransactionId, (NodeId, Decision)>,
    cooperative: bool,
}

#[derive(Default)]
pub struct Server {
    pub up: Option<TwoPhase>,
    pub disk: Durable,
    pub pending: VecDeque<Write>,
    pub timer: bool,
    pub store: BTreeMap<String, String>,
    pub read: Vec<(ReadId, Option<String>)>,
    waiting: Vec<(ReadId, String)>,
}

impl Cluster {
    pub fn new(servers: u32, cooperative: bool) -> Cluster {
        let mut cluster = Cluster {
            servers: (0..servers).map(|_| Server::default()).collect(),
            wire: Vec::new(),
            now: Instant(0),
            told: BTreeMap::new(),
            notes: Vec::new(),
            promised: BTreeSet::new(),
            decided: BTreeMap::new(),
            cooperative,
        };
        (1..=servers).for_each(|id| cluster.restart(id));
        cluster
    }

    pub fn restart(&mut self, id: u32) {
        if self.server(id).up.is_some() {
            return;
        }
        let config = Config {
            coordinator: NodeId(1),
            servers: self.servers.len() as u32,
            vote_timeout: VOTE_TIMEOUT,
            ask_again: Duration::millis(100),
            cooperative: self.cooperative,
        };
        let mut out = Vec::new();
        let disk = self.server(id).disk.clone();
        let server = TwoPhase::start(NodeId(id), config, disk, self.now, &mut out);
        self.server(id).up = Some(server);
        self.obey(id, out);
    }

    /// What is not synced is gone.
    pub fn power_off(&mut self, id: u32) {
        let disk = std::mem::take(&mut self.server(id).disk);
        *self.server(id) = Server {
            disk,
            ..Server::default()
        };
    }

    pub fn begin(&mut self, client: u32, number: u32, change: &str) {
        self.begin_at(1, client, number, change);
    }

    pub fn begin_at(&mut self, server: u32, client: u32, number: u32, change: &str) {
        let (key, value) = match change.split_once('=') {
            Some((key, value)) => (key, Some(value.into())),
            None => (change, None),
        };
        let (transaction, key) = (TransactionId { client, number }, key.into());
        let change = Change { key, value };
        self.step(server, Input::Begin { transaction, change });
    }

    pub fn read(&mut self, server: u32, id: u64, key: &str) {
        let id = ReadId(id);
        if self.server(server).up.is_some() {
            self.server(server).waiting.push((id, key.into()));
            self.step(server, Input::Read { id, key: key.into() });
        }
    }

    pub fn deliver(&mut self, message: usize) {
        let message = self.wire.remove(message);
        self.step(message.to.0, Input::Message(message));
    }

    /// All that is written there is safe.
    pub fn sync(&mut self, id: u32) {
        let server = self.server(id);
        let through = server.pending.back().map(|write| write.id);
        for write in std::mem::take(&mut server.pending) {
            server.disk.apply(&write);
        }
        self.look_at_disk(id);
        if let Some(through) = through {
            self.step(id, Input::Synced(through));
        }
    }

    /// The oldest write that is not safe yet is.
    pub fn sync_one(&mut self, id: u32) {
        let server = self.server(id);
        if let Some(write) = server.pending.pop_front() {
            server.disk.apply(&write);
            self.look_at_disk(id);
            self.step(id, Input::Synced(write.id));
        }
    }

    pub fn wait(&mut self, d: Duration) {
        self.now = self.now + d;
    }

    pub fn fire(&mut self, id: u32) {
        if std::mem::take(&mut self.server(id).timer) {
            self.step(id, Input::TimerFired);
        }
    }

    /// Everything arrives and is synced, in order, until nothing is left to do but to wait.
    pub fn settle(&mut self) {
        loop {
            (1..=self.servers.len() as u32).for_each(|id| self.sync(id));
            if !self.wire.is_empty() {
                self.deliver(0);
            } else if self.servers.iter().all(|server| server.pending.is_empty()) {
                return;
            }
        }
    }

    /// Time passes, and what is to be asked again is.
    pub fn settle_for(&mut self, d: Duration) {
        let until = self.now + d;
        self.settle();
        while self.now < until {
            self.wait(Duration::millis(100));
            (1..=self.servers.len() as u32).for_each(|id| self.fire(id));
            self.settle();
        }
    }

    pub fn server(&mut self, id: u32) -> &mut Server {
        &mut self.servers[id as usize - 1]
    }

    /// How each server's log ends this transaction on disk.
    pub fn ends(&self, id: TransactionId) -> Vec<Option<Decision>> {
        let end = |server: &Server| {
            let records = records(server).filter(|record| record.transaction() == id);
            records.filter_map(|record| record.decision()).last()
        };
        self.servers.iter().map(end).collect()
    }

    /// Loses the messages for which this holds.
    pub fn lose(&mut self, which: impl Fn(&Message) -> bool) {
        self.wire.retain(|message| !which(message));
    }

    fn step(&mut self, id: u32, input: Input) {
        let (now, mut out) = (self.now, Vec::new());
        if let Some(server) = &mut self.server(id).up {
            server.step(now, input, &mut out);
        }
        self.obey(id, out);
    }

    fn obey(&mut self, id: u32, out: Vec<Output>) {
        for output in out {
            match output {
                Output::Send(message) => self.wire.push(message),
                Output::Write(write) => {
                    let append = write.append.as_ref().expect("a record");
                    assert_eq!(append.entries.len(), 1, "one record a write");
                    let last = self.server(id).pending.back().map_or(write.id.0 - 1, |w| w.id.0);
                    assert_eq!(write.id, WriteId(last + 1), "without gaps");
                    self.server(id).pending.push_back(write);
                }
                Output::SetTimer(_) => {
                    assert!(!self.server(id).timer, "it does not run yet");
                    self.server(id).timer = true;
                }
                Output::Apply {
                    index,
                    transaction,
                    change,
                } => {
                    let record = self.server(id).disk.log.get(index).and_then(Record::decode);
                    assert_eq!(record, Some(Record::Committed(transaction)), "on disk");
                    let key = change.key.to_string();
                    match change.value {
                        Some(value) => drop(self.server(id).store.insert(key, value.to_string())),
                        None => drop(self.server(id).store.remove(&key)),
                    }
                }
                Output::Done {
                    transaction,
                    decision,
                } => {
                    let before = self.told.insert(transaction, decision);
                    assert!(before.is_none_or(|before| before == decision), "{transaction}");
                    let on_disk = self.ends(transaction)[id as usize - 1];
                    assert_eq!(on_disk, Some(decision), "told what is not on disk");
                }
                Output::Refused { coordinator, .. } => assert_ne!(coordinator, NodeId(id)),
                Output::ReadReady { id: read } => {
                    let server = self.server(id);
                    let place = server.waiting.iter().position(|(id, _)| *id == read);
                    let (_, key) = server.waiting.remove(place.expect("asked for"));
                    let value = server.store.get(&key).cloned();
                    server.read.push((read, value));
                }
                Output::Note(note) => self.notes.push((NodeId(id), note)),
            }
        }
        self.check_messages();
    }

    /// A yes is on disk before it is told, and so is a decision.
    fn check_messages(&self) {
        for message in &self.wire {
            let (from, id) = (message.from, message.transaction);
            match message.body {
                Body::Vote { refused: None } => assert!(self.promised.contains(&(from, id)), "{message:?}"),
                Body::Decided {
                    decision: Decision::Commit,
                } => {
                    let decided = self.decided.get(&id);
                    assert!(matches!(decided, Some((_, Decision::Commit))), "{message:?}");
                }
                _ => {}
            }
        }
    }

    fn look_at_disk(&mut self, id: u32) {
        let found: Vec<Record> = records(&self.servers[id as usize - 1]).collect();
        for record in found {
            let transaction = record.transaction();
            if let Record::Prepared(..) = record {
                self.promised.insert((NodeId(id), transaction));
            }
            let Some(decision) = record.decision() else {
                continue;
            };
            let (first, before) = *self.decided.entry(transaction).or_insert((NodeId(id), decision));
            assert_eq!(
                before, decision,
                "{transaction} ends differently at {first} and S{id}"
            );
            if decision == Decision::Commit {
                let all = (1..=self.servers.len() as u32).map(NodeId);
                let missing: Vec<_> = all
                    .filter(|id| !self.promised.contains(&(*id, transaction)))
                    .collect();
                assert_eq!(missing, [], "{transaction} is done without these votes");
            }
        }
    }
}

fn records(server: &Server) -> impl Iterator<Item = Record> {
    let entries = server.disk.log.iter_from(Index(1));
    entries.map(|entry: &Entry| Record::decode(entry).expect("a record"))
}
