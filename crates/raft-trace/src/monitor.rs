//! Judges all properties after every event, from the events alone; here Figure 3's five.
//!
//! The cost of an event does not grow with the logs: they are kept as chains of hashes, so that one comparison judges a whole
//! prefix. Only a crash, which puts a whole chain in the place of another, takes a step for every 32 entries.

mod appended;
mod atomicity;
mod commits;
mod disks;
mod membership;
mod promises;
mod storage;
mod terms;
mod votes;

use crate::chain::{Chain, Link, first_difference};
use crate::freshness::Freshness;
use crate::linearizability::{Clients, Verdict};
use crate::once::Once;
use crate::stall::Stall;
use crate::{Event, Evidence, Packet, Seq, TraceEvent, Violation, WorldTime};
use appended::{Appended, Place};
use atomicity::Atomicity;
pub use atomicity::{TwoPhaseEvidence, Wait};
use commits::Commits;
use disks::Disks;
use membership::Membership;
use promises::Promises;
use raft_core::{
    Append, HardState, Index, Message, NodeId, Note, Role, SharedVec, Snapshot, SortedMap, Term, Write,
    WriteId,
};
use std::collections::VecDeque;
use std::sync::Arc;
use terms::Terms;
use votes::Votes;

/// Follows a run and judges it. Each property is reported once a run, the first time it is broken: what comes after is mostly
/// the same fault seen again. Clones are cheap: they share whatever grows.
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    servers: Vec<Server>,
    /// Who led each term.
    leaders: Arc<SortedMap<Term, NodeId>>,
    appended: Appended,
    /// What is committed, at index 1 first, and who was the first to commit it.
    committed: SharedVec<(Link, NodeId)>,
    /// How far each term or an earlier one committed. Rises with the terms; what adds nothing is left out.
    committed_by: Arc<SortedMap<Term, Index>>,
    terms: Terms,
    votes: Votes,
    commits: Commits,
    disks: Disks,
    membership: Membership,
    promises: Promises,
    freshness: Freshness,
    stall: Stall,
    once: Once,
    /// What clients saw, whatever the servers run.
    clients: Clients,
    /// In the place of all else, if the servers run two-phase commit.
    atomicity: Option<Box<Atomicity>>,
    /// How many servers the cluster began with.
    voters: u32,
    violations: Vec<Violation>,
    /// The event being judged.
    now: (Seq, WorldTime),
}

/// What of a server matters here.
#[derive(Clone, Debug, Default)]
struct Server {
    role: Role,
    term: Term,
    /// Its vote in this term.
    voted_for: Option<NodeId>,
    log: Chain,
    /// What it falls back to when the power goes.
    durable: Durable,
    /// What the disk says it holds, if it lied.
    claimed: Option<Durable>,
    /// What is written and not synced: what it has besides after a crash of the process.
    pending: VecDeque<Write>,
}

/// What a disk holds: term, vote and log.
#[derive(Clone, Debug, Default)]
struct Durable {
    hard_state: HardState,
    log: Chain,
}

impl Monitor {
    /// What was broken so far, in the order of events; at most one of each property.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Lets it keep in one place what the servers' logs have in common: a long run then takes less memory. Nothing else changes.
    pub fn share_memory(&mut self) {
        let logs = self.servers.iter().map(|server| &server.log);
        if let Some(longest) = logs.max_by_key(|log| log.last_index()).cloned() {
            for server in &mut self.servers {
                server.log.share_with(&longest);
                server.durable.log.share_with(&longest);
            }
        }
    }

    /// In two-phase commit, the longest that a server which had voted waited for the decision, until now.
    #[must_use]
    pub fn longest_wait(&self, now: WorldTime) -> Option<Wait> {
        self.atomicity.as_ref()?.longest_wait(now)
    }

    /// Whether what clients saw so far is linearizable, whatever modes they read in.
    #[must_use]
    pub fn linearizable(&self) -> &Verdict {
        self.clients.verdict()
    }

    /// Judges the next event.
    ///
    /// # Panics
    /// When the event names a server that the world did not begin with.
    #[inline]
    pub fn observe(&mut self, event: &TraceEvent) {
        // Most events are of these kinds: nothing can be broken by them but the peace.
        let quiet = matches!(
            event.event,
            Event::TimerSet { .. }
                | Event::TimerMoved { .. }
                | Event::TimerStopped { .. }
                | Event::TimerFired { .. }
                | Event::Delivered { .. }
        );
        if !quiet || self.is_tense(event.at) {
            self.judge(event);
        }
    }

    /// Whether anything that happens may break something: time by passing, or a change that waits for what comes next.
    #[inline]
    fn is_tense(&self, at: WorldTime) -> bool {
        self.stall.overdue_since(at).is_some() || self.membership.waits() || self.atomicity.is_some()
    }

    fn judge(&mut self, event: &TraceEvent) {
        self.now = (event.seq, event.at);
        if let Some(atomicity) = &mut self.atomicity {
            let found = atomicity.observe(event);
            self.report_if(found.map(|what| Evidence::TwoPhase { what }));
            let broken = self.clients.observe(event);
            return self.report_if(broken);
        }
        if self.membership.waits() {
            let early = self.membership.next(&event.event);
            self.report_if(early);
        }
        match &event.event {
            Event::TimerSet { .. }
            | Event::TimerMoved { .. }
            | Event::TimerStopped { .. }
            | Event::TimerFired { .. }
            | Event::Delivered { .. } => {}
            Event::Sent {
                packet: Packet::Raft { message },
                arrives,
                ..
            } => {
                self.stall.sent(event.at, *arrives);
                self.hear(message);
            }
            Event::Written { server, write } => self.write(*server, write),
            Event::Synced { server, through } => {
                self.stall.synced(event.at, *server);
                self.sync(*server, *through);
            }
            Event::SyncClaimed { server, through } => {
                self.stall.synced(event.at, *server);
                let committed = |index| committed_at(&self.committed, index);
                self.servers[position(*server)].claim(*through, committed);
            }
            Event::Applied { server, index } => {
                self.apply(*server, *index);
                self.freshness.observe(&event.event);
            }
            _ => self.observe_rest(event),
        }
        self.report_if(self.stall.overdue(event.at));
    }

    /// What happens less often, or outside the servers.
    fn observe_rest(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::Noted { server, note } => self.note(*server, note),
            Event::Committed { server, through } => self.commit_and_count(*server, *through),
            Event::Restored { server, through } => {
                self.commit_and_count(*server, *through);
                self.freshness.observe(&event.event);
            }
            Event::Began { .. }
            | Event::Crashed { .. }
            | Event::PoweredOff { .. }
            | Event::Restarted { .. } => {
                self.start_or_stop(&event.event);
            }
            // The only other one.
            Event::ProtocolChosen { .. } => {
                let servers = self.servers.len() as u32; // came as one
                self.atomicity = Some(Box::new(Atomicity::new(servers)));
            }
            clients => {
                let stale = self.freshness.observe(clients);
                self.report_if(stale);
                let broken = self.clients.observe(event);
                self.report_if(broken);
            }
        }
        self.stall.follow(event, self.voters);
    }

    fn start_or_stop(&mut self, event: &Event) {
        match event {
            Event::Began { servers, voters, .. } => {
                self.servers = vec![Server::default(); *servers as usize];
                self.voters = *voters;
                self.membership.begin(*voters);
            }
            Event::Crashed { server } => {
                let committed = |index| committed_at(&self.committed, index);
                self.servers[position(*server)].crash(committed);
            }
            Event::PoweredOff {
                server,
                through,
                entries,
            } => {
                let committed = |index| committed_at(&self.committed, index);
                self.servers[position(*server)].power_off(*through, *entries, committed);
            }
            _ => {}
        }
        let servers = &self.servers[..];
        let found = [
            self.terms.start_or_stop(event, servers),
            self.promises.start_or_stop(event, servers),
            self.disks.stop(event, servers),
            self.freshness.observe(event),
        ];
        self.commits.start_or_stop(event);
        found.into_iter().for_each(|found| self.report_if(found));
    }

    /// What a server says binds it.
    fn hear(&mut self, message: &Message) {
        let server = &self.servers[position(message.from)];
        self.promises.hear(message, server);
        let back = self.terms.hear(message);
        self.report_if(back);
        let twice = self.votes.hear(message);
        self.report_if(twice);
    }

    fn note(&mut self, id: NodeId, note: &Note) {
        match *note {
            Note::Became { role, term } => {
                let back = self.terms.become_role(id, term);
                self.report_if(back);
                self.become_role(id, role, term);
            }
            Note::Truncated { from, .. } => {
                self.judge_leader_append_only(id, from);
                let server = self.server(id);
                server.log.truncate_from(from);
                self.log_changed(id, Some(from));
            }
            Note::VoteGranted { candidate } => self.server(id).voted_for = Some(candidate),
            Note::VoteCounted { voter } if voter == id => {
                let twice = self.votes.count_own(id, &self.servers[position(id)]);
                self.report_if(twice);
            }
            _ => {}
        }
    }

    fn sync(&mut self, id: NodeId, through: WriteId) {
        let committed = |index| committed_at(&self.committed, index);
        self.servers[position(id)].sync(through, committed);
        let lost = self.disks.synced(id, &self.servers);
        self.report_if(lost);
    }

    fn commit_and_count(&mut self, id: NodeId, through: Index) {
        self.commit(id, through);
        let missing = self.count_disks(id);
        self.report_if(missing);
        let back = self.commits.commit(id, through, &self.servers[position(id)]);
        self.report_if(back);
    }

    fn apply(&mut self, id: NodeId, index: Index) {
        let log = &self.servers[position(id)].log;
        // What is known to be committed was judged as such, unless the log has changed there since.
        if !self.commits.covers(id, index, log) {
            self.commit(id, index);
        }
        let log = &self.servers[position(id)].log;
        let twice = self.once.apply(id, index, log.get(index));
        if let Some(Evidence::AppliedTwice { op, .. }) = twice {
            self.clients.applied_twice(op);
        }
        self.report_if(twice);
    }

    /// A log is another one from `first` on, or altogether.
    fn log_changed(&mut self, id: NodeId, first: Option<Index>) {
        let server = &self.servers[position(id)];
        self.promises.log_changed(id, server, first);
        let removed = self.commits.log_changed(id, server, first);
        self.report_if(removed);
    }

    /// If more of the log is committed than before this event, its disks are counted.
    fn count_disks(&mut self, id: NodeId) -> Option<Evidence> {
        // Holds for this commit alone, even if others knew of it long before.
        let left = self.membership.left();
        let last = Index(self.committed.len());
        if last <= self.disks.committed() {
            return None;
        }
        let log = &self.servers[position(id)].log;
        let configuration = left.unwrap_or_else(|| self.membership.last(log));
        let committed = (last, committed_at(&self.committed, last)?);
        self.disks.commit(id, committed, configuration, &self.servers)
    }

    fn become_role(&mut self, id: NodeId, role: Role, term: Term) {
        let server = self.server(id);
        if server.term != term {
            server.voted_for = None;
        }
        server.role = role;
        server.term = term;
        if role == Role::Leader {
            self.judge_election_safety(id, term);
            self.judge_leader_completeness(id);
        }
    }

    fn write(&mut self, id: NodeId, write: &Write) {
        if let Some(snapshot) = &write.snapshot {
            self.judge_snapshot(id, snapshot);
            self.take_over(id, snapshot);
        }
        if let Some(append) = &write.append {
            self.judge_leader_append_only(id, append.first);
            self.server(id).log.replace_from(append);
            self.judge_log_matching(id, append);
        }
        let server = &mut self.servers[position(id)];
        server.pending.push_back(write.clone());
        if let Some(append) = &write.append {
            let committed = self.commits.index(id);
            let apart = self.membership.append(id, append, server, committed);
            self.report_if(apart);
        }
        match (&write.snapshot, &write.append) {
            (Some(_), _) => self.log_changed(id, None),
            (None, Some(append)) => self.log_changed(id, Some(append.first)),
            (None, None) => {}
        }
    }

    /// A log is as the snapshot has it: as that of a server that has its last entry, or else as what is committed and then that entry.
    fn take_over(&mut self, id: NodeId, snapshot: &Snapshot) {
        let (index, term) = (snapshot.last_index, snapshot.last_term);
        let mut logs = self.servers.iter().map(|server| &server.log);
        let like = logs.find(|log| log.has(index, term)).cloned();
        let known = |i| match &like {
            Some(log) => log.get(i),
            None if i == index => self.appended.get(index, term),
            None => committed_at(&self.committed, i),
        };
        self.servers[position(id)].log.compact(index, term, known);
    }

    /// Everything through this index is committed at this server, or applied.
    fn commit(&mut self, id: NodeId, through: Index) {
        if !self.judge_state_machine_safety(id, through) {
            return;
        }
        let Server { term, ref log, .. } = self.servers[position(id)];
        for index in self.committed.len() + 1..=through.0 {
            if let Some(link) = log.get(Index(index)) {
                self.committed.push((link, id));
            }
        }
        let through = through.min(Index(self.committed.len()));
        if self.committed_through(term) < through {
            let committed_by = Arc::make_mut(&mut self.committed_by);
            while let Some(&(later, index)) = term.next().and_then(|next| committed_by.at_or_after(&next))
                && index <= through
            {
                committed_by.remove(&later);
            }
            committed_by.insert(term, through);
            // A leader of a later term may have been elected before this was known to be committed.
            let leaders = (1..=self.servers.len() as u32).map(NodeId); // their number came as a u32
            leaders.for_each(|leader| self.judge_leader_completeness(leader));
        }
    }

    /// How far this term and those before it committed.
    fn committed_through(&self, term: Term) -> Index {
        let last = self.committed_by.back_from(&term).next();
        last.map_or(Index(0), |(_, index)| *index)
    }

    fn judge_election_safety(&mut self, second: NodeId, term: Term) {
        match self.leaders.get(&term).copied() {
            None => {
                Arc::make_mut(&mut self.leaders).insert(term, second);
            }
            Some(first) if first != second => self.report(Evidence::TwoLeaders { term, first, second }),
            Some(_) => {}
        }
    }

    /// Somebody is about to change its log from this index on.
    fn judge_leader_append_only(&mut self, id: NodeId, from: Index) {
        let Server {
            role, term, ref log, ..
        } = *self.server(id);
        let last_index = log.last_index();
        if role == Role::Leader && from <= last_index {
            self.report(Evidence::LeaderRewrote {
                leader: id,
                term,
                from,
                last_index,
            });
        }
    }

    /// These entries are new in a log. Each is compared with the one of the same index and term in any log, now or ever before.
    fn judge_log_matching(&mut self, id: NodeId, append: &Append) {
        let log = &self.servers[position(id)].log;
        let mut found = None;
        for (entry, index) in append.entries.iter().zip((append.first.0..).map(Index)) {
            let Some(link) = log.get(index) else { break };
            match self.appended.add(index, link, id) {
                Place::New => self.once.append(index, entry),
                Place::Same => {}
                Place::Other(other) => found = found.or(Some((index, link.term, other))),
            }
        }
        if let Some((index, term, other)) = found {
            self.report(Evidence::LogsDiffer {
                server: id,
                index,
                term,
                other,
            });
        }
    }

    /// If this server leads, its log must hold whatever was committed in earlier terms.
    fn judge_leader_completeness(&mut self, id: NodeId) {
        let Server {
            role, term, ref log, ..
        } = self.servers[position(id)];
        if role != Role::Leader {
            return;
        }
        let must_hold = self.committed_through(Term(term.0.saturating_sub(1)));
        let differs = |i| log.get(i) != self.committed_at(i).map(|(link, _)| link);
        if !differs(must_hold) {
            return;
        }
        let index = first_difference(must_hold, differs);
        let in_term = self.committed_by.iter().find(|(_, through)| *through >= index);
        if let (Some((entry, by)), Some((committed_in, _))) = (self.committed_at(index), in_term) {
            self.report(Evidence::LeaderLacks {
                leader: id,
                term,
                index,
                entry_term: entry.term,
                committed_in: *committed_in,
                by,
            });
        }
    }

    /// Whether what this server takes for committed through this index is what others did.
    fn judge_state_machine_safety(&mut self, id: NodeId, through: Index) -> bool {
        let log = &self.servers[position(id)].log;
        let known = through.min(Index(self.committed.len()));
        let differs = |i| log.get(i) != self.committed_at(i).map(|(link, _)| link);
        if !differs(known) {
            return true;
        }
        let index = first_difference(known, differs);
        let term = log.get(index).map(|link| link.term);
        if let Some((first, other)) = self.committed_at(index) {
            self.report(Evidence::CommittedDiffers {
                server: id,
                index,
                term,
                other,
                other_term: first.term,
            });
        }
        false
    }

    /// A snapshot stands for what is committed.
    fn judge_snapshot(&mut self, id: NodeId, snapshot: &Snapshot) {
        if let Some((first, other)) = self.committed_at(snapshot.last_index)
            && first.term != snapshot.last_term
        {
            self.report(Evidence::CommittedDiffers {
                server: id,
                index: snapshot.last_index,
                term: Some(snapshot.last_term),
                other,
                other_term: first.term,
            });
        }
    }

    /// What is committed at `index`, and who committed it first. Before the first entry all logs agree.
    fn committed_at(&self, index: Index) -> Option<(Link, NodeId)> {
        match index.0.checked_sub(1) {
            None => Some(Default::default()),
            Some(i) => self.committed.get(i).copied(),
        }
    }

    #[inline]
    fn report_if(&mut self, found: Option<Evidence>) {
        if let Some(evidence) = found {
            self.report(evidence);
        }
    }

    #[cold]
    fn report(&mut self, evidence: Evidence) {
        let (seq, at) = self.now;
        let violation = Violation { seq, at, evidence };
        if self
            .violations
            .iter()
            .all(|v| v.property() != violation.property())
        {
            self.violations.push(violation);
        }
    }

    fn server(&mut self, id: NodeId) -> &mut Server {
        &mut self.servers[position(id)]
    }
}

/// What is committed at an index.
fn committed_at(committed: &SharedVec<(Link, NodeId)>, index: Index) -> Option<Link> {
    committed.get(index.0.checked_sub(1)?).map(|(link, _)| *link)
}

fn position(id: NodeId) -> usize {
    (id.0 as usize).wrapping_sub(1)
}
