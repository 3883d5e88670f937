//! The world: makes one thing happen after another.

use crate::alarms::{Alarm, Alarms};
use crate::client::Client;
use crate::dice::Dice;
use crate::moment::Moment;
use crate::network::Network;
use crate::scenario::{Command, Scenario, Settings, Timed, limits};
use crate::server::Server;
use crate::surroundings::Surroundings;
use raft_core::NodeId;
use raft_trace::{
    ClientId, Endpoint, Event, LostBecause, OpId, Packet, Protocol, Seq, TraceEvent, WorldTime,
};
use std::mem;
use std::sync::Arc;

/// A world has no more events than this; then it ends.
const EVENTS: u32 = u32::MAX / 2;

/// A deterministic world: servers, clients, a network, and the script of what is done to them. What happens is a function of
/// the scenario and the commands given, and of nothing else.
///
/// A clone is cheap and goes on by itself, exactly as the original would.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) servers: Vec<Server>,
    pub(crate) clients: Vec<Client>,
    pub(crate) around: Surroundings,
    /// What is done to the world, by time; ends with `end`.
    script: Arc<Vec<Timed>>,
    /// How much of it is done.
    done: u32,
    /// What happens next, and when. `None` when the scenario is over.
    next: Option<(WorldTime, Next)>,
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Next {
    Begin,
    Command,
    Message,
    Alarm,
}

impl World {
    /// A world in which nothing has happened yet.
    ///
    /// # Panics
    /// If the scenario has no server, or more servers or clients than [`limits::ENDPOINTS`], or names one that it does not
    /// have; the parser lets no such scenario through.
    #[must_use]
    pub fn new(scenario: &Scenario) -> World {
        let (servers, clients) = (scenario.servers, scenario.clients);
        assert!((1..=limits::ENDPOINTS).contains(&servers) && clients <= limits::ENDPOINTS);
        let settings = Settings::of(scenario);
        World {
            servers: (1..=servers)
                .map(NodeId)
                .map(|id| Server::new(id, settings.drift(id), scenario.protocol))
                .collect(),
            clients: (1..=clients).map(ClientId).map(Client::new).collect(),
            around: Surroundings {
                moment: Moment {
                    at: WorldTime(0),
                    next: Seq(0),
                    events: Vec::new(),
                },
                network: Network::new(servers, clients),
                alarms: Alarms::new(servers, clients),
                settings: Arc::new(settings),
                dice: Dice::new(scenario.seed),
                protocol: scenario.protocol,
                servers,
                voters: scenario.voters.unwrap_or(servers),
                next_op: OpId(0),
                said: None,
                outputs: Vec::new(),
            },
            script: with_end(&scenario.script),
            done: 0,
            next: Some((WorldTime(0), Next::Begin)),
        }
    }

    /// When the last thing happened.
    #[must_use]
    pub fn now(&self) -> WorldTime {
        self.around.moment.at
    }

    /// The position in the trace of the next event.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.around.moment.next
    }

    pub(crate) fn begun(&self) -> bool {
        !matches!(self.next, Some((_, Next::Begin)))
    }

    /// Whether the scenario is over: nothing will ever happen again.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.next.is_none()
    }

    /// When the next thing happens. `None` when the scenario is over.
    #[must_use]
    pub fn next_at(&self) -> Option<WorldTime> {
        self.next.map(|(at, _)| at)
    }

    /// Lets exactly one thing happen and appends its events to `out`. A few things leave no event, such as a crash of a server
    /// that is down. Returns false, and does nothing, when the scenario is over.
    pub fn step(&mut self, out: &mut Vec<TraceEvent>) -> bool {
        let Some((at, next)) = self.next else {
            return false;
        };
        self.around.moment.at = at;
        mem::swap(&mut self.around.moment.events, out);
        match next {
            Next::Begin => self.begin(),
            Next::Command => self.next_command(),
            Next::Message => self.next_message(),
            Next::Alarm => self.next_alarm(),
        }
        mem::swap(&mut self.around.moment.events, out);
        if self.next.is_some() {
            self.find_next();
        }
        true
    }

    /// Lets all servers keep in one place what their logs have in common: a long run then takes less memory. Nothing else changes.
    pub fn share_memory(&mut self) {
        let logs = self.servers.iter().filter_map(Server::log);
        if let Some(longest) = logs.max_by_key(|log| log.last_index()).cloned() {
            self.servers
                .iter_mut()
                .for_each(|server| server.share_log(&longest));
        }
    }

    /// Goes on by another script, which must agree with the old one as far as that was carried out. This is how a command is
    /// given to a running world. A new command whose time has passed comes next.
    pub fn replan(&mut self, script: &[Timed]) {
        debug_assert!(script.starts_with(&self.script[..self.done as usize]));
        self.script = with_end(script);
        if self.begun() && !self.ended() {
            self.find_next();
        }
    }

    /// At equal times commands come first, then messages, then alarms.
    fn find_next(&mut self) {
        let mut next = match self.script.get(self.done as usize) {
            Some(timed) if self.seq().0 <= EVENTS => (timed.at.max(self.now()), Next::Command),
            _ => (self.now(), Next::Command),
        };
        if let Some(at) = self.around.network.next_at().filter(|&at| at < next.0) {
            next = (at, Next::Message);
        }
        if let Some(at) = self.around.alarms.next_at().filter(|&at| at < next.0) {
            next = (at, Next::Alarm);
        }
        self.next = Some(next);
    }

    /// Who leads: of those that believe to lead the one of the highest term.
    pub(crate) fn leader(&self) -> Option<NodeId> {
        let leaders = self.servers.iter().filter_map(Server::leads);
        leaders.max().map(|(_, id)| id)
    }

    fn begin(&mut self) {
        let (servers, clients) = (self.servers.len() as u32, self.clients.len() as u32);
        let voters = self.around.voters;
        let began = Event::Began {
            servers,
            voters,
            clients,
        };
        let mut began = self.around.record(None, began);
        if self.around.protocol != Protocol::Raft {
            let protocol = self.around.protocol;
            began = self.around.record(began, Event::ProtocolChosen { protocol });
        }
        for server in &mut self.servers {
            server.start(began, &mut self.around);
        }
    }

    fn next_message(&mut self) {
        let Some(flying) = self.around.network.pop() else {
            return;
        };
        let doom = match flying.packet.to() {
            Endpoint::Server(id) if flying.doom.is_none() && !self.servers[id.0 as usize - 1].is_up() => {
                Some(LostBecause::ReceiverDown)
            }
            _ => flying.doom,
        };
        let message = flying.message;
        if let Some(because) = doom {
            self.around.record(flying.seq, Event::Lost { message, because });
            return;
        }
        let cause = self.around.record(flying.seq, Event::Delivered { message });
        match flying.packet {
            Packet::Raft { message } => {
                self.servers[message.to.0 as usize - 1].on_message(message, cause, &mut self.around);
            }
            Packet::TwoPhase { message } => {
                self.servers[message.to.0 as usize - 1].on_two_phase(message, cause, &mut self.around);
            }
            Packet::Request {
                from,
                to,
                op,
                command,
            } => {
                self.servers[to.0 as usize - 1].on_request(from, op, command, cause, &mut self.around);
            }
            Packet::Query {
                from,
                to,
                op,
                key,
                mode,
            } => {
                self.servers[to.0 as usize - 1].on_query((from, op), key, mode, cause, &mut self.around);
            }
            Packet::Response { from, to, op, reply } => {
                let client = &mut self.clients[to.0 as usize - 1];
                client.on_response(
                    from,
                    op,
                    reply,
                    flying.original.is_some(),
                    cause,
                    &mut self.around,
                );
            }
        }
    }

    fn next_alarm(&mut self) {
        let World {
            servers,
            clients,
            around,
            ..
        } = self;
        let Some((alarm, armed)) = around.alarms.pop() else {
            return;
        };
        let cause = armed.cause;
        match alarm {
            Alarm::Raft(id, timer) => servers[id.0 as usize - 1].on_timer(timer, cause, around),
            Alarm::Disk(id) => servers[id.0 as usize - 1].on_disk(cause, around),
            Alarm::Ask(id) => clients[id.0 as usize - 1].on_ask(cause, around),
            Alarm::GiveUp(id) => clients[id.0 as usize - 1].give_up(cause, around),
            Alarm::Load(id) => clients[id.0 as usize - 1].on_load(cause, around),
        }
    }

    fn next_command(&mut self) {
        let script = Arc::clone(&self.script);
        let command = match script.get(self.done as usize) {
            Some(timed) if self.seq().0 <= EVENTS => &timed.command,
            _ => &Command::End,
        };
        self.done += 1;
        self.obey(command);
    }

    /// Writes the last event.
    pub(crate) fn end(&mut self) {
        self.around.record(None, Event::Ended);
        self.next = None;
    }
}

/// A script that ends at the latest time there can be.
fn with_end(script: &[Timed]) -> Arc<Vec<Timed>> {
    let end = Timed {
        at: WorldTime(limits::TIME.end().0),
        command: Command::End,
    };
    Arc::new(script.iter().cloned().chain([end]).collect())
}
