//! The same scenario once for each way to read: same seed, same faults, same load, and what each way costs and gives.

use crate::Run;
use crate::reads::{Answers, ReadStats, Reads, StaleRead, mode_word};
use raft_core::ReadMode;
use raft_sim::scenario::{Command, Load, LoadKind, Scenario, Setting};
use raft_trace::linearizability::Verdict;
use raft_trace::{Operation, WorldTime};
use serde::Serialize;

/// The ways to read, the weakest promise first. `None`: by a place in the log.
pub const WAYS: [Option<ReadMode>; 5] = [
    Some(ReadMode::Stale),
    Some(ReadMode::LeaderLocal),
    Some(ReadMode::Lease),
    Some(ReadMode::ReadIndex),
    None,
];

/// A way is not followed beyond so many events: six runs are a lot for a page.
const MAX_COMPARED: u64 = 2_000_000;

/// The runs, side by side. They go on by slices, so that a page can draw in between.
///
/// Every plain `get`, of a load or by itself, is done the way that is tried, from the start and whatever `set reads` says; a get that
/// names its mode keeps it. What a way costs in messages is the difference to the same run without the plain gets: what would not have
/// been sent without them, be it a request, a round of heartbeats or an AppendEntries. That counts a shared AppendEntries once, and
/// not at all if a write needed it anyway. Faults aim at times, not at messages; so the runs differ after them, and the figure with
/// them by a few messages in a hundred reads.
pub struct Comparison {
    trials: Vec<Trial>,
    without_reads: Trial,
    /// Whether a load gets and puts in turn: it is not the same without its gets, so nothing can be said of what they cost.
    mixed: bool,
    scenario: Scenario,
}

/// One of the runs.
struct Trial {
    run: Run,
    stats: ReadStats,
}

/// What came of the ways to read so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadTable {
    /// The scenario's title.
    pub title: String,
    /// How far all runs have come.
    pub at_us: u64,
    /// When they are over.
    pub end_us: u64,
    /// A row for each way, the weakest promise first.
    pub ways: Vec<WayRow>,
}

/// What came of one way to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WayRow {
    /// As a scenario writes it: `stale`, `leader-local`, `lease`, `read-index`, `log`.
    pub mode: String,
    /// Whether it promises that reads see what was acknowledged before they began.
    pub promises: bool,
    /// How far this run has come.
    pub at_us: u64,
    /// Whether it was stopped because too much happened in it.
    pub cut_short: bool,
    /// The reads done this way.
    pub reads: AnswersRow,
    /// The puts and dels beside them.
    pub writes: AnswersRow,
    /// How many messages were sent for a read on average, its request and answer included; `null` without reads, and with a load that
    /// mixes them with puts.
    pub messages_per_read: Option<f64>,
    /// Whether what the clients saw in this run is linearizable: `yes`, `no`, `unknown`.
    pub linearizable: &'static str,
    /// If not, why: a sentence.
    pub because: Option<String>,
    /// How many reads returned something older than what was acknowledged before they began.
    pub stale: u32,
    /// The first of these.
    pub stale_reads: Vec<StaleRead>,
    /// The run's fingerprint.
    pub fingerprint: String,
}

/// How operations ended and how long they took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswersRow {
    /// How many were begun.
    pub asked: u32,
    /// How many of them ended well,
    pub ok: u32,
    /// were certainly not done,
    pub failed: u32,
    /// ended without an answer; the rest is under way.
    pub unknown: u32,
    /// Half of those that ended well took at most so long; `null` if none did.
    pub p50_us: Option<u32>,
    /// All but the slowest hundredth of them took at most so long.
    pub p99_us: Option<u32>,
}

impl Comparison {
    /// Runs in which nothing has happened yet.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Comparison {
        Comparison {
            trials: WAYS
                .iter()
                .map(|way| Trial::new(&reading(scenario, *way)))
                .collect(),
            without_reads: Trial::new(&without_plain_gets(scenario)),
            mixed: scenario
                .script
                .iter()
                .any(|timed| is_load_of(&timed.command, |kind| matches!(kind, LoadKind::Mixed(_)))),
            scenario: scenario.clone(),
        }
    }

    /// Goes on to a time or the scenario's end, by at most so many moments of each run. Returns whether there is more to do.
    pub fn run_some(&mut self, until: WorldTime, moments: u32) -> bool {
        let until = until.min(self.scenario.ends_at());
        let mut more = self.without_reads.run_some(until, moments);
        for trial in &mut self.trials {
            more |= trial.run_some(until, moments);
        }
        more
    }

    /// What came of it so far.
    #[must_use]
    pub fn table(&self) -> ReadTable {
        let rows: Vec<WayRow> = WAYS
            .iter()
            .zip(&self.trials)
            .map(|(way, trial)| self.row(*way, trial))
            .collect();
        ReadTable {
            title: self.scenario.title.clone(),
            end_us: self.scenario.ends_at().0,
            at_us: rows.iter().map(|row| row.at_us).min().unwrap_or(0),
            ways: rows,
        }
    }

    fn row(&self, way: Option<ReadMode>, trial: &Trial) -> WayRow {
        let (none, mode) = (Reads::default(), mode_word(way));
        let of = |trial: &'_ Trial| trial.stats.reads().get(mode).cloned();
        let reads = of(trial).unwrap_or(none);
        // Gets that name this very mode are in both runs.
        let others = of(&self.without_reads).map_or(0, |reads| reads.answers.asked);
        let asked = f64::from(reads.answers.asked) - f64::from(others);
        let verdict = trial.run.linearizable();
        let because = match verdict {
            Verdict::No { because, .. } => Some(because.to_string()),
            Verdict::Yes | Verdict::Unknown { .. } => None,
        };
        let messages = trial.run.messages() as f64 - self.without_reads.run.messages() as f64;
        WayRow {
            mode: mode.into(),
            promises: !matches!(way, Some(ReadMode::Stale | ReadMode::LeaderLocal)),
            at_us: trial.run.now().0,
            cut_short: trial.run.limit().is_some(),
            messages_per_read: (asked > 0.0 && !self.mixed).then_some(messages / asked),
            writes: trial.stats.writes().into(),
            fingerprint: trial.run.fingerprint().to_string(),
            reads: (&reads.answers).into(),
            linearizable: verdict.word(),
            because,
            stale: reads.stale,
            stale_reads: reads.stale_reads,
        }
    }
}

impl Trial {
    fn new(scenario: &Scenario) -> Trial {
        Trial {
            run: Run::new(scenario).stopping_after(MAX_COMPARED),
            stats: ReadStats::default(),
        }
    }

    fn run_some(&mut self, until: WorldTime, moments: u32) -> bool {
        let Trial { run, stats } = self;
        run.some_seeing(until, moments, |event| stats.observe(event))
    }
}

impl From<&Answers> for AnswersRow {
    fn from(answers: &Answers) -> AnswersRow {
        AnswersRow {
            asked: answers.asked,
            ok: answers.ok,
            failed: answers.failed,
            unknown: answers.unknown,
            p50_us: answers.percentile(50),
            p99_us: answers.percentile(99),
        }
    }
}

/// The scenario with this way to read from the start to the end.
#[must_use]
pub fn reading(scenario: &Scenario, way: Option<ReadMode>) -> Scenario {
    let mut scenario = scenario.clone();
    scenario
        .settings
        .retain(|setting| !matches!(setting, Setting::Reads(_)));
    scenario
        .script
        .retain(|timed| !matches!(timed.command, Command::Set(Setting::Reads(_))));
    if way.is_some() {
        scenario.settings.push(Setting::Reads(way));
    }
    scenario
}

/// The scenario with nobody who reads, but for gets that name their mode.
fn without_plain_gets(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.script.retain(|timed| {
        let get = matches!(
            &timed.command,
            Command::Client {
                operation: Operation::Get { .. },
                ..
            }
        );
        !get && !is_load_of(&timed.command, |kind| kind == LoadKind::Get)
    });
    scenario
}

fn is_load_of(command: &Command, is: impl Fn(LoadKind) -> bool) -> bool {
    matches!(command, Command::Load { load: Load { kind, .. }, .. } if is(*kind))
}
