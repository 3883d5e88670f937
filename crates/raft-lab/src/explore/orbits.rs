//! Renaming servers, and what it makes of things.

use super::rename::Rename;
use super::state::{MAX_SERVERS, NONE};
use super::tables::Interner;
use raft_core::NodeId;
use std::hash::Hash;

/// A way to rename servers: the one at place `i` gets place `p[i]`.
pub(super) type Renaming = [u8; MAX_SERVERS];

/// The renamings under which states count as one, the one that changes nothing first.
pub(super) struct Renamings {
    all: Vec<Renaming>,
    /// At `first * len + then`: first the one, then the other.
    composed: Vec<u8>,
}

impl Renamings {
    /// All of `servers` servers, or only the one that changes nothing.
    pub(super) fn new(servers: usize, symmetry: bool) -> Renamings {
        let mut all: Vec<Renaming> = vec![std::array::from_fn(|i| i as u8)];
        if symmetry {
            for last in 1..servers {
                // Every renaming of those before, with `last` changing places with each of them and with none.
                for known in 0..all.len() {
                    for place in 0..last {
                        let mut renaming = all[known];
                        renaming.swap(place, last);
                        all.push(renaming);
                    }
                }
            }
        }
        let mut composed = Vec::new();
        for first in &all {
            for then in &all {
                let both: Renaming = std::array::from_fn(|i| then[usize::from(first[i])]);
                let found = all.iter().position(|renaming| *renaming == both);
                composed.push(found.expect("renamings are a group") as u8); // at most 5! of them
            }
        }
        Renamings { all, composed }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, number: usize) -> &Renaming {
        &self.all[number]
    }

    /// The server's new name.
    pub(super) fn rename(&self, number: usize, id: NodeId) -> NodeId {
        let place = self.all[number].get(id.0 as usize - 1);
        place.map_or(id, |place| NodeId(u32::from(*place) + 1))
    }

    fn composed(&self, first: usize, then: usize) -> usize {
        self.composed[first * self.len() + then].into()
    }
}

/// Things with numbers, and for each the number of its image under each renaming.
pub(super) struct Orbits<T> {
    things: Interner<T>,
    /// At `number * renamings + renaming`.
    images: Vec<u32>,
    renamings: usize,
}

impl<T: Hash + Eq> Orbits<T> {
    pub(super) fn new(renamings: &Renamings) -> Orbits<T> {
        Orbits {
            things: Interner::new(),
            images: Vec::new(),
            renamings: renamings.len(),
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.things.len()
    }

    pub(super) fn get(&self, number: u32) -> &T {
        self.things.get(number)
    }

    pub(super) fn image(&self, number: u32, renaming: usize) -> u32 {
        self.images[number as usize * self.renamings + renaming]
    }

    /// Its number, and whether it is new; then its images are not known yet.
    pub(super) fn intern(&mut self, thing: T) -> (u32, bool) {
        let found = self.things.intern(thing);
        self.images
            .resize(self.things.len() as usize * self.renamings, NONE);
        found
    }

    /// Takes down what one thing is under each renaming, and so for each of its images too.
    ///
    /// # Panics
    /// When something else was known.
    pub(super) fn set_images(&mut self, images: &[u32], renamings: &Renamings) {
        for (first, image) in images.iter().enumerate() {
            for then in 0..self.renamings {
                let both = images[renamings.composed(first, then)];
                let known = &mut self.images[*image as usize * self.renamings + then];
                assert!(
                    *known == NONE || *known == both,
                    "the core treats servers unequally by their names"
                );
                *known = both;
            }
        }
    }
}

impl<T: Hash + Eq + Rename> Orbits<T> {
    /// Its number; its images are known from then on.
    pub(super) fn add(&mut self, thing: T, renamings: &Renamings) -> u32 {
        let (number, new) = self.intern(thing);
        if new {
            let mut images = Vec::with_capacity(renamings.len());
            for r in 0..renamings.len() {
                let image = self.get(number).renamed(&|id| renamings.rename(r, id));
                images.push(self.intern(image).0);
            }
            self.set_images(&images, renamings);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::Renamings;

    #[test]
    fn renamings_are_all_there_are_and_each_once() {
        for (servers, count) in [(1, 1), (2, 2), (3, 6), (4, 24), (5, 120)] {
            let renamings = Renamings::new(servers, true);
            let mut all = renamings.all.clone();
            all.sort_unstable();
            all.dedup();
            assert_eq!((renamings.len(), all.len()), (count, count));
            assert_eq!(*renamings.get(0), [0, 1, 2, 3, 4]);
        }
        assert_eq!(Renamings::new(3, false).len(), 1);
    }

    #[test]
    fn composition_is_one_after_the_other() {
        let renamings = Renamings::new(3, true);
        for first in 0..6 {
            for then in 0..6 {
                let both = renamings.get(renamings.composed(first, then));
                let [a, b] = [renamings.get(first), renamings.get(then)];
                assert!((0..3).all(|i| both[i] == b[usize::from(a[i])]));
            }
        }
    }
}
