//! Small worlds, each for one thing that must hold.

use raft_core::{NodeId, Role};
use raft_sim::World;
use raft_sim::scenario::{Command, Scenario, Timed};
use raft_trace::{ClientId, ClusterState, Event, Operation, Outcome, TraceEvent, WorldTime};

fn ms(n: u64) -> WorldTime {
    WorldTime(n * 1_000)
}

fn scenario(seed: u64, script: Vec<(u64, Command)>) -> Scenario {
    let script = script
        .into_iter()
        .map(|(at, command)| Timed { at: ms(at), command })
        .collect();
    Scenario {
        title: String::new(),
        servers: 5,
        clients: 1,
        seed,
        settings: Vec::new(),
        script,
        expects: Vec::new(),
    }
}

fn put(key: &str, value: &str) -> Command {
    let operation = Operation::Put {
        key: key.into(),
        value: value.into(),
    };
    Command::Client {
        client: ClientId(1),
        operation,
        via: None,
    }
}

/// Runs to a time; compares the fold of the trace with the world's own view after every moment.
fn run(world: &mut World, until: WorldTime) -> (Vec<TraceEvent>, ClusterState) {
    let mut trace = Vec::new();
    let mut fold = world.view();
    while world.next_at().is_some_and(|at| at <= until) {
        let before = trace.len();
        assert!(world.step(&mut trace));
        trace[before..].iter().for_each(|event| fold.apply(event));
        assert_eq!(fold, world.view(), "after {:?}", &trace[before..]);
    }
    (trace, fold)
}

#[test]
fn a_leader_is_elected_and_a_put_is_agreed_by_all() {
    let mut world = World::new(&scenario(1, vec![(1_000, put("x", "1"))]));
    let (trace, state) = run(&mut world, ms(2_000));
    let leaders = state.servers.iter().filter(|s| s.role == Role::Leader).count();
    assert_eq!(leaders, 1);
    for server in &state.servers {
        assert_eq!(server.machine.get("x"), Some("1"), "{}", server.id);
    }
    let outcome = state.clients[0].last.as_ref().map(|(_, outcome)| outcome);
    assert_eq!(outcome, Some(&Outcome::Ok { value: None }));
    assert!(matches!(
        trace[0].event,
        Event::Began {
            servers: 5,
            clients: 1
        }
    ));
}

#[test]
fn a_crashed_leader_is_replaced() {
    let mut world = World::new(&scenario(1, vec![(100, Command::Timeout(NodeId(3)))]));
    run(&mut world, ms(300));
    assert_eq!(world.view().servers[2].role, Role::Leader);
    world.schedule(ms(300), Command::Crash(vec![NodeId(3)]));
    let (_, state) = run(&mut world, ms(1_500));
    assert!(!state.servers[2].up);
    assert!(state.servers.iter().any(|s| s.up && s.role == Role::Leader));
    assert!(world.now() <= ms(1_500));
}
