//! What a server says about itself while it works: reasons as data, for whoever draws, explains or checks.

use crate::{Configuration, Index, NodeId, ProgressState, Role, Term};
use alloc::sync::Arc;

/// Something that happened inside the server. Notes are complete: with the writes and commits they are enough to follow all of its state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Note {
    /// The role or the term changed. A new term forgets the vote given. Everybody but a leader forgets the votes received,
    /// the leader and all progress, and a transfer ends. A leader keeps the votes received and is its own leader; for every other
    /// member of its configuration, in the order of [`Configuration::members`], it starts with `next_index` = its last index + 1 (before
    /// its no-op), `match_index` = 0 and state `Probe`.
    Became {
        /// Role from now on.
        role: Role,
        /// Term from now on.
        term: Term,
    },
    /// This server gave its vote of the current term (a candidate gives its own to itself), or said again that it did.
    VoteGranted {
        /// Who gets it.
        candidate: NodeId,
    },
    /// This server would vote for another (thesis 9.6). Nothing changes by it.
    PreVoteGranted {
        /// Who asked.
        candidate: NodeId,
    },
    /// This server refused its vote, or said that it would.
    VoteRefused {
        /// Who asked.
        candidate: NodeId,
        /// Why.
        because: Refusal,
    },
    /// This candidate counted a vote for itself; its own counts only once it is durable. Or this pre-candidate counted somebody who
    /// would vote for it, itself at once.
    VoteCounted {
        /// Who gave it.
        voter: NodeId,
    },
    /// This server learnt who leads its current term.
    LeaderKnown {
        /// Who.
        leader: NodeId,
    },
    /// Entries that conflict with the leader's were removed (§5.3).
    Truncated {
        /// The first one removed.
        from: Index,
        /// The last one removed.
        through: Index,
    },
    /// The configuration this server goes by changed: by an entry appended here, or because the entry of the last one was truncated, or by
    /// a snapshot. A server begins with [`Configuration::of`] its settings' voters; if its disk says otherwise, this note comes first
    /// of all. A leader forgets the progress of those who are in it no more; who is new in it begins with `next_index` = the leader's
    /// last index + 1 (before the entry), `match_index` = 0 and state `Probe`. Progress is kept in the order of
    /// [`Configuration::members`].
    ConfigurationChanged {
        /// Where its entry is; 0 for the settings' voters.
        index: Index,
        /// The configuration.
        configuration: Arc<Configuration>,
    },
    /// A change of the configuration was refused. [`crate::Output::Refused`] follows.
    ChangeRefused {
        /// Why.
        because: ChangeRefusal,
    },
    /// An AppendEntries was refused.
    AppendRefused {
        /// Who sent it.
        leader: NodeId,
        /// Why.
        because: Refusal,
    },
    /// What this leader knows about a follower changed.
    Progress {
        /// Which follower.
        follower: NodeId,
        /// How it is sent to.
        state: ProgressState,
        /// The next entry to send to it.
        next_index: Index,
        /// How far its log is known to agree.
        match_index: Index,
    },
    /// This leader has heard no majority for an election timeout and steps down (thesis 6.2): `Became` follower is next.
    QuorumLost,
    /// This leader hands over, or to another than before (thesis 3.10). Until it is over it refuses proposals.
    TransferStarted {
        /// To whom.
        to: NodeId,
    },
    /// This server was to hand over but does not.
    TransferRefused {
        /// To whom it was to.
        to: NodeId,
        /// Why.
        because: TransferRefusal,
    },
    /// This leader tried to hand over for an election timeout and serves its clients again.
    TransferAborted {
        /// To whom it tried.
        to: NodeId,
    },
    /// A message was of no use.
    Ignored {
        /// Who sent it.
        from: NodeId,
        /// Why.
        because: IgnoredBecause,
    },
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "type", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Refusal {
    /// The sender's term is over (§5.1).
    StaleTerm {
        /// The sender's.
        theirs: Term,
        /// This server's.
        ours: Term,
    },
    /// The vote of this term is given already (§5.2).
    AlreadyVoted {
        /// To whom.
        candidate: NodeId,
    },
    /// The candidate's log is not up to date (§5.4.1).
    LogBehind {
        /// Where the candidate's log ends.
        their_index: Index,
        /// And in which term.
        their_term: Term,
        /// Where this server's log ends.
        our_index: Index,
        /// And in which term.
        our_term: Term,
    },
    /// This server has no vote in the configuration it goes by.
    NoVote,
    /// This server hears a leader, or may have before it restarted (thesis 4.2.3, 9.6).
    HearsLeader {
        /// Whom, if it knows.
        leader: Option<NodeId>,
    },
    /// There is no entry at `prev_log_index` (§5.3).
    LogTooShort {
        /// What the leader assumed.
        prev_log_index: Index,
        /// Where this log ends.
        last_index: Index,
    },
    /// The entry at `prev_log_index` is of another term (§5.3).
    TermMismatch {
        /// Where.
        prev_log_index: Index,
        /// What the leader has there.
        theirs: Term,
        /// What this server has there.
        ours: Term,
    },
}

/// Why a change of the configuration was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ChangeRefusal {
    /// This server does not lead.
    NotLeader,
    /// This leader hands over.
    HandingOver,
    /// The change before is not committed or, by joint consensus, not over.
    ChangeUnderWay,
    /// This leader has committed nothing in its own term yet.
    NothingCommitted,
    /// There would be no voters left.
    NoVoters,
    /// It is so already.
    NothingToChange,
    /// The learner to be promoted does not have all that is committed.
    NotCaughtUp,
}

/// Why a server does not hand over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum TransferRefusal {
    /// It does not lead.
    NotLeader,
    /// To itself, or to who cannot lead.
    NotAnotherVoter,
}

/// Why a message was of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum IgnoredBecause {
    /// An answer to a request of an earlier term.
    StaleTerm,
    /// An answer to something this server no longer does: a vote after the election, an append's after stepping down.
    NotWaiting,
    /// An answer that tells nothing new: repeated or overtaken.
    NothingNew,
    /// From a server that is not in this cluster, or meant for another.
    Stranger,
    /// It says what cannot be while every server follows the rules: a second leader in this leader's term, or the possession of
    /// entries this leader does not have.
    Impossible,
}
