//! An end of a block as a function of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction, ValType};
use wasmparser::Operator;

use crate::outline::{Block, Code};

/// By how many bytes the code must become less.
const WORTH: usize = 4;

/// Where to go on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// After the block that it is the end of.
    On,
    /// Out of the function, with its result.
    Return,
    /// To a block so many further out.
    Out(u32),
}

pub struct Part {
    pub steps: Range<usize>,
    /// The variables that it takes, and those that it gives back.
    takes: Vec<u32>,
    gives: Vec<u32>,
    /// In order. If there is more than one, it gives back which.
    outcomes: Vec<Outcome>,
    /// How many blocks are open around it, the function among them.
    depth: usize,
    /// What the function gives back, where it may return.
    result: Option<ValType>,
}

impl Part {
    /// `None` if it cannot be, or is not worth it.
    pub fn of(code: &Code, steps: Range<usize>, open: &[Block]) -> Option<Part> {
        let seen = Seen::of(code, steps.clone(), open)?;
        let goes_on = seen.outcomes.iter().any(|outcome| *outcome != Outcome::Return);
        let in_loop = open.iter().any(|block| block.is_loop);
        let gives: Vec<u32> = (seen.writes.iter().copied())
            .filter(|variable| {
                let here = seen.reads.get(variable).copied().unwrap_or(0);
                let outside = code.reads[*variable as usize] > here;
                goes_on && (outside || (in_loop && seen.reads_first(*variable)))
            })
            .collect();
        let takes: BTreeSet<u32> = (seen.reads.keys().copied())
            .filter(|variable| seen.reads_first(*variable))
            // What is not written on every way is given back as it came.
            .chain(gives.iter().copied().filter(|variable| !seen.always_writes(*variable)))
            .collect();
        let part = Part {
            takes: sorted(takes, code),
            gives: sorted(gives, code),
            depth: open.len(),
            result: code.result.filter(|_| seen.outcomes.contains(&Outcome::Return)),
            outcomes: seen.outcomes.into_iter().collect(),
            steps,
        };
        let bytes = code.steps[part.steps.end].at - code.steps[part.steps.start].at;
        let costs = 12 + 2 * (part.takes.len() + part.gives.len()) + 4 * part.outcomes.len();
        (bytes >= costs + WORTH).then_some(part)
    }

    /// What it takes and what it gives back: where to go on if there is a choice, the function's result if it may return, variables.
    pub fn kind(&self, code: &Code) -> (Vec<ValType>, Vec<ValType>) {
        let of = |variables: &[u32]| {
            variables
                .iter()
                .map(|n| code.variables[*n as usize])
                .collect::<Vec<_>>()
        };
        let choice = self.has_choice().then_some(ValType::I32);
        let gives = choice.into_iter().chain(self.result).chain(of(&self.gives));
        (of(&self.takes), gives.collect())
    }

    fn has_choice(&self) -> bool {
        self.outcomes.len() > 1
    }

    /// What stands in its place. `spare` is a variable for the choice, the next one for the result.
    pub fn call(&self, function: u32, spare: u32, body: &mut Function) {
        for variable in &self.takes {
            body.instruction(&Instruction::LocalGet(*variable));
        }
        body.instruction(&Instruction::Call(function));
        for variable in self.gives.iter().rev() {
            body.instruction(&Instruction::LocalSet(*variable));
        }
        if self.has_choice() {
            if self.result.is_some() {
                body.instruction(&Instruction::LocalSet(spare + 1));
            }
            body.instruction(&Instruction::LocalSet(spare));
        }
        for n in 0..self.outcomes.len() {
            self.choose(n, spare, body);
        }
        if self.outcomes.is_empty() {
            body.instruction(&Instruction::Unreachable);
        }
    }

    /// Goes where the outcome says if it is the one. To go on, the first of all, is to do nothing; without that, the last needs no choice.
    fn choose(&self, n: usize, spare: u32, body: &mut Function) {
        let asks = self.outcomes[0] == Outcome::On || n + 1 < self.outcomes.len();
        if asks && (n > 0 || self.outcomes[0] != Outcome::On) {
            body.instruction(&Instruction::LocalGet(spare));
            if n != 1 || self.outcomes.len() > 2 {
                body.instruction(&Instruction::I32Const(n as i32));
                body.instruction(&Instruction::I32Eq);
            }
        }
        match self.outcomes[n] {
            Outcome::On => {}
            Outcome::Out(to) if asks => {
                body.instruction(&Instruction::BrIf(to));
            }
            Outcome::Out(to) => {
                body.instruction(&Instruction::Br(to));
            }
            Outcome::Return => {
                if asks {
                    body.instruction(&Instruction::If(BlockType::Empty));
                }
                if self.has_choice() && self.result.is_some() {
                    body.instruction(&Instruction::LocalGet(spare + 1));
                }
                body.instruction(&Instruction::Return);
                if asks {
                    body.instruction(&Instruction::End);
                }
            }
        }
    }

    /// It as a function: what was, within one block for each place to go on.
    pub fn body(&self, code: &Code) -> Function {
        let steps = &code.steps[self.steps.clone()];
        let used: BTreeSet<u32> = steps.iter().filter_map(|step| variable(&step.operator)).collect();
        let own = sorted(used.into_iter().filter(|n| !self.takes.contains(n)), code);
        let kept = self.result.filter(|_| self.has_choice());
        let kinds = own.iter().map(|n| code.variables[*n as usize]).chain(kept);
        let mut writer = Writer {
            part: self,
            places: self.takes.iter().chain(&own).copied().zip(0..).collect(),
            labels: (self.outcomes.iter().copied())
                .filter(|to| *to != Outcome::On)
                .zip(1..)
                .collect(),
            body: Function::new_with_locals_types(kinds),
        };
        for _ in &writer.labels {
            writer.body.instruction(&Instruction::Block(BlockType::Empty));
        }
        let home = code.result.filter(|_| self.depth == 1);
        writer.body.instruction(&Instruction::Block(
            home.map_or(BlockType::Empty, BlockType::Result),
        ));
        for step in steps {
            let within = u32::try_from(step.depth - self.depth).expect("what is within is deeper");
            writer.step(&step.operator, within);
        }
        writer.end(code.steps[self.steps.end].reached)
    }
}

/// What there is in it.
#[derive(Default)]
struct Seen {
    outcomes: BTreeSet<Outcome>,
    /// How often each variable is read here.
    reads: BTreeMap<u32, u32>,
    writes: BTreeSet<u32>,
    firsts: BTreeMap<u32, First>,
}

/// How a variable is first used.
struct First {
    /// By writing it, in no block within, so that nothing reads what was there before.
    writes: bool,
    /// Whether control may have left by then.
    may_have_left: bool,
}

impl Seen {
    /// `None` if it ends or is left in a way that is not known here.
    fn of(code: &Code, steps: Range<usize>, open: &[Block]) -> Option<Seen> {
        let depth = open.len();
        let mut seen = Seen::default();
        let mut jumps_home = false;
        for step in &code.steps[steps.clone()] {
            if let Some(variable) = variable(&step.operator) {
                let reads = matches!(step.operator, Operator::LocalGet { .. });
                let may_have_left = !seen.outcomes.is_empty();
                let writes = !reads && step.depth == depth;
                seen.firsts.entry(variable).or_insert(First {
                    writes,
                    may_have_left,
                });
                if reads {
                    *seen.reads.entry(variable).or_default() += 1;
                } else {
                    seen.writes.insert(variable);
                }
            }
            if matches!(step.operator, Operator::Return) {
                seen.outcomes.insert(Outcome::Return);
            }
            for to in targets(&step.operator) {
                let outcome = outcome(to, step.depth - depth, open);
                jumps_home |= outcome == Some(Outcome::Return);
                seen.outcomes.extend(outcome);
            }
        }
        if code.steps[steps.end].reached {
            seen.outcomes
                .insert(if depth == 1 { Outcome::Return } else { Outcome::On });
        }
        let is_plain = |outcome: &Outcome| match outcome {
            Outcome::On => open[depth - 1].is_plain,
            Outcome::Return => true,
            Outcome::Out(n) => open[depth - 1 - *n as usize].is_plain,
        };
        // Only a return can bring something along.
        let is_known = seen.outcomes.iter().all(is_plain) && !(jumps_home && code.result.is_some());
        is_known.then_some(seen)
    }

    fn reads_first(&self, variable: u32) -> bool {
        self.reads.contains_key(&variable) && !self.firsts[&variable].writes
    }

    fn always_writes(&self, variable: u32) -> bool {
        let first = &self.firsts[&variable];
        first.writes && !first.may_have_left
    }
}

/// Writes a part as a function.
struct Writer<'a> {
    part: &'a Part,
    /// Which of its own variables each is; the next after them keeps the result, where there is a choice.
    places: BTreeMap<u32, u32>,
    /// The label of each place to go on, from the outermost level of what was.
    labels: BTreeMap<Outcome, u32>,
    body: Function,
}

impl Writer<'_> {
    /// One step, within so many blocks of the part.
    fn step(&mut self, operator: &Operator, within: u32) {
        let written = RoundtripReencoder
            .instruction(operator.clone())
            .expect("nothing is looked up");
        let written = match written {
            Instruction::LocalGet(n) => Instruction::LocalGet(self.places[&n]),
            Instruction::LocalSet(n) => Instruction::LocalSet(self.places[&n]),
            Instruction::LocalTee(n) => Instruction::LocalTee(self.places[&n]),
            Instruction::Br(to) => Instruction::Br(self.label(to, within)),
            Instruction::BrIf(to) => Instruction::BrIf(self.label(to, within)),
            Instruction::BrTable(all, other) => {
                let all: Vec<u32> = all.iter().map(|to| self.label(*to, within)).collect();
                Instruction::BrTable(all.into(), self.label(other, within))
            }
            Instruction::Return if self.part.has_choice() => {
                self.keep();
                Instruction::Br(within + self.labels[&Outcome::Return])
            }
            other => other,
        };
        self.body.instruction(&written);
    }

    /// Where a jump goes: to a block within, or to one around the part.
    fn label(&self, to: u32, within: u32) -> u32 {
        let Some(out) = to.checked_sub(within) else {
            return to;
        };
        let home = out as usize + 1 == self.part.depth;
        let outcome = if home { Outcome::Return } else { Outcome::Out(out) };
        within + self.labels.get(&outcome).copied().unwrap_or(0) // else to where it goes on
    }

    /// Keeps the function's result, if there is one.
    fn keep(&mut self) {
        if self.part.result.is_some() {
            self.body
                .instruction(&Instruction::LocalSet(self.places.len() as u32));
        }
    }

    /// After what was: each place to go on, and the end.
    fn end(mut self, reached: bool) -> Function {
        self.body.instruction(&Instruction::End);
        if self.part.outcomes.first() == Some(&Outcome::On) {
            self.leave(Outcome::On);
        } else if !reached {
            self.body.instruction(&Instruction::Unreachable);
        } else if self.part.has_choice() {
            self.keep();
            self.body
                .instruction(&Instruction::Br(self.labels[&Outcome::Return] - 1));
        } else {
            self.body.instruction(&Instruction::Return);
        }
        for outcome in self.labels.clone().into_keys() {
            self.body.instruction(&Instruction::End);
            self.leave(outcome);
        }
        self.body.instruction(&Instruction::End);
        self.body
    }

    fn leave(&mut self, outcome: Outcome) {
        let Part {
            gives,
            outcomes,
            result,
            ..
        } = self.part;
        if !self.part.has_choice() && result.is_some() {
            self.body.instruction(&Instruction::Unreachable); // it returned where it was
            return;
        }
        if let Some(n) = outcomes
            .iter()
            .position(|other| *other == outcome)
            .filter(|_| outcomes.len() > 1)
        {
            self.body.instruction(&Instruction::I32Const(n as i32));
        }
        if result.is_some() {
            self.body
                .instruction(&Instruction::LocalGet(self.places.len() as u32));
        }
        for variable in gives {
            self.body
                .instruction(&Instruction::LocalGet(self.places[variable]));
        }
        self.body.instruction(&Instruction::Return);
    }
}

/// The variables, those of a kind together, so that few kinds of functions come of it.
fn sorted(variables: impl IntoIterator<Item = u32>, code: &Code) -> Vec<u32> {
    let kind = |n: &u32| match code.variables[*n as usize] {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        ValType::V128 | ValType::Ref(_) => 4,
    };
    let mut variables: Vec<u32> = variables.into_iter().collect();
    variables.sort_by_key(|n| (kind(n), *n));
    variables
}

fn variable(operator: &Operator) -> Option<u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(*local_index),
        _ => None,
    }
}

/// Where it may jump, in blocks to leave.
fn targets(operator: &Operator) -> Vec<u32> {
    match operator {
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => vec![*relative_depth],
        Operator::BrTable { targets } => {
            let all = targets.targets().filter_map(Result::ok);
            all.chain([targets.default()]).collect()
        }
        _ => Vec::new(),
    }
}

/// Where that is for the part; `None` if within it.
fn outcome(to: u32, within: usize, open: &[Block]) -> Option<Outcome> {
    let out = (to as usize).checked_sub(within)?;
    Some(if out + 1 == open.len() {
        Outcome::Return
    } else if out == 0 && !open[open.len() - 1].is_loop {
        Outcome::On
    } else {
        Outcome::Out(u32::try_from(out).expect("no more than to"))
    })
}
