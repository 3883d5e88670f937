//! How far a search goes.

use super::state::{KINDS, MAX_MESSAGES, MAX_SERVERS};
use raft_core::{Config, NodeId};
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
    /// A server crashes in the worst way: its power goes, what is not safe is lost, and it starts again.
    Crash,
    /// A message arrives.
    Deliver,
    /// A message is lost.
    Drop,
    /// A message is doubled.
    Duplicate,
    /// A leader is told to hand over (thesis 3.10).
    Transfer,
    /// A leader is told to change the configuration (thesis 4).
    Change,
    /// A server takes a snapshot of what it has committed (§7).
    Compact,
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
    /// How many servers, the last ones, are not in the cluster at first.
    pub spare: u32,
    /// How often a leader is told to hand over.
    pub transfers: u8,
    /// How often a leader is told to change the configuration: each way to add or remove one server, or to replace all voters by others.
    pub changes: u8,
    /// How many snapshots are taken.
    pub snapshots: u8,
    /// How servers behave, but for whom the cluster begins with. What goes by the time does nothing here: no time passes.
    pub config: Config,
}

impl Bounds {
    /// Elections and replication among three servers while messages get lost: three terms, one entry, one heartbeat, at most three
    /// messages under way, those of a link in order; disks are instant and nobody crashes. Some 20 million states up to renaming.
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
            spare: 0,
            transfers: 0,
            changes: 0,
            snapshots: 0,
            config: Config::paper(Vec::new()),
        }
    }

    /// Everything that can go wrong with disks and the network, among three servers: two terms, one entry, at most three messages under
    /// way, which may be lost, reordered and, once, doubled; one crash, which loses what is not synced. No heartbeats. Some 60 million states up to renaming.
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
        let Bounds {
            servers,
            max_term,
            messages,
            entries,
            ..
        } = self;
        write!(
            f,
            "{servers} servers, term {max_term}, {entries} entries, {messages} messages under way"
        )?;
        for (count, what) in [
            (self.heartbeats, "heartbeats"),
            (self.crashes, "crashes"),
            (self.drops, "lost"),
            (self.duplicates, "doubled"),
            (self.transfers, "transfers"),
            (self.changes, "changes of configuration"),
            (self.snapshots, "snapshots"),
        ] {
            match count {
                0 => {}
                ANY => write!(f, ", any {what}")?,
                _ => write!(f, ", {count} {what}")?,
            }
        }
        if self.spare > 0 {
            write!(f, ", {} not in the cluster at first", self.spare)?;
        }
        let Config {
            pre_vote,
            stickiness,
            rules,
            ..
        } = &self.config;
        for (holds, what) in [
            (self.reorder, "reordered"),
            (self.instant_disk, "instant disks"),
            (*pre_vote, "pre-vote"),
            (*stickiness, "stickiness"),
            (self.symmetry, "up to renaming"),
        ] {
            if holds {
                write!(f, ", {what}")?;
            }
        }
        rules
            .off()
            .try_for_each(|rule| write!(f, ", without {}", rule.name()))
    }
}

impl Bounds {
    /// # Panics
    /// When they are beyond what a state has room for.
    pub(super) fn judge(&self) {
        let servers = 1..=MAX_SERVERS as u32;
        assert!(servers.contains(&self.servers), "{servers:?} servers");
        assert!(self.spare < self.servers, "nobody would be in the cluster");
        assert!(self.messages as usize <= MAX_MESSAGES, "{MAX_MESSAGES} messages");
        assert!(self.max_term <= 15, "15 terms");
    }

    /// How often each kind of step may be taken.
    pub(super) fn budget(&self) -> [u8; KINDS] {
        let mut budget = [ANY; KINDS];
        for (kind, count) in [
            (Kind::Heartbeat, self.heartbeats),
            (Kind::Propose, self.entries),
            (Kind::Crash, self.crashes),
            (Kind::Drop, self.drops),
            (Kind::Duplicate, self.duplicates),
            (Kind::Transfer, self.transfers),
            (Kind::Change, self.changes),
            (Kind::Compact, self.snapshots),
        ] {
            budget[kind as usize] = count;
        }
        budget
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.servers).map(NodeId)
    }

    /// Whom the cluster begins with.
    pub(super) fn voters(&self) -> impl Iterator<Item = NodeId> {
        self.ids().take((self.servers - self.spare) as usize)
    }
}
