//! The replicated log (§5.3): entries, numbered from 1.

use crate::{Command, Configuration, Index, SharedVec, Term};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
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
    /// The cluster's configuration from here on (§6).
    Configuration(Arc<Configuration>),
    /// A client's command.
    Command(#[cfg_attr(feature = "ts", ts(type = "string"))] Command),
}

/// Some entries in a row. One is carried as it is, more are shared between the messages and writes that carry them.
#[derive(Clone, Default)]
pub struct Entries(Repr);

#[derive(Clone, Default)]
enum Repr {
    #[default]
    None,
    One(Entry),
    Many(Arc<[Entry]>),
}

impl Entries {
    /// No entries: a heartbeat.
    pub const NONE: Entries = Entries(Repr::None);
}

impl Deref for Entries {
    type Target = [Entry];
    fn deref(&self) -> &[Entry] {
        match &self.0 {
            Repr::None => &[],
            Repr::One(entry) => core::slice::from_ref(entry),
            Repr::Many(entries) => entries,
        }
    }
}

impl From<Entry> for Entries {
    fn from(entry: Entry) -> Entries {
        Entries(Repr::One(entry))
    }
}

impl From<&[Entry]> for Entries {
    fn from(entries: &[Entry]) -> Entries {
        Entries(match entries {
            [] => Repr::None,
            [entry] => Repr::One(entry.clone()),
            _ => Repr::Many(Arc::from(entries)),
        })
    }
}

impl From<Vec<Entry>> for Entries {
    fn from(entries: Vec<Entry>) -> Entries {
        if entries.len() > 1 {
            Entries(Repr::Many(entries.into()))
        } else {
            entries.as_slice().into()
        }
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Entries) -> bool {
        self[..] == other[..]
    }
}

impl Eq for Entries {}

impl core::hash::Hash for Entries {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self[..].hash(state);
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Entries {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A server's log. Clones share their entries. Its beginning may be gone, replaced by a snapshot (§7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    /// The last entry that is gone: its index and term.
    base: (Index, Term),
    entries: SharedVec<Entry>,
}

impl Log {
    /// Where the last entry is, which may be gone; 0 if there never was one.
    #[must_use]
    pub fn last_index(&self) -> Index {
        Index(self.base.0.0 + self.entries.len())
    }

    /// The last entry's term; 0 if there never was one.
    #[must_use]
    pub fn last_term(&self) -> Term {
        self.entries.last().map_or(self.base.1, |e| e.term)
    }

    /// The last entry that is gone, its index and term: the snapshot's last included one (§7). 0 and 0 if all are here.
    #[must_use]
    pub fn base(&self) -> (Index, Term) {
        self.base
    }

    /// Where an entry is among those that are here; those gone count as the first.
    fn place(&self, index: Index) -> u64 {
        index.0.saturating_sub(self.base.0.0 + 1)
    }

    /// The entry at `index`, if it is here.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry> {
        self.entries.get(index.0.checked_sub(self.base.0.0 + 1)?)
    }

    /// The term of the entry at `index`, also of the last one that is gone; 0 before the first entry, `None` past the last.
    #[must_use]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.base.0 {
            Some(self.base.1)
        } else {
            self.get(index).map(|e| e.term)
        }
    }

    /// How many of these entries, the first of them belonging at `first`, are there.
    pub(crate) fn agreement(&self, first: Index, entries: &[Entry]) -> usize {
        if entries.is_empty() || first > self.last_index() {
            return 0; // as nearly always
        }
        entries
            .iter()
            .zip(self.iter_from(first))
            .take_while(|(theirs, ours)| theirs.term == ours.term)
            .count()
    }

    /// The last entry at `through` or before it whose term is not later than `term`: its index and term. Terms never fall along a log.
    pub(crate) fn last_not_later(&self, through: Index, term: Term) -> (Index, Term) {
        let (mut low, mut high) = (self.base.0, through.min(self.last_index()));
        while low < high {
            let middle = Index(high.0 - (high.0 - low.0) / 2);
            if self.term_at(middle).is_some_and(|at| at <= term) {
                low = middle;
            } else {
                high = middle.prev();
            }
        }
        (low, self.term_at(low).unwrap_or_default())
    }

    /// Lets both keep in one place what they have in common, see [`SharedVec::share_with`].
    pub fn share_with(&mut self, other: &Log) {
        if self.base == other.base {
            self.entries.share_with(&other.entries);
        }
    }

    /// Adds one entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Adds these at the end.
    pub fn extend(&mut self, entries: &[Entry]) {
        match entries {
            [entry] => self.entries.push(entry.clone()),
            _ => self.entries.extend(entries),
        }
    }

    /// Drops the entry at `index` and all after it.
    pub fn truncate_from(&mut self, index: Index) {
        self.entries.truncate(self.place(index));
    }

    /// Forgets the entries through `index`, the last of which has or had this term: a snapshot stands for them now. What follows stays if
    /// that very entry was here, and goes otherwise (§7).
    pub fn compact(&mut self, index: Index, term: Term) {
        if self.term_at(index) == Some(term) {
            self.entries.drop_front(index.0 - self.base.0.0);
        } else {
            self.entries.truncate(0);
        }
        self.base = (index, term);
    }

    /// At most `max` entries from `first` on, to be shared by whoever carries them.
    #[must_use]
    pub fn entries(&self, first: Index, max: u32) -> Entries {
        if first > self.last_index() {
            return Entries::NONE;
        }
        let (from, max) = (self.place(first), max as usize);
        let run = self.entries.run_from(from);
        let rest = usize::try_from(self.entries.len().saturating_sub(from)).unwrap_or(usize::MAX);
        if max <= run.len() || rest == run.len() {
            return run[..run.len().min(max)].into();
        }
        let mut entries = Vec::with_capacity(rest.min(max));
        while entries.len() < rest.min(max) {
            let run = self.entries.run_from(from + entries.len() as u64);
            entries.extend_from_slice(&run[..run.len().min(max - entries.len())]);
        }
        entries.into()
    }

    /// The entries from `index` on.
    pub fn iter_from(&self, index: Index) -> impl Iterator<Item = &Entry> {
        self.entries.iter_from(self.place(index))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entries, Entry, Log, Payload, Repr};
    use crate::{Index, Term};
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    use std::vec::Vec;

    fn log(terms: &[u64]) -> Log {
        let mut log = Log::default();
        for term in terms {
            log.push(Entry {
                term: Term(*term),
                payload: Payload::Noop,
            });
        }
        log
    }

    #[test]
    fn an_empty_log_ends_before_the_first_entry() {
        let log = Log::default();
        assert_eq!((log.last_index(), log.last_term()), (Index(0), Term(0)));
        assert_eq!(log.term_at(Index(0)), Some(Term(0)));
        assert_eq!((log.get(Index(0)), log.term_at(Index(1))), (None, None));
    }

    #[test]
    fn entries_are_found_by_index_from_1() {
        let log = log(&[1, 1, 4]);
        assert_eq!((log.last_index(), log.last_term()), (Index(3), Term(4)));
        assert_eq!(log.get(Index(0)), None);
        assert_eq!(log.get(Index(1)).map(|e| e.term), Some(Term(1)));
        assert_eq!(log.term_at(Index(3)), Some(Term(4)));
        assert_eq!(
            (log.term_at(Index(4)), log.term_at(Index(u64::MAX))),
            (None, None)
        );
    }

    #[test]
    fn truncation_keeps_what_is_before() {
        let mut truncated = log(&[1, 2, 3]);
        truncated.truncate_from(Index(4));
        assert_eq!(truncated, log(&[1, 2, 3]));
        truncated.truncate_from(Index(2));
        assert_eq!(truncated, log(&[1]));
        truncated.truncate_from(Index(0));
        assert_eq!(truncated, Log::default());
    }

    #[test]
    fn replacing_removes_what_follows() {
        let mut replaced = log(&[1, 2, 3, 3]);
        replaced.replace_from(Index(2), &[log(&[5]).get(Index(1)).cloned().expect("an entry")]);
        assert_eq!(replaced, log(&[1, 5]));
    }

    #[test]
    fn a_compacted_log_keeps_its_numbers() {
        let mut compacted = log(&[1, 2, 2, 3, 3]);
        compacted.compact(Index(3), Term(2));
        assert_eq!(
            (compacted.base(), compacted.last_index()),
            ((Index(3), Term(2)), Index(5))
        );
        let terms = [2, 3, 4, 5, 6].map(|index| compacted.term_at(Index(index)).map(|term| term.0));
        assert_eq!(terms, [None, Some(2), Some(3), Some(3), None]);
        assert_eq!(
            (compacted.get(Index(3)), compacted.iter_from(Index(1)).count()),
            (None, 2)
        );
        assert_eq!(compacted.entries(Index(5), 9).len(), 1);
        compacted.truncate_from(Index(4));
        assert_eq!(
            (compacted.last_index(), compacted.last_term()),
            (Index(3), Term(2))
        );
    }

    #[test]
    fn a_compacted_log_can_be_compacted_again() {
        let mut compacted = log(&[1, 2, 2, 3, 3, 4]);
        compacted.compact(Index(3), Term(2));
        compacted.compact(Index(4), Term(3));
        assert_eq!(
            (compacted.base(), compacted.last_index()),
            ((Index(4), Term(3)), Index(6))
        );
    }

    #[test]
    fn what_follows_a_snapshot_stays_if_the_log_agrees_with_it() {
        for (term, left) in [(2, 2), (3, 0)] {
            let mut compacted = log(&[1, 2, 2, 2, 2]);
            compacted.compact(Index(3), Term(term));
            assert_eq!(compacted.last_index(), Index(3 + left));
        }
        let mut short = log(&[1, 2]);
        short.compact(Index(9), Term(4));
        assert_eq!((short.last_index(), short.last_term()), (Index(9), Term(4)));
        assert_ne!(short, Log::default());
    }

    #[test]
    fn the_last_entry_of_no_later_term() {
        let mut searched = log(&[1, 1, 2, 2, 5, 5]);
        let find = |log: &Log, through, term| {
            let (index, term) = log.last_not_later(Index(through), Term(term));
            (index.0, term.0)
        };
        assert_eq!(find(&searched, 6, 5), (6, 5));
        assert_eq!(find(&searched, 99, 4), (4, 2));
        assert_eq!(find(&searched, 3, 4), (3, 2));
        assert_eq!(find(&searched, 6, 1), (2, 1));
        assert_eq!(find(&searched, 6, 0), (0, 0));
        searched.compact(Index(2), Term(1));
        assert_eq!(find(&searched, 6, 1), (2, 1));
    }

    #[test]
    fn one_entry_is_carried_as_it_is() {
        let one: Vec<Entry> = log(&[1]).iter_from(Index(1)).cloned().collect();
        assert!(matches!(Entries::from(one.as_slice()).0, Repr::One(_)));
        assert!(matches!(Entries::from(one).0, Repr::One(_)));
        assert!(matches!(Entries::from(Vec::new()).0, Repr::None));
    }

    #[test]
    fn equality_and_hash_are_those_of_the_entries() {
        let hash = |entries: &Entries| BuildHasherDefault::<DefaultHasher>::default().hash_one(entries);
        let one = log(&[1]).entries(Index(1), 1);
        let shared = Entries(Repr::Many(one.to_vec().into()));
        assert_eq!((&one, hash(&one)), (&shared, hash(&shared)));
        assert_ne!(one, Entries::NONE);
        assert_ne!(hash(&one), hash(&Entries::NONE));
    }

    #[test]
    fn a_batch_is_the_log_from_there_up_to_the_limit() {
        let terms: Vec<u64> = (1..=100).collect();
        let log = log(&terms);
        for first in [1, 2, 31, 32, 33, 64, 65, 99, 100, 101, 102, u64::MAX] {
            for max in [0, 1, 2, 31, 32, 33, 64, 100, 101, u32::MAX] {
                let batch: Vec<u64> = log.entries(Index(first), max).iter().map(|e| e.term.0).collect();
                let skip = usize::try_from(first - 1).unwrap_or(usize::MAX);
                let expected: Vec<u64> = terms.iter().copied().skip(skip).take(max as usize).collect();
                assert_eq!(batch, expected, "{max} from {first}");
            }
        }
    }
}
