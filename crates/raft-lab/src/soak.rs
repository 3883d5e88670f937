//! Random scenarios by the thousand: does anything ever break?

use crate::{Run, mode_word};
use raft_core::{Body, Note, Role, Rule};
use raft_sim::random_scenario_without;
use raft_sim::scenario::{Command, Scenario, Setting};
use raft_trace::linearizability::Verdict;
use raft_trace::{Event, Operation, Packet, TraceEvent, Violation, WorldTime};
use std::collections::BTreeMap;
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
    /// How often each thing was done to the worlds, by the words of the language: `power-off`, `set fsync`.
    pub done: BTreeMap<String, u64>,
    /// Whether clients saw a single copy, by how those of a world read: in one way, or in several.
    pub seen: BTreeMap<&'static str, Seen>,
    /// Which seed violated what.
    pub violations: Vec<(u64, Violation)>,
}

/// In how many worlds what clients saw was linearizable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// It was.
    pub yes: u64,
    /// It was not.
    pub no: u64,
    /// Nobody knows: too many writes got no answer.
    pub unknown: u64,
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
        for (mode, seen) in other.seen {
            let sum = self.seen.entry(mode).or_default();
            sum.yes += seen.yes;
            sum.no += seen.no;
            sum.unknown += seen.unknown;
        }
        for (kind, count) in other.done {
            *self.done.entry(kind).or_default() += count;
        }
        self.violations.extend(other.violations);
    }

    /// Runs a scenario to its end.
    fn run(&mut self, seed: u64, scenario: &Scenario) {
        let mut run = Run::new(scenario);
        run.until_seeing(WorldTime(u64::MAX), |event| self.count(event));
        self.scenarios += 1;
        self.simulated_us += run.now().0;
        self.events += run.events();
        let committed = run.state().servers.iter().map(|s| s.commit_index.0).max();
        self.committed += committed.unwrap_or(0);
        for timed in &scenario.script {
            if let Some(kind) = kind(&timed.command) {
                *self.done.entry(kind).or_default() += 1;
            }
        }
        let seen = self.seen.entry(way_to_read(scenario)).or_default();
        match run.linearizable() {
            Verdict::Yes => seen.yes += 1,
            Verdict::No { .. } => seen.no += 1,
            Verdict::Unknown { .. } => seen.unknown += 1,
        }
        let found = run.violations().iter().map(|v| (seed, v.clone()));
        self.violations.extend(found);
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
        sum.run(seed, &random_scenario_without(seed, off));
    }
    sum
}

/// What a command is called. What clients ask for is nothing done to them.
fn kind(command: &Command) -> Option<String> {
    if matches!(command, Command::Client { .. } | Command::End) {
        return None;
    }
    let text = command.to_string();
    let words = if matches!(command, Command::Set(_)) { 2 } else { 1 };
    Some(text.split(' ').take(words).collect::<Vec<_>>().join(" "))
}

/// How the clients of a world read: `log` or a mode's name if all of them do so in one way, else `several ways`.
fn way_to_read(scenario: &Scenario) -> &'static str {
    let plain = scenario.settings.iter().rev().find_map(|setting| match setting {
        Setting::Reads(mode) => Some(*mode),
        _ => None,
    });
    let plain = plain.unwrap_or(None);
    let mut others = scenario.script.iter().filter_map(|timed| match &timed.command {
        Command::Client {
            operation: Operation::Read { mode, .. },
            ..
        } => Some(Some(*mode)),
        Command::Client {
            operation: Operation::Get { .. },
            ..
        } => Some(plain),
        _ => None,
    });
    if others.all(|mode| mode == plain) {
        mode_word(plain)
    } else {
        "several ways"
    }
}
