//! What can be expected: the words behind `expect`.

use crate::parse::{Parser, Words};
use crate::{Ending, Expected, Fact, ParseError, limits, values};
use raft_core::{Role, Term};
use raft_trace::Property;

pub(crate) const EXPECTS: &Words<Expected> = &[
    ("violation", |p| {
        Ok(Expected::Violation(p.choose("a property:", PROPERTIES)?))
    }),
    ("no-violation", |_| Ok(Expected::NoViolation)),
    ("linearizable", |_| Ok(Expected::Linearizable(true))),
    ("not-linearizable", |_| Ok(Expected::Linearizable(false))),
    ("leader", |p| Ok(Expected::Leader(p.server()?))),
    ("no-leader", |_| Ok(Expected::NoLeader)),
    ("role", |p| {
        p.choose("a role:", ROLES)
            .and_then(|role| p.servers_with(Fact::Role(role)))
    }),
    ("term", |p| {
        p.term().and_then(|term| p.servers_with(Fact::Term(term)))
    }),
    ("voted-for", |p| p.vote().and_then(|fact| p.servers_with(fact))),
    ("log", |p| {
        p.terms().and_then(|terms| p.servers_with(Fact::Log(terms)))
    }),
    ("committed", |p| {
        values::number(p.word(), 0..=u64::MAX).and_then(|n| p.servers_with(Fact::Committed(n)))
    }),
    ("state", |p| {
        values::pair(p.word()).and_then(|(key, value)| p.servers_with(Fact::State(key, value)))
    }),
    ("no-state", |p| {
        p.key().and_then(|key| p.servers_with(Fact::NoState(key)))
    }),
    ("blocked", |p| p.servers_with(Fact::Blocked)),
    ("not-blocked", |p| p.servers_with(Fact::NotBlocked)),
];

pub(crate) const PROPERTIES: &Words<Property> = &[
    (Property::ElectionSafety.name(), |_| Ok(Property::ElectionSafety)),
    (Property::LeaderAppendOnly.name(), |_| {
        Ok(Property::LeaderAppendOnly)
    }),
    (Property::LogMatching.name(), |_| Ok(Property::LogMatching)),
    (Property::LeaderCompleteness.name(), |_| {
        Ok(Property::LeaderCompleteness)
    }),
    (Property::StateMachineSafety.name(), |_| {
        Ok(Property::StateMachineSafety)
    }),
    (Property::Durability.name(), |_| Ok(Property::Durability)),
    (Property::ReadFreshness.name(), |_| Ok(Property::ReadFreshness)),
    (Property::Progress.name(), |_| Ok(Property::Progress)),
    (Property::ExactlyOnce.name(), |_| Ok(Property::ExactlyOnce)),
    (Property::MonotonicTerm.name(), |_| Ok(Property::MonotonicTerm)),
    (Property::OneVotePerTerm.name(), |_| Ok(Property::OneVotePerTerm)),
    (Property::MonotonicCommit.name(), |_| {
        Ok(Property::MonotonicCommit)
    }),
    (Property::QuorumDurability.name(), |_| {
        Ok(Property::QuorumDurability)
    }),
    (Property::ConfigurationOverlap.name(), |_| {
        Ok(Property::ConfigurationOverlap)
    }),
    (Property::Atomicity.name(), |_| Ok(Property::Atomicity)),
    (Property::Linearizability.name(), |_| {
        Ok(Property::Linearizability)
    }),
];

const ROLES: &Words<Role> = &[
    ("follower", |_| Ok(Role::Follower)),
    ("pre-candidate", |_| Ok(Role::PreCandidate)),
    ("candidate", |_| Ok(Role::Candidate)),
    ("leader", |_| Ok(Role::Leader)),
];

const ENDINGS: &Words<Ending> = &[
    ("ok", |_| Ok(Ending::Ok)),
    ("failed", |_| Ok(Ending::Failed)),
    ("unknown", |_| Ok(Ending::Unknown)),
    ("read", |p| Ok(Ending::Read(values::key(p.word(), "a value")?))),
    ("read-nothing", |_| Ok(Ending::ReadNothing)),
];

impl Parser<'_> {
    /// `C1 ok`
    pub(crate) fn ending(&mut self) -> Result<Expected, ParseError> {
        let word = self.word();
        let client = self.cast().client(word)?;
        Ok(Expected::Client(
            client,
            self.choose("how its operation ended:", ENDINGS)?,
        ))
    }

    /// The optional `on S1 S2` behind a fact.
    fn servers_with(&mut self, fact: Fact) -> Result<Expected, ParseError> {
        let on = if self.cursor.keyword("on") {
            self.server_list()?
        } else {
            Vec::new()
        };
        Ok(Expected::Servers { fact, on })
    }

    fn term(&mut self) -> Result<Term, ParseError> {
        values::number(self.word(), 0..=u64::MAX).map(Term)
    }

    fn vote(&mut self) -> Result<Fact, ParseError> {
        match self.cursor.keyword("nobody") {
            true => Ok(Fact::VotedFor(None)),
            false => Ok(Fact::VotedFor(Some(self.server()?))),
        }
    }

    /// `1 1 2`, or `empty`.
    fn terms(&mut self) -> Result<Vec<Term>, ParseError> {
        let mut terms = Vec::new();
        if self.cursor.keyword("empty") {
            return Ok(terms);
        }
        while terms.is_empty() || !matches!(self.cursor.peek().text, "" | "on" | "at") {
            if terms.len() == limits::LOG {
                return Err(self.word().unexpected(format!("at most {} terms", limits::LOG)));
            }
            terms.push(self.term()?);
        }
        Ok(terms)
    }
}
