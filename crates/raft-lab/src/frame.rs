//! What crosses to the page: plain data in the page's words, without pixels. Times end in `us` and are whole
//! microseconds of the world; servers and clients go by their shown names, `S1`, `C2`.

mod server;
mod two_phase;

use raft_core::{Index, Role, Term};
use raft_trace::{MessageId, OpId, Property, Protocol, Seq};
use serde::Serialize;
pub use server::{
    ConfigurationFrame, EntryKind, LogCell, PairFrame, ProgressFrame, ServerFrame, SnapshotFrame, TimerFrame,
};
pub use two_phase::{BallotFrame, PreparedFrame, TwoPhaseFrame};

#[cfg(test)]
use ts_rs::TS;

/// Everything the page shows of one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct Frame {
    /// Where the playhead is.
    pub at_us: u64,
    /// The number of events up to the playhead; so also the `seq` of the next one.
    pub seq: Seq,
    /// How far this branch's history is known.
    pub end_us: u64,
    /// When the scenario ends; `null` if it goes on for ever.
    pub scenario_end_us: Option<u64>,
    /// Whether the playhead is at the end of what is known, so that playing on makes history.
    pub live: bool,
    /// Whether the scenario is over at the playhead.
    pub ended: bool,
    /// Why this branch's history goes no further than `end_us`, as a sentence; `null` while it can.
    pub limit: Option<String>,
    /// The scenario's title.
    pub title: String,
    /// What the servers run.
    pub protocol: Protocol,
    /// The scenario's seed, as text: it may be larger than a number can hold exactly.
    pub seed: String,
    /// The settings that hold at the playhead.
    pub settings: SettingsFrame,
    /// The servers S1…Sn.
    pub servers: Vec<ServerFrame>,
    /// The clients C1…Cn.
    pub clients: Vec<ClientFrame>,
    /// The messages in flight, in the order of sending.
    pub messages: Vec<MessageFrame>,
    /// The messages lost in the last 30 ms, for a picture to let them fade.
    pub lost: Vec<LostFrame>,
    /// The sides of a split; who is on none reaches everybody. `null` without a split.
    pub groups: Option<Vec<Vec<String>>>,
    /// Links cut in one direction.
    pub cuts: Vec<CutFrame>,
    /// What shall be done to messages yet to be sent, as the scenario says it: `drop AppendEntries S1->S2`.
    pub plans: Vec<String>,
    /// The properties found violated up to the playhead.
    pub violations: Vec<ViolationFrame>,
    /// Whether what clients saw up to the playhead is linearizable, whatever modes they read in.
    pub linearizable: LinearizableFrame,
    /// What the author said last.
    pub said: Option<String>,
    /// The current branch.
    pub branch: u32,
    /// The number of events known of this branch. While it and `branch` stay, so does every picture of the known history.
    pub version: u32,
}

/// One client at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ClientFrame {
    /// `C1`…
    pub id: String,
    /// The operation it waits for.
    pub current: Option<OpFrame>,
    /// How many operations wait behind that.
    pub waiting: u32,
    /// The operation that ended last.
    pub last: Option<OpFrame>,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct MessageFrame {
    /// Its number.
    pub id: MessageId,
    /// The event that sent it.
    pub seq: Seq,
    /// Who sent it.
    pub from: String,
    /// Who shall get it.
    pub to: String,
    /// What it is.
    pub kind: MessageKind,
    /// Whether it is an AppendEntries without entries.
    pub heartbeat: bool,
    /// The sender's term; `null` between clients and servers.
    pub term: Option<Term>,
    /// How many entries it carries.
    pub entries: u32,
    /// For an answer, whether it says yes; `null` for a request.
    pub success: Option<bool>,
    /// When it was sent.
    pub sent_us: u64,
    /// When it arrives, if nothing comes between; of a held message, when it would have.
    pub arrives_us: u64,
    /// Since when it is held, if it is.
    pub held_us: Option<u64>,
    /// Whether it is the copy of another one.
    pub copy: bool,
    /// What it carries, in very few words: `x=1`, `3 entries`, `put x=1`, `not leader`; may be empty.
    pub text: String,
}

/// A message that was lost a moment ago.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct LostFrame {
    /// Its number.
    pub id: MessageId,
    /// The event that sent it.
    pub seq: Seq,
    /// Who sent it.
    pub from: String,
    /// Who should have got it.
    pub to: String,
    /// What it was.
    pub kind: MessageKind,
    /// The sender's term; `null` between clients and servers.
    pub term: Option<Term>,
    /// When it was lost.
    pub lost_us: u64,
    /// Whether it was lost at the receiver, else half way.
    pub on_arrival: bool,
}

/// The kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
#[repr(u8)]
pub enum MessageKind {
    /// A candidate asks for a vote (§5.2).
    RequestVote,
    /// The answer.
    RequestVoteReply,
    /// A leader replicates entries, or is heard (§5.3).
    AppendEntries,
    /// The answer.
    AppendEntriesReply,
    /// A client asks a server.
    Request,
    /// The answer.
    Response,
    /// A follower asks its leader how far the log must be applied for a read (thesis 6.4).
    ReadIndex,
    /// The answer.
    ReadIndexReply,
    /// A server asks whether it would get a vote (thesis 9.6).
    PreVote,
    /// The answer.
    PreVoteReply,
    /// A leader tells a server to stand at once (thesis 3.10).
    TimeoutNow,
    /// A leader sends its snapshot (§7).
    InstallSnapshot,
    /// The answer.
    InstallSnapshotReply,
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

/// One direction of a link that is cut.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct CutFrame {
    /// Messages from here …
    pub from: String,
    /// … to here are lost.
    pub to: String,
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct ViolationFrame {
    /// Which.
    pub property: Property,
    /// When it was found violated.
    pub at_us: u64,
    /// The event that violated it.
    pub seq: Seq,
    /// What is wrong, as a sentence.
    pub text: String,
}

/// What the promises that one event breaks are about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct GuiltFrame {
    /// Servers, and clients whose operations are to blame.
    pub names: Vec<String>,
    /// Entries of logs.
    pub entries: Vec<EntryFrame>,
    /// Operations.
    pub ops: Vec<OpId>,
    /// That of them which read something older than it may.
    pub stale: Option<OpId>,
    /// The events to look at, in order; the breaking one among them.
    pub events: Vec<Seq>,
}

/// A place in a server's log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct EntryFrame {
    /// Whose.
    pub server: String,
    /// Where.
    pub index: Index,
}

/// Whether what clients saw is linearizable.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub enum LinearizableFrame {
    /// It is.
    Yes,
    /// It is not.
    No {
        /// Since when.
        at_us: u64,
        /// The event that showed it.
        seq: Seq,
        /// Why, as a sentence.
        text: String,
    },
    /// Too many writes got no answer to know it.
    Unknown,
}

/// The settings that hold at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct SettingsFrame {
    /// How long without a leader until an election begins.
    pub election_timeout: RangeFrame,
    /// How often a leader is heard.
    pub heartbeat_us: u64,
    /// How many entries one AppendEntries carries at most.
    pub max_entries: u32,
    /// How long a client waits in all.
    pub client_timeout_us: u64,
    /// How long a client waits for one server; `null` if it asks only once.
    pub client_retry_us: Option<u64>,
    /// How long a message travels.
    pub latency: RangeFrame,
    /// How many messages of a million are lost.
    pub loss_ppm: u32,
    /// How many messages of a million arrive twice.
    pub duplicate_ppm: u32,
    /// How long writing takes.
    pub write: RangeFrame,
    /// How long an fsync takes.
    pub fsync: RangeFrame,
    /// Settings of single links and servers, and what of the protocol is not as in the paper, as the scenario says them:
    /// `latency S1->S2 80ms`, `drift S1 200ppm`, `check-quorum on`, `off own-term-commit`.
    pub special: Vec<String>,
}

/// A range of durations, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct RangeFrame {
    /// The shortest.
    pub min_us: u64,
    /// The longest.
    pub max_us: u64,
}

/// What the space-time diagram shows beside the messages, for a window of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Lanes {
    /// What each server was, and when.
    pub spans: Vec<LaneSpan>,
    /// What happened to it.
    pub marks: Vec<LaneMark>,
    /// When servers came to know more as committed: whose (from 0), and when.
    pub commits: Vec<[u64; 2]>,
    /// What the clients did.
    pub ops: Vec<OpFrame>,
    /// While not everybody reached everybody.
    pub walls: Vec<WallSpan>,
    /// Of a window short enough to show them, the writes to disks: whose (from 0), when written, and when on disk; 0 while that is not so.
    pub writes: Vec<[u64; 3]>,
    /// Whether the window holds more than can be drawn, so that some arrows, spans, marks or operations are left out.
    pub thinned: bool,
}

/// A stretch of time in which a server's role, term and being up stayed as they were.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct LaneSpan {
    /// Whose.
    pub server: String,
    /// From when.
    pub from_us: u64,
    /// Until when; the end of what is known if it lasts.
    pub to_us: u64,
    /// Its role.
    pub role: Role,
    /// Its term.
    pub term: Term,
    /// Whether it ran.
    pub up: bool,
    /// What kept it from its work, if anything.
    pub plight: Option<Plight>,
}

/// What keeps a server from its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub enum Plight {
    /// Its machine has no power.
    Unpowered,
    /// Its process stands still.
    Paused,
    /// It has voted for a transaction and waits to hear how it ends.
    Prepared,
    /// It waits in vain.
    Blocked,
}

/// A stretch of time in which the network was split, or links cut.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct WallSpan {
    /// From when.
    pub from_us: u64,
    /// Until when; the end of what is known if it lasts.
    pub to_us: u64,
    /// The sides; who is on none reaches everybody.
    pub groups: Vec<Vec<String>>,
    /// Links cut in one direction.
    pub cuts: Vec<CutFrame>,
}

/// Something worth a mark on the space-time diagram.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct LaneMark {
    /// When.
    pub at_us: u64,
    /// The event.
    pub seq: Seq,
    /// Whose; `null` for what concerns the whole cluster.
    pub server: Option<String>,
    /// What.
    pub kind: MarkKind,
    /// In few words: `timeout`, `elected, term 2`, `split S1 S2 | S3 S4 S5`.
    pub text: String,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub enum MarkKind {
    /// An election timer ran out.
    Timeout,
    /// A server became leader.
    Elected,
    /// A leader or candidate became a follower.
    SteppedDown,
    /// A server removed entries that conflict with its leader's.
    Truncated,
    /// A server's process died.
    Crashed,
    /// A server's machine lost its power.
    PoweredOff,
    /// A server started again.
    Restarted,
    /// A server's process stands still.
    Paused,
    /// It goes on.
    Resumed,
    /// A server's clock jumped.
    ClockJumped,
    /// A disk was full, or stalled.
    Disk,
    /// A server goes by another configuration.
    Configuration,
    /// The network was split, or a link cut.
    Cut,
    /// The network was healed, or a link mended.
    Healed,
    /// A setting was changed.
    Setting,
    /// The author said something.
    Said,
    /// A property was violated.
    Violation,
    /// A coordinator has decided (two-phase commit).
    Decided,
    /// A participant that voted waits in vain.
    Blocked,
}

/// A client's operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct OpFrame {
    /// Its number.
    pub op: OpId,
    /// Whose.
    pub client: String,
    /// What: `put x=1`.
    pub text: String,
    /// The event that began it.
    pub seq: Seq,
    /// When it began.
    pub invoked_us: u64,
    /// When it ended; `null` while it goes on.
    pub returned_us: Option<u64>,
    /// How it ended.
    pub outcome: OpOutcome,
    /// What a get read; `null` for a missing key, and for other operations.
    pub value: Option<String>,
}

/// How an operation ended for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub enum OpOutcome {
    /// It goes on.
    Waiting,
    /// Done.
    Ok,
    /// Certainly not done.
    Failed,
    /// May have been done.
    Unknown,
}

/// One line of history: the first, or one that a command in the past began.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(TS))]
pub struct BranchFrame {
    /// Its number; the first is 0.
    pub id: u32,
    /// The branch it left.
    pub parent: Option<u32>,
    /// Where it left it.
    pub fork_us: u64,
    /// How far its history is known.
    pub end_us: u64,
    /// The command that began it, as the scenario says it: `crash S1`.
    pub command: Option<String>,
    /// Whether it is the current one.
    pub current: bool,
}

/// Another branch beside the current one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct BesideFrame {
    /// It, at the playhead's time or as far as it has come.
    pub frame: Frame,
    /// Of the servers whose logs differ, where they do so first.
    pub logs: Vec<LogDifference>,
}

/// The first entry in which a server's log is not the same in two branches.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LogDifference {
    /// Whose log.
    pub server: String,
    /// Where.
    pub index: Index,
    /// What stands there in the current branch; `null` if the log ends before.
    pub here: Option<LogCell>,
    /// What stands there in the other.
    pub there: Option<LogCell>,
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LinkFrame {
    /// The scenario's text, not yet read.
    pub text: String,
    /// What rides along: names and values.
    pub notes: Vec<(String, String)>,
}

/// Why a scenario or a command cannot be used. Thrown, not returned.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ParseErrorFrame {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What stands there.
    pub found: String,
    /// What could stand there.
    pub expected: String,
    /// The known word that is most like what was found.
    pub nearest: Option<String>,
    /// All of it as one sentence.
    pub message: String,
}
