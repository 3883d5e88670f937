//! Figure 3's properties, judged at the steps that can break them.

use super::Broken;
use super::model::{Committed, Model, Step};
use super::state::State;
use raft_core::{Index, Log, Raft, Role, Term};
use raft_trace::Property;

impl Model {
    /// Takes down what this step of the server at `place` added to history, and says what it broke. `state` is the one after it.
    pub(super) fn judge(&mut self, state: &mut State, place: usize, step: Step) -> Option<Broken> {
        if step.broken.is_some() {
            step.broken
        } else if step.became_leader && !self.elected(state, place) {
            Some(Broken::Property(Property::ElectionSafety))
        } else if step.log_changed && !self.logs_match(state, place) {
            Some(Broken::Property(Property::LogMatching))
        } else if step.committed && !self.commit(state, place) {
            Some(Broken::Property(Property::StateMachineSafety))
        } else if (step.became_leader || step.committed) && !self.leaders_are_complete(state) {
            Some(Broken::Property(Property::LeaderCompleteness))
        } else {
            None
        }
    }

    /// Notes who leads this term. Returns whether nobody else did.
    fn elected(&self, state: &mut State, place: usize) -> bool {
        let term = self.raft(state, place).current_term().0;
        match state.leader_of(term) {
            None => {
                state.set_leader(term, place);
                true
            }
            Some(other) => other == place,
        }
    }

    /// Whether this log and each other agree up to the last entry that has the same term in both.
    fn logs_match(&self, state: &State, place: usize) -> bool {
        let log = self.raft(state, place).log();
        (0..self.bounds.servers as usize).all(|other| matches(log, self.raft(state, other).log()))
    }

    /// Notes what this server takes for committed. Returns whether it is what others did.
    fn commit(&mut self, state: &mut State, place: usize) -> bool {
        let raft = self.raft(state, place);
        let (term, through) = (raft.current_term(), raft.commit_index());
        let known = self.committed(state.committed);
        if !holds(raft.log(), known, |index, _| index <= through) {
            return false;
        }
        let mut committed: Committed = known.clone();
        // What a snapshot stands for was committed before, and is known.
        let new = (known.len() as u64 + 1..=through.0).filter_map(|index| raft.log().get(Index(index)));
        committed.extend(new.map(|entry| (entry.clone(), term)));
        for (_, by) in committed.iter_mut().take(through.0 as usize) {
            *by = term.min(*by);
        }
        state.committed = self.number_committed(committed);
        true
    }

    /// Whether every leader has what was committed in earlier terms.
    fn leaders_are_complete(&self, state: &State) -> bool {
        let committed = self.committed(state.committed);
        (0..self.bounds.servers as usize)
            .map(|place| self.raft(state, place))
            .filter(|raft| raft.role() == Role::Leader)
            .all(|raft| holds(raft.log(), committed, |_, by| by < raft.current_term()))
    }

    fn raft(&self, state: &State, place: usize) -> &Raft {
        &self.server(state.servers[place]).raft
    }
}

/// Whether both are the same up to the last place where they have the same term, as far as they are there.
fn matches(one: &Log, other: &Log) -> bool {
    let first = one.base().0.max(other.base().0).next();
    let mut same = true;
    one.iter_from(first).zip(other.iter_from(first)).all(|(a, b)| {
        same &= a == b;
        same || a.term != b.term
    })
}

/// Whether the log has those of the committed entries that are asked for. What a snapshot stands for is judged by its last term.
fn holds(log: &Log, committed: &Committed, asked: impl Fn(Index, Term) -> bool) -> bool {
    let (base, base_term) = log.base();
    let mut index = Index(0);
    committed.iter().all(|(entry, by)| {
        index = index.next();
        let held = match log.get(index) {
            Some(ours) => ours == entry,
            None => index < base || index == base && entry.term == base_term,
        };
        held || !asked(index, *by)
    })
}
