//! Random scenarios: worlds in which everything that Raft promises to survive happens, and often.

use crate::World;
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
    let mut chance = Chance {
        dice: Dice::new(seed),
        drawn: 0,
    };
    let scenario = beginning(seed, &mut chance);
    let world = World::new(&scenario);
    let mut author = Author {
        chance,
        scenario,
        world,
    };
    author.trouble();
    author.peace();
    author.scenario
}

/// Who takes part under which settings, and what clients ask for.
fn beginning(seed: u64, chance: &mut Chance) -> Scenario {
    let (servers, clients) = (chance.number(3, 7), chance.number(1, 3));
    let timeout = chance.one_of(&[(150, 300), (150, 160), (60, 400)]);
    // One entry a message lets old terms' entries reach a majority one by one: where Figure 8 lies in wait.
    let max_entries = chance.one_of(&[1, 1, 2, 64]);
    let settings = vec![
        Setting::ElectionTimeout(span_ms(timeout)),
        Setting::MaxEntries(max_entries),
        Setting::Latency(None, chance.latency()),
        Setting::Loss(None, chance.loss()),
        Setting::Duplicate(None, Ppm(chance.one_of(&[0, 0, 10_000, 200_000]))),
        Setting::Fsync(span_ms(chance.one_of(&[(1, 3), (1, 3), (0, 40), (10, 100)]))),
        Setting::Drift(
            NodeId(chance.number(1, servers)),
            chance.number(0, 20_000) as i32 - 10_000,
        ),
    ];
    let load = |n| {
        let kind = chance.one_of(&[LoadKind::Put, LoadKind::Put, LoadKind::Get, LoadKind::Del]);
        let every = Duration::millis(chance.one_of(&[20, 50, 100, 200]));
        Timed {
            at: WorldTime(0),
            command: Command::Load {
                client: ClientId(n),
                kind,
                every,
            },
        }
    };
    let script = (1..=clients).map(load).collect();
    let expects = vec![Expect {
        what: Expected::NoViolation,
        at: None,
    }];
    Scenario {
        title: format!("Random world {seed}"),
        servers,
        voters: None,
        clients,
        seed,
        settings,
        script,
        expects,
    }
}

/// Who makes the scenario up, watching what comes of it: faults that hit the leader tell more than those that hit anybody.
struct Author {
    chance: Chance,
    scenario: Scenario,
    /// The world of the scenario, as far as it is written.
    world: World,
}

impl Author {
    /// A fault or its end every now and then.
    fn trouble(&mut self) {
        let pace = self.chance.one_of(&[40, 150, 400]);
        let mut at = 0;
        loop {
            at += self.chance.number(1, 2 * pace) * 1_000;
            if u64::from(at) >= TROUBLE.0 {
                return;
            }
            self.watch(at);
            self.fault(at);
        }
    }

    /// Everything works again.
    fn peace(&mut self) {
        let at = TROUBLE.0 as u32;
        let good = [
            Setting::ElectionTimeout(span_ms((150, 300))),
            Setting::Latency(None, span_ms((10, 15))),
            Setting::Loss(None, Ppm(0)),
            Setting::Fsync(span_ms((1, 3))),
        ];
        self.at(at, Command::Heal);
        self.at(at, Command::Restart(self.servers()));
        for setting in good {
            self.at(at, Command::Set(setting));
        }
        self.at(at + PEACE.0 as u32, Command::End);
    }

    fn fault(&mut self, at: u32) {
        let (victim, server) = (self.victim(), self.server());
        match self.chance.number(0, 17) {
            0 | 1 => self.at(at, Command::Crash(vec![victim])),
            2 | 3 => self.at(at, Command::Restart(vec![server])),
            4 => self.at(at, Command::Restart(self.servers())),
            // Whatever was on its way to the disk or to others is gone.
            5 => self.bounce(at, 50_000, self.servers()),
            6 | 7 => self.bounce(at, 20_000, vec![victim]),
            8 => {
                // Another takes over while the old leader is away: two of these make a Figure 8.
                self.bounce(at, 100_000, vec![victim]);
                let soon = at + self.chance.number(0, 30_000);
                self.at(soon, Command::Timeout(server));
            }
            9 | 10 => {
                let groups = self.groups(victim);
                self.at(at, Command::Partition(groups));
            }
            11 | 12 => self.at(at, Command::Heal),
            13 | 14 => {
                let link = self.link(victim);
                self.at(at, Command::Cut(link));
            }
            15 => {
                let link = self.link(server);
                self.at(at, Command::Mend(link));
            }
            16 => self.at(at, Command::Timeout(server)),
            _ => {
                let (link, latency, loss) = (self.link(victim), self.chance.latency(), self.chance.loss());
                let slow = self.chance.number(0, 1) == 0;
                let link = Some(link);
                let setting = if slow {
                    Setting::Latency(link, latency)
                } else {
                    Setting::Loss(link, loss)
                };
                self.at(at, Command::Set(setting));
            }
        }
    }

    /// Crashes servers and restarts them at most so many µs later.
    fn bounce(&mut self, at: u32, most: u32, servers: Vec<NodeId>) {
        let back = at + self.chance.number(0, most);
        self.at(at, Command::Crash(servers.clone()));
        self.at(back, Command::Restart(servers));
    }

    /// Everybody on one of two sides: alone on one of them often enough.
    fn groups(&mut self, alone: NodeId) -> Vec<Vec<Endpoint>> {
        let clients = (1..=self.scenario.clients).map(|n| Endpoint::Client(ClientId(n)));
        let isolate = self.chance.number(0, 2) == 0;
        let mut sides = vec![vec![Endpoint::Server(alone)], Vec::new()];
        let others = self
            .servers()
            .into_iter()
            .filter(|&id| id != alone)
            .map(Endpoint::Server);
        for (i, endpoint) in others.chain(clients).enumerate() {
            let here = self.chance.number(0, 1) == 0 && !(isolate && matches!(endpoint, Endpoint::Server(_)));
            sides[usize::from(i == 0 || !here)].push(endpoint);
        }
        sides
    }

    /// A link between this server and another one, either way.
    fn link(&mut self, end: NodeId) -> Link {
        let servers = self.scenario.servers;
        let other = NodeId((end.0 - 1 + self.chance.number(1, servers - 1)) % servers + 1);
        let (end, other) = (Endpoint::Server(end), Endpoint::Server(other));
        match self.chance.number(0, 1) {
            0 => Link { from: end, to: other },
            _ => Link { from: other, to: end },
        }
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

/// All that is left to chance in a scenario.
struct Chance {
    dice: Dice,
    /// How much was drawn so far.
    drawn: u32,
}

impl Chance {
    fn latency(&mut self) -> Span {
        span_ms(self.one_of(&[(10, 15), (1, 2), (1, 100), (40, 60)]))
    }

    fn loss(&mut self) -> Ppm {
        Ppm(self.one_of(&[0, 0, 10_000, 100_000, 300_000]))
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
