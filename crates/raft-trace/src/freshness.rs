//! Reads see what was acknowledged before they began (§8).

use crate::{Event, Evidence, OpId, Outcome, Packet, Reply};
use raft_core::{Index, NodeId};

/// Follows what is acknowledged, and judges whether reads see it (§8).
#[derive(Clone, Debug, Default)]
pub(crate) struct Freshness {
    /// How far the log was applied by the answers that clients have got.
    acknowledged: Index,
    applied: Vec<Index>,
    clients: Vec<Waiting>,
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    op: Option<OpId>,
    /// Whether it must be current, and whether it reads.
    current: bool,
    reads: bool,
    /// What was acknowledged when it began.
    floor: Index,
    /// How far the server had applied that answered.
    answered: Index,
}

impl Freshness {
    pub(crate) fn observe(&mut self, event: &Event) -> Option<Evidence> {
        match event {
            Event::Began { servers, clients, .. } => {
                self.applied = vec![Index(0); *servers as usize];
                self.clients = vec![Waiting::default(); *clients as usize];
            }
            Event::Crashed { server } | Event::PoweredOff { server, .. } => *self.applied(*server) = Index(0),
            Event::Applied { server, index } => *self.applied(*server) = *index,
            Event::Restored { server, through } => *self.applied(*server) = *through,
            Event::Invoked {
                client,
                op,
                operation,
            } => {
                let floor = self.acknowledged;
                *self.client(client.0) = Waiting {
                    op: Some(*op),
                    current: operation.is_linearizable(),
                    reads: operation.reads(),
                    floor,
                    answered: Index(0),
                };
            }
            Event::Sent {
                packet:
                    Packet::Response {
                        from,
                        to,
                        op,
                        reply: Reply::Done { .. },
                    },
                ..
            } => {
                let applied = *self.applied(*from);
                let waiting = self.client(to.0);
                if waiting.op != Some(*op) || !waiting.current {
                    return None;
                }
                waiting.answered = waiting.answered.max(applied);
                let floor = waiting.floor;
                return (waiting.reads && applied < floor).then_some(Evidence::ReadStale {
                    server: *from,
                    client: *to,
                    op: *op,
                    applied,
                    acknowledged: floor,
                });
            }
            Event::Returned {
                client,
                outcome: Outcome::Ok { .. },
                ..
            } => {
                let waiting = *self.client(client.0);
                self.acknowledged = self.acknowledged.max(waiting.answered);
                self.client(client.0).op = None;
            }
            Event::Returned { client, .. } => self.client(client.0).op = None,
            _ => {}
        }
        None
    }

    fn applied(&mut self, id: NodeId) -> &mut Index {
        &mut self.applied[(id.0 as usize).wrapping_sub(1)]
    }

    fn client(&mut self, id: u32) -> &mut Waiting {
        &mut self.clients[(id as usize).wrapping_sub(1)]
    }
}
