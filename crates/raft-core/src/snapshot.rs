//! Log compaction (§7): a snapshot stands for the beginning of the log, and is sent to whom that beginning is lacking.

use crate::{
    Append, Body, Configuration, Entries, IgnoredBecause, Index, NodeId, Note, Output, Progress,
    ProgressState, Raft, Refusal, Rule, Term,
};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The state machine as it was after one entry, and what of Raft's state is needed to go on from there (§7, Figure 12).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Snapshot {
    /// The last entry it stands for.
    pub last_index: Index,
    /// That entry's term.
    pub last_term: Term,
    /// The configuration as of that entry.
    pub configuration: Arc<Configuration>,
    /// The state machine, as the host gave it. Means nothing to Raft.
    pub data: Arc<[u8]>,
}

/// No log grows so long.
const LONGEST: Index = Index(u64::MAX / 2);

impl Raft {
    /// The host's state machine, as of an applied entry, takes the place of the log through that entry.
    ///
    /// # Panics
    /// If that entry is not known to be committed.
    pub(crate) fn compact(&mut self, index: Index, data: Arc<[u8]>, out: &mut Vec<Output>) {
        assert!(
            index <= self.commit_index,
            "only what is committed can be in a snapshot"
        );
        let (base, _) = self.log.base();
        let Some(last_term) = self.log.term_at(index).filter(|_| index > base) else {
            return; // there is a newer one
        };
        let snapshot = Arc::new(Snapshot {
            last_index: index,
            last_term,
            configuration: self.configuration_at(index),
            data,
        });
        self.log.compact(index, last_term);
        self.forget_configurations(index);
        for progress in &mut self.progress {
            if progress.forgotten_through(index) {
                out.push(Output::Note(progress.note()));
            }
        }
        self.write_snapshot(snapshot, None, out);
    }

    /// The follower needs what is gone.
    pub(crate) fn send_snapshot(&self, i: usize, out: &mut Vec<Output>) {
        let snapshot = self.snapshot.clone().expect("the log began with one");
        let body = Body::InstallSnapshot { snapshot };
        self.send(self.progress[i].server, body, out);
    }

    /// Figure 13, InstallSnapshot, "receiver implementation". Returns whether it came from the leader of the current term.
    pub(crate) fn on_install_snapshot(
        &mut self,
        leader: NodeId,
        term: Term,
        snapshot: &Arc<Snapshot>,
        out: &mut Vec<Output>,
    ) -> bool {
        if term < self.term {
            let (theirs, ours) = (term, self.term);
            let because = Refusal::StaleTerm { theirs, ours };
            out.push(Output::Note(Note::AppendRefused { leader, because }));
            self.tell(leader, Body::InstallSnapshotReply { index: Index(0) }, out);
            return false;
        }
        if !self.follow(leader, out) {
            return false;
        }
        let (index, last_term) = (snapshot.last_index, snapshot.last_term);
        if index > LONGEST {
            self.ignore(leader, IgnoredBecause::Impossible, out);
            return true;
        }
        let known = index <= self.commit_index || self.log.term_at(index) == Some(last_term);
        if !known || !self.holds(Rule::KeepWhatFollows) {
            self.install(snapshot.clone(), known, out);
        } else if index > self.commit_index {
            self.write(None, out);
            self.follow_commit_index(index, index, out);
        } else {
            self.ignore(leader, IgnoredBecause::NothingNew, out);
        }
        self.promise(leader, Body::InstallSnapshotReply { index }, out);
        true
    }

    /// Takes the snapshot in place of the whole log: what the log held is covered, or conflicts (Figure 13, 7 and 8).
    fn install(&mut self, snapshot: Arc<Snapshot>, known: bool, out: &mut Vec<Output>) {
        let index = snapshot.last_index;
        let kept = if known || self.holds(Rule::DropWhatConflicts) {
            Entries::NONE
        } else {
            self.log.entries(index.next(), u32::MAX)
        };
        self.forget_synced(index.min(self.commit_index).next());
        self.log.compact(index, snapshot.last_term);
        self.log.truncate_from(index.next());
        self.log.extend(&kept);
        self.commit_index = index;
        self.restore_configuration(&snapshot, out);
        let append = (known || !kept.is_empty()).then(|| Append {
            first: index.next(),
            entries: kept,
        });
        self.write_snapshot(snapshot.clone(), append, out);
        out.push(Output::Restore(snapshot));
    }
}

impl Progress {
    /// What became of it.
    pub(crate) fn note(&self) -> Note {
        let (state, next_index, match_index): (ProgressState, Index, Index) = self.told();
        Note::Progress {
            follower: self.server,
            state,
            next_index,
            match_index,
        }
    }
}
