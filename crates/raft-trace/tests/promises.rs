//! What goes beyond single servers: snapshots, reads, progress, commands sent again. Each broken by a list of events made for it, and kept by one that comes close.

use raft_core::{
    Append, Command, Entry, Index, NodeId, Note, Payload, ReadMode, Role, Snapshot, Term, Timer, Write,
    WriteId,
};
use raft_trace::{
    ClientId, Endpoint, Event, Evidence, Handling, LostBecause, MessageId, Monitor, OpId, Operation, Outcome,
    Packet, Reply, Request, Seq, TraceEvent, WorldTime,
};
use std::sync::Arc;

const S1: NodeId = NodeId(1);
const S2: NodeId = NodeId(2);
const C1: ClientId = ClientId(1);
const SECOND: u64 = 1_000_000;

/// What a run of three servers and two clients breaks, last, if anything.
fn broken(events: &[(u64, Event)]) -> Option<Evidence> {
    let mut monitor = Monitor::default();
    let began = Event::Began {
        servers: 3,
        voters: 3,
        clients: 2,
    };
    for (seq, (at, event)) in [(0, began)].iter().chain(events).enumerate() {
        assert_eq!(monitor.violations(), [], "too early");
        monitor.observe(&TraceEvent {
            seq: Seq(seq as u32),
            at: WorldTime(*at),
            cause: None,
            event: event.clone(),
        });
    }
    monitor
        .violations()
        .first()
        .map(|violation| violation.evidence.clone())
}

/// The same, all at one time.
fn at_once(events: &[Event]) -> Option<Evidence> {
    let events: Vec<_> = events.iter().map(|event| (0, event.clone())).collect();
    broken(&events)
}

fn leads(server: NodeId, term: u64) -> Event {
    let (role, term) = (Role::Leader, Term(term));
    let note = Note::Became { role, term };
    Event::Noted { server, note }
}

/// Entries of term 1 from 1 on, written and, if so wished, synced.
fn holds(server: NodeId, entries: usize, synced: bool) -> Vec<Event> {
    let entry = Entry {
        term: Term(1),
        payload: Payload::Noop,
    };
    let append = Append {
        first: Index(1),
        entries: vec![entry; entries].into(),
    };
    let write = Write {
        id: WriteId(1),
        hard_state: None,
        snapshot: None,
        append: Some(append),
    };
    let through = WriteId(1);
    let mut events = vec![Event::Written { server, write }];
    events.extend(synced.then_some(Event::Synced { server, through }));
    events
}

fn commits(server: NodeId, through: u64) -> Event {
    let through = Index(through);
    Event::Committed { server, through }
}

#[test]
fn a_snapshot_stands_for_what_was_committed() {
    let run = |last_term| {
        let snapshot = Snapshot {
            last_index: Index(2),
            last_term: Term(last_term),
            configuration: Arc::default(),
            data: [].into(),
        };
        let write = Write {
            id: WriteId(1),
            hard_state: None,
            snapshot: Some(Arc::new(snapshot)),
            append: None,
        };
        let (server, through) = (NodeId(3), Index(2));
        let mut events = [holds(S1, 2, true), holds(S2, 2, true), vec![commits(S2, 2)]].concat();
        events.push(Event::Written { server, write });
        if last_term == 1 {
            events.push(Event::Restored { server, through });
        }
        at_once(&events)
    };
    assert_eq!(run(1), None);
    assert!(matches!(
        run(7),
        Some(Evidence::CommittedDiffers {
            term: Some(Term(7)),
            ..
        })
    ));
}

/// S1 applies two entries and answers a write of C2 by the second; then S2 answers C1's read by the first.
fn a_read(mode: ReadMode, acknowledged: bool) -> Option<Evidence> {
    let applies = |server, index| Event::Applied {
        server,
        index: Index(index),
    };
    let answers = |from, to, op| Event::Sent {
        message: MessageId(0),
        packet: Packet::Response {
            from,
            to,
            op: OpId(op),
            reply: Reply::Done {
                value: None,
                tag: None,
            },
        },
        arrives: WorldTime(5),
    };
    let invokes = |client, op, operation| Event::Invoked {
        client,
        op: OpId(op),
        operation,
    };
    let key = || "x".into();
    let mut events = [holds(S1, 2, true), holds(S2, 2, true)].concat();
    events.extend([invokes(ClientId(2), 0, Operation::Del { key: key() })]);
    events.extend([
        applies(S1, 1),
        applies(S1, 2),
        applies(S2, 1),
        answers(S1, ClientId(2), 0),
    ]);
    events.extend(acknowledged.then_some(Event::Returned {
        client: ClientId(2),
        op: OpId(0),
        outcome: Outcome::Ok {
            value: None,
            tag: None,
        },
    }));
    events.extend([
        invokes(C1, 1, Operation::Read { key: key(), mode }),
        answers(S2, C1, 1),
    ]);
    at_once(&events)
}

#[test]
fn a_read_sees_what_was_acknowledged_before_it() {
    let stale = Some(Evidence::ReadStale {
        server: S2,
        client: C1,
        op: OpId(1),
        applied: Index(1),
        acknowledged: Index(2),
    });
    assert_eq!(a_read(ReadMode::ReadIndex, true), stale);
    assert_eq!(a_read(ReadMode::Lease, true), stale);
    assert_eq!(a_read(ReadMode::ReadIndex, false), None, "nobody knows of it yet");
    assert_eq!(a_read(ReadMode::Stale, true), None, "nor was it asked for");
    assert_eq!(a_read(ReadMode::LeaderLocal, true), None);
}

fn fires(at: u64) -> (u64, Event) {
    let (server, timer) = (S1, Timer::Election);
    (at, Event::TimerFired { server, timer })
}

#[test]
fn a_healthy_majority_elects_a_leader() {
    let crash = |server| {
        (
            SECOND,
            Event::Crashed {
                server: NodeId(server),
            },
        )
    };
    assert_eq!(broken(&[crash(3), fires(11 * SECOND - 1)]), None, "not yet");
    assert_eq!(
        broken(&[crash(3), fires(11 * SECOND)]),
        Some(Evidence::NoProgress {
            since: WorldTime(SECOND),
            majority: vec![S1, S2],
            leader: None,
        })
    );
    assert_eq!(
        broken(&[crash(2), crash(3), fires(60 * SECOND)]),
        None,
        "no majority"
    );
    assert_eq!(
        broken(&[crash(3), (SECOND, leads(S2, 1)), fires(60 * SECOND)]),
        None
    );
    let (from, to) = (Endpoint::Server(S1), Endpoint::Server(S2));
    let cut = (2 * SECOND, Event::LinkCut { from, to });
    assert_eq!(
        broken(&[crash(3), cut, fires(60 * SECOND)]),
        None,
        "not connected"
    );
}

/// C1 asks S1 for operation 0 at this time; the message takes so long.
fn asks(at: u64, takes: u64) -> (u64, Event) {
    let packet = Packet::Query {
        from: C1,
        to: S1,
        op: OpId(0),
        key: "x".into(),
        mode: ReadMode::ReadIndex,
    };
    let (message, arrives) = (MessageId(at as u32), WorldTime(at + takes));
    (
        at,
        Event::Sent {
            message,
            packet,
            arrives,
        },
    )
}

/// S1 leads, and C1 asks it at a second for something for the second time.
fn asked_again() -> Vec<(u64, Event)> {
    let on_disk = [holds(S1, 1, true), holds(S2, 1, true)].concat();
    let mut events: Vec<_> = on_disk.into_iter().map(|e| (0, e)).collect();
    events.extend([(0, leads(S1, 1)), asks(0, 5), asks(SECOND, 5)]);
    events
}

#[test]
fn and_the_leader_commits_while_clients_ask_again() {
    let with = |more: &[(u64, Event)]| broken(&[asked_again(), more.to_vec()].concat());
    assert_eq!(with(&[fires(11 * SECOND - 1)]), None, "not yet");
    assert_eq!(
        with(&[fires(11 * SECOND)]),
        Some(Evidence::NoProgress {
            since: WorldTime(SECOND),
            majority: vec![S1, S2, NodeId(3)],
            leader: Some(S1),
        })
    );
    assert_eq!(with(&[(5 * SECOND, commits(S1, 1)), fires(60 * SECOND)]), None);
}

#[test]
fn who_asked_only_once_may_have_had_bad_luck() {
    let mut events = asked_again();
    events.pop();
    events.push(fires(60 * SECOND));
    assert_eq!(broken(&events), None);
}

#[test]
fn a_network_in_which_messages_are_handled_or_take_long_is_no_healthy_one() {
    let (message, because) = (MessageId(1), LostBecause::Dropped);
    let plan = Event::Planned {
        handling: Handling::Drop,
        kind: None,
        from: Endpoint::Server(S1),
        to: Endpoint::Server(S2),
    };
    let by_hand = [
        plan,
        Event::Held { message },
        Event::Hastened { message },
        Event::Lost { message, because },
    ];
    for event in by_hand {
        let mut events = asked_again();
        events.extend([(5 * SECOND, event.clone()), fires(12 * SECOND)]);
        assert_eq!(broken(&events), None, "{event:?}");
    }
    let after = |takes| {
        let mut events = asked_again();
        events.extend([asks(5 * SECOND, takes), fires(11 * SECOND)]);
        broken(&events)
    };
    assert!(matches!(after(SECOND - 1), Some(Evidence::NoProgress { .. })));
    assert_eq!(after(SECOND), None);
}

/// C1's operation of this number, as it is asked for at this attempt.
fn command((op, attempt): (u32, u32)) -> Command {
    Request {
        client: C1,
        op: OpId(op),
        attempt,
        operation: Operation::Del { key: "x".into() },
    }
    .encode()
}

/// C1's commands of these numbers and attempts, of one term and from index 1 on, written and then applied.
fn applies_all(server: NodeId, term: u64, commands: &[(u32, u32)]) -> Vec<Event> {
    let entry = |which: &(u32, u32)| Entry {
        term: Term(term),
        payload: Payload::Command(command(*which)),
    };
    let append = Append {
        first: Index(1),
        entries: commands.iter().map(entry).collect::<Vec<_>>().into(),
    };
    let write = Write {
        id: WriteId(1),
        hard_state: None,
        snapshot: None,
        append: Some(append),
    };
    let indexes = (1..).map(Index).take(commands.len());
    [Event::Written { server, write }]
        .into_iter()
        .chain(indexes.map(|index| Event::Applied { server, index }))
        .collect()
}

#[test]
fn what_is_asked_for_again_takes_effect_once() {
    let run = |logs: &[(NodeId, &[(u32, u32)])]| {
        let applied = logs
            .iter()
            .flat_map(|(server, commands)| applies_all(*server, 1, commands));
        at_once(&applied.collect::<Vec<_>>())
    };
    let twice = |first, second| {
        Some(Evidence::AppliedTwice {
            server: S1,
            client: C1,
            op: OpId(7),
            first: Index(first),
            second: Index(second),
        })
    };
    // One attempt: the state machine sees that it is the same, also when it comes late, and on every server.
    let same = [(7, 0), (7, 0), (8, 0), (7, 0)];
    assert_eq!(run(&[(S1, &same), (S2, &same)]), None);
    // Two attempts: it does not.
    assert_eq!(run(&[(S1, &[(7, 0), (7, 1)])]), twice(1, 2));
    assert_eq!(run(&[(S1, &[(7, 0), (7, 0), (7, 1)])]), twice(1, 3));
    // But of the two only one takes effect if the later came first.
    assert_eq!(run(&[(S1, &[(7, 1), (7, 0)])]), None);
    // Two operations are two, however alike.
    assert_eq!(run(&[(S1, &[(7, 0), (8, 0)])]), None);
}

#[test]
fn what_was_in_a_log_but_gave_way_took_no_effect() {
    let mut stood = applies_all(S2, 1, &[(7, 0)]);
    stood.truncate(1); // written, not applied
    let events = [stood, applies_all(S1, 2, &[(7, 1)])].concat();
    assert_eq!(at_once(&events), None);
}
