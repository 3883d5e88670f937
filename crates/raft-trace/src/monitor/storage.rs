//! What of a server is on its disk, and what is left of it when it stops.

use super::{Durable, Server};
use crate::chain::{Chain, Link};
use crate::on_disk_all_the_same;
use raft_core::{Index, Role, Write, WriteId};
use std::collections::VecDeque;
use std::mem;

impl Server {
    /// The process is gone: it is what it would start from.
    pub(super) fn crash(&mut self, committed: impl Fn(Index) -> Option<Link>) {
        self.role = Role::Follower;
        let mut written = self.claimed.as_ref().unwrap_or(&self.durable).clone();
        for write in &self.pending {
            written.apply(write, &self.log, &committed);
        }
        let Durable { hard_state, log } = written;
        (self.term, self.voted_for) = (hard_state.term, hard_state.voted_for);
        self.log = log;
    }

    pub(super) fn power_off(
        &mut self,
        through: WriteId,
        entries: u32,
        committed: impl Fn(Index) -> Option<Link>,
    ) {
        let pending = mem::take(&mut self.pending);
        self.claimed = None;
        for write in on_disk_all_the_same(&pending, through, entries) {
            self.durable.apply(&write, &self.log, &committed);
        }
        self.crash(committed);
    }

    pub(super) fn sync(&mut self, through: WriteId, committed: impl Fn(Index) -> Option<Link>) {
        if let Some(claimed) = self.claimed.take() {
            self.durable = claimed;
        }
        Server::carry_out(
            &mut self.durable,
            &mut self.pending,
            through,
            &self.log,
            committed,
        );
    }

    /// A disk that lies says that it synced.
    pub(super) fn claim(&mut self, through: WriteId, committed: impl Fn(Index) -> Option<Link>) {
        let claimed = self.claimed.get_or_insert_with(|| self.durable.clone());
        Server::carry_out(claimed, &mut self.pending, through, &self.log, committed);
    }

    fn carry_out(
        held: &mut Durable,
        pending: &mut VecDeque<Write>,
        through: WriteId,
        memory: &Chain,
        committed: impl Fn(Index) -> Option<Link>,
    ) {
        while pending.front().is_some_and(|w| w.id <= through)
            && let Some(write) = pending.pop_front()
        {
            held.apply(&write, memory, &committed);
        }
    }
}

impl Durable {
    /// Does what [`raft_core::Durable::apply`] does. What a snapshot covers is as in memory, or else as what is committed.
    fn apply(&mut self, write: &Write, memory: &Chain, committed: impl Fn(Index) -> Option<Link>) {
        if let Some(hard_state) = write.hard_state {
            self.hard_state = hard_state;
        }
        if let Some(snapshot) = &write.snapshot {
            let (index, term) = (snapshot.last_index, snapshot.last_term);
            let same = memory.has(index, term);
            let known = |i| if same { memory.get(i) } else { committed(i) };
            self.log.compact(index, term, known);
        }
        if let Some(append) = &write.append {
            self.log.replace_from(append);
        }
    }
}
