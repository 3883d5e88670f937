//! What the page shows of a server.

use super::TwoPhaseFrame;
use raft_core::{Index, ProgressState, Role, Term};
use serde::Serialize;

#[cfg(test)]
use ts_rs::TS;

/// One server at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct ServerFrame {
    /// `S1`…
    pub id: String,
    /// Whether it runs. A server that is down is shown as what it would start from.
    pub up: bool,
    /// Whether its machine is without power; then it is down.
    pub unpowered: bool,
    /// Whether a record was torn when it lost its power. Recovery will drop it.
    pub torn: bool,
    /// Whether its process stands still.
    pub paused: bool,
    /// Whether its disk takes longer than it should.
    pub stalled: bool,
    /// Its role in its term.
    pub role: Role,
    /// `currentTerm`.
    pub term: Term,
    /// `votedFor` in this term.
    pub voted_for: Option<String>,
    /// Whose votes it counted in this term, itself included.
    pub votes: Vec<String>,
    /// Who leads its term, as far as it knows.
    pub leader: Option<String>,
    /// `commitIndex`.
    pub commit_index: Index,
    /// `lastApplied`.
    pub last_applied: Index,
    /// Where its log ends; 0 for an empty one.
    pub last_index: Index,
    /// How far its log is safe on disk.
    pub synced_index: Index,
    /// How far its disk says so, if that is more.
    pub claimed_index: Option<Index>,
    /// When its next election is due.
    pub election_timer: Option<TimerFrame>,
    /// When its next heartbeat is due.
    pub heartbeat_timer: Option<TimerFrame>,
    /// What it knows of the others; only a leader does.
    pub progress: Vec<ProgressFrame>,
    /// Who belongs to the cluster, as far as it knows; nobody while it is down.
    pub configuration: ConfigurationFrame,
    /// To whom it hands over; only a leader does.
    pub transfer: Option<String>,
    /// What the beginning of its log gave way to.
    pub snapshot: Option<SnapshotFrame>,
    /// How many writes its disk has not synced: entries, or a term and a vote.
    pub unsynced: u32,
    /// How far its clock is ahead of the world's by drift and jumps; negative: behind.
    #[cfg_attr(test, ts(type = "number"))]
    pub clock_ahead_us: i64,
    /// Its state machine, by key.
    pub state: Vec<PairFrame>,
    /// The part of its log that was asked for.
    pub log: Vec<LogCell>,
    /// What else there is to it if it runs two-phase commit; `null` in Raft.
    pub two_phase: Option<TwoPhaseFrame>,
}

/// A running timer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct TimerFrame {
    /// When it was set.
    pub set_us: u64,
    /// When it fires.
    pub deadline_us: u64,
}

/// What a leader knows of one follower.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct ProgressFrame {
    /// Which follower.
    pub server: String,
    /// `nextIndex`: the next entry to send to it.
    pub next_index: Index,
    /// `matchIndex`: how far its log is known to agree.
    pub match_index: Index,
    /// How it is sent to.
    pub state: ProgressState,
    /// How many messages with entries or a snapshot are on their way to it.
    pub flying: u32,
}

/// Who belongs to a cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ConfigurationFrame {
    /// Those whose majority decides.
    pub voters: Vec<String>,
    /// Those before the change under way, whose majority has to agree as well; empty otherwise.
    pub outgoing: Vec<String>,
    /// Those that get the log and have no vote.
    pub learners: Vec<String>,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct SnapshotFrame {
    /// The last entry that it stands for.
    pub last_index: Index,
    /// That entry's term.
    pub last_term: Term,
}

/// One pair of the state machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct PairFrame {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// One entry of a log. Whether it is committed or on disk follows from the server's `commitIndex` and `syncedIndex`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LogCell {
    /// Where it stands.
    pub index: Index,
    /// The term in which it was made.
    pub term: Term,
    /// What it is.
    pub kind: EntryKind,
    /// What it says, shortly: `x=1`, `del x`, `get x`, `no-op`, `S1 S2 S3 → S1 S2 S4`.
    pub text: String,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub enum EntryKind {
    /// A client's, or a record of two-phase commit.
    Command,
    /// What a leader begins its term with.
    Noop,
    /// Who belongs to the cluster.
    Configuration,
}
