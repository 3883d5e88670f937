//! The trace gives back exactly what was put in, whatever it is, and shares it without letting it change.

use proptest::prelude::*;
use raft_trace::samples::samples;
use raft_trace::{Event, Seq, Trace, TraceEvent, WorldTime};

/// A run as a plain list, to compare with.
#[derive(Debug, Default)]
struct Plain {
    events: Vec<TraceEvent>,
    /// Positions between moments, the beginning included.
    boundaries: Vec<u32>,
}

impl Plain {
    fn push(&mut self, event: Event, mut number: impl FnMut() -> u64) {
        let last = self.events.last().map_or(WorldTime(0), |e| e.at);
        let later = if number().is_multiple_of(3) {
            0
        } else {
            number() % 20_000
        };
        let cause = match number() % 4 {
            0 => None,
            1 => Some(Seq(number() as u32)), // even one that makes no sense
            _ => Some(Seq(
                self.events.len().saturating_sub(number() as usize % 300) as u32
            )),
        };
        let ends_moment = number().is_multiple_of(4);
        self.events.push(TraceEvent {
            seq: Seq(self.events.len() as u32),
            at: WorldTime(last.0 + later),
            cause,
            event,
        });
        if ends_moment {
            self.boundaries.push(self.events.len() as u32);
        }
    }

    fn trace(&self) -> Trace {
        let mut trace = Trace::default();
        self.push_into(&mut trace);
        trace
    }

    /// Goes on where `trace` ends.
    fn push_into(&self, trace: &mut Trace) {
        for event in &self.events[trace.len() as usize..] {
            trace.push(event);
            if self.boundaries.contains(&trace.len()) {
                trace.close_moment();
                trace.close_moment(); // nothing in between: no moment
            }
        }
    }

    fn upto(&self, position: u32) -> Plain {
        let end = self.events.len().min(position as usize);
        Plain {
            events: self.events[..end].to_vec(),
            boundaries: self
                .boundaries
                .iter()
                .copied()
                .filter(|b| *b <= end as u32)
                .collect(),
        }
    }

    /// Everything a trace can be asked.
    fn check(&self, trace: &Trace) {
        assert_eq!(trace.len() as usize, self.events.len());
        assert!(trace.iter_from(Seq(0)).eq(self.events.iter().cloned()));
        for position in 0..=trace.len() + 2 {
            let seq = Seq(position);
            assert_eq!(trace.get(seq).as_ref(), self.events.get(position as usize));
            let after = self.boundaries.iter().copied().find(|b| *b > position);
            assert_eq!(trace.moment_after(seq), after.map(Seq), "after {position}");
            let before = self.boundaries.iter().rev().copied().find(|b| *b < position);
            let before = (position > 0).then(|| Seq(before.unwrap_or(0)));
            assert_eq!(trace.moment_before(seq), before, "before {position}");
        }
        for event in &self.events {
            for at in [event.at.0.saturating_sub(1), event.at.0, event.at.0 + 1] {
                let until = self.events.partition_point(|e| e.at.0 <= at);
                assert_eq!(trace.seq_at(WorldTime(at)), Seq(until as u32), "at {at}");
            }
        }
    }
}

/// Numbers of all sizes, the small ones often.
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut x = seed;
    move || {
        x = x
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        let bits = (x >> 58) + 1;
        (x ^ (x >> 31)) & (u64::MAX >> (64 - bits))
    }
}

fn plain(seed: u64, len: usize) -> Plain {
    let mut next = numbers(seed);
    let mut plain = Plain::default();
    while plain.events.len() < len {
        let round = samples(&mut next);
        for _ in 0..round.len() {
            let event = round[next() as usize % round.len()].clone();
            plain.push(event, &mut next);
        }
    }
    plain.upto(len as u32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn gives_back_what_was_put_in(seed: u64, len in 0usize..1_100) {
        let plain = plain(seed, len);
        plain.check(&plain.trace());
    }

    #[test]
    fn a_fork_goes_on_by_itself(seed: u64, len in 0usize..1_100, fork in 0u32..1_200) {
        let first = plain(seed, len);
        let trace = first.trace();
        let mut second = first.upto(fork);
        let mut forked = trace.fork_at(Seq(fork));
        second.check(&forked);
        for event in samples(numbers(!seed)) {
            second.push(event, numbers(seed));
        }
        second.push_into(&mut forked);
        second.check(&forked);
        first.check(&trace);
    }
}

#[test]
fn every_sample_comes_back() {
    for number in [0, 1, 127, 128, u64::from(u32::MAX), u64::MAX] {
        let mut trace = Trace::default();
        let events = samples(|| number);
        for (seq, event) in (0..).map(Seq).zip(events.iter().cloned()) {
            trace.push(&TraceEvent {
                seq,
                at: WorldTime(0),
                cause: None,
                event,
            });
        }
        assert!(trace.iter_from(Seq(0)).map(|e| e.event).eq(events), "{number}");
    }
}

#[test]
fn a_trace_of_nothing() {
    let mut trace = Trace::default();
    trace.close_moment();
    Plain::default().check(&trace);
    Plain::default().check(&trace.fork_at(Seq(0)));
    Plain::default().check(&trace.fork_at(Seq(7)));
}

fn said(seq: u32, at: u64) -> TraceEvent {
    TraceEvent {
        seq: Seq(seq),
        at: WorldTime(at),
        cause: None,
        event: Event::Healed,
    }
}

#[test]
#[should_panic(expected = "without gaps")]
fn refuses_a_gap() {
    Trace::default().push(&said(1, 0));
}

#[test]
#[should_panic(expected = "order of time")]
fn refuses_the_past() {
    let mut trace = Trace::default();
    trace.push(&said(0, 10));
    trace.push(&said(1, 9));
}
