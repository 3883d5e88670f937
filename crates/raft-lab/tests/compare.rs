//! The ways to read side by side.

use raft_core::ReadMode;
use raft_lab::{Comparison, ReadTable, Run, Scenario, Seq, WAYS, WayRow, mode_word, reading};
use raft_sim::random_scenario;
use raft_trace::{Event, Outcome};

const FOUR_WAYS: &str = include_str!("../../../scenarios/four-ways-to-read.raft");

fn table(scenario: &Scenario, moments: u32) -> ReadTable {
    let mut comparison = Comparison::new(scenario);
    while comparison.run_some(moments) {}
    comparison.table()
}

fn way(table: &ReadTable, mode: Option<ReadMode>) -> &WayRow {
    let row = table.ways.iter().find(|row| row.mode == mode_word(mode));
    row.expect("a row for every way")
}

/// What the thesis says of each (6.4): who asks whom before answering, and what that is good for.
#[test]
fn each_way_costs_and_gives_what_it_promises() {
    let table = table(&Scenario::parse(FOUR_WAYS).unwrap(), u32::MAX);
    let [stale, local, lease, index, log] = WAYS.map(|mode| way(&table, mode));
    for cheap in [stale, local, lease] {
        let messages = cheap.messages_per_read.unwrap();
        assert!(
            (1.9..2.5).contains(&messages),
            "{}: a request and an answer",
            cheap.mode
        );
        assert!(
            cheap.reads.p50_us < Some(30_000),
            "{}: one round trip",
            cheap.mode
        );
    }
    for dear in [index, log] {
        assert!(
            dear.messages_per_read > Some(4.0),
            "{}: others are asked",
            dear.mode
        );
        assert!(dear.reads.p50_us > Some(45_000), "{}: two round trips", dear.mode);
    }
    assert!(stale.stale > 0 && local.stale > 0);
    assert_eq!([lease.stale, index.stale, log.stale], [0, 0, 0]);
    assert_eq!(
        [stale, local, lease, index, log].map(|way| way.linearizable),
        ["no", "no", "yes", "yes", "yes"]
    );
    assert_eq!([stale, local].map(|way| way.reads.unknown), [0, 0]);
    assert!(
        [lease, index, log].iter().all(|way| way.reads.unknown > 0),
        "behind a partition they do not answer"
    );
    assert!(
        table
            .ways
            .iter()
            .all(|way| !way.cut_short && way.reads.failed == 0)
    );
}

#[test]
fn how_the_work_is_sliced_does_not_matter() {
    let scenario = Scenario::parse(FOUR_WAYS).unwrap();
    assert_eq!(table(&scenario, 7), table(&scenario, u32::MAX));
}

/// So a row can be opened: the run of it is the scenario's with that way set.
#[test]
fn every_row_is_a_run_that_can_be_looked_at() {
    let scenario = Scenario::parse(FOUR_WAYS).unwrap();
    let table = table(&scenario, u32::MAX);
    for mode in WAYS {
        let (row, scenario) = (way(&table, mode), reading(&scenario, mode));
        let mut run = Run::keeping(&Scenario::parse(&scenario.to_string()).unwrap());
        run.until(scenario.ends_at());
        assert_eq!(run.fingerprint().to_string(), row.fingerprint);
        let trace = run.trace().unwrap();
        for stale in &row.stale_reads {
            let event = trace.get(stale.seq).unwrap();
            assert_eq!(event.at.0, stale.at_us);
            assert!(matches!(event.event, Event::Returned { op, .. } if op == stale.op));
        }
        let done = trace.iter_from(Seq(0)).filter(|event| {
            matches!(
                event.event,
                Event::Returned {
                    outcome: Outcome::Ok { .. },
                    ..
                }
            )
        });
        assert_eq!(done.count(), (row.reads.ok + row.writes.ok) as usize);
    }
}

#[test]
fn a_way_that_promises_currency_is_never_stale_whatever_happens() {
    let mut stale = 0;
    for seed in 0..12 {
        let table = table(&random_scenario(seed), u32::MAX);
        for row in &table.ways {
            assert!(
                !row.promises || row.stale == 0,
                "seed {seed}: {}",
                row.stale_reads[0]
            );
            assert!(
                row.stale == 0 || row.linearizable == "no",
                "seed {seed}: {} is stale",
                row.mode
            );
            stale += row.stale;
        }
    }
    assert!(stale > 0, "the others are, now and then");
}

#[test]
fn a_get_that_names_its_mode_keeps_it() {
    let scenario =
        Scenario::parse("raft 1;set reads log;@1s load C1 get every 50ms;@2s C1 get x lease;@3s end");
    let table = table(&scenario.unwrap(), u32::MAX);
    let [index, lease] = [ReadMode::ReadIndex, ReadMode::Lease].map(|mode| way(&table, Some(mode)));
    assert!(index.reads.asked >= 15 && lease.reads.asked >= 15);
    let own = way(&table, Some(ReadMode::Stale));
    assert_eq!(own.messages_per_read.map(f64::round), Some(2.0));
}

/// A single get has nothing to be compared with if it may not be done in another way.
#[test]
fn gets_that_all_name_their_mode_are_compared_themselves() {
    let scenario = Scenario::parse(include_str!("../../../scenarios/leader-local-read.raft")).unwrap();
    let table = table(&scenario, u32::MAX);
    let [_, local, _, index, _] = WAYS.map(|mode| way(&table, mode));
    assert_eq!((local.reads.asked, local.stale, local.linearizable), (1, 1, "no"));
    assert_eq!(
        (index.reads.asked, index.stale, index.linearizable),
        (1, 0, "yes")
    );
}

/// What a read costs does not depend on how many puts stand between the gets.
#[test]
fn a_mixed_load_is_compared_with_its_own_writes() {
    let table = |load: &str| {
        let text = format!("raft 1;set stickiness on;@400ms {load} every 40ms;@9s end");
        table(&Scenario::parse(&text).unwrap(), 90)
    };
    for mixed in [table("load C1 mixed 90%"), table("load C1 mixed 50%")] {
        for (mode, cost) in [
            ("stale", 1.9..2.1),
            ("lease", 1.9..2.3),
            ("read-index", 4.0..12.0),
        ] {
            let row = mixed.ways.iter().find(|row| row.mode == mode).unwrap();
            let messages = row.messages_per_read.expect("the figure is there");
            assert!(cost.contains(&messages), "{mode}: {messages}");
            assert!(row.writes.ok > 10 && row.reads.ok > 50, "{mode}: {row:?}");
        }
    }
}

#[test]
fn a_closed_loop_of_gets_and_puts_is_compared_with_its_own_writes() {
    let text = "raft 1;set reads log;@400ms load C1 mixed 80% after 5ms;@9s end";
    let table = table(&Scenario::parse(text).unwrap(), u32::MAX);
    let [stale, .., log] = WAYS.map(|mode| way(&table, mode));
    assert!(
        stale.writes.ok > log.writes.ok,
        "a quick get lets the next put come sooner"
    );
    assert_eq!(stale.messages_per_read.map(f64::round), Some(2.0));
    assert!(log.messages_per_read > Some(6.0), "{log:?}");
}

#[test]
fn a_row_is_opened_by_the_name_of_its_way() {
    let scenario = Scenario::parse(FOUR_WAYS).unwrap();
    let comparison = Comparison::new(&scenario);
    for mode in WAYS {
        assert_eq!(
            comparison.scenario_of(mode_word(mode)),
            Some(reading(&scenario, mode))
        );
    }
    assert_eq!(comparison.scenario_of("quick"), None);
}
