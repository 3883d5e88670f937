//! What must hold for every world, tried on random ones.

use raft_sim::scenario::{Command, Scenario, Timed};
use raft_sim::{World, random_scenario};
use raft_trace::{ClusterState, Event, Fingerprint, Monitor, Outcome, TraceEvent, WorldTime};

const LONG_AGO: WorldTime = WorldTime(0);

/// Everything that happens after a time and until another.
fn run(world: &mut World, until: WorldTime) -> Vec<TraceEvent> {
    let mut trace = Vec::new();
    while world.next_at().is_some_and(|at| at <= until) {
        assert!(world.step(&mut trace));
    }
    trace
}

fn run_to_end(scenario: &Scenario) -> Vec<TraceEvent> {
    run(&mut World::new(scenario), WorldTime(u64::MAX))
}

fn fingerprint(trace: &[TraceEvent]) -> String {
    let mut fingerprint = Fingerprint::default();
    trace.iter().for_each(|event| fingerprint.add(event));
    fingerprint.to_string()
}

#[test]
fn the_fold_of_the_trace_is_what_the_world_sees_of_itself() {
    for seed in 0..40 {
        let mut world = World::new(&random_scenario(seed));
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

#[test]
fn no_property_is_violated_and_work_is_done_again_once_all_is_well() {
    for seed in 0..200 {
        let trace = run_to_end(&random_scenario(seed));
        let mut monitor = Monitor::default();
        trace.iter().for_each(|event| monitor.observe(event));
        assert_eq!(monitor.violations(), [], "seed {seed}");
        let done = |e: &&TraceEvent| {
            matches!(
                e.event,
                Event::Returned {
                    outcome: Outcome::Ok { .. },
                    ..
                }
            )
        };
        let late = trace
            .iter()
            .filter(done)
            .filter(|e| e.at > WorldTime(12_000_000))
            .count();
        assert!(late > 0, "seed {seed}: nothing is done in the last second");
    }
}

#[test]
fn every_event_has_its_place_and_a_cause_before_it() {
    for seed in 0..20 {
        let trace = run_to_end(&random_scenario(seed));
        let mut last = LONG_AGO;
        for (seq, event) in trace.iter().enumerate() {
            assert_eq!(event.seq.0 as usize, seq);
            assert!(event.at >= last, "{event:?}");
            last = event.at;
            let Some(cause) = event.cause else { continue };
            let cause = &trace[cause.0 as usize];
            assert!(cause.seq < event.seq, "{event:?}");
            assert!(fits(&cause.event, &event.event), "{event:?} because of {cause:?}");
        }
        assert!(matches!(trace.last().map(|e| &e.event), Some(Event::Ended)));
    }
}

/// Whether one event can lead to the other.
fn fits(cause: &Event, event: &Event) -> bool {
    let starts_a_server = matches!(cause, Event::Began { .. } | Event::Restarted { .. });
    let goes_into_a_server = matches!(
        cause,
        Event::Delivered { .. }
            | Event::TimerFired { .. }
            | Event::Synced { .. }
            | Event::SyncClaimed { .. }
            | Event::Resumed { .. }
            | Event::SettingChanged { .. }
            | Event::Ordered { .. }
    );
    match event {
        Event::TimerFired { server, timer } => {
            matches!(cause, Event::TimerSet { server: s, timer: t, .. } if (s, t) == (server, timer))
        }
        Event::Synced { server, through } | Event::SyncClaimed { server, through } => match cause {
            Event::Written { server: s, write } => (*s, write.id) == (*server, *through),
            Event::Restarted { server: s } => s == server,
            _ => false,
        },
        Event::TimerMoved { .. } => matches!(cause, Event::SettingChanged { .. } | Event::ClockJumped { .. }),
        Event::Crashed { server } => matches!(cause, Event::DiskFull { server: s } if s == server),
        Event::Delivered { message }
        | Event::Lost { message, .. }
        | Event::Held { message }
        | Event::Hastened { message } => match cause {
            Event::Sent { message: m, .. } | Event::Duplicated { message: m, .. } => m == message,
            _ => false,
        },
        Event::Duplicated { original, .. } => {
            matches!(cause, Event::Sent { message, .. } if message == original)
        }
        Event::Applied { server, .. } => matches!(cause, Event::Committed { server: s, .. } if s == server),
        Event::Returned { .. } => matches!(cause, Event::Delivered { .. } | Event::Invoked { .. }),
        Event::Queued { .. } => false,
        Event::Invoked { .. } => matches!(cause, Event::Returned { .. }),
        Event::Sent { .. } => {
            goes_into_a_server
                || matches!(
                    cause,
                    Event::Applied { .. } | Event::Restored { .. } | Event::Invoked { .. }
                )
        }
        Event::TimerSet { .. }
        | Event::TimerStopped { .. }
        | Event::Written { .. }
        | Event::Committed { .. }
        | Event::Restored { .. }
        | Event::DiskFull { .. }
        | Event::Noted { .. } => starts_a_server || goes_into_a_server,
        _ => false,
    }
}

#[test]
fn how_time_is_sliced_does_not_matter() {
    for seed in 0..10 {
        let scenario = random_scenario(seed);
        let mut world = World::new(&scenario);
        let mut sliced = Vec::new();
        for ms in 0.. {
            if world.ended() {
                break;
            }
            sliced.extend(run(&mut world, WorldTime(ms * 1_000)));
        }
        assert!(sliced == run_to_end(&scenario), "seed {seed}");
    }
}

#[test]
fn a_clone_goes_on_as_the_original_does() {
    for seed in 0..10 {
        let mut world = World::new(&random_scenario(seed));
        run(&mut world, WorldTime(seed * 997_003));
        let mut clone = world.clone();
        let future = run(&mut world, WorldTime(u64::MAX));
        assert!(run(&mut clone, WorldTime(u64::MAX)) == future, "seed {seed}");
    }
}

#[test]
fn a_live_command_does_what_the_same_line_in_the_script_does() {
    for seed in 0..10 {
        let scenario = random_scenario(seed);
        let mut script = scenario.script.clone();
        let late = script.remove(script.len() / 2);
        let mut live = World::new(&Scenario {
            script,
            ..scenario.clone()
        });
        let mut trace = run(&mut live, WorldTime(late.at.0 - 1));
        live.replan(&scenario.script);
        trace.extend(run(&mut live, WorldTime(u64::MAX)));
        assert!(trace == run_to_end(&scenario), "seed {seed}");
    }
}

#[test]
fn a_live_command_that_comes_too_late_is_carried_out_at_once() {
    let mut scenario = random_scenario(0);
    let mut world = World::new(&scenario);
    run(&mut world, WorldTime(5_000_000));
    let (now, before) = (
        world.now(),
        Timed {
            at: WorldTime(4_000_000),
            command: Command::Say("late".into()),
        },
    );
    let done = scenario.script.partition_point(|timed| timed.at <= now);
    scenario.script.insert(done, before);
    world.replan(&scenario.script);
    let mut trace = Vec::new();
    world.step(&mut trace);
    assert_eq!(trace[0].event, Event::Said { text: "late".into() });
    assert_eq!(trace[0].at, now);
}

#[test]
fn another_seed_is_another_run() {
    let of = |seed| {
        fingerprint(&run_to_end(&Scenario {
            seed,
            ..random_scenario(1)
        }))
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn nothing_happens_after_the_end() {
    let mut world = World::new(&random_scenario(3));
    run(&mut world, WorldTime(u64::MAX));
    assert!(world.ended());
    assert_eq!(world.next_at(), None);
    world.replan(&random_scenario(3).script);
    assert!(!world.step(&mut Vec::new()));
}
