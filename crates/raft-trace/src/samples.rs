//! One of everything that can happen, for tests: here, and wherever something must know all events.

mod two_phase;

use crate::{
    ClientId, Endpoint, Event, Handling, LostBecause, MessageId, OpId, Operation, Order, Outcome, Packet,
    PacketKind, Reply, Word, WorldTime,
};
use raft_core::{
    Append, Body, Change, ChangeRefusal, Command, Configuration, Conflict, Duration, Entry, HardState,
    IgnoredBecause, Index, Message, NodeId, Note, Payload, ProgressState, ReadId, ReadMode, Refusal, Role,
    Round, Snapshot, Term, Timer, TransferRefusal, Write, WriteId,
};
use std::sync::Arc;

/// Every kind of event with every kind of everything in it, in the order of declaration; numbers and texts are made from what
/// `next` gives.
pub fn samples(mut next: impl FnMut() -> u64) -> Vec<Event> {
    let mut make = Make { next: &mut next };
    let mut events = make.server_events();
    events.extend(make.fault_events());
    events.extend(make.notes().into_iter().map(|note| Event::Noted {
        server: NodeId(3),
        note,
    }));
    events.extend(make.network_events());
    events.extend(make.client_events());
    events.extend(make.story_events());
    events.extend(make.two_phase_events());
    events
}

const READ_MODES: [ReadMode; 4] = [
    ReadMode::Stale,
    ReadMode::LeaderLocal,
    ReadMode::ReadIndex,
    ReadMode::Lease,
];

struct Make<'a> {
    next: &'a mut dyn FnMut() -> u64,
}

impl Make<'_> {
    fn long(&mut self) -> u64 {
        (self.next)()
    }

    fn short(&mut self) -> u32 {
        self.long() as u32
    }

    fn server(&mut self) -> NodeId {
        NodeId(self.short())
    }

    fn client(&mut self) -> ClientId {
        ClientId(self.short())
    }

    fn index(&mut self) -> Index {
        Index(self.long())
    }

    fn term(&mut self) -> Term {
        Term(self.long())
    }

    fn round(&mut self) -> Round {
        Round(self.long())
    }

    fn time(&mut self) -> WorldTime {
        WorldTime(self.long())
    }

    fn message_id(&mut self) -> MessageId {
        MessageId(self.short())
    }

    fn word(&mut self) -> Word {
        format!("w{}", self.long()).into()
    }

    fn command(&mut self) -> Command {
        Command::new(format!("C{}.{} put x={}", self.short(), self.short(), self.long()).as_bytes())
    }

    fn entries(&mut self) -> Vec<Entry> {
        let noop = Entry {
            term: self.term(),
            payload: Payload::Noop,
        };
        let command = Entry {
            term: self.term(),
            payload: Payload::Command(self.command()),
        };
        let configuration = Entry {
            term: self.term(),
            payload: Payload::Configuration(Arc::new(self.configuration())),
        };
        vec![noop, command, configuration]
    }

    fn fault_events(&mut self) -> Vec<Event> {
        let server = self.server();
        let by = i64::from(self.short());
        let mut events = vec![
            Event::Crashed { server },
            Event::PoweredOff {
                server,
                through: WriteId(self.long()),
                entries: self.short(),
            },
            Event::Restarted { server },
            Event::SyncClaimed {
                server,
                through: WriteId(self.long()),
            },
            Event::DiskFull { server },
            Event::DiskStalled {
                server,
                by: Duration(self.long()),
            },
            Event::Paused { server },
            Event::Resumed { server },
            Event::TimerMoved {
                server,
                timer: Timer::Heartbeat,
                deadline: self.time(),
            },
        ];
        events.extend([by, -by].map(|by| Event::ClockJumped { server, by }));
        events
    }

    fn server_events(&mut self) -> Vec<Event> {
        let server = self.server();
        let timers = [Timer::Election, Timer::Heartbeat];
        let mut events = vec![Event::Began {
            servers: self.short(),
            voters: self.short(),
            clients: self.short(),
        }];
        for timer in timers {
            let deadline = self.time();
            events.push(Event::TimerSet {
                server,
                timer,
                deadline,
            });
        }
        events.extend(timers.map(|timer| Event::TimerStopped { server, timer }));
        events.extend(timers.map(|timer| Event::TimerFired { server, timer }));
        events.extend(self.writes().map(|write| Event::Written { server, write }));
        events.push(Event::Synced {
            server,
            through: WriteId(self.long()),
        });
        events.push(Event::Committed {
            server,
            through: self.index(),
        });
        events.push(Event::Restored {
            server,
            through: self.index(),
        });
        let to = self.server();
        let changes = [
            Change::AddVoter(to),
            Change::AddLearner(to),
            Change::Remove(to),
            Change::Voters(vec![to, self.server()]),
        ];
        let mut orders = vec![Order::Snapshot, Order::Transfer { to }];
        orders.extend(changes.map(|change| Order::Change { change }));
        events.extend(orders.into_iter().map(|order| Event::Ordered { server, order }));
        events.push(Event::Applied {
            server,
            index: self.index(),
        });
        events
    }

    fn writes(&mut self) -> [Write; 4] {
        let snapshot = Arc::new(self.snapshot());
        let voted = HardState {
            term: self.term(),
            voted_for: Some(self.server()),
        };
        let not_voted = HardState {
            term: self.term(),
            voted_for: None,
        };
        let append = Append {
            first: self.index(),
            entries: self.entries().into(),
        };
        [
            (Some(voted), None, None),
            (None, None, Some(append.clone())),
            (None, Some(snapshot), None),
            (Some(not_voted), None, Some(append)),
        ]
        .map(|(hard_state, snapshot, append)| Write {
            id: WriteId(self.long()),
            hard_state,
            snapshot,
            append,
        })
    }

    fn configuration(&mut self) -> Configuration {
        Configuration {
            voters: vec![self.server(), self.server()],
            outgoing: vec![self.server()],
            learners: vec![self.server()],
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        let configuration = self.configuration();
        Snapshot {
            last_index: self.index(),
            last_term: self.term(),
            configuration: Arc::new(configuration),
            data: self.long().to_le_bytes().into(),
        }
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        for role in [Role::Follower, Role::PreCandidate, Role::Candidate, Role::Leader] {
            let term = self.term();
            notes.push(Note::Became { role, term });
        }
        let candidate = self.server();
        notes.push(Note::VoteGranted { candidate });
        let refusals = self.refusals();
        notes.extend(refusals.map(|because| Note::VoteRefused { candidate, because }));
        let voter = self.server();
        notes.push(Note::VoteCounted { voter });
        let leader = self.server();
        notes.push(Note::LeaderKnown { leader });
        notes.push(Note::Truncated {
            from: self.index(),
            through: self.index(),
        });
        notes.extend(refusals.map(|because| Note::AppendRefused { leader, because }));
        let states = [
            ProgressState::Probe,
            ProgressState::Replicate,
            ProgressState::Snapshot,
        ];
        notes.extend(states.map(|state| Note::Progress {
            follower: self.server(),
            state,
            next_index: self.index(),
            match_index: self.index(),
        }));
        notes.push(Note::QuorumLost);
        notes.push(Note::PreVoteGranted { candidate });
        let to = self.server();
        notes.push(Note::TransferStarted { to });
        let reasons = [TransferRefusal::NotLeader, TransferRefusal::NotAnotherVoter];
        notes.extend(reasons.map(|because| Note::TransferRefused { to, because }));
        notes.push(Note::TransferAborted { to });
        notes.push(Note::ConfigurationChanged {
            index: self.index(),
            configuration: Arc::new(self.configuration()),
        });
        let reasons = [
            ChangeRefusal::NotLeader,
            ChangeRefusal::HandingOver,
            ChangeRefusal::ChangeUnderWay,
            ChangeRefusal::NothingCommitted,
            ChangeRefusal::NoVoters,
            ChangeRefusal::NothingToChange,
            ChangeRefusal::NotCaughtUp,
        ];
        notes.extend(reasons.map(|because| Note::ChangeRefused { because }));
        let from = self.server();
        let reasons = [
            IgnoredBecause::StaleTerm,
            IgnoredBecause::NotWaiting,
            IgnoredBecause::NothingNew,
            IgnoredBecause::Stranger,
            IgnoredBecause::Impossible,
        ];
        notes.extend(reasons.map(|because| Note::Ignored { from, because }));
        notes
    }

    fn refusals(&mut self) -> [Refusal; 7] {
        [
            Refusal::StaleTerm {
                theirs: self.term(),
                ours: self.term(),
            },
            Refusal::AlreadyVoted {
                candidate: self.server(),
            },
            Refusal::LogBehind {
                their_index: self.index(),
                their_term: self.term(),
                our_index: self.index(),
                our_term: self.term(),
            },
            Refusal::NoVote,
            Refusal::HearsLeader {
                leader: Some(self.server()),
            },
            Refusal::LogTooShort {
                prev_log_index: self.index(),
                last_index: self.index(),
            },
            Refusal::TermMismatch {
                prev_log_index: self.index(),
                theirs: self.term(),
                ours: self.term(),
            },
        ]
    }

    fn network_events(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for packet in self.packets() {
            events.push(Event::Sent {
                message: self.message_id(),
                packet,
                arrives: self.time(),
            });
        }
        events.push(Event::Duplicated {
            message: self.message_id(),
            original: self.message_id(),
            arrives: self.time(),
        });
        let message = self.message_id();
        events.push(Event::Delivered { message });
        let reasons = [
            LostBecause::Loss,
            LostBecause::Cut,
            LostBecause::ReceiverDown,
            LostBecause::LinkFull,
            LostBecause::Dropped,
        ];
        events.extend(reasons.map(|because| Event::Lost { message, because }));
        events.extend(self.handled());
        events
    }

    /// What is done by hand.
    fn handled(&mut self) -> Vec<Event> {
        let (from, to) = (Endpoint::Server(self.server()), Endpoint::Client(self.client()));
        let plan = |handling, kind| Event::Planned {
            handling,
            kind,
            from,
            to,
        };
        let mut events: Vec<Event> = Handling::ALL.map(|handling| plan(handling, None)).into();
        events.extend(PacketKind::ALL.map(|kind| plan(Handling::Drop, Some(kind))));
        let message = self.message_id();
        events.extend([Event::Held { message }, Event::Hastened { message }]);
        events
    }

    fn packets(&mut self) -> Vec<Packet> {
        let mut packets = Vec::new();
        for body in self.bodies() {
            let message = Message {
                from: self.server(),
                to: self.server(),
                term: self.term(),
                body,
            };
            packets.push(Packet::Raft { message });
        }
        packets.extend(self.two_phase_packets());
        packets.push(Packet::Request {
            from: self.client(),
            to: self.server(),
            op: OpId(self.short()),
            command: self.command(),
        });
        for mode in READ_MODES {
            packets.push(Packet::Query {
                from: self.client(),
                to: self.server(),
                op: OpId(self.short()),
                key: self.word(),
                mode,
            });
        }
        let replies = [
            Reply::Done {
                value: Some(self.word()),
                tag: Some(OpId(self.short())),
            },
            Reply::Done {
                value: None,
                tag: None,
            },
            Reply::NotLeader {
                leader: Some(self.server()),
            },
            Reply::NotLeader { leader: None },
        ];
        let replies = replies.into_iter().chain(self.two_phase_replies());
        packets.extend(replies.map(|reply| Packet::Response {
            from: self.server(),
            to: self.client(),
            op: OpId(self.short()),
            reply,
        }));
        packets
    }

    fn bodies(&mut self) -> Vec<Body> {
        let mut bodies = vec![
            Body::RequestVote {
                last_log_index: self.index(),
                last_log_term: self.term(),
                transfer: true,
            },
            Body::RequestVoteReply { granted: true },
            Body::RequestVoteReply { granted: false },
        ];
        for entries in [Vec::new(), self.entries()] {
            bodies.push(Body::AppendEntries {
                prev_log_index: self.index(),
                prev_log_term: self.term(),
                entries: entries.into(),
                leader_commit: self.index(),
                round: self.round(),
            });
        }
        let conflict = Conflict {
            index: self.index(),
            term: self.term(),
        };
        let answers = [(true, None), (false, None), (false, Some(conflict))];
        bodies.extend(answers.map(|(success, conflict)| Body::AppendEntriesReply {
            success,
            index: self.index(),
            conflict,
            round: self.round(),
        }));
        bodies.push(Body::PreVote {
            last_log_index: self.index(),
            last_log_term: self.term(),
        });
        bodies.extend([true, false].map(|granted| Body::PreVoteReply {
            granted,
            asked_in: self.term(),
        }));
        bodies.push(Body::TimeoutNow);
        bodies.push(Body::InstallSnapshot {
            snapshot: Arc::new(self.snapshot()),
        });
        bodies.push(Body::InstallSnapshotReply { index: self.index() });
        let id = ReadId(self.long());
        bodies.push(Body::ReadIndex { id });
        let indexes = [None, Some(self.index())];
        bodies.extend(indexes.map(|index| Body::ReadIndexReply { id, index }));
        bodies
    }

    fn client_events(&mut self) -> Vec<Event> {
        let (client, op) = (self.client(), OpId(self.short()));
        let (key, value) = (self.word(), self.word());
        let mut operations = vec![
            Operation::Put {
                key: key.clone(),
                value: value.clone(),
            },
            Operation::Del { key: key.clone() },
            Operation::Get { key: key.clone() },
        ];
        operations.extend(READ_MODES.map(|mode| Operation::Read {
            key: key.clone(),
            mode,
        }));
        let outcomes = [
            Outcome::Ok {
                value: Some(value),
                tag: Some(OpId(self.short())),
            },
            Outcome::Ok {
                value: None,
                tag: None,
            },
            Outcome::Failed,
            Outcome::Unknown,
        ];
        let queued = Event::Queued {
            client,
            operation: operations[0].clone(),
        };
        let invoked = operations.into_iter().map(|operation| Event::Invoked {
            client,
            op,
            operation,
        });
        let returned = outcomes.map(|outcome| Event::Returned { client, op, outcome });
        [queued].into_iter().chain(invoked).chain(returned).collect()
    }

    fn story_events(&mut self) -> Vec<Event> {
        let (from, to) = (Endpoint::Client(self.client()), Endpoint::Server(self.server()));
        vec![
            Event::Partitioned {
                groups: [vec![to], vec![from, Endpoint::Server(self.server())]].into(),
            },
            Event::Healed,
            Event::LinkCut { from, to },
            Event::LinkMended { from: to, to: from },
            Event::SettingChanged { setting: self.word() },
            Event::Said { text: self.word() },
            Event::Ended,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Variants;
    use std::mem::discriminant;

    #[track_caller]
    fn has_every_variant<'a, T: Variants + 'a>(all: impl Iterator<Item = &'a T>) {
        let mut seen = Vec::new();
        for one in all {
            if !seen.contains(&discriminant(one)) {
                seen.push(discriminant(one));
            }
        }
        assert_eq!(seen.len(), T::COUNT, "{}", std::any::type_name::<T>());
    }

    /// The values that a pattern finds in some of the samples.
    macro_rules! found {
        ($in:expr, $pattern:pat => $value:expr) => {
            $in.iter().filter_map(|one| match one {
                $pattern => Some($value),
                _ => None,
            })
        };
    }

    #[test]
    fn there_is_a_sample_of_everything() {
        let events = samples(|| 1);
        has_every_variant(events.iter());
        let notes: Vec<&Note> = found!(events, Event::Noted { note, .. } => note).collect();
        has_every_variant(notes.iter().copied());
        has_every_variant(found!(notes, Note::Became { role, .. } => role));
        has_every_variant(found!(notes, Note::VoteRefused { because, .. } => because));
        has_every_variant(found!(notes, Note::AppendRefused { because, .. } => because));
        has_every_variant(found!(notes, Note::Ignored { because, .. } => because));
        has_every_variant(found!(notes, Note::TransferRefused { because, .. } => because));
        has_every_variant(found!(notes, Note::ChangeRefused { because } => because));
        has_every_variant(found!(events, Event::Ordered { order, .. } => order));
        has_every_variant(found!(events, Event::Ordered { order: Order::Change { change }, .. } => change));
        has_every_variant(found!(notes, Note::Progress { state, .. } => state));
        let packets: Vec<&Packet> = found!(events, Event::Sent { packet, .. } => packet).collect();
        has_every_variant(packets.iter().copied());
        has_every_variant(found!(packets, Packet::Raft { message } => &message.body));
        has_every_variant(found!(packets, Packet::TwoPhase { message } => &message.body));
        has_every_variant(found!(events, Event::TwoPhaseNoted { note, .. } => note));
        has_every_variant(found!(events, Event::ProtocolChosen { protocol } => protocol));
        has_every_variant(found!(packets, Packet::Response { reply, .. } => reply));
        has_every_variant(found!(packets, Packet::Query { mode, .. } => mode));
        has_every_variant(found!(events, Event::Lost { because, .. } => because));
        has_every_variant(found!(events, Event::Planned { handling, .. } => handling));
        has_every_variant(found!(events, Event::Planned { kind: Some(kind), .. } => kind));
        has_every_variant(found!(events, Event::TimerSet { timer, .. } => timer));
        has_every_variant(found!(events, Event::Invoked { operation, .. } => operation));
        has_every_variant(found!(events, Event::Returned { outcome, .. } => outcome));
        has_every_variant(
            found!(events, Event::LinkCut { from, .. } | Event::LinkMended { from, .. } => from),
        );
        let appends = found!(events, Event::Written { write, .. } => write.append.as_ref()).flatten();
        let entries: Vec<Entry> = appends.flat_map(|a| a.entries.to_vec()).collect();
        has_every_variant(entries.iter().map(|e| &e.payload));
    }
}
