//! From one branch to another, two side by side, and branches that go.

use super::{CommandError, Session, refuse};
use crate::branch::{Past, make_room};
use crate::frame::{BesideFrame, LogDifference};
use crate::show;
use raft_core::Index;
use raft_trace::{Seq, ServerState};
use std::mem::replace;

impl Session {
    /// Looks at another branch, at the same time or, if it is not known that far, at its end. An unknown one changes nothing.
    pub fn switch(&mut self, branch: u32) {
        if let Some(place) = self.place_of(branch) {
            self.make_current(place);
            self.state = self.history.state_before(Seq(0)).clone();
            self.see(self.at);
        }
    }

    /// Forgets a branch. Those that left it stay: they now leave the one that it left. If it was looked at, that one is. An unknown one
    /// changes nothing.
    ///
    /// # Errors
    /// When it is the first: all others come from it.
    pub fn remove(&mut self, branch: u32) -> Result<(), CommandError> {
        let Some(place) = self.place_of(branch) else {
            return Ok(());
        };
        let Some(gone) = self.branches[place].origin.clone() else {
            return refuse("The first branch stays: all others come from it.".into());
        };
        if place == self.current {
            self.switch(gone.parent);
        }
        let now = self.current_id();
        self.branches.remove(place);
        self.current = self.place_of(now).unwrap_or_default();
        for origin in self.branches.iter_mut().filter_map(|other| other.origin.as_mut()) {
            if origin.parent == branch {
                origin.parent = gone.parent;
                if origin.at >= gone.at {
                    // It leaves that one where the branch between did, and by what began that one too.
                    origin.at = gone.at;
                    origin.command = format!("{}; {}", gone.command, origin.command);
                }
            }
        }
        self.given
            .retain(|given| given.on != branch && given.to != branch);
        Ok(())
    }

    /// Another branch at the playhead's time, and where its logs differ from the current one's; the playhead stays where it is. If the
    /// other is not known that far, it goes on by at most so many moments: its frame says where it is. `None` if there is no such branch,
    /// or so much happened in it that its history is not at hand.
    pub fn beside(
        &mut self,
        branch: u32,
        log_from: Index,
        log_count: u32,
        moments: u32,
    ) -> Option<BesideFrame> {
        let place = self.place_of(branch).filter(|place| *place != self.current)?;
        if !matches!(self.branches[place].past, Past::Kept(_)) {
            return None;
        }
        let history = self.branches[place].wake()?;
        let (here, at, state) = (self.current, self.at, self.state.clone());
        let own = replace(&mut self.history, history);
        self.current = place;
        self.state = self.history.state_before(Seq(0)).clone();
        self.play_some(at, moments);
        let servers = state.cluster.servers.iter().zip(&self.state.cluster.servers);
        let beside = BesideFrame {
            logs: servers
                .filter_map(|(here, there)| difference(here, there))
                .collect(),
            frame: self.frame(log_from, log_count),
        };
        (self.current, self.at, self.state) = (here, at, state);
        let others = replace(&mut self.history, own);
        self.branches[place].past = Past::Kept(Box::new(others));
        make_room(&mut self.branches);
        Some(beside)
    }

    pub(super) fn make_current(&mut self, place: usize) {
        if let Some(history) = self.branches[place].wake() {
            let old = replace(&mut self.history, history);
            self.branches[self.current].past = Past::Kept(Box::new(old));
            self.current = place;
            make_room(&mut self.branches);
        }
    }

    /// The current branch's number.
    pub(crate) fn current_id(&self) -> u32 {
        self.branches[self.current].id
    }

    pub(super) fn place_of(&self, branch: u32) -> Option<usize> {
        self.branches.binary_search_by_key(&branch, |other| other.id).ok()
    }

    /// A number that no branch has or had.
    pub(super) fn free_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}

/// The first entry in which two logs differ, as far as both have their entries and not a snapshot in their place.
fn difference(here: &ServerState, there: &ServerState) -> Option<LogDifference> {
    let first = here.log.base().0.max(there.log.base().0).next();
    let (mut a, mut b) = (here.log.iter_from(first), there.log.iter_from(first));
    let mut index = first;
    loop {
        let (here_cell, there_cell) = (a.next(), b.next());
        if here_cell != there_cell {
            let cell = |entry| show::cell((index, entry));
            return Some(LogDifference {
                server: here.id.to_string(),
                index,
                here: here_cell.map(cell),
                there: there_cell.map(cell),
            });
        }
        here_cell?;
        index = index.next();
    }
}
