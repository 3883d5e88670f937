//! Figure 2: persistent state is "updated on stable storage before responding to RPCs"; what waits for the disk and what need not
//! (thesis 3.8, 10.2.1).

use crate::support::*;
use raft_core::{HardState, Index, Input, NodeId, Note, Role, Term, WriteId};

/// Figure 2: a vote is on disk before it is told.
#[test]
fn a_vote_is_durable_before_it_is_told() {
    let mut cluster = Cluster::of(3);
    cluster.server_mut(2).disk_is_instant = false;
    let outputs = cluster.receive(request_vote(1, 2, 1, (0, 0)));
    let vote = HardState {
        term: Term(1),
        voted_for: Some(NodeId(1)),
    };
    assert_eq!(written_hard_state(&outputs), Some(vote));
    assert!(grants(&outputs) && all_wait_for_disk(&outputs));
}

/// Figure 2: a vote lost with the power was never told, so another may have it.
#[test]
fn a_vote_lost_in_a_crash_was_never_told() {
    let mut cluster = Cluster::of(3);
    cluster.server_mut(2).disk_is_instant = false;
    cluster.timeout(1);
    cluster.deliver_from(1, 2);
    assert!(!cluster.in_flight.iter().any(|m| m.from == NodeId(2)));
    cluster.crash_and_restart(2);
    assert_eq!((cluster.term(2), cluster.raft(2).voted_for()), (0, None));
    assert!(grants(&cluster.receive(request_vote(3, 2, 1, (0, 0)))));
}

/// Figure 2: entries are on disk before they are acknowledged.
#[test]
fn entries_are_durable_before_they_are_acknowledged() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(2).disk_is_instant = false;
    cluster.propose(1, "x=1");
    let outputs = cluster.deliver_from(1, 2);
    assert!(append_result(&outputs).0 && all_wait_for_disk(&outputs));
    assert!(!cluster.in_flight.iter().any(|m| m.from == NodeId(2)));
    cluster.sync_all(2);
    cluster.deliver_from(2, 1);
    assert_eq!(cluster.commit_index(1), 2);
}

/// The same, of an acknowledgement that needs no write of its own: it speaks for entries whose write is still under way.
#[test]
fn a_repeated_append_is_not_acknowledged_before_the_first_write_is_safe() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(2).disk_is_instant = false;
    cluster.propose(1, "x=1");
    cluster.deliver_from(1, 2);
    cluster.heartbeat(1);
    let outputs = cluster.deliver_from(1, 2);
    assert_eq!((written(&outputs), append_result(&outputs)), (None, (true, 2)));
    assert!(all_wait_for_disk(&outputs));
    assert!(!cluster.in_flight.iter().any(|m| m.from == NodeId(2)));
}

/// Figure 2: a candidate's term and vote are on disk before it asks anybody.
#[test]
fn a_candidates_term_and_vote_are_durable_before_it_asks() {
    let mut cluster = Cluster::of(3);
    cluster.server_mut(1).disk_is_instant = false;
    let outputs = cluster.timeout(1);
    assert!(sent(&outputs).len() == 2 && all_wait_for_disk(&outputs));
    assert!(cluster.in_flight.is_empty());
    cluster.sync_all(1);
    assert_eq!(cluster.in_flight.len(), 2);
}

/// §5.2 with a slow disk: a candidate's own vote counts once it is safe, as any other.
#[test]
fn a_candidates_own_vote_counts_once_durable() {
    let mut cluster = Cluster::of(3);
    cluster.server_mut(1).disk_is_instant = false;
    let outputs = cluster.timeout(1);
    assert!(
        !notes(&outputs)
            .iter()
            .any(|n| matches!(n, Note::VoteCounted { .. }))
    );
    assert!(cluster.raft(1).votes().is_empty());
    let outputs = cluster.sync_all(1);
    assert_eq!(notes(&outputs), [&Note::VoteCounted { voter: NodeId(1) }]);
}

/// A vote of an earlier election that becomes safe late is not one of this election.
#[test]
fn only_the_vote_of_this_election_counts() {
    let mut cluster = Cluster::of(1);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.timeout(1);
    cluster.timeout(1);
    cluster.sync_one(1);
    assert_eq!(
        (cluster.role(1), cluster.raft(1).votes().len()),
        (Role::Candidate, 0)
    );
    cluster.sync_one(1);
    assert_eq!(cluster.role(1), Role::Leader);
}

/// A new term is safe before anybody is told of it, be it in a refusal.
#[test]
fn a_new_term_is_durable_before_it_is_told() {
    let mut cluster = Cluster::with_logs(&[(1, &[]), (1, &[1]), (1, &[])]);
    cluster.server_mut(2).disk_is_instant = false;
    let outputs = cluster.receive(request_vote(1, 2, 2, (0, 0)));
    assert!(!grants(&outputs) && all_wait_for_disk(&outputs));
    let outputs = cluster.receive(append(3, 2, 1, (0, 0), &[], 0));
    assert!(!append_result(&outputs).0 && all_wait_for_disk(&outputs));
    cluster.sync_all(2);
    let outputs = cluster.receive(append(3, 2, 1, (0, 0), &[], 0));
    assert!(
        !all_wait_for_disk(&outputs),
        "now that the term is safe, a refusal promises nothing"
    );
}

/// The same refusal of a vote.
#[test]
fn a_refusal_waits_for_nothing_once_the_term_is_safe() {
    let mut cluster = Cluster::with_logs(&[(2, &[]), (2, &[2]), (2, &[])]);
    let outputs = cluster.receive(request_vote(1, 2, 2, (1, 1)));
    assert!(!grants(&outputs) && !all_wait_for_disk(&outputs));
}

/// Not in the paper: that writes are safe may be said late, and twice.
#[test]
fn what_is_safe_stays_safe() {
    let mut cluster = Cluster::of(3);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.timeout(1);
    cluster.timeout(1);
    cluster.sync_all(1);
    for write in [1, 2] {
        let outputs = cluster.step(1, Input::Synced(WriteId(write)));
        assert_eq!(outputs, [], "its own vote is counted already");
        let outputs = cluster.receive(request_vote(2, 1, 2, (0, 0)));
        assert!(
            !grants(&outputs) && !all_wait_for_disk(&outputs),
            "term 2 is on disk"
        );
    }
}

/// Figure 2: a new term is stored even if there is nothing to answer.
#[test]
fn a_new_term_learnt_from_an_answer_is_stored() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.receive(append_reply(2, 1, 5, false, 0));
    cluster.crash_and_restart(1);
    assert_eq!(cluster.term(1), 5);
}

/// Thesis 10.2.1: "the leader can write to its disk in parallel with replicating to the followers and them writing to their disks".
#[test]
fn a_leader_may_send_entries_before_they_are_on_its_disk() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(1).disk_is_instant = false;
    let outputs = cluster.propose(1, "x=1");
    assert!(sent(&outputs).len() == 2 && !all_wait_for_disk(&outputs));
    assert_eq!(cluster.in_flight.len(), 2);
}

/// Thesis 10.2.1: "The leader may even commit an entry before it has been written to its own disk, if a majority of followers have written
/// it to their disks".
#[test]
fn a_majority_of_followers_commits_without_the_leaders_disk() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!(
        (cluster.commit_index(1), cluster.raft(1).synced_index()),
        (2, Index(1))
    );
}

/// §5.3 with a slow disk: the leader's own copy counts once it is safe, as any other.
#[test]
fn a_leaders_own_copy_counts_once_durable() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!(
        (cluster.progress(1, 2).1, cluster.commit_index(1)),
        (2, 1),
        "on one disk of three"
    );
    let outputs = cluster.sync_all(1);
    assert_eq!(commits(&outputs), Some(Index(2)));
}

/// A write that becomes safe late does not vouch for what stands at its place by now.
#[test]
fn a_late_write_does_not_vouch_for_what_replaced_it() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.isolate(&[2, 3]);
    cluster.propose(1, "gone"); // its write at index 2 hangs …
    cluster.heal();
    cluster.in_flight.clear();
    cluster.receive(append(2, 1, 2, (1, 1), &[2], 0)); // … and S2 has other plans for index 2 …
    cluster.receive(vote_reply(2, 1, 3, false));
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 4, true));
    cluster.receive(vote_reply(3, 1, 4, true)); // … when S1 leads again, nothing of it on its disk.
    assert_eq!(
        (cluster.role(1), cluster.log_terms(1)),
        (Role::Leader, vec![1, 2, 4])
    );
    cluster.sync_one(1); // The write of "gone" is safe.
    assert_eq!(cluster.raft(1).synced_index(), Index(1));
    cluster.sync_one(1); // The entry of term 2.
    assert_eq!(cluster.raft(1).synced_index(), Index(2));
}

/// The same danger to an election's winner: commitment waits for the write that counts.
#[test]
fn a_late_write_commits_nothing() {
    let mut cluster = Cluster::with_logs(&[(1, &[1]), (1, &[1]), (1, &[1])]);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.receive(append(2, 1, 2, (1, 1), &[2], 0)); // write 1: term 2, entry 2
    cluster.receive(append(3, 1, 3, (1, 1), &[], 0)); // write 2: term 3
    cluster.receive(append(3, 1, 3, (1, 1), &[3], 0)); // write 3: replaces entry 2
    assert_eq!(cluster.log_terms(1), [1, 3]);
    cluster.sync_one(1);
    cluster.sync_one(1);
    assert_eq!(cluster.raft(1).synced_index(), Index(1));
    cluster.sync_one(1);
    assert_eq!(cluster.raft(1).synced_index(), Index(2));
}

/// Not in the paper: once all is safe, two servers that differ only in how often they wrote become the same.
#[test]
fn how_often_a_server_wrote_can_be_forgotten() {
    let [mut once, mut twice] = [&[&[1, 1][..]][..], &[&[1], &[1]]].map(|messages| {
        let mut cluster = Cluster::with_logs(&[(1, &[]), (1, &[]), (1, &[])]);
        let mut prev = (0, 0);
        for terms in messages {
            cluster.receive(append(1, 2, 1, prev, terms, 0));
            prev = (prev.0 + terms.len() as u64, 1);
        }
        cluster.raft(2).clone()
    });
    assert_ne!(once, twice);
    assert_eq!(
        (once.renumber_writes(), twice.renumber_writes()),
        (WriteId(1), WriteId(2))
    );
    assert_eq!(once, twice);
}

/// Figure 2 in one server: it elects itself and commits only as fast as its disk.
#[test]
fn a_single_server_waits_for_its_disk() {
    let mut cluster = Cluster::of(1);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.timeout(1);
    assert_eq!(cluster.role(1), Role::Candidate);
    cluster.sync_one(1);
    assert_eq!((cluster.role(1), cluster.commit_index(1)), (Role::Leader, 0));
    cluster.sync_one(1);
    assert_eq!(cluster.commit_index(1), 1);
}
