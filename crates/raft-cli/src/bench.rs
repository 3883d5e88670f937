//! `raft bench`: the speeds and sizes that docs and README quote, each beside the bar it must not miss. Speeds are per second of CPU
//! time, so that a busy machine matters less; compare figures of one run only.

use crate::out::outln;
use lexopt::{Arg, Parser};
use raft_lab::{Index, Run, Scenario, Session, WorldTime, is_linearizable, long_history};
use std::process::ExitCode;
use std::time::Instant;

/// Five servers, ten writes a second, everything else as it comes.
const SCENARIO: &str = include_str!("bench.raft");

const MINUTE: u64 = 60_000_000;

/// How often what is small is measured; the best counts.
const TRIES: usize = 8;

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let quick = quick(arguments).map_err(|e| e.to_string())?;
    let minutes = if quick { 6 } else { 60 };
    let scenario = parse(SCENARIO)?;
    history(scenario.clone(), minutes, if quick { 100 } else { 1_000 }); // first, as long as the process is small
    outln!("5 servers, 10 writes/s; simulated seconds per CPU-second:");
    let [judged, kept, unjudged] = best(&scenario, [Run::new, Run::keeping, Run::unjudged]);
    row("without trace", judged.speed, "", "at least 10,000");
    row("trace kept", kept.speed, "", "at least 4,000");
    row(
        "messages",
        judged.messages / 1e6,
        "M per CPU-second",
        "at least 1",
    );
    let cost = 100.0 * (1.0 - judged.speed / unjudged.speed);
    row("judging all properties", cost, "% of the time", "at most 10");
    loads(&judged)?;
    flatness(&scenario, minutes);
    judge();
    Ok(ExitCode::SUCCESS)
}

/// How fast a run was.
#[derive(Clone, Copy, Default)]
struct Pace {
    /// Simulated seconds per CPU-second.
    speed: f64,
    /// Sent per CPU-second.
    messages: f64,
}

/// The best pace of each kind of run over ten minutes. They take turns, so that they are as well off as each other.
fn best<const N: usize>(scenario: &Scenario, kinds: [fn(&Scenario) -> Run; N]) -> [Pace; N] {
    let mut best = [Pace::default(); N];
    for _ in 0..TRIES {
        for (best, start) in best.iter_mut().zip(kinds) {
            let mut run = start(scenario);
            let begun = CpuClock::now();
            run.until(WorldTime(10 * MINUTE));
            let took = begun.elapsed();
            assert!(run.violations().is_empty(), "a benchmark must not break Raft");
            if 600.0 / took > best.speed {
                best.speed = 600.0 / took;
                best.messages = run.messages() as f64 / took;
            }
        }
    }
    best
}

/// The same world with nothing to write and with a hundred writes a second.
fn loads(ten: &Pace) -> Result<(), String> {
    let idle = parse(&SCENARIO.replace("@0ms load C1 put every 100ms", ""))?;
    let busy = parse(&SCENARIO.replace("every 100ms", "every 10ms"))?;
    let ([idle], [busy]) = (best(&idle, [Run::new]), best(&busy, [Run::new]));
    row("no writes", idle.speed, "", "");
    row("100 writes/s", busy.speed, "", "");
    row(
        "  of the speed at none",
        busy.speed / idle.speed,
        "",
        "at least a third",
    );
    row("  of the speed at ten", busy.speed / ten.speed, "", "");
    Ok(())
}

/// What an event costs in the first and in the last minute of a run.
fn flatness(scenario: &Scenario, minutes: u64) {
    let (mut first, mut last) = (f64::MAX, f64::MAX);
    for _ in 0..TRIES {
        let mut run = Run::new(scenario);
        for minute in 1..=minutes {
            let (before, begun) = (run.events(), CpuClock::now());
            run.until(WorldTime(minute * MINUTE));
            let each = begun.elapsed() / (run.events() - before) as f64;
            if minute == 1 {
                first = first.min(each);
            } else if minute == minutes {
                last = last.min(each);
            }
        }
    }
    row("an event in minute 1", first * 1e9, "ns", "");
    row(&format!("an event in minute {minutes}"), last * 1e9, "ns", "");
    row("  of that in minute 1", last / first, "", "flat");
}

/// Time travel: a history as the page keeps it, and jumps to random places in it.
fn history(scenario: Scenario, minutes: u64, seeks: u64) {
    let before = resident_bytes();
    let begun = CpuClock::now();
    let mut session = Session::open(scenario);
    session.play_to(WorldTime(minutes * MINUTE));
    let made = begun.elapsed();
    let events = session.trace().len();
    outln!("a history of {minutes} minutes as the page keeps it, {events} events:");
    row("made at", (minutes * 60) as f64 / made, "", "");
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let bytes = after.saturating_sub(before) as f64;
        row("memory", bytes / 1e6, "MB", "at most 50 for an hour");
    }
    // Steps of the golden ratio visit the whole run evenly and never in order.
    let places = (0..seeks).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % (minutes * MINUTE));
    let mut times = vec![f64::MAX; seeks as usize];
    for _ in 0..3 {
        for (best, to) in times.iter_mut().zip(places.clone()) {
            *best = best.min(seek(&mut session, to));
        }
    }
    times.sort_by(f64::total_cmp);
    row("seek, median", times[times.len() / 2], "ms", "");
    row(
        &format!("seek, worst of {seeks}"),
        times[times.len() - 1],
        "ms",
        "at most 16",
    );
}

/// How long it takes to find out whether a long history of one key is linearizable.
fn judge() {
    let history = long_history();
    let tries = (0..100).map(|_| {
        let begun = Instant::now();
        assert!(
            is_linearizable(std::hint::black_box(&history)),
            "it is known to be"
        );
        begun.elapsed().as_secs_f64() * 1e3
    });
    let best = tries.fold(f64::INFINITY, f64::min);
    outln!("10,000 operations of clients on one key, 100 writes without an answer:");
    row("judged", best, "ms", "at most 2");
}

/// Milliseconds to jump somewhere and make the frame.
fn seek(session: &mut Session, to: u64) -> f64 {
    let begun = Instant::now();
    session.seek(WorldTime(to));
    std::hint::black_box(session.frame(Index(1), 20));
    begun.elapsed().as_secs_f64() * 1e3
}

/// One line: what, how much, and the bar.
fn row(what: &str, value: f64, unit: &str, bar: &str) {
    let places = if value >= 100.0 { 0 } else { 2 };
    let bar = if bar.is_empty() {
        String::new()
    } else {
        format!("({bar})")
    };
    let line = format!("  {what:<24}{value:>10.places$}   {unit:<18}{bar}");
    outln!("{}", line.trim_end());
}

fn parse(text: &str) -> Result<Scenario, String> {
    Scenario::parse(text).map_err(|e| e.to_string())
}
/// This thread's CPU time where Linux tells it, else the time on the wall.
enum CpuClock {
    Cpu(u64),
    Wall(Instant),
}

impl CpuClock {
    fn now() -> CpuClock {
        cpu_ns().map_or_else(|| CpuClock::Wall(Instant::now()), CpuClock::Cpu)
    }

    /// Seconds since.
    fn elapsed(&self) -> f64 {
        match self {
            CpuClock::Cpu(begun) => (cpu_ns().unwrap_or(*begun) - begun).max(1) as f64 / 1e9,
            CpuClock::Wall(begun) => begun.elapsed().as_secs_f64(),
        }
    }
}

fn cpu_ns() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()?
        .split(' ')
        .next()?
        .parse()
        .ok()
}

fn resident_bytes() -> Option<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm")
        .ok()?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()?;
    Some(pages * 4096)
}

fn quick(mut arguments: Parser) -> Result<bool, lexopt::Error> {
    let mut quick = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("quick") => quick = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(quick)
}
