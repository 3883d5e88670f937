// Made from the Rust types by `cargo test -p raft-lab`. Changes belong there.

/** How operations ended and how long they took. */
export type AnswersRow = {
/** How many were begun. */
asked: number,
/** How many of them ended well, */
ok: number,
/** were certainly not done, */
failed: number,
/** ended without an answer; the rest is under way. */
unknown: number,
/** Half of those that ended well took at most so long; `null` if none did. */
p50Us: number | null,
/** All but the slowest hundredth of them took at most so long. */
p99Us: number | null, };

/** A new end of the log: whatever stands at `first` or after it goes, these entries come in its place. */
export type Append = {
/** Where the first of the entries goes. */
first: Index,
/** The entries. None only beside a snapshot: then nothing takes the place of what goes. */
entries: Array<Entry>, };

/** A transaction that a server coordinates. */
export type BallotFrame = {
/** `C1.7` */
transaction: string,
/** What it shall do: `x=1`, `del x`. */
text: string,
/** Who voted yes. */
votes: Array<string>,
/** Whether it is decided that it is done. */
committed: boolean,
/** Who has that on disk. */
acknowledged: Array<string>, };

/** Another branch beside the current one. */
export type BesideFrame = {
/** It, at the playhead's time or as far as it has come. */
frame: Frame,
/** Of the servers whose logs differ, where they do so first. */
logs: Array<LogDifference>, };

/** What a message says. */
export type Body = { "type": "RequestVote",
/** Where the candidate's log ends. */
lastLogIndex: Index,
/** In which term the candidate's log ends. */
lastLogTerm: Term,
/** Whether the leader told the candidate to stand (thesis 3.10): then the leader one hears does not matter (thesis 4.2.3). */
transfer: boolean, } | { "type": "RequestVoteReply",
/** Whether the vote is given. */
granted: boolean, } | { "type": "PreVote",
/** Where its log ends. */
lastLogIndex: Index,
/** In which term its log ends. */
lastLogTerm: Term, } | { "type": "PreVoteReply",
/** Whether the vote would be given. */
granted: boolean,
/** The term of the question. */
askedIn: Term, } | { "type": "TimeoutNow" } | { "type": "AppendEntries",
/** The entry just before the new ones. */
prevLogIndex: Index,
/** Its term. */
prevLogTerm: Term,
/** What to append. */
entries: Array<Entry>,
/** How far the leader has committed. */
leaderCommit: Index,
/** The last round of heartbeats the leader began (thesis 6.4). */
round: Round, } | { "type": "AppendEntriesReply",
/** Whether the logs agreed at `prev_log_index`. */
success: boolean,
/** On success how far the follower's log is known to match the leader's (`prev_log_index` + entries); on refusal the
 * `prev_log_index` that was refused, so that a late refusal is known as such. */
index: Index,
/** On refusal, with [`crate::Repair::ConflictHint`]: where the logs may agree. */
conflict: Conflict | null,
/** The round that the request carried. */
round: Round, } | { "type": "InstallSnapshot",
/** The snapshot. */
snapshot: Snapshot, } | { "type": "InstallSnapshotReply",
/** How far the follower's log is known to match the leader's: to the snapshot's end, or 0 from a server of a later term. */
index: Index, } | { "type": "ReadIndex",
/** The follower's name for the read. */
id: ReadId, } | { "type": "ReadIndexReply",
/** The follower's name for the read. */
id: ReadId,
/** The answer; `None` from a server that does not lead, or not long enough. */
index: Index | null, };

/** One line of history: the first, or one that a command in the past began. */
export type BranchFrame = {
/** Its number; the first is 0. */
id: number,
/** The branch it left. */
parent: number | null,
/** Where it left it. */
forkUs: number,
/** How far its history is known. */
endUs: number,
/** The command that began it, as the scenario says it: `crash S1`. */
command: string | null,
/** Whether it is the current one. */
current: boolean, };

/** A change of the configuration. */
export type Change = { "type": "addVoter", "servers": NodeId } | { "type": "addLearner", "servers": NodeId } | { "type": "remove", "servers": NodeId } | { "type": "voters", "servers": Array<NodeId> };

/** Why a change of the configuration was refused. */
export type ChangeRefusal = "notLeader" | "handingOver" | "changeUnderWay" | "nothingCommitted" | "noVoters" | "nothingToChange" | "notCaughtUp";

/** One client at one moment. */
export type ClientFrame = {
/** `C1`… */
id: string,
/** The operation it waits for. */
current: OpFrame | null,
/** How many operations wait behind that. */
waiting: number,
/** The operation that ended last. */
last: OpFrame | null, };

/** A client. `ClientId(1)` is shown as `C1`. */
export type ClientId = number;

/** The servers of a cluster, each list in order of name. */
export type Configuration = {
/** Those whose majority decides. */
voters: Array<NodeId>,
/** While a change is under way by joint consensus: the voters before it, whose majority has to agree as well (thesis 4.3).
 * Empty otherwise. */
outgoing: Array<NodeId>,
/** Those that get the log and have no vote (thesis 4.2.1). */
learners: Array<NodeId>, };

/** Who belongs to a cluster. */
export type ConfigurationFrame = {
/** Those whose majority decides. */
voters: Array<string>,
/** Those before the change under way, whose majority has to agree as well; empty otherwise. */
outgoing: Array<string>,
/** Those that get the log and have no vote. */
learners: Array<string>, };

/** The last entry of a follower that may agree with the leader's: the last one before the refused place, or there, whose term is not later
 * than the leader's there (§5.3, "the term of the conflicting entry"). */
export type Conflict = {
/** Where it is; 0 if there is none. */
index: Index,
/** Its term. */
term: Term, };

/** One direction of a link that is cut. */
export type CutFrame = {
/** Messages from here … */
from: string,
/** … to here are lost. */
to: string, };

/** How a transaction ends, everywhere alike. */
export type Decision = "commit" | "abort";

/** A length of time, in µs. */
export type Duration = number;

/** One entry: the term in which a leader made it, and what it says. */
export type Entry = {
/** The term of the leader that made it. */
term: Term,
/** What it says. */
payload: Payload, };

/** A place in a server's log. */
export type EntryFrame = {
/** Whose. */
server: string,
/** Where. */
index: Index, };

/** What an entry is. */
export type EntryKind = "command" | "noop" | "configuration";

/** What can happen. */
export type Event = { "type": "Began",
/** Servers S1…Sn. */
servers: number,
/** The first so many of them are the cluster's voters; any others are spare. */
voters: number,
/** Clients C1…Cn. */
clients: number, } | { "type": "Crashed",
/** Which. */
server: NodeId, } | { "type": "PoweredOff",
/** Whose. */
server: NodeId,
/** The last write that is on disk, synced or not. */
through: WriteId,
/** So many entries of the next write are, too. The record behind them is torn: its checksum tells, and recovery drops it. */
entries: number, } | { "type": "Restarted",
/** Which. */
server: NodeId, } | { "type": "Paused",
/** Which. */
server: NodeId, } | { "type": "Resumed",
/** Which. */
server: NodeId, } | { "type": "ClockJumped",
/** Whose. */
server: NodeId,
/** By so many µs; negative: back. */
byUs: number, } | { "type": "TimerSet",
/** Whose. */
server: NodeId,
/** Which. */
timer: Timer,
/** When it will fire, drawn from the range the server asked for and measured on its clock. */
deadlineUs: WorldTime, } | { "type": "TimerMoved",
/** Whose. */
server: NodeId,
/** Which. */
timer: Timer,
/** When it will fire. */
deadlineUs: WorldTime, } | { "type": "TimerStopped",
/** Whose. */
server: NodeId,
/** Which. */
timer: Timer, } | { "type": "TimerFired",
/** Whose. */
server: NodeId,
/** Which. */
timer: Timer, } | { "type": "Written",
/** Whose. */
server: NodeId,
/** What. */
write: Write, } | { "type": "Synced",
/** Whose. */
server: NodeId,
/** The last write that is safe. */
through: WriteId, } | { "type": "SyncClaimed",
/** Whose. */
server: NodeId,
/** The last write that is said to be safe. */
through: WriteId, } | { "type": "DiskFull",
/** Whose. */
server: NodeId, } | { "type": "DiskStalled",
/** Whose. */
server: NodeId,
/** How much longer. */
byUs: Duration, } | { "type": "Committed",
/** Whose. */
server: NodeId,
/** To where. */
through: Index, } | { "type": "Restored",
/** Whose. */
server: NodeId,
/** The last entry that the snapshot stands for; committed and applied by it. */
through: Index, } | { "type": "Applied",
/** Whose. */
server: NodeId,
/** Which entry. */
index: Index, } | { "type": "Noted",
/** In which. */
server: NodeId,
/** What. */
note: Note, } | { "type": "Sent",
/** Its number. */
message: MessageId,
/** What it is. */
packet: Packet,
/** When it arrives, if nothing comes between. */
arrivesUs: WorldTime, } | { "type": "Duplicated",
/** The copy's number. */
message: MessageId,
/** The number of what was copied. */
original: MessageId,
/** When the copy arrives, if nothing comes between. */
arrivesUs: WorldTime, } | { "type": "Delivered",
/** Which. */
message: MessageId, } | { "type": "Lost",
/** Which. */
message: MessageId,
/** Why. */
because: LostBecause, } | { "type": "Planned",
/** What. */
handling: Handling,
/** To which kind; `None`: any. */
kind: PacketKind | null,
/** Sent from here … */
from: string,
/** … to here. */
to: string, } | { "type": "Held",
/** Which. */
message: MessageId, } | { "type": "Hastened",
/** Which. */
message: MessageId, } | { "type": "Queued",
/** Who. */
client: ClientId,
/** What. */
operation: Operation, } | { "type": "Invoked",
/** Who. */
client: ClientId,
/** Its number. */
op: OpId,
/** What. */
operation: Operation, } | { "type": "Returned",
/** Who. */
client: ClientId,
/** Which. */
op: OpId,
/** How. */
outcome: Outcome, } | { "type": "Ordered",
/** Which. */
server: NodeId,
/** What. */
order: Order, } | { "type": "Partitioned",
/** The groups. */
groups: Array<Array<string>>, } | { "type": "Healed" } | { "type": "LinkCut",
/** Messages from here … */
from: string,
/** … to here are lost. */
to: string, } | { "type": "LinkMended",
/** Messages from here … */
from: string,
/** … to here arrive again. */
to: string, } | { "type": "SettingChanged",
/** As the scenario says it: `loss 10%`. */
setting: string, } | { "type": "Said",
/** What. */
text: string, } | { "type": "Ended" } | { "type": "ProtocolChosen",
/** Which. */
protocol: Protocol, } | { "type": "ReminderSet",
/** Whose. */
server: NodeId,
/** When it will fire. */
deadlineUs: WorldTime, } | { "type": "ReminderFired",
/** Whose. */
server: NodeId, } | { "type": "TwoPhaseNoted",
/** In which. */
server: NodeId,
/** What. */
note: TwoPhaseNote, };

/** Everything the page shows of one moment. */
export type Frame = {
/** Where the playhead is. */
atUs: number,
/** The number of events up to the playhead; so also the `seq` of the next one. */
seq: Seq,
/** How far this branch's history is known. */
endUs: number,
/** When the scenario ends; `null` if it goes on for ever. */
scenarioEndUs: number | null,
/** Whether the playhead is at the end of what is known, so that playing on makes history. */
live: boolean,
/** Whether the scenario is over at the playhead. */
ended: boolean,
/** Why this branch's history goes no further than `end_us`, as a sentence; `null` while it can. */
limit: string | null,
/** The scenario's title. */
title: string,
/** What the servers run. */
protocol: Protocol,
/** The scenario's seed, as text: it may be larger than a number can hold exactly. */
seed: string,
/** The settings that hold at the playhead. */
settings: SettingsFrame,
/** The servers S1…Sn. */
servers: Array<ServerFrame>,
/** The clients C1…Cn. */
clients: Array<ClientFrame>,
/** The messages in flight, in the order of sending. */
messages: Array<MessageFrame>,
/** The messages lost in the last 30 ms, for a picture to let them fade. */
lost: Array<LostFrame>,
/** The sides of a split; who is on none reaches everybody. `null` without a split. */
groups: Array<Array<string>> | null,
/** Links cut in one direction. */
cuts: Array<CutFrame>,
/** What shall be done to messages yet to be sent, as the scenario says it: `drop AppendEntries S1->S2`. */
plans: Array<string>,
/** The properties found violated up to the playhead. */
violations: Array<ViolationFrame>,
/** Whether what clients saw up to the playhead is linearizable, whatever modes they read in. */
linearizable: LinearizableFrame,
/** What the author said last. */
said: string | null,
/** The current branch. */
branch: number,
/** The number of events known of this branch. While it and `branch` stay, so does every picture of the known history. */
version: number, };

/** What the promises that one event breaks are about. */
export type GuiltFrame = {
/** Servers, and clients whose operations are to blame. */
names: Array<string>,
/** Entries of logs. */
entries: Array<EntryFrame>,
/** Operations. */
ops: Array<OpId>,
/** That of them which read something older than it may. */
stale: OpId | null,
/** The events to look at, in order; the breaking one among them. */
events: Array<Seq>, };

/** What can be done to a message. */
export type Handling = "drop" | "hold" | "deliver" | "duplicate";

/** Term and vote. */
export type HardState = {
/** `currentTerm`. */
term: Term,
/** `votedFor` in that term. */
votedFor: NodeId | null, };

/** Why a message was of no use. */
export type IgnoredBecause = "staleTerm" | "notWaiting" | "nothingNew" | "stranger" | "impossible";

/** A position in the log. The first entry is at 1; 0 is "before the first". */
export type Index = number;

/** Something worth a mark on the space-time diagram. */
export type LaneMark = {
/** When. */
atUs: number,
/** The event. */
seq: Seq,
/** Whose; `null` for what concerns the whole cluster. */
server: string | null,
/** What. */
kind: MarkKind,
/** In few words: `timeout`, `elected, term 2`, `split S1 S2 | S3 S4 S5`. */
text: string, };

/** A stretch of time in which a server's role, term and being up stayed as they were. */
export type LaneSpan = {
/** Whose. */
server: string,
/** From when. */
fromUs: number,
/** Until when; the end of what is known if it lasts. */
toUs: number,
/** Its role. */
role: Role,
/** Its term. */
term: Term,
/** Whether it ran. */
up: boolean,
/** What kept it from its work, if anything. */
plight: Plight | null, };

/** What the space-time diagram shows beside the messages, for a window of time. */
export type Lanes = {
/** What each server was, and when. */
spans: Array<LaneSpan>,
/** What happened to it. */
marks: Array<LaneMark>,
/** When servers came to know more as committed: whose (from 0), and when. */
commits: Array<[number, number]>,
/** What the clients did. */
ops: Array<OpFrame>,
/** While not everybody reached everybody. */
walls: Array<WallSpan>,
/** Of a window short enough to show them, the writes to disks: whose (from 0), when written, and when on disk; 0 while that is not so. */
writes: Array<[number, number, number]>,
/** Whether the window holds more than can be drawn, so that some arrows, spans, marks or operations are left out. */
thinned: boolean, };

/** Whether what clients saw is linearizable. */
export type LinearizableFrame = { "verdict": "yes" } | { "verdict": "no",
/** Since when. */
atUs: number,
/** The event that showed it. */
seq: Seq,
/** Why, as a sentence. */
text: string, } | { "verdict": "unknown" };

/** What a link says. */
export type LinkFrame = {
/** The scenario's text, not yet read. */
text: string,
/** What rides along: names and values. */
notes: Array<[string, string]>, };

/** One entry of a log. Whether it is committed or on disk follows from the server's `commitIndex` and `syncedIndex`. */
export type LogCell = {
/** Where it stands. */
index: Index,
/** The term in which it was made. */
term: Term,
/** What it is. */
kind: EntryKind,
/** What it says, shortly: `x=1`, `del x`, `get x`, `no-op`, `S1 S2 S3 → S1 S2 S4`. */
text: string, };

/** The first entry in which a server's log is not the same in two branches. */
export type LogDifference = {
/** Whose log. */
server: string,
/** Where. */
index: Index,
/** What stands there in the current branch; `null` if the log ends before. */
here: LogCell | null,
/** What stands there in the other. */
there: LogCell | null, };

/** Why a message was lost. */
export type LostBecause = "loss" | "cut" | "receiverDown" | "linkFull" | "dropped";

/** A message that was lost a moment ago. */
export type LostFrame = {
/** Its number. */
id: MessageId,
/** The event that sent it. */
seq: Seq,
/** Who sent it. */
from: string,
/** Who should have got it. */
to: string,
/** What it was. */
kind: MessageKind,
/** The sender's term; `null` between clients and servers. */
term: Term | null,
/** When it was lost. */
lostUs: number,
/** Whether it was lost at the receiver, else half way. */
onArrival: boolean, };

/** What a mark stands for. */
export type MarkKind = "timeout" | "elected" | "steppedDown" | "truncated" | "crashed" | "poweredOff" | "restarted" | "paused" | "resumed" | "clockJumped" | "disk" | "configuration" | "cut" | "healed" | "setting" | "said" | "violation" | "decided" | "blocked";

/** A message between two servers. RPCs are two messages here, for a network may lose, delay or repeat either. */
export type Message = {
/** Who sends it. */
from: NodeId,
/** Who shall get it. */
to: NodeId,
/** The sender's current term (§5.1). */
term: Term,
/** What it says. */
body: Body, };

/** A message in flight. */
export type MessageFrame = {
/** Its number. */
id: MessageId,
/** The event that sent it. */
seq: Seq,
/** Who sent it. */
from: string,
/** Who shall get it. */
to: string,
/** What it is. */
kind: MessageKind,
/** Whether it is an AppendEntries without entries. */
heartbeat: boolean,
/** The sender's term; `null` between clients and servers. */
term: Term | null,
/** How many entries it carries. */
entries: number,
/** For an answer, whether it says yes; `null` for a request. */
success: boolean | null,
/** When it was sent. */
sentUs: number,
/** When it arrives, if nothing comes between; of a held message, when it would have. */
arrivesUs: number,
/** Since when it is held, if it is. */
heldUs: number | null,
/** Whether it is the copy of another one. */
copy: boolean,
/** What it carries, in very few words: `x=1`, `3 entries`, `put x=1`, `not leader`; may be empty. */
text: string, };

/** A message on the network, numbered from 0 in the order of sending. A duplicate has a number of its own. */
export type MessageId = number;

/** The kinds of messages. */
export type MessageKind = "RequestVote" | "RequestVoteReply" | "AppendEntries" | "AppendEntriesReply" | "Request" | "Response" | "ReadIndex" | "ReadIndexReply" | "PreVote" | "PreVoteReply" | "TimeoutNow" | "InstallSnapshot" | "InstallSnapshotReply" | "Prepare" | "Vote" | "Decision" | "Acknowledgement" | "Inquiry" | "Uncertain";

/** A server's name. `NodeId(1)` is shown as `S1`. */
export type NodeId = number;

/** Something that happened inside the server. Notes are complete: with the writes and commits they are enough to follow all of its state. */
export type Note = { "type": "Became",
/** Role from now on. */
role: Role,
/** Term from now on. */
term: Term, } | { "type": "VoteGranted",
/** Who gets it. */
candidate: NodeId, } | { "type": "PreVoteGranted",
/** Who asked. */
candidate: NodeId, } | { "type": "VoteRefused",
/** Who asked. */
candidate: NodeId,
/** Why. */
because: Refusal, } | { "type": "VoteCounted",
/** Who gave it. */
voter: NodeId, } | { "type": "LeaderKnown",
/** Who. */
leader: NodeId, } | { "type": "Truncated",
/** The first one removed. */
from: Index,
/** The last one removed. */
through: Index, } | { "type": "ConfigurationChanged",
/** Where its entry is; 0 for the settings' voters. */
index: Index,
/** The configuration. */
configuration: Configuration, } | { "type": "ChangeRefused",
/** Why. */
because: ChangeRefusal, } | { "type": "AppendRefused",
/** Who sent it. */
leader: NodeId,
/** Why. */
because: Refusal, } | { "type": "Progress",
/** Which follower. */
follower: NodeId,
/** How it is sent to. */
state: ProgressState,
/** The next entry to send to it. */
nextIndex: Index,
/** How far its log is known to agree. */
matchIndex: Index, } | { "type": "QuorumLost" } | { "type": "TransferStarted",
/** To whom. */
to: NodeId, } | { "type": "TransferRefused",
/** To whom it was to. */
to: NodeId,
/** Why. */
because: TransferRefusal, } | { "type": "TransferAborted",
/** To whom it tried. */
to: NodeId, } | { "type": "Ignored",
/** Who sent it. */
from: NodeId,
/** Why. */
because: IgnoredBecause, };

/** A client's operation. */
export type OpFrame = {
/** Its number. */
op: OpId,
/** Whose. */
client: string,
/** What: `put x=1`. */
text: string,
/** The event that began it. */
seq: Seq,
/** When it began. */
invokedUs: number,
/** When it ended; `null` while it goes on. */
returnedUs: number | null,
/** How it ended. */
outcome: OpOutcome,
/** What a get read; `null` for a missing key, and for other operations. */
value: string | null, };

/** A client's operation, numbered from 0 in the order of invocation over all clients. */
export type OpId = number;

/** How an operation ended for its client. */
export type OpOutcome = "waiting" | "ok" | "failed" | "unknown";

/** What a client wants done. */
export type Operation = { "type": "Put",
/** Where. */
key: string,
/** What. */
value: string, } | { "type": "Del",
/** Where. */
key: string, } | { "type": "Get",
/** Where. */
key: string, } | { "type": "Read",
/** Where. */
key: string,
/** How current it has to be. */
mode: ReadMode, };

/** What an operator can tell a server to do. */
export type Order = { "type": "Snapshot" } | { "type": "Change",
/** How. */
change: Change, } | { "type": "Transfer",
/** Which. */
to: NodeId, };

/** How an operation ended for the client. */
export type Outcome = { "type": "Ok",
/** What a get read; `None` for a missing key, and for other operations. */
value: string | null,
/** The write that left what a get read, be it a value or none; `None` if nothing was ever written there, and for other
 * operations. */
tag: OpId | null, } | { "type": "Failed" } | { "type": "Unknown" };

/** What travels over the network. */
export type Packet = { "type": "Raft",
/** The message. */
message: Message, } | { "type": "Request",
/** Who. */
from: ClientId,
/** Whom. */
to: NodeId,
/** For which operation. */
op: OpId,
/** What shall go into the log. */
command: string, } | { "type": "Query",
/** Who. */
from: ClientId,
/** Whom. */
to: NodeId,
/** For which operation. */
op: OpId,
/** What to read. */
key: string,
/** How current it has to be. */
mode: ReadMode, } | { "type": "TwoPhase",
/** The message. */
message: TwoPhaseMessage, } | { "type": "Response",
/** Who. */
from: NodeId,
/** Whom. */
to: ClientId,
/** For which operation. */
op: OpId,
/** What. */
reply: Reply, };

/** The kinds of packets, by what a person calls them. */
export type PacketKind = "RequestVote" | "RequestVoteReply" | "PreVote" | "PreVoteReply" | "AppendEntries" | "Heartbeat" | "AppendEntriesReply" | "InstallSnapshot" | "InstallSnapshotReply" | "TimeoutNow" | "ReadIndex" | "ReadIndexReply" | "Request" | "Query" | "Response" | "Prepare" | "Vote" | "Decision" | "Acknowledgement" | "Inquiry" | "Uncertain";

/** One pair of the state machine. */
export type PairFrame = {
/** The key. */
key: string,
/** Its value. */
value: string, };

/** Why a scenario or a command cannot be used. Thrown, not returned. */
export type ParseErrorFrame = {
/** The line, from 1. */
line: number,
/** The column, from 1, in characters. */
column: number,
/** What stands there. */
found: string,
/** What could stand there. */
expected: string,
/** The known word that is most like what was found. */
nearest: string | null,
/** All of it as one sentence. */
message: string, };

/** What an entry says. */
export type Payload = { "type": "noop" } | { "type": "configuration", "text": Configuration } | { "type": "command", "text": string };

/** What keeps a server from its work. */
export type Plight = "unpowered" | "paused" | "prepared" | "blocked";

/** A transaction that a server has locked a key for. */
export type PreparedFrame = {
/** `C1.7` */
transaction: string,
/** The key. */
key: string,
/** What it shall do: `x=1`, `del x`. */
text: string,
/** How it ends, if that is written already but not on disk. */
decision: Decision | null,
/** Whether its server has asked for the decision in vain. */
blocked: boolean,
/** Since when its server waits for the decision; `null` if it has it. */
sinceUs: number | null, };

/** What a leader knows of one follower. */
export type ProgressFrame = {
/** Which follower. */
server: string,
/** `nextIndex`: the next entry to send to it. */
nextIndex: Index,
/** `matchIndex`: how far its log is known to agree. */
matchIndex: Index,
/** How it is sent to. */
state: ProgressState,
/** How many messages with entries or a snapshot are on their way to it. */
flying: number, };

/** How a leader sends to a follower. */
export type ProgressState = "probe" | "replicate" | "snapshot";

/** One of Figure 3's properties, or of those that follow from the rest of the paper. */
export type Property = "ElectionSafety" | "LeaderAppendOnly" | "LogMatching" | "LeaderCompleteness" | "StateMachineSafety" | "Durability" | "ReadFreshness" | "Progress" | "ExactlyOnce" | "MonotonicTerm" | "OneVotePerTerm" | "MonotonicCommit" | "QuorumDurability" | "ConfigurationOverlap" | "Atomicity" | "Linearizability";

/** What the servers of a world run. */
export type Protocol = "raft" | "twoPhaseCommit";

/** A range of durations, both ends included. */
export type RangeFrame = {
/** The shortest. */
minUs: number,
/** The longest. */
maxUs: number, };

/** A caller's name for a read; given back in the answer. A server must not be given one a second time, not even after a crash:
 * an answer may come late. */
export type ReadId = number;

/** How current the answer to a read has to be. */
export type ReadMode = "stale" | "leader-local" | "read-index" | "lease";

/** What came of the ways to read so far. */
export type ReadTable = {
/** The scenario's title. */
title: string,
/** How far all runs have come. */
atUs: number,
/** When they are over. */
endUs: number,
/** A row for each way, the weakest promise first. */
ways: Array<WayRow>, };

/** Why a request was refused. */
export type Refusal = { "type": "StaleTerm",
/** The sender's. */
theirs: Term,
/** This server's. */
ours: Term, } | { "type": "AlreadyVoted",
/** To whom. */
candidate: NodeId, } | { "type": "LogBehind",
/** Where the candidate's log ends. */
theirIndex: Index,
/** And in which term. */
theirTerm: Term,
/** Where this server's log ends. */
ourIndex: Index,
/** And in which term. */
ourTerm: Term, } | { "type": "NoVote" } | { "type": "HearsLeader",
/** Whom, if it knows. */
leader: NodeId | null, } | { "type": "LogTooShort",
/** What the leader assumed. */
prevLogIndex: Index,
/** Where this log ends. */
lastIndex: Index, } | { "type": "TermMismatch",
/** Where. */
prevLogIndex: Index,
/** What the leader has there. */
theirs: Term,
/** What this server has there. */
ours: Term, };

/** A server's answer to a client. */
export type Reply = { "type": "Done",
/** What a get read. */
value: string | null,
/** The write that left what a get read, be it a value or none; `None` if nothing was ever written there. */
tag: OpId | null, } | { "type": "NotLeader",
/** Who does, as far as it knows. */
leader: NodeId | null, } | { "type": "Aborted" } | { "type": "NotCoordinator",
/** Who does. */
coordinator: NodeId, };

/** What a server is in its current term (§5.1). */
export type Role = "follower" | "preCandidate" | "candidate" | "leader";

/** The number of a round of heartbeats. The first of a term is 1. */
export type Round = number;

/** The position of an event in the trace, from 0. */
export type Seq = number;

/** One server at one moment. */
export type ServerFrame = {
/** `S1`… */
id: string,
/** Whether it runs. A server that is down is shown as what it would start from. */
up: boolean,
/** Whether its machine is without power; then it is down. */
unpowered: boolean,
/** Whether a record was torn when it lost its power. Recovery will drop it. */
torn: boolean,
/** Whether its process stands still. */
paused: boolean,
/** Whether its disk takes longer than it should. */
stalled: boolean,
/** Its role in its term. */
role: Role,
/** `currentTerm`. */
term: Term,
/** `votedFor` in this term. */
votedFor: string | null,
/** Whose votes it counted in this term, itself included. */
votes: Array<string>,
/** Who leads its term, as far as it knows. */
leader: string | null,
/** `commitIndex`. */
commitIndex: Index,
/** `lastApplied`. */
lastApplied: Index,
/** Where its log ends; 0 for an empty one. */
lastIndex: Index,
/** How far its log is safe on disk. */
syncedIndex: Index,
/** How far its disk says so, if that is more. */
claimedIndex: Index | null,
/** When its next election is due. */
electionTimer: TimerFrame | null,
/** When its next heartbeat is due. */
heartbeatTimer: TimerFrame | null,
/** What it knows of the others; only a leader does. */
progress: Array<ProgressFrame>,
/** Who belongs to the cluster, as far as it knows; nobody while it is down. */
configuration: ConfigurationFrame,
/** To whom it hands over; only a leader does. */
transfer: string | null,
/** What the beginning of its log gave way to. */
snapshot: SnapshotFrame | null,
/** How many writes its disk has not synced: entries, or a term and a vote. */
unsynced: number,
/** How far its clock is ahead of the world's by drift and jumps; negative: behind. */
clockAheadUs: number,
/** Its state machine, by key. */
state: Array<PairFrame>,
/** The part of its log that was asked for. */
log: Array<LogCell>,
/** What else there is to it if it runs two-phase commit; `null` in Raft. */
twoPhase: TwoPhaseFrame | null, };

/** The settings that hold at one moment. */
export type SettingsFrame = {
/** How long without a leader until an election begins. */
electionTimeout: RangeFrame,
/** How often a leader is heard. */
heartbeatUs: number,
/** How many entries one AppendEntries carries at most. */
maxEntries: number,
/** How long a client waits in all. */
clientTimeoutUs: number,
/** How long a client waits for one server; `null` if it asks only once. */
clientRetryUs: number | null,
/** How long a message travels. */
latency: RangeFrame,
/** How many messages of a million are lost. */
lossPpm: number,
/** How many messages of a million arrive twice. */
duplicatePpm: number,
/** How long writing takes. */
write: RangeFrame,
/** How long an fsync takes. */
fsync: RangeFrame,
/** Settings of single links and servers, and what of the protocol is not as in the paper, as the scenario says them:
 * `latency S1->S2 80ms`, `drift S1 200ppm`, `check-quorum on`, `off own-term-commit`. */
special: Array<string>, };

/** The state machine as it was after one entry, and what of Raft's state is needed to go on from there (§7, Figure 12). */
export type Snapshot = {
/** The last entry it stands for. */
lastIndex: Index,
/** That entry's term. */
lastTerm: Term,
/** The configuration as of that entry. */
configuration: Configuration,
/** The state machine, as the host gave it. Means nothing to Raft. */
data: Array<number>, };

/** A snapshot. */
export type SnapshotFrame = {
/** The last entry that it stands for. */
lastIndex: Index,
/** That entry's term. */
lastTerm: Term, };

/** A read that returned something older than what was acknowledged before it began: what it returned was itself acknowledged, or was
 * nothing, before the newer write was even begun. Such a run is not linearizable; the reverse does not hold. */
export type StaleRead = {
/** Its number. */
op: OpId,
/** Whose. */
client: string,
/** What it read. */
key: string,
/** What it found there; `null` for nothing. */
value: string | null,
/** The event that it began with. */
invoked: Seq,
/** The event that it returned by. */
seq: Seq,
/** When it returned. */
atUs: number,
/** The newer write. */
missed: OpId,
/** The newer write in words: `put x=2`. */
missedText: string,
/** When that was acknowledged: before the read began. */
missedUs: number, };

/** A term: Raft's logical clock (§5.1). Never goes back. */
export type Term = number;

/** The two timers a server asks its host for. Setting one that runs replaces it. */
export type Timer = "election" | "heartbeat";

/** A running timer. */
export type TimerFrame = {
/** When it was set. */
setUs: number,
/** When it fires. */
deadlineUs: number, };

/** One thing that happened. */
export type TraceEvent = {
/** Its position in the trace. */
seq: Seq,
/** When. */
atUs: WorldTime,
/** The event that led to this one; `None` for what the scenario or a person did. */
cause: Seq | null,
/** What. */
event: Event, };

/** What a transaction does to the store. */
export type TransactionChange = {
/** Which key; the transaction holds its lock. Without blanks and `=`. */
key: string,
/** What shall stand there; `None` for nothing. */
value: string | null, };

/** A transaction's name: who asked for it, and which of what that client asked for. `TransactionId { client: 1, number: 7 }` is shown as
 * `C1.7`. A request that is sent again has the name of the first, and so cannot run twice. */
export type TransactionId = {
/** The client's number, from 1. */
client: number,
/** A client's later transactions have higher numbers, and it begins one only when it waits for no other. */
number: number, };

/** Why a server does not hand over. */
export type TransferRefusal = "notLeader" | "notAnotherVoter";

/** What a message says. */
export type TwoPhaseBody = { "type": "Prepare",
/** What the transaction shall do. */
change: TransactionChange, } | { "type": "Vote",
/** Why not, if it is a no. */
refused: TwoPhaseRefusal | null, } | { "type": "Decided",
/** How. */
decision: Decision, } | { "type": "Acknowledged" } | { "type": "Inquiry" } | { "type": "Uncertain" };

/** A server of two-phase commit at one moment. */
export type TwoPhaseFrame = {
/** Whether it coordinates. */
coordinates: boolean,
/** The transactions that it has locked keys for. */
prepared: Array<PreparedFrame>,
/** The transactions that it coordinates and that are not over everywhere. */
ballots: Array<BallotFrame>,
/** When it repeats what is not answered. */
reminder: TimerFrame | null, };

/** A message between two servers, about one transaction. */
export type TwoPhaseMessage = {
/** Who sends it. */
from: NodeId,
/** Who shall get it. */
to: NodeId,
/** About which transaction. */
transaction: TransactionId,
/** What it says. */
body: TwoPhaseBody, };

/** What happened inside a server. Together with its writes this tells all of its state. */
export type TwoPhaseNote = { "type": "Began",
/** Which. */
transaction: TransactionId,
/** What it shall do. */
change: TransactionChange, } | { "type": "VoteCounted",
/** For which transaction. */
transaction: TransactionId,
/** Whose. */
from: NodeId, } | { "type": "GaveUp",
/** Which transaction. */
transaction: TransactionId,
/** Why. */
because: TwoPhaseReason, } | { "type": "AcknowledgementCounted",
/** Which transaction. */
transaction: TransactionId,
/** Who. */
from: NodeId, } | { "type": "Blocked",
/** Over which transaction. */
transaction: TransactionId, } | { "type": "ReadWaits",
/** Which key. */
key: string,
/** Who has it locked. */
transaction: TransactionId, };

/** Why a transaction is aborted. */
export type TwoPhaseReason = { "type": "VotedNo",
/** Who. */
by: NodeId,
/** Why. */
because: TwoPhaseRefusal, } | { "type": "TimeIsUp" } | { "type": "Presumed" };

/** Why a server votes no. */
export type TwoPhaseRefusal = { "type": "Locked",
/** Which. */
by: TransactionId, } | { "type": "Over" };

/** A property that does not hold. */
export type ViolationFrame = {
/** Which. */
property: Property,
/** When it was found violated. */
atUs: number,
/** The event that violated it. */
seq: Seq,
/** What is wrong, as a sentence. */
text: string, };

/** A stretch of time in which the network was split, or links cut. */
export type WallSpan = {
/** From when. */
fromUs: number,
/** Until when; the end of what is known if it lasts. */
toUs: number,
/** The sides; who is on none reaches everybody. */
groups: Array<Array<string>>,
/** Links cut in one direction. */
cuts: Array<CutFrame>, };

/** What came of one way to read. */
export type WayRow = {
/** As a scenario writes it: `stale`, `leader-local`, `lease`, `read-index`, `log`. */
mode: string,
/** Whether it promises that reads see what was acknowledged before they began. */
promises: boolean,
/** How far this run has come. */
atUs: number,
/** Whether it was stopped because too much happened in it. */
cutShort: boolean,
/** The reads done this way. */
reads: AnswersRow,
/** How long those took that were answered: for each class of times, eight to a doubling, its shortest in µs, and how many there are. */
took: Array<[number, number]>,
/** The puts and dels beside them. */
writes: AnswersRow,
/** How many messages were sent for a read on average, its request and answer included; `null` without reads, and until it is known. */
messagesPerRead: number | null,
/** Whether what the clients saw in this run is linearizable: `yes`, `no`, `unknown`. */
linearizable: string,
/** If not, why: a sentence. */
because: string | null,
/** How many reads returned something older than what was acknowledged before they began. */
stale: number,
/** The first of these. */
staleReads: Array<StaleRead>,
/** The run's fingerprint. */
fingerprint: string, };

/** A moment of the simulated world, in µs since its beginning. Every server has a clock of its own beside it. */
export type WorldTime = number;

/** One change of the durable state (Figure 2: `currentTerm`, `votedFor`, `log[]`). */
export type Write = {
/** Its number. */
id: WriteId,
/** The new term and vote, if they change. */
hardState: HardState | null,
/** A snapshot. The log through its end goes; what follows stays if the log agrees with it, see [`Log::compact`]. */
snapshot: Snapshot | null,
/** After that: the new end of the log, if it changes. */
append: Append | null, };

/** The number of a [`Write`]. Writes are numbered from 1, without gaps, anew after every restart. */
export type WriteId = number;
