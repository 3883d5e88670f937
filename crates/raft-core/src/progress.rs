//! What a leader knows about each follower, and what it may send next (§5.3; pipelining: thesis 10.2.2).
//!
//! A follower is *probed* until it is known where its log agrees: one AppendEntries at a time. From then on the leader *replicates*
//! without waiting, up to `inflight` messages ahead of the answers; the first refusal says that one was lost, and it probes again. A
//! follower that needs what is no longer in the log gets the *snapshot*.

use crate::{Configuration, Index, NodeId, Round};
use alloc::collections::VecDeque;

/// How a leader sends to a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ProgressState {
    /// One AppendEntries at a time. Every follower begins so; with `inflight` 1 it stays so.
    Probe,
    /// Up to `inflight` AppendEntries without an answer.
    Replicate,
    /// It was sent a snapshot, and nothing more until it has it.
    Snapshot,
}

/// What a leader knows about one other server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// Which server.
    pub server: NodeId,
    /// The next entry to send to it, or to send again if what is under way is lost.
    pub next_index: Index,
    /// How far its log is known to agree with the leader's.
    pub match_index: Index,
    /// The last round of heartbeats it answered.
    pub(crate) answered: Round,
    /// Whether it is among the voters, and among those before the change under way.
    pub(crate) votes_in: [bool; 2],
    under_way: UnderWay,
}

/// What was sent and is not answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum UnderWay {
    /// How far the logs will agree once the one AppendEntries is answered.
    Probe(Option<Index>),
    /// How far they will agree with each answer; the oldest first. Here `next_index` is always one past `match_index`.
    Replicate(VecDeque<Index>),
    /// Where the snapshot ends.
    Snapshot(Index),
}

impl Progress {
    pub(crate) fn new(server: NodeId, next_index: Index, configuration: &Configuration) -> Progress {
        Progress {
            server,
            next_index,
            match_index: Index(0),
            answered: Round(0),
            votes_in: configuration.votes_of(server),
            under_way: UnderWay::Probe(None),
        }
    }

    /// How the leader sends to it.
    #[must_use]
    pub fn state(&self) -> ProgressState {
        match self.under_way {
            UnderWay::Probe(_) => ProgressState::Probe,
            UnderWay::Replicate(_) => ProgressState::Replicate,
            UnderWay::Snapshot(_) => ProgressState::Snapshot,
        }
    }

    /// What of it is told by [`crate::Note::Progress`].
    pub(crate) fn told(&self) -> (ProgressState, Index, Index) {
        (self.state(), self.next_index, self.match_index)
    }

    /// The first entry not sent yet.
    pub(crate) fn unsent(&self) -> Index {
        match &self.under_way {
            UnderWay::Probe(_) => self.next_index,
            UnderWay::Replicate(ends) => ends.back().map_or(self.next_index, |end| end.next()),
            UnderWay::Snapshot(end) => end.next(),
        }
    }

    /// Whether one more AppendEntries may be under way.
    pub(crate) fn has_room(&self, inflight: u32) -> bool {
        match &self.under_way {
            UnderWay::Probe(awaited) => awaited.is_none(),
            UnderWay::Replicate(ends) => ends.len() < inflight as usize,
            UnderWay::Snapshot(_) => false,
        }
    }

    /// Entries through `end` were sent.
    pub(crate) fn sent(&mut self, end: Index) {
        match &mut self.under_way {
            UnderWay::Probe(awaited) => *awaited = Some(end),
            UnderWay::Replicate(ends) => ends.push_back(end),
            UnderWay::Snapshot(_) => {}
        }
    }

    /// A snapshot that ends here was sent.
    pub(crate) fn sent_snapshot(&mut self, end: Index) {
        self.under_way = UnderWay::Snapshot(end);
    }

    /// The leader has no entries through `base` any more. If the next one to try is among them, the first place that can be tried is
    /// `base` itself; it takes a refusal there to know that the follower needs a snapshot. Returns whether that changed anything.
    pub(crate) fn forgotten_through(&mut self, base: Index) -> bool {
        let forgotten = matches!(self.under_way, UnderWay::Probe(_)) && self.next_index <= base;
        if forgotten {
            self.next_index = base.next();
            self.under_way = UnderWay::Probe(None);
        }
        forgotten
    }

    /// Takes in that the follower's log agrees through `index`. Returns whether that was news, or an answer waited for.
    pub(crate) fn acknowledged(&mut self, index: Index, inflight: u32) -> bool {
        let news = index > self.match_index;
        self.match_index = self.match_index.max(index);
        self.next_index = self.next_index.max(index.next());
        let awaited = match &mut self.under_way {
            UnderWay::Probe(awaited) => awaited.is_some_and(|end| index >= end),
            UnderWay::Replicate(ends) => {
                while ends.front().is_some_and(|end| *end <= index) {
                    ends.pop_front();
                }
                false // what is under way ends after `match_index`: its answer is news
            }
            UnderWay::Snapshot(end) => index >= *end,
        };
        if awaited {
            self.under_way = if inflight > 1 {
                UnderWay::Replicate(VecDeque::new())
            } else {
                UnderWay::Probe(None)
            };
        }
        news || awaited
    }

    /// Takes in that the logs do not agree at `index`: try at `retry` instead, or, where they once agreed, just after that. Returns
    /// whether that was news.
    pub(crate) fn refused(&mut self, index: Index, retry: Index) -> bool {
        let news = index > self.match_index
            && match self.under_way {
                UnderWay::Probe(_) => index == self.next_index.prev(),
                UnderWay::Replicate(_) => true,
                UnderWay::Snapshot(end) => index >= end,
            };
        if news {
            if self.state() == ProgressState::Probe {
                self.next_index = retry.min(index).max(self.match_index.next());
            }
            self.under_way = UnderWay::Probe(None);
        }
        news
    }
}
