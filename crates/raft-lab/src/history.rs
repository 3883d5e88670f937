//! What is known of one branch: everything that happened so far, and the world at its end, ready to go on.

use crate::checkpoint::{Checkpoints, Fold, Tip};
use crate::ladder::Ladder;
use raft_sim::World;
use raft_sim::scenario::{Scenario, Timed};
use raft_trace::linearizability::Verdict;
use raft_trace::{Fingerprint, Monitor, Seq, Trace, TraceEvent, Violation, WorldTime};
use std::cell::Cell;

/// A branch makes no more history beyond this many events: an hour of five servers with ten writes a second has 3.4 million and takes
/// less than 50 MB, so the largest takes less than 100.
pub(crate) const MAX_EVENTS: u32 = 6_000_000;

/// Nor beyond so many bytes of coded events, of which that hour has 16 MB: a message that carries thousands of entries is large, and sent
/// again it is written down again. A branch codes with what the one it left had learnt, which may move this limit by a few events.
const MAX_BYTES: u64 = 96_000_000;

/// One branch's past. It only ever grows at its end.
#[derive(Clone, Debug)]
pub(crate) struct History {
    trace: Trace,
    ladder: Ladder,
    checkpoints: Checkpoints,
    tip: Tip,
    /// Nothing is unknown up to here, and this included.
    known_until: WorldTime,
    /// The events of the moment being made; kept for its memory only.
    moment: Vec<TraceEvent>,
    /// The fingerprint that was asked for last, and of which position.
    printed: Cell<(Seq, Fingerprint)>,
}

impl History {
    /// A world that has just begun.
    pub(crate) fn begin(scenario: &Scenario) -> History {
        let tip = Tip {
            world: World::new(scenario),
            monitor: Monitor::default(),
        };
        let mut history = History {
            trace: Trace::default(),
            ladder: Ladder::default(),
            checkpoints: Checkpoints::default(),
            tip,
            known_until: WorldTime(0),
            moment: Vec::new(),
            printed: Cell::default(),
        };
        history.make_moment();
        history
    }

    /// The history of a scenario as far as it was known before: runs are repeatable.
    pub(crate) fn again(scenario: &Scenario, known_until: WorldTime) -> History {
        let mut history = History::begin(scenario);
        while history.grow(known_until).is_some() {}
        history
    }

    /// Makes the next moment if it comes no later than `until`, and gives its events; a few moments have none. `None`: all is known up
    /// to `until`, or the scenario is over before, or the [limit](History::limit) is reached.
    pub(crate) fn grow(&mut self, until: WorldTime) -> Option<&[TraceEvent]> {
        if self.limit().is_some() {
            return None;
        }
        match self.tip.world.next_at() {
            Some(at) if at <= until => {
                self.make_moment();
                return Some(&self.moment);
            }
            Some(_) => self.known_until = self.known_until.max(until),
            None => {}
        }
        None
    }

    fn make_moment(&mut self) -> bool {
        let Tip { world, monitor } = &mut self.tip;
        self.moment.clear();
        if !world.step(&mut self.moment) {
            return false;
        }
        for event in &self.moment {
            self.trace.push(event);
            self.ladder.push(event);
            monitor.observe(event);
        }
        self.trace.close_moment();
        self.known_until = self.known_until.max(self.trace.last_at());
        self.checkpoints.keep(self.end(), &mut self.tip);
        true
    }

    /// A history that is the same up to `position`, between two moments, and goes on from there by `script`. It must agree with
    /// `old`, this history's own script, as far as that was carried out by then.
    pub(crate) fn fork(&self, old: &[Timed], position: Seq, script: &[Timed]) -> History {
        let mut tip = self.checkpoints.tip_before(position).clone();
        tip.world.replan(old); // the checkpoint knows only those commands that had been given when it was made
        let mut moment = Vec::new();
        while tip.world.seq() < position && tip.world.step(&mut moment) {
            for event in moment.drain(..) {
                tip.monitor.observe(&event);
            }
        }
        let trace = self.trace.fork_at(position);
        let mut ladder = Ladder::default();
        for event in trace.iter_from(Seq(0)) {
            ladder.push(&event);
        }
        let mut fork = History {
            known_until: trace.last_at(),
            checkpoints: self.checkpoints.until(position),
            trace,
            ladder,
            tip,
            moment,
            printed: Cell::default(),
        };
        fork.replan(script);
        fork
    }

    /// Goes on by another script from the end. It must agree with the old one as far as that was carried out.
    pub(crate) fn replan(&mut self, script: &[Timed]) {
        self.tip.world.replan(script);
        self.known_until = self.trace.last_at(); // that nothing happens after it was known of the old script
    }

    /// Everything that happened.
    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The fingerprint of everything before a position. Few ask, so it is made when one does; going on from there takes little.
    pub(crate) fn fingerprint(&self, position: Seq) -> Fingerprint {
        let (from, mut fingerprint) = match self.printed.get() {
            known if known.0 <= position => known,
            _ => Default::default(),
        };
        for event in self.trace.iter_from(from).take((position.0 - from.0) as usize) {
            fingerprint.add(&event);
        }
        self.printed.set((position, fingerprint));
        fingerprint
    }

    /// The pictures' index of it.
    pub(crate) fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// The position after the last event.
    pub(crate) fn end(&self) -> Seq {
        Seq(self.trace.len())
    }

    /// When the world was last at work. Some things leave no event, such as a command of a client that has to wait for its turn.
    pub(crate) fn worked_until(&self) -> WorldTime {
        self.tip.world.now()
    }

    /// Up to when everything is known.
    pub(crate) fn known_until(&self) -> WorldTime {
        self.known_until
    }

    /// The last point at or before `position` whose state is at hand.
    pub(crate) fn state_before(&self, position: Seq) -> &Fold {
        self.checkpoints.fold_before(position)
    }

    /// The state at the end, if it is at hand.
    pub(crate) fn state_at_end(&self) -> Option<&Fold> {
        self.checkpoints.last_fold().filter(|fold| fold.seq == self.end())
    }

    /// What was violated so far, in the order of events.
    pub(crate) fn violations(&self) -> &[Violation] {
        self.tip.monitor.violations()
    }

    /// Whether what clients saw so far is linearizable.
    pub(crate) fn linearizable(&self) -> &Verdict {
        self.tip.monitor.linearizable()
    }

    /// Why it goes no further, as a sentence.
    pub(crate) fn limit(&self) -> Option<String> {
        let (events, megabytes) = (self.trace.len(), MAX_BYTES / 1_000_000);
        if events >= MAX_EVENTS {
            let sentence = format!("{MAX_EVENTS} events have happened: this run is kept no further.");
            return Some(sentence);
        }
        let full = self.trace.coded_bytes() >= MAX_BYTES;
        full.then(|| format!("The {events} events so far take {megabytes} MB: this run is kept no further."))
    }

    /// How much memory it takes, in bytes; what the checkpoints hold is estimated.
    pub(crate) fn heap_bytes(&self) -> u64 {
        self.trace.heap_bytes() + self.ladder.heap_bytes() + self.checkpoints.weight()
    }
}
