//! PreVote (thesis 9.6): a server asks whether it could win before it raises its term, so that one that was cut off does not depose
//! a leader that is well when it comes back.
//!
//! What is asked and answered here binds nobody: no term changes by a question, and no answer needs the disk.

use crate::{Body, IgnoredBecause, Index, NodeId, Note, Output, Raft, Refusal, Role, Rule, Term};
use alloc::vec::Vec;

impl Raft {
    /// Asks everybody whether they would vote for this server.
    pub(crate) fn start_pre_vote(&mut self, out: &mut Vec<Output>) {
        self.become_role(Role::PreCandidate, self.term, out);
        self.count_vote(self.id, out);
        if self.role == Role::PreCandidate {
            let peers: Vec<NodeId> = self.other_voters().collect();
            for peer in peers {
                let (last_log_index, last_log_term) = (self.log.last_index(), self.log.last_term());
                let body = Body::PreVote {
                    last_log_index,
                    last_log_term,
                };
                self.tell(peer, body, out);
            }
        }
    }

    /// Somebody asks whether this server would vote for it in the term after `term`.
    pub(crate) fn on_pre_vote(
        &mut self,
        candidate: NodeId,
        term: Term,
        last_log: (Term, Index),
        out: &mut Vec<Output>,
    ) {
        // The refusal carries our term. Without it who is behind would ask again and again in its own.
        if term < self.term && !self.holds(Rule::PreVoteAnswered) {
            return self.ignore(candidate, IgnoredBecause::StaleTerm, out);
        }
        let refusal = self.reason_to_refuse_pre_vote(term, last_log);
        let granted = refusal.is_none();
        out.push(Output::Note(match refusal {
            None => Note::PreVoteGranted { candidate },
            Some(because) => Note::VoteRefused { candidate, because },
        }));
        let body = Body::PreVoteReply {
            granted,
            asked_in: term,
        };
        self.tell(candidate, body, out);
    }

    fn reason_to_refuse_pre_vote(&self, term: Term, last_log: (Term, Index)) -> Option<Refusal> {
        if term < self.term {
            return Some(Refusal::StaleTerm {
                theirs: term,
                ours: self.term,
            });
        }
        if self.hears_leader() && self.holds(Rule::PreVoteStickiness) {
            return Some(Refusal::HearsLeader { leader: self.leader });
        }
        self.reason_to_withhold_vote(last_log)
    }

    /// An answer to this server's question. Returns whether an election begins by it.
    pub(crate) fn on_pre_vote_reply(
        &mut self,
        from: NodeId,
        asked_in: Term,
        granted: bool,
        out: &mut Vec<Output>,
    ) -> bool {
        if asked_in < self.term {
            self.ignore(from, IgnoredBecause::StaleTerm, out);
        } else if self.role != Role::PreCandidate {
            self.ignore(from, IgnoredBecause::NotWaiting, out);
        } else if granted {
            self.count_vote(from, out);
            return self.role == Role::Candidate;
        }
        false
    }

    /// Whether this server leads, or heard a leader within the shortest election timeout.
    pub(crate) fn hears_leader(&self) -> bool {
        let recent = |heard| self.now.since(heard) < self.config.election_timeout.min;
        self.role == Role::Leader || self.heard.is_some_and(recent)
    }
}
