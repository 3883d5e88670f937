//! `raft explore`: every state within bounds, with the real core.

use crate::out::outln;
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::explore::{ANY, Bounds, Order, Search};
use raft_lab::{Repair, Rule};
use std::process::ExitCode;
use std::time::Instant;

/// States looked at between two signs of life.
const BATCH: u64 = 1 << 18;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let (bounds, order) = options(arguments).map_err(|e| e.to_string())?;
    outln!("{bounds}");
    let begun = Instant::now();
    let mut search = Search::new(bounds, order);
    while search.run(BATCH) {
        let counts = search.counts();
        eprint!("\r{} states, {} waiting ", counts.states, counts.waiting);
    }
    eprint!("\r");
    let took = begun.elapsed().as_secs_f64();
    let counts = search.counts();
    outln!(
        "  {} states, {} transitions, {} ends in {took:.1} s: {:.0} states/s",
        counts.states,
        counts.transitions,
        counts.ends,
        counts.states as f64 / took
    );
    outln!(
        "  {} different servers, {} steps of the core, at most {} states waiting",
        counts.servers,
        counts.steps,
        counts.waiting
    );
    outln!(
        "  {:.1} bytes a state in the table{}",
        counts.table_bytes as f64 / counts.states as f64,
        peak_memory().map_or(String::new(), |mib| format!(", {mib} MiB in all"))
    );
    let Some(found) = search.found() else {
        outln!("  complete, nothing violated");
        return Ok(ExitCode::SUCCESS);
    };
    outln!("  violated: {}", found.broken);
    for (i, line) in found.trace.iter().enumerate() {
        outln!("  {:3}. {line}", i + 1);
    }
    Ok(ExitCode::FAILURE)
}

/// The most memory this process ever had, where the system tells (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

fn options(mut arguments: Parser) -> Result<(Bounds, Order), lexopt::Error> {
    let mut bounds = Bounds::lossy();
    let mut order = Order::Deep;
    while let Some(argument) = arguments.next()? {
        let name = match &argument {
            Arg::Value(name) if name == "lossy" => {
                bounds = Bounds::lossy();
                continue;
            }
            Arg::Value(name) if name == "rough" => {
                bounds = Bounds::rough();
                continue;
            }
            Arg::Long(name) => (*name).to_string(),
            _ => return Err(argument.unexpected()),
        };
        match name.as_str() {
            "servers" => bounds.servers = arguments.value()?.parse()?,
            "terms" => bounds.max_term = arguments.value()?.parse()?,
            "messages" => bounds.messages = arguments.value()?.parse()?,
            "entries" => bounds.entries = arguments.value()?.parse()?,
            "heartbeats" => bounds.heartbeats = count(&mut arguments)?,
            "crashes" => bounds.crashes = count(&mut arguments)?,
            "drops" => bounds.drops = count(&mut arguments)?,
            "duplicates" => bounds.duplicates = count(&mut arguments)?,
            "max-entries" => bounds.config.max_entries = arguments.value()?.parse()?,
            "reorder" => bounds.reorder = arguments.value()?.parse()?,
            "instant-disk" => bounds.instant_disk = arguments.value()?.parse()?,
            "spare" => bounds.spare = arguments.value()?.parse()?,
            "transfers" => bounds.transfers = count(&mut arguments)?,
            "changes" => bounds.changes = count(&mut arguments)?,
            "snapshots" => bounds.snapshots = count(&mut arguments)?,
            "pre-vote" => bounds.config.pre_vote = true,
            "stickiness" => bounds.config.stickiness = true,
            "inflight" => bounds.config.inflight = arguments.value()?.parse()?,
            "conflict-hint" => bounds.config.repair = Repair::ConflictHint,
            "no-symmetry" => bounds.symmetry = false,
            "off" => bounds.config.rules = bounds.config.rules.without(arguments.value()?.parse_with(rule)?),
            "level" => order = Order::Level,
            _ => return Err(Arg::Long(&name).unexpected()),
        }
    }
    Ok((bounds, order))
}

fn rule(name: &str) -> Result<Rule, String> {
    Rule::named(name).ok_or_else(|| format!("no rule is called {name}"))
}

/// A number, or `any`.
fn count(arguments: &mut Parser) -> Result<u8, lexopt::Error> {
    let value = arguments.value()?;
    if value == "any" { Ok(ANY) } else { value.parse() }
}
