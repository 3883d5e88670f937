//! Settings given by hand at time 0 are settings from the start.

use raft_core::Index;
use raft_lab::{Session, WorldTime};

fn ms(ms: u64) -> WorldTime {
    WorldTime(ms * 1_000)
}

/// A session as the page opens it: at time 0, with what happens then.
fn opened(text: &str) -> Session {
    let mut session = Session::parse(text).expect("a scenario");
    session.play_to(ms(0));
    session
}

fn give(session: &mut Session, lines: &str) {
    session.command(lines).expect("a command");
}

fn text(session: &Session) -> String {
    session.scenario().to_string()
}

/// That it is just as if it had been written so.
fn assert_as_written(session: &mut Session, words: &str) {
    assert_eq!(text(session), text(&opened(words)));
    let mut written = opened(&text(session));
    for until in [session.at(), ms(700)] {
        written.seek(until);
        session.seek(until);
        assert_eq!(
            session.frame(Index(1), 9).servers,
            written.frame(Index(1), 9).servers
        );
        assert_eq!(session.fingerprint(), written.fingerprint(), "{until:?}");
    }
}

const PLAIN: &str = "raft 1;seed 3;@0ms timeout S1;@300ms C1 put x=1";

#[test]
fn they_stand_in_the_head_and_hold_for_what_is_drawn_at_the_start() {
    let mut session = opened("raft 1;seed 3");
    let timers = |session: &Session| session.frame(Index(1), 0).servers[0].election_timer;
    let before = timers(&session);
    give(&mut session, "set election-timeout 800ms");
    assert_eq!(session.at(), ms(0));
    assert_ne!(timers(&session), before);
    assert_as_written(&mut session, "raft 1;seed 3;set election-timeout 800ms");
}

#[test]
fn of_the_same_setting_the_last_one_holds_and_those_of_a_link_come_before_those_of_all() {
    let mut session = opened(PLAIN);
    for line in [
        "set heartbeat 20ms",
        "set latency S1->S2 80ms",
        "set heartbeat 30ms",
        "set latency 40ms",
        "off one-vote",
        "on one-vote",
    ] {
        give(&mut session, line);
    }
    assert_eq!(session.branches().len(), 1);
    assert_as_written(
        &mut session,
        "raft 1;seed 3;set latency S1->S2 80ms;set heartbeat 30ms;set latency 40ms;on one-vote;@0ms timeout S1;@300ms C1 put x=1",
    );
}

#[test]
fn they_are_taken_back_one_by_one() {
    let mut session = opened("raft 1;set heartbeat 40ms;@900ms end");
    let first = text(&session);
    give(&mut session, "set heartbeat 20ms");
    let second = text(&session);
    assert_eq!(second, text(&opened("raft 1;set heartbeat 20ms")));
    give(&mut session, "set heartbeat 30ms\nset loss 1%");
    assert_eq!(
        session.undoable().as_deref(),
        Some("set heartbeat 30ms; set loss 1%")
    );
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(text(&session), second);
    assert_eq!(session.undo(), Ok(true));
    assert_eq!((text(&session), session.undo()), (first, Ok(false)));
    assert_eq!(session.branches().len(), 1);
}

#[test]
fn after_a_run_they_are_taken_back_on_a_branch_of_its_own() {
    let mut session = opened(PLAIN);
    let first = text(&session);
    give(&mut session, "set heartbeat 20ms");
    session.play_to(ms(500));
    give(&mut session, "crash S1");
    let second = text(&session);
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(session.undo(), Ok(true));
    assert_eq!((text(&session), session.at()), (first, ms(0)));
    assert_as_written(&mut session, PLAIN);
    let kept: Vec<u32> = session.branches().iter().map(|branch| branch.id).collect();
    assert!(kept.iter().any(|branch| {
        session.switch(*branch);
        text(&session) == second
    }));
}

#[test]
fn in_the_past_they_begin_a_branch_and_leave_the_old_future() {
    let mut session = opened(PLAIN);
    session.play_to(ms(800));
    let (old, fingerprint) = (text(&session), session.fingerprint());
    session.to_start();
    give(&mut session, "set heartbeat 20ms");
    give(&mut session, "set loss 2%");
    assert_eq!(session.branches().len(), 2);
    assert_eq!(session.branches()[1].command.as_deref(), Some("set loss 2%"));
    assert_as_written(
        &mut session,
        "raft 1;seed 3;set heartbeat 20ms;set loss 2%;@0ms timeout S1",
    );
    session.seek(ms(0));
    assert_eq!((session.undo(), session.undo()), (Ok(true), Ok(true)));
    assert_eq!(text(&session), old);
    session.seek(ms(800));
    assert_eq!(session.fingerprint(), fingerprint);
}

#[test]
fn what_the_script_itself_sets_at_time_0_still_comes_first() {
    let mut session = opened("raft 1;@0ms set heartbeat 20ms");
    give(&mut session, "set heartbeat 30ms");
    assert!(
        text(&session).contains("@1us set heartbeat 30ms"),
        "{}",
        text(&session)
    );
    let mut other = opened("raft 1");
    give(&mut other, "set heartbeat 30ms\ncrash S1"); // not settings alone
    assert!(
        text(&other).contains("@1us set heartbeat 30ms"),
        "{}",
        text(&other)
    );
}
