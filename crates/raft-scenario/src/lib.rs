//! The scenario: one small text that says how a world is made, what is done to it and when, and what must come of it.
//!
//! The language is described in `docs/SCENARIO.md`. [`Scenario::parse`] reads it with exact errors; `Display` writes it
//! back in one canonical way, so that parse → print → parse is the identity.

#![forbid(unsafe_code)]

mod command;
mod cursor;
mod error;
mod expect;
pub mod limits;
mod link;
mod nearest;
mod parse;
mod print;
mod protocol;
mod setting;
mod settings;
mod values;
#[cfg(test)]
mod vocabulary;

pub use error::ParseError;
pub use link::Permalink;
pub use settings::{DiskSettings, LinkSettings, Settings};

use raft_core::{Change, Duration, NodeId, ReadMode, Repair, Role, Rule, Span, Term};
use raft_trace::{
    ClientId, Endpoint, Handling, MessageId, Operation, Plan, Property, Protocol, Word, WorldTime,
};

/// How a world is made, what is done to it, what must come of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// Its name, without control characters, `;` and `#`. May be empty.
    pub title: String,
    /// What the servers run.
    pub protocol: Protocol,
    /// Servers S1…Sn, 1 to 9.
    pub servers: u32,
    /// The first so many of them are the cluster's voters; any others are spare until they are added. `None`: all of them.
    pub voters: Option<u32>,
    /// Clients C1…Cn, 0 to 9.
    pub clients: u32,
    /// What every random draw comes from.
    pub seed: u64,
    /// Settings from the start, in the order written; the last one for a link or server holds.
    pub settings: Vec<Setting>,
    /// What is done, by time; at equal times in the order written.
    pub script: Vec<Timed>,
    /// What must come of it.
    pub expects: Vec<Expect>,
}

/// Five servers and a client to whom nothing is done.
impl Default for Scenario {
    fn default() -> Self {
        Scenario {
            title: String::new(),
            protocol: Protocol::Raft,
            servers: 5,
            voters: None,
            clients: 1,
            seed: 1,
            settings: Vec::new(),
            script: Vec::new(),
            expects: Vec::new(),
        }
    }
}

impl Scenario {
    /// When a run is over: at the `end`, or else 5 s after the last command or expectation.
    #[must_use]
    pub fn ends_at(&self) -> WorldTime {
        let last = self.script.last();
        let commanded = last.map(|timed| timed.at);
        if last.is_some_and(|timed| timed.command == Command::End) {
            return commanded.unwrap_or_default();
        }
        let expected = self.expects.iter().filter_map(|expect| expect.at).max();
        commanded.max(expected).unwrap_or_default() + Duration::secs(5)
    }
}

/// A command and its time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timed {
    /// When.
    pub at: WorldTime,
    /// What.
    pub command: Command,
}

/// What a scenario or a person does to the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// `crash S1 S2`: the processes of these servers die; what they have written survives.
    Crash(Vec<NodeId>),
    /// `restart S1 S2`: these servers start again, whatever stopped them.
    Restart(Vec<NodeId>),
    /// `power-off S1 S2`: the machines of these servers lose their power; what is not synced is gone.
    PowerOff(Vec<NodeId>),
    /// `power-on S1 S2`: the same as `restart`, for what lost its power.
    PowerOn(Vec<NodeId>),
    /// `stall S1 300ms`: the batch that its disk is at takes that much longer, or the next one.
    Stall(NodeId, Duration),
    /// `pause S1 S2`: the processes of these servers stand still.
    Pause(Vec<NodeId>),
    /// `resume S1 S2`: they go on.
    Resume(Vec<NodeId>),
    /// `clock-jump S1 +500ms`, `clock-jump S1 -500ms`: its clock jumps by so many µs.
    ClockJump(NodeId, i64),
    /// `timeout S1`: its election timer fires now.
    Timeout(NodeId),
    /// `transfer S1->S2`: the first hands leadership over to the second.
    Transfer(NodeId, NodeId),
    /// `add S6`, `learner S6`, `remove S2`, `voters S1 S2 S6`: who belongs to the cluster changes.
    Change {
        /// How.
        change: Change,
        /// Which server is told to; else the leader.
        via: Option<NodeId>,
    },
    /// `snapshot S1`: a snapshot takes the place of all that is applied of its log.
    Snapshot(NodeId),
    /// `partition S1 S2 C1 | S3 S4 S5`: messages cross only within a group; who is in no group reaches everybody.
    Partition(Vec<Vec<Endpoint>>),
    /// `heal`: the split and all cuts are over.
    Heal,
    /// `cut S1->S2`: messages this way are lost.
    Cut(Link),
    /// `mend S1->S2`: messages this way arrive again.
    Mend(Link),
    /// `drop AppendEntries S1->S2`, `hold message S1->S2`: what shall be done to the next message of this kind on this link.
    Plan(Plan),
    /// `drop m17`: what is done to this message if it is on its way.
    Handle(Handling, MessageId),
    /// `C1 put x=1 via S3`: a client begins an operation, or queues it behind its current one.
    Client {
        /// Who.
        client: ClientId,
        /// What.
        operation: Operation,
        /// Whom it asks first; else whom it believes to lead.
        via: Option<NodeId>,
        /// How long it tries; else as [`Settings::client_timeout`] says.
        within: Option<Duration>,
    },
    /// `load C1 put every 50ms`: a client keeps asking. Replaces an earlier load of this client.
    Load {
        /// Who.
        client: ClientId,
        /// What, and how.
        load: Load,
    },
    /// `load C1 stop`
    LoadStop(ClientId),
    /// `set loss 10%`: from now on.
    Set(Setting),
    /// `say "…"`: the author says something to the reader. 1–280 characters, no control characters.
    Say(Word),
    /// `end`: the scenario is over.
    End,
}

/// How a client keeps asking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Load {
    /// What for.
    pub kind: LoadKind,
    /// When.
    pub pace: Pace,
    /// About which keys.
    pub keys: Keys,
    /// Whom it asks first with each; else whom it believes to lead.
    pub via: Option<NodeId>,
    /// How long it tries each; else as [`Settings::client_timeout`] says.
    pub within: Option<Duration>,
}

impl Load {
    /// `put every 50ms`: as plain as can be.
    #[must_use]
    pub fn every(kind: LoadKind, time: Duration) -> Load {
        Load {
            kind,
            pace: Pace::Every { time, queue: 1 },
            keys: Keys::InTurn,
            via: None,
            within: None,
        }
    }
}

/// When a load asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pace {
    /// `every 50ms`, `every 50ms queue 100`: as the clock goes, however long operations take.
    Every {
        /// At least 1 ms.
        time: Duration,
        /// How many may wait while one is under way, 1 to 1,000; none beyond that is asked for.
        queue: u32,
    },
    /// `after 10ms`: so long after an operation ended, and at least 1 ms after it began.
    After(Duration),
}

/// About which keys a load asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Keys {
    /// `x`, `y`, `z` in turn.
    InTurn,
    /// `on x`: this one.
    One(Word),
    /// `of 10 keys`: one of k1…k10, drawn anew each time. 1 to 1,000.
    Of(u32),
}

/// What a load asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoadKind {
    /// Puts of values never used before.
    Put,
    /// Gets.
    Get,
    /// Deletes.
    Del,
    /// Gets as far as this share goes, else puts.
    Mixed(Ppm),
}

/// One direction between two endpoints, which differ and are not both clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Messages from here …
    pub from: Endpoint,
    /// … to here.
    pub to: Endpoint,
}

/// A share, in millionths: 0 to 1,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ppm(pub u32);

impl Ppm {
    /// Everything: 100 %.
    pub const ALL: Ppm = Ppm(1_000_000);
}

/// What a link takes on, in bytes a second: 100 to 1,000,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(pub u32);

/// Whom a client asks first with a new operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// Whom it believes to lead: whom it asked last, or was told.
    Leader,
    /// Any server, drawn anew each time.
    Random,
}

/// Whether a disk can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DiskManner {
    /// `honest`: what it says is synced is.
    #[default]
    Honest,
    /// `lies`: it says so of what it only has in a memory that needs power.
    Lies,
    /// `full`: there is no room for a write; it syncs what it has.
    Full,
}

/// One setting. See [`Settings`] for what each means and its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// `election-timeout 150ms..300ms`
    ElectionTimeout(Span),
    /// `heartbeat 50ms`
    Heartbeat(Duration),
    /// `max-entries 64`
    MaxEntries(u32),
    /// `inflight 1`
    Inflight(u32),
    /// `repair step-back`, `repair conflict-hint`
    Repair(Repair),
    /// `check-quorum on`
    CheckQuorum(bool),
    /// `pre-vote on`
    PreVote(bool),
    /// `snapshot-every 100`: `None`, `snapshot-every never`
    SnapshotEvery(Option<u32>),
    /// `stickiness on`
    Stickiness(bool),
    /// `drift-bound 500ppm`: what leases allow for, in millionths.
    DriftBound(Ppm),
    /// `reads lease`: what a plain get is; `None`, `reads log`: a command like any other.
    Reads(Option<ReadMode>),
    /// `off own-term-commit`: whether a rule holds.
    Rule(Rule, bool),
    /// `vote-timeout 300ms`
    VoteTimeout(Duration),
    /// `ask-again 100ms`
    AskAgain(Duration),
    /// `cooperative-termination on`
    Cooperative(bool),
    /// `client-timeout 2000ms`
    ClientTimeout(Duration),
    /// `client-retry 400ms`: `None`, `client-retry never`: one try.
    ClientRetry(Option<Duration>),
    /// `contact leader`, `contact random`
    Contact(Contact),
    /// `latency 10ms..15ms`, `latency S1->S2 80ms`; without a link: for every link.
    Latency(Option<Link>, Span),
    /// `loss 1%`, `loss S1->C1 100ppm`
    Loss(Option<Link>, Ppm),
    /// `duplicate 1%`, `duplicate S1->S2 1%`
    Duplicate(Option<Link>, Ppm),
    /// `bandwidth 100kB/s`, `bandwidth S1->S2 1500B/s`; `None`, `bandwidth unlimited`: none.
    Bandwidth(Option<Link>, Option<Rate>),
    /// `write 100us..200us`, `write S1 5ms`; without a server: for every disk.
    Write(Option<NodeId>, Span),
    /// `fsync 1ms..3ms`, `fsync S1 100ms`
    Fsync(Option<NodeId>, Span),
    /// `disk S1 lies`
    Disk(NodeId, DiskManner),
    /// `torn-writes on`
    TornWrites(bool),
    /// `drift S1 -200ppm`: how much faster than the world's this server's clock goes; −500,000 to 500,000 ppm.
    Drift(NodeId, i32),
}

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expect {
    /// What.
    pub what: Expected,
    /// When: after everything that happens at this time. `None`: at the end of the run.
    pub at: Option<WorldTime>,
}

/// What can be expected.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// `violation ElectionSafety`: this property has been violated by then.
    Violation(Property),
    /// `no-violation`: none has been violated by then.
    NoViolation,
    /// `linearizable`: what clients saw by then is, whatever modes they read in. `not-linearizable`.
    Linearizable(bool),
    /// `leader S3`: of the servers that are up and believe to lead, S3 has the highest term.
    Leader(NodeId),
    /// `no-leader`: no server that is up believes to lead.
    NoLeader,
    /// `C1 ok`: how this client's operation that ended last has ended.
    Client(ClientId, Ending),
    /// `term 3`, `term 3 on S1 S2`: holds for each of these servers; without `on`, for every server that is up.
    Servers {
        /// What holds for each.
        fact: Fact,
        /// Which; empty: every server that is up.
        on: Vec<NodeId>,
    },
}

/// How an operation can be expected to end for its client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// `ok`: done.
    Ok,
    /// `failed`: certainly not done.
    Failed,
    /// `unknown`: perhaps done.
    Unknown,
    /// `read 1`: a get found this value.
    Read(Word),
    /// `read-nothing`: a get found no value.
    ReadNothing,
}

/// What can be expected of one server. One that is down has what its disk holds: a term, a vote and a log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// `role leader`
    Role(Role),
    /// `term 3`: its current term.
    Term(Term),
    /// `voted-for S1`: its vote in its current term. `voted-for nobody`.
    VotedFor(Option<NodeId>),
    /// `log 1 1 2`: the terms of its log's entries, from the first. `log empty`.
    Log(Vec<Term>),
    /// `committed 4`: its commit index.
    Committed(u64),
    /// `state x=2`: what stands at a key in its state machine.
    State(Word, Word),
    /// `no-state x`: nothing stands there.
    NoState(Word),
    /// `blocked`: it voted for a transaction and waits in vain to hear what becomes of it.
    Blocked,
    /// `not-blocked`
    NotBlocked,
}
