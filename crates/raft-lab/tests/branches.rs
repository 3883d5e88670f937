//! Branches: one beside another, and those that go.

use raft_core::Index;
use raft_lab::frame::{BesideFrame, Frame};
use raft_lab::{CommandError, Session};
use raft_trace::WorldTime;

const STORY: &str =
    "raft 1;servers 3;clients 2;seed 7;@100ms timeout S1;@400ms C1 put x=1;@1s C1 put y=2;@3s end";

fn ms(ms: u64) -> WorldTime {
    WorldTime(ms * 1_000)
}

fn frame(session: &Session) -> Frame {
    session.frame(Index(1), 1_000)
}

/// A session whose first branch is known to its end, with this done at that time on a branch of its own.
fn steered(at: WorldTime, line: &str) -> Session {
    let mut session = Session::parse(STORY).expect("a scenario");
    session.play_to(ms(3_000));
    session.seek(at);
    session.command(line).expect("a command");
    session
}

fn beside(session: &mut Session, branch: u32) -> BesideFrame {
    session
        .beside(branch, Index(1), 1_000, u32::MAX)
        .expect("it is there")
}

#[test]
fn another_branch_is_seen_beside_as_it_is_when_switched_to() {
    let mut session = steered(ms(700), "crash S1");
    session.play_to(ms(1_500));
    let before = frame(&session);
    let seen = beside(&mut session, 0);
    assert_eq!(frame(&session), before, "looking changes nothing");
    session.switch(0);
    assert_eq!(seen.frame, frame(&session));
    assert_eq!(beside(&mut session, 1).frame, before);
    assert_eq!(session.at(), ms(1_500));
    assert_eq!((seen.frame.branch, before.branch), (0, 1));
}

#[test]
fn a_branch_that_is_not_known_so_far_goes_on_beside_bit_by_bit() {
    let mut session = steered(ms(700), "crash S1");
    session.switch(0);
    session.seek(ms(2_500));
    let mut seen = 0;
    let mut slices = 0;
    while seen < 2_500_000 {
        let at = session
            .beside(1, Index(1), 9, 20)
            .expect("it is there")
            .frame
            .at_us;
        assert!(at > seen, "it goes on");
        (seen, slices) = (at, slices + 1);
    }
    assert!(slices > 2);
    let whole = beside(&mut session, 1).frame;
    session.switch(1);
    let there = frame(&session);
    assert_eq!((whole.seq, &whole.servers), (there.seq, &there.servers));
    let mut fresh = Session::open(session.scenario().clone());
    fresh.seek(ms(2_500));
    assert_eq!(fresh.fingerprint(), session.fingerprint());
}

#[test]
fn one_that_is_over_stands_at_its_end() {
    let mut session = steered(ms(700), "C2 put z=3");
    session.play_to(ms(4_000));
    let first = beside(&mut session, 0).frame;
    assert_eq!((first.at_us, first.ended), (3_000_000, true));
}

#[test]
fn where_logs_differ_first_is_told() {
    let mut session = steered(ms(700), "C2 put z=3");
    assert_eq!(
        beside(&mut session, 0).logs,
        [],
        "the command has not come to a server"
    );
    session.play_to(ms(1_500));
    let logs = beside(&mut session, 0).logs;
    let told: Vec<_> = logs
        .iter()
        .map(|log| {
            let text = |cell: &Option<raft_lab::frame::LogCell>| cell.as_ref().map(|cell| cell.text.clone());
            (
                log.server.as_str(),
                log.index.0,
                text(&log.here),
                text(&log.there),
            )
        })
        .collect();
    let (here, there) = (Some("z=3".to_owned()), Some("y=2".to_owned()));
    let all = ["S1", "S2", "S3"].map(|server| (server, 3, here.clone(), there.clone()));
    assert_eq!(told, all);
}

#[test]
fn the_current_one_and_one_that_is_not_there_are_not_beside() {
    let mut session = steered(ms(700), "crash S1");
    assert_eq!(session.beside(1, Index(1), 9, 9), None);
    assert_eq!(session.beside(7, Index(1), 9, 9), None);
}

#[test]
fn what_left_a_branch_that_goes_stays_and_leaves_the_one_before() {
    let mut session = steered(ms(700), "crash S1");
    session.play_to(ms(1_500));
    session.seek(ms(900));
    session.command("crash S2").expect("a command"); // 2 leaves 1
    session.switch(1);
    session.seek(ms(300));
    session.command("crash S3").expect("a command"); // 3 leaves 1, but before that began
    session.play_to(ms(400));
    let three = frame(&session);
    session.switch(2);
    session.to_end();
    let two = (session.fingerprint(), session.scenario().to_string());

    session.remove(1).expect("it is not the first");
    let tree: Vec<_> = session
        .branches()
        .into_iter()
        .map(|branch| (branch.id, branch.parent, branch.fork_us / 1_000, branch.command))
        .collect();
    assert_eq!(
        tree,
        [
            (0, None, 0, None),
            (2, Some(0), 700, Some("crash S1; crash S2".into())),
            (3, Some(0), 300, Some("crash S3".into())),
        ]
    );
    assert_eq!((session.fingerprint(), session.scenario().to_string()), two);
    session.switch(3);
    session.seek(ms(400));
    assert_eq!(frame(&session), three);
    session.switch(1); // gone
    assert_eq!(frame(&session).branch, 3);
    session.seek(ms(350));
    session.command("crash S1").expect("a command");
    assert_eq!(frame(&session).branch, 4, "no number is given twice");
}

#[test]
fn whoever_looks_at_a_branch_that_goes_looks_at_the_one_it_left() {
    let mut session = steered(ms(700), "crash S1");
    session.play_to(ms(900));
    assert_eq!(session.undoable().as_deref(), Some("crash S1"));
    session.remove(1).expect("it is not the first");
    assert_eq!((frame(&session).branch, session.at()), (0, ms(900)));
    assert!(frame(&session).servers[0].up);
    assert_eq!(session.undoable(), None, "what was done on it is gone with it");
    assert_eq!(session.undo(), Ok(false));
}

#[test]
fn what_was_done_on_other_branches_can_still_be_taken_back() {
    let mut session = steered(ms(700), "crash S1");
    session.switch(0);
    session.seek(ms(600));
    session.command("crash S2").expect("a command"); // begins 2
    session.play_to(ms(800));
    session.command("crash S3").expect("a command"); // 2 goes on with it
    session.remove(1).expect("it is not the first");
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(session.undoable().as_deref(), Some("crash S2"));
    assert!(frame(&session).servers[2].up && !frame(&session).servers[1].up);
    assert_eq!(session.undo(), Ok(true));
    assert_eq!((frame(&session).branch, session.at()), (0, ms(600)));
    assert_eq!(session.undo(), Ok(false));
}

#[test]
fn the_first_stays() {
    let mut session = steered(ms(700), "crash S1");
    assert!(matches!(session.remove(0), Err(CommandError::Refused(_))));
    assert_eq!(session.remove(9), Ok(()));
    assert_eq!(session.branches().len(), 2);
}

#[test]
fn there_is_room_again_once_some_are_gone() {
    let mut session = Session::parse(STORY).expect("a scenario");
    session.play_to(ms(300));
    for n in 0..300 {
        session.switch(0);
        session.seek(WorldTime(200_000 - n * 10));
        session.command("C1 put a=b").expect("there is room");
        let newest = frame(&session).branch;
        session.remove(newest).expect("it is not the first");
    }
    assert_eq!(session.branches().len(), 1);
}
