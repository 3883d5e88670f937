//! Reads that need no log entry (§8, thesis 6.4): how a server learns up to where the log must be applied for an answer to be current.

use crate::rounds::Round;
use crate::types::number;
use crate::{Body, Index, NodeId, Output, Raft, Role, Rule};
use alloc::vec::Vec;

number! {
    /// A caller's name for a read; given back in the answer. A server must not be given one a second time, not even after a crash:
    /// an answer may come late.
    ReadId(u64)
}

/// How current the answer to a read has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ReadMode {
    /// Whatever this server has applied, leader or not. May be arbitrarily old.
    Stale,
    /// Whatever is committed as far as a server knows that takes itself for the leader. Old if it is mistaken.
    LeaderLocal,
    /// Linearizable: the leader makes sure that it still leads by a round of heartbeats (thesis 6.4). A follower asks its leader.
    ReadIndex,
    /// Linearizable as long as clocks drift apart no faster than [`Config::clock_drift`](crate::Config): the leader trusts its lease
    /// (thesis 6.4.1) and needs no round, else it does as for `ReadIndex`.
    Lease,
}

/// A read that waits for a round of heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WaitingRead {
    id: ReadId,
    /// This server, or the follower whose client asked.
    asked_by: NodeId,
    /// The first round that began after it.
    needs: Round,
}

impl Raft {
    /// A client of this server wants to read.
    pub(crate) fn read(&mut self, id: ReadId, mode: ReadMode, out: &mut Vec<Output>) {
        let (leads, index) = (self.role == Role::Leader, self.commit_index);
        match (mode, self.leader) {
            (ReadMode::Stale, _) => out.push(Output::ReadReady { id, index }),
            (ReadMode::LeaderLocal, _) if leads => out.push(Output::ReadReady { id, index }),
            (ReadMode::Lease, _) if leads && self.has_lease() && self.may_serve_reads() => {
                out.push(Output::ReadReady { id, index });
            }
            (ReadMode::ReadIndex | ReadMode::Lease, _) if leads => self.wait_for_round(id, self.id, out),
            (ReadMode::ReadIndex, Some(leader)) => self.tell(leader, Body::ReadIndex { id }, out),
            (_, leader) => out.push(Output::ReadRefused { id, leader }),
        }
    }

    /// A follower's client wants to read.
    pub(crate) fn on_read_index(&mut self, from: NodeId, id: ReadId, out: &mut Vec<Output>) {
        if self.role == Role::Leader {
            self.wait_for_round(id, from, out);
        } else {
            self.tell(from, Body::ReadIndexReply { id, index: None }, out);
        }
    }

    /// The leader's answer to a read of a client of ours. A late one is as good: it was current after the read began.
    pub(crate) fn on_read_index_reply(&mut self, id: ReadId, index: Option<Index>, out: &mut Vec<Output>) {
        self.answer(self.id, id, index, out);
    }

    fn wait_for_round(&mut self, id: ReadId, asked_by: NodeId, out: &mut Vec<Output>) {
        if !self.holds(Rule::FreshRounds) {
            self.repeat_round();
            self.send_heartbeats(out);
            let needs = self.rounds.begun;
            return self.reads.push_back(WaitingRead { id, asked_by, needs });
        }
        // An answer to what was sent before the read began says nothing of who leads since.
        let next = Round(self.rounds.begun.0 + 1);
        let under_way = self.rounds.begun.max(Round(self.rounds.confirmed.0 + 1));
        let needs = if self.holds(Rule::ReadRoundAfter) {
            next
        } else {
            under_way
        };
        self.reads.push_back(WaitingRead { id, asked_by, needs });
    }

    /// Answers the waiting reads that can be, or all when this server leads no more, and begins a round for the others unless one is
    /// under way: that one round serves all that wait when it begins.
    pub(crate) fn serve_reads(&mut self, out: &mut Vec<Output>) {
        if self.reads.is_empty() {
            return;
        }
        self.answer_reads(out);
        // Those that wait for a later round came later.
        let wanting = self
            .reads
            .back()
            .is_some_and(|read| read.needs > self.rounds.begun);
        if wanting && self.rounds.confirmed >= self.rounds.begun {
            self.begin_round();
            self.send_heartbeats(out);
            if self.rounds.confirmed >= self.rounds.begun {
                self.answer_reads(out); // who is alone has its majority
            }
        }
    }

    fn answer_reads(&mut self, out: &mut Vec<Output>) {
        let leads = self.role == Role::Leader;
        while let Some(read) = self.reads.front()
            && (!leads || self.may_answer(read))
        {
            let WaitingRead { id, asked_by, .. } = *read;
            self.reads.pop_front();
            self.answer(asked_by, id, leads.then_some(self.commit_index), out);
        }
    }

    fn may_answer(&self, read: &WaitingRead) -> bool {
        (read.needs <= self.rounds.confirmed || !self.holds(Rule::ReadRound)) && self.may_serve_reads()
    }

    fn answer(&mut self, asked_by: NodeId, id: ReadId, index: Option<Index>, out: &mut Vec<Output>) {
        if asked_by != self.id {
            return self.tell(asked_by, Body::ReadIndexReply { id, index }, out);
        }
        out.push(match index {
            Some(index) => Output::ReadReady { id, index },
            None => Output::ReadRefused {
                id,
                leader: self.leader,
            },
        });
    }

    /// A leader knows what was committed before its term only once it has committed something itself (§8).
    fn may_serve_reads(&self) -> bool {
        self.log.term_at(self.commit_index) == Some(self.term) || !self.holds(Rule::OwnTermRead)
    }

    /// Whether a majority recognised this leader so recently that none of them can have voted for another since.
    fn has_lease(&self) -> bool {
        let rounds = &self.rounds;
        rounds.confirmed > rounds.no_lease_through
            && !rounds.lease_lost
            && self.config.stickiness
            && self.now.since(rounds.confirmed_at) < self.lease()
    }
}
