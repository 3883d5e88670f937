//! Every file in `scenarios/`, and every lesson's scenario, is what a reader expects of it: explained, canonical, and right in what it claims.

use raft_lab::judge;
use raft_sim::scenario::{Command, Scenario};
use std::fs;
use std::path::PathBuf;

/// Every scenario file, those of the lessons named after their folders: its name and text, by name.
fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of scenarios")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.is_file() && !path.ends_with("order")) // the list of them; www/test/unit/scenarios.test.ts reads it
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a text"))
        })
        .collect();
    let lessons = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    for entry in fs::read_dir(lessons).expect("the folder of lessons") {
        let folder = entry.expect("a lesson").path();
        if folder.is_dir() {
            let name = folder.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(folder.join("scenario.raft")).expect("a text");
            files.push((format!("{name}.raft"), text));
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

fn parse(name: &str, text: &str) -> Scenario {
    Scenario::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn each_is_named_explained_and_ends_in_expectations() {
    for (name, text) in files() {
        let stem = name
            .strip_suffix(".raft")
            .unwrap_or_else(|| panic!("{name} is no .raft file"));
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(stem.chars().all(kebab), "{name} is not in kebab-case");
        assert!(text.starts_with("# "), "{name} does not open with a comment");
        let scenario = parse(&name, &text);
        assert!(!scenario.title.is_empty(), "{name} has no title");
        assert_eq!(
            scenario.script.last().map(|last| &last.command),
            Some(&Command::End),
            "{name} has no end"
        );
        assert!(!scenario.expects.is_empty(), "{name} expects nothing");
    }
}

#[test]
fn each_is_written_in_the_canonical_form() {
    for (name, text) in files() {
        let uncommented: String = text
            .lines()
            .skip_while(|line| line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(parse(&name, &text).to_string(), uncommented, "{name}");
    }
}

#[test]
fn each_keeps_its_promises() {
    let mut broken = Vec::new();
    for (name, text) in files() {
        let scenario = parse(&name, &text);
        let verdicts = judge(&scenario);
        assert_eq!(verdicts.len(), scenario.expects.len());
        broken.extend(
            verdicts
                .iter()
                .filter(|v| !v.holds)
                .map(|v| format!("{name}: {}", v.sentence)),
        );
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What the documents give to be copied is copied.
#[test]
fn every_example_in_the_documents_can_be_read() {
    for (name, page) in [
        ("README.md", include_str!("../../../README.md")),
        ("docs/EMBEDDING.md", include_str!("../../../docs/EMBEDDING.md")),
        (
            "www/embed/README.md",
            include_str!("../../../www/embed/README.md"),
        ),
        (
            "examples/embed/blog.html",
            include_str!("../../../examples/embed/blog.html"),
        ),
    ] {
        let bodies = page.split("<raft-playground").skip(1).filter_map(|tag| {
            let (_, body) = tag.split_once("</raft-playground>")?.0.split_once('>')?;
            Some(body)
        });
        let blocks = page.split("```").skip(1).step_by(2);
        let examples: Vec<_> = bodies
            .chain(blocks)
            .map(str::trim)
            .filter(|text| text.starts_with("raft 1"))
            .collect();
        assert!(!examples.is_empty(), "no example in {name}");
        for example in examples {
            parse(name, example);
        }
    }
}

#[test]
fn the_example_in_the_description_keeps_its_promises() {
    let page = include_str!("../../../docs/SCENARIO.md");
    let example = page.split("```").nth(1).expect("an example");
    let verdicts = judge(&parse("docs/SCENARIO.md", example));
    let broken: Vec<_> = verdicts
        .iter()
        .filter(|v| !v.holds)
        .map(|v| &v.sentence)
        .collect();
    assert!(!verdicts.is_empty() && broken.is_empty(), "{broken:?}");
}
