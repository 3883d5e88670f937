//! What befalls single servers: disks that tear, lie, fill up and stall; processes that stand still; clocks that jump.

use crate::{Run, ms, run, scenario};
use raft_core::{Index, NodeId, Role, Term, Timer};
use raft_sim::scenario::{Command, DiskManner, Setting, Timed};
use raft_sim::{World, random_scenario};
use raft_trace::{ClusterState, Event, LostBecause, Outcome, Packet, WorldTime};

const S1: NodeId = NodeId(1);
const S2: NodeId = NodeId(2);

fn synced(run: &Run, id: NodeId) -> Vec<WorldTime> {
    let at = run.events(|e| matches!(e, Event::Synced { server, .. } if *server == id).then_some(()));
    at.into_iter().map(|(at, ())| at).collect()
}

#[test]
fn of_what_is_not_synced_a_torn_disk_has_some_beginning() {
    // Three writes of one entry each wait behind one under way, on a disk that never gets done.
    let kept = |seed: u64, torn: &str| {
        let text = format!(
            "seed {seed}\nclients 4\nset torn-writes {torn}\n@10ms timeout S1\n@100ms set fsync S1 60s\n@200ms C1 put x=1 via S1\n\
            @201ms C2 put x=2 via S1\n@202ms C3 put x=3 via S1\n@203ms C4 put x=4 via S1\n@230ms power-off S1\n@231ms end"
        );
        let run = run(&text);
        let s1 = &run.state.servers[0];
        assert_eq!(s1.log, s1.durable.log);
        s1.log.last_index().0 - 1
    };
    let mut seen = [0; 5];
    (0..100).for_each(|seed| seen[kept(seed, "on") as usize] += 1);
    assert!(seen.iter().all(|times| *times > 5), "{seen:?}");
    assert!((0..5).all(|seed| kept(seed, "off") == 0));
}

#[test]
fn a_write_of_several_entries_can_be_torn_between_them() {
    let torn = (0..40).filter_map(|seed| {
        let text = format!(
            "seed {seed}\nservers 3\nset torn-writes on\nset latency 10ms\n@10ms timeout S1\n@100ms cut S1->S3\n@110ms C1 put x=1\n\
            @150ms C1 put x=2\n@200ms C1 put x=3\n@230ms mend S1->S3\n@235ms set fsync S3 60s\n@500ms power-off S3\n\
            @501ms power-on S3\n@502ms end"
        );
        let run = run(&text);
        let off = run.events(|e| match e {
            Event::PoweredOff { entries, .. } => Some(*entries),
            _ => None,
        });
        (off[0].1 > 0).then(|| run.state.servers[2].log.last_index().0)
    });
    let lengths: Vec<u64> = torn.collect();
    assert!(lengths.contains(&1) || lengths.contains(&2), "{lengths:?}");
}

/// Runs a scenario in which properties are violated.
fn broken(text: &str) -> ClusterState {
    let mut world = World::new(&scenario(text));
    let (mut events, mut state) = (Vec::new(), ClusterState::default());
    while world.step(&mut events) {
        events.iter().for_each(|event| state.apply(event));
        assert!(state == world.view(), "after {events:#?}");
        events.clear();
    }
    state
}

#[test]
fn what_a_disk_lied_about_is_gone_with_the_power() {
    let text = "@10ms timeout S1\n@100ms set disk S2 lies\n@200ms C1 put x=1\n@400ms C1 put x=2";
    let told = run(&format!("{text}\n@600ms end"));
    let s2 = &told.state.servers[1];
    assert_eq!((s2.log.last_index(), s2.synced_index()), (Index(3), Index(1)));
    assert_eq!(s2.claimed_index(), Some(Index(3)));

    let crashed = run(&format!("{text}\n@600ms crash S2\n@610ms restart S2\n@611ms end"));
    let s2 = &crashed.state.servers[1];
    assert_eq!(
        (s2.log.last_index(), s2.synced_index()),
        (Index(3), Index(1)),
        "a process can die without harm"
    );

    let off = broken(&format!(
        "{text}\n@600ms power-off S2\n@610ms power-on S2\n@611ms end"
    ));
    let s2 = &off.servers[1];
    assert_eq!((s2.log.last_index(), s2.claimed_index()), (Index(1), None));
}

#[test]
fn the_first_sync_of_a_disk_that_is_honest_again_makes_all_true() {
    let run = run(
        "@10ms timeout S1\n@100ms set disk S2 lies\n@200ms C1 put x=1\n@400ms set disk S2 honest\n\
        @500ms C1 put x=2\n@600ms power-off S2\n@601ms end",
    );
    let s2 = &run.state.servers[1];
    assert_eq!((s2.log.last_index(), s2.claimed_index()), (Index(3), None));
}

#[test]
fn a_server_whose_disk_is_full_stops_before_it_promises_anything() {
    let run = run("servers 3\n@10ms timeout S1\n@100ms set disk S1 full\n@200ms C1 put x=1 via S1\n@3s end");
    let stops = run.events(|e| match e {
        Event::DiskFull { server } => Some((*server, true)),
        Event::Crashed { server } => Some((*server, false)),
        _ => None,
    });
    let at = stops[0].0;
    assert_eq!(stops, [(at, (S1, true)), (at, (S1, false))]);
    let later = run.trace.iter().filter(|e| e.at >= at);
    let of_s1 = later.filter(|e| match &e.event {
        Event::Written { server, .. } => *server == S1,
        Event::Sent { packet, .. } => packet.from() == raft_trace::Endpoint::Server(S1),
        _ => false,
    });
    assert_eq!(of_s1.count(), 0, "it writes and says nothing more");
    assert!(
        matches!(run.outcomes(1)[..], [(_, Outcome::Ok { .. })]),
        "others do it"
    );
}

#[test]
fn started_again_without_room_it_stops_at_its_next_write() {
    let run = run(
        "servers 3\nset election-timeout 300ms\n@10ms timeout S1\n@100ms set disk S2 full\n@200ms C1 put x=1\n@400ms restart S2\n@1s end",
    );
    let full = run.events(|e| matches!(e, Event::DiskFull { server: S2 }).then_some(()));
    assert_eq!(full.len(), 2);
    assert!(!run.state.servers[1].up);
}

#[test]
fn a_stall_makes_one_batch_longer_by_exactly_so_much() {
    let setup = "set write 0ms\nset fsync 10ms\nset latency 10ms\n@10ms timeout S1\n@200ms C1 put x=1 via S1\n@500ms C1 put x=2 via S1";
    let plain = synced(&run(&format!("{setup}\n@1s end")), S1);
    let late = |text: &str| {
        let at = synced(&run(&format!("{setup}\n{text}\n@1s end")), S1);
        assert_eq!(at.len(), plain.len());
        let late: Vec<u64> = at
            .iter()
            .zip(&plain)
            .map(|(at, was)| (*at - *was).0 / 1_000)
            .collect();
        late
    };
    assert_eq!(late("@215ms stall S1 50ms"), [0, 0, 50, 0], "the batch under way");
    assert_eq!(
        late("@100ms stall S1 30ms\n@110ms stall S1 20ms"),
        [0, 0, 50, 0],
        "the next one"
    );
    assert_eq!(late("@300ms stall S2 300ms"), [0, 0, 0, 0], "another's");
}

#[test]
fn one_servers_disk_can_be_slower_than_the_others() {
    let run = run(
        "set write 0ms\nset fsync 1ms\nset fsync S2 80ms\n@10ms timeout S1\n@500ms set fsync 1ms\n@700ms C1 put x=1\n@1s end",
    );
    let written = |id| {
        let at = run.events(|e| matches!(e, Event::Written { server, .. } if *server == id).then_some(()));
        at.into_iter().map(|(at, ())| at)
    };
    let took = |id| -> Vec<u64> {
        written(id)
            .zip(synced(&run, id))
            .map(|(a, b)| (b - a).0 / 1_000)
            .collect()
    };
    assert_eq!((took(S1).last(), took(S2)[0]), (Some(&1), 80));
    assert_eq!(
        took(S2).last(),
        Some(&1),
        "a setting for all takes the place of those for one"
    );
}

#[test]
fn a_process_that_stands_still_does_nothing_and_then_all_that_was_due() {
    let run = run(
        "servers 3\nset latency 10ms\nset election-timeout 150ms..160ms\n@10ms timeout S1\n@200ms pause S1\n@1s resume S1\n@2s end",
    );
    let own = |e: &&raft_trace::TraceEvent| match &e.event {
        Event::TimerFired { server, .. } | Event::Noted { server, .. } | Event::TimerSet { server, .. } => {
            *server == S1
        }
        Event::Sent { packet, .. } => packet.from() == raft_trace::Endpoint::Server(S1),
        Event::Delivered { message } => {
            run.voyages()[message.0 as usize].packet.to() == raft_trace::Endpoint::Server(S1)
        }
        _ => false,
    };
    let paused = run.trace.iter().filter(|e| e.at > ms(200) && e.at < ms(1_000));
    assert_eq!(paused.filter(own).count(), 0);
    assert_eq!(
        run.state.servers[0].role,
        Role::Follower,
        "it heard who leads now"
    );
    let woken: Vec<&Event> = run
        .trace
        .iter()
        .filter(|e| e.at == ms(1_000))
        .filter(own)
        .map(|e| &e.event)
        .collect();
    assert!(
        matches!(
            woken[0],
            Event::TimerFired {
                timer: Timer::Heartbeat,
                ..
            }
        ),
        "its heartbeat is overdue, and it still takes itself for the leader: {woken:?}"
    );
    let arrived: Vec<WorldTime> = run
        .voyages()
        .iter()
        .filter(|v| v.packet.to() == raft_trace::Endpoint::Server(S1))
        .filter(|v| v.end == Some((ms(1_000), Ok(()))))
        .map(|v| v.arrives)
        .collect();
    assert!(
        arrived.len() > 10 && arrived.is_sorted(),
        "in the order of arrival: {arrived:?}"
    );
}

#[test]
fn what_waits_at_the_door_counts_for_its_link_and_is_lost_with_the_process() {
    let run = run(
        "servers 3\nset client-retry 5ms\n@10ms timeout S1\n@200ms pause S2\n@200ms load C1 put every 1ms\n@1s say \"waiting\"\n@1500ms crash S2\n@2s end",
    );
    let lost = run.events(|e| match e {
        Event::Lost { because, .. } => Some(*because),
        _ => None,
    });
    let down: Vec<_> = lost
        .iter()
        .filter(|(_, because)| *because == LostBecause::ReceiverDown)
        .collect();
    assert!(down.iter().filter(|(at, _)| *at == ms(1_500)).count() > 5);
}

#[test]
fn a_disk_goes_on_while_its_process_stands_still() {
    let run = run(
        "servers 3\nset write 0ms\nset fsync 100ms\n@10ms timeout S1\n@50ms pause S1\n@300ms resume S1\n@400ms end",
    );
    assert_eq!(synced(&run, S1)[0], ms(110));
    let told = run.events(|e| match e {
        Event::Sent {
            packet: Packet::Raft { message },
            ..
        } => Some(message.from),
        _ => None,
    });
    let from_s1 = told.iter().find(|(_, from)| *from == S1);
    assert_eq!(
        from_s1.map(|(at, _)| *at),
        Some(ms(300)),
        "it asks for votes once it hears of it"
    );
}

#[test]
fn a_pause_ends_with_the_process() {
    let run = run(
        "@10ms timeout S1\n@200ms pause S1 S2\n@300ms crash S1\n@300ms power-off S2\n@400ms restart S1 S2\n@450ms resume S1\n@2s end",
    );
    assert!(run.state.servers.iter().all(|s| s.up && !s.paused));
    let resumed = run.events(|e| matches!(e, Event::Resumed { .. }).then_some(()));
    assert_eq!(resumed.len(), 0, "who runs does not go on");
}

#[test]
fn a_clock_that_jumps_forward_fires_what_is_due_by_it() {
    let text = "servers 3\nset election-timeout 1s\n@10ms timeout S1\n@200ms clock-jump S2 +900ms\n@200ms clock-jump S3 -2s\n@5s end";
    let run = run(text);
    let fired = run.events(|e| {
        matches!(
            e,
            Event::TimerFired {
                server: S2,
                timer: Timer::Election
            }
        )
        .then_some(())
    });
    assert!(fired.is_empty() || fired[0].0 > ms(200), "{fired:?}");
    let moved = run.events(|e| match e {
        Event::TimerMoved { server, deadline, .. } => Some((*server, *deadline)),
        _ => None,
    });
    let set = run.state.servers[1].election_timer;
    assert_eq!(moved.len(), 2);
    assert!(moved[0].1.1 < ms(400) && moved[1].1.1 > ms(3_000), "{moved:?}");
    assert!(set.is_some());
}

#[test]
fn a_jump_past_the_deadline_fires_at_once() {
    let run =
        run("servers 3\nset election-timeout 1s\n@10ms timeout S1\n@100ms clock-jump S2 +3s\n@200ms end");
    let fired = run.events(|e| {
        matches!(
            e,
            Event::TimerFired {
                server: S2,
                timer: Timer::Election
            }
        )
        .then_some(())
    });
    assert_eq!(fired, [(WorldTime(100_001), ())]);
    assert_eq!(run.state.servers[1].term, Term(2));
}

#[test]
fn a_new_drift_moves_the_timers_that_run() {
    let run = run("servers 1\nset election-timeout 1s\n@500ms set drift S1 50%\n@2s end");
    let fired = run.events(|e| matches!(e, Event::TimerFired { .. }).then_some(()));
    assert_eq!(
        fired[0].0,
        WorldTime(833_334),
        "half a second at one and a half times the pace"
    );
}

/// A random world with every fault that there is, by a generator of its own.
fn troubled(seed: u64) -> raft_sim::scenario::Scenario {
    let mut scenario = random_scenario(seed);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    scenario.settings.push(Setting::TornWrites(true));
    for _ in 0..80 {
        let at = WorldTime(next(10_000_000));
        let id = NodeId(1 + next(u64::from(scenario.servers)) as u32);
        let command = match next(9) {
            0 => Command::Pause(vec![id]),
            1 | 2 => Command::Resume(vec![id]),
            3 => Command::Stall(id, raft_core::Duration::millis(next(300))),
            4 => Command::ClockJump(id, next(1_000_000) as i64 - 500_000),
            5 => Command::Set(Setting::Disk(id, DiskManner::Lies)),
            6 => Command::Set(Setting::Disk(id, DiskManner::Full)),
            7 => Command::Set(Setting::Disk(id, DiskManner::Honest)),
            _ => Command::PowerOff(vec![id]),
        };
        let position = scenario.script.partition_point(|timed| timed.at <= at);
        scenario.script.insert(position, Timed { at, command });
    }
    scenario
}

#[test]
fn with_every_fault_the_trace_tells_all_there_is() {
    let mut seen = [0; 6];
    for seed in 0..30 {
        let scenario = troubled(seed);
        let mut world = World::new(&scenario);
        let (mut trace, mut fold) = (Vec::new(), ClusterState::default());
        while world.step(&mut trace) {
            trace.iter().for_each(|event| fold.apply(event));
            assert!(
                fold == world.view(),
                "seed {seed}, at {:?}, after {trace:#?}",
                world.now()
            );
            for event in trace.drain(..) {
                let kind = match event.event {
                    Event::SyncClaimed { .. } => 0,
                    Event::DiskFull { .. } => 1,
                    Event::Paused { .. } => 2,
                    Event::TimerMoved { .. } => 3,
                    Event::DiskStalled { .. } => 4,
                    Event::Returned {
                        outcome: Outcome::Ok { .. },
                        ..
                    } => 5,
                    _ => continue,
                };
                seen[kind] += 1;
            }
        }
    }
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
}
