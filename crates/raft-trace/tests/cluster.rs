//! The cluster state follows the events.

use raft_core::{
    Append, Command, Entries, Entry, HardState, Index, Message, NodeId, Note, Payload, ProgressState, Role,
    Round, Term, Timer, Write, WriteId,
};
use raft_trace::{
    ClientId, ClusterState, Endpoint, Event, Invocation, LostBecause, MessageId, OpId, Operation, Outcome,
    Packet, Progress, Request, Seq, ServerState, TimerState, TraceEvent, WorldTime,
};

const S1: NodeId = NodeId(1);
const S2: NodeId = NodeId(2);
const C1: ClientId = ClientId(1);

/// Three servers, one client; event n happens at n × 10 µs.
fn after(events: &[Event]) -> ClusterState {
    let mut state = ClusterState::default();
    let began = Event::Began {
        servers: 3,
        voters: 3,
        clients: 1,
    };
    for (seq, event) in (0..).zip([&began].into_iter().chain(events)) {
        state.apply(&TraceEvent {
            seq: Seq(seq),
            at: WorldTime(u64::from(seq) * 10),
            cause: None,
            event: event.clone(),
        });
    }
    state
}

fn server_after(events: &[Event]) -> ServerState {
    after(events).servers[0].clone()
}

fn note(note: Note) -> Event {
    Event::Noted { server: S1, note }
}

fn became(role: Role, term: u64) -> Event {
    note(Note::Became {
        role,
        term: Term(term),
    })
}

fn put(op: u32, key: &str, value: &str) -> Command {
    let operation = Operation::Put {
        key: key.into(),
        value: value.into(),
    };
    Request {
        client: C1,
        op: OpId(op),
        attempt: 0,
        operation,
    }
    .encode()
}

fn entries(term: u64, commands: &[Command]) -> Entries {
    let entry = |command: &Command| Entry {
        term: Term(term),
        payload: Payload::Command(command.clone()),
    };
    commands.iter().map(entry).collect::<Vec<_>>().into()
}

fn write(id: u64, hard_state: Option<(u64, NodeId)>, append: Option<(u64, Entries)>) -> Event {
    let hard_state = hard_state.map(|(term, candidate)| HardState {
        term: Term(term),
        voted_for: Some(candidate),
    });
    let append = append.map(|(first, entries)| Append {
        first: Index(first),
        entries,
    });
    let id = WriteId(id);
    Event::Written {
        server: S1,
        write: Write {
            id,
            hard_state,
            snapshot: None,
            append,
        },
    }
}

fn synced(through: u64) -> Event {
    let (server, through) = (S1, WriteId(through));
    Event::Synced { server, through }
}

#[test]
fn begins_with_servers_and_clients_that_know_nothing() {
    let state = after(&[]);
    assert_eq!(
        state.servers.iter().map(|s| s.id.0).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(
        state
            .servers
            .iter()
            .all(|s| s.up && s.role == Role::Follower && s.term == Term(0))
    );
    assert_eq!(state.client(C1).map(|c| c.id), Some(C1));
    assert_eq!(state.server(NodeId(0)), None);
    assert_eq!(state.server(NodeId(4)), None);
}

#[test]
fn a_candidate_collects_votes_and_a_leader_keeps_them() {
    let mut events = vec![
        became(Role::Candidate, 1),
        note(Note::VoteGranted { candidate: S1 }),
        note(Note::VoteCounted { voter: S2 }),
        note(Note::VoteCounted { voter: S1 }),
    ];
    let candidate = server_after(&events);
    assert_eq!((candidate.role, candidate.term), (Role::Candidate, Term(1)));
    assert_eq!((candidate.voted_for, candidate.leader), (Some(S1), None));
    assert_eq!(candidate.votes, [S1, S2].into_iter().collect());

    events.push(write(1, None, Some((1, entries(1, &[put(1, "x", "1")])))));
    events.push(became(Role::Leader, 1));
    let leader = server_after(&events);
    assert_eq!((leader.voted_for, leader.leader), (Some(S1), Some(S1)));
    assert_eq!(leader.votes, [S1, S2].into_iter().collect());
    let progress = |server| Progress {
        server: NodeId(server),
        state: ProgressState::Probe,
        next_index: Index(2),
        match_index: Index(0),
    };
    assert_eq!(leader.progress, [progress(2), progress(3)]);

    events.push(note(Note::Progress {
        follower: NodeId(3),
        state: ProgressState::Replicate,
        next_index: Index(7),
        match_index: Index(6),
    }));
    let leader = server_after(&events);
    assert_eq!(leader.progress[0], progress(2));
    assert_eq!(leader.progress[1].next_index, Index(7));
    assert_eq!(leader.progress[1].match_index, Index(6));
    assert_eq!(leader.progress[1].state, ProgressState::Replicate);

    events.push(became(Role::Follower, 2));
    let follower = server_after(&events);
    assert_eq!((follower.voted_for, follower.leader), (None, None));
    assert!(follower.votes.is_empty() && follower.progress.is_empty());
}

#[test]
fn stepping_down_in_the_same_term_keeps_the_vote() {
    let follower = server_after(&[
        became(Role::Candidate, 1),
        note(Note::VoteGranted { candidate: S1 }),
        became(Role::Follower, 1),
        note(Note::LeaderKnown { leader: S2 }),
    ]);
    assert_eq!((follower.voted_for, follower.leader), (Some(S1), Some(S2)));
}

#[test]
fn the_log_in_memory_runs_ahead_of_the_disk() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|key| put(1, key, "1"));
    let mut events = vec![
        write(1, None, Some((1, entries(1, &[a.clone(), b.clone()])))),
        write(2, Some((1, S2)), None),
        write(3, None, Some((3, entries(1, &[c])))),
    ];
    let server = server_after(&events);
    assert_eq!(
        (server.log.last_index(), server.synced_index()),
        (Index(3), Index(0))
    );
    assert_eq!(server.pending.len(), 3);

    events.push(synced(2));
    let server = server_after(&events);
    assert_eq!(
        (server.log.last_index(), server.synced_index()),
        (Index(3), Index(2))
    );
    assert_eq!(server.durable.log.last_index(), Index(2));
    assert_eq!(server.durable.hard_state.voted_for, Some(S2));
    assert_eq!(
        (server.term, server.voted_for),
        (Term(0), None),
        "a write says nothing new about memory"
    );

    let (from, through) = (Index(2), Index(3));
    events.push(note(Note::Truncated { from, through }));
    let server = server_after(&events);
    assert_eq!(
        (server.log.last_index(), server.synced_index()),
        (Index(1), Index(1))
    );

    events.push(write(4, None, Some((2, entries(2, &[d])))));
    events.push(synced(3));
    let server = server_after(&events);
    assert_eq!(
        (server.log.last_index(), server.synced_index()),
        (Index(2), Index(1))
    );
    assert_eq!(
        server.durable.log.last_index(),
        Index(3),
        "the disk is behind, not ahead"
    );

    events.push(synced(4));
    let server = server_after(&events);
    assert_eq!(server.synced_index(), Index(2));
    assert_eq!(server.durable.log, server.log);
    assert!(server.pending.is_empty());
}

#[test]
fn a_loss_of_power_leaves_what_the_disk_holds_and_a_crash_what_was_written() {
    let mut events = vec![
        became(Role::Candidate, 3),
        note(Note::VoteGranted { candidate: S1 }),
        write(1, Some((3, S1)), Some((1, entries(2, &[put(1, "x", "1")])))),
        synced(1),
        note(Note::VoteCounted { voter: S1 }),
        became(Role::Leader, 3),
        Event::TimerSet {
            server: S1,
            timer: Timer::Heartbeat,
            deadline: WorldTime(500),
        },
        Event::Committed {
            server: S1,
            through: Index(1),
        },
        Event::Applied {
            server: S1,
            index: Index(1),
        },
        write(2, None, Some((2, entries(3, &[put(2, "x", "2")])))),
    ];
    assert_eq!(server_after(&events).machine.get("x"), Some("1"));
    let before = server_after(&events);

    let crashed = server_after(&[&events[..], &[Event::Crashed { server: S1 }]].concat());
    assert_eq!(
        (crashed.up, crashed.unpowered, crashed.term),
        (false, false, Term(3))
    );
    assert_eq!(
        (crashed.log.last_index(), crashed.durable.log.last_index()),
        (Index(2), Index(1))
    );
    assert_eq!((crashed.pending.len(), crashed.synced_index()), (1, Index(1)));

    events.push(Event::PoweredOff {
        server: S1,
        through: WriteId(1),
        entries: 0,
    });
    let mut expected = ServerState {
        id: S1,
        ..ServerState::default()
    };
    expected.unpowered = true;
    expected.term = Term(3);
    expected.voted_for = Some(S1);
    expected.log = before.durable.log.clone();
    expected.durable = before.durable;
    assert_eq!(expected.log.last_index(), Index(1));
    assert_eq!(server_after(&events), expected);

    events.push(Event::Restarted { server: S1 });
    expected.up = true;
    expected.unpowered = false;
    expected.configuration.voters = [1, 2, 3].map(NodeId).into();
    assert_eq!(server_after(&events), expected);
}

#[test]
fn timers_run_until_they_fire_or_stop() {
    let server = S1;
    let set = |timer, deadline| Event::TimerSet {
        server,
        timer,
        deadline: WorldTime(deadline),
    };
    let state = |set_at, deadline| {
        let (set_at, deadline) = (WorldTime(set_at), WorldTime(deadline));
        Some(TimerState { set_at, deadline })
    };
    let mut events = vec![
        set(Timer::Election, 100),
        set(Timer::Heartbeat, 200),
        set(Timer::Election, 300),
    ];
    let s = server_after(&events);
    assert_eq!(s.timer(Timer::Election), state(30, 300));
    assert_eq!(s.timer(Timer::Heartbeat), state(20, 200));

    events.push(Event::TimerStopped {
        server,
        timer: Timer::Heartbeat,
    });
    let s = server_after(&events);
    assert_eq!((s.election_timer, s.heartbeat_timer), (state(30, 300), None));

    events.push(Event::TimerFired {
        server,
        timer: Timer::Election,
    });
    assert_eq!(server_after(&events).election_timer, None);
}

#[test]
fn a_request_is_applied_once_however_often_it_is_in_the_log() {
    let log = [put(1, "x", "1"), put(2, "x", "2"), put(1, "x", "1")];
    let mut events = vec![write(1, None, Some((1, entries(1, &log))))];
    events.extend([1, 2, 3].map(|index| Event::Applied {
        server: S1,
        index: Index(index),
    }));
    let server = server_after(&events);
    assert_eq!(server.last_applied, Index(3));
    assert_eq!(server.machine.get("x"), Some("2"));
}

fn heartbeat() -> Packet {
    let body = raft_core::Body::AppendEntries {
        prev_log_index: Index(0),
        prev_log_term: Term(0),
        entries: Entries::NONE,
        leader_commit: Index(0),
        round: Round(1),
    };
    let (from, to, term) = (S1, S2, Term(1));
    Packet::Raft {
        message: Message { from, to, term, body },
    }
}

#[test]
fn messages_are_on_their_way_until_they_arrive_or_are_lost() {
    let sent = |message| Event::Sent {
        message: MessageId(message),
        packet: heartbeat(),
        arrives: WorldTime(1000),
    };
    let mut events = vec![
        sent(0),
        Event::Duplicated {
            message: MessageId(1),
            original: MessageId(0),
            arrives: WorldTime(2000),
        },
        sent(2),
    ];
    let state = after(&events);
    assert_eq!(state.in_flight.len(), 3);
    let copy = state.message(MessageId(1)).expect("is on its way");
    assert_eq!(copy.original, Some(MessageId(0)));
    assert_eq!(copy.packet, heartbeat());
    assert_eq!(
        (copy.seq, copy.sent_at, copy.arrives),
        (Seq(2), WorldTime(20), WorldTime(2000))
    );

    let message = MessageId(1);
    events.push(Event::Delivered { message });
    let message = MessageId(0);
    let because = LostBecause::Loss;
    events.push(Event::Lost { message, because });
    let state = after(&events);
    assert_eq!(
        state.in_flight.iter().map(|m| m.id).collect::<Vec<_>>(),
        [MessageId(2)]
    );
    assert_eq!(state.message(MessageId(1)), None);
}

#[test]
fn a_client_waits_for_one_operation() {
    let (client, op) = (C1, OpId(4));
    let operation = Operation::Get { key: "x".into() };
    let mut events = vec![Event::Invoked {
        client,
        op,
        operation: operation.clone(),
    }];
    let (seq, at) = (Seq(1), WorldTime(10));
    let invocation = Invocation {
        op,
        operation,
        seq,
        at,
    };
    assert_eq!(after(&events).clients[0].current.as_ref(), Some(&invocation));

    let outcome = Outcome::Failed;
    events.push(Event::Returned { client, op, outcome });
    let state = after(&events);
    assert_eq!(state.clients[0].current, None);
    assert_eq!(state.clients[0].last, Some((invocation, Outcome::Failed)));
}

#[test]
fn splits_and_cuts_end_with_a_heal() {
    let [a, b, c] = [Endpoint::Server(S1), Endpoint::Server(S2), Endpoint::Client(C1)];
    let split = |groups: &[&[Endpoint]]| Event::Partitioned {
        groups: groups.iter().map(|g| g.to_vec()).collect(),
    };
    let cut = |from, to| Event::LinkCut { from, to };
    let mut events = vec![
        split(&[&[a], &[b]]),
        split(&[&[a, c], &[b]]),
        cut(a, b),
        cut(b, a),
    ];
    events.push(Event::LinkMended { from: a, to: b });
    let state = after(&events);
    assert_eq!(state.groups[..], [vec![a, c], vec![b]]);
    assert_eq!(state.cuts, [(b, a)].into_iter().collect());

    events.push(Event::Healed);
    assert_eq!(after(&events), after(&[]));
}

#[test]
fn what_was_said_stays_until_the_next() {
    let said = |text: &str| Event::Said { text: text.into() };
    let state = after(&[said("one"), said("two"), Event::Ended]);
    assert_eq!(state.said.as_deref(), Some("two"));
    assert!(state.ended);
}

#[test]
fn a_clone_goes_on_by_itself() {
    let state = after(&[write(1, None, Some((1, entries(1, &[put(1, "x", "1")]))))]);
    let mut other = state.clone();
    other.apply(&TraceEvent {
        seq: Seq(2),
        at: WorldTime(20),
        cause: None,
        event: note(Note::Truncated {
            from: Index(1),
            through: Index(1),
        }),
    });
    assert_eq!(other.servers[0].log.last_index(), Index(0));
    assert_eq!(state.servers[0].log.last_index(), Index(1));
}
