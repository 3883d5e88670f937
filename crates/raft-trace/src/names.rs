//! The names of things in a run.

use raft_core::{Duration, NodeId};
use serde::Serialize;
use std::fmt;
use std::ops::{Add, Sub};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
        pub struct $name(pub $inner);
    };
}

number! {
    /// The position of an event in the trace, from 0.
    Seq(u32)
}
number! {
    /// A moment of the simulated world, in µs since its beginning. Every server has a clock of its own beside it.
    WorldTime(u64)
}
number! {
    /// A message on the network, numbered from 0 in the order of sending. A duplicate has a number of its own.
    MessageId(u32)
}
number! {
    /// A client. `ClientId(1)` is shown as `C1`.
    ClientId(u32)
}
number! {
    /// A client's operation, numbered from 0 in the order of invocation over all clients.
    OpId(u32)
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C{}", self.0)
    }
}

impl Add<Duration> for WorldTime {
    type Output = WorldTime;
    fn add(self, d: Duration) -> WorldTime {
        WorldTime(self.0 + d.0)
    }
}

impl Sub for WorldTime {
    type Output = Duration;
    fn sub(self, earlier: WorldTime) -> Duration {
        Duration(self.0 - earlier.0)
    }
}

/// What the servers of a world run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Protocol {
    /// Raft.
    #[default]
    Raft,
    /// Two-phase commit: S1 coordinates, all take part.
    TwoPhaseCommit,
}

impl Protocol {
    /// As a scenario writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Raft => "raft",
            Protocol::TwoPhaseCommit => "two-phase-commit",
        }
    }
}

/// Who can send and get messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// A server.
    Server(NodeId),
    /// A client.
    Client(ClientId),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Server(id) => id.fmt(f),
            Endpoint::Client(id) => id.fmt(f),
        }
    }
}

/// As its shown name: `"S1"`, `"C2"`.
impl Serialize for Endpoint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How an operation ended for the client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Outcome {
    /// Done. A get carries what it read.
    Ok {
        /// What a get read; `None` for a missing key, and for other operations.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        value: Option<crate::Word>,
        /// The write that left what a get read, be it a value or none; `None` if nothing was ever written there, and for other
        /// operations.
        tag: Option<OpId>,
    },
    /// Certainly not done, now or ever: every request was refused.
    Failed,
    /// May have been done or may still be: some request was not answered.
    Unknown,
}
