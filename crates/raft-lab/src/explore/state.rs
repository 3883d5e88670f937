//! A state of the whole world in a few words: everything big has a number.

use super::tables::Mixer;

/// The most servers a search can have.
pub(super) const MAX_SERVERS: usize = 5;
/// The most messages under way at once.
pub(super) const MAX_MESSAGES: usize = 8;
/// Room for as many kinds of steps.
pub(super) const KINDS: usize = 16;

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
        (self.leaders >> (4 * term) & 0xf)
            .checked_sub(1)
            .map(|place| place as usize)
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
        for left in self.left.as_chunks::<8>().0 {
            mixer.word(u64::from_le_bytes(*left));
        }
        mixer.lanes()
    }
}
