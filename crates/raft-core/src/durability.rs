//! Stable storage (Figure 2, "persistent state on all servers"; thesis 3.8, 10.2.1): what was handed to the disk and what is safe there.

use crate::{
    Append, Body, HardState, Index, Message, NodeId, Output, Raft, Role, Rule, Snapshot, Write, WriteId,
};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What the disk has been given and what it has. The log it will hold once idle is the log in memory; until then the two
/// agree through `synced_index`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Disk {
    /// The last write issued; 0 before the first.
    issued: WriteId,
    /// The last write known to be safe.
    synced: WriteId,
    /// Term and vote as last written, and by which write.
    hard_state: HardState,
    hard_state_in: WriteId,
    /// How far the log in memory is safe.
    synced_index: Index,
    /// Appends not yet safe: how far the log will be safe with each of them.
    pending: VecDeque<(WriteId, Index)>,
}

impl Disk {
    /// A disk that holds this and has nothing to do.
    pub(crate) fn holding(hard_state: HardState, last_index: Index) -> Disk {
        Disk {
            hard_state,
            synced_index: last_index,
            ..Disk::default()
        }
    }

    /// How far the log in memory is safe.
    pub(crate) fn synced_index(&self) -> Index {
        self.synced_index
    }

    /// Whether the term and vote last written are safe.
    pub(crate) fn hard_state_is_safe(&self) -> bool {
        self.hard_state_in <= self.synced
    }

    /// Notes a write of these.
    fn issue(&mut self, hard_state: Option<HardState>, last_index: Option<Index>) -> WriteId {
        self.issued.0 += 1;
        if let Some(hard_state) = hard_state {
            self.hard_state = hard_state;
            self.hard_state_in = self.issued;
        }
        if let Some(last_index) = last_index {
            self.pending.push_back((self.issued, last_index));
        }
        self.issued
    }

    /// Forgets how many writes are safe: the numbers of the others go down by as many.
    fn renumber(&mut self) -> WriteId {
        let safe = core::mem::take(&mut self.synced);
        self.issued.0 -= safe.0;
        self.hard_state_in.0 = self.hard_state_in.0.saturating_sub(safe.0);
        for (id, _) in &mut self.pending {
            id.0 -= safe.0;
        }
        safe
    }

    /// The log in memory lost its entries from `index` on. If `for_good`, writes still under way that carry them will not make safe
    /// what comes in their place.
    fn truncated(&mut self, index: Index, for_good: bool) {
        let kept = index.prev();
        self.synced_index = self.synced_index.min(kept);
        if !for_good {
            return;
        }
        for (_, last_index) in &mut self.pending {
            *last_index = (*last_index).min(kept);
        }
    }

    /// This write and all before it are safe.
    fn synced(&mut self, through: WriteId) {
        assert!(
            through <= self.issued,
            "the host reports a write that was never issued"
        );
        self.synced = self.synced.max(through);
        while let Some(&(id, last_index)) = self.pending.front()
            && id <= through
        {
            self.synced_index = self.synced_index.max(last_index);
            self.pending.pop_front();
        }
    }
}

impl Raft {
    /// Drops the entries from `index` on, in memory. The disk is to get what comes in their place.
    pub(crate) fn truncate_from(&mut self, index: Index) {
        self.log.truncate_from(index);
        self.forget_synced(index);
    }

    /// What the disk has of the log from `index` on is not what will stand there.
    pub(crate) fn forget_synced(&mut self, index: Index) {
        let for_good = self.holds(Rule::SyncedAsStands);
        self.disk.truncated(index, for_good);
    }

    /// Hands to the disk what changed: these entries, and term and vote if they are not what was last written.
    pub(crate) fn write(&mut self, append: Option<Append>, out: &mut Vec<Output>) {
        if append.is_some() || self.hard_state() != self.disk.hard_state {
            self.write_all(None, append, out);
        }
    }

    /// The same, with a snapshot that takes the place of the log through its end, and is kept for whoever needs it.
    pub(crate) fn write_snapshot(
        &mut self,
        snapshot: Arc<Snapshot>,
        append: Option<Append>,
        out: &mut Vec<Output>,
    ) {
        self.snapshot = Some(snapshot.clone());
        self.write_all(Some(snapshot), append, out);
    }

    fn write_all(&mut self, snapshot: Option<Arc<Snapshot>>, append: Option<Append>, out: &mut Vec<Output>) {
        let hard_state = self.hard_state();
        let changed = hard_state != self.disk.hard_state && self.holds(Rule::DurableVote);
        let hard_state = changed.then_some(hard_state);
        let grows = append.is_some() || snapshot.is_some();
        if hard_state.is_none() && !grows {
            return;
        }
        let id = self.disk.issue(hard_state, grows.then(|| self.log.last_index()));
        out.push(Output::Write(Write {
            id,
            hard_state,
            snapshot,
            append,
        }));
    }

    /// Says something that is true only once everything written so far is safe.
    #[inline]
    pub(crate) fn promise(&mut self, to: NodeId, body: Body, out: &mut Vec<Output>) {
        self.write(None, out);
        let waits = match body {
            Body::RequestVoteReply { .. } => self.holds(Rule::SyncedVote),
            _ => self.holds(Rule::SyncedAck),
        };
        if waits {
            out.push(Output::SendWhenDurable(self.message(to, body)));
        } else {
            self.send(to, body, out);
        }
    }

    /// Says something that is no promise. It carries the current term though, and that must not be forgotten once it was told.
    pub(crate) fn tell(&mut self, to: NodeId, body: Body, out: &mut Vec<Output>) {
        self.write(None, out);
        if self.disk.hard_state_is_safe() {
            self.send(to, body, out);
        } else {
            out.push(Output::SendWhenDurable(self.message(to, body)));
        }
    }

    /// Says something that needs no write.
    pub(crate) fn send(&self, to: NodeId, body: Body, out: &mut Vec<Output>) {
        out.push(Output::Send(self.message(to, body)));
    }

    #[inline]
    pub(crate) fn message(&self, to: NodeId, body: Body) -> Message {
        Message {
            from: self.id,
            to,
            term: self.term,
            body,
        }
    }

    /// Numbers writes anew, as if those that are safe had never been: the numbers of those under way go down by what is returned. For
    /// hosts that compare servers; how much one wrote before makes no difference to what it does.
    pub fn renumber_writes(&mut self) -> WriteId {
        self.disk.renumber()
    }

    /// Writes through this one are safe: a candidate's vote for itself, and a leader's own copy, count from now on.
    pub(crate) fn on_synced(&mut self, through: WriteId, out: &mut Vec<Output>) {
        self.disk.synced(through);
        match self.role {
            Role::Follower | Role::PreCandidate => {}
            Role::Candidate => {
                if self.disk.hard_state_is_safe() && !self.votes.contains(&self.id) {
                    self.count_vote(self.id, out);
                }
            }
            Role::Leader => {
                self.advance_commit_index(self.disk.synced_index(), out);
                if self.role != Role::Leader {
                    self.set_election_timer(out); // it removed itself
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Disk, WriteId};
    use crate::{HardState, Index, Term};

    #[test]
    fn numbers_of_writes_that_are_safe_can_be_forgotten() {
        let hard_state = HardState {
            term: Term(1),
            voted_for: None,
        };
        let mut disk = Disk::default();
        assert_eq!(disk.issue(None, Some(Index(1))), WriteId(1));
        assert_eq!(disk.issue(Some(hard_state), Some(Index(2))), WriteId(2));
        assert_eq!(disk.issue(None, Some(Index(3))), WriteId(3));
        assert_eq!(disk.renumber(), WriteId(0), "none is safe");

        disk.synced(WriteId(1));
        assert_eq!(disk.renumber(), WriteId(1));
        assert_eq!(
            (disk.synced_index(), disk.hard_state_is_safe()),
            (Index(1), false)
        );
        assert_eq!(disk.issue(None, Some(Index(4))), WriteId(3));
        disk.synced(WriteId(1));
        assert_eq!((disk.synced_index(), disk.hard_state_is_safe()), (Index(2), true));

        disk.synced(WriteId(3));
        assert_eq!(disk.renumber(), WriteId(3));
        assert_eq!(disk, Disk::holding(hard_state, Index(4)), "as if started anew");
    }
}
