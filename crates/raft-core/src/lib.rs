//! One server of Raft as a pure machine: no clock, no dice, no disk, no network.
//!
//! [`Raft`] is plain data with one door: [`Raft::step`] takes one [`Input`] (a message came, a timer ran out, a client proposes, a write
//! is safe) and appends what is to be done about it ([`Output`]). The same inputs give the same outputs, always. It is the protocol of
//! Figure 2 of Ongaro and Ousterhout's ["In Search of an Understandable Consensus Algorithm (Extended
//! Version)"](https://raft.github.io/raft.pdf), with snapshots (§7) and membership changes (§6), and of Ongaro's thesis leadership
//! transfer (3.10), reads by ReadIndex and lease (6.4), PreVote (9.6) and CheckQuorum (6.2), as far as [`Config`] has them switched on.
//! Each file is named after what it holds and opens with its section. Whatever keeps Raft safe and live is a [`Rule`] with a name, and
//! can be switched off to see what it is good for.
//!
//! # What a host does
//! * Obey the outputs in their order. That order, and what can be read from it, is said at [`Output`].
//! * Carry messages. They may be lost, delayed, repeated and reordered; they must not be forged.
//! * Write every [`Write`] to disk, in order, and say [`Input::Synced`] once it is safe; hold back each [`Output::SendWhenDurable`] until
//!   everything written before it is.
//! * Keep two timers. Draw an election timeout anew each time one is asked for.
//! * Apply entries in order as [`Output::Commit`] rises.
//! * Answer a read from the state machine once that has applied what [`Output::ReadReady`] says, at once or when it has got there.
//! * Now and then give [`Input::Compact`] the state machine, so that the log does not grow for ever; put it back at [`Output::Restore`].
//! * After a crash, [`Raft::start`] from what the disk holds ([`Durable`]).
//!
//! The example `server` does all that with real files, sockets and clocks.
//!
//! # Three servers
//! ```
//! use raft_core::*;
//! use std::collections::VecDeque;
//!
//! let config = Config::paper(vec![NodeId(1), NodeId(2), NodeId(3)]);
//! let now = Instant(0); // no clock moves here: timers run out when we say so
//! let mut out = Vec::new();
//! let start = |id: &NodeId| Raft::start(*id, config.clone(), Durable::default(), now, &mut out);
//! let mut servers: Vec<Raft> = config.voters.iter().map(start).collect();
//!
//! // Gives a server an input, and the servers whatever follows from it, until all is quiet. Every disk is instant.
//! let mut run = |to: NodeId, input: Input| {
//!     let mut inputs = VecDeque::from([(to, input)]);
//!     while let Some((to, input)) = inputs.pop_front() {
//!         let mut outputs = Vec::new();
//!         servers[to.0 as usize - 1].step(now, input, &mut outputs);
//!         for output in outputs {
//!             match output {
//!                 Output::Send(m) | Output::SendWhenDurable(m) => inputs.push_back((m.to, Input::Message(m))),
//!                 Output::Write(write) => inputs.push_back((to, Input::Synced(write.id))),
//!                 Output::Commit(index) => println!("{to} may apply its log through {index:?}"),
//!                 _ => {} // timers, answers to clients, notes
//!             }
//!         }
//!     }
//! };
//! run(NodeId(1), Input::TimerFired(Timer::Election)); // S1 stands, wins, and commits a no-op
//! let command = Command::new(b"x=1");
//! run(NodeId(1), Input::Propose { id: ProposalId(1), command }); // appended, replicated, committed
//! run(NodeId(1), Input::TimerFired(Timer::Heartbeat)); // the others learn of it
//!
//! assert_eq!((servers[0].role(), servers[0].current_term()), (Role::Leader, Term(1)));
//! assert!(servers.iter().all(|server| server.commit_index() == Index(2)));
//! assert!(servers.iter().all(|server| server.log() == servers[0].log()));
//! ```
#![cfg_attr(not(any(test, feature = "ts")), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod command;
mod commit;
mod configuration;
mod durability;
mod election;
mod io;
mod log;
mod membership;
mod message;
mod note;
mod prevote;
mod progress;
mod quorum;
mod raft;
mod reads;
mod replication;
mod rounds;
mod rules;
mod shared_vec;
mod snapshot;
mod sorted_map;
mod time;
mod transfer;
mod types;

pub use command::Command;
pub use configuration::{Change, Configuration};
pub use io::{Append, Config, Durable, HardState, Input, Output, ProposalId, Repair, Timer, Write, WriteId};
pub use log::{Entries, Entry, Log, Payload};
pub use message::{Body, Conflict, Message};
pub use note::{ChangeRefusal, IgnoredBecause, Note, Refusal, TransferRefusal};
pub use progress::{Progress, ProgressState};
pub use raft::Raft;
pub use reads::{ReadId, ReadMode};
pub use rounds::Round;
pub use rules::{Protects, Rule, Rules};
pub use shared_vec::SharedVec;
pub use snapshot::Snapshot;
pub use sorted_map::{SortedMap, SortedSet};
pub use time::{Duration, Instant, Span};
pub use types::{Index, NodeId, Role, Term};
