//! What is measured: for each case how a cluster is made ready, and the work of `count` units.

use crate::network::Cluster;
use crate::{Command, Server, command};

/// Everything that costs something per unit of work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Case {
    One,
    Deep,
    Latency,
    Elections,
    Idle,
    Reads,
}

/// After how many elections a cluster begins anew.
const ANEW: u64 = 30;
/// How many entries are proposed together, or wait for being committed.
const DEPTH: usize = 64;

impl Case {
    pub const ALL: [Case; 6] = [
        Case::One,
        Case::Deep,
        Case::Latency,
        Case::Elections,
        Case::Idle,
        Case::Reads,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Case::One => "one",
            Case::Deep => "deep",
            Case::Latency => "latency",
            Case::Elections => "elections",
            Case::Idle => "idle",
            Case::Reads => "reads",
        }
    }

    /// What one unit of it is.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Case::One => "entry, one at a time",
            Case::Deep => "entry, 64 proposed together",
            Case::Latency => "entry, 64 outstanding, a hop takes a round",
            Case::Elections => "crash of the leader and re-election",
            Case::Idle => "heartbeat round",
            Case::Reads => "read by ReadIndex at the leader",
        }
    }

    /// How much of it fits into some hundredths of a second.
    #[must_use]
    pub fn count(self) -> u64 {
        match self {
            Case::One | Case::Idle | Case::Reads => 10_000,
            Case::Deep | Case::Latency => 20_480,
            Case::Elections => 300,
        }
    }

    /// Whether the implementation has it.
    #[must_use]
    pub fn suits<S: Server>(self) -> bool {
        self != Case::Reads || S::READS
    }
}

/// A cluster, led by the first server, that has worked a little: what grows at first has grown.
#[must_use]
pub fn ready<S: Server>(servers: u64) -> Cluster<S> {
    let mut cluster = Cluster::new(servers);
    cluster.elect(1);
    for _ in 0..10 {
        deep(&mut cluster, DEPTH as u64);
    }
    cluster.beat(1);
    cluster
}

/// Does this much of it.
///
/// # Panics
/// If the cluster does not get it done.
pub fn work<S: Server>(case: Case, cluster: &mut Cluster<S>, count: u64) {
    match case {
        Case::One => {
            let before = cluster.server(1).commit();
            for n in 0..count {
                cluster.propose(1, &[command(n)]);
                cluster.deliver();
            }
            assert_eq!(cluster.server(1).commit() - before, count);
        }
        Case::Deep => deep(cluster, count),
        Case::Latency => latency(cluster, count),
        Case::Elections => elections(cluster, count),
        Case::Idle => (0..count).for_each(|_| cluster.beat(1)),
        Case::Reads => {
            let before = cluster.server(1).reads();
            for _ in 0..count {
                cluster.with(1, S::read);
                cluster.deliver();
            }
            assert_eq!(cluster.server(1).reads() - before, count);
        }
    }
}

/// Entries by batches that are proposed together.
fn deep<S: Server>(cluster: &mut Cluster<S>, count: u64) {
    let before = cluster.server(1).commit();
    let batch: Vec<Command> = (0..DEPTH as u64).map(command).collect();
    for _ in 0..count / DEPTH as u64 {
        cluster.propose(1, &batch);
        cluster.deliver();
    }
    assert_eq!(cluster.server(1).commit() - before, count);
}

/// Clients that always wait for 64 entries, with messages that take a while.
fn latency<S: Server>(cluster: &mut Cluster<S>, count: u64) {
    let end = cluster.server(1).commit() + count;
    let mut proposed = cluster.server(1).commit();
    let batch: Vec<Command> = (0..DEPTH as u64).map(command).collect();
    while cluster.server(1).commit() < end {
        let waiting = proposed - cluster.server(1).commit();
        let room = (DEPTH as u64 - waiting).min(end - proposed);
        if room > 0 {
            cluster.propose(1, &batch[..room as usize]);
            proposed += room;
        }
        cluster.deliver_round();
    }
    cluster.deliver();
}

/// The leader crashes, the next server is elected, and everybody learns what is committed. Now and then all begin anew: that a server
/// reads and applies its whole log when it starts is not what an election costs.
fn elections<S: Server>(cluster: &mut Cluster<S>, count: u64) {
    let servers = cluster.servers.len() as u64;
    for n in 0..count {
        let (leader, next) = (1 + n % servers, 1 + (n + 1) % servers);
        if n % ANEW == 0 {
            *cluster = Cluster::new(servers);
            cluster.elect(leader);
        }
        cluster.server(leader).restart();
        let before = cluster.server(next).commit();
        cluster.elect(next);
        assert!(cluster.server(next).commit() > before, "nobody was elected");
    }
}
