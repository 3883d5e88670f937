//! Points of a history from which any other is reached quickly.

use raft_sim::World;
use raft_trace::{ClusterState, Fingerprint, Monitor, Seq, TraceEvent};
use std::sync::Arc;

/// Checkpoints are at least this many events apart; following so many takes well under a millisecond.
const SPACING: u32 = 8_192;

/// When there are more checkpoints, every other one goes and the rest are as far apart again: memory stays bounded, and the way
/// from a checkpoint grows with the run.
const MAX_CHECKPOINTS: usize = 48;

/// What is known at one point of a trace by following it from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fold {
    /// The position: the `seq` of the next event.
    pub(crate) seq: Seq,
    pub(crate) cluster: ClusterState,
    pub(crate) fingerprint: Fingerprint,
}

impl Fold {
    /// Follows the next event.
    pub(crate) fn apply(&mut self, event: &TraceEvent) {
        self.cluster.apply(event);
        self.fingerprint.add(event);
        self.seq = Seq(event.seq.0 + 1);
    }
}

/// A point between two moments, complete: the state for looking, world and monitor for going on.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    pub(crate) state: Fold,
    pub(crate) world: World,
    pub(crate) monitor: Monitor,
}

/// The checkpoints of one history, by position. The first, just after the world began, always stays.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    /// Shared between branches.
    kept: Vec<Arc<Checkpoint>>,
    spacing: u32,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Checkpoints {
            kept: Vec::new(),
            spacing: SPACING,
        }
    }
}

impl Checkpoints {
    /// Whether it is time for the next one.
    pub(crate) fn is_due(&self, position: Seq) -> bool {
        self.kept
            .last()
            .is_some_and(|last| position.0 - last.state.seq.0 >= self.spacing)
    }

    /// Keeps one at the end.
    pub(crate) fn keep(&mut self, checkpoint: Checkpoint) {
        self.kept.push(Arc::new(checkpoint));
        if self.kept.len() > MAX_CHECKPOINTS {
            let mut number = 0;
            self.kept.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.spacing *= 2;
        }
    }

    /// The last one at or before a position.
    pub(crate) fn before(&self, position: Seq) -> &Checkpoint {
        let after = self.kept.partition_point(|c| c.state.seq <= position);
        &self.kept[after.saturating_sub(1)]
    }

    /// Those at or before a position.
    pub(crate) fn until(&self, position: Seq) -> Checkpoints {
        let after = self.kept.partition_point(|c| c.state.seq <= position);
        Checkpoints {
            kept: self.kept[..after].to_vec(),
            spacing: self.spacing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use raft_sim::scenario::Scenario;

    fn checkpoint(seq: u32) -> Checkpoint {
        let scenario = Scenario::parse("raft 1\nservers 1").expect("a scenario");
        let state = Fold {
            seq: Seq(seq),
            ..Fold::default()
        };
        Checkpoint {
            state,
            world: World::new(&scenario),
            monitor: Monitor::default(),
        }
    }

    #[test]
    fn however_long_a_run_its_checkpoints_are_few_and_even() {
        let mut checkpoints = Checkpoints::default();
        checkpoints.keep(checkpoint(10));
        for seq in (20..5_000_000).step_by(1_000).filter(|seq| seq % 3 != 0) {
            if checkpoints.is_due(Seq(seq)) {
                checkpoints.keep(checkpoint(seq));
            }
            assert!(checkpoints.kept.len() <= MAX_CHECKPOINTS);
            let way = seq - checkpoints.before(Seq(seq)).state.seq.0;
            assert!(way <= SPACING + 4_000 || way <= seq / 20, "{way} events to {seq}");
        }
        assert_eq!(checkpoints.before(Seq(10)).state.seq, Seq(10));
        assert_eq!(
            checkpoints
                .until(Seq(1_000_000))
                .before(Seq(4_000_000))
                .state
                .seq
                .0
                / 100_000,
            9
        );
    }
}
