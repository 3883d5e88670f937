//! Progress: while a majority is up and connected, there is a leader before long and it commits.
//!
//! Nothing is demanded of how long that takes but a bound that no healthy cluster comes near: one whose messages take a second, or are held
//! or dropped by hand, is not. What the settings are is not known here: who loses every message makes no progress, and is told so.

use crate::{ClientId, Endpoint, Event, Evidence, LostBecause, OpId, Outcome, Packet, TraceEvent, WorldTime};
use raft_core::{Configuration, Duration, Index, NodeId, Note, Role};
use std::mem;
use std::sync::Arc;

/// How long a healthy majority may be without a leader, or without an answer to clients that ask.
const PATIENCE: Duration = Duration::secs(10);

/// A network in which a message takes so long is not a healthy one.
const SLOW: Duration = Duration::secs(1);

/// Follows who is up and connected, and since when nothing came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stall {
    servers: Vec<Server>,
    groups: Arc<[Vec<Endpoint>]>,
    cuts: Vec<(Endpoint, Endpoint)>,
    /// A majority that is up and connected, a bit a server; 0 if there is none.
    healthy: u32,
    committed: Index,
    /// Since when the healthy majority has had no leader.
    leaderless: Option<WorldTime>,
    /// Since when clients that reach all of it have asked again, in vain. Who asks only once may have had bad luck.
    in_vain: Option<WorldTime>,
    /// What each client asked for last.
    asked: Vec<Option<OpId>>,
}

#[derive(Clone, Debug, Default)]
struct Server {
    up: bool,
    /// Its process stands still.
    paused: bool,
    /// Its disk does.
    stalled: bool,
    leads: bool,
    configuration: Configuration,
}

impl Server {
    fn runs(&self) -> bool {
        self.up && !self.paused && !self.stalled
    }
}

impl Stall {
    /// Follows one event. `voters`: how many servers the cluster began with.
    pub(crate) fn follow(&mut self, event: &TraceEvent, voters: u32) {
        let at = event.at;
        match &event.event {
            Event::Began { servers, clients, .. } => {
                self.asked = vec![None; *clients as usize];
                self.servers = vec![Server::default(); *servers as usize];
                (1..=*servers).for_each(|id| self.start(NodeId(id), voters));
                self.disturbed(at);
            }
            Event::Crashed { server } | Event::PoweredOff { server, .. } => {
                *self.server(*server) = Server::default();
                self.disturbed(at);
            }
            Event::Restarted { server } => {
                self.start(*server, voters);
                self.disturbed(at);
            }
            Event::Partitioned { groups } => {
                self.groups = groups.clone();
                self.disturbed(at);
            }
            Event::Healed => {
                self.groups = Arc::default();
                self.cuts.clear();
                self.disturbed(at);
            }
            Event::LinkCut { from, to } => {
                self.cuts.push((*from, *to));
                self.disturbed(at);
            }
            Event::LinkMended { from, to } => {
                self.cuts.retain(|cut| *cut != (*from, *to));
                self.disturbed(at);
            }
            Event::Paused { server } => {
                self.server(*server).paused = true;
                self.disturbed(at);
            }
            Event::Resumed { server } => {
                self.server(*server).paused = false;
                self.disturbed(at);
            }
            Event::DiskStalled { server, .. } => {
                self.server(*server).stalled = true;
                self.disturbed(at);
            }
            Event::ClockJumped { .. } => self.begin_anew(at),
            Event::SettingChanged { .. } | Event::Ordered { .. } => self.disturbed(at),
            // What is done to messages by hand, and links on which they take long.
            Event::Planned { .. }
            | Event::Held { .. }
            | Event::Hastened { .. }
            | Event::Lost {
                because: LostBecause::Dropped,
                ..
            } => self.begin_anew(at),
            Event::Sent { packet, arrives, .. } => {
                self.ask(packet, at);
                self.sent(at, *arrives);
            }
            Event::Noted { server, note } => self.note(*server, note, at),
            Event::Committed { through, .. } if *through > self.committed => {
                self.committed = *through;
                self.in_vain = None;
            }
            Event::Returned {
                outcome: Outcome::Ok { .. },
                ..
            } => self.in_vain = None,
            _ => {}
        }
    }

    /// A disk is done with a batch: if it stalled, it does no more.
    #[inline]
    pub(crate) fn synced(&mut self, at: WorldTime, server: NodeId) {
        if mem::take(&mut self.server(server).stalled) {
            self.disturbed(at);
        }
    }

    /// A client asks for this, perhaps not for the first time.
    fn ask(&mut self, packet: &Packet, at: WorldTime) {
        let (Packet::Request { from, op, .. } | Packet::Query { from, op, .. }) = packet else {
            return;
        };
        let asked = &mut self.asked[(from.0 as usize).wrapping_sub(1)];
        if asked.replace(*op) == Some(*op) && self.in_vain.is_none() && self.reaches_all(*from) {
            self.in_vain = Some(at);
        }
    }

    /// A message is on its way.
    #[inline]
    pub(crate) fn sent(&mut self, at: WorldTime, arrives: WorldTime) {
        if arrives - at >= SLOW {
            self.begin_anew(at);
        }
    }

    /// Whether somebody has waited too long by now.
    #[inline]
    pub(crate) fn overdue(&self, at: WorldTime) -> Option<Evidence> {
        self.overdue_since(at)
            .filter(|_| self.healthy != 0)
            .map(|since| self.no_progress(since))
    }

    /// Since when somebody has waited too long.
    #[inline]
    pub(crate) fn overdue_since(&self, at: WorldTime) -> Option<WorldTime> {
        let too_long = |since: &WorldTime| at - *since >= PATIENCE;
        self.leaderless.filter(too_long).or(self.in_vain.filter(too_long))
    }

    #[cold]
    fn no_progress(&self, since: WorldTime) -> Evidence {
        Evidence::NoProgress {
            since,
            majority: self.members().collect(),
            leader: self.members().find(|id| self.servers[place(*id)].leads),
        }
    }

    fn note(&mut self, id: NodeId, note: &Note, at: WorldTime) {
        match note {
            Note::Became { role, .. } => {
                self.server(id).leads = *role == Role::Leader;
                self.look_for_leader(at);
            }
            Note::ConfigurationChanged { configuration, .. } => {
                self.server(id).configuration = (**configuration).clone();
                self.disturbed(at);
            }
            _ => {}
        }
    }

    fn start(&mut self, id: NodeId, voters: u32) {
        *self.server(id) = Server {
            up: true,
            paused: false,
            stalled: false,
            leads: false,
            configuration: Configuration {
                voters: (1..=voters).map(NodeId).collect(),
                ..Configuration::default()
            },
        };
    }

    /// Something happened that a cluster may need some time for.
    fn disturbed(&mut self, at: WorldTime) {
        let all = 1u32 << self.servers.len();
        let best = (1..all).rev().filter(|set| self.is_healthy(*set));
        self.healthy = best.max_by_key(|set| set.count_ones()).unwrap_or(0);
        self.begin_anew(at);
    }

    /// Whoever was waited for has all the time again.
    fn begin_anew(&mut self, at: WorldTime) {
        self.leaderless = None;
        self.in_vain = None;
        self.look_for_leader(at);
    }

    fn look_for_leader(&mut self, at: WorldTime) {
        if self.members().any(|id| self.servers[place(id)].leads) {
            self.leaderless = None;
        } else {
            self.leaderless = self.leaderless.or(Some(at));
        }
    }

    /// Whether these servers are up, all reach one another, and are a majority whomever of those that are up one asks.
    fn is_healthy(&self, set: u32) -> bool {
        let members = || members(set);
        let has_majority = |voters: &Vec<NodeId>| {
            let mine = voters.iter().filter(|id| set & 1 << place(**id) != 0).count();
            voters.is_empty() || 2 * mine > voters.len()
        };
        members().all(|id| self.servers[place(id)].runs())
            && self.servers.iter().filter(|server| server.up).all(|server| {
                has_majority(&server.configuration.voters) && has_majority(&server.configuration.outgoing)
            })
            && members().all(|a| members().all(|b| self.connected(Endpoint::Server(a), Endpoint::Server(b))))
    }

    fn reaches_all(&self, client: ClientId) -> bool {
        self.members()
            .all(|id| self.connected(Endpoint::Client(client), Endpoint::Server(id)))
    }

    fn members(&self) -> impl Iterator<Item = NodeId> + use<> {
        members(self.healthy)
    }

    /// Whether messages get from one to the other and back.
    fn connected(&self, a: Endpoint, b: Endpoint) -> bool {
        let group = |e: Endpoint| self.groups.iter().position(|g| g.contains(&e));
        let apart = matches!((group(a), group(b)), (Some(x), Some(y)) if x != y);
        !apart && !self.cuts.contains(&(a, b)) && !self.cuts.contains(&(b, a))
    }

    fn server(&mut self, id: NodeId) -> &mut Server {
        &mut self.servers[place(id)]
    }
}

fn members(set: u32) -> impl Iterator<Item = NodeId> {
    (0..u32::BITS)
        .filter(move |bit| set & 1 << bit != 0)
        .map(|bit| NodeId(bit + 1))
}

fn place(id: NodeId) -> usize {
    (id.0 as usize).wrapping_sub(1)
}
