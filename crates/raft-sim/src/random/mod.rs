//! Random scenarios: worlds in which everything that Raft promises to survive happens, and often.

mod beginning;
mod beyond;
mod chance;
mod faults;

use crate::World;
use crate::scenario::{Command, DiskManner, Ppm, Scenario, Setting, Timed, limits};
use beginning::{Reads, beginning};
pub use beyond::{Beyond, beyond_scenario};
use chance::{Chance, span_ms};
use faults::{FAULTS, Fault};
use raft_core::{Duration, NodeId, Rule};
use raft_trace::WorldTime;
use std::mem::discriminant;

/// For how long faults happen.
const TROUBLE: Duration = Duration::secs(7);
/// For how long everything is whole again afterwards: longer than a majority that is up may be without progress.
const PEACE: Duration = Duration::secs(11);

/// A scenario that is a function of the seed alone: 3 to 7 servers under load, with everything that Raft promises to survive for seven
/// seconds, then eleven seconds in which all is well. It expects that no property is violated.
#[must_use]
pub fn random_scenario(seed: u64) -> Scenario {
    random_scenario_without(seed, None)
}

/// The same with a rule switched off.
#[must_use]
pub fn random_scenario_without(seed: u64, off: Option<Rule>) -> Scenario {
    let off = off.map(|rule| Setting::Rule(rule, false));
    let mut author = Author::new(seed, None, off);
    author.trouble(FAULTS);
    author.peace();
    author.scenario
}

/// Who makes the scenario up, watching what comes of it: faults that hit the leader tell more than those that hit anybody.
struct Author {
    chance: Chance,
    scenario: Scenario,
    reads: Reads,
    /// The world of the scenario, as far as it is written.
    world: World,
}

impl Author {
    /// How clients read is drawn unless it is given, and so are settings.
    fn new(seed: u64, reads: Option<Reads>, given: impl IntoIterator<Item = Setting>) -> Author {
        let mut chance = Chance::new(seed);
        let (mut scenario, reads) = beginning(seed, reads, &mut chance);
        for setting in given {
            let kind = discriminant(&setting);
            scenario.settings.retain(|drawn| discriminant(drawn) != kind);
            scenario.settings.push(setting);
        }
        let world = World::new(&scenario);
        Author {
            chance,
            scenario,
            reads,
            world,
        }
    }

    /// A fault or its end every now and then.
    fn trouble(&mut self, faults: &[(u32, Fault)]) {
        let pace = self.chance.one_of(&[40, 150, 400]);
        let mut at = 0;
        loop {
            at += self.chance.number(1, 2 * pace) * 1_000;
            if u64::from(at) >= TROUBLE.0 {
                return;
            }
            self.watch(at);
            let (victim, server) = (self.victim(), self.server());
            let fault = self.chance.weighted(faults);
            fault(self, at, victim, server);
        }
    }

    /// Everything works again.
    fn peace(&mut self) {
        let at = TROUBLE.0 as u32;
        let good = [
            Setting::ElectionTimeout(span_ms((150, 300))),
            Setting::Latency(None, span_ms((10, 15))),
            Setting::Loss(None, Ppm(0)),
            Setting::Bandwidth(None, None),
            Setting::Fsync(None, span_ms((1, 3))),
            // Who asks once only may ask a server that knows nothing, again and again.
            Setting::ClientRetry(Some(Duration::millis(400))),
        ];
        self.at(at, Command::Heal);
        for setting in good {
            self.at(at, Command::Set(setting));
        }
        for id in self.servers() {
            let honest = Setting::Disk(id, DiskManner::Honest);
            self.at(at, Command::Set(honest));
        }
        self.at(at, Command::Resume(self.servers()));
        self.start(at, self.servers());
        self.calm_load(at);
        self.at(at + PEACE.0 as u32, Command::End);
    }

    /// The leader as often as not, if there is one; else any server.
    fn victim(&mut self) -> NodeId {
        let any = self.server();
        let leader = self.world.leader();
        if self.chance.number(0, 1) == 0 {
            leader.unwrap_or(any)
        } else {
            any
        }
    }

    fn server(&mut self) -> NodeId {
        NodeId(self.chance.number(1, self.scenario.servers))
    }

    fn servers(&self) -> Vec<NodeId> {
        (1..=self.scenario.servers).map(NodeId).collect()
    }

    /// Lets the world go on by what is written, until just before this time.
    fn watch(&mut self, us: u32) {
        self.world.replan(&self.scenario.script);
        let mut unseen = Vec::new();
        while self
            .world
            .next_at()
            .is_some_and(|at| at < WorldTime(u64::from(us)))
        {
            self.world.step(&mut unseen);
            unseen.clear();
        }
    }

    /// Puts a command into the script, behind those of the same time.
    fn at(&mut self, us: u32, command: Command) {
        let at = WorldTime(u64::from(us));
        let script = &mut self.scenario.script;
        if script.len() < limits::COMMANDS {
            let position = script.partition_point(|timed| timed.at <= at);
            script.insert(position, Timed { at, command });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_scenario_is_a_text_like_any_other() {
        for seed in 0..200 {
            let scenario = random_scenario(seed);
            let text = scenario.to_string();
            assert_eq!(Scenario::parse(&text).as_ref(), Ok(&scenario), "{text}");
        }
    }

    #[test]
    fn every_kind_of_command_occurs() {
        let scripts = (0..100).flat_map(|seed| random_scenario(seed).script);
        let texts: Vec<String> = scripts.map(|timed| timed.command.to_string()).collect();
        for word in [
            "crash",
            "power-off",
            "restart",
            "power-on",
            "pause",
            "resume",
            "stall",
            "clock-jump",
            "timeout",
            "partition",
            "heal",
            "cut",
            "mend",
            "drop",
            "hold",
            "deliver",
            "duplicate",
            "load",
            "transfer",
            "snapshot",
            "add",
            "learner",
            "remove",
            "voters",
            "set",
            "end",
        ] {
            assert!(texts.iter().any(|text| text.starts_with(word)), "{word}");
        }
    }
}
