//! What must hold for any text whatever. The fuzzer makes the texts up; `crates/raft-lab/tests/fuzz.rs` tries those that once broke
//! something, and the seeds, on every compiler.

use raft_lab::{Run, Scenario, Session, WorldTime};

/// How many moments a session is played on in all, so that a text is done with quickly.
const MOMENTS: u32 = 3_000;

/// Divides a scenario from what is done with it.
const DIVIDER: &str = "\n---\n";

/// A text is a scenario or refused; a scenario's own text reads back as the same.
pub(crate) fn parse(text: &str) {
    match Scenario::parse(text) {
        Ok(scenario) => reads_back(&scenario),
        Err(error) => {
            let line = text.split('\n').nth(error.line as usize - 1);
            let end = line.expect("a line of the text").chars().count() + 1;
            assert!((1..=end).contains(&(error.column as usize)), "{error}");
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
    }
}

/// The same for links.
pub(crate) fn link(text: &str) {
    match Scenario::parse_text_or_link(text) {
        Ok(scenario) => reads_back(&scenario),
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error:?}"),
    }
}

fn reads_back(scenario: &Scenario) {
    let text = scenario.to_string();
    assert_eq!(Scenario::parse(&text).as_ref(), Ok(scenario), "{text}");
    assert_eq!(Scenario::parse(&scenario.one_line()).as_ref(), Ok(scenario));
    let link = scenario.fragment();
    assert_eq!(
        Scenario::parse_text_or_link(&link).as_ref(),
        Ok(scenario),
        "{link}"
    );
}

/// A session survives whatever is done with it, and what was done is what its scenario says. The text is a scenario, a line `---`,
/// and then lines such as `seek 1200`, `play 5000` (µs), `back`, `forward`, `start`, `end`, `switch 1`, or commands.
pub(crate) fn steer(text: &str) {
    let (scenario, actions) = text.split_once(DIVIDER).unwrap_or((text, ""));
    let Ok(mut session) = Session::parse(scenario) else {
        return;
    };
    let mut moments = MOMENTS;
    for action in actions.lines().take(60) {
        act(&mut session, action, &mut moments);
        let (at, known) = (session.at(), session.known_until());
        assert!(at <= known, "the playhead at {at:?} is beyond {known:?}");
    }
    replays(&mut session);
}

fn act(session: &mut Session, action: &str, moments: &mut u32) {
    let (word, argument) = action.split_once(' ').unwrap_or((action, ""));
    let number = argument.parse().unwrap_or(0);
    match word {
        "seek" if WorldTime(number) <= session.known_until() => session.seek(WorldTime(number)),
        "seek" | "play" => play(session, WorldTime(number), moments),
        "back" => drop(session.step_back()),
        "forward" => drop(session.step_forward()),
        "start" => session.to_start(),
        "end" if argument.is_empty() => session.to_end(),
        "switch" => session.switch(number as u32),
        "frame" => drop(session.frame(raft_lab::Index(number), 20)),
        "lanes" => drop(session.lanes(WorldTime(number), session.known_until())),
        _ => drop(session.command(action)),
    }
}

/// Plays on as far as the moments left allow.
fn play(session: &mut Session, at: WorldTime, moments: &mut u32) {
    while *moments > 0 && session.play_some(at, 1) {
        *moments -= 1;
    }
}

/// The text of the branch looked at gives the same run.
fn replays(session: &mut Session) {
    reads_back(session.scenario());
    session.seek(session.known_until());
    let mut run = Run::new(session.scenario());
    run.until(session.at());
    assert_eq!(run.fingerprint(), session.fingerprint());
    assert_eq!(run.violations(), session.violations());
}
