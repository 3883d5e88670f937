//! What a broken promise is about: who, which entries and operations, and what had happened before. Every picture lights these.

use crate::frame::{EntryFrame, GuiltFrame};
use crate::session::Session;
use raft_core::{Body, Index, NodeId, Note, Payload, Role, SortedSet, Term, Write};
use raft_trace::linearizability::{Although, Anomaly, Verdict};
use raft_trace::{Event, Evidence, OpId, Packet, Request, Seq, TwoPhaseEvidence};

/// Something that happened before, of which the first such event is wanted.
type Wanted = Box<dyn Fn(&Event) -> bool>;

/// What is found out bit by bit.
#[derive(Default)]
struct Guilt {
    servers: Vec<NodeId>,
    entries: Vec<(NodeId, Index)>,
    ops: Vec<OpId>,
    stale: Option<OpId>,
    wanted: Vec<Wanted>,
}

impl Session {
    /// What the promises that the event at `seq` breaks are about, in the current branch's known history. Nothing if it breaks none.
    #[must_use]
    pub fn guilt(&self, seq: Seq) -> GuiltFrame {
        let mut guilt = Guilt::default();
        for violation in self.history().violations().iter().filter(|v| v.seq == seq) {
            guilt.of(&violation.evidence, self);
        }
        if let Verdict::No { since, because } = self.history().linearizable()
            && since.seq == seq
        {
            guilt.anomaly(because);
        }
        guilt.frame(seq, self)
    }

    /// The first event from `from` on that breaks a promise, or shows that what clients saw is not linearizable.
    pub(crate) fn first_fall(&self, from: Seq) -> Option<Seq> {
        let all = self.history().violations();
        let broken = all.get(all.partition_point(|violation| violation.seq < from));
        let clients = match self.history().linearizable() {
            Verdict::No { since, .. } if since.seq >= from => Some(since.seq),
            _ => None,
        };
        broken
            .map(|violation| violation.seq)
            .into_iter()
            .chain(clients)
            .min()
    }
}

impl Guilt {
    fn of(&mut self, evidence: &Evidence, session: &Session) {
        match *evidence {
            Evidence::TwoLeaders { term, first, second } => {
                self.servers.extend([first, second]);
                self.led(first, term);
            }
            Evidence::LeaderRewrote {
                leader,
                term,
                from: index,
                ..
            } => self.led_with(leader, term, index),
            Evidence::LogsDiffer {
                server,
                index,
                term,
                other,
            } => {
                self.entry(server, index);
                self.entry(other, index);
                self.wrote(other, move |write| appends(write, index, Some(term)));
            }
            Evidence::LeaderLacks {
                leader,
                term,
                index,
                by,
                ..
            } => {
                self.led_with(leader, term, index);
                self.committed(by, index);
            }
            Evidence::CommittedDiffers {
                server, index, other, ..
            } => {
                self.entry(server, index);
                self.committed(other, index);
            }
            Evidence::ReadStale {
                server,
                op,
                acknowledged,
                ..
            } => self.stale_read(server, op, acknowledged, session),
            Evidence::AppliedTwice {
                server,
                op,
                first,
                second,
                ..
            } => self.applied_twice(server, op, first, second),
            Evidence::NoProgress { ref majority, .. } => self.servers.extend(majority),
            Evidence::MajoritiesApart { leader, index, .. } => self.entry(leader, index),
            Evidence::ChangedTooEarly {
                leader,
                index,
                pending,
                ..
            } => {
                self.entry(leader, index);
                if let Some(pending) = pending {
                    self.entry(leader, pending);
                    self.wrote(leader, move |write| appends(write, pending, None));
                }
            }
            Evidence::TwoPhase { ref what } => self.of_transaction(what),
            Evidence::NotLinearizable { ref because } => self.anomaly(because),
            ref other => self.of_one(other),
        }
    }

    /// It lacks what was acknowledged before: that write, if any log still has it.
    fn stale_read(&mut self, server: NodeId, op: OpId, acknowledged: Index, session: &Session) {
        self.entry(server, acknowledged);
        let mut logs = session.state().servers.iter().map(|server| &server.log);
        let write = match logs
            .find_map(|log| log.get(acknowledged))
            .map(|entry| &entry.payload)
        {
            Some(Payload::Command(command)) => Request::decode(command),
            _ => None,
        };
        self.stale = Some(op);
        self.operations(&[op]);
        self.operations(write.map(|request| request.op).as_slice());
    }

    /// What a single server did against its own past.
    fn of_one(&mut self, evidence: &Evidence) {
        match *evidence {
            Evidence::TermForgotten {
                server, told: term, ..
            }
            | Evidence::TermWentBack {
                server, before: term, ..
            } => {
                self.servers.push(server);
                self.wrote(server, move |write| {
                    write.hard_state.is_some_and(|h| h.term == term)
                });
            }
            Evidence::VoteForgotten {
                server,
                term,
                candidate: first,
            }
            | Evidence::VotedTwice {
                server, term, first, ..
            } => {
                self.servers.push(server);
                self.wrote(server, move |write| {
                    write
                        .hard_state
                        .is_some_and(|h| h.term == term && h.voted_for == Some(first))
                });
            }
            Evidence::EntryForgotten { server, index, .. } => {
                self.entry(server, index);
                self.want(move |event| acknowledges(event, server, index));
            }
            Evidence::CommitWentBack { server, from, .. } => self.committed(server, from),
            Evidence::CommittedRemoved {
                server,
                from,
                committed,
            } => {
                self.entry(server, from);
                self.committed(server, committed);
            }
            Evidence::NotOnDisks { server, index, .. } => self.entry(server, index),
            Evidence::LostFromDisk { server, index, .. } => {
                self.entry(server, index);
                self.want(
                    move |event| matches!(event, Event::Committed { through, .. } if *through >= index),
                );
            }
            _ => {}
        }
    }

    fn of_transaction(&mut self, what: &TwoPhaseEvidence) {
        match *what {
            TwoPhaseEvidence::EndsDiffer { server, other, .. } => self.servers.extend([server, other]),
            TwoPhaseEvidence::DoneWithoutVote { server, without, .. } => {
                self.servers.extend([server, without]);
            }
            TwoPhaseEvidence::ToldTooEarly { server, .. } => self.servers.push(server),
        }
    }

    fn entry(&mut self, server: NodeId, index: Index) {
        self.servers.push(server);
        self.entries.push((server, index));
    }

    fn committed(&mut self, by: NodeId, index: Index) {
        self.entry(by, index);
        self.want(move |event| matches!(event, Event::Committed { server, through } if *server == by && *through >= index));
    }

    fn applied_twice(&mut self, server: NodeId, op: OpId, first: Index, second: Index) {
        self.entry(server, first);
        self.entry(server, second);
        self.ops.push(op);
        self.want(move |event| matches!(event, Event::Applied { server: s, index } if (*s, *index) == (server, first)));
    }

    fn led_with(&mut self, leader: NodeId, in_term: Term, index: Index) {
        self.entry(leader, index);
        self.led(leader, in_term);
    }

    fn led(&mut self, leader: NodeId, in_term: Term) {
        self.want(move |event| {
            matches!(event, Event::Noted { server, note: Note::Became { role: Role::Leader, term } } if (*server, *term) == (leader, in_term))
        });
    }

    fn wrote(&mut self, by: NodeId, what: impl Fn(&Write) -> bool + 'static) {
        self.want(
            move |event| matches!(event, Event::Written { server, write } if *server == by && what(write)),
        );
    }

    fn anomaly(&mut self, anomaly: &Anomaly) {
        if matches!(
            anomaly.although,
            Although::Acknowledged { .. } | Although::Read { .. }
        ) {
            self.stale = Some(anomaly.read.op);
        }
        self.operations(&anomaly.guilty);
    }

    fn operations(&mut self, ops: &[OpId]) {
        for &ended in ops {
            self.ops.push(ended);
            self.want(move |event| matches!(event, Event::Returned { op, .. } if *op == ended));
        }
    }

    fn want(&mut self, wanted: impl Fn(&Event) -> bool + 'static) {
        self.wanted.push(Box::new(wanted));
    }

    /// Looks for what is wanted.
    fn frame(mut self, seq: Seq, session: &Session) -> GuiltFrame {
        let mut events = vec![seq];
        if !self.wanted.is_empty() {
            for event in session.trace().iter_from(Seq(0)).take(seq.0 as usize) {
                self.wanted.retain(|wanted| {
                    let found = wanted(&event.event);
                    if found {
                        events.push(event.seq);
                    }
                    !found
                });
                if self.wanted.is_empty() {
                    break;
                }
            }
        }
        let events = sorted(events);
        let ladder = session.history().ladder();
        self.ops = sorted(self.ops);
        self.servers = sorted(self.servers);
        let clients = self.ops.iter().map(|op| ladder.op(*op).client.to_string());
        GuiltFrame {
            names: self
                .servers
                .iter()
                .map(ToString::to_string)
                .chain(clients)
                .collect(),
            entries: self
                .entries
                .iter()
                .map(|&(server, index)| EntryFrame {
                    server: server.to_string(),
                    index,
                })
                .collect(),
            ops: self.ops,
            stale: self.stale,
            events,
        }
    }
}

/// Whether a write puts an entry here, of this term.
fn appends(write: &Write, index: Index, term: Option<Term>) -> bool {
    write.append.as_ref().is_some_and(|append| {
        let place = index.0.checked_sub(append.first.0);
        let entry = place.and_then(|place| append.entries.get(place as usize));
        entry.is_some_and(|entry| term.is_none_or(|term| entry.term == term))
    })
}

/// Whether a server tells its leader that it has everything through here.
fn acknowledges(event: &Event, server: NodeId, through: Index) -> bool {
    match event {
        Event::Sent {
            packet: Packet::Raft { message },
            ..
        } => {
            message.from == server
                && matches!(message.body, Body::AppendEntriesReply { success: true, index, .. } if index >= through)
        }
        _ => false,
    }
}

/// In their order, each once.
fn sorted<T: Ord>(list: Vec<T>) -> Vec<T> {
    let set: SortedSet<T> = list.into_iter().collect();
    set.into_iter().map(|(value, ())| value).collect()
}
