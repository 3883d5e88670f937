//! Worlds made to hang or to fill the memory.

use crate::scenario;
use raft_core::{Duration, NodeId, Span};
use raft_sim::World;
use raft_sim::scenario::{Command, DiskManner, Link, Ppm, Scenario, Setting, Timed};
use raft_trace::{ClientId, Endpoint, Operation, WorldTime};

/// Lets a world make this many steps: each makes few events, few messages are ever on their way, and time goes on.
fn endure(scenario: &Scenario, steps: u32) -> World {
    let mut world = World::new(scenario);
    let mut out = Vec::new();
    for _ in 0..steps {
        if !world.step(&mut out) {
            break;
        }
        assert!(out.len() < 2_000, "{} events in one step", out.len());
        out.clear();
    }
    let links = (scenario.servers + scenario.clients).pow(2) as usize;
    assert!(world.view().in_flight.len() <= links * 128);
    world
}

#[test]
fn a_storm_of_events_goes_on_step_by_step() {
    let loads: String = (1..=9)
        .map(|n| format!("@0ms load C{n} put every 1ms\n"))
        .collect();
    let world = endure(
        &scenario(&format!(
            "servers 9\nclients 9\nset heartbeat 1ms\nset election-timeout 1ms..2ms\nset latency 1us\nset write 0us\n\
             set fsync 0us\nset duplicate 100%\nset client-retry 1ms\nset client-timeout 2ms\nset max-entries 1\n{loads}"
        )),
        200_000,
    );
    assert!(world.now() > WorldTime(100_000), "{:?}", world.now());
}

#[test]
fn a_storm_that_nothing_comes_out_of_fills_no_memory() {
    let loads: String = (1..=9)
        .map(|n| format!("@0ms load C{n} put every 1ms\n"))
        .collect();
    endure(
        &scenario(&format!(
            "servers 9\nclients 9\nset heartbeat 1ms\nset election-timeout 1ms..2ms\nset latency 60s\n\
             set duplicate 100%\nset client-retry 1ms\nset client-timeout 1ms\n{loads}"
        )),
        200_000,
    );
}

#[test]
fn what_no_parser_would_let_through_does_no_harm() {
    let nobody = Endpoint::Server(NodeId(99));
    let nowhere = Link {
        from: nobody,
        to: Endpoint::Client(ClientId(0)),
    };
    let operation = Operation::Get { key: "x".into() };
    let all = Some(NodeId(7));
    let commands = [
        Command::Crash(vec![NodeId(0), NodeId(6)]),
        Command::Restart(vec![NodeId(0), NodeId(6)]),
        Command::PowerOff(vec![NodeId(0), NodeId(6)]),
        Command::PowerOn(vec![NodeId(0), NodeId(6)]),
        Command::Pause(vec![NodeId(0), NodeId(6)]),
        Command::Resume(vec![NodeId(0), NodeId(6)]),
        Command::Stall(NodeId(6), Duration(1)),
        Command::ClockJump(NodeId(0), 1),
        Command::Set(Setting::Disk(NodeId(6), DiskManner::Full)),
        Command::Set(Setting::Write(Some(NodeId(0)), Span::exactly(Duration(1)))),
        Command::Set(Setting::Fsync(Some(NodeId(6)), Span::exactly(Duration(1)))),
        Command::Timeout(NodeId(6)),
        Command::Partition(vec![vec![nobody], Vec::new()]),
        Command::Cut(nowhere),
        Command::Mend(nowhere),
        Command::Client {
            client: ClientId(9),
            operation: operation.clone(),
            via: None,
            within: None,
        },
        Command::Client {
            client: ClientId(1),
            operation,
            via: all,
            within: None,
        },
        Command::LoadStop(ClientId(9)),
        Command::Set(Setting::Loss(Some(nowhere), Ppm::ALL)),
        Command::Set(Setting::Drift(NodeId(0), i32::MIN)),
        Command::Set(Setting::Drift(NodeId(1), i32::MIN)),
        Command::Set(Setting::Latency(None, Span::exactly(Duration(0)))),
        Command::Set(Setting::Heartbeat(Duration(0))),
        Command::Set(Setting::MaxEntries(0)),
    ];
    let at = WorldTime(500_000);
    let script = commands
        .into_iter()
        .map(|command| Timed { at, command })
        .collect();
    let world = endure(
        &Scenario {
            script,
            ..Scenario::default()
        },
        20_000,
    );
    assert!(world.now() > at);
}

#[test]
fn a_world_ends_after_a_day() {
    let mut world = World::new(&scenario(
        "servers 1\nset election-timeout 60s\nset heartbeat 60s",
    ));
    let mut out = Vec::new();
    while world.step(&mut out) {
        out.clear();
    }
    assert_eq!(world.now(), WorldTime(24 * 3_600 * 1_000_000));
}
