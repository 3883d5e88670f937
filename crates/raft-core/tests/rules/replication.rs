//! §5.3, §5.4.2.

use crate::support::*;
use crate::{Proof, led, led_with, of};
use raft_core::{ReadMode, Role, Rule, Rules};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::LogCheck, log_check),
    (Rule::TruncateOnConflict, truncate_on_conflict),
    (Rule::AckWhatWasSent, ack_what_was_sent),
    (Rule::StaleAppend, stale_append),
    (Rule::StaleAck, stale_ack),
    (Rule::OwnTermCommit, own_term_commit),
    (Rule::CommitMajority, commit_majority),
    (Rule::CommitWhatWasSent, commit_what_was_sent),
    (Rule::CommitAfterCheck, commit_after_check),
    (Rule::AskForAll, ask_for_all),
];

/// S2's only entry is of another term than the leader's.
fn log_check(rules: Rules) {
    let mut cluster = of(&[(2, &[2]), (1, &[1]), (2, &[2])], rules, |_| {});
    cluster.elect(1);
}

/// An AppendEntries with one entry arrives again after the next entry was acknowledged.
fn truncate_on_conflict(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    let repeated = cluster.in_flight[0].clone();
    cluster.settle();
    cluster.propose(1, "x=2");
    cluster.settle();
    cluster.receive(repeated);
    cluster.heal();
    cluster.isolate(&[1]);
    cluster.timeout(2);
    cluster.settle();
}

/// S2 has an old entry where S1 has its no-op, and hears a heartbeat that reaches to just before.
fn ack_what_was_sent(rules: Rules) {
    let mut cluster = of(&[(1, &[1]), (1, &[1, 1]), (1, &[])], rules, |_| {});
    cluster.timeout(1);
    cluster.intercept(2);
    for _ in 0..2 {
        cluster.deliver_from(1, 3); // a request for its vote, then the no-op, which it has to refuse
        cluster.deliver_from(3, 1);
    }
    cluster.in_flight.clear();
    cluster.read(1, ReadMode::ReadIndex); // sends heartbeats without entries
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    cluster.in_flight.clear();
    cluster.isolate(&[1]);
    cluster.timeout(2);
    cluster.settle();
}

/// S1 was deposed by S2, but an entry of its is still on its way to S3.
fn stale_append(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.propose(1, "x=1");
    let late = cluster.intercept(3).remove(0);
    cluster.in_flight.clear();
    cluster.isolate(&[1]);
    cluster.elect(2);
    cluster.receive(late);
    cluster.in_flight.clear();
    cluster.heal();
    cluster.isolate(&[2]);
    cluster.timeout(3); // S1 learns the term, unless it wins
    cluster.settle();
    cluster.timeout(1);
    cluster.settle();
}

/// S2 acknowledged three entries to S1 in term 1 and lost two of them to S3 in term 2. S1 leads again.
fn stale_ack(rules: Rules) {
    let mut cluster = led_with(5, rules, |config| config.inflight = 4);
    cluster.isolate(&[3, 4, 5]);
    cluster.propose(1, "a");
    cluster.propose(1, "b");
    cluster.deliver_from(1, 2);
    cluster.deliver_from(1, 2);
    let late = cluster.intercept(1).pop().expect("two answers");
    cluster.in_flight.clear();
    cluster.heal();
    cluster.isolate(&[1, 2]);
    cluster.elect(3);
    cluster.heal();
    for _ in 0..3 {
        cluster.heartbeat(3);
        cluster.settle();
    }
    cluster.timeout(1);
    for voter in [2, 3] {
        cluster.deliver_from(1, voter);
        cluster.deliver_from(voter, 1);
    }
    assert_eq!(cluster.role(1), Role::Leader);
    let append = cluster.intercept(4).pop().expect("its no-op");
    cluster.in_flight.clear();
    cluster.receive(append);
    cluster.deliver_from(4, 1);
    cluster.receive(late);
    cluster.in_flight.clear();
    cluster.isolate(&[1, 4]);
    cluster.timeout(2);
    cluster.settle();
}

/// Figure 8, (c) and (d): S1 leads term 4 and brings an entry of term 2 to a majority. S5 has one of term 3.
fn own_term_commit(rules: Rules) {
    let logs: [(u64, &[u64]); 5] = [(3, &[1, 2]), (3, &[1, 2]), (3, &[1]), (3, &[1]), (3, &[1, 3])];
    let mut cluster = of(&logs, rules, |config| config.max_entries = 1);
    cluster.isolate(&[4, 5]);
    cluster.timeout(1);
    cluster.receive(vote_reply(4, 1, 4, true));
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    assert_eq!(cluster.role(1), Role::Leader);
    // S2 gets the no-op; S3 the entry before it, but not the no-op.
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    while cluster.log_terms(3).len() < 2 {
        cluster.deliver_from(1, 3);
        cluster.deliver_from(3, 1);
    }
    cluster.in_flight.clear();
    cluster.heal();
    cluster.isolate(&[1, 2]);
    cluster.timeout(5);
    cluster.settle();
    cluster.timeout(5);
    cluster.settle();
}

/// The leader is alone with its entry.
fn commit_majority(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[1]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.timeout(2);
    cluster.settle();
}

/// S2 has an old entry where S1's no-op was committed, and hears of that by a heartbeat that reaches to just before.
fn commit_what_was_sent(rules: Rules) {
    let mut cluster = of(&[(1, &[1]), (1, &[1, 1]), (1, &[1])], rules, |_| {});
    cluster.isolate(&[2]);
    cluster.elect(1);
    cluster.heal();
    cluster.read(1, ReadMode::ReadIndex); // sends heartbeats without entries
    cluster.settle();
}

/// S2 refuses entries, but hears how far S1 has committed.
fn commit_after_check(rules: Rules) {
    let mut cluster = of(&[(2, &[1, 2]), (1, &[1, 1]), (2, &[1, 2])], rules, |_| {});
    cluster.isolate(&[2]);
    cluster.elect(1);
    cluster.heal();
    cluster.heartbeat(1);
    cluster.settle();
}

/// All that may be under way to S2 is lost.
fn ask_for_all(rules: Rules) {
    let mut cluster = led_with(2, rules, |config| {
        config.inflight = 2;
        config.max_entries = 1;
    });
    for text in ["a", "b", "c"] {
        cluster.propose(1, text);
    }
    cluster.in_flight.clear();
    for _ in 0..5 {
        cluster.heartbeat(1);
        cluster.settle();
    }
    assert_eq!(cluster.commit_index(1), 4, "Progress");
}
