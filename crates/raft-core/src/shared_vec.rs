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
    /// How many elements at the start of the first chunk are gone. Invariant: fewer than the chunk holds.
    gone: usize,
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        SharedVec {
            chunks: Vec::new(),
            gone: 0,
        }
    }
}

impl<T: Clone> SharedVec<T> {
    /// How many elements.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self.chunks.last() {
            Some(last) => ((self.chunks.len() - 1) * CHUNK + last.len() - self.gone) as u64,
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
        let i = usize::try_from(i).ok()?.checked_add(self.gone)?;
        self.chunks.get(i / CHUNK)?.get(i % CHUNK)
    }

    /// The elements from position `from` to the end of its chunk: never none unless `from` is past the last.
    #[must_use]
    pub fn run_from(&self, from: u64) -> &[T] {
        let from = self.place(from);
        let chunk = self.chunks.get(from / CHUNK);
        chunk.and_then(|c| c.get(from % CHUNK..)).unwrap_or_default()
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

    /// Adds all of these at the end.
    pub fn extend(&mut self, mut values: &[T]) {
        while let Some(first) = values.first() {
            let room = self.chunks.last().map_or(0, |last| CHUNK - last.len());
            if room == 0 {
                self.push(first.clone());
                values = &values[1..];
            } else if let Some(last) = self.chunks.last_mut() {
                let (fit, rest) = values.split_at(room.min(values.len()));
                Arc::make_mut(last).extend_from_slice(fit);
                values = rest;
            }
        }
    }

    /// Drops everything from position `len` on.
    pub fn truncate(&mut self, len: u64) {
        if len >= self.len() {
            return;
        }
        if len == 0 {
            self.chunks.clear();
            self.gone = 0;
            return;
        }
        let len = self.place(len);
        self.chunks.truncate(len.div_ceil(CHUNK));
        if !len.is_multiple_of(CHUNK)
            && let Some(last) = self.chunks.last_mut()
        {
            Arc::make_mut(last).truncate(len % CHUNK);
        }
    }

    /// Drops the first `count` elements; those after them move to the front.
    pub fn drop_front(&mut self, count: u64) {
        if count >= self.len() {
            return self.truncate(0);
        }
        let gone = self.place(count);
        self.chunks.drain(..gone / CHUNK);
        self.gone = gone % CHUNK;
    }

    /// Takes `other`'s chunks for its own where they are full and equal. That changes nothing but the memory both take together.
    pub fn share_with(&mut self, other: &SharedVec<T>)
    where
        T: PartialEq,
    {
        if self.gone != other.gone {
            return;
        }
        let pairs = self.chunks.iter_mut().zip(&other.chunks).rev();
        let full = pairs.skip_while(|(mine, theirs)| mine.len() < CHUNK || theirs.len() < CHUNK);
        // What was shared once stays so, mostly: from there on nothing is left to do.
        for (mine, theirs) in full.take_while(|(mine, theirs)| !Arc::ptr_eq(mine, theirs)) {
            if mine == theirs {
                *mine = theirs.clone();
            }
        }
    }

    /// Where the element at `i` is, counted from the start of the first chunk; saturating.
    fn place(&self, i: u64) -> usize {
        usize::try_from(i).unwrap_or(usize::MAX).saturating_add(self.gone)
    }

    /// The elements from position `from` on.
    pub fn iter_from(&self, from: u64) -> impl Iterator<Item = &T> {
        let next_chunk = self.place(from) / CHUNK + 1;
        let rest = self.chunks.get(next_chunk..).unwrap_or_default();
        self.run_from(from)
            .iter()
            .chain(rest.iter().flat_map(|c| c.iter()))
    }

    /// All elements.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }
}

impl<T: Clone + PartialEq> PartialEq for SharedVec<T> {
    fn eq(&self, other: &Self) -> bool {
        if self.gone != 0 || other.gone != 0 {
            return self.len() == other.len() && self.iter().eq(other.iter());
        }
        let mut pairs = self.chunks.iter().zip(&other.chunks);
        self.len() == other.len() && pairs.all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
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

#[cfg(test)]
mod tests {
    use super::SharedVec;
    use proptest::prelude::*;
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    use std::vec::Vec;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u32, u32),
        Extend(Vec<u32>),
        Truncate(u64),
        DropFront(u64),
        Clone,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (any::<u32>(), 1..50u32).prop_map(|(value, times)| Step::Push(value, times)),
            2 => proptest::collection::vec(any::<u32>(), 0..80).prop_map(Step::Extend),
            2 => (0..200u64).prop_map(Step::Truncate),
            1 => (0..50u64).prop_map(Step::DropFront),
            1 => Just(Step::Clone),
        ]
    }

    fn same(shared: &SharedVec<u32>, plain: &[u32]) {
        assert_eq!(shared.len(), plain.len() as u64);
        assert_eq!(shared.is_empty(), plain.is_empty());
        assert_eq!(shared.last(), plain.last());
        assert!(shared.iter().eq(plain));
        for from in 0..=plain.len() {
            assert!(shared.iter_from(from as u64).eq(&plain[from..]));
            assert_eq!(shared.get(from as u64), plain.get(from));
            let run = shared.run_from(from as u64);
            assert!(plain[from..].starts_with(run) && run.is_empty() == (from == plain.len()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// It is a vector, and no change of it is seen in its clones.
        #[test]
        fn is_a_vector_whose_clones_are_independent(steps in proptest::collection::vec(step(), 0..30)) {
            let (mut shared, mut plain) = (SharedVec::default(), Vec::new());
            let mut clones = Vec::new();
            for step in steps {
                match step {
                    Step::Push(value, times) => (0..times).for_each(|_| {
                        shared.push(value);
                        plain.push(value);
                    }),
                    Step::Extend(values) => {
                        shared.extend(&values);
                        plain.extend(values);
                    }
                    Step::Truncate(len) => {
                        shared.truncate(len);
                        plain.truncate(len as usize);
                    }
                    Step::DropFront(count) => {
                        shared.drop_front(count);
                        plain.drain(..plain.len().min(count as usize));
                    }
                    Step::Clone => clones.push((shared.clone(), plain.clone())),
                }
            }
            same(&shared, &plain);
            for (shared, plain) in &clones {
                same(shared, plain);
            }
            for (other, values) in &clones {
                prop_assert_eq!(*other == shared, *values == plain);
            }
        }
    }

    #[test]
    fn positions_past_the_end_hold_nothing() {
        let mut shared = SharedVec::default();
        shared.push(7);
        for i in [1, 31, 32, 33, u64::MAX] {
            assert_eq!(shared.get(i), None);
            assert_eq!(shared.iter_from(i).count(), 0);
            assert!(shared.run_from(i).is_empty());
        }
        shared.truncate(u64::MAX);
        assert_eq!(shared.len(), 1);
    }

    #[test]
    fn equality_and_hash_are_those_of_the_elements() {
        let hash = |vec: &SharedVec<u32>| BuildHasherDefault::<DefaultHasher>::default().hash_one(vec);
        let of = |from, gone: u64| {
            let mut vec = SharedVec::default();
            (from..from + 40).for_each(|value| vec.push(value));
            vec.drop_front(gone);
            vec
        };
        let (whole, cut) = (of(8, 0), of(8, 8));
        let mut longer = of(0, 8);
        (40..48).for_each(|value| longer.push(value));
        assert_eq!((&whole, hash(&whole)), (&longer, hash(&longer)));
        assert_eq!((&longer, hash(&longer)), (&whole, hash(&whole)));
        assert_ne!(hash(&cut), hash(&of(0, 8)));
        assert!(cut != of(0, 8) && cut != whole && whole != of(0, 0));
    }

    #[test]
    fn equal_vectors_can_come_to_share_their_chunks() {
        let of = |values: core::ops::Range<u32>| {
            let mut vec = SharedVec::default();
            values.for_each(|value| vec.push(value));
            vec
        };
        let (mut mine, other, model) = (of(0..80), of(0..100), of(0..80));
        mine.share_with(&other);
        let start = |vec: &SharedVec<u32>, i| vec.run_from(i).as_ptr();
        assert!(mine == model);
        assert_eq!(start(&mine, 0), start(&other, 0));
        assert_eq!(start(&mine, 32), start(&other, 32));
        assert_ne!(start(&mine, 64), start(&other, 64), "not full");
        let mut different = of(10..90);
        different.share_with(&other);
        assert!(different == of(10..90));
    }

    #[test]
    fn clones_share_their_chunks() {
        let mut shared = SharedVec::default();
        (0..100).for_each(|value| shared.push(value));
        let mut clone = shared.clone();
        clone.push(100);
        let start = |vec: &SharedVec<i32>, i| vec.run_from(i).as_ptr();
        assert_eq!(start(&shared, 0), start(&clone, 0));
        assert_eq!(start(&shared, 64), start(&clone, 64));
        assert_ne!(
            start(&shared, 96),
            start(&clone, 96),
            "only the last chunk was copied"
        );
    }
}
