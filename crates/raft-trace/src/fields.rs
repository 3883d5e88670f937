//! What events are made of, field by field. The numbers of variants enter into fingerprints: give a new variant a new one.

mod two_phase;

use crate::codec::{Coded, Reader, Sink, coded_enum, coded_struct};
use crate::{
    ClientId, Endpoint, Event, Handling, LostBecause, MessageId, OpId, Operation, Order, Outcome, Packet,
    PacketKind, Reply, TraceEvent, Word, WorldTime,
};
use raft_core::{
    Append, Body, Change, ChangeRefusal, Command, Configuration, Conflict, Duration, Entries, Entry,
    HardState, IgnoredBecause, Index, Message, NodeId, Note, Payload, ProgressState, ReadId, ReadMode,
    Refusal, Role, Round, Snapshot, Term, Timer, TransferRefusal, Write, WriteId,
};
use std::sync::Arc;

/// `seq` is where the event stands.
impl Coded for TraceEvent {
    fn write(&self, to: &mut impl Sink) {
        let TraceEvent {
            seq: _,
            at,
            cause,
            event,
        } = self;
        to.now(*at);
        to.cause(*cause);
        event.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        TraceEvent {
            seq: from.context.seq,
            at: from.now(),
            cause: from.cause(),
            event: Coded::read(from),
        }
    }
}

coded_enum!(Event {
    0 = Began { servers, voters, clients },
    1 = Crashed { server },
    2 = Restarted { server },
    3 = TimerSet { server, timer, deadline },
    4 = TimerStopped { server, timer },
    5 = TimerFired { server, timer },
    6 = Written { server, write },
    7 = Synced { server, through },
    8 = Committed { server, through },
    9 = Applied { server, index },
    10 = Noted { server, note },
    11 = Sent { message, packet, arrives },
    12 = Duplicated { message, original, arrives },
    13 = Delivered { message },
    14 = Lost { message, because },
    15 = Invoked { client, op, operation },
    16 = Returned { client, op, outcome },
    17 = Partitioned { groups },
    18 = Healed,
    19 = LinkCut { from, to },
    20 = LinkMended { from, to },
    21 = SettingChanged { setting },
    22 = Said { text },
    23 = Ended,
    24 = Restored { server, through },
    25 = Ordered { server, order },
    26 = Planned { handling, kind, from, to },
    27 = Held { message },
    28 = Hastened { message },
    29 = PoweredOff { server, through, entries },
    30 = Queued { client, operation },
    40 = ProtocolChosen { protocol },
    41 = ReminderSet { server, deadline },
    42 = ReminderFired { server },
    43 = TwoPhaseNoted { server, note },
    31 = SyncClaimed { server, through },
    32 = DiskFull { server },
    33 = DiskStalled { server, by },
    34 = Paused { server },
    35 = Resumed { server },
    36 = ClockJumped { server, by },
    37 = TimerMoved { server, timer, deadline },
});

coded_enum!(Note {
    0 = Became { role, term },
    1 = VoteGranted { candidate },
    2 = VoteRefused { candidate, because },
    3 = VoteCounted { voter },
    4 = LeaderKnown { leader },
    5 = Truncated { from, through },
    6 = AppendRefused { leader, because },
    7 = Progress { follower, state, next_index, match_index },
    8 = Ignored { from, because },
    9 = QuorumLost,
    10 = PreVoteGranted { candidate },
    11 = TransferStarted { to },
    12 = TransferRefused { to, because },
    13 = TransferAborted { to },
    14 = ConfigurationChanged { index, configuration },
    15 = ChangeRefused { because },
});

coded_enum!(Refusal {
    0 = StaleTerm { theirs, ours },
    1 = AlreadyVoted { candidate },
    2 = LogBehind { their_index, their_term, our_index, our_term },
    3 = LogTooShort { prev_log_index, last_index },
    4 = TermMismatch { prev_log_index, theirs, ours },
    5 = HearsLeader { leader },
    6 = NoVote,
});

coded_enum!(IgnoredBecause { 0 = StaleTerm, 1 = NotWaiting, 2 = NothingNew, 3 = Stranger, 4 = Impossible });
coded_enum!(ProgressState { 0 = Probe, 1 = Replicate, 2 = Snapshot });
coded_enum!(ReadMode { 0 = Stale, 1 = LeaderLocal, 2 = ReadIndex, 3 = Lease });
coded_enum!(ChangeRefusal {
    0 = NotLeader,
    1 = HandingOver,
    2 = ChangeUnderWay,
    3 = NothingCommitted,
    4 = NoVoters,
    5 = NothingToChange,
    6 = NotCaughtUp,
});
coded_enum!(TransferRefusal { 0 = NotLeader, 1 = NotAnotherVoter });
coded_enum!(Role { 0 = Follower, 1 = Candidate, 2 = Leader, 3 = PreCandidate });
coded_enum!(Timer { 0 = Election, 1 = Heartbeat });

coded_struct!(Write {
    id,
    hard_state,
    snapshot,
    append
});
coded_struct!(HardState { term, voted_for });
coded_struct!(Append { first, entries });
coded_struct!(Snapshot {
    last_index,
    last_term,
    configuration,
    data
});
coded_struct!(Configuration {
    voters,
    outgoing,
    learners
});
coded_struct!(Entry { term, payload });
coded_enum!(Payload { 0 = Noop, 1 = Command(command), 2 = Configuration(configuration) });

coded_enum!(Order { 0 = Snapshot, 1 = Transfer { to }, 2 = Change { change } });
coded_enum!(Change { 0 = AddVoter(id), 1 = AddLearner(id), 2 = Remove(id), 3 = Voters(voters) });

coded_enum!(Packet {
    0 = Raft { message },
    1 = Request { from, to, op, command },
    2 = Response { from, to, op, reply },
    3 = Query { from, to, op, key, mode },
    4 = TwoPhase { message },
});

coded_struct!(Message { from, to, term, body });

coded_enum!(Body {
    0 = RequestVote { last_log_index, last_log_term, transfer },
    1 = RequestVoteReply { granted },
    2 = AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round },
    3 = AppendEntriesReply { success, index, conflict, round },
    4 = ReadIndex { id },
    5 = ReadIndexReply { id, index },
    6 = PreVote { last_log_index, last_log_term },
    7 = PreVoteReply { granted, asked_in },
    8 = TimeoutNow,
    9 = InstallSnapshot { snapshot },
    10 = InstallSnapshotReply { index },
});

coded_struct!(Conflict { index, term });

coded_enum!(LostBecause { 0 = Loss, 1 = Cut, 2 = ReceiverDown, 3 = LinkFull, 4 = Dropped });
coded_enum!(Handling { 0 = Drop, 1 = Hold, 2 = Deliver, 3 = Duplicate });
coded_enum!(PacketKind {
    0 = RequestVote,
    1 = RequestVoteReply,
    2 = PreVote,
    3 = PreVoteReply,
    4 = AppendEntries,
    5 = Heartbeat,
    6 = AppendEntriesReply,
    7 = InstallSnapshot,
    8 = InstallSnapshotReply,
    9 = TimeoutNow,
    10 = ReadIndex,
    11 = ReadIndexReply,
    12 = Request,
    13 = Query,
    14 = Response,
    15 = Prepare,
    16 = Vote,
    17 = Decision,
    18 = Acknowledgement,
    19 = Inquiry,
    20 = Uncertain,
});
coded_enum!(Reply { 0 = Done { value, tag }, 1 = NotLeader { leader }, 2 = Aborted, 3 = NotCoordinator { coordinator } });
coded_enum!(Operation { 0 = Put { key, value }, 1 = Del { key }, 2 = Get { key }, 3 = Read { key, mode } });
coded_enum!(Outcome { 0 = Ok { value, tag }, 1 = Failed, 2 = Unknown });
coded_enum!(Endpoint { 0 = Server(id), 1 = Client(id) });

macro_rules! coded_number {
    ($($type:ident($inner:ty)),* $(,)?) => {
        $(impl Coded for $type {
            fn write(&self, to: &mut impl Sink) {
                to.number(self.0.into());
            }

            fn read(from: &mut Reader<'_>) -> Self {
                $type(from.number() as $inner) // was one before
            }
        })*
    };
}

coded_number!(
    NodeId(u32),
    ClientId(u32),
    OpId(u32),
    Term(u64),
    Index(u64),
    WriteId(u64),
    Duration(u64),
    ReadId(u64),
    Round(u64)
);

impl Coded for u32 {
    fn write(&self, to: &mut impl Sink) {
        to.number((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.number() as u32 // was one before
    }
}

/// Small numbers on both sides of 0 make few bytes.
impl Coded for i64 {
    fn write(&self, to: &mut impl Sink) {
        to.number((self.unsigned_abs() << 1) | u64::from(*self < 0));
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let n = from.number();
        let size = (n >> 1) as i64; // was one before
        if n & 1 == 1 { -size } else { size }
    }
}

impl Coded for bool {
    fn write(&self, to: &mut impl Sink) {
        to.number((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.number() == 1
    }
}

impl Coded for WorldTime {
    fn write(&self, to: &mut impl Sink) {
        to.time(*self);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.time()
    }
}

impl Coded for MessageId {
    fn write(&self, to: &mut impl Sink) {
        to.message(*self);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.message()
    }
}

impl Coded for Word {
    fn write(&self, to: &mut impl Sink) {
        to.bytes(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        str::from_utf8(from.bytes()).expect("was text before").into()
    }
}

impl Coded for Command {
    fn write(&self, to: &mut impl Sink) {
        to.bytes(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Command::new(from.bytes())
    }
}

/// What a snapshot is made of.
impl Coded for Arc<[u8]> {
    fn write(&self, to: &mut impl Sink) {
        to.bytes(self);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.bytes().into()
    }
}

impl<T: Coded> Coded for Arc<T> {
    fn write(&self, to: &mut impl Sink) {
        (**self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Arc::new(T::read(from))
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, to: &mut impl Sink) {
        to.tag(self.is_some().into());
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (from.tag() == 1).then(|| T::read(from))
    }
}

fn write_all<T: Coded>(all: &[T], to: &mut impl Sink) {
    to.tag(all.len() as u64);
    for one in all {
        one.write(to);
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, to: &mut impl Sink) {
        write_all(self, to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (0..from.tag()).map(|_| T::read(from)).collect()
    }
}

impl<T: Coded> Coded for Arc<[T]> {
    fn write(&self, to: &mut impl Sink) {
        write_all(self, to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Vec::read(from).into()
    }
}

impl Coded for Entries {
    fn write(&self, to: &mut impl Sink) {
        write_all(self, to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Vec::read(from).into()
    }
}
