//! Random schedules: whatever is lost, repeated, overtaken or loses power with its writes unsynced, all servers end a transaction alike
//! (the cluster on the table checks it after every sync), and once all is well again nobody waits.

mod support;

use raft_core::Duration;
use support::Cluster;

/// A generator of its own, so that a failing seed says all (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % bound as u64) as usize
    }
}

fn run(seed: u64) -> (usize, usize) {
    let mut chance = Chance(seed);
    let servers = 2 + chance.below(4) as u32;
    let mut cluster = Cluster::new(servers, chance.below(3) > 0);
    let (mut number, mut last) = (0, [const { None }; 3]);
    for _ in 0..800 {
        let server = 1 + chance.below(servers as usize) as u32;
        let flying = cluster.wire.len();
        match chance.below(100) {
            0..50 if flying > 0 => cluster.deliver(chance.below(flying.min(3))),
            50 if flying > 0 => drop(cluster.wire.remove(chance.below(flying))),
            51 if flying > 0 => {
                let copy = cluster.wire[chance.below(flying)].clone();
                cluster.wire.push(copy);
            }
            52..80 => cluster.sync_one(server),
            80..85 => {
                cluster.wait(Duration::millis(20));
                cluster.fire(server);
            }
            85..88 => {
                number += 1;
                let (client, key) = (chance.below(3), ["x", "y", "z"][chance.below(3)]);
                let change = format!("{key}={number}");
                cluster.begin(client as u32 + 1, number, &change);
                last[client] = Some((number, change));
            }
            88..90 => {
                let client = chance.below(3);
                if let Some((number, change)) = &last[client] {
                    cluster.begin(client as u32 + 1, *number, change);
                }
            }
            90 => cluster.power_off(server),
            91..99 => cluster.restart(server),
            _ => {}
        }
    }
    (1..=servers).for_each(|id| cluster.restart(id));
    cluster.settle_for(Duration::secs(2));
    for server in &cluster.servers {
        let machine = server.up.as_ref().expect("restarted");
        assert!(
            machine.prepared().is_empty(),
            "seed {seed}: {} waits",
            machine.id()
        );
        assert!(
            machine.ballots().is_empty(),
            "seed {seed}: a transaction has not ended"
        );
        assert_eq!(server.store, cluster.servers[0].store, "seed {seed}");
    }
    let done = cluster.told.values();
    let committed = done.filter(|d| **d == two_phase::Decision::Commit).count();
    (committed, cluster.told.len() - committed)
}

#[test]
fn all_end_alike_and_nobody_waits_for_ever() {
    let (mut committed, mut aborted) = (0, 0);
    for seed in 0..3_000 {
        let (done, not_done) = run(seed);
        committed += done;
        aborted += not_done;
    }
    assert!(committed > 3_000 && aborted > 3_000, "{committed} {aborted}");
}
