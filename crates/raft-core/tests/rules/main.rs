//! Every rule does something: for each there is a schedule that breaks what the rule protects when it is switched off, and breaks
//! nothing when all rules hold. The cluster on the table checks the safety properties after every step; schedules of what protects
//! progress say themselves what was to be reached.

#[path = "../support/mod.rs"]
mod support;

mod elections;
mod membership;
mod prevote;
mod reads;
mod replication;
mod snapshots;
mod storage;
mod transfer;

use raft_core::{Config, Protects, Rule, Rules};
use std::panic::{AssertUnwindSafe, catch_unwind};
use support::Cluster;

/// A rule, and a schedule that needs it.
type Proof = (Rule, fn(Rules));

fn proofs() -> impl Iterator<Item = Proof> {
    let all = [
        elections::PROOFS,
        storage::PROOFS,
        replication::PROOFS,
        snapshots::PROOFS,
        membership::PROOFS,
        prevote::PROOFS,
        reads::PROOFS,
        transfer::PROOFS,
    ];
    all.into_iter().flatten().copied()
}

/// How the cluster on the table says that something is broken.
fn complaint(protects: Protects) -> &'static str {
    match protects {
        Protects::ElectionSafety => "Election Safety",
        Protects::LogMatching => "Log Matching",
        Protects::LeaderCompleteness => "Leader Completeness",
        Protects::StateMachineSafety => "State Machine Safety",
        Protects::QuorumDurability => "Durability",
        Protects::ReadFreshness => "Read Freshness",
        Protects::ExactlyOnce => "Exactly Once",
        Protects::Progress => "Progress",
    }
}

/// What the schedule complains of under these rules, if it does.
fn complains(schedule: fn(Rules), rules: Rules) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| schedule(rules))).err()?;
    let text = panic.downcast_ref::<String>().cloned();
    Some(text.unwrap_or_else(|| panic.downcast_ref::<&str>().unwrap_or(&"?").to_string()))
}

/// What is wrong with a proof, if anything.
fn objection((rule, schedule): Proof) -> Option<String> {
    if let Some(heard) = complains(schedule, Rules::ALL) {
        return Some(format!("{} breaks though all rules hold: {heard}", rule.name()));
    }
    let expected = complaint(rule.protects());
    match complains(schedule, Rules::ALL.without(rule)) {
        Some(heard) if heard.contains(expected) => None,
        Some(heard) => Some(format!("{} was to break {expected}: {heard}", rule.name())),
        None => Some(format!("{} breaks nothing", rule.name())),
    }
}

#[test]
fn without_its_rule_each_schedule_breaks_what_the_rule_protects() {
    let objections: Vec<String> = proofs().filter_map(objection).collect();
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

/// All but the clients' one: on this table there are none. The scenarios prove that one too.
#[test]
fn every_rule_is_proven() {
    let missing: Vec<&str> = (Rule::ALL.iter())
        .filter(|rule| rule.protects() != Protects::ExactlyOnce)
        .filter(|rule| proofs().all(|(proven, _)| proven != **rule))
        .map(|rule| rule.name())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// `n` servers, S1 leading term 1, its no-op committed by everybody.
fn led(n: usize, rules: Rules) -> Cluster {
    led_with(n, rules, |_| {})
}

/// The same with other settings than the paper's.
fn led_with(n: usize, rules: Rules, change: impl FnOnce(&mut Config)) -> Cluster {
    let mut cluster = of(&vec![(0, &[][..]); n], rules, change);
    cluster.expire(1);
    cluster.settle();
    cluster.heartbeat(1);
    cluster.settle();
    cluster
}

/// `n` servers with empty disks and the paper's settings.
fn fresh(n: usize, rules: Rules) -> Cluster {
    of(&vec![(0, &[][..]); n], rules, |_| {})
}

/// Servers with this term and these terms of their entries.
fn of(logs: &[(u64, &[u64])], rules: Rules, change: impl FnOnce(&mut Config)) -> Cluster {
    Cluster::tuned(logs, |config| {
        config.rules = rules;
        change(config);
    })
}
