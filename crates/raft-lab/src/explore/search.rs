//! The search itself: every state reached once, deep ones first, or in order of distance where the shortest way to one is wanted.

use super::bounds::Bounds;
use super::model::{Model, Successor};
use super::state::State;
use super::tables::Seen;
use super::{Broken, words};
use raft_core::NodeId;

/// Which state is looked at next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The one found last: needs the least memory. Says what is broken, but not how it came about.
    Deep,
    /// The one found first. Every state is kept, with where it came from: what is broken is told with a shortest way there.
    Level,
}

/// What a search has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// States, up to renaming of servers if the bounds say so.
    pub states: u64,
    /// Steps between them, those to states seen before included.
    pub transitions: u64,
    /// States in which nothing more can happen.
    pub ends: u64,
    /// The most states that waited to be looked at.
    pub waiting: u64,
    /// States of one server, with its disk.
    pub servers: u32,
    /// Steps of one server: how often the core was asked.
    pub steps: u32,
    /// Memory of the table of states seen, in bytes.
    pub table_bytes: u64,
}

/// A state where nobody should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What is wrong there.
    pub broken: Broken,
    /// A shortest way there, one line a step. Empty if the search went deep first.
    pub trace: Vec<String>,
}

/// A search under way.
pub struct Search {
    pub(super) model: Model,
    seen: Seen,
    order: Order,
    /// Waiting to be looked at: all of them if deep first, otherwise those from `next` on.
    pub(super) states: Vec<State>,
    /// Level by level: from which state each was reached. The first one's is itself.
    parents: Vec<u32>,
    next: usize,
    counts: Counts,
    found: Option<Found>,
}

impl Search {
    /// A search that has seen only the world in which nothing has happened.
    ///
    /// # Panics
    /// When the bounds are beyond what a state has room for.
    #[must_use]
    pub fn new(bounds: Bounds, order: Order) -> Search {
        let mut model = Model::new(bounds);
        let start = model.start();
        let start = model.canonical(&start);
        let mut seen = Seen::new();
        seen.insert(start.hash());
        Search {
            model,
            seen,
            order,
            states: vec![start],
            parents: vec![0],
            next: 0,
            counts: Counts::default(),
            found: None,
        }
    }

    /// Looks at up to `states` more. Returns whether there is still something to look at: not when all is seen, nor once something
    /// broken was found.
    pub fn run(&mut self, states: u64) -> bool {
        let mut successors = Vec::new();
        for _ in 0..states {
            let Some((number, state)) = self.take() else {
                return false;
            };
            successors.clear();
            self.model.successors(&state, &mut successors);
            self.counts.ends += u64::from(successors.is_empty());
            self.counts.transitions += successors.len() as u64;
            for successor in &successors {
                if let Some(broken) = successor.broken {
                    let trace = self.trace(number, successor);
                    self.found = Some(Found { broken, trace });
                    return false;
                }
                let next = self.model.canonical(&successor.state);
                if self.seen.insert(next.hash()) {
                    self.states.push(next);
                    if self.order == Order::Level {
                        self.parents.push(number);
                    }
                }
            }
            let waiting = (self.states.len() - self.next) as u64;
            self.counts.waiting = self.counts.waiting.max(waiting);
        }
        true
    }

    /// Runs to the end: until all is seen or something broken is found.
    pub fn finish(&mut self) {
        while self.run(u64::MAX) {}
    }

    /// What it has seen so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let (servers, _, steps) = self.model.sizes();
        Counts {
            states: self.seen.len(),
            servers,
            steps,
            table_bytes: self.seen.bytes(),
            ..self.counts
        }
    }

    /// What is broken.
    #[must_use]
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// The next state to look at.
    fn take(&mut self) -> Option<(u32, State)> {
        match self.order {
            Order::Deep => Some((0, self.states.pop()?)),
            Order::Level => {
                let state = *self.states.get(self.next)?;
                let number = u32::try_from(self.next).expect("fewer than 2^32 states in order of distance");
                self.next += 1;
                Some((number, state))
            }
        }
    }

    /// The way to `last`, a step from the state of this number. States are kept under whatever names made them smallest; this goes the
    /// way again with the names of the beginning.
    fn trace(&mut self, number: u32, last: &Successor) -> Vec<String> {
        if self.order == Order::Deep {
            return Vec::new();
        }
        let mut way = vec![number];
        while let Some(number) = way.last().filter(|n| **n != 0) {
            way.push(self.parents[*number as usize]);
        }
        let mut lines = Vec::new();
        let mut state = self.model.start();
        let mut successors = Vec::new();
        for number in way.into_iter().rev().skip(1) {
            let next = self.states[number as usize];
            successors.clear();
            self.model.successors(&state, &mut successors);
            let step = successors.iter().find(|s| self.model.canonical(&s.state) == next);
            let step = step.expect("the way that was gone");
            lines.push(self.line(step));
            state = step.state;
        }
        successors.clear();
        self.model.successors(&state, &mut successors);
        let step = successors.iter().find(|s| s.broken == last.broken);
        lines.extend(step.map(|step| self.line(step)));
        lines
    }

    fn line(&self, step: &Successor) -> String {
        let action = step.action;
        let server = NodeId(u32::from(action.place) + 1);
        words::action(action.kind, server, self.model.act_of(action))
    }
}
