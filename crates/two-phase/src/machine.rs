//! The machine: its state, its one door, its log, its timer.

use crate::{
    Ballot, Body, Config, Decision, Input, Message, Note, Output, Prepared, Reason, Record, TransactionId,
};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use raft_core::{Append, Durable, Index, Instant, Log, NodeId, ReadId, SortedMap, Write, WriteId};

/// One server: a participant, and with the right number the coordinator too.
///
/// Its store is its host's; here is who has which key of it locked. It remembers transactions that are under way, and of each client the last
/// one that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoPhase {
    pub(crate) id: NodeId,
    pub(crate) config: Config,
    log: Log,
    last_write: WriteId,
    /// What is written and not on disk yet, oldest first, and where in the log.
    pending: VecDeque<(WriteId, Index, Record)>,
    /// What this server has locked keys for.
    pub(crate) prepared: SortedMap<TransactionId, Prepared>,
    /// What it coordinates.
    pub(crate) ballots: SortedMap<TransactionId, Ballot>,
    /// By client: its last transaction that is over here, by a record that may still be on its way to the disk.
    over: SortedMap<u32, (u32, Decision)>,
    /// Reads that wait for a lock.
    reads: Vec<(ReadId, Arc<str>)>,
    timer_runs: bool,
}

impl TwoPhase {
    /// Starts a server from what its disk holds; at the first boot nothing. Everything that is done is applied anew, in the order of the log.
    pub fn start(id: NodeId, config: Config, durable: Durable, now: Instant, out: &mut Vec<Output>) -> Self {
        let mut server = TwoPhase {
            id,
            config,
            log: Log::default(),
            last_write: WriteId(0),
            pending: VecDeque::new(),
            prepared: SortedMap::default(),
            ballots: SortedMap::default(),
            over: SortedMap::default(),
            reads: Vec::new(),
            timer_runs: false,
        };
        server.recover(&durable.log, now, out);
        server.log = durable.log;
        server.resume(out);
        server.keep_time(out);
        server
    }

    /// Takes one input and appends what is to be done about it.
    pub fn step(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::TimerFired => {
                self.timer_runs = false;
                self.remind(now, out);
                self.ask_about_overdue(now, out);
            }
            Input::Message(message) => self.receive(now, message, out),
            Input::Begin { transaction, change } => self.begin(now, transaction, change, out),
            Input::Read { id, key } => self.read(id, key, out),
            Input::Synced(through) => self.synced(through, out),
            Input::Configure(config) => self.config = config,
        }
        self.keep_time(out);
    }

    /// This server's name.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// Its records, those on their way to the disk included.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The transactions it has locked keys for.
    #[must_use]
    pub fn prepared(&self) -> &SortedMap<TransactionId, Prepared> {
        &self.prepared
    }

    /// The transactions it coordinates.
    #[must_use]
    pub fn ballots(&self) -> &SortedMap<TransactionId, Ballot> {
        &self.ballots
    }

    /// Whether this server coordinates.
    #[must_use]
    pub fn coordinates(&self) -> bool {
        self.id == self.config.coordinator
    }

    fn receive(&mut self, now: Instant, message: Message, out: &mut Vec<Output>) {
        let Message {
            from,
            to,
            transaction,
            body,
        } = message;
        if to != self.id || from == self.id || !self.servers().any(|id| id == from) {
            return; // not meant for this server, or from nobody it knows
        }
        match body {
            Body::Prepare { change } if from == self.config.coordinator => {
                self.prepare(now, transaction, change, out);
            }
            Body::Decided { decision } if !self.coordinates() => self.learn(transaction, decision, out),
            Body::Inquiry => self.answer(from, transaction, out),
            Body::Vote { refused } if self.coordinates() => self.count_vote(from, transaction, refused, out),
            Body::Acknowledged if self.coordinates() => self.count_acknowledgement(from, transaction, out),
            _ => {}
        }
    }

    /// Adds a record to the log and gives it to the disk.
    pub(crate) fn write(&mut self, record: Record, out: &mut Vec<Output>) {
        let id = WriteId(self.last_write.0 + 1);
        let (first, entry) = (self.log.last_index().next(), record.encode());
        self.last_write = id;
        self.log.replace_from(first, core::slice::from_ref(&entry));
        self.reflect(&record);
        self.pending.push_back((id, first, record));
        let entries = entry.into();
        out.push(Output::Write(Write {
            id,
            hard_state: None,
            snapshot: None,
            append: Some(Append { first, entries }),
        }));
    }

    /// What a record changes as soon as it is written.
    fn reflect(&mut self, record: &Record) {
        let id = record.transaction();
        if let Some(decision) = record.decision() {
            if let Some(prepared) = self.prepared.get_mut(&id) {
                prepared.decision = Some(decision);
            }
            match self.ballots.get_mut(&id) {
                Some(ballot) if decision == Decision::Commit => ballot.committed = true,
                _ => drop(self.ballots.remove(&id)),
            }
            if self.last_over(id).is_none_or(|(last, _)| last < id.number) {
                self.over.insert(id.client, (id.number, decision));
            }
        }
        if let Record::Ended(_) = record {
            self.ballots.remove(&id);
        }
    }

    fn synced(&mut self, through: WriteId, out: &mut Vec<Output>) {
        while self.pending.front().is_some_and(|(id, ..)| *id <= through)
            && let Some((_, index, record)) = self.pending.pop_front()
        {
            match record {
                Record::Prepared(id, _) => self.is_prepared(id, out),
                Record::Committed(id) => {
                    self.apply(index, id, out);
                    self.is_committed(id, out);
                }
                Record::Aborted(id) => {
                    self.unlock(id, out);
                    self.is_aborted(id, out);
                }
                Record::Ended(_) => {}
            }
        }
    }

    /// Carries a transaction out that is done and on disk.
    fn apply(&mut self, index: Index, transaction: TransactionId, out: &mut Vec<Output>) {
        if let Some(prepared) = self.prepared.get(&transaction) {
            let change = prepared.change.clone();
            out.push(Output::Apply {
                index,
                transaction,
                change,
            });
            self.unlock(transaction, out);
        }
    }

    fn unlock(&mut self, id: TransactionId, out: &mut Vec<Output>) {
        if let Some(Prepared { change, .. }) = self.prepared.remove(&id) {
            let ready = self.reads.extract_if(.., |(_, key)| *key == change.key);
            out.extend(ready.map(|(id, _)| Output::ReadReady { id }));
        }
    }

    fn read(&mut self, id: ReadId, key: Arc<str>, out: &mut Vec<Output>) {
        match self.lock_of(&key) {
            None => out.push(Output::ReadReady { id }),
            Some(transaction) => {
                let waits = Note::ReadWaits {
                    key: key.clone(),
                    transaction,
                };
                out.push(Output::Note(waits));
                self.reads.push((id, key));
            }
        }
    }

    /// Who has a key locked.
    pub(crate) fn lock_of(&self, key: &str) -> Option<TransactionId> {
        let mut all = self.prepared.iter();
        all.find(|(_, prepared)| &*prepared.change.key == key)
            .map(|(id, _)| *id)
    }

    /// The last transaction of this one's client that is over here, and how it ended.
    pub(crate) fn last_over(&self, id: TransactionId) -> Option<(u32, Decision)> {
        self.over.get(&id.client).copied()
    }

    /// Whether the end of this transaction is written and not on disk yet.
    pub(crate) fn is_being_decided(&self, id: TransactionId) -> bool {
        let ends = |record: &Record| record.transaction() == id && record.decision().is_some();
        self.pending.iter().any(|(_, _, record)| ends(record))
    }

    /// Builds the state that the log tells of.
    fn recover(&mut self, log: &Log, now: Instant, out: &mut Vec<Output>) {
        let records = (1..).map(Index).zip(log.iter_from(Index(1)));
        for (index, record) in records.filter_map(|(index, entry)| Some((index, Record::decode(entry)?))) {
            self.reflect(&record);
            match record {
                Record::Prepared(id, change) => {
                    let on_disk = true;
                    self.prepared.insert(id, Prepared::new(change, on_disk, now));
                }
                Record::Committed(id) => {
                    if self.coordinates()
                        && let Some(prepared) = self.prepared.get(&id)
                    {
                        let ballot = Ballot::committed(prepared.change.clone(), now);
                        self.ballots.insert(id, ballot);
                    }
                    self.apply(index, id, out);
                }
                Record::Aborted(id) => self.unlock(id, out),
                Record::Ended(_) => {}
            }
        }
    }

    /// Goes on with what was under way when the server went down.
    fn resume(&mut self, out: &mut Vec<Output>) {
        let in_doubt: Vec<TransactionId> = self.prepared.keys().copied().collect();
        for id in in_doubt {
            match self.coordinates() {
                true => self.give_up(id, Reason::Presumed, out),
                false => self.ask(id, out),
            }
        }
        let committed: Vec<TransactionId> = self.ballots.keys().copied().collect();
        committed.into_iter().for_each(|id| self.is_committed(id, out));
    }

    /// Has the timer run while there is anything to ask about again.
    fn keep_time(&mut self, out: &mut Vec<Output>) {
        let waits = !self.ballots.is_empty() || self.prepared.values().any(|p| p.decision.is_none());
        if waits && !self.timer_runs {
            self.timer_runs = true;
            out.push(Output::SetTimer(self.config.ask_again));
        }
    }

    pub(crate) fn servers(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.config.servers).map(NodeId)
    }

    /// Sends the same to each of these but itself.
    pub(crate) fn send(
        &self,
        to: impl IntoIterator<Item = NodeId>,
        transaction: TransactionId,
        body: &Body,
        out: &mut Vec<Output>,
    ) {
        let from = self.id;
        for to in to.into_iter().filter(|to| *to != from) {
            out.push(Output::Send(Message {
                from,
                to,
                transaction,
                body: body.clone(),
            }));
        }
    }
}
