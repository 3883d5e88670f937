//! Thesis 9.6 Preventing disruptions when a server rejoins the cluster.

use crate::support::*;
use raft_core::{Body, Duration, Index, Message, NodeId, Note, Refusal, Role, Term};

/// Servers with these terms and logs that ask before they stand.
fn careful(logs: &[(u64, &[u64])]) -> Cluster {
    Cluster::tuned(logs, |config| config.pre_vote = true)
}

/// Three of them, S1 leads term 1.
fn led() -> Cluster {
    let mut cluster = careful(&[(0, &[]), (0, &[]), (0, &[])]);
    cluster.elect(1);
    cluster.heartbeat(1);
    cluster.settle();
    cluster
}

fn pre_vote(from: u32, to: u32, term: u64, last: (u64, u64)) -> Message {
    Message {
        body: Body::PreVote {
            last_log_index: Index(last.0),
            last_log_term: Term(last.1),
        },
        ..vote_reply(from, to, term, false)
    }
}

fn pre_vote_reply(from: u32, to: u32, term: u64, asked_in: u64, granted: bool) -> Message {
    Message {
        body: Body::PreVoteReply {
            granted,
            asked_in: Term(asked_in),
        },
        ..vote_reply(from, to, term, false)
    }
}

fn pre_granted(outputs: &[raft_core::Output]) -> bool {
    match only_message(outputs).body {
        Body::PreVoteReply { granted, .. } => granted,
        ref body => panic!("not an answer to PreVote: {body:?}"),
    }
}

/// Thesis 9.6: "a candidate only increments its term if it first learns from a majority of the cluster that they would be willing to grant
/// the candidate their votes".
#[test]
fn a_candidate_asks_before_it_increments_its_term() {
    let mut cluster = careful(&[(3, &[1, 3]), (3, &[]), (3, &[]), (3, &[]), (3, &[])]);
    let outputs = cluster.timeout(1);
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::PreCandidate, 3));
    assert_eq!(cluster.raft(1).voted_for(), None);
    assert_eq!(written(&outputs), None, "nothing to remember");
    let asked: Vec<Message> = sent(&outputs).into_iter().cloned().collect();
    let expected: Vec<Message> = (2..=5).map(|to| pre_vote(1, to, 3, (2, 3))).collect();
    assert_eq!(asked, expected);
    cluster.receive(pre_vote_reply(2, 1, 3, 3, true));
    assert_eq!(cluster.term(1), 3, "two of five");
    let outputs = cluster.receive(pre_vote_reply(3, 1, 3, 3, true));
    assert_eq!(
        (cluster.role(1), cluster.term(1)),
        (Role::Candidate, 4),
        "three of five"
    );
    assert_eq!(cluster.raft(1).votes(), [NodeId(1)], "votes are asked for anew");
    assert!(sets_election_timer(&outputs));
}

/// The same: refusals, repeated answers and answers to an earlier question do not make a majority.
#[test]
fn only_different_grants_of_this_term_count() {
    let mut cluster = careful(&[(3, &[]), (3, &[]), (3, &[]), (3, &[]), (3, &[])]);
    cluster.timeout(1);
    for reply in [
        pre_vote_reply(2, 1, 3, 3, false),
        pre_vote_reply(3, 1, 3, 3, true),
        pre_vote_reply(3, 1, 3, 3, true),
        pre_vote_reply(4, 1, 3, 2, true),
    ] {
        cluster.receive(reply);
        assert_eq!((cluster.role(1), cluster.term(1)), (Role::PreCandidate, 3));
    }
}

/// The same: an answer after the election began is of no use, and puts nothing off.
#[test]
fn a_late_grant_is_ignored() {
    let mut cluster = careful(&[(0, &[]), (0, &[]), (0, &[])]);
    cluster.timeout(1);
    cluster.receive(pre_vote_reply(2, 1, 0, 0, true));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Candidate, 1));
    let outputs = cluster.receive(pre_vote_reply(3, 1, 0, 0, true));
    assert!(matches!(notes(&outputs)[..], [Note::Ignored { .. }]));
    assert!(!sets_election_timer(&outputs));
}

/// A cluster of one has its majority at once.
#[test]
fn who_is_alone_need_not_ask() {
    let mut cluster = careful(&[(0, &[])]);
    cluster.elect(1);
    assert_eq!(cluster.term(1), 1);
}

/// Thesis 9.6: they would grant it "if the candidate's log is sufficiently up-to-date".
#[test]
fn a_log_that_is_behind_is_refused() {
    let mut cluster = careful(&[(2, &[]), (2, &[1, 2]), (2, &[])]);
    for (last, granted) in [((1, 1), false), ((9, 1), false), ((2, 2), true), ((1, 3), true)] {
        let outputs = cluster.receive(pre_vote(1, 2, 2, last));
        assert_eq!(pre_granted(&outputs), granted, "{last:?}");
    }
}

/// Thesis 9.6: "and the voters have not received heartbeats from a valid leader for at least a baseline election timeout".
#[test]
fn who_hears_a_leader_refuses() {
    let mut cluster = led();
    for (wait, granted) in [(0, false), (149, false), (1, true)] {
        cluster.wait(Duration::millis(wait));
        let outputs = cluster.receive(pre_vote(3, 2, 1, (1, 1)));
        assert_eq!(pre_granted(&outputs), granted);
        let outputs = cluster.receive(pre_vote(3, 1, 1, (1, 1)));
        assert!(!pre_granted(&outputs), "a leader hears itself");
    }
    let outputs = cluster.receive(pre_vote(3, 1, 1, (1, 1)));
    let leader = Some(NodeId(1));
    let because = Refusal::HearsLeader { leader };
    let candidate = NodeId(3);
    assert_eq!(notes(&outputs), [&Note::VoteRefused { candidate, because }]);
}

/// The same: an answer binds nobody. Any number of servers can be told yes, and no vote is given.
#[test]
fn an_answer_binds_nobody() {
    let mut cluster = careful(&[(0, &[]), (0, &[]), (0, &[])]);
    for candidate in [1, 3] {
        let outputs = cluster.receive(pre_vote(candidate, 2, 0, (0, 0)));
        assert!(pre_granted(&outputs));
        assert_eq!((written(&outputs), all_wait_for_disk(&outputs)), (None, false));
        assert!(!sets_election_timer(&outputs));
    }
    assert_eq!(cluster.raft(2).voted_for(), None);
}

/// No question changes a term, however high the asker's.
#[test]
fn a_question_changes_no_term() {
    let mut cluster = led();
    cluster.wait(Duration::secs(1));
    for id in [1, 2] {
        let outputs = cluster.receive(pre_vote(3, id, 9, (9, 9)));
        assert_eq!(cluster.term(id), 1);
        assert_eq!(pre_granted(&outputs), id == 2, "though it would vote for it");
    }
    assert_eq!(cluster.role(1), Role::Leader);
}

/// Thesis 9.6: "While a server is partitioned, it won't be able to increment its term, since it can't receive permission from a majority of
/// the cluster."
#[test]
fn who_is_cut_off_keeps_its_term() {
    let mut cluster = led();
    cluster.isolate(&[3]);
    for _ in 0..5 {
        cluster.expire(3);
        cluster.settle();
        assert_eq!((cluster.role(3), cluster.term(3)), (Role::PreCandidate, 1));
    }
}

/// Thesis 9.6: "when it rejoins the cluster, it still won't be able to increment its term, since the other servers will have been receiving
/// regular heartbeats from the leader. Once the server receives a heartbeat from the leader itself, it will return to the follower state
/// (in the same term)."
#[test]
fn who_rejoins_disturbs_nobody() {
    let mut cluster = led();
    cluster.isolate(&[3]);
    cluster.expire(3);
    cluster.heartbeat(1);
    cluster.settle();
    cluster.heal();
    cluster.timeout(3);
    cluster.settle();
    assert_eq!(
        (cluster.role(1), cluster.role(3)),
        (Role::Leader, Role::PreCandidate)
    );
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!((cluster.role(3), cluster.term(3)), (Role::Follower, 1));
    assert_eq!(cluster.term(1), 1);
}

/// Mixed terms: who asks in an earlier term learns the current one by the refusal, and can win with its next question. S1 has the longer
/// log, S2 the later term.
#[test]
fn who_asks_in_an_earlier_term_catches_up() {
    let mut cluster = careful(&[(3, &[1, 1]), (5, &[1]), (0, &[])]);
    cluster.crash(3);
    cluster.timeout(2);
    cluster.settle();
    assert_eq!(
        (cluster.role(2), cluster.term(1)),
        (Role::PreCandidate, 3),
        "refused for its log"
    );
    cluster.timeout(1);
    cluster.settle();
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, 5));
    cluster.timeout(1);
    cluster.settle();
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 6));
}

/// Mixed terms: who asks in a later term is answered by its log, and stands in its own next term.
#[test]
fn who_asks_in_a_later_term_can_win() {
    let mut cluster = careful(&[(7, &[1]), (2, &[1]), (4, &[1])]);
    cluster.timeout(1);
    cluster.settle();
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 8));
    assert_eq!((cluster.term(2), cluster.term(3)), (8, 8));
}

/// A server that asks and then gives its vote to another is a follower again.
#[test]
fn who_votes_for_another_stops_asking() {
    let mut cluster = careful(&[(0, &[]), (0, &[]), (0, &[])]);
    cluster.timeout(2);
    assert!(grants(&cluster.receive(request_vote(1, 2, 0, (0, 0)))));
    assert_eq!(cluster.role(2), Role::Follower);
}

/// Servers that ask and servers that do not understand each other.
#[test]
fn some_may_ask_and_others_not() {
    let mut cluster = led();
    let mut config = cluster.raft(2).config().clone();
    config.pre_vote = false;
    cluster.step(2, raft_core::Input::Configure(config));
    cluster.crash(1);
    cluster.expire(2);
    cluster.settle();
    assert_eq!((cluster.role(2), cluster.term(2)), (Role::Leader, 2));
    cluster.crash(2);
    cluster.restart(1);
    cluster.expire(3);
    cluster.settle();
    assert_eq!((cluster.role(3), cluster.term(3)), (Role::Leader, 3));
}
