//! Majorities (§5.2, §5.3): what most servers of a cluster agree on, any two majorities having a server in common.

use crate::{Index, NodeId, Raft, Rule};

/// Whether `some` of `all` servers are a majority.
pub(crate) fn is_majority(some: usize, all: usize) -> bool {
    some > all / 2
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

    /// Whether a majority, or all but `spare` of one, has the leader's log through `index`; it reaches to `own` here.
    pub(crate) fn is_stored(&self, spare: usize, index: Index, own: Index) -> bool {
        let has = |id: &NodeId| match self.progress.iter().find(|p| p.server == *id) {
            Some(progress) => progress.match_index >= index,
            None => *id == self.id && own >= index,
        };
        self.electorates().all(|voters| {
            let count = voters.iter().filter(|voter| has(voter)).count();
            is_majority(count + spare + self.uninvited(voters), voters.len())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_majority;
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
}
