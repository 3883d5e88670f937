//! Settings given by hand at time 0. They are facts about the start, as an author would have written them: the run begins anew with them.

use super::{CommandError, Given, MAX_BRANCHES, Session, refuse_branch, words};
use crate::branch::{Branch, Origin, Past};
use crate::history::History;
use raft_sim::scenario::{Command, Scenario, Setting};
use raft_trace::WorldTime;
use std::mem::{discriminant, replace};

/// When all begins.
const START: WorldTime = WorldTime(0);

impl Session {
    /// The settings from the start with these, if all that is given are settings, the playhead is at time 0, and nothing that the script
    /// sets at that time would come after them.
    pub(super) fn settings_with(&self, commands: &[Command]) -> Option<Vec<Setting>> {
        let mut scripted = self
            .scenario()
            .script
            .iter()
            .take_while(|timed| timed.at == START);
        let is_free = self.at == START
            && !scripted.any(|timed| matches!(timed.command, Command::Set(_) | Command::End));
        let mut settings = self.scenario().settings.clone();
        for command in commands {
            match command {
                Command::Set(setting) if is_free => {
                    settings.retain(|old| !is_of_the_same(old, setting));
                    settings.push(*setting);
                }
                _ => return None,
            }
        }
        Some(settings)
    }

    /// Begins anew with these settings instead of the scenario's. Where nothing is known beyond time 0 yet, the branch itself does, and
    /// loses the end that its author had set; else a new one, with what is scripted for time 0 and nothing of what came later.
    pub(super) fn begin_with(
        &mut self,
        settings: Vec<Setting>,
        given: &mut Given,
    ) -> Result<(), CommandError> {
        let mut scenario = self.scenario().clone();
        scenario.expects.clear(); // they are about the run without the settings
        given.head = Some(replace(&mut scenario.settings, settings));
        given.went_on = self.history.known_until() == START;
        if given.went_on {
            given.end = scenario.script.pop_if(|timed| timed.command == Command::End);
        } else {
            scenario.script.retain(|timed| timed.at == START);
        }
        self.begin_anew(scenario, words(&given.commands))?;
        if given.went_on {
            given.on = self.current_id();
        }
        Ok(())
    }

    /// Begins anew with the settings that there were before some were given at time 0.
    pub(super) fn begin_without(&mut self, given: &Given, head: Vec<Setting>) -> Result<(), CommandError> {
        let mut scenario = self.scenario().clone();
        scenario.settings = head;
        scenario.script.extend(given.end.clone());
        self.begin_anew(scenario, format!("undo {}", words(&given.commands)))?;
        self.given_instead(given.on);
        Ok(())
    }

    /// Puts the playhead at the beginning of this scenario: in place of the current branch if nothing is known of that beyond time 0, else
    /// on a branch beside it.
    fn begin_anew(&mut self, scenario: Scenario, command: String) -> Result<(), CommandError> {
        let (parent, fresh) = (self.current_id(), self.history.known_until() == START);
        if !fresh && self.branches.len() >= MAX_BRANCHES {
            return refuse_branch();
        }
        let mut origin = Some(Origin {
            parent,
            at: START,
            command,
        });
        if fresh {
            let replaced = self.branches[self.current].origin.clone();
            origin = replaced.zip(origin).map(|(old, new)| Origin {
                command: new.command,
                ..old
            });
        }
        let id = self.free_id(); // whoever drew the one it may replace must not take it for that
        self.branches.push(Branch {
            id,
            past: Past::Kept(Box::new(History::begin(&scenario))),
            scenario,
            origin,
        });
        self.make_current(self.branches.len() - 1);
        if fresh {
            self.given_instead(parent);
            self.branches.retain(|branch| branch.id != parent);
            self.current = self.branches.len() - 1;
        }
        self.state = self.history.state_before(self.history.end()).clone();
        self.at = START;
        self.play_to(START);
        Ok(())
    }
}

/// Whether both set the same thing.
fn is_of_the_same(one: &Setting, other: &Setting) -> bool {
    discriminant(one) == discriminant(other) && one.target() == other.target()
}
