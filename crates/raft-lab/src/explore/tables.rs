//! Tables made for the search: things with small numbers instead of names, and a set of states that keeps 8 bytes of each.

use std::hash::{Hash, Hasher};

/// A hash of whole words, the same on every machine. Two lanes of 64 bits that know nothing of one another.
pub(super) struct Mixer(u64, u64);

impl Mixer {
    pub(super) fn new() -> Mixer {
        Mixer(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344) // π's first digits
    }

    pub(super) fn word(&mut self, word: u64) {
        self.0 = fold(self.0 ^ word, 0x9e37_79b9_7f4a_7c15);
        self.1 = fold(self.1 ^ word, 0xd1b5_4a32_d192_ed03);
    }

    pub(super) fn lanes(&self) -> (u64, u64) {
        // Once more, so that the last word too reaches every bit.
        (
            fold(self.0, 0xa409_3822_299f_31d1),
            fold(self.1, 0x082e_fa98_ec4e_6c89),
        )
    }
}

/// All 128 bits of the product, folded to 64.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64 // both halves, truncation meant
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.word(n.into());
    }
    fn write_u32(&mut self, n: u32) {
        self.word(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.word(n);
    }
    fn write_usize(&mut self, n: usize) {
        self.word(n as u64);
    }
    fn finish(&self) -> u64 {
        self.lanes().0
    }
}

/// Each different thing once, numbered in the order of coming.
pub(super) struct Interner<T> {
    items: Vec<T>,
    hashes: Vec<u64>,
    /// Open addressing, a power of two long: number + 1 of the item, 0 where there is none.
    slots: Vec<u32>,
}

impl<T: Hash + Eq> Interner<T> {
    pub(super) fn new() -> Interner<T> {
        Interner {
            items: Vec::new(),
            hashes: Vec::new(),
            slots: vec![0; 64],
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.items.len() as u32 // `intern` sees to it
    }

    pub(super) fn get(&self, number: u32) -> &T {
        &self.items[number as usize]
    }

    pub(super) fn find(&self, item: &T) -> Option<u32> {
        let slot = self.slot(hash(item), |other| other == item);
        self.slots[slot].checked_sub(1)
    }

    /// Its number, and whether it is new.
    pub(super) fn intern(&mut self, item: T) -> (u32, bool) {
        let hash = hash(&item);
        let slot = self.slot(hash, |other| *other == item);
        if let Some(number) = self.slots[slot].checked_sub(1) {
            return (number, false);
        }
        self.items.push(item);
        self.hashes.push(hash);
        let len = u32::try_from(self.items.len()).expect("fewer than 2^32 things");
        self.slots[slot] = len;
        if self.items.len() * 2 > self.slots.len() {
            self.grow();
        }
        (len - 1, true)
    }

    /// Where this item is, or where it belongs.
    fn slot(&self, hash: u64, same: impl Fn(&T) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while let Some(number) = self.slots[slot].checked_sub(1) {
            let number = number as usize;
            if self.hashes[number] == hash && same(&self.items[number]) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        for number in 0..self.items.len() {
            let slot = self.slot(self.hashes[number], |_| false);
            self.slots[slot] = number as u32 + 1;
        }
    }
}

fn hash(item: &impl Hash) -> u64 {
    let mut mixer = Mixer::new();
    item.hash(&mut mixer);
    mixer.finish()
}

const SHARD_BITS: u32 = 10;

/// Which states were seen, by a hash of 74 bits: 64 are kept, the rest is told by the shard. Of 10⁸ states two share one with a
/// probability below one in a million; one of them would be taken for seen.
pub(super) struct Seen {
    shards: Vec<Shard>,
    len: u64,
}

/// Open addressing with linear probing, at most three quarters full; 0 where there is none. Kept in order of hash but for
/// displacement, so that growing goes through memory once, forwards.
#[derive(Clone)]
struct Shard {
    slots: Vec<u64>,
    len: usize,
}

impl Seen {
    pub(super) fn new() -> Seen {
        let shard = Shard {
            slots: vec![0; 16],
            len: 0,
        };
        Seen {
            shards: vec![shard; 1 << SHARD_BITS],
            len: 0,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.slots.len() as u64 * 8).sum()
    }

    /// Whether it is new.
    pub(super) fn insert(&mut self, (lane, kept): (u64, u64)) -> bool {
        let shard = &mut self.shards[(lane >> (64 - SHARD_BITS)) as usize];
        let new = shard.insert(kept.max(1));
        self.len += u64::from(new);
        new
    }
}

impl Shard {
    fn insert(&mut self, hash: u64) -> bool {
        let all = self.slots.len();
        let mut slot = ((u128::from(hash) * all as u128) >> 64) as usize;
        while self.slots[slot] != 0 {
            if self.slots[slot] == hash {
                return false;
            }
            slot += 1;
            if slot == all {
                slot = 0;
            }
        }
        self.slots[slot] = hash;
        self.len += 1;
        if self.len * 4 > all * 3 {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let more = vec![0; self.slots.len() * 3 / 2];
        let before = std::mem::replace(&mut self.slots, more);
        self.len = 0;
        for hash in before.into_iter().filter(|hash| *hash != 0) {
            self.insert(hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interner, Mixer, Seen};

    #[test]
    fn equal_things_have_one_number() {
        let mut words = Interner::new();
        for round in 0..2 {
            for i in 0..1000_u32 {
                assert_eq!(words.intern((i, i % 7)), (i, round == 0));
            }
        }
        assert_eq!((words.len(), *words.get(500)), (1000, (500, 500 % 7)));
        assert_eq!((words.find(&(3, 3)), words.find(&(3, 4))), (Some(3), None));
    }

    #[test]
    fn what_was_seen_is_seen_however_many_came_since() {
        let lanes = |i| {
            let mut mixer = Mixer::new();
            mixer.word(i);
            mixer.lanes()
        };
        let mut seen = Seen::new();
        for i in 0..200_000 {
            assert!(seen.insert(lanes(i)), "{i} is new");
        }
        for i in 0..200_000 {
            assert!(!seen.insert(lanes(i)), "{i} is not");
        }
        assert_eq!(seen.len(), 200_000);
        assert!(seen.bytes() <= 16 * seen.len());
    }

    #[test]
    fn nothing_is_not_something() {
        let mut seen = Seen::new();
        assert!(seen.insert((0, 0)));
        assert!(!seen.insert((0, 0)));
    }
}
