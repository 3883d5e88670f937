//! Thesis 6.4.1: using clocks to reduce messaging for read-only queries; 4.2.3 and 6.2, which it lives on.

use crate::support::*;
use raft_core::{Body, Config, Duration, Input, NodeId, Note, Output, ReadMode, Refusal, Role};

fn ready(outputs: &[Output]) -> bool {
    outputs
        .iter()
        .any(|output| matches!(output, Output::ReadReady { .. }))
}

/// Three servers, S1 leads. A heartbeat was sent and answered just now.
fn led(change: impl FnOnce(&mut Config)) -> Cluster {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], change);
    cluster.expire(1);
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    cluster
}

fn with_lease() -> Cluster {
    led(|config| config.stickiness = true)
}

/// Thesis 6.4.1: "While the leader held its lease, it would service read-only queries without communication."
#[test]
fn a_lease_needs_no_messages() {
    let mut cluster = with_lease();
    let outputs = cluster.read(1, ReadMode::Lease);
    assert!(ready(&outputs) && sent(&outputs).is_empty());
}

/// Thesis 6.4.1: "Once the leader's heartbeats were acknowledged by a majority of the cluster, it would extend its lease to
/// start + election timeout / clock drift bound".
#[test]
fn a_lease_lasts_for_an_election_timeout_by_the_drift_bound() {
    for (drift, lasts) in [
        (0, 150),
        (100_000, 123),
        (200_000, 100),
        (1_000_000, 0),
        (u32::MAX, 0),
    ] {
        let mut cluster = led(|config| {
            config.stickiness = true;
            config.clock_drift = drift;
        });
        for ms in 0..=150 {
            assert_eq!(
                ready(&cluster.read(1, ReadMode::Lease)),
                ms < lasts,
                "{drift} {ms}"
            );
            cluster.in_flight.clear();
            cluster.wait(Duration::millis(1));
        }
    }
}

/// The same: it starts when the heartbeats are sent, not when they are acknowledged.
#[test]
fn a_lease_starts_when_heartbeats_are_sent() {
    let mut cluster = with_lease();
    cluster.wait(Duration::millis(100));
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    cluster.wait(Duration::millis(100));
    assert!(!ready(&cluster.read(1, ReadMode::Lease)), "the old one is over");
    cluster.deliver_from(2, 1);
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
    cluster.wait(Duration::millis(49));
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
    cluster.wait(Duration::millis(1));
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
}

/// The same, of heartbeats that are answered after later ones were sent.
#[test]
fn every_round_under_way_can_renew_the_lease() {
    let mut cluster = with_lease();
    cluster.wait(Duration::millis(150));
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    let answer = cluster.intercept(1).remove(0);
    cluster.wait(Duration::millis(50));
    cluster.heartbeat(1);
    cluster.receive(answer);
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
}

/// The same: a majority has to acknowledge.
#[test]
fn a_lease_takes_a_majority() {
    let mut cluster = with_lease();
    cluster.wait(Duration::millis(150));
    cluster.isolate(&[1]);
    cluster.heartbeat(1);
    cluster.settle();
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
}

/// Without a lease a read does as in 6.4, and the round it takes is a new lease.
#[test]
fn without_a_lease_a_round_makes_one() {
    let mut cluster = with_lease();
    cluster.wait(Duration::secs(1));
    assert_eq!(sent(&cluster.read(1, ReadMode::Lease)).len(), 2);
    cluster.settle();
    assert_eq!(cluster.answers.len(), 1);
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
}

/// Timers that were set before the settings changed may run out sooner than the new ones say: it takes a round to have a lease by these.
#[test]
fn new_settings_take_a_new_round() {
    let mut cluster = with_lease();
    let mut config = cluster.raft(1).config().clone();
    config.election_timeout = raft_core::Span::exactly(Duration::secs(1));
    for id in cluster.ids() {
        cluster.step(id, Input::Configure(config.clone()));
    }
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
    cluster.settle();
    cluster.wait(Duration::millis(999));
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
}

/// No lease without voters that honour it.
#[test]
fn no_lease_without_stickiness() {
    let mut cluster = led(|_| {});
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
}

/// A new leader has no lease from the votes it got, and needs a commit of its own term.
#[test]
fn a_new_leader_has_no_lease() {
    let mut cluster = with_lease();
    cluster.isolate(&[1]);
    cluster.expire(2);
    cluster.deliver_from(2, 3);
    cluster.deliver_from(3, 2);
    assert_eq!(cluster.role(2), Role::Leader);
    assert!(!ready(&cluster.read(2, ReadMode::Lease)));
    cluster.settle();
    assert!(ready(&cluster.read(2, ReadMode::Lease)));
}

/// Thesis 6.4.1: "a leader would need to expire its lease before transferring leadership".
#[test]
fn a_transfer_ends_the_lease() {
    let mut cluster = with_lease();
    cluster.step(1, Input::TransferLeadership { to: NodeId(2) });
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
    // The message may be late, so there is no lease after the transfer was given up either.
    cluster.intercept(2);
    for _ in 0..10 {
        cluster.wait(Duration::millis(50));
        cluster.heartbeat(1);
        cluster.settle();
    }
    assert_eq!(cluster.raft(1).transfer(), None);
    assert!(!ready(&cluster.read(1, ReadMode::Lease)));
}

/// A transfer that has told nobody to stand yet does not.
#[test]
fn a_transfer_that_waits_leaves_the_lease() {
    let mut cluster = with_lease();
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.step(1, Input::TransferLeadership { to: NodeId(3) });
    assert!(ready(&cluster.read(1, ReadMode::Lease)));
}

/// Thesis 4.2.3: "if a server receives a RequestVote request within the minimum election timeout of hearing from a current leader, it does
/// not update its term or grant its vote". Here it replies with a denial.
#[test]
fn who_hears_a_leader_gives_no_vote() {
    let mut cluster = with_lease();
    for (wait, denied) in [(0, true), (149, true), (1, false)] {
        cluster.wait(Duration::millis(wait));
        let outputs = cluster.receive(request_vote(3, 2, 9, (9, 9)));
        assert_eq!(grants(&outputs), !denied);
        assert_eq!(cluster.term(2), if denied { 1 } else { 9 });
        let because = Refusal::HearsLeader {
            leader: Some(NodeId(1)),
        };
        let says_why = notes(&outputs)
            .iter()
            .any(|note| matches!(note, Note::VoteRefused { because: b, .. } if *b == because));
        assert_eq!(says_why, denied);
    }
}

/// The same: a leader hears itself.
#[test]
fn a_leader_gives_no_vote() {
    let mut cluster = with_lease();
    cluster.wait(Duration::secs(1));
    assert!(!grants(&cluster.receive(request_vote(3, 1, 9, (9, 9)))));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 1));
}

/// Thesis 4.2.3: "This does not affect normal elections, where each server waits at least a minimum election timeout before starting an
/// election."
#[test]
fn stickiness_does_not_affect_normal_elections() {
    let mut cluster = with_lease();
    cluster.crash(1);
    cluster.expire(2);
    cluster.settle();
    assert_eq!((cluster.role(2), cluster.term(2)), (Role::Leader, 2));
}

/// Thesis 4.2.3: "RequestVote messages should be processed by other servers even when they believe a current cluster leader exists" if the
/// leader told the candidate to stand; "Those RequestVote requests can include a special flag".
#[test]
fn who_was_told_to_stand_may_disrupt() {
    let mut cluster = with_lease();
    let mut request = request_vote(3, 2, 2, (1, 1));
    if let Body::RequestVote { transfer, .. } = &mut request.body {
        *transfer = true;
    }
    assert!(grants(&cluster.receive(request)));
}

/// A server that restarts cannot know whom it heard, and waits as if it had.
#[test]
fn a_restarted_server_gives_no_vote_at_once() {
    let mut cluster = with_lease();
    cluster.crash_and_restart(2);
    let outputs = cluster.receive(request_vote(3, 2, 2, (1, 1)));
    assert!(!grants(&outputs));
    let because = Refusal::HearsLeader { leader: None };
    assert!(matches!(notes(&outputs)[..], [Note::VoteRefused { because: b, .. }] if *b == because));
    cluster.wait(Duration::millis(150));
    assert!(grants(&cluster.receive(request_vote(3, 2, 2, (1, 1)))));
}

/// Thesis 6.2: "a leader in Raft steps down if an election timeout elapses without a successful round of heartbeats to a majority of its
/// cluster".
#[test]
fn a_leader_that_hears_no_majority_steps_down() {
    let mut cluster = led(|config| config.check_quorum = true);
    cluster.isolate(&[1]);
    for _ in 0..6 {
        cluster.wait(Duration::millis(50));
        cluster.heartbeat(1);
        assert_eq!(cluster.role(1), Role::Leader);
    }
    cluster.wait(Duration::millis(50));
    let outputs = cluster.heartbeat(1);
    let term = raft_core::Term(1);
    let became = Note::Became {
        role: Role::Follower,
        term,
    };
    assert_eq!(notes(&outputs), [&Note::QuorumLost, &became]);
    assert!(sets_election_timer(&outputs) && sent(&outputs).is_empty());
    assert!(cluster.server(1).heartbeat_timer.is_none());
}

/// The same: the timeout elapses from when it was elected, whatever its clock shows.
#[test]
fn a_new_leader_has_an_election_timeout_to_hear_a_majority() {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |config| {
        config.check_quorum = true;
    });
    cluster.wait(Duration::secs(10));
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 1, true));
    cluster.wait(Duration::millis(50));
    cluster.heartbeat(1);
    assert_eq!(cluster.role(1), Role::Leader);
}

/// The same: while a majority answers it stays, however long.
#[test]
fn a_leader_that_hears_a_majority_stays() {
    let mut cluster = led(|config| config.check_quorum = true);
    cluster.crash(3);
    for _ in 0..40 {
        cluster.wait(Duration::millis(50));
        cluster.heartbeat(1);
        cluster.settle();
    }
    assert_eq!(cluster.role(1), Role::Leader);
}

/// Without the setting a leader stays a leader, as in the paper.
#[test]
fn without_check_quorum_a_lonely_leader_stays() {
    let mut cluster = led(|_| {});
    cluster.isolate(&[1]);
    cluster.wait(Duration::secs(10));
    cluster.heartbeat(1);
    assert_eq!(cluster.role(1), Role::Leader);
}

/// Thesis 6.2: followers "must discard this information [the leader's identity] when starting a new election or when the term changes".
#[test]
fn a_new_term_forgets_the_leader() {
    let mut cluster = led(|config| config.pre_vote = true);
    cluster.receive(request_vote(3, 2, 2, (0, 0)));
    assert_eq!(cluster.raft(2).leader(), None);
    cluster.expire(3);
    assert_eq!(cluster.raft(3).leader(), None);
}
