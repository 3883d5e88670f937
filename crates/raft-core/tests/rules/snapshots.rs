//! §7.

use crate::{Proof, led, of};
use raft_core::{Body, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::KeepWhatFollows, keep_what_follows),
    (Rule::DropWhatConflicts, drop_what_conflicts),
];

/// S3 gets a snapshot a second time, after it has acknowledged what follows it.
fn keep_what_follows(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    for text in ["x=1", "x=2"] {
        cluster.propose(1, text);
        cluster.settle();
    }
    cluster.compact(1, 3);
    cluster.heal();
    cluster.heartbeat(1);
    let mut repeated = None;
    while !cluster.in_flight.is_empty() {
        let message = &cluster.in_flight[0];
        if matches!(message.body, Body::InstallSnapshot { .. }) {
            repeated = Some(message.clone());
        }
        cluster.deliver(0);
    }
    cluster.isolate(&[2]);
    cluster.propose(1, "x=3");
    cluster.settle();
    cluster.receive(repeated.expect("S3 needed a snapshot"));
    cluster.heal();
    cluster.isolate(&[1]);
    cluster.timeout(2);
    cluster.settle();
}

/// S3 and S4 have entries of a leader that came to nothing. S3 gets a snapshot that ends in the midst of them.
fn drop_what_conflicts(rules: Rules) {
    let (ours, theirs): (&[u64], &[u64]) = (&[1, 1, 1, 3], &[1, 2, 2, 2, 2]);
    let logs = [(3, ours), (3, ours), (3, theirs), (3, theirs), (3, ours)];
    let mut cluster = of(&logs, rules, |_| {});
    cluster.isolate(&[3, 4]);
    cluster.elect(1);
    cluster.compact(1, 4);
    cluster.heal();
    cluster.isolate(&[4]);
    cluster.heartbeat(1);
    cluster.settle();
}
