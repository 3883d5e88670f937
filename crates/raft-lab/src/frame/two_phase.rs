//! What the page shows of a server that runs two-phase commit.

use super::TimerFrame;
use raft_core::SortedSet;
use raft_trace::{BallotState, PreparedState, TimerState, TwoPhaseState, WorldTime};
use serde::Serialize;
use two_phase::{Decision, TransactionId};

#[cfg(test)]
use ts_rs::TS;

/// A server of two-phase commit at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct TwoPhaseFrame {
    /// Whether it coordinates.
    pub coordinates: bool,
    /// The transactions that it has locked keys for.
    pub prepared: Vec<PreparedFrame>,
    /// The transactions that it coordinates and that are not over everywhere.
    pub ballots: Vec<BallotFrame>,
    /// When it repeats what is not answered.
    pub reminder: Option<TimerFrame>,
}

/// A transaction that a server has locked a key for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct PreparedFrame {
    /// `C1.7`
    pub transaction: String,
    /// The key.
    pub key: String,
    /// What it shall do: `x=1`, `del x`.
    pub text: String,
    /// How it ends, if that is written already but not on disk.
    pub decision: Option<Decision>,
    /// Whether its server has asked for the decision in vain.
    pub blocked: bool,
    /// Since when its server waits for the decision; `null` if it has it.
    pub since_us: Option<u64>,
}

/// A transaction that a server coordinates.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct BallotFrame {
    /// `C1.7`
    pub transaction: String,
    /// What it shall do: `x=1`, `del x`.
    pub text: String,
    /// Who voted yes.
    pub votes: Vec<String>,
    /// Whether it is decided that it is done.
    pub committed: bool,
    /// Who has that on disk.
    pub acknowledged: Vec<String>,
}

impl TwoPhaseFrame {
    pub(crate) fn new(state: &TwoPhaseState, coordinates: bool) -> TwoPhaseFrame {
        let prepared = state.prepared.iter();
        TwoPhaseFrame {
            coordinates,
            prepared: prepared
                .map(|(id, p)| PreparedFrame::new(*id, p, state.waits_since.get(id)))
                .collect(),
            ballots: state
                .ballots
                .iter()
                .map(|(id, ballot)| BallotFrame::new(*id, ballot))
                .collect(),
            reminder: state.reminder.map(TimerFrame::from),
        }
    }
}

impl PreparedFrame {
    fn new(id: TransactionId, prepared: &PreparedState, since: Option<&WorldTime>) -> PreparedFrame {
        PreparedFrame {
            transaction: id.to_string(),
            key: prepared.change.key.to_string(),
            text: prepared.change.to_string(),
            decision: prepared.decision,
            blocked: prepared.is_blocked(),
            since_us: since.map(|at| at.0),
        }
    }
}

impl BallotFrame {
    fn new(id: TransactionId, ballot: &BallotState) -> BallotFrame {
        let names = |ids: &SortedSet<_>| ids.keys().map(ToString::to_string).collect();
        BallotFrame {
            transaction: id.to_string(),
            text: ballot.change.to_string(),
            votes: names(&ballot.votes),
            committed: ballot.committed,
            acknowledged: names(&ballot.acknowledged),
        }
    }
}

impl From<TimerState> for TimerFrame {
    fn from(timer: TimerState) -> TimerFrame {
        TimerFrame {
            set_us: timer.set_at.0,
            deadline_us: timer.deadline.0,
        }
    }
}
