//! Experiments on worlds: sessions that seek and branch, frames for a page, sweeps.
#![forbid(unsafe_code)]

mod arrows;
pub mod beyond;
mod branch;
mod checkpoint;
mod compare;
mod determinism;
pub mod explore;
pub mod frame;
mod guilt;
mod histories;
mod history;
mod judge;
mod ladder;
mod reads;
mod run;
mod session;
mod show;
mod soak;
mod text_ladder;
mod window;
mod words;

pub use compare::{AnswersRow, Comparison, ReadTable, WAYS, WayRow, reading};
pub use determinism::{Proof, determinism};
pub use histories::{Histories, histories, is_linearizable, long_history};
pub use judge::{Verdict, judge};
pub use reads::{Answers, ReadStats, Reads, StaleRead, mode_word};
pub use run::{MAX_EVENTS, Run};
pub use session::{CommandError, Session};
pub use soak::{Seen, Soak, soak};
pub use text_ladder::TextLadder;
pub use window::ARROW_FIELDS;

// What the doors need of the crates below.
pub use raft_core::{Index, NodeId, Repair, Role, Rule};
pub use raft_sim::Beyond;
pub use raft_sim::scenario::{ParseError, Permalink, Scenario};
pub use raft_trace::{
    ClientId, OpId, Operation, Outcome, Property, Seq, ServerState, Trace, TwoPhaseState, Violation, Wait,
    WorldTime, linearizability,
};

#[cfg(test)]
mod typescript;
