//! Random scenarios: worlds in which everything that Raft promises to survive happens, and often.

use crate::dice::{Dice, Purpose};
use crate::scenario::{Command, Expect, Expected, Link, LoadKind, Ppm, Scenario, Setting, Timed, limits};
use raft_core::{Duration, NodeId, Span};
use raft_trace::{ClientId, Endpoint, WorldTime};

/// For how long faults happen.
const TROUBLE: Duration = Duration::secs(10);
/// For how long everything is whole again afterwards.
const PEACE: Duration = Duration::secs(3);

/// A scenario that is a function of the seed alone: 3 to 7 servers under load, with loss, duplication, crashes and restarts,
/// cuts and splits for ten seconds, then three seconds in which all is well. It expects that no property is violated.
#[must_use]
pub fn random_scenario(seed: u64) -> Scenario {
    let mut author = Author {
        dice: Dice::new(seed),
        drawn: 0,
        scenario: Scenario::default(),
    };
    author.scenario.title = format!("Random world {seed}");
    author.scenario.seed = seed;
    author.scenario.servers = author.number(3, 7);
    author.scenario.clients = author.number(1, 3);
    author.settings();
    author.load();
    author.trouble();
    author.peace();
    author.scenario.expects.push(Expect {
        what: Expected::NoViolation,
        at: None,
    });
    author.scenario
}

/// Who makes the scenario up.
struct Author {
    dice: Dice,
    /// How much was drawn so far.
    drawn: u32,
    scenario: Scenario,
}

impl Author {
    fn settings(&mut self) {
        // One entry a message lets old terms' entries reach a majority one by one: where Figure 8 lies in wait.
        let max_entries = self.one_of(&[1, 1, 2, 64]);
        let timeout = self.one_of(&[(150, 300), (150, 160), (60, 400)]);
        let drift = self.number(0, 20_000) as i32 - 10_000;
        let server = self.server();
        let settings = [
            Setting::ElectionTimeout(span_ms(timeout)),
            Setting::MaxEntries(max_entries),
            self.latency(None),
            self.loss(None),
            Setting::Duplicate(None, Ppm(self.one_of(&[0, 0, 10_000, 200_000]))),
            Setting::Fsync(span_ms(self.one_of(&[(1, 3), (1, 3), (0, 40), (10, 100)]))),
            Setting::Drift(server, drift),
        ];
        self.scenario.settings.extend(settings);
    }

    fn load(&mut self) {
        for n in 1..=self.scenario.clients {
            let kind = self.one_of(&[LoadKind::Put, LoadKind::Put, LoadKind::Get, LoadKind::Del]);
            let every = Duration::millis(self.one_of(&[20, 50, 100, 200]));
            self.at(
                0,
                Command::Load {
                    client: ClientId(n),
                    kind,
                    every,
                },
            );
        }
    }

    /// A fault or its end every now and then.
    fn trouble(&mut self) {
        let pace = self.one_of(&[40, 150, 400]);
        let mut at = 0;
        loop {
            at += self.number(1, 2 * pace) * 1_000;
            if u64::from(at) >= TROUBLE.0 {
                return;
            }
            self.fault(at);
        }
    }

    /// Everything works again.
    fn peace(&mut self) {
        let at = TROUBLE.0 as u32;
        let all = self.servers();
        self.at(at, Command::Heal);
        self.at(at, Command::Restart(all));
        let good = [
            Setting::ElectionTimeout(span_ms((150, 300))),
            Setting::Latency(None, span_ms((10, 15))),
            Setting::Loss(None, Ppm(0)),
            Setting::Fsync(span_ms((1, 3))),
        ];
        for setting in good {
            self.at(at, Command::Set(setting));
        }
        self.at(at + PEACE.0 as u32, Command::End);
    }

    fn fault(&mut self, at: u32) {
        let server = self.server();
        match self.number(0, 15) {
            0 | 1 => self.at(at, Command::Crash(vec![server])),
            2 | 3 => self.at(at, Command::Restart(vec![server])),
            4 => {
                // Whatever was on its way to the disk or to others is gone.
                let all = self.servers();
                let back = at + self.number(0, 50_000);
                self.at(at, Command::Crash(all.clone()));
                self.at(back, Command::Restart(all));
            }
            5 => {
                let back = at + self.number(0, 20_000);
                self.at(at, Command::Crash(vec![server]));
                self.at(back, Command::Restart(vec![server]));
            }
            6 => {
                let all = self.servers();
                self.at(at, Command::Restart(all));
            }
            7 | 8 => {
                let groups = self.groups();
                self.at(at, Command::Partition(groups));
            }
            9 | 10 => self.at(at, Command::Heal),
            11 | 12 => {
                let link = self.link();
                self.at(at, Command::Cut(link));
            }
            13 => {
                let link = self.link();
                self.at(at, Command::Mend(link));
            }
            14 => self.at(at, Command::Timeout(server)),
            _ => {
                let link = Some(self.link());
                let setting = if self.number(0, 1) == 0 {
                    self.latency(link)
                } else {
                    self.loss(link)
                };
                self.at(at, Command::Set(setting));
            }
        }
    }

    fn latency(&mut self, link: Option<Link>) -> Setting {
        Setting::Latency(
            link,
            span_ms(self.one_of(&[(10, 15), (1, 2), (1, 100), (40, 60)])),
        )
    }

    fn loss(&mut self, link: Option<Link>) -> Setting {
        Setting::Loss(link, Ppm(self.one_of(&[0, 0, 10_000, 100_000, 300_000])))
    }

    /// Everybody on one of two sides, and nobody's side empty.
    fn groups(&mut self) -> Vec<Vec<Endpoint>> {
        let endpoints = self.endpoints();
        let there: Vec<bool> = endpoints.iter().map(|_| self.number(0, 1) == 1).collect();
        let all_on_one_side = there.iter().all(|&t| t == there[0]);
        let mut sides = vec![Vec::new(), Vec::new()];
        for (i, (&endpoint, &there)) in endpoints.iter().zip(&there).enumerate() {
            let there = if all_on_one_side { i == 0 } else { there };
            sides[usize::from(there)].push(endpoint);
        }
        sides
    }

    fn link(&mut self) -> Link {
        let from = self.server();
        let others = self.scenario.servers - 1;
        let to = NodeId((from.0 + self.number(0, others - 1)) % self.scenario.servers + 1);
        Link {
            from: Endpoint::Server(from),
            to: Endpoint::Server(to),
        }
    }

    fn server(&mut self) -> NodeId {
        NodeId(self.number(1, self.scenario.servers))
    }

    fn servers(&self) -> Vec<NodeId> {
        (1..=self.scenario.servers).map(NodeId).collect()
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        let clients = (1..=self.scenario.clients).map(|n| Endpoint::Client(ClientId(n)));
        self.servers()
            .into_iter()
            .map(Endpoint::Server)
            .chain(clients)
            .collect()
    }

    /// Puts a command into the script, behind those of the same time.
    fn at(&mut self, us: u32, command: Command) {
        let at = WorldTime(u64::from(us));
        let script = &mut self.scenario.script;
        let position = script.partition_point(|timed| timed.at <= at);
        if script.len() < limits::COMMANDS {
            script.insert(position, Timed { at, command });
        }
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.number(0, choices.len() as u32 - 1) as usize]
    }

    /// A number from `min` to `max`, both included.
    fn number(&mut self, min: u32, max: u32) -> u32 {
        let n = self.drawn;
        self.drawn += 1;
        let drawn = self.dice.below(Purpose::Scenario, 0, n, u64::from(max - min) + 1);
        min + drawn as u32
    }
}

fn span_ms((min, max): (u64, u64)) -> Span {
    Span::new(Duration::millis(min), Duration::millis(max))
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
        let scripts = (0..50).flat_map(|seed| random_scenario(seed).script);
        let texts: Vec<String> = scripts.map(|timed| timed.command.to_string()).collect();
        for word in [
            "crash",
            "restart",
            "timeout",
            "partition",
            "heal",
            "cut",
            "mend",
            "load",
            "set",
            "end",
        ] {
            assert!(texts.iter().any(|text| text.starts_with(word)), "{word}");
        }
    }
}
