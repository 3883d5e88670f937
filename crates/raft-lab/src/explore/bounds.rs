//! How far a search goes.

use super::state::{KINDS, MAX_MESSAGES, MAX_SERVERS};
use raft_core::{Config, NodeId, Rules};
use std::fmt;

/// As often as you like.
pub const ANY: u8 = u8::MAX;

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An election timer runs out.
    Timeout,
    /// A leader's heartbeat timer runs out.
    Heartbeat,
    /// A client proposes to a leader.
    Propose,
    /// A server's oldest write becomes safe.
    Sync,
    /// A server crashes, loses what is not safe, and restarts.
    Crash,
    /// A message arrives.
    Deliver,
    /// A message is lost.
    Drop,
    /// A message is doubled.
    Duplicate,
}

/// The bounds of a search: it is complete within them. A step that would lead outside is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many servers, 1 to 5.
    pub servers: u32,
    /// The highest term, at most 15.
    pub max_term: u64,
    /// How many messages may be under way at once, those that wait for a disk included; at most 8.
    pub messages: u32,
    /// How many commands clients propose.
    pub entries: u8,
    /// How many heartbeats leaders send, in all. Each has a number, so without a limit there is no end.
    pub heartbeats: u8,
    /// How many crashes.
    pub crashes: u8,
    /// How many messages are lost.
    pub drops: u8,
    /// How many messages are doubled.
    pub duplicates: u8,
    /// Whether a message may overtake another on the same way.
    pub reorder: bool,
    /// Whether a write is safe at once. Otherwise that is a step of its own, and a crash before it loses the write.
    pub instant_disk: bool,
    /// Whether states that differ only in the servers' names are one.
    pub symmetry: bool,
    /// How many entries one AppendEntries carries at most.
    pub max_entries: u32,
    /// Which rules hold.
    pub rules: Rules,
}

impl Bounds {
    /// Elections and replication among three servers while messages get lost: three terms, one entry, one heartbeat, at most three
    /// messages under way, those of a link in order; disks are instant and nobody crashes.
    #[must_use]
    pub fn lossy() -> Bounds {
        Bounds {
            servers: 3,
            max_term: 3,
            messages: 3,
            entries: 1,
            heartbeats: 1,
            crashes: 0,
            drops: ANY,
            duplicates: 0,
            reorder: false,
            instant_disk: true,
            symmetry: true,
            max_entries: 64,
            rules: Rules::ALL,
        }
    }

    /// Everything that can go wrong with disks and the network, among three servers: two terms, one entry, at most three messages under
    /// way, which may be lost, reordered and, once, doubled; one crash, which loses what is not synced. No heartbeats.
    #[must_use]
    pub fn rough() -> Bounds {
        Bounds {
            max_term: 2,
            heartbeats: 0,
            crashes: 1,
            duplicates: 1,
            reorder: true,
            instant_disk: false,
            ..Bounds::lossy()
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |n: u8| if n == ANY { "any".into() } else { n.to_string() };
        write!(
            f,
            "{} servers, term {}, {} messages under way, {} entries, {} heartbeats, {} crashes, {} lost, {} doubled, {}, {}, {}",
            self.servers,
            self.max_term,
            self.messages,
            self.entries,
            many(self.heartbeats),
            many(self.crashes),
            many(self.drops),
            many(self.duplicates),
            if self.reorder {
                "reordered"
            } else {
                "in order on each way"
            },
            if self.instant_disk {
                "instant disks"
            } else {
                "slow disks"
            },
            if self.symmetry {
                "up to renaming"
            } else {
                "names told apart"
            },
        )
    }
}

impl Bounds {
    /// # Panics
    /// When they are beyond what a state has room for.
    pub(super) fn judge(&self) {
        let servers = 1..=MAX_SERVERS as u32;
        assert!(servers.contains(&self.servers), "{servers:?} servers");
        assert!(self.messages as usize <= MAX_MESSAGES, "{MAX_MESSAGES} messages");
        assert!(self.max_term <= 15, "15 terms");
    }

    /// How often each kind of step may be taken.
    pub(super) fn budget(&self) -> [u8; KINDS] {
        let mut budget = [ANY; KINDS];
        budget[Kind::Heartbeat as usize] = self.heartbeats;
        budget[Kind::Propose as usize] = self.entries;
        budget[Kind::Crash as usize] = self.crashes;
        budget[Kind::Drop as usize] = self.drops;
        budget[Kind::Duplicate as usize] = self.duplicates;
        budget
    }

    pub(super) fn ids(&self) -> Vec<NodeId> {
        (1..=self.servers).map(NodeId).collect()
    }

    pub(super) fn config(&self) -> Config {
        Config {
            max_entries: self.max_entries,
            rules: self.rules,
            ..Config::paper(self.ids())
        }
    }
}
