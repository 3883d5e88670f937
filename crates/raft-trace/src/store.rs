//! The trace of a run: all its events, kept.

use crate::{Seq, TraceEvent, WorldTime};

/// All events of a run, append-only. A *moment* is what one step of the world made: a group of events at one time. A
/// *position* is a place between two events, named by the [`Seq`] of the event after it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Vec<TraceEvent>,
    boundaries: Vec<u32>,
}

impl Trace {
    /// Adds the next event.
    ///
    /// # Panics
    /// When its `seq` is not [`Trace::len`], or it happened before the last one.
    pub fn push(&mut self, event: &TraceEvent) {
        assert!(event.seq.0 == self.len(), "events come without gaps");
        assert!(event.at >= self.last_at(), "events come in the order of time");
        self.events.push(event.clone());
    }

    /// What was added since the last call is one moment.
    pub fn close_moment(&mut self) {
        if self.boundaries.last().copied().unwrap_or(0) < self.len() {
            self.boundaries.push(self.len());
        }
    }

    /// How many events there are; the `seq` of the next one.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.events.len() as u32
    }

    /// Whether nothing has happened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// When the last event happened; 0 in an empty trace.
    #[must_use]
    pub fn last_at(&self) -> WorldTime {
        self.events.last().map_or(WorldTime(0), |e| e.at)
    }

    /// One event.
    #[must_use]
    pub fn get(&self, seq: Seq) -> Option<TraceEvent> {
        self.events.get(seq.0 as usize).cloned()
    }

    /// All events from this one on.
    pub fn iter_from(&self, seq: Seq) -> impl Iterator<Item = TraceEvent> {
        self.events.iter().skip(seq.0 as usize).cloned()
    }

    /// The position after all that happened until `at`, `at` included.
    #[must_use]
    pub fn seq_at(&self, at: WorldTime) -> Seq {
        Seq(self.events.partition_point(|e| e.at <= at) as u32)
    }

    /// The first position after this one that lies between two moments, or at the end of the last.
    #[must_use]
    pub fn moment_after(&self, position: Seq) -> Option<Seq> {
        let i = self.boundaries.partition_point(|b| *b <= position.0);
        self.boundaries.get(i).copied().map(Seq)
    }

    /// The last position before this one that lies between two moments, or at the beginning of the first.
    #[must_use]
    pub fn moment_before(&self, position: Seq) -> Option<Seq> {
        if position.0 == 0 {
            return None;
        }
        let i = self.boundaries.partition_point(|b| *b < position.0);
        Some(Seq(i.checked_sub(1).map_or(0, |i| self.boundaries[i])))
    }

    /// A trace of the events before this position, to go on differently from there. They are shared, not copied.
    #[must_use]
    pub fn fork_at(&self, position: Seq) -> Trace {
        let end = position.0.min(self.len());
        let mut boundaries = self.boundaries.clone();
        boundaries.retain(|b| *b <= end);
        Trace {
            events: self.events[..end as usize].to_vec(),
            boundaries,
        }
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> u64 {
        (self.events.capacity() * size_of::<TraceEvent>()) as u64
    }
}
