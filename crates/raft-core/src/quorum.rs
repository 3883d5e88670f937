//! Majorities (§5.2, §5.3): what most servers of a cluster agree on, any two majorities having a server in common.

use crate::Index;

/// Whether `some` of `all` servers are a majority.
pub(crate) fn is_majority(some: usize, all: usize) -> bool {
    some > all / 2
}

/// How far a majority has the log: the highest of these indexes, one a server, that a majority has reached. 0 for no servers.
/// Looks at every pair rather than sorting, so that nothing is allocated: a cluster is a handful.
pub(crate) fn majority_index(indexes: &(impl Iterator<Item = Index> + Clone)) -> Index {
    let all = indexes.clone().count();
    let reached = |index: &Index| is_majority(indexes.clone().filter(|other| other >= index).count(), all);
    indexes.clone().filter(reached).max().unwrap_or_default()
}
