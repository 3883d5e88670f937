//! Reads that a server was asked for and has not answered yet.

use raft_core::{Index, ReadId};
use raft_trace::{ClientId, OpId, Word};

/// Who waits for what. A client waits for one thing at a time, so that there is at most one of each client here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    waiting: Vec<Read>,
    /// How many there were, over all restarts: an answer to one from before a crash shall fit none after it.
    asked: u64,
}

#[derive(Clone, Debug)]
struct Read {
    id: ReadId,
    client: ClientId,
    op: OpId,
    key: Word,
    /// How far the log must be applied for the answer, once that is known.
    needs: Option<Index>,
}

impl Reads {
    /// A client asks for this. What it asked for before it no longer waits for.
    pub(crate) fn ask(&mut self, (client, op): (ClientId, OpId), key: Word) -> ReadId {
        self.waiting.retain(|read| read.client != client);
        self.asked += 1;
        let id = ReadId(self.asked);
        self.waiting.push(Read {
            id,
            client,
            op,
            key,
            needs: None,
        });
        id
    }

    /// This one can be answered once the log is applied so far.
    pub(crate) fn ready(&mut self, id: ReadId, index: Index) {
        if let Some(read) = self.waiting.iter_mut().find(|read| read.id == id) {
            read.needs = Some(index);
        }
    }

    /// This one will not be answered. Returns who asked.
    pub(crate) fn refuse(&mut self, id: ReadId) -> Option<(ClientId, OpId)> {
        let read = self.take(|read| read.id == id)?;
        Some((read.client, read.op))
    }

    /// Takes out one that can be answered now that so much is applied: who asked, and for which key.
    pub(crate) fn next_due(&mut self, applied: Index) -> Option<((ClientId, OpId), Word)> {
        let read = self.take(|read| read.needs.is_some_and(|needs| needs <= applied))?;
        Some(((read.client, read.op), read.key))
    }

    /// Forgets all of them.
    pub(crate) fn crash(&mut self) {
        self.waiting.clear();
    }

    fn take(&mut self, which: impl Fn(&Read) -> bool) -> Option<Read> {
        let place = self.waiting.iter().position(which)?;
        Some(self.waiting.remove(place))
    }
}
