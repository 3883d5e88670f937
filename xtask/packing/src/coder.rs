//! Bits as one long number, of which each takes the room that its improbability asks for.

/// How many steps a probability is told in.
pub(crate) const SCALE: u32 = 1 << 16;

/// Reads or writes bits.
pub(crate) trait Coder {
    /// A bit that is one with this probability, of `SCALE`, neither never nor always. Who writes, writes the one that is wanted; who
    /// reads does not look at it.
    fn code(&mut self, probability: u32, wanted: bool) -> bool;
}

/// What is still possible: all numbers from `low` to `high`.
struct Range {
    low: u32,
    high: u32,
}

impl Default for Range {
    fn default() -> Range {
        Range {
            low: 0,
            high: u32::MAX,
        }
    }
}

impl Range {
    /// The last number that says one.
    fn middle(&self, probability: u32) -> u32 {
        let width = u64::from(self.high - self.low);
        self.low + (width * u64::from(probability) / u64::from(SCALE)) as u32
    }

    fn take(&mut self, one: bool, middle: u32) {
        if one {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// The first byte of the number, once there is no choice.
    fn shift(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 > 0 {
            return None;
        }
        let byte = (self.low >> 24) as u8;
        self.low <<= 8;
        self.high = self.high << 8 | 255;
        Some(byte)
    }
}

pub(crate) struct Decoder<'a> {
    range: Range,
    number: u32,
    stream: &'a [u8],
    next: usize,
}

impl<'a> Decoder<'a> {
    pub(crate) fn of(stream: &'a [u8]) -> Decoder<'a> {
        let mut decoder = Decoder {
            range: Range::default(),
            number: 0,
            stream,
            next: 0,
        };
        for _ in 0..4 {
            decoder.refill();
        }
        decoder
    }

    fn refill(&mut self) {
        let byte = self.stream.get(self.next).copied().unwrap_or(0);
        self.number = self.number << 8 | u32::from(byte);
        self.next += 1;
    }

    /// Whether more was read than there is.
    pub(crate) fn is_over(&self) -> bool {
        self.next > self.stream.len()
    }
}

impl Coder for Decoder<'_> {
    fn code(&mut self, probability: u32, _: bool) -> bool {
        let middle = self.range.middle(probability);
        let one = self.number <= middle;
        self.range.take(one, middle);
        while self.range.shift().is_some() {
            self.refill();
        }
        one
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[derive(Default)]
pub(crate) struct Encoder {
    range: Range,
    stream: Vec<u8>,
}

#[cfg(not(target_arch = "wasm32"))]
impl Encoder {
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.stream.extend(self.range.high.to_be_bytes());
        self.stream
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Coder for Encoder {
    fn code(&mut self, probability: u32, wanted: bool) -> bool {
        let middle = self.range.middle(probability);
        self.range.take(wanted, middle);
        while let Some(byte) = self.range.shift() {
            self.stream.push(byte);
        }
        wanted
    }
}
