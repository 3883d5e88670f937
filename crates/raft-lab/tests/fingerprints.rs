//! The fingerprints of all scenarios that come with the playground, as the page computes them: a change of what happens in
//! any of them is seen here, natively and, by `www/test/unit/wasm.test.ts`, in WebAssembly.

use raft_lab::{Run, Session};
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn every_scenario_has_its_known_fingerprint() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fingerprints.txt");
    let (known, found) = (fs::read_to_string(&file).unwrap_or_default(), fingerprints());
    if known != found {
        fs::write(&file, found).expect("the folder of the tests is there");
        panic!(
            "Scenarios run differently than before. crates/raft-lab/tests/fingerprints.txt now says how: look whether that is meant, and commit it."
        );
    }
}

/// A line for each: name, fingerprint, number of events.
fn fingerprints() -> String {
    let mut lines = String::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let order = fs::read_to_string(folder.join("order")).expect("the list of scenarios is there");
    for name in order.lines().filter_map(|line| line.split_whitespace().next()) {
        let text =
            fs::read_to_string(folder.join(name).with_extension("raft")).expect("the scenario is there");
        let mut session = Session::parse(&text).expect("a scenario");
        let end = session.scenario().ends_at();
        session.play_to(end);
        let mut run = Run::new(session.scenario());
        run.until(end);
        assert_eq!(
            run.fingerprint(),
            session.fingerprint(),
            "{name}: `raft run` and the page differ"
        );
        writeln!(lines, "{name} {} {}", session.fingerprint(), session.seq().0).expect("a string takes all");
    }
    lines
}
