//! Entries of the same index and term are the same entry, after the same entries (§5.3).

use crate::chain::Link;
use raft_core::{Index, NodeId, SharedVec, SortedMap, Term};
use std::sync::Arc;

/// Every entry that ever stood in a log.
#[derive(Clone, Debug, Default)]
pub(super) struct Appended {
    /// The first one seen at each index, and in whose log. Mostly it is the only one.
    first: SharedVec<(Link, NodeId)>,
    /// Those of other terms at the same index.
    others: Arc<SortedMap<(Index, Term), (u64, NodeId)>>,
}

/// What an entry finds at its index and term.
pub(super) enum Place {
    /// No log ever had one there.
    New,
    /// Itself, after the same entries.
    Same,
    /// Another one, or the same after other entries, in this server's log.
    Other(NodeId),
}

impl Appended {
    /// The entry of this term there.
    pub(super) fn get(&self, index: Index, term: Term) -> Option<Link> {
        let (first, _) = self.first.get(index.prev().0)?;
        if first.term == term {
            return Some(*first);
        }
        let (hash, _) = *self.others.get(&(index, term))?;
        Some(Link { term, hash })
    }

    /// Notes an entry.
    pub(super) fn add(&mut self, index: Index, link: Link, by: NodeId) -> Place {
        let (hash, other) = match self.first.get(index.prev().0) {
            None => {
                self.first.push((link, by));
                return Place::New;
            }
            Some((first, other)) if first.term == link.term => (first.hash, *other),
            Some(_) => match self.others.get(&(index, link.term)) {
                None => {
                    Arc::make_mut(&mut self.others).insert((index, link.term), (link.hash, by));
                    return Place::New;
                }
                Some(found) => *found,
            },
        };
        if hash == link.hash {
            Place::Same
        } else {
            Place::Other(other)
        }
    }
}
