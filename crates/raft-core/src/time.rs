//! Time as the core sees it: whole microseconds of this server's own clock.

use crate::types::number;
use core::ops::{Add, Sub};

number! {
    /// A moment on this server's own clock, in µs since the clock began. Clocks of different servers are not comparable.
    Instant(u64)
}
number! {
    /// A length of time, in µs.
    Duration(u64)
}

impl Duration {
    /// `n` microseconds.
    #[must_use]
    pub const fn micros(n: u64) -> Duration {
        Duration(n)
    }

    /// `n` milliseconds.
    #[must_use]
    pub const fn millis(n: u64) -> Duration {
        Duration(n * 1_000)
    }

    /// `n` seconds.
    #[must_use]
    pub const fn secs(n: u64) -> Duration {
        Duration(n * 1_000_000)
    }
}

impl Instant {
    /// How long ago `earlier` was; nothing if it was not earlier.
    #[must_use]
    pub const fn since(self, earlier: Instant) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    fn add(self, d: Duration) -> Instant {
        Instant(self.0 + d.0)
    }
}

impl Sub for Instant {
    type Output = Duration;
    fn sub(self, earlier: Instant) -> Duration {
        Duration(self.0 - earlier.0)
    }
}

/// A range of durations, both ends included: what the caller draws a timeout from (§5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Span {
    /// The shortest. Invariant: `min <= max`.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
}

impl Span {
    /// From `min` to `max`, both included.
    #[must_use]
    pub const fn new(min: Duration, max: Duration) -> Span {
        Span { min, max }
    }

    /// Exactly `d`.
    #[must_use]
    pub const fn exactly(d: Duration) -> Span {
        Span { min: d, max: d }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant};

    #[test]
    fn time_is_counted_in_microseconds() {
        assert_eq!(Duration::micros(3), Duration(3));
        assert_eq!(Duration::millis(3), Duration(3_000));
        assert_eq!(Duration::secs(3), Duration(3_000_000));
    }

    #[test]
    fn nothing_is_negative() {
        let (early, late) = (Instant(3), Instant(3) + Duration(4));
        assert_eq!((late - early, late.since(early)), (Duration(4), Duration(4)));
        assert_eq!(early.since(late), Duration(0));
    }
}
