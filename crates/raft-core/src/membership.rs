//! Cluster membership changes (§6, thesis 4).
//!
//! A configuration is an entry of the log. A server goes by the last one in its log, committed or not, from the moment it is appended, and
//! by the one before it again if it is truncated.

use crate::{
    Change, ChangeRefusal, Configuration, Entry, Index, Log, Note, Output, Payload, Progress, ProposalId,
    Raft, Role, Rule, Snapshot,
};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Where a configuration is in the log, and what it is.
pub(crate) type Placed = (Index, Arc<Configuration>);

/// The configurations a server starts with: that of its snapshot, or `initial` before there is any, and those in its log.
pub(crate) fn configurations(initial: Configuration, snapshot: Option<&Snapshot>, log: &Log) -> Vec<Placed> {
    let first = match snapshot {
        Some(snapshot) => (snapshot.last_index, snapshot.configuration.clone()),
        None => (Index(0), Arc::new(initial)),
    };
    let mut all = Vec::from([first]);
    let (base, _) = log.base();
    all.extend(placed(base.next(), log.iter_from(base.next())));
    all
}

/// The configurations among these entries, the first of which is at `first`.
fn placed<'a>(first: Index, entries: impl Iterator<Item = &'a Entry>) -> impl Iterator<Item = Placed> {
    let places = (first.0..).map(Index);
    places
        .zip(entries)
        .filter_map(|(index, entry)| match &entry.payload {
            Payload::Configuration(configuration) => Some((index, configuration.clone())),
            _ => None,
        })
}

impl Raft {
    /// An administrator wants another configuration.
    pub(crate) fn change_membership(&mut self, id: ProposalId, change: &Change, out: &mut Vec<Output>) {
        let next = self.latest().1.changed(change);
        if let Some(because) = self.reason_to_refuse_change(change, &next) {
            out.push(Output::Note(Note::ChangeRefused { because }));
            let leader = self.leader.filter(|leader| *leader != self.id);
            out.push(Output::Refused { id, leader });
            return;
        }
        let (index, term) = (self.log.last_index().next(), self.term);
        let next = Arc::new(next);
        self.take_on(Vec::from([(index, next.clone())]), out);
        out.push(Output::Accepted { id, index, term });
        self.append_as_leader(Payload::Configuration(next), out);
    }

    fn reason_to_refuse_change(&self, change: &Change, next: &Configuration) -> Option<ChangeRefusal> {
        let (index, latest) = self.latest();
        let own_term = self.log.term_at(self.commit_index) == Some(self.term);
        let behind = |id| {
            self.progress
                .iter()
                .any(|p| p.server == id && p.match_index < self.commit_index)
        };
        if self.role != Role::Leader {
            Some(ChangeRefusal::NotLeader)
        } else if self.is_handing_over() {
            Some(ChangeRefusal::HandingOver)
        } else if latest.is_joint() || (*index > self.commit_index && self.holds(Rule::OneChangeAtATime)) {
            Some(ChangeRefusal::ChangeUnderWay)
        } else if !own_term && self.holds(Rule::OwnTermChange) {
            Some(ChangeRefusal::NothingCommitted)
        } else if next.voters.is_empty() {
            Some(ChangeRefusal::NoVoters)
        } else if next == &**latest {
            Some(ChangeRefusal::NothingToChange)
        } else {
            match change {
                Change::AddVoter(id) if latest.learners.contains(id) && behind(*id) => self
                    .holds(Rule::PromoteCaughtUp)
                    .then_some(ChangeRefusal::NotCaughtUp),
                _ => None,
            }
        }
    }

    /// The last configuration in the log and where it is.
    fn latest(&self) -> &Placed {
        self.configurations.last().expect("there always is one")
    }

    /// The configuration as of the entry at `index`.
    pub(crate) fn configuration_at(&self, index: Index) -> Arc<Configuration> {
        let (_, configuration) = self.last_through(index);
        configuration.clone()
    }

    fn last_through(&self, index: Index) -> &Placed {
        let mut backwards = self.configurations.iter().rev();
        let found = backwards.find(|(at, _)| *at <= index);
        found.unwrap_or(&self.configurations[0])
    }

    /// These entries are appended at `first`.
    pub(crate) fn take_on_entries(&mut self, first: Index, entries: &[Entry], out: &mut Vec<Output>) {
        if entries
            .iter()
            .any(|entry| matches!(entry.payload, Payload::Configuration(_)))
        {
            self.take_on(placed(first, entries.iter()).collect(), out);
        }
    }

    fn take_on(&mut self, more: Vec<Placed>, out: &mut Vec<Output>) {
        self.configurations.extend(more);
        self.reconfigure(out);
    }

    /// The entries from `index` on are gone.
    pub(crate) fn roll_back_configuration(&mut self, index: Index, out: &mut Vec<Output>) {
        if self.latest().0 >= index && self.holds(Rule::RollBackConfiguration) {
            self.configurations.retain(|(at, _)| *at < index);
            self.reconfigure(out);
        }
    }

    /// A snapshot takes the place of the whole log.
    pub(crate) fn restore_configuration(&mut self, snapshot: &Snapshot, out: &mut Vec<Output>) {
        self.configurations = Vec::from([(snapshot.last_index, snapshot.configuration.clone())]);
        self.reconfigure(out);
    }

    /// What was before the last configuration through `base` will not be needed any more.
    pub(crate) fn forget_configurations(&mut self, base: Index) {
        let (kept, _) = *self.last_through(base);
        self.configurations.retain(|(at, _)| *at >= kept);
    }

    /// Goes by the configuration that is in force now.
    pub(crate) fn reconfigure(&mut self, out: &mut Vec<Output>) {
        let in_force = if self.holds(Rule::EffectiveWhenAppended) {
            self.latest()
        } else {
            self.last_through(self.commit_index)
        };
        let (index, configuration) = in_force.clone();
        if configuration == self.configuration {
            return;
        }
        self.configuration = configuration.clone();
        out.push(Output::Note(Note::ConfigurationChanged { index, configuration }));
        if self.role == Role::Leader {
            let next_index = self.log.last_index().next();
            let known = core::mem::take(&mut self.progress);
            let of = |id| {
                let fresh = Progress::new(id, next_index, &self.configuration);
                match known.iter().find(|p| p.server == id).cloned() {
                    Some(mut known) => {
                        known.votes_in = fresh.votes_in;
                        known
                    }
                    None => fresh,
                }
            };
            self.progress = self.peers().map(of).collect();
        }
    }

    /// What a leader does about its configuration once that is committed: it ends a joint one (thesis 4.3), and gives up if it is no
    /// voter any more (thesis 4.2.2). Returns the configuration to append.
    pub(crate) fn on_configuration_committed(&mut self, out: &mut Vec<Output>) -> Option<Payload> {
        if self.role != Role::Leader {
            return None;
        }
        let (index, latest) = self.latest();
        if *index > self.commit_index {
            return None;
        }
        if latest.is_joint() {
            if !self.holds(Rule::LeaveJoint) {
                return None;
            }
            let next = Arc::new(latest.left());
            let index = self.log.last_index().next();
            self.take_on(Vec::from([(index, next.clone())]), out);
            return Some(Payload::Configuration(next));
        }
        if !latest.is_voter(self.id) {
            self.become_role(Role::Follower, self.term, out);
        }
        None
    }

    /// Whether this server may stand for election: it is a voter, or may still be needed as one because the change that removes it is
    /// not known to be committed (thesis 4.2.2).
    pub(crate) fn may_stand(&self) -> bool {
        let (committed, _) = *self.last_through(self.commit_index);
        let mut possible = self.configurations.iter().filter(|(at, _)| *at >= committed);
        self.configuration.is_voter(self.id) || possible.any(|(_, one)| one.is_voter(self.id))
    }
}
