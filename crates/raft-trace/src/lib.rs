//! The closed list of things that can happen in a run, and folds over it: cluster state, properties, client history.
#![forbid(unsafe_code)]

mod chain;
mod cluster;
mod codec;
mod event;
mod fields;
mod fingerprint;
mod freshness;
mod habits;
mod handling;
mod hash;
mod kv;
pub mod linearizability;
mod monitor;
mod names;
mod once;
mod property;
#[doc(hidden)]
pub mod samples;
mod server;
mod stall;
mod store;
mod torn;
mod two_phase;
mod violation;

pub use cluster::{ClientState, ClusterState, InFlight, Invocation};
pub use event::{Event, LostBecause, Order, Packet, Reply, TraceEvent};
pub use fingerprint::Fingerprint;
pub use handling::{Handling, PacketKind, Plan};
pub use kv::{KeyValue, Operation, Reading, Request, Word, read_mode_name};
pub use monitor::{Monitor, TwoPhaseEvidence, Wait};
pub use names::{ClientId, Endpoint, MessageId, OpId, Outcome, Protocol, Seq, WorldTime};
pub use property::Property;
pub use server::{Progress, ServerState, TimerState};
pub use store::Trace;
pub use torn::on_disk_all_the_same;
pub use two_phase::{BallotState, PreparedState, TwoPhaseState, change_of, transaction_of};
pub use violation::{Evidence, Violation};
