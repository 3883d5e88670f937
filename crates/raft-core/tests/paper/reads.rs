//! §8 Client interaction, thesis 6.4: reads that need no log entry.

use crate::support::*;
use raft_core::{Body, Index, NodeId, Output, ReadId, ReadMode, Role, Round};

fn ready(outputs: &[Output]) -> Option<u64> {
    outputs.iter().find_map(|output| match output {
        Output::ReadReady { index, .. } => Some(index.0),
        _ => None,
    })
}

fn refused(outputs: &[Output]) -> Option<Option<u32>> {
    outputs.iter().find_map(|output| match output {
        Output::ReadRefused { leader, .. } => Some(leader.map(|id| id.0)),
        _ => None,
    })
}

fn round(message: &raft_core::Message) -> u64 {
    match message.body {
        Body::AppendEntries { round, .. } | Body::AppendEntriesReply { round, .. } => round.0,
        ref other => panic!("no round in {other:?}"),
    }
}

/// §8: "If the client's first choice is not the leader, that server will reject the client's request and supply information about the
/// most recent leader it has heard from". So with reads that only a leader may answer.
#[test]
fn a_read_for_the_leader_is_redirected() {
    let mut cluster = Cluster::led_by_s1(3);
    for mode in [ReadMode::LeaderLocal, ReadMode::Lease] {
        assert_eq!(refused(&cluster.read(2, mode)), Some(Some(1)));
    }
    cluster.timeout(2);
    for mode in [ReadMode::LeaderLocal, ReadMode::Lease, ReadMode::ReadIndex] {
        assert_eq!(
            refused(&cluster.read(2, mode)),
            Some(None),
            "a candidate knows no leader"
        );
    }
}

/// §8: "Read-only operations can be handled without writing anything into the log."
#[test]
fn reads_write_nothing() {
    let mut cluster = Cluster::led_by_s1(3);
    for mode in [
        ReadMode::Stale,
        ReadMode::LeaderLocal,
        ReadMode::ReadIndex,
        ReadMode::Lease,
    ] {
        assert_eq!(written(&cluster.read(1, mode)), None);
    }
    cluster.settle();
    assert_eq!(cluster.answers.len(), 4);
    assert_eq!(cluster.log_terms(1), [1]);
}

/// §8: "with no additional measures, this would run the risk of returning stale data, since the leader responding to the request might
/// have been superseded by a newer leader of which it is unaware". Two modes take no measures.
#[test]
fn stale_and_leader_local_reads_may_be_stale() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[1]);
    cluster.elect(2);
    cluster.propose(2, "x=1");
    cluster.settle();
    assert_eq!(cluster.committed.len(), 3);
    for mode in [ReadMode::Stale, ReadMode::LeaderLocal] {
        assert_eq!(ready(&cluster.read(1, mode)), Some(1));
    }
    assert_eq!(
        ready(&cluster.read(3, ReadMode::Stale)),
        Some(2),
        "any server answers"
    );
    assert_eq!(ready(&cluster.read(2, ReadMode::LeaderLocal)), Some(3));
}

/// §8: "a leader must have the latest information on which entries are committed. […] To find out, it needs to commit an entry from its
/// term." Thesis 6.4, step 1: "If the leader has not yet marked an entry from its current term committed, it waits until it has done so."
#[test]
fn a_new_leader_waits_for_its_first_commit() {
    let mut cluster = Cluster::of(3);
    cluster.timeout(1);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    assert_eq!(cluster.role(1), Role::Leader);
    cluster.in_flight.clear();
    cluster.read(1, ReadMode::ReadIndex);
    // S3 refuses what it is sent, but recognises its leader: with that the round is won.
    let mut refusal = append_reply(3, 1, 1, false, 0);
    if let Body::AppendEntriesReply { round, .. } = &mut refusal.body {
        round.0 = 1;
    }
    assert_eq!(ready(&cluster.receive(refusal)), None);
    cluster.deliver_from(1, 2);
    assert_eq!(
        ready(&cluster.deliver_from(2, 1)),
        None,
        "a round after the read too"
    );
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(
        cluster.answers,
        [(ReadId(1), Index(1))],
        "with the commit of its no-op"
    );
}

/// §8: "a leader must check whether it has been deposed before processing a read-only request […] by having the leader exchange
/// heartbeat messages with a majority of the cluster before responding to read-only requests."
#[test]
fn a_read_waits_for_a_majority() {
    let mut cluster = Cluster::led_by_s1(5);
    let outputs = cluster.read(1, ReadMode::ReadIndex);
    let asked: Vec<u32> = sent(&outputs).iter().map(|m| m.to.0).collect();
    assert_eq!((ready(&outputs), asked), (None, vec![2, 3, 4, 5]));
    assert!(sent(&outputs).iter().all(|m| append_parts(m).1.is_empty()));
    cluster.deliver_from(1, 2);
    assert_eq!(ready(&cluster.deliver_from(2, 1)), None, "two of five");
    cluster.deliver_from(1, 3);
    assert_eq!(ready(&cluster.deliver_from(3, 1)), Some(1), "three of five");
    cluster.settle();
    assert_eq!(cluster.answers.len(), 1, "once");
}

/// A cluster of one has its majority at once.
#[test]
fn who_is_alone_need_not_ask() {
    let mut cluster = Cluster::of(1);
    cluster.elect(1);
    assert_eq!(ready(&cluster.read(1, ReadMode::ReadIndex)), Some(1));
}

/// Thesis 6.4, step 3: "It issues a new round of heartbeats and waits for their acknowledgments". An answer to an earlier one does not count.
#[test]
fn only_answers_to_a_new_round_count() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    let outputs = cluster.read(1, ReadMode::ReadIndex);
    assert_eq!(
        sent(&outputs).len(),
        0,
        "the next round begins when this one is over"
    );
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(ready(&outputs), None);
    assert_eq!(sent(&outputs).len(), 2, "now");
    cluster.settle();
    assert_eq!(cluster.answers, [(ReadId(1), Index(1))]);
}

/// The same: nor does an answer that comes twice, for the round before the read.
#[test]
fn a_repeated_answer_does_not_count() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    let answer = cluster.intercept(1).remove(0);
    cluster.receive(answer.clone());
    cluster.settle();
    cluster.read(1, ReadMode::ReadIndex);
    assert_eq!(ready(&cluster.receive(answer)), None);
}

/// Every AppendEntries carries the last round begun, and its answer carries it back, whether it agrees or not.
#[test]
fn answers_carry_the_round_of_the_request() {
    let mut cluster = Cluster::led_by_s1(3);
    for expected in [3, 4] {
        let outputs = cluster.heartbeat(1);
        assert!(sent(&outputs).iter().all(|m| round(m) == expected));
        let outputs = cluster.deliver_from(1, 2);
        assert_eq!(round(only_message(&outputs)), expected);
        cluster.settle();
    }
    let mut request = append(1, 2, 1, (9, 1), &[], 0);
    if let Body::AppendEntries { round, .. } = &mut request.body {
        round.0 = 7;
    }
    let outputs = cluster.receive(request);
    assert!(!append_result(&outputs).0);
    assert_eq!(round(only_message(&outputs)), 7);
}

/// Thesis 6.4: "it can use a single round of heartbeats for any number of read-only queries that it has accumulated".
#[test]
fn one_round_serves_all_that_wait() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.read(1, ReadMode::ReadIndex);
    for _ in 0..10 {
        assert_eq!(cluster.read(1, ReadMode::ReadIndex), [], "a round is under way");
    }
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(cluster.answers.len(), 1);
    assert_eq!(sent(&outputs).len(), 2, "one more round for all others");
    cluster.settle();
    assert_eq!(cluster.answers.len(), 11);
    let in_order: Vec<u64> = cluster.answers.iter().map(|(id, _)| id.0).collect();
    assert!(in_order.is_sorted());
}

/// A lost round is made up for by the next heartbeat.
#[test]
fn a_lost_round_is_made_up_for() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.read(1, ReadMode::ReadIndex);
    cluster.in_flight.clear();
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.answers.len(), 1);
}

/// Whoever is deposed refuses the reads that wait.
#[test]
fn a_deposed_leader_refuses_what_waits() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.read(1, ReadMode::ReadIndex);
    let outputs = cluster.receive(append(2, 1, 2, (1, 1), &[2], 0));
    assert_eq!(refused(&outputs), Some(Some(2)), "and says who leads");
    assert_eq!(cluster.answers, []);
}

/// Thesis 6.4: "the follower could issue a request to the leader that just asked for a current readIndex (the leader would execute
/// steps 1–3 above); the follower could then execute steps 4 and 5 on its own state machine".
#[test]
fn a_follower_asks_its_leader() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.commit_index(2)), (2, 1));
    let outputs = cluster.read(2, ReadMode::ReadIndex);
    let question = only_message(&outputs).clone();
    assert_eq!(
        (question.to, question.body),
        (NodeId(1), Body::ReadIndex { id: ReadId(1) })
    );
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(sent(&outputs).len(), 2, "a round of heartbeats");
    cluster.deliver_from(1, 3);
    let outputs = cluster.deliver_from(3, 1);
    let answer = Body::ReadIndexReply {
        id: ReadId(1),
        index: Some(Index(2)),
    };
    assert_eq!(only_message(&outputs).body, answer);
    cluster.settle();
    assert_eq!(
        cluster.answers,
        [(ReadId(1), Index(2))],
        "which S2 has yet to apply"
    );
}

/// The same: who does not lead, or no longer, says so.
#[test]
fn a_follower_that_is_asked_refuses() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.read(2, ReadMode::ReadIndex);
    let question = cluster.intercept(1).remove(0);
    cluster.elect(3);
    cluster.receive(question);
    let outputs = cluster.deliver_from(1, 2);
    assert_eq!(refused(&outputs), Some(Some(3)));
    assert_eq!(cluster.answers, []);
}

/// The same: a leader that is deposed before it could answer its followers refuses them too.
#[test]
fn a_deposed_leader_refuses_what_its_followers_asked() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.read(2, ReadMode::ReadIndex);
    cluster.deliver_from(2, 1);
    let outputs = cluster.receive(append(3, 1, 2, (1, 1), &[2], 0));
    let refusal = Body::ReadIndexReply {
        id: ReadId(1),
        index: None,
    };
    assert!(
        sent(&outputs)
            .iter()
            .any(|m| m.to == NodeId(2) && m.body == refusal)
    );
}

/// The same: once a round has confirmed the leader, a read that waits for an entry of its term asks for no more of them.
#[test]
fn a_read_that_waits_for_an_entry_takes_one_round() {
    let mut cluster = Cluster::with_logs(&[(1, &[]), (1, &[]), (1, &[])]);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 2, true));
    cluster.read(1, ReadMode::ReadIndex);
    for (answered, begun) in [(1, 2), (2, 0)] {
        let mut answer = append_reply(2, 1, 2, true, 0);
        if let Body::AppendEntriesReply { round, .. } = &mut answer.body {
            *round = Round(answered);
        }
        let outputs = cluster.receive(answer);
        assert_eq!(
            sent(&outputs).len(),
            begun,
            "after the answer to round {answered}"
        );
    }
    cluster.receive(append_reply(2, 1, 2, true, 1));
    assert_eq!(cluster.answers, [(ReadId(1), Index(1))]);
}
