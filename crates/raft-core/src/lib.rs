//! One server of Raft as a pure machine: no clock, no dice, no disk, no network.
