//! The same world once more, as simply as can be and as a model of the `stateright` crate: a state is all there is, written out.

use raft_core::{
    Body, Command, Config, Durable, Entry, Index, Input, Instant, Message, NodeId, Output, ProposalId, Raft,
    Role, Term, Timer, Write, WriteId,
};
use raft_lab::explore::{ANY, Bounds};
use stateright::{Model, Property};
use std::collections::BTreeMap;

pub(crate) struct World {
    bounds: Bounds,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    servers: Vec<Server>,
    /// Those of a link in the order sent; with reordering all in the order of their text.
    messages: Vec<Message>,
    leaders: BTreeMap<Term, NodeId>,
    two_leaders: bool,
    committed: Vec<(Entry, Term)>,
    differently_committed: bool,
    left: BTreeMap<&'static str, u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Server {
    raft: Raft,
    durable: Durable,
    unsynced: Vec<Write>,
    held: Vec<(WriteId, Message)>,
    told: Option<(Term, NodeId)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Timeout(usize),
    Heartbeat(usize),
    Propose(usize),
    Sync(usize),
    Crash(usize),
    Deliver(Message),
    Drop(Message),
    Duplicate(Message),
}

impl World {
    pub(crate) fn new(bounds: Bounds) -> World {
        World { bounds }
    }

    fn may(&self, action: &Action, state: &State) -> bool {
        let server = |i: &usize| &state.servers[*i].raft;
        match action {
            Action::Timeout(i) => {
                server(i).role() != Role::Leader && server(i).current_term().0 < self.bounds.max_term
            }
            Action::Heartbeat(i) | Action::Propose(i) => server(i).role() == Role::Leader,
            Action::Sync(i) => !state.servers[*i].unsynced.is_empty(),
            Action::Crash(_) => true,
            Action::Deliver(m) | Action::Drop(m) | Action::Duplicate(m) => {
                let first = |other: &&Message| (other.from, other.to) == (m.from, m.to);
                self.bounds.reorder || state.messages.iter().find(first) == Some(m)
            }
        }
    }

    fn within(&self, state: &State) -> bool {
        let held: usize = state.servers.iter().map(|s| s.held.len()).sum();
        state.messages.len() + held <= self.bounds.messages as usize
            && state
                .servers
                .iter()
                .all(|s| s.raft.current_term().0 <= self.bounds.max_term)
    }

    /// Gives one server an input and does what it says.
    fn input(&self, state: &mut State, i: usize, input: Input) {
        let server = &mut state.servers[i];
        let mut out = Vec::new();
        server.raft.step(Instant(0), input, &mut out);
        for output in out {
            match output {
                Output::Write(write) => server.unsynced.push(write),
                Output::Send(message) => send(server, &mut state.messages, message),
                Output::SendWhenDurable(message) => match server.unsynced.last() {
                    Some(write) => server.held.push((write.id, message)),
                    None => send(server, &mut state.messages, message),
                },
                _ => {}
            }
        }
        let (id, term) = (server.raft.id(), server.raft.current_term());
        if server.raft.votes().contains(&id) && server.told.is_none_or(|(told, _)| told < term) {
            server.told = Some((term, id));
        }
    }

    fn sync(&self, state: &mut State, i: usize) {
        let server = &mut state.servers[i];
        let write = server.unsynced.remove(0);
        server.durable.apply(&write);
        for (id, message) in std::mem::take(&mut server.held) {
            if id <= write.id {
                send(server, &mut state.messages, message);
            } else {
                server.held.push((id, message));
            }
        }
        self.input(state, i, Input::Synced(write.id));
    }

    fn crash(state: &mut State, i: usize) {
        let server = &mut state.servers[i];
        let config = server.raft.config().clone();
        server.unsynced.clear();
        server.held.clear();
        let durable = server.durable.clone();
        server.raft = Raft::start(server.raft.id(), config, durable, Instant(0), &mut Vec::new());
    }

    /// After something happened to this server.
    fn settle(&self, before: &State, state: &mut State, i: usize) {
        while self.bounds.instant_disk && !state.servers[i].unsynced.is_empty() {
            self.sync(state, i);
        }
        let server = &mut state.servers[i];
        let WriteId(safe) = server.raft.renumber_writes();
        server.unsynced.iter_mut().for_each(|w| w.id.0 -= safe);
        server.held.iter_mut().for_each(|(id, _)| id.0 -= safe);

        let (raft, old) = (&state.servers[i].raft, &before.servers[i].raft);
        let (term, through) = (raft.current_term(), raft.commit_index());
        if raft.role() == Role::Leader {
            let leader = *state.leaders.entry(term).or_insert(raft.id());
            state.two_leaders |= leader != raft.id();
        }
        if through > old.commit_index() {
            for n in 1..=through.0 {
                let entry = raft.log().get(Index(n)).expect("committed entries");
                match state.committed.get_mut(n as usize - 1) {
                    Some((committed, by)) => {
                        state.differently_committed |= committed != entry;
                        *by = term.min(*by);
                    }
                    None => state.committed.push((entry.clone(), term)),
                }
            }
        }
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let ids: Vec<NodeId> = (1..=self.bounds.servers).map(NodeId).collect();
        let server = |id: &NodeId| Server {
            raft: Raft::start(
                *id,
                Config::paper(ids.clone()),
                Durable::default(),
                Instant(0),
                &mut Vec::new(),
            ),
            durable: Durable::default(),
            unsynced: Vec::new(),
            held: Vec::new(),
            told: None,
        };
        let b = &self.bounds;
        let left = [
            ("heartbeat", b.heartbeats),
            ("propose", b.entries),
            ("crash", b.crashes),
            ("drop", b.drops),
            ("duplicate", b.duplicates),
        ];
        vec![State {
            servers: ids.iter().map(server).collect(),
            messages: Vec::new(),
            leaders: BTreeMap::new(),
            two_leaders: false,
            committed: Vec::new(),
            differently_committed: false,
            left: left.into(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for i in 0..state.servers.len() {
            let make = [
                Action::Timeout,
                Action::Heartbeat,
                Action::Propose,
                Action::Sync,
                Action::Crash,
            ];
            actions.extend(make.map(|make| make(i)));
        }
        for message in &state.messages {
            let make = [Action::Deliver, Action::Drop, Action::Duplicate];
            actions.extend(make.map(|make| make(message.clone())));
        }
        actions.retain(|action| self.may(action, state));
    }

    fn next_state(&self, before: &State, action: Action) -> Option<State> {
        let mut state = before.clone();
        let budget = match action {
            Action::Heartbeat(_) => "heartbeat",
            Action::Propose(_) => "propose",
            Action::Crash(_) => "crash",
            Action::Drop(_) => "drop",
            Action::Duplicate(_) => "duplicate",
            Action::Timeout(_) | Action::Sync(_) | Action::Deliver(_) => "",
        };
        if let Some(left) = state.left.get_mut(budget)
            && *left != ANY
        {
            *left = left.checked_sub(1)?;
        }
        match action {
            Action::Timeout(i) => {
                self.input(&mut state, i, Input::TimerFired(Timer::Election));
                self.settle(before, &mut state, i);
            }
            Action::Heartbeat(i) => {
                self.input(&mut state, i, Input::TimerFired(Timer::Heartbeat));
                self.settle(before, &mut state, i);
            }
            Action::Propose(i) => {
                let n = self.bounds.entries - state.left["propose"];
                let command = Command::new(&[b'0' + n]);
                let id = ProposalId(n.into());
                self.input(&mut state, i, Input::Propose { id, command });
                self.settle(before, &mut state, i);
            }
            Action::Sync(i) => {
                self.sync(&mut state, i);
                self.settle(before, &mut state, i);
            }
            Action::Crash(i) => {
                World::crash(&mut state, i);
                self.settle(before, &mut state, i);
            }
            Action::Deliver(message) => {
                take(&mut state.messages, &message);
                let i = message.to.0 as usize - 1;
                self.input(&mut state, i, Input::Message(message));
                self.settle(before, &mut state, i);
            }
            Action::Drop(message) => take(&mut state.messages, &message),
            Action::Duplicate(message) => state.messages.push(message),
        }
        if self.bounds.reorder {
            state.messages.sort_by_cached_key(|m| format!("{m:?}"));
        } else {
            state.messages.sort_by_key(|m| (m.from, m.to));
        }
        self.within(&state).then_some(state)
    }

    fn properties(&self) -> Vec<Property<World>> {
        vec![
            Property::always("one leader a term", |_, state: &State| !state.two_leaders),
            Property::always("one history", |_, state: &State| !state.differently_committed),
            Property::sometimes("an entry is committed", |_, state: &State| {
                !state.committed.is_empty()
            }),
        ]
    }
}

fn send(server: &mut Server, messages: &mut Vec<Message>, message: Message) {
    if message.body == (Body::RequestVoteReply { granted: true }) {
        server.told = Some((message.term, message.to));
    }
    messages.push(message);
}

fn take(messages: &mut Vec<Message>, message: &Message) {
    let place = messages.iter().position(|m| m == message).expect("under way");
    messages.remove(place);
}
