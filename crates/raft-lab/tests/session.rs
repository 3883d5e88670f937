//! Time travel: wherever one goes, and on whatever way, one sees what a fresh run shows there.

use raft_core::Index;
use raft_lab::frame::Frame;
use raft_lab::{CommandError, Session};
use raft_sim::scenario::Scenario;
use raft_trace::{Event, Property, Seq, WorldTime};
use std::collections::BTreeMap;

const STORY: &str = r#"raft 1
title A leader crashes while its disk and network are slow
servers 5
clients 2
seed 7
set loss 3%
set duplicate 5%
set fsync 1ms..9ms
@100ms  timeout S1
@300ms  C1 put x=1
@300ms  C2 put y=2
@301ms  load C1 put every 20ms
@600ms  say "Now the leader crashes."
@600ms  crash S1
@900ms  set loss 20%
@1200ms partition S2 S3 | S4 S5 C1
@1500ms restart S1
@1800ms heal
@1900ms set loss 0%
@2000ms cut S2->S3
@2600ms C2 get x
@3s     end
expect no-violation
"#;

fn open(text: &str) -> Session {
    Session::open(Scenario::parse(text).expect("a scenario"))
}

fn ms(ms: u64) -> WorldTime {
    WorldTime(ms * 1_000)
}

fn frame(session: &Session) -> Frame {
    session.frame(Index(1), 1_000)
}

/// What is seen at the playhead, whatever may be known of the future.
fn seen(session: &Session) -> Frame {
    let frame = frame(session);
    Frame {
        end_us: 0,
        live: true,
        version: 0,
        branch: 0,
        limit: None,
        ..frame
    }
}

fn run_to(text: &str, at: WorldTime) -> Session {
    let mut session = open(text);
    session.play_to(at);
    session
}

/// Times all over a run, the same in every test run.
fn times(count: u64, end: WorldTime) -> impl Iterator<Item = WorldTime> {
    (1..=count).map(move |n| WorldTime(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % end.0))
}

#[test]
fn seeking_shows_what_a_fresh_run_shows() {
    let mut session = run_to(STORY, ms(3_000));
    assert!(frame(&session).ended);
    for at in times(40, ms(3_000)) {
        session.seek(at);
        assert_eq!(seen(&session), seen(&run_to(STORY, at)), "at {at:?}");
        assert_eq!(session.at(), at);
    }
}

#[test]
fn a_long_run_can_be_sought_across_its_checkpoints() {
    let text = "raft 1\nservers 5\nclients 3\nseed 3\n@1ms load C1 put every 5ms\n@1ms load C2 put every 7ms";
    let mut session = run_to(text, ms(60_000));
    assert!(session.trace().len() > 50_000, "several checkpoints");
    for at in times(6, ms(60_000)) {
        session.seek(at);
        assert_eq!(seen(&session), seen(&run_to(text, at)), "at {at:?}");
    }
    session.seek(ms(20_000));
    session.command("crash S5").expect("a command");
    session.play_to(ms(50_000));
    let text = session.scenario().to_string();
    for at in times(6, ms(50_000)) {
        session.seek(at);
        assert_eq!(
            seen(&session),
            seen(&run_to(&text, at)),
            "on the branch at {at:?}"
        );
    }
}

#[test]
fn playing_in_slices_or_steps_is_playing() {
    let whole = run_to(STORY, ms(3_000));
    let mut slices = open(STORY);
    for n in 1..=3_000 {
        while slices.play_some(ms(n), 2) {}
        assert_eq!(slices.at(), ms(n));
    }
    assert_eq!(frame(&slices), frame(&whole));
    let mut steps = open(STORY);
    while steps.step_forward() {}
    assert_eq!(frame(&steps), frame(&whole));
}

#[test]
fn a_step_forward_and_a_step_back_lead_to_where_one_was() {
    let mut session = open(STORY);
    let mut frames = vec![seen(&session)];
    while session.step_forward() {
        frames.push(seen(&session));
        if frames.len() % 7 == 0 {
            assert!(session.step_back());
            assert_eq!(seen(&session), frames[frames.len() - 2]);
            assert!(session.step_forward());
            assert_eq!(seen(&session), frames[frames.len() - 1]);
        }
    }
    while session.step_back() {
        frames.pop();
        assert_eq!(seen(&session), frames[frames.len() - 1]);
    }
    assert_eq!(frames.len(), 1);
}

#[test]
fn the_playhead_shows_no_future() {
    let mut session = run_to(STORY, ms(3_000));
    session.seek(ms(310));
    let early = frame(&session);
    assert!(
        early.clients[0]
            .current
            .as_ref()
            .is_some_and(|op| op.returned_us.is_none())
    );
    assert_eq!(early.said, None);
    assert_eq!(early.settings.loss_ppm, 30_000);
    session.seek(ms(1_000));
    let later = frame(&session);
    assert_eq!(later.said.as_deref(), Some("Now the leader crashes."));
    assert_eq!(later.settings.loss_ppm, 200_000);
    assert!(!later.live && !later.ended && !later.servers[0].up);
}

#[test]
fn a_lost_message_is_shown_for_a_moment_where_it_was_lost() {
    let mut session = run_to(STORY, ms(3_000));
    let (mut arrivals, mut seen) = (BTreeMap::new(), [0, 0]);
    for event in session.events(Seq(0), u32::MAX) {
        match event.event {
            Event::Sent { message, arrives, .. } | Event::Duplicated { message, arrives, .. } => {
                arrivals.insert(message, arrives);
            }
            Event::Lost { message, .. } => {
                session.seek(event.at);
                let lost = frame(&session).lost;
                let lost = lost.iter().find(|lost| lost.id == message).expect("shown");
                assert_eq!(lost.lost_us, event.at.0);
                assert_eq!(lost.on_arrival, event.at == arrivals[&message]);
                seen[usize::from(lost.on_arrival)] += 1;
                session.seek(WorldTime(event.at.0 + 30_001));
                assert!(frame(&session).lost.iter().all(|lost| lost.id != message));
            }
            _ => {}
        }
    }
    assert!(
        seen.iter().all(|&count| count > 10),
        "both kinds of loss: {seen:?}"
    );
}

#[test]
fn time_passes_where_nothing_happens() {
    let mut session = open("raft 1\nservers 1\nclients 0\nset election-timeout 10s\n@1ms crash S1");
    session.play_to(ms(5_000));
    assert_eq!(session.at(), ms(5_000));
    assert_eq!(session.known_until(), ms(5_000));
    assert!(!session.step_forward());
    assert_eq!(session.at(), ms(5_000));
    assert!(session.step_back());
    assert_eq!(session.at(), ms(0));
    session.to_end();
    assert_eq!(session.at(), session.known_until());
    session.seek(ms(2_000));
    session.command("restart S1").expect("a command");
    assert_eq!(session.branches().len(), 1, "nothing happened that would be lost");
    assert_eq!((session.at(), session.known_until()), (ms(2_000), ms(2_000)));
}

#[test]
fn a_command_at_the_end_of_what_is_known_goes_on_with_the_script() {
    let mut session = run_to(STORY, ms(500));
    session.command("crash S5").expect("a command");
    assert_eq!(session.branches().len(), 1);
    assert!(!session.state().servers[4].up);
    session.play_to(ms(700));
    assert!(!session.state().servers[0].up, "the script went on");
}

#[test]
fn what_is_steered_goes_on_beyond_its_authors_end_until_that_is_taken_back() {
    let mut session = run_to("raft 1\n@100ms timeout S1\n@600ms end\n", ms(500));
    session.command("crash S5").expect("a command");
    session.command("crash S4").expect("a command");
    assert!(!session.scenario().to_string().contains("end"));
    session.play_to(ms(900));
    assert_eq!(session.at(), ms(900));
    for _ in 0..2 {
        assert!(session.undo().expect("room for a branch"));
    }
    session.play_to(ms(900));
    assert_eq!(session.at(), ms(600));
}

#[test]
fn a_command_in_the_past_makes_a_branch_and_leaves_the_old_future() {
    let mut session = run_to(STORY, ms(3_000));
    let old = (session.fingerprint(), session.scenario().to_string());
    session.seek(ms(550));
    let before = session.fingerprint();
    session.command("crash S5").expect("a command");
    assert_eq!(session.branches().len(), 2);
    assert_eq!(session.branches()[1].command.as_deref(), Some("crash S5"));
    session.play_to(ms(5_000));
    assert!(
        session.state().servers[0].up,
        "what came later stays on the old branch"
    );
    let new = session.fingerprint();
    session.seek(ms(549));
    session.switch(0);
    assert_eq!(session.at(), ms(549));
    session.to_end();
    assert_eq!((session.fingerprint(), session.scenario().to_string()), old);
    session.seek(ms(550));
    assert_eq!(session.fingerprint(), before);
    session.switch(1);
    session.to_end();
    assert_eq!(session.fingerprint(), new);
    assert_eq!(session.at(), ms(5_000));
}

#[test]
fn what_is_steered_by_hand_can_be_written_down_and_played_again() {
    let mut session = run_to(STORY, ms(200));
    for (step, line) in STEERING.iter().enumerate() {
        let n = step as u64;
        match n % 4 {
            0 => session.play_to(WorldTime(session.at().0 + 1 + n * 37_003)),
            1 => while !session.seq().0.is_multiple_of(50) && session.step_forward() {},
            2 => {
                for _ in 0..n * 3 {
                    session.step_back();
                }
            }
            _ => {} // two commands at once
        }
        session.command(line).expect(line);
    }
    session.play_to(WorldTime(session.at().0 + 1_000_000));
    assert!(session.branches().len() > 3);
    for branch in 0..session.branches().len() as u32 {
        session.switch(branch);
        session.to_end();
        let again = run_to(&session.scenario().to_string(), session.at());
        assert_eq!(again.fingerprint(), session.fingerprint(), "branch {branch}");
        assert_eq!(again.state(), session.state());
        assert_eq!(again.trace().len(), session.trace().len());
    }
}

const STEERING: [&str; 16] = [
    "crash S2",
    "C1 put z=9",
    "load C2 get every 30ms",
    "timeout S3",
    "restart S2",
    "partition S1 S2 | S3 S4 S5",
    "set loss 10%",
    "timeout S4",
    "heal",
    "C2 del z via S1",
    "cut S1->S2",
    "load C2 stop",
    "crash S1 S2 S3",
    "say \"Three are down.\"",
    "restart S1 S2 S3",
    "set latency S1->S2 40ms..60ms",
];

#[test]
fn whoever_acts_after_the_end_goes_on_in_a_branch_without_it() {
    let mut session = run_to(STORY, ms(3_000));
    let ended = session.fingerprint();
    session.command("C1 put a=b").expect("a command");
    assert_eq!(session.at(), WorldTime(3_000_001));
    session.play_to(ms(6_000));
    assert!(!session.state().ended);
    assert_eq!(session.at(), ms(6_000));
    let again = run_to(&session.scenario().to_string(), ms(6_000));
    assert_eq!(again.fingerprint(), session.fingerprint());
    session.switch(0);
    session.to_end();
    assert_eq!(session.fingerprint(), ended);
}

#[test]
fn a_wrong_command_changes_nothing() {
    let mut session = run_to(STORY, ms(500));
    let before = frame(&session);
    let Err(CommandError::Parse(error)) = session.command("crahs S1") else {
        panic!("accepted")
    };
    assert_eq!(error.nearest.as_deref(), Some("crash"));
    assert!(session.command("crash S9").is_err());
    assert_eq!(frame(&session), before);
    assert_eq!(
        session.scenario().to_string(),
        Scenario::parse(STORY).expect("a scenario").to_string()
    );
}

#[test]
fn events_are_given_in_order() {
    let session = run_to(STORY, ms(1_000));
    let events = session.events(Seq(10), 5);
    assert_eq!(
        events.iter().map(|e| e.seq.0).collect::<Vec<_>>(),
        [10, 11, 12, 13, 14]
    );
    assert_eq!(session.events(Seq(u32::MAX), 5), []);
}

#[test]
fn a_branch_of_too_many_events_says_so_and_can_be_left() {
    let storm =
        "raft 1\nservers 9\nclients 9\nset latency 1us\nset heartbeat 1ms\n@1ms load C1 put every 1ms";
    let mut session = run_to(storm, ms(3_600_000));
    assert!(session.at() < ms(3_600_000));
    let sentence = session.limit().expect("a limit");
    assert_eq!(frame(&session).limit.as_deref(), Some(&*sentence));
    assert!(!session.step_forward());
    assert_eq!(session.command("crash S1"), Err(CommandError::Refused(sentence)));
    session.seek(ms(1_000));
    session.command("crash S1").expect("a command in the past");
    assert_eq!(session.limit(), None);
    assert!(session.step_forward());
}

#[test]
fn branches_are_many_but_not_endless() {
    let mut session = run_to(STORY, ms(400));
    for n in 1..100 {
        session.seek(ms(399 - n));
        session.command("C1 put a=b").expect("a command");
    }
    assert_eq!(session.branches().len(), 100);
    session.seek(ms(150));
    let before = session.scenario().clone();
    assert!(matches!(session.command("heal"), Err(CommandError::Refused(_))));
    assert_eq!((session.branches().len(), session.scenario()), (100, &before));
}

#[test]
fn what_is_not_as_in_the_paper_is_told() {
    let text = "raft 1\nset pre-vote on\noff synced-ack\n@100ms on synced-ack\n@200ms off one-vote\n@200ms set pre-vote off\n@1s end";
    let special = |at| frame(&run_to(text, at)).settings.special;
    assert_eq!(special(ms(50)), ["pre-vote on", "off synced-ack"]);
    assert_eq!(special(ms(150)), ["pre-vote on"]);
    assert_eq!(special(ms(250)), ["off one-vote", "pre-vote off"]);
}

#[test]
fn a_command_that_began_a_branch_is_taken_back_to_the_branch_it_left() {
    let mut session = run_to(STORY, ms(2_000));
    session.seek(ms(700));
    let before = seen(&session);
    session.command("crash S5").expect("a command");
    assert_eq!(session.undoable().as_deref(), Some("crash S5"));
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(seen(&session), before);
    assert_eq!(frame(&session).branch, 0);
    assert_eq!(session.branches().len(), 2, "what came of it stays");
    assert_eq!(session.undo(), Ok(false));
}

#[test]
fn a_command_that_a_branch_went_on_with_is_taken_back_as_if_it_had_not_been_given() {
    let mut session = run_to(STORY, ms(1_000));
    session.command("crash S4").expect("a command");
    session.play_to(ms(1_100));
    session.command("crash S5").expect("a command");
    session.play_to(ms(1_300));
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(session.at(), ms(1_100));
    assert_eq!(session.undoable().as_deref(), Some("crash S4"));
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(session.at(), ms(1_000));
    assert_eq!(seen(&session), seen(&run_to(STORY, ms(1_000))));
    session.play_to(ms(3_000));
    let fresh = run_to(STORY, ms(3_000));
    assert_eq!(
        seen(&session),
        seen(&fresh),
        "the author’s own commands still come"
    );
}

#[test]
fn what_is_taken_back_can_be_given_again_and_leads_to_the_same() {
    let mut session = run_to(STORY, ms(1_000));
    session.command("crash S4").expect("a command");
    session.play_to(ms(1_500));
    let first = session.fingerprint();
    assert_eq!(session.undo(), Ok(true));
    session.command("crash S4").expect("a command");
    session.play_to(ms(1_500));
    assert_eq!(session.fingerprint(), first);
}

#[test]
fn several_commands_given_at_one_go_happen_and_are_taken_back_together() {
    let mut session = run_to(STORY, ms(1_000));
    let before = seen(&session);
    session
        .command("cut S1->S2\ncut S2->S1; crash S5")
        .expect("three commands");
    assert_eq!(
        session.undoable().as_deref(),
        Some("cut S1->S2; cut S2->S1; crash S5")
    );
    let at = session.at();
    let script = &session.scenario().script;
    assert_eq!(
        script.iter().filter(|timed| timed.at == at).count(),
        3,
        "{script:?}"
    );
    let (frame, branches) = (frame(&session), session.branches().len());
    assert_eq!((frame.cuts.len(), frame.servers[4].up), (2, false));
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(seen(&session), before);
    assert_eq!(
        session.branches().len(),
        branches + 1,
        "one step back, one branch"
    );
    assert_eq!(session.undo(), Ok(false));

    session.seek(ms(700));
    assert!(session.command("heal\ncrash S9").is_err(), "all or none");
    assert!(session.command("end\nheal").is_err());
    assert_eq!(session.undoable(), None);
    session
        .command("set heartbeat 20ms\nset loss 1%")
        .expect("two commands in the past");
    assert_eq!(session.undo(), Ok(true));
    assert_eq!(session.at(), ms(700));
}

/// The scenarios in which a rule is off.
fn broken() -> impl Iterator<Item = (String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/broken");
    let files = std::fs::read_dir(folder).expect("the folder is there");
    files.map(|file| {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        (path.display().to_string(), text)
    })
}

#[test]
fn play_stops_at_the_very_moment_in_which_a_promise_is_broken() {
    let mut stops = 0;
    for (name, text) in broken() {
        let mut session = open(&text);
        let mut falls = Vec::new();
        // As far at a time as at ten times the speed of the world, and once more over what is known by then.
        for again in [false, true] {
            let (mut news, mut at, mut seen) = (Seq(0), WorldTime(0), Vec::new());
            session.to_start();
            while at < WorldTime(40_000_000) && !frame(&session).ended {
                at = WorldTime(session.at().0 + 160_000);
                while session.play_to_fall(at, news, 200) {}
                if session.fell() {
                    news = session.seq();
                    let live = frame(&session).live;
                    assert!(again || live, "{name}: what comes after is not made yet");
                    seen.push((session.at(), session.seq()));
                }
            }
            if again {
                assert_eq!(seen, falls, "{name}");
            } else {
                falls = seen;
            }
        }
        let history = session.violations().iter().map(|v| (v.at, v.seq, v.property()));
        for (at, seq, property) in history {
            let Some(&(stopped, position)) = falls.iter().find(|(_, position)| *position > seq) else {
                panic!("{name}: passed by the fall at {at:?}");
            };
            assert_eq!(stopped, at, "{name}");
            let mut steps = open(&text);
            while steps.seq() <= seq && steps.step_forward() {}
            assert_eq!(steps.seq(), position, "{name}: not just after the moment");
            let guilt = session.guilt(seq);
            assert!(!guilt.names.is_empty(), "{name}: nobody to blame");
            assert!(guilt.events.is_sorted() && guilt.events.contains(&seq), "{name}");
            assert!(guilt.events.iter().all(|event| *event <= seq), "{name}");
            if property == Property::LeaderCompleteness {
                let told = |seq: &Seq| format!("{:?}", session.trace().get(*seq).expect("an event").event);
                let elected = guilt.events.iter().any(|seq| told(seq).contains("role: Leader"));
                assert!(elected, "{name}: it does not tell when that leader was elected");
            }
            stops += 1;
        }
    }
    assert!(stops > 50, "{stops}");
}

#[test]
fn what_a_broken_promise_is_about() {
    let text = "raft 1;servers 3;off one-vote\n@100ms timeout S1\n@101ms timeout S2\n@1s end";
    let mut session = open(text);
    session.play_to_fall(ms(1_000), Seq(0), u32::MAX);
    let [violation] = session.violations() else {
        panic!("S2 votes twice")
    };
    let guilt = session.guilt(violation.seq);
    assert_eq!(guilt.names, ["S2"]);
    let told = |seq: &Seq| format!("{:?}", session.trace().get(*seq).expect("an event").event);
    let [own, second] = &guilt.events[..] else {
        panic!("{guilt:?}")
    };
    assert!(told(own).starts_with("Written") && told(own).contains("voted_for: Some(NodeId(2))"));
    assert!(told(second).contains("RequestVoteReply { granted: true }"));
    assert!(session.guilt(*own).events == [*own] && session.guilt(*own).names.is_empty());
}
