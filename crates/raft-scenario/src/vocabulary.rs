//! The words of the language, written down for the page: what its controls and its editor offer is checked against them.

use crate::command::{COMMANDS, OPERATIONS};
use crate::expect::{EXPECTS, PROPERTIES};
use crate::parse::{LINES, Words};
use crate::setting::SETTINGS;
use crate::{DiskManner, LinkSettings, Protocol, Scenario, Setting, Settings};
use raft_core::{NodeId, Rule};
use raft_trace::PacketKind;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A change of the language is made by running this test and committing the files it wrote.
#[test]
fn the_committed_words_are_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/generated");
    for (name, text) in [("language.ts", language()), ("rules.ts", rules())] {
        let file = folder.join(name);
        if fs::read_to_string(&file).unwrap_or_default() != text {
            fs::write(&file, text).expect("the folder of generated files is there");
            panic!("www/generated/{name} was not up to date. It is now: look at the change and commit it.");
        }
    }
}

const ORIGIN: &str = "// Made from the parser's tables by `cargo test -p raft-scenario the_committed_words`. Changes belong there.\n";

fn language() -> String {
    let mut text = ORIGIN.to_owned();
    text += "\n/** Settings: as each is by itself; where it may be said of one alone; what the parser wants behind it; whose it is alone. */\n";
    text += "export const SETTINGS = [\n";
    for setting in defaults() {
        let name = setting.to_string();
        let name = name.split(' ').next().expect("a name");
        let scopes = ["S1", "C1->S1"].map(|scope| wanted(&format!("set {name} {scope} ?")));
        let scope = match (wanted(&format!("set {name} ?")), &scopes) {
            (Some(value), [Some(_), _]) if value.contains("a server") => "server",
            (_, [Some(_), _]) => "[server]",
            (_, [_, Some(_)]) => "[link]",
            _ => "",
        };
        let [of_server, of_link] = scopes;
        let value = of_server
            .or(of_link)
            .or_else(|| wanted(&format!("set {name} ?")))
            .expect("a mistake");
        let of = setting.protocol().map_or("", Protocol::name);
        writeln!(text, "  ['{setting}', '{scope}', '{value}', '{of}'],").expect("room");
    }
    text += "] as const;\n";
    names(
        &mut text,
        "What may stand at the beginning of a line.",
        "LINES",
        LINES,
    );
    names(&mut text, "What may stand behind a time.", "COMMANDS", COMMANDS);
    names(
        &mut text,
        "What may stand behind a time and a client.",
        "OPERATIONS",
        OPERATIONS,
    );
    names(&mut text, "What may be expected.", "EXPECTATIONS", EXPECTS);
    names(&mut text, "What may be violated.", "PROPERTIES", PROPERTIES);
    for (protocol, name) in [
        (Protocol::Raft, "KINDS"),
        (Protocol::TwoPhaseCommit, "TWO_PHASE_KINDS"),
    ] {
        let kinds = PacketKind::ALL.into_iter().filter(|kind| kind.is_of(protocol));
        let about = format!("Kinds of messages with protocol {}.", protocol.name());
        list(&mut text, &about, name, kinds.map(PacketKind::name));
    }
    text
}

fn rules() -> String {
    let mut text = ORIGIN.to_owned();
    text += "\n/** Each rule: its name, where it is written, what breaks without it, and what it says. */\n";
    text += "export const RULES = [\n";
    for rule in Rule::ALL {
        let (name, section, sentence) = (rule.name(), rule.section(), rule.sentence());
        writeln!(
            text,
            "  [{name:?}, {section:?}, \"{:?}\", {sentence:?}],",
            rule.protects()
        )
        .expect("room");
    }
    text + "] as const;\n"
}

fn names<T>(text: &mut String, about: &str, name: &str, words: &Words<T>) {
    list(text, about, name, words.iter().map(|(word, _)| *word));
}

fn list(text: &mut String, about: &str, name: &str, words: impl Iterator<Item = &'static str>) {
    let words: Vec<_> = words.map(|word| format!("  '{word}',\n")).collect();
    let words = words.concat();
    write!(
        text,
        "\n/** {about} */\nexport const {name} = [\n{words}] as const;\n"
    )
    .expect("room");
}

/// What the parser wants in the place of the question mark; `None` if it does not get that far.
fn wanted(line: &str) -> Option<String> {
    let of = |protocol| Scenario::parse(&format!("raft 1\nprotocol {protocol}\n{line}")).err();
    ["raft", "two-phase-commit"]
        .into_iter()
        .filter_map(of)
        .find_map(|error| (error.found == "?").then_some(error.expected))
}

/// Every setting as it is by itself.
fn defaults() -> Vec<Setting> {
    let (all, link, server) = (Settings::new(1, 0), LinkSettings::default(), NodeId(1));
    let settings = vec![
        Setting::ElectionTimeout(all.election_timeout),
        Setting::Heartbeat(all.heartbeat),
        Setting::MaxEntries(all.max_entries),
        Setting::Inflight(all.inflight),
        Setting::Repair(all.repair),
        Setting::PreVote(all.pre_vote),
        Setting::SnapshotEvery(all.snapshot_every),
        Setting::CheckQuorum(all.check_quorum),
        Setting::Stickiness(all.stickiness),
        Setting::DriftBound(all.drift_bound),
        Setting::Reads(all.reads),
        Setting::VoteTimeout(all.vote_timeout),
        Setting::AskAgain(all.ask_again),
        Setting::Cooperative(all.cooperative),
        Setting::ClientTimeout(all.client_timeout),
        Setting::ClientRetry(all.client_retry),
        Setting::Contact(all.contact),
        Setting::Latency(None, link.latency),
        Setting::Loss(None, link.loss),
        Setting::Duplicate(None, link.duplicate),
        Setting::Bandwidth(None, link.bandwidth),
        Setting::Write(None, all.write),
        Setting::Fsync(None, all.fsync),
        Setting::Disk(server, DiskManner::Honest),
        Setting::TornWrites(all.torn_writes),
        Setting::Drift(server, all.drift(server)),
    ];
    let named = |setting: &Setting, name: &str| setting.to_string().split(' ').next() == Some(name);
    let are = settings
        .iter()
        .zip(SETTINGS)
        .all(|(setting, (name, _))| named(setting, name));
    assert!(
        are && settings.len() == SETTINGS.len(),
        "one of each, in the parser's order"
    );
    settings
}
