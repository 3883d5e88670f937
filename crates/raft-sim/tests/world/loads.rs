//! Clients under load, their deadlines and their tries.

use crate::{Run, ms, run};
use raft_trace::{ClientId, Event, Operation, Outcome, Packet, WorldTime};

/// What a client began, when.
fn invoked(run: &Run, id: u32) -> Vec<(WorldTime, &Operation)> {
    run.events(|event| match event {
        Event::Invoked {
            client, operation, ..
        } if *client == ClientId(id) => Some(operation),
        _ => None,
    })
}

fn texts(run: &Run, id: u32) -> Vec<String> {
    invoked(run, id).iter().map(|(_, op)| op.to_string()).collect()
}

#[test]
fn a_closed_loop_goes_on_a_pause_after_the_last_operation_ended() {
    let run = run("@10ms timeout S1\n@300ms load C1 put after 30ms\n@2s load C1 stop\n@3s end");
    let (begun, ended) = (invoked(&run, 1), run.outcomes(1));
    assert!(begun.len() > 10);
    assert_eq!(begun.len(), ended.len());
    for (next, (end, _)) in begun[1..].iter().zip(&ended) {
        assert_eq!(next.0, WorldTime(end.0 + 30_000));
    }
    let caused = |e: &&raft_trace::TraceEvent| matches!(e.event, Event::Invoked { .. });
    let causes = run.trace.iter().filter(caused).skip(1).map(|e| e.cause);
    for cause in causes {
        let cause = &run.trace[cause.expect("a cause").0 as usize].event;
        assert!(matches!(cause, Event::Returned { .. }), "{cause:?}");
    }
}

#[test]
fn a_closed_loop_without_a_pause_begins_no_more_than_one_operation_a_millisecond() {
    let run = run(
        "set latency 1us\nset write 0us\nset fsync 0us\n@10ms timeout S1\n@100ms load C1 get after 0ms\n@200ms end",
    );
    let begun = invoked(&run, 1);
    assert!(begun.len() > 90, "{}", begun.len());
    assert!(begun.windows(2).all(|pair| pair[1].0.0 - pair[0].0.0 >= 1_000));
}

#[test]
fn a_closed_loop_has_one_operation_at_a_time_also_beside_others() {
    let run = run(
        "@10ms timeout S1\n@300ms load C1 put after 20ms\n@310ms C1 get x\n@330ms C1 get y\n@400ms load C1 put after 20ms\n@2s end",
    );
    let (begun, ended) = (invoked(&run, 1), run.outcomes(1));
    for (next, (end, _)) in begun[1..].iter().zip(&ended) {
        assert!(next.0 >= *end);
    }
    // Never two within one pause: the second load took the place of the first.
    let puts: Vec<_> = begun
        .iter()
        .filter(|(_, op)| !op.reads())
        .map(|(at, _)| at.0)
        .collect();
    assert!(puts.windows(2).all(|pair| pair[1] - pair[0] > 20_000), "{puts:?}");
}

/// How many of a client's operations wait, after each event that changes it.
fn waiting(run: &Run) -> Vec<i32> {
    let changes = run.events(|event| match event {
        Event::Queued { .. } => Some(1),
        Event::Invoked { .. } => Some(-1),
        _ => None,
    });
    let mut waiting = 0;
    changes
        .iter()
        .map(|(_, change)| {
            waiting = (waiting + change).max(0);
            waiting
        })
        .collect()
}

#[test]
fn an_open_loop_asks_by_the_clock_and_what_is_not_begun_waits() {
    let run = run("@10ms timeout S1\n@300ms load C1 put every 10ms queue 100\n@1s load C1 stop\n@10s end");
    let asked = run.events(|event| matches!(event, Event::Queued { .. }).then_some(()));
    assert!(asked.iter().all(|(at, ())| at.0 % 10_000 == 0));
    let most = waiting(&run).into_iter().max();
    assert!(most >= Some(40), "{most:?}");
    assert_eq!(texts(&run, 1).len(), 70, "all that was asked for is done");
    assert_eq!(run.state.clients[0].waiting, 0);
}

#[test]
fn no_more_wait_than_the_queue_holds() {
    let story = |queue: &str| {
        let run = run(&format!(
            "@0ms crash S1 S2 S3\n@100ms load C1 put every 10ms {queue}\n@1s end"
        ));
        (waiting(&run).into_iter().max(), run.state.clients[0].waiting)
    };
    assert_eq!(story("queue 7"), (Some(7), 7));
    assert_eq!(story(""), (Some(1), 1));
}

#[test]
fn a_load_uses_one_key_or_so_many() {
    let story = |keys: &str| {
        run(&format!(
            "@10ms timeout S1\n@300ms load C1 get after 0ms {keys}\n@3s end"
        ))
    };
    let mut seen = texts(&story(""), 1);
    seen.truncate(4);
    assert_eq!(seen, ["get x", "get y", "get z", "get x"]);
    assert!(
        texts(&story("on key_1"), 1)
            .iter()
            .all(|text| text == "get key_1")
    );
    let of_three = texts(&story("of 3 keys"), 1);
    let count = |key: &str| of_three.iter().filter(|text| text.ends_with(key)).count();
    let counts = [count("get k1"), count("get k2"), count("get k3")];
    assert_eq!(counts.iter().sum::<usize>(), of_three.len());
    assert!(counts.iter().all(|n| *n > 5), "{counts:?}");
}

#[test]
fn a_mixed_load_reads_its_share_and_else_writes() {
    let run = run("@10ms timeout S1\n@300ms load C1 mixed 75% after 0ms\n@20s end");
    let all = invoked(&run, 1);
    let gets = all.iter().filter(|(_, op)| op.reads()).count();
    assert!(
        (70..=80).contains(&(gets * 100 / all.len())),
        "{gets} of {}",
        all.len()
    );
}

#[test]
fn no_two_clients_write_the_same() {
    let loads: String = (1..=9)
        .map(|n| format!("@300ms load C{n} put every 50ms\n"))
        .collect();
    let run = run(&format!("clients 9\n@10ms timeout S1\n{loads}@3s end"));
    let mut values: Vec<_> = run
        .events(|event| match event {
            Event::Invoked {
                operation: Operation::Put { value, .. },
                ..
            } => Some(value.to_string()),
            _ => None,
        })
        .into_iter()
        .map(|(_, value)| value)
        .collect();
    let all = values.len();
    values.sort_unstable();
    values.dedup();
    assert!(all > 100);
    assert_eq!(values.len(), all);
}

#[test]
fn a_load_can_ask_any_server_first() {
    let run = run("@10ms timeout S1\n@300ms load C1 put every 100ms via S3\n@1s end");
    let asked: Vec<u32> = run.requests(1).into_iter().map(|(_, server)| server).collect();
    assert_eq!(asked[..4], [3, 1, 3, 1]);
}

#[test]
fn a_client_of_random_contacts_asks_all_servers_alike() {
    let run =
        run("set contact random\nset reads stale\n@10ms timeout S1\n@300ms load C1 get after 0ms\n@10s end");
    let mut asked = [0; 5];
    for (_, server) in run.events(|event| match event {
        Event::Sent {
            packet: Packet::Query { to, .. },
            ..
        } => Some(to.0),
        _ => None,
    }) {
        asked[server as usize - 1] += 1;
    }
    assert!(asked.iter().all(|n| *n > 30), "{asked:?}");
}

#[test]
fn an_operation_has_a_deadline_of_its_own() {
    let story = "@0ms crash S1 S2 S3\n@100ms C1 put x=1 within 150ms\n@100ms C1 put x=2\n@5s end";
    let run = run(story);
    assert_eq!(
        run.outcomes(1).iter().map(|(at, _)| *at).collect::<Vec<_>>(),
        [ms(250), ms(2_250)]
    );
    let load = crate::run("@0ms crash S1 S2 S3\n@100ms load C1 put every 200ms within 150ms\n@1s end");
    let ends: Vec<_> = load.outcomes(1).iter().map(|(at, _)| *at).collect();
    assert_eq!(ends, [ms(250), ms(450), ms(650), ms(850)]);
}

#[test]
fn a_client_that_never_retries_asks_once() {
    let run = run(
        "set client-retry never\nset client-timeout 1s\n@10ms timeout S1\n@100ms crash S5\n@300ms C1 put x=1 via S5\n\
         @300ms C1 put x=2 via S4\n@300ms C1 put x=3\n@4s end",
    );
    let outcomes: Vec<_> = run
        .outcomes(1)
        .into_iter()
        .map(|(at, outcome)| (at, outcome.clone()))
        .collect();
    let ok = Outcome::Ok {
        value: None,
        tag: None,
    };
    // Nobody answers: unknown. Refused: failed, and told who leads. That one is asked next.
    assert_eq!(outcomes[0], (ms(1_300), Outcome::Unknown));
    assert_eq!(outcomes[1].1, Outcome::Failed);
    assert_eq!(outcomes[2].1, ok);
    let asked: Vec<u32> = run.requests(1).into_iter().map(|(_, server)| server).collect();
    assert_eq!(asked, [5, 4, 1]);
}

#[test]
fn an_unknown_outcome_stays_unknown_though_the_operation_is_applied_later() {
    let run = run(
        "set client-retry never\n@10ms timeout S1\n@200ms hold Request C1->S1\n@300ms C1 put x=1 via S1 within 100ms\n\
         @1s deliver Request C1->S1\n@2s end",
    );
    assert_eq!(run.outcomes(1), [(ms(400), &Outcome::Unknown)]);
    assert_eq!(run.value(3, "x"), Some("1"));
}

#[test]
fn a_load_beside_others_changes_none_of_their_draws() {
    let story = "clients 2\n@10ms timeout S1\n@300ms load C1 mixed 50% after 0ms of 9 keys\n@400ms end";
    let alone = run(story);
    let beside = run(&format!("{story}\n@300ms load C2 mixed 50% after 0ms of 9 keys"));
    assert_eq!(texts(&alone, 1), texts(&beside, 1)[..texts(&alone, 1).len()]);
}
