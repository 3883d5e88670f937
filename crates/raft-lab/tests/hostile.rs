//! Scenarios that nobody means well by: refused in a sentence, or run within bounds of events, memory and time. A debug build plays only
//! a part of each storm; `cargo test --release -p raft-lab --test hostile` plays each to its limit.

use raft_lab::{Comparison, Scenario, Seq, Session, WorldTime};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, and how many bytes it has given out, now and at most.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on as it is; the counts are no part of what is given out.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = IN_USE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One at a time: the bytes of all are counted together.
static ALONE: Mutex<()> = Mutex::new(());

/// The most bytes that a session may ever take.
const BYTES: usize = 400_000_000;

/// How many events of a storm are looked at.
const EVENTS: u32 = if cfg!(debug_assertions) { 100_000 } else { u32::MAX };

const LAST: WorldTime = WorldTime(24 * 3_600 * 1_000_000);

/// Names and texts of storms.
fn storms() -> Vec<(&'static str, String)> {
    let mut storms = busy();
    storms.extend(slow());
    storms
}

fn storm(name: &'static str, settings: &str, commands: &str) -> (&'static str, String) {
    let text = format!("raft 1\nservers 9\nclients 9\n{settings}{commands}");
    (name, text)
}

/// Every client does this every millisecond.
fn all(operation: &str) -> String {
    let load = |client| format!("@0ms load C{client} {operation} every 1ms\n");
    (1..=9).map(load).collect()
}

/// Everything as often as can be.
fn busy() -> Vec<(&'static str, String)> {
    let fast = "set latency 1us\nset heartbeat 1ms\nset inflight 100\nset write 0us\nset fsync 0us\n";
    let many: String = (0..1_900)
        .map(|n| format!("@1ms C{} put k{n}=v\n", n % 9 + 1))
        .collect();
    let bounces: String = (0..400)
        .map(|n| format!("@{n}ms power-off S1 S2 S3 S4 S5\n@{n}ms power-on S1 S2 S3 S4 S5\n"))
        .collect();
    vec![
        storm("writes without end", fast, &all("put")),
        storm(
            "a snapshot for each",
            &format!("{fast}set snapshot-every 1\n"),
            &all("put"),
        ),
        storm(
            "reads without end",
            "set latency 1us\nset reads stale\n",
            &all("get"),
        ),
        storm(
            "everything twice",
            &format!("{fast}set duplicate 100%\nset reads read-index\n"),
            &all("get"),
        ),
        storm(
            "elections all the time",
            &format!("{fast}set election-timeout 1ms\n"),
            "",
        ),
        storm("everything asked for at once", fast, &many),
        storm(
            "a thousand wait with every client",
            fast,
            &all("mixed 1%").replace("1ms", "1ms queue 1000"),
        ),
        storm("down and up", fast, &format!("{bounces}{}", all("put"))),
        storm(
            "half of it lost, entry by entry",
            "set latency 1us\nset loss 50%\nset max-entries 1\nset heartbeat 1ms\nset election-timeout 1ms..60s\n",
            &all("put"),
        ),
    ]
}

/// Everything takes as long as can be, so that as much as can be waits.
fn slow() -> Vec<(&'static str, String)> {
    vec![
        storm(
            "links as full as they can be",
            "set latency 20ms..60s\nset heartbeat 1ms\nset inflight 100\nset max-entries 10000\nset client-retry 1ms\n\
             set election-timeout 60s\n",
            &format!("@0ms timeout S1\n{}", all("put")),
        ),
        storm(
            "elections far away",
            "set latency 60s\nset election-timeout 1ms\nset heartbeat 1ms\n",
            &all("del"),
        ),
        storm(
            "nobody waits for an answer",
            "set client-timeout 1ms\nset client-retry 1ms\nset latency 30ms\n",
            &all("put"),
        ),
        storm(
            "a disk of a minute",
            "set write 60s\nset fsync 60s\nset latency 1us\nset heartbeat 1ms\nset inflight 100\nset election-timeout 60s\n",
            &format!("@0ms timeout S1\n{}", all("put")),
        ),
        storm(
            "links as slow as they can be",
            "set bandwidth 100B/s\nset heartbeat 1ms\nset inflight 100\nset max-entries 10000\nset election-timeout 60s\n",
            &format!("@0ms timeout S1\n{}", all("put")),
        ),
    ]
}

fn text_of(name: &str) -> String {
    let found = storms().into_iter().find(|(storm, _)| *storm == name);
    found.expect("a storm of this name").1
}

#[test]
fn a_session_of_any_storm_stays_within_its_bounds() {
    let _alone = ALONE.lock();
    for (name, text) in storms() {
        let before = IN_USE.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let mut session = Session::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut most = 0;
        loop {
            let events = session.trace().len();
            let more = session.play_some(LAST, 100);
            most = most.max(session.trace().len() - events);
            if !more || events >= EVENTS {
                break;
            }
        }
        let events = session.trace().len();
        assert!(
            events >= EVENTS || session.limit().is_some() || session.at() == LAST,
            "{name}: {events} events"
        );
        // A page comes back to draw every 200 moments at the latest.
        assert!(most <= 100_000, "{name}: {most} events in a slice");
        session.seek(WorldTime(session.known_until().0 / 2));
        session.command("heal").expect("a command");
        session.command("C1 put x=1").expect("a command");
        let peak = PEAK.load(Ordering::Relaxed) - before;
        println!("{name}: {events} events, {most} in a slice, {peak} bytes at most");
        assert!(peak <= BYTES, "{name}: {peak} bytes");
    }
}

/// However few checkpoints there is memory for.
#[test]
fn whoever_goes_back_in_a_storm_finds_what_was_there() {
    let _alone = ALONE.lock();
    let mut session = Session::parse(&text_of("links as full as they can be")).unwrap();
    let mut seen = Vec::new();
    for second in (1..).step_by(3) {
        session.play_to(WorldTime(second * 1_000_000));
        seen.push((session.at(), session.seq(), session.state().clone()));
        if session.trace().len() >= EVENTS.min(600_000) {
            break;
        }
    }
    let played = session.trace().clone();
    for (at, seq, state) in seen.iter().rev() {
        session.seek(*at);
        assert_eq!((session.at(), session.seq()), (*at, *seq));
        assert!(session.state() == state, "at {at:?}");
    }
    assert!(session.trace().iter_from(Seq(0)).eq(played.iter_from(Seq(0))));
}

#[test]
fn a_comparison_of_a_storm_is_cut_short() {
    let _alone = ALONE.lock();
    let scenario = Scenario::parse(&text_of("reads without end")).unwrap();
    let mut comparison = Comparison::new(&scenario);
    for _ in 0..3 {
        assert!(comparison.run_some(1_000), "there is more to do");
    }
    assert!(comparison.table().ways.iter().all(|way| way.at_us < 1_000_000));
}

#[test]
fn what_is_beyond_all_measure_is_refused_in_a_sentence() {
    let _alone = ALONE.lock();
    let long = "x".repeat(64 * 1024);
    let commands = "@1ms heal\n".repeat(2_001);
    for (lines, expected) in [
        ("servers 0", "found \"0\", expected a number from 1 to 9"),
        (
            "servers 1000000000",
            "found \"1000000000\", expected a number from 1 to 9",
        ),
        (
            "servers 99999999999999999999999999",
            "expected a number from 1 to 9",
        ),
        ("clients 10", "expected a number from 0 to 9"),
        (
            "set latency 0us",
            "found \"0us\", expected a time from 1us to 60000ms",
        ),
        ("set heartbeat 0ms", "expected a time from 1ms to 60000ms"),
        (
            "set election-timeout 300ms..150ms",
            "found \"150ms\", expected a time from 300ms",
        ),
        ("set inflight 101", "expected a number from 1 to 100"),
        ("set snapshot-every 0", "expected a number from 1 to 1000000"),
        ("set loss 101%", "found \"101%\""),
        (
            "@0ms load C1 put every 1us",
            "expected a time from 1ms to 3600000ms",
        ),
        ("@25h end", "found \"25h\""),
        ("@86401s end", "expected a time from 0"),
        ("@99999999999999999999s end", "expected a time from 0"),
        (
            &*format!("title {long}"),
            "expected a text of at most 65536 bytes",
        ),
        (&*commands, "expected at most 2000 commands"),
    ] {
        let error = Scenario::parse(&format!("raft 1\n{lines}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(expected) && error.chars().count() < 400,
            "{error}, not {expected}"
        );
    }
}
