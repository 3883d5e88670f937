//! What goes beyond Figure 2: reads without the log, snapshots, hand-overs, rules switched off.

use crate::{ms, run};
use raft_core::{Body, Index};
use raft_trace::{Event, OpId, Outcome, Packet, Word};

/// It read x=1, which the first operation wrote.
fn read_1() -> Outcome {
    Outcome::Ok {
        value: Some(Word::from("1")),
        tag: Some(OpId(0)),
    }
}

fn sent(run: &crate::Run, which: impl Fn(&Body) -> bool) -> usize {
    run.raft_messages().iter().filter(|(_, m)| which(&m.body)).count()
}

/// S1 leads and wrote x=1 to all; then it is alone, and the others go on with x=2 under S2.
const TWO_VALUES: &str = "clients 2\nset client-timeout 300ms\n@10ms timeout S1\n@200ms C1 put x=1\n@400ms partition S1 C1 | S2 S3 S4 S5 C2\n\
    @410ms timeout S2\n@600ms C2 put x=2 via S2\n";

#[test]
fn who_is_cut_off_answers_what_needs_no_others_with_what_it_has() {
    for mode in ["stale", "leader-local"] {
        let run = run(&format!("{TWO_VALUES}@800ms C1 get x {mode} via S1\n@2s end"));
        assert_eq!(run.outcomes(1).last().unwrap().1, &read_1(), "{mode}");
    }
}

#[test]
fn who_is_cut_off_cannot_answer_a_linearizable_read() {
    for mode in ["read-index", "lease"] {
        let run = run(&format!(
            "{TWO_VALUES}@900ms set stickiness on\n@1000ms C1 get x {mode} via S1\n@2s end"
        ));
        assert_eq!(run.outcomes(1).last().unwrap().1, &Outcome::Unknown, "{mode}");
    }
}

#[test]
fn a_follower_answers_a_read_by_the_index_of_its_leader() {
    let run =
        run("set reads read-index\n@10ms timeout S1\n@200ms C1 put x=1\n@400ms C1 get x via S3\n@1s end");
    assert_eq!(run.outcomes(1).last().unwrap().1, &read_1());
    assert_eq!(sent(&run, |body| matches!(body, Body::ReadIndex { .. })), 1);
    let answers = run.events(|event| match event {
        Event::Sent {
            packet: Packet::Response { from, .. },
            ..
        } => Some(from.0),
        _ => None,
    });
    assert_eq!(answers.last().unwrap().1, 3);
}

#[test]
fn a_lease_spares_the_round() {
    let text = "set stickiness on\nset drift-bound 1%\n@600ms C1 put x=1\n@1s C1 get x lease\n@2s end";
    let run = run(text);
    let (at, outcome) = *run.outcomes(1).last().unwrap();
    assert_eq!(outcome, &read_1());
    assert!(at <= ms(1_030), "there and back and nothing else: {at:?}");
}

#[test]
fn a_snapshot_brings_back_who_lacks_the_beginning() {
    let run = run(
        "@10ms timeout S1\n@100ms C1 put x=1\n@200ms crash S5\n@300ms C1 put y=2\n@500ms snapshot S1\n\
                   @600ms restart S5\n@1s C1 put x=3\n@2s end",
    );
    assert!(sent(&run, |body| matches!(body, Body::InstallSnapshot { .. })) > 0);
    assert_eq!((run.value(5, "x"), run.value(5, "y")), (Some("3"), Some("2")));
    assert_eq!(run.state.servers[4].log.base().0, Index(3));
    assert_eq!(run.state.servers[4].log.last_index(), Index(4));
}

#[test]
fn a_server_restarts_from_its_snapshot_and_what_follows() {
    let run = run(
        "set snapshot-every 3\n@10ms timeout S1\n@100ms load C1 put every 30ms\n\
                   @1s crash S2\n@1100ms restart S2\n@2s load C1 stop\n@3s end",
    );
    let restored = run.events(|event| match event {
        Event::Restored { server, through } if server.0 == 2 => Some(*through),
        _ => None,
    });
    assert!(restored[0].0 == ms(1_100) && restored[0].1 > Index(0));
    let machines: Vec<_> = run.state.servers.iter().map(|s| &s.machine).collect();
    assert!(machines.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(run.state.servers.iter().all(|s| s.log.base().0 > Index(10)));
}

#[test]
fn leadership_is_handed_over_without_waiting_for_a_timeout() {
    let run = run("set election-timeout 10s\n@10ms timeout S1\n@500ms transfer S1->S3\n@1s end");
    assert_eq!(run.leaders(), [3]);
    assert_eq!(sent(&run, |body| matches!(body, Body::TimeoutNow)), 1);
}

#[test]
fn who_asks_first_deposes_nobody_when_it_comes_back() {
    let text = |on| {
        format!("set pre-vote {on}\n@10ms timeout S1\n@200ms partition S5 | S1 S2 S3 S4\n@2s heal\n@3s end")
    };
    let term = |on| run(&text(on)).state.servers[0].term.0;
    assert_eq!(term("on"), term("on").min(2), "one election, however it began");
    assert!(term("off") > 3);
}

#[test]
fn a_leader_that_hears_nobody_steps_down_if_it_checks() {
    let text =
        |on| format!("set check-quorum {on}\n@10ms timeout S1\n@500ms partition S1 | S2 S3 S4 S5\n@2s end");
    assert_eq!(run(&text("off")).leaders().len(), 2);
    assert_eq!(run(&text("on")).leaders().len(), 1);
}

#[test]
fn a_rule_is_switched_off_and_on_again_while_the_cluster_runs() {
    let run = run("off synced-ack\n@10ms timeout S1\n@1s on synced-ack\n@2s end");
    let settings = run.events(|event| match event {
        Event::SettingChanged { setting } => Some(setting.to_string()),
        _ => None,
    });
    assert_eq!(settings, [(ms(1_000), "on synced-ack".to_owned())]);
}

#[test]
fn a_spare_server_learns_and_then_decides_with_the_others() {
    let run = run(
        "servers 4\nvoters 3\n@10ms timeout S1\n@100ms C1 put x=1\n@300ms learner S4\n@600ms add S4\n@1s crash S2\n@1s C1 put y=2\n@2s end",
    );
    let configuration = &run.state.servers[0].configuration;
    assert_eq!(configuration.voters.len(), 4);
    assert!(configuration.learners.is_empty());
    assert_eq!((run.value(4, "x"), run.value(4, "y")), (Some("1"), Some("2")));
}

#[test]
fn a_leader_that_is_removed_makes_way() {
    let run = run("@10ms timeout S1\n@300ms remove S1\n@2s C1 put x=1\n@4s end");
    assert_eq!(run.leaders().len(), 1);
    assert!(!run.leaders().contains(&1));
    assert_eq!(run.value(2, "x"), Some("1"));
}

#[test]
fn many_change_at_once_by_joint_consensus() {
    let run = run(
        "servers 6\nvoters 3\n@10ms timeout S1\n@100ms C1 put x=1\n@300ms voters S4 S5 S6\n@2s crash S1 S2 S3\n@3s C1 put x=2 via S4\n@5s end",
    );
    let voters: Vec<u32> = run.state.servers[3]
        .configuration
        .voters
        .iter()
        .map(|id| id.0)
        .collect();
    assert_eq!(voters, [4, 5, 6]);
    assert_eq!(run.value(6, "x"), Some("2"));
}
