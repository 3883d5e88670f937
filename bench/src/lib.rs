//! `raft-core` beside two other implementations of Raft, the crates `raft` (raft-rs) and `noraft`, each behind the same small host.
//!
//! `tests/` holds that the same schedules end alike. The program measures what each costs.
#![forbid(unsafe_code)]

pub mod agree;
pub mod cases;
pub mod core;
pub mod network;
pub mod no_raft;
pub mod raft_rs;

use network::Outbox;

/// A client's command: 16 bytes.
pub type Command = [u8; 16];

/// The `n`th command. The 0th stands for the no-op of a term's beginning.
#[must_use]
pub fn command(n: u64) -> Command {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    bytes
}

/// Which command this is.
#[must_use]
pub fn number(command: &[u8]) -> u64 {
    command
        .first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// What a server remembers over a crash.
#[derive(Clone, Debug, Default)]
pub struct Durable {
    pub term: u64,
    pub voted_for: Option<u64>,
    /// Term and command of each entry, from index 1 on.
    pub log: Vec<(u64, u64)>,
}

/// What there is to see of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub term: u64,
    pub leads: bool,
    pub commit: u64,
    /// Term and command of each entry, from index 1 on.
    pub log: Vec<(u64, u64)>,
    /// The sum of all commands it has applied.
    pub applied: u64,
}

impl View {
    /// The last entry's term and index: what votes are decided by (§5.4.1).
    #[must_use]
    pub fn log_end(&self) -> (u64, usize) {
        (self.log.last().map_or(0, |(term, _)| *term), self.log.len())
    }
}

/// One implementation with the least host that is right: disks are instant, commands are 16 bytes, carried in messages and kept in logs,
/// and what is committed is applied by adding it up. Elections and heartbeats begin when they are told to; there is no clock.
pub trait Server {
    type Message: Clone;
    const NAME: &'static str;
    /// Whether it has ReadIndex.
    const READS: bool = true;

    /// Starts one of the servers `1..=servers` from what its disk holds.
    fn start(id: u64, servers: u64, durable: &Durable) -> Self;
    /// Crashes and starts from its disk.
    fn restart(&mut self);
    /// Its election timeout ran out.
    fn campaign(&mut self, out: &mut Outbox<Self::Message>);
    /// It is time for heartbeats, if it leads.
    fn beat(&mut self, out: &mut Outbox<Self::Message>);
    /// Commands come in together. A server that does not lead takes none.
    fn propose(&mut self, commands: &[Command], out: &mut Outbox<Self::Message>);
    fn receive(&mut self, message: Self::Message, out: &mut Outbox<Self::Message>);
    /// A linearizable read by ReadIndex.
    fn read(&mut self, out: &mut Outbox<Self::Message>);
    /// How many reads may be answered by now.
    fn reads(&self) -> u64;
    fn commit(&self) -> u64;
    /// For whom it voted in its term.
    fn voted_for(&self) -> Option<u64>;
    fn view(&self) -> View;
}
