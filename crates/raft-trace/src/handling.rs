//! What can be done to single messages by hand, and which messages are meant.

use crate::{Endpoint, Packet, Protocol};
use raft_core::Body;
use serde::Serialize;
use std::fmt;

/// What can be done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Handling {
    /// It is lost.
    Drop,
    /// It stays where it is until it is delivered or dropped.
    Hold,
    /// It arrives at once.
    Deliver,
    /// The network makes a copy of it.
    Duplicate,
}

impl Handling {
    /// All of them.
    pub const ALL: [Handling; 4] = [
        Handling::Drop,
        Handling::Hold,
        Handling::Deliver,
        Handling::Duplicate,
    ];
}

/// As a scenario writes it: `drop`.
impl fmt::Display for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Handling::Drop => "drop",
            Handling::Hold => "hold",
            Handling::Deliver => "deliver",
            Handling::Duplicate => "duplicate",
        })
    }
}

/// The kinds of packets, by what a person calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum PacketKind {
    /// A candidate asks for a vote (§5.2).
    RequestVote,
    /// The answer.
    RequestVoteReply,
    /// A server asks whether it would get a vote (thesis 9.6).
    PreVote,
    /// The answer.
    PreVoteReply,
    /// A leader replicates entries (§5.3): an AppendEntries with entries.
    AppendEntries,
    /// A leader is heard (§5.2): an AppendEntries without entries.
    Heartbeat,
    /// The answer to either.
    AppendEntriesReply,
    /// A leader sends its snapshot (§7).
    InstallSnapshot,
    /// The answer.
    InstallSnapshotReply,
    /// A leader tells a server to stand at once (thesis 3.10).
    TimeoutNow,
    /// A follower asks its leader how far the log must be applied for a read (thesis 6.4).
    ReadIndex,
    /// The answer.
    ReadIndexReply,
    /// A client asks for a place in the log.
    Request,
    /// A client asks to read without one.
    Query,
    /// A server answers a client.
    Response,
    /// A coordinator asks for a vote (two-phase commit).
    Prepare,
    /// The answer.
    Vote,
    /// How a transaction ends.
    Decision,
    /// A participant has the decision on disk.
    Acknowledgement,
    /// A participant that voted asks how the transaction ends.
    Inquiry,
    /// The answer of who does not know.
    Uncertain,
}

impl PacketKind {
    /// All of them.
    pub const ALL: [PacketKind; 21] = [
        PacketKind::RequestVote,
        PacketKind::RequestVoteReply,
        PacketKind::PreVote,
        PacketKind::PreVoteReply,
        PacketKind::AppendEntries,
        PacketKind::Heartbeat,
        PacketKind::AppendEntriesReply,
        PacketKind::InstallSnapshot,
        PacketKind::InstallSnapshotReply,
        PacketKind::TimeoutNow,
        PacketKind::ReadIndex,
        PacketKind::ReadIndexReply,
        PacketKind::Request,
        PacketKind::Query,
        PacketKind::Response,
        PacketKind::Prepare,
        PacketKind::Vote,
        PacketKind::Decision,
        PacketKind::Acknowledgement,
        PacketKind::Inquiry,
        PacketKind::Uncertain,
    ];

    /// Its name, as a scenario writes it: `AppendEntries`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PacketKind::RequestVote => "RequestVote",
            PacketKind::RequestVoteReply => "RequestVoteReply",
            PacketKind::PreVote => "PreVote",
            PacketKind::PreVoteReply => "PreVoteReply",
            PacketKind::AppendEntries => "AppendEntries",
            PacketKind::Heartbeat => "Heartbeat",
            PacketKind::AppendEntriesReply => "AppendEntriesReply",
            PacketKind::InstallSnapshot => "InstallSnapshot",
            PacketKind::InstallSnapshotReply => "InstallSnapshotReply",
            PacketKind::TimeoutNow => "TimeoutNow",
            PacketKind::ReadIndex => "ReadIndex",
            PacketKind::ReadIndexReply => "ReadIndexReply",
            PacketKind::Request => "Request",
            PacketKind::Query => "Query",
            PacketKind::Response => "Response",
            PacketKind::Prepare => "Prepare",
            PacketKind::Vote => "Vote",
            PacketKind::Decision => "Decision",
            PacketKind::Acknowledgement => "Acknowledgement",
            PacketKind::Inquiry => "Inquiry",
            PacketKind::Uncertain => "Uncertain",
        }
    }

    /// Whether there are such packets in a world of this protocol.
    #[must_use]
    pub const fn is_of(self, protocol: Protocol) -> bool {
        match self {
            PacketKind::Request | PacketKind::Response => true,
            PacketKind::Prepare
            | PacketKind::Vote
            | PacketKind::Decision
            | PacketKind::Acknowledgement
            | PacketKind::Inquiry
            | PacketKind::Uncertain => matches!(protocol, Protocol::TwoPhaseCommit),
            _ => matches!(protocol, Protocol::Raft),
        }
    }
}

impl Packet {
    /// What kind of packet it is.
    #[must_use]
    pub fn kind(&self) -> PacketKind {
        match self {
            Packet::Raft { message } => match &message.body {
                Body::RequestVote { .. } => PacketKind::RequestVote,
                Body::RequestVoteReply { .. } => PacketKind::RequestVoteReply,
                Body::PreVote { .. } => PacketKind::PreVote,
                Body::PreVoteReply { .. } => PacketKind::PreVoteReply,
                Body::AppendEntries { entries, .. } if entries.is_empty() => PacketKind::Heartbeat,
                Body::AppendEntries { .. } => PacketKind::AppendEntries,
                Body::AppendEntriesReply { .. } => PacketKind::AppendEntriesReply,
                Body::InstallSnapshot { .. } => PacketKind::InstallSnapshot,
                Body::InstallSnapshotReply { .. } => PacketKind::InstallSnapshotReply,
                Body::TimeoutNow => PacketKind::TimeoutNow,
                Body::ReadIndex { .. } => PacketKind::ReadIndex,
                Body::ReadIndexReply { .. } => PacketKind::ReadIndexReply,
            },
            Packet::TwoPhase { message } => match message.body {
                two_phase::Body::Prepare { .. } => PacketKind::Prepare,
                two_phase::Body::Vote { .. } => PacketKind::Vote,
                two_phase::Body::Decided { .. } => PacketKind::Decision,
                two_phase::Body::Acknowledged => PacketKind::Acknowledgement,
                two_phase::Body::Inquiry => PacketKind::Inquiry,
                two_phase::Body::Uncertain => PacketKind::Uncertain,
            },
            Packet::Request { .. } => PacketKind::Request,
            Packet::Query { .. } => PacketKind::Query,
            Packet::Response { .. } => PacketKind::Response,
        }
    }
}

/// What shall be done to the next message of a kind that is sent from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// What.
    pub handling: Handling,
    /// To which kind; `None`: any.
    pub kind: Option<PacketKind>,
    /// Sent from here …
    pub from: Endpoint,
    /// … to here.
    pub to: Endpoint,
}

impl Plan {
    /// Whether it speaks of this packet.
    #[must_use]
    pub fn means(&self, packet: &Packet) -> bool {
        (self.from, self.to) == (packet.from(), packet.to())
            && self.kind.is_none_or(|kind| kind == packet.kind())
    }
}
