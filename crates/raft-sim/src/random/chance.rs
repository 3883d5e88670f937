//! What is left to chance in a scenario.

use crate::dice::{Dice, Purpose};
use crate::scenario::Ppm;
use raft_core::{Duration, Span};

/// All that is left to chance in a scenario.
pub(super) struct Chance {
    dice: Dice,
    /// How much was drawn so far.
    drawn: u32,
}

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance {
            dice: Dice::new(seed),
            drawn: 0,
        }
    }

    pub(super) fn latency(&mut self) -> Span {
        span_ms(self.one_of(&[(10, 15), (10, 15), (1, 2), (1, 100), (40, 60)]))
    }

    pub(super) fn loss(&mut self) -> Ppm {
        Ppm(self.one_of(&[0, 0, 10_000, 100_000, 300_000]))
    }

    pub(super) fn duplicate(&mut self) -> Ppm {
        Ppm(self.one_of(&[0, 0, 10_000, 200_000]))
    }

    pub(super) fn fsync(&mut self) -> Span {
        span_ms(self.one_of(&[(1, 3), (1, 3), (0, 40), (10, 100)]))
    }

    /// True so many times of a hundred.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.number(0, 99) < share
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.number(0, choices.len() as u32 - 1) as usize]
    }

    /// One of these, each as likely as its number says.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(u32, T)]) -> T {
        let all: u32 = choices.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.number(0, all - 1);
        let found = choices.iter().find(|(weight, _)| {
            let here = drawn < *weight;
            drawn = drawn.saturating_sub(*weight);
            here
        });
        found.unwrap_or(&choices[0]).1
    }

    /// A number from `min` to `max`, both included.
    pub(super) fn number(&mut self, min: u32, max: u32) -> u32 {
        let n = self.drawn;
        self.drawn += 1;
        let drawn = self.dice.below(Purpose::Scenario, 0, n, u64::from(max - min) + 1);
        min + drawn as u32
    }
}

pub(super) fn span_ms((min, max): (u64, u64)) -> Span {
    Span::new(Duration::millis(min), Duration::millis(max))
}
