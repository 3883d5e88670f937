//! §5.3 Log replication, while all goes well.

use crate::support::*;
use raft_core::{Index, Input, Log, NodeId, Note, Output, Payload, ProgressState, ProposalId, Term};

/// §5.3: "Once a leader has been elected, it begins servicing client requests." The answer says where the command will be.
#[test]
fn a_leader_serves_clients() {
    let mut cluster = Cluster::led_by_s1(3);
    let outputs = cluster.propose(1, "x=1");
    let place = (Index(2), Term(1));
    assert!(matches!(outputs[0], Output::Accepted { index, term, .. } if (index, term) == place));
}

/// §5.3: "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each of the other
/// servers to replicate the entry."
#[test]
fn a_command_is_appended_and_sent_to_all() {
    let mut cluster = Cluster::led_by_s1(3);
    let outputs = cluster.propose(1, "x=1");
    let entry = cluster.raft(1).log().get(Index(2)).cloned();
    assert_eq!(entry.map(|e| e.payload), Some(Payload::Command(command("x=1"))));
    assert_eq!(sent(&outputs).len(), 2);
    assert!(
        sent(&outputs)
            .iter()
            .all(|m| append_parts(m) == ((1, 1), vec![1], 1))
    );
}

/// §5.3: "When the entry has been safely replicated […], the leader applies the entry to its state machine": not before.
#[test]
fn an_entry_is_applied_when_safely_replicated() {
    let mut cluster = Cluster::led_by_s1(3);
    let outputs = cluster.propose(1, "x=1");
    assert_eq!((commits(&outputs), cluster.commit_index(1)), (None, 1));
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(commits(&outputs), Some(Index(2)));
}

/// §5.3: "the leader retries AppendEntries RPCs indefinitely (even after it has responded to the client) until all followers eventually
/// store all log entries".
#[test]
fn appends_are_retried_until_everybody_has_everything() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    for _ in 0..10 {
        cluster.settle();
        let outputs = cluster.heartbeat(1);
        let to_s3 = sent(&outputs)
            .into_iter()
            .find(|m| m.to == NodeId(3))
            .expect("a message");
        assert_eq!(
            append_parts(to_s3).1,
            [1],
            "committed long since, S3 needs it all the same"
        );
    }
    cluster.heal();
    cluster.settle();
    assert_eq!(cluster.log_terms(3), [1, 1]);
}

/// §5.3: "Each log entry stores a state machine command along with the term number when the entry was received by the leader".
#[test]
fn an_entry_carries_the_term_it_was_received_in() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.elect(2);
    cluster.propose(2, "x=2");
    cluster.settle();
    assert_eq!(cluster.log_terms(3), [1, 1, 2, 2]);
}

/// §5.3: "Each log entry also has an integer index identifying its position in the log." The first is 1.
#[test]
fn entries_are_numbered_from_1() {
    let mut cluster = Cluster::led_by_s1(3);
    assert_eq!(cluster.raft(1).log().term_at(Index(1)), Some(Term(1)));
    for expected in 2..6 {
        let outputs = cluster.propose(1, "x=1");
        assert!(matches!(outputs[0], Output::Accepted { index, .. } if index == Index(expected)));
    }
}

/// §5.3: "A log entry is committed once the leader that created the entry has replicated it on a majority of the servers".
#[test]
fn an_entry_is_committed_once_a_majority_has_it() {
    for (servers, others_needed) in [(2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)] {
        let mut cluster = Cluster::led_by_s1(servers);
        cluster.propose(1, "x=1");
        for follower in 2..2 + others_needed {
            assert_eq!(cluster.commit_index(1), 1, "{} of {servers}", follower - 1);
            cluster.receive(append_reply(follower, 1, 1, true, 2));
        }
        assert_eq!(cluster.commit_index(1), 2, "{} of {servers}", others_needed + 1);
    }
}

/// A majority of one is one: a server alone commits by itself.
#[test]
fn a_single_server_commits_alone() {
    let mut cluster = Cluster::of(1);
    cluster.timeout(1);
    cluster.propose(1, "x=1");
    assert_eq!(cluster.commit_index(1), 2);
}

/// §5.3: "This also commits all preceding entries in the leader's log, including entries created by previous leaders."
#[test]
fn preceding_entries_are_committed_with_an_entry() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 2, 3]), (3, &[1, 2, 3]), (3, &[])]);
    cluster.elect(1);
    assert_eq!(cluster.commit_index(1), 4);
    assert_eq!(cluster.server(1).applied.len(), 4);
}

/// §5.3: "The leader keeps track of the highest index it knows to be committed, and it includes that index in future AppendEntries RPCs
/// (including heartbeats) so that the other servers eventually find out."
#[test]
fn followers_learn_of_commits_from_later_appends() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.commit_index(2)), (2, 1));
    let outputs = cluster.heartbeat(1);
    assert!(sent(&outputs).iter().all(|m| append_parts(m).2 == 2));
    let outputs = cluster.deliver_from(1, 2);
    assert_eq!(commits(&outputs), Some(Index(2)));
}

/// §5.3: "Once a follower learns that a log entry is committed, it applies the entry to its local state machine (in log order)."
#[test]
fn committed_entries_are_applied_in_log_order() {
    let mut cluster = Cluster::led_by_s1(3);
    for text in ["x=1", "y=3", "del x"] {
        cluster.propose(1, text);
    }
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    for id in cluster.ids() {
        let log: Vec<_> = cluster.raft(id).log().iter_from(Index(1)).cloned().collect();
        assert_eq!((log.len(), &cluster.server(id).applied), (4, &log));
    }
}

/// §5.3, Log Matching: "a leader creates at most one entry with a given log index in a given term".
#[test]
fn a_leader_creates_one_entry_an_index() {
    let mut cluster = Cluster::led_by_s1(3);
    let index_of = |outputs: &[Output]| match outputs[0] {
        Output::Accepted { index, .. } => index,
        ref other => panic!("{other:?}"),
    };
    let (a, b) = (
        index_of(&cluster.propose(1, "a")),
        index_of(&cluster.propose(1, "b")),
    );
    assert!(a < b);
    assert_eq!(
        cluster.raft(1).log().get(a).map(|e| &e.payload),
        Some(&Payload::Command(command("a")))
    );
}

/// §5.3: "When sending an AppendEntries RPC, the leader includes the index and term of the entry in its log that immediately precedes
/// the new entries."
#[test]
fn an_append_names_the_entry_before_the_new_ones() {
    let mut cluster = Cluster::with_logs(&[(5, &[2, 5]), (5, &[2, 5]), (5, &[])]);
    cluster.timeout(1);
    let outputs = cluster.receive(vote_reply(2, 1, 6, true));
    assert_eq!(append_parts(sent(&outputs)[0]), ((2, 5), vec![6], 0));
}

/// §5.3: "whenever AppendEntries returns successfully, the leader knows that the follower's log is identical to its own log up through
/// the new entries."
#[test]
fn success_tells_how_far_the_logs_are_identical() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    let note = Note::Progress {
        follower: NodeId(2),
        state: ProgressState::Probe,
        next_index: Index(3),
        match_index: Index(2),
    };
    assert_eq!(notes(&outputs), [&note]);
    assert_eq!(cluster.progress(1, 2), (3, 2));
    assert_eq!(cluster.progress(1, 3), (2, 1), "of S3 it knows nothing new");
}

/// §5.3: up through *the new entries*, not further: what else the follower has may conflict.
#[test]
fn a_follower_acknowledges_only_what_the_message_covered() {
    let mut cluster = Cluster::with_logs(&[(2, &[]), (2, &[1, 1, 1]), (2, &[])]);
    let outputs = cluster.receive(append(1, 2, 2, (1, 1), &[], 0));
    assert_eq!(append_result(&outputs), (true, 1));
    let outputs = cluster.receive(append(1, 2, 2, (1, 1), &[1], 0));
    assert_eq!(append_result(&outputs), (true, 2));
}

/// §5.3: "During normal operation, the logs of the leader and followers stay consistent, so the AppendEntries consistency check never
/// fails."
#[test]
fn in_normal_operation_nothing_is_refused() {
    let mut cluster = Cluster::led_by_s1(3);
    for round in 0..50 {
        let mut outputs = cluster.propose(1, "x=1");
        if round % 5 == 0 {
            outputs.extend(cluster.heartbeat(1));
        }
        while !cluster.in_flight.is_empty() {
            outputs.extend(cluster.deliver(0));
        }
        assert!(
            !notes(&outputs)
                .iter()
                .any(|n| matches!(n, Note::AppendRefused { .. } | Note::Truncated { .. }))
        );
    }
    assert!(cluster.ids().all(|id| cluster.log_terms(id).len() == 51));
}

/// §5.3: "in the normal case a new entry can be replicated with a single round of RPCs to a majority of the cluster".
#[test]
fn one_round_of_rpcs_commits_an_entry() {
    let mut cluster = Cluster::led_by_s1(5);
    let outputs = cluster.propose(1, "x=1");
    assert_eq!(sent(&outputs).len(), 4);
    let mut messages = 4;
    for follower in [2, 3] {
        messages += sent(&cluster.deliver_from(1, follower)).len();
        messages += sent(&cluster.deliver_from(follower, 1)).len();
    }
    assert_eq!(
        (cluster.commit_index(1), messages),
        (2, 6),
        "four requests, two answers"
    );
}

/// §5.3: "a single slow follower will not impact performance".
#[test]
fn a_slow_follower_holds_nobody_up() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[3]);
    for expected in 2..20 {
        cluster.propose(1, "x=1");
        cluster.settle();
        assert_eq!(cluster.commit_index(1), expected);
    }
}

/// §5.3: "Raft can accept, replicate, and apply new log entries as long as a majority of the servers are up", and not without one.
#[test]
fn a_majority_is_enough_and_needed() {
    let mut cluster = Cluster::led_by_s1(5);
    cluster.crash(4);
    cluster.crash(5);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!(cluster.commit_index(1), 2);
    cluster.crash(3);
    cluster.propose(1, "x=2");
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.commit_index(1), 2, "two of five");
}

/// Not in the paper: while a follower owes an answer, new entries wait, and then travel together.
#[test]
fn entries_that_wait_for_an_answer_travel_together() {
    let mut cluster = Cluster::led_by_s1(2);
    cluster.propose(1, "a");
    for text in ["b", "c", "d"] {
        assert_eq!(sent(&cluster.propose(1, text)).len(), 0);
    }
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(append_parts(only_message(&outputs)).1, [1, 1, 1]);
}

/// Not in the paper: one AppendEntries carries at most `max_entries`.
#[test]
fn an_append_carries_at_most_max_entries() {
    let mut cluster = Cluster::with(&[(0, &[]), (0, &[])], 2);
    cluster.elect(1);
    for text in ["a", "b", "c", "d", "e"] {
        cluster.propose(1, text);
    }
    let mut sizes = Vec::new();
    while !cluster.in_flight.is_empty() {
        if cluster.in_flight[0].to == NodeId(2) {
            sizes.push(append_parts(&cluster.in_flight[0]).1.len());
        }
        cluster.deliver(0);
    }
    assert_eq!(sizes, [1, 2, 2]);
    assert_eq!(cluster.commit_index(1), 6);
}

/// Not in the paper: several entries are not copied from the message that brings them to the write that stores them.
#[test]
fn messages_and_writes_share_their_entries() {
    let mut cluster = Cluster::led_by_s1(2);
    for text in ["a", "b", "c"] {
        cluster.propose(1, text);
    }
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    let carried = match &only_message(&outputs).body {
        raft_core::Body::AppendEntries { entries, .. } => entries,
        body => panic!("{body:?}"),
    };
    let outputs = cluster.deliver_from(1, 2);
    let append = written(&outputs)
        .and_then(|w| w.append.as_ref())
        .expect("a write");
    assert_eq!(
        (append.entries.len(), append.entries.as_ptr()),
        (2, carried.as_ptr())
    );
}

/// Not in the paper: a log shares its entries with its clones, and a change of one is not seen in the other.
#[test]
fn a_cloned_log_is_independent() {
    let mut log = Log::default();
    log.replace_from(Index(1), &entries(&[1; 100]));
    let before = log.clone();
    log.replace_from(Index(50), &entries(&[2, 2]));
    assert_eq!((before.last_index(), before.last_term()), (Index(100), Term(1)));
    assert_eq!((log.last_index(), log.last_term()), (Index(51), Term(2)));
}

/// Not in the paper: commands proposed together are written and sent together, each with its own place and answer.
#[test]
fn proposals_may_come_together() {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[])], |config| config.max_entries = 2);
    cluster.elect(1);
    let all = |texts: &[&str]| {
        let commands = texts.iter().map(|text| command(text));
        Input::ProposeAll((1..).map(ProposalId).zip(commands).collect())
    };
    let outputs = cluster.step(1, all(&["a", "b", "c"]));
    let places: Vec<_> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Accepted { id, index, term } => Some((id.0, index.0, term.0)),
            _ => None,
        })
        .collect();
    assert_eq!(places, [(1, 2, 1), (2, 3, 1), (3, 4, 1)]);
    let append = written(&outputs).and_then(|w| w.append.as_ref());
    assert_eq!(append.map(|a| (a.first, a.entries.len())), Some((Index(2), 3)));
    assert_eq!(append_parts(only_message(&outputs)), ((1, 1), vec![1, 1], 1));
    cluster.settle();
    assert_eq!((cluster.commit_index(1), cluster.log_terms(2).len()), (4, 4));

    let outputs = cluster.step(2, all(&["d", "e"]));
    let refused = |output: &Output| {
        matches!(
            output,
            Output::Refused {
                leader: Some(NodeId(1)),
                ..
            }
        )
    };
    assert!(outputs.len() == 2 && outputs.iter().all(refused), "{outputs:?}");
    assert_eq!(cluster.step(1, Input::ProposeAll(Vec::new())), []);
}
