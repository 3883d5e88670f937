//! The paper's small words: servers, terms, indexes, roles.

use core::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
        pub struct $name(pub $inner);
    };
}
pub(crate) use number;

number! {
    /// A server's name. `NodeId(1)` is shown as `S1`.
    NodeId(u32)
}
number! {
    /// A term: Raft's logical clock (§5.1). Never goes back.
    Term(u64)
}
number! {
    /// A position in the log. The first entry is at 1; 0 is "before the first".
    Index(u64)
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

impl Term {
    /// The term after this one. `None` after the last one there is, which no cluster reaches but any message can claim.
    #[must_use]
    pub const fn next(self) -> Option<Term> {
        match self.0.checked_add(1) {
            Some(term) => Some(Term(term)),
            None => None,
        }
    }
}

impl Index {
    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Index {
        Index(self.0 + 1)
    }

    /// The position `n` further on.
    #[must_use]
    pub(crate) const fn plus(self, n: usize) -> Index {
        Index(self.0 + n as u64)
    }

    /// The position before this one; before 0 there is nothing, so 0 stays 0.
    #[must_use]
    pub const fn prev(self) -> Index {
        Index(self.0.saturating_sub(1))
    }
}

/// What a server is in its current term (§5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Role {
    /// Answers requests, starts none.
    #[default]
    Follower,
    /// Asks whether it would get votes, in the term as it is (PreVote, thesis 9.6).
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Takes commands from clients and replicates them.
    Leader,
}

#[cfg(test)]
mod tests {
    use super::NodeId;
    use std::string::ToString;

    #[test]
    fn servers_are_called_s1_s2() {
        assert_eq!([NodeId(1), NodeId(12)].map(|id| id.to_string()), ["S1", "S12"]);
    }
}
