//! Majorities (§5.2, §5.3): what most servers of a cluster agree on, any two majorities having a server in common.

use crate::{Configuration, NodeId, Progress, Raft, Rule};

/// Whether `some` of `all` servers are a majority.
pub(crate) fn is_majority(some: usize, all: usize) -> bool {
    some > all / 2
}

impl Raft {
    /// Whether the voters before the change under way have to agree as well (thesis 4.3).
    fn needs_both(&self) -> bool {
        self.configuration.is_joint() && self.holds(Rule::BothMajorities)
    }

    /// Whether a majority, or all but `spare` of one, are such; `own` for this leader itself.
    pub(crate) fn majority(&self, spare: usize, own: bool, such: impl Fn(&Progress) -> bool) -> bool {
        let agree = |list: usize, voters: &[NodeId]| {
            let others = self
                .progress
                .iter()
                .filter(|p| p.votes_in[list] && such(p))
                .count();
            let counts = own && (voters.contains(&self.id) || !self.holds(Rule::RemovedDoesNotCount));
            is_majority(others + usize::from(counts) + spare, voters.len())
        };
        let Configuration { voters, outgoing, .. } = &*self.configuration;
        agree(0, voters) && (!self.needs_both() || agree(1, outgoing))
    }

    /// Whether this server has the votes of a majority, or all but `spare` of one.
    pub(crate) fn has_votes(&self, spare: usize) -> bool {
        let agree = |voters: &[NodeId]| {
            let count = self.votes.iter().filter(|voter| voters.contains(voter)).count();
            is_majority(count + spare, voters.len())
        };
        let Configuration { voters, outgoing, .. } = &*self.configuration;
        agree(voters) && (!self.needs_both() || agree(outgoing))
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
