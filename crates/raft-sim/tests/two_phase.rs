//! Random worlds of two-phase commit: whatever is lost, repeated, cut, stopped or loses power, all servers end a transaction alike; and once
//! all is well again, nobody waits.

use raft_sim::World;
use raft_sim::scenario::Scenario;
use raft_trace::{ClusterState, Event, Monitor, Outcome, TraceEvent, TwoPhaseState};
use std::fmt::Write;

/// What is left to chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % bound
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Ten seconds of trouble, most of it for the coordinator, and five in which all is well.
fn scenario(seed: u64) -> Scenario {
    let mut chance = Chance(seed);
    let (servers, clients) = (2 + chance.below(4), 1 + chance.below(3));
    let mut text = format!(
        "raft 1\nprotocol two-phase-commit\nservers {servers}\nclients {clients}\nseed {seed}\n\
         set latency {}\nset loss {}\nset duplicate {}\nset fsync {}\nset vote-timeout {}\n\
         set cooperative-termination {}\nset drift S2 {}ppm\n",
        chance.one_of(&["10ms..15ms", "1ms..2ms", "1ms..100ms"]),
        chance.one_of(&["0%", "0%", "1%", "20%"]),
        chance.one_of(&["0%", "1%", "20%"]),
        chance.one_of(&["1ms..3ms", "0ms..40ms"]),
        chance.one_of(&["100ms", "300ms", "1s"]),
        chance.one_of(&["on", "on", "off"]),
        chance.one_of(&["0", "20000", "-20000"]),
    );
    for client in 1..=clients {
        let (gets, every) = (chance.one_of(&["0%", "50%"]), chance.one_of(&[20, 60, 150]));
        let _ = writeln!(text, "@0ms load C{client} mixed {gets} every {every}ms");
    }
    let all: Vec<String> = (1..=servers).map(|id| format!("S{id}")).collect();
    let all = all.join(" ");
    let pace = chance.one_of(&[100, 300, 1_000]);
    let mut at = 0;
    loop {
        at += 1 + chance.below(pace);
        if at > 10_000 {
            break;
        }
        let server = if chance.below(2) == 0 {
            1
        } else {
            1 + chance.below(servers)
        };
        let other = 1 + server % servers;
        let soon = at + chance.below(200);
        let fault = match chance.below(12) {
            0 => format!("crash S{server}"),
            1 => format!("power-off S{server}"),
            2 => format!("power-off {all}"),
            3 | 4 => format!("crash S{server}\n@{soon}ms restart S{server}"),
            5 | 6 => format!("power-off S{server}\n@{soon}ms power-on S{server}"),
            7 => format!("cut S{server}->S{other}\n@{soon}ms cut S{other}->S{server}"),
            8 => format!("partition S{server} C1 | S{other}"),
            9 => "heal".to_owned(),
            10 => format!("drop Decision S{server}->S{other}"),
            _ => format!("restart {all}"),
        };
        let _ = writeln!(text, "@{at}ms {fault}");
    }
    for client in 1..=clients {
        let _ = writeln!(text, "@10500ms load C{client} stop");
    }
    let _ = write!(
        text,
        "@10500ms heal\n@10500ms restart {all}\n@10500ms set loss 0%\n@10500ms set latency 10ms\n@10500ms set fsync 1ms\n@15s end\n"
    );
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn the_fold_of_the_trace_is_what_the_world_sees_of_itself() {
    for seed in 0..30 {
        let mut world = World::new(&scenario(seed));
        let (mut trace, mut fold) = (Vec::new(), ClusterState::default());
        while world.step(&mut trace) {
            trace.iter().for_each(|event| fold.apply(event));
            assert!(
                fold == world.view(),
                "seed {seed}, at {:?}, after {trace:#?}",
                world.now()
            );
            trace.clear();
        }
    }
}

/// What came of a world.
#[derive(Default)]
struct Tally {
    done: u32,
    failed: u32,
    unknown: u32,
    blocked: u32,
}

impl Tally {
    fn count(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Returned { outcome, .. } => match outcome {
                Outcome::Ok { .. } => self.done += 1,
                Outcome::Failed => self.failed += 1,
                Outcome::Unknown => self.unknown += 1,
            },
            Event::TwoPhaseNoted {
                note: two_phase::Note::Blocked { .. },
                ..
            } => self.blocked += 1,
            _ => {}
        }
    }
}

#[test]
fn all_servers_end_alike_and_nobody_waits_once_all_is_well() {
    let mut tally = Tally::default();
    for seed in 0..2_000 {
        let (mut world, mut monitor) = (World::new(&scenario(seed)), Monitor::default());
        let mut moment = Vec::new();
        let mut last = ClusterState::default();
        while world.step(&mut moment) {
            for event in moment.drain(..) {
                monitor.observe(&event);
                tally.count(&event);
            }
            if world.next_at().is_some() {
                continue;
            }
            last = world.view();
        }
        assert_eq!(monitor.violations(), [], "seed {seed}");
        for server in &last.servers {
            assert!(server.up, "seed {seed}");
            let state = server.two_phase.as_deref();
            let idle = |s: &TwoPhaseState| s.prepared.is_empty() && s.ballots.is_empty();
            assert!(state.is_some_and(idle), "seed {seed}: {} {state:?}", server.id);
            let store = |s: &raft_trace::ServerState| -> Vec<(String, String)> {
                s.machine
                    .iter()
                    .map(|(key, value)| (key.into(), value.into()))
                    .collect()
            };
            assert_eq!(store(server), store(&last.servers[0]), "seed {seed}");
        }
    }
    let Tally {
        done,
        failed,
        unknown,
        blocked,
    } = tally;
    // Nothing of it is rare, or the worlds would show little.
    assert!(
        done > 50_000 && failed > 10_000 && unknown > 2_000 && blocked > 2_000,
        "{done} {failed} {unknown} {blocked}"
    );
}
