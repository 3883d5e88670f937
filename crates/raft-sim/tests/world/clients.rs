//! Clients: finding the leader, trying again, giving up, and what they may say about it.

use crate::{ms, run};
use raft_trace::{Event, OpId, Operation, Outcome, Packet, Reply, Request, Word};

const DONE: Outcome = Outcome::Ok {
    value: None,
    tag: None,
};

/// It read the value that this operation wrote.
fn found(value: &str, tag: u32) -> Outcome {
    Outcome::Ok {
        value: Some(Word::from(value)),
        tag: Some(OpId(tag)),
    }
}

#[test]
fn a_client_is_sent_on_to_the_leader_and_remembers_it() {
    let run = run("@10ms timeout S1\n@300ms C1 put x=1 via S4\n@500ms C1 get x\n@1s end");
    let asked: Vec<u32> = run.requests(1).into_iter().map(|(_, server)| server).collect();
    assert_eq!(asked, [4, 1, 1]);
    let outcomes: Vec<&Outcome> = run.outcomes(1).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [&DONE, &found("1", 0)]);
}

#[test]
fn a_client_that_gets_no_answer_asks_the_next_server() {
    let run = run(
        "set client-retry 100ms\n@10ms timeout S1\n@200ms crash S4 S5\n@300ms C1 put x=1 via S4\n@1s end",
    );
    let asked = run.requests(1);
    assert_eq!(asked, [(ms(300), 4), (ms(400), 5), (ms(500), 1)]);
    assert_eq!(*run.outcomes(1)[0].1, DONE);
}

#[test]
fn an_operation_that_only_met_refusals_has_failed() {
    let run = run("set election-timeout 60s\nset client-timeout 1s\n@0ms C1 put x=1\n@2s end");
    assert_eq!(run.outcomes(1), [(ms(1_000), &Outcome::Failed)]);
    let asked: Vec<u32> = run.requests(1).into_iter().map(|(_, server)| server).collect();
    assert!(asked.len() > 5, "it asks again after a short pause");
    assert!(
        asked.windows(2).all(|pair| pair[1] == pair[0] % 5 + 1),
        "one after the other: {asked:?}"
    );
}

#[test]
fn an_operation_with_an_unanswered_request_is_unknown() {
    let run = run("set election-timeout 60s\nset client-timeout 1s\n@0ms crash S2\n@0ms C1 put x=1\n@2s end");
    assert_eq!(run.outcomes(1), [(ms(1_000), &Outcome::Unknown)]);
}

#[test]
fn where_messages_are_copied_refusals_prove_nothing() {
    let text = "set election-timeout 60s\nset client-timeout 1s\n@0ms C1 put x=1\n@2s end";
    assert_eq!(
        run(&format!("set duplicate S1->C1 100%\n{text}")).outcomes(1),
        [(ms(1_000), &Outcome::Unknown)]
    );
    assert_eq!(
        run(&format!("set duplicate C1->S1 100%\n{text}")).outcomes(1),
        [(ms(1_000), &Outcome::Unknown)]
    );
}

#[test]
fn a_copied_refusal_does_not_stand_for_an_unanswered_request() {
    // S1 is asked at 0, S2, which is down, at about 75 ms. Two refusals for two requests, but both are S1's.
    let run = run(
        "set election-timeout 60s\nset client-timeout 300ms\nset duplicate S1->C1 100%\n@0ms crash S2\n\
        @0ms C1 put x=1 via S1\n@1s end",
    );
    assert_eq!(run.requests(1).len(), 2);
    assert_eq!(run.outcomes(1), [(ms(300), &Outcome::Unknown)]);
}

#[test]
fn a_restarted_leader_owes_nobody_an_answer() {
    // The put is on its way to the others when S1 crashes; a later leader commits it.
    let run = run(
        "set client-retry 10s\n@10ms timeout S1\n@300ms C1 put x=1 via S1\n@322ms crash S1\n@330ms restart S1\n\
        @400ms timeout S2\n@3s end",
    );
    assert_eq!(run.value(1, "x"), Some("1"));
    let answers = run.events(|e| {
        matches!(
            e,
            Event::Sent {
                packet: Packet::Response { .. },
                ..
            }
        )
        .then_some(())
    });
    assert_eq!(answers, []);
    assert_eq!(*run.outcomes(1)[0].1, Outcome::Unknown);
}

#[test]
fn a_leader_without_a_majority_leaves_its_client_in_the_dark() {
    let run = run(
        "set client-timeout 1s\n@10ms timeout S1\n@200ms partition S1 S2 C1 | S3 S4 S5\n\
        @300ms C1 put x=1 via S1\n@2s end",
    );
    assert_eq!(run.outcomes(1), [(ms(1_300), &Outcome::Unknown)]);
    assert!(run.state.servers.iter().all(|s| s.machine.get("x").is_none()));
}

#[test]
fn an_accepted_request_that_is_overwritten_is_refused_after_all() {
    let run = run(
        "set client-retry 5s\nset client-timeout 10s\n@10ms timeout S1\n@200ms partition S1 C1 | S2 S3 S4 S5\n\
        @300ms C1 put x=1 via S1\n@1s heal\n@3s end",
    );
    let replies = run.events(|e| match e {
        Event::Sent {
            packet: Packet::Response { from, reply, .. },
            ..
        } => Some((from.0, reply.clone())),
        _ => None,
    });
    let (first, then) = (&replies[0].1, &replies[1].1);
    assert!(
        matches!(first, (1, Reply::NotLeader { leader: Some(_) })),
        "{first:?}"
    );
    assert!(matches!(then, (2..=5, Reply::Done { .. })), "{then:?}");
    assert_eq!(*run.outcomes(1)[0].1, DONE);
    assert_eq!(run.value(1, "x"), Some("1"));
}

#[test]
fn a_retried_request_is_applied_once() {
    // The first answer to C1 is lost. Its retry comes after C2's put and must not undo it.
    let run = run(
        "clients 2\n@10ms timeout S1\n@200ms cut S1->C1\n@300ms C1 put x=1 via S1\n@450ms C2 put x=2 via S1\n\
        @600ms mend S1->C1\n@2s end",
    );
    let in_log = run.state.servers[0].log.last_index().0;
    assert_eq!(in_log, 4, "no-op, C1's put, C2's, C1's again");
    assert_eq!(*run.outcomes(1)[0].1, DONE);
    assert_eq!(run.value(3, "x"), Some("2"));
}

#[test]
fn a_request_asked_again_before_the_answer_is_proposed_once() {
    let run = run("servers 1\nset fsync 100ms\nset client-retry 70ms\n@500ms C1 put x=1\n@1s end");
    assert_eq!(run.requests(1).len(), 2);
    assert_eq!(run.state.servers[0].log.last_index().0, 2, "no-op and put");
}

#[test]
fn a_client_does_one_thing_after_another() {
    let run = run("@10ms timeout S1\n@300ms C1 put x=1\n@300ms C1 put x=2\n@300ms C1 get x\n@1s end");
    let mut running = 0;
    for event in &run.trace {
        match event.event {
            Event::Invoked { .. } => running += 1,
            Event::Returned { .. } => running -= 1,
            _ => {}
        }
        assert!(running <= 1);
    }
    let outcomes: Vec<&Outcome> = run.outcomes(1).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [&DONE, &DONE, &found("2", 1)]);
}

#[test]
fn a_load_asks_for_ever_new_values_until_it_is_stopped() {
    let run = run("@10ms timeout S1\n@1s load C1 put every 100ms\n@1550ms load C1 stop\n@3s end");
    let invoked = run.events(|e| match e {
        Event::Invoked {
            operation: Operation::Put { key, value },
            ..
        } => Some(format!("{key}={value}")),
        _ => None,
    });
    let (times, puts): (Vec<_>, Vec<_>) = invoked.into_iter().unzip();
    assert_eq!(times, [1_000, 1_100, 1_200, 1_300, 1_400, 1_500].map(ms));
    assert_eq!(puts, ["x=1", "y=2", "z=3", "x=4", "y=5", "z=6"]);
}

#[test]
fn a_load_asks_no_faster_than_it_is_answered() {
    let run = run("@10ms timeout S1\n@1s load C1 put every 1ms\n@2s load C1 stop\n@3s end");
    let invoked = run.events(|e| matches!(e, Event::Invoked { .. }).then_some(()));
    assert!((10..40).contains(&invoked.len()), "{}", invoked.len());
    assert_eq!(run.state.clients[0].current, None);
}

/// Number and attempt of each of C1's requests, in the order sent.
fn requests(rules: &str) -> Vec<(u32, u32)> {
    let text = "set client-retry 100ms\n@10ms timeout S1\n@200ms crash S4 S5\n@300ms C1 put x=1 via S4\n@1s C1 del x\n@2s end";
    let run = run(&format!("{rules}{text}"));
    let sent = run.events(|event| match event {
        Event::Sent {
            packet: Packet::Request { op, command, .. },
            ..
        } => Some((*op, Request::decode(command).expect("a request"))),
        _ => None,
    });
    sent.into_iter()
        .map(|(_, (op, request))| {
            assert_eq!(request.op, op);
            (op.0, request.attempt)
        })
        .collect()
}

#[test]
fn what_is_sent_again_is_the_same_as_the_first() {
    assert_eq!(requests(""), [(0, 0), (0, 0), (0, 0), (1, 0)]);
    assert_eq!(requests("off client-session\n"), [(0, 0), (0, 1), (0, 2), (1, 0)]);
}

#[test]
fn a_get_names_the_write_that_it_saw() {
    let run = run(
        "@10ms timeout S1\n@300ms C1 get x\n@400ms C1 put x=1\n@500ms C1 get x\n@600ms C1 del x\n@700ms snapshot S1\n@800ms C1 get x\n@900ms C1 get x stale via S1\n@1s crash S1; @1100ms restart S1\n@1200ms C1 get x stale via S1\n@2s end",
    );
    let outcomes = run.outcomes(1).into_iter().map(|(_, outcome)| match outcome {
        Outcome::Ok { tag, .. } => tag.map(|op| op.0),
        other => panic!("{other:?}"),
    });
    let found: Vec<Option<u32>> = outcomes.collect();
    assert_eq!(found, [None, None, Some(1), None, Some(3), Some(3), Some(3)]);
}
