//! The fuzzer's promises, kept for its seeds: the shipped scenarios, and every text that once broke one.

#[path = "../../../fuzz/src/promises.rs"]
mod promises;

use std::fs;
use std::path::Path;

#[test]
fn every_text_is_a_scenario_or_refused() {
    for (name, text) in texts(&["fuzz/seeds/parse", "scenarios", "scenarios/broken"]) {
        trying(&name, || promises::parse(&text));
    }
}

#[test]
fn every_link_is_a_scenario_or_refused() {
    for (name, text) in texts(&["fuzz/seeds/link", "fuzz/seeds/parse"]) {
        trying(&name, || promises::link(&text));
    }
}

#[test]
fn a_session_survives_whatever_is_done_with_it() {
    for (name, text) in texts(&["fuzz/seeds/steer"]) {
        trying(&name, || promises::steer(&text));
    }
}

/// Says which text it was if a promise is broken.
fn trying(name: &str, promise: impl FnOnce() + std::panic::UnwindSafe) {
    assert!(std::panic::catch_unwind(promise).is_ok(), "{name}");
}

/// Everything in these folders of the project, by name.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                // The fuzzer's texts are UTF-8, or they are not tried.
                let text = fs::read_to_string(&path).expect("a text");
                texts.push((path.display().to_string(), text));
            }
        }
    }
    assert!(!texts.is_empty());
    texts
}
