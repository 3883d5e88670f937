//! Thesis 10.2.2 Batching and pipelining, and §5.3's faster repair: what a leader sends without waiting, and how it finds out what was lost.

use crate::support::*;
use raft_core::{Body, Index, Message, NodeId, Note, ProgressState, Repair};

/// S1 leads two servers with `inflight` messages of one entry each, and knows where S2's log agrees.
fn pipelining(inflight: u32) -> Cluster {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[])], |config| {
        config.max_entries = 1;
        config.inflight = inflight;
    });
    cluster.elect(1);
    cluster
}

fn state(cluster: &Cluster) -> ProgressState {
    cluster.raft(1).progress()[0].state()
}

fn propose(cluster: &mut Cluster, texts: &[&str]) -> usize {
    texts
        .iter()
        .map(|text| sent(&cluster.propose(1, text)).len())
        .sum()
}

fn prevs(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|m| append_parts(m).0.0).collect()
}

/// Thesis 10.2.2: "it updates the next index to send immediately after sending the previous entry, rather than waiting for the previous
/// entry's acknowledgment": up to the limit.
#[test]
fn entries_are_sent_without_waiting_up_to_the_limit() {
    let mut cluster = pipelining(3);
    assert_eq!(state(&cluster), ProgressState::Replicate);
    assert_eq!(propose(&mut cluster, &["a", "b", "c", "d", "e"]), 3);
    assert_eq!(prevs(&cluster.in_flight), [1, 2, 3]);
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(
        append_parts(only_message(&outputs)).0.0,
        4,
        "one answer, one more"
    );
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.log_terms(2).len()), (6, 6));
}

/// Until it is known where the logs agree, one message at a time: the rest would be refused with it.
#[test]
fn a_follower_is_probed_before_anything_is_pipelined() {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |config| config.inflight = 8);
    cluster.isolate(&[3]);
    cluster.elect(1);
    cluster.propose(1, "a");
    cluster.settle();
    cluster.heal();
    assert_eq!(cluster.raft(1).progress()[1].state(), ProgressState::Probe);
    let outputs = cluster.propose(1, "b");
    assert!(
        sent(&outputs).iter().all(|m| m.to == NodeId(2)),
        "S3 still owes an answer"
    );
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.raft(1).progress()[1].state(), ProgressState::Replicate);
    assert_eq!(cluster.log_terms(3).len(), 3);
}

/// One answer stands for all before it: that they came is what it says.
#[test]
fn an_answer_acknowledges_everything_before_it() {
    let mut cluster = pipelining(3);
    propose(&mut cluster, &["a", "b", "c", "d", "e"]);
    for _ in 0..3 {
        cluster.deliver_from(1, 2);
    }
    let last = cluster.intercept(1).pop().expect("three answers");
    let outputs = cluster.receive(last);
    assert_eq!((sent(&outputs).len(), cluster.commit_index(1)), (2, 4));
}

/// A message lost in the middle: the first one after it is refused, and everything from there is sent again.
#[test]
fn a_gap_is_refused_and_filled() {
    let mut cluster = pipelining(4);
    propose(&mut cluster, &["a", "b", "c"]);
    cluster.in_flight.remove(1);
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.log_terms(2).len()), (4, 4));
    assert_eq!(state(&cluster), ProgressState::Replicate);
}

/// The whole window lost, and nothing new may be sent: the heartbeat asks whether all has come, and what has not is sent again.
#[test]
fn all_in_flight_is_lost_and_sent_again() {
    let mut cluster = pipelining(2);
    propose(&mut cluster, &["a", "b", "c", "d"]);
    cluster.in_flight.clear();
    assert_eq!(propose(&mut cluster, &["e"]), 0, "no room");
    let outputs = cluster.heartbeat(1);
    assert_eq!(append_parts(only_message(&outputs)), ((3, 1), vec![], 1));
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    let probing = |n: &&&Note| {
        matches!(
            n,
            Note::Progress {
                state: ProgressState::Probe,
                next_index: Index(2),
                ..
            }
        )
    };
    assert_eq!(notes(&outputs).iter().filter(probing).count(), 1);
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.log_terms(2).len()), (6, 6));
}

/// The whole window came, but every answer was lost: the heartbeat's answer stands for them, and nothing is sent twice.
#[test]
fn all_answers_are_lost() {
    let mut cluster = pipelining(2);
    propose(&mut cluster, &["a", "b", "c"]);
    for _ in 0..2 {
        cluster.deliver_from(1, 2);
    }
    cluster.intercept(1);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(
        append_parts(only_message(&outputs)).0.0,
        3,
        "only what was never sent"
    );
    cluster.settle();
    assert_eq!(cluster.commit_index(1), 4);
}

/// Overtaken messages are refused and sent again; refusals that come late change nothing any more.
#[test]
fn reordered_messages_cost_time_only() {
    let mut cluster = pipelining(8);
    propose(&mut cluster, &["a", "b", "c", "d"]);
    cluster.in_flight.reverse();
    while !cluster.in_flight.is_empty() {
        let newest = cluster.in_flight.len() - 1;
        cluster.deliver(newest / 2);
    }
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.log_terms(2).len()), (5, 5));
}

/// How many AppendEntries were refused until S2's log was S1's.
fn refusals(repair: Repair, ours: &[u64], theirs: &[u64]) -> usize {
    let mut cluster = Cluster::tuned(&[(9, ours), (9, theirs), (9, ours)], |config| {
        config.repair = repair;
        config.inflight = 4;
    });
    cluster.timeout(1);
    let mut refused = 0;
    while !cluster.in_flight.is_empty() {
        let message = &cluster.in_flight[0];
        refused += usize::from(matches!(
            message.body,
            Body::AppendEntriesReply { success: false, .. }
        ));
        cluster.deliver(0);
    }
    assert_eq!(cluster.log_terms(2), cluster.log_terms(1));
    refused
}

/// §5.3: "with this information, the leader can decrement nextIndex to bypass all of the conflicting entries in that term; one AppendEntries
/// RPC will be required for each term with conflicting entries, rather than one RPC per entry."
#[test]
fn with_hints_one_refusal_a_term_is_enough() {
    let ours = [&[1; 3][..], &[5; 50], &[7; 50]].concat();
    let theirs = [&[1; 3][..], &[2; 50], &[6; 40]].concat();
    assert_eq!(refusals(Repair::StepBack, &ours, &theirs), 100);
    assert_eq!(refusals(Repair::ConflictHint, &ours, &theirs), 2);
}

/// The same: a follower whose log merely ends early is refused once.
#[test]
fn with_hints_a_short_log_costs_one_refusal() {
    let ours = [1; 100];
    assert_eq!(refusals(Repair::ConflictHint, &ours, &[]), 1);
    assert_eq!(refusals(Repair::ConflictHint, &ours, &ours[..60]), 1);
    assert_eq!(refusals(Repair::StepBack, &ours, &ours[..60]), 40);
}
