//! `raft soak`: random scenarios on every core, all properties judged.

use crate::cores::on_all_cores;
use crate::out::outln;
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::beyond::{Outcome, soak_beyond, theory};
use raft_lab::{Beyond, Rule, Seen, Soak, soak};
use std::process::ExitCode;
use std::time::Instant;

const DEFAULT_COUNT: u64 = 10_000;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let Options {
        first,
        count,
        off,
        beyond,
    } = options(arguments).map_err(|e| e.to_string())?;
    if beyond {
        return Ok(all_beyond(first, count));
    }
    let begun = Instant::now();
    let mut total = on_all_cores(first..first + count, |seeds| soak(seeds, off), Soak::add);
    total.violations.sort_by_key(|(seed, _)| *seed);
    let took = begun.elapsed().as_secs_f64();
    outln!(
        "{} random scenarios (seeds {first} to {}), {} simulated s, {} events, {} messages in {took:.1} s",
        total.scenarios,
        first + count.saturating_sub(1),
        total.simulated_us / 1_000_000,
        total.events,
        total.messages
    );
    outln!(
        "  {} leaders elected, {} entries committed, {} crashes, {} splits and cuts, {} messages lost, {} duplicated",
        total.leaders,
        total.committed,
        total.crashes,
        total.cuts,
        total.lost,
        total.duplicated
    );
    outln!(
        "  {} snapshots sent, {} servers told to take over, {} configurations taken on, {} reads without the log",
        total.snapshots,
        total.transfers,
        total.changes,
        total.reads
    );
    let done: Vec<String> = (total.done.iter())
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    outln!("  done to them: {}", done.join(", "));
    for (mode, seen) in &total.seen {
        let Seen { yes, no, unknown } = seen;
        outln!("  read by {mode}: {yes} worlds linearizable, {no} not, {unknown} unknown");
    }
    for (seed, violation) in &total.violations {
        outln!("  seed {seed}: {}: {violation}", violation.property());
    }
    outln!("  {} violations", total.violations.len());
    Ok(if total.violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// As many worlds of each kind beyond what Raft promises, so many in all.
fn all_beyond(first: u64, count: u64) -> ExitCode {
    let each = count / Beyond::ALL.len() as u64;
    let mut as_theory_says = true;
    for kind in Beyond::ALL {
        let begun = Instant::now();
        let mut found = on_all_cores(
            first..first + each,
            |seeds| soak_beyond(*kind, seeds),
            Outcome::add,
        );
        found.stray.sort_by_key(|(seed, _)| *seed);
        let took = begun.elapsed().as_secs_f64();
        outln!(
            "{}: {} (seeds {first} to {}, {took:.1} s)",
            kind.name(),
            kind.sentence(),
            first + each.saturating_sub(1)
        );
        let broken: Vec<String> = (found.broken.iter())
            .map(|(property, count)| format!("{property} {count}"))
            .collect();
        outln!(
            "  broken in so many of {} worlds: {}",
            found.scenarios,
            broken.join(", ")
        );
        for (seed, violation) in &found.stray {
            outln!("  seed {seed}, though it cannot: {violation}");
        }
        let missing = found.missing(theory(*kind));
        for (property, seen, least) in &missing {
            outln!("  {property} was broken in {seen} worlds only, not in {least}");
        }
        as_theory_says &= found.stray.is_empty() && missing.is_empty();
    }
    if as_theory_says {
        outln!("what broke is what may, and what must did");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Options {
    first: u64,
    count: u64,
    off: Option<Rule>,
    beyond: bool,
}

fn options(mut arguments: Parser) -> Result<Options, lexopt::Error> {
    let mut options = Options {
        first: 1,
        count: DEFAULT_COUNT,
        off: None,
        beyond: false,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("beyond") => options.beyond = true,
            Arg::Long("count") => options.count = arguments.value()?.parse()?,
            Arg::Long("off") => {
                let name = arguments.value()?.string()?;
                let unknown = || format!("no rule is named {name}: `raft rules` lists them");
                options.off = Some(Rule::named(&name).ok_or_else(unknown)?);
            }
            Arg::Long("seed") => options.first = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}
