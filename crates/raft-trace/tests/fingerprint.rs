//! A run's fingerprint: the same everywhere, another for every other run.

use raft_trace::samples::samples;
use raft_trace::{Event, Fingerprint, Seq, TraceEvent, WorldTime};

fn trace(events: Vec<Event>) -> Vec<TraceEvent> {
    let events = (0..).map(Seq).zip(events);
    let happened = events.map(|(seq, event)| TraceEvent {
        seq,
        at: WorldTime(u64::from(seq.0) * 7),
        cause: seq.0.checked_sub(1).map(Seq),
        event,
    });
    happened.collect()
}

fn fingerprint(events: &[TraceEvent]) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    for event in events {
        fingerprint.add(event);
    }
    fingerprint
}

fn counting_from(mut n: u64) -> Vec<Event> {
    samples(|| {
        n += 1;
        n
    })
}

/// Written down once. It must come out on every machine, 32 or 64 bits wide, and after every change that is not meant to change
/// what a run is.
#[test]
fn of_one_of_everything() {
    assert_eq!(
        fingerprint(&trace(counting_from(1 << 40))).to_string(),
        "92467fddce3d213e"
    );
}

#[test]
fn is_sixteen_digits() {
    assert_eq!(Fingerprint::default().to_string(), "0000000000000000");
    assert_eq!(Fingerprint::default().value(), 0);
}

#[test]
fn every_event_matters() {
    let events = trace(counting_from(0));
    let whole = fingerprint(&events);
    for left_out in 0..events.len() {
        let mut others = events.clone();
        let gone = others.remove(left_out);
        assert_ne!(fingerprint(&others), whole, "{gone:?}");
    }
}

#[test]
fn every_kind_of_event_has_its_own() {
    let mut seen = Vec::new();
    for event in counting_from(0) {
        seen.push(fingerprint(&trace(vec![event])).value());
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all);
}

/// Each number in turn is another: whatever an event holds goes in.
#[test]
fn every_number_matters() {
    let mut numbers = 0;
    samples(|| {
        numbers += 1;
        0
    });
    let with = |other| {
        let mut n = 0;
        let events = samples(|| {
            n += 1;
            u64::from(n == other)
        });
        fingerprint(&trace(events))
    };
    let plain = with(0);
    for n in 1..=numbers {
        assert_ne!(with(n), plain, "number {n} of {numbers}");
    }
}

#[test]
fn time_cause_and_order_matter() {
    let events = trace(counting_from(0));
    let whole = fingerprint(&events);
    for i in 1..events.len() {
        let mut later = events.clone();
        later[i].at.0 += 1;
        assert_ne!(fingerprint(&later), whole);
        let mut uncaused = events.clone();
        uncaused[i].cause = None;
        assert_ne!(fingerprint(&uncaused), whole);
        let mut swapped = events.clone();
        swapped.swap(i - 1, i);
        assert_ne!(fingerprint(&swapped), whole);
    }
}
