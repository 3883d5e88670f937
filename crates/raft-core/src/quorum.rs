//! Majorities (§5.2, §5.3): what most servers of a cluster agree on, any two majorities having a server in common.

use crate::{Index, NodeId, Raft, Rule};

/// Whether `some` of `all` servers are a majority.
pub(crate) fn is_majority(some: usize, all: usize) -> bool {
    some > all / 2
}

/// How far a majority has the log: the highest of these indexes, one a server, that a majority has reached, or all but
/// `spare` of one. 0 for no servers.
/// Looks at every pair rather than sorting, so that nothing is allocated: a cluster is a handful.
pub(crate) fn majority_index(indexes: &(impl Iterator<Item = Index> + Clone), spare: usize) -> Index {
    let all = indexes.clone().count();
    let have = |index: &Index| indexes.clone().filter(|other| other >= index).count();
    let reached = |index: &Index| is_majority(have(index) + spare, all);
    indexes.clone().filter(reached).max().unwrap_or_default()
}

impl Raft {
    /// The sets of voters that have to agree, a majority of each (thesis 4.3).
    fn electorates(&self) -> impl Iterator<Item = &[NodeId]> {
        let joint = self.configuration.is_joint() && self.holds(Rule::BothMajorities);
        let outgoing = joint.then_some(&self.configuration.outgoing[..]);
        core::iter::once(&self.configuration.voters[..]).chain(outgoing)
    }

    /// How many of an electorate this server gives itself without being in it.
    fn uninvited(&self, voters: &[NodeId]) -> usize {
        usize::from(!voters.contains(&self.id) && !self.holds(Rule::RemovedDoesNotCount))
    }

    /// Whether a majority of the voters, or all but `spare` of one, are such.
    pub(crate) fn majority(&self, spare: usize, such: impl Fn(NodeId) -> bool) -> bool {
        self.electorates().all(|voters| {
            let count = voters.iter().filter(|voter| such(**voter)).count();
            is_majority(count + spare, voters.len())
        })
    }

    /// Whether this server has the votes of a majority, or all but `spare` of one.
    pub(crate) fn has_votes(&self, spare: usize) -> bool {
        self.electorates().all(|voters| {
            let count = self.votes.iter().filter(|voter| voters.contains(voter)).count();
            is_majority(count + spare, voters.len())
        })
    }

    /// How far a majority, or all but `spare` of one, has the leader's log, which reaches to `own` here.
    pub(crate) fn stored_index(&self, spare: usize, own: Index) -> Index {
        let reach = |id: &NodeId| {
            if *id == self.id {
                return own;
            }
            let progress = self.progress.iter().find(|p| p.server == *id);
            progress.map_or(Index(0), |p| p.match_index)
        };
        let stored = |voters: &[NodeId]| {
            let spare = spare + self.uninvited(voters);
            majority_index(&voters.iter().map(reach), spare)
        };
        self.electorates().map(stored).min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{is_majority, majority_index};
    use crate::Index;
    use std::vec::Vec;

    #[test]
    fn a_majority_is_more_than_half() {
        let needed: Vec<usize> = (1..=9)
            .map(|all| {
                (0..=all)
                    .find(|some| is_majority(*some, all))
                    .expect("all of them")
            })
            .collect();
        assert_eq!(needed, [1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn the_highest_index_reached_by_a_majority() {
        let of = |indexes: &[u64]| majority_index(&indexes.iter().map(|i| Index(*i)), 0).0;
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[7]), 7);
        assert_eq!(of(&[7, 3]), 3);
        assert_eq!(of(&[0, 9, 4]), 4);
        assert_eq!(of(&[5, 5, 1, 1]), 1);
        assert_eq!(of(&[1, 2, 3, 4, 5]), 3);
        assert_eq!(of(&[0, 0, 0, 4, 5]), 0);
    }

    /// The other way to say it: sorted from the highest, the one that completes the majority.
    #[test]
    fn agrees_with_sorting() {
        for bits in 0..4096_u64 {
            for all in 1..=6 {
                let mut indexes: Vec<Index> = (0..all).map(|i| Index(bits >> (2 * i) & 3)).collect();
                let found = majority_index(&indexes.iter().copied(), 0);
                indexes.sort_unstable_by(|a, b| b.cmp(a));
                assert_eq!(found, indexes[indexes.len() / 2]);
            }
        }
    }
}
