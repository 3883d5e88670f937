//! Leader election (§5.2) and who may win it (§5.4.1).

use crate::rounds::Rounds;
use crate::{
    Body, IgnoredBecause, Index, NodeId, Note, Output, Payload, Progress, Raft, Refusal, Role, Rule, Term,
    Timer,
};
use alloc::vec::Vec;

impl Raft {
    /// No leader was heard, or no election won, for an election timeout.
    pub(crate) fn on_election_timeout(&mut self, out: &mut Vec<Output>) {
        if self.role == Role::Leader {
            return;
        }
        self.heard = None;
        if !self.may_stand() {
            return self.set_election_timer(out);
        }
        if self.config.pre_vote && self.holds(Rule::PreVote) {
            self.start_pre_vote(out);
        } else {
            self.stand(false, out);
        }
        if self.role != Role::Leader {
            self.set_election_timer(out);
        }
    }

    /// Begins an election.
    pub(crate) fn stand(&mut self, transfer: bool, out: &mut Vec<Output>) {
        let Some(term) = self.term.next() else {
            return;
        };
        self.become_role(Role::Candidate, term, out);
        self.vote_for(self.id, out);
        self.write(None, out);
        if self.disk.hard_state_is_safe() {
            self.count_vote(self.id, out); // nothing had to be written
        }
        let request = Body::RequestVote {
            last_log_index: self.log.last_index(),
            last_log_term: self.log.last_term(),
            transfer,
        };
        let ask = |peer| Output::SendWhenDurable(self.message(peer, request.clone()));
        out.extend(self.other_voters().map(ask));
    }

    /// Changes role, term or both.
    pub(crate) fn become_role(&mut self, role: Role, term: Term, out: &mut Vec<Output>) {
        assert!(term >= self.term, "terms never go back");
        if term > self.term {
            self.term = term;
            self.voted_for = None;
        }
        let before = core::mem::replace(&mut self.role, role);
        self.progress.clear();
        if role == Role::Leader {
            self.rounds = Rounds::of_leader(self.now);
            self.leader = Some(self.id);
            let next_index = self.log.last_index().next();
            let of = |id| Progress::new(id, next_index, &self.configuration);
            self.progress = self.peers().map(of).collect();
        } else {
            self.leader = None;
            self.votes.clear();
            self.transfer = None;
        }
        out.push(Output::Note(Note::Became { role, term }));
        if before == Role::Leader {
            out.push(Output::StopTimer(Timer::Heartbeat));
        }
    }

    fn become_leader(&mut self, out: &mut Vec<Output>) {
        self.become_role(Role::Leader, self.term, out);
        out.push(Output::StopTimer(Timer::Election));
        self.begin_round();
        self.append_as_leader(Payload::Noop, out);
        self.set_heartbeat_timer(out);
    }

    /// Somebody asks for this server's vote. Returns whether it was given.
    pub(crate) fn on_request_vote(
        &mut self,
        candidate: NodeId,
        term: Term,
        last_log: (Term, Index),
        out: &mut Vec<Output>,
    ) -> bool {
        match self.reason_to_refuse_vote(candidate, term, last_log) {
            None => {
                if self.role == Role::PreCandidate {
                    self.become_role(Role::Follower, self.term, out);
                }
                self.vote_for(candidate, out);
                self.promise(candidate, Body::RequestVoteReply { granted: true }, out);
                true
            }
            Some(because) => {
                out.push(Output::Note(Note::VoteRefused { candidate, because }));
                self.tell(candidate, Body::RequestVoteReply { granted: false }, out);
                false
            }
        }
    }

    /// Figure 2, RequestVote, "receiver implementation".
    fn reason_to_refuse_vote(
        &self,
        candidate: NodeId,
        term: Term,
        last_log: (Term, Index),
    ) -> Option<Refusal> {
        if term < self.term {
            return Some(Refusal::StaleTerm {
                theirs: term,
                ours: self.term,
            });
        }
        if let Some(other) = self.voted_for
            && other != candidate
            && self.holds(Rule::OneVote)
        {
            return Some(Refusal::AlreadyVoted { candidate: other });
        }
        self.reason_to_withhold_vote(last_log)
    }

    /// Whatever the term: why this server would not have a candidate with such a log lead.
    pub(crate) fn reason_to_withhold_vote(&self, last_log: (Term, Index)) -> Option<Refusal> {
        if !self.configuration.is_voter(self.id) && !self.holds(Rule::LearnersVote) {
            return Some(Refusal::NoVote);
        }
        self.log_ahead_of(last_log)
    }

    /// Whether this server's log is more up to date than another (§5.4.1): the later last term is; with equal terms the longer log is.
    fn log_ahead_of(&self, (their_term, their_index): (Term, Index)) -> Option<Refusal> {
        let (our_term, our_index) = (self.log.last_term(), self.log.last_index());
        let ahead = if self.holds(Rule::TermBeforeIndex) {
            (our_term, our_index) > (their_term, their_index)
        } else {
            (our_index, our_term) > (their_index, their_term)
        };
        (ahead && self.holds(Rule::UpToDateVote)).then_some(Refusal::LogBehind {
            their_index,
            their_term,
            our_index,
            our_term,
        })
    }

    /// Refuses a vote without a look at the candidate's term (thesis 4.2.3).
    pub(crate) fn disregard_candidate(&mut self, candidate: NodeId, out: &mut Vec<Output>) {
        let because = Refusal::HearsLeader { leader: self.leader };
        out.push(Output::Note(Note::VoteRefused { candidate, because }));
        self.tell(candidate, Body::RequestVoteReply { granted: false }, out);
    }

    fn vote_for(&mut self, candidate: NodeId, out: &mut Vec<Output>) {
        self.voted_for = Some(candidate);
        out.push(Output::Note(Note::VoteGranted { candidate }));
    }

    /// An answer to this candidate's request for votes.
    pub(crate) fn on_request_vote_reply(
        &mut self,
        from: NodeId,
        term: Term,
        granted: bool,
        out: &mut Vec<Output>,
    ) {
        if term < self.term && self.holds(Rule::VotesOfThisTerm) {
            self.ignore(from, IgnoredBecause::StaleTerm, out);
        } else if self.role != Role::Candidate {
            self.ignore(from, IgnoredBecause::NotWaiting, out);
        } else if granted {
            self.count_vote(from, out);
        }
    }

    /// Counts a vote for this candidate, once a voter. With a majority a candidate becomes leader and a pre-candidate stands.
    pub(crate) fn count_vote(&mut self, voter: NodeId, out: &mut Vec<Output>) {
        let place = match self.votes.binary_search(&voter) {
            Ok(_) if self.holds(Rule::CountVotersOnce) => {
                return self.ignore(voter, IgnoredBecause::NothingNew, out);
            }
            Ok(place) | Err(place) => place,
        };
        self.votes.insert(place, voter);
        out.push(Output::Note(Note::VoteCounted { voter }));
        let spare = u32::from(!self.holds(Rule::ElectionMajority));
        if self.has_votes(spare as usize) {
            if self.role == Role::PreCandidate {
                self.stand(false, out);
            } else {
                self.become_leader(out);
            }
        }
    }
}
