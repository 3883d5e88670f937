//! Thesis 3.8, 10.2.1.

use crate::support::*;
use crate::{Proof, fresh, led};
use raft_core::{Body, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::DurableVote, durable_vote),
    (Rule::SyncedVote, synced_vote),
    (Rule::SyncedAck, synced_ack),
    (Rule::SyncedOwnCopy, synced_own_copy),
    (Rule::SyncedAsStands, synced_as_stands),
];

/// S3 votes for S1, crashes, and is asked by S2 in the same term.
fn durable_vote(rules: Rules) {
    let mut cluster = fresh(3, rules);
    vote_crash_vote(&mut cluster);
}

/// The same, and S3's disk is slow.
fn synced_vote(rules: Rules) {
    let mut cluster = fresh(3, rules);
    cluster.server_mut(3).disk_is_instant = false;
    vote_crash_vote(&mut cluster);
}

fn vote_crash_vote(cluster: &mut Cluster) {
    cluster.isolate(&[2]);
    cluster.timeout(1);
    cluster.settle_but(|m| matches!(m.body, Body::AppendEntries { .. }));
    cluster.crash_and_restart(3);
    cluster.heal();
    cluster.isolate(&[1]);
    cluster.timeout(2);
    cluster.settle();
    cluster.sync_all(3);
    cluster.settle();
}

/// S2 has an entry, but not on its disk, and crashes.
fn synced_ack(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.server_mut(2).disk_is_instant = false;
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.crash_and_restart(2);
    cluster.server_mut(2).disk_is_instant = true;
    cluster.heal();
    cluster.isolate(&[1]);
    cluster.timeout(2);
    cluster.settle();
}

/// The leader has its entry, but not on its disk, and crashes.
fn synced_own_copy(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.crash_and_restart(1);
    cluster.server_mut(1).disk_is_instant = true;
    cluster.heal();
    cluster.isolate(&[2]);
    cluster.timeout(1);
    cluster.settle();
}

/// Five entries are on their way to S1's disk when three others take their place.
fn synced_as_stands(rules: Rules) {
    let mut cluster = fresh(3, rules);
    cluster.server_mut(1).disk_is_instant = false;
    cluster.receive(append(2, 1, 1, (0, 0), &[1; 5], 0));
    cluster.receive(append(3, 1, 2, (0, 0), &[2; 3], 0));
    cluster.sync_one(1);
}
