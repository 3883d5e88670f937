//! A server's own clock, which may go faster or slower than the world's.

use raft_core::{Duration, Instant};
use raft_trace::WorldTime;

const MILLION: u128 = 1_000_000;

/// A clock that gains `drift` µs in every second of the world. It began with the world: a new drift holds from its moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// When the present drift began, by the world and by this clock.
    since: WorldTime,
    showed: Instant,
    /// µs this clock goes on in a second of the world. Invariant: positive.
    pace: u32,
}

impl Clock {
    /// The slowest a clock can go: a tenth of the world's pace.
    const SLOWEST: i64 = 100_000;

    /// What every clock shows at first: late enough that it can jump back as often as it is told to.
    const BEGINNING: Instant = Instant(1 << 50);

    pub(crate) fn new(drift: i32) -> Clock {
        Clock {
            since: WorldTime(0),
            showed: Clock::BEGINNING,
            pace: pace(drift),
        }
    }

    /// Sets the drift from now on, in ppm. Returns whether it is another one.
    pub(crate) fn set_drift(&mut self, now: WorldTime, drift: i32) -> bool {
        let news = pace(drift) != self.pace;
        if news {
            self.showed = self.read(now);
            self.since = now;
            self.pace = pace(drift);
        }
        news
    }

    /// Makes it jump by so many µs; negative: back.
    pub(crate) fn jump(&mut self, now: WorldTime, by: i64) {
        let showed = self.read(now);
        self.showed = Instant(showed.0.saturating_add_signed(by));
        self.since = now;
    }

    /// How long it takes in the world until this clock shows so much; nothing if it does already.
    pub(crate) fn until(&self, now: WorldTime, shown: Instant) -> Duration {
        self.world_duration(shown.since(self.read(now)))
    }

    /// What the clock shows.
    pub(crate) fn read(&self, now: WorldTime) -> Instant {
        let passed = now - self.since;
        if self.pace as u128 == MILLION {
            return self.showed + passed;
        }
        let shown = u128::from(passed.0) * u128::from(self.pace) / MILLION;
        self.showed + Duration(shown as u64) // at most ten times a world time, which is at most a day
    }

    /// How long it takes in the world until this clock has gone on by `d`, rounded up.
    pub(crate) fn world_duration(&self, d: Duration) -> Duration {
        if self.pace as u128 == MILLION {
            return d;
        }
        Duration((u128::from(d.0) * MILLION).div_ceil(u128::from(self.pace)) as u64)
    }
}

fn pace(drift: i32) -> u32 {
    let pace = (1_000_000 + i64::from(drift)).max(Clock::SLOWEST);
    pace as u32 // between 100,000 and 1,000,000 + i32::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a clock shows that has gone on by so much.
    fn at(us: u64) -> Instant {
        Clock::BEGINNING + Duration(us)
    }

    #[test]
    fn without_drift_it_shows_the_worlds_time() {
        let clock = Clock::new(0);
        assert_eq!(clock.read(WorldTime(1_234_567)), at(1_234_567));
        assert_eq!(clock.world_duration(Duration(99)), Duration(99));
    }

    #[test]
    fn a_fast_clock_waits_less_and_a_slow_one_more() {
        let (fast, slow) = (Clock::new(250_000), Clock::new(-200_000));
        assert_eq!(fast.read(WorldTime(1_000_000)), at(1_250_000));
        assert_eq!(fast.world_duration(Duration(1_250)), Duration(1_000));
        assert_eq!(slow.read(WorldTime(1_000_000)), at(800_000));
        assert_eq!(slow.world_duration(Duration(800)), Duration(1_000));
        assert_eq!(slow.world_duration(Duration(801)), Duration(1_002), "rounded up");
    }

    #[test]
    fn a_new_drift_does_not_make_it_jump() {
        let mut clock = Clock::new(500_000);
        clock.set_drift(WorldTime(1_000_000), -500_000);
        assert_eq!(clock.read(WorldTime(1_000_000)), at(1_500_000));
        assert_eq!(clock.read(WorldTime(2_000_000)), at(2_000_000));
    }

    #[test]
    fn a_jump_brings_what_it_waits_for_nearer_or_further() {
        let mut clock = Clock::new(250_000);
        let (now, alarm) = (WorldTime(1_000_000), at(2_500_000));
        assert_eq!(clock.until(now, alarm), Duration(1_000_000));
        clock.jump(now, 250_000);
        assert_eq!(clock.read(now), at(1_500_000));
        assert_eq!(clock.until(now, alarm), Duration(800_000));
        clock.jump(now, 5_000_000);
        assert_eq!(clock.until(now, alarm), Duration(0), "past");
        clock.jump(now, -5_250_000);
        assert_eq!(clock.until(now, alarm), Duration(1_000_000));
    }

    #[test]
    fn no_drift_stops_it() {
        let clock = Clock::new(i32::MIN);
        assert_eq!(clock.read(WorldTime(10)), at(1));
    }
}
