//! Guesses the next bit: several contexts say how probable a one is, and a mixture of them is believed.

use crate::coder::{Coder, SCALE};
use crate::reader::{KINDS, Kind};
use crate::walk::{PLACES, hash};

/// How many contexts guess.
pub(crate) const CONTEXTS: usize = 6;

/// How many counters there are, for all contexts together.
const COUNTERS: usize = 1 << 21;
/// Of them so many in a row belong together: one context's for half a byte.
const ROW: usize = 8;
/// Numbers of fewer bits find all their counters in the first row.
const SHORT: usize = 3;

/// A counter: a probability in the high bits, and in the low ones how often it was asked, up to the limit. Stored so that zero is an even
/// chance.
const COUNT: u32 = 7;
const LIMIT: u32 = 6;
const EVEN: u16 = 0x8000;

/// How many steps a probability has in the tables.
const STEPS: usize = 4096;
/// The largest doubt, as a logarithm of odds.
const RANGE: f64 = 12.0;

/// How fast the mixture learns.
const RATE: f32 = 0.004;
/// How much a voice is believed to begin with.
const BELIEF: f32 = 0.2;

/// How long what is alike is, in classes.
pub(crate) const CLASSES: usize = 4;
/// Of opcodes, which was before them, too.
const SETS: usize = (KINDS + 256) * CLASSES;
const MIXTURES: usize = (SETS + KINDS * 3 * ROW).next_power_of_two();

pub(crate) struct Model {
    counters: [u16; COUNTERS],
    mixtures: [[f32; CONTEXTS]; MIXTURES],
    /// Of each probability, the logarithm of its odds, and the way back.
    stretched: [f32; STEPS],
    squashed: [u16; STEPS],
    /// What guesses now: a row of counters for each context.
    contexts: [u32; CONTEXTS],
    rows: [usize; CONTEXTS],
    /// Where bytes stood before.
    pub(crate) places: [u32; PLACES],
    /// What is known of the byte.
    kind: usize,
    set: usize,
    stage: usize,
}

impl Model {
    /// One that knows nothing and has not begun.
    pub(crate) const EMPTY: Model = Model {
        counters: [0; COUNTERS],
        mixtures: [[0.0; CONTEXTS]; MIXTURES],
        stretched: [0.0; STEPS],
        squashed: [0; STEPS],
        contexts: [0; CONTEXTS],
        rows: [0; CONTEXTS],
        places: [0; PLACES],
        kind: 0,
        set: 0,
        stage: 0,
    };

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn boxed() -> Box<Model> {
        static EMPTY: Model = Model::EMPTY;
        let mut model = Box::<Model>::new_uninit();
        // A model is too large for the stack.
        unsafe {
            std::ptr::copy_nonoverlapping(&raw const EMPTY, model.as_mut_ptr(), 1);
            model.assume_init()
        }
    }

    /// Makes the tables. Only what is the same on every machine is used: no logarithm, no power.
    pub(crate) fn begin(&mut self) {
        const FACTOR: f64 = 1.005_876_630_438_239_6; // e to the power of 2 * RANGE / STEPS
        const LEAST: f64 = 6.144_212_353_328_21e-6; // e to the power of -RANGE
        let mut odds = LEAST;
        let mut filled = 0;
        for (n, squashed) in self.squashed.iter_mut().enumerate() {
            let probability = odds / (1.0 + odds);
            *squashed = ((probability * f64::from(SCALE)) as u32).clamp(2, SCALE - 2) as u16;
            let upto = (probability * STEPS as f64) as usize;
            while filled <= upto {
                self.stretched[filled % STEPS] = ((n as f64 / STEPS as f64 - 0.5) * 2.0 * RANGE) as f32;
                filled += 1;
            }
            odds *= FACTOR;
        }
        self.mixtures.as_flattened_mut().fill(BELIEF);
    }

    /// Turns to the next byte.
    pub(crate) fn look(&mut self, contexts: &[u32; CONTEXTS], kind: Kind, set: usize) {
        self.contexts = *contexts;
        self.kind = kind as usize;
        self.set = set;
        self.turn(0);
    }

    /// To other counters of the same contexts.
    #[inline(never)]
    fn turn(&mut self, to: usize) {
        self.stage = to.min(2);
        for (n, (row, context)) in self.rows.iter_mut().zip(self.contexts).enumerate() {
            let key = hash(context, (to << 8 | n) as u32);
            *row = (key >> (32 - COUNTERS.ilog2())) as usize / ROW * ROW;
        }
    }

    /// Whether it is what is expected.
    pub(crate) fn is_expected(&mut self, wanted: bool, coder: &mut impl Coder) -> bool {
        self.bit(ROW - 1, wanted, coder)
    }

    /// A number from 1 to 256: first how many bits it has, then all but the first of them.
    pub(crate) fn number(&mut self, wanted: usize, coder: &mut impl Coder) -> usize {
        let (mut bits, mut left) = (0, None);
        let mut number = 1;
        let mut node = 0;
        loop {
            let Some(n) = left else {
                // Is it a longer one?
                if bits < 8 && self.bit(node, wanted >> bits > 1, coder) {
                    bits += 1;
                    node = bits;
                    if bits == SHORT {
                        self.turn(1);
                    }
                } else {
                    left = Some(bits);
                    node = 2 + bits; // short numbers have room in the same row: 3, and 4, 5, 6
                }
                continue;
            };
            if n == 0 {
                return number;
            }
            if bits >= SHORT && (bits - n) % 3 == 0 {
                self.turn(bits << 8 | number);
                node = 1;
            }
            let one = self.bit(node, wanted >> (n - 1) & 1 == 1, coder);
            left = Some(n - 1);
            number = number << 1 | usize::from(one);
            node = if bits < SHORT { 5 } else { node << 1 } + usize::from(one);
        }
    }

    /// A bit, at a node of the tree of all numbers.
    #[inline(never)]
    fn bit(&mut self, node: usize, wanted: bool, coder: &mut impl Coder) -> bool {
        let by_set = self.set % MIXTURES;
        let by_node = (SETS + (self.kind * 3 + self.stage) * ROW + node) % MIXTURES;
        let mut voices = [0.0; CONTEXTS];
        let mut sum = 0.0;
        for (n, voice) in voices.iter_mut().enumerate() {
            let counter = self.counters[(self.rows[n] + node) % COUNTERS] ^ EVEN;
            *voice = self.stretched[usize::from(counter) >> 4];
            sum += *voice * (self.mixtures[by_set][n] + self.mixtures[by_node][n]);
        }
        let step = (sum * (STEPS as f32 / (2.0 * RANGE as f32)) + STEPS as f32 / 2.0) as i32;
        let probability = u32::from(self.squashed[step.clamp(0, STEPS as i32 - 1) as usize]);

        let one = coder.code(probability, wanted);

        let truth = if one { SCALE as f32 } else { 0.0 };
        let error = (truth - probability as f32) * (RATE / SCALE as f32);
        for (n, voice) in voices.into_iter().enumerate() {
            self.mixtures[by_set][n] += error * voice;
            self.mixtures[by_node][n] += error * voice;
            learn(&mut self.counters[(self.rows[n] + node) % COUNTERS], one);
        }
        one
    }
}

/// A counter hears what came: the less it has heard before, the more it means.
#[inline(always)]
fn learn(counter: &mut u16, one: bool) {
    /// One in n + 1.5, of 65,536.
    const SHARES: [i32; 8] = [43_690, 26_214, 18_724, 14_563, 11_915, 10_082, 8_738, 7_710];
    let now = u32::from(*counter ^ EVEN);
    let count = now & COUNT;
    let probability = (now >> 3) as i32;
    let truth = if one { 8191 } else { 0 };
    let moved = probability + (((truth - probability) * SHARES[count as usize]) >> 16);
    let count = count + u32::from(count < LIMIT);
    *counter = ((moved as u32) << 3 | count) as u16 ^ EVEN;
}
