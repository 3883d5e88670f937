//! What is committed is on the disks of a majority (thesis 3.8): when it is committed, and ever after.

use super::{Server, position};
use crate::chain::Link;
use crate::{Event, Evidence};
use raft_core::{Configuration, Index, NodeId};
use std::sync::Arc;

/// Follows on which disks the last committed entry is, and with it all before.
#[derive(Clone, Debug, Default)]
pub(super) struct Disks {
    /// The last entry that anybody took for committed.
    committed: (Index, Link),
    /// The configuration by which that was counted.
    configuration: Arc<Configuration>,
    /// Whose disks have it.
    held: Vec<NodeId>,
}

impl Disks {
    /// How far the log is committed, as far as is known here.
    pub(super) fn committed(&self) -> Index {
        self.committed.0
    }

    /// This server was the first to take the log for committed up to here; it went by this configuration.
    pub(super) fn commit(
        &mut self,
        server: NodeId,
        committed: (Index, Link),
        configuration: Arc<Configuration>,
        servers: &[Server],
    ) -> Option<Evidence> {
        let all = (1..).map(NodeId).take(servers.len());
        self.committed = committed;
        self.configuration = configuration;
        self.held = all.filter(|id| self.is_on(*id, servers)).collect();
        let (disks, voters) = self.minority()?;
        let index = committed.0;
        Some(Evidence::NotOnDisks {
            server,
            index,
            disks,
            voters,
        })
    }

    /// Judges what became of a server's disk by this event, which the servers have followed already.
    pub(super) fn observe(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        let server = match event {
            Event::Synced { server, .. } | Event::Crashed { server } => *server,
            _ => return None,
        };
        let held = self.held.contains(&server);
        match (held, self.is_on(server, servers)) {
            (false, true) => self.held.push(server),
            (true, false) => {
                self.held.retain(|id| *id != server);
                let (disks, voters) = self.minority()?;
                let index = self.committed.0;
                return Some(Evidence::LostFromDisk {
                    server,
                    index,
                    disks,
                    voters,
                });
            }
            _ => {}
        }
        None
    }

    fn is_on(&self, server: NodeId, servers: &[Server]) -> bool {
        let (index, link) = self.committed;
        servers[position(server)].durable.log.get(index) == Some(link)
    }

    /// On how many disks of how many voters it is, if that is no majority. Before the first commit nothing is asked for.
    fn minority(&self) -> Option<(u32, u32)> {
        let has = |voter: &&NodeId| self.held.contains(voter);
        let mut lists = [&self.configuration.voters, &self.configuration.outgoing].into_iter();
        let missing = lists
            .find(|voters| !voters.is_empty() && 2 * voters.iter().filter(has).count() <= voters.len())?;
        Some((missing.iter().filter(has).count() as u32, missing.len() as u32))
    }
}
