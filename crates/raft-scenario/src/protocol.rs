//! Which words belong to one protocol alone, and the refusal of them in a scenario of the other.

use crate::cursor::Word;
use crate::parse::{Parser, Words};
use crate::{Command, Expected, Fact, ParseError, Setting};
use raft_trace::{Operation, Plan, Property, Protocol};

pub(crate) const PROTOCOLS: &Words<Protocol> = &[
    (Protocol::Raft.name(), |_| Ok(Protocol::Raft)),
    (Protocol::TwoPhaseCommit.name(), |_| Ok(Protocol::TwoPhaseCommit)),
];

impl Setting {
    /// The protocol that alone knows this; `None` if all do.
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        match self {
            Setting::ElectionTimeout(_)
            | Setting::Heartbeat(_)
            | Setting::MaxEntries(_)
            | Setting::Inflight(_)
            | Setting::Repair(_)
            | Setting::CheckQuorum(_)
            | Setting::PreVote(_)
            | Setting::SnapshotEvery(_)
            | Setting::Stickiness(_)
            | Setting::DriftBound(_)
            | Setting::Reads(_)
            | Setting::Rule(..) => Some(Protocol::Raft),
            Setting::VoteTimeout(_) | Setting::AskAgain(_) | Setting::Cooperative(_) => {
                Some(Protocol::TwoPhaseCommit)
            }
            _ => None,
        }
    }
}

impl Command {
    /// The protocol that alone knows this; `None` if all do.
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        match self {
            Command::Timeout(_)
            | Command::Transfer(..)
            | Command::Change { .. }
            | Command::Snapshot(_)
            | Command::Client {
                operation: Operation::Read { .. },
                ..
            } => Some(Protocol::Raft),
            Command::Set(setting) => setting.protocol(),
            Command::Plan(Plan { kind: Some(kind), .. }) => {
                let only = |protocol| !kind.is_of(protocol);
                match (only(Protocol::TwoPhaseCommit), only(Protocol::Raft)) {
                    (true, _) => Some(Protocol::Raft),
                    (_, true) => Some(Protocol::TwoPhaseCommit),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Expected {
    /// The protocol that alone knows this; `None` if all do.
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        match self {
            Expected::Leader(_) | Expected::NoLeader => Some(Protocol::Raft),
            Expected::Violation(Property::Atomicity) => Some(Protocol::TwoPhaseCommit),
            Expected::Violation(Property::Durability) => None,
            Expected::Violation(_) => Some(Protocol::Raft),
            Expected::Servers { fact, .. } => match fact {
                Fact::Role(_) | Fact::Term(_) | Fact::VotedFor(_) | Fact::Log(_) | Fact::Committed(_) => {
                    Some(Protocol::Raft)
                }
                Fact::Blocked | Fact::NotBlocked => Some(Protocol::TwoPhaseCommit),
                Fact::State(..) | Fact::NoState(_) => None,
            },
            _ => None,
        }
    }
}

impl Parser<'_> {
    /// Gives back what was read at this word, unless it belongs to the other protocol.
    pub(crate) fn fitting<T>(
        &self,
        word: Word<'_>,
        read: T,
        protocol: fn(&T) -> Option<Protocol>,
    ) -> Result<T, ParseError> {
        match protocol(&read) {
            Some(protocol) if protocol != self.protocol() => Err(foreign(word, self.protocol())),
            _ => Ok(read),
        }
    }
}

/// This word says nothing where the servers run this protocol.
pub(crate) fn foreign(word: Word<'_>, protocol: Protocol) -> ParseError {
    let other = match protocol {
        Protocol::Raft => "this belongs to protocol two-phase-commit",
        Protocol::TwoPhaseCommit => "this belongs to Raft",
    };
    let name = protocol.name();
    word.unexpected(format!("something that protocol {name} knows: {other}"))
}
