//! A server that runs two-phase commit: another machine on the same disk, clock, store and network.

use super::Server;
use crate::alarms::Alarm;
use crate::surroundings::Surroundings;
use raft_core::{Command, Duration, SortedMap, Timer};
use raft_trace::{
    BallotState, ClientId, Event, OpId, Packet, PreparedState, Reply, Request, Seq, ServerState,
    TwoPhaseState, WorldTime, change_of, transaction_of,
};
use two_phase::{Config, Decision, Input, Message, Output, Record, TransactionId, TwoPhase};

/// What such a server has in the place of a Raft.
#[derive(Clone, Debug, Default)]
pub(super) struct Participant {
    /// While it is up.
    machine: Option<TwoPhase>,
    /// What clients asked for and wait for.
    asked: Vec<TransactionId>,
    /// Since when it has been waiting for decisions.
    waits_since: SortedMap<TransactionId, WorldTime>,
}

/// The reminder has the place among the alarms that a Raft's heartbeat would have.
const REMINDER: Timer = Timer::Heartbeat;

impl Participant {
    pub(super) fn is_up(&self) -> bool {
        self.machine.is_some()
    }

    pub(super) fn crash(&mut self) {
        self.machine = None;
        self.asked.clear();
    }

    /// Adds to a server's view what there is besides.
    #[inline]
    pub(super) fn show(&self, state: &mut ServerState) {
        let mut shown = TwoPhaseState {
            waits_since: self.waits_since.clone(),
            reminder: state.timer(REMINDER),
            ..TwoPhaseState::default()
        };
        if let Some(machine) = &self.machine {
            state.up = true;
            state.log = machine.log().clone();
            let prepared = machine.prepared().iter();
            shown.prepared = prepared.map(|(id, p)| (*id, show_prepared(p))).collect();
            let ballots = machine.ballots().iter();
            shown.ballots = ballots.map(|(id, b)| (*id, show_ballot(b))).collect();
        }
        state.heartbeat_timer = None;
        state.two_phase = Some(Box::new(shown));
    }

    /// Since when it waits is known by its writes.
    fn written(&mut self, record: &Record, at: WorldTime) {
        if let Record::Prepared(id, _) = record {
            self.waits_since.insert(*id, at);
        } else {
            self.waits_since.remove(&record.transaction());
        }
    }
}

/// What a [`Server`] does differently with a [`Participant`].
impl Server {
    /// Starts it from what its disk holds.
    pub(super) fn start_participant(&mut self, cause: Seq, around: &mut Surroundings) {
        let mut outputs = Vec::new();
        let (now, durable) = (self.clock.read(around.moment.at), self.disk.written());
        let machine = TwoPhase::start(self.id, config(around), durable, now, &mut outputs);
        if let Some(participant) = &mut self.participant {
            participant
                .waits_since
                .retain(|id| machine.prepared().contains(id));
            for id in machine.prepared().keys() {
                let since = || around.moment.at;
                participant.waits_since.or_insert_with(id, since);
            }
            participant.machine = Some(machine);
        }
        self.obey_participant(outputs, cause, around);
    }

    /// A client wants something written, or wants to read.
    pub(super) fn on_transaction(
        &mut self,
        (client, op): (ClientId, OpId),
        command: &Command,
        cause: Seq,
        around: &mut Surroundings,
    ) {
        let Some(participant) = &mut self.participant else {
            return;
        };
        let Some(request) = Request::decode(command).filter(|_| participant.is_up()) else {
            return;
        };
        let input = match change_of(&request.operation) {
            Some(change) => {
                let transaction = transaction_of(client, op);
                participant.asked.retain(|asked| *asked != transaction);
                participant.asked.push(transaction);
                Input::Begin { transaction, change }
            }
            None => {
                let key = request.operation.key().clone();
                let id = self.reads.ask((client, op), key.clone());
                Input::Read { id, key }
            }
        };
        self.step_participant(input, cause, around);
    }

    /// Another server's message arrived.
    pub(crate) fn on_two_phase(&mut self, message: Message, cause: Seq, around: &mut Surroundings) {
        self.step_participant(Input::Message(message), cause, around);
    }

    /// The reminder is due.
    pub(super) fn on_reminder(&mut self, cause: Option<Seq>, around: &mut Surroundings) {
        let server = self.id;
        let fired = around.record(cause, Event::ReminderFired { server });
        self.step_participant(Input::TimerFired, fired, around);
    }

    /// The settings changed.
    pub(super) fn configure_participant(&mut self, cause: Seq, around: &mut Surroundings) {
        self.step_participant(Input::Configure(config(around)), cause, around);
    }

    pub(super) fn step_participant(&mut self, input: Input, cause: Seq, around: &mut Surroundings) {
        let now = self.clock.read(around.moment.at);
        let machine = self.participant.as_mut().and_then(|p| p.machine.as_mut());
        let Some(machine) = machine else { return };
        let mut outputs = Vec::new();
        machine.step(now, input, &mut outputs);
        self.obey_participant(outputs, cause, around);
    }

    fn obey_participant(&mut self, outputs: Vec<Output>, cause: Seq, around: &mut Surroundings) {
        for output in outputs {
            if matches!(output, Output::Write(_)) && self.disk_is_full(around) {
                self.give_up(cause, around);
                break;
            }
            self.obey_one(output, cause, around);
        }
        self.begin_batch(around);
    }

    fn obey_one(&mut self, output: Output, cause: Seq, around: &mut Surroundings) {
        let server = self.id;
        match output {
            Output::Send(message) => {
                around.send(Packet::TwoPhase { message }, cause);
            }
            Output::Write(write) => {
                let entries = write.append.iter().flat_map(|append| append.entries.iter());
                for record in entries.filter_map(Record::decode) {
                    if let Some(participant) = &mut self.participant {
                        participant.written(&record, around.moment.at);
                    }
                }
                let written = Event::Written {
                    server,
                    write: write.clone(),
                };
                let written = around.record(cause, written);
                self.disk.issue(write, written);
            }
            Output::SetTimer(after) => self.set_reminder(after, cause, around),
            Output::Apply {
                index,
                transaction,
                change,
            } => {
                let op = OpId(transaction.number);
                self.machine.write(op, &change.key, change.value);
                self.last_applied = index;
                around.record(cause, Event::Applied { server, index });
            }
            Output::Done {
                transaction,
                decision,
            } => {
                let reply = match decision {
                    Decision::Commit => Reply::Done {
                        value: None,
                        tag: None,
                    },
                    Decision::Abort => Reply::Aborted,
                };
                self.reply(transaction, reply, cause, around);
            }
            Output::Refused {
                transaction,
                coordinator,
            } => self.reply(transaction, Reply::NotCoordinator { coordinator }, cause, around),
            Output::ReadReady { id } => {
                self.reads.ready(id, self.last_applied);
                self.answer_reads(cause, around);
            }
            Output::Note(note) => {
                around.record(cause, Event::TwoPhaseNoted { server, note });
            }
        }
    }

    fn set_reminder(&mut self, after: Duration, cause: Seq, around: &mut Surroundings) {
        self.timers_due[REMINDER as usize] = self.clock.read(around.moment.at) + after;
        let (server, after) = (self.id, self.clock.world_duration(after));
        // The alarm comes before the event that it names as its cause.
        let set = around.moment.next;
        let deadline = around.arm(Alarm::Raft(server, REMINDER), after, Some(set)).due;
        around.record(cause, Event::ReminderSet { server, deadline });
    }

    /// Answers whoever asked for this transaction, if somebody did since the server started.
    fn reply(&mut self, transaction: TransactionId, reply: Reply, cause: Seq, around: &mut Surroundings) {
        let Some(participant) = &mut self.participant else {
            return;
        };
        let place = participant.asked.iter().position(|asked| *asked == transaction);
        if let Some(place) = place {
            participant.asked.remove(place);
            let asker = (ClientId(transaction.client), OpId(transaction.number));
            self.respond(asker, reply, cause, around);
        }
    }
}

#[inline]
fn show_prepared(prepared: &two_phase::Prepared) -> PreparedState {
    PreparedState {
        change: prepared.change.clone(),
        decision: prepared.decision,
        blocked: prepared.blocked,
    }
}

#[inline]
fn show_ballot(ballot: &two_phase::Ballot) -> BallotState {
    BallotState {
        change: ballot.change.clone(),
        votes: ballot.votes.clone(),
        committed: ballot.committed,
        acknowledged: ballot.acknowledged.clone(),
    }
}

/// How every server shall behave.
fn config(around: &Surroundings) -> Config {
    let settings = &around.settings;
    Config {
        coordinator: TwoPhaseState::COORDINATOR,
        servers: around.servers,
        vote_timeout: settings.vote_timeout,
        ask_again: settings.ask_again,
        cooperative: settings.cooperative,
    }
}
