//! Worlds that run two-phase commit on the same disks and network, for the same clients.

use crate::{Run, ms, run};
use raft_trace::{Event, OpId, Outcome, Packet, TwoPhaseState, Word, WorldTime};
use two_phase::{Body, Decision, Note};

const DONE: Outcome = Outcome::Ok {
    value: None,
    tag: None,
};

fn run_two_phase(text: &str) -> Run {
    run(&format!("protocol two-phase-commit\nservers 3\n{text}"))
}

/// How a client's operations ended, and when.
fn outcomes(run: &Run, client: u32) -> Vec<(WorldTime, Outcome)> {
    let outcomes = run.outcomes(client).into_iter();
    outcomes.map(|(at, outcome)| (at, outcome.clone())).collect()
}

fn ended(run: &Run, client: u32) -> Vec<Outcome> {
    outcomes(run, client)
        .into_iter()
        .map(|(_, outcome)| outcome)
        .collect()
}

fn notes(run: &Run, which: impl Fn(&Note) -> bool) -> usize {
    let found = run.events(|event| match event {
        Event::TwoPhaseNoted { note, .. } => which(note).then_some(()),
        _ => None,
    });
    found.len()
}

fn sent(run: &Run, which: impl Fn(&Body) -> bool) -> Vec<WorldTime> {
    let found = run.events(|event| match event {
        Event::Sent {
            packet: Packet::TwoPhase { message },
            ..
        } => which(&message.body).then_some(()),
        _ => None,
    });
    found.into_iter().map(|(at, ())| at).collect()
}

#[test]
fn a_put_is_done_on_all_and_any_server_answers_a_get() {
    let run = run_two_phase(
        "@0ms C1 put x=1\n@500ms C1 get x via S3\n@600ms C1 del x\n@1s C1 get x via S2\n@2s end",
    );
    let read = Outcome::Ok {
        value: Some(Word::from("1")),
        tag: Some(OpId(0)),
    };
    let deleted = Outcome::Ok {
        value: None,
        tag: Some(OpId(2)),
    };
    assert_eq!(ended(&run, 1), [DONE, read, DONE, deleted]);
    assert_eq!(sent(&run, |body| matches!(body, Body::Inquiry)), []);
    for server in &run.state.servers {
        assert_eq!(server.log.last_index(), server.synced_index());
        assert_eq!(*server.two_phase.clone().unwrap(), TwoPhaseState::default());
    }
}

#[test]
fn without_one_server_nothing_is_done_and_the_client_is_told() {
    let run = run_two_phase("@0ms crash S3\n@10ms C1 put x=1 via S1\n@2s end");
    let [(at, Outcome::Failed)] = outcomes(&run, 1)[..] else {
        panic!("{:?}", outcomes(&run, 1));
    };
    assert!(at < ms(400), "the vote's timeout and the way: {at:?}");
    assert_eq!(run.value(1, "x"), None);
}

/// S1 dies once all have voted and before it has decided: the votes are on their way.
const BLOCKS: &str = "clients 2\nset latency 10ms\nset write 0ms\nset fsync 1ms\n@0ms C1 put x=1 via S1\n@500ms C1 put x=2\n@525ms crash S1\n";

#[test]
fn while_the_coordinator_is_away_who_voted_waits_and_so_does_who_reads() {
    let run = run_two_phase(&format!(
        "{BLOCKS}@800ms C2 get x via S2\n@900ms C2 get y via S3\n@3s restart S1\n@5s C2 get x via S3\n@6s end"
    ));
    assert_eq!(notes(&run, |note| matches!(note, Note::Blocked { .. })), 2);
    assert_eq!(
        notes(&run, |note| matches!(note, Note::ReadWaits { .. })),
        4,
        "it asks all that are up in turn"
    );
    let found = |value: &str, tag| Outcome::Ok {
        value: Some(Word::from(value)),
        tag: Some(OpId(tag)),
    };
    let nothing = Outcome::Ok {
        value: None,
        tag: None,
    };
    assert_eq!(ended(&run, 2), [Outcome::Unknown, nothing, found("1", 0)]);
    assert_eq!(ended(&run, 1), [DONE, Outcome::Unknown]);
    let told = sent(&run, |body| {
        let decision = Decision::Abort;
        *body == Body::Decided { decision }
    });
    assert!(told[0] > ms(3_000), "nobody can decide before: {told:?}");
}

#[test]
fn how_long_a_participant_waits_is_seen_whatever_it_goes_through() {
    let at = |end: &str| {
        let run = run_two_phase(&format!("{BLOCKS}@1s crash S2\n@1500ms restart S2\n{end}"));
        let waits = |id: usize| {
            let state = run.state.servers[id].two_phase.clone().unwrap();
            let blocked = state.blocked_by().is_some();
            (blocked, state.waits_since.values().copied().collect::<Vec<_>>())
        };
        [1, 2].map(waits)
    };
    assert_eq!(at("@2s end"), [(true, vec![ms(520)]), (true, vec![ms(520)])]);
    assert_eq!(at("@2s restart S1\n@3s end"), [(false, vec![]), (false, vec![])]);
}

#[test]
fn a_decision_survives_the_power_of_all() {
    // S1 has decided and told nobody.
    let run = run_two_phase(
        "set latency 10ms\nset write 0ms\nset fsync 1ms\n@0ms C1 put x=1 via S1\n@31ms cut S1->S2\n@31ms cut S1->S3\n\
         @31ms cut S1->C1\n@100ms power-off S1 S2 S3\n@200ms heal\n@200ms restart S1 S2 S3\n@1s end",
    );
    assert_eq!([1, 2, 3].map(|id| run.value(id, "x")), [Some("1"); 3]);
    assert_eq!(ended(&run, 1), [DONE], "it asks again");
}

#[test]
fn lost_and_repeated_messages_delay_and_spoil_nothing() {
    let run = run_two_phase(
        "set loss 20%\nset duplicate 20%\nset vote-timeout 5s\nset client-timeout 8s\n\
         @0ms load C1 put every 100ms\n@10s end",
    );
    let done = ended(&run, 1).iter().filter(|outcome| **outcome == DONE).count();
    assert!(done > 5, "{done}");
}

#[test]
fn the_settings_hold_from_when_they_are_given() {
    let run = run_two_phase(&format!(
        "{BLOCKS}@1s set cooperative-termination off\n@2s set ask-again 1s\n@4s end"
    ));
    let inquiries = sent(&run, |body| matches!(body, Body::Inquiry));
    let between = |from, to| {
        inquiries
            .iter()
            .filter(|at| (ms(from)..ms(to)).contains(at))
            .count()
    };
    assert_eq!(between(0, 820), 0, "as patient as the coordinator");
    assert_eq!(between(900, 1_000), 4, "two ask two each");
    assert_eq!(between(1_100, 1_200), 2, "two ask one");
    assert_eq!(between(2_200, 4_000), 2, "once a second");
}
