//! Random schedules: whatever is lost, repeated, overtaken or crashes with its writes unsynced, Figure 3's properties hold (the
//! cluster on the table checks them after every step), and afterwards the cluster recovers.

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use raft_core::{Change, Duration, Input, NodeId, Payload, ReadMode, Role};
use std::cell::Cell;
use support::Cluster;

/// By how much clocks go wrong, in µs a second.
const DRIFT: u64 = 50_000;

/// One thing that may happen. Numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Deliver(u8),
    Lose(u8),
    Repeat(u8),
    SyncOne(u8),
    Timeout(u8),
    Heartbeat(u8),
    Propose(u8),
    Compact(u8),
    Crash(u8),
    Restart(u8),
    Wait(u8),
    Read(u8, ReadMode),
    Transfer(u8, u8),
    Change(u8, u8),
}

fn step(compactions: u32) -> impl Strategy<Value = Step> {
    // Mostly the oldest messages, so that elections are won at all; now and then any.
    let message = prop_oneof![4 => 0..2u8, 1 => any::<u8>()];
    let mode = prop_oneof![
        Just(ReadMode::ReadIndex),
        Just(ReadMode::Lease),
        Just(ReadMode::LeaderLocal),
        Just(ReadMode::Stale)
    ];
    let compact = move |n| {
        if compactions > 0 {
            Step::Compact(n)
        } else {
            Step::Wait(n)
        }
    };
    prop_oneof![
        60 => message.clone().prop_map(Step::Deliver),
        3 => message.clone().prop_map(Step::Lose),
        3 => message.prop_map(Step::Repeat),
        40 => any::<u8>().prop_map(Step::SyncOne),
        6 => any::<u8>().prop_map(Step::Timeout),
        5 => any::<u8>().prop_map(Step::Heartbeat),
        8 => any::<u8>().prop_map(Step::Propose),
        compactions.max(1) => any::<u8>().prop_map(compact),
        1 => any::<u8>().prop_map(Step::Crash),
        5 => any::<u8>().prop_map(Step::Restart),
        20 => any::<u8>().prop_map(Step::Wait),
        10 => (any::<u8>(), mode).prop_map(|(n, mode)| Step::Read(n, mode)),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(from, to)| Step::Transfer(from, to)),
        8 => (any::<u8>(), any::<u8>()).prop_map(|(n, what)| Step::Change(n, what)),
    ]
}

fn take(cluster: &mut Cluster, step: Step, proposals: &mut u32) {
    let servers = cluster.ids().count() as u8;
    let messages = cluster.in_flight.len();
    let server = |n: u8| u32::from(n % servers) + 1;
    match step {
        Step::Deliver(n) if messages > 0 => {
            cluster.deliver(usize::from(n) % messages);
        }
        Step::Lose(n) if messages > 0 => {
            cluster.in_flight.remove(usize::from(n) % messages);
        }
        Step::Repeat(n) if messages > 0 => {
            let copy = cluster.in_flight[usize::from(n) % messages].clone();
            cluster.in_flight.push(copy);
        }
        Step::SyncOne(n) => {
            cluster.sync_one(server(n));
        }
        Step::Timeout(n) if cluster.is_due(server(n)) => {
            cluster.timeout(server(n));
        }
        Step::Heartbeat(n) if cluster.server(server(n)).heartbeat_timer.is_some() => {
            cluster.heartbeat(server(n));
        }
        Step::Propose(n) if cluster.server(server(n)).up => {
            *proposals += 1;
            cluster.propose(server(n), &proposals.to_string());
        }
        Step::Compact(n) if cluster.server(server(n)).up => {
            let id = server(n);
            let (base, _) = cluster.raft(id).log().base();
            let index = base.0.midpoint(cluster.commit_index(id));
            cluster.compact(id, index);
        }
        Step::Wait(n) => cluster.wait(Duration::millis(u64::from(n) / 8)),
        Step::Read(n, mode) if cluster.server(server(n)).up => {
            cluster.read(server(n), mode);
        }
        Step::Transfer(from, to) if cluster.server(server(from)).up => {
            let to = NodeId(server(to));
            cluster.step(server(from), Input::TransferLeadership { to });
        }
        // Where there are servers to spare.
        Step::Change(n, what) if cluster.server(server(n)).up && cluster.voters() < servers => {
            let one = NodeId(server(what / 8));
            let several = (1..=u32::from(servers)).filter(|id| what >> (id % 8) & 1 == 1);
            let change = match what % 8 {
                0..3 => Change::AddVoter(one),
                3 => Change::AddLearner(one),
                4..6 => Change::Remove(one),
                _ => Change::Voters(several.map(NodeId).collect()),
            };
            let leader = cluster
                .ids()
                .find(|id| cluster.server(*id).up && leads(cluster, *id));
            cluster.change(leader.unwrap_or(server(n)), change);
        }
        Step::Crash(n) if cluster.server(server(n)).up => cluster.crash(server(n)),
        Step::Restart(n) if !cluster.server(server(n)).up => cluster.restart(server(n)),
        _ => {}
    }
}

/// Everything works again: before long there is a leader, and a command is committed by all who belong to the cluster.
fn recover(cluster: &mut Cluster) {
    for id in cluster.ids() {
        if !cluster.server(id).up {
            cluster.restart(id);
        }
        cluster.server_mut(id).disk_is_instant = true;
        cluster.sync_all(id);
    }
    cluster.settle();
    let mut waiting = cluster.ids().cycle();
    let done = (0..60).any(|_| {
        let found = cluster.ids().find(|id| leads(cluster, *id));
        if found.is_some_and(|leader| commits_everywhere(cluster, leader)) {
            return true;
        }
        let id = waiting.next().expect("servers without end");
        if cluster.server(id).election_timer.is_some() {
            cluster.expire(id);
        }
        cluster.settle();
        false
    });
    assert!(
        done,
        "no leader whose command is committed everywhere, though everything works"
    );
}

/// Whether a server leads, and no other in a newer term. Who was removed may be in any term.
fn leads(cluster: &Cluster, id: u32) -> bool {
    let leaders = cluster.ids().filter(|id| cluster.role(*id) == Role::Leader);
    leaders.max_by_key(|id| cluster.term(*id)) == Some(id)
}

/// Lets a leader commit a command. It may find that it led alone for too long, hand over, or remove itself.
fn commits_everywhere(cluster: &mut Cluster, leader: u32) -> bool {
    for round in 0..4 {
        if !leads(cluster, leader) {
            return false;
        }
        if round == 1 {
            cluster.propose(leader, "after all");
        }
        cluster.heartbeat(leader);
        cluster.settle();
    }
    let raft = cluster.raft(leader);
    let last = raft.log().last_index().0;
    let members: Vec<NodeId> = raft.configuration().members().collect();
    leads(cluster, leader)
        && raft.transfer().is_none()
        && !raft.configuration().is_joint()
        && members.iter().all(|id| cluster.commit_index(id.0) == last)
}

fn run(servers: usize, cases: u32, compactions: u32, change: impl Fn(&mut raft_core::Config)) {
    let (leaders, committed, answers) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let (changes, changing) = (Cell::new(0), Cell::new(false));
    let mut runner = TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&vec(step(compactions), 500..1000), |steps| {
        let mut cluster = Cluster::tuned(&vec![(0, &[][..]); servers], &change);
        for id in cluster.ids() {
            cluster.server_mut(id).disk_is_instant = false;
            cluster.server_mut(id).rate = 1_000_000 + u64::from(id % 3) * DRIFT - DRIFT;
        }
        let mut proposals = 0;
        for step in steps {
            take(&mut cluster, step, &mut proposals);
        }
        leaders.set(leaders.get() + cluster.leaders());
        committed.set(committed.get() + cluster.committed.len());
        answers.set(answers.get() + cluster.answers.len());
        let configurations = cluster
            .committed
            .iter()
            .filter(|e| matches!(e.payload, Payload::Configuration(_)));
        changes.set(changes.get() + configurations.count());
        changing.set(usize::from(cluster.voters()) < servers);
        recover(&mut cluster);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    // Else the schedules would have shown nothing.
    let (leaders, committed, answers) = (leaders.get(), committed.get(), answers.get());
    let changes = changes.get();
    println!("{leaders} leaders, {committed} entries committed, {changes} changes, {answers} reads answered");
    let cases = cases as usize;
    assert!(leaders >= cases && committed >= 3 * cases && answers >= 10 * cases);
    assert!(changes >= cases || !changing.get());
}

#[test]
fn three_servers_one_entry_a_message() {
    run(3, 300, 0, |config| config.max_entries = 1);
}

#[test]
fn three_servers() {
    run(3, 300, 0, |config| config.max_entries = 3);
}

#[test]
fn five_servers() {
    run(5, 300, 0, |config| config.max_entries = 2);
}

#[test]
fn three_servers_pipelining() {
    run(3, 300, 0, |config| {
        config.max_entries = 1;
        config.inflight = 3;
    });
}

#[test]
fn five_servers_pipelining_with_hints() {
    run(5, 300, 0, |config| {
        config.max_entries = 2;
        config.inflight = 4;
        config.repair = raft_core::Repair::ConflictHint;
    });
}

#[test]
fn three_servers_with_snapshots() {
    run(3, 300, 5, |config| config.max_entries = 2);
}

#[test]
fn five_servers_with_snapshots_pipelining() {
    run(5, 300, 5, |config| {
        config.max_entries = 1;
        config.inflight = 3;
        config.repair = raft_core::Repair::ConflictHint;
    });
}

fn extended(config: &mut raft_core::Config) {
    config.max_entries = 2;
    config.inflight = 3;
    config.repair = raft_core::Repair::ConflictHint;
    config.pre_vote = true;
    config.check_quorum = true;
    config.stickiness = true;
    config.clock_drift = DRIFT as u32;
}

#[test]
fn three_servers_with_all_extensions() {
    run(3, 300, 3, extended);
}

#[test]
fn five_servers_with_all_extensions() {
    run(5, 300, 3, extended);
}

#[test]
fn three_servers_with_leases_and_without_pre_votes() {
    run(3, 300, 0, |config| {
        extended(config);
        config.pre_vote = false;
    });
}

#[test]
fn the_cluster_changes() {
    run(5, 300, 0, |config| {
        config.max_entries = 2;
        config.voters.truncate(3);
    });
}

#[test]
fn the_cluster_changes_with_all_extensions() {
    run(6, 300, 3, |config| {
        extended(config);
        config.voters.truncate(3);
    });
}

#[test]
fn one_server_becomes_many() {
    run(4, 300, 3, |config| {
        config.inflight = 3;
        config.voters.truncate(1);
    });
}
