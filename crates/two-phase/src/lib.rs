//! One server of two-phase commit as a pure machine: no clock, no dice, no disk, no network.
//!
//! The protocol is presumed abort (Mohan, Lindsay, Obermarck: "Transaction Management in the R* Distributed Database Management System",
//! ACM TODS 11:4, 1986) with cooperative termination (Bernstein, Hadzilacos, Goodman: "Concurrency Control and Recovery in Database
//! Systems", 7.4). One server coordinates; all take part, the coordinator too, and each holds the whole store. A transaction writes one
//! key. It is here to be watched beside Raft: a coordinator that is gone makes everybody wait, for a majority decides nothing here.
//!
//! 1. The coordinator sends `Prepare` to all. Who gets it locks the key, writes `prepared`, and votes yes once that is on its disk; or votes
//!    no, because another transaction holds the lock.
//! 2. With every vote the coordinator writes `committed`; with one no, or when time is up, `aborted`. Once that is on its disk it tells all.
//!    Who is told to commit writes it too, applies it once it is on disk, unlocks, and acknowledges.
//!
//! Who voted yes has given its decision away. Until it hears what was decided, over crashes and for however long, it keeps the key locked and
//! asks: that is the blocking that the protocol is known for.
//!
//! [`TwoPhase`] is built as `raft_core::Raft` is: plain data with one door, [`TwoPhase::step`]. Its records are the entries of a
//! [`raft_core::Log`], so that the disk that serves one protocol serves the other. **A record acts once it is on disk**, never before:
//! that is the one rule of durability here, and what the host has to say by [`Input::Synced`].
#![cfg_attr(not(any(test, feature = "ts")), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod coordinator;
mod io;
mod machine;
mod message;
mod participant;
mod record;
mod transaction;

pub use coordinator::Ballot;
pub use io::{Config, Input, Note, Output, Reason};
pub use machine::TwoPhase;
pub use message::{Body, Message, Refusal};
pub use participant::Prepared;
pub use record::Record;
pub use transaction::{Change, Decision, TransactionId};
