//! Instructions per unit: this program under callgrind, once with some units and once with more, and the difference.

use core_bench::cases::Case;
use core_bench::no_raft::NoRaft;
use std::env;
use std::error::Error;
use std::process::Command;

const IMPLEMENTATIONS: [&str; 4] = ["core", "paper", "raft", "noraft"];

pub(crate) fn table() -> Result<(), Box<dyn Error>> {
    println!("Instructions per unit, all servers and their hosts together\n");
    crate::heading();
    for case in Case::ALL {
        for servers in [3, 5] {
            let mut figures = [None; 4];
            for (figure, implementation) in figures.iter_mut().zip(IMPLEMENTATIONS) {
                if implementation != "noraft" || case.suits::<NoRaft>() {
                    *figure = Some(per_unit(implementation, case, servers, &[])?);
                }
            }
            crate::row(case, servers, figures);
        }
    }
    println!("\nOf these in raft-core itself, without its host\n");
    println!("| unit | servers | raft-core | as the paper |");
    println!("| --- | ---: | ---: | ---: |");
    for case in Case::ALL {
        let [pipelined, paper] = ["core", "paper"].map(|name| per_unit(name, case, 3, &[WITHIN]));
        println!("| {} | 3 | {:.0} | {:.0} |", case.unit(), pipelined?, paper?);
    }
    Ok(())
}

/// Counts only while this runs, and what it calls.
const WITHIN: &str = "--toggle-collect=raft_core::raft::Raft::step";

fn per_unit(implementation: &str, case: Case, servers: u64, options: &[&str]) -> Result<f64, Box<dyn Error>> {
    let few = case.count() / 10;
    let (one, two) = (
        count(implementation, case, servers, few, options)?,
        count(implementation, case, servers, 2 * few, options)?,
    );
    Ok((two - one) as f64 / few as f64)
}

fn count(
    implementation: &str,
    case: Case,
    servers: u64,
    units: u64,
    options: &[&str],
) -> Result<u64, Box<dyn Error>> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(options)
        .arg(env::current_exe()?)
        .args([
            "one",
            implementation,
            case.name(),
            &servers.to_string(),
            &units.to_string(),
        ])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}"))?;
    let said = String::from_utf8_lossy(&run.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, number) = collected
        .filter(|_| run.status.success())
        .ok_or_else(|| said.clone().into_owned())?;
    Ok(number.trim().parse()?)
}
