//! §5.4 Safety: what may be committed (§5.4.2) and what every server applies (§5.4.3).

use crate::support::*;
use raft_core::{Index, NodeId, Payload, Role};

/// §5.4.2, Figure 8: "a situation where an old log entry is stored on a majority of servers, yet can still be overwritten by a future
/// leader". One entry a message, so that the no-op does not come along with the old entry.
#[test]
fn figure_8_an_old_entry_on_a_majority_is_not_committed() {
    // (a) to (b): S1 led term 2 and reached only S2; S5 led term 3 and reached nobody.
    let logs: [(u64, &[u64]); 5] = [(3, &[1, 2]), (3, &[1, 2]), (3, &[1]), (3, &[1]), (3, &[1, 3])];
    let mut cluster = Cluster::with(&logs, 1);
    // (c) S1 leads term 4 and copies its entry of term 2 to S3.
    cluster.isolate(&[4, 5]);
    cluster.timeout(1);
    while cluster.log_terms(3) != [1, 2] {
        cluster.deliver(0);
    }
    let acknowledged = cluster
        .in_flight
        .iter()
        .position(|m| m.from == NodeId(3))
        .expect("an answer");
    cluster.deliver(acknowledged);
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 4));
    assert_eq!(
        cluster.progress(1, 3).1,
        2,
        "S1, S2 and S3 have the entry of term 2"
    );
    assert_eq!(cluster.commit_index(1), 0, "and yet it is not committed");
    // (d) S1 crashes before more is replicated. S5 can win, and overwrites it.
    cluster.crash(1);
    cluster.in_flight.clear();
    cluster.heal();
    cluster.isolate(&[2]);
    cluster.timeout(5);
    cluster.settle();
    cluster.elect(5);
    assert!([3, 4, 5].iter().all(|id| cluster.log_terms(*id)[..2] == [1, 3]));
}

/// §5.4.2, Figure 8 (e): once an entry of the leader's own term is on a majority, the older ones are safe: S5 cannot win any more.
#[test]
fn figure_8_an_own_entry_on_a_majority_commits_all_before_it() {
    let logs: [(u64, &[u64]); 5] = [(3, &[1, 2]), (3, &[1, 2]), (3, &[1]), (3, &[1]), (3, &[1, 3])];
    let mut cluster = Cluster::with(&logs, 1);
    cluster.isolate(&[4, 5]);
    cluster.elect(1);
    assert_eq!(
        (cluster.log_terms(3), cluster.commit_index(1)),
        (vec![1, 2, 4], 3)
    );
    cluster.crash(1);
    cluster.heal();
    for _ in 0..3 {
        cluster.timeout(5);
        cluster.settle();
        assert_ne!(cluster.role(5), Role::Leader);
    }
}

/// §5.4.2: "Raft never commits log entries from previous terms by counting replicas. Only log entries from the leader's current term
/// are committed by counting replicas".
#[test]
fn only_entries_of_the_own_term_are_committed_by_counting() {
    let mut cluster = Cluster::with_logs(&[(2, &[1, 2]), (2, &[1, 2]), (2, &[1, 2])]);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 3, true));
    for index in 0..=2 {
        cluster.receive(append_reply(2, 1, 3, true, index));
        cluster.receive(append_reply(3, 1, 3, true, index));
        assert_eq!(cluster.commit_index(1), 0, "everybody has {index}");
    }
    cluster.receive(append_reply(3, 1, 3, true, 3));
    assert_eq!(
        cluster.commit_index(1),
        3,
        "once an entry of the own term is committed, all before it are"
    );
}

/// §5.4.2: "log entries retain their original term numbers when a leader replicates entries from previous terms".
#[test]
fn replicated_entries_keep_their_term() {
    let mut cluster = Cluster::with_logs(&[(5, &[1, 3, 5]), (5, &[]), (5, &[])]);
    cluster.elect(1);
    assert!(cluster.ids().all(|id| cluster.log_terms(id) == [1, 3, 5, 6]));
}

/// §8, thesis 6.4: "having each leader commit a blank no-op entry into the log at the start of its term": what went before is
/// committed without waiting for a client.
#[test]
fn a_new_leader_commits_a_no_op() {
    let mut cluster = Cluster::with_logs(&[(2, &[1, 2]), (2, &[1, 2]), (2, &[1])]);
    cluster.elect(1);
    assert_eq!(
        cluster.raft(1).log().get(Index(3)).map(|e| &e.payload),
        Some(&Payload::Noop)
    );
    assert_eq!(cluster.commit_index(1), 3);
}

/// §5.4.2, Figure 2: a leader's commit index is the *highest* index that a majority has.
#[test]
fn the_highest_index_a_majority_has_is_committed() {
    let mut cluster = Cluster::led_by_s1(5);
    for _ in 0..4 {
        cluster.propose(1, "x=1");
    }
    cluster.receive(append_reply(2, 1, 1, true, 5));
    cluster.receive(append_reply(3, 1, 1, true, 3));
    assert_eq!(cluster.commit_index(1), 3, "5, 5, 3, 1, 1");
    cluster.receive(append_reply(4, 1, 1, true, 4));
    assert_eq!(cluster.commit_index(1), 4, "5, 5, 4, 3, 1");
}

/// The same, where the last answer reaches further than a majority does: what counts is how far the copies reach, not whose came last.
#[test]
fn an_answer_commits_what_it_makes_a_majority_of() {
    let mut cluster = Cluster::led_by_s1(4);
    for _ in 0..4 {
        cluster.propose(1, "x=1");
    }
    cluster.receive(append_reply(2, 1, 1, true, 3));
    assert_eq!(cluster.commit_index(1), 1, "5, 3, 1, 1");
    cluster.receive(append_reply(3, 1, 1, true, 5));
    assert_eq!(cluster.commit_index(1), 3, "5, 5, 3, 1");
}

/// Figure 2, AppendEntries 5: "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)".
#[test]
fn a_follower_commits_no_further_than_the_last_new_entry() {
    let mut cluster = Cluster::with_logs(&[(2, &[]), (2, &[1, 1, 1]), (2, &[])]);
    let outputs = cluster.receive(append(1, 2, 2, (1, 1), &[], 3));
    assert_eq!(
        commits(&outputs),
        Some(Index(1)),
        "entries 2 and 3 may conflict with the leader's"
    );
    let outputs = cluster.receive(append(1, 2, 2, (1, 1), &[2, 2], 2));
    assert_eq!(
        commits(&outputs),
        Some(Index(2)),
        "the leader has committed no more"
    );
}

/// §5.4.3: "if a server has applied a log entry […]": the commit index never goes back, whatever an old message says.
#[test]
fn the_commit_index_never_goes_back() {
    let mut cluster = Cluster::with_logs(&[(1, &[]), (1, &[]), (1, &[])]);
    cluster.receive(append(1, 2, 1, (0, 0), &[1, 1, 1], 3));
    for leader_commit in 0..=3 {
        let outputs = cluster.receive(append(1, 2, 1, (0, 0), &[1], leader_commit));
        assert_eq!((commits(&outputs), cluster.commit_index(2)), (None, 3));
    }
}

/// §5.4.3: "if a server has applied a log entry at a given index to its state machine, no other server will ever apply a different log
/// entry for the same index" — through three leaders, one of which was deposed with entries nobody else had. The cluster on the table checks it.
#[test]
fn servers_apply_the_same_entries() {
    let mut cluster = Cluster::led_by_s1(5);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.isolate(&[1, 2]);
    cluster.propose(1, "x=2");
    cluster.settle();
    cluster.elect(3);
    cluster.propose(3, "x=3");
    cluster.settle();
    cluster.heal();
    cluster.elect(4);
    cluster.heartbeat(4);
    cluster.settle();
    for id in cluster.ids() {
        assert_eq!(cluster.server(id).applied, cluster.committed);
    }
    let commands: Vec<_> = cluster.committed.iter().map(|e| &e.payload).collect();
    assert!(commands.contains(&&Payload::Command(command("x=3"))));
    assert!(!commands.contains(&&Payload::Command(command("x=2"))));
}
