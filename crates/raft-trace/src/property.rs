//! The five properties of Figure 3: what Raft guarantees at all times.

use serde::Serialize;
use std::fmt;

/// One of Figure 3's properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Property {
    /// At most one leader is elected in a term (§5.2).
    ElectionSafety,
    /// A leader never overwrites or deletes entries of its log, it only appends (§5.3).
    LeaderAppendOnly,
    /// Two logs with an entry of the same index and term are equal up to there (§5.3).
    LogMatching,
    /// A committed entry is in the logs of the leaders of all later terms (§5.4).
    LeaderCompleteness,
    /// No two servers apply different entries at the same index (§5.4.3).
    StateMachineSafety,
}

impl Property {
    /// All of them, in the paper's order.
    pub const ALL: [Property; 5] = [
        Property::ElectionSafety,
        Property::LeaderAppendOnly,
        Property::LogMatching,
        Property::LeaderCompleteness,
        Property::StateMachineSafety,
    ];

    /// As a scenario writes it: `ElectionSafety`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Property::ElectionSafety => "ElectionSafety",
            Property::LeaderAppendOnly => "LeaderAppendOnly",
            Property::LogMatching => "LogMatching",
            Property::LeaderCompleteness => "LeaderCompleteness",
            Property::StateMachineSafety => "StateMachineSafety",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
