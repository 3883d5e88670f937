//! What goes into a server and what comes out.

use crate::{Change, Decision, Message, Refusal, TransactionId};
use raft_core::{Duration, Index, NodeId, ReadId, Write, WriteId};

/// How this server shall behave. May change at run time by [`Input::Configure`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// Who coordinates; one of S1…Sn, always the same.
    pub coordinator: NodeId,
    /// There are S1…Sn. All take part in every transaction.
    pub servers: u32,
    /// How long the coordinator waits for votes, on its own clock; then the transaction is aborted.
    pub vote_timeout: Duration,
    /// How often is asked again what was not answered. Well below `vote_timeout`, or no lost message is made good in time.
    pub ask_again: Duration,
    /// Whether who waits for a decision asks the other participants too. One of them may know it; and one that has not voted can still see
    /// to it that the transaction is aborted.
    pub cooperative: bool,
}

/// What can happen to a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The timer set by [`Output::SetTimer`] ran out.
    TimerFired,
    /// A message arrived.
    Message(Message),
    /// A client wants this done. Answered by [`Output::Done`], now or later, or by [`Output::Refused`]; by nothing if the client has had the
    /// answer to a later one. Who asks again for the same gets the same answer.
    Begin {
        /// Its name.
        transaction: TransactionId,
        /// What to do.
        change: Change,
    },
    /// A client wants to read a key of this server's store. Answered by [`Output::ReadReady`] once no transaction has it locked.
    Read {
        /// The caller's name for it.
        id: ReadId,
        /// Which key.
        key: alloc::sync::Arc<str>,
    },
    /// This write and all before it are on disk.
    Synced(WriteId),
    /// New settings. A timer that runs is left as it is.
    Configure(Config),
}

/// What a server wants of its host. Outputs are obeyed in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// Send this now.
    Send(Message),
    /// Write this to disk, in order, and say [`Input::Synced`] when it is safe. It is one record at the end of the log.
    Write(Write),
    /// Fire the one timer after this long, measured on this server's own clock. It does not run yet.
    SetTimer(Duration),
    /// The record here is on disk and says that a transaction is done: this becomes of the store.
    Apply {
        /// Where the record is.
        index: Index,
        /// Which transaction.
        transaction: TransactionId,
        /// What it does.
        change: Change,
    },
    /// A transaction has ended, and that is on disk: so it can be told to who asked for it.
    Done {
        /// Which.
        transaction: TransactionId,
        /// How.
        decision: Decision,
    },
    /// This server does not coordinate.
    Refused {
        /// What it was asked for.
        transaction: TransactionId,
        /// Who does.
        coordinator: NodeId,
    },
    /// Answer this read from the store as it is now.
    ReadReady {
        /// The caller's name for it.
        id: ReadId,
    },
    /// Something worth knowing happened.
    Note(Note),
}

/// What happened inside a server. Together with its writes this tells all of its state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TwoPhaseNote"))]
pub enum Note {
    /// The coordinator began a transaction: nobody has voted yet.
    Began {
        /// Which.
        transaction: TransactionId,
        /// What it shall do.
        change: Change,
    },
    /// The coordinator has this server's yes.
    VoteCounted {
        /// For which transaction.
        transaction: TransactionId,
        /// Whose.
        from: NodeId,
    },
    /// The coordinator aborts: `aborted` is the next record of it.
    GaveUp {
        /// Which transaction.
        transaction: TransactionId,
        /// Why.
        because: Reason,
    },
    /// The coordinator knows that this server has it on disk that the transaction is done.
    AcknowledgementCounted {
        /// Which transaction.
        transaction: TransactionId,
        /// Who.
        from: NodeId,
    },
    /// A participant that voted yes has heard nothing for a while: it is blocked, and asks from now on.
    Blocked {
        /// Over which transaction.
        transaction: TransactionId,
    },
    /// A client's read waits for a locked key.
    ReadWaits {
        /// Which key.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: alloc::sync::Arc<str>,
        /// Who has it locked.
        transaction: TransactionId,
    },
}

/// Why a transaction is aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TwoPhaseReason"))]
pub enum Reason {
    /// A server voted no.
    VotedNo {
        /// Who.
        by: NodeId,
        /// Why.
        because: Refusal,
    },
    /// Not all votes came in time.
    TimeIsUp,
    /// The coordinator found no decision in its log when it came back, or was asked about a transaction that it does not know.
    Presumed,
}
