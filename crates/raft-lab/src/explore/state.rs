//! A state of the whole world in a few words: everything big has a number. And its canonical form: of all states that differ only in
//! the servers' names, the smallest.

use super::tables::Mixer;

/// The most servers a search can have.
pub(super) const MAX_SERVERS: usize = 5;
/// The most messages under way at once.
pub(super) const MAX_MESSAGES: usize = 8;
/// How many kinds of steps have a budget.
pub(super) const KINDS: usize = 8;

/// No server or message.
pub(super) const NONE: u32 = u32::MAX;

/// The world between two steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// What each server is: number in the model's table. What stands after the last is `NONE`.
    pub(super) servers: [u32; MAX_SERVERS],
    /// What is under way, in the model's order; `NONE` after the last.
    pub(super) messages: [u32; MAX_MESSAGES],
    /// What is committed, by whomever: number in the model's table.
    pub(super) committed: u32,
    /// Who led each term: four bits a term, 0 for nobody, else the server's place + 1.
    pub(super) leaders: u64,
    /// How often each kind of step may still be taken.
    pub(super) left: [u8; KINDS],
}

impl State {
    pub(super) fn message_count(&self) -> usize {
        self.messages.iter().take_while(|m| **m != NONE).count()
    }

    pub(super) fn remove_message(&mut self, place: usize) {
        self.messages.copy_within(place + 1.., place);
        self.messages[MAX_MESSAGES - 1] = NONE;
    }

    pub(super) fn leader_of(&self, term: u64) -> Option<usize> {
        (self.leaders >> (4 * term) & 0xf).checked_sub(1).map(|place| place as usize)
    }

    pub(super) fn set_leader(&mut self, term: u64, place: usize) {
        self.leaders |= (place as u64 + 1) << (4 * term);
    }

    /// 128 bits that stand for it.
    pub(super) fn hash(&self) -> (u64, u64) {
        let mut mixer = Mixer::new();
        let pair = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
        mixer.word(pair(self.servers[0], self.servers[1]));
        mixer.word(pair(self.servers[2], self.servers[3]));
        mixer.word(pair(self.servers[4], self.committed));
        for two in self.messages.as_chunks::<2>().0 {
            if two[0] == NONE {
                break;
            }
            mixer.word(pair(two[0], two[1]));
        }
        mixer.word(self.leaders);
        mixer.word(u64::from_le_bytes(self.left));
        mixer.lanes()
    }
}

/// A way to rename servers: the one at place `i` gets place `p[i]`.
pub(super) type Renaming = [u8; MAX_SERVERS];

/// The renamings under which states count as one, the one that changes nothing first.
pub(super) struct Renamings {
    all: Vec<Renaming>,
}

impl Renamings {
    /// All of `servers` servers, or none.
    pub(super) fn new(servers: usize, symmetry: bool) -> Renamings {
        let mut all = vec![std::array::from_fn(|i| i as u8)];
        if symmetry {
            for last in 1..servers {
                // Every renaming of those before, with `last` changing places with each of them and with none.
                for known in 0..all.len() {
                    for place in 0..last {
                        let mut renaming: Renaming = all[known];
                        renaming.swap(place, last);
                        all.push(renaming);
                    }
                }
            }
        }
        Renamings { all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, number: usize) -> &Renaming {
        &self.all[number]
    }

    /// First `first`, then `then`.
    pub(super) fn composed(&self, first: usize, then: usize) -> usize {
        let both: Renaming = std::array::from_fn(|i| self.all[then][self.all[first][i] as usize]);
        let found = self.all.iter().position(|renaming| *renaming == both);
        found.expect("renamings are a group")
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
                assert!((0..3).all(|i| both[i] == b[a[i] as usize]));
            }
        }
    }
}
