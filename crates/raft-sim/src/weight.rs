//! How much memory a clone of a world takes for itself: an estimate, made in passing, of what a scenario can make large.
//!
//! It is the same on every machine, so it counts by sizes that are a little more than those of a 64-bit one. What clones share, the
//! entries under way and a snapshot's data, counts in full: by the next checkpoint mostly others are under way.

use crate::World;
use raft_core::{Body, Log, Message, Write};
use raft_trace::Packet;

/// A message on its way or kept back, with its berth and its arrival.
const MESSAGE: u64 = 200;
/// An entry that a message or a write carries.
const ENTRY: u64 = 48;
/// A write that is not safe yet.
const WRITE: u64 = 160;
/// A key of a server's store, in a tree.
const KEY: u64 = 100;
/// A request that waits in a leader's log, in two trees.
const PROPOSAL: u64 = 100;
/// What a client will ask for.
const WISH: u64 = 80;
/// A log has a pointer of 8 bytes for 32 entries, and the judges follow every log with one more.
const ENTRIES_PER_BYTE: u64 = 2;

impl World {
    /// About how many bytes a clone takes that lives on while this world goes on: the messages on their way, what waits for a disk, for
    /// a commit or for its client's turn, the stores, and what it costs to share logs.
    #[must_use]
    #[inline]
    pub fn weight(&self) -> u64 {
        let flying = self.around.network.in_flight();
        let messages: u64 = flying.map(|(flying, _)| packet(&flying.packet)).sum();
        let wishes: u64 = self.clients.iter().map(|client| client.wishes() * WISH).sum();
        let servers = self.servers.iter().map(|server| {
            let disk = &server.disk;
            let writes: u64 = disk.pending().map(write).sum();
            let waiting: u64 = disk.waiting().map(message).sum();
            let logs = log(&disk.durable().log) + server.log().map_or(0, log);
            writes + waiting + logs + server.keys() * KEY + server.proposals() * PROPOSAL
        });
        messages + wishes + servers.sum::<u64>()
    }
}

fn packet(packet: &Packet) -> u64 {
    match packet {
        Packet::Raft { message: said } => message(said),
        _ => MESSAGE,
    }
}

fn message(message: &Message) -> u64 {
    MESSAGE
        + match &message.body {
            Body::AppendEntries { entries, .. } => entries.len() as u64 * ENTRY,
            Body::InstallSnapshot { snapshot } => snapshot.data.len() as u64,
            _ => 0,
        }
}

fn write(write: &Write) -> u64 {
    let entries = write.append.as_ref().map_or(0, |append| append.entries.len());
    WRITE + entries as u64 * ENTRY
}

fn log(log: &Log) -> u64 {
    (log.last_index().0 - log.base().0.0) / ENTRIES_PER_BYTE
}
