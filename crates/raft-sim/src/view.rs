//! What there is to see of a world, from its own parts.

use crate::World;
use crate::client::Client;
use crate::network::Flying;
use crate::scenario::Link;
use raft_core::SortedMap;
use raft_trace::{ClusterState, InFlight, WorldTime};

impl World {
    /// The state of everything, taken from the servers, disks, clients and the network themselves and not from the trace. The
    /// fold over the events must give the same: that shows the trace to be complete.
    #[must_use]
    #[inline]
    pub fn view(&self) -> ClusterState {
        if !self.begun() {
            return ClusterState::default();
        }
        let around = &self.around;
        let in_flight = around.network.in_flight().map(in_flight);
        let in_flight: SortedMap<_, _> = in_flight.map(|message| (message.id, message)).collect();
        ClusterState {
            protocol: around.protocol,
            servers: self
                .servers
                .iter()
                .map(|server| server.state(&around.alarms))
                .collect(),
            voters: around.voters,
            clients: self.clients.iter().map(Client::state).collect(),
            in_flight: in_flight.into_iter().map(|(_, message)| message).collect(),
            groups: around.network.groups().clone(),
            plans: around.network.plans().to_vec(),
            cuts: around
                .network
                .cuts()
                .iter()
                .map(|&Link { from, to }| (from, to))
                .collect(),
            said: around.said.clone(),
            ended: self.ended(),
        }
    }
}

#[inline]
fn in_flight((flying, held): (&Flying, Option<WorldTime>)) -> InFlight {
    InFlight {
        id: flying.message,
        original: flying.original,
        seq: flying.seq,
        sent_at: flying.sent_at,
        arrives: flying.arrives,
        held,
        packet: flying.packet.clone(),
    }
}
