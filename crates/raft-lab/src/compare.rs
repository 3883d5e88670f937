//! The same scenario once for each way to read: same seed, same faults, same load, and what each way costs and gives.

use crate::Run;
use crate::reads::{Answers, ReadStats, Reads, StaleRead, mode_word};
use raft_core::{ReadMode, SortedMap, SortedSet};
use raft_sim::scenario::{Command, Load, LoadKind, Scenario, Setting, Timed};
use raft_trace::linearizability::Verdict;
use raft_trace::{ClientId, Event, Operation, WorldTime};
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
/// names its mode keeps it, unless there are no others: then it is those that are tried.
///
/// What a way costs in messages is the difference to a run without these gets: what would not have been sent without them, be it a
/// request, a round of heartbeats or an AppendEntries. That counts a shared AppendEntries once, and not at all if a write needed it
/// anyway. All ways are compared with the same run, unless a load mixes gets with puts. Such a load puts when its gets let it; so each
/// way is then compared with a run of its own, in which the clients of mixed loads do exactly the writes they did, at the times they
/// did them. Faults aim at times, not at messages; so the runs differ after them, and the figure with them by a few messages in a
/// hundred reads.
pub struct Comparison {
    trials: Vec<Trial>,
    without_reads: Baseline,
    scenario: Scenario,
}

/// What the runs are compared with.
enum Baseline {
    /// One run for all.
    Shared(Box<Trial>),
    /// One for each, once that is over.
    Own(Vec<Option<Trial>>),
}

/// One of the runs.
struct Trial {
    run: Run,
    stats: ReadStats,
    /// The clients whose writes are noted, and those.
    noted: SortedSet<ClientId>,
    writes: Vec<(WorldTime, ClientId, Operation)>,
    over: bool,
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
    /// How long those took that were answered: for each class of times, eight to a doubling, its shortest in µs, and how many there are.
    pub took: Vec<[u32; 2]>,
    /// The puts and dels beside them.
    pub writes: AnswersRow,
    /// How many messages were sent for a read on average, its request and answer included; `null` without reads, and until it is known.
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
        let mixed = |timed: &Timed| match timed.command {
            Command::Load {
                client,
                load:
                    Load {
                        kind: LoadKind::Mixed(_),
                        ..
                    },
                ..
            } => Some(client),
            _ => None,
        };
        let noted: SortedSet<ClientId> = scenario.script.iter().filter_map(mixed).collect();
        let trial = |way: &Option<ReadMode>| Trial::new(&reading(scenario, *way), noted.clone());
        let without_reads = match noted.is_empty() {
            true => Baseline::Shared(Box::new(Trial::new(
                &without_gets(scenario),
                SortedSet::default(),
            ))),
            false => Baseline::Own(WAYS.map(|_| None).into()),
        };
        Comparison {
            trials: WAYS.iter().map(trial).collect(),
            without_reads,
            scenario: scenario.clone(),
        }
    }

    /// Goes on to the scenario's end, by at most so many moments of each run. Returns whether there is more to do.
    pub fn run_some(&mut self, moments: u32) -> bool {
        let until = self.scenario.ends_at();
        let mut more = false;
        for trial in &mut self.trials {
            more |= trial.run_some(until, moments);
        }
        match &mut self.without_reads {
            Baseline::Shared(baseline) => more |= baseline.run_some(until, moments),
            Baseline::Own(baselines) => {
                for (baseline, trial) in baselines.iter_mut().zip(&self.trials) {
                    if trial.over {
                        let baseline = baseline.get_or_insert_with(|| trial.without_its_gets(&self.scenario));
                        more |= baseline.run_some(until, moments);
                    }
                }
            }
        }
        more
    }

    /// What came of it so far.
    #[must_use]
    pub fn table(&self) -> ReadTable {
        let rows: Vec<WayRow> = (0..WAYS.len()).map(|nth| self.row(nth)).collect();
        ReadTable {
            title: self.scenario.title.clone(),
            end_us: self.scenario.ends_at().0,
            at_us: rows.iter().map(|row| row.at_us).min().unwrap_or(0),
            ways: rows,
        }
    }

    /// The scenario of one row, to look at that run: `lease`, `log`, …; `None` for no way to read.
    #[must_use]
    pub fn scenario_of(&self, mode: &str) -> Option<Scenario> {
        let way = WAYS.into_iter().find(|way| mode_word(*way) == mode)?;
        Some(reading(&self.scenario, way))
    }

    fn row(&self, nth: usize) -> WayRow {
        let (way, trial) = (WAYS[nth], &self.trials[nth]);
        let mode = mode_word(way);
        let reads = trial.stats.reads().get(mode).cloned().unwrap_or_default();
        let verdict = trial.run.linearizable();
        let because = match verdict {
            Verdict::No { because, .. } => Some(because.to_string()),
            Verdict::Yes | Verdict::Unknown { .. } => None,
        };
        WayRow {
            mode: mode.into(),
            promises: !matches!(way, Some(ReadMode::Stale | ReadMode::LeaderLocal)),
            at_us: trial.run.now().0,
            cut_short: trial.run.limit().is_some(),
            messages_per_read: self.messages_per_read(nth, &reads),
            took: reads.answers.classes(),
            writes: trial.stats.writes().into(),
            fingerprint: trial.run.fingerprint().to_string(),
            reads: (&reads.answers).into(),
            linearizable: verdict.word(),
            because,
            stale: reads.stale,
            stale_reads: reads.stale_reads,
        }
    }

    /// Two runs are compared only when both are over: on the way they are not equally far.
    fn messages_per_read(&self, nth: usize, reads: &Reads) -> Option<f64> {
        let trial = &self.trials[nth];
        let baseline = match &self.without_reads {
            Baseline::Shared(baseline) => baseline,
            Baseline::Own(baselines) => baselines[nth].as_ref()?,
        };
        // Gets that name this very mode, and are not what is compared, are in both runs.
        let others = baseline.stats.reads().get(mode_word(WAYS[nth]));
        let others = others.map_or(0, |reads| reads.answers.asked);
        let asked = f64::from(reads.answers.asked) - f64::from(others);
        let messages = trial.run.messages() as f64 - baseline.run.messages() as f64;
        (trial.over && baseline.over && asked > 0.0).then_some(messages / asked)
    }
}

impl Trial {
    fn new(scenario: &Scenario, noted: SortedSet<ClientId>) -> Trial {
        Trial {
            run: Run::new(scenario).stopping_after(MAX_COMPARED),
            stats: ReadStats::default(),
            noted,
            writes: Vec::new(),
            over: false,
        }
    }

    fn run_some(&mut self, until: WorldTime, moments: u32) -> bool {
        let Trial {
            run,
            stats,
            noted,
            writes,
            over,
        } = self;
        *over = !run.some_seeing(until, moments, |event| {
            stats.observe(event);
            match &event.event {
                Event::Invoked {
                    client, operation, ..
                } if noted.contains(client) && !operation.reads() => {
                    writes.push((event.at, *client, operation.clone()));
                }
                _ => {}
            }
        });
        !*over
    }

    /// The run in which the clients of mixed loads do just the writes they did in this one.
    fn without_its_gets(&self, scenario: &Scenario) -> Trial {
        let mut without = without_gets(scenario);
        let mut loads = Vec::new();
        without.script.retain(|timed| match &timed.command {
            Command::Load { client, load } if self.noted.contains(client) => {
                loads.push((timed.at, *client, load.via, load.within));
                false
            }
            Command::Client { client, .. } | Command::LoadStop(client) => !self.noted.contains(client),
            _ => true,
        });
        without
            .script
            .extend(self.writes.iter().map(|(at, client, operation)| {
                let load = loads.iter().rfind(|(since, of, ..)| of == client && since <= at);
                let (via, within) = load.map_or((None, None), |(.., via, within)| (*via, *within));
                let (client, operation) = (*client, operation.clone());
                Timed {
                    at: *at,
                    command: Command::Client {
                        client,
                        operation,
                        via,
                        within,
                    },
                }
            }));
        let by_time = without.script.into_iter().zip(0..);
        let by_time = by_time.map(|(timed, n): (_, u32)| ((timed.at, n), timed));
        let by_time: SortedMap<_, _> = by_time.collect();
        without.script = by_time.into_iter().map(|(_, timed)| timed).collect();
        Trial::new(&without, SortedSet::default())
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
    let named = !has_plain_gets(scenario);
    let mut scenario = scenario.clone();
    scenario
        .settings
        .retain(|setting| !matches!(setting, Setting::Reads(_)));
    scenario
        .script
        .retain(|timed| !matches!(timed.command, Command::Set(Setting::Reads(_))));
    for timed in &mut scenario.script {
        if let Command::Client { operation, .. } = &mut timed.command
            && let Operation::Read { key, .. } = operation
            && named
        {
            *operation = Operation::Get { key: key.clone() };
        }
    }
    if way.is_some() {
        scenario.settings.push(Setting::Reads(way));
    }
    scenario
}

/// The scenario with nobody who reads, but for gets that are not compared, and without what mixed loads get.
fn without_gets(scenario: &Scenario) -> Scenario {
    let named = !has_plain_gets(scenario);
    let mut scenario = scenario.clone();
    scenario.script.retain(|timed| {
        let reads = |operation: &Operation| {
            if named {
                operation.reads()
            } else {
                is_get(operation)
            }
        };
        !is_load(&timed.command, |kind| kind == LoadKind::Get)
            && !matches!(&timed.command, Command::Client { operation, .. } if reads(operation))
    });
    scenario
}

/// Whether there are gets that name no mode.
fn has_plain_gets(scenario: &Scenario) -> bool {
    scenario.script.iter().any(|timed| {
        is_load(&timed.command, |kind| {
            matches!(kind, LoadKind::Get | LoadKind::Mixed(_))
        }) || matches!(&timed.command, Command::Client { operation, .. } if is_get(operation))
    })
}

fn is_get(operation: &Operation) -> bool {
    matches!(operation, Operation::Get { .. })
}

fn is_load(command: &Command, is: impl Fn(LoadKind) -> bool) -> bool {
    matches!(command, Command::Load { load: Load { kind, .. }, .. } if is(*kind))
}
