//! §6, thesis 4.

use crate::support::*;
use crate::{Proof, led_with};
use raft_core::{Change, NodeId, Role, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::EffectiveWhenAppended, elected_by_the_first_configuration),
    (Rule::ConfigurationFromDisk, elected_by_the_first_configuration),
    (Rule::OneChangeAtATime, one_change_at_a_time),
    (Rule::OwnTermChange, own_term_change),
    (Rule::BothMajorities, both_majorities),
    (Rule::RollBackConfiguration, roll_back_configuration),
    (Rule::RemovedDoesNotCount, removed_does_not_count),
    (Rule::LeaveJoint, leave_joint),
    (Rule::LearnersVote, learners_vote),
    (Rule::PromoteCaughtUp, promote_caught_up),
    (Rule::ServeStrangers, serve_strangers),
];

/// `servers` servers, the first `voters` of which are the cluster. S1 leads it.
fn cluster_of(voters: u32, servers: usize, rules: Rules) -> Cluster {
    led_with(servers, rules, |config| {
        config.voters = (1..=voters).map(NodeId).collect();
    })
}

fn ids(numbers: &[u32]) -> Vec<NodeId> {
    numbers.iter().copied().map(NodeId).collect()
}

/// Everything arrives, and everybody learns what is committed.
fn settle(cluster: &mut Cluster, leader: u32) {
    for _ in 0..2 {
        cluster.settle();
        if cluster.role(leader) == Role::Leader {
            cluster.heartbeat(leader);
        }
    }
    cluster.settle();
}

/// The others are out of reach, and `server` stands, twice if its term is used up.
fn stand_without(cluster: &mut Cluster, server: u32, others: &[u32]) {
    cluster.in_flight.clear();
    cluster.heal();
    cluster.isolate(others);
    for _ in 0..2 {
        if cluster.role(server) != Role::Leader {
            cluster.timeout(server);
        }
        cluster.settle();
    }
}

/// S2 has the entries that made three voters five. It restarts, and stands where it reaches only S3, which has missed all.
fn elected_by_the_first_configuration(rules: Rules) {
    let mut cluster = cluster_of(3, 5, rules);
    cluster.isolate(&[3]);
    for id in [4, 5] {
        cluster.change(1, Change::AddVoter(NodeId(id)));
        settle(&mut cluster, 1);
    }
    cluster.isolate(&[2]);
    cluster.propose(1, "x=1");
    settle(&mut cluster, 1);
    cluster.crash_and_restart(2);
    stand_without(&mut cluster, 2, &[1, 4, 5]);
}

/// S1 adds S4 and S5 at once and has a majority of the five with them; S2 and S3 know nothing of it.
fn one_change_at_a_time(rules: Rules) {
    let mut cluster = cluster_of(3, 5, rules);
    cluster.isolate(&[2, 3]);
    for id in [4, 5] {
        cluster.change(1, Change::AddVoter(NodeId(id)));
    }
    cluster.propose(1, "x=1");
    settle(&mut cluster, 1);
    stand_without(&mut cluster, 2, &[1, 4, 5]);
}

/// S1 of four voters adds S5 and gets no further. S2, elected by the others, removes S1 with S3's help. S1 comes back and finds S4 and S5.
fn own_term_change(rules: Rules) {
    let mut cluster = cluster_of(4, 5, rules);
    cluster.isolate(&[2, 3, 4]);
    cluster.change(1, Change::AddVoter(NodeId(5)));
    settle(&mut cluster, 1);
    cluster.heal();
    cluster.isolate(&[1, 5]);
    cluster.timeout(2);
    for voter in [3, 4] {
        cluster.deliver_from(2, voter);
        cluster.deliver_from(voter, 2);
    }
    assert_eq!(cluster.role(2), Role::Leader);
    cluster.change(2, Change::Remove(NodeId(1)));
    cluster.intercept(4);
    while !cluster.in_flight.is_empty() {
        cluster.deliver(0);
        cluster.intercept(4);
    }
    cluster.heal();
    cluster.isolate(&[2, 3]);
    cluster.heartbeat(1); // S4 tells it that its term is over
    cluster.settle();
    stand_without(&mut cluster, 1, &[2, 3]);
}

/// S1 has the joint configuration acknowledged by all of the new one; S2 and S3, who would be a majority of the old one, have not heard of it.
fn both_majorities(rules: Rules) {
    let mut cluster = cluster_of(3, 5, rules);
    cluster.isolate(&[2, 3]);
    cluster.change(1, Change::Voters(ids(&[1, 4, 5])));
    settle(&mut cluster, 1);
    stand_without(&mut cluster, 2, &[1, 4, 5]);
}

/// S1 removed S4 but only in its own log, where that was overwritten. Then S2 and S4 remove S1.
fn roll_back_configuration(rules: Rules) {
    let mut cluster = cluster_of(4, 4, rules);
    cluster.isolate(&[1]);
    cluster.change(1, Change::Remove(NodeId(4)));
    cluster.elect(2);
    cluster.heal();
    settle(&mut cluster, 2);
    cluster.isolate(&[1, 3]);
    cluster.change(2, Change::Remove(NodeId(1)));
    settle(&mut cluster, 2);
    stand_without(&mut cluster, 1, &[2, 4]);
}

/// S1 removes itself. Of the three that stay, S3 has heard of it, and only S2 has the next entry as well.
fn removed_does_not_count(rules: Rules) {
    let mut cluster = cluster_of(4, 4, rules);
    cluster.change(1, Change::Remove(NodeId(1)));
    cluster.deliver_from(1, 3);
    cluster.in_flight.clear();
    cluster.propose(1, "x=1");
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    stand_without(&mut cluster, 3, &[1, 2]);
}

/// All servers are replaced, and when that is done, the old ones are switched off.
fn leave_joint(rules: Rules) {
    let mut cluster = cluster_of(3, 6, rules);
    cluster.change(1, Change::Voters(ids(&[4, 5, 6])));
    settle(&mut cluster, 1);
    stand_without(&mut cluster, 5, &[1, 2, 3]);
    assert_eq!(cluster.role(5), Role::Leader, "Progress");
}

/// S3 was made a voter by S1 and S2 and has not heard of it yet. S1 fails.
fn learners_vote(rules: Rules) {
    let mut cluster = cluster_of(2, 3, rules);
    cluster.change(1, Change::AddLearner(NodeId(3)));
    settle(&mut cluster, 1);
    cluster.isolate(&[3]);
    cluster.change(1, Change::AddVoter(NodeId(3)));
    settle(&mut cluster, 1);
    stand_without(&mut cluster, 2, &[1]);
    assert_eq!(cluster.role(2), Role::Leader, "Progress");
}

/// A learner that was never heard of is to become the second voter of two.
fn promote_caught_up(rules: Rules) {
    let mut cluster = cluster_of(1, 2, rules);
    cluster.isolate(&[2]);
    cluster.change(1, Change::AddLearner(NodeId(2)));
    cluster.change(1, Change::AddVoter(NodeId(2)));
    let committed = cluster.commit_index(1);
    cluster.propose(1, "x=1");
    settle(&mut cluster, 1);
    assert!(cluster.commit_index(1) > committed, "Progress");
}

/// S2 takes the place of S1, alone, and then adds S3, which has only ever heard of S1.
fn serve_strangers(rules: Rules) {
    let mut cluster = cluster_of(1, 3, rules);
    cluster.change(1, Change::AddVoter(NodeId(2)));
    settle(&mut cluster, 1);
    cluster.change(1, Change::Remove(NodeId(1)));
    settle(&mut cluster, 1);
    cluster.elect(2);
    cluster.change(2, Change::AddVoter(NodeId(3)));
    settle(&mut cluster, 2);
    let voters = &cluster.raft(3).configuration().voters;
    assert_eq!(*voters, ids(&[2, 3]), "Progress");
}
