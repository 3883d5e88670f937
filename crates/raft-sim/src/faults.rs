//! What befalls a single server, carried out.

use crate::World;
use crate::scenario::Command;
use raft_core::NodeId;
use raft_trace::{Endpoint, Event};

impl World {
    /// Does to a server what the command says.
    pub(crate) fn strike(&mut self, command: &Command, id: NodeId) {
        if !self.has(Endpoint::Server(id)) {
            return;
        }
        let (server, around) = (&mut self.servers[id.0 as usize - 1], &mut self.around);
        match command {
            Command::Crash(_) if server.is_up() => {
                server.crash(around);
                around.record(None, Event::Crashed { server: id });
            }
            Command::PowerOff(_) => server.power_off(around),
            Command::Restart(_) | Command::PowerOn(_) if !server.is_up() => {
                let restarted = around.record(None, Event::Restarted { server: id });
                server.start(restarted, around);
            }
            _ => {}
        }
    }
}
