//! Logs as chains of hashes: two logs are equal up to an index exactly if their links there are.

use crate::hash::{mix, mix_bytes};
use raft_core::{Append, Entry, Index, Payload, SharedVec, Term};

/// What stands for all entries of a log up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// The entry's own term.
    pub(crate) term: Term,
    /// Of this entry and all before it.
    pub(crate) hash: u64,
}

impl Link {
    fn next(self, entry: &Entry) -> Link {
        let hash = mix(self.hash, entry.term.0);
        let hash = match &entry.payload {
            Payload::Noop => mix(hash, 0),
            Payload::Command(command) => mix_bytes(mix(hash, 1), command.as_bytes()),
            Payload::Configuration(configuration) => {
                let lists = [
                    &configuration.voters,
                    &configuration.outgoing,
                    &configuration.learners,
                ];
                lists.iter().fold(mix(hash, 2), |hash, list| {
                    let hash = mix(hash, list.len() as u64);
                    list.iter().fold(hash, |hash, id| mix(hash, id.0.into()))
                })
            }
        };
        Link {
            term: entry.term,
            hash,
        }
    }
}

/// A log, entries left out. Clones share their links.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    links: SharedVec<Link>,
}

impl Chain {
    /// Where the last entry is.
    pub(crate) fn last_index(&self) -> Index {
        Index(self.links.len())
    }

    /// The link at `index`; before the first entry one that all chains have in common, past the last none.
    pub(crate) fn get(&self, index: Index) -> Option<Link> {
        match index.0.checked_sub(1) {
            None => Some(Link::default()),
            Some(i) => self.links.get(i).copied(),
        }
    }

    /// Keeps in one place what both have in common.
    pub(crate) fn share_with(&mut self, other: &Chain) {
        self.links.share_with(&other.links);
    }

    /// Whether it holds an entry of this term there.
    pub(crate) fn has(&self, index: Index, term: Term) -> bool {
        self.get(index).is_some_and(|link| link.term == term)
    }

    /// Drops the entry at `index` and all after it.
    pub(crate) fn truncate_from(&mut self, index: Index) {
        self.links.truncate(index.prev().0);
    }

    /// Does what [`raft_core::Log::replace_from`] does.
    pub(crate) fn replace_from(&mut self, append: &Append) {
        self.truncate_from(append.first);
        let mut last = self.links.last().copied().unwrap_or_default();
        for entry in append.entries.iter() {
            last = last.next(entry);
            self.links.push(last);
        }
    }
}

impl Chain {
    /// Does what [`raft_core::Log::compact`] does, but keeps the links of what is gone. If the log does not have that entry, all of it gives way
    /// to what the snapshot stands for; `known` says what that is.
    pub(crate) fn compact(&mut self, index: Index, term: Term, known: impl Fn(Index) -> Option<Link>) {
        if self.has(index, term) {
            return;
        }
        self.links.truncate(0);
        for i in 1..=index.0 {
            // A snapshot of what nobody committed: that was judged already.
            let unknown = Link {
                term,
                hash: mix(term.0, i),
            };
            self.links.push(known(Index(i)).unwrap_or(unknown));
        }
    }
}

/// The first index in 1..=`through` where `differs`, given that it does at `through` and at every index after the first.
pub(crate) fn first_difference(through: Index, differs: impl Fn(Index) -> bool) -> Index {
    let (mut same, mut different) = (0, through.0);
    while same + 1 < different {
        let middle = same + (different - same) / 2;
        if differs(Index(middle)) {
            different = middle;
        } else {
            same = middle;
        }
    }
    Index(different)
}
