//! The space-time diagram as text, compared with what is committed in `tests/ladders`.

use raft_lab::{Run, Scenario, TextLadder, WorldTime};
use raft_sim::random_scenario;
use std::fs;
use std::path::Path;

fn ladder(scenario: &Scenario, from_ms: u64, to_ms: u64) -> String {
    let mut ladder = TextLadder::new(WorldTime(from_ms * 1000), WorldTime(to_ms * 1000));
    let mut run = Run::new(scenario);
    run.until_seeing(scenario.ends_at(), |event| ladder.observe(event));
    ladder.finish()
}

fn shipped(name: &str) -> Scenario {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    Scenario::parse(&fs::read_to_string(root.join(name).with_extension("raft")).unwrap()).unwrap()
}

/// A change of the picture is made by running this test, looking at the files it wrote, and committing them.
#[test]
fn the_committed_diagrams_are_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ladders");
    let mut changed = Vec::new();
    for (name, from, to) in [
        ("first-value", 0, 1200),
        ("leader-crash", 350, 1050),
        ("minority-partition", 500, 1400),
    ] {
        let (file, text) = (
            folder.join(format!("{name}.txt")),
            ladder(&shipped(name), from, to),
        );
        if fs::read_to_string(&file).unwrap_or_default() != text {
            fs::write(&file, text).unwrap();
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "written anew, look at them: {changed:?}");
}

#[test]
fn every_line_is_readable_at_a_hundred_columns() {
    for seed in 0..10 {
        let text = ladder(&random_scenario(seed), 0, 4_000);
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{line}");
            assert_eq!(line, line.trim_end());
        }
        assert!(text.contains('✗') && text.contains('▶'), "seed {seed}");
    }
}

#[test]
fn nine_servers_and_nine_clients_fit() {
    let text = ladder(
        &Scenario::parse("raft 1;servers 9;clients 9;@900ms C9 put x=1;@2s end").unwrap(),
        0,
        2000,
    );
    let names = text.lines().nth(1).unwrap();
    assert!(names.ends_with("C9") && names.chars().count() < 72, "{names}");
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    assert!(text.contains("C9 put x=1: ok"), "{text}");
}

#[test]
fn what_befalls_a_server_stands_on_its_lane() {
    let text = "raft 1;servers 3;@300ms pause S1;@500ms resume S1;@600ms power-off S2;@700ms power-on S2;@800ms crash S3;\
                @810ms clock-jump S1 +500ms;@820ms stall S1 300ms;@1s end";
    let text = ladder(&Scenario::parse(text).unwrap(), 0, 1000);
    for words in [
        "S1 stands still",
        "S1 goes on",
        "S2 loses its power",
        "S2 restart",
        "S3 crash",
        "S1 clock jumps by 500000 µs",
        "S1 disk stalls, 300.000 ms",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains('┊'));
}

#[test]
fn a_stretch_is_what_the_whole_has_there() {
    let whole = ladder(&shipped("leader-crash"), 0, 10_000);
    let part = ladder(&shipped("leader-crash"), 390, 460);
    // Counts and headings depend on where one begins; lines with a time do not.
    let timed = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        lines.map(ToOwned::to_owned).collect()
    };
    let (whole, part) = (timed(&whole), timed(&part));
    assert!(part.len() > 5);
    let first = whole.iter().position(|line| *line == part[0]).unwrap();
    assert_eq!(whole[first..first + part.len()], part);
}
