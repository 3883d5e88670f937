//! A map in the order of its keys, of little code.

use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

/// How many pairs a chunk holds at most.
const CHUNK: usize = 64;

/// A map that is sorted by key: a list, cut in chunks so that however many pairs there are, none costs much to put in or take out.
///
/// In the place of a `BTreeMap`, of which every pair of types takes some kilobytes of a program. Most maps here are short, or grow at
/// their end.
#[derive(Clone)]
pub struct SortedMap<K, V> {
    /// Invariant: none is empty.
    chunks: Vec<Vec<(K, V)>>,
}

/// A set of values in their order.
pub type SortedSet<T> = SortedMap<T, ()>;

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap { chunks: Vec::new() }
    }
}

impl<K, V> SortedMap<K, V> {
    /// How many pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// All pairs, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &(K, V)> {
        self.chunks.iter().flatten()
    }

    /// All keys, in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// All values, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The pair of the lowest key.
    #[must_use]
    pub fn first(&self) -> Option<&(K, V)> {
        self.chunks.first()?.first()
    }

    /// Takes out the pair of the lowest key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.take((0, 0)))
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    fn take(&mut self, (chunk, place): (usize, usize)) -> (K, V) {
        let pair = self.chunks[chunk].remove(place);
        if self.chunks[chunk].is_empty() {
            self.chunks.remove(chunk);
        }
        pair
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value at a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (chunk, place) = self.find(key).ok()?;
        Some(&self.chunks[chunk][place].1)
    }

    /// The value at a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (chunk, place) = self.find(key).ok()?;
        Some(&mut self.chunks[chunk][place].1)
    }

    /// Whether there is something at a key.
    #[must_use]
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// The pairs at a key and before it, the nearest first.
    pub fn back_from<'a>(&'a self, key: &K) -> impl Iterator<Item = &'a (K, V)> + use<'a, K, V> {
        let (chunk, end) = match self.find(key) {
            Ok((chunk, place)) => (chunk, place + 1),
            Err(end) => end,
        };
        let near = self.chunks.get(chunk).map_or(&[][..], |pairs| &pairs[..end]);
        let others = self.chunks[..chunk].iter().rev();
        near.iter()
            .rev()
            .chain(others.flat_map(|pairs| pairs.iter().rev()))
    }

    /// The first pair at a key or behind it.
    pub fn at_or_after(&self, key: &K) -> Option<&(K, V)> {
        let (Ok((chunk, place)) | Err((chunk, place))) = self.find(key);
        let next = || self.chunks.get(chunk + 1)?.first();
        self.chunks.get(chunk)?.get(place).or_else(next)
    }

    /// Keeps the pairs whose keys may stay.
    pub fn retain(&mut self, mut stays: impl FnMut(&K) -> bool) {
        self.chunks
            .iter_mut()
            .for_each(|pairs| pairs.retain(|(key, _)| stays(key)));
        self.chunks.retain(|pairs| !pairs.is_empty());
    }

    /// Puts a value at a key. Returns what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok((chunk, place)) => Some(core::mem::replace(&mut self.chunks[chunk][place].1, value)),
            Err(place) => {
                self.put(place, (key, value));
                None
            }
        }
    }

    /// What is at a key; if nothing is, this is put there first.
    pub fn or_insert_with(&mut self, key: &K, value: impl FnOnce() -> V) -> &mut V
    where
        K: Clone,
    {
        let (chunk, place) = match self.find(key) {
            Ok(place) => place,
            Err(place) => self.put(place, (key.clone(), value())),
        };
        &mut self.chunks[chunk][place].1
    }

    /// Takes out what is at a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key).ok()?;
        Some(self.take(place).1)
    }

    /// Where a key is, or belongs: in which chunk, and where in it.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<(usize, usize), (usize, usize)>
    where
        K: Borrow<Q>,
    {
        let Some((first, others)) = self.chunks.split_first() else {
            return Err((0, 0));
        };
        // Mostly there is one chunk, in which it must be whatever it begins with.
        let chunk = others.partition_point(|chunk| chunk[0].0.borrow() <= key);
        let pairs = chunk.checked_sub(1).map_or(first, |other| &others[other]);
        match pairs.binary_search_by(|pair| pair.0.borrow().cmp(key)) {
            Ok(place) => Ok((chunk, place)),
            Err(place) => Err((chunk, place)),
        }
    }

    /// Puts a pair where it belongs. Returns where it is then.
    fn put(&mut self, (mut chunk, mut place): (usize, usize), pair: (K, V)) -> (usize, usize) {
        match self.chunks.get_mut(chunk) {
            None => self.chunks.push(Vec::new()),
            Some(full) if full.len() == CHUNK => {
                // What grows at its end leaves full chunks behind.
                let half = if place == CHUNK { CHUNK } else { CHUNK / 2 };
                let rest = full.split_off(half);
                self.chunks.insert(chunk + 1, rest);
                if place >= half {
                    (chunk, place) = (chunk + 1, place - half);
                }
            }
            Some(_) => {}
        }
        self.chunks[chunk].insert(place, pair);
        (chunk, place)
    }
}

impl<T: Ord> SortedSet<T> {
    /// Puts a value in. Returns whether it is new.
    pub fn add(&mut self, value: T) -> bool {
        self.insert(value, ()).is_none()
    }
}

/// How the pairs are cut in chunks tells nothing.
impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = SortedMap::default();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().map(|value| (value, ())).collect()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = core::iter::Flatten<alloc::vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.chunks.into_iter().flatten()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(key, value)| (key, value)))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, SortedMap, SortedSet};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn does_what_a_btree_map_does(
            steps in proptest::collection::vec((0u8..6, 0u16..400, any::<u8>()), 0..3000),
        ) {
            let (mut mine, mut other) = (SortedMap::default(), BTreeMap::new());
            for (kind, key, value) in steps {
                match kind {
                    0 => prop_assert_eq!(mine.remove(&key), other.remove(&key)),
                    1 if value < 30 => prop_assert_eq!(mine.pop_first(), other.pop_first()),
                    2 => prop_assert_eq!(*mine.or_insert_with(&key, || value), *other.entry(key).or_insert(value)),
                    _ => prop_assert_eq!(mine.insert(key, value), other.insert(key, value)),
                }
                prop_assert_eq!(mine.get(&key), other.get(&key));
                let next = mine.at_or_after(&key).map(|(key, value)| (key, value));
                prop_assert_eq!(next, other.range(key..).next());
                prop_assert!(mine.back_from(&key).map(|pair| pair.0).take(70).eq(other.range(..=key).rev().map(|pair| *pair.0).take(70)));
                prop_assert_eq!(mine.len(), other.len());
                prop_assert!(mine.chunks.iter().all(|chunk| (1..=CHUNK).contains(&chunk.len())));
            }
            mine.retain(|key| key % 3 == 0);
            other.retain(|key, _| key % 3 == 0);
            prop_assert!(mine.iter().map(|(key, value)| (key, value)).eq(other.iter()));
            prop_assert_eq!(mine.first().copied(), other.pop_first());
        }
    }

    #[test]
    fn equal_pairs_are_equal_however_they_came() {
        let upward: SortedSet<u32> = (0..500).collect();
        let downward: SortedSet<u32> = (0..500).rev().collect();
        assert_ne!(upward.chunks.len(), downward.chunks.len());
        assert_eq!(upward, downward);
        assert_ne!(upward, (1..500).collect());
    }
}
