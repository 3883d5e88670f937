//! Leadership transfer (thesis 3.10): a leader brings another server's log up to date and tells it to stand at once.

use crate::{Body, IgnoredBecause, Instant, NodeId, Note, Output, Raft, Role, Rule, Term, TransferRefusal};
use alloc::vec::Vec;

/// A transfer that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Transfer {
    pub(crate) to: NodeId,
    since: Instant,
    /// Whether the other server was told to stand.
    told: bool,
}

impl Raft {
    /// The host wants another server to lead. A transfer that runs makes way for this one.
    pub(crate) fn transfer_leadership(&mut self, to: NodeId, out: &mut Vec<Output>) {
        let because = if self.role != Role::Leader {
            TransferRefusal::NotLeader
        } else if !self.other_voters().any(|voter| voter == to) {
            TransferRefusal::NotAnotherVoter
        } else {
            let (since, told) = (self.now, false);
            self.transfer = Some(Transfer { to, since, told });
            out.push(Output::Note(Note::TransferStarted { to }));
            return;
        };
        out.push(Output::Note(Note::TransferRefused { to, because }));
    }

    /// Tells the other server to stand once it has the whole log, so that it can win.
    pub(crate) fn serve_transfer(&mut self, out: &mut Vec<Output>) {
        let Some(transfer) = self.transfer.filter(|transfer| !transfer.told) else {
            return;
        };
        let last_index = self.log.last_index();
        let mut known = self.progress.iter();
        let caught_up = known.any(|p| p.server == transfer.to && p.match_index == last_index);
        if caught_up || !self.holds(Rule::TransferCaughtUp) {
            self.transfer = Some(Transfer {
                told: true,
                ..transfer
            });
            // Who was told to stand need not wait for anybody's election timeout, now or whenever the message arrives.
            self.rounds.lease_lost = self.holds(Rule::LeaseLostByTransfer);
            self.tell(transfer.to, Body::TimeoutNow, out);
        }
    }

    /// Gives a transfer up that has taken an election timeout, to serve clients again.
    pub(crate) fn check_transfer(&mut self, out: &mut Vec<Output>) {
        if let Some(Transfer { to, since, .. }) = self.transfer
            && self.now.since(since) >= self.config.election_timeout.max
            && self.holds(Rule::TransferAborts)
        {
            self.transfer = None;
            out.push(Output::Note(Note::TransferAborted { to }));
        }
    }

    /// Whether proposals have to wait for the next leader, that the other server may catch up.
    pub(crate) fn is_handing_over(&self) -> bool {
        self.transfer.is_some() && self.holds(Rule::TransferRefusesProposals)
    }

    /// The leader wants this server to lead. Returns whether it stands.
    pub(crate) fn on_timeout_now(&mut self, leader: NodeId, term: Term, out: &mut Vec<Output>) -> bool {
        if term < self.term {
            self.ignore(leader, IgnoredBecause::StaleTerm, out);
            return false;
        }
        if self.role == Role::Leader {
            self.ignore(leader, IgnoredBecause::Impossible, out);
            return false;
        }
        if !self.may_stand() {
            self.ignore(leader, IgnoredBecause::NotWaiting, out);
            return false;
        }
        self.stand(true, out);
        true
    }
}
