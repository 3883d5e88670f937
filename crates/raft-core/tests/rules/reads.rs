//! §8, thesis 6.4.

use crate::support::*;
use crate::{Proof, led, led_with};
use raft_core::{Config, Duration, Input, NodeId, ReadMode, Role, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::OwnTermRead, own_term_read),
    (Rule::ReadRound, read_at_a_lonely_leader),
    (Rule::ReadMajority, read_at_a_lonely_leader),
    (Rule::ReadRoundAfter, read_round_after),
    (Rule::FreshRounds, fresh_rounds),
    (Rule::LeaseDrift, lease_drift),
    (Rule::LeaseFromSending, lease_from_sending),
    (Rule::LeaseAfterRestart, lease_after_restart),
    (Rule::LeaseLostByTransfer, lease_lost_by_transfer),
];

fn with_leases(config: &mut Config) {
    config.stickiness = true;
}

/// S1 is cut off, another leads, and a command is committed that S1 does not know.
fn supersede(cluster: &mut Cluster, leader: u32) {
    cluster.isolate(&[1]);
    if cluster.role(leader) != Role::Leader {
        cluster.expire(leader);
    }
    cluster.settle();
    if cluster.role(leader) == Role::Leader {
        cluster.propose(leader, "y=1");
        cluster.settle();
    }
}

/// S2 has an entry that S1 committed, but does not know that it is. S1 is gone, and S2 leads.
fn own_term_read(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.crash(1);
    cluster.heal();
    cluster.timeout(2);
    cluster.deliver_from(2, 3);
    cluster.deliver_from(3, 2);
    assert_eq!(cluster.role(2), Role::Leader);
    cluster.in_flight.clear(); // its no-op is lost
    cluster.read(2, ReadMode::ReadIndex);
    cluster.heartbeat(2); // S3 refuses what comes with it, but recognises its leader
    cluster.deliver_from(2, 3);
    cluster.deliver_from(3, 2);
}

/// S1 does not know that it is superseded.
fn read_at_a_lonely_leader(rules: Rules) {
    let mut cluster = led(3, rules);
    supersede(&mut cluster, 2);
    cluster.read(1, ReadMode::ReadIndex);
}

/// The answers to S1's last heartbeat come after the read.
fn read_round_after(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(1, 3);
    let answers = cluster.intercept(1);
    supersede(&mut cluster, 2);
    cluster.read(1, ReadMode::ReadIndex);
    answers
        .into_iter()
        .for_each(|answer| drop(cluster.receive(answer)));
}

/// An answer to S1's last heartbeat comes again, after the read.
fn fresh_rounds(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    let answer = cluster.intercept(1).remove(0);
    cluster.receive(answer.clone());
    cluster.settle();
    supersede(&mut cluster, 2);
    cluster.read(1, ReadMode::ReadIndex);
    cluster.receive(answer);
}

/// S1's clock is 20 % slow, the others' are 20 % fast.
fn lease_drift(rules: Rules) {
    let mut cluster = led_with(3, rules, |config| {
        with_leases(config);
        config.clock_drift = 200_000;
    });
    for (id, rate) in [(1, 800_000), (2, 1_200_000), (3, 1_200_000)] {
        cluster.server_mut(id).rate = rate;
    }
    cluster.heartbeat(1);
    cluster.settle();
    supersede(&mut cluster, 2);
    assert_eq!(cluster.role(2), Role::Leader);
    cluster.read(1, ReadMode::Lease);
}

/// The answers to S1's last heartbeat take 100 ms.
fn lease_from_sending(rules: Rules) {
    let mut cluster = led_with(3, rules, with_leases);
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    cluster.deliver_from(1, 3);
    cluster.wait(Duration::millis(100));
    cluster.settle();
    supersede(&mut cluster, 2);
    assert_eq!(cluster.role(2), Role::Leader);
    cluster.read(1, ReadMode::Lease);
}

/// S3 has not heard S1 for long; S2 has, but forgets it by a crash.
fn lease_after_restart(rules: Rules) {
    let mut cluster = led_with(3, rules, with_leases);
    cluster.isolate(&[3]);
    cluster.wait(Duration::millis(200));
    cluster.heartbeat(1);
    cluster.settle();
    cluster.crash_and_restart(2);
    cluster.heal();
    supersede(&mut cluster, 3);
    cluster.read(1, ReadMode::Lease);
}

/// S1 tells S2 to stand, which need not wait for anything.
fn lease_lost_by_transfer(rules: Rules) {
    let mut cluster = led_with(3, rules, with_leases);
    cluster.heartbeat(1);
    cluster.settle();
    cluster.step(1, Input::TransferLeadership { to: NodeId(2) });
    cluster.deliver_from(1, 2);
    cluster.isolate(&[1]);
    cluster.settle();
    assert_eq!(cluster.role(2), Role::Leader);
    supersede(&mut cluster, 2);
    cluster.read(1, ReadMode::Lease);
}

/// Whether a round's answers are mistaken for another's or not: a read takes one.
#[test]
fn without_the_rules_of_rounds_a_read_still_takes_one() {
    for rule in [Rule::ReadRoundAfter, Rule::FreshRounds] {
        let mut cluster = led(3, Rules::ALL.without(rule));
        assert_eq!(sent(&cluster.read(1, ReadMode::ReadIndex)).len(), 2);
        assert_eq!(cluster.answers, []);
    }
}
