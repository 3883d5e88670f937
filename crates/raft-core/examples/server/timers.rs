//! Real time: the timers of one server, and dice for their lengths.

use raft_core::{Span, Timer};
use std::collections::BTreeMap;
use std::process;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) struct Timers {
    deadlines: BTreeMap<Timer, Instant>,
    dice: Dice,
}

impl Timers {
    pub(crate) fn new() -> Timers {
        Timers {
            deadlines: BTreeMap::new(),
            dice: Dice::new(),
        }
    }

    /// Lets the timer run out after a time drawn from the span, and not as it was set before.
    pub(crate) fn set(&mut self, timer: Timer, span: Span) {
        let micros = self.dice.between(span.min.0, span.max.0);
        self.deadlines
            .insert(timer, Instant::now() + Duration::from_micros(micros));
    }

    pub(crate) fn stop(&mut self, timer: Timer) {
        self.deadlines.remove(&timer);
    }

    /// How long until one runs out.
    pub(crate) fn wait(&self) -> Duration {
        let next = self.deadlines.values().min();
        next.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()))
    }

    /// One that has run out, which it does only once.
    pub(crate) fn due(&mut self) -> Option<Timer> {
        let now = Instant::now();
        let timer = self
            .deadlines
            .iter()
            .find(|(_, at)| **at <= now)
            .map(|(timer, _)| *timer)?;
        self.deadlines.remove(&timer);
        Some(timer)
    }
}

/// A xorshift generator. Servers must not draw alike, or they stand for election together time and again.
struct Dice(u64);

impl Dice {
    fn new() -> Dice {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = u64::from(now.subsec_nanos()) ^ (u64::from(process::id()) << 32);
        Dice(seed | 1) // 0 would stay 0
    }

    /// A number from `min` to `max`, both included.
    fn between(&mut self, min: u64, max: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        min + (self.0 >> 11) % (max - min + 1)
    }
}
