//! Thesis 3.10 Leadership transfer extension.

use crate::support::*;
use raft_core::{Body, Duration, IgnoredBecause, Input, NodeId, Note, Output, Role, TransferRefusal};

fn hand_over(cluster: &mut Cluster, from: u32, to: u32) -> Vec<Output> {
    cluster.step(from, Input::TransferLeadership { to: NodeId(to) })
}

fn timeout_now(from: u32, to: u32, term: u64) -> raft_core::Message {
    raft_core::Message {
        body: Body::TimeoutNow,
        ..vote_reply(from, to, term, false)
    }
}

/// S1 leads; S3 was cut off and misses an entry.
fn with_s3_behind() -> Cluster {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.heal();
    cluster
}

/// Thesis 3.10, step 1: "The prior leader stops accepting new client requests."
#[test]
fn the_prior_leader_stops_accepting_requests() {
    let mut cluster = with_s3_behind();
    let outputs = hand_over(&mut cluster, 1, 3);
    assert_eq!(notes(&outputs), [&Note::TransferStarted { to: NodeId(3) }]);
    let outputs = cluster.propose(1, "x=2");
    assert!(matches!(outputs[..], [Output::Refused { leader: None, .. }]));
    assert_eq!(cluster.log_terms(1), [1, 1]);
}

/// Thesis 3.10, step 2: "The prior leader fully updates the target server's log to match its own, using the normal log replication mechanism".
#[test]
fn the_target_is_brought_up_to_date_first() {
    let mut cluster = with_s3_behind();
    let outputs = hand_over(&mut cluster, 1, 3);
    assert_eq!(sent(&outputs), [] as [&raft_core::Message; 0]);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 3);
    let outputs = cluster.deliver_from(3, 1);
    assert_eq!(cluster.log_terms(3), [1, 1]);
    assert_eq!(only_message(&outputs), &timeout_now(1, 3, 1));
}

/// Thesis 3.10, step 3: "The prior leader sends a TimeoutNow request to the target server": at once if it is up to date, and once.
#[test]
fn an_up_to_date_target_is_told_at_once() {
    let mut cluster = Cluster::led_by_s1(3);
    let outputs = hand_over(&mut cluster, 1, 2);
    assert_eq!(only_message(&outputs), &timeout_now(1, 2, 1));
    let outputs = cluster.heartbeat(1);
    assert!(sent(&outputs).iter().all(|m| m.body != Body::TimeoutNow));
}

/// Thesis 3.10, step 3: "the target server starts a new election (incrementing its term and becoming a candidate)". Also with PreVote.
#[test]
fn the_target_starts_an_election() {
    for pre_vote in [false, true] {
        let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |config| {
            config.pre_vote = pre_vote;
        });
        cluster.receive(append(1, 2, 1, (0, 0), &[1], 0));
        let outputs = cluster.receive(timeout_now(1, 2, 1));
        assert_eq!((cluster.role(2), cluster.term(2)), (Role::Candidate, 2));
        assert!(sets_election_timer(&outputs));
        let told = |m: &&raft_core::Message| matches!(m.body, Body::RequestVote { transfer: true, .. });
        assert_eq!(cluster.in_flight.iter().filter(told).count(), 2);
    }
}

/// Thesis 3.10: "Its next message to the prior leader will include its new term number, causing the prior leader to step down. At this
/// point, leadership transfer is complete."
#[test]
fn the_prior_leader_steps_down() {
    let mut cluster = Cluster::led_by_s1(3);
    hand_over(&mut cluster, 1, 2);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, 2));
    assert_eq!(cluster.raft(1).transfer(), None);
    cluster.settle();
    assert_eq!(cluster.role(2), Role::Leader);
}

/// Thesis 3.10: "If leadership transfer does not complete after about an election timeout, the prior leader aborts the transfer and resumes
/// accepting client requests."
#[test]
fn a_transfer_is_given_up_after_an_election_timeout() {
    let mut cluster = with_s3_behind();
    cluster.crash(3);
    hand_over(&mut cluster, 1, 3);
    let aborted = Note::TransferAborted { to: NodeId(3) };
    for ms in (50..=300).step_by(50) {
        cluster.wait(Duration::millis(50));
        let outputs = cluster.heartbeat(1);
        assert_eq!(notes(&outputs).contains(&&aborted), ms == 300, "{ms}");
    }
    let outputs = cluster.propose(1, "x=2");
    assert!(matches!(outputs[0], Output::Accepted { .. }));
}

/// Thesis 3.10: "If the prior leader was mistaken and the target server is actually operational, then at worst this mistake will result in
/// an extra election, after which client operations will be restored."
#[test]
fn a_late_timeout_now_costs_an_election() {
    let mut cluster = Cluster::led_by_s1(3);
    hand_over(&mut cluster, 1, 2);
    let late = cluster.intercept(2).remove(0);
    for _ in 0..6 {
        cluster.wait(Duration::millis(50));
        cluster.heartbeat(1);
        cluster.settle();
    }
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.receive(late.clone());
    cluster.settle();
    assert_eq!((cluster.role(2), cluster.term(2)), (Role::Leader, 2));
    assert_eq!(cluster.log_terms(2), [1, 1, 2]);
    let outputs = cluster.receive(late);
    let because = IgnoredBecause::StaleTerm;
    let from = NodeId(1);
    assert_eq!(
        notes(&outputs),
        [&Note::Ignored { from, because }],
        "and only one"
    );
}

/// Only a leader hands over, and only to another voter.
#[test]
fn what_cannot_be_is_refused() {
    let mut cluster = Cluster::led_by_s1(3);
    for (from, to, because) in [
        (2, 3, TransferRefusal::NotLeader),
        (1, 1, TransferRefusal::NotAnotherVoter),
        (1, 4, TransferRefusal::NotAnotherVoter),
    ] {
        let outputs = hand_over(&mut cluster, from, to);
        let to = NodeId(to);
        assert_eq!(outputs, [Output::Note(Note::TransferRefused { to, because })]);
    }
}

/// A new target takes the place of the old one.
#[test]
fn the_target_can_be_changed() {
    let mut cluster = with_s3_behind();
    hand_over(&mut cluster, 1, 3);
    let outputs = hand_over(&mut cluster, 1, 2);
    assert_eq!(notes(&outputs), [&Note::TransferStarted { to: NodeId(2) }]);
    assert_eq!(only_message(&outputs), &timeout_now(1, 2, 1));
    assert_eq!(cluster.raft(1).transfer(), Some(NodeId(2)));
}
