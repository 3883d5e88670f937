//! Two-phase commit: all servers end a transaction alike, and nothing is done without all votes. And how long who voted had to wait.

use crate::two_phase::records;
use crate::{Event, Packet, Property, TraceEvent, WorldTime};
use raft_core::{Duration, NodeId, SortedMap, SortedSet, WriteId};
use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use two_phase::{Body, Decision, Message, Record, TransactionId};

/// Follows what is written, what is on disk, and what is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Atomicity {
    servers: u32,
    /// By server: what is written and not on disk yet.
    pending: SortedMap<NodeId, VecDeque<(WriteId, Record)>>,
    /// Who said yes, ever.
    votes: Arc<SortedSet<(TransactionId, NodeId)>>,
    /// How a transaction ended first on a disk, and whose.
    ends: Arc<SortedMap<TransactionId, (NodeId, Decision)>>,
    /// Since when somebody who voted waits.
    waits_since: SortedMap<(NodeId, TransactionId), WorldTime>,
    longest: Option<Wait>,
}

/// A participant's wait for a decision, from its first yes until it has the end of the transaction on disk, whatever happened to it meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Who.
    pub server: NodeId,
    /// For the end of which transaction.
    pub transaction: TransactionId,
    /// For how long.
    pub lasted: Duration,
}

/// What two-phase commit must not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum TwoPhaseEvidence {
    /// Against [`Property::Atomicity`].
    EndsDiffer {
        /// Which transaction.
        transaction: TransactionId,
        /// Who ends it …
        server: NodeId,
        /// … like this …
        decision: Decision,
        /// … though this server did otherwise before.
        other: NodeId,
    },
    /// Against [`Property::Atomicity`].
    DoneWithoutVote {
        /// Which transaction.
        transaction: TransactionId,
        /// Who decides that it is done …
        server: NodeId,
        /// … though this server never voted for it.
        without: NodeId,
    },
    /// Against [`Property::Durability`].
    ToldTooEarly {
        /// About which transaction.
        transaction: TransactionId,
        /// Who promises what is not on its disk.
        server: NodeId,
    },
}

impl Atomicity {
    /// Judges a world of so many servers.
    pub(crate) fn new(servers: u32) -> Atomicity {
        Atomicity {
            servers,
            ..Atomicity::default()
        }
    }

    pub(crate) fn observe(&mut self, event: &TraceEvent) -> Option<TwoPhaseEvidence> {
        match &event.event {
            Event::Written { server, write } => {
                let pending = self.pending.or_insert_with(server, VecDeque::new);
                pending.extend(records(write).map(|record| (write.id, record)));
                let mut judged = records(write).map(|record| self.written(*server, &record));
                return judged.find_map(|evidence| evidence);
            }
            Event::Synced { server, through } => {
                return self.synced(*server, *through, event.at);
            }
            Event::PoweredOff {
                server,
                through,
                entries,
            } => {
                let whole = self.synced(*server, *through, event.at);
                // A record is a write of its own: torn or whole is the same.
                let torn = self.pending.remove(server).and_then(|mut rest| rest.pop_front());
                let torn = torn.filter(|_| *entries > 0);
                return whole.or_else(|| self.on_disk(*server, &torn?.1, event.at));
            }
            Event::Sent {
                packet: Packet::TwoPhase { message },
                ..
            } => return self.told(message, event.at),
            _ => {}
        }
        None
    }

    /// The longest anybody waited until now, waits that go on included.
    pub(crate) fn longest_wait(&self, now: WorldTime) -> Option<Wait> {
        let waiting = self.waits_since.iter();
        let waiting = waiting.map(|&((server, transaction), since)| Wait {
            server,
            transaction,
            lasted: now - since,
        });
        waiting.chain(self.longest).max_by_key(|wait| wait.lasted)
    }

    /// Who decides that it is done has all votes.
    fn written(&self, server: NodeId, record: &Record) -> Option<TwoPhaseEvidence> {
        let Record::Committed(transaction) = *record else {
            return None;
        };
        if self.ends.contains(&transaction) {
            return None; // judged where it was decided
        }
        // Who decides has prepared itself and tells nobody.
        let voted = |id: &NodeId| *id == server || self.votes.contains(&(transaction, *id));
        let without = (1..=self.servers).map(NodeId).find(|id| !voted(id))?;
        Some(TwoPhaseEvidence::DoneWithoutVote {
            transaction,
            server,
            without,
        })
    }

    fn synced(&mut self, server: NodeId, through: WriteId, at: WorldTime) -> Option<TwoPhaseEvidence> {
        let mut found = None;
        while let Some(pending) = self.pending.get_mut(&server)
            && pending.front().is_some_and(|(id, _)| *id <= through)
            && let Some((_, record)) = pending.pop_front()
        {
            found = found.or(self.on_disk(server, &record, at));
        }
        found
    }

    /// What is not on disk yet may still be undone by a loss of power, and nobody knows of it.
    fn on_disk(&mut self, server: NodeId, record: &Record, at: WorldTime) -> Option<TwoPhaseEvidence> {
        let (transaction, decision) = (record.transaction(), record.decision()?);
        self.wait_ends(server, transaction, at);
        match self.ends.get(&transaction).copied() {
            None => {
                Arc::make_mut(&mut self.ends).insert(transaction, (server, decision));
                None
            }
            Some((other, before)) => (before != decision).then_some(TwoPhaseEvidence::EndsDiffer {
                transaction,
                server,
                decision,
                other,
            }),
        }
    }

    fn wait_ends(&mut self, server: NodeId, transaction: TransactionId, at: WorldTime) {
        if let Some(since) = self.waits_since.remove(&(server, transaction)) {
            let lasted = at - since;
            if self.longest.is_none_or(|longest| longest.lasted < lasted) {
                self.longest = Some(Wait {
                    server,
                    transaction,
                    lasted,
                });
            }
        }
    }

    /// A yes and a decision are on disk when they are told.
    fn told(&mut self, message: &Message, at: WorldTime) -> Option<TwoPhaseEvidence> {
        let Message {
            from: server,
            transaction,
            ..
        } = *message;
        let promised: fn(&Record) -> bool = match message.body {
            Body::Vote { refused: None } => {
                Arc::make_mut(&mut self.votes).add((transaction, server));
                self.waits_since.or_insert_with(&(server, transaction), || at);
                |record| matches!(record, Record::Prepared(..))
            }
            Body::Decided { .. } | Body::Acknowledged => |record| record.decision().is_some(),
            _ => return None,
        };
        let mut pending = self.pending.get(&server).into_iter().flatten();
        let early = pending.any(|(_, record)| record.transaction() == transaction && promised(record));
        early.then_some(TwoPhaseEvidence::ToldTooEarly { transaction, server })
    }
}

impl TwoPhaseEvidence {
    pub(crate) fn property(&self) -> Property {
        match self {
            TwoPhaseEvidence::EndsDiffer { .. } | TwoPhaseEvidence::DoneWithoutVote { .. } => {
                Property::Atomicity
            }
            TwoPhaseEvidence::ToldTooEarly { .. } => Property::Durability,
        }
    }
}

impl fmt::Display for TwoPhaseEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TwoPhaseEvidence::EndsDiffer {
                transaction,
                server,
                decision: Decision::Commit,
                other,
            } => write!(f, "{server} commits {transaction}, which {other} aborted."),
            TwoPhaseEvidence::EndsDiffer {
                transaction,
                server,
                decision: Decision::Abort,
                other,
            } => write!(f, "{server} aborts {transaction}, which {other} committed."),
            TwoPhaseEvidence::DoneWithoutVote {
                transaction,
                server,
                without,
            } => write!(
                f,
                "{server} commits {transaction}, for which {without} never voted."
            ),
            TwoPhaseEvidence::ToldTooEarly { transaction, server } => write!(
                f,
                "{server} promises of {transaction} what is not on its disk yet."
            ),
        }
    }
}
