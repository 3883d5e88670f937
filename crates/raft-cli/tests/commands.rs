//! The commands as a user meets them: what they print, what they return, what they say of unusable input.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SCENARIO: &str = "\
raft 1
title One value
seed 4
@0ms timeout S2
@400ms C1 put x=1
@900ms end
expect leader S2
expect state x=1
";

#[test]
fn run_tells_who_leads_what_is_stored_and_the_fingerprint() {
    let output = raft(&["run", "-"], SCENARIO);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(text.starts_with("One value\n  900 ms simulated, "), "{text}");
    let s2 = text
        .lines()
        .find(|line| line.starts_with("  S2 "))
        .expect("a line for S2");
    assert!(s2.contains("leader") && s2.ends_with("x=1"), "{s2}");
    assert!(text.contains("no property violated"), "{text}");
}

#[test]
fn when_nobody_reads_on_it_ends_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_raft"))
        .args(["run", "--ladder", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("raft");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("standard input");
    stdin.write_all(SCENARIO.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("raft ends");
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(141)));
}

#[test]
fn run_as_json_has_the_documented_fields_and_the_same_fingerprint() {
    let text = stdout(&raft(&["run", "-"], SCENARIO));
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&raft(&["run", "--json", "-"], SCENARIO))).expect("one JSON object");
    assert_eq!(json["title"], "One value");
    assert_eq!(json["simulated_us"], 900_000);
    assert_eq!(json["violations"], serde_json::json!([]));
    let s2 = &json["servers"][1];
    assert_eq!(
        (&s2["id"], &s2["status"], &s2["role"]),
        (&"S2".into(), &"up".into(), &"leader".into())
    );
    assert_eq!(s2["state"], serde_json::json!({ "x": "1" }));
    let fingerprint = json["fingerprint"].as_str().expect("text");
    assert!(fingerprint.len() == 16 && text.contains(fingerprint));
}

#[test]
fn the_ladder_draws_a_stretch_of_time() {
    let output = raft(
        &["run", "--ladder", "--from", "0.4s", "--to", "500ms", "-"],
        SCENARIO,
    );
    let text = stdout(&output);
    let (ladder, rest) = text.split_once("\n\n").expect("a diagram and a report");
    assert!(
        ladder
            .lines()
            .nth(1)
            .is_some_and(|line| line.contains("S5") && line.contains("C1"))
    );
    assert!(
        ladder.contains("C1 put x=1: ok") && ladder.contains("commits 2"),
        "{ladder}"
    );
    assert!(!ladder.contains("stands for term"), "that was before 400 ms");
    assert_eq!(
        rest,
        stdout(&raft(&["run", "-"], SCENARIO)),
        "a picture changes nothing"
    );
}

#[test]
fn run_as_json_tells_of_the_reads_by_mode() {
    let scenario = "raft 1;seed 4;@400ms C1 put x=1;@600ms C1 get x;@700ms C1 get y lease;@900ms end";
    let json = stdout(&raft(&["run", "--json", scenario], ""));
    let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    let reads = json["reads"].as_object().expect("an object");
    assert_eq!(reads.keys().collect::<Vec<_>>(), ["lease", "log"]);
    for mode in reads.values() {
        let p50 = mode["p50_us"].as_u64().expect("a time");
        assert!((10_000..200_000).contains(&p50), "{mode}");
        let expected = serde_json::json!({
            "asked": 1, "ok": 1, "failed": 0, "unknown": 0, "p50_us": p50, "p99_us": p50, "stale": 0,
        });
        assert_eq!(*mode, expected);
    }
}

#[test]
fn reads_sets_the_ways_to_read_side_by_side() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/four-ways-to-read.raft");
    let file = file.to_str().expect("a plain path");
    let text = stdout(&raft(&["reads", file], ""));
    let ways: Vec<&str> = text
        .lines()
        .skip(3)
        .take(5)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        ways,
        ["stale", "leader-local", "lease", "read-index", "log"],
        "{text}"
    );
    assert!(text.contains("although put "), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");

    let json = stdout(&raft(&["reads", "--json", file], ""));
    let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(
        (&json["atUs"], &json["endUs"]),
        (&6_000_000.into(), &6_000_000.into())
    );
    let local = &json["ways"][1];
    assert_eq!(local["mode"], "leader-local");
    assert_eq!(
        local["stale"],
        local["staleReads"].as_array().expect("a list").len()
    );
}

#[test]
fn the_trace_has_every_event_in_order_and_the_same_fingerprint() {
    let file = std::env::temp_dir().join(format!("raft-trace-{}.jsonl", std::process::id()));
    let path = file.to_str().expect("a plain path");
    let with = stdout(&raft(&["run", "--trace", path, "-"], SCENARIO));
    assert_eq!(
        with,
        stdout(&raft(&["run", "-"], SCENARIO)),
        "keeping a trace changes nothing"
    );
    let lines = std::fs::read_to_string(&file).expect("the trace");
    std::fs::remove_file(&file).expect("it was there");
    let events: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(with.contains(&format!(", {} events, ", events.len())), "{with}");
    for (i, event) in events.iter().enumerate() {
        assert_eq!(event["seq"], i);
        assert!(
            event["cause"].as_u64().is_none_or(|cause| cause < i as u64),
            "a cause comes before: {event}"
        );
    }
    assert_eq!(events[0]["event"]["type"], "Began");
    assert_eq!(events[events.len() - 1]["event"]["type"], "Ended");
}

#[test]
fn a_scenario_may_stand_on_the_command_line_or_in_a_link() {
    let line = SCENARIO.trim_end().replace('\n', ";");
    let link = format!("https://example.org/#{}", line.replace(' ', "%20"));
    let signs = format!(
        "raft+1/{}/at=5ms/is=",
        line["raft 1;".len()..]
            .replace(' ', "+")
            .replace(";@", "/")
            .replace(';', "/")
    );
    let file = stdout(&raft(&["run", "-"], SCENARIO));
    for output in [
        raft(&["run", &line], ""),
        raft(&["run", &link], ""),
        raft(&["run", &signs], ""),
        raft(&["run", "-"], &link),
    ] {
        assert_eq!(stdout(&output), file, "{}", stderr(&output));
    }
}

/// Links of every form there is or was: they must replay for ever, to the fingerprint beside them.
#[test]
fn every_committed_link_replays() {
    let links = include_str!("links.txt");
    for line in links.lines() {
        let (fingerprint, link) = line.split_once(' ').expect("a fingerprint and a link");
        let output = raft(&["run", link], "");
        let told = stdout(&output);
        assert!(
            told.contains(&format!("fingerprint {fingerprint}")) && !told.contains("differs"),
            "{link}\n{told}{}",
            stderr(&output)
        );
    }
    assert!(links.lines().count() >= 20);
}

#[test]
fn a_link_that_replays_otherwise_says_so() {
    let differing = stdout(&raft(&["run", "#raft+1/1s+end/is=01234567"], ""));
    assert!(
        differing.contains("the link differs: where it was made, the fingerprint began with 01234567"),
        "{differing}"
    );
    for damaged in [
        "raft+1/deflate=AAAA/length=4",
        "raft+1/deflate=!/length=1",
        "raft+1/deflate=AA",
    ] {
        let output = raft(&["run", damaged], "");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("damaged"), "{}", stderr(&output));
    }
}

#[test]
fn check_is_content_with_what_holds() {
    let output = raft(&["check", "-"], SCENARIO);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stdout(&output),
        "✓ standard input: 2 of 2 hold\n2 passed, 0 failed\n"
    );
}

#[test]
fn check_says_what_does_not_hold_and_fails() {
    let output = raft(
        &["check", "-"],
        &SCENARIO.replace("expect state x=1", "expect state x=2"),
    );
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(
        text.contains("expect state x=2 does not hold: S1 has state x=1"),
        "{text}"
    );
    assert!(text.ends_with("1 passed, 1 failed\n"), "{text}");
}

#[test]
fn a_folder_of_folders_stands_for_what_is_in_those() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let output = raft(&["check", folder.to_str().expect("a plain path")], "");
    assert!(output.status.success(), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("01-consensus/scenario.raft"), "{told}");
    assert!(told.contains("18-two-phase-commit/scenario.raft"), "{told}");
}

#[test]
fn every_scenario_in_the_folder_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let output = raft(&["check", folder.to_str().expect("a plain path")], "");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
}

#[test]
fn soak_counts_what_it_ran() {
    let output = raft(&["soak", "--count", "60", "--seed", "5"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.starts_with("60 random scenarios (seeds 5 to 64), "),
        "{text}"
    );
    assert!(text.ends_with("  0 violations\n"), "{text}");
}

#[test]
fn determinism_tells_of_every_run_and_of_a_branch_of_it() {
    let output = raft(&["determinism", "--count", "3", "--seed", "7"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines = stdout(&output);
    let runs: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[0]["seed"], 7);
    let again = stdout(&raft(
        &["run", "--json", "-"],
        runs[0]["text"].as_str().expect("text"),
    ));
    assert!(again.contains(runs[0]["fingerprint"].as_str().expect("text")));
    assert_ne!(runs[0]["fingerprint"], runs[0]["branch"]);
}

#[test]
fn unusable_input_is_answered_with_one_sentence() {
    for (arguments, input, expected) in [
        (
            &["run", "-"][..],
            "raft 1\n@1ms crahs S1\n",
            "line 2, column 6: found \"crahs\"",
        ),
        (&["run", "-"], "raft 9\n", "line 1, column 6: found \"9\""),
        (&["run", "no-such-file.raft"], "", "no-such-file.raft: "),
        (
            &["run"],
            "",
            "expected at least one scenario: a file, a folder, a link, or `-`",
        ),
        (
            &["run", "https://example.org/"],
            "",
            "the command line: line 1, column 21: found nothing more, expected a # and a scenario",
        ),
        (
            &["check", "raft%201;serverz%203"],
            "",
            "the command line: line 1, column 8: found \"serverz\"",
        ),
        (
            &["run", "--trace", "x", "../../scenarios"],
            "",
            "--trace takes exactly one scenario, found ",
        ),
        (
            &["dance"],
            "",
            "found \"dance\", expected run, check, reads, rules, soak, histories, explore, determinism or bench",
        ),
        (
            &["run", "--ladder", "--from", "soon", "-"],
            SCENARIO,
            "cannot parse argument \"soon\": expected a time such as 1500ms or 1.5s",
        ),
        (
            &["run", "--ladder", "--json", "-"],
            SCENARIO,
            "--ladder is for people and --json for programs",
        ),
        (&["run", "--loud"], "", "invalid option '--loud'"),
        (&["soak", "--count", "many"], "", "cannot parse argument \"many\""),
    ] {
        let output = raft(arguments, input);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = stderr(&output);
        assert!(
            text.contains(expected) && text.trim_end().lines().count() == 1,
            "{arguments:?}: {text}"
        );
    }
}

fn raft(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_raft"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("raft starts");
    // It may refuse its arguments before it reads anything.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("raft ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// C1 writes to a leader that is alone; C2, with the others, writes and reads on; then C1 reads what is old.
const STALE: &str = "\
raft 1
title Old
clients 2
seed 4
set client-timeout 300ms
@0ms timeout S1
@400ms C1 put x=1
@600ms partition S1 S2 C1 | S3 S4 S5 C2
@700ms C1 del x via S1
@1500ms C2 put x=2 via S3
@1900ms C1 get x stale via S1
@2s end
";

#[test]
fn run_tells_whether_what_clients_saw_is_linearizable() {
    let text = stdout(&raft(&["run", "-"], SCENARIO));
    assert!(text.ends_with("  what clients saw is linearizable\n"), "{text}");
    let text = stdout(&raft(&["run", "-"], STALE));
    let said = "  not linearizable: get x stale returned 1 at 1.9";
    assert!(
        text.contains(said) && text.contains("no property violated"),
        "{text}"
    );
    for (scenario, verdict) in [(SCENARIO, "yes"), (STALE, "no")] {
        let json: serde_json::Value =
            serde_json::from_str(&stdout(&raft(&["run", "--json", "-"], scenario))).expect("one JSON object");
        assert_eq!(json["linearizable"], verdict);
    }
}

#[test]
fn run_writes_what_the_clients_did_as_json_lines() {
    let file = std::env::temp_dir().join(format!("raft-history-{}", std::process::id()));
    let name = file.to_str().expect("a plain path");
    let output = raft(&["run", "--history", name, "-"], STALE);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = std::fs::read_to_string(&file).expect("a history");
    std::fs::remove_file(&file).expect("it was there");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect();
    let returned = lines[0]["return_us"].as_u64().expect("it returned");
    let first = serde_json::json!({
        "client": "C1", "op": "put", "key": "x", "value": "1", "invoke_us": 400_000, "return_us": returned,
        "outcome": "ok", "result": null,
    });
    let unknown = serde_json::json!({
        "client": "C1", "op": "del", "key": "x", "value": null, "invoke_us": 700_000, "return_us": null,
        "outcome": "unknown", "result": null,
    });
    assert_eq!((&lines[0], &lines[1], lines.len()), (&first, &unknown, 4));
    assert_eq!(
        (&lines[3]["op"], &lines[3]["outcome"], &lines[3]["result"]),
        (&"get".into(), &"ok".into(), &"1".into())
    );
}

#[test]
fn histories_are_judged_alike_by_zones_and_search() {
    let output = raft(&["histories", "--count", "2000"], "");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with("2000 random histories of one key (seeds 1 to 2000), "),
        "{text}"
    );
    assert!(text.ends_with("  0 disagreements\n"), "{text}");
}

/// The page offers the same two files: `www/test/unit/export.test.ts` holds it against what stands here.
#[test]
fn run_writes_what_the_page_saves() {
    let taken = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/test/taken/run");
    for (option, kind) in [("--trace", "trace"), ("--history", "history")] {
        let file = std::env::temp_dir().join(format!("raft-taken-{kind}-{}", std::process::id()));
        let name = file.to_str().expect("a plain path");
        let output = raft(&["run", option, name, &format!("{taken}.raft")], "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let written = std::fs::read_to_string(&file).expect("it was written");
        std::fs::remove_file(&file).expect("it was there");
        let expected = std::fs::read_to_string(format!("{taken}.{kind}.jsonl")).expect("it is committed");
        assert!(
            written == expected,
            "raft run {option} no longer writes {taken}.{kind}.jsonl"
        );
    }
}
