//! The replicated log (§5.3): entries, numbered from 1.

use crate::{Command, Index, SharedVec, Term};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;

/// One entry: the term in which a leader made it, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Entry {
    /// The term of the leader that made it.
    pub term: Term,
    /// What it says.
    pub payload: Payload,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", content = "text", rename_all = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Payload {
    /// Nothing: a new leader's first entry, so that it can commit what went before (§5.4.2, §8).
    Noop,
    /// A client's command.
    Command(#[cfg_attr(feature = "ts", ts(type = "string"))] Command),
}

/// Some entries in a row, shared between the messages and writes that carry them. Empty costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entries(Option<Arc<[Entry]>>);

impl Entries {
    /// No entries: a heartbeat.
    pub const NONE: Entries = Entries(None);
}

impl Deref for Entries {
    type Target = [Entry];
    fn deref(&self) -> &[Entry] {
        self.0.as_deref().unwrap_or(&[])
    }
}

impl From<Entry> for Entries {
    fn from(entry: Entry) -> Entries {
        Entries(Some(Arc::from([entry])))
    }
}

impl From<&[Entry]> for Entries {
    fn from(entries: &[Entry]) -> Entries {
        Entries((!entries.is_empty()).then(|| Arc::from(entries)))
    }
}

impl From<Vec<Entry>> for Entries {
    fn from(entries: Vec<Entry>) -> Entries {
        Entries(if entries.is_empty() {
            None
        } else {
            Some(entries.into())
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Entries {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A server's log. Clones share their entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    entries: SharedVec<Entry>,
}

impl Log {
    /// Where the last entry is; 0 for an empty log.
    #[must_use]
    pub fn last_index(&self) -> Index {
        Index(self.entries.len())
    }

    /// The last entry's term; 0 for an empty log.
    #[must_use]
    pub fn last_term(&self) -> Term {
        self.entries.last().map_or(Term(0), |e| e.term)
    }

    /// The entry at `index`.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry> {
        self.entries.get(index.0.checked_sub(1)?)
    }

    /// The term of the entry at `index`; 0 before the first entry, `None` past the last.
    #[must_use]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == Index(0) {
            Some(Term(0))
        } else {
            self.get(index).map(|e| e.term)
        }
    }

    /// Adds one entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Drops the entry at `index` and all after it.
    pub fn truncate_from(&mut self, index: Index) {
        self.entries.truncate(index.0.saturating_sub(1));
    }

    /// At most `max` entries from `first` on, to be shared by whoever carries them.
    #[must_use]
    pub fn entries(&self, first: Index, max: u32) -> Entries {
        let mut entries = self.iter_from(first).take(max as usize).peekable();
        match entries.peek() {
            None => Entries::NONE,
            Some(_) => Entries(Some(entries.cloned().collect())),
        }
    }

    /// The entries from `index` on.
    pub fn iter_from(&self, index: Index) -> impl Iterator<Item = &Entry> {
        self.entries.iter_from(index.0.saturating_sub(1))
    }
}
