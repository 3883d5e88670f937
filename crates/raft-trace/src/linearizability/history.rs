//! What clients did and saw.

use crate::{ClientId, Event, OpId, Operation, Outcome, Seq, TraceEvent, Word, WorldTime};
use serde::Serialize;

/// A point of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct When {
    /// By the order of events, in which no two are at the same time.
    pub seq: Seq,
    /// By the clock of the world.
    #[serde(rename = "atUs")]
    pub at: WorldTime,
}

/// One operation of a client, from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Record {
    /// Its number.
    pub op: OpId,
    /// Whose.
    pub client: ClientId,
    /// What.
    pub operation: Operation,
    /// When it began.
    pub invoked: When,
    /// When and how it ended; `None` while it is under way.
    pub returned: Option<(When, Outcome)>,
}

impl Record {
    /// What it read, and of which write, if it was done and is a read.
    #[must_use]
    pub fn found(&self) -> Option<(Option<&Word>, Option<OpId>)> {
        match &self.returned {
            Some((_, Outcome::Ok { value, tag })) if self.operation.reads() => Some((value.as_ref(), *tag)),
            _ => None,
        }
    }

    /// When it ended, if it was done.
    #[must_use]
    pub fn done(&self) -> Option<When> {
        match &self.returned {
            Some((when, Outcome::Ok { .. })) => Some(*when),
            _ => None,
        }
    }
}

/// Everything that clients did in a run, in the order in which they began.
#[derive(Clone, Debug, Default)]
pub struct History {
    records: Vec<Record>,
}

impl History {
    /// Follows the next event.
    pub fn observe(&mut self, event: &TraceEvent) {
        if let Some(record) = invoked(event) {
            self.records.push(record);
        } else if let Event::Returned { op, outcome, .. } = &event.event
            && let Ok(place) = self.records.binary_search_by_key(op, |record| record.op)
        {
            self.records[place].returned = Some((when(event), outcome.clone()));
        }
    }

    /// All of it.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }
}

/// The operation that begins with this event, if one does.
pub(super) fn invoked(event: &TraceEvent) -> Option<Record> {
    let Event::Invoked {
        client,
        op,
        ref operation,
    } = event.event
    else {
        return None;
    };
    Some(Record {
        op,
        client,
        operation: operation.clone(),
        invoked: when(event),
        returned: None,
    })
}

pub(super) fn when(event: &TraceEvent) -> When {
    When {
        seq: event.seq,
        at: event.at,
    }
}
