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
    held: Servers,
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
        self.committed = committed;
        self.configuration = configuration;
        self.held = Servers::default();
        for id in (1..).map(NodeId).take(servers.len()) {
            self.held.set(id, self.is_on(id, servers));
        }
        let (disks, voters) = self.minority()?;
        let index = committed.0;
        Some(Evidence::NotOnDisks {
            server,
            index,
            disks,
            voters,
        })
    }

    /// A server stopped, and its disk is what it is.
    pub(super) fn stop(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        match event {
            Event::Crashed { server } | Event::PoweredOff { server, .. } => self.synced(*server, servers),
            _ => None,
        }
    }

    /// More writes are on this server's disk.
    pub(super) fn synced(&mut self, server: NodeId, servers: &[Server]) -> Option<Evidence> {
        let held = self.held.contains(server);
        let holds = self.is_on(server, servers);
        self.held.set(server, holds);
        if !held || holds {
            return None;
        }
        let (disks, voters) = self.minority()?;
        let index = self.committed.0;
        Some(Evidence::LostFromDisk {
            server,
            index,
            disks,
            voters,
        })
    }

    fn is_on(&self, server: NodeId, servers: &[Server]) -> bool {
        let (index, link) = self.committed;
        servers[position(server)].durable.log.get(index) == Some(link)
    }

    /// On how many disks of how many voters it is, if that is no majority. Before the first commit nothing is asked for.
    fn minority(&self) -> Option<(u32, u32)> {
        let has = |voter: &&NodeId| self.held.contains(**voter);
        let mut lists = [&self.configuration.voters, &self.configuration.outgoing].into_iter();
        let missing = lists
            .find(|voters| !voters.is_empty() && 2 * voters.iter().filter(has).count() <= voters.len())?;
        Some((missing.iter().filter(has).count() as u32, missing.len() as u32))
    }
}

/// Some of the servers, a bit each: a world has no more than fit.
#[derive(Clone, Copy, Debug, Default)]
struct Servers(u64);

impl Servers {
    fn contains(self, id: NodeId) -> bool {
        self.0 >> position(id) & 1 == 1
    }

    fn set(&mut self, id: NodeId, is: bool) {
        let bit = 1 << position(id);
        self.0 = self.0 & !bit | if is { bit } else { 0 };
    }
}
