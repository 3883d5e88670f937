//! What is special to a server of two-phase commit, as its events tell it.

use crate::{ClientId, KeyValue, OpId, Operation, TimerState, WorldTime};
use raft_core::{Index, Log, NodeId, SortedMap, SortedSet, Write};
use two_phase::{Change, Decision, Note, Record, TransactionId};

/// A server of two-phase commit at one point of a run. While it is down, it only waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TwoPhaseState {
    /// What it has locked keys for.
    pub prepared: SortedMap<TransactionId, PreparedState>,
    /// What it coordinates.
    pub ballots: SortedMap<TransactionId, BallotState>,
    /// Since when it has been waiting for decisions, crashes included.
    pub waits_since: SortedMap<TransactionId, WorldTime>,
    /// The timer after which it repeats what is not answered, if it runs.
    pub reminder: Option<TimerState>,
}

/// A transaction that a server has locked a key for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedState {
    /// What it shall do.
    pub change: Change,
    /// Its end, as far as this server has written one.
    pub decision: Option<Decision>,
    /// Whether this server has waited in vain and asks.
    pub blocked: bool,
}

/// A transaction that a server coordinates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotState {
    /// What it shall do.
    pub change: Change,
    /// Who voted yes, as far as the coordinator remembers.
    pub votes: SortedSet<NodeId>,
    /// Whether it is decided that it is done.
    pub committed: bool,
    /// Who has the decision on disk.
    pub acknowledged: SortedSet<NodeId>,
}

impl TwoPhaseState {
    /// The coordinator is always the first server.
    pub const COORDINATOR: NodeId = NodeId(1);

    /// A transaction that this server voted for and waits in vain to hear of.
    #[must_use]
    pub fn blocked_by(&self) -> Option<TransactionId> {
        let mut blocked = self.prepared.iter().filter(|(_, p)| p.is_blocked());
        blocked.next().map(|(id, _)| *id)
    }

    /// Only its memory is gone, and not how long it has been waiting.
    pub(crate) fn crash(&mut self) {
        *self = TwoPhaseState {
            waits_since: std::mem::take(&mut self.waits_since),
            ..TwoPhaseState::default()
        };
    }

    /// It runs again, with this log.
    pub(crate) fn restart(&mut self, id: NodeId, log: &Log, at: WorldTime) {
        let entries = log.iter_from(Index(1));
        for record in entries.filter_map(Record::decode) {
            self.record(id, &record);
            if let Record::Aborted(transaction) = record {
                self.prepared.remove(&transaction);
            }
        }
        let prepared = &self.prepared;
        let undecided = |id: &TransactionId| prepared.get(id).is_some_and(|p| p.decision.is_none());
        self.waits_since.retain(undecided);
        for id in prepared.keys().filter(|id| undecided(id)) {
            self.waits_since.or_insert_with(id, || at);
        }
    }

    pub(crate) fn write(&mut self, id: NodeId, write: &Write, at: WorldTime) {
        for record in records(write) {
            self.record(id, &record);
            if let Record::Prepared(transaction, _) = record {
                self.waits_since.insert(transaction, at);
            } else {
                self.waits_since.remove(&record.transaction());
            }
        }
    }

    /// These writes are on disk now: what they abort is over.
    pub(crate) fn sync(&mut self, write: &Write) {
        for record in records(write) {
            if let Record::Aborted(id) = record {
                self.prepared.remove(&id);
            }
        }
    }

    /// What a record changes as soon as it is written.
    fn record(&mut self, id: NodeId, record: &Record) {
        let transaction = record.transaction();
        match record {
            Record::Prepared(_, change) => {
                let prepared = PreparedState {
                    change: change.clone(),
                    decision: None,
                    blocked: false,
                };
                self.prepared.insert(transaction, prepared);
            }
            Record::Committed(_) => {
                let Some(prepared) = self.prepared.get_mut(&transaction) else {
                    return;
                };
                prepared.decision = Some(Decision::Commit);
                if id == TwoPhaseState::COORDINATOR {
                    let change = prepared.change.clone();
                    let ballot = || BallotState::new(change);
                    self.ballots.or_insert_with(&transaction, ballot).committed = true;
                }
            }
            Record::Aborted(_) => {
                if let Some(prepared) = self.prepared.get_mut(&transaction) {
                    prepared.decision = Some(Decision::Abort);
                }
                self.ballots.remove(&transaction);
            }
            Record::Ended(_) => drop(self.ballots.remove(&transaction)),
        }
    }

    /// It carries out what this record says: the transaction is done.
    pub(crate) fn apply(&mut self, index: Index, log: &Log, machine: &mut KeyValue) {
        if let Some(Record::Committed(id)) = log.get(index).and_then(Record::decode)
            && let Some(prepared) = self.prepared.remove(&id)
        {
            let Change { key, value } = prepared.change;
            machine.write(OpId(id.number), &key, value);
        }
    }

    pub(crate) fn note(&mut self, note: &Note) {
        match note {
            Note::Began { transaction, change } => {
                let ballot = BallotState::new(change.clone());
                self.ballots.insert(*transaction, ballot);
            }
            Note::VoteCounted { transaction, from } => {
                if let Some(ballot) = self.ballots.get_mut(transaction) {
                    ballot.votes.add(*from);
                }
            }
            Note::AcknowledgementCounted { transaction, from } => {
                if let Some(ballot) = self.ballots.get_mut(transaction) {
                    ballot.acknowledged.add(*from);
                }
            }
            Note::Blocked { transaction } => {
                if let Some(prepared) = self.prepared.get_mut(transaction) {
                    prepared.blocked = true;
                }
            }
            Note::GaveUp { .. } | Note::ReadWaits { .. } => {}
        }
    }
}

impl PreparedState {
    /// Whether its server waits in vain to hear what becomes of it.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.blocked && self.decision.is_none()
    }
}

impl BallotState {
    fn new(change: Change) -> BallotState {
        BallotState {
            change,
            votes: SortedSet::default(),
            committed: false,
            acknowledged: SortedSet::default(),
        }
    }
}

/// The records that a write adds to the log.
pub(crate) fn records(write: &Write) -> impl Iterator<Item = Record> {
    let entries = write.append.as_ref().map(|append| append.entries.iter());
    entries.into_iter().flatten().filter_map(Record::decode)
}

/// The name of the transaction that carries out a client's operation.
#[must_use]
pub fn transaction_of(client: ClientId, op: OpId) -> TransactionId {
    TransactionId {
        client: client.0,
        number: op.0,
    }
}

/// What an operation changes; `None` if it only reads.
#[must_use]
pub fn change_of(operation: &Operation) -> Option<Change> {
    match operation.clone() {
        Operation::Put { key, value } => {
            let value = Some(value);
            Some(Change { key, value })
        }
        Operation::Del { key } => Some(Change { key, value: None }),
        Operation::Get { .. } | Operation::Read { .. } => None,
    }
}
