//! A person's experiment: one scenario played, rewound, steered, and the branches that come of it.

mod beginning;
mod branches;

use crate::branch::{Branch, Origin, Past};
use crate::checkpoint::Fold;
use crate::history::History;
use raft_core::Duration;
use raft_sim::scenario::{Command, ParseError, Scenario, Setting, Timed, limits};
use raft_trace::linearizability::Verdict;
use raft_trace::{ClusterState, Fingerprint, Seq, Trace, TraceEvent, Violation, WorldTime};
use std::fmt;

/// More branches than these are refused.
const MAX_BRANCHES: usize = 100;

/// A step forward looks no further for something to happen: where all servers are down, nothing may happen for a day.
const LONGEST_STEP: Duration = Duration::secs(120);

/// A playhead on a branch of history. It always stands between two moments, a moment being what the world does at one go; never
/// before the first, in which the servers start.
#[derive(Clone, Debug)]
pub struct Session {
    /// In the order in which they began.
    branches: Vec<Branch>,
    /// Which of them is looked at: its place, not its number.
    current: usize,
    /// The number of the one that began last.
    last_id: u32,
    /// The current branch's.
    history: History,
    /// When the playhead is. Everything before it has happened; of what happens at this very time, what comes before `state.seq`.
    at: WorldTime,
    /// Where the playhead is in the trace, and what everything looks like there.
    state: Fold,
    /// The commands given by hand that were not taken back, in order.
    given: Vec<Given>,
    /// Whether play stopped because a promise was broken.
    fell: bool,
}

/// What was given by hand at one go, and where the playhead was before it.
#[derive(Clone, Debug)]
struct Given {
    /// One command or several, all at one time.
    commands: Vec<Timed>,
    /// The branch it was given on.
    on: u32,
    /// The branch that it became part of.
    to: u32,
    at: WorldTime,
    position: Seq,
    /// Whether the branch just went on with it; else it began one.
    went_on: bool,
    /// The end that the author had set to what the branch went on with.
    end: Option<Timed>,
    /// Of what became settings from the start: the settings that there were before.
    head: Option<Vec<Setting>>,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// It is no command.
    Parse(ParseError),
    /// It cannot be carried out now; a sentence says why.
    Refused(String),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Parse(error) => error.fmt(f),
            CommandError::Refused(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for CommandError {}

impl Session {
    /// A session of the scenario that this text describes.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Session, ParseError> {
        Scenario::parse(text).map(Session::open)
    }

    /// A session with the playhead at the beginning, when the servers have just started.
    #[must_use]
    pub fn open(scenario: Scenario) -> Session {
        let history = History::begin(&scenario);
        let state = history.state_before(history.end()).clone();
        let first = Branch {
            id: 0,
            scenario,
            origin: None,
            past: Past::Current,
        };
        Session {
            branches: vec![first],
            current: 0,
            last_id: 0,
            history,
            at: WorldTime(0),
            state,
            given: Vec::new(),
            fell: false,
        }
    }

    /// Moves the playhead forward to a time, making history where there is none yet. It stops before if the scenario ends or the
    /// branch's [limit](Session::limit) is reached.
    pub fn play_to(&mut self, at: WorldTime) {
        while self.play_some(at, u32::MAX) {}
    }

    /// The same in slices: goes on by at most so many moments. Returns whether there is more to do.
    pub fn play_some(&mut self, at: WorldTime, moments: u32) -> bool {
        if at < self.at {
            return false;
        }
        self.see(at);
        for _ in 0..moments {
            if !self.make_moment(at) {
                self.at = at.min(self.history.known_until());
                return false;
            }
        }
        true
    }

    /// The same, but no further than to just after the first moment in which an event from `news` on breaks a promise, or shows that what
    /// clients saw is not linearizable.
    pub fn play_to_fall(&mut self, at: WorldTime, news: Seq, moments: u32) -> bool {
        let news = news.max(self.state.seq);
        self.fell = false;
        for _ in 0..moments {
            let more = self.play_some(at, 1);
            if let Some(fall) = self.first_fall(news).filter(|fall| *fall < self.state.seq) {
                self.go_to(self.trace().moment_after(fall).unwrap_or(fall));
                self.at = self.last_happened();
                self.fell = true;
                return false;
            }
            if !more {
                return false;
            }
        }
        true
    }

    /// Whether the last [play to a fall](Session::play_to_fall) came to one.
    #[must_use]
    pub fn fell(&self) -> bool {
        self.fell
    }

    /// Moves the playhead to any time, to after all that happens then; beyond the known end by [playing](Session::play_to).
    pub fn seek(&mut self, at: WorldTime) {
        self.see(at);
        self.play_to(at);
    }

    /// Moves the playhead to a time in the known history; beyond it, to its end.
    fn see(&mut self, at: WorldTime) {
        let trace = self.history.trace();
        // Whoever plays on in small slices stands at the end already, and need not look for it.
        if self.state.seq != self.history.end() || at < trace.last_at() {
            self.go_to(trace.seq_at(at));
        }
        self.at = at.min(self.history.known_until());
    }

    /// Moves the playhead to just after the servers have started.
    pub fn to_start(&mut self) {
        self.go_to(self.first());
        self.at = WorldTime(0);
    }

    /// Moves the playhead to the end of the known history.
    pub fn to_end(&mut self) {
        self.see(self.history.known_until());
    }

    /// Moves the playhead over the next moment, making it if need be. Returns false if the scenario is over, or nothing happens for
    /// longer than any timer or message takes.
    pub fn step_forward(&mut self) -> bool {
        self.advance(self.at + LONGEST_STEP)
    }

    /// Moves the playhead to just before the last moment; it then stands at the time of the last moment before that. Returns false
    /// at the start.
    pub fn step_back(&mut self) -> bool {
        match self.history.trace().moment_before(self.state.seq) {
            Some(position) if position >= self.first() => {
                self.go_to(position);
                self.at = self.last_happened();
                true
            }
            _ => false,
        }
    }

    /// Carries out a command, written as in a scenario but without a time: `crash S1`, `C1 put x=1`. It happens at the playhead, or a
    /// microsecond later if something has happened at that very time; the playhead goes on to after it. Several lines are carried
    /// out together, and taken back together.
    ///
    /// At the end of what is known the branch just goes on. In the past, or after the scenario's end, the command begins a new branch
    /// that keeps the script up to here and nothing of what came later; the old branch stays as it is. Settings at time 0 become settings
    /// from the start.
    ///
    /// # Errors
    /// When it is no command, or the branch or the session has reached a limit.
    pub fn command(&mut self, lines: &str) -> Result<(), CommandError> {
        let scenario = self.scenario();
        let commands = scenario.parse_commands(lines).map_err(CommandError::Parse)?;
        // What is done here must be possible to write down as a scenario.
        if scenario.script.len() + commands.len() > limits::COMMANDS
            || scenario.to_string().len() + lines.len() + 20 * commands.len() > limits::TEXT
        {
            return refuse("The scenario is full: it holds no more commands.".into());
        }
        // What happens by itself at the command's time comes after it; so what has happened must be earlier.
        let at_end = self.state.seq == self.history.end() && self.history.worked_until() <= self.at;
        let last = if at_end {
            self.history.worked_until()
        } else {
            self.last_happened()
        };
        let now = self.at.max(last + Duration::micros(1));
        if now.0 > limits::TIME.end().0 {
            return refuse("A scenario's time ends after 24 hours.".into());
        }
        let head = self.settings_with(&commands);
        let at = if head.is_some() { WorldTime(0) } else { now };
        let timed = |command| Timed { at, command };
        let mut given = Given {
            commands: commands.into_iter().map(timed).collect(),
            on: self.current_id(),
            to: self.current_id(),
            at: self.at,
            position: self.state.seq,
            went_on: at_end && !self.state.cluster.ended,
            end: None,
            head: None,
        };
        if let Some(settings) = head {
            self.begin_with(settings, &mut given)?;
        } else if given.went_on {
            given.end = self.go_on(now, &given.commands)?;
        } else {
            self.branch_off(now, &given.commands)?;
        }
        given.to = self.current_id();
        self.given.push(given);
        Ok(())
    }

    /// The command given by hand that [`Session::undo`] takes back next, as the scenario says it.
    #[must_use]
    pub fn undoable(&self) -> Option<String> {
        self.given.last().map(|given| words(&given.commands))
    }

    /// Takes back the last command given by hand: the playhead is where it was before it, on a branch without it. One that began a
    /// branch leads back to the branch it left. From one that a branch went on with, a new branch begins that goes on without it;
    /// what came of the command stays on its own. Returns false if there is nothing to take back.
    ///
    /// # Errors
    /// When there are too many branches.
    pub fn undo(&mut self) -> Result<bool, CommandError> {
        let Some(given) = self.given.last().cloned() else {
            return Ok(false);
        };
        if given.went_on && self.branches.len() >= MAX_BRANCHES {
            return refuse_branch();
        }
        self.given.pop();
        self.make_current(self.place_of(given.on).unwrap_or_default());
        self.state = self.history.state_before(Seq(0)).clone();
        self.go_to(given.position);
        self.at = given.at;
        match given.head.clone().filter(|_| given.went_on) {
            Some(head) => self.begin_without(&given, head)?,
            None if given.went_on => self.go_on_without(&given),
            None => {}
        }
        Ok(true)
    }

    /// Begins a branch like the current one, without this command, at the playhead.
    fn go_on_without(&mut self, given: &Given) {
        let mut scenario = self.scenario().clone();
        for command in given.commands.iter().rev() {
            if let Some(place) = scenario.script.iter().rposition(|timed| timed == command) {
                scenario.script.remove(place);
            }
        }
        scenario.script.extend(given.end.clone());
        let origin = Origin {
            parent: self.current_id(),
            at: given.commands[0].at,
            command: format!("undo {}", words(&given.commands)),
        };
        self.begin(scenario, origin);
        self.given_instead(given.on);
        self.play_to(given.at);
    }

    /// What was given earlier on another line of history was given on the current one, too.
    fn given_instead(&mut self, other: u32) {
        let now = self.current_id();
        let branches = self
            .given
            .iter_mut()
            .flat_map(|earlier| [&mut earlier.on, &mut earlier.to]);
        branches
            .filter(|branch| **branch == other)
            .for_each(|branch| *branch = now);
    }

    /// Carries these out on the current branch. Its expectations and its end are about the run without them; the end is given back.
    fn go_on(&mut self, now: WorldTime, commands: &[Timed]) -> Result<Option<Timed>, CommandError> {
        if let Some(sentence) = self.history.limit() {
            return Err(CommandError::Refused(sentence));
        }
        let scenario = &mut self.branches[self.current].scenario;
        let end = scenario.script.pop_if(|timed| timed.command == Command::End);
        let place = scenario.script.partition_point(|timed| timed.at <= now);
        scenario.script.splice(place..place, commands.iter().cloned());
        scenario.expects.clear();
        self.history.replan(&scenario.script);
        self.play_to(now);
        Ok(end)
    }

    fn branch_off(&mut self, now: WorldTime, commands: &[Timed]) -> Result<(), CommandError> {
        if self.branches.len() >= MAX_BRANCHES {
            return refuse_branch();
        }
        let mut scenario = self.scenario().clone();
        scenario.expects.clear(); // they are about the run without the command
        let here = self.at;
        scenario
            .script
            .retain(|timed| timed.at <= here && timed.command != Command::End);
        let origin = Origin {
            parent: self.current_id(),
            at: now,
            command: words(commands),
        };
        scenario.script.extend_from_slice(commands);
        if self.state.cluster.ended {
            self.step_back(); // to before the end: the new branch has none
        }
        self.begin(scenario, origin);
        self.play_to(now);
        Ok(())
    }

    /// Begins a branch at the playhead and looks at it.
    fn begin(&mut self, scenario: Scenario, origin: Origin) {
        let history = self
            .history
            .fork(&self.scenario().script, self.state.seq, &scenario.script);
        let id = self.free_id();
        self.branches.push(Branch {
            id,
            scenario,
            origin: Some(origin),
            past: Past::Kept(Box::new(history)),
        });
        let (state, at) = (self.state.clone(), self.at);
        self.make_current(self.branches.len() - 1);
        (self.state, self.at) = (state, at);
    }

    /// Moves the playhead over the next moment if it comes no later than `until`.
    fn advance(&mut self, until: WorldTime) -> bool {
        let trace = self.history.trace();
        let Some(end) = trace.moment_after(self.state.seq) else {
            return self.make_moment(until);
        };
        match trace.get(self.state.seq) {
            Some(event) if event.at <= until => {
                self.at = event.at;
                self.go_to(end);
                true
            }
            _ => false,
        }
    }

    /// The same at the end of what is known.
    fn make_moment(&mut self, until: WorldTime) -> bool {
        let start = self.state.seq;
        while self.state.seq == start {
            let Some(events) = self.history.grow(until) else {
                return false;
            };
            for event in events {
                self.state.apply(event);
                self.at = event.at;
            }
        }
        if let Some(same) = self.history.state_at_end() {
            self.state = same.clone(); // which shares its logs with the world's
        }
        true
    }

    /// Follows the trace to a position between two moments.
    fn go_to(&mut self, position: Seq) {
        let checkpoint = self.history.state_before(position);
        if position < self.state.seq || checkpoint.seq > self.state.seq {
            self.state = checkpoint.clone();
        }
        let missing = position.0 - self.state.seq.0;
        for event in self
            .history
            .trace()
            .iter_from(self.state.seq)
            .take(missing as usize)
        {
            self.state.apply(&event);
        }
    }

    /// The position after the first moment.
    fn first(&self) -> Seq {
        self.history.state_before(Seq(0)).seq
    }

    /// When the last event before the playhead happened.
    fn last_happened(&self) -> WorldTime {
        let last = self.history.trace().get(Seq(self.state.seq.0 - 1));
        last.map_or(WorldTime(0), |event| event.at)
    }
}

/// As the scenario says it, on one line.
fn words(commands: &[Timed]) -> String {
    let lines: Vec<_> = commands.iter().map(|timed| timed.command.to_string()).collect();
    lines.join("; ")
}

/// What a session tells.
impl Session {
    /// When the playhead is.
    #[must_use]
    pub fn at(&self) -> WorldTime {
        self.at
    }

    /// Where the playhead is: the `seq` of the next event.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.state.seq
    }

    /// The cluster at the playhead.
    #[must_use]
    pub fn state(&self) -> &ClusterState {
        &self.state.cluster
    }

    /// The fingerprint of everything up to the playhead.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.history().fingerprint(self.seq())
    }

    /// The properties violated up to the playhead, in the order of events.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        let all = self.history.violations();
        &all[..all.partition_point(|violation| violation.seq < self.state.seq)]
    }

    /// Whether what clients saw up to the playhead is linearizable, whatever modes they read in.
    #[must_use]
    pub fn linearizable(&self) -> &Verdict {
        match self.history.linearizable() {
            Verdict::No { since, .. } | Verdict::Unknown { since } if since.seq >= self.state.seq => {
                &Verdict::Yes
            }
            verdict => verdict,
        }
    }

    /// The current branch's scenario, the commands given by hand included: played from the start it gives the same run.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.branches[self.current].scenario
    }

    /// The current branch's whole known history.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        self.history.trace()
    }

    /// Events of the current branch from `from` on, at most `count`.
    #[must_use]
    pub fn events(&self, from: Seq, count: u32) -> Vec<TraceEvent> {
        self.trace().iter_from(from).take(count as usize).collect()
    }

    /// Up to when the current branch is known.
    #[must_use]
    pub fn known_until(&self) -> WorldTime {
        self.history.known_until()
    }

    /// Why the current branch goes no further than it is known, as a sentence; `None` while it can, and when the scenario is over.
    #[must_use]
    pub fn limit(&self) -> Option<String> {
        self.history.limit()
    }

    /// How much memory the current branch's trace, its index and its checkpoints take, in bytes; of the checkpoints it is an estimate.
    #[must_use]
    pub fn heap_bytes(&self) -> u64 {
        self.history.heap_bytes()
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    pub(crate) fn all_branches(&self) -> &[Branch] {
        &self.branches
    }
}

fn refuse_branch<T>() -> Result<T, CommandError> {
    Err(CommandError::Refused(format!(
        "There are {MAX_BRANCHES} branches, and no more are kept."
    )))
}

fn refuse(sentence: String) -> Result<(), CommandError> {
    Err(CommandError::Refused(sentence))
}
