//! Packs a WebAssembly module to travel, and unpacks it where it arrives (docs/decisions/0009-the-engine-travels-packed.md).
//!
//! Bit by bit, several contexts guess what comes next, each by what came in the same context before; a small network learns whom to
//! believe (`model.rs`). A context is a piece of code, not of bytes: the last instructions, the last local variables (`reader.rs`). Who
//! packs and who unpacks make the same guesses, and only what was guessed badly takes room (`coder.rs`).
//!
//! A packed module: its size, where its code begins and ends, each in four bytes; then the stream.

#![cfg_attr(target_arch = "wasm32", no_std)]

mod coder;
#[cfg(target_arch = "wasm32")]
mod door;
mod model;
mod reader;
mod walk;

use coder::Decoder;
#[cfg(not(target_arch = "wasm32"))]
use coder::Encoder;
#[cfg(not(target_arch = "wasm32"))]
use core::ops::Range;
use model::Model;
use walk::Walk;

/// How long what stands before the stream is.
const HEADER: usize = 12;

/// What is being unpacked.
pub(crate) struct Unpacking<'a> {
    walk: Walk<'a>,
    decoder: Decoder<'a>,
    out: &'a mut [u8],
}

impl<'a> Unpacking<'a> {
    /// `out` is as long as the header says that the module is. `None` if the header is none.
    pub(crate) fn of(packed: &'a [u8], out: &'a mut [u8], model: &'a mut Model) -> Option<Unpacking<'a>> {
        let word = |n: usize| Some(u32::from_le_bytes(*packed.get(4 * n..)?.first_chunk()?) as usize);
        let mut stream = packed.get(HEADER..)?;
        let code = word(1)?..word(2)?;
        (word(0)? == out.len()).then(|| Unpacking {
            walk: Walk::of(code, &mut stream, model),
            decoder: Decoder::of(stream),
            out,
        })
    }

    /// Goes on for so many bytes at most. Whether there is more to do; `None` if what was packed is damaged.
    pub(crate) fn go_on(&mut self, bytes: usize) -> Option<bool> {
        let more = self.walk.go_on(self.out, bytes, &mut self.decoder);
        (!self.decoder.is_over()).then_some(more)
    }
}

/// What was packed; `None` if this is nothing that was.
#[cfg(not(target_arch = "wasm32"))]
pub fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*packed.first_chunk()?) as usize;
    let mut out = vec![0; size];
    let mut model = Model::boxed();
    let mut unpacking = Unpacking::of(packed, &mut out, &mut model)?;
    while unpacking.go_on(usize::MAX)? {}
    Some(out)
}

/// A module, of which the code stands in that range, small.
#[cfg(not(target_arch = "wasm32"))]
pub fn pack(module: &[u8], code: Range<usize>) -> Vec<u8> {
    let words = [module.len(), code.start, code.end];
    let mut packed: Vec<u8> = words
        .iter()
        .flat_map(|word| (*word as u32).to_le_bytes())
        .collect();
    let mut model = Model::boxed();
    let lists = walk::lists(module, code.clone());
    packed.extend(&lists);
    let mut encoder = Encoder::default();
    // The walk writes every byte as it reads it: what was there.
    let mut bytes = module.to_vec();
    Walk::of(code, &mut &lists[..], &mut model).go_on(&mut bytes, usize::MAX, &mut encoder);
    packed.extend(encoder.finish());
    packed
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    /// Bytes that look random and are the same each time.
    fn noise(length: usize, values: u32) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            ((state >> 16) % values) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    fn comes_back(bytes: &[u8], code: std::ops::Range<usize>) -> usize {
        let packed = pack(bytes, code);
        assert!(unpack(&packed).as_deref() == Some(bytes));
        packed.len()
    }

    /// Functions of instructions that come in no order, with operands of every form.
    fn functions() -> Vec<u8> {
        let forms: [&[u8]; 8] = [
            &[0x20, 0, 0x6a, 0x21, 1],
            &[0x02, 0x40, 0x20, 2, 0x0d, 0, 0x0b],
            &[0x41, 0xff, 0xff, 0x03, 0x28, 2, 0x88, 1, 0x21, 3],
            &[0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0x1a],
            &[0x43, 1, 2, 3, 200, 0x1a, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a],
            &[0x20, 4, 0x0e, 2, 0, 0, 0],
            &[0x10, 0x99, 1, 0x20, 5, 0x11, 3, 0],
            &[0xfc, 11, 0, 0xfc, 10, 0, 0],
        ];
        let mut choices = noise(4000, 8).into_iter();
        let mut all = Vec::new();
        while choices.len() > 20 {
            let mut body = vec![1, 2, 0x7f]; // two variables
            for choice in choices.by_ref().take(5) {
                body.extend(forms[usize::from(choice)]);
            }
            body.push(0x0b);
            all.push(body.len() as u8);
            all.extend(body);
        }
        all
    }

    #[test]
    fn whatever_it_is_comes_back() {
        for bytes in [
            vec![],
            vec![7],
            noise(5000, 256),
            noise(4000, 3),
            vec![42; 30_000],
        ] {
            comes_back(&bytes, 0..0);
            comes_back(&bytes, 0..bytes.len());
            comes_back(&bytes, bytes.len() / 3..bytes.len() / 2);
        }
    }

    #[test]
    fn code_takes_less_room_where_it_is_known_as_such() {
        let code = functions();
        let known = comes_back(&code, 0..code.len());
        let unknown = comes_back(&code, 0..0);
        assert!(known < unknown, "{known} and {unknown}");
        assert!(known < code.len() / 5, "{known} of {}", code.len());
    }

    #[test]
    fn noise_grows_by_little() {
        let packed = comes_back(&noise(5000, 256), 0..0);
        assert!(packed < 5500, "{packed}");
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        let code = functions();
        let packed = pack(&code, 0..code.len());
        for length in [0, 1, 11, 12, 40, packed.len() / 2, packed.len() - 5] {
            assert_eq!(unpack(&packed[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn it_always_ends_whatever_is_in_it() {
        let code = functions();
        let packed = pack(&code, 0..code.len());
        for at in (4..packed.len()).step_by(41) {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            let size = unpack(&damaged).map_or(code.len(), |bytes| bytes.len());
            assert_eq!(size, code.len());
        }
    }
}
