//! How one of Figure 3's properties was broken.

use crate::{Property, Seq, WorldTime};
use raft_core::{Index, NodeId, Term};
use serde::Serialize;
use std::fmt;

/// A broken property. As text it is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Violation {
    /// The event that broke it.
    pub seq: Seq,
    /// When.
    #[serde(rename = "atUs")]
    pub at: WorldTime,
    /// How.
    pub evidence: Evidence,
}

/// Who did what against a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Evidence {
    /// Against [`Property::ElectionSafety`].
    TwoLeaders {
        /// Of which term.
        term: Term,
        /// The one before.
        first: NodeId,
        /// The one now.
        second: NodeId,
    },
    /// Against [`Property::LeaderAppendOnly`].
    LeaderRewrote {
        /// Who.
        leader: NodeId,
        /// In which term it leads.
        term: Term,
        /// The first entry it changed or removed.
        from: Index,
        /// Where its log ended before.
        last_index: Index,
    },
    /// Against [`Property::LogMatching`].
    LogsDiffer {
        /// Whose log now holds an entry …
        server: NodeId,
        /// … here …
        index: Index,
        /// … of this term, as another log did, though the two differ here or before.
        term: Term,
        /// Whose log was the first to hold one there.
        other: NodeId,
    },
    /// Against [`Property::LeaderCompleteness`].
    LeaderLacks {
        /// Who leads.
        leader: NodeId,
        /// In which term.
        term: Term,
        /// The first committed entry that its log lacks.
        index: Index,
        /// That entry's own term.
        entry_term: Term,
        /// In which term it was committed.
        committed_in: Term,
        /// By whom first.
        by: NodeId,
    },
    /// Against [`Property::StateMachineSafety`].
    CommittedDiffers {
        /// Who commits or applies …
        server: NodeId,
        /// … here …
        index: Index,
        /// … the entry of this term, or what it does not have …
        term: Option<Term>,
        /// … where this server was the first to commit …
        other: NodeId,
        /// … an entry of this term.
        other_term: Term,
    },
}

impl Violation {
    /// Which property.
    #[must_use]
    pub fn property(&self) -> Property {
        match self.evidence {
            Evidence::TwoLeaders { .. } => Property::ElectionSafety,
            Evidence::LeaderRewrote { .. } => Property::LeaderAppendOnly,
            Evidence::LogsDiffer { .. } => Property::LogMatching,
            Evidence::LeaderLacks { .. } => Property::LeaderCompleteness,
            Evidence::CommittedDiffers { .. } => Property::StateMachineSafety,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is broken: ", self.property())?;
        match &self.evidence {
            Evidence::TwoLeaders { term, first, second } => {
                write!(
                    f,
                    "{second} became leader of term {}, whose leader was {first}.",
                    term.0
                )
            }
            Evidence::LeaderRewrote {
                leader,
                term,
                from,
                last_index,
            } => write!(
                f,
                "{leader}, leader of term {}, changed its log from index {} on, which ended at {}.",
                term.0, from.0, last_index.0
            ),
            Evidence::LogsDiffer {
                server,
                index,
                term,
                other,
            } => write!(
                f,
                "{server} holds an entry of term {} at index {}, as {other} did, but their logs differ there or before.",
                term.0, index.0
            ),
            Evidence::LeaderLacks {
                leader,
                term,
                index,
                entry_term,
                committed_in,
                by,
            } => write!(
                f,
                "{leader} leads term {} without the entry of term {} at index {}, which {by} committed in term {}.",
                term.0, entry_term.0, index.0, committed_in.0
            ),
            Evidence::CommittedDiffers {
                server,
                index,
                term,
                other,
                other_term,
            } => {
                write!(
                    f,
                    "at index {} {other} committed an entry of term {}, but {server} ",
                    index.0, other_term.0
                )?;
                match term {
                    Some(term) if term != other_term => write!(f, "commits one of term {}.", term.0),
                    Some(_) => f.write_str("commits another."),
                    None => f.write_str("commits without having one there."),
                }
            }
        }
    }
}
