//! §6 and thesis 4: cluster membership changes.

use crate::support::*;
use raft_core::{
    Body, Change, ChangeRefusal, Configuration, Index, Message, NodeId, Note, Output, Payload, ProgressState,
    Refusal, Role,
};

fn ids(numbers: &[u32]) -> Vec<NodeId> {
    numbers.iter().copied().map(NodeId).collect()
}

/// `servers` servers, the first `voters` of which are the cluster. S1 leads it.
fn cluster_of(voters: u32, servers: usize) -> Cluster {
    let mut cluster = Cluster::tuned(&vec![(0, &[][..]); servers], |config| {
        config.voters = (1..=voters).map(NodeId).collect();
    });
    cluster.elect(1);
    cluster.heartbeat(1);
    cluster.settle();
    cluster
}

fn voters(cluster: &Cluster, id: u32) -> Vec<u32> {
    cluster
        .raft(id)
        .configuration()
        .voters
        .iter()
        .map(|id| id.0)
        .collect()
}

fn accepted(outputs: &[Output]) -> Option<u64> {
    outputs.iter().find_map(|output| match output {
        Output::Accepted { index, .. } => Some(index.0),
        _ => None,
    })
}

fn refused(outputs: &[Output]) -> Option<ChangeRefusal> {
    let refused = |output: &Output| matches!(output, Output::Refused { .. });
    notes(outputs).into_iter().find_map(|note| match note {
        Note::ChangeRefused { because } if outputs.iter().any(refused) => Some(*because),
        _ => None,
    })
}

fn settle_with_heartbeats(cluster: &mut Cluster, leader: u32) {
    for _ in 0..2 {
        cluster.settle();
        if cluster.role(leader) == Role::Leader {
            cluster.heartbeat(leader);
        }
    }
    cluster.settle();
}

/// Thesis 4.1: "When the leader receives a request to add or remove a server from its current configuration (C_old), it appends the new
/// configuration (C_new) as an entry in its log and replicates that entry using the normal Raft mechanism."
#[test]
fn a_configuration_is_an_entry() {
    let mut cluster = cluster_of(3, 4);
    let outputs = cluster.change(1, Change::AddVoter(NodeId(4)));
    assert_eq!(accepted(&outputs), Some(2));
    let entry = cluster.raft(1).log().get(Index(2)).expect("an entry");
    assert!(matches!(&entry.payload, Payload::Configuration(c) if c.voters == ids(&[1, 2, 3, 4])));
    settle_with_heartbeats(&mut cluster, 1);
    assert!((1..=4).all(|id| cluster.commit_index(id) == 2 && voters(&cluster, id) == [1, 2, 3, 4]));
}

/// Thesis 4.1: "The new configuration takes effect on each server as soon as it is added to that server's log".
#[test]
fn a_configuration_takes_effect_when_appended() {
    let mut cluster = cluster_of(3, 4);
    cluster.server_mut(2).disk_is_instant = false;
    let outputs = cluster.change(1, Change::AddVoter(NodeId(4)));
    assert_eq!(
        (voters(&cluster, 1), cluster.commit_index(1)),
        (vec![1, 2, 3, 4], 1)
    );
    assert!(
        sent(&outputs).iter().any(|m| m.to == NodeId(4)),
        "it is replicated to the new one too"
    );
    cluster.deliver_from(1, 2);
    assert_eq!(
        (voters(&cluster, 2), voters(&cluster, 3)),
        (vec![1, 2, 3, 4], vec![1, 2, 3])
    );
}

/// Thesis 4.1: "a majority of the new configuration is used to determine the C_new entry's commitment": of four servers three are needed,
/// with the new one or without.
#[test]
fn the_new_configuration_decides_about_itself() {
    let mut cluster = cluster_of(3, 4);
    cluster.change(1, Change::AddVoter(NodeId(4)));
    cluster.receive(append_reply(2, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 1, "two of four");
    cluster.receive(append_reply(4, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 2);
}

/// Thesis 4.1: "a majority of the new configuration": of a cluster made smaller, a majority of the rest.
#[test]
fn a_removed_server_is_not_counted() {
    let mut cluster = cluster_of(4, 4);
    let outputs = cluster.change(1, Change::Remove(NodeId(4)));
    assert!(sent(&outputs).iter().all(|m| m.to != NodeId(4)), "nor sent to");
    cluster.receive(append_reply(4, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 1);
    cluster.receive(append_reply(2, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 2, "two of three");
}

/// Thesis 4.1: no overlapping changes, "by not beginning a new change until the previous change's entry has committed".
#[test]
fn one_change_at_a_time() {
    let mut cluster = cluster_of(3, 5);
    cluster.change(1, Change::AddVoter(NodeId(4)));
    let outputs = cluster.change(1, Change::AddVoter(NodeId(5)));
    assert_eq!(refused(&outputs), Some(ChangeRefusal::ChangeUnderWay));
    cluster.settle();
    assert_eq!(accepted(&cluster.change(1, Change::AddVoter(NodeId(5)))), Some(3));
}

/// Erratum to thesis 4.1, by Ongaro in 2015: a leader must have committed an entry of its own term before it changes the configuration.
#[test]
fn an_entry_of_its_own_term_comes_first() {
    let mut cluster = cluster_of(3, 4);
    cluster.timeout(2);
    cluster.deliver_from(2, 3);
    cluster.deliver_from(3, 2);
    assert_eq!(cluster.role(2), Role::Leader);
    let outputs = cluster.change(2, Change::AddVoter(NodeId(4)));
    assert_eq!(refused(&outputs), Some(ChangeRefusal::NothingCommitted));
    cluster.settle();
    assert!(accepted(&cluster.change(2, Change::AddVoter(NodeId(4)))).is_some());
}

/// Thesis 4.1: "a log entry for a configuration change can be removed (if leadership changes); in this case, a server must be prepared to
/// fall back to the previous configuration in its log."
#[test]
fn a_truncated_configuration_falls_back_to_the_one_before() {
    let mut cluster = cluster_of(3, 4);
    cluster.isolate(&[1]);
    cluster.change(1, Change::AddVoter(NodeId(4)));
    assert_eq!(voters(&cluster, 1), [1, 2, 3, 4]);
    cluster.elect(2);
    cluster.heal();
    settle_with_heartbeats(&mut cluster, 2);
    assert_eq!(
        (voters(&cluster, 1), cluster.raft(1).log()),
        (vec![1, 2, 3], cluster.raft(2).log())
    );
}

/// Only a leader changes anything, and only if there is something to change.
#[test]
fn changes_that_make_no_sense_are_refused() {
    let mut cluster = cluster_of(3, 4);
    let mut because = |id, change| refused(&cluster.change(id, change));
    assert_eq!(
        because(2, Change::AddVoter(NodeId(4))),
        Some(ChangeRefusal::NotLeader)
    );
    assert_eq!(
        because(1, Change::AddVoter(NodeId(3))),
        Some(ChangeRefusal::NothingToChange)
    );
    assert_eq!(
        because(1, Change::Remove(NodeId(4))),
        Some(ChangeRefusal::NothingToChange)
    );
    assert_eq!(
        because(1, Change::Voters(ids(&[3, 2, 1]))),
        Some(ChangeRefusal::NothingToChange)
    );
    assert_eq!(because(1, Change::Voters(vec![])), Some(ChangeRefusal::NoVoters));
    cluster.step(1, raft_core::Input::TransferLeadership { to: NodeId(2) });
    let outputs = cluster.change(1, Change::AddVoter(NodeId(4)));
    assert_eq!(refused(&outputs), Some(ChangeRefusal::HandingOver));
    let mut alone = cluster_of(1, 1);
    assert_eq!(
        refused(&alone.change(1, Change::Remove(NodeId(1)))),
        Some(ChangeRefusal::NoVoters)
    );
}

/// The same: a follower says whom to ask instead; a leader does not send anybody to itself.
#[test]
fn who_refuses_a_change_names_another_leader() {
    let mut cluster = cluster_of(3, 4);
    for (id, named) in [(1, None), (2, Some(NodeId(1)))] {
        let outputs = cluster.change(id, Change::Remove(NodeId(4)));
        assert!(matches!(outputs[..], [_, Output::Refused { leader, .. }] if leader == named));
    }
}

/// Thesis 4.1: "A server accepts AppendEntries requests from a leader that is not part of the server's latest configuration."
#[test]
fn leaders_outside_the_configuration_are_obeyed() {
    let mut cluster = cluster_of(3, 5);
    let outputs = cluster.receive(append(5, 4, 2, (0, 0), &[], 0));
    assert_eq!(append_result(&outputs), (true, 0));
    assert_eq!(cluster.raft(4).leader(), Some(NodeId(5)));
}

/// Thesis 4.1: "A server also grants its vote to a candidate that is not part of the server's latest configuration".
#[test]
fn candidates_outside_the_configuration_get_votes() {
    let mut cluster = cluster_of(3, 4);
    assert!(grants(&cluster.receive(request_vote(4, 2, 2, (9, 9)))));
}

/// Thesis 4.2.1: "a new server joins the cluster as a non-voting member. The leader replicates log entries to it, but it is not yet counted
/// towards majorities for voting or commitment purposes."
#[test]
fn learners_get_the_log_and_are_not_counted() {
    let mut cluster = cluster_of(2, 3);
    cluster.change(1, Change::AddLearner(NodeId(3)));
    cluster.settle();
    assert_eq!(cluster.raft(1).configuration().learners, ids(&[3]));
    cluster.isolate(&[2]);
    cluster.propose(1, "x=1");
    cluster.settle();
    assert_eq!((cluster.log_terms(3).len(), cluster.commit_index(1)), (3, 2));
    cluster.heal();
    settle_with_heartbeats(&mut cluster, 1);
    assert_eq!(cluster.commit_index(1), 3);
    let outputs = cluster.timeout(2);
    assert!(
        sent(&outputs).iter().all(|m| m.to == NodeId(1)),
        "nor asked for its vote"
    );
}

/// Thesis 4.2.1: a non-voting member does not stand for election.
#[test]
fn learners_do_not_stand() {
    let mut cluster = cluster_of(2, 3);
    cluster.change(1, Change::AddLearner(NodeId(3)));
    settle_with_heartbeats(&mut cluster, 1);
    for server in [3, 3] {
        let outputs = cluster.timeout(server);
        assert!(sent(&outputs).is_empty() && sets_election_timer(&outputs));
    }
    assert_eq!((cluster.term(3), cluster.role(3)), (1, Role::Follower));
}

/// Thesis 4.2.1: "Once the new server has caught up with the rest of the cluster, the reconfiguration can proceed as described above."
#[test]
fn a_learner_is_promoted_once_it_has_caught_up() {
    let mut cluster = cluster_of(2, 3);
    cluster.isolate(&[3]);
    cluster.change(1, Change::AddLearner(NodeId(3)));
    cluster.settle();
    let outputs = cluster.change(1, Change::AddVoter(NodeId(3)));
    assert_eq!(refused(&outputs), Some(ChangeRefusal::NotCaughtUp));
    cluster.heal();
    settle_with_heartbeats(&mut cluster, 1);
    assert!(accepted(&cluster.change(1, Change::AddVoter(NodeId(3)))).is_some());
    settle_with_heartbeats(&mut cluster, 1);
    let expected = Configuration::of(&ids(&[1, 2, 3]));
    assert!(
        cluster
            .ids()
            .all(|id| *cluster.raft(id).configuration() == expected)
    );
}

/// A learner is asked for its vote once it is a voter in the candidate's configuration, whatever it knows of that itself.
#[test]
fn who_does_not_know_of_its_vote_gives_it() {
    let mut cluster = cluster_of(2, 3);
    cluster.change(1, Change::AddLearner(NodeId(3)));
    settle_with_heartbeats(&mut cluster, 1);
    cluster.isolate(&[3]);
    cluster.change(1, Change::AddVoter(NodeId(3)));
    cluster.settle();
    cluster.heal();
    cluster.crash(1);
    cluster.elect(2);
    assert!(
        !cluster.raft(3).configuration().learners.contains(&NodeId(3)),
        "now it knows"
    );
}

/// Thesis 4.2.2: "a leader that is removed from the configuration steps down once the C_new entry is committed", not before.
#[test]
fn a_removed_leader_steps_down_when_that_is_committed() {
    let mut cluster = cluster_of(3, 3);
    cluster.change(1, Change::Remove(NodeId(1)));
    assert_eq!(cluster.role(1), Role::Leader);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    assert_eq!((cluster.role(1), cluster.commit_index(1)), (Role::Leader, 1));
    cluster.deliver_from(1, 3);
    let outputs = cluster.deliver_from(3, 1);
    assert_eq!((cluster.role(1), cluster.commit_index(1)), (Role::Follower, 2));
    assert!(sets_election_timer(&outputs));
    let outputs = cluster.timeout(1);
    assert!(sent(&outputs).is_empty(), "it knows that it is not needed");
    cluster.elect(2);
    cluster.heartbeat(2);
    cluster.settle();
    assert_eq!(cluster.commit_index(3), 3);
}

/// Thesis 4.2.2: "(while it is committing C_new) […] it replicates log entries but does not count itself in majorities".
#[test]
fn a_removed_leader_does_not_count_itself() {
    let mut cluster = cluster_of(4, 4);
    cluster.change(1, Change::Remove(NodeId(1)));
    cluster.receive(append_reply(2, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 1, "one of three");
    cluster.receive(append_reply(3, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 2);
}

/// Thesis 4.2.2: "a server that is not part of its own latest configuration should still start new elections, as it might still be needed
/// until the C_new entry is committed": as of two servers, the one to be removed holds the only copy (Figure 4.6).
#[test]
fn a_removed_server_stands_until_that_is_committed() {
    let mut cluster = cluster_of(2, 2);
    cluster.change(1, Change::Remove(NodeId(1)));
    cluster.in_flight.clear();
    cluster.crash_and_restart(1);
    assert_eq!(voters(&cluster, 1), [2]);
    cluster.timeout(1);
    cluster.settle();
    assert_eq!(
        (cluster.term(1), cluster.role(1), cluster.commit_index(1)),
        (2, Role::Follower, 3),
        "it led"
    );
    assert_eq!(voters(&cluster, 2), [2]);
    cluster.elect(2);
}

/// The same of the configuration before the last: S1 gave S2 a vote and takes it back, but the entry that does so is on S2's disk only.
#[test]
fn a_server_that_loses_its_vote_stands_until_that_is_committed() {
    let mut cluster = cluster_of(1, 2);
    cluster.change(1, Change::AddVoter(NodeId(2)));
    settle_with_heartbeats(&mut cluster, 1);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.change(1, Change::AddLearner(NodeId(2)));
    cluster.deliver_from(1, 2);
    cluster.in_flight.clear();
    cluster.crash_and_restart(1);
    cluster.server_mut(1).disk_is_instant = true;
    cluster.crash_and_restart(2);
    cluster.timeout(1);
    cluster.settle();
    assert_eq!(
        (voters(&cluster, 1), cluster.role(1)),
        (vec![1, 2], Role::Candidate),
        "S2's log is longer"
    );
    for _ in 0..2 {
        cluster.timeout(2);
        cluster.settle();
    }
    assert_eq!(
        (voters(&cluster, 1), cluster.role(2)),
        (vec![1], Role::Follower),
        "it led, and gave up"
    );
}

/// §6: "Once a given server adds the new configuration entry to its log, it uses that configuration for all future decisions", and
/// "Agreement (for elections and entry commitment) requires separate majorities from both the old and new configurations."
#[test]
fn a_joint_configuration_needs_both_majorities() {
    let mut cluster = cluster_of(3, 6);
    cluster.change(1, Change::Voters(ids(&[4, 5, 6])));
    let joint = cluster.raft(1).configuration().clone();
    assert_eq!((joint.voters, joint.outgoing), (ids(&[4, 5, 6]), ids(&[1, 2, 3])));
    for follower in [4, 5, 6] {
        cluster.receive(append_reply(follower, 1, 1, true, 2));
    }
    assert_eq!(cluster.commit_index(1), 1, "all of the new, one of the old");
    cluster.receive(append_reply(3, 1, 1, true, 2));
    assert_eq!(cluster.commit_index(1), 2);
}

/// The same for elections.
#[test]
fn an_election_in_a_joint_configuration_needs_both_majorities() {
    for (granted, wins) in [
        (&[1, 3][..], false),
        (&[4, 5, 6], false),
        (&[1, 4, 5], true),
        (&[3, 5, 6], true),
    ] {
        let mut cluster = cluster_of(3, 6);
        cluster.change(1, Change::Voters(ids(&[4, 5, 6])));
        cluster.deliver_from(1, 2);
        cluster.in_flight.clear();
        let outputs = cluster.timeout(2);
        assert_eq!(sent(&outputs).len(), 5, "all are asked");
        for voter in granted {
            cluster.receive(vote_reply(*voter, 2, 2, true));
        }
        assert_eq!(cluster.role(2) == Role::Leader, wins, "S2 and {granted:?}");
    }
}

/// §6: "Once C_old,new has been committed, […] it is now safe for the leader to create a log entry describing C_new and replicate it to the
/// cluster." It does so by itself.
#[test]
fn the_leader_ends_a_joint_configuration() {
    let mut cluster = cluster_of(3, 5);
    cluster.change(1, Change::Voters(ids(&[1, 4, 5])));
    let outputs = cluster.change(1, Change::AddVoter(NodeId(2)));
    assert_eq!(refused(&outputs), Some(ChangeRefusal::ChangeUnderWay));
    settle_with_heartbeats(&mut cluster, 1);
    let expected = Configuration::of(&ids(&[1, 4, 5]));
    assert!(
        [1, 4, 5]
            .iter()
            .all(|id| *cluster.raft(*id).configuration() == expected)
    );
    assert_eq!((cluster.commit_index(1), cluster.log_terms(4).len()), (3, 3));
    assert!(
        cluster.raft(2).configuration().is_joint(),
        "it is told nothing any more"
    );
}

/// The same if the leader that began it is gone: the next one ends it.
#[test]
fn the_next_leader_ends_a_joint_configuration() {
    let mut cluster = cluster_of(3, 5);
    cluster.change(1, Change::Voters(ids(&[3, 4, 5])));
    for id in [2, 3, 4, 5] {
        cluster.deliver_from(1, id);
    }
    cluster.crash(1);
    cluster.in_flight.clear();
    cluster.elect(3);
    settle_with_heartbeats(&mut cluster, 3);
    assert!(
        [3, 4, 5]
            .iter()
            .all(|id| voters(&cluster, *id) == [3, 4, 5] && cluster.commit_index(*id) == 4)
    );
}

/// §6: "the cluster leader may not be part of the new configuration. In this case, the leader steps down […] once it has committed the C_new
/// log entry", and everything may change at once.
#[test]
fn all_servers_may_be_replaced_at_once() {
    let mut cluster = cluster_of(3, 6);
    cluster.propose(1, "x=1");
    cluster.change(1, Change::Voters(ids(&[4, 5, 6])));
    settle_with_heartbeats(&mut cluster, 1);
    assert_eq!(cluster.role(1), Role::Follower);
    for id in [1, 2, 3] {
        cluster.crash(id);
    }
    cluster.elect(5);
    settle_with_heartbeats(&mut cluster, 5);
    assert_eq!(cluster.server(6).applied, cluster.server(5).applied);
    assert_eq!(cluster.commit_index(6), 5);
}

/// §6: configurations "are stored and communicated using special entries in the replicated log": they survive a crash with it.
#[test]
fn a_server_restarts_with_the_configuration_in_its_log() {
    let mut cluster = cluster_of(3, 5);
    cluster.change(1, Change::Voters(ids(&[3, 4, 5])));
    cluster.deliver_from(1, 4);
    cluster.deliver_from(4, 1);
    cluster.deliver_from(1, 4);
    cluster.crash_and_restart(4);
    let configuration = cluster.raft(4).configuration();
    assert_eq!(
        (&configuration.voters, &configuration.outgoing),
        (&ids(&[3, 4, 5]), &ids(&[1, 2, 3]))
    );
}

/// §7: "To enable cluster membership changes (Section 6), the snapshot also includes the latest configuration in the log as of last
/// included index", not a later one.
#[test]
fn snapshots_carry_the_configuration_of_their_time() {
    let mut cluster = cluster_of(3, 5);
    cluster.change(1, Change::AddVoter(NodeId(4)));
    cluster.settle();
    cluster.isolate(&[5]);
    cluster.change(1, Change::AddVoter(NodeId(5)));
    settle_with_heartbeats(&mut cluster, 1);
    assert_eq!(cluster.commit_index(1), 3);
    cluster.compact(1, 2);
    assert_eq!(
        cluster.raft(1).snapshot().expect("one").configuration.voters,
        ids(&[1, 2, 3, 4])
    );
    assert_eq!(voters(&cluster, 1), [1, 2, 3, 4, 5]);
    cluster.compact(1, 3);
    assert_eq!(
        cluster.raft(1).snapshot().expect("one").configuration.voters,
        ids(&[1, 2, 3, 4, 5])
    );
    cluster.crash_and_restart(1);
    assert_eq!(voters(&cluster, 1), [1, 2, 3, 4, 5]);
    cluster.elect(2);
    cluster.heal();
    settle_with_heartbeats(&mut cluster, 2);
    assert_eq!(
        (voters(&cluster, 5), cluster.commit_index(5)),
        (vec![1, 2, 3, 4, 5], 4)
    );
}

/// A follower that gets a snapshot goes by its configuration.
#[test]
fn a_snapshot_brings_its_configuration() {
    let mut cluster = cluster_of(3, 4);
    cluster.isolate(&[4]);
    cluster.change(1, Change::AddVoter(NodeId(4)));
    settle_with_heartbeats(&mut cluster, 1);
    cluster.compact(1, 2);
    cluster.heal();
    assert_eq!(voters(&cluster, 4), [1, 2, 3]);
    let is_install = |m: &Message| matches!(m.body, Body::InstallSnapshot { .. });
    cluster.heartbeat(1);
    let mut installs = 0;
    while !cluster.in_flight.is_empty() {
        installs += usize::from(is_install(&cluster.in_flight[0]));
        cluster.deliver(0);
    }
    assert_eq!((installs, voters(&cluster, 4)), (1, vec![1, 2, 3, 4]));
}

/// Thesis 4.2.3: a removed server that does not know it stands again and again; with stickiness the rest is not disturbed.
#[test]
fn a_removed_server_does_not_disturb() {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[]), (0, &[])], |config| {
        config.stickiness = true;
    });
    cluster.wait(raft_core::Duration::secs(1));
    cluster.elect(1);
    cluster.isolate(&[4]);
    cluster.change(1, Change::Remove(NodeId(4)));
    settle_with_heartbeats(&mut cluster, 1);
    cluster.heal();
    for _ in 0..3 {
        let _ = cluster.timeout(4);
        cluster.settle();
    }
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 1));
    assert!(cluster.term(4) > 1);
}

/// What a leader knew of those who stay is kept; who is new begins at the end of the log.
#[test]
fn progress_follows_the_configuration() {
    let mut cluster = cluster_of(3, 4);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.change(1, Change::Remove(NodeId(2)));
    cluster.settle();
    cluster.change(1, Change::AddLearner(NodeId(4)));
    let known: Vec<_> = cluster
        .raft(1)
        .progress()
        .iter()
        .map(|p| (p.server.0, p.next_index.0, p.match_index.0))
        .collect();
    assert_eq!(known, [(3, 4, 3), (4, 4, 0)]);
    assert_eq!(cluster.raft(1).progress()[1].state(), ProgressState::Probe);
}

/// Not in the thesis: a refusal says why a server without a vote refuses, if it does.
#[test]
fn a_vote_refused_for_want_of_one_says_so() {
    let mut cluster = Cluster::tuned(&[(0, &[]), (0, &[]), (0, &[])], |config| {
        config.voters = ids(&[1, 2]);
        config.rules = config.rules.without(raft_core::Rule::LearnersVote);
    });
    let outputs = cluster.receive(request_vote(1, 3, 1, (0, 0)));
    let said = |n: &&Note| {
        matches!(
            n,
            Note::VoteRefused {
                because: Refusal::NoVote,
                ..
            }
        )
    };
    assert_eq!(notes(&outputs).into_iter().filter(said).count(), 1);
}
