//! The coordinator: collects votes, decides, and tells.

use crate::{Body, Change, Decision, Note, Output, Reason, Record, Refusal, TransactionId, TwoPhase};
use alloc::vec::Vec;
use raft_core::{Instant, NodeId, SortedSet};

/// A transaction that a server coordinates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// What it shall do.
    pub change: Change,
    /// Who voted yes, as far as the coordinator remembers: it forgets that in a crash.
    pub votes: SortedSet<NodeId>,
    /// Whether it is decided that it is done. If it is decided that it is not, there is no ballot any more.
    pub committed: bool,
    /// Who has the decision on disk.
    pub acknowledged: SortedSet<NodeId>,
    /// When it began, on the coordinator's own clock.
    begun: Instant,
}

impl Ballot {
    fn new(change: Change, begun: Instant) -> Ballot {
        Ballot {
            change,
            votes: SortedSet::default(),
            committed: false,
            acknowledged: SortedSet::default(),
            begun,
        }
    }

    /// One that is decided, as the log has it.
    pub(crate) fn committed(change: Change, now: Instant) -> Ballot {
        Ballot {
            committed: true,
            ..Ballot::new(change, now)
        }
    }
}

impl TwoPhase {
    /// A client wants this done.
    pub(crate) fn begin(
        &mut self,
        now: Instant,
        transaction: TransactionId,
        change: Change,
        out: &mut Vec<Output>,
    ) {
        if !self.coordinates() {
            let coordinator = self.config.coordinator;
            return out.push(Output::Refused {
                transaction,
                coordinator,
            });
        }
        match self.last_over(transaction) {
            Some((last, decision)) if last == transaction.number => {
                if !self.is_being_decided(transaction) {
                    out.push(Output::Done {
                        transaction,
                        decision,
                    });
                }
                return;
            }
            Some((last, _)) if last > transaction.number => return, // its client does not wait for it any more
            _ if self.ballots.contains(&transaction) => return,     // under way
            _ => {}
        }
        let ballot = Ballot::new(change.clone(), now);
        self.ballots.insert(transaction, ballot);
        let began = Note::Began {
            transaction,
            change: change.clone(),
        };
        out.push(Output::Note(began));
        let prepare = Body::Prepare {
            change: change.clone(),
        };
        self.prepare(now, transaction, change, out);
        if self.ballots.contains(&transaction) {
            self.send(self.servers(), transaction, &prepare, out);
        }
    }

    pub(crate) fn count_vote(
        &mut self,
        from: NodeId,
        transaction: TransactionId,
        refused: Option<Refusal>,
        out: &mut Vec<Output>,
    ) {
        let Some(ballot) = self.ballots.get_mut(&transaction) else {
            if refused.is_none() && from != self.id {
                self.answer(from, transaction, out); // decided already: it voted late, or again
            }
            return;
        };
        if ballot.committed {
            return;
        }
        if let Some(because) = refused {
            return self.give_up(transaction, Reason::VotedNo { by: from, because }, out);
        }
        if ballot.votes.add(from) {
            let counted = Note::VoteCounted { transaction, from };
            out.push(Output::Note(counted));
            if ballot.votes.len() as u32 == self.config.servers {
                self.write(Record::Committed(transaction), out);
            }
        }
    }

    /// Sees to it that this transaction is not done.
    pub(crate) fn give_up(&mut self, transaction: TransactionId, because: Reason, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::GaveUp { transaction, because }));
        self.write(Record::Aborted(transaction), out);
    }

    /// It is on disk that this transaction is done: for a participant that it knows, for the coordinator that it can be told.
    pub(crate) fn is_committed(&mut self, transaction: TransactionId, out: &mut Vec<Output>) {
        let decision = Decision::Commit;
        if self.coordinates() {
            out.push(Output::Done {
                transaction,
                decision,
            });
            self.send(self.servers(), transaction, &Body::Decided { decision }, out);
            self.count_acknowledgement(self.id, transaction, out);
        } else {
            self.send([self.config.coordinator], transaction, &Body::Acknowledged, out);
        }
    }

    /// It is on disk that this transaction is not done. Who does not hear of it asks.
    pub(crate) fn is_aborted(&mut self, transaction: TransactionId, out: &mut Vec<Output>) {
        let decision = Decision::Abort;
        if self.coordinates() {
            out.push(Output::Done {
                transaction,
                decision,
            });
            self.send(self.servers(), transaction, &Body::Decided { decision }, out);
        }
    }

    pub(crate) fn count_acknowledgement(
        &mut self,
        from: NodeId,
        transaction: TransactionId,
        out: &mut Vec<Output>,
    ) {
        let Some(ballot) = self
            .ballots
            .get_mut(&transaction)
            .filter(|ballot| ballot.committed)
        else {
            return;
        };
        if ballot.acknowledged.add(from) {
            out.push(Output::Note(Note::AcknowledgementCounted { transaction, from }));
            if ballot.acknowledged.len() as u32 == self.config.servers {
                self.write(Record::Ended(transaction), out);
            }
        }
    }

    /// Repeats what was not answered, and gives up what waits for votes too long.
    pub(crate) fn remind(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut late = Vec::new();
        for (id, ballot) in self.ballots.iter() {
            let (heard, body) = if !ballot.committed {
                let change = ballot.change.clone();
                (&ballot.votes, Body::Prepare { change })
            } else if ballot.acknowledged.contains(&self.id) {
                let decision = Decision::Commit;
                (&ballot.acknowledged, Body::Decided { decision })
            } else {
                continue; // not on disk yet, so not to be told
            };
            if !ballot.committed && now.since(ballot.begun) >= self.config.vote_timeout {
                late.push(*id);
            } else {
                let silent = self.servers().filter(|server| !heard.contains(server));
                self.send(silent, *id, &body, out);
            }
        }
        late.into_iter()
            .for_each(|id| self.give_up(id, Reason::TimeIsUp, out));
    }
}
