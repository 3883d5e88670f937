//! The trace of a run: all its events, kept.

use crate::codec::{Coded, Context};
use crate::habits::{Habits, Memory, Reader, Row, Writer};
use crate::{Seq, TraceEvent, WorldTime};
use std::sync::Arc;

/// Events in a chunk. Finding one event means reading those of its chunk before it.
const CHUNK: u32 = 512;

/// All events of a run, append-only. A *moment* is what one step of the world made: some events at one time. A *position* is
/// a place between two events, named by the [`Seq`] of the event after it.
///
/// An event takes about 5 bytes. Clones and forks share what is full of their common past.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Each holds exactly `CHUNK` events.
    full: Vec<Arc<Chunk>>,
    /// Holds the newest events, at most `CHUNK`.
    tail: Chunk,
    /// Where the next event stands.
    end: Context,
    /// A bit an event, 64 in each: whether it is the last of a moment.
    ends_moment: Vec<u64>,
    /// The bytes of all that are full.
    full_bytes: u64,
    habits: Arc<Habits>,
    /// Of the tail.
    memory: Memory,
    row: Row,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    /// Where its first event stands.
    start: Context,
    bytes: Vec<u8>,
}

impl Trace {
    /// Adds the next event.
    ///
    /// # Panics
    /// When its `seq` is not [`Trace::len`], or it happened before the last one.
    pub fn push(&mut self, event: &TraceEvent) {
        assert!(event.seq == self.end.seq, "events come without gaps");
        assert!(event.at >= self.end.at, "events come in the order of time");
        if self.end.seq.0 - self.tail.start.seq.0 == CHUNK {
            self.close_chunk();
        }
        let mut writer = Writer {
            chunk: &mut self.tail.bytes,
            context: &mut self.end,
            habits: &mut self.habits,
            memory: &mut self.memory,
            row: &mut self.row,
        };
        event.write(&mut writer);
        writer.finish();
        self.end.seq.0 += 1;
    }

    /// Keeps a copy of exact size and begins the next chunk in the same buffer.
    fn close_chunk(&mut self) {
        self.full_bytes += self.tail.bytes.len() as u64;
        self.full.push(Arc::new(self.tail.clone()));
        self.tail.start = self.end;
        self.tail.bytes.clear();
        self.memory.forget();
    }

    /// What was added since the last call is one moment.
    pub fn close_moment(&mut self) {
        if let Some(last) = self.len().checked_sub(1) {
            self.ends_moment.resize(last as usize / 64 + 1, 0);
            self.ends_moment[last as usize / 64] |= 1 << (last % 64);
        }
    }

    /// How many events there are; the `seq` of the next one.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.end.seq.0
    }

    /// Whether nothing has happened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the last event happened; 0 in an empty trace.
    #[must_use]
    pub fn last_at(&self) -> WorldTime {
        self.end.at
    }

    /// One event.
    #[must_use]
    #[inline]
    pub fn get(&self, seq: Seq) -> Option<TraceEvent> {
        self.iter_from(seq).next()
    }

    /// All events from this one on.
    pub fn iter_from(&self, seq: Seq) -> impl Iterator<Item = TraceEvent> {
        let mut events = self.events_of_chunk(seq.0.min(self.len()) / CHUNK);
        while events.reader.context.seq < seq && events.next().is_some() {}
        events
    }

    fn events_of_chunk(&self, chunk: u32) -> Events<'_> {
        let Chunk { start, bytes } = self.chunk(chunk).unwrap_or(&self.tail);
        let reader = Reader::new(bytes, *start, &self.habits);
        Events {
            trace: self,
            start: start.seq.0,
            reader,
        }
    }

    fn chunk(&self, i: u32) -> Option<&Chunk> {
        let i = i as usize;
        match self.full.get(i) {
            Some(chunk) => Some(chunk),
            None => (i == self.full.len()).then_some(&self.tail),
        }
    }

    /// The position after all that happened until `at`, `at` included.
    #[must_use]
    #[inline]
    pub fn seq_at(&self, at: WorldTime) -> Seq {
        if at >= self.end.at {
            return self.end.seq;
        }
        // A chunk starts at the time of the last event before it.
        let begun = self.full.partition_point(|c| c.start.at <= at);
        let chunk = begun.saturating_sub(1);
        let later = self.events_of_chunk(chunk as u32).find(|e| e.at > at); // chunks are fewer than events
        later.map_or(self.end.seq, |e| e.seq)
    }

    /// The first position after this one that lies between two moments, or at the end of the last.
    #[must_use]
    #[inline]
    pub fn moment_after(&self, position: Seq) -> Option<Seq> {
        let mut first = position.0;
        while let Some(word) = self.ends_moment.get(first as usize / 64) {
            let ends = word >> (first % 64);
            if ends != 0 {
                return Some(Seq(first + ends.trailing_zeros() + 1));
            }
            first = (first / 64 + 1) * 64;
        }
        None
    }

    /// The last position before this one that lies between two moments, or at the beginning of the first.
    #[must_use]
    #[inline]
    pub fn moment_before(&self, position: Seq) -> Option<Seq> {
        // The event two places back is the last that can end a moment before here.
        let mut last = position.0.min(self.len() + 1).checked_sub(1)?;
        while last > 0 {
            let i = last - 1;
            let word = self.ends_moment.get(i as usize / 64);
            let ends = word.map_or(0, |word| word << (63 - i % 64));
            if ends != 0 {
                return Some(Seq(last - ends.leading_zeros()));
            }
            last = i / 64 * 64;
        }
        Some(Seq(0))
    }

    /// A trace of the events before this position, to go on differently from there.
    #[must_use]
    #[inline]
    pub fn fork_at(&self, position: Seq) -> Trace {
        if position.0 >= self.len() {
            return self.clone();
        }
        let i = position.0 / CHUNK;
        let chunk = self.chunk(i).unwrap_or(&self.tail);
        let mut events = self.events_of_chunk(i);
        while events.reader.context.seq < position && events.next().is_some() {}
        let reader = events.reader;
        let mut ends_moment = self.ends_moment.clone();
        ends_moment.truncate(position.0.div_ceil(64) as usize);
        if !position.0.is_multiple_of(64)
            && let Some(last) = ends_moment.get_mut(position.0 as usize / 64)
        {
            *last &= !(u64::MAX << (position.0 % 64));
        }
        let full = self.full[..i as usize].to_vec();
        Trace {
            full_bytes: full.iter().map(|chunk| chunk.bytes.len() as u64).sum(),
            full,
            tail: Chunk {
                start: chunk.start,
                bytes: chunk.bytes[..reader.position()].to_vec(),
            },
            end: reader.context,
            ends_moment,
            habits: self.habits.clone(),
            memory: reader.into_memory(),
            row: Row::default(),
        }
    }

    /// How many bytes its events take: the same on every machine, and at hand.
    #[must_use]
    pub fn coded_bytes(&self) -> u64 {
        self.full_bytes + self.tail.bytes.len() as u64
    }

    /// How much memory it takes, in bytes, with all that it shares.
    #[must_use]
    #[inline]
    pub fn heap_bytes(&self) -> u64 {
        let counts = 2 * size_of::<usize>(); // that every `Arc` keeps
        let chunk = |c: &Arc<Chunk>| counts + size_of::<Chunk>() + c.bytes.capacity();
        let chunks: usize = self.full.iter().map(chunk).sum();
        let lists =
            self.full.capacity() * size_of::<Arc<Chunk>>() + self.ends_moment.capacity() * size_of::<u64>();
        (lists + chunks + self.tail.bytes.capacity()) as u64 + self.habits.heap_bytes()
    }
}

/// Reads a trace from somewhere to its end.
struct Events<'a> {
    trace: &'a Trace,
    /// The first event of the chunk being read.
    start: u32,
    reader: Reader<'a>,
}

impl Iterator for Events<'_> {
    type Item = TraceEvent;

    fn next(&mut self) -> Option<TraceEvent> {
        let seq = self.reader.context.seq;
        if seq == self.trace.end.seq {
            return None;
        }
        if seq.0 - self.start == CHUNK {
            self.start = seq.0;
            self.reader.turn_to(&self.trace.chunk(seq.0 / CHUNK)?.bytes);
        }
        self.reader.begin();
        let event = TraceEvent::read(&mut self.reader);
        self.reader.context.seq.0 += 1;
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    #[test]
    fn clones_and_forks_share_what_is_full() {
        let mut trace = Trace::default();
        for seq in 0..4000 {
            trace.push(&TraceEvent {
                seq: Seq(seq),
                at: WorldTime(seq.into()),
                cause: None,
                event: Event::Healed,
            });
        }
        for (other, shared) in [
            (trace.clone(), 7),
            (trace.fork_at(Seq(3999)), 7),
            (trace.fork_at(Seq(1200)), 2),
        ] {
            assert_eq!(other.full.len(), shared);
            assert!(other.full.iter().zip(&trace.full).all(|(a, b)| Arc::ptr_eq(a, b)));
        }
    }
}
