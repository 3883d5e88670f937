//! Chance. Every draw is a function of the seed and of what is drawn for: "the loss of the 7th message from S1 to S2". No
//! draw uses up another's, so that taking one event out of a scenario leaves the draws for everything else as they were.

use crate::scenario::Ppm;
use raft_core::{Duration, Span};
use rand::Rng;
use rand_pcg::Pcg32;

/// What is drawn for. The numbers are part of what a seed means: never reuse or change one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// How long a link's n-th message takes.
    Latency = 1,
    /// Whether a link's n-th message is lost.
    Loss = 2,
    /// Whether a link's n-th message is duplicated.
    Duplicate = 3,
    /// How long the copy of a link's n-th message takes.
    CopyLatency = 4,
    /// Whether the copy of a link's n-th message is lost.
    CopyLoss = 5,
    /// What a server's timer is set to the n-th time.
    Timer = 6,
    /// How long a server's n-th batch of writes takes to write.
    Write = 7,
    /// How long a server's n-th batch of writes takes to sync.
    Fsync = 8,
    /// Whom a client asks first with its n-th operation.
    Contact = 9,
    /// Everything in a random scenario.
    Scenario = 10,
    /// How long the n-th copy made by hand takes.
    HandLatency = 11,
    /// Whether the n-th operation of a client's mixed load is a get.
    LoadKind = 12,
    /// Which key the n-th operation of a client's load is about.
    LoadKey = 13,
    /// How much of what was not synced is on a server's disk when its power goes for the n-th time.
    Torn = 14,
    /// Everything in a random history of clients.
    History = 20,
}

/// All the chance of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dice {
    seed: u64,
}

impl Dice {
    pub(crate) const fn new(seed: u64) -> Dice {
        Dice { seed }
    }

    /// A duration from the range, both ends included. `who` tells those apart for whom the same thing is drawn, `n` is the
    /// how manieth time for them.
    pub(crate) fn duration(self, purpose: Purpose, who: u32, n: u32, span: Span) -> Duration {
        let (min, max) = (span.min.0, span.max.0);
        if min >= max {
            return span.min;
        }
        let width = (max - min).saturating_add(1); // all 2⁶⁴ values are not needed: the longest time is a day
        Duration(min + self.below(purpose, who, n, width))
    }

    /// True for this share of all draws.
    pub(crate) fn chance(self, purpose: Purpose, who: u32, n: u32, share: Ppm) -> bool {
        share.0 > 0 && self.below(purpose, who, n, u64::from(Ppm::ALL.0)) < u64::from(share.0)
    }

    /// A number from 0 to `bound` − 1, by widening multiplication: exactly one draw, and a bias below `bound` / 2⁶⁴.
    pub(crate) fn below(self, purpose: Purpose, who: u32, n: u32, bound: u64) -> u64 {
        let product = u128::from(self.draw(purpose, who, n)) * u128::from(bound);
        (product >> 64) as u64
    }

    fn draw(self, purpose: Purpose, who: u32, n: u32) -> u64 {
        let asked = mix(u64::from(who) << 32 | u64::from(n)) ^ purpose as u64;
        // A generator of its own for every draw. PCG's streams resemble one another, so the key goes into the state, well mixed.
        Pcg32::new(mix(self.seed ^ mix(asked)), purpose as u64).next_u64()
    }
}

/// Spreads every bit over all (the finaliser of SplitMix64).
const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DICE: Dice = Dice::new(7);

    #[test]
    fn a_draw_depends_on_everything_it_is_for_and_on_nothing_else() {
        let drawn = DICE.draw(Purpose::Latency, 3, 5);
        assert_eq!(drawn, DICE.draw(Purpose::Latency, 3, 5));
        assert_ne!(drawn, DICE.draw(Purpose::Loss, 3, 5));
        assert_ne!(drawn, DICE.draw(Purpose::Latency, 4, 5));
        assert_ne!(drawn, DICE.draw(Purpose::Latency, 3, 6));
        assert_ne!(drawn, Dice::new(8).draw(Purpose::Latency, 3, 5));
    }

    #[test]
    fn draws_are_the_same_on_every_machine() {
        let drawn = [0, 1, 2].map(|n| DICE.draw(Purpose::Latency, 0, n));
        let expected = [
            10_368_915_358_592_948_749,
            17_607_418_096_627_134_745,
            11_197_635_617_909_487_838,
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_range_is_drawn_evenly_with_both_ends() {
        let span = Span::new(Duration(10), Duration(15));
        let mut seen = [0u32; 6];
        for n in 0..6_000 {
            seen[(DICE.duration(Purpose::Timer, 1, n, span).0 - 10) as usize] += 1;
        }
        assert!(seen.iter().all(|&s| (900..1_100).contains(&s)), "{seen:?}");
    }

    #[test]
    fn an_empty_range_gives_its_one_value() {
        let span = Span::exactly(Duration(42));
        assert_eq!(DICE.duration(Purpose::Timer, 1, 1, span), Duration(42));
    }

    #[test]
    fn chance_meets_its_share() {
        let share = |ppm| {
            let hits = (0..10_000).filter(|&n| DICE.chance(Purpose::Loss, 2, n, Ppm(ppm)));
            hits.count()
        };
        assert_eq!(share(0), 0);
        assert_eq!(share(1_000_000), 10_000);
        assert!((900..1_100).contains(&share(100_000)), "{}", share(100_000));
    }
}
