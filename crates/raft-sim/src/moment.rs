//! The moment that is just happening, as it is written down.

use raft_trace::{Event, Seq, TraceEvent, WorldTime};

/// When it is and what has happened in this moment so far.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) at: WorldTime,
    /// The position in the trace of the next event.
    pub(crate) next: Seq,
    /// Where events are written: the caller's list while a step is made, else empty.
    pub(crate) events: Vec<TraceEvent>,
}

impl Moment {
    /// Records an event that `cause` led to. Returns its position in the trace.
    pub(crate) fn record(&mut self, cause: impl Into<Option<Seq>>, event: Event) -> Seq {
        let seq = self.next;
        self.next = Seq(seq.0 + 1);
        self.events.push(TraceEvent {
            seq,
            at: self.at,
            cause: cause.into(),
            event,
        });
        seq
    }
}
