//! A second opinion: the search of Wing and Gong (1993) for an order that explains a history, with Lowe's memory of what was tried
//! (2017). It needs no tags: it can go by the values read. Its time may grow exponentially with the writes of unknown outcome, so it
//! is given a budget.

use super::Record;
use crate::{OpId, Operation, Outcome, Seq, Word};
use std::collections::BTreeSet;

/// What a read is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Which write it saw.
    Tags,
    /// What value it saw: of two writes of the same value nobody asks which.
    Values,
}

/// Whether the operations of one key are linearizable. `None`: more than `budget` states were tried, and nobody knows. No two moments
/// may be the same.
#[must_use]
pub fn is_linearizable(records: &[&Record], by: By, budget: u64) -> Option<bool> {
    let mut steps: Vec<Step> = records.iter().filter_map(|record| step(record, by)).collect();
    steps.sort_by_key(|step| step.invoked);
    Search {
        done: vec![0; steps.len().div_ceil(64)],
        missing: steps.iter().filter(|step| step.returned < NEVER).count(),
        steps: &steps,
        seen: BTreeSet::new(),
        budget,
    }
    .run()
}

/// What stands at the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct State(Option<OpId>, Option<Word>);

/// An operation that took effect, or may have.
#[derive(Clone, Debug)]
struct Step {
    invoked: Seq,
    /// [`NEVER`] for one that need not have taken effect.
    returned: Seq,
    writes: bool,
    /// What it leaves there, or saw.
    state: State,
}

const NEVER: Seq = Seq(u32::MAX);

/// `None` for what cannot matter: what was not done for certain, and reads that nobody got an answer to.
fn step(record: &Record, by: By) -> Option<Step> {
    let writes = !record.operation.reads();
    let (value, tag) = match &record.operation {
        Operation::Put { value, .. } => (Some(value), Some(record.op)),
        Operation::Del { .. } => (None, Some(record.op)),
        _ => record.found()?,
    };
    let state = match by {
        By::Tags => State(tag, None),
        By::Values => State(None, value.cloned()),
    };
    let returned = match &record.returned {
        Some((_, Outcome::Failed)) => return None,
        Some((when, Outcome::Ok { .. })) => when.seq,
        Some((_, Outcome::Unknown)) | None => NEVER,
    };
    Some(Step {
        invoked: record.invoked.seq,
        returned,
        writes,
        state,
    })
}

struct Search<'a> {
    /// By invocation.
    steps: &'a [Step],
    /// Which of them took effect, a bit each.
    done: Vec<u64>,
    /// How many that returned have not.
    missing: usize,
    /// What was tried: which steps took effect, and what they left.
    seen: BTreeSet<(Vec<u64>, State)>,
    budget: u64,
}

/// A step that took effect, and what stood there before.
struct Taken {
    step: usize,
    before: State,
}

impl Search<'_> {
    fn run(mut self) -> Option<bool> {
        let (mut state, mut path, mut from) = (State::default(), Vec::new(), 0);
        while self.missing > 0 {
            if let Some(step) = self.next(&state, from) {
                let before = state.clone();
                self.take(step, true);
                if self.steps[step].writes {
                    state = self.steps[step].state.clone();
                }
                path.push(Taken { step, before });
                from = 0;
                if !self.seen.insert((self.done.clone(), state.clone())) {
                    from = self.steps.len(); // nothing new comes of this
                }
                self.budget = self.budget.checked_sub(1)?;
            } else {
                let Some(Taken { step, before }) = path.pop() else {
                    return Some(false);
                };
                self.take(step, false);
                state = before;
                from = step + 1;
            }
        }
        Some(true)
    }

    /// The next step from `from` on that may take effect now: it fits, and nothing ended before it began.
    fn next(&self, state: &State, from: usize) -> Option<usize> {
        let mut deadline = NEVER;
        for (i, step) in self.steps.iter().enumerate() {
            if step.invoked > deadline {
                break;
            }
            if self.done[i / 64] >> (i % 64) & 1 == 1 {
                continue;
            }
            if i >= from && (step.writes || step.state == *state) {
                return Some(i);
            }
            deadline = deadline.min(step.returned);
        }
        None
    }

    fn take(&mut self, step: usize, takes: bool) {
        self.done[step / 64] ^= 1 << (step % 64);
        if self.steps[step].returned < NEVER {
            self.missing = if takes { self.missing - 1 } else { self.missing + 1 };
        }
    }
}
