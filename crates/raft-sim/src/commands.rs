//! What a scenario or a person does to the world, carried out.

use crate::World;
use crate::alarms::Alarm;
use crate::client::Wish;
use crate::scenario::{Command, Link, Load, Setting};
use raft_core::{NodeId, Timer};
use raft_trace::{ClientId, Endpoint, Event, Order, Packet};
use std::sync::Arc;

impl World {
    /// Carries out a command. What makes no sense does nothing and leaves no event: a crash of a server that is down, a cut of
    /// a link that is cut, anything about a server or client that does not exist.
    pub(crate) fn obey(&mut self, command: &Command) {
        match command {
            Command::Crash(ids)
            | Command::PowerOff(ids)
            | Command::Restart(ids)
            | Command::PowerOn(ids)
            | Command::Pause(ids)
            | Command::Resume(ids) => ids.iter().for_each(|&id| self.strike(command, id)),
            Command::Stall(id, _) | Command::ClockJump(id, _) => self.strike(command, *id),
            Command::Timeout(id) => self.time_out(*id),
            Command::Transfer(from, to) if self.has(Endpoint::Server(*to)) => {
                self.order(*from, &Order::Transfer { to: *to });
            }
            Command::Transfer(..) => {}
            Command::Change { change, via } => {
                if let Some(server) = via.or_else(|| self.leader()) {
                    let change = change.clone();
                    self.order(server, &Order::Change { change });
                }
            }
            Command::Snapshot(id) => self.order(*id, &Order::Snapshot),
            Command::Partition(groups) => {
                let groups: Arc<[Vec<Endpoint>]> = groups.as_slice().into();
                self.around.network.partition(groups.clone());
                self.around.record(None, Event::Partitioned { groups });
            }
            Command::Heal => {
                if self.around.network.heal() {
                    self.around.record(None, Event::Healed);
                }
            }
            Command::Cut(link) => {
                let Link { from, to } = *link;
                if self.has(from) && self.has(to) && self.around.network.cut(*link) {
                    self.around.record(None, Event::LinkCut { from, to });
                }
            }
            Command::Mend(link) => {
                let Link { from, to } = *link;
                if self.around.network.mend(*link) {
                    self.around.record(None, Event::LinkMended { from, to });
                }
            }
            Command::Plan(plan) => {
                if self.has(plan.from) && self.has(plan.to) {
                    self.around.network.plan(*plan, &mut self.around.moment);
                }
            }
            Command::Handle(handling, message) => {
                let copied = self.around.handle(*handling, *message);
                if let Some(Packet::Request { from, op, .. } | Packet::Query { from, op, .. }) = copied {
                    self.clients[from.0 as usize - 1].copied(op);
                }
            }
            Command::Client { client, .. } | Command::Load { client, .. } | Command::LoadStop(client) => {
                self.instruct(*client, command);
            }
            Command::Set(setting) => self.set(setting),
            Command::Say(text) => {
                self.around.said = Some(text.clone());
                self.around.record(None, Event::Said { text: text.clone() });
            }
            Command::End => self.end(),
        }
    }

    /// Has a client do something.
    fn instruct(&mut self, client: ClientId, command: &Command) {
        if !self.has(Endpoint::Client(client)) {
            return;
        }
        let servers = self.around.servers;
        let known = |via: Option<NodeId>| via.filter(|id| (1..=servers).contains(&id.0));
        let (client, around) = (&mut self.clients[client.0 as usize - 1], &mut self.around);
        match command {
            Command::Client {
                operation,
                via,
                within,
                ..
            } => {
                let wish = Wish {
                    operation: operation.clone(),
                    via: known(*via),
                    within: *within,
                };
                client.invoke(wish, None, around);
            }
            Command::Load { load, .. } => {
                let load = Load {
                    via: known(load.via),
                    ..load.clone()
                };
                client.start_load(load, around);
            }
            _ => client.stop_load(around),
        }
    }

    /// Fires a server's election timer now. A leader has none that runs.
    fn time_out(&mut self, id: NodeId) {
        if self.has(Endpoint::Server(id))
            && self
                .around
                .alarms
                .stop(Alarm::Raft(id, Timer::Election))
                .is_some()
        {
            self.servers[id.0 as usize - 1].on_timer(Timer::Election, None, &mut self.around);
        }
    }

    fn order(&mut self, server: NodeId, order: &Order) {
        if self.has(Endpoint::Server(server)) && self.servers[server.0 as usize - 1].runs() {
            let ordered = Event::Ordered {
                server,
                order: order.clone(),
            };
            let ordered = self.around.record(None, ordered);
            self.servers[server.0 as usize - 1].on_order(order, ordered, &mut self.around);
        }
    }

    fn set(&mut self, setting: &Setting) {
        let known = match *setting {
            Setting::Latency(Some(link), _)
            | Setting::Loss(Some(link), _)
            | Setting::Duplicate(Some(link), _)
            | Setting::Bandwidth(Some(link), _) => self.has(link.from) && self.has(link.to),
            Setting::Drift(id, _)
            | Setting::Disk(id, _)
            | Setting::Write(Some(id), _)
            | Setting::Fsync(Some(id), _) => self.has(Endpoint::Server(id)),
            _ => true,
        };
        if !known {
            return;
        }
        Arc::make_mut(&mut self.around.settings).apply(setting);
        let changed = self.around.record(
            None,
            Event::SettingChanged {
                setting: setting.to_string().into(),
            },
        );
        for server in &mut self.servers {
            server.configure(changed, &mut self.around);
        }
    }

    pub(crate) fn has(&self, endpoint: Endpoint) -> bool {
        match endpoint {
            Endpoint::Server(NodeId(n)) => (1..=self.servers.len()).contains(&(n as usize)),
            Endpoint::Client(ClientId(n)) => (1..=self.clients.len()).contains(&(n as usize)),
        }
    }
}
