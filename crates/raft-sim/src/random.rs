//! Random scenarios: worlds in which everything that Raft promises to survive happens, and often.

use crate::World;
use crate::dice::{Dice, Purpose};
use crate::scenario::{
    Command, Expect, Expected, Link, Load, LoadKind, Ppm, Scenario, Setting, Timed, limits,
};
use raft_core::{Change, Duration, NodeId, ReadMode, Repair, Rule, Span};
use raft_trace::{ClientId, Endpoint, Operation, Protocol, WorldTime};

/// For how long faults happen.
const TROUBLE: Duration = Duration::secs(10);
/// For how long everything is whole again afterwards.
const PEACE: Duration = Duration::secs(11);
/// How far clocks go wrong at most.
const DRIFT: Ppm = Ppm(20_000);

/// A scenario that is a function of the seed alone: 3 to 7 servers under load, with loss, duplication, crashes, losses of power and restarts,
/// cuts and splits, snapshots, hand-overs, changes of the cluster and all ways to read for ten seconds, then eleven seconds in which all is
/// well. It expects that no property is violated.
#[must_use]
pub fn random_scenario(seed: u64) -> Scenario {
    random_scenario_without(seed, None)
}

/// The same with a rule switched off.
#[must_use]
pub fn random_scenario_without(seed: u64, off: Option<Rule>) -> Scenario {
    let mut chance = Chance {
        dice: Dice::new(seed),
        drawn: 0,
    };
    let mut scenario = beginning(seed, &mut chance);
    scenario
        .settings
        .extend(off.map(|rule| Setting::Rule(rule, false)));
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
    let extended = extensions(chance);
    let mut settings = vec![
        Setting::ElectionTimeout(span_ms(timeout)),
        Setting::MaxEntries(max_entries),
        Setting::Latency(None, chance.latency()),
        Setting::Loss(None, chance.loss()),
        Setting::Duplicate(None, Ppm(chance.one_of(&[0, 0, 10_000, 200_000]))),
        Setting::Fsync(
            None,
            span_ms(chance.one_of(&[(1, 3), (1, 3), (0, 40), (10, 100)])),
        ),
        Setting::Drift(
            NodeId(chance.number(1, servers)),
            chance.number(0, 20_000) as i32 - 10_000,
        ),
    ];
    settings.extend(extended);
    let voters = chance.number(3, servers);
    let load = |n| {
        let kind = chance.one_of(&[LoadKind::Put, LoadKind::Put, LoadKind::Get, LoadKind::Del]);
        let every = Duration::millis(chance.one_of(&[20, 50, 100, 200]));
        let client = ClientId(n);
        Timed {
            at: WorldTime(0),
            command: Command::Load {
                client,
                load: Load::every(kind, every),
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
        protocol: Protocol::Raft,
        servers,
        voters: (voters < servers).then_some(voters),
        clients,
        seed,
        settings,
        script,
        expects,
    }
}

/// What goes beyond Figure 2: in every third scenario nothing, so that it is tried by itself.
fn extensions(chance: &mut Chance) -> Vec<Setting> {
    if chance.number(0, 2) == 0 {
        return Vec::new();
    }
    let modes = [
        None,
        Some(ReadMode::Stale),
        Some(ReadMode::LeaderLocal),
        Some(ReadMode::ReadIndex),
        Some(ReadMode::Lease),
        Some(ReadMode::Lease),
    ];
    let mut is = || chance.number(0, 1) == 0;
    let (hint, pre_vote, check_quorum, stickiness) = (is(), is(), is(), is());
    vec![
        Setting::Inflight(chance.one_of(&[1, 2, 8])),
        Setting::Repair(if hint {
            Repair::ConflictHint
        } else {
            Repair::StepBack
        }),
        Setting::PreVote(pre_vote),
        Setting::CheckQuorum(check_quorum),
        Setting::Stickiness(stickiness),
        Setting::DriftBound(DRIFT),
        Setting::Reads(chance.one_of(&modes)),
        Setting::SnapshotEvery(chance.one_of(&[None, Some(3), Some(10), Some(50)])),
    ]
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
            Setting::Fsync(None, span_ms((1, 3))),
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
        match self.chance.number(0, 25) {
            0 | 1 => self.stop(at, vec![victim]),
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
            18 => self.at(at, Command::Snapshot(server)),
            19 | 20 if victim != server => self.at(at, Command::Transfer(victim, server)),
            21 | 22 if self.keeps_strangers_off() => {
                let change = self.change(server);
                self.at(at, Command::Change { change, via: None });
            }
            23 | 24 => self.read(at, server),
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

    /// A change of the cluster, mostly a small one.
    fn change(&mut self, server: NodeId) -> Change {
        match self.chance.number(0, 6) {
            0 | 1 => Change::AddVoter(server),
            2 => Change::AddLearner(server),
            3 | 4 => Change::Remove(server),
            _ => {
                let mut voters = self.servers();
                voters.retain(|_| self.chance.number(0, 3) > 0);
                voters.push(server);
                voters.sort_unstable();
                voters.dedup();
                Change::Voters(voters)
            }
        }
    }

    /// A server that was removed and not told keeps asking for votes. Without one of these it may depose one leader after another, so
    /// that nothing could be promised about progress (thesis 4.2.3).
    fn keeps_strangers_off(&self) -> bool {
        let settings = &self.scenario.settings;
        settings.contains(&Setting::Stickiness(true)) || settings.contains(&Setting::PreVote(true))
    }

    fn read(&mut self, at: u32, server: NodeId) {
        let modes = [
            ReadMode::Stale,
            ReadMode::LeaderLocal,
            ReadMode::ReadIndex,
            ReadMode::Lease,
        ];
        let (key, mode) = ("x".into(), self.chance.one_of(&modes));
        let client = ClientId(self.chance.number(1, self.scenario.clients));
        let command = Command::Client {
            client,
            operation: Operation::Read { key, mode },
            via: Some(server),
            within: None,
        };
        self.at(at, command);
    }

    /// Stops servers and restarts them at most so many µs later.
    fn bounce(&mut self, at: u32, most: u32, servers: Vec<NodeId>) {
        let back = at + self.chance.number(0, most);
        self.stop(at, servers.clone());
        self.at(back, Command::Restart(servers));
    }

    /// Servers crash, or lose their power.
    fn stop(&mut self, at: u32, servers: Vec<NodeId>) {
        let command = match self.chance.number(0, 1) {
            0 => Command::Crash(servers),
            _ => Command::PowerOff(servers),
        };
        self.at(at, command);
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
        let scripts = (0..100).flat_map(|seed| random_scenario(seed).script);
        let texts: Vec<String> = scripts.map(|timed| timed.command.to_string()).collect();
        for word in [
            "crash",
            "power-off",
            "restart",
            "timeout",
            "partition",
            "heal",
            "cut",
            "mend",
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
