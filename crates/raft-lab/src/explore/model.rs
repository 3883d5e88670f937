//! The steps of the world: which there are in a state, and where each leads.

use super::bounds::{ANY, Bounds, Kind};
use super::orbits::{Orbits, Renamings};
use super::rename::names;
use super::server::{Done, Server};
use super::state::{MAX_MESSAGES, MAX_SERVERS, NONE, State};
use super::tables::Interner;
use super::{Act, Broken};
use raft_core::{Change, Command, Config, Entry, Input, ProposalId, Raft, Role, Term, Timer};

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) kind: Kind,
    /// At whose place; that of the receiver for a message.
    pub(super) place: u8,
    /// What happens there: number in the model's table. Of a message, its delivery.
    pub(super) act: u32,
}

/// Where a step leads, and whether that is a place where nobody should be.
pub(super) struct Successor {
    pub(super) action: Action,
    pub(super) state: State,
    pub(super) broken: Option<Broken>,
}

/// What a step of one server does.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) server: u32,
    /// From where to where in `Model::sent`.
    sent: (u32, u32),
    pub(super) became_leader: bool,
    pub(super) log_changed: bool,
    pub(super) committed: bool,
    pub(super) broken: Option<Broken>,
}

/// What of a server every state asks for.
#[derive(Clone, Copy)]
struct Brief {
    leads: bool,
    writes: bool,
    held: usize,
    term: u64,
    compacts: bool,
}

/// What is committed, each entry with the first term that committed it.
pub(super) type Committed = Vec<(Entry, Term)>;

/// The world's law, and everything small that was met so far, numbered.
pub(super) struct Model {
    pub(super) bounds: Bounds,
    renamings: Renamings,
    acts: Orbits<Act>,
    /// From whom to whom a message goes, by place: 8 × from + to. One an act.
    links: Vec<u8>,
    servers: Orbits<Server>,
    /// One a server.
    briefs: Vec<Brief>,
    /// What was computed: which server took which act, with what outcome.
    taken: Interner<(u32, u32)>,
    steps: Vec<Step>,
    sent: Vec<u32>,
    committed: Orbits<Committed>,
    timeout: u32,
    heartbeat: u32,
    sync: u32,
    crash: u32,
    proposals: Vec<u32>,
    transfers: Vec<u32>,
    changes: Vec<u32>,
}

impl Model {
    pub(super) fn new(bounds: Bounds) -> Model {
        bounds.judge();
        let renamings = Renamings::new(bounds.servers as usize, bounds.symmetry);
        let mut model = Model {
            acts: Orbits::new(&renamings),
            links: Vec::new(),
            servers: Orbits::new(&renamings),
            briefs: Vec::new(),
            taken: Interner::new(),
            steps: Vec::new(),
            sent: Vec::new(),
            committed: Orbits::new(&renamings),
            timeout: NONE,
            heartbeat: NONE,
            sync: NONE,
            crash: NONE,
            proposals: Vec::new(),
            transfers: Vec::new(),
            changes: Vec::new(),
            bounds,
            renamings,
        };
        model.timeout = model.act(Act::Input(Input::TimerFired(Timer::Election)));
        model.heartbeat = model.act(Act::Input(Input::TimerFired(Timer::Heartbeat)));
        model.sync = model.act(Act::Sync);
        model.crash = model.act(Act::Crash);
        for n in 1..=model.bounds.entries {
            let command = Command::new(&[b'0' + n]);
            let id = ProposalId(n.into());
            let proposal = model.act(Act::Input(Input::Propose { id, command }));
            model.proposals.push(proposal);
        }
        for to in model.bounds.ids() {
            let transfer = model.act(Act::Input(Input::TransferLeadership { to }));
            model.transfers.push(transfer);
        }
        for change in changes(&model.bounds) {
            let id = ProposalId(0);
            let change = model.act(Act::Input(Input::ChangeMembership { id, change }));
            model.changes.push(change);
        }
        model
    }

    /// Nothing has happened yet.
    pub(super) fn start(&mut self) -> State {
        let mut servers = Vec::new();
        for id in self.bounds.ids() {
            let mut images = Vec::with_capacity(self.renamings.len());
            for r in 0..self.renamings.len() {
                let rename = |id| self.renamings.rename(r, id);
                let config = Config {
                    voters: names(self.bounds.voters(), &rename),
                    ..self.bounds.config.clone()
                };
                images.push(self.intern_server(Server::new(rename(id), config)));
            }
            self.servers.set_images(&images, &self.renamings);
            servers.push(images[0]);
        }
        let mut state = State {
            servers: [NONE; _],
            messages: [NONE; _],
            committed: self.committed.add(Committed::new(), &self.renamings),
            leaders: 0,
            left: self.bounds.budget(),
        };
        state.servers[..servers.len()].copy_from_slice(&servers);
        state
    }

    pub(super) fn server(&self, number: u32) -> &Server {
        self.servers.get(number)
    }

    pub(super) fn committed(&self, number: u32) -> &Committed {
        self.committed.get(number)
    }

    /// The number of what is committed.
    pub(super) fn number_committed(&mut self, committed: Committed) -> u32 {
        self.committed.add(committed, &self.renamings)
    }

    pub(super) fn act_of(&self, action: Action) -> &Act {
        self.acts.get(action.act)
    }

    /// How many servers, messages and steps of servers were told apart.
    pub(super) fn sizes(&self) -> (u32, u32, u32) {
        (self.servers.len(), self.acts.len(), self.taken.len())
    }

    /// Every step that can be taken, and where it leads.
    pub(super) fn successors(&mut self, state: &State, found: &mut Vec<Successor>) {
        for place in 0..self.bounds.servers as usize {
            let brief = self.briefs[state.servers[place] as usize];
            if !brief.leads && brief.term < self.bounds.max_term {
                self.offer(state, Kind::Timeout, place, self.timeout, found);
            }
            if brief.leads {
                self.offer(state, Kind::Heartbeat, place, self.heartbeat, found);
                let left = state.left[Kind::Propose as usize] as usize;
                if let Some(next) = self.proposals.len().checked_sub(left)
                    && let Some(proposal) = self.proposals.get(next)
                {
                    self.offer(state, Kind::Propose, place, *proposal, found);
                }
            }
            if brief.leads && state.left[Kind::Transfer as usize] > 0 {
                self.offer_all(state, Kind::Transfer, place, |model| &model.transfers, found);
            }
            if brief.leads && state.left[Kind::Change as usize] > 0 {
                self.offer_all(state, Kind::Change, place, |model| &model.changes, found);
            }
            if brief.compacts && state.left[Kind::Compact as usize] > 0 {
                let act = self.compaction(state.servers[place]);
                self.offer(state, Kind::Compact, place, act, found);
            }
            if brief.writes {
                self.offer(state, Kind::Sync, place, self.sync, found);
            }
            self.offer(state, Kind::Crash, place, self.crash, found);
        }
        for place in 0..state.message_count() {
            self.offer_message(state, place, found);
        }
    }

    /// What only counts when it does something.
    fn offer_all(
        &mut self,
        state: &State,
        kind: Kind,
        place: usize,
        acts: impl Fn(&Model) -> &[u32],
        found: &mut Vec<Successor>,
    ) {
        for i in 0..acts(self).len() {
            let act = acts(self)[i];
            if self.step(state.servers[place], act).server != state.servers[place] {
                self.offer(state, kind, place, act, found);
            }
        }
    }

    /// The server takes a snapshot of all it has committed.
    fn compaction(&mut self, server: u32) -> u32 {
        let index = self.server(server).raft.commit_index();
        let data = [].into();
        self.act(Act::Input(Input::Compact { index, data }))
    }

    /// What can happen to a message: without reordering only to the first of its link; to equal ones once.
    fn offer_message(&mut self, state: &State, place: usize, found: &mut Vec<Successor>) {
        let message = state.messages[place];
        if let Some(before) = place.checked_sub(1).map(|p| state.messages[p])
            && (before == message
                || !self.bounds.reorder && self.links[before as usize] == self.links[message as usize])
        {
            return;
        }
        let mut without = *state;
        without.remove_message(place);
        let to = self.links[message as usize] as usize & 7;
        self.offer(&without, Kind::Deliver, to, message, found);
        self.offer(&without, Kind::Drop, to, message, found);
        self.offer(state, Kind::Duplicate, to, message, found);
    }

    /// Takes this step, if its budget and the bounds allow it.
    fn offer(&mut self, state: &State, kind: Kind, place: usize, act: u32, found: &mut Vec<Successor>) {
        let mut next = *state;
        let left = &mut next.left[kind as usize];
        if *left == 0 {
            return;
        }
        if *left != ANY {
            *left -= 1;
        }
        let mut broken = None;
        let mut room = true;
        match kind {
            Kind::Drop => {}
            Kind::Duplicate => room = self.send(&mut next, act),
            _ => {
                let step = self.step(state.servers[place], act);
                next.servers[place] = step.server;
                let mut sent = step.sent.0..step.sent.1;
                room = self.briefs[step.server as usize].term <= self.bounds.max_term
                    && sent.all(|message| self.send(&mut next, self.sent[message as usize]));
                if room {
                    broken = self.judge(&mut next, place, step);
                }
            }
        }
        let messages = next.message_count() + self.held(&next);
        if !room || messages > self.bounds.messages as usize {
            return;
        }
        let place = place as u8;
        found.push(Successor {
            action: Action { kind, place, act },
            state: next,
            broken,
        });
    }

    /// How many messages wait for a disk.
    fn held(&self, state: &State) -> usize {
        let servers = &state.servers[..self.bounds.servers as usize];
        servers
            .iter()
            .map(|server| self.briefs[*server as usize].held)
            .sum()
    }

    /// Puts a message under way, if there is room for it.
    fn send(&self, state: &mut State, message: u32) -> bool {
        let count = state.message_count();
        if count == MAX_MESSAGES {
            return false;
        }
        state.messages[count] = message;
        self.settle(&mut state.messages, count);
        true
    }

    /// Puts the message at `place` where it belongs among those before it: with reordering among its like, otherwise last of its link.
    fn settle(&self, messages: &mut [u32; MAX_MESSAGES], place: usize) {
        let key = |message: u32| {
            let link = u64::from(self.links[message as usize]) << 32;
            if self.bounds.reorder {
                link | u64::from(message)
            } else {
                link
            }
        };
        let mut place = place;
        while place > 0 && key(messages[place - 1]) > key(messages[place]) {
            messages.swap(place - 1, place);
            place -= 1;
        }
    }

    /// Of all states that differ from this one only in the servers' names the smallest.
    pub(super) fn canonical(&self, state: &State) -> State {
        let mut smallest = state.servers;
        let mut same = 1_u128; // the renamings that give these very servers
        for number in 1..self.renamings.len() {
            let servers = self.renamed_servers(state, number);
            if servers < smallest {
                smallest = servers;
                same = 0;
            }
            if servers == smallest {
                same |= 1 << number;
            }
        }
        let mut best: Option<State> = None;
        while same != 0 {
            let number = same.trailing_zeros() as usize;
            same &= same - 1;
            let renamed = self.renamed(state, smallest, number);
            best = Some(best.map_or(renamed, |best| best.min(renamed)));
        }
        best.expect("at least one renaming gives the smallest")
    }

    fn renamed_servers(&self, state: &State, number: usize) -> [u32; MAX_SERVERS] {
        let renaming = self.renamings.get(number);
        let mut servers = [NONE; _];
        for (place, server) in state
            .servers
            .iter()
            .enumerate()
            .take(self.bounds.servers as usize)
        {
            servers[usize::from(renaming[place])] = self.servers.image(*server, number);
        }
        servers
    }

    /// The state with other names, its servers being known already.
    fn renamed(&self, state: &State, servers: [u32; MAX_SERVERS], number: usize) -> State {
        if number == 0 {
            return *state;
        }
        let renaming = self.renamings.get(number);
        let mut renamed = State {
            servers,
            leaders: 0,
            messages: [NONE; _],
            committed: self.committed.image(state.committed, number),
            ..*state
        };
        for (place, message) in state.messages.iter().take_while(|m| **m != NONE).enumerate() {
            renamed.messages[place] = self.acts.image(*message, number);
            self.settle(&mut renamed.messages, place);
        }
        for term in 1..=self.bounds.max_term {
            if let Some(place) = state.leader_of(term) {
                renamed.set_leader(term, renaming[place] as usize);
            }
        }
        renamed
    }

    /// What becomes of this server when that happens to it.
    fn step(&mut self, server: u32, act: u32) -> Step {
        if let Some(number) = self.taken.find(&(server, act)) {
            return self.steps[number as usize];
        }
        let known = self.servers.len();
        let step = self.take(server, act);
        if step.server >= known || cfg!(debug_assertions) {
            // The images of where it leads are where its images lead.
            let mut images = Vec::with_capacity(self.renamings.len());
            for r in 0..self.renamings.len() {
                images.push(
                    self.take(self.servers.image(server, r), self.acts.image(act, r))
                        .server,
                );
            }
            self.servers.set_images(&images, &self.renamings);
        }
        step
    }

    /// Asks the core, unless it was asked before.
    fn take(&mut self, server: u32, act: u32) -> Step {
        if let Some(number) = self.taken.find(&(server, act)) {
            return self.steps[number as usize];
        }
        let Done {
            server: next,
            sent,
            broken,
        } = self
            .servers
            .get(server)
            .after(self.acts.get(act), self.bounds.instant_disk);
        let (old, new) = (&self.servers.get(server).raft, &next.raft);
        let leads = |raft: &Raft| raft.role() == Role::Leader;
        let mut step = Step {
            server: NONE,
            sent: (self.sent.len() as u32, 0),
            became_leader: leads(new) && (!leads(old) || old.current_term() != new.current_term()),
            log_changed: old.log() != new.log(),
            committed: new.commit_index() > old.commit_index(),
            broken,
        };
        for message in sent {
            let message = self.act(Act::Input(Input::Message(message)));
            self.sent.push(message);
        }
        step.sent.1 = self.sent.len() as u32;
        step.server = self.intern_server(next);
        self.taken.intern((server, act));
        self.steps.push(step);
        step
    }

    fn intern_server(&mut self, server: Server) -> u32 {
        let brief = Brief {
            leads: server.raft.role() == Role::Leader,
            writes: server.writes(),
            held: server.held(),
            term: server.raft.current_term().0,
            compacts: server.raft.commit_index() > server.raft.log().base().0,
        };
        let (number, new) = self.servers.intern(server);
        if new {
            self.briefs.push(brief);
        }
        number
    }

    fn act(&mut self, act: Act) -> u32 {
        let number = self.acts.add(act, &self.renamings);
        for new in self.links.len() as u32..self.acts.len() {
            self.links.push(match self.acts.get(new) {
                Act::Input(Input::Message(message)) => ((message.from.0 - 1) << 3 | (message.to.0 - 1)) as u8,
                _ => 0,
            });
        }
        number
    }
}

/// Every change of one server, and every other set of voters.
fn changes(bounds: &Bounds) -> Vec<Change> {
    let one = [Change::AddVoter, Change::AddLearner, Change::Remove];
    let one = bounds.ids().flat_map(|id| one.map(|change| change(id)));
    let sets = 1..1_u32 << bounds.servers;
    let set = |set| bounds.ids().filter(move |id| set >> (id.0 - 1) & 1 == 1);
    one.chain(sets.map(|n| Change::Voters(set(n).collect())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Order, Search};
    use std::collections::BTreeSet;

    /// The states found up to renaming, renamed in all ways, are as many as are found when names are told apart.
    #[test]
    fn each_state_stands_for_all_its_renamings() {
        let bounds = Bounds {
            max_term: 1,
            messages: 2,
            ..Bounds::rough()
        };
        let apart = Bounds {
            symmetry: false,
            ..bounds.clone()
        };
        let mut apart = Search::new(apart, Order::Deep);
        apart.finish();

        let mut search = Search::new(bounds, Order::Level);
        search.finish();
        let model = &search.model;
        let images = search.states.iter().map(|state| {
            let renamings = 0..model.renamings.len();
            let renamed = |r| model.renamed(state, model.renamed_servers(state, r), r);
            let images: BTreeSet<_> = renamings.map(renamed).collect();
            assert!(images.iter().all(|image| model.canonical(image) == *state));
            images.len() as u64
        });
        assert_eq!(images.sum::<u64>(), apart.counts().states);
    }
}
