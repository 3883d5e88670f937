//! Random scenarios by the thousand: does anything ever break?

use crate::Run;
use raft_core::{Note, Role};
use raft_sim::random_scenario;
use raft_trace::{Event, TraceEvent, Violation, WorldTime};
use std::ops::Range;

/// What came of some random scenarios.
#[derive(Clone, Debug, Default)]
pub struct Soak {
    /// How many.
    pub scenarios: u64,
    /// Simulated time, in µs.
    pub simulated_us: u64,
    /// Things that happened.
    pub events: u64,
    /// Messages sent.
    pub messages: u64,
    /// Messages lost, for whatever reason.
    pub lost: u64,
    /// Messages the network doubled.
    pub duplicated: u64,
    /// Elections won.
    pub leaders: u64,
    /// Entries committed: the sum over the scenarios of the highest commit index.
    pub committed: u64,
    /// Servers crashed.
    pub crashes: u64,
    /// Splits and one-way cuts.
    pub cuts: u64,
    /// Which seed violated what.
    pub violations: Vec<(u64, Violation)>,
}

impl Soak {
    /// Adds the outcome of others.
    pub fn add(&mut self, other: Soak) {
        self.scenarios += other.scenarios;
        self.simulated_us += other.simulated_us;
        self.events += other.events;
        self.messages += other.messages;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.leaders += other.leaders;
        self.committed += other.committed;
        self.crashes += other.crashes;
        self.cuts += other.cuts;
        self.violations.extend(other.violations);
    }

    fn count(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Sent { .. } => self.messages += 1,
            Event::Lost { .. } => self.lost += 1,
            Event::Duplicated { .. } => self.duplicated += 1,
            Event::Crashed { .. } => self.crashes += 1,
            Event::Partitioned { .. } | Event::LinkCut { .. } => self.cuts += 1,
            Event::Noted {
                note: Note::Became {
                    role: Role::Leader, ..
                },
                ..
            } => self.leaders += 1,
            _ => {}
        }
    }
}

/// Runs the random scenarios of these seeds to their ends.
#[must_use]
pub fn soak(seeds: Range<u64>) -> Soak {
    let mut sum = Soak::default();
    for seed in seeds {
        let mut run = Run::new(&random_scenario(seed));
        run.until_seeing(WorldTime(u64::MAX), |event| sum.count(event));
        sum.scenarios += 1;
        sum.simulated_us += run.now().0;
        sum.events += run.events();
        sum.committed += run
            .state()
            .servers
            .iter()
            .map(|s| s.commit_index.0)
            .max()
            .unwrap_or(0);
        sum.violations
            .extend(run.violations().iter().map(|v| (seed, v.clone())));
    }
    sum
}
