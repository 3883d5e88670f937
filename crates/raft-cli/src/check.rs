//! `raft check`

use crate::input;
use crate::out::outln;
use lexopt::{Arg, Parser, ValueExt};
use std::process::ExitCode;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let scenarios = input::read(&names(arguments).map_err(|e| e.to_string())?)?;
    let (mut held, mut failed) = (0, 0);
    for named in &scenarios {
        let verdicts = raft_lab::judge(&named.scenario);
        let broken = verdicts.iter().filter(|v| !v.holds).count();
        outln!(
            "{} {}: {} of {} hold",
            mark(broken == 0),
            named.name,
            verdicts.len() - broken,
            verdicts.len()
        );
        for verdict in verdicts.iter().filter(|v| !v.holds) {
            outln!("    {}", verdict.sentence);
        }
        failed += broken;
        held += verdicts.len() - broken;
    }
    outln!("{held} passed, {failed} failed");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn mark(fine: bool) -> &'static str {
    if fine { "✓" } else { "✗" }
}

fn names(mut arguments: Parser) -> Result<Vec<String>, lexopt::Error> {
    let mut names = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(names)
}
