//! Every state there is, within bounds: exhaustive model checking of the real core.
//!
//! A world is a few servers, each the real [`raft_core::Raft`] with its disk, and the messages under way. The search takes every step
//! that can happen in every state it reaches: a timer runs out, a message arrives, is lost or doubled, a write becomes safe, a client
//! proposes, a server loses its power and comes back with what its disk holds. There is no time: whatever can happen may happen now.
//! In every state Figure 3's properties are judged, and that a server votes once a term.
//!
//! What makes it fast and small:
//! * A server sees one act at a time and knows nothing of the rest of the world, so there are far fewer states of one server than of all.
//!   Each is kept once and numbered, and so is each message; each step of the core is computed once and remembered ([`model`]). A state
//!   of the world is a handful of numbers ([`state`]).
//! * States that differ only in the servers' names are one: of all renamings the smallest is kept ([`orbits`]). A server is renamed by
//!   giving its renamed predecessor the renamed act, so the core need not know about renaming, and where it does treat names
//!   unequally, a debug build says so.
//! * Of a state seen, 8 bytes of hash are kept ([`tables`]).

mod bounds;
mod judge;
mod model;
mod orbits;
mod rename;
mod search;
mod server;
mod state;
mod tables;
mod words;

pub use bounds::{ANY, Bounds, Kind};
pub use search::{Counts, Found, Order, Search};

use raft_core::Input;
use raft_trace::Property;
use std::fmt;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// One of Figure 3's properties.
    Property(Property),
    /// A server gave two votes in one term (§5.2).
    OneVote,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Property(property) => property.fmt(f),
            Broken::OneVote => f.write_str("OneVote"),
        }
    }
}

/// What can happen to one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Act {
    Input(Input),
    /// Its oldest write becomes safe.
    Sync,
    /// It loses its power, and starts again.
    Crash,
}
