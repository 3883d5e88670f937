//! The whole cluster at one point of a run, made from nothing but the events before it.

use crate::{
    ClientId, Endpoint, Event, MessageId, OpId, Operation, Outcome, Packet, Plan, Protocol, Seq, ServerState,
    TimerState, TraceEvent, Word, WorldTime,
};
use raft_core::{NodeId, SortedSet};
use std::collections::VecDeque;
use std::sync::Arc;

/// Everything there is to see at one point of a run. It starts empty and follows the events one by one; all parts are
/// public, so that the world can build the same from its own parts and be compared with it. Clones share the logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterState {
    /// What the servers run.
    pub protocol: Protocol,
    /// S1…Sn.
    pub servers: Vec<ServerState>,
    /// The first so many of them were the cluster's first voters.
    pub voters: u32,
    /// C1…Cn.
    pub clients: Vec<ClientState>,
    /// Messages on their way, by number. They leave from the front more or less, and come in at the back.
    pub in_flight: VecDeque<InFlight>,
    /// The sides of a split network; empty when there is none.
    pub groups: Arc<[Vec<Endpoint>]>,
    /// Directions that are cut, from → to.
    pub cuts: SortedSet<(Endpoint, Endpoint)>,
    /// What shall be done to messages yet to be sent, in the order given.
    pub plans: Vec<Plan>,
    /// What the author said last.
    pub said: Option<Word>,
    /// Whether the scenario is over.
    pub ended: bool,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// Its number.
    pub id: MessageId,
    /// What it was copied from, if the network made it.
    pub original: Option<MessageId>,
    /// The event by which it went out.
    pub seq: Seq,
    /// When it went out.
    pub sent_at: WorldTime,
    /// When it arrives, if nothing comes between; of a held message, when it would have.
    pub arrives: WorldTime,
    /// Since when it is held.
    pub held: Option<WorldTime>,
    /// What it is.
    pub packet: Packet,
}

/// A client at one point of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientState {
    /// Its name.
    pub id: ClientId,
    /// The operation it waits for.
    pub current: Option<Invocation>,
    /// How many operations wait behind that.
    pub waiting: u32,
    /// The last operation that ended, and how.
    pub last: Option<(Invocation, Outcome)>,
}

/// An operation and its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// Its number.
    pub op: OpId,
    /// What.
    pub operation: Operation,
    /// The event by which it began.
    pub seq: Seq,
    /// When it began.
    pub at: WorldTime,
}

impl ClientState {
    /// A client that has done nothing yet.
    #[must_use]
    pub fn new(id: ClientId) -> ClientState {
        ClientState {
            id,
            ..ClientState::default()
        }
    }
}

impl ClusterState {
    /// The server of this name.
    #[must_use]
    pub fn server(&self, id: NodeId) -> Option<&ServerState> {
        self.servers.get(position(id.0))
    }

    /// The client of this name.
    #[must_use]
    pub fn client(&self, id: ClientId) -> Option<&ClientState> {
        self.clients.get(position(id.0))
    }

    /// The message of this number, if it is on its way.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&InFlight> {
        self.in_flight
            .get(self.in_flight.binary_search_by_key(&id, |m| m.id).ok()?)
    }

    /// Follows one event.
    ///
    /// # Panics
    /// When the event names a server or client that the world did not begin with.
    pub fn apply(&mut self, event: &TraceEvent) {
        let at = event.at;
        match &event.event {
            Event::Began {
                servers,
                voters,
                clients,
            } => {
                self.voters = *voters;
                self.servers = (1..=*servers)
                    .map(|id| ServerState::new(NodeId(id), *voters))
                    .collect();
                self.clients = (1..=*clients).map(|id| ClientState::new(ClientId(id))).collect();
            }
            Event::Crashed { server } => self.server_mut(*server).crash(),
            Event::PoweredOff {
                server,
                through,
                entries,
            } => self.server_mut(*server).power_off(*through, *entries),
            Event::Restarted { server } => {
                let voters = self.voters;
                self.server_mut(*server).restart(voters, at);
            }
            Event::TimerSet {
                server,
                timer,
                deadline,
            } => {
                let (set_at, deadline) = (at, *deadline);
                self.server_mut(*server)
                    .set_timer(*timer, Some(TimerState { set_at, deadline }));
            }
            Event::TimerMoved {
                server,
                timer,
                deadline,
            } => self.server_mut(*server).move_timer(*timer, *deadline),
            Event::TimerStopped { server, timer } | Event::TimerFired { server, timer } => {
                self.server_mut(*server).set_timer(*timer, None);
            }
            Event::Written { server, write } => self.server_mut(*server).write(write, at),
            Event::Synced { server, through } => self.server_mut(*server).sync(*through),
            Event::SyncClaimed { server, through } => self.server_mut(*server).claim(*through),
            Event::DiskStalled { server, .. } => self.server_mut(*server).stalled = true,
            Event::Paused { server } => self.server_mut(*server).paused = true,
            Event::Resumed { server } => self.server_mut(*server).paused = false,
            Event::Committed { server, through } => self.server_mut(*server).commit_index = *through,
            Event::Restored { server, .. } => self.server_mut(*server).restore(),
            Event::Applied { server, index } => self.server_mut(*server).apply_entry(*index),
            Event::Noted { server, note } => self.server_mut(*server).note(note),
            Event::ProtocolChosen { .. }
            | Event::ReminderSet { .. }
            | Event::ReminderFired { .. }
            | Event::TwoPhaseNoted { .. } => self.apply_two_phase(event),
            _ => self.apply_outside(event),
        }
    }

    /// What happens in two-phase commit alone.
    fn apply_two_phase(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::ProtocolChosen { protocol } => {
                self.protocol = *protocol;
                self.servers
                    .iter_mut()
                    .for_each(|server| server.choose(*protocol));
            }
            Event::ReminderSet { server, deadline } => {
                let (set_at, deadline) = (event.at, *deadline);
                self.set_reminder(*server, Some(TimerState { set_at, deadline }));
            }
            Event::ReminderFired { server } => self.set_reminder(*server, None),
            Event::TwoPhaseNoted { server, note } => {
                if let Some(two_phase) = &mut self.server_mut(*server).two_phase {
                    two_phase.note(note);
                }
            }
            _ => {}
        }
    }

    fn set_reminder(&mut self, server: NodeId, reminder: Option<TimerState>) {
        if let Some(two_phase) = &mut self.server_mut(server).two_phase {
            two_phase.reminder = reminder;
        }
    }

    /// What happens outside the servers, first of all on the network.
    fn apply_outside(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Sent {
                message,
                packet,
                arrives,
            } => {
                if let Some(i) = self.plans.iter().position(|plan| plan.means(packet)) {
                    self.plans.remove(i);
                }
                self.send(event, *message, None, packet.clone(), *arrives);
            }
            Event::Duplicated {
                message,
                original,
                arrives,
            } => {
                if let Some(packet) = self.message(*original).map(|m| m.packet.clone()) {
                    self.send(event, *message, Some(*original), packet, *arrives);
                }
            }
            Event::Delivered { message } | Event::Lost { message, .. } => {
                if let Ok(i) = self.in_flight.binary_search_by_key(message, |m| m.id) {
                    self.in_flight.remove(i);
                }
            }
            Event::Planned {
                handling,
                kind,
                from,
                to,
            } => self.plans.push(Plan {
                handling: *handling,
                kind: *kind,
                from: *from,
                to: *to,
            }),
            Event::Held { message } => self.reschedule(*message, |m| m.held = Some(event.at)),
            Event::Hastened { message } => self.reschedule(*message, |m| {
                m.held = None;
                m.arrives = event.at;
            }),
            Event::Partitioned { groups } => self.groups = groups.clone(),
            Event::Healed => {
                self.groups = Arc::default();
                self.cuts.clear();
            }
            Event::LinkCut { from, to } => {
                self.cuts.add((*from, *to));
            }
            Event::LinkMended { from, to } => {
                self.cuts.remove(&(*from, *to));
            }
            _ => self.apply_beyond(event),
        }
    }

    /// What happens outside servers and network: clients, author.
    fn apply_beyond(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Queued { client, .. } => self.client_mut(*client).waiting += 1,
            Event::Invoked {
                client,
                op,
                operation,
            } => {
                let (op, operation) = (*op, operation.clone());
                let (seq, at) = (event.seq, event.at);
                let client = self.client_mut(*client);
                // What waits comes first: none begins before it.
                client.waiting = client.waiting.saturating_sub(1);
                client.current = Some(Invocation {
                    op,
                    operation,
                    seq,
                    at,
                });
            }
            Event::Returned { client, outcome, .. } => {
                let client = self.client_mut(*client);
                client.last = client.current.take().map(|ended| (ended, outcome.clone()));
            }
            Event::Said { text } => self.said = Some(text.clone()),
            Event::Ended => self.ended = true,
            // Settings are the scenario's; all others are the servers'.
            _ => {}
        }
    }

    fn send(
        &mut self,
        event: &TraceEvent,
        id: MessageId,
        original: Option<MessageId>,
        packet: Packet,
        arrives: WorldTime,
    ) {
        self.in_flight.push_back(InFlight {
            id,
            original,
            seq: event.seq,
            sent_at: event.at,
            arrives,
            held: None,
            packet,
        });
    }

    fn reschedule(&mut self, id: MessageId, change: impl FnOnce(&mut InFlight)) {
        if let Ok(i) = self.in_flight.binary_search_by_key(&id, |m| m.id) {
            change(&mut self.in_flight[i]);
        }
    }

    fn server_mut(&mut self, id: NodeId) -> &mut ServerState {
        &mut self.servers[position(id.0)]
    }

    fn client_mut(&mut self, id: ClientId) -> &mut ClientState {
        &mut self.clients[position(id.0)]
    }
}

/// Where number `id`, counted from 1, stands in a list. Number 0 does not exist and stands nowhere.
fn position(id: u32) -> usize {
    (id as usize).wrapping_sub(1)
}
