//! `raft`: runs, checks and measures scenarios from the command line, with the same engine as the page.
//!
//! Exit status: 0 fine, 1 an expectation does not hold, 2 unusable input, 141 nobody reads what is printed.
#![forbid(unsafe_code)]

mod bench;
mod check;
mod cores;
mod determinism;
mod explore;
mod histories;
mod history;
mod input;
mod out;
mod packed;
mod reads;
mod report;
mod run;
mod soak;

use crate::out::{out, outln};
use raft_lab::Rule;
use std::process::ExitCode;

const USAGE: &str = "\
raft runs Raft in a simulated world: the same engine as the playground's page, the same fingerprints.

  raft run FILE…      run to the end and print who leads, terms, logs, state, violations, whether what clients saw is linearizable,
                      and the fingerprint
      --json          one JSON object a scenario instead
      --trace FILE    write every event as JSON Lines (one scenario only)
      --history FILE  write what the clients did and saw as JSON Lines (one scenario only)
      --ladder        the space-time diagram as text before it: a lane for each server and client, time downwards
      --from TIME, --to TIME
                      only this stretch of it, such as --from 1s --to 1500ms
  raft check FILE…    run and judge every `expect`; exit status 1 and a sentence for each that does not hold
  raft reads FILE…    run once for each way to read, and print what each gives and costs: answers, latency, messages, stale reads
      --json          one JSON object a scenario instead
  raft rules          every rule of the protocol that can be switched off: its name, section, what it protects, what it says
  raft soak           random scenarios (3-7 servers, all faults, features and ways to read), every property judged
      --count N       how many (default 10000)
      --seed N        the first one's seed (default 1)
      --off RULE      with this rule switched off
  raft histories      random small histories of clients, right and wrong: do the two who judge linearizability agree?
      --count N       how many (default 100000)
      --seed N        the first one's seed (default 1)
  raft explore [lossy|rough]
                      every state within bounds, with the real core: nothing is violated, or how it comes about.
                      lossy (the default): messages get lost. rough: they also overtake one another and are doubled,
                      and a crash loses what is not on disk. Tens of millions of states each: a minute and 2 GB at most.
                      What follows changes the bounds:
      --servers N, --terms N, --messages N, --entries N
                      how many servers; the highest term; messages under way at once; commands that clients propose
      --heartbeats N, --crashes N, --drops N, --duplicates N
                      how often; `any` for as often as you like
      --reorder true|false, --instant-disk true|false
                      whether a message may overtake another of the same link; whether a write is safe at once
      --transfers N, --changes N, --snapshots N
                      how often a leader hands over, the configuration changes, a snapshot is taken (default 0)
      --spare N       how many servers are not in the cluster at first (default 0)
      --pre-vote, --stickiness, --conflict-hint, --inflight N, --max-entries N
                      how servers behave
      --off RULE      switch a rule off
      --level         nearest states first: takes more memory, and tells a violation with a shortest way to it
      --no-symmetry   tell states apart that differ only in the servers' names
  raft determinism    random scenarios, each in one go, in slices of time, with looks back and branches: the same run every time;
                      a JSON object each, which `npm run determinism` compares with WebAssembly
      --count N, --seed N
                      how many (default 1000), the first one's seed (default 1)
  raft bench          the speeds that the README quotes
      --quick         a tenth of the work

A FILE may also be a folder, for the .raft files in it; `-` for standard input; a scenario on one line, 'raft 1;servers 3;…';
or a link to one, 'https://…#raft%201;…'.
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(message) => {
            eprintln!("raft: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch() -> Result<ExitCode, String> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next().map_err(|e| e.to_string())? {
        Some(lexopt::Arg::Value(word)) => word.to_string_lossy().into_owned(),
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) | None => "help".into(),
        Some(lexopt::Arg::Short('V') | lexopt::Arg::Long("version")) => "version".into(),
        Some(other) => return Err(other.unexpected().to_string()),
    };
    match command.as_str() {
        "run" => run::main(arguments),
        "check" => check::main(arguments),
        "reads" => reads::main(arguments),
        "rules" => {
            for rule in Rule::ALL {
                let protects = format!("{:?}", rule.protects());
                outln!(
                    "{:<27} {:<20} {protects:<19} {}",
                    rule.name(),
                    rule.section(),
                    rule.sentence()
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        "soak" => soak::main(arguments),
        "histories" => histories::main(arguments),
        "explore" => explore::main(arguments),
        "determinism" => determinism::main(arguments),
        "bench" => bench::main(arguments),
        "help" => {
            out!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        "version" => {
            outln!("raft {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!(
            "found {other:?}, expected run, check, reads, rules, soak, histories, explore, determinism or bench (raft --help tells more)"
        )),
    }
}
