//! Log replication (§5.3): the leader's side, then the follower's.

use crate::{
    Append, Body, Command, Conflict, Entries, Entry, IgnoredBecause, Index, NodeId, Note, Output, Payload,
    ProgressState, ProposalId, Raft, Refusal, Repair, Role, Round, Rule, Term,
};
use alloc::vec::Vec;

/// Entries as an AppendEntries carries them, kept to be shared with the next follower that needs the same ones. The default fits
/// nobody: no entry is at 0.
#[derive(Default)]
pub(crate) struct Batch {
    first: Index,
    entries: Entries,
}

/// An AppendEntries, received (Figure 2).
pub(crate) struct AppendEntries<'a> {
    pub(crate) prev_log_index: Index,
    pub(crate) prev_log_term: Term,
    pub(crate) entries: &'a Entries,
    pub(crate) leader_commit: Index,
    pub(crate) round: Round,
}

impl Raft {
    /// A client wants this command in the log.
    pub(crate) fn propose(&mut self, id: ProposalId, command: Command, out: &mut Vec<Output>) {
        if self.accept(id, self.log.last_index().next(), out) {
            self.append_as_leader(Payload::Command(command), out);
        }
    }

    /// Clients want these commands in the log.
    pub(crate) fn propose_all(&mut self, all: Vec<(ProposalId, Command)>, out: &mut Vec<Output>) {
        let mut entries = Vec::with_capacity(all.len());
        for (id, command) in all {
            if self.accept(id, self.log.last_index().plus(entries.len()).next(), out) {
                entries.push(self.entry(Payload::Command(command)));
            }
        }
        if !entries.is_empty() {
            let batch = self.append_entries(entries.into(), out);
            self.send_to_all(batch, out);
        }
    }

    /// Answers a proposal. Returns whether this leader takes it, into this place.
    fn accept(&self, id: ProposalId, index: Index, out: &mut Vec<Output>) -> bool {
        let takes = self.role == Role::Leader && !self.is_handing_over();
        out.push(if takes {
            let term = self.term;
            Output::Accepted { id, index, term }
        } else {
            let leader = self.leader.filter(|leader| *leader != self.id);
            Output::Refused { id, leader }
        });
        takes
    }

    /// Appends one entry of the current term and sends it to every follower that may be sent to.
    pub(crate) fn append_as_leader(&mut self, payload: Payload, out: &mut Vec<Output>) {
        let batch = self.append(payload, out);
        self.send_to_all(batch, out);
    }

    pub(crate) fn append(&mut self, payload: Payload, out: &mut Vec<Output>) -> Batch {
        self.append_entries(self.entry(payload).into(), out)
    }

    fn entry(&self, payload: Payload) -> Entry {
        Entry {
            term: self.term,
            payload,
        }
    }

    fn append_entries(&mut self, entries: Entries, out: &mut Vec<Output>) -> Batch {
        let first = self.log.last_index().next();
        self.log.extend(&entries);
        let append = Append {
            first,
            entries: entries.clone(),
        };
        self.write(Some(append), out);
        if entries.len() > self.config.max_entries.max(1) as usize {
            return Batch::default(); // more than one message can carry
        }
        Batch { first, entries }
    }

    pub(crate) fn send_to_all(&mut self, mut batch: Batch, out: &mut Vec<Output>) {
        for i in 0..self.progress.len() {
            if self.progress[i].has_room(self.config.inflight) {
                self.send_unsent(i, &mut batch, out);
            }
        }
    }

    /// Time to be heard: AppendEntries to everybody. This is also how what was lost is sent again (§5.3, §5.5): to a follower being
    /// probed it carries what that one is not known to have; of any other it asks whether all that was sent has come.
    pub(crate) fn heartbeat(&mut self, out: &mut Vec<Output>) {
        if self.role != Role::Leader || self.check_quorum(out) {
            return;
        }
        self.check_transfer(out);
        self.begin_round();
        let mut batch = Batch::default();
        for i in 0..self.progress.len() {
            if self.progress[i].state() == ProgressState::Probe {
                self.send_append_entries(i, &mut batch, out);
            } else {
                self.send_heartbeat(i, out);
            }
        }
        self.set_heartbeat_timer(out);
    }

    /// AppendEntries without entries to everybody, for the answers' sake.
    pub(crate) fn send_heartbeats(&self, out: &mut Vec<Output>) {
        for i in 0..self.progress.len() {
            self.send_heartbeat(i, out);
        }
    }

    fn send_heartbeat(&self, i: usize, out: &mut Vec<Output>) {
        let (base, _) = self.log.base();
        let progress = &self.progress[i];
        let sent = if self.holds(Rule::AskForAll) {
            progress.unsent().prev().max(base)
        } else {
            progress.match_index.max(base)
        };
        self.send_after(progress.server, sent, Entries::NONE, out);
    }

    /// Sends what was not sent yet, as far as this follower may be sent to.
    fn send_unsent(&mut self, i: usize, batch: &mut Batch, out: &mut Vec<Output>) {
        let (base, _) = self.log.base();
        let here = base.next()..=self.log.last_index();
        while self.progress[i].has_room(self.config.inflight) && here.contains(&self.progress[i].unsent()) {
            self.send_append_entries(i, batch, out);
        }
    }

    fn send_append_entries(&mut self, i: usize, batch: &mut Batch, out: &mut Vec<Output>) {
        let progress = &mut self.progress[i];
        let first = progress.unsent();
        if batch.first != first {
            *batch = Batch {
                first,
                entries: self.log.entries(first, self.config.max_entries.max(1)),
            };
        }
        let prev_log_index = first.prev();
        progress.sent(prev_log_index.plus(batch.entries.len()));
        let to = progress.server;
        self.send_after(to, prev_log_index, batch.entries.clone(), out);
    }

    /// May leave before the leader's own copy is on its disk (thesis 10.2.1): it promises nothing about that copy.
    fn send_after(&self, to: NodeId, prev_log_index: Index, entries: Entries, out: &mut Vec<Output>) {
        let body = Body::AppendEntries {
            prev_log_index,
            prev_log_term: self
                .log
                .term_at(prev_log_index)
                .expect("nothing past the leader's log was sent"),
            entries,
            leader_commit: self.commit_index,
            round: self.rounds.begun,
        };
        self.send(to, body, out);
    }

    /// A follower's answer.
    pub(crate) fn on_append_entries_reply(
        &mut self,
        from: NodeId,
        term: Term,
        (success, index, conflict): (bool, Index, Option<Conflict>),
        round: Round,
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
        let confirms = self.on_round_answered(i, round);
        let before = self.progress[i].told();
        let useful = if success {
            self.progress[i].acknowledged(index, self.config.inflight)
        } else {
            let retry = self.retry_after_refusal(index, conflict);
            self.progress[i].refused(index, retry)
        };
        if !useful {
            if !confirms {
                self.ignore(from, IgnoredBecause::NothingNew, out);
            }
            return;
        }
        let (base, _) = self.log.base();
        let progress = &mut self.progress[i];
        let needs_snapshot = progress.has_room(self.config.inflight) && progress.unsent() <= base;
        if needs_snapshot {
            progress.sent_snapshot(base);
        }
        if progress.told() != before {
            out.push(Output::Note(progress.note()));
        }
        let (_, _, match_before) = before;
        if progress.match_index > match_before {
            let reached = progress.match_index;
            self.advance_commit_index(reached, out);
        }
        // By what was committed this server may have changed the configuration or stepped down.
        let Some(i) = self.progress.iter().position(|p| p.server == from) else {
            return;
        };
        if needs_snapshot {
            self.send_snapshot(i, out);
        } else if self.progress[i].unsent() <= self.log.last_index() {
            self.send_unsent(i, &mut Batch::default(), out);
        }
    }

    /// Where to try next when the logs do not agree at `index` (§5.3): one before, or where neither log rules it out.
    fn retry_after_refusal(&self, index: Index, conflict: Option<Conflict>) -> Index {
        match (self.config.repair, conflict) {
            (Repair::ConflictHint, Some(Conflict { index, term })) => {
                self.log.last_not_later(index, term).0.next()
            }
            _ => index,
        }
    }

    /// A leader's entries, or its heartbeat. Returns whether it came from the leader of the current term.
    pub(crate) fn on_append_entries(
        &mut self,
        leader: NodeId,
        term: Term,
        append: &AppendEntries<'_>,
        out: &mut Vec<Output>,
    ) -> bool {
        if term < self.term && self.holds(Rule::StaleAppend) {
            let (theirs, ours) = (term, self.term);
            let because = Refusal::StaleTerm { theirs, ours };
            self.refuse_append(leader, append, because, out);
            return false;
        }
        if !self.follow(leader, out) {
            return false;
        }
        if let Some(because) = self.log_disagrees(append.prev_log_index, append.prev_log_term) {
            self.refuse_append(leader, append, because, out);
        } else {
            let new = self.append_as_follower(append.prev_log_index, append.entries, out);
            self.write(new, out);
            let agreed = append.prev_log_index.plus(append.entries.len());
            self.follow_commit_index(append.leader_commit, agreed, out);
            let index = if self.holds(Rule::AckWhatWasSent) {
                agreed
            } else {
                self.log.last_index()
            };
            let body = Body::AppendEntriesReply {
                success: true,
                index,
                conflict: None,
                round: append.round,
            };
            self.promise(leader, body, out);
        }
        true
    }

    /// Somebody speaks as the leader of the current term. Returns whether this server follows it from now on.
    pub(crate) fn follow(&mut self, leader: NodeId, out: &mut Vec<Output>) -> bool {
        if self.role == Role::Leader {
            self.ignore(leader, IgnoredBecause::Impossible, out);
            return false;
        }
        if self.role != Role::Follower {
            self.become_role(Role::Follower, self.term, out);
        }
        self.heard = Some(self.now);
        if self.leader != Some(leader) {
            self.leader = Some(leader);
            out.push(Output::Note(Note::LeaderKnown { leader }));
        }
        true
    }

    fn refuse_append(
        &mut self,
        leader: NodeId,
        append: &AppendEntries<'_>,
        because: Refusal,
        out: &mut Vec<Output>,
    ) {
        out.push(Output::Note(Note::AppendRefused { leader, because }));
        let current = !matches!(because, Refusal::StaleTerm { .. });
        if current && !self.holds(Rule::CommitAfterCheck) {
            self.write(None, out);
            self.follow_commit_index(append.leader_commit, self.log.last_index(), out);
        }
        let hint = current && self.config.repair == Repair::ConflictHint;
        let body = Body::AppendEntriesReply {
            success: false,
            index: append.prev_log_index,
            conflict: hint.then(|| {
                let (index, term) = self
                    .log
                    .last_not_later(append.prev_log_index, append.prev_log_term);
                Conflict { index, term }
            }),
            round: append.round,
        };
        self.tell(leader, body, out);
    }

    /// The consistency check (§5.3). What is gone was committed, so every leader has the same there.
    fn log_disagrees(&self, prev_log_index: Index, theirs: Term) -> Option<Refusal> {
        let (base, _) = self.log.base();
        if prev_log_index < base {
            return None;
        }
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
        if entries.is_empty() {
            return None; // a heartbeat
        }
        let (base, _) = self.log.base();
        let all: &[Entry] = entries;
        let gone = base.0.saturating_sub(prev_log_index.0).min(all.len() as u64) as usize;
        let known = if self.holds(Rule::TruncateOnConflict) {
            let first = prev_log_index.plus(gone).next();
            gone + self.log.agreement(first, &all[gone..])
        } else {
            gone
        };
        if known == all.len() {
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
            self.roll_back_configuration(first, out);
        }
        let new = &all[known..];
        self.log.extend(new);
        self.take_on_entries(first, new, out);
        let entries = if known == 0 { entries.clone() } else { new.into() };
        Some(Append { first, entries })
    }
}
