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
        let mut configuration = Configuration::default();
        voters.iter().for_each(|id| add(&mut configuration.voters, *id));
        configuration
    }
}

impl Configuration {
    /// Whether a change by joint consensus is under way.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Whether this server's vote and log count.
    #[must_use]
    pub fn is_voter(&self, server: NodeId) -> bool {
        self.voters.contains(&server) || self.outgoing.contains(&server)
    }

    /// Whether this server gets the log.
    #[must_use]
    pub fn is_member(&self, server: NodeId) -> bool {
        self.is_voter(server) || self.learners.contains(&server)
    }

    /// Whether this server is among the voters, and among those before the change under way.
    pub(crate) fn votes_of(&self, server: NodeId) -> [bool; 2] {
        [self.voters.contains(&server), self.outgoing.contains(&server)]
    }

    /// Everybody whose vote counts: the voters in order of name, then those that only were before the change.
    pub fn all_voters(&self) -> impl Iterator<Item = NodeId> {
        let before = self.outgoing.iter().filter(|id| !self.voters.contains(id));
        self.voters.iter().chain(before).copied()
    }

    /// Everybody who gets the log: all voters, then the learners.
    pub fn members(&self) -> impl Iterator<Item = NodeId> {
        let learners = self.learners.iter().copied();
        self.all_voters().chain(learners.filter(|id| !self.is_voter(*id)))
    }

    /// What becomes of it by a change; the same if there is nothing to change.
    #[must_use]
    pub(crate) fn changed(&self, change: &Change) -> Configuration {
        let mut next = self.clone();
        match change {
            Change::AddVoter(id) => {
                remove(&mut next.learners, *id);
                add(&mut next.voters, *id);
            }
            Change::AddLearner(id) => {
                remove(&mut next.voters, *id);
                add(&mut next.learners, *id);
            }
            Change::Remove(id) => {
                remove(&mut next.voters, *id);
                remove(&mut next.learners, *id);
            }
            Change::Voters(voters) => {
                let Configuration { voters, .. } = Configuration::of(voters);
                if voters != self.voters {
                    next.outgoing = core::mem::replace(&mut next.voters, voters);
                }
                next.learners.retain(|id| !next.voters.contains(id));
            }
        }
        next
    }

    /// What a joint one ends in.
    pub(crate) fn left(&self) -> Configuration {
        Configuration {
            outgoing: Vec::new(),
            ..self.clone()
        }
    }
}

fn add(list: &mut Vec<NodeId>, id: NodeId) {
    if let Err(place) = list.binary_search(&id) {
        list.insert(place, id);
    }
}

fn remove(list: &mut Vec<NodeId>, id: NodeId) {
    list.retain(|other| *other != id);
}

/// A change of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", content = "servers", rename_all = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Change {
    /// One voter more: a new server, or a learner that is promoted (thesis 4.1, 4.2.1).
    AddVoter(NodeId),
    /// One learner more: a new server, or a voter that gives up its vote (thesis 4.2.1).
    AddLearner(NodeId),
    /// One server less (thesis 4.1).
    Remove(NodeId),
    /// These voters from now on, however many change, by joint consensus (§6, thesis 4.3).
    Voters(Vec<NodeId>),
}

#[cfg(test)]
mod tests {
    use super::{Change, Configuration};
    use crate::NodeId;
    use std::vec::Vec;

    #[test]
    fn of_the_learners_those_who_get_a_vote_learn_no_more() {
        let servers = |ids: &[u32]| -> Vec<NodeId> { ids.iter().copied().map(NodeId).collect() };
        let before = Configuration {
            learners: servers(&[4, 5]),
            ..Configuration::of(&servers(&[1, 2, 3]))
        };
        let joint = before.changed(&Change::Voters(servers(&[1, 2, 4])));
        let expected = Configuration {
            voters: servers(&[1, 2, 4]),
            outgoing: servers(&[1, 2, 3]),
            learners: servers(&[5]),
        };
        assert_eq!(joint, expected);
    }
}
