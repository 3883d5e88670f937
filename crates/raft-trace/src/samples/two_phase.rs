//! One of everything that can happen in two-phase commit.

use super::Make;
use crate::{Event, Packet, Protocol, Reply};
use two_phase::{Body, Change, Decision, Message, Note, Reason, Refusal, TransactionId};

impl Make<'_> {
    fn transaction(&mut self) -> TransactionId {
        TransactionId {
            client: self.short(),
            number: self.short(),
        }
    }

    pub(super) fn two_phase_events(&mut self) -> Vec<Event> {
        let server = self.server();
        let mut events = vec![
            Event::ReminderSet {
                server,
                deadline: self.time(),
            },
            Event::ReminderFired { server },
        ];
        let protocols = [Protocol::Raft, Protocol::TwoPhaseCommit];
        events.extend(protocols.map(|protocol| Event::ProtocolChosen { protocol }));
        events.extend(
            self.two_phase_notes()
                .map(|note| Event::TwoPhaseNoted { server, note }),
        );
        events
    }

    pub(super) fn two_phase_packets(&mut self) -> Vec<Packet> {
        let [put, del] = self.changes();
        let by = self.transaction();
        let bodies = [
            Body::Prepare { change: put },
            Body::Prepare { change: del },
            Body::Vote { refused: None },
            Body::Vote {
                refused: Some(Refusal::Locked { by }),
            },
            Body::Vote {
                refused: Some(Refusal::Over),
            },
            Body::Decided {
                decision: Decision::Commit,
            },
            Body::Decided {
                decision: Decision::Abort,
            },
            Body::Acknowledged,
            Body::Inquiry,
            Body::Uncertain,
        ];
        let message = |body| Packet::TwoPhase {
            message: Message {
                from: self.server(),
                to: self.server(),
                transaction: self.transaction(),
                body,
            },
        };
        bodies.map(message).into()
    }

    pub(super) fn two_phase_replies(&mut self) -> [Reply; 2] {
        let coordinator = self.server();
        [Reply::Aborted, Reply::NotCoordinator { coordinator }]
    }

    fn changes(&mut self) -> [Change; 2] {
        let value = self.word();
        [Some(value), None].map(|value| Change {
            key: self.word(),
            value,
        })
    }

    fn two_phase_notes(&mut self) -> [Note; 9] {
        let changes = self.changes();
        let (transaction, from) = (self.transaction(), self.server());
        let because = Refusal::Over;
        let gave_up = |because| Note::GaveUp { transaction, because };
        let [put, del] = changes.map(|change| Note::Began { transaction, change });
        [
            put,
            del,
            Note::VoteCounted { transaction, from },
            gave_up(Reason::VotedNo { by: from, because }),
            gave_up(Reason::TimeIsUp),
            gave_up(Reason::Presumed),
            Note::AcknowledgementCounted { transaction, from },
            Note::Blocked { transaction },
            Note::ReadWaits {
                key: self.word(),
                transaction,
            },
        ]
    }
}
