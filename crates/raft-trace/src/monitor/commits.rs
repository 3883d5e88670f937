//! While a server runs, its commit index never goes back, and what it knows to be committed stays in its log (Figure 2, §5.4).

use super::{Server, position};
use crate::chain::{Chain, Link};
use crate::{Event, Evidence};
use raft_core::{Index, NodeId};

/// Follows what each server knows to be committed.
#[derive(Clone, Debug, Default)]
pub(super) struct Commits {
    /// How far, and what its log had there.
    servers: Vec<(Index, Option<Link>)>,
}

impl Commits {
    /// How far this server knows the log to be committed.
    pub(super) fn index(&self, server: NodeId) -> Index {
        self.servers[position(server)].0
    }

    /// Whether this server knows this place to be committed, and has had its log there ever since.
    pub(super) fn covers(&self, server: NodeId, index: Index, log: &Chain) -> bool {
        let (committed, there) = self.servers[position(server)];
        index <= committed && there.is_some() && log.get(committed) == there
    }

    /// Everything begins, or a server stopped: it will not remember what was committed.
    pub(super) fn start_or_stop(&mut self, event: &Event) {
        match event {
            Event::Began { servers, .. } => self.servers = vec![Default::default(); *servers as usize],
            Event::Crashed { server } | Event::PoweredOff { server, .. } => {
                self.servers[position(*server)] = Default::default();
            }
            _ => {}
        }
    }

    /// A server's commit index is another one.
    pub(super) fn commit(&mut self, id: NodeId, to: Index, server: &Server) -> Option<Evidence> {
        let known = &mut self.servers[position(id)];
        let (from, _) = std::mem::replace(known, (to, server.log.get(to)));
        (to < from).then_some(Evidence::CommitWentBack { server: id, from, to })
    }

    /// A log is another one from `first` on, or altogether.
    pub(super) fn log_changed(&self, id: NodeId, server: &Server, first: Option<Index>) -> Option<Evidence> {
        let (committed, there) = self.servers[position(id)];
        let untouched = first.is_some_and(|first| first > committed);
        if untouched || there.is_none() || server.log.get(committed) == there {
            return None;
        }
        let from = first.unwrap_or(server.log.last_index().next());
        Some(Evidence::CommittedRemoved {
            server: id,
            from: from.min(committed),
            committed,
        })
    }
}
