//! Rounds of heartbeats: how a leader knows that it still leads (thesis 6.2, 6.4).
//!
//! Every AppendEntries carries the number of the last round its leader began, every answer carries it back. Who answers recognised
//! the leader after that round began. Once a majority did, no other could have been elected before the round began.

use crate::types::number;
use crate::{Duration, Instant, Note, Output, Progress, Raft, Role, Rule};
use alloc::collections::VecDeque;
use alloc::vec::Vec;

number! {
    /// The number of a round of heartbeats. The first of a term is 1.
    Round(u64)
}

/// What a leader knows of its rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rounds {
    /// The last one begun.
    pub(crate) begun: Round,
    /// The last one that a majority answered.
    pub(crate) confirmed: Round,
    /// When the last one that a majority answered began; before the first, when this leader was elected.
    pub(crate) confirmed_at: Instant,
    /// Only a later round makes a lease: with this one the settings changed, and timers set before may run out sooner.
    pub(crate) no_lease_through: Round,
    /// Whether another server was told to stand, which breaks every lease of the term.
    pub(crate) lease_lost: bool,
    /// When those after `confirmed` began, in order. Those that are too old to be of use are gone.
    under_way: VecDeque<(Round, Instant)>,
}

impl Rounds {
    /// Those of a leader elected now.
    pub(crate) fn of_leader(now: Instant) -> Rounds {
        Rounds {
            confirmed_at: now,
            ..Rounds::default()
        }
    }

    /// A majority answered this round. `late`: when, if that is to be taken for when it began.
    fn confirm(&mut self, round: Round, late: Option<Instant>) {
        self.confirmed = round;
        while let Some((next, began)) = self.under_way.front().copied()
            && next <= round
        {
            if next == round {
                self.confirmed_at = late.unwrap_or(began);
            }
            self.under_way.pop_front();
        }
    }
}

impl Raft {
    /// Begins a round: what is sent from now on asks whether this server still leads. The caller sends it.
    pub(crate) fn begin_round(&mut self) {
        let (now, useful) = (self.now, self.config.election_timeout.max);
        let rounds = &mut self.rounds;
        rounds.begun.0 += 1;
        while let Some((_, began)) = rounds.under_way.front()
            && now.since(*began) > useful
        {
            rounds.under_way.pop_front();
        }
        let begun = rounds.begun;
        rounds.under_way.push_back((begun, now));
        if self.is_confirmed(|_| false) {
            self.confirm(begun); // who is alone is its own majority
        }
    }

    /// Asks once more under the number of the last round, as if nobody had answered yet.
    pub(crate) fn repeat_round(&mut self) {
        self.rounds.confirmed = Round(0);
        for progress in &mut self.progress {
            progress.answered = Round(0);
        }
    }

    /// A follower answered what was sent in this round. Returns whether that was news.
    pub(crate) fn on_round_answered(&mut self, i: usize, round: Round) -> bool {
        let progress = &mut self.progress[i];
        let news = round > progress.answered && round <= self.rounds.begun;
        if news {
            progress.answered = round;
            self.confirm_rounds();
        }
        news
    }

    /// Finds the last round that a majority answered.
    fn confirm_rounds(&mut self) {
        let answered = self.progress.iter().map(|p| p.answered);
        let last = answered.fold(self.rounds.confirmed, |last, round| {
            let later = round > last && self.is_confirmed(|p| p.answered >= round);
            if later { round } else { last }
        });
        if last > self.rounds.confirmed {
            self.confirm(last);
        }
    }

    /// Whether a round is confirmed that such servers answered.
    fn is_confirmed(&self, such: impl Fn(&Progress) -> bool) -> bool {
        let spare = usize::from(!self.holds(Rule::ReadMajority));
        self.majority(spare, true, such)
    }

    fn confirm(&mut self, round: Round) {
        let late = (!self.holds(Rule::LeaseFromSending)).then_some(self.now);
        self.rounds.confirm(round, late);
    }

    /// Steps down if no majority answered for an election timeout (thesis 6.2): somebody else may well lead by now, and clients that
    /// are kept waiting here would do better there. Returns whether it did.
    pub(crate) fn check_quorum(&mut self, out: &mut Vec<Output>) -> bool {
        let silent = self.now.since(self.rounds.confirmed_at);
        let lost = self.config.check_quorum && silent > self.config.election_timeout.max;
        if lost && self.holds(Rule::CheckQuorum) {
            out.push(Output::Note(Note::QuorumLost));
            self.become_role(Role::Follower, self.term, out);
            self.set_election_timer(out);
            return true;
        }
        false
    }

    /// How long a lease lasts, from the moment its round began (thesis 6.4.1): every server of the majority that answered refuses its
    /// vote for the shortest election timeout after that on its own clock, which may run faster than ours by the bound on the drift
    /// in one direction while ours runs slower by as much.
    pub(crate) fn lease(&self) -> Duration {
        let Duration(timeout) = self.config.election_timeout.min;
        let drift = if self.holds(Rule::LeaseDrift) {
            u64::from(self.config.clock_drift.min(MILLION as u32))
        } else {
            0
        };
        Duration(timeout.saturating_mul(MILLION - drift) / (MILLION + drift))
    }
}

const MILLION: u64 = 1_000_000;
