//! What a server told others outlives its crashes (§5.2, thesis 3.8): its term, its vote, the entries it acknowledged.

use super::{Server, position};
use crate::chain::Link;
use crate::{Event, Evidence};
use raft_core::{Body, Index, Message, NodeId, Term};

/// Follows what each server told the others, and whether that is still there after a crash.
#[derive(Clone, Debug, Default)]
pub(super) struct Promises {
    servers: Vec<Told>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// The latest term.
    term: Term,
    /// The latest term in which it gave its vote away, and to whom.
    vote: Option<(Term, NodeId)>,
    /// How far it acknowledged what its log holds, and what it has there.
    acknowledged: (Index, Link),
}

impl Promises {
    /// Everything begins, or a server stopped, and is what it would start from.
    pub(super) fn start_or_stop(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        match event {
            Event::Began { servers, .. } => self.servers = vec![Told::default(); *servers as usize],
            Event::Crashed { server } | Event::PoweredOff { server, .. } => {
                return self.servers[position(*server)].forgotten(*server, &servers[position(*server)]);
            }
            _ => {}
        }
        None
    }

    /// A log is another one from `first` on, or altogether. What gave way there to a leader's entries is promised no more.
    pub(super) fn log_changed(&mut self, id: NodeId, server: &Server, first: Option<Index>) {
        let told = &mut self.servers[position(id)];
        let (index, link) = told.acknowledged;
        if first.is_some_and(|first| first > index) || server.log.get(index) == Some(link) {
            return;
        }
        let kept = first.map_or(Index(0), Index::prev).min(index);
        told.acknowledged = server.log.get(kept).map(|link| (kept, link)).unwrap_or_default();
    }

    /// A server, which stands so, says something.
    pub(super) fn hear(&mut self, message: &Message, server: &Server) {
        self.servers[position(message.from)].hear(message, server);
    }
}

impl Told {
    fn hear(&mut self, message: &Message, server: &Server) {
        self.term = self.term.max(message.term);
        match message.body {
            Body::RequestVoteReply { granted: true } => self.vote = Some((message.term, message.to)),
            Body::AppendEntriesReply {
                success: true, index, ..
            }
            | Body::InstallSnapshotReply { index } => {
                // What waited for the disk into a later term may be about entries that have given way since.
                if message.term == server.term
                    && index > self.acknowledged.0
                    && let Some(link) = server.log.get(index)
                {
                    self.acknowledged = (index, link);
                }
            }
            _ => {}
        }
    }

    /// The server stopped, and is what it would start from.
    fn forgotten(&self, id: NodeId, server: &Server) -> Option<Evidence> {
        let (index, link) = self.acknowledged;
        let on_disk = server.term;
        if server.log.get(index) != Some(link) {
            return Some(Evidence::EntryForgotten {
                server: id,
                index,
                term: link.term,
            });
        }
        match self.vote {
            Some((term, candidate))
                if term > on_disk || (term == on_disk && server.voted_for != Some(candidate)) =>
            {
                Some(Evidence::VoteForgotten {
                    server: id,
                    term,
                    candidate,
                })
            }
            _ => (self.term > on_disk).then_some(Evidence::TermForgotten {
                server: id,
                told: self.term,
                on_disk,
            }),
        }
    }
}
