//! `raft soak`: random scenarios on every core, all properties judged.

use crate::cores::on_all_cores;
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::{Rule, Soak, soak};
use std::process::ExitCode;
use std::time::Instant;

const DEFAULT_COUNT: u64 = 10_000;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let (first, count, off) = options(arguments).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let mut total = on_all_cores(first..first + count, |seeds| soak(seeds, off), Soak::add);
    total.violations.sort_by_key(|(seed, _)| *seed);
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{} random scenarios (seeds {first} to {}), {} simulated s, {} events, {} messages in {took:.1} s",
        total.scenarios,
        first + count.saturating_sub(1),
        total.simulated_us / 1_000_000,
        total.events,
        total.messages
    );
    println!(
        "  {} leaders elected, {} entries committed, {} crashes, {} splits and cuts, {} messages lost, {} duplicated",
        total.leaders, total.committed, total.crashes, total.cuts, total.lost, total.duplicated
    );
    println!(
        "  {} snapshots sent, {} servers told to take over, {} configurations taken on, {} reads without the log",
        total.snapshots, total.transfers, total.changes, total.reads
    );
    for (seed, violation) in &total.violations {
        println!("  seed {seed}: {}: {violation}", violation.property());
    }
    println!("  {} violations", total.violations.len());
    Ok(if total.violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn options(mut arguments: Parser) -> Result<(u64, u64, Option<Rule>), lexopt::Error> {
    let (mut first, mut count, mut off) = (1, DEFAULT_COUNT, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("count") => count = arguments.value()?.parse()?,
            Arg::Long("off") => {
                let name = arguments.value()?.string()?;
                let unknown = || format!("no rule is named {name}: `raft rules` lists them");
                off = Some(Rule::named(&name).ok_or_else(unknown)?);
            }
            Arg::Long("seed") => first = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((first, count, off))
}
