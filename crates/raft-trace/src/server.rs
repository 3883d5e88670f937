//! One server, as its events tell it.

use crate::{KeyValue, Protocol, TwoPhaseState, WorldTime, on_disk_all_the_same};
use raft_core::{
    Configuration, Durable, Index, Log, NodeId, Note, Payload, ProgressState, Role, Snapshot, SortedSet,
    Term, Timer, Write, WriteId,
};
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

/// A server at one point of a run. While it is down it is shown as what it would start from, its disk and its page cache: a follower
/// that knows and does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerState {
    /// Its name.
    pub id: NodeId,
    /// Whether it runs.
    pub up: bool,
    /// Whether its machine is without power; then it is down.
    pub unpowered: bool,
    /// Whether a record was torn when that happened.
    pub torn: bool,
    /// Whether its process stands still.
    pub paused: bool,
    /// Whether its disk takes longer than it should with what it does, or will do next.
    pub stalled: bool,
    /// What it is in its term.
    pub role: Role,
    /// `currentTerm`, in memory.
    pub term: Term,
    /// `votedFor` in that term, in memory.
    pub voted_for: Option<NodeId>,
    /// Who leads this term, as far as it knows.
    pub leader: Option<NodeId>,
    /// Whose votes it counted for itself, as candidate and then as leader of this term.
    pub votes: SortedSet<NodeId>,
    /// What the beginning of the log gave way to, in memory.
    pub snapshot: Option<Arc<Snapshot>>,
    /// `log[]`, in memory.
    pub log: Log,
    /// `commitIndex`.
    pub commit_index: Index,
    /// `lastApplied`.
    pub last_applied: Index,
    /// The election timer, if it runs.
    pub election_timer: Option<TimerState>,
    /// The heartbeat timer, if it runs.
    pub heartbeat_timer: Option<TimerState>,
    /// A leader's `nextIndex[]` and `matchIndex[]`, by server, itself left out. Empty for others.
    pub progress: Vec<Progress>,
    /// The configuration it goes by. Nobody is in it while it is down.
    pub configuration: Configuration,
    /// To whom this leader hands over.
    pub transfer: Option<NodeId>,
    /// What its disk holds.
    pub durable: Durable,
    /// What its disk says it holds, if it said more than is so.
    pub claimed: Option<Durable>,
    /// What is written but not synced, and so only in the page cache, oldest first. It outlives the process, but not a loss of power.
    pub pending: VecDeque<Write>,
    /// Its copy of the store.
    pub machine: KeyValue,
    /// What else there is to it if it runs two-phase commit. Of what is said above it then has disk, log and store.
    pub two_phase: Option<Box<TwoPhaseState>>,
}

/// A timer that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerState {
    /// When it was set.
    pub set_at: WorldTime,
    /// When it will fire.
    pub deadline: WorldTime,
}

/// What a leader knows about one follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which follower.
    pub server: NodeId,
    /// How it is sent to.
    pub state: ProgressState,
    /// The next entry to send to it.
    pub next_index: Index,
    /// How far its log is known to agree.
    pub match_index: Index,
}

impl ServerState {
    /// A server that just began, with an empty disk, in a cluster whose first voters are S1…Sn.
    #[must_use]
    pub fn new(id: NodeId, voters: u32) -> ServerState {
        let mut server = ServerState {
            id,
            ..ServerState::default()
        };
        server.restart(voters, WorldTime(0));
        server
    }

    /// It runs again. If its disk knows of another configuration than the first, that is told next.
    pub(crate) fn restart(&mut self, voters: u32, at: WorldTime) {
        self.up = true;
        (self.unpowered, self.torn) = (false, false);
        if let Some(two_phase) = &mut self.two_phase {
            return two_phase.restart(self.id, &self.log, at);
        }
        self.configuration.voters = (1..=voters).map(NodeId).collect();
    }

    /// It runs this protocol. Only Raft has voters.
    pub(crate) fn choose(&mut self, protocol: Protocol) {
        if protocol == Protocol::TwoPhaseCommit {
            self.configuration = Configuration::default();
            self.two_phase = Some(Box::default());
        }
    }

    /// How far its log is safe on disk.
    #[must_use]
    pub fn synced_index(&self) -> Index {
        let unsafe_from = self.pending.iter().filter_map(|w| Some(w.append.as_ref()?.first));
        let on_disk = self.log.last_index().min(self.durable.log.last_index());
        let on_disk = unsafe_from.map(Index::prev).fold(on_disk, Ord::min);
        let agrees = |index: &Index| self.log.term_at(*index) == self.durable.log.term_at(*index);
        match self.claimed {
            None => on_disk,
            // What the disk only claims may have taken the place of what it holds.
            Some(_) => (0..=on_disk.0).rev().map(Index).find(agrees).unwrap_or_default(),
        }
    }

    /// How far its disk says so, if that is more than is so.
    #[must_use]
    pub fn claimed_index(&self) -> Option<Index> {
        let unsafe_from = self.pending.iter().filter_map(|w| Some(w.append.as_ref()?.first));
        let claimed = self.log.last_index().min(self.claimed.as_ref()?.log.last_index());
        let claimed = unsafe_from.map(Index::prev).fold(claimed, Ord::min);
        (claimed > self.synced_index()).then_some(claimed)
    }

    /// The timer of this kind, if it runs.
    #[must_use]
    pub fn timer(&self, timer: Timer) -> Option<TimerState> {
        match timer {
            Timer::Election => self.election_timer,
            Timer::Heartbeat => self.heartbeat_timer,
        }
    }

    /// In two-phase commit there is one timer, the reminder.
    pub(crate) fn move_timer(&mut self, timer: Timer, deadline: WorldTime) {
        if let Some(reminder) = self.two_phase.as_mut().and_then(|state| state.reminder.as_mut()) {
            reminder.deadline = deadline;
            return;
        }
        let moved = self.timer(timer).map(|state| TimerState { deadline, ..state });
        self.set_timer(timer, moved);
    }

    pub(crate) fn set_timer(&mut self, timer: Timer, state: Option<TimerState>) {
        match timer {
            Timer::Election => self.election_timer = state,
            Timer::Heartbeat => self.heartbeat_timer = state,
        }
    }

    /// All that is only in the memory of the process is gone.
    pub(crate) fn crash(&mut self) {
        let durable = mem::take(&mut self.durable);
        let claimed = self.claimed.take();
        let pending = mem::take(&mut self.pending);
        let mut written = claimed.as_ref().unwrap_or(&durable).clone();
        pending.iter().for_each(|write| written.apply(write));
        let mut two_phase = self.two_phase.take();
        if let Some(two_phase) = &mut two_phase {
            two_phase.crash();
        }
        *self = ServerState {
            two_phase,
            id: self.id,
            term: written.hard_state.term,
            voted_for: written.hard_state.voted_for,
            snapshot: written.snapshot,
            log: written.log,
            durable,
            claimed,
            pending,
            ..ServerState::default()
        };
    }

    /// What was not synced is gone too, but for the writes up to this one and so many entries of the next.
    pub(crate) fn power_off(&mut self, through: WriteId, entries: u32) {
        let pending = mem::take(&mut self.pending);
        self.claimed = None;
        on_disk_all_the_same(&pending, through, entries).for_each(|write| self.durable.apply(&write));
        self.crash();
        (self.unpowered, self.torn) = (true, entries > 0);
    }

    /// Term and vote came by notes already: a write only repeats them for the disk.
    pub(crate) fn write(&mut self, write: &Write, at: WorldTime) {
        if let Some(snapshot) = &write.snapshot {
            self.log.compact(snapshot.last_index, snapshot.last_term);
            self.snapshot = Some(snapshot.clone());
        }
        if let Some(append) = &write.append {
            self.log.replace_from(append.first, &append.entries);
        }
        if let Some(two_phase) = &mut self.two_phase {
            two_phase.write(self.id, write, at);
        }
        self.pending.push_back(write.clone());
    }

    /// Whatever the disk claimed before is true by that too.
    pub(crate) fn sync(&mut self, through: WriteId) {
        if let Some(claimed) = self.claimed.take() {
            self.durable = claimed;
        }
        while let Some(write) = self.next_pending(through) {
            self.durable.apply(&write);
        }
    }

    /// A disk that lies says that it synced.
    pub(crate) fn claim(&mut self, through: WriteId) {
        let mut claimed = self.claimed.take().unwrap_or_else(|| self.durable.clone());
        while let Some(write) = self.next_pending(through) {
            claimed.apply(&write);
        }
        self.claimed = Some(claimed);
    }

    /// The next write up to this one, which is pending no more. That ends a stall.
    fn next_pending(&mut self, through: WriteId) -> Option<Write> {
        self.stalled = false;
        self.pending.front().filter(|write| write.id <= through)?;
        let write = self.pending.pop_front()?;
        if let Some(two_phase) = &mut self.two_phase {
            two_phase.sync(&write);
        }
        Some(write)
    }

    /// The state machine is where the snapshot has it.
    pub(crate) fn restore(&mut self) {
        if let Some(snapshot) = &self.snapshot {
            self.machine = KeyValue::from_bytes(&snapshot.data);
            self.commit_index = snapshot.last_index;
            self.last_applied = snapshot.last_index;
        }
    }

    pub(crate) fn apply_entry(&mut self, index: Index) {
        self.last_applied = index;
        if let Some(two_phase) = &mut self.two_phase {
            return two_phase.apply(index, &self.log, &mut self.machine);
        }
        if let Some(Payload::Command(command)) = self.log.get(index).map(|e| &e.payload) {
            self.machine.apply(command);
        }
    }

    pub(crate) fn note(&mut self, note: &Note) {
        if let Note::ConfigurationChanged { configuration, .. } = note {
            self.configuration = (**configuration).clone();
            if self.role == Role::Leader {
                self.follow_members();
            }
        }
        match *note {
            Note::Became { role, term } => self.become_role(role, term),
            Note::VoteGranted { candidate } => self.voted_for = Some(candidate),
            Note::VoteCounted { voter } => {
                self.votes.add(voter);
            }
            Note::LeaderKnown { leader } => self.leader = Some(leader),
            Note::Truncated { from, .. } => self.log.truncate_from(from),
            Note::Progress {
                follower,
                state,
                next_index,
                match_index,
            } => {
                if let Some(p) = self.progress.iter_mut().find(|p| p.server == follower) {
                    p.state = state;
                    p.next_index = next_index;
                    p.match_index = match_index;
                }
            }
            Note::TransferStarted { to } => self.transfer = Some(to),
            Note::TransferAborted { .. } => self.transfer = None,
            Note::ConfigurationChanged { .. }
            | Note::ChangeRefused { .. }
            | Note::VoteRefused { .. }
            | Note::PreVoteGranted { .. }
            | Note::TransferRefused { .. }
            | Note::AppendRefused { .. }
            | Note::QuorumLost
            | Note::Ignored { .. } => {}
        }
    }

    /// A leader keeps the progress of everybody else in its configuration.
    fn follow_members(&mut self) {
        let next_index = self.log.last_index().next();
        let known = mem::take(&mut self.progress);
        let of = |server| {
            let fresh = Progress {
                server,
                state: ProgressState::Probe,
                next_index,
                match_index: Index(0),
            };
            known
                .iter()
                .find(|p| p.server == server)
                .copied()
                .unwrap_or(fresh)
        };
        let me = self.id;
        let others = self.configuration.members().filter(|id| *id != me);
        self.progress = others.map(of).collect();
    }

    fn become_role(&mut self, role: Role, term: Term) {
        if term != self.term {
            self.term = term;
            self.voted_for = None;
        }
        self.role = role;
        self.progress.clear();
        if role == Role::Leader {
            self.leader = Some(self.id);
            self.follow_members();
        } else {
            self.leader = None;
            self.transfer = None;
            self.votes.clear();
        }
    }
}
