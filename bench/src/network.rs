//! Servers and the links between them.

use crate::{Command, Durable, Server, View};
use std::collections::{BTreeSet, VecDeque};

/// Messages on their way, each with whom it is for.
pub struct Outbox<M> {
    /// Whose turn it is to send.
    from: u64,
    queue: VecDeque<(u64, M)>,
    /// Links that carry nothing, from one server to another.
    lost: BTreeSet<(u64, u64)>,
}

impl<M> Outbox<M> {
    pub fn send(&mut self, to: u64, message: M) {
        if self.lost.is_empty() || !self.lost.contains(&(self.from, to)) {
            self.queue.push_back((to, message));
        }
    }
}

/// A cluster of one implementation. Messages arrive in the order in which they were sent, and take no time.
pub struct Cluster<S: Server> {
    pub servers: Vec<S>,
    out: Outbox<S::Message>,
}

impl<S: Server> Cluster<S> {
    #[must_use]
    pub fn new(servers: u64) -> Cluster<S> {
        Cluster::from_disks(&vec![Durable::default(); servers as usize])
    }

    /// One server for each of the disks.
    #[must_use]
    pub fn from_disks(disks: &[Durable]) -> Cluster<S> {
        let servers = disks.len() as u64;
        Cluster {
            servers: (1..)
                .zip(disks)
                .map(|(id, disk)| S::start(id, servers, disk))
                .collect(),
            out: Outbox {
                from: 0,
                queue: VecDeque::new(),
                lost: BTreeSet::new(),
            },
        }
    }

    pub fn server(&mut self, id: u64) -> &mut S {
        &mut self.servers[id as usize - 1]
    }

    /// From now on the link carries nothing.
    pub fn lose(&mut self, from: u64, to: u64) {
        self.out.lost.insert((from, to));
    }

    pub fn restore(&mut self, from: u64, to: u64) {
        self.out.lost.remove(&(from, to));
    }

    /// Whether the link carries anything.
    #[must_use]
    pub fn carries(&self, from: u64, to: u64) -> bool {
        !self.out.lost.contains(&(from, to))
    }

    /// Lets a server do something, and puts what it sends on its way.
    pub fn with(&mut self, id: u64, act: impl FnOnce(&mut S, &mut Outbox<S::Message>)) {
        self.out.from = id;
        act(&mut self.servers[id as usize - 1], &mut self.out);
    }

    /// Delivers what is on its way now, but not what is sent because of it.
    pub fn deliver_round(&mut self) {
        for _ in 0..self.out.queue.len() {
            self.deliver_one();
        }
    }

    /// Delivers until nothing is on its way.
    pub fn deliver(&mut self) {
        while self.deliver_one() {}
    }

    fn deliver_one(&mut self) -> bool {
        let Some((to, message)) = self.out.queue.pop_front() else {
            return false;
        };
        self.with(to, |server, out| server.receive(message, out));
        true
    }

    pub fn propose(&mut self, id: u64, commands: &[Command]) {
        self.with(id, |server, out| server.propose(commands, out));
    }

    /// Makes this server the leader of a cluster whose links all work, and lets everybody know what is committed.
    pub fn elect(&mut self, id: u64) {
        self.with(id, S::campaign);
        self.deliver();
        self.beat(id);
    }

    /// One round of heartbeats and their answers.
    pub fn beat(&mut self, id: u64) {
        self.with(id, S::beat);
        self.deliver();
    }

    #[must_use]
    pub fn views(&self) -> Vec<View> {
        self.servers.iter().map(S::view).collect()
    }
}
