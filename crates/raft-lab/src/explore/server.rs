//! One server with its disk, as the search sees it: the real core, and what a crash leaves of it.

use super::{Act, Broken};
use raft_core::{
    Body, Config, Durable, Input, Instant, Message, NodeId, Output, Raft, Role, Term, Write, WriteId,
};
use raft_trace::Property;
use std::collections::VecDeque;

/// Nothing here depends on the time: timers run out when the search says so.
const NOW: Instant = Instant(0);

/// Everything that one server is and has, its name included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Server {
    pub(super) raft: Raft,
    durable: Durable,
    /// Writes a crash takes away.
    unsynced: VecDeque<Write>,
    /// Messages that wait for a write: a crash takes them away too.
    held: Vec<(WriteId, Message)>,
    /// The last vote that somebody else knows of, or that this server counted for itself. It outlives a crash, for the search only:
    /// so a second vote of a term is known as such. While all is well the disk knows it too.
    told: Option<(Term, NodeId)>,
}

/// What came of an act.
pub(super) struct Done {
    pub(super) server: Server,
    pub(super) sent: Vec<Message>,
    pub(super) broken: Option<Broken>,
}

impl Server {
    /// A server that boots for the first time.
    pub(super) fn new(id: NodeId, config: Config) -> Server {
        let durable = Durable::default();
        Server {
            raft: Raft::start(id, config, durable.clone(), NOW, &mut Vec::new()),
            durable,
            unsynced: VecDeque::new(),
            held: Vec::new(),
            told: None,
        }
    }

    /// Whether its disk has something to do.
    pub(super) fn writes(&self) -> bool {
        !self.unsynced.is_empty()
    }

    /// How many messages wait for its disk.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// What this server becomes when that happens to it. With an instant disk nothing is ever left unsynced.
    pub(super) fn after(&self, act: &Act, instant_disk: bool) -> Done {
        let mut done = Done {
            server: self.clone(),
            sent: Vec::new(),
            broken: None,
        };
        match act {
            Act::Input(input) => done.step(input.clone()),
            Act::Sync => done.sync(),
            Act::Crash => done.crash(),
        }
        while instant_disk && done.server.writes() {
            done.sync();
        }
        done.server.renumber_writes();
        done.broken = done.broken.or_else(|| done.server.fault_since(self));
        done
    }

    /// Forgets how much was ever written, which makes no difference.
    fn renumber_writes(&mut self) {
        let WriteId(safe) = self.raft.renumber_writes();
        let under_way = self.unsynced.iter_mut().map(|write| &mut write.id);
        let waited_for = self.held.iter_mut().map(|(id, _)| id);
        under_way.chain(waited_for).for_each(|id| id.0 -= safe);
    }

    /// What this step broke that no other server need be asked about: a leader only appends (Figure 3).
    fn fault_since(&self, before: &Server) -> Option<Broken> {
        let (old, new) = (&before.raft, &self.raft);
        let leads_on = old.role() == Role::Leader
            && new.role() == Role::Leader
            && old.current_term() == new.current_term();
        let first = new.log().base().0.next(); // the base is committed
        let kept = new.log().last_index() >= old.log().last_index()
            && old
                .log()
                .iter_from(first)
                .zip(new.log().iter_from(first))
                .all(|(a, b)| a == b);
        (leads_on && !kept).then_some(Broken::Property(Property::LeaderAppendOnly))
    }
}

impl Done {
    fn step(&mut self, input: Input) {
        let mut outputs = Vec::new();
        self.server.raft.step(NOW, input, &mut outputs);
        for output in outputs {
            match output {
                Output::Send(message) => self.send(message),
                Output::SendWhenDurable(message) => match self.server.unsynced.back() {
                    Some(last) => self.server.held.push((last.id, message)),
                    None => self.send(message),
                },
                Output::Write(write) => self.server.unsynced.push_back(write),
                _ => {} // timers, commits, answers to clients, notes
            }
        }
        let raft = &self.server.raft;
        let stands = matches!(raft.role(), Role::Candidate | Role::Leader);
        if stands && raft.votes().contains(&raft.id()) {
            self.vote_told(raft.current_term(), raft.id());
        }
    }

    /// The oldest write becomes safe, and what waited for it is sent.
    fn sync(&mut self) {
        let Some(write) = self.server.unsynced.pop_front() else {
            return;
        };
        self.server.durable.apply(&write);
        let waiting = std::mem::take(&mut self.server.held);
        let (free, held) = waiting.into_iter().partition(|(after, _)| *after <= write.id);
        self.server.held = held;
        let free: Vec<(WriteId, Message)> = free;
        free.into_iter().for_each(|(_, message)| self.send(message));
        self.step(Input::Synced(write.id));
    }

    /// The power goes and comes back. For how long it was gone makes no difference: messages may be late or lost anyway.
    fn crash(&mut self) {
        let Server {
            raft, durable, told, ..
        } = &self.server;
        let config = raft.config().clone();
        self.server = Server {
            raft: Raft::start(raft.id(), config, durable.clone(), NOW, &mut Vec::new()),
            durable: durable.clone(),
            unsynced: VecDeque::new(),
            held: Vec::new(),
            told: *told,
        };
    }

    fn send(&mut self, message: Message) {
        if message.body == (Body::RequestVoteReply { granted: true }) {
            self.vote_told(message.term, message.to);
        }
        self.sent.push(message);
    }

    /// One vote a term (§5.2), whatever a crash made it forget.
    fn vote_told(&mut self, term: Term, candidate: NodeId) {
        match self.server.told {
            Some((told, other)) if told == term && other != candidate => self.broken = Some(Broken::OneVote),
            Some((told, _)) if told > term => {}
            _ => self.server.told = Some((term, candidate)),
        }
    }
}
