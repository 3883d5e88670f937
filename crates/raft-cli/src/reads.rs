//! `raft reads`: one scenario, once for each way to read.

use crate::input;
use crate::out::{out, outln};
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::{AnswersRow, Comparison, ReadTable, WayRow};
use std::fmt::Write;
use std::process::ExitCode;

/// Stale reads told one by one, of each way.
const TOLD: usize = 3;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let (names, json) = options(arguments).map_err(|e| e.to_string())?;
    for (i, named) in input::read(&names)?.iter().enumerate() {
        let mut comparison = Comparison::new(&named.scenario);
        while comparison.run_some(u32::MAX) {}
        let mut table = comparison.table();
        if table.title.is_empty() {
            table.title.clone_from(&named.name);
        }
        if json {
            outln!("{}", serde_json::to_string(&table).map_err(|e| e.to_string())?);
        } else {
            out!("{}{}", if i > 0 { "\n" } else { "" }, text(&table));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn text(table: &ReadTable) -> String {
    let mut out = format!(
        "{}\n  {} ms simulated, once for each way to read\n",
        table.title,
        table.at_us / 1000
    );
    let _ = writeln!(
        out,
        "  {:<13}{:>6}{:>8}{:>7}{:>8}{:>9}{:>9}{:>14}{:>7}  {:<13}{:>9}{:>9}",
        "reads",
        "asked",
        "ok",
        "failed",
        "unknown",
        "p50 ms",
        "p99 ms",
        "messages/read",
        "stale",
        "linearizable",
        "writes ok",
        "p50 ms"
    );
    for way in &table.ways {
        let (reads, writes) = (&way.reads, &way.writes);
        let messages = way.messages_per_read.map_or("–".into(), |n| format!("{n:.1}"));
        let _ = writeln!(
            out,
            "  {:<13}{:>6}{:>8}{:>7}{:>8}{:>9}{:>9}{messages:>14}{:>7}  {:<13}{:>9}{:>9}",
            way.mode,
            reads.asked,
            share(reads),
            reads.failed,
            reads.unknown,
            ms(reads.p50_us),
            ms(reads.p99_us),
            way.stale,
            way.linearizable,
            share(writes),
            ms(writes.p50_us)
        );
    }
    for way in &table.ways {
        tell_stale(way, &mut out);
    }
    out
}

fn tell_stale(way: &WayRow, out: &mut String) {
    for stale in way.stale_reads.iter().take(TOLD) {
        let _ = writeln!(out, "  {}: {stale} (event {})", way.mode, stale.seq.0);
    }
    if way.stale as usize > TOLD {
        let _ = writeln!(out, "  {}: and {} more", way.mode, way.stale as usize - TOLD);
    }
    if way.cut_short {
        let _ = writeln!(
            out,
            "  {}: too much happens; stopped at {} ms",
            way.mode,
            way.at_us / 1000
        );
    }
}

/// Which share of what was asked for ended well.
fn share(answers: &AnswersRow) -> String {
    match answers.asked {
        0 => "–".into(),
        asked => format!("{:.1} %", 100.0 * f64::from(answers.ok) / f64::from(asked)),
    }
}

fn ms(us: Option<u32>) -> String {
    us.map_or("–".into(), |us| format!("{:.1}", f64::from(us) / 1000.0))
}

fn options(mut arguments: Parser) -> Result<(Vec<String>, bool), lexopt::Error> {
    let (mut names, mut json) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("json") => json = true,
            Arg::Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok((names, json))
}
