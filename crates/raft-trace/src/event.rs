//! The closed list of things that can happen. One append-only list of these is the truth of a run: every view, check and
//! explanation is made from it.

use crate::{
    ClientId, Endpoint, Handling, MessageId, OpId, Operation, Outcome, PacketKind, Protocol, Seq, Word,
    WorldTime,
};
use raft_core::{Change, Command, Duration, Index, Message, NodeId, Note, ReadMode, Timer, Write, WriteId};
use serde::Serialize;
use std::sync::Arc;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TraceEvent {
    /// Its position in the trace.
    pub seq: Seq,
    /// When.
    #[serde(rename = "atUs")]
    pub at: WorldTime,
    /// The event that led to this one; `None` for what the scenario or a person did.
    pub cause: Option<Seq>,
    /// What.
    pub event: Event,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Event {
    /// The world began; all servers are up, with empty disks. Always the first event.
    Began {
        /// Servers S1…Sn.
        servers: u32,
        /// The first so many of them are the cluster's voters; any others are spare.
        voters: u32,
        /// Clients C1…Cn.
        clients: u32,
    },
    /// A server's process died. What it had written stays in its machine's page cache.
    Crashed {
        /// Which.
        server: NodeId,
    },
    /// A server's machine lost its power, and with it what was not synced.
    PoweredOff {
        /// Whose.
        server: NodeId,
        /// The last write that is on disk, synced or not.
        through: WriteId,
        /// So many entries of the next write are, too. The record behind them is torn: its checksum tells, and recovery drops it.
        entries: u32,
    },
    /// A server started again from what its disk and its page cache hold. What is only in the cache is synced first.
    Restarted {
        /// Which.
        server: NodeId,
    },
    /// A server's process stands still: whatever reaches it waits until it goes on.
    Paused {
        /// Which.
        server: NodeId,
    },
    /// A server's process goes on.
    Resumed {
        /// Which.
        server: NodeId,
    },
    /// A server's clock jumped.
    ClockJumped {
        /// Whose.
        server: NodeId,
        /// By so many µs; negative: back.
        #[serde(rename = "byUs")]
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        by: i64,
    },
    /// A timer was set, or set anew.
    TimerSet {
        /// Whose.
        server: NodeId,
        /// Which.
        timer: Timer,
        /// When it will fire, drawn from the range the server asked for and measured on its clock.
        #[serde(rename = "deadlineUs")]
        deadline: WorldTime,
    },
    /// A timer that runs will fire at another time, because the clock that it is measured on goes differently.
    TimerMoved {
        /// Whose.
        server: NodeId,
        /// Which.
        timer: Timer,
        /// When it will fire.
        #[serde(rename = "deadlineUs")]
        deadline: WorldTime,
    },
    /// A timer was stopped.
    TimerStopped {
        /// Whose.
        server: NodeId,
        /// Which.
        timer: Timer,
    },
    /// A timer ran out, or was made to (then there is no cause).
    TimerFired {
        /// Whose.
        server: NodeId,
        /// Which.
        timer: Timer,
    },
    /// A change of durable state was made in memory and handed to the disk.
    Written {
        /// Whose.
        server: NodeId,
        /// What.
        write: Write,
    },
    /// This write and all before it are safe on disk.
    Synced {
        /// Whose.
        server: NodeId,
        /// The last write that is safe.
        through: WriteId,
    },
    /// A disk that lies says so of this write and all before it, and the server believes it. They are safe once the disk is honest again and
    /// has synced.
    SyncClaimed {
        /// Whose.
        server: NodeId,
        /// The last write that is said to be safe.
        through: WriteId,
    },
    /// A write found no room on the disk. The server stops itself, which is the next event.
    DiskFull {
        /// Whose.
        server: NodeId,
    },
    /// A disk stalls: the batch under way takes that much longer, or the next one if there is none.
    DiskStalled {
        /// Whose.
        server: NodeId,
        /// How much longer.
        #[serde(rename = "byUs")]
        by: Duration,
    },
    /// A server's commit index rose.
    Committed {
        /// Whose.
        server: NodeId,
        /// To where.
        through: Index,
    },
    /// A server put its state machine where a snapshot has it: at a restart, or because its leader sent one (§7).
    Restored {
        /// Whose.
        server: NodeId,
        /// The last entry that the snapshot stands for; committed and applied by it.
        through: Index,
    },
    /// A server applied the committed entry to its state machine.
    Applied {
        /// Whose.
        server: NodeId,
        /// Which entry.
        index: Index,
    },
    /// Something happened inside a server.
    Noted {
        /// In which.
        server: NodeId,
        /// What.
        note: Note,
    },
    /// A message went onto the network.
    Sent {
        /// Its number.
        message: MessageId,
        /// What it is.
        packet: Packet,
        /// When it arrives, if nothing comes between.
        #[serde(rename = "arrivesUs")]
        arrives: WorldTime,
    },
    /// The network made a second copy of a message. The copy is on its way under a number of its own.
    Duplicated {
        /// The copy's number.
        message: MessageId,
        /// The number of what was copied.
        original: MessageId,
        /// When the copy arrives, if nothing comes between.
        #[serde(rename = "arrivesUs")]
        arrives: WorldTime,
    },
    /// A message arrived.
    Delivered {
        /// Which.
        message: MessageId,
    },
    /// A message will never arrive. One that the network swallows is lost half way; one that meets a cut link or a crashed
    /// server is lost there.
    Lost {
        /// Which.
        message: MessageId,
        /// Why.
        because: LostBecause,
    },
    /// The operator wants something done to the next message of a kind on a link.
    Planned {
        /// What.
        handling: Handling,
        /// To which kind; `None`: any.
        kind: Option<PacketKind>,
        /// Sent from here …
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        from: Endpoint,
        /// … to here.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        to: Endpoint,
    },
    /// The operator holds a message: it stays where it is.
    Held {
        /// Which.
        message: MessageId,
    },
    /// The operator lets a message arrive now, held or not.
    Hastened {
        /// Which.
        message: MessageId,
    },
    /// A client is to do one more thing than it can at a time: this waits behind what it does.
    Queued {
        /// Who.
        client: ClientId,
        /// What.
        operation: Operation,
    },
    /// A client began an operation.
    Invoked {
        /// Who.
        client: ClientId,
        /// Its number.
        op: OpId,
        /// What.
        operation: Operation,
    },
    /// A client's operation ended.
    Returned {
        /// Who.
        client: ClientId,
        /// Which.
        op: OpId,
        /// How.
        outcome: Outcome,
    },
    /// The operator told a server to do something.
    Ordered {
        /// Which.
        server: NodeId,
        /// What.
        order: Order,
    },
    /// The network was split: messages cross only within a group; who is in no group reaches everybody. Replaces an earlier split.
    Partitioned {
        /// The groups.
        #[cfg_attr(feature = "ts", ts(type = "Array<Array<string>>"))]
        groups: Arc<[Vec<Endpoint>]>,
    },
    /// The split and all cuts are over.
    Healed,
    /// One direction of a link was cut.
    LinkCut {
        /// Messages from here …
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        from: Endpoint,
        /// … to here are lost.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        to: Endpoint,
    },
    /// One direction of a link works again.
    LinkMended {
        /// Messages from here …
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        from: Endpoint,
        /// … to here arrive again.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        to: Endpoint,
    },
    /// A setting was changed while the world ran.
    SettingChanged {
        /// As the scenario says it: `loss 10%`.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        setting: Word,
    },
    /// The author says something to the reader.
    Said {
        /// What.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        text: Word,
    },
    /// The scenario is over. Always the last event.
    Ended,
    /// The servers run another protocol than Raft. If so, the second event.
    ProtocolChosen {
        /// Which.
        protocol: Protocol,
    },
    /// A server of two-phase commit set the timer after which it repeats what is not answered.
    ReminderSet {
        /// Whose.
        server: NodeId,
        /// When it will fire.
        #[serde(rename = "deadlineUs")]
        deadline: WorldTime,
    },
    /// That timer ran out.
    ReminderFired {
        /// Whose.
        server: NodeId,
    },
    /// Something happened inside a server of two-phase commit.
    TwoPhaseNoted {
        /// In which.
        server: NodeId,
        /// What.
        note: two_phase::Note,
    },
}

/// What an operator can tell a server to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Order {
    /// Put a snapshot in the place of all that is applied of its log (§7).
    Snapshot,
    /// Change who belongs to the cluster (§6, thesis 4).
    Change {
        /// How.
        change: Change,
    },
    /// Hand over to another server (thesis 3.10).
    Transfer {
        /// Which.
        to: NodeId,
    },
}

/// What travels over the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Packet {
    /// Servers among themselves.
    Raft {
        /// The message.
        message: Message,
    },
    /// A client asks a server.
    Request {
        /// Who.
        from: ClientId,
        /// Whom.
        to: NodeId,
        /// For which operation.
        op: OpId,
        /// What shall go into the log.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        command: Command,
    },
    /// A client asks a server to read from its state machine, without a place in the log.
    Query {
        /// Who.
        from: ClientId,
        /// Whom.
        to: NodeId,
        /// For which operation.
        op: OpId,
        /// What to read.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: Word,
        /// How current it has to be.
        mode: ReadMode,
    },
    /// Servers among themselves, when they run two-phase commit.
    TwoPhase {
        /// The message.
        message: two_phase::Message,
    },
    /// A server answers a client.
    Response {
        /// Who.
        from: NodeId,
        /// Whom.
        to: ClientId,
        /// For which operation.
        op: OpId,
        /// What.
        reply: Reply,
    },
}

/// A server's answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Reply {
    /// Committed and applied; or, of a read, as current as was asked for.
    Done {
        /// What a get read.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        value: Option<Word>,
        /// The write that left what a get read, be it a value or none; `None` if nothing was ever written there.
        tag: Option<OpId>,
    },
    /// This server does not lead.
    NotLeader {
        /// Who does, as far as it knows.
        leader: Option<NodeId>,
    },
    /// The transaction is aborted: not done, now or ever.
    Aborted,
    /// This server does not coordinate.
    NotCoordinator {
        /// Who does.
        coordinator: NodeId,
    },
}

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum LostBecause {
    /// The network swallowed it.
    Loss,
    /// The link was cut, or the two are on different sides of a split.
    Cut,
    /// The receiver is down.
    ReceiverDown,
    /// The link carries as many messages as it can.
    LinkFull,
    /// The operator dropped it.
    Dropped,
}

impl Packet {
    /// Who sends it.
    #[must_use]
    pub fn from(&self) -> Endpoint {
        match self {
            Packet::Raft { message } => Endpoint::Server(message.from),
            Packet::TwoPhase { message } => Endpoint::Server(message.from),
            Packet::Request { from, .. } | Packet::Query { from, .. } => Endpoint::Client(*from),
            Packet::Response { from, .. } => Endpoint::Server(*from),
        }
    }

    /// Who shall get it.
    #[must_use]
    pub fn to(&self) -> Endpoint {
        match self {
            Packet::Raft { message } => Endpoint::Server(message.to),
            Packet::TwoPhase { message } => Endpoint::Server(message.to),
            Packet::Request { to, .. } | Packet::Query { to, .. } => Endpoint::Server(*to),
            Packet::Response { to, .. } => Endpoint::Client(*to),
        }
    }
}
