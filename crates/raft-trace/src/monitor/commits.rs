//! While a server runs, its commit index never goes back, and what it knows to be committed stays in its log (Figure 2, §5.4).

use super::{Server, position};
use crate::chain::Link;
use crate::{Event, Evidence};
use raft_core::{Index, NodeId, Note};

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

    /// Judges one event, which the servers have followed already.
    pub(super) fn observe(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        match event {
            Event::Began { servers, .. } => self.servers = vec![Default::default(); *servers as usize],
            Event::Crashed { server } => self.servers[position(*server)] = Default::default(),
            Event::Committed { server, through } | Event::Restored { server, through } => {
                let there = servers[position(*server)].log.get(*through);
                let (from, _) = std::mem::replace(&mut self.servers[position(*server)], (*through, there));
                let (server, to) = (*server, *through);
                return (to < from).then_some(Evidence::CommitWentBack { server, from, to });
            }
            Event::Written { server, write } => {
                let first = write.append.as_ref().map(|append| append.first);
                return self.removed(*server, servers, first);
            }
            Event::Noted {
                server,
                note: Note::Truncated { from, .. },
            } => return self.removed(*server, servers, Some(*from)),
            _ => {}
        }
        None
    }

    /// Whether this server's log lost something that it knew to be committed; it changed from `first` on.
    fn removed(&self, server: NodeId, servers: &[Server], first: Option<Index>) -> Option<Evidence> {
        let (committed, there) = self.servers[position(server)];
        let log = &servers[position(server)].log;
        if there.is_none() || log.get(committed) == there {
            return None;
        }
        let from = first.unwrap_or(log.last_index().next());
        Some(Evidence::CommittedRemoved {
            server,
            from: from.min(committed),
            committed,
        })
    }
}
