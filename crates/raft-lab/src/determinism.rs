//! The same run, however it is made: in one go, in slices, looked back at, branched off from.

use crate::{Run, Session};
use raft_core::Duration;
use raft_sim::random_scenario;
use raft_sim::scenario::Scenario;
use raft_trace::{Fingerprint, WorldTime};

/// What the branch begins with. It hits somebody in every random scenario: each has three servers at least.
const COMMAND: &str = "partition S1 | S2 S3";

/// For how long the branch goes on.
const BRANCH: Duration = Duration::secs(3);

/// Between two looks back at least so much is made: they are what takes long.
const LEAST_LOOK: Duration = Duration::millis(300);

/// The fingerprints of a random scenario and of a branch of it, which were the same however they were made. Another build of the
/// engine must come to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The scenario.
    pub scenario: Scenario,
    /// Of the run to its end.
    pub fingerprint: Fingerprint,
    /// When the branch begins: what is done there is [`Proof::command`].
    pub branch_at: WorldTime,
    /// The first command of the branch.
    pub command: &'static str,
    /// When the branch is over.
    pub branch_until: WorldTime,
    /// Of the branch by then.
    pub branch: Fingerprint,
}

/// Makes the run of the random scenario of this seed in every way there is.
///
/// # Errors
/// A sentence about the first way that led elsewhere.
pub fn determinism(seed: u64) -> Result<Proof, String> {
    let scenario = random_scenario(seed);
    let same = |how: &str, expected: Fingerprint, found: Fingerprint| match expected == found {
        true => Ok(()),
        false => Err(format!("seed {seed}, {how}: {found} instead of {expected}")),
    };
    let fingerprint = in_slices(&scenario, |_| Duration(u64::MAX / 2));
    let read = Scenario::parse(&scenario.to_string()).map_err(|e| e.to_string())?;
    same(
        "from its text",
        fingerprint,
        in_slices(&read, |_| Duration(u64::MAX / 2)),
    )?;
    same(
        "1 ms at a time",
        fingerprint,
        in_slices(&scenario, |_| Duration::millis(1)),
    )?;
    same(
        "in uneven slices",
        fingerprint,
        in_slices(&scenario, |n| uneven(seed, n)),
    )?;

    let mut session = Session::open(scenario.clone());
    wander(&mut session, seed);
    same("played, stepped and sought", fingerprint, session.fingerprint())?;
    let branch_at = WorldTime(scenario.ends_at().0 / 3);
    session.seek(branch_at);
    session.command(COMMAND).map_err(|e| e.to_string())?;
    session.seek(branch_at + BRANCH);
    let (branch, branch_until) = (session.fingerprint(), session.at());
    let mut replayed = Run::new(session.scenario());
    replayed.until(branch_until);
    same("the branch from its text", branch, replayed.fingerprint())?;
    session.switch(0);
    session.to_end();
    same("after the branch", fingerprint, session.fingerprint())?;
    session.switch(1);
    session.seek(WorldTime(0));
    session.seek(branch_until);
    same("the branch seen again", branch, session.fingerprint())?;
    Ok(Proof {
        scenario,
        fingerprint,
        branch_at,
        command: COMMAND,
        branch_until,
        branch,
    })
}

/// The whole run, in slices of time: the n-th is so long.
fn in_slices(scenario: &Scenario, slice: impl Fn(u64) -> Duration) -> Fingerprint {
    let mut run = Run::new(scenario);
    let (mut at, end) = (WorldTime(0), scenario.ends_at());
    for n in 0.. {
        at = (at + slice(n)).min(end);
        run.until(at);
        if at == end {
            break;
        }
    }
    run.fingerprint()
}

/// Plays to the end with looks back and single steps on the way.
fn wander(session: &mut Session, seed: u64) {
    let end = session.scenario().ends_at();
    let mut n = 0;
    while session.at() < end {
        let known = session.known_until();
        session.play_to(known + LEAST_LOOK + uneven(seed, n));
        session.seek(WorldTime(known.0 / 2));
        session.step_back();
        session.step_forward();
        session.to_end();
        session.step_forward();
        session.step_back();
        session.to_end();
        n += 1;
    }
}

/// From 1 µs to a second, all sizes alike often.
fn uneven(seed: u64, n: u64) -> Duration {
    let mixed = (seed ^ (n << 32))
        .wrapping_add(n)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = 1 + (mixed >> 59) % 20;
    Duration(1 + (mixed >> 20) % (1 << bits))
}
