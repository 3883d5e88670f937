//! Why a history is not linearizable: the fewest operations that contradict one another, and a sentence.

use super::history::Record;
use crate::{OpId, Operation, Word, WorldTime};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A read that cannot be right. As text it is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Anomaly {
    /// What was read.
    pub read: Arc<Record>,
    /// What speaks against it.
    pub although: Although,
    /// Whether the write that was read was applied a second time.
    pub twice: bool,
    /// The operations that cannot all be right, by number. Without any one of them the others could be, where a write that was read
    /// but is not among them may have been done at any time.
    pub guilty: Vec<OpId>,
}

/// What speaks against a read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Although {
    /// A later write had been acknowledged before the read began.
    Acknowledged {
        /// Which.
        write: Arc<Record>,
    },
    /// What a later write left had been read before the read began.
    Read {
        /// By which read.
        earlier: Arc<Record>,
    },
    /// What was read is of a write that was certainly not done.
    Failed {
        /// Which.
        write: Arc<Record>,
    },
    /// What was read nobody had begun to write.
    Unwritten,
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Anomaly { read, although, .. } = self;
        let found = left(read);
        match found {
            Some(value) => write!(f, "{} returned {value} at {}", read.operation, ended(read))?,
            None => write!(f, "{} found nothing at {}", read.operation, ended(read))?,
        }
        match although {
            Although::Acknowledged { write } => {
                write!(
                    f,
                    " although {} was acknowledged at {}",
                    write.operation,
                    ended(write)
                )?;
                if let Some(value) = found.filter(|_| left(write) == found) {
                    write!(f, ", and this {value} is an earlier one")?;
                }
            }
            Although::Read { earlier } => {
                let (who, at) = (earlier.client, ended(earlier));
                write!(f, " although {who}'s {} had ", earlier.operation)?;
                match left(earlier) {
                    Some(value) => write!(f, "returned {value}, written later, at {at}")?,
                    None => write!(f, "found it deleted, later, at {at}")?,
                }
            }
            Although::Failed { write } => write!(f, " although {} failed", write.operation)?,
            Although::Unwritten => f.write_str(", which nobody had begun to write")?,
        }
        f.write_str(match self.twice {
            true => ": it was applied twice.",
            false => ".",
        })
    }
}

/// The value that stood there after this operation.
fn left(record: &Record) -> Option<&Word> {
    match &record.operation {
        Operation::Put { value, .. } => Some(value),
        _ => record.found()?.0,
    }
}

fn ended(record: &Record) -> Seconds {
    let returned = record.returned.as_ref();
    Seconds(returned.map_or(record.invoked.at, |(when, _)| when.at))
}

/// `2.0 s`, `1.725 s`: whole milliseconds, at least one decimal.
struct Seconds(WorldTime);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.0 / 1_000;
        let decimals = format!("{:03}", ms % 1_000);
        let decimals = decimals.trim_end_matches('0');
        write!(
            f,
            "{}.{} s",
            ms / 1_000,
            if decimals.is_empty() { "0" } else { decimals }
        )
    }
}
