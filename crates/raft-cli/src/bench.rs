//! `raft bench`: the speeds that docs and README quote. Every figure is per second of CPU time, so that a busy machine
//! matters less; compare figures of one run only.

use lexopt::{Arg, Parser};
use raft_lab::{Index, Run, Scenario, Session, WorldTime};
use std::process::ExitCode;
use std::time::Instant;

/// Five servers, ten writes a second, everything else as it comes.
const SCENARIO: &str = include_str!("bench.raft");

const TEN_MINUTES: WorldTime = WorldTime(600_000_000);

pub(crate) fn main(arguments: Parser) -> Result<ExitCode, String> {
    let share = if quick(arguments).map_err(|e| e.to_string())? {
        10
    } else {
        1
    };
    let scenario = Scenario::parse(SCENARIO).map_err(|e| e.to_string())?;
    println!("5 servers, 10 writes/s, all properties judged; simulated seconds per CPU-second:");
    // Keeping comes in runs of ten minutes: that is what a page holds.
    let (per_second, events) = rate(20_000 / share, |_| Run::new(&scenario));
    println!("  without trace   {per_second:>8.0}   ({events:.1} M events/s)");
    let (per_second, events) = rate(20_000 / share, |_| Run::keeping(&scenario));
    println!("  trace kept      {per_second:>8.0}   ({events:.1} M events/s)");
    session(scenario, 1_000 / share);
    Ok(ExitCode::SUCCESS)
}

/// Simulated seconds and million events per CPU-second, over runs of ten minutes.
fn rate(seconds: u64, start: impl Fn(u64) -> Run) -> (f64, f64) {
    let runs = (seconds / 600).max(1);
    let mut events = 0;
    let begun = CpuClock::now();
    for n in 0..runs {
        let mut run = start(n);
        run.until(TEN_MINUTES);
        assert!(run.violations().is_empty(), "a benchmark must not break Raft");
        events += run.events();
    }
    let took = begun.elapsed();
    ((runs * 600) as f64 / took, events as f64 / took / 1e6)
}

/// Time travel: a ten-minute history as the page keeps it, and jumps to random places in it.
fn session(scenario: Scenario, seeks: u64) {
    let before = resident_bytes();
    let begun = CpuClock::now();
    let mut session = Session::open(scenario);
    session.play_to(TEN_MINUTES);
    let made = begun.elapsed();
    println!("a history of ten minutes as the page keeps it:");
    println!(
        "  made at         {:>8.0}   simulated seconds per CPU-second",
        600.0 / made
    );
    println!(
        "  memory          {:>8.1}   MB by count",
        session.heap_bytes() as f64 / 1e6
    );
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        println!(
            "                  {:>8.1}   MB by the operating system",
            (after - before) as f64 / 1e6
        );
    }
    let mut times: Vec<f64> = (0..seeks).map(|n| seek(&mut session, n)).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "  seek            {:>8.2}   ms median, {:.2} 99 %, {:.2} worst of {seeks}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Milliseconds to jump somewhere and make the frame.
fn seek(session: &mut Session, n: u64) -> f64 {
    // Steps of the golden ratio visit the whole run evenly and never in order.
    let to = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % TEN_MINUTES.0;
    let begun = Instant::now();
    session.seek(WorldTime(to));
    std::hint::black_box(session.frame(Index(1), 20));
    begun.elapsed().as_secs_f64() * 1e3
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
