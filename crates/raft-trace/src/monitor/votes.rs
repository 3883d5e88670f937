//! A server votes for at most one candidate in a term (§5.2).

use super::Server;
use crate::Evidence;
use raft_core::{Body, Message, NodeId, Role, SortedMap, Term};
use std::sync::Arc;

/// Follows who voted for whom: by an answer that was sent, or for itself by counting that.
#[derive(Clone, Debug, Default)]
pub(super) struct Votes {
    given: Arc<SortedMap<(Term, NodeId), NodeId>>,
}

impl Votes {
    /// A server counts its own vote. What a pre-candidate counts is no vote yet.
    pub(super) fn count_own(&mut self, id: NodeId, server: &Server) -> Option<Evidence> {
        let Server { role, term, .. } = *server;
        (role == Role::Candidate).then(|| self.give(term, id, id))?
    }

    /// A server says something.
    pub(super) fn hear(&mut self, message: &Message) -> Option<Evidence> {
        match message.body {
            Body::RequestVoteReply { granted: true } => self.give(message.term, message.from, message.to),
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
