//! The participant: locks, votes, and then does as it is told.

use crate::{Body, Change, Decision, Note, Output, Reason, Record, Refusal, TransactionId, TwoPhase};
use alloc::vec::Vec;
use raft_core::{Instant, NodeId};

/// A transaction that a server has locked a key for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// What it shall do.
    pub change: Change,
    /// Its end, as far as this server has written one; it takes effect and the key is free once that is on disk.
    pub decision: Option<Decision>,
    /// Whether this server has waited in vain and asks.
    pub blocked: bool,
    /// Whether it is on disk that it is prepared.
    on_disk: bool,
    /// Since when it waits, on its own clock.
    since: Instant,
}

impl Prepared {
    pub(crate) fn new(change: Change, on_disk: bool, since: Instant) -> Prepared {
        Prepared {
            change,
            decision: None,
            blocked: false,
            on_disk,
            since,
        }
    }
}

impl TwoPhase {
    /// The coordinator asks for a vote.
    pub(crate) fn prepare(&mut self, now: Instant, id: TransactionId, change: Change, out: &mut Vec<Output>) {
        if let Some(prepared) = self.prepared.get(&id) {
            if prepared.on_disk && prepared.decision.is_none() {
                self.vote(id, None, out); // the first vote may be lost
            }
            return;
        }
        match self.last_over(id) {
            // A late copy of the question: this server has said yes long ago.
            Some((last, Decision::Commit)) if last == id.number => return,
            Some((last, _)) if last >= id.number => return self.vote(id, Some(Refusal::Over), out),
            _ => {}
        }
        if let Some(by) = self.lock_of(&change.key) {
            return self.vote(id, Some(Refusal::Locked { by }), out);
        }
        let on_disk = false;
        self.prepared
            .insert(id, Prepared::new(change.clone(), on_disk, now));
        self.write(Record::Prepared(id, change), out);
    }

    /// It is on disk that this server is prepared: from here on it may not decide alone.
    pub(crate) fn is_prepared(&mut self, id: TransactionId, out: &mut Vec<Output>) {
        if let Some(prepared) = self.prepared.get_mut(&id) {
            prepared.on_disk = true;
            if prepared.decision.is_none() {
                self.vote(id, None, out);
            }
        }
    }

    fn vote(&mut self, id: TransactionId, refused: Option<Refusal>, out: &mut Vec<Output>) {
        if self.coordinates() {
            self.count_vote(self.id, id, refused, out);
        } else {
            self.send([self.config.coordinator], id, &Body::Vote { refused }, out);
        }
    }

    /// Another server says what was decided.
    pub(crate) fn learn(&mut self, id: TransactionId, decision: Decision, out: &mut Vec<Output>) {
        match (self.prepared.get(&id), decision) {
            (Some(prepared), _) if prepared.decision.is_some() => {}
            (Some(_), Decision::Commit) => self.write(Record::Committed(id), out),
            (Some(_), Decision::Abort) => self.write(Record::Aborted(id), out),
            // It is done here, or this server could not have been told so: the acknowledgement was lost.
            (None, Decision::Commit) if self.last_over(id).is_some_and(|(last, _)| last >= id.number) => {
                self.send([self.config.coordinator], id, &Body::Acknowledged, out);
            }
            (None, _) => {}
        }
    }

    /// Somebody who voted yes asks what was decided.
    pub(crate) fn answer(&mut self, from: NodeId, id: TransactionId, out: &mut Vec<Output>) {
        let known = match (self.ballots.get(&id), self.last_over(id)) {
            _ if self.is_being_decided(id) || self.prepared.contains(&id) => None,
            (Some(ballot), _) => ballot.committed.then_some(Decision::Commit),
            (None, Some((last, decision))) if last == id.number => Some(decision),
            // The coordinator forgets only what was aborted, or what all have on disk.
            (None, Some((last, _))) if last > id.number => self.coordinates().then_some(Decision::Abort),
            (None, _) => {
                // Without this server's vote it cannot be done, and from here on it will not have that. Once this is on disk it can be told.
                return self.give_up(id, Reason::Presumed, out);
            }
        };
        let body = known.map_or(Body::Uncertain, |decision| Body::Decided { decision });
        self.send([from], id, &body, out);
    }

    /// Asks about everything that should have been decided by now.
    pub(crate) fn ask_about_overdue(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.coordinates() {
            return;
        }
        let patience = self.config.vote_timeout;
        let overdue = |p: &Prepared| {
            let waits = p.on_disk && p.decision.is_none();
            waits && (p.blocked || now.since(p.since) >= patience)
        };
        let ids = self
            .prepared
            .iter()
            .filter(|(_, p)| overdue(p))
            .map(|(id, _)| *id);
        let ids: Vec<TransactionId> = ids.collect();
        ids.into_iter().for_each(|id| self.ask(id, out));
    }

    /// Asks what was decided.
    pub(crate) fn ask(&mut self, transaction: TransactionId, out: &mut Vec<Output>) {
        if let Some(prepared) = self.prepared.get_mut(&transaction)
            && !prepared.blocked
        {
            prepared.blocked = true;
            out.push(Output::Note(Note::Blocked { transaction }));
        }
        let (coordinator, all) = (self.config.coordinator, self.config.cooperative);
        let whom = self.servers().filter(|id| all || *id == coordinator);
        self.send(whom, transaction, &Body::Inquiry, out);
    }
}
