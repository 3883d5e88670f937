//! Log replication (§5.3): the leader's side, then the follower's.

use crate::{
    Append, Body, Command, Entries, Entry, IgnoredBecause, Index, NodeId, Note, Output, Payload, Progress,
    ProposalId, Raft, Refusal, Role, Rule, Term,
};
use alloc::vec::Vec;

/// Entries as an AppendEntries carries them, kept to be shared with the next follower that needs the same ones. The default fits
/// nobody: no entry is at 0.
#[derive(Default)]
struct Batch {
    first: Index,
    entries: Entries,
}

impl Raft {
    /// A client wants this command in the log.
    pub(crate) fn propose(&mut self, id: ProposalId, command: Command, out: &mut Vec<Output>) {
        if self.role != Role::Leader {
            let leader = self.leader;
            out.push(Output::Refused { id, leader });
            return;
        }
        let (index, term) = (self.log.last_index().next(), self.term);
        out.push(Output::Accepted { id, index, term });
        self.append_as_leader(Payload::Command(command), out);
    }

    /// Appends one entry of the current term and sends it to every follower that is owed no other answer.
    pub(crate) fn append_as_leader(&mut self, payload: Payload, out: &mut Vec<Output>) {
        let first = self.log.last_index().next();
        let entry = Entry {
            term: self.term,
            payload,
        };
        self.log.push(entry.clone());
        let entries = Entries::from(entry);
        let append = Append {
            first,
            entries: entries.clone(),
        };
        self.write(Some(append), out);
        let mut batch = Batch { first, entries };
        for i in 0..self.progress.len() {
            if self.progress[i].awaiting.is_none() {
                self.send_append_entries(i, &mut batch, out);
            }
        }
    }

    /// Time to be heard: AppendEntries to everybody, with whatever the follower is not known to have. This is also how what was lost
    /// is sent again (§5.3, §5.5).
    pub(crate) fn heartbeat(&mut self, out: &mut Vec<Output>) {
        if self.role != Role::Leader {
            return;
        }
        let mut batch = Batch::default();
        for i in 0..self.progress.len() {
            self.send_append_entries(i, &mut batch, out);
        }
        self.set_heartbeat_timer(out);
    }

    /// May leave before the leader's own copy is on its disk (thesis 10.2.1): it promises nothing about that copy.
    fn send_append_entries(&mut self, i: usize, batch: &mut Batch, out: &mut Vec<Output>) {
        let next_index = self.progress[i].next_index;
        let prev_log_index = next_index.prev();
        if batch.first != next_index {
            *batch = Batch {
                first: next_index,
                entries: self.log.entries(next_index, self.config.max_entries.max(1)),
            };
        }
        let entries = batch.entries.clone();
        self.progress[i].awaiting = Some(prev_log_index.plus(entries.len()));
        let body = Body::AppendEntries {
            prev_log_index,
            prev_log_term: self
                .log
                .term_at(prev_log_index)
                .expect("next_index is at most one past the leader's log"),
            entries,
            leader_commit: self.commit_index,
        };
        out.push(Output::Send(self.message(self.progress[i].server, body)));
    }

    /// A follower's answer.
    pub(crate) fn on_append_entries_reply(
        &mut self,
        from: NodeId,
        term: Term,
        success: bool,
        index: Index,
        out: &mut Vec<Output>,
    ) {
        if term < self.term && self.holds(Rule::StaleAck) {
            return self.ignore(from, IgnoredBecause::StaleTerm, out);
        }
        let Some(i) = self.progress.iter().position(|p| p.server == from) else {
            return self.ignore(from, IgnoredBecause::NotWaiting, out);
        };
        if index > self.log.last_index() {
            return self.ignore(from, IgnoredBecause::Impossible, out);
        }
        let before = self.progress[i];
        let useful = if success {
            self.progress[i].acknowledged(index)
        } else {
            self.progress[i].refused(index)
        };
        if !useful {
            return self.ignore(from, IgnoredBecause::NothingNew, out);
        }
        let now = self.progress[i];
        if (now.next_index, now.match_index) != (before.next_index, before.match_index) {
            out.push(Output::Note(Note::Progress {
                follower: from,
                next_index: now.next_index,
                match_index: now.match_index,
            }));
        }
        if now.match_index > before.match_index {
            self.advance_commit_index(now.match_index, out);
        }
        if now.awaiting.is_none() && now.next_index <= self.log.last_index() {
            self.send_append_entries(i, &mut Batch::default(), out);
        }
    }

    /// A leader's entries, or its heartbeat. Returns whether it came from the leader of the current term.
    pub(crate) fn on_append_entries(
        &mut self,
        leader: NodeId,
        term: Term,
        (prev_log_index, prev_log_term): (Index, Term),
        entries: &Entries,
        leader_commit: Index,
        out: &mut Vec<Output>,
    ) -> bool {
        if term < self.term && self.holds(Rule::StaleAppend) {
            let (theirs, ours) = (term, self.term);
            let because = Refusal::StaleTerm { theirs, ours };
            self.refuse_append(leader, prev_log_index, because, Index(0), out);
            return false;
        }
        if self.role == Role::Leader {
            self.ignore(leader, IgnoredBecause::Impossible, out);
            return false;
        }
        if self.role == Role::Candidate {
            self.become_role(Role::Follower, self.term, out);
        }
        if self.leader != Some(leader) {
            self.leader = Some(leader);
            out.push(Output::Note(Note::LeaderKnown { leader }));
        }
        if let Some(because) = self.log_disagrees(prev_log_index, prev_log_term) {
            self.refuse_append(leader, prev_log_index, because, leader_commit, out);
        } else {
            let append = self.append_as_follower(prev_log_index, entries, out);
            self.write(append, out);
            let agreed = prev_log_index.plus(entries.len());
            self.follow_commit_index(leader_commit, agreed, out);
            let index = if self.holds(Rule::AckWhatWasSent) {
                agreed
            } else {
                self.log.last_index()
            };
            self.promise(leader, Body::AppendEntriesReply { success: true, index }, out);
        }
        true
    }

    fn refuse_append(
        &mut self,
        leader: NodeId,
        index: Index,
        because: Refusal,
        leader_commit: Index,
        out: &mut Vec<Output>,
    ) {
        out.push(Output::Note(Note::AppendRefused { leader, because }));
        if !self.holds(Rule::CommitAfterCheck) {
            self.write(None, out);
            self.follow_commit_index(leader_commit, self.log.last_index(), out);
        }
        let success = false;
        self.tell(leader, Body::AppendEntriesReply { success, index }, out);
    }

    /// The consistency check (§5.3).
    fn log_disagrees(&self, prev_log_index: Index, theirs: Term) -> Option<Refusal> {
        match self.log.term_at(prev_log_index) {
            None => Some(Refusal::LogTooShort {
                prev_log_index,
                last_index: self.log.last_index(),
            }),
            Some(ours) => (ours != theirs && self.holds(Rule::LogCheck)).then_some(Refusal::TermMismatch {
                prev_log_index,
                theirs,
                ours,
            }),
        }
    }

    /// Appends what is missing after `prev_log_index`. Only a real conflict removes anything: this message may be an old one, and what
    /// stands beyond its last entry may have been acknowledged since. Returns what has to be written.
    fn append_as_follower(
        &mut self,
        prev_log_index: Index,
        entries: &Entries,
        out: &mut Vec<Output>,
    ) -> Option<Append> {
        let known = if self.holds(Rule::TruncateOnConflict) {
            self.log.agreement(prev_log_index.next(), entries)
        } else {
            0
        };
        if known == entries.len() {
            return None;
        }
        let first = prev_log_index.plus(known).next();
        let last_index = self.log.last_index();
        if first <= last_index {
            self.truncate_from(first);
            out.push(Output::Note(Note::Truncated {
                from: first,
                through: last_index,
            }));
        }
        let entries = if known == 0 {
            entries.clone()
        } else {
            Entries::from(&entries[known..])
        };
        for entry in entries.iter() {
            self.log.push(entry.clone());
        }
        Some(Append { first, entries })
    }
}

impl Progress {
    /// Takes in that the follower's log agrees through `index`. Returns whether that was news, or the answer waited for.
    fn acknowledged(&mut self, index: Index) -> bool {
        let awaited = self.awaiting.is_some_and(|end| index >= end);
        if awaited {
            self.awaiting = None;
        }
        let news = index > self.match_index;
        self.match_index = self.match_index.max(index);
        self.next_index = self.next_index.max(index.next());
        awaited || news
    }

    /// Takes in that the logs do not agree at `index`: step back by one and try there (§5.3). Returns whether that was news.
    fn refused(&mut self, index: Index) -> bool {
        let news = index == self.next_index.prev() && index > self.match_index;
        if news {
            self.next_index = index;
            self.awaiting = None;
        }
        news
    }
}
