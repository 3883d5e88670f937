//! What is safe when, and what a crash or a loss of power takes.

use crate::{ms, run};
use raft_core::{Body, Index, NodeId, Term};
use raft_trace::{Event, Packet};

#[test]
fn a_promise_leaves_only_when_it_is_safe() {
    let run = run("set fsync 5ms..10ms\n@10ms timeout S1\n@200ms load C1 put every 20ms\n@2s end");
    let mut promises = 0;
    for event in &run.trace {
        let Event::Sent {
            packet: Packet::Raft { message },
            ..
        } = &event.event
        else {
            continue;
        };
        let answers_entries = match &message.body {
            Body::RequestVoteReply { granted } => *granted,
            Body::AppendEntriesReply { .. } => continue, // those to heartbeats promise nothing new
            _ => continue,
        };
        let cause = &run.trace[event.cause.unwrap().0 as usize].event;
        assert!(answers_entries && matches!(cause, Event::Synced { server, .. } if *server == message.from));
        promises += 1;
    }
    assert_eq!(promises, 4, "the others' votes");
    // An entry counts for nobody before it is on the disk of three.
    for event in &run.trace {
        let Event::Committed { through, .. } = event.event else {
            continue;
        };
        let fold = &mut raft_trace::ClusterState::default();
        run.trace
            .iter()
            .take_while(|e| e.seq < event.seq)
            .for_each(|e| fold.apply(e));
        let safe = fold
            .servers
            .iter()
            .filter(|s| s.durable.log.last_index() >= through)
            .count();
        assert!(safe >= 3, "{event:?} is safe on {safe}");
    }
}

#[test]
fn what_waits_for_a_slow_disk_goes_together() {
    let run = run(
        "clients 3\nset fsync 100ms\n@10ms timeout S1\n@500ms C1 put x=1\n@520ms C2 put y=1\n\
        @530ms C3 put z=1\n@1s end",
    );
    let synced = run.events(|e| match e {
        Event::Synced {
            server: NodeId(1),
            through,
        } => Some(through.0),
        _ => None,
    });
    let late: Vec<u64> = synced
        .into_iter()
        .filter(|(at, _)| *at > ms(500))
        .map(|(_, through)| through)
        .collect();
    assert_eq!(late.len(), 2, "the first by itself, then both others");
    assert_eq!(late[1] - late[0], 2);
}

#[test]
fn a_loss_of_power_takes_what_is_not_synced_and_every_promise_about_it() {
    // S1 asks when its own vote is safe, at 110 ms. S2 gives it its vote 10 ms later, and goes down while its disk still works on it.
    let run = run("set fsync 100ms\n@10ms timeout S1\n@160ms power-off S2\n@300ms end");
    let s2 = &run.state.servers[1];
    assert_eq!(
        (s2.term, s2.voted_for, s2.log.last_index()),
        (Term(0), None, Index(0))
    );
    let granted = run.events(|e| match e {
        Event::Noted {
            server: NodeId(2),
            note: raft_core::Note::VoteGranted { .. },
        } => Some(()),
        _ => None,
    });
    assert_eq!(granted.len(), 1);
    assert!(
        run.raft_messages().iter().all(|(_, m)| m.from != NodeId(2)),
        "it never got to promise anything"
    );
}

#[test]
fn a_crash_takes_no_write_but_every_promise_about_it() {
    let text = "set fsync 100ms\n@10ms timeout S1\n@160ms crash S2";
    let down = run(&format!("{text}\n@300ms end"));
    let s2 = &down.state.servers[1];
    assert_eq!((s2.term, s2.voted_for), (Term(1), Some(NodeId(1))));
    assert_eq!((s2.durable.hard_state.term, s2.pending.len()), (Term(0), 1));

    let back = run(&format!("{text}\n@200ms restart S2\n@300ms end"));
    let at_once = back.trace.iter().filter(|e| e.at == ms(200));
    let at_once: Vec<&Event> = at_once.map(|e| &e.event).collect();
    assert!(
        matches!(
            at_once[..],
            [
                Event::Restarted { .. },
                Event::Synced { .. },
                Event::TimerSet { .. }
            ]
        ),
        "{at_once:?}"
    );
    let s2 = &back.state.servers[1];
    assert_eq!(s2.durable.hard_state.voted_for, Some(NodeId(1)));
    assert!(
        back.raft_messages().iter().all(|(_, m)| m.from != NodeId(2)),
        "the process that would have told of the vote is gone"
    );
}

#[test]
fn a_loss_of_power_after_a_crash_takes_what_the_crash_left() {
    let run = run(
        "set fsync 100ms\n@10ms timeout S1\n@160ms crash S2\n@170ms power-off S2\n@180ms power-off S2\n@200ms power-on S2\n@200ms end",
    );
    let s2 = &run.state.servers[1];
    assert_eq!((s2.term, s2.up, s2.unpowered), (Term(0), true, false));
    let offs = run.events(|e| matches!(e, Event::PoweredOff { .. }).then_some(()));
    assert_eq!(offs.len(), 1, "who has no power cannot lose it");
}

#[test]
fn a_restart_keeps_term_vote_and_log_and_rebuilds_the_state_machine() {
    let run = run(
        "@10ms timeout S1\n@200ms C1 put x=1\n@500ms crash S2\n@500ms say \"down\"\n@600ms restart S2\n@1s end",
    );
    let s2 = &run.state.servers[1];
    assert_eq!((s2.term, s2.voted_for), (Term(1), Some(NodeId(1))));
    assert_eq!(s2.log, run.state.servers[0].log);
    assert_eq!(s2.machine.get("x"), Some("1"));
    let applied = run.events(|e| {
        matches!(
            e,
            Event::Applied {
                server: NodeId(2),
                ..
            }
        )
        .then_some(())
    });
    assert_eq!(applied.len(), 4, "no-op and put, before the crash and again");
}

#[test]
fn nothing_happens_in_a_server_that_is_down() {
    let run = run("@10ms timeout S1\n@300ms crash S1\n@1s restart S1\n@2s end");
    let down = run.trace.iter().filter(|e| e.at > ms(300) && e.at < ms(1_000));
    for event in down {
        let of_s1 = match &event.event {
            Event::TimerFired { server, .. }
            | Event::TimerSet { server, .. }
            | Event::Synced { server, .. }
            | Event::Written { server, .. }
            | Event::Noted { server, .. } => *server == NodeId(1),
            Event::Sent { packet, .. } => packet.from() == raft_trace::Endpoint::Server(NodeId(1)),
            _ => false,
        };
        assert!(!of_s1, "{event:?}");
    }
}
