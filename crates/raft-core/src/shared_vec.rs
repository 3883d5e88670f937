//! A growing list whose clones share what they have in common.

use alloc::sync::Arc;
use alloc::vec::Vec;

/// Entries a chunk holds. A clone copies one pointer a chunk; the first push after a clone copies one chunk.
const CHUNK: usize = 32;

/// A vector in chunks that clones share. Cloning costs a pointer for every 32 elements, so a checkpoint of a long
/// log is cheap; pushing and truncating copy at most one chunk.
#[derive(Clone, Debug)]
pub struct SharedVec<T> {
    /// Invariant: every chunk but the last holds exactly `CHUNK` elements; none is empty.
    chunks: Vec<Arc<Vec<T>>>,
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        SharedVec { chunks: Vec::new() }
    }
}

impl<T: Clone> SharedVec<T> {
    /// How many elements.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self.chunks.last() {
            Some(last) => ((self.chunks.len() - 1) * CHUNK + last.len()) as u64,
            None => 0,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The element at `i`, from 0.
    #[must_use]
    pub fn get(&self, i: u64) -> Option<&T> {
        let i = usize::try_from(i).ok()?;
        self.chunks.get(i / CHUNK)?.get(i % CHUNK)
    }

    /// The last element.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    /// Adds one at the end.
    pub fn push(&mut self, value: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Arc::make_mut(last).push(value),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(value);
                self.chunks.push(Arc::new(chunk));
            }
        }
    }

    /// Drops everything from position `len` on.
    pub fn truncate(&mut self, len: u64) {
        if len >= self.len() {
            return;
        }
        let len = len as usize; // smaller than self.len(), which fits
        self.chunks.truncate(len.div_ceil(CHUNK));
        if !len.is_multiple_of(CHUNK)
            && let Some(last) = self.chunks.last_mut()
        {
            Arc::make_mut(last).truncate(len % CHUNK);
        }
    }

    /// The elements from position `from` on.
    pub fn iter_from(&self, from: u64) -> impl Iterator<Item = &T> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let (chunk, offset) = (from / CHUNK, from % CHUNK);
        self.chunks.iter().skip(chunk).flat_map(|c| c.iter()).skip(offset)
    }

    /// All elements.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }
}

impl<T: Clone + PartialEq> PartialEq for SharedVec<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .chunks
                .iter()
                .zip(&other.chunks)
                .all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
    }
}

impl<T: Clone + Eq> Eq for SharedVec<T> {}

impl<T: Clone + core::hash::Hash> core::hash::Hash for SharedVec<T> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.len());
        for value in self.iter() {
            value.hash(state);
        }
    }
}
