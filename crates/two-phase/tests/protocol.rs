//! What two-phase commit promises, one test each.

mod support;

use Decision::{Abort, Commit};
use raft_core::{Duration, NodeId};
use support::{Cluster, VOTE_TIMEOUT};
use two_phase::{Body, Decision, Message, Note, Reason, Refusal, TransactionId};

const FIRST: TransactionId = TransactionId { client: 1, number: 1 };

fn id(client: u32, number: u32) -> TransactionId {
    TransactionId { client, number }
}

fn is_prepare(message: &Message) -> bool {
    matches!(message.body, Body::Prepare { .. })
}

fn is_decision(message: &Message) -> bool {
    matches!(message.body, Body::Decided { .. })
}

/// S1 has sent its questions, all others have voted yes, and the votes are on their way.
fn all_have_voted(cooperative: bool) -> Cluster {
    let mut cluster = Cluster::new(3, cooperative);
    cluster.begin(1, 1, "x=1");
    cluster.sync(1);
    while let Some(question) = cluster.wire.iter().position(is_prepare) {
        cluster.deliver(question);
    }
    [2, 3].into_iter().for_each(|id| cluster.sync(id));
    cluster
}

#[test]
fn what_all_vote_for_is_done_everywhere() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    assert_eq!(cluster.told.get(&FIRST), Some(&Commit));
    assert!(cluster.servers.iter().all(|s| s.store["x"] == "1"));
    cluster.begin(1, 2, "x");
    cluster.settle();
    assert!(cluster.servers.iter().all(|s| s.store.is_empty()));
    let idle = |server: &support::Server| {
        let machine = server.up.as_ref().unwrap();
        machine.prepared().is_empty() && machine.ballots().is_empty() && machine.log().last_index().0 <= 6
    };
    assert!(cluster.servers.iter().all(idle), "all is forgotten but the log");
}

#[test]
fn a_cluster_of_one_commits_by_itself() {
    let mut cluster = Cluster::new(1, true);
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    assert_eq!(cluster.told.get(&FIRST), Some(&Commit));
    assert_eq!(cluster.servers[0].store["x"], "1");
}

#[test]
fn a_key_that_is_locked_makes_for_a_no_and_one_no_aborts() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin(1, 1, "x=1");
    cluster.begin(2, 2, "x=2");
    cluster.begin(3, 3, "y=3");
    cluster.settle();
    let ends = [(id(1, 1), Commit), (id(2, 2), Abort), (id(3, 3), Commit)];
    assert_eq!(cluster.told, ends.into());
    let because = Refusal::Locked { by: FIRST };
    let gave_up = Note::GaveUp {
        transaction: id(2, 2),
        because: Reason::VotedNo {
            by: NodeId(1),
            because,
        },
    };
    assert!(cluster.notes.contains(&(NodeId(1), gave_up)));
    cluster.begin(2, 4, "x=4");
    cluster.settle();
    assert_eq!(cluster.told[&id(2, 4)], Commit, "the lock is free again");
}

#[test]
fn without_all_votes_the_coordinator_aborts_when_time_is_up() {
    let mut cluster = Cluster::new(3, true);
    cluster.power_off(3);
    cluster.begin(1, 1, "x=1");
    cluster.settle_for(Duration(VOTE_TIMEOUT.0 - 100_000));
    assert_eq!(cluster.told.get(&FIRST), None);
    cluster.settle_for(Duration::millis(100));
    assert_eq!(cluster.told.get(&FIRST), Some(&Abort));
    assert_eq!(cluster.ends(FIRST), [Some(Abort), Some(Abort), None]);
    cluster.restart(3);
    cluster.settle_for(Duration::secs(1));
    assert!(cluster.servers.iter().all(|s| s.store.is_empty()));
}

#[test]
fn a_lost_question_is_asked_again() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin(1, 1, "x=1");
    cluster.lose(is_prepare);
    cluster.settle_for(Duration::millis(100));
    assert_eq!(cluster.told.get(&FIRST), Some(&Commit));
}

#[test]
fn a_decision_that_is_lost_is_told_again_until_all_have_it_on_disk() {
    let mut cluster = all_have_voted(true);
    while let Some(vote) = cluster
        .wire
        .iter()
        .position(|m| matches!(m.body, Body::Vote { .. }))
    {
        cluster.deliver(vote);
    }
    cluster.sync(1);
    cluster.lose(is_decision);
    cluster.settle_for(Duration::millis(100));
    assert_eq!(cluster.ends(FIRST), [Some(Commit); 3]);
    assert!(cluster.server(1).up.as_ref().unwrap().ballots().is_empty());
}

#[test]
fn who_voted_yes_waits_for_the_coordinator_however_long_it_takes() {
    for cooperative in [false, true] {
        let mut cluster = all_have_voted(cooperative);
        cluster.power_off(1);
        cluster.read(2, 1, "x");
        cluster.read(2, 2, "y");
        cluster.settle_for(Duration::secs(60));
        assert_eq!(cluster.ends(FIRST), [None; 3]);
        assert_eq!(cluster.servers[1].read.len(), 1, "only y is free");
        for server in [2, 3] {
            let blocked = (NodeId(server), Note::Blocked { transaction: FIRST });
            assert_eq!(cluster.notes.iter().filter(|note| **note == blocked).count(), 1);
        }
        // A crash of its own does not free it either.
        cluster.power_off(2);
        cluster.restart(2);
        cluster.read(2, 3, "x");
        cluster.settle_for(Duration::secs(1));
        assert_eq!(cluster.servers[1].read, []);
        cluster.restart(1);
        cluster.settle_for(Duration::secs(1));
        assert_eq!(
            cluster.ends(FIRST),
            [Some(Abort); 3],
            "there was no decision on disk"
        );
        assert_eq!(cluster.servers[1].read.len(), 1);
    }
}

#[test]
fn a_decision_on_disk_is_carried_out_when_the_coordinator_comes_back() {
    let mut cluster = all_have_voted(true);
    while let Some(vote) = cluster
        .wire
        .iter()
        .position(|m| matches!(m.body, Body::Vote { .. }))
    {
        cluster.deliver(vote);
    }
    cluster.sync(1);
    cluster.wire.clear();
    cluster.power_off(1);
    cluster.settle_for(Duration::secs(2));
    assert_eq!(cluster.ends(FIRST), [Some(Commit), None, None]);
    cluster.restart(1);
    assert_eq!(cluster.servers[0].store["x"], "1", "from its log");
    cluster.settle();
    assert_eq!(cluster.ends(FIRST), [Some(Commit); 3]);
}

#[test]
fn a_participant_that_knows_tells_the_others() {
    for cooperative in [false, true] {
        let mut cluster = all_have_voted(cooperative);
        while let Some(vote) = cluster
            .wire
            .iter()
            .position(|m| matches!(m.body, Body::Vote { .. }))
        {
            cluster.deliver(vote);
        }
        cluster.sync(1);
        cluster.lose(|m| m.to == NodeId(3));
        cluster.power_off(1);
        cluster.settle_for(Duration::secs(1));
        let heard = cooperative.then_some(Commit);
        assert_eq!(cluster.ends(FIRST), [Some(Commit), Some(Commit), heard]);
    }
}

#[test]
fn who_has_not_voted_lets_those_who_wait_abort() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin(1, 1, "x=1");
    cluster.lose(|m| m.to == NodeId(3));
    cluster.power_off(1);
    cluster.settle_for(Duration::secs(1));
    assert_eq!(cluster.ends(FIRST), [None, Some(Abort), Some(Abort)]);
    // Asked for the same again, the coordinator, which knows nothing of it, gets no vote from either.
    cluster.restart(1);
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    assert_eq!(cluster.told[&FIRST], Abort);
}

#[test]
fn what_is_asked_for_again_is_done_once() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin(1, 1, "x=1");
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    cluster.begin(2, 2, "x=2");
    cluster.settle();
    let records = cluster.servers[0].disk.log.last_index();
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    cluster.power_off(1);
    cluster.restart(1);
    cluster.begin(1, 1, "x=1");
    cluster.settle();
    assert_eq!(cluster.servers[0].disk.log.last_index(), records);
    assert_eq!(cluster.servers[0].store["x"], "2");
}

#[test]
fn what_was_aborted_stays_aborted_when_a_late_request_comes() {
    let mut cluster = Cluster::new(3, true);
    cluster.power_off(3);
    cluster.begin(1, 1, "x=1");
    cluster.settle_for(VOTE_TIMEOUT);
    cluster.restart(3);
    cluster.power_off(1);
    cluster.restart(1);
    cluster.begin(1, 1, "x=1");
    cluster.settle_for(Duration::secs(1));
    assert_eq!(cluster.told[&FIRST], Abort);
    assert!(cluster.servers.iter().all(|s| s.store.is_empty()));
}

#[test]
fn a_yes_from_before_the_coordinators_crash_counts_for_nothing_once_it_said_no() {
    let mut cluster = all_have_voted(true);
    let votes = std::mem::take(&mut cluster.wire);
    cluster.power_off(1);
    cluster.restart(1);
    cluster.settle();
    assert_eq!(cluster.ends(FIRST), [Some(Abort); 3]);
    cluster.begin(1, 1, "x=1");
    cluster.wire.extend(votes);
    cluster.settle_for(Duration::secs(1));
    assert_eq!(cluster.ends(FIRST), [Some(Abort); 3]);
}

#[test]
fn only_the_coordinator_begins_anything() {
    let mut cluster = Cluster::new(3, true);
    cluster.begin_at(2, 1, 1, "x=1");
    cluster.settle();
    assert!(cluster.told.is_empty() && cluster.wire.is_empty());
}
