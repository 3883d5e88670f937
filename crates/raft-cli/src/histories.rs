//! `raft histories`: do the two who judge linearizability agree?

use crate::cores::on_all_cores;
use crate::out::outln;
use lexopt::Parser;
use raft_lab::{Histories, histories};
use std::process::ExitCode;
use std::time::Instant;

const DEFAULT_COUNT: u64 = 100_000;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let (first, count) = crate::input::seeds(arguments, DEFAULT_COUNT).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let mut total = on_all_cores(first..first.saturating_add(count), histories, Histories::add);
    let took = begun.elapsed().as_secs_f64();
    outln!(
        "{} random histories of one key (seeds {first} to {}), {} operations, judged by zones and by search in {took:.1} s",
        total.histories,
        first + count.saturating_sub(1),
        total.operations
    );
    outln!(
        "  {} linearizable, {} not; of {} with writes of unknown outcome {} and {}",
        total.linearizable,
        total.histories - total.linearizable,
        total.with_unknown,
        total.linearizable_with_unknown,
        total.with_unknown - total.linearizable_with_unknown
    );
    total.disagreed.sort_unstable();
    for seed in &total.disagreed {
        outln!("  seed {seed}: they disagree");
    }
    outln!("  {} disagreements", total.disagreed.len());
    Ok(if total.disagreed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
