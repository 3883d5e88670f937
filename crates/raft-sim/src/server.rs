//! A server: a Raft and what it stands on. Obeys what the Raft wants done.

mod participant;

use crate::alarms::{Alarm, Alarms};
use crate::clock::Clock;
use crate::dice::Purpose;
use crate::disk::Disk;
use crate::faults::Paused;
use crate::proposals::{Proposal, Proposals};
use crate::reads::Reads;
use crate::surroundings::Surroundings;
use participant::Participant;
use raft_core::{
    Command, Config, Duration, Index, Input, Instant, Log, Message, NodeId, Output, Payload, ProposalId,
    Raft, ReadMode, Role, Span, Term, Timer, WriteId,
};
use raft_trace::{
    ClientId, Event, KeyValue, OpId, Order, Packet, Progress, Protocol, Reading, Reply, Seq, ServerState,
    TimerState, Word,
};
use std::mem;
use std::sync::Arc;

/// A server. While it is down, only its disk and its clock are left.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) id: NodeId,
    pub(crate) raft: Option<Raft>,
    /// Whether its machine is without power. Invariant: then there is no `raft`.
    unpowered: bool,
    /// Whether a record was torn when that happened.
    torn: bool,
    /// In its place, where the protocol is two-phase commit.
    participant: Option<Participant>,
    /// What waits for its process to go on, if that stands still.
    pub(crate) paused: Option<Paused>,
    pub(crate) disk: Disk,
    pub(crate) clock: Clock,
    machine: KeyValue,
    last_applied: Index,
    proposals: Proposals,
    reads: Reads,
    /// How often each timer was set.
    timers_set: [u32; 2],
    /// What its own clock will show when each timer that runs is due.
    pub(crate) timers_due: [Instant; 2],
}

impl Server {
    /// A server with an empty disk, still down.
    pub(crate) fn new(id: NodeId, drift: i32, protocol: Protocol) -> Server {
        Server {
            id,
            raft: None,
            unpowered: false,
            torn: false,
            participant: (protocol == Protocol::TwoPhaseCommit).then(Participant::default),
            paused: None,
            disk: Disk::default(),
            clock: Clock::new(drift),
            machine: KeyValue::default(),
            last_applied: Index(0),
            proposals: Proposals::default(),
            reads: Reads::default(),
            timers_set: [0; 2],
            timers_due: [Instant(0); 2],
        }
    }

    /// Starts it from what its disk holds. `cause` is the event that says so. What an earlier process left in the page cache is synced before
    /// anything is promised on it.
    pub(crate) fn start(&mut self, cause: Seq, around: &mut Surroundings) {
        (self.unpowered, self.torn) = (false, false);
        let lies = self.disk_lies(around);
        if let Some(through) = self.disk.recover(lies) {
            around.record(cause, self.synced(through, lies));
        }
        if self.participant.is_some() {
            return self.start_participant(cause, around);
        }
        let mut outputs = mem::take(&mut around.outputs);
        let now = self.clock.read(around.moment.at);
        let durable = self.disk.written();
        self.raft = Some(Raft::start(self.id, config(around), durable, now, &mut outputs));
        self.obey_all(outputs, cause, around);
    }

    /// Its log in memory, while it is up.
    pub(crate) fn log(&self) -> Option<&Log> {
        self.raft.as_ref().map(Raft::log)
    }

    /// How many keys its store knows.
    pub(crate) fn keys(&self) -> u64 {
        self.machine.keys() as u64
    }

    /// How many requests of clients wait in its log to be answered.
    pub(crate) fn proposals(&self) -> u64 {
        self.proposals.count()
    }

    /// Keeps in one place what its logs and another have in common.
    pub(crate) fn share_log(&mut self, other: &Log) {
        if let Some(raft) = &mut self.raft {
            raft.share_log(other);
        }
        self.disk.share_log(other);
    }

    /// Takes its machine's power away, unless it has none: what is not synced is lost, whether the process ran or not.
    pub(crate) fn power_off(&mut self, around: &mut Surroundings) {
        if self.unpowered {
            return;
        }
        self.crash(around);
        self.unpowered = true;
        let server = self.id;
        let torn = around.settings.torn_writes.then_some((around.dice, server));
        let (through, entries) = self.disk.power_off(torn);
        self.torn = entries > 0;
        around.record(
            None,
            Event::PoweredOff {
                server,
                through,
                entries,
            },
        );
    }

    /// Ends the process. What it wrote is still in the page cache.
    pub(crate) fn crash(&mut self, around: &mut Surroundings) {
        self.raft = None;
        self.participant.iter_mut().for_each(Participant::crash);
        self.paused = None;
        self.disk.crash();
        self.machine = KeyValue::default();
        self.last_applied = Index(0);
        self.proposals.crash();
        self.reads.crash();
        around.alarms.stop_server(self.id);
    }

    pub(crate) fn is_up(&self) -> bool {
        self.raft.is_some() || self.participant.as_ref().is_some_and(Participant::is_up)
    }

    /// Whether it is up and does not stand still.
    pub(crate) fn runs(&self) -> bool {
        self.is_up() && self.paused.is_none()
    }

    /// In which term it leads, if it believes to lead.
    pub(crate) fn leads(&self) -> Option<(Term, NodeId)> {
        let runs = self.raft.as_ref().filter(|_| self.paused.is_none());
        let raft = runs.filter(|raft| raft.role() == Role::Leader)?;
        Some((raft.current_term(), self.id))
    }

    /// A timer ran out.
    pub(crate) fn on_timer(&mut self, timer: Timer, cause: Option<Seq>, around: &mut Surroundings) {
        if self.participant.is_some() {
            return self.on_reminder(cause, around);
        }
        let fired = around.record(
            cause,
            Event::TimerFired {
                server: self.id,
                timer,
            },
        );
        self.step(Input::TimerFired(timer), fired, around);
    }

    /// Another server's message arrived.
    pub(crate) fn on_message(&mut self, message: Message, cause: Seq, around: &mut Surroundings) {
        self.step(Input::Message(message), cause, around);
    }

    /// A client's request arrived.
    pub(crate) fn on_request(
        &mut self,
        client: ClientId,
        op: OpId,
        command: Command,
        cause: Seq,
        around: &mut Surroundings,
    ) {
        if self.participant.is_some() {
            return self.on_transaction((client, op), &command, cause, around);
        }
        let Some(raft) = &self.raft else { return };
        if raft.role() == Role::Leader && self.proposals.knows(client, op, raft.current_term()) {
            return; // asked again; one answer will do
        }
        self.step(
            Input::Propose {
                id: proposal_id(client, op),
                command,
            },
            cause,
            around,
        );
    }

    /// A client wants to read.
    pub(crate) fn on_query(
        &mut self,
        asker: (ClientId, OpId),
        key: Word,
        mode: ReadMode,
        cause: Seq,
        around: &mut Surroundings,
    ) {
        if self.is_up() {
            let id = self.reads.ask(asker, key);
            self.step(Input::Read { id, mode }, cause, around);
        }
    }

    /// The disk is done with a batch.
    pub(crate) fn on_disk(&mut self, cause: Option<Seq>, around: &mut Surroundings) {
        let lies = self.disk_lies(around);
        let Some(through) = self.disk.finish_batch(lies) else {
            return;
        };
        let synced = around.record(cause, self.synced(through, lies));
        match &mut self.paused {
            Some(paused) => paused.synced = Some((around.moment.at, through, synced)),
            None => self.on_synced(through, synced, around),
        }
    }

    /// The process hears from its disk.
    pub(crate) fn on_synced(&mut self, through: WriteId, synced: Seq, around: &mut Surroundings) {
        while let Some(message) = self.disk.release(through) {
            around.send(Packet::Raft { message }, synced);
        }
        if self.participant.is_some() {
            return self.step_participant(two_phase::Input::Synced(through), synced, around);
        }
        self.step(Input::Synced(through), synced, around);
    }

    /// The operator wants something of it.
    pub(crate) fn on_order(&mut self, order: &Order, cause: Seq, around: &mut Surroundings) {
        match *order {
            Order::Snapshot => self.compact(cause, around),
            Order::Change { ref change } => {
                let (id, change) = (OPERATOR, change.clone());
                self.step(Input::ChangeMembership { id, change }, cause, around);
            }
            Order::Transfer { to } => self.step(Input::TransferLeadership { to }, cause, around),
        }
    }

    /// The settings changed.
    pub(crate) fn configure(&mut self, cause: Seq, around: &mut Surroundings) {
        if self
            .clock
            .set_drift(around.moment.at, around.settings.drift(self.id))
        {
            self.move_timers(cause, around);
        }
        match &mut self.paused {
            Some(paused) => paused.configured = true,
            None => self.take_settings(cause, around),
        }
    }

    /// The process learns of the settings.
    pub(crate) fn take_settings(&mut self, cause: Seq, around: &mut Surroundings) {
        if self.participant.is_some() {
            return self.configure_participant(cause, around);
        }
        self.step(Input::Configure(config(around)), cause, around);
    }

    /// What there is to see of it.
    #[inline]
    pub(crate) fn state(&self, alarms: &Alarms) -> ServerState {
        let timer = |timer| {
            let armed = self.timer(timer, alarms)?;
            Some(TimerState {
                set_at: armed.since,
                deadline: armed.due,
            })
        };
        let state = ServerState {
            id: self.id,
            unpowered: self.unpowered,
            torn: self.torn,
            paused: self.paused.is_some(),
            stalled: self.disk.is_stalled(),
            durable: self.disk.durable().clone(),
            claimed: self.disk.claimed().cloned(),
            pending: self.disk.pending().cloned().collect(),
            machine: self.machine.clone(),
            last_applied: self.last_applied,
            election_timer: timer(Timer::Election),
            heartbeat_timer: timer(Timer::Heartbeat),
            ..ServerState::default()
        };
        let mut state = match &self.raft {
            Some(raft) => ServerState {
                up: true,
                role: raft.role(),
                term: raft.current_term(),
                voted_for: raft.voted_for(),
                leader: raft.leader(),
                votes: raft.votes().iter().copied().collect(),
                snapshot: raft.snapshot().cloned().map(Arc::new),
                transfer: raft.transfer(),
                configuration: raft.configuration().clone(),
                log: raft.log().clone(),
                commit_index: raft.commit_index(),
                progress: raft.progress().iter().map(progress).collect(),
                ..state
            },
            None => {
                let written = self.disk.written();
                ServerState {
                    term: written.hard_state.term,
                    voted_for: written.hard_state.voted_for,
                    snapshot: written.snapshot,
                    log: written.log,
                    ..state
                }
            }
        };
        if let Some(participant) = &self.participant {
            participant.show(&mut state);
        }
        state
    }

    pub(crate) fn step(&mut self, input: Input, cause: Seq, around: &mut Surroundings) {
        self.step_raft(input, cause, around);
        if let (Some(every), Some(raft)) = (around.settings.snapshot_every, &self.raft)
            && self.last_applied.0 - raft.log().base().0.0 >= u64::from(every)
        {
            self.compact(cause, around);
        }
    }

    fn step_raft(&mut self, input: Input, cause: Seq, around: &mut Surroundings) {
        let Some(raft) = &mut self.raft else { return };
        let mut outputs = mem::take(&mut around.outputs);
        raft.step(self.clock.read(around.moment.at), input, &mut outputs);
        self.obey_all(outputs, cause, around);
    }

    /// A snapshot takes the place of all that is applied.
    fn compact(&mut self, cause: Seq, around: &mut Surroundings) {
        let (index, data) = (self.last_applied, self.machine.to_bytes());
        self.step_raft(Input::Compact { index, data }, cause, around);
    }

    fn obey_all(&mut self, mut outputs: Vec<Output>, cause: Seq, around: &mut Surroundings) {
        for output in outputs.drain(..) {
            if matches!(output, Output::Write(_)) && self.disk_is_full(around) {
                self.give_up(cause, around);
                break;
            }
            self.obey(output, cause, around);
        }
        around.outputs = outputs;
        self.begin_batch(around);
    }

    fn obey(&mut self, output: Output, cause: Seq, around: &mut Surroundings) {
        let server = self.id;
        match output {
            Output::Send(message) => {
                around.send(Packet::Raft { message }, cause);
            }
            Output::SendWhenDurable(message) => {
                if let Some(message) = self.disk.hold(message) {
                    around.send(Packet::Raft { message }, cause);
                }
            }
            Output::Write(write) => {
                let written = around.record(
                    cause,
                    Event::Written {
                        server,
                        write: write.clone(),
                    },
                );
                self.disk.issue(write, written);
            }
            Output::SetTimer(timer, span) => self.set_timer(timer, span, cause, around),
            Output::StopTimer(timer) => {
                if around.alarms.stop(Alarm::Raft(server, timer)).is_some() {
                    around.record(cause, Event::TimerStopped { server, timer });
                }
            }
            Output::Commit(through) => {
                let committed = around.record(cause, Event::Committed { server, through });
                self.apply(through, committed, around);
            }
            Output::Restore(snapshot) => {
                let through = snapshot.last_index;
                self.machine = KeyValue::from_bytes(&snapshot.data);
                self.last_applied = through;
                // What became of these the snapshot does not say.
                while self.proposals.next_due(through).is_some() {}
                let restored = around.record(cause, Event::Restored { server, through });
                self.answer_reads(restored, around);
            }
            // The operator's: all there is to know of it is in the log and the notes.
            Output::Accepted { id: OPERATOR, .. } | Output::Refused { id: OPERATOR, .. } => {}
            Output::Accepted { id, index, term } => {
                let (client, op) = asker(id);
                self.proposals.accept(Proposal {
                    index,
                    term,
                    client,
                    op,
                });
            }
            Output::Refused { id, leader } => {
                self.respond(asker(id), Reply::NotLeader { leader }, cause, around);
            }
            Output::ReadReady { id, index } => {
                self.reads.ready(id, index);
                self.answer_reads(cause, around);
            }
            Output::ReadRefused { id, leader } => {
                if let Some(asker) = self.reads.refuse(id) {
                    self.respond(asker, Reply::NotLeader { leader }, cause, around);
                }
            }
            Output::Note(note) => {
                around.record(cause, Event::Noted { server, note });
            }
        }
    }

    fn set_timer(&mut self, timer: Timer, span: Span, cause: Seq, around: &mut Surroundings) {
        let which = timer as usize;
        let (who, n) = (self.id.0 << 1 | which as u32, self.timers_set[which]);
        self.timers_set[which] += 1;
        let drawn = around.dice.duration(Purpose::Timer, who, n, span);
        let after = self.clock.world_duration(drawn);
        self.timers_due[which] = self.clock.read(around.moment.at) + drawn;
        // The alarm comes before the event that it names as its cause.
        let set = around.moment.next;
        let armed = around.arm(Alarm::Raft(self.id, timer), after, Some(set));
        around.record(
            cause,
            Event::TimerSet {
                server: self.id,
                timer,
                deadline: armed.due,
            },
        );
    }

    /// Gives the disk its next batch, if there is one and the disk is idle.
    fn begin_batch(&mut self, around: &mut Surroundings) {
        if !self.is_up() {
            return;
        }
        if let Some((batch, stall, written)) = self.disk.begin_batch() {
            let (dice, settings) = (around.dice, around.settings.disk(self.id));
            let write = dice.duration(Purpose::Write, self.id.0, batch, settings.write);
            let fsync = dice.duration(Purpose::Fsync, self.id.0, batch, settings.fsync);
            around.arm(
                Alarm::Disk(self.id),
                Duration(write.0 + fsync.0 + stall.0),
                Some(written),
            );
        }
    }

    /// Applies the log through an index, and answers whoever waits for it.
    fn apply(&mut self, through: Index, cause: Seq, around: &mut Surroundings) {
        while self.last_applied < through {
            let index = self.last_applied.next();
            let Some(entry) = self.raft.as_ref().and_then(|raft| raft.log().get(index)) else {
                return;
            };
            self.last_applied = index;
            let term = entry.term;
            let answer = match &entry.payload {
                Payload::Command(command) => self.machine.apply(command).unwrap_or_default(),
                _ => Reading::default(),
            };
            let applied = around.record(
                cause,
                Event::Applied {
                    server: self.id,
                    index,
                },
            );
            self.answer((index, term), &answer, applied, around);
            self.answer_reads(applied, around);
        }
    }

    /// Answers every read that only waited for what is applied by now.
    fn answer_reads(&mut self, cause: Seq, around: &mut Surroundings) {
        while let Some((asker, key)) = self.reads.next_due(self.last_applied) {
            let Reading { value, tag } = self.machine.read(&key);
            self.respond(asker, Reply::Done { value, tag }, cause, around);
        }
    }

    fn respond(&self, (to, op): (ClientId, OpId), reply: Reply, cause: Seq, around: &mut Surroundings) {
        let from = self.id;
        around.send(Packet::Response { from, to, op, reply }, cause);
    }

    /// Answers whoever proposed the entry that was applied, or another one at its place, which is lost now.
    fn answer(&mut self, applied: (Index, Term), answer: &Reading, cause: Seq, around: &mut Surroundings) {
        while let Some(proposal) = self.proposals.next_due(applied.0) {
            let reply = if (proposal.index, proposal.term) == applied {
                Reply::Done {
                    value: answer.value.clone(),
                    tag: answer.tag,
                }
            } else {
                Reply::NotLeader {
                    leader: self.raft.as_ref().and_then(Raft::leader),
                }
            };
            self.respond((proposal.client, proposal.op), reply, cause, around);
        }
    }
}

fn progress(known: &raft_core::Progress) -> Progress {
    Progress {
        server: known.server,
        state: known.state(),
        next_index: known.next_index,
        match_index: known.match_index,
    }
}

/// How every server shall behave.
fn config(around: &Surroundings) -> Config {
    let settings = &around.settings;
    Config {
        voters: (1..=around.voters).map(NodeId).collect(),
        election_timeout: settings.election_timeout,
        heartbeat: settings.heartbeat,
        max_entries: settings.max_entries,
        inflight: settings.inflight,
        repair: settings.repair,
        pre_vote: settings.pre_vote,
        check_quorum: settings.check_quorum,
        stickiness: settings.stickiness,
        clock_drift: settings.drift_bound.0,
        rules: settings.rules,
    }
}

/// What the operator wants is named so: no client has the number 0.
const OPERATOR: ProposalId = ProposalId(0);

/// A proposal is named after who asked for what.
fn proposal_id(client: ClientId, op: OpId) -> ProposalId {
    ProposalId(u64::from(client.0) << 32 | u64::from(op.0))
}

fn asker(id: ProposalId) -> (ClientId, OpId) {
    (ClientId((id.0 >> 32) as u32), OpId(id.0 as u32))
}
