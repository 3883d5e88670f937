//! Who belongs to a cluster (§6, thesis 4).

use crate::NodeId;
use alloc::vec::Vec;

/// The servers of a cluster, each list in order of name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Configuration {
    /// Those whose majority decides.
    pub voters: Vec<NodeId>,
    /// While a change is under way by joint consensus: the voters before it, whose majority has to agree as well (thesis 4.3).
    /// Empty otherwise.
    pub outgoing: Vec<NodeId>,
    /// Those that get the log and have no vote (thesis 4.2.1).
    pub learners: Vec<NodeId>,
}

impl Configuration {
    /// A cluster of these voters.
    #[must_use]
    pub fn of(voters: &[NodeId]) -> Configuration {
        let mut voters = voters.to_vec();
        voters.sort_unstable();
        voters.dedup();
        Configuration {
            voters,
            ..Configuration::default()
        }
    }
}
