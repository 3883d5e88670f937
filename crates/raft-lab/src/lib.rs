//! Experiments on worlds: sessions that seek and branch, frames for a page, sweeps.
#![forbid(unsafe_code)]

mod branch;
mod checkpoint;
pub mod frame;
mod history;
mod judge;
mod ladder;
mod presets;
mod session;
mod show;
mod window;
mod words;

pub use judge::{Verdict, judge};
pub use presets::presets;
pub use session::{CommandError, Session};
pub use window::ARROW_FIELDS;

pub use raft_core::Index;
pub use raft_trace::{Seq, WorldTime};

#[cfg(test)]
mod typescript;
