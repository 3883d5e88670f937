//! What clients asked a server to put into the log, and wait for. However many wait, each costs the same: a leader that commits more
//! slowly than it is asked has ever more of them.

use raft_core::{Index, SortedMap, Term};
use raft_trace::{ClientId, OpId};

/// Clients' requests that are in this server's log and not answered yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proposals {
    /// By place in the log; of the same place, first come first.
    waiting: SortedMap<(Index, u32), Proposal>,
    /// In which term each was accepted last.
    accepted: SortedMap<(ClientId, OpId), Term>,
    /// How many there were.
    count: u32,
}

/// A client's request, in this server's log but not answered yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proposal {
    pub(crate) index: Index,
    pub(crate) term: Term,
    pub(crate) client: ClientId,
    pub(crate) op: OpId,
}

impl Proposals {
    /// The leader put this into its log.
    pub(crate) fn accept(&mut self, proposal: Proposal) {
        self.waiting.insert((proposal.index, self.count), proposal);
        self.count = self.count.wrapping_add(1);
        self.accepted
            .insert((proposal.client, proposal.op), proposal.term);
    }

    /// How many wait.
    pub(crate) fn count(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// Whether this waits since this term.
    pub(crate) fn knows(&self, client: ClientId, op: OpId, term: Term) -> bool {
        self.accepted.get(&(client, op)) == Some(&term)
    }

    /// Takes out the first of those whose place is at or before `applied`.
    pub(crate) fn next_due(&mut self, applied: Index) -> Option<Proposal> {
        if self.waiting.first()?.0.0 > applied {
            return None;
        }
        let (_, proposal) = self.waiting.pop_first()?;
        let name = (proposal.client, proposal.op);
        if self.accepted.get(&name) == Some(&proposal.term) {
            self.accepted.remove(&name);
        }
        Some(proposal)
    }

    /// Forgets all of them.
    pub(crate) fn crash(&mut self) {
        self.waiting.clear();
        self.accepted.clear();
    }
}
