//! A deterministic world for Raft: network, disks, clocks, clients, faults, and the scenario text.
#![forbid(unsafe_code)]

pub mod scenario;
