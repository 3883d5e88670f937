//! `raft run`

use crate::out::{out, outln};
use crate::{history, input, report};
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::linearizability::History;
use raft_lab::{ReadStats, Run, Scenario, TextLadder, WorldTime};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

struct Options {
    names: Vec<String>,
    json: bool,
    trace: Option<String>,
    ladder: bool,
    from: WorldTime,
    to: WorldTime,
    history: Option<String>,
}

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let options = options(arguments).map_err(|e| e.to_string())?;
    let scenarios = input::read(&options.names)?;
    for (file, word) in [(&options.trace, "--trace"), (&options.history, "--history")] {
        if file.is_some() && scenarios.len() != 1 {
            let found = scenarios.len();
            return Err(format!("{word} takes exactly one scenario, found {found}"));
        }
    }
    if options.ladder && options.json {
        return Err("--ladder is for people and --json for programs: one of them".into());
    }
    for (i, named) in scenarios.iter().enumerate() {
        let mut run = Run::new(&named.scenario);
        let mut trace = match &options.trace {
            Some(file) => Some(Lines::create(file).map_err(|e| format!("{file}: {e}"))?),
            None => None,
        };
        if i > 0 && !options.json {
            outln!();
        }
        let mut reads = ReadStats::default();
        let mut seen = History::default();
        let mut ladder = options.ladder.then(|| TextLadder::new(options.from, options.to));
        run.until_seeing(named.scenario.ends_at(), |event| {
            reads.observe(event);
            seen.observe(event);
            if let Some(trace) = &mut trace {
                trace.write(event);
            }
            if let Some(ladder) = &mut ladder {
                ladder.observe(event);
                out!("{}", ladder.take());
            }
        });
        if let Some(mut ladder) = ladder {
            outln!("{}", ladder.finish());
        }
        if let (Some(trace), Some(file)) = (trace, &options.trace) {
            trace.finish().map_err(|e| format!("{file}: {e}"))?;
        }
        if let Some(file) = &options.history {
            history::write(file, &seen).map_err(|e| format!("{file}: {e}"))?;
        }
        if options.json {
            outln!("{}", report::json(&named.scenario, &run, &reads)?);
        } else {
            out!("{}", report::text(named, &run));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn options(mut arguments: Parser) -> Result<Options, lexopt::Error> {
    let mut options = Options {
        names: Vec::new(),
        json: false,
        trace: None,
        ladder: false,
        from: WorldTime(0),
        to: WorldTime(u64::MAX),
        history: None,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("json") => options.json = true,
            Arg::Long("trace") => options.trace = Some(arguments.value()?.string()?),
            Arg::Long("ladder") => options.ladder = true,
            Arg::Long("from") => options.from = arguments.value()?.parse_with(time)?,
            Arg::Long("to") => options.to = arguments.value()?.parse_with(time)?,
            Arg::Long("history") => options.history = Some(arguments.value()?.string()?),
            Arg::Value(name) => options.names.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

/// A time as the language has it.
fn time(text: &str) -> Result<WorldTime, String> {
    let line = format!("raft 1;@{text} end");
    match Scenario::parse(&line) {
        Ok(scenario) if !text.contains([' ', ';', '#']) => Ok(scenario.ends_at()),
        _ => Err("expected a time such as 1500ms or 1.5s".into()),
    }
}

/// A file of JSON Lines, written as things happen: nothing is kept, however long the run.
struct Lines(std::io::Result<BufWriter<std::fs::File>>);

impl Lines {
    fn create(file: &str) -> std::io::Result<Lines> {
        Ok(Lines(Ok(BufWriter::new(std::fs::File::create(file)?))))
    }

    /// After the first error nothing more is written.
    fn write(&mut self, line: &impl serde::Serialize) {
        if let Ok(out) = &mut self.0 {
            let written = serde_json::to_writer(&mut *out, line).map_err(Into::into);
            if let Err(error) = written.and_then(|()| out.write_all(b"\n")) {
                self.0 = Err(error);
            }
        }
    }

    fn finish(self) -> std::io::Result<()> {
        self.0?.flush()
    }
}
