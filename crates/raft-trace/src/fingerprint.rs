//! One number for a whole run.

use crate::TraceEvent;
use crate::codec::{Coded, Sink};
use crate::hash::{mix, mix_bytes};
use std::fmt;

/// A hash over all events of a run so far. Every number enters as 64 bits and every list with its length, whatever the machine's
/// own sizes are: a scenario has one fingerprint, natively and in every browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Takes in the next event.
    pub fn add(&mut self, event: &TraceEvent) {
        event.write(self);
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

impl Sink for Fingerprint {
    fn number(&mut self, n: u64) {
        self.0 = mix(self.0, n);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0 = mix_bytes(self.0, bytes);
    }
}

/// As 16 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
