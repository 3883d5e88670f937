//! The fingerprints of a few runs. They are the same on every machine; what changes one changes what a seed means.

use raft_sim::scenario::Scenario;
use raft_sim::{World, random_scenario};
use raft_trace::Fingerprint;

/// A random world's seed, and the fingerprint of its run.
const GOLDEN: &[(u64, &str)] = &[
    (1, "f413ef38d489f6a6"),
    (2, "f1b86cb5180398b1"),
    (3, "69d903ec02d75500"),
    (4, "f825c795be54a058"),
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
