//! What servers say to one another.

use crate::{Change, Decision, TransactionId};
use raft_core::NodeId;

/// A message between two servers, about one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TwoPhaseMessage"))]
pub struct Message {
    /// Who sends it.
    pub from: NodeId,
    /// Who shall get it.
    pub to: NodeId,
    /// About which transaction.
    pub transaction: TransactionId,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TwoPhaseBody"))]
pub enum Body {
    /// The coordinator asks for a vote.
    Prepare {
        /// What the transaction shall do.
        change: Change,
    },
    /// The answer. A yes is on the sender's disk.
    Vote {
        /// Why not, if it is a no.
        refused: Option<Refusal>,
    },
    /// How the transaction ends. The coordinator tells everybody; any server tells who asks, if it knows.
    Decided {
        /// How.
        decision: Decision,
    },
    /// A participant has it on disk that the transaction is done. That one is not done needs no such answer: it is presumed.
    Acknowledged,
    /// A participant that voted yes asks how the transaction ends.
    Inquiry,
    /// The answer of who does not know either.
    Uncertain,
}

/// Why a server votes no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TwoPhaseRefusal"))]
pub enum Refusal {
    /// Another transaction has the key locked.
    Locked {
        /// Which.
        by: TransactionId,
    },
    /// It counts as not done here already.
    Over,
}
