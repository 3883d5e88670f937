//! raft: run, check and measure scenarios from the command line.
fn main() {}
