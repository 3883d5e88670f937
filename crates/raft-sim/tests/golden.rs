//! The fingerprints of a few runs. They are the same on every machine; what changes one changes what a seed means.

use raft_sim::scenario::Scenario;
use raft_sim::{World, random_scenario};
use raft_trace::Fingerprint;

/// A random world's seed, and the fingerprint of its run.
const GOLDEN: &[(u64, &str)] = &[
    (1, "a60d6f9ed7c5243c"),
    (2, "92c370c082e76ae2"),
    (3, "348865f323406d33"),
    (4, "19fe0f9cd8152dd3"),
];

fn fingerprint(scenario: &Scenario) -> String {
    let mut world = World::new(scenario);
    let (mut fingerprint, mut events) = (Fingerprint::default(), Vec::new());
    while world.step(&mut events) {
        events.iter().for_each(|event| fingerprint.add(event));
        events.clear();
    }
    fingerprint.to_string()
}

#[test]
fn runs_are_what_they_were() {
    let found: Vec<_> = GOLDEN
        .iter()
        .map(|&(seed, _)| (seed, fingerprint(&random_scenario(seed))))
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(seed, fingerprint)| (*seed, fingerprint.as_str()))
        .collect();
    assert_eq!(
        found, GOLDEN,
        "commit the new ones only if you understand why they differ"
    );
}
