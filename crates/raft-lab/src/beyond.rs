//! Random worlds beyond what Raft promises: does what breaks there break, and nothing else?

use crate::Run;
use raft_sim::{Beyond, beyond_scenario};
use raft_trace::{Property, Violation, WorldTime};
use std::collections::BTreeMap;
use std::ops::Range;

use Property::{
    Durability, ElectionSafety, ExactlyOnce, LeaderCompleteness, Linearizability, LogMatching,
    MonotonicCommit, MonotonicTerm, OneVotePerTerm, Progress, QuorumDurability, ReadFreshness,
    StateMachineSafety,
};

/// What may break in worlds of a kind, and must not be overlooked in a thousand of them.
#[derive(Clone, Copy, Debug)]
pub struct Theory {
    /// What may break, as far as theory goes. Whatever else breaks is a bug: of the core, of the world or of the judges.
    pub may: &'static [Property],
    /// What does break, and in how many worlds of a thousand at least.
    pub must: &'static [(Property, u64)],
}

/// What may break when servers forget what they told others, their votes as well.
const OF_DISKS: &[Property] = &[
    Durability,
    OneVotePerTerm,
    MonotonicTerm,
    ElectionSafety,
    LogMatching,
    LeaderCompleteness,
    StateMachineSafety,
    MonotonicCommit,
    QuorumDurability,
    ReadFreshness,
    Linearizability,
    ExactlyOnce,
    Progress,
];

/// What follows from what such a world breaks. Nothing ever breaks `LeaderAppendOnly` or `ConfigurationOverlap`: they speak of what one leader
/// does to its log in memory, which neither disks nor clocks touch.
#[must_use]
pub const fn theory(beyond: Beyond) -> Theory {
    match beyond {
        // Terms and votes are safe, so each term has one leader, and an entry of its term at an index is one entry: Election Safety and Log
        // Matching hold. But a majority that counted may forget what it counted. Who forgot is not told so: its leader goes on to believe
        // that it has what it lacks, and may wait for its acknowledgement. And an acknowledgement that does not wait tells a term that is
        // not on disk either: terms go back, though no vote is forgotten.
        Beyond::EarlyAck => Theory {
            may: &[
                Durability,
                QuorumDurability,
                LeaderCompleteness,
                StateMachineSafety,
                MonotonicCommit,
                MonotonicTerm,
                ReadFreshness,
                Linearizability,
                ExactlyOnce,
                Progress,
            ],
            must: &[(Durability, 50), (QuorumDurability, 50), (LeaderCompleteness, 1)],
        },
        // A vote that is forgotten can be given again: two leaders in a term, and with them everything that follows from one.
        Beyond::EarlyVote => Theory {
            may: OF_DISKS,
            must: &[(Durability, 20), (OneVotePerTerm, 1)],
        },
        // All that is told others may be forgotten: entries, votes and terms.
        Beyond::LyingDisk => Theory {
            may: OF_DISKS,
            must: &[(Durability, 50), (QuorumDurability, 50)],
        },
        Beyond::LostDisks => Theory {
            may: OF_DISKS,
            must: &[(Durability, 50), (QuorumDurability, 200), (LeaderCompleteness, 5)],
        },
        // Only leases trust clocks.
        Beyond::Drift | Beyond::ClockBack => Theory {
            may: &[ReadFreshness, Linearizability],
            must: &[(ReadFreshness, 5), (Linearizability, 5)],
        },
    }
}

/// What came of worlds of one kind.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many.
    pub scenarios: u64,
    /// In how many each property broke.
    pub broken: BTreeMap<Property, u64>,
    /// What broke, in which seed, though it cannot.
    pub stray: Vec<(u64, Violation)>,
}

impl Outcome {
    /// Adds what came of others of this kind.
    pub fn add(&mut self, other: Outcome) {
        self.scenarios += other.scenarios;
        for (property, count) in other.broken {
            *self.broken.entry(property).or_default() += count;
        }
        self.stray.extend(other.stray);
    }

    /// What should have been seen more often: the property, how often it was, and how often it should have been.
    #[must_use]
    pub fn missing(&self, theory: Theory) -> Vec<(Property, u64, u64)> {
        let seen = |property| self.broken.get(property).copied().unwrap_or(0);
        let least = |per_thousand: u64| per_thousand * self.scenarios / 1_000;
        (theory.must.iter())
            .map(|(property, per_thousand)| (*property, seen(property), least(*per_thousand)))
            .filter(|(_, seen, least)| seen < least)
            .collect()
    }
}

/// Runs the worlds of this kind with these seeds to their ends.
#[must_use]
pub fn soak_beyond(beyond: Beyond, seeds: Range<u64>) -> Outcome {
    let mut sum = Outcome::default();
    for seed in seeds {
        let mut run = Run::new(&beyond_scenario(beyond, seed));
        run.until(WorldTime(u64::MAX));
        sum.scenarios += 1;
        for violation in run.violations() {
            *sum.broken.entry(violation.property()).or_default() += 1;
            if !theory(beyond).may.contains(&violation.property()) {
                sum.stray.push((seed, violation.clone()));
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_beyond_the_promise_is_what_theory_says_and_it_is_caught() {
        for beyond in Beyond::ALL {
            let found = soak_beyond(*beyond, 0..300);
            let stray: Vec<String> = found
                .stray
                .iter()
                .map(|(seed, v)| format!("{seed}: {v}"))
                .collect();
            assert!(stray.is_empty(), "{}: {}", beyond.name(), stray.join("\n"));
            let missing = found.missing(theory(*beyond));
            assert!(
                missing.is_empty(),
                "{}: {missing:?} of {:?}",
                beyond.name(),
                found.broken
            );
        }
    }
}
