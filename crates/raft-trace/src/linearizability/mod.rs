//! Is what the clients saw linearizable: as if each operation took effect at once, at some moment between its beginning and its end
//! (Herlihy and Wing, 1990; §8)? Each key is judged by itself: a history is linearizable exactly if every key's is.

mod anomaly;
mod history;
mod promised;
pub mod wgl;
mod zones;

pub use anomaly::{Although, Anomaly};
pub use history::{History, Record, When};
pub(crate) use promised::Clients;

use crate::{Event, OpId, TraceEvent, Word};
use raft_core::SortedMap;
use serde::Serialize;
use std::sync::Arc;
use zones::Zones;

/// What is known about a history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Verdict {
    /// It is linearizable. The clients may have seen a single copy of the data.
    #[default]
    Yes,
    /// It is not, and stays so whatever comes.
    No {
        /// With which event.
        since: When,
        /// Why.
        because: Box<Anomaly>,
    },
    /// Nobody knows: it would have taken too much memory.
    Unknown {
        /// Since this event.
        since: When,
    },
}

impl Verdict {
    /// In a word: `yes`, `no`, `unknown`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::No { .. } => "no",
            Verdict::Unknown { .. } => "unknown",
        }
    }
}

/// Judges a history while it is made. What is remembered does not grow with it, but for writes that nobody knows the outcome of.
/// Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Linearizability {
    keys: Arc<SortedMap<Word, Arc<Zones>>>,
    /// Operations under way, by number.
    under_way: Vec<Record>,
    /// Writes that took effect twice.
    twice: Arc<Vec<OpId>>,
    verdict: Verdict,
}

impl Linearizability {
    /// What is known by now.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Follows the next event.
    pub fn observe(&mut self, event: &TraceEvent) {
        if self.verdict != Verdict::Yes {
            return;
        }
        if let Some(record) = history::invoked(event) {
            self.zones(&record).invoke(&record);
            let place = self.under_way.partition_point(|other| other.op < record.op);
            self.under_way.insert(place, record);
        } else if let Event::Returned { op, outcome, .. } = &event.event
            && let Ok(place) = self.under_way.binary_search_by_key(op, |record| record.op)
        {
            let mut record = self.under_way.remove(place);
            record.returned = Some((history::when(event), outcome.clone()));
            self.end(&Arc::new(record), history::when(event));
        }
    }

    /// A finished history, whole. No two of its moments may be the same.
    #[must_use]
    pub fn of(records: &[Arc<Record>]) -> Verdict {
        let begins = records.iter().map(|record| (record.invoked, record, false));
        let ends = records.iter().filter_map(|record| {
            let (when, _) = record.returned.as_ref()?;
            Some((*when, record, true))
        });
        // Two lists of thousands, each in its order or nearly so. A stable sort sees that and merges them: the one that is worth its code.
        let mut moments: Vec<_> = begins.chain(ends).collect();
        moments.sort_by_key(|(when, ..)| when.seq);
        let mut all = Linearizability::default();
        for (when, record, ends) in moments {
            match ends {
                false => all.zones(record).invoke(record),
                true => all.end(record, when),
            }
            if all.verdict != Verdict::Yes {
                break;
            }
        }
        all.verdict
    }

    /// This write took effect a second time: should somebody read it, that may be why.
    pub fn applied_twice(&mut self, write: OpId) {
        Arc::make_mut(&mut self.twice).push(write);
    }

    /// This operation ended.
    fn end(&mut self, record: &Arc<Record>, since: When) {
        let zones = self.zones(record);
        let verdict = match zones.end(record) {
            Some(mut because) => {
                let tag = because.read.found().and_then(|(_, tag)| tag);
                because.twice = tag.is_some_and(|write| self.twice.contains(&write));
                let because = Box::new(because);
                Verdict::No { since, because }
            }
            None if zones.is_full() => Verdict::Unknown { since },
            None => return,
        };
        *self = Linearizability {
            verdict,
            ..Linearizability::default()
        };
    }

    fn zones(&mut self, record: &Record) -> &mut Zones {
        let keys = Arc::make_mut(&mut self.keys);
        Arc::make_mut(keys.or_insert_with(record.operation.key(), Arc::default))
    }
}
