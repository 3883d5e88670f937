//! The fingerprints of a few runs. They are the same on every machine; what changes one changes what a seed means.

use raft_sim::scenario::Scenario;
use raft_sim::{World, random_scenario};
use raft_trace::Fingerprint;

/// A random world's seed, and the fingerprint of its run.
const GOLDEN: &[(u64, &str)] = &[
    (1, "11074c463971f32d"),
    (2, "cbecf88068a73b52"),
    (3, "b4f4fa5a211f91e7"),
    (4, "b217d4e8beebfe5c"),
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
