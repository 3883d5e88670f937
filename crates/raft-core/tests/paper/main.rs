//! The Raft paper, sentence by sentence: one test for every sentence of §5 that says what a server must do, named after it.
//! Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended Version)"; "thesis" is Ongaro's.

#[path = "../support/mod.rs"]
mod support;

mod commitment;
mod crashes;
mod elections;
mod leases;
mod membership;
mod pipelining;
mod prevote;
mod reads;
mod repair;
mod replication;
mod rpcs;
mod snapshots;
mod stable_storage;
mod terms;
mod transfer;
