//! Random small histories by the million: do the two who judge linearizability agree?

use raft_sim::random_history;
use raft_trace::linearizability::wgl::{self, By};
use raft_trace::linearizability::{Linearizability, Record, Verdict, When};
use raft_trace::{ClientId, OpId, Operation, Outcome, Seq, WorldTime};
use std::ops::Range;
use std::sync::Arc;

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
        let records = shared(random_history(seed));
        let all: Vec<&Record> = records.iter().map(|record| &**record).collect();
        let by_zones = is_linearizable(&records);
        if wgl::is_linearizable(&all, By::Tags, BUDGET) != Some(by_zones) {
            sum.disagreed.push(seed);
        }
        let unknown = |record: &Record| {
            !record.operation.reads()
                && !matches!(record.returned, Some((_, Outcome::Ok { .. } | Outcome::Failed)))
        };
        let unknown = u64::from(all.iter().any(|record| unknown(record)));
        sum.histories += 1;
        sum.operations += records.len() as u64;
        sum.linearizable += u64::from(by_zones);
        sum.with_unknown += unknown;
        sum.linearizable_with_unknown += unknown * u64::from(by_zones);
    }
    sum
}

/// 10,000 operations of five clients on one key, half of them writes, of which 100 got no answer: every second of those was seen
/// later, the others by nobody. It is linearizable. To measure how long that takes to find out.
#[must_use]
pub fn long_history() -> Vec<Arc<Record>> {
    let mut seen = None;
    let record = |i: u32| {
        let (writes, unknown, lost) = (i.is_multiple_of(2), i.is_multiple_of(100), i.is_multiple_of(200));
        let key = "x".into();
        let operation = match writes {
            true => Operation::Put {
                key,
                value: i.to_string().into(),
            },
            false => Operation::Get { key },
        };
        let done = match writes {
            true => Outcome::Ok {
                value: None,
                tag: None,
            },
            false => Outcome::Ok {
                value: seen.map(|OpId(write)| write.to_string().into()),
                tag: seen,
            },
        };
        if writes && !lost {
            seen = Some(OpId(i));
        }
        // An operation begins every four moments and takes fourteen, so that four of them overlap.
        Record {
            op: OpId(i),
            client: ClientId(i % 5 + 1),
            operation,
            invoked: moment(4 * i + 1),
            returned: Some((moment(4 * i + 15), if unknown { Outcome::Unknown } else { done })),
        }
    };
    shared((0..10_000).map(record).collect())
}

fn moment(seq: u32) -> When {
    When {
        seq: Seq(seq),
        at: WorldTime(u64::from(seq) * 1_000),
    }
}

fn shared(records: Vec<Record>) -> Vec<Arc<Record>> {
    records.into_iter().map(Arc::new).collect()
}

/// Whether a finished history is linearizable.
#[must_use]
pub fn is_linearizable(records: &[Arc<Record>]) -> bool {
    Linearizability::of(records) == Verdict::Yes
}
