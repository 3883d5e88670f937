//! What the space-time diagram is drawn from, held against the trace itself.

use raft_lab::frame::{Lanes, MarkKind, OpOutcome, Plight};
use raft_lab::{ARROW_FIELDS, Index, Seq, Session, WorldTime};
use raft_trace::{ClusterState, Endpoint, Event, LostBecause, Packet, Trace};

const STORY: &str = r#"raft 1
servers 5
clients 2
seed 11
set loss 10%
set duplicate 10%
@1ms    load C1 put every 30ms
@1ms    load C2 get every 50ms
@700ms  crash S2
@900ms  partition S1 S2 | S3 S4 S5 C1
@1100ms restart S2
@1300ms say "Now they heal."
@1300ms heal
@1500ms set fsync 10ms
@1595ms timeout S1
@1596ms timeout S1
@1600ms crash S1 S3
@1900ms restart S1 S3
@2300ms crash S1
@2500ms end
"#;

fn played(text: &str, ms: u64) -> Session {
    let mut session = Session::parse(text).expect("a scenario");
    session.play_to(WorldTime(ms * 1_000));
    session
}

/// Every message of a trace, told as `Session::arrows` tells it.
fn arrows(trace: &Trace, servers: u32) -> Vec<[f64; ARROW_FIELDS]> {
    let mut rows: Vec<[f64; ARROW_FIELDS]> = Vec::new();
    for event in trace.iter_from(Seq(0)) {
        let (seq, now) = (f64::from(event.seq.0), event.at.0 as f64);
        match event.event {
            Event::Sent { packet, arrives, .. } => {
                let lanes = [packet.from(), packet.to()].map(|endpoint| match endpoint {
                    Endpoint::Server(id) => f64::from(id.0 - 1),
                    Endpoint::Client(id) => f64::from(servers + id.0 - 1),
                });
                let (kind, term, entries) = told(&packet);
                let (id, end) = (rows.len() as f64, arrives.0 as f64);
                rows.push([seq, id, lanes[0], lanes[1], kind, term, now, end, 0.0, entries]);
            }
            Event::Duplicated {
                original, arrives, ..
            } => {
                let [.., kind, term, _, _, _, entries] = rows[original.0 as usize];
                let [_, _, from, to, ..] = rows[original.0 as usize];
                let (id, end, copied) = (rows.len() as f64, arrives.0 as f64, kind % 200.0 + 200.0);
                rows.push([seq, id, from, to, copied, term, now, end, 0.0, entries]);
            }
            Event::Delivered { message } => rows[message.0 as usize][7..9].copy_from_slice(&[now, 1.0]),
            Event::Lost { message, because } => {
                let row = &mut rows[message.0 as usize];
                let half_way = now < row[7] || because == LostBecause::Dropped;
                (row[8], row[7]) = (if half_way { 2.0 } else { 3.0 }, now);
            }
            Event::Held { message } => rows[message.0 as usize][8] = 4.0,
            Event::Hastened { message } => rows[message.0 as usize][7..9].copy_from_slice(&[now, 0.0]),
            _ => {}
        }
    }
    rows
}

/// Kind, term and number of entries, read off the packet's JSON-like form rather than by the code under test.
fn told(packet: &Packet) -> (f64, f64, f64) {
    let text = format!("{packet:?}");
    let kinds = [
        "RequestVote {",
        "RequestVoteReply",
        "AppendEntries {",
        "AppendEntriesReply",
        "Request {",
        "Response {",
    ];
    let kind = kinds.iter().position(|kind| text.contains(kind)).expect("a kind");
    let refused = ["granted: false", "success: false", "NotLeader"]
        .iter()
        .any(|no| text.contains(no));
    let term = match packet {
        Packet::Raft { message } => message.term.0,
        _ => 0,
    };
    let entries = text.matches("payload:").count();
    (
        kind as f64 + if refused { 100.0 } else { 0.0 },
        term as f64,
        entries as f64,
    )
}

#[test]
fn a_window_holds_every_message_that_is_under_way_in_it() {
    let session = played(STORY, 2_400);
    let all = arrows(session.trace(), 5);
    assert!(all.len() > 500 && (0..4).all(|fate| all.iter().any(|a| a[8] == f64::from(fate))));
    for (from, to) in [
        (0, 2_500_000),
        (0, 0),
        (700_000, 700_000),
        (1_234_567, 1_300_000),
        (2_399_000, 9_000_000),
    ] {
        let overlap = |a: &&[f64; ARROW_FIELDS]| a[6] <= f64::from(to) && a[7] >= f64::from(from);
        let expected: Vec<&[f64]> = all.iter().filter(overlap).map(|row| &row[..]).collect();
        let found = session.arrows(WorldTime(from as u64), WorldTime(to as u64));
        let found: Vec<&[f64]> = found.chunks(ARROW_FIELDS).collect();
        assert_eq!(found.len(), expected.len(), "{from}..{to}");
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(*found, expected, "{from}..{to}");
        }
    }
}

#[test]
fn what_was_held_is_under_way_until_it_is_let_go() {
    let session = played(
        "raft 1\nservers 3\nseed 3\nset duplicate 20%\n@0ms timeout S1\n@1ms load C1 put every 20ms\n\
         @500ms hold message S1->S2\n@530ms hold message S1->S3\n@1800ms deliver message S1->S2\n@2600ms deliver message S1->S3",
        3_000,
    );
    let all = arrows(session.trace(), 3);
    let long = all.iter().filter(|a| a[7] - a[6] > 1e6).count();
    assert!(long >= 2, "{long} were held for more than a second");
    for from in (0..3_000_000).step_by(40_000) {
        let to = from + 30_000;
        let overlap = |a: &&[f64; ARROW_FIELDS]| a[6] <= f64::from(to) && a[7] >= f64::from(from);
        let expected: Vec<f64> = all.iter().filter(overlap).flatten().copied().collect();
        assert_eq!(
            session.arrows(WorldTime(from as u64), WorldTime(to as u64)),
            expected,
            "{from}"
        );
    }
}

#[test]
fn spans_tell_role_term_and_being_up_at_every_time() {
    let session = played(STORY, 2_500);
    let lanes = session.lanes(WorldTime(0), WorldTime(2_500_000));
    assert!(!lanes.thinned);
    let mut state = ClusterState::default();
    let mut events = session.trace().iter_from(Seq(0)).peekable();
    while let Some(event) = events.next() {
        state.apply(&event);
        if events.peek().is_some_and(|next| next.at == event.at) {
            continue; // spans are about what lasts
        }
        for server in &state.servers {
            let id = server.id.to_string();
            let now = event.at.0;
            let mut spans = lanes.spans.iter().filter(|s| s.server == id && s.from_us <= now);
            let span = spans.next_back().expect("a span for every time");
            assert!(span.to_us >= now, "no gap");
            assert_eq!(
                (span.role, span.term, span.up),
                (server.role, server.term, server.up),
                "{id} at {now}"
            );
        }
    }
    assert!(lanes.spans.iter().any(|span| !span.up));
}

#[test]
fn operations_are_told_as_the_clients_saw_them() {
    let session = played(STORY, 2_400);
    let lanes = session.lanes(WorldTime(0), WorldTime(2_500_000));
    let begun = session
        .trace()
        .iter_from(Seq(0))
        .filter(|e| matches!(e.event, Event::Invoked { .. }));
    let begun: Vec<u32> = begun.map(|event| event.seq.0).collect();
    let mut told: Vec<u32> = lanes.ops.iter().map(|op| op.seq.0).collect();
    told.sort_unstable();
    assert_eq!(told, begun);
    assert!(
        lanes
            .ops
            .iter()
            .any(|op| op.outcome == OpOutcome::Ok && op.value.is_some())
    );
    for op in &lanes.ops {
        assert_eq!(op.returned_us.is_none(), op.outcome == OpOutcome::Waiting);
        let (from, to) = (op.invoked_us, op.returned_us.unwrap_or(u64::MAX));
        for (window_from, window_to) in [(500_000, 501_000), (1_500_000, 1_700_000)] {
            let window = session.lanes(WorldTime(window_from), WorldTime(window_to));
            assert_eq!(window.ops.contains(op), from <= window_to && to >= window_from);
        }
    }
}

#[test]
fn marks_stand_where_something_happened() {
    let lanes = played(STORY, 2_500).lanes(WorldTime(0), WorldTime(2_500_000));
    let texts = |kind| {
        lanes
            .marks
            .iter()
            .filter(move |m| m.kind == kind)
            .map(|m| (m.at_us, &*m.text))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts(MarkKind::Crashed),
        [
            (700_000, "crash"),
            (1_600_000, "crash"),
            (1_600_000, "crash"),
            (2_300_000, "crash")
        ]
    );
    assert_eq!(texts(MarkKind::Cut), [(900_000, "split S1 S2 | S3 S4 S5 C1")]);
    assert_eq!(texts(MarkKind::Said), [(1_300_000, "Now they heal.")]);
    assert_eq!(texts(MarkKind::Setting), [(1_500_000, "fsync 10ms")]);
    assert!(texts(MarkKind::Elected)[0].1.starts_with("leader of term "));
    assert!(lanes.marks.is_sorted_by_key(|mark| mark.seq));
    let timeouts = texts(MarkKind::Timeout).len();
    assert!(timeouts >= texts(MarkKind::Elected).len() && timeouts > 0);
}

#[test]
fn commits_are_told_by_server_and_time() {
    let session = played(STORY, 2_500);
    let (from, to) = (WorldTime(600_000), WorldTime(1_400_000));
    let told = session.lanes(from, to).commits;
    let expected: Vec<[u64; 2]> = session
        .trace()
        .iter_from(Seq(0))
        .filter(|event| from <= event.at && event.at <= to)
        .filter_map(|event| match event.event {
            Event::Committed { server, .. } => Some([u64::from(server.0) - 1, event.at.0]),
            _ => None,
        })
        .collect();
    assert!(!told.is_empty());
    assert_eq!(told, expected);
}

#[test]
fn the_outline_is_what_servers_were_in_the_whole_known_run_and_marks() {
    let session = played(STORY, 2_500);
    let whole = session.lanes(WorldTime(0), WorldTime(2_500_000));
    let expected = Lanes {
        spans: whole.spans,
        marks: whole.marks,
        ..Lanes::default()
    };
    assert_eq!(session.outline(), expected);
}

#[test]
fn what_flies_is_told_in_rows_as_it_is_in_a_frame() {
    let mut session = played(STORY, 200);
    for link in ["S1->S2", "S2->S3", "S3->S4", "S4->S5", "S5->S1"] {
        session
            .command(&format!("hold AppendEntries {link}"))
            .expect("a command");
    }
    let (mut held, mut copied) = (0, 0);
    for ms in 201..600 {
        session.play_to(WorldTime(ms * 1_000));
        let frame = session.frame(Index(1), 0);
        let lane = |name: &str| {
            let names = frame.servers.iter().map(|s| &s.id);
            let mut names = names.chain(frame.clients.iter().map(|c| &c.id));
            names.position(|id| id == name).expect("a lane") as f64
        };
        let expected = frame.messages.iter().map(|m| {
            [
                f64::from(m.seq.0),
                f64::from(m.id.0),
                lane(&m.from),
                lane(&m.to),
                f64::from(m.kind as u8)
                    + if m.success == Some(false) { 100.0 } else { 0.0 }
                    + if m.copy { 200.0 } else { 0.0 },
                m.term.map_or(0.0, |term| term.0 as f64),
                m.sent_us as f64,
                m.arrives_us as f64,
                m.held_us.map_or(-1.0, |since| since as f64),
                f64::from(m.entries),
            ]
        });
        assert_eq!(session.flights(), expected.flatten().collect::<Vec<f64>>());
        held += frame.messages.iter().filter(|m| m.held_us.is_some()).count();
        let copies = session.state().in_flight.iter().filter(|m| m.original.is_some());
        assert!(
            copies
                .map(|m| m.id)
                .eq(frame.messages.iter().filter(|m| m.copy).map(|m| m.id))
        );
        copied += frame.messages.iter().filter(|m| m.copy).count();
    }
    assert!(held > 0 && copied > 0);
}

#[test]
fn an_operation_is_known_by_its_number() {
    let session = played(STORY, 2_500);
    let mut asked = 0;
    for event in session.trace().iter_from(Seq(0)) {
        if let Event::Invoked { op, operation, .. } = event.event {
            assert_eq!(session.operation(op), Some(&operation));
            asked += 1;
        }
    }
    assert!(asked > 0);
    assert_eq!(session.operation(raft_lab::OpId(asked)), None);
}

#[test]
fn a_branch_has_the_pictures_of_its_own_history() {
    let mut session = played(STORY, 2_500);
    session.seek(WorldTime(1_000_000));
    session.command("crash S5").expect("a command");
    session.play_to(WorldTime(2_000_000));
    let mut fresh = Session::parse(&session.scenario().to_string()).expect("a scenario");
    fresh.play_to(WorldTime(2_000_000));
    let pictures = |s: &Session| (s.arrows(WorldTime(0), s.at()), s.lanes(WorldTime(0), s.at()));
    assert_eq!(pictures(&session), pictures(&fresh));
}

#[test]
fn what_is_too_much_to_draw_is_thinned_evenly() {
    let session = played(
        "raft 1\nservers 9\nclients 9\nseed 2\n@1ms load C1 put every 5ms\n@1ms load C2 put every 5ms",
        60_000,
    );
    let end = WorldTime(60_000_000);
    let Lanes {
        spans,
        marks,
        commits,
        ops,
        thinned,
        writes,
        ..
    } = session.lanes(WorldTime(0), end);
    assert!(thinned && writes.is_empty());
    assert!(
        spans.len() <= 1_000
            && marks.len() <= 1_000
            && (200..=1_000).contains(&commits.len())
            && (200..=1_000).contains(&ops.len())
    );
    assert!(
        marks.iter().any(|mark| mark.kind == MarkKind::Elected),
        "what is rare stays"
    );
    let arrows = session.arrows(WorldTime(0), end);
    let sent: Vec<f64> = arrows.chunks(ARROW_FIELDS).map(|row| row[6]).collect();
    assert!((1_000..=4_000).contains(&sent.len()));
    for second in 0..60 {
        let (from, to) = (f64::from(second) * 1e6, f64::from(second + 1) * 1e6);
        assert!(
            sent.iter().any(|at| (from..to).contains(at)),
            "something in second {second}"
        );
    }
    assert!(!session.lanes(WorldTime(1_000_000), WorldTime(1_050_000)).thinned);
}

/// What keeps a server from its work, stretch by stretch, in ms.
fn plights(lanes: &Lanes, server: &str) -> Vec<(u64, u64, Plight)> {
    let own = lanes.spans.iter().filter(|span| span.server == server);
    own.filter_map(|span| Some((span.from_us / 1_000, span.to_us / 1_000, span.plight?)))
        .collect()
}

#[test]
fn what_keeps_servers_and_messages_from_their_work_is_told_while_it_lasts() {
    let text = "raft 1;servers 3\n@100ms pause S2\n@200ms power-off S3\n@300ms resume S2\n@350ms partition S1 | S2 S3
@400ms power-on S3\n@450ms cut S1->C1\n@500ms heal\n@550ms clock-jump S1 -20ms\n@560ms stall S2 30ms\n@600ms pause S1
@700ms crash S1\n@800ms restart S1\n@900ms end";
    let session = played(text, 900);
    let lanes = session.lanes(WorldTime(0), WorldTime(900_000));
    assert_eq!(plights(&lanes, "S2"), [(100, 300, Plight::Paused)]);
    assert_eq!(plights(&lanes, "S3"), [(200, 400, Plight::Unpowered)]);
    assert_eq!(plights(&lanes, "S1"), [(600, 700, Plight::Paused)]);
    let walls: Vec<_> = lanes
        .walls
        .iter()
        .map(|w| (w.from_us / 1_000, w.to_us / 1_000, w.groups.len(), w.cuts.len()))
        .collect();
    assert_eq!(walls, [(350, 450, 2, 0), (450, 500, 2, 1)]);
    let before = session.lanes(WorldTime(0), WorldTime(340_000));
    assert!(before.walls.is_empty());
    let within = session.lanes(WorldTime(460_000), WorldTime(470_000));
    assert_eq!(within.walls.len(), 1, "one that began before is seen");
    let words = |kind| {
        let of = lanes.marks.iter().filter(move |mark| mark.kind == kind);
        of.map(|mark| mark.text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(words(MarkKind::Paused), ["pause", "pause"]);
    assert_eq!(words(MarkKind::Resumed), ["resume"]);
    assert_eq!(words(MarkKind::ClockJumped), ["clock −20 ms"]);
    assert_eq!(words(MarkKind::Disk), ["disk stalls 30 ms"]);
}

#[test]
fn who_voted_for_a_transaction_is_in_doubt_until_it_knows_and_blocked_while_it_asks() {
    let text = include_str!("../../../scenarios/two-phase-commit-blocks.raft");
    let session = played(text, 6_100);
    let lanes = session.lanes(WorldTime(900_000), WorldTime(6_100_000));
    let told = plights(&lanes, "S3");
    let [
        (prepared, asks, Plight::Prepared),
        (again, decided, Plight::Blocked),
    ] = told[..]
    else {
        panic!("{told:?}")
    };
    assert!(1_000 <= prepared && asks == again && again < decided, "{told:?}");
    for (at, blocked) in [
        (asks - 1, false),
        (asks + 1, true),
        (decided - 1, true),
        (decided + 1, false),
    ] {
        let session = played(text, at);
        let state = session.state().servers[2]
            .two_phase
            .clone()
            .expect("two-phase commit");
        assert_eq!(state.blocked_by().is_some(), blocked, "at {at} ms");
    }
}

#[test]
fn writes_are_told_from_the_cache_to_the_disk_in_a_window_short_enough() {
    let session = played(STORY, 2_500);
    let (from, to) = (WorldTime(600_000), WorldTime(700_000));
    let writes = session.lanes(from, to).writes;
    let trace = session.trace();
    let written = |[lane, at, _]: &[u64; 3]| {
        trace.iter_from(Seq(0)).any(|event| {
            event.at.0 == *at
                && matches!(event.event, Event::Written { server, .. } if u64::from(server.0) == lane + 1)
        })
    };
    assert!(writes.len() > 5 && writes.iter().all(written));
    let within = |event: &raft_trace::TraceEvent| from <= event.at && event.at <= to;
    let synced = trace
        .iter_from(Seq(0))
        .filter(|e| within(e) && matches!(e.event, Event::Synced { .. }));
    for event in synced {
        assert!(writes.iter().any(|[_, _, at]| *at == event.at.0), "{event:?}");
    }
}
