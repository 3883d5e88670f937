//! Every rule of the protocol is good for something: a scenario in `scenarios/broken/` shows what breaks without it, and that nothing does
//! with it.

use raft_core::{Protects, Rule};
use raft_lab::{Run, judge};
use raft_sim::scenario::{Expected, Scenario, Setting};
use raft_trace::Property;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The scenarios, by the name of their rule.
fn files() -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/broken");
    let files = fs::read_dir(folder).expect("the folder of broken scenarios");
    files
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a text"))
        })
        .collect()
}

/// What a rule protects, as a property; progress is stated by each scenario itself.
fn claimed(rule: Rule) -> Option<Property> {
    match rule.protects() {
        Protects::ElectionSafety => Some(Property::ElectionSafety),
        Protects::LogMatching => Some(Property::LogMatching),
        Protects::LeaderCompleteness => Some(Property::LeaderCompleteness),
        Protects::StateMachineSafety => Some(Property::StateMachineSafety),
        Protects::QuorumDurability => Some(Property::QuorumDurability),
        Protects::ReadFreshness => Some(Property::ReadFreshness),
        Protects::ExactlyOnce => Some(Property::ExactlyOnce),
        Protects::Progress => None,
    }
}

/// What is wrong with a rule's scenario, if anything.
fn objection(rule: Rule, text: &str) -> Option<String> {
    let name = rule.name();
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let off = Setting::Rule(rule, false);
    if !scenario.settings.contains(&off) {
        return Some(format!("{name}: it is not off"));
    }
    let claims = |property| {
        scenario
            .expects
            .iter()
            .any(|e| e.what == Expected::Violation(property))
    };
    if claimed(rule).is_some_and(|property| !claims(property)) {
        return Some(format!("{name}: {:?} is not expected to break", rule.protects()));
    }
    if let Some(verdict) = judge(&scenario).into_iter().find(|verdict| !verdict.holds) {
        return Some(format!("{name}, switched off: {}", verdict.sentence));
    }
    let mut whole = scenario.clone();
    whole.settings.retain(|setting| *setting != off);
    let mut run = Run::new(&whole);
    run.until(whole.ends_at());
    if let Some(violation) = run.violations().first() {
        return Some(format!("{name}, switched on: {violation}"));
    }
    let same = judge(&whole).iter().all(|verdict| verdict.holds);
    same.then(|| format!("{name}: all is the same with it on"))
}

#[test]
fn without_a_rule_what_it_protects_breaks_and_with_it_nothing_does() {
    let files = files();
    let judged = Rule::ALL
        .iter()
        .filter_map(|rule| objection(*rule, files.get(rule.name())?));
    let objections: Vec<String> = judged.collect();
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

#[test]
fn no_rule_is_without_a_scenario_and_no_scenario_without_a_rule() {
    let files = files();
    let lacking = Rule::ALL.iter().filter(|rule| !files.contains_key(rule.name()));
    assert_eq!(lacking.collect::<Vec<_>>(), [] as [&Rule; 0]);
    assert!(files.keys().all(|name| Rule::named(name).is_some()));
}

#[test]
fn each_is_explained_and_written_in_the_canonical_form() {
    for (name, text) in files() {
        let uncommented: String = text
            .lines()
            .skip_while(|line| line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(
            uncommented.len() < text.len(),
            "{name} does not open with a comment"
        );
        let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(scenario.to_string(), uncommented, "{name}");
    }
}
