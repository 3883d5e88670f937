//! Committing entries (§5.3, §5.4.2).

use crate::{Index, Output, Raft, Rule};
use alloc::vec::Vec;

impl Raft {
    /// The leader's rule (Figure 2): commit the highest entry that a majority has and that is of the leader's own term; what stands
    /// before it is committed with it. The leader's own copy counts once it is on its disk, as everybody else's does. `reached` is how
    /// far some copy reaches that did not before.
    pub(crate) fn advance_commit_index(&mut self, reached: Index, out: &mut Vec<Output>) {
        if reached <= self.commit_index {
            return;
        }
        let own = if self.holds(Rule::SyncedOwnCopy) {
            self.disk.synced_index()
        } else {
            self.log.last_index()
        };
        let spare = usize::from(!self.holds(Rule::CommitMajority));
        let stored = self.last_stored(spare, reached, own);
        let ours = self.log.term_at(stored) == Some(self.term) || !self.holds(Rule::OwnTermCommit);
        if stored > self.commit_index && ours {
            self.commit(stored, out);
        }
    }

    /// How far a majority has the log, no further than `reached` and no less than what is committed. That is how far one of the copies
    /// reaches.
    fn last_stored(&self, spare: usize, reached: Index, own: Index) -> Index {
        if self.majority(spare, own >= reached, |p| p.match_index >= reached) {
            return reached;
        }
        let copies = self.progress.iter().map(|p| p.match_index).chain([own]);
        copies.fold(self.commit_index, |last, index| {
            let between = last < index && index < reached;
            let later = between && self.majority(spare, own >= index, |p| p.match_index >= index);
            if later { index } else { last }
        })
    }

    /// The follower's rule (Figure 2): commit what the leader has committed, as far as this very message showed that the logs agree;
    /// what stands beyond its last entry may yet turn out to conflict.
    pub(crate) fn follow_commit_index(
        &mut self,
        leader_commit: Index,
        last_new: Index,
        out: &mut Vec<Output>,
    ) {
        let known = if self.holds(Rule::CommitWhatWasSent) {
            last_new
        } else {
            self.log.last_index()
        };
        let index = leader_commit.min(known);
        if index > self.commit_index {
            self.commit(index, out);
        }
    }

    fn commit(&mut self, index: Index, out: &mut Vec<Output>) {
        self.commit_index = index;
        let next = self.on_configuration_committed(out);
        let appended = next.map(|payload| self.append(payload, out));
        out.push(Output::Commit(index));
        if let Some(batch) = appended {
            self.send_to_all(batch, out);
        }
    }
}
