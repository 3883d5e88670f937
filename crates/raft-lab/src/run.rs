//! One scenario, run from beginning to end with everything judged on the way: what the command line, the tests and the
//! benchmarks do. The page wants to go back and forth and uses `Session` instead.

use raft_sim::World;
use raft_sim::scenario::Scenario;
use raft_trace::linearizability::Verdict;
use raft_trace::{ClusterState, Event, Fingerprint, Monitor, Trace, TraceEvent, Violation, Wait, WorldTime};

/// The most events one run may have; a scenario that storms beyond is stopped there. An hour of five servers with ten writes a second has 3.4
/// million.
pub const MAX_EVENTS: u64 = 20_000_000;

/// A run in progress.
pub struct Run {
    world: World,
    monitor: Monitor,
    judged: bool,
    fingerprint: Fingerprint,
    trace: Option<Trace>,
    events: u64,
    messages: u64,
    ended: bool,
    max_events: u64,
    /// The events of the moment under way; kept to be filled anew.
    moment: Vec<TraceEvent>,
}

impl Run {
    /// A run that keeps no history.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Run {
        Run {
            world: World::new(scenario),
            monitor: Monitor::default(),
            judged: true,
            fingerprint: Fingerprint::default(),
            trace: None,
            events: 0,
            messages: 0,
            ended: false,
            max_events: MAX_EVENTS,
            moment: Vec::new(),
        }
    }

    /// A run that keeps its whole trace.
    #[must_use]
    pub fn keeping(scenario: &Scenario) -> Run {
        Run {
            trace: Some(Trace::default()),
            ..Run::new(scenario)
        }
    }

    /// A run that keeps no history and judges nothing: to see what judging costs.
    #[must_use]
    pub fn unjudged(scenario: &Scenario) -> Run {
        Run {
            judged: false,
            ..Run::new(scenario)
        }
    }

    /// The same run, to be stopped after fewer events than [`MAX_EVENTS`].
    #[must_use]
    pub fn stopping_after(self, max_events: u64) -> Run {
        Run { max_events, ..self }
    }

    /// Runs until just after `until`, or to the scenario's end, or to its [limit](Run::limit); whichever comes first.
    pub fn until(&mut self, until: WorldTime) {
        self.until_seeing(until, |_| ());
    }

    /// As [`Run::until`], and shows every event as it happens.
    pub fn until_seeing(&mut self, until: WorldTime, mut see: impl FnMut(&TraceEvent)) {
        while self.some_seeing(until, u32::MAX, &mut see) {}
    }

    /// The same in slices: goes on by at most so many moments. Returns whether there is more to do.
    pub fn some_seeing(&mut self, until: WorldTime, moments: u32, mut see: impl FnMut(&TraceEvent)) -> bool {
        for _ in 0..moments {
            if self.world.next_at().is_none_or(|at| at > until) || self.limit().is_some() {
                return false;
            }
            self.step();
            self.moment.iter().for_each(&mut see);
            self.keep();
        }
        true
    }

    fn step(&mut self) {
        self.moment.clear();
        self.world.step(&mut self.moment);
        for event in &self.moment {
            if self.judged {
                self.monitor.observe(event);
            }
            self.fingerprint.add(event);
            self.events += 1;
            match event.event {
                Event::Sent { .. } => self.messages += 1,
                Event::Ended => self.ended = true,
                _ => {}
            }
        }
    }

    fn keep(&mut self) {
        if let Some(trace) = &mut self.trace {
            for event in &self.moment {
                trace.push(event);
            }
            trace.close_moment();
        }
    }

    /// What the cluster is like now.
    #[must_use]
    pub fn state(&self) -> ClusterState {
        self.world.view()
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> WorldTime {
        self.world.now()
    }

    /// Whether the scenario is over.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Why it goes no further than it has come, as a sentence; `None` while it can, and when the scenario is over.
    #[must_use]
    pub fn limit(&self) -> Option<String> {
        (self.events >= self.max_events && !self.ended).then(|| {
            format!(
                "the run was stopped at {} ms, after {} events",
                self.world.now().0 / 1000,
                self.events
            )
        })
    }

    /// How many things happened.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// How many messages were sent.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// The fingerprint of everything so far.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The properties violated so far, each once.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.monitor.violations()
    }

    /// Whether what clients saw so far is linearizable, whatever modes they read in.
    #[must_use]
    pub fn linearizable(&self) -> &Verdict {
        self.monitor.linearizable()
    }

    /// In two-phase commit, the longest that a server which had voted waited for the decision, until now.
    #[must_use]
    pub fn longest_wait(&self) -> Option<Wait> {
        self.monitor.longest_wait(self.now())
    }

    /// The trace, if this run keeps it.
    #[must_use]
    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }
}
