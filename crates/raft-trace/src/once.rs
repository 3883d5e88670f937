//! A command that a client sends again is applied once (thesis 6.3).

use crate::chain::Link;
use crate::{ClientId, Evidence, OpId, Request};
use raft_core::{Command, Entry, Index, NodeId, Payload, SortedMap, Term};
use std::sync::Arc;

/// Follows which operations take effect, and judges whether one does at two places of the log.
///
/// All servers apply one log, or another property is broken: so it is enough to judge each index when the first server applies
/// it. What is remembered of a command is dropped once it can take effect no more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once {
    applied: Index,
    /// What stands in some log behind what is applied.
    ahead: Arc<SortedMap<(Index, Term), Command>>,
    /// Per client the last of its requests that took effect.
    sessions: SortedMap<ClientId, Effect>,
}

/// A request that took effect.
#[derive(Clone, Copy, Debug)]
struct Effect {
    op: OpId,
    attempt: u32,
    index: Index,
}

impl Once {
    /// This entry stands in some log now, and never did before.
    pub(crate) fn append(&mut self, index: Index, entry: &Entry) {
        if let Payload::Command(command) = &entry.payload
            && index > self.applied
        {
            Arc::make_mut(&mut self.ahead).insert((index, entry.term), command.clone());
        }
    }

    /// A server applies what its log has here.
    pub(crate) fn apply(&mut self, server: NodeId, index: Index, link: Option<Link>) -> Option<Evidence> {
        if index <= self.applied {
            return None;
        }
        let command = link.and_then(|link| self.take(index, link.term));
        self.take_effect(server, index, Request::decode_whose(&command?)?)
    }

    /// The command of the entry that is applied now. Whatever else stands there or before will never be.
    fn take(&mut self, index: Index, term: Term) -> Option<Command> {
        self.applied = index;
        let ahead = Arc::make_mut(&mut self.ahead);
        let command = ahead.remove(&(index, term));
        while ahead.first().is_some_and(|(place, _)| place.0 <= index) {
            ahead.pop_first();
        }
        command
    }

    /// Does what [`crate::KeyValue::apply`] does: a request no newer than the client's last one only gets its answer again.
    fn take_effect(
        &mut self,
        server: NodeId,
        index: Index,
        (client, op, attempt): (ClientId, OpId, u32),
    ) -> Option<Evidence> {
        let last = self.sessions.get(&client).copied();
        if last.is_some_and(|last| (last.op, last.attempt) >= (op, attempt)) {
            return None;
        }
        self.sessions.insert(client, Effect { op, attempt, index });
        let first = last.filter(|last| last.op == op)?;
        Some(Evidence::AppliedTwice {
            server,
            client,
            op,
            first: first.index,
            second: index,
        })
    }
}
