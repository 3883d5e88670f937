//! §5.5 Follower and candidate crashes.

use crate::support::*;
use raft_core::{Index, NodeId, Role, Term};

/// §5.5: "If a follower or candidate crashes, then future RequestVote and AppendEntries RPCs sent to it will fail. Raft handles these
/// failures by retrying indefinitely; if the crashed server restarts, then the RPC will complete successfully."
#[test]
fn rpcs_to_a_crashed_server_are_retried_until_it_restarts() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.crash(3);
    cluster.propose(1, "x=1");
    for _ in 0..5 {
        cluster.settle();
        cluster.heartbeat(1);
    }
    cluster.restart(3);
    cluster.settle();
    assert_eq!(cluster.log_terms(3), [1, 1]);
    assert_eq!(cluster.commit_index(3), 2);
}

/// §5.5: "If a server crashes after completing an RPC but before responding, then it will receive the same RPC again after it restarts."
/// "Raft RPCs are idempotent, so this causes no harm": an append.
#[test]
fn an_append_received_again_after_a_restart_does_no_harm() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    let request = cluster.intercept(2);
    cluster.receive(request[0].clone());
    cluster.in_flight.clear();
    cluster.crash_and_restart(2);
    let outputs = cluster.receive(request[0].clone());
    assert_eq!(append_result(&outputs), (true, 2));
    assert_eq!((written(&outputs), cluster.log_terms(2)), (None, vec![1, 1]));
}

/// The same, of a request for a vote.
#[test]
fn a_request_for_a_vote_received_again_after_a_restart_does_no_harm() {
    let mut cluster = Cluster::of(3);
    assert!(grants(&cluster.receive(request_vote(1, 2, 1, (0, 0)))));
    cluster.crash_and_restart(2);
    assert!(
        !grants(&cluster.receive(request_vote(3, 2, 1, (0, 0)))),
        "its vote is given, it knows that still"
    );
    assert!(grants(&cluster.receive(request_vote(1, 2, 1, (0, 0)))));
}

/// §5.5: "if a follower receives an AppendEntries request that includes log entries already present in its log, it ignores those entries
/// in the new request". An old, shorter request must not undo a newer one.
#[test]
fn entries_already_present_are_ignored() {
    let mut cluster = Cluster::of(3);
    cluster.receive(append(1, 2, 1, (0, 0), &[1, 1, 1], 0));
    for (prev, terms) in [((0, 0), &[1, 1, 1][..]), ((0, 0), &[1]), ((1, 1), &[1])] {
        let outputs = cluster.receive(append(1, 2, 1, prev, terms, 0));
        assert_eq!((written(&outputs), cluster.log_terms(2).len()), (None, 3));
    }
}

/// §5.5, Figure 2: term, vote and log survive a crash; role, leader, votes and commit index do not.
#[test]
fn a_restart_keeps_exactly_the_persistent_state() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.crash_and_restart(1);
    let raft = cluster.raft(1);
    assert_eq!(
        (raft.current_term(), raft.voted_for()),
        (Term(1), Some(NodeId(1)))
    );
    assert_eq!(
        (raft.log().last_index(), raft.synced_index()),
        (Index(2), Index(2))
    );
    assert_eq!(
        (raft.role(), raft.leader(), raft.commit_index()),
        (Role::Follower, None, Index(0))
    );
    assert!(raft.votes().is_empty() && raft.progress().is_empty());
}

/// §5.5, Figure 2: `commitIndex` is volatile: a restarted server applies again as it learns what is committed.
#[test]
fn a_restarted_server_learns_anew_what_is_committed() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.crash_and_restart(2);
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.server(2).applied, cluster.committed);
}

/// §5.5: a crashed candidate does not count the votes of its last life: it begins a new term.
#[test]
fn a_candidate_that_restarts_begins_again() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.deliver_from(1, 2);
    cluster.crash_and_restart(1);
    cluster.deliver_from(2, 1);
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Follower, 1));
    cluster.elect(1);
    assert_eq!(cluster.term(1), 2);
}

/// §5.5: the whole cluster loses power and goes on where its disks are.
#[test]
fn the_cluster_survives_the_loss_of_all_servers() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    for id in cluster.ids() {
        cluster.crash(id);
    }
    for id in cluster.ids() {
        cluster.restart(id);
    }
    cluster.elect(3);
    cluster.heartbeat(3);
    cluster.settle();
    assert!(
        cluster
            .ids()
            .all(|id| cluster.log_terms(id) == [1, 1, 2] && cluster.commit_index(id) == 3)
    );
}
