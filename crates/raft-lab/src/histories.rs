//! Random small histories by the million: do the two who judge linearizability agree?

use raft_sim::random_history;
use raft_trace::Outcome;
use raft_trace::linearizability::wgl::{self, By};
use raft_trace::linearizability::{Linearizability, Record, Verdict};
use std::ops::Range;

/// Enough for any history of [`random_history`].
const BUDGET: u64 = 1_000_000;

/// What came of some random histories.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    /// How many.
    pub histories: u64,
    /// Operations in all of them.
    pub operations: u64,
    /// How many are linearizable.
    pub linearizable: u64,
    /// How many have a write that nobody knows the outcome of.
    pub with_unknown: u64,
    /// How many of those are linearizable.
    pub linearizable_with_unknown: u64,
    /// The seeds of those of which zones and search say different things.
    pub disagreed: Vec<u64>,
}

impl Histories {
    /// Adds the outcome of others.
    pub fn add(&mut self, other: Histories) {
        self.histories += other.histories;
        self.operations += other.operations;
        self.linearizable += other.linearizable;
        self.with_unknown += other.with_unknown;
        self.linearizable_with_unknown += other.linearizable_with_unknown;
        self.disagreed.extend(other.disagreed);
    }
}

/// Judges the random histories of these seeds by zones and by search.
#[must_use]
pub fn histories(seeds: Range<u64>) -> Histories {
    let mut sum = Histories::default();
    for seed in seeds {
        let records = random_history(seed);
        let all: Vec<&Record> = records.iter().collect();
        let by_zones = Linearizability::of(&records) == Verdict::Yes;
        if wgl::is_linearizable(&all, By::Tags, BUDGET) != Some(by_zones) {
            sum.disagreed.push(seed);
        }
        let unknown = |record: &Record| {
            !record.operation.reads()
                && !matches!(record.returned, Some((_, Outcome::Ok { .. } | Outcome::Failed)))
        };
        let unknown = u64::from(records.iter().any(unknown));
        sum.histories += 1;
        sum.operations += records.len() as u64;
        sum.linearizable += u64::from(by_zones);
        sum.with_unknown += unknown;
        sum.linearizable_with_unknown += unknown * u64::from(by_zones);
    }
    sum
}
