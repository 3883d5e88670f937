//! What goes into a server and what comes out.

use crate::types::number;
use crate::{
    Change, Command, Duration, Entries, Entry, Index, Log, Message, NodeId, Note, ReadId, ReadMode, Rules,
    Snapshot, Span, Term,
};
use alloc::sync::Arc;
use alloc::vec::Vec;

number! {
    /// The number of a [`Write`]. Writes are numbered from 1, without gaps, anew after every restart.
    WriteId(u64)
}
number! {
    /// A caller's name for a proposal; given back in the answer.
    ProposalId(u64)
}

/// How this server shall behave. May change at run time by [`Input::Configure`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// The cluster's first voters; in force until a configuration is in the log. A server that joins later need not be among them.
    pub voters: Vec<NodeId>,
    /// How long without a leader until an election begins; drawn anew each time (§5.2). The paper's is 150–300 ms.
    pub election_timeout: Span,
    /// How often a leader is heard. Must be well below the election timeout.
    pub heartbeat: Duration,
    /// How many entries one AppendEntries carries at most; at least 1.
    pub max_entries: u32,
    /// How many AppendEntries may be under way to a follower without an answer (thesis 10.2.2). With 1 a leader waits for each answer;
    /// with more it does not, once it knows where the logs agree.
    pub inflight: u32,
    /// How a leader finds where a follower's log agrees with its own.
    pub repair: Repair,
    /// Whether a server asks first whether it could win (thesis 9.6).
    pub pre_vote: bool,
    /// Whether a leader that no majority answers steps down after an election timeout (thesis 6.2).
    pub check_quorum: bool,
    /// Whether a server refuses its vote, and does not even take over the candidate's term, while it hears a leader (thesis 4.2.3).
    /// Without it there are no leases, which live on it.
    pub stickiness: bool,
    /// By how much any server's clock may run too fast or too slow, in millionths: what leases must allow for.
    pub clock_drift: u32,
    /// Which rules hold. All of them, unless one wants to see what a rule is good for.
    pub rules: Rules,
}

impl Config {
    /// The paper's settings: elections after 150–300 ms (§5.2), one AppendEntries at a time to a follower, repair by one entry at a time
    /// (§5.3), none of the thesis's extensions, all rules.
    #[must_use]
    pub fn paper(voters: Vec<NodeId>) -> Config {
        Config {
            voters,
            election_timeout: Span::new(Duration::millis(150), Duration::millis(300)),
            heartbeat: Duration::millis(50),
            max_entries: 64,
            inflight: 1,
            repair: Repair::StepBack,
            pre_vote: false,
            check_quorum: false,
            stickiness: false,
            clock_drift: 0,
            rules: Rules::ALL,
        }
    }
}

/// How a leader finds, after a refusal, where a follower's log agrees with its own (§5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Repair {
    /// One entry back at each refusal.
    StepBack,
    /// The follower says where its log may agree at best, and the leader skips what cannot: at least one term a refusal.
    ConflictHint,
}

/// The two timers a server asks its host for. Setting one that runs replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Timer {
    /// No leader was heard for too long.
    Election,
    /// Time to be heard as leader.
    Heartbeat,
}

/// What can happen to a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A timer set by [`Output::SetTimer`] ran out. The host must not fire a stopped or replaced one.
    TimerFired(Timer),
    /// A message arrived.
    Message(Message),
    /// A client wants this command in the log. Answered by [`Output::Accepted`] or [`Output::Refused`].
    Propose {
        /// The caller's name for it.
        id: ProposalId,
        /// What to put into the log.
        command: Command,
    },
    /// The same for several at once, in this order: they are written together, and sent together as far as `max_entries` lets them.
    ProposeAll(Vec<(ProposalId, Command)>),
    /// A client wants to read the state machine. Answered by [`Output::ReadReady`] or [`Output::ReadRefused`], unless the messages to
    /// the leader and back are lost or the server crashes: then never.
    Read {
        /// The caller's name for it.
        id: ReadId,
        /// How current the answer has to be.
        mode: ReadMode,
    },
    /// An administrator wants another configuration (§6, thesis 4). Answered by [`Output::Accepted`] with the place of its entry, or by
    /// [`Note::ChangeRefused`] and [`Output::Refused`]. A change by joint consensus is over when the second entry, which the leader
    /// appends by itself once the first is committed, is committed too.
    ChangeMembership {
        /// The caller's name for it.
        id: ProposalId,
        /// What shall change.
        change: Change,
    },
    /// This leader shall hand over to another voter (thesis 3.10). [`Note::TransferStarted`] or [`Note::TransferRefused`] says whether
    /// it will try.
    TransferLeadership {
        /// Who shall lead.
        to: NodeId,
    },
    /// This write and all before it are on disk.
    Synced(WriteId),
    /// This is the state machine as it was once the entry at `index` was applied. The log through that entry is not needed any more (§7);
    /// it goes at once. Answered by a [`Write`] with the [`Snapshot`], or by nothing if there is a newer one.
    Compact {
        /// The last entry applied to it. Must be committed.
        index: Index,
        /// The state machine.
        data: Arc<[u8]>,
    },
    /// New settings. Running timers are left as they are. Leases rely on all servers having the same, and changing them together.
    Configure(Config),
}

/// What a server wants of its host. Outputs are obeyed in order. Every change of a server's state shows in them: who folds them
/// knows the server. Those of one step come in this order:
///
/// 1. the notes, and the timers a change of role stops: first what changed role and term, then what was decided
///    (`VoteCounted` comes before the `Became` leader that follows from it);
/// 2. `Accepted` or `Refused`;
/// 3. `Write`, at most one, before everything that has to wait for it;
/// 4. `Commit` or `Restore`;
/// 5. messages;
/// 6. `SetTimer`;
/// 7. what reads and a leadership transfer bring about: `ReadReady`, `ReadRefused`, and messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(u64)] // a tag as wide as what follows: of a narrower one the rest is moved in pieces that lie across those it was written in
pub enum Output {
    /// Send this now.
    Send(Message),
    /// Send this once every write issued so far is on disk: it is a promise (Figure 2, "updated on stable storage before
    /// responding to RPCs"). A crash before that loses it.
    SendWhenDurable(Message),
    /// Write this to disk, in order, and say [`Input::Synced`] when it is safe.
    Write(Write),
    /// Draw a duration from the range and fire the timer after it, measured on this server's own clock.
    SetTimer(Timer, Span),
    /// Stop a timer.
    StopTimer(Timer),
    /// Everything through this index is committed: apply it, in order.
    Commit(Index),
    /// Put the state machine where this snapshot has it: everything through its last index is committed and applied with that, and the
    /// next `Commit` goes on from there. `commit_index` is its last index from now on. Comes where a `Commit` would.
    Restore(Arc<Snapshot>),
    /// A proposal is in the leader's log, here. It is committed when a [`Output::Commit`] covers this index while the entry there
    /// still has this term.
    Accepted {
        /// The caller's name for it.
        id: ProposalId,
        /// Where it is.
        index: Index,
        /// In which term.
        term: Term,
    },
    /// A proposal or change was refused: this server does not lead, or hands over; a change also for what [`Note::ChangeRefused`] says.
    Refused {
        /// The caller's name for it.
        id: ProposalId,
        /// Who leads, as far as known; nobody while this leader hands over.
        leader: Option<NodeId>,
    },
    /// Answer this read from the state machine once everything through this index is applied there.
    ReadReady {
        /// The caller's name for it.
        id: ReadId,
        /// How far the log must be applied.
        index: Index,
    },
    /// A read was refused: this server cannot answer it as asked, or leads no more.
    ReadRefused {
        /// The caller's name for it.
        id: ReadId,
        /// Who leads, as far as known.
        leader: Option<NodeId>,
    },
    /// Something worth knowing happened. Notes come in the order things happened, between the other outputs.
    Note(Note),
}

/// One change of the durable state (Figure 2: `currentTerm`, `votedFor`, `log[]`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Write {
    /// Its number.
    pub id: WriteId,
    /// The new term and vote, if they change.
    pub hard_state: Option<HardState>,
    /// A snapshot. The log through its end goes; what follows stays if the log agrees with it, see [`Log::compact`].
    pub snapshot: Option<Arc<Snapshot>>,
    /// After that: the new end of the log, if it changes.
    pub append: Option<Append>,
}

/// Term and vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HardState {
    /// `currentTerm`.
    pub term: Term,
    /// `votedFor` in that term.
    pub voted_for: Option<NodeId>,
}

/// A new end of the log: whatever stands at `first` or after it goes, these entries come in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Append {
    /// Where the first of the entries goes.
    pub first: Index,
    /// The entries. None only beside a snapshot: then nothing takes the place of what goes.
    #[cfg_attr(feature = "ts", ts(type = "Array<Entry>"))]
    pub entries: Entries,
}

/// What survives a crash. A server starts from it, at the first boot (empty) as at any other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    /// Term and vote.
    pub hard_state: HardState,
    /// The snapshot the log begins with, if its beginning is gone (§7).
    pub snapshot: Option<Arc<Snapshot>>,
    /// The log.
    pub log: Log,
}

impl Durable {
    /// Carries out one write.
    pub fn apply(&mut self, write: &Write) {
        if let Some(hard_state) = write.hard_state {
            self.hard_state = hard_state;
        }
        if let Some(snapshot) = &write.snapshot {
            self.log.compact(snapshot.last_index, snapshot.last_term);
            self.snapshot = Some(snapshot.clone());
        }
        if let Some(append) = &write.append {
            self.log.replace_from(append.first, &append.entries);
        }
    }
}

impl Log {
    /// Replaces whatever stands at `first` or after it by these entries.
    pub fn replace_from(&mut self, first: Index, entries: &[Entry]) {
        self.truncate_from(first);
        self.extend(entries);
    }
}
