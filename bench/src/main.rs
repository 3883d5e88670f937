//! What `raft-core` costs beside raft-rs and noraft, all in one run.
//!
//! ```text
//! core-bench                                  times, and memory per entry
//! core-bench instructions                     instructions, counted by valgrind
//! core-bench one IMPLEMENTATION CASE SERVERS COUNT
//!                                             only this, for profilers: core, paper, raft or noraft; one, deep, latency,
//!                                             elections, idle or reads
//! ```

mod counting;
mod instructions;

use core_bench::cases::{Case, ready, work};
use core_bench::core::{Paper, Pipelined};
use core_bench::network::Cluster;
use core_bench::no_raft::NoRaft;
use core_bench::raft_rs::RaftRs;
use core_bench::{Command, Server, command};
use std::env;
use std::error::Error;
use std::time::Instant;

/// Many short rounds: some of them have a core for themselves, whatever else the machine does.
const ROUNDS: usize = 60;
const MILLION: u64 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => {
            times();
            allocations();
            memory();
            Ok(())
        }
        ["instructions"] => instructions::table(),
        ["one", implementation, case, servers, count] => {
            let case = Case::ALL
                .into_iter()
                .find(|known| known.name() == case)
                .ok_or("no such case")?;
            one(implementation, case, servers.parse()?, count.parse()?)
        }
        _ => Err("usage: core-bench [instructions | one IMPLEMENTATION CASE SERVERS COUNT]".into()),
    }
}

fn one(implementation: &str, case: Case, servers: u64, count: u64) -> Result<(), Box<dyn Error>> {
    match implementation {
        "core" => work(case, &mut ready::<Pipelined>(servers), count),
        "paper" => work(case, &mut ready::<Paper>(servers), count),
        "raft" => work(case, &mut ready::<RaftRs>(servers), count),
        "noraft" => work(case, &mut ready::<NoRaft>(servers), count),
        _ => return Err("no such implementation".into()),
    }
    Ok(())
}

/// Nanoseconds per unit, the implementations by turns, and how many times as long as `raft-core` the others take. The best round counts:
/// whatever else the machine does only ever adds.
fn times() {
    println!("Nanoseconds per unit, the best of {ROUNDS} rounds\n");
    heading();
    for case in Case::ALL {
        for servers in [3, 5] {
            let mut best = [None; 4];
            for _ in 0..ROUNDS {
                let round = [
                    time::<Pipelined>(case, servers),
                    time::<Paper>(case, servers),
                    time::<RaftRs>(case, servers),
                    time::<NoRaft>(case, servers),
                ];
                for (best, time) in best.iter_mut().zip(round) {
                    *best = [*best, time].into_iter().flatten().reduce(f64::min);
                }
            }
            row(case, servers, best);
        }
    }
    println!();
}

/// The columns of every table.
fn heading() {
    println!("| unit | servers | raft-core | as the paper | raft (raft-rs) | noraft |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
}

/// One line of a table; with each figure, how many times that of `raft-core` it is.
fn row(case: Case, servers: u64, figures: [Option<f64>; 4]) {
    let ours = figures[0].unwrap_or(f64::NAN);
    let cells = figures.map(|figure| match figure {
        Some(figure) if ours > 0.0 => format!("{figure:.0} ({:.2}×)", figure / ours),
        Some(figure) => format!("{figure:.0}"),
        None => "none".to_owned(),
    });
    println!("| {} | {servers} | {} |", case.unit(), cells.join(" | "));
}

fn time<S: Server>(case: Case, servers: u64) -> Option<f64> {
    let mut cluster = case.suits::<S>().then(|| ready::<S>(servers))?;
    let count = case.count() / 10;
    let began = Instant::now();
    work(case, &mut cluster, count);
    Some(began.elapsed().as_nanos() as f64 / count as f64)
}

/// How often memory is asked for per unit, all servers and their hosts together.
fn allocations() {
    println!("Allocations per unit\n");
    heading();
    for case in Case::ALL {
        let figures = [
            allocated::<Pipelined>(case),
            allocated::<Paper>(case),
            allocated::<RaftRs>(case),
            allocated::<NoRaft>(case),
        ];
        let cells = figures.map(|figure| figure.map_or("none".to_owned(), |figure| format!("{figure:.2}")));
        println!("| {} | 3 | {} |", case.unit(), cells.join(" | "));
    }
    println!();
}

fn allocated<S: Server>(case: Case) -> Option<f64> {
    let mut cluster = case.suits::<S>().then(|| ready::<S>(3))?;
    let before = counting::calls();
    work(case, &mut cluster, case.count());
    Some((counting::calls() - before) as f64 / case.count() as f64)
}

/// What a server keeps in memory per entry.
fn memory() {
    println!("Bytes per 16-byte entry and server, of {MILLION} entries at 3 servers");
    println!("(noraft keeps no commands: the 16 bytes are its host's)\n");
    println!("| {} | {} | {} |", Pipelined::NAME, RaftRs::NAME, NoRaft::NAME);
    println!("| ---: | ---: | ---: |");
    println!(
        "| {:.1} | {:.1} | {:.1} |",
        bytes::<Pipelined>(),
        bytes::<RaftRs>(),
        bytes::<NoRaft>()
    );
}

fn bytes<S: Server>() -> f64 {
    let mut cluster = Cluster::<S>::new(3);
    cluster.elect(1);
    let batch: Vec<Command> = (0..64).map(command).collect();
    let before = counting::bytes();
    for _ in 0..MILLION / 64 {
        cluster.propose(1, &batch);
        cluster.deliver();
    }
    cluster.beat(1);
    (counting::bytes() - before) as f64 / MILLION as f64 / 3.0
}
