//! A server votes for at most one candidate in a term (§5.2).

use super::{Server, position};
use crate::{Event, Evidence, Packet};
use raft_core::{Body, NodeId, Note, Role, Term};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Follows who voted for whom: by an answer that was sent, or for itself by counting that.
#[derive(Clone, Debug, Default)]
pub(super) struct Votes {
    given: Arc<BTreeMap<(Term, NodeId), NodeId>>,
}

impl Votes {
    /// Judges one event, which the servers have followed already.
    pub(super) fn observe(&mut self, event: &Event, servers: &[Server]) -> Option<Evidence> {
        match event {
            Event::Sent {
                packet: Packet::Raft { message },
                ..
            } if matches!(message.body, Body::RequestVoteReply { granted: true }) => {
                self.give(message.term, message.from, message.to)
            }
            Event::Noted {
                server,
                note: Note::VoteCounted { voter },
            } if voter == server => {
                let Server { role, term, .. } = servers[position(*server)];
                // What a pre-candidate counts is no vote yet.
                (role == Role::Candidate).then(|| self.give(term, *server, *server))?
            }
            _ => None,
        }
    }

    fn give(&mut self, term: Term, server: NodeId, second: NodeId) -> Option<Evidence> {
        match self.given.get(&(term, server)).copied() {
            None => {
                Arc::make_mut(&mut self.given).insert((term, server), second);
                None
            }
            Some(first) => (first != second).then_some(Evidence::VotedTwice {
                server,
                term,
                first,
                second,
            }),
        }
    }
}
