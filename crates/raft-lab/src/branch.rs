//! Lines of history: the first, and one for every command given in the past.

use crate::history::History;
use raft_sim::scenario::Scenario;
use raft_trace::WorldTime;

/// A branch that is not looked at. What makes it is kept for ever; its history only while there is room, for it can be made again.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// Its number, by which it is known as long as it is there. The first has 0.
    pub(crate) id: u32,
    /// What makes it.
    pub(crate) scenario: Scenario,
    /// Where it left another branch; `None` for the first.
    pub(crate) origin: Option<Origin>,
    /// Its history. Of the current branch it is with the session.
    pub(crate) past: Past,
}

/// Where a branch comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The branch it left.
    pub(crate) parent: u32,
    /// When.
    pub(crate) at: WorldTime,
    /// The command that began it, as the scenario says it.
    pub(crate) command: String,
}

/// How the history of a branch is kept.
#[derive(Clone, Debug)]
pub(crate) enum Past {
    /// By the session: this branch is the current one.
    Current,
    /// At hand.
    Kept(Box<History>),
    /// To be made again: it was known up to this time.
    Known(WorldTime),
}

/// The histories of branches that are not looked at hold no more events than this together; beyond it the largest are dropped, to be
/// made again when wanted.
const MAX_KEPT_EVENTS: u32 = 1_000_000;

impl Branch {
    /// Hands out the history, known as far as it was.
    pub(crate) fn wake(&mut self) -> Option<History> {
        match std::mem::replace(&mut self.past, Past::Current) {
            Past::Current => None,
            Past::Kept(history) => Some(*history),
            Past::Known(until) => Some(History::again(&self.scenario, until)),
        }
    }

    fn kept_events(&self) -> u32 {
        match &self.past {
            Past::Kept(history) => history.end().0,
            Past::Current | Past::Known(..) => 0,
        }
    }

    fn drop_history(&mut self) {
        if let Past::Kept(history) = &self.past {
            self.past = Past::Known(history.known_until());
        }
    }
}

/// Drops histories, the largest first, until the rest fit.
pub(crate) fn make_room(branches: &mut [Branch]) {
    while branches.iter().map(Branch::kept_events).sum::<u32>() > MAX_KEPT_EVENTS {
        if let Some(largest) = branches.iter_mut().max_by_key(|b| b.kept_events()) {
            largest.drop_history();
        }
    }
}
