//! One server of Raft as a pure machine: no clock, no dice, no disk, no network.
#![cfg_attr(not(any(test, feature = "ts")), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod command;
mod commit;
mod durability;
mod election;
mod io;
mod log;
mod message;
mod note;
mod quorum;
mod raft;
mod replication;
mod shared_vec;
mod time;
mod types;

pub use command::Command;
pub use io::{Append, Config, Durable, HardState, Input, Output, ProposalId, Timer, Write, WriteId};
pub use log::{Entries, Entry, Log, Payload};
pub use message::{Body, Message};
pub use note::{IgnoredBecause, Note, Refusal};
pub use raft::{Progress, Raft};
pub use shared_vec::SharedVec;
pub use time::{Duration, Instant, Span};
pub use types::{Index, NodeId, Role, Term};
