//! `raft determinism`: random scenarios made in every way there is; a JSON object each, for another build of the engine to compare.

use crate::out::outln;
use lexopt::Parser;
use serde::Serialize;
use std::process::ExitCode;

const DEFAULT_COUNT: u64 = 1_000;

#[derive(Serialize)]
struct Line {
    seed: u64,
    text: String,
    ends_us: u64,
    fingerprint: String,
    branch_us: u64,
    command: &'static str,
    branch_until_us: u64,
    branch: String,
}

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let (first, count) = crate::input::seeds(arguments, DEFAULT_COUNT).map_err(|e| e.to_string())?;
    for seed in first..first.saturating_add(count) {
        match raft_lab::determinism(seed) {
            Ok(proof) => {
                let line = Line {
                    seed,
                    text: proof.scenario.to_string(),
                    ends_us: proof.scenario.ends_at().0,
                    fingerprint: proof.fingerprint.to_string(),
                    branch_us: proof.branch_at.0,
                    command: proof.command,
                    branch_until_us: proof.branch_until.0,
                    branch: proof.branch.to_string(),
                };
                outln!("{}", serde_json::to_string(&line).map_err(|e| e.to_string())?);
            }
            Err(sentence) => {
                eprintln!("{sentence}");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
