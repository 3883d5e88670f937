//! §7 Log compaction.

use crate::support::*;
use raft_core::{Body, IgnoredBecause, Index, Log, NodeId, Note, Output, ProgressState, Snapshot, Term};

/// S1 leads three; `x=0`…`x=n-1` are committed at 2…n+1 and everybody knows it.
fn with_commands(n: u32) -> Cluster {
    let mut cluster = Cluster::led_by_s1(3);
    for i in 0..n {
        cluster.propose(1, &format!("x={i}"));
        cluster.settle();
    }
    cluster.heartbeat(1);
    cluster.settle();
    cluster
}

/// The same, but S3 missed all and S1 has forgotten it.
fn s3_needs_a_snapshot() -> Cluster {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.isolate(&[3]);
    for i in 0..5 {
        cluster.propose(1, &format!("x={i}"));
        cluster.settle();
    }
    cluster.compact(1, 4);
    cluster.heal();
    cluster
}

fn snapshot(cluster: &Cluster, id: u32) -> Snapshot {
    cluster.raft(id).snapshot().expect("a snapshot").clone()
}

fn installs(outputs: &[Output]) -> usize {
    let install = |m: &&&raft_core::Message| matches!(m.body, Body::InstallSnapshot { .. });
    sent(outputs).iter().filter(install).count()
}

fn restores(outputs: &[Output]) -> usize {
    outputs.iter().filter(|o| matches!(o, Output::Restore(_))).count()
}

/// §7: "the entire current system state is written to a snapshot on stable storage, then the entire log up to that point is discarded."
#[test]
fn the_log_up_to_the_snapshot_is_discarded() {
    let mut cluster = with_commands(4);
    let outputs = cluster.compact(2, 3);
    let write = written(&outputs).expect("a write");
    let kept = write.snapshot.as_ref().expect("a snapshot");
    assert_eq!((kept.last_index, kept.last_term), (Index(3), Term(1)));
    for log in [cluster.raft(2).log(), &cluster.server(2).durable.log] {
        assert_eq!((log.base(), log.last_index()), ((Index(3), Term(1)), Index(5)));
        assert_eq!(log.iter_from(Index(1)).count(), 2);
    }
}

/// §7: "each server takes snapshots independently, covering just the committed entries in its log."
#[test]
#[should_panic(expected = "only what is committed")]
fn only_committed_entries_are_covered() {
    let mut cluster = with_commands(1);
    cluster.isolate(&[1]);
    cluster.propose(1, "x=9");
    let data = [][..].into();
    cluster.step(
        1,
        raft_core::Input::Compact {
            index: Index(3),
            data,
        },
    );
}

/// §7: "Raft also includes a small amount of metadata in the snapshot: the last included index […] and the last included term […]. These
/// are preserved to support the AppendEntries consistency check for the first log entry following the snapshot".
#[test]
fn the_consistency_check_works_at_the_end_of_a_snapshot() {
    let mut cluster = with_commands(3);
    cluster.compact(2, 4);
    let outputs = cluster.receive(append(1, 2, 1, (4, 1), &[1], 4));
    assert_eq!(append_result(&outputs), (true, 5));
    let outputs = cluster.receive(append(3, 2, 2, (4, 2), &[2], 4));
    assert_eq!(append_result(&outputs), (false, 4));
}

/// The same on the leader's side: the entry before the first one left is named by the snapshot.
#[test]
fn a_leader_goes_on_from_the_end_of_its_snapshot() {
    let mut cluster = with_commands(3);
    cluster.compact(1, 4);
    let outputs = cluster.propose(1, "x=1");
    assert_eq!(append_parts(sent(&outputs)[0]), ((4, 1), vec![1], 4));
    cluster.settle();
    assert_eq!(cluster.commit_index(1), 5);
}

/// §7: "To enable cluster membership changes (Section 6), the snapshot also includes the latest configuration in the log as of last
/// included index."
#[test]
fn a_snapshot_includes_the_configuration() {
    let mut cluster = with_commands(3);
    cluster.compact(1, 4);
    let voters = [NodeId(1), NodeId(2), NodeId(3)];
    assert_eq!(snapshot(&cluster, 1).configuration.voters, voters);
}

/// §7: "Once a server completes writing a snapshot, it may delete all log entries up through the last included index, as well as any prior
/// snapshot."
#[test]
fn a_newer_snapshot_takes_the_place_of_an_older() {
    let mut cluster = with_commands(4);
    cluster.compact(2, 3);
    cluster.compact(2, 5);
    assert_eq!(snapshot(&cluster, 2).last_index, Index(5));
    assert_eq!(cluster.raft(2).log().last_index(), Index(5));
    assert_eq!(cluster.compact(2, 4), [], "older than what is there");
    assert_eq!(cluster.server(2).durable.log.base(), (Index(5), Term(1)));
}

/// §7: "the leader must occasionally send snapshots to followers that lag behind. This happens when the leader has already discarded the
/// next log entry that it needs to send to a follower."
#[test]
fn a_follower_that_lags_too_far_behind_gets_a_snapshot() {
    let mut cluster = s3_needs_a_snapshot();
    cluster.heartbeat(1);
    cluster.deliver_from(1, 3);
    let outputs = cluster.deliver_from(3, 1);
    assert_eq!(installs(&outputs), 1);
    let told = |n: &&Note| {
        matches!(
            n,
            Note::Progress {
                follower: NodeId(3),
                state: ProgressState::Snapshot,
                ..
            }
        )
    };
    assert_eq!(notes(&outputs).into_iter().filter(told).count(), 1);
    let outputs = cluster.deliver_from(1, 3);
    assert_eq!(restores(&outputs), 1);
    assert_eq!((cluster.commit_index(3), cluster.server(3).applied.len()), (4, 4));
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.server(3).applied, cluster.server(1).applied);
}

/// §7: "Fortunately, this situation is unlikely in normal operation": who is merely an answer behind needs none.
#[test]
fn a_follower_that_keeps_up_gets_no_snapshot() {
    for inflight in [1, 4] {
        let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |c| c.inflight = inflight);
        cluster.elect(1);
        for round in 0..10 {
            cluster.propose(1, "x=1");
            cluster.deliver_from(1, 2);
            cluster.deliver_from(2, 1);
            cluster.compact(1, cluster.commit_index(1));
            if round % 3 == 0 {
                cluster.heartbeat(1);
            }
            while !cluster.in_flight.is_empty() {
                assert_eq!(
                    installs(&cluster.deliver(0)),
                    0,
                    "inflight {inflight}, round {round}"
                );
            }
        }
        assert_eq!(cluster.log_terms(3).len(), 11);
    }
}

/// §7: "Usually the snapshot will contain new information not already in the recipient's log. In this case, the follower discards its
/// entire log; it is all superseded by the snapshot and may possibly have uncommitted entries that conflict with the snapshot."
#[test]
fn a_log_that_conflicts_is_discarded_whole() {
    let mut cluster = s3_needs_a_snapshot();
    let sent = snapshot(&cluster, 1);
    let mut conflicting = Cluster::with_logs(&[(3, &[]), (3, &[]), (3, &[1, 2, 2, 2, 2, 2, 2])]);
    conflicting.committed = cluster.committed.clone();
    let outputs = conflicting.receive(install(1, 3, 3, &sent));
    assert_eq!(restores(&outputs), 1);
    let log = conflicting.raft(3).log();
    assert_eq!((log.base(), log.last_index()), ((Index(4), Term(1)), Index(4)));
    assert_eq!(conflicting.server(3).durable.log, *log);
    cluster.settle();
}

/// §7: "If instead the follower receives a snapshot that describes a prefix of its log (due to retransmission or by mistake), then log
/// entries covered by the snapshot are deleted but entries following the snapshot are still valid and must be retained." What it covers is
/// committed then, and the follower's host may discard it when it likes.
#[test]
fn what_follows_a_prefix_is_retained() {
    let mut cluster = with_commands(5);
    cluster.compact(1, 4);
    let sent = snapshot(&cluster, 1);
    cluster.crash_and_restart(3);
    assert_eq!(cluster.commit_index(3), 0);
    let outputs = cluster.receive(install(1, 3, 1, &sent));
    assert_eq!((restores(&outputs), commits(&outputs)), (0, Some(Index(4))));
    assert_eq!(cluster.raft(3).log().last_index(), Index(6));
}

/// §7: a snapshot that is late or comes twice changes nothing.
#[test]
fn late_and_repeated_snapshots_are_harmless() {
    let mut cluster = s3_needs_a_snapshot();
    let sent = snapshot(&cluster, 1);
    for _ in 0..2 {
        cluster.heartbeat(1);
        cluster.settle();
    }
    assert_eq!(
        (cluster.commit_index(3), cluster.raft(3).log().last_index()),
        (6, Index(6))
    );
    let before = cluster.raft(3).clone();
    for _ in 0..2 {
        let outputs = cluster.receive(install(1, 3, 1, &sent));
        assert!(written(&outputs).is_none() && restores(&outputs) == 0 && commits(&outputs).is_none());
        assert!(notes(&outputs).iter().any(|n| matches!(
            n,
            Note::Ignored {
                because: IgnoredBecause::NothingNew,
                ..
            }
        )));
        assert!(matches!(
            only_message(&outputs).body,
            Body::InstallSnapshotReply { index: Index(4) }
        ));
    }
    assert_eq!(*cluster.raft(3), before);
}

/// Figure 13, InstallSnapshot, 1: "Reply immediately if term < currentTerm", with the current term, so that the leader steps down.
#[test]
fn a_snapshot_of_an_earlier_term_is_refused() {
    let mut cluster = s3_needs_a_snapshot();
    let sent = snapshot(&cluster, 1);
    cluster.isolate(&[3]);
    cluster.timeout(3);
    cluster.in_flight.clear();
    cluster.heal();
    let outputs = cluster.receive(install(1, 3, 1, &sent));
    assert!(restores(&outputs) == 0 && !sets_election_timer(&outputs));
    assert_eq!(only_message(&outputs).term, Term(2));
    cluster.settle();
    assert_eq!(cluster.role(1), raft_core::Role::Follower);
}

/// Figure 13: an InstallSnapshot is heard from the leader like any AppendEntries.
#[test]
fn a_snapshot_puts_off_the_election() {
    let mut cluster = s3_needs_a_snapshot();
    let sent = snapshot(&cluster, 1);
    cluster.timeout(2);
    cluster.in_flight.clear();
    let outputs = cluster.receive(install(1, 2, 2, &sent));
    assert!(sets_election_timer(&outputs));
    assert_eq!(
        (cluster.role(2), cluster.raft(2).leader()),
        (raft_core::Role::Follower, Some(NodeId(1)))
    );
}

/// §7, §5.3: what a snapshot brings is acknowledged when it is on disk.
#[test]
fn a_snapshot_is_acknowledged_when_it_is_on_disk() {
    let mut cluster = s3_needs_a_snapshot();
    let sent = snapshot(&cluster, 1);
    cluster.server_mut(3).disk_is_instant = false;
    let outputs = cluster.receive(install(1, 3, 1, &sent));
    assert!(all_wait_for_disk(&outputs));
    assert_eq!(
        cluster.raft(3).synced_index(),
        Index(1),
        "the rest is not safe yet"
    );
    cluster.sync_all(3);
    assert_eq!(cluster.raft(3).synced_index(), Index(4));
}

/// A snapshot that is lost is sent again: the next heartbeat finds out.
#[test]
fn a_lost_snapshot_is_sent_again() {
    let mut cluster = s3_needs_a_snapshot();
    cluster.heartbeat(1);
    cluster.deliver_from(1, 3);
    assert_eq!(installs(&cluster.deliver_from(3, 1)), 1);
    cluster.in_flight.clear();
    assert!(
        sent(&cluster.propose(1, "x=9")).iter().all(|m| m.to == NodeId(2)),
        "S3 waits"
    );
    cluster.heartbeat(1);
    cluster.deliver_from(1, 3);
    assert_eq!(installs(&cluster.deliver_from(3, 1)), 1);
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    assert_eq!(cluster.commit_index(3), 7);
}

/// A leader whose snapshot reaches to its last entry goes on with the next one, and a follower that has it takes it.
#[test]
fn a_snapshot_of_everything_does_not_stop_a_follower() {
    for inflight in [1, 4] {
        let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |c| c.inflight = inflight);
        cluster.elect(1);
        cluster.isolate(&[3]);
        cluster.propose(1, "x=1");
        cluster.settle();
        cluster.compact(1, 2);
        cluster.heal();
        cluster.heartbeat(1);
        cluster.settle();
        assert_eq!(cluster.progress(1, 3), (3, 2));
        cluster.propose(1, "x=2");
        cluster.settle();
        assert_eq!(cluster.log_terms(3).len(), 1, "inflight {inflight}");
    }
}

/// While a snapshot is under way the leader may take the next one; the follower then gets that, if it needs it.
#[test]
fn a_leader_may_forget_more_meanwhile() {
    let mut cluster = s3_needs_a_snapshot();
    cluster.heartbeat(1);
    cluster.deliver_from(1, 3);
    cluster.deliver_from(3, 1);
    cluster.compact(1, 6);
    for _ in 0..3 {
        cluster.settle();
        cluster.heartbeat(1);
    }
    cluster.settle();
    assert_eq!(
        (cluster.commit_index(3), cluster.raft(3).log().last_index()),
        (6, Index(6))
    );
}

/// §7, §5.3: entries that arrive late and are in the follower's snapshot by now agree with it.
#[test]
fn entries_covered_by_the_followers_snapshot_are_acknowledged() {
    let mut cluster = with_commands(5);
    cluster.compact(2, 5);
    let outputs = cluster.receive(append(1, 2, 1, (1, 1), &[1, 1], 6));
    assert_eq!((append_result(&outputs), written(&outputs)), ((true, 3), None));
    cluster.in_flight.clear();
    let next = cluster.raft(1).log().entries(Index(4), 9);
    let mut longer = append(1, 2, 1, (3, 1), &[], 6);
    if let Body::AppendEntries { entries, .. } = &mut longer.body {
        *entries = next;
    }
    let outputs = cluster.receive(longer);
    assert_eq!((append_result(&outputs), written(&outputs)), ((true, 6), None));
}

/// §7: after a crash a server starts from its snapshot and what follows it.
#[test]
fn a_server_restarts_from_its_snapshot() {
    let mut cluster = with_commands(4);
    cluster.compact(2, 4);
    cluster.crash_and_restart(2);
    assert_eq!((cluster.commit_index(2), cluster.server(2).applied.len()), (4, 4));
    assert_eq!(cluster.raft(2).log().last_index(), Index(5));
    cluster.elect(2);
    assert_eq!(cluster.commit_index(2), 6);
    assert_ne!(*cluster.raft(2).log(), Log::default());
}

/// Not in the paper: a snapshot that there is already is not written again.
#[test]
fn a_snapshot_of_the_same_place_is_not_taken_twice() {
    let mut cluster = with_commands(4);
    cluster.compact(2, 3);
    assert_eq!(cluster.compact(2, 3), []);
}

/// Not in the paper: what a leader forgets makes no difference to a follower that is past it.
#[test]
fn a_follower_past_the_snapshot_is_not_stepped_back() {
    let mut cluster = with_commands(4);
    assert_eq!(cluster.progress(1, 2), (6, 5));
    cluster.compact(1, 3);
    assert_eq!(cluster.progress(1, 2), (6, 5));
}

/// The same of one that is sent: what it ends with is committed here.
#[test]
fn a_snapshot_of_what_is_committed_is_nothing_new() {
    let mut cluster = with_commands(4);
    cluster.compact(1, 5);
    let sent = snapshot(&cluster, 1);
    let outputs = cluster.receive(install(1, 2, 1, &sent));
    let nothing_new = Note::Ignored {
        from: NodeId(1),
        because: IgnoredBecause::NothingNew,
    };
    assert_eq!(notes(&outputs), [&nothing_new]);
}
