//! Terms never go back (§5.1): neither while a server runs, nor behind what it told others before a crash.

use super::{Server, position};
use crate::{Event, Evidence};
use raft_core::{Message, NodeId, Term};

/// Follows in which term each server is, and which it told others.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    servers: Vec<Known>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The term it is in since it started; 0 until that is known.
    running: Term,
    /// The latest term it told anybody. What it told nobody it may forget in a crash.
    told: Term,
}

impl Terms {
    /// Everything begins, or this server stops, or starts again from what it has on disk.
    pub(super) fn start_or_stop(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        match event {
            Event::Began { servers, .. } => self.servers = vec![Known::default(); *servers as usize],
            Event::Crashed { server } | Event::PoweredOff { server, .. } => {
                self.servers[position(*server)].running = Term(0);
            }
            Event::Restarted { server } => {
                let Known { told, .. } = self.servers[position(*server)];
                return not_before(*server, servers[position(*server)].term, told);
            }
            _ => {}
        }
        None
    }

    /// A server's role or term is another one.
    pub(super) fn become_role(&mut self, server: NodeId, term: Term) -> Option<Evidence> {
        let known = &mut self.servers[position(server)];
        let before = known.running.max(known.told);
        known.running = term;
        not_before(server, term, before)
    }

    /// A message may have waited for the disk while the term rose: it is held against what was told, not against what is.
    pub(super) fn hear(&mut self, message: &Message) -> Option<Evidence> {
        let known = &mut self.servers[position(message.from)];
        let before = known.told;
        known.told = before.max(message.term);
        not_before(message.from, message.term, before)
    }
}

fn not_before(server: NodeId, term: Term, before: Term) -> Option<Evidence> {
    (term < before).then_some(Evidence::TermWentBack { server, term, before })
}
