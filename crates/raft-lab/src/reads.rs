//! What the clients of a run got for their reads, mode by mode: how fast, how often, and how old.

use raft_core::{ReadMode, SortedMap};
use raft_trace::{
    ClientId, Event, OpId, Operation, Outcome, Seq, TraceEvent, Word, WorldTime, read_mode_name,
};
use serde::Serialize;
use std::fmt;

/// No more stale reads than these are told one by one; all are counted.
const MAX_STALE_TOLD: usize = 200;

/// The operations of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// How many ended well.
    pub ok: u32,
    /// How many were certainly not done.
    pub failed: u32,
    /// How many ended without an answer.
    pub unknown: u32,
    /// How many were begun.
    pub asked: u32,
    /// How long those that ended well took, in µs, in the order they ended.
    took: Vec<u32>,
}

/// The reads of one mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// How they ended.
    pub answers: Answers,
    /// How many were stale.
    pub stale: u32,
    /// The first of those.
    pub stale_reads: Vec<StaleRead>,
}

/// A read that returned something older than what was acknowledged before it began: what it returned was itself acknowledged, or was
/// nothing, before the newer write was even begun. Such a run is not linearizable; the reverse does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StaleRead {
    /// Its number.
    pub op: OpId,
    /// Whose.
    pub client: String,
    /// What it read.
    #[cfg_attr(test, ts(type = "string"))]
    pub key: Word,
    /// What it found there; `null` for nothing.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub value: Option<Word>,
    /// The event that it began with.
    pub invoked: Seq,
    /// The event that it returned by.
    pub seq: Seq,
    /// When it returned.
    pub at_us: u64,
    /// The newer write.
    pub missed: OpId,
    /// The newer write in words: `put x=2`.
    pub missed_text: String,
    /// When that was acknowledged: before the read began.
    pub missed_us: u64,
}

/// `C2 get x returned 1 at 2.004 s although put x=2 was acknowledged at 1.7 s`
impl fmt::Display for StaleRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_deref().unwrap_or("nothing");
        write!(
            f,
            "{} get {} returned {value} at {} s although {} was acknowledged at {} s",
            self.client,
            self.key,
            seconds(self.at_us),
            self.missed_text,
            seconds(self.missed_us)
        )
    }
}

/// Whole µs as seconds, without zeros at the end.
fn seconds(us: u64) -> String {
    let text = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Follows all operations of a run.
#[derive(Clone, Debug, Default)]
pub struct ReadStats {
    /// By the name of their mode.
    reads: SortedMap<&'static str, Reads>,
    writes: Answers,
    pending: SortedMap<OpId, Pending>,
    /// When the writes were acknowledged that were.
    acknowledged: SortedMap<OpId, Seq>,
    /// Per key, of the writes that were acknowledged the one that began last.
    newest: SortedMap<Word, Newest>,
}

/// An operation under way.
#[derive(Clone, Debug)]
struct Pending {
    operation: Operation,
    seq: Seq,
    at: WorldTime,
    /// What it must not miss.
    floor: Option<Newest>,
}

#[derive(Clone, Debug)]
struct Newest {
    op: OpId,
    operation: Operation,
    invoked: Seq,
    acknowledged_at: WorldTime,
}

impl ReadStats {
    /// Takes in the next event.
    pub fn observe(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Invoked { op, operation, .. } => self.invoked(*op, operation, event),
            Event::Returned { client, op, outcome } => self.returned(*client, *op, outcome, event),
            _ => {}
        }
    }

    /// The reads of each mode that was used, by its name.
    #[must_use]
    pub fn reads(&self) -> &SortedMap<&'static str, Reads> {
        &self.reads
    }

    /// The puts and dels.
    #[must_use]
    pub fn writes(&self) -> &Answers {
        &self.writes
    }

    fn invoked(&mut self, op: OpId, operation: &Operation, event: &TraceEvent) {
        self.answers(operation).asked += 1;
        let floor = self.newest.get(key(operation)).filter(|_| operation.reads());
        let pending = Pending {
            operation: operation.clone(),
            seq: event.seq,
            at: event.at,
            floor: floor.cloned(),
        };
        self.pending.insert(op, pending);
    }

    fn returned(&mut self, client: ClientId, op: OpId, outcome: &Outcome, event: &TraceEvent) {
        let Some(pending) = self.pending.remove(&op) else {
            return;
        };
        let answers = self.answers(&pending.operation);
        match outcome {
            Outcome::Failed => answers.failed += 1,
            Outcome::Unknown => answers.unknown += 1,
            Outcome::Ok { .. } => {
                answers.ok += 1;
                let took = event.at - pending.at;
                answers.took.push(u32::try_from(took.0).unwrap_or(u32::MAX));
            }
        }
        match outcome {
            Outcome::Ok { value, tag } if pending.operation.reads() => {
                self.judge(client, op, (value.as_ref(), *tag), &pending, event);
            }
            Outcome::Ok { .. } => self.acknowledge(op, &pending, event),
            Outcome::Failed | Outcome::Unknown => {}
        }
    }

    fn acknowledge(&mut self, op: OpId, pending: &Pending, event: &TraceEvent) {
        self.acknowledged.insert(op, event.seq);
        let key = key(&pending.operation);
        if self
            .newest
            .get(key)
            .is_none_or(|newest| newest.invoked < pending.seq)
        {
            let newest = Newest {
                op,
                invoked: pending.seq,
                acknowledged_at: event.at,
                operation: pending.operation.clone(),
            };
            self.newest.insert(key.clone(), newest);
        }
    }

    /// Whether what a read found was over before something began that was acknowledged before the read.
    fn judge(
        &mut self,
        client: ClientId,
        op: OpId,
        (value, tag): (Option<&Word>, Option<OpId>),
        read: &Pending,
        event: &TraceEvent,
    ) {
        let Some(missed) = &read.floor else { return };
        let older = match tag {
            None => true,
            Some(tag) => self
                .acknowledged
                .get(&tag)
                .is_some_and(|seq| *seq < missed.invoked),
        };
        if !older {
            return;
        }
        let stale = StaleRead {
            op,
            client: client.to_string(),
            key: key(&read.operation).clone(),
            value: value.cloned(),
            invoked: read.seq,
            seq: event.seq,
            at_us: event.at.0,
            missed: missed.op,
            missed_text: missed.operation.to_string(),
            missed_us: missed.acknowledged_at.0,
        };
        let reads = self
            .reads
            .or_insert_with(&mode_name(&read.operation), Reads::default);
        reads.stale += 1;
        if reads.stale_reads.len() < MAX_STALE_TOLD {
            reads.stale_reads.push(stale);
        }
    }

    fn answers(&mut self, operation: &Operation) -> &mut Answers {
        if operation.reads() {
            &mut self
                .reads
                .or_insert_with(&mode_name(operation), Reads::default)
                .answers
        } else {
            &mut self.writes
        }
    }
}

impl Answers {
    /// How long the quickest `percent` of those that ended well took at most, in µs; `None` if none did. The nearest rank: 50 is the
    /// median, 99 all but the slowest hundredth.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Option<u32> {
        let rank = (self.took.len() * percent).div_ceil(100);
        if rank == 0 {
            return None;
        }
        // The smallest that so many do not exceed, bit by bit.
        let within = |bound: u32| self.took.iter().filter(|took| **took <= bound).count();
        let bits = (0..u32::BITS).rev().map(|bit| 1 << bit);
        Some(bits.fold(0, |least, bit| match within(least + (bit - 1)) < rank {
            true => least + bit,
            false => least,
        }))
    }

    /// How many of those that ended well took how long: for each class that has any, its shortest time in µs, and how many there are.
    /// There are eight classes to a doubling of time.
    #[must_use]
    pub fn classes(&self) -> Vec<[u32; 2]> {
        let mut counts = SortedMap::default();
        for took in &self.took {
            let finer = (u32::BITS - took.leading_zeros()).saturating_sub(4); // all but the first four digits
            *counts.or_insert_with(&(took >> finer << finer), || 0) += 1;
        }
        counts
            .into_iter()
            .map(|(shortest, count)| [shortest, count])
            .collect()
    }
}

/// The name of a mode as a scenario writes it; `None` is `log`.
#[must_use]
pub const fn mode_word(mode: Option<ReadMode>) -> &'static str {
    match mode {
        Some(mode) => read_mode_name(mode),
        None => "log",
    }
}

fn mode_name(operation: &Operation) -> &'static str {
    match operation {
        Operation::Read { mode, .. } => mode_word(Some(*mode)),
        _ => mode_word(None),
    }
}

fn key(operation: &Operation) -> &Word {
    match operation {
        Operation::Put { key, .. }
        | Operation::Del { key }
        | Operation::Get { key }
        | Operation::Read { key, .. } => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A history of one client a line, events in order: `1 put x=1`, `1 ok`, `2 get x stale`, `2 ok 1@0`.
    fn stats(lines: &[&str]) -> ReadStats {
        let mut stats = ReadStats::default();
        let mut ops: BTreeMap<u32, OpId> = BTreeMap::new();
        for (seq, line) in lines.iter().enumerate() {
            let (client, rest) = line.split_once(' ').unwrap();
            let client = ClientId(client.parse().unwrap());
            let words: Vec<&str> = rest.split([' ', '=', '@']).collect();
            let (key, value) = (words[1.min(words.len() - 1)].into(), words.get(2).copied());
            let event = match words[0] {
                "ok" => Event::Returned {
                    client,
                    op: ops[&client.0],
                    outcome: Outcome::Ok {
                        value: words.get(1).map(|v| (*v).into()),
                        tag: value.map(|tag| OpId(tag.parse().unwrap())),
                    },
                },
                "unknown" => Event::Returned {
                    client,
                    op: ops[&client.0],
                    outcome: Outcome::Unknown,
                },
                verb => {
                    let op = OpId(seq as u32);
                    ops.insert(client.0, op);
                    let operation = match (verb, value) {
                        ("put", Some(value)) => Operation::Put {
                            key,
                            value: value.into(),
                        },
                        (_, Some("lease")) => Operation::Read {
                            key,
                            mode: ReadMode::Lease,
                        },
                        (_, Some(_)) => Operation::Read {
                            key,
                            mode: ReadMode::Stale,
                        },
                        _ => Operation::Get { key },
                    };
                    Event::Invoked {
                        client,
                        op,
                        operation,
                    }
                }
            };
            stats.observe(&TraceEvent {
                seq: Seq(seq as u32),
                at: WorldTime(seq as u64 * 1_000),
                cause: None,
                event,
            });
        }
        stats
    }

    #[test]
    fn a_read_of_what_was_over_before_a_newer_write_began_is_stale() {
        let stats = stats(&[
            "1 put x=1",
            "1 ok",
            "1 put x=2",
            "1 ok",
            "2 get x stale",
            "2 ok 1@0",
        ]);
        let reads = stats.reads().get("stale").expect("a read");
        assert_eq!(reads.stale, 1);
        let told = &reads.stale_reads[0];
        assert_eq!((told.op, told.seq, told.missed), (OpId(4), Seq(5), OpId(2)));
        assert_eq!(
            told.to_string(),
            "C2 get x returned 1 at 0.005 s although put x=2 was acknowledged at 0.003 s"
        );
    }

    #[test]
    fn what_may_be_right_is_not_stale() {
        // The newer write was acknowledged only after the read began; the two writes overlap; the older may have come later.
        for history in [
            &[
                "1 put x=1",
                "1 ok",
                "1 put x=2",
                "2 get x stale",
                "1 ok",
                "2 ok 1@0",
            ][..],
            &[
                "1 put x=1",
                "3 put x=2",
                "1 ok",
                "3 ok",
                "2 get x stale",
                "2 ok 1@0",
            ],
            &[
                "1 put x=1",
                "1 unknown",
                "3 put x=2",
                "3 ok",
                "2 get x stale",
                "2 ok 1@0",
            ],
            &["1 put x=1", "1 ok", "2 get y stale", "2 ok"],
        ] {
            assert_eq!(
                stats(history).reads().get("stale").expect("a read").stale,
                0,
                "{history:?}"
            );
        }
    }

    #[test]
    fn finding_nothing_after_a_write_was_acknowledged_is_stale() {
        let stats = stats(&["1 put x=1", "1 ok", "2 get x lease", "2 ok"]);
        assert_eq!(stats.reads().get("lease").expect("a read").stale, 1);
        assert!(
            stats.reads().get("lease").expect("a read").stale_reads[0]
                .to_string()
                .contains("returned nothing")
        );
    }

    #[test]
    fn unknown_and_failed_and_unfinished_are_told_apart() {
        let stats = stats(&[
            "1 get x",
            "2 get x",
            "1 unknown",
            "1 get x",
            "2 ok",
            "3 put x=1",
            "2 get x",
        ]);
        let answers = &stats.reads().get("log").expect("a read").answers;
        assert_eq!(
            (answers.asked, answers.ok, answers.failed, answers.unknown),
            (4, 1, 0, 1)
        );
        assert_eq!(stats.writes().asked, 1);
    }

    fn answers(took: Vec<u32>) -> Answers {
        Answers {
            took,
            ..Answers::default()
        }
    }

    #[test]
    fn classes_are_eight_to_a_doubling() {
        assert_eq!(answers(vec![0, 7, 0]).classes(), [[0, 2], [7, 1]]);
        let all = answers((1024..2048).collect()).classes();
        assert_eq!(all.len(), 8);
        assert!(all.iter().all(|[_, count]| *count == 128));
        assert_eq!((all[0][0], all[1][0]), (1024, 1024 + 128));
        assert_eq!(answers(vec![u32::MAX]).classes(), [[15 << 28, 1]]);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        assert_eq!(answers(vec![]).percentile(50), None);
        assert_eq!(answers(vec![7]).percentile(1), Some(7));
        assert_eq!(answers(vec![4, 1, 3, 2]).percentile(50), Some(2));
        let hundred = answers((1..=100).rev().collect());
        assert_eq!(
            (hundred.percentile(50), hundred.percentile(99)),
            (Some(50), Some(99))
        );
    }
}
