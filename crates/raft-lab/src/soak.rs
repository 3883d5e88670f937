//! Random scenarios by the thousand: does anything ever break?

use crate::Run;
use raft_core::{Body, Note, Role, Rule};
use raft_sim::random_scenario_without;
use raft_trace::{Event, Packet, TraceEvent, Violation, WorldTime};
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
    /// Servers crashed or without power.
    pub crashes: u64,
    /// Snapshots sent to servers.
    pub snapshots: u64,
    /// Servers told to take leadership over.
    pub transfers: u64,
    /// Times a server took on another configuration.
    pub changes: u64,
    /// Reads asked for that took no place in the log.
    pub reads: u64,
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
        self.snapshots += other.snapshots;
        self.transfers += other.transfers;
        self.changes += other.changes;
        self.reads += other.reads;
        self.cuts += other.cuts;
        self.violations.extend(other.violations);
    }

    fn count_packet(&mut self, packet: &Packet) {
        self.messages += 1;
        match packet {
            Packet::Raft { message } => match message.body {
                Body::InstallSnapshot { .. } => self.snapshots += 1,
                Body::TimeoutNow => self.transfers += 1,
                _ => {}
            },
            Packet::Query { .. } => self.reads += 1,
            Packet::TwoPhase { .. } | Packet::Request { .. } | Packet::Response { .. } => {}
        }
    }

    fn count(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Sent { packet, .. } => self.count_packet(packet),
            Event::Lost { .. } => self.lost += 1,
            Event::Duplicated { .. } => self.duplicated += 1,
            Event::Crashed { .. } | Event::PoweredOff { .. } => self.crashes += 1,
            Event::Partitioned { .. } | Event::LinkCut { .. } => self.cuts += 1,
            Event::Noted {
                note: Note::ConfigurationChanged { .. },
                ..
            } => self.changes += 1,
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

/// Runs the random scenarios of these seeds to their ends, with a rule switched off if so wished.
#[must_use]
pub fn soak(seeds: Range<u64>, off: Option<Rule>) -> Soak {
    let mut sum = Soak::default();
    for seed in seeds {
        let mut run = Run::new(&random_scenario_without(seed, off));
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
