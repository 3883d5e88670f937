//! The house rules as tests: who may know whom, how long a file may be, and what must not be there at all.
//! The reasons stand in docs/ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The longest a source file may be.
const MAX_LINES: usize = 600;

/// Which crates each crate may be built from. A straight line: an arrow back is a design that went wrong somewhere.
/// `ts-rs` is optional everywhere and only used by the test that writes the page's types.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("raft-core", &["serde", "ts-rs"]),
    ("two-phase", &["raft-core", "serde", "ts-rs"]),
    ("raft-trace", &["raft-core", "two-phase", "serde", "ts-rs"]),
    ("raft-scenario", &["raft-core", "raft-trace"]),
    (
        "raft-sim",
        &[
            "raft-core",
            "two-phase",
            "raft-trace",
            "raft-scenario",
            "rand",
            "rand_pcg",
        ],
    ),
    (
        "raft-lab",
        &[
            "raft-core",
            "two-phase",
            "raft-trace",
            "raft-sim",
            "serde",
            "ts-rs",
        ],
    ),
    (
        "raft-wasm",
        &[
            "raft-lab",
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "serde",
            "serde-wasm-bindgen",
            "getrandom",
            "console_error_panic_hook",
        ],
    ),
    (
        "raft-cli",
        &["raft-lab", "lexopt", "miniz_oxide", "serde", "serde_json"],
    ),
];

/// The crates that make a run, in the order of the line: what one must not have, those before it must not either.
const LINE: &[&str] = &[
    "raft-core",
    "two-phase",
    "raft-trace",
    "raft-scenario",
    "raft-sim",
    "raft-lab",
];

/// Words that must not stand in the code of a crate, each with its reason.
const FORBIDDEN: &[(&[&str], &[&str], &str)] = &[
    (LINE.split_at(2).0, &["std"], "the machines are no_std"),
    (
        LINE,
        &["SystemTime", "thread", "getrandom", "println", "eprintln"],
        "a run depends on its scenario alone, and only the doors speak to the outside",
    ),
    (
        LINE,
        &["HashMap", "HashSet", "RandomState", "DefaultHasher"],
        "their order differs from run to run",
    ),
    (
        LINE.split_at(5).0,
        &["f32", "f64"],
        "floats round differently from machine to machine; the trace is integers",
    ),
    (
        LINE.split_at(4).0,
        &["rand", "rand_pcg"],
        "dice belong to the simulator",
    ),
    (&["raft-wasm"], &["World", "Raft"], "the door decides nothing"),
];

/// Places of the page that must not import certain neighbours. The generated types are for all.
const PAGE_MUST_NOT_IMPORT: &[(&str, &[&str], &str)] = &[
    (
        "www/views",
        &["engine", "effects", "player", "element", "pkg/"],
        "a view is a pure function of what it is given",
    ),
    (
        "www/store.ts",
        &["engine", "effects", "player", "element", "views/", "pkg/"],
        "update is pure",
    ),
    (
        "www/sentences.ts",
        &["engine", "effects", "player", "element", "views/", "pkg/"],
        "words only",
    ),
    (
        "www/geometry.ts",
        &[
            "engine", "effects", "player", "element", "views/", "store", "pkg/",
        ],
        "numbers only",
    ),
];

/// Imports of types are no arrows: these carry no code worth the name.
const TYPES: &[&str] = &["import type", "/generated/", "/contract.ts"];

#[test]
fn crates_stand_in_a_straight_line() {
    let mut wrong = Vec::new();
    for (name, allowed) in MAY_DEPEND_ON {
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        for dependency in dependencies(&root().join("crates").join(name).join("Cargo.toml")) {
            if !allowed.contains(dependency.as_str()) {
                wrong.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let known: BTreeSet<String> = MAY_DEPEND_ON
        .iter()
        .map(|(name, _)| (*name).to_string())
        .collect();
    let found: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .expect("crates/")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(known, found, "every crate has its line in this test");
}

#[test]
fn no_file_is_a_house_without_rooms() {
    let mut long = Vec::new();
    for folder in ["crates", "www", "scripts", "xtask", "bench", "fuzz"] {
        for file in files(&root().join(folder), &["rs", "ts", "css", "mjs"]) {
            let lines = read(&file).lines().count();
            if lines > MAX_LINES {
                long.push(format!("{} has {lines} lines, {MAX_LINES} at most", shown(&file)));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn what_must_not_be_there_is_not_there() {
    let mut wrong = Vec::new();
    for (crates, words, reason) in FORBIDDEN {
        for name in *crates {
            for file in files(&root().join("crates").join(name).join("src"), &["rs"]) {
                for (number, line) in shipped(&read(&file)).lines().enumerate() {
                    let code = line.split("//").next().unwrap_or_default();
                    if let Some(word) = words.iter().find(|w| tokens(code).any(|t| t == **w)) {
                        wrong.push(format!("{}:{}: {word}: {reason}", shown(&file), number + 1));
                    }
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_dice_touches_the_generator() {
    let users: Vec<String> = files(&root().join("crates/raft-sim/src"), &["rs"])
        .filter(|file| !file.ends_with("dice.rs"))
        .filter(|file| tokens(&read(file)).any(|t| t == "rand" || t == "rand_pcg"))
        .map(|file| shown(&file))
        .collect();
    assert_eq!(users, Vec::<String>::new());
}

#[test]
fn the_page_imports_one_way() {
    let mut wrong = Vec::new();
    for (place, neighbours, reason) in PAGE_MUST_NOT_IMPORT {
        for file in files(&root().join(place), &["ts"]) {
            for line in read(&file)
                .lines()
                .filter(|line| !TYPES.iter().any(|t| line.contains(t)))
            {
                let Some((_, target)) = line.split_once(" from ") else {
                    continue;
                };
                if let Some(n) = neighbours.iter().find(|n| imports(target, n)) {
                    wrong.push(format!("{} imports {n}: {reason}", shown(&file)));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    for file in files(&root().join("www"), &["ts"]) {
        let name = shown(&file);
        let door = name == "www/engine.ts" || name.starts_with("www/test/");
        assert!(
            door || !read(&file).contains("/pkg/"),
            "{name}: engine.ts is the only importer of the wasm module"
        );
    }
}

/// Whether an import's target names this neighbour: a file (`engine` matches `../engine.ts`) or a folder (`views/`).
fn imports(target: &str, neighbour: &str) -> bool {
    if neighbour.ends_with('/') {
        target.contains(&format!("/{neighbour}"))
    } else {
        target.contains(&format!("/{neighbour}.ts"))
    }
}

/// The names under `[dependencies]`; what only tests use is not part of the house.
fn dependencies(manifest: &Path) -> Vec<String> {
    read(manifest)
        .lines()
        .skip_while(|line| line.trim() != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['=', '.']).next().map(str::trim))
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(ToString::to_string)
        .collect()
}

/// All files below a folder (or the file itself) with one of these endings, but no generated ones.
fn files(folder: &Path, endings: &[&str]) -> impl Iterator<Item = PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let skip = ["target", "pkg", "generated", "node_modules"]
                .iter()
                .any(|s| path.ends_with(s));
            if !skip {
                open.extend(
                    std::fs::read_dir(&path)
                        .expect("a folder")
                        .map(|e| e.expect("entry").path()),
                );
            }
        } else if path
            .extension()
            .is_some_and(|e| endings.iter().any(|wanted| e == *wanted))
        {
            found.push(path);
        }
    }
    found.sort();
    found.into_iter()
}

/// A source without its unit tests, which stand at its end.
fn shipped(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod ").next().unwrap_or(source)
}

fn tokens(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|t| !t.is_empty())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the workspace")
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", shown(file)))
}
