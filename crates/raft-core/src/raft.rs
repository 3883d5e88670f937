//! One server (Figure 2, "state"), and the one door into it.

use crate::durability::Disk;
use crate::membership::{Placed, configurations};
use crate::reads::WaitingRead;
use crate::replication::AppendEntries;
use crate::rounds::Round;
use crate::rounds::Rounds;
use crate::transfer::Transfer;
use crate::{
    Body, Config, Configuration, Durable, HardState, IgnoredBecause, Index, Input, Instant, Log, Message,
    NodeId, Note, Output, Progress, Role, Rule, Rules, Snapshot, Span, Term, Timer,
};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// One server of Raft: plain data that changes only in [`Raft::step`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Raft {
    pub(crate) id: NodeId,
    /// Shared, so that clones are cheap.
    pub(crate) config: Arc<Config>,
    // Persistent state on all servers.
    pub(crate) term: Term,
    pub(crate) voted_for: Option<NodeId>,
    pub(crate) log: Log,
    /// What the log begins with, if its beginning is gone.
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    pub(crate) disk: Disk,
    // Volatile state on all servers.
    pub(crate) role: Role,
    pub(crate) leader: Option<NodeId>,
    pub(crate) commit_index: Index,
    /// Who voted for this candidate or leader, or would vote for this pre-candidate, in order of name. Empty for followers.
    pub(crate) votes: Vec<NodeId>,
    /// All configurations from the log's base on: where they are, in order. The first may be before the base.
    pub(crate) configurations: Vec<Placed>,
    /// The one this server goes by.
    pub(crate) configuration: Arc<Configuration>,
    // Volatile state on leaders: one for every other server. Empty for others.
    pub(crate) progress: Vec<Progress>,
    pub(crate) rounds: Rounds,
    /// Reads that wait for a round, those that need a later one after those that need an earlier.
    pub(crate) reads: VecDeque<WaitingRead>,
    pub(crate) transfer: Option<Transfer>,
    /// When it last heard a leader, unless its election timer ran out since.
    pub(crate) heard: Option<Instant>,
    /// When the step at hand happens.
    pub(crate) now: Instant,
}

impl Raft {
    /// Starts a server from what its disk holds; a first boot is a restart from an empty disk. It begins as a follower that has
    /// committed nothing but what is in its snapshot, and only asks for that to be restored and for its election timer.
    pub fn start(id: NodeId, config: Config, durable: Durable, now: Instant, out: &mut Vec<Output>) -> Raft {
        let Durable {
            hard_state,
            snapshot,
            log,
        } = durable;
        let initial = Configuration::of(&config.voters);
        let mut raft = Raft {
            id,
            configurations: configurations(initial.clone(), snapshot.as_deref(), &log),
            configuration: Arc::new(initial),
            config: Arc::new(config),
            term: hard_state.term,
            voted_for: hard_state.voted_for,
            disk: Disk::holding(hard_state, log.last_index()),
            role: Role::Follower,
            leader: None,
            commit_index: log.base().0,
            log,
            snapshot,
            votes: Vec::new(),
            progress: Vec::new(),
            rounds: Rounds::default(),
            reads: VecDeque::new(),
            transfer: None,
            heard: None,
            now,
        };
        if raft.config.stickiness && raft.holds(Rule::LeaseAfterRestart) {
            raft.heard = Some(now);
        }
        if raft.holds(Rule::ConfigurationFromDisk) {
            raft.reconfigure(out);
        } else {
            raft.configurations = Vec::from([(Index(0), raft.configuration.clone())]);
        }
        out.extend(raft.snapshot.clone().map(Output::Restore));
        raft.set_election_timer(out);
        raft
    }

    /// Takes in one thing that happened and appends what is to be done about it to `out`, in order.
    ///
    /// # Panics
    /// If the host breaks its side: reports a write that was never issued, or configures other voters.
    pub fn step(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        self.now = now;
        if self.config.rules != Rules::ALL {
            self.reconfigure(out); // it may have been put off
        }
        match input {
            Input::TimerFired(Timer::Election) => self.on_election_timeout(out),
            Input::TimerFired(Timer::Heartbeat) => self.heartbeat(out),
            Input::Message(ref message) => self.on_message(message, out),
            Input::Propose { id, command } => self.propose(id, command, out),
            Input::ProposeAll(all) => self.propose_all(all, out),
            Input::Read { id, mode } => self.read(id, mode, out),
            Input::ChangeMembership { id, change } => self.change_membership(id, &change, out),
            Input::TransferLeadership { to } => self.transfer_leadership(to, out),
            Input::Synced(through) => self.on_synced(through, out),
            Input::Compact { index, data } => self.compact(index, data, out),
            Input::Configure(config) => self.configure(config),
        }
        if self.transfer.is_some() {
            self.serve_transfer(out);
        }
        if !self.reads.is_empty() {
            self.serve_reads(out);
        }
    }

    fn on_message(&mut self, message: &Message, out: &mut Vec<Output>) {
        let Message {
            from,
            to,
            term,
            ref body,
        } = *message;
        if to != self.id || from == self.id || !self.listens_to(from, body) {
            return self.ignore(from, IgnoredBecause::Stranger, out);
        }
        let sticky = self.config.stickiness && matches!(body, Body::RequestVote { transfer: false, .. });
        if sticky && self.hears_leader() && self.holds(Rule::LeaderStickiness) {
            return self.disregard_candidate(from, out);
        }
        let led = self.role == Role::Leader;
        let newer = term > self.term && !matches!(body, Body::PreVote { .. });
        if newer {
            self.become_role(Role::Follower, term, out); // §5.1
        }
        let heard = self.on_body(from, term, body, newer, out);
        // §5.2: whoever gave its vote or heard the current leader waits a whole election timeout again, and nobody else does. A leader
        // had no such timer; deposed, it needs one.
        let deposed = led && self.role != Role::Leader;
        let waits = self.role != Role::Leader;
        if heard || deposed || (waits && !self.holds(Rule::TimerOnlyWhenHeard)) {
            self.set_election_timer(out);
        }
    }

    /// Returns whether there is a reason to wait a whole election timeout again.
    fn on_body(&mut self, from: NodeId, term: Term, body: &Body, newer: bool, out: &mut Vec<Output>) -> bool {
        match *body {
            Body::RequestVote {
                last_log_index,
                last_log_term,
                transfer: _,
            } => {
                let granted = self.on_request_vote(from, term, (last_log_term, last_log_index), out);
                return granted && self.holds(Rule::TimerOnVote);
            }
            Body::AppendEntries {
                prev_log_index,
                prev_log_term,
                ref entries,
                leader_commit,
                round,
            } => {
                let append = AppendEntries {
                    prev_log_index,
                    prev_log_term,
                    entries,
                    leader_commit,
                    round,
                };
                return self.on_append_entries(from, term, &append, out);
            }
            Body::InstallSnapshot { ref snapshot } => {
                return self.on_install_snapshot(from, term, snapshot, out);
            }
            Body::TimeoutNow => return self.on_timeout_now(from, term, out),
            Body::PreVote {
                last_log_index,
                last_log_term,
            } => self.on_pre_vote(from, term, (last_log_term, last_log_index), out),
            Body::ReadIndex { id } => self.on_read_index(from, id, out),
            _ => return self.on_answer(from, term, body, newer, out),
        }
        false
    }

    fn on_answer(
        &mut self,
        from: NodeId,
        term: Term,
        answer: &Body,
        newer: bool,
        out: &mut Vec<Output>,
    ) -> bool {
        self.write(None, out);
        match *answer {
            Body::ReadIndexReply { id, index } => self.on_read_index_reply(id, index, out),
            _ if newer => {} // its term was all it had to say
            Body::RequestVoteReply { granted } => self.on_request_vote_reply(from, term, granted, out),
            Body::PreVoteReply { granted, asked_in } => {
                return self.on_pre_vote_reply(from, asked_in, granted, out);
            }
            Body::AppendEntriesReply {
                success,
                index,
                conflict,
                round,
            } => self.on_append_entries_reply(from, term, (success, index, conflict), round, out),
            Body::InstallSnapshotReply { index } => {
                self.on_append_entries_reply(from, term, (true, index, None), Round(0), out);
            }
            _ => {} // the rest are requests
        }
        false
    }

    fn configure(&mut self, config: Config) {
        assert_eq!(config.voters, self.config.voters, "voters are not a setting");
        self.config = Arc::new(config);
        self.rounds.no_lease_through = self.rounds.begun;
    }

    /// Whether a rule holds here. Each is asked for in one place only.
    pub(crate) fn holds(&self, rule: Rule) -> bool {
        self.config.rules.hold(rule)
    }

    pub(crate) fn ignore(&self, from: NodeId, because: IgnoredBecause, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::Ignored { from, because }));
    }

    /// Asks for a newly drawn election timeout (§5.2).
    pub(crate) fn set_election_timer(&self, out: &mut Vec<Output>) {
        out.push(Output::SetTimer(Timer::Election, self.config.election_timeout));
    }

    pub(crate) fn set_heartbeat_timer(&self, out: &mut Vec<Output>) {
        let every = Span::exactly(self.config.heartbeat);
        out.push(Output::SetTimer(Timer::Heartbeat, every));
    }

    /// All other servers.
    pub(crate) fn peers(&self) -> impl Iterator<Item = NodeId> {
        let id = self.id;
        self.configuration.members().filter(move |&peer| peer != id)
    }

    /// All other servers that have a vote.
    pub(crate) fn other_voters(&self) -> impl Iterator<Item = NodeId> {
        let id = self.id;
        self.configuration.all_voters().filter(move |&peer| peer != id)
    }

    /// Whether a message is to be looked at. Who is new here may not know yet who leads, nor who may stand (thesis 4.1); but only those it
    /// asked have something to answer.
    fn listens_to(&self, from: NodeId, body: &Body) -> bool {
        (!body.is_answer() && self.holds(Rule::ServeStrangers)) || self.configuration.is_member(from)
    }
}

/// What a server knows and is.
impl Raft {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// How it behaves.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it is in its current term.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The latest term it has seen.
    #[must_use]
    pub fn current_term(&self) -> Term {
        self.term
    }

    /// Whom it gave its vote in the current term.
    #[must_use]
    pub fn voted_for(&self) -> Option<NodeId> {
        self.voted_for
    }

    /// Its term and vote, as they are in memory.
    #[must_use]
    pub fn hard_state(&self) -> HardState {
        HardState {
            term: self.term,
            voted_for: self.voted_for,
        }
    }

    /// Who leads the current term, as far as it knows; a leader knows itself.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        self.leader
    }

    /// Who voted for this candidate or leader, or would vote for this pre-candidate, in order of name; empty for a follower.
    #[must_use]
    pub fn votes(&self) -> &[NodeId] {
        &self.votes
    }

    /// To whom this leader is handing over.
    #[must_use]
    pub fn transfer(&self) -> Option<NodeId> {
        self.transfer.map(|transfer| transfer.to)
    }

    /// Its log, as it is in memory.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Lets its log and another keep in one place what they have in common. Nothing else changes.
    pub fn share_log(&mut self, other: &Log) {
        self.log.share_with(other);
    }

    /// What its log begins with, if its beginning is gone.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref()
    }

    /// How far its log is safe on its disk.
    #[must_use]
    pub fn synced_index(&self) -> Index {
        self.disk.synced_index()
    }

    /// How far it knows the log to be committed.
    #[must_use]
    pub fn commit_index(&self) -> Index {
        self.commit_index
    }

    /// The configuration it goes by.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// What this leader knows about the others, in the order of the configuration; empty if it does not lead.
    #[must_use]
    pub fn progress(&self) -> &[Progress] {
        &self.progress
    }
}
