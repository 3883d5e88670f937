//! The whole of it, and what does not depend on what.

use crate::{Run, ms, run, timer_durations};
use raft_core::Timer;
use raft_trace::{Endpoint, Event, Outcome, WorldTime};
use std::collections::BTreeMap;

#[test]
fn a_leader_is_elected_and_a_put_is_agreed_by_all() {
    let run = run("@1s C1 put x=1\n@2s end");
    assert!(matches!(
        run.trace[0].event,
        Event::Began {
            servers: 5,
            voters: 5,
            clients: 1
        }
    ));
    assert_eq!(run.leaders().len(), 1);
    for server in 1..=5 {
        assert_eq!(run.value(server, "x"), Some("1"));
    }
    assert!(matches!(
        run.outcomes(1)[..],
        [(_, Outcome::Ok { value: None, .. })]
    ));
}

#[test]
fn a_crashed_leader_is_replaced() {
    let run = run("@100ms timeout S3\n@300ms crash S3\n@1500ms end");
    assert!(!run.state.servers[2].up);
    assert_eq!(run.leaders().len(), 1);
    assert_ne!(run.leaders(), [3]);
}

#[test]
fn a_timer_fired_by_hand_has_no_cause() {
    let run = run("@10ms timeout S4\n@200ms end");
    let fired = run
        .trace
        .iter()
        .find(|e| matches!(e.event, Event::TimerFired { .. }))
        .unwrap();
    assert_eq!((fired.at, fired.cause), (ms(10), None));
    assert_eq!(run.leaders(), [4]);
}

#[test]
fn what_makes_no_sense_leaves_no_event() {
    let senseless = "restart S1\n@400ms heal\n@400ms mend S1->S2\n@400ms timeout S4";
    let quiet = run("@10ms timeout S4\n@300ms crash S2\n@500ms end");
    let other = run(&format!(
        "@10ms timeout S4\n@300ms crash S2\n@400ms crash S2\n@400ms {senseless}\n@500ms end"
    ));
    assert_eq!(quiet.trace, other.trace);
}

#[test]
fn a_clock_that_goes_fast_fires_early() {
    let of = |drift| {
        let run = run(&format!(
            "set election-timeout 200ms\nset drift S2 {drift}ppm\n@100ms end"
        ));
        timer_durations(&run.trace, 2, Timer::Election)[0]
    };
    assert_eq!((of(0), of(250_000), of(-200_000)), (200_000, 160_000, 250_000));
}

#[test]
fn a_clock_can_change_its_pace_while_it_runs() {
    let run = run("set election-timeout 200ms\n@10ms timeout S1\n@500ms set drift S2 250000ppm\n@1s end");
    let durations = timer_durations(&run.trace, 2, Timer::Election);
    assert_eq!(durations.first(), Some(&200_000));
    assert_eq!(durations.last(), Some(&160_000));
}

#[test]
fn a_lone_server_leads_and_commits_by_itself() {
    let run = run("servers 1\n@500ms C1 put x=1\n@1s end");
    assert_eq!(run.leaders(), [1]);
    assert_eq!(run.value(1, "x"), Some("1"));
}

/// How long the n-th message of every link takes, and what the n-th setting of every timer is.
fn draws(run: &Run) -> BTreeMap<(String, usize), u64> {
    let mut draws = BTreeMap::new();
    let mut counts: BTreeMap<(Endpoint, Endpoint), usize> = BTreeMap::new();
    for voyage in run.voyages() {
        let link = (voyage.packet.from(), voyage.packet.to());
        let n = counts.entry(link).or_default();
        draws.insert(
            (format!("{}->{}", link.0, link.1), *n),
            voyage.arrives.0 - voyage.sent.at.0,
        );
        *n += 1;
    }
    for server in 1..=5 {
        for (n, d) in timer_durations(&run.trace, server, Timer::Election)
            .into_iter()
            .enumerate()
        {
            draws.insert((format!("timer of S{server}"), n), d);
        }
    }
    draws
}

#[test]
fn taking_an_event_out_leaves_every_other_draw_as_it_was() {
    let with =
        run("clients 2\n@10ms timeout S1\n@200ms C1 put x=1\n@300ms C2 put y=1\n@400ms crash S2\n@2s end");
    let without = run("clients 2\n@10ms timeout S1\n@300ms C2 put y=1\n@2s end");
    let (with_draws, without_draws) = (draws(&with), draws(&without));
    let mut compared = 0;
    for (what, drawn) in &without_draws {
        if let Some(other) = with_draws.get(what) {
            assert_eq!(drawn, other, "{what:?}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
    // Until then nothing differs at all.
    let before = |run: &Run| {
        run.trace
            .iter()
            .filter(|e| e.at < ms(200))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(before(&with), before(&without));
}

#[test]
fn commands_come_before_all_else_at_their_time() {
    // Whatever would happen at the moment of the crash does not.
    let before = run("@10ms timeout S1\n@400ms end");
    let busy = before
        .trace
        .iter()
        .filter(|e| e.at > ms(100) && matches!(e.event, Event::Delivered { .. }));
    for at in busy.map(|e| e.at.0).take(20) {
        let run = run(&format!(
            "@10ms timeout S1\n@{at}us crash S1 S2 S3 S4 S5\n@400ms end"
        ));
        let now: Vec<_> = run.trace.iter().filter(|e| e.at == WorldTime(at)).collect();
        assert!(matches!(now[0].event, Event::Crashed { .. }), "{now:?}");
        assert!(
            now.iter()
                .all(|e| matches!(e.event, Event::Crashed { .. } | Event::Lost { .. })),
            "{now:?}"
        );
    }
}
