//! §5.3 Log replication, when logs disagree (Figure 7).

use crate::support::*;
use raft_core::{Body, Index, Note, Output, Refusal, Repair, Role, Term};

/// §5.3: "If the follower does not find an entry in its log with the same index and term, then it refuses the new entries."
#[test]
fn an_append_that_does_not_fit_is_refused() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1, 2]), (3, &[])]);
    let outputs = cluster.receive(append(1, 2, 3, (3, 2), &[3], 4));
    assert_eq!(append_result(&outputs), (false, 3));
    let short = Refusal::LogTooShort {
        prev_log_index: Index(3),
        last_index: Index(2),
    };
    assert!(
        notes(&outputs)
            .iter()
            .any(|n| matches!(n, Note::AppendRefused { because, .. } if *because == short))
    );

    let outputs = cluster.receive(append(1, 2, 3, (2, 1), &[3], 4));
    assert_eq!(append_result(&outputs), (false, 2));
    let other_term = Refusal::TermMismatch {
        prev_log_index: Index(2),
        theirs: Term(1),
        ours: Term(2),
    };
    assert!(matches!(notes(&outputs)[..], [Note::AppendRefused { because, .. }] if *because == other_term));
    assert_eq!(
        (cluster.log_terms(2), cluster.commit_index(2)),
        (vec![1, 2], 0),
        "nothing changed"
    );
}

/// §5.3: "conflicting entries in follower logs will be overwritten with entries from the leader's log", with all that follow.
#[test]
fn conflicting_entries_are_overwritten() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1, 2, 2, 2]), (3, &[])]);
    let outputs = cluster.receive(append(1, 2, 3, (1, 1), &[3], 0));
    assert_eq!(cluster.log_terms(2), [1, 3]);
    let removed = Note::Truncated {
        from: Index(2),
        through: Index(4),
    };
    assert!(notes(&outputs).contains(&&removed));
    assert_eq!(
        cluster.server(2).durable.log,
        *cluster.raft(2).log(),
        "on disk too"
    );
}

/// §5.3: only conflicting entries: what agrees stays, and what lies beyond the message stays with it.
#[test]
fn entries_that_agree_are_kept() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1, 2, 2, 2]), (3, &[])]);
    for (prev, terms) in [
        ((0, 0), &[1][..]),
        ((1, 1), &[2, 2]),
        ((2, 2), &[]),
        ((4, 2), &[]),
    ] {
        let outputs = cluster.receive(append(1, 2, 3, prev, terms, 0));
        assert_eq!(append_result(&outputs), (true, prev.0 + terms.len() as u64));
        assert!(
            written(&outputs).is_none_or(|w| w.append.is_none()),
            "nothing to write"
        );
        assert_eq!(cluster.log_terms(2), [1, 2, 2, 2]);
    }
}

/// §5.3, Figure 2: of a message that agrees at first, only the rest replaces what is there, and only that is written.
#[test]
fn only_what_differs_is_written() {
    let mut cluster = Cluster::with_logs(&[(3, &[]), (3, &[1, 1, 2]), (3, &[])]);
    let outputs = cluster.receive(append(1, 2, 3, (0, 0), &[1, 1, 3, 3], 0));
    assert_eq!(cluster.log_terms(2), [1, 1, 3, 3]);
    let append = written(&outputs)
        .and_then(|w| w.append.as_ref())
        .expect("a write");
    assert_eq!((append.first, append.entries.len()), (Index(3), 2));
}

/// §5.3: "When a leader first comes to power, it initializes all nextIndex values to the index just after the last one in its log".
/// Figure 2: `matchIndex` begins at 0.
#[test]
fn next_index_begins_just_after_the_leaders_log() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 2, 3]), (3, &[]), (3, &[])]);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 4, true));
    assert_eq!((cluster.progress(1, 2), cluster.progress(1, 3)), ((4, 0), (4, 0)));
    assert_eq!(cluster.log_terms(1), [1, 2, 3, 4], "its no-op came after that");
}

/// §5.3: "After a rejection, the leader decrements nextIndex and retries the AppendEntries RPC."
#[test]
fn after_a_rejection_the_leader_steps_back_and_retries() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 2, 3]), (3, &[1]), (3, &[1, 2, 3])]);
    cluster.timeout(1);
    cluster.receive(vote_reply(3, 1, 4, true));
    for expected in [(2, 2), (1, 1)] {
        let outputs = cluster.receive(append_reply(2, 1, 4, false, expected.0 + 1));
        let (prev, terms, _) = append_parts(only_message(&outputs));
        assert_eq!((prev, terms.len() as u64), (expected, 4 - expected.0));
        assert_eq!(cluster.progress(1, 2), (expected.0 + 1, 0));
    }
}

/// §5.3: "The leader maintains a nextIndex for each follower, which is the index of the next log entry the leader will send to that
/// follower."
#[test]
fn each_follower_gets_what_it_lacks() {
    let mut cluster = Cluster::with_logs(&[
        (3, &[1, 2, 3]),
        (3, &[1, 2, 3]),
        (3, &[1, 2, 3]),
        (3, &[1]),
        (3, &[]),
    ]);
    cluster.timeout(1);
    cluster.receive(vote_reply(2, 1, 4, true));
    cluster.receive(vote_reply(3, 1, 4, true));
    cluster.receive(append_reply(2, 1, 4, true, 4));
    cluster.receive(append_reply(4, 1, 4, false, 3));
    let outputs = cluster.heartbeat(1);
    let sent: Vec<_> = sent(&outputs).iter().map(|m| append_parts(m).1).collect();
    assert_eq!(sent, [vec![], vec![4], vec![3, 4], vec![4]]);
}

/// §5.3: "Eventually nextIndex will reach a point where the leader and follower logs match. When this happens, AppendEntries will
/// succeed, which removes any conflicting entries in the follower's log and appends entries from the leader's log (if any)."
/// Figure 7: the leader at the top and six kinds of followers.
#[test]
fn figure_7_every_follower_ends_with_the_leaders_log() {
    let leader: &[u64] = &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let followers: [&[u64]; 6] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    for max_entries in [1, 2, 64] {
        // Followers c and d have logs more up to date: a, b, e and f elect the leader.
        let mut logs = vec![(7, leader)];
        logs.extend(followers.map(|log| (7, log)));
        let mut cluster = Cluster::with(&logs, max_entries);
        cluster.elect(1);
        for id in cluster.ids() {
            assert_eq!(cluster.log_terms(id), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8], "S{id}");
            assert_eq!(cluster.server(id).durable.log, *cluster.raft(id).log());
        }
        assert_eq!(cluster.commit_index(1), 11);
    }
}

/// §5.3: "Once AppendEntries succeeds, the follower's log is consistent with the leader's, and it will remain that way for the rest of
/// the term": no later rejection makes the leader step back before what is known to match.
#[test]
fn what_matches_keeps_matching() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!(cluster.progress(1, 2), (3, 2));
    cluster.propose(1, "x=2"); // under way
    for index in 0..=2 {
        assert_ignored(&cluster.receive(append_reply(2, 1, 1, false, index)));
        assert_eq!(cluster.progress(1, 2), (3, 2));
    }
}

/// §5.3: "a leader does not need to take any special actions to restore log consistency when it comes to power. It just begins normal
/// operation": a heartbeat and its answers are all it takes.
#[test]
fn logs_converge_in_normal_operation() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[1]);
    for text in ["lost", "lost too"] {
        cluster.propose(1, text);
    }
    cluster.settle();
    cluster.elect(2);
    cluster.propose(2, "x=1");
    cluster.settle();
    cluster.heal();
    cluster.heartbeat(2);
    cluster.settle();
    assert_eq!(cluster.role(1), Role::Follower);
    assert_eq!(
        cluster.log_terms(1),
        [1, 2, 2],
        "its uncommitted entries gave way"
    );
    assert_eq!(cluster.raft(1).log(), cluster.raft(2).log());
}

/// §5.3: "A leader never overwrites or deletes entries in its own log (the Leader Append-Only Property in Figure 3)."
#[test]
fn a_leader_only_appends_to_its_log() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 2, 2]), (3, &[1, 1, 1]), (3, &[1, 2])]);
    cluster.elect(1);
    assert_eq!(cluster.log_terms(1), [1, 2, 2, 4]);
    cluster.receive(append(2, 1, 4, (1, 1), &[3], 0));
    cluster.receive(append(2, 1, 3, (1, 1), &[3], 0));
    assert_eq!(
        (cluster.role(1), cluster.log_terms(1)),
        (Role::Leader, vec![1, 2, 2, 4])
    );
}

/// §5.4.1: "log entries only flow in one direction, from leaders to followers": no answer carries any.
#[test]
fn entries_flow_from_leaders_to_followers_only() {
    let mut cluster = Cluster::with_logs(&[(2, &[1]), (2, &[1, 1]), (2, &[1])]);
    cluster.isolate(&[2]);
    cluster.elect(1);
    assert_eq!(cluster.log_terms(1), [1, 3]);
    cluster.heal();
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(
        (cluster.log_terms(1), cluster.log_terms(2)),
        (vec![1, 3], vec![1, 3])
    );
}

/// Not in the paper: an answer that was overtaken by a newer one neither steps the leader back again nor sends anything.
#[test]
fn late_and_repeated_answers_change_nothing() {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 2, 3]), (3, &[1]), (3, &[1, 2, 3])]);
    cluster.timeout(1);
    cluster.receive(vote_reply(3, 1, 4, true));
    cluster.receive(append_reply(2, 1, 4, false, 3));
    let known = cluster.progress(1, 2);
    assert_ignored(&cluster.receive(append_reply(2, 1, 4, false, 3)));
    cluster.receive(append_reply(3, 1, 4, true, 4));
    assert_ignored(&cluster.receive(append_reply(3, 1, 4, true, 4)));
    assert_ignored(&cluster.receive(append_reply(3, 1, 4, true, 2)));
    assert_eq!((cluster.progress(1, 2), cluster.progress(1, 3)), (known, (5, 4)));
}

fn assert_ignored(outputs: &[Output]) {
    assert!(
        matches!(outputs, [Output::Note(Note::Ignored { .. })]),
        "{outputs:?}"
    );
}

/// §5.3: only with the faster repair, and only where the logs disagree, does a refusal say where the terms part.
#[test]
fn a_refusal_carries_a_hint_only_if_that_is_wanted() {
    for (repair, hints) in [(Repair::StepBack, 0), (Repair::ConflictHint, 1)] {
        let mut cluster = Cluster::tuned(&[(3, &[]), (3, &[1]), (3, &[])], |config| config.repair = repair);
        let refusals = [3, 2].map(|term| cluster.receive(append(1, 2, term, (3, 2), &[], 0)));
        let hinting = refusals.iter().filter(|outputs| {
            let body = &only_message(outputs).body;
            matches!(
                body,
                Body::AppendEntriesReply {
                    conflict: Some(_),
                    ..
                }
            )
        });
        assert_eq!(hinting.count(), hints);
    }
}
