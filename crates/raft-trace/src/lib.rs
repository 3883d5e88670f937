//! The closed list of things that can happen in a run, and folds over it: cluster state, properties, client history.
#![forbid(unsafe_code)]

mod event;
mod kv;
mod names;
mod property;

pub use event::{Event, LostBecause, Packet, Reply, TraceEvent};
pub use kv::{KeyValue, Operation, Request, Word};
pub use names::{ClientId, Endpoint, MessageId, OpId, Outcome, Seq, WorldTime};
pub use property::Property;
