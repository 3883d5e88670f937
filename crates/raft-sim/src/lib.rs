//! A deterministic world for Raft: network, disks, clocks, clients, faults.
#![forbid(unsafe_code)]

mod alarms;
mod client;
mod clock;
mod commands;
mod dice;
mod disk;
mod faults;
mod histories;
mod load;
mod moment;
mod network;
mod proposals;
mod random;
mod reads;
mod server;
mod size;
mod surroundings;
mod view;
mod weight;
mod world;

pub use histories::{random_history, random_history_of};
pub use raft_scenario as scenario;
pub use random::{Beyond, beyond_scenario, random_scenario, random_scenario_without};
pub use world::World;
