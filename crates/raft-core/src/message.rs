//! What servers say to one another (Figure 2).

use crate::{Entries, Index, NodeId, ReadId, Round, Snapshot, Term};
use alloc::sync::Arc;

/// A message between two servers. RPCs are two messages here, for a network may lose, delay or repeat either.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Message {
    /// Who sends it.
    pub from: NodeId,
    /// Who shall get it.
    pub to: NodeId,
    /// The sender's current term (§5.1).
    pub term: Term,
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
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Body {
    /// A candidate asks for a vote (§5.2, §5.4.1).
    RequestVote {
        /// Where the candidate's log ends.
        last_log_index: Index,
        /// In which term the candidate's log ends.
        last_log_term: Term,
        /// Whether the leader told the candidate to stand (thesis 3.10): then the leader one hears does not matter (thesis 4.2.3).
        transfer: bool,
    },
    /// The answer.
    RequestVoteReply {
        /// Whether the vote is given.
        granted: bool,
    },
    /// A server asks whether it would get a vote in the term after its own (thesis 9.6). Nobody takes over its term from this.
    PreVote {
        /// Where its log ends.
        last_log_index: Index,
        /// In which term its log ends.
        last_log_term: Term,
    },
    /// The answer. It binds nobody.
    PreVoteReply {
        /// Whether the vote would be given.
        granted: bool,
        /// The term of the question.
        asked_in: Term,
    },
    /// The leader tells a server to stand at once (thesis 3.10).
    TimeoutNow,
    /// A leader replicates entries (§5.3); without entries it is a heartbeat (§5.2).
    AppendEntries {
        /// The entry just before the new ones.
        prev_log_index: Index,
        /// Its term.
        prev_log_term: Term,
        /// What to append.
        #[cfg_attr(feature = "ts", ts(type = "Array<Entry>"))]
        entries: Entries,
        /// How far the leader has committed.
        leader_commit: Index,
        /// The last round of heartbeats the leader began (thesis 6.4).
        round: Round,
    },
    /// The answer.
    AppendEntriesReply {
        /// Whether the logs agreed at `prev_log_index`.
        success: bool,
        /// On success how far the follower's log is known to match the leader's (`prev_log_index` + entries); on refusal the
        /// `prev_log_index` that was refused, so that a late refusal is known as such.
        index: Index,
        /// On refusal, with [`crate::Repair::ConflictHint`]: where the logs may agree.
        conflict: Option<Conflict>,
        /// The round that the request carried.
        round: Round,
    },
    /// A leader sends its snapshot, in one piece, to a follower that needs entries it no longer has (§7, Figure 13).
    InstallSnapshot {
        /// The snapshot.
        snapshot: Arc<Snapshot>,
    },
    /// The answer.
    InstallSnapshotReply {
        /// How far the follower's log is known to match the leader's: to the snapshot's end, or 0 from a server of a later term.
        index: Index,
    },
    /// A follower's client wants to read: up to where must the log be applied (thesis 6.4)?
    ReadIndex {
        /// The follower's name for the read.
        id: ReadId,
    },
    /// The answer.
    ReadIndexReply {
        /// The follower's name for the read.
        id: ReadId,
        /// The answer; `None` from a server that does not lead, or not long enough.
        index: Option<Index>,
    },
}

impl Body {
    /// Whether it answers a request.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        match self {
            Body::RequestVoteReply { .. }
            | Body::PreVoteReply { .. }
            | Body::AppendEntriesReply { .. }
            | Body::InstallSnapshotReply { .. }
            | Body::ReadIndexReply { .. } => true,
            Body::RequestVote { .. }
            | Body::PreVote { .. }
            | Body::TimeoutNow
            | Body::AppendEntries { .. }
            | Body::InstallSnapshot { .. }
            | Body::ReadIndex { .. } => false,
        }
    }
}

/// The last entry of a follower that may agree with the leader's: the last one before the refused place, or there, whose term is not later
/// than the leader's there (§5.3, "the term of the conflicting entry").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Conflict {
    /// Where it is; 0 if there is none.
    pub index: Index,
    /// Its term.
    pub term: Term,
}
