//! The scenarios that come with the playground, in the order in which they are best read.

use crate::frame::PresetFrame;
use raft_sim::scenario::Scenario;

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../scenarios/", $name, ".raft")))),*]
    };
}

/// Name and text of each file in `scenarios/`.
const FILES: &[(&str, &str)] = files![
    "first-value"
    "three-commands"
    "leader-crash"
    "split-vote"
    "follower-repaired"
    "minority-partition"
    "overwritten-entries"
    "dropped-append"
    "old-copies"
    "late-vote"
    "restart-remembers"
    "once"
    "four-ways-to-read"
    "unknown-but-done"
    "nine-servers"
    "even-cluster"
    "one-way-cut"
    "deaf-leader"
    "deaf-leader-steps-down"
    "lossy-network"
    "thin-link"
    "slow-disk"
    "power-failure"
    "power-failure-unsynced"
    "torn-write"
    "fsync-stall"
    "full-disk"
    "lying-disk"
    "drifting-clock"
    "stale-read"
    "leader-local-read"
    "read-index"
    "lease-within-drift"
    "lease-beyond-drift"
    "clock-jump-lease"
    "paused-leader"
    "joint-consensus"
    "lease-and-transfer"
    "short-timeout"
    "figure-8"
    "two-phase-commit-blocks"
    "raft-carries-on"
    "one-vote-is-missing"
    "one-was-told"
    "decided-before-told"
];

/// The scenarios that come with the playground.
#[must_use]
pub fn presets() -> Vec<PresetFrame> {
    FILES
        .iter()
        .filter_map(|&(name, text)| preset(name, text))
        .collect()
}

/// `None` for a text that is no scenario; a test sees to it that there is none.
fn preset(name: &str, text: &str) -> Option<PresetFrame> {
    Some(PresetFrame {
        name: name.into(),
        title: Scenario::parse(text).ok()?.title,
        about: about(text),
        text: text.into(),
    })
}

/// The comment that a text opens with, as one paragraph.
fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::ffi::OsStr;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_scenario_is_offered_with_title_and_comment() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let files = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|file| file.expect("readable").path());
        let scenarios = files.filter(|path| path.extension() == Some(OsStr::new("raft")));
        let names = scenarios.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let presets = presets();
        assert_eq!(
            presets.iter().map(|p| p.name.clone()).collect::<BTreeSet<_>>(),
            names.collect()
        );
        for preset in presets {
            assert!(
                !preset.title.is_empty() && !preset.about.is_empty(),
                "{}",
                preset.name
            );
        }
    }
}
