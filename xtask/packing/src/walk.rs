//! Goes through a module byte by byte: what each may depend on, and how it is told by bits.

use core::ops::Range;

use crate::coder::Coder;
use crate::model::{CLASSES, CONTEXTS, Model};
use crate::reader::{KINDS, Kind, Reader};

/// How many bytes must have been the same for those that followed to be expected again.
const ALIKE: usize = 4;
/// From how many on it is asked first whether the whole byte is as expected.
const SURE: usize = 8;
/// The longest that is counted.
const LONGEST: usize = 31;

/// How many places of earlier bytes are remembered, by what came before them.
pub(crate) const PLACES: usize = 1 << 16;

/// What came before.
pub(crate) struct Walk<'a> {
    model: &'a mut Model,
    reader: Reader,
    at: usize,
    /// The last bytes, the latest in the lowest place.
    bytes: u64,
    /// The last opcodes, the latest in the lowest byte.
    opcodes: u64,
    /// The last instruction with its operands, and the one that is being read.
    last: u32,
    instruction: u32,
    /// The last local variables, the latest in the lowest byte.
    locals: u32,
    /// How many values are at hand, more or less.
    height: u32,
    /// For each opcode, its last operand.
    operands: [u32; 256],
    ranks: [Ranks; 2 * KINDS],
    /// Where the last bytes stood before, and how many were the same.
    before: usize,
    alike: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn of(code: Range<usize>, lists: &mut &[u8], model: &'a mut Model) -> Walk<'a> {
        model.begin();
        Walk {
            model,
            reader: Reader::of(code),
            at: 0,
            bytes: 0,
            opcodes: 0,
            last: 0,
            instruction: 0,
            locals: 0,
            height: 0,
            operands: [0; 256],
            ranks: core::array::from_fn(|_| Ranks::of(lists)),
            before: 0,
            alike: 0,
        }
    }

    /// Reads, or writes, so many bytes at most of what is to be there. Whether there are more.
    pub(crate) fn go_on(&mut self, out: &mut [u8], bytes: usize, coder: &mut impl Coder) -> bool {
        let end = self.at.saturating_add(bytes).min(out.len());
        while self.at < end {
            let byte = self.byte(out, coder);
            if let Some(place) = out.get_mut(self.at) {
                *place = byte;
            }
            self.at += 1;
            self.bytes = self.bytes << 8 | u64::from(byte);
            self.remember(byte);
            self.expect(out);
        }
        self.at < out.len()
    }

    fn byte(&mut self, out: &[u8], coder: &mut impl Coder) -> u8 {
        let wanted = at(out, self.at);
        let expected = at(out, self.before);
        let contexts = self.contexts(out);
        let kind = self.reader.kind;
        let class = match self.alike {
            0 => 0,
            1..16 => 1,
            16..31 => 2,
            _ => 3,
        };
        // Whom to believe of an opcode depends on the one before.
        let set = match kind {
            Kind::Opcode => KINDS + (self.opcodes & 255) as usize,
            _ => kind as usize,
        };
        self.model.look(&contexts, kind, set * CLASSES + class);
        let ranks = &self.ranks[kind as usize * 2 + usize::from(self.reader.nth > 0)];
        if self.alike >= SURE && self.model.is_expected(wanted == expected, coder) {
            return expected;
        }
        let number = |byte: u8| usize::from(ranks.numbers[usize::from(byte)]) + 1;
        let number = self.model.number(number(wanted), coder);
        ranks.bytes[(number - 1) & 255]
    }

    #[inline(never)]
    fn contexts(&self, out: &[u8]) -> [u32; CONTEXTS] {
        let Reader {
            kind, nth, opcode, ..
        } = self.reader;
        let here = kind as u32 | nth << 4;
        let opcodes = |n: u32| (self.opcodes & ((1 << (8 * n)) - 1)) as u32;
        let now = self.instruction;
        let hope = u32::from(at(out, self.before)) << 8 | self.alike.min(LONGEST) as u32;
        let other = |else_: u32| if self.alike > 0 { hash(hope, 1) } else { else_ };
        let all = match kind {
            Kind::Data | Kind::Head => {
                let four = self.bytes as u32;
                let three = four & 0xff_ffff;
                let aligned = four & 255 | (self.at as u32 & 3) << 8;
                let fourth = four & 255 | four >> 24 << 8;
                [0, four & 0xffff, three, four, aligned, other(fourth)]
            }
            Kind::Opcode => {
                let six = hash(opcodes(4), (self.opcodes >> 32) as u32 & 0xffff);
                let height = self.height.min(3);
                let last = hash(self.last, height);
                [height, opcodes(2), opcodes(4), six, last, other(opcodes(1))]
            }
            _ => [
                u32::from(opcode),
                hash(now, self.locals & 0xffff),
                hash(now, opcodes(4)),
                hash(now, self.operands[usize::from(opcode)]),
                hash(now, self.last),
                other(hash(now, opcodes(2))),
            ],
        };
        all.map(|context| hash(context, here))
    }

    fn remember(&mut self, byte: u8) {
        let Reader {
            kind, nth, opcode, ..
        } = self.reader;
        match kind {
            Kind::Data | Kind::Head => self.instruction = 0,
            Kind::Opcode => {
                self.opcodes = self.opcodes << 8 | u64::from(byte);
                self.instruction = u32::from(byte);
                self.height = after(self.height, byte);
            }
            _ => {
                self.instruction = hash(self.instruction, u32::from(byte) + 1);
                self.operands[usize::from(opcode)] = self.instruction;
                if kind == Kind::Local {
                    let before = if nth == 0 {
                        self.locals << 8
                    } else {
                        self.locals & !255
                    };
                    self.locals = before | u32::from(byte);
                }
            }
        }
        if self.reader.read(byte) {
            self.last = self.instruction;
            if kind == Kind::Head {
                (self.opcodes, self.locals, self.height) = (0, 0, 0);
            }
        }
    }

    /// Seeks what stood before where the same went before.
    fn expect(&mut self, out: &[u8]) {
        if self.alike > 0 && at(out, self.before) == at(out, self.at - 1) {
            self.alike += 1;
            self.before += 1;
        } else {
            self.alike = 0;
        }
        // The last bytes as one number, that looks random.
        let key = (self.bytes << (64 - 8 * ALIKE)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
        let place = &mut self.model.places[key as usize % PLACES];
        if self.alike == 0 {
            self.before = *place as usize;
            let back = |from: usize, n: usize| at(out, from.wrapping_sub(n));
            let is_alike = |n: &usize| back(self.before, *n) == back(self.at, *n);
            self.alike = (1..=LONGEST).take_while(is_alike).count();
            if self.alike < ALIKE {
                self.alike = 0;
            }
        }
        *place = self.at as u32;
    }
}

/// How many values are at hand after an instruction, if there were so many before; none after those of which one cannot tell.
fn after(height: u32, opcode: u8) -> u32 {
    match opcode {
        0x20 | 0x23 | 0x41..=0x44 => height + 1,
        0x1a | 0x21 | 0x24 | 0x46..=0x8a => height.saturating_sub(1),
        0x1b | 0x36..=0x3e => height.saturating_sub(2),
        0x02..=0x11 => 0,
        _ => height,
    }
}

/// A byte; none stands where nothing is.
fn at(out: &[u8], at: usize) -> u8 {
    out.get(at).copied().unwrap_or(0)
}

/// The bytes of one kind, frequent ones first.
pub(crate) struct Ranks {
    bytes: [u8; 256],
    numbers: [u8; 256],
}

impl Ranks {
    /// Those that stand there, after how many there are, then all others in order.
    fn of(list: &mut &[u8]) -> Ranks {
        let mut ranks = Ranks {
            bytes: [0; 256],
            numbers: [255; 256],
        };
        let count = list.split_off_first().map_or(0, |count| usize::from(*count));
        let listed = list.split_off(..count).unwrap_or_default();
        let mut seen = [false; 256];
        let all = listed.iter().copied().chain(0..=255);
        let mut next = 0;
        for byte in all {
            if !core::mem::replace(&mut seen[usize::from(byte)], true) {
                ranks.bytes[next & 255] = byte;
                ranks.numbers[usize::from(byte)] = next as u8;
                next += 1;
            }
        }
        ranks
    }
}

/// The lists of all kinds for a module: bytes that are at least one of `COMMON` of their kind.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn lists(module: &[u8], code: Range<usize>) -> Vec<u8> {
    let mut counts = [[0_usize; 256]; 2 * KINDS];
    let mut reader = Reader::of(code);
    for byte in module {
        counts[reader.kind as usize * 2 + usize::from(reader.nth > 0)][usize::from(*byte)] += 1;
        reader.read(*byte);
    }
    let mut lists = Vec::new();
    for counts in counts {
        let all: usize = counts.iter().sum();
        let mut common: Vec<u8> = (0..=255)
            .filter(|byte| counts[usize::from(*byte)] * COMMON > all)
            .collect();
        common.sort_by_key(|byte| std::cmp::Reverse(counts[usize::from(*byte)]));
        lists.push(common.len() as u8);
        lists.extend(common);
    }
    lists
}

#[cfg(not(target_arch = "wasm32"))]
const COMMON: usize = 64;

/// Two numbers as one, that looks random.
#[inline(always)]
pub(crate) fn hash(a: u32, b: u32) -> u32 {
    let mixed = a.wrapping_add(b).wrapping_mul(0x9e37_79b1);
    (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b)
}
