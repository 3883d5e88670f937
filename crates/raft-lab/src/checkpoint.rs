//! Points of a history from which any other is reached quickly.

use raft_sim::World;
use raft_trace::{ClusterState, Monitor, Seq, TraceEvent};
use std::sync::Arc;

/// What is known at one point of a trace by following it from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fold {
    /// The position: the `seq` of the next event.
    pub(crate) seq: Seq,
    pub(crate) cluster: ClusterState,
}

impl Fold {
    /// Follows the next event.
    pub(crate) fn apply(&mut self, event: &TraceEvent) {
        self.cluster.apply(event);
        self.seq = Seq(event.seq.0 + 1);
    }
}

/// Where history is made: the world and what judges it, between two moments.
#[derive(Clone, Debug)]
pub(crate) struct Tip {
    pub(crate) world: World,
    pub(crate) monitor: Monitor,
}

/// How often something is kept.
#[derive(Debug)]
struct Density {
    /// At first it is so many events apart.
    spacing: u32,
    /// When there are more, every other one goes and the rest are as far apart again: memory stays bounded, and the way from one of them
    /// grows with the run.
    most: usize,
    /// The same when they [weigh](World::weight) more bytes than this together. Of a usual world they never do.
    bytes: u64,
}

/// For looking. Following so many events takes about a millisecond, and of an hour's a few.
const FOLDS: Density = Density {
    spacing: 8_192,
    most: 128,
    bytes: 48_000_000,
};

/// For going on differently, which is asked for less often and takes more memory.
const TIPS: Density = Density {
    spacing: 32_768,
    most: 16,
    bytes: 16_000_000,
};

/// The checkpoints of one history, by position. The first, just after the world began, always stays.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    folds: Kept<Fold>,
    tips: Kept<Tip>,
}

/// What is kept of one kind. Branches share it.
#[derive(Clone, Debug)]
struct Kept<T> {
    at: Vec<One<T>>,
    density: &'static Density,
    spacing: u32,
}

/// One that is kept.
#[derive(Debug)]
struct One<T> {
    position: Seq,
    /// About how many bytes it takes.
    weight: u64,
    what: Arc<T>,
}

impl<T> Clone for One<T> {
    fn clone(&self) -> One<T> {
        One {
            what: self.what.clone(),
            ..*self
        }
    }
}

impl Default for Checkpoints {
    fn default() -> Self {
        Checkpoints {
            folds: Kept::new(&FOLDS),
            tips: Kept::new(&TIPS),
        }
    }
}

impl Checkpoints {
    /// Keeps what it is time for. `tip` is at `position`.
    pub(crate) fn keep(&mut self, position: Seq, tip: &mut Tip) {
        if self.folds.is_due(position) {
            tip.world.share_memory();
            tip.monitor.share_memory();
            let fold = Fold {
                seq: position,
                cluster: tip.world.view(),
            };
            self.folds.keep(position, tip.world.weight(), fold);
        }
        if self.tips.is_due(position) {
            self.tips.keep(position, tip.world.weight(), tip.clone());
        }
    }

    /// The last state at or before a position.
    pub(crate) fn fold_before(&self, position: Seq) -> &Fold {
        self.folds.before(position)
    }

    /// The last state that was kept.
    pub(crate) fn last_fold(&self) -> Option<&Fold> {
        self.folds.at.last().map(|fold| &*fold.what)
    }

    /// About how many bytes they take.
    pub(crate) fn weight(&self) -> u64 {
        self.folds.weight() + self.tips.weight()
    }

    /// The last point at or before a position from where one can go on.
    pub(crate) fn tip_before(&self, position: Seq) -> &Tip {
        self.tips.before(position)
    }

    /// Those at or before a position.
    pub(crate) fn until(&self, position: Seq) -> Checkpoints {
        Checkpoints {
            folds: self.folds.until(position),
            tips: self.tips.until(position),
        }
    }
}

impl<T> Kept<T> {
    fn new(density: &'static Density) -> Kept<T> {
        Kept {
            at: Vec::new(),
            density,
            spacing: density.spacing,
        }
    }

    fn is_due(&self, position: Seq) -> bool {
        let last = self.at.last();
        last.is_none_or(|last| position.0 - last.position.0 >= self.spacing)
    }

    fn keep(&mut self, position: Seq, weight: u64, what: T) {
        let what = Arc::new(what);
        self.at.push(One {
            position,
            weight,
            what,
        });
        while self.at.len() > self.density.most || self.at.len() > 1 && self.weight() > self.density.bytes {
            let mut number = 0;
            self.at.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.spacing = self.spacing.saturating_mul(2);
        }
    }

    fn weight(&self) -> u64 {
        self.at.iter().map(|one| one.weight).sum()
    }

    fn before(&self, position: Seq) -> &T {
        let after = self.at.partition_point(|one| one.position <= position);
        &self.at[after.saturating_sub(1)].what
    }

    fn until(&self, position: Seq) -> Kept<T> {
        let after = self.at.partition_point(|one| one.position <= position);
        Kept {
            at: self.at[..after].to_vec(),
            density: self.density,
            spacing: self.spacing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_long_a_run_its_checkpoints_are_few_and_even() {
        for density in [&FOLDS, &TIPS] {
            let Density { spacing, most, .. } = *density;
            let mut kept = Kept::new(density);
            kept.keep(Seq(10), 1, 10);
            for seq in (20..8_000_000).step_by(1_000).filter(|seq| seq % 3 != 0) {
                if kept.is_due(Seq(seq)) {
                    kept.keep(Seq(seq), 1, seq);
                }
                assert!(kept.at.len() <= most);
                let way = seq - kept.before(Seq(seq));
                let share = seq / (most as u32 / 2) + 4_000;
                assert!(way <= spacing + 4_000 || way <= share, "{way} events to {seq}");
            }
            assert_eq!(*kept.before(Seq(10)), 10);
            let last = *kept.until(Seq(1_000_000)).before(Seq(4_000_000));
            assert_eq!(last, *kept.before(Seq(1_000_000)));
        }
    }

    #[test]
    fn heavy_checkpoints_are_fewer_and_the_first_always_stays() {
        for weight in [1_000_000, 10_000_000, 100_000_000] {
            let mut kept = Kept::new(&FOLDS);
            for seq in (10..4_000_000).step_by(1_000) {
                if kept.is_due(Seq(seq)) {
                    kept.keep(Seq(seq), weight, seq);
                }
                assert!(
                    kept.weight() <= FOLDS.bytes.max(weight),
                    "{} bytes",
                    kept.weight()
                );
            }
            assert_eq!(*kept.before(Seq(10)), 10);
            let many = FOLDS.bytes / weight / 4;
            assert!(kept.at.len() as u64 >= many, "{} of {weight}", kept.at.len());
        }
    }
}
