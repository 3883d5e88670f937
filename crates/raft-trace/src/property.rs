//! The five properties of Figure 3: what Raft guarantees at all times. And what else is asked of it.

use serde::Serialize;
use std::fmt;

/// One of Figure 3's properties, or of those that follow from the rest of the paper.
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
    /// What a server told others outlives its crashes and losses of power: its term, its vote, the entries it acknowledged (§5.2, thesis 3.8).
    Durability,
    /// A linearizable read sees everything that was acknowledged before it began (§8).
    ReadFreshness,
    /// A majority that is up and connected for 10 s has a leader, and serves clients (§5.2, §5.6).
    Progress,
    /// A client's operation takes effect at most once, however often it is sent (§8, thesis 6.3).
    ExactlyOnce,
    /// A server's term never goes back: not while it runs, and not behind what it told others before it crashed (§5.1).
    MonotonicTerm,
    /// A server votes for at most one candidate in a term (§5.2).
    OneVotePerTerm,
    /// While a server runs its commit index never goes back, and what it knows to be committed stays in its log (Figure 2).
    MonotonicCommit,
    /// What is committed is on the disks of a majority of the configuration it was counted by, then and ever after (§5.3, thesis 3.8).
    QuorumDurability,
    /// Any majority of a configuration has a server in common with any majority of the next, and no leader goes on to the next before the
    /// last one and something of its own term is committed (§6, thesis 4.1).
    ConfigurationOverlap,
    /// In two-phase commit: all servers end a transaction alike, and nothing is done without all votes.
    Atomicity,
    /// Each operation takes effect at once, some time between its beginning and its end (§8). Only those are judged that promise so:
    /// not reads in modes that may be stale.
    Linearizability,
}

impl Property {
    /// All of them, the paper's first and in its order.
    pub const ALL: [Property; 16] = [
        Property::ElectionSafety,
        Property::LeaderAppendOnly,
        Property::LogMatching,
        Property::LeaderCompleteness,
        Property::StateMachineSafety,
        Property::Durability,
        Property::ReadFreshness,
        Property::Progress,
        Property::ExactlyOnce,
        Property::MonotonicTerm,
        Property::OneVotePerTerm,
        Property::MonotonicCommit,
        Property::QuorumDurability,
        Property::ConfigurationOverlap,
        Property::Atomicity,
        Property::Linearizability,
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
            Property::Durability => "Durability",
            Property::ReadFreshness => "ReadFreshness",
            Property::Progress => "Progress",
            Property::ExactlyOnce => "ExactlyOnce",
            Property::MonotonicTerm => "MonotonicTerm",
            Property::OneVotePerTerm => "OneVotePerTerm",
            Property::MonotonicCommit => "MonotonicCommit",
            Property::QuorumDurability => "QuorumDurability",
            Property::ConfigurationOverlap => "ConfigurationOverlap",
            Property::Atomicity => "Atomicity",
            Property::Linearizability => "Linearizability",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
