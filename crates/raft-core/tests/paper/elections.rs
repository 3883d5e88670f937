//! §5.2 Leader election, §5.4.1 Election restriction, §5.6 Timing and availability.

use crate::support::*;
use raft_core::{Index, Input, NodeId, Note, Output, Refusal, Role, Span, Term, Timer};

/// §5.2: "When servers start up, they begin as followers." Whatever they were before.
#[test]
fn servers_begin_as_followers() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.crash_and_restart(1);
    assert_eq!(cluster.role(1), Role::Follower);
    assert!(cluster.server(1).election_timer.is_some());
}

/// §5.2: "A server remains in follower state as long as it receives valid RPCs from a leader or candidate": they put off its election.
#[test]
fn valid_rpcs_put_off_the_election() {
    let mut cluster = Cluster::of(3);
    let outputs = cluster.receive(request_vote(1, 2, 1, (0, 0)));
    assert!(sets_election_timer(&outputs), "a vote given");
    let outputs = cluster.receive(append(1, 2, 1, (0, 0), &[], 0));
    assert!(sets_election_timer(&outputs), "a heartbeat");
    let outputs = cluster.receive(append(1, 2, 1, (5, 1), &[], 0));
    assert!(
        sets_election_timer(&outputs),
        "the current leader, though the logs disagree"
    );
}

/// Figure 2, followers: an election begins unless there was an "AppendEntries RPC from current leader" or a vote granted. Nothing
/// else puts it off.
#[test]
fn nothing_else_puts_off_the_election() {
    let mut cluster = Cluster::with_logs(&[(2, &[]), (2, &[1, 2]), (2, &[])]);
    let no_use = [
        request_vote(1, 2, 3, (1, 1)),
        request_vote(3, 2, 4, (1, 2)),
        append(1, 2, 1, (0, 0), &[], 0),
        vote_reply(1, 2, 5, true),
        append_reply(1, 2, 6, true, 0),
        vote_reply(1, 2, 6, true),
    ];
    for message in no_use {
        assert!(
            !sets_election_timer(&cluster.receive(message.clone())),
            "{message:?}"
        );
    }
}

/// §5.2: "Leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries) to all followers".
#[test]
fn leaders_send_periodic_heartbeats() {
    let mut cluster = Cluster::led_by_s1(3);
    for _ in 0..3 {
        let outputs = cluster.heartbeat(1);
        assert_eq!(sent(&outputs).len(), 2);
        assert!(sent(&outputs).iter().all(|m| append_parts(m).1.is_empty()));
        let every = Output::SetTimer(Timer::Heartbeat, Span::exactly(HEARTBEAT));
        assert_eq!(outputs.last(), Some(&every), "and the next ones are on their way");
        cluster.settle();
    }
}

/// §5.2: "If a follower receives no communication over a period of time called the election timeout, then it […] begins an election":
/// "a follower increments its current term and transitions to candidate state".
#[test]
fn a_follower_that_hears_nothing_begins_an_election() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.timeout(2);
    assert_eq!((cluster.role(2), cluster.term(2)), (Role::Candidate, 2));
    assert_eq!(cluster.raft(2).leader(), None);
}

/// §5.2: "It then votes for itself and issues RequestVote RPCs in parallel to each of the other servers in the cluster."
#[test]
fn a_candidate_votes_for_itself_and_asks_all_others() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 3]), (3, &[]), (3, &[]), (3, &[]), (3, &[])]);
    let outputs = cluster.timeout(1);
    assert_eq!(cluster.raft(1).voted_for(), Some(NodeId(1)));
    assert_eq!(cluster.raft(1).votes(), [NodeId(1)]);
    let asked: Vec<_> = sent(&outputs).into_iter().cloned().collect();
    let expected: Vec<_> = (2..=5).map(|to| request_vote(1, to, 4, (2, 3))).collect();
    assert_eq!(asked, expected);
}

/// §5.2: "A candidate continues in this state until one of three things happens": it wins, another leads, or time goes by. Refusals
/// change nothing.
#[test]
fn a_candidate_stays_candidate_when_refused() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 1, false));
    cluster.receive(vote_reply(3, 1, 1, false));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Candidate, 1));
}

/// §5.2: "A candidate wins an election if it receives votes from a majority of the servers in the full cluster".
#[test]
fn a_majority_of_the_full_cluster_wins() {
    for (servers, others_needed) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)] {
        let mut cluster = Cluster::of(servers);
        cluster.timeout(1);
        for voter in 2..2 + others_needed {
            assert_eq!(cluster.role(1), Role::Candidate, "{} of {servers}", voter - 1);
            cluster.receive(vote_reply(voter, 1, 1, true));
        }
        assert_eq!(
            cluster.role(1),
            Role::Leader,
            "{} of {servers}",
            others_needed + 1
        );
    }
}

/// §5.2: votes count "for the same term": one of an earlier term does not.
#[test]
fn votes_of_an_earlier_term_do_not_count() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 1, true));
    assert_eq!(
        (cluster.role(1), cluster.raft(1).votes().len()),
        (Role::Candidate, 1)
    );
    cluster.receive(vote_reply(3, 1, 2, true));
    assert_eq!(cluster.role(1), Role::Leader);
}

/// §5.2: votes are counted by server: the same one twice is one.
#[test]
fn a_repeated_vote_counts_once() {
    let mut cluster = Cluster::of(5);
    cluster.timeout(1);
    for _ in 0..3 {
        cluster.receive(vote_reply(2, 1, 1, true));
    }
    assert_eq!(
        (cluster.role(1), cluster.raft(1).votes().len()),
        (Role::Candidate, 2)
    );
}

/// §5.2: "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis".
#[test]
fn a_server_votes_for_one_candidate_a_term() {
    let mut cluster = Cluster::of(3);
    assert!(grants(&cluster.receive(request_vote(1, 2, 1, (0, 0)))));
    let outputs = cluster.receive(request_vote(3, 2, 1, (9, 1)));
    assert!(!grants(&outputs));
    let because = Refusal::AlreadyVoted { candidate: NodeId(1) };
    assert!(matches!(notes(&outputs)[..], [Note::VoteRefused { because: b, .. }] if *b == because));
    assert!(
        grants(&cluster.receive(request_vote(3, 2, 2, (0, 0)))),
        "a new term, a new vote"
    );
}

/// §5.2: hearing a leader does not give the vote of the term back.
#[test]
fn a_vote_is_not_given_back_when_a_leader_is_heard() {
    let mut cluster = Cluster::of(3);
    cluster.receive(request_vote(1, 2, 1, (0, 0)));
    cluster.receive(append(1, 2, 1, (0, 0), &[], 0));
    assert!(!grants(&cluster.receive(request_vote(3, 2, 1, (9, 1)))));
}

/// Figure 2, RequestVote: "If votedFor is null or candidateId […], grant vote": who lost the answer may ask again.
#[test]
fn the_same_candidate_is_granted_again() {
    let mut cluster = Cluster::of(3);
    cluster.receive(request_vote(1, 2, 1, (0, 0)));
    let outputs = cluster.receive(request_vote(1, 2, 1, (0, 0)));
    assert!(grants(&outputs));
    assert_eq!(written(&outputs), None, "it is on disk already");
    assert!(all_wait_for_disk(&outputs), "a promise is a promise");
}

/// §5.2: a candidate has voted, for itself.
#[test]
fn a_candidate_does_not_vote_for_another_of_its_term() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    assert!(!grants(&cluster.receive(request_vote(2, 1, 1, (9, 1)))));
}

/// §5.2: "Once a candidate wins an election, it becomes leader. It then sends heartbeat messages to all of the other servers to
/// establish its authority". Ours carry its no-op.
#[test]
fn a_new_leader_is_heard_at_once() {
    let mut cluster = Cluster::of(5);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 1, true));
    let outputs = cluster.receive(vote_reply(3, 1, 1, true));
    assert_eq!(
        sent(&outputs).iter().map(|m| m.to.0).collect::<Vec<_>>(),
        [2, 3, 4, 5]
    );
    assert!(
        sent(&outputs)
            .iter()
            .all(|m| append_parts(m) == ((0, 0), vec![1], 0))
    );
    let server = cluster.server(1);
    assert!(server.election_timer.is_none() && server.heartbeat_timer.is_some());
    assert_eq!(server.raft.leader(), Some(NodeId(1)));
}

/// §5.2: "If the leader's term […] is at least as large as the candidate's current term, then the candidate recognizes the leader as
/// legitimate and returns to follower state."
#[test]
fn a_candidate_recognises_a_leader_of_its_term_or_later() {
    for term in [1, 2] {
        let mut cluster = Cluster::of(3);
        cluster.timeout(1);
        let outputs = cluster.receive(append(2, 1, term, (0, 0), &[], 0));
        assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, term));
        assert_eq!(cluster.raft(1).leader(), Some(NodeId(2)));
        assert!(append_result(&outputs).0 && sets_election_timer(&outputs));
    }
}

/// A candidate that recognises a leader of its own term keeps the vote it gave itself.
#[test]
fn returning_to_follower_in_the_same_term_keeps_the_vote() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.receive(append(2, 1, 1, (0, 0), &[], 0));
    assert_eq!(cluster.raft(1).voted_for(), Some(NodeId(1)));
    assert!(!grants(&cluster.receive(request_vote(3, 1, 1, (9, 1)))));
}

/// A candidate that returned to follower state wins nothing any more, though the votes of its term go on coming in.
#[test]
fn votes_do_not_count_after_returning_to_follower() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.receive(append(2, 1, 1, (0, 0), &[], 0));
    for voter in [2, 3] {
        let outputs = cluster.receive(vote_reply(voter, 1, 1, true));
        assert!(matches!(notes(&outputs)[..], [Note::Ignored { .. }]));
    }
    assert_eq!(
        (cluster.role(1), cluster.raft(1).votes()),
        (Role::Follower, &[][..])
    );
}

/// §5.2: "If the term in the RPC is smaller than the candidate's current term, then the candidate rejects the RPC and continues in
/// candidate state."
#[test]
fn a_candidate_rejects_a_leader_of_an_earlier_term() {
    let mut cluster = Cluster::with_logs(&[(4, &[]), (4, &[]), (4, &[])]);
    cluster.timeout(1);
    let outputs = cluster.receive(append(2, 1, 4, (0, 0), &[4], 0));
    assert_eq!(append_result(&outputs), (false, 0));
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Candidate, 5));
    assert_eq!(cluster.log_terms(1), []);
}

/// §5.2: when votes split, "each candidate will time out and start a new election by incrementing its term and initiating another
/// round of RequestVote RPCs".
#[test]
fn after_a_split_vote_a_candidate_tries_again() {
    let mut cluster = Cluster::of(2);
    cluster.timeout(1);
    cluster.timeout(2);
    cluster.settle();
    assert!(cluster.ids().all(|id| cluster.role(id) == Role::Candidate));
    let outputs = cluster.timeout(1);
    assert_eq!(only_message(&outputs), &request_vote(1, 2, 2, (0, 0)));
    assert_eq!(
        cluster.raft(1).votes(),
        [NodeId(1)],
        "the votes of the last election are void"
    );
    cluster.settle();
    assert_eq!(cluster.role(1), Role::Leader);
}

/// §5.2: "election timeouts are chosen randomly from a fixed interval": the whole interval is asked for, every time.
#[test]
fn every_election_timeout_is_drawn_from_the_configured_range() {
    let ask = Output::SetTimer(Timer::Election, ELECTION_TIMEOUT);
    let mut cluster = Cluster::of(3);
    assert_eq!(cluster.server(2).election_timer, Some(ELECTION_TIMEOUT));
    assert!(cluster.receive(append(1, 2, 1, (0, 0), &[], 0)).contains(&ask));
    assert!(cluster.receive(request_vote(1, 2, 2, (0, 0))).contains(&ask));
    assert!(cluster.timeout(2).contains(&ask));
}

/// §5.2: "Each candidate restarts its randomized election timeout at the start of an election".
#[test]
fn a_candidate_restarts_its_election_timer() {
    let mut cluster = Cluster::of(3);
    assert!(sets_election_timer(&cluster.timeout(1)));
    assert!(sets_election_timer(&cluster.timeout(1)));
}

/// §5.2, the leader's side: it waits for no leader.
#[test]
fn a_leader_runs_no_election_timer() {
    let mut cluster = Cluster::led_by_s1(3);
    assert!(cluster.server(1).election_timer.is_none());
    let outputs = cluster.step(1, Input::TimerFired(Timer::Election));
    assert_eq!(
        (outputs, cluster.role(1)),
        (vec![], Role::Leader),
        "one that fires all the same does nothing"
    );
}

/// §5.4.1: "The RequestVote RPC […] includes information about the candidate's log, and the voter denies its vote if its own log is
/// more up-to-date than that of the candidate."
#[test]
fn a_voter_with_a_more_up_to_date_log_denies_its_vote() {
    let mut cluster = Cluster::with_logs(&[(3, &[1]), (3, &[1, 3]), (3, &[])]);
    let outputs = cluster.receive(request_vote(1, 2, 4, (1, 1)));
    assert!(!grants(&outputs));
    let because = Refusal::LogBehind {
        their_index: Index(1),
        their_term: Term(1),
        our_index: Index(2),
        our_term: Term(3),
    };
    assert!(matches!(notes(&outputs)[1], Note::VoteRefused { because: b, .. } if *b == because));
    assert_eq!(
        (cluster.term(2), cluster.raft(2).voted_for()),
        (4, None),
        "its vote is still to be had"
    );
}

/// §5.4.1: "If the logs have last entries with different terms, then the log with the later term is more up-to-date", be it shorter.
#[test]
fn the_later_last_term_is_more_up_to_date() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1, 1, 2]), (3, &[])]);
    assert!(!grants(&cluster.receive(request_vote(1, 2, 4, (9, 1)))));
    assert!(grants(&cluster.receive(request_vote(3, 2, 4, (1, 3)))));
}

/// §5.4.1: "If the logs end with the same term, then whichever log is longer is more up-to-date."
#[test]
fn with_equal_last_terms_the_longer_log_is_more_up_to_date() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[2, 2]), (3, &[])]);
    assert!(!grants(&cluster.receive(request_vote(1, 2, 4, (1, 2)))));
    assert!(
        grants(&cluster.receive(request_vote(1, 2, 5, (2, 2)))),
        "equal is up to date enough"
    );
    assert!(grants(&cluster.receive(request_vote(1, 2, 6, (3, 2)))));
}

/// §5.4.1: "Raft uses the voting process to prevent a candidate from winning an election unless its log contains all committed
/// entries."
#[test]
fn a_candidate_without_a_committed_entry_cannot_win() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!(cluster.commit_index(1), 2);
    cluster.heal();
    for _ in 0..3 {
        cluster.timeout(3);
        cluster.settle();
        assert_ne!(cluster.role(3), Role::Leader);
    }
    cluster.elect(2);
}

/// §5.6: "broadcastTime ≪ electionTimeout": a leader that is heard in time stays; the servers that hear it start no election.
#[test]
fn a_leader_heard_in_time_is_not_challenged() {
    let mut cluster = Cluster::led_by_s1(5);
    for _ in 0..5 {
        let outputs = cluster.heartbeat(1);
        assert_eq!(sent(&outputs).len(), 4);
        for follower in 2..=5 {
            assert!(sets_election_timer(&cluster.deliver_from(1, follower)));
        }
        cluster.settle();
    }
    assert!(cluster.ids().all(|id| cluster.term(id) == 1));
}
