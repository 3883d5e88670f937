//! §5.1 Raft basics.

use crate::support::*;
use raft_core::{Body, Index, Note, Output, Refusal, Role, Term};

/// §5.1: "Followers are passive: they issue no requests on their own but simply respond to requests from leaders and candidates."
#[test]
fn followers_are_passive() {
    let mut cluster = Cluster::of(3);
    let outputs = cluster.receive(append(1, 2, 1, (0, 0), &[1], 0));
    assert_eq!(only_message(&outputs).to.0, 1, "one answer, to who asked");
    let outputs = cluster.receive(request_vote(3, 2, 2, (1, 1)));
    assert_eq!(only_message(&outputs).to.0, 3);
    assert!(cluster.server(2).heartbeat_timer.is_none());
}

/// §5.1: "if a client contacts a follower, the follower redirects it to the leader".
#[test]
fn a_follower_redirects_clients_to_the_leader() {
    let mut cluster = Cluster::led_by_s1(3);
    let outputs = cluster.propose(2, "x=1");
    assert!(matches!(outputs[..], [Output::Refused { leader: Some(leader), .. }] if leader.0 == 1));
    assert_eq!(cluster.log_terms(2), [1], "and keeps its own log as it is");
}

/// §5.1: a candidate knows no leader to redirect a client to.
#[test]
fn a_candidate_refuses_clients() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.timeout(2);
    let outputs = cluster.propose(2, "x=1");
    assert!(matches!(outputs[..], [Output::Refused { leader: None, .. }]));
}

/// §5.1: "Terms are numbered with consecutive integers. Each term begins with an election".
#[test]
fn every_election_begins_the_next_term() {
    let mut cluster = Cluster::of(3);
    for term in 1..=5 {
        cluster.timeout(2);
        assert_eq!((cluster.role(2), cluster.term(2)), (Role::Candidate, term));
    }
}

/// §5.1: "If a candidate wins the election, then it serves as leader for the rest of the term."
#[test]
fn a_leader_leads_for_the_rest_of_its_term() {
    let mut cluster = Cluster::led_by_s1(5);
    cluster.receive(vote_reply(4, 1, 1, false));
    cluster.receive(append_reply(4, 1, 1, false, 0));
    cluster.receive(request_vote(5, 1, 1, (9, 1)));
    cluster.receive(append(5, 1, 1, (0, 0), &[], 0));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 1));
}

/// §5.1: after a split vote "the term will end with no leader; a new term (with a new election) will begin shortly".
#[test]
fn a_term_with_a_split_vote_ends_without_a_leader() {
    let mut cluster = Cluster::of(4);
    for (candidate, voter) in [(1, 3), (2, 4)] {
        cluster.timeout(candidate);
        cluster.deliver_from(candidate, voter);
    }
    cluster.settle();
    assert!(
        cluster
            .ids()
            .all(|id| cluster.role(id) != Role::Leader && cluster.term(id) == 1)
    );
    cluster.elect(1);
    assert_eq!(cluster.term(1), 2);
}

/// §5.1: "Raft ensures that there is at most one leader in a given term." Two candidates of one term ask everybody, in turns.
#[test]
fn there_is_at_most_one_leader_in_a_term() {
    let mut cluster = Cluster::of(5);
    cluster.timeout(1);
    cluster.timeout(2);
    for voter in 3..=5 {
        cluster.deliver_from(voter % 2 + 1, voter);
    }
    cluster.settle();
    let leaders = cluster
        .ids()
        .filter(|id| cluster.role(*id) == Role::Leader)
        .count();
    assert_eq!(leaders, 1);
}

/// §5.1: "Each server stores a current term number, which increases monotonically over time."
#[test]
fn the_current_term_never_goes_back() {
    let mut cluster = Cluster::with_logs(&[(0, &[]), (7, &[1]), (0, &[])]);
    for term in 0..7 {
        cluster.receive(append(1, 2, term, (0, 0), &[], 0));
        cluster.receive(append_reply(1, 2, term, true, 0));
        cluster.receive(request_vote(1, 2, term, (9, 9)));
        cluster.receive(vote_reply(1, 2, term, true));
        assert_eq!(cluster.term(2), 7);
    }
}

/// §5.1: "Current terms are exchanged whenever servers communicate".
#[test]
fn every_message_carries_the_current_term() {
    let mut cluster = Cluster::with_logs(&[(4, &[]), (4, &[]), (4, &[])]);
    let requests = cluster.timeout(1);
    assert!(sent(&requests).iter().all(|m| m.term == Term(5)));
    let vote = cluster.deliver_from(1, 2);
    assert_eq!(only_message(&vote).term, Term(5));
    let appends = cluster.deliver_from(2, 1);
    assert!(sent(&appends).iter().all(|m| m.term == Term(5)) && sent(&appends).len() == 2);
    let ack = cluster.deliver_from(1, 2);
    assert_eq!(only_message(&ack).term, Term(5));
}

/// §5.1: "if one server's current term is smaller than the other's, then it updates its current term to the larger value".
#[test]
fn a_smaller_term_is_updated_to_the_larger_value() {
    let of_term_9 = [
        request_vote(1, 2, 9, (0, 0)),
        vote_reply(1, 2, 9, true),
        append(1, 2, 9, (0, 0), &[], 0),
        append_reply(1, 2, 9, true, 0),
    ];
    for message in of_term_9 {
        let mut cluster = Cluster::of(3);
        let outputs = cluster.receive(message);
        assert_eq!(cluster.term(2), 9);
        assert_eq!(written_hard_state(&outputs).map(|h| h.term), Some(Term(9)));
    }
}

/// §5.1: "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state."
#[test]
fn a_candidate_with_an_old_term_reverts_to_follower() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    let outputs = cluster.receive(vote_reply(2, 1, 2, false));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, 2));
    assert!(!sets_election_timer(&outputs), "its timer was running already");
}

/// The same, of a leader.
#[test]
fn a_leader_with_an_old_term_reverts_to_follower() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.receive(append_reply(2, 1, 2, false, 0));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, 2));
    let server = cluster.server(1);
    assert!(server.heartbeat_timer.is_none() && server.election_timer.is_some());
    assert!(server.raft.progress().is_empty() && server.raft.leader().is_none());
}

/// §5.1: "If a server receives a request with a stale term number, it rejects the request."
#[test]
fn requests_with_a_stale_term_are_rejected() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1]), (3, &[])]);
    let (theirs, ours) = (Term(2), Term(3));
    let because = Refusal::StaleTerm { theirs, ours };

    let outputs = cluster.receive(request_vote(1, 2, 2, (9, 2)));
    assert!(!grants(&outputs) && !sets_election_timer(&outputs));
    assert!(matches!(notes(&outputs)[..], [Note::VoteRefused { because: b, .. }] if *b == because));

    let outputs = cluster.receive(append(1, 2, 2, (1, 1), &[2], 1));
    assert_eq!(append_result(&outputs), (false, 1));
    assert!(!sets_election_timer(&outputs) && commits(&outputs).is_none());
    assert!(matches!(notes(&outputs)[..], [Note::AppendRefused { because: b, .. }] if *b == because));
    assert_eq!(cluster.raft(2).leader(), None);
    assert_eq!(
        only_message(&outputs).term,
        ours,
        "so that the sender learns of it"
    );
}

/// §5.1: "Servers retry RPCs if they do not receive a response in a timely manner". A leader retries at its next heartbeat.
#[test]
fn appends_without_an_answer_are_sent_again() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    let lost = cluster.intercept(2);
    cluster.settle();
    cluster.heartbeat(1);
    let again = cluster.intercept(2);
    assert_eq!(append_parts(&lost[0]).1, append_parts(&again[0]).1);
    assert_eq!(append_parts(&again[0]).1, [1]);
}

/// The same, of a candidate: it asks again with its next election.
#[test]
fn votes_without_an_answer_are_asked_for_again() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.in_flight.clear();
    let outputs = cluster.timeout(1);
    assert_eq!(sent(&outputs).len(), 2);
}

/// §5.1: "they issue RPCs in parallel for best performance": nobody is asked only after another answered.
#[test]
fn rpcs_are_issued_in_parallel() {
    let mut cluster = Cluster::of(5);
    let to = |outputs: &[Output]| sent(outputs).iter().map(|m| m.to.0).collect::<Vec<_>>();
    assert_eq!(to(&cluster.timeout(1)), [2, 3, 4, 5]);
    cluster.settle();
    assert_eq!(to(&cluster.propose(1, "x=1")), [2, 3, 4, 5]);
}

/// §5.1, Figure 2: a first boot begins with term 0, no vote, an empty log and nothing committed.
#[test]
fn a_first_boot_begins_with_nothing() {
    let cluster = Cluster::of(3);
    let raft = cluster.raft(1);
    assert_eq!(
        (raft.current_term(), raft.voted_for(), raft.leader()),
        (Term(0), None, None)
    );
    assert_eq!(
        (raft.log().last_index(), raft.commit_index()),
        (Index(0), Index(0))
    );
}

/// §5.1: only four kinds of messages exist, and a leader, a candidate and a follower each send their own.
#[test]
fn each_role_sends_its_own_kind() {
    let mut cluster = Cluster::of(3);
    assert!(
        sent(&cluster.timeout(1))
            .iter()
            .all(|m| matches!(m.body, Body::RequestVote { .. }))
    );
    assert!(matches!(
        only_message(&cluster.deliver_from(1, 2)).body,
        Body::RequestVoteReply { .. }
    ));
    assert!(
        sent(&cluster.deliver_from(2, 1))
            .iter()
            .all(|m| matches!(m.body, Body::AppendEntries { .. }))
    );
    cluster.deliver_from(1, 3); // the RequestVote
    let outputs = cluster.deliver_from(1, 3);
    assert!(matches!(
        only_message(&outputs).body,
        Body::AppendEntriesReply { .. }
    ));
}
