//! Thesis 3.10.

use crate::support::*;
use crate::{Proof, led};
use raft_core::{Duration, Input, NodeId, Role, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::TransferCaughtUp, transfer_caught_up),
    (Rule::TransferRefusesProposals, transfer_refuses_proposals),
    (Rule::TransferAborts, transfer_aborts),
];

fn hand_over(cluster: &mut Cluster, to: u32) {
    cluster.step(1, Input::TransferLeadership { to: NodeId(to) });
}

/// S3 is behind, and cannot win before it has caught up.
fn transfer_caught_up(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.heal();
    hand_over(&mut cluster, 3);
    cluster.settle();
    assert!(
        cluster.ids().any(|id| cluster.role(id) == Role::Leader),
        "Progress"
    );
}

/// Whenever S3 has caught up, S1 has another entry.
fn transfer_refuses_proposals(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.propose(1, "x=0");
    hand_over(&mut cluster, 3);
    for i in 1..20 {
        cluster.deliver_from(1, 3);
        if cluster.role(3) != Role::Follower {
            break;
        }
        cluster.propose(1, &format!("x={i}"));
        cluster.deliver_from(3, 1);
    }
    assert_eq!(cluster.role(3), Role::Candidate, "Progress");
}

/// S3 is down when it is to take over.
fn transfer_aborts(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.crash(3);
    cluster.propose(1, "x=1");
    cluster.settle();
    hand_over(&mut cluster, 3);
    for _ in 0..10 {
        cluster.wait(Duration::millis(50));
        cluster.heartbeat(1);
        cluster.settle();
    }
    let committed = cluster.committed.len();
    cluster.propose(1, "x=2");
    cluster.settle();
    assert!(cluster.committed.len() > committed, "Progress");
}
