//! A server's disk: a queue of writes that become safe in groups, and the messages that must not leave before them.

use raft_core::{Durable, Log, Message, Write, WriteId};
use raft_trace::Seq;
use std::collections::VecDeque;

/// A disk that does one batch at a time. Whatever waits when it becomes idle goes together in the next batch (group commit).
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    /// What is safe.
    durable: Durable,
    /// The last write that is safe; 0 before the first of the process.
    synced: WriteId,
    /// In the page cache: issued but not safe yet, oldest first, each with the event that recorded it.
    pending: VecDeque<(Write, Seq)>,
    /// Messages that must wait until a write is safe, oldest first.
    waiting: VecDeque<(WriteId, Message)>,
    /// The last write of the batch under way.
    syncing: Option<WriteId>,
    /// How many batches were begun, over all restarts.
    batches: u32,
}

impl Disk {
    /// What survives a loss of power.
    pub(crate) fn durable(&self) -> &Durable {
        &self.durable
    }

    /// What survives the process: what is safe, and what is in the page cache.
    pub(crate) fn written(&self) -> Durable {
        let mut written = self.durable.clone();
        self.pending().for_each(|write| written.apply(write));
        written
    }

    /// Keeps in one place what its log and another have in common.
    pub(crate) fn share_log(&mut self, other: &Log) {
        self.durable.log.share_with(other);
    }

    /// What is issued but not safe, oldest first.
    pub(crate) fn pending(&self) -> impl Iterator<Item = &Write> {
        self.pending.iter().map(|(write, _)| write)
    }

    /// Takes a write. `seq` is the event that records it.
    pub(crate) fn issue(&mut self, write: Write, seq: Seq) {
        self.pending.push_back((write, seq));
    }

    /// Keeps a message back until everything issued so far is safe. Gives it back if all is safe already.
    pub(crate) fn hold(&mut self, message: Message) -> Option<Message> {
        match self.pending.back() {
            Some((last, _)) => {
                self.waiting.push_back((last.id, message));
                None
            }
            None => Some(message),
        }
    }

    /// If the disk is idle and writes wait: begins the next batch. Returns the batch's number, from 0, and the event that
    /// recorded its last write.
    pub(crate) fn begin_batch(&mut self) -> Option<(u32, Seq)> {
        let (last, seq) = self.pending.back()?;
        if self.syncing.is_some() {
            return None;
        }
        self.syncing = Some(last.id);
        let batch = self.batches;
        self.batches += 1;
        Some((batch, *seq))
    }

    /// The batch under way is done: its writes are safe. Returns the last of them.
    pub(crate) fn finish_batch(&mut self) -> Option<WriteId> {
        let through = self.syncing.take()?;
        while self.pending.front().is_some_and(|(write, _)| write.id <= through)
            && let Some((write, _)) = self.pending.pop_front()
        {
            self.durable.apply(&write);
        }
        self.synced = through;
        Some(through)
    }

    /// The next message that waited for nothing but what is safe by now.
    pub(crate) fn release(&mut self, safe: WriteId) -> Option<Message> {
        self.waiting.front().filter(|(needs, _)| *needs <= safe)?;
        self.waiting.pop_front().map(|(_, message)| message)
    }

    /// The process is gone, and with it every message that waited.
    pub(crate) fn crash(&mut self) {
        self.waiting.clear();
        self.syncing = None;
    }

    /// After a crash: makes safe what the process that died had written. Returns the last of it, if there is any.
    pub(crate) fn recover(&mut self) -> Option<WriteId> {
        self.syncing = self.pending.back().map(|(last, _)| last.id);
        let through = self.finish_batch();
        self.synced = WriteId(0); // the next process counts from 1 again
        through
    }

    /// After a crash: loses what is not safe. Returns the last write that is.
    pub(crate) fn power_off(&mut self) -> WriteId {
        self.pending.clear();
        self.synced
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use raft_core::{Body, HardState, NodeId, Term};

    fn write(n: u64) -> Write {
        let hard_state = Some(HardState {
            term: Term(n),
            voted_for: None,
        });
        Write {
            id: WriteId(n),
            hard_state,
            snapshot: None,
            append: None,
        }
    }

    fn message(n: u64) -> Message {
        let body = Body::RequestVoteReply { granted: true };
        Message {
            from: NodeId(1),
            to: NodeId(2),
            term: Term(n),
            body,
        }
    }

    #[test]
    fn what_waits_while_a_batch_runs_goes_together_in_the_next() {
        let mut disk = Disk::default();
        disk.issue(write(1), Seq(1));
        assert_eq!(disk.begin_batch(), Some((0, Seq(1))));
        disk.issue(write(2), Seq(2));
        disk.issue(write(3), Seq(3));
        assert_eq!(disk.begin_batch(), None, "busy");
        assert_eq!(disk.finish_batch(), Some(WriteId(1)));
        assert_eq!(disk.durable().hard_state.term, Term(1));
        assert_eq!(disk.begin_batch(), Some((1, Seq(3))));
        assert_eq!(disk.finish_batch(), Some(WriteId(3)));
        assert_eq!(disk.durable().hard_state.term, Term(3));
        assert_eq!(disk.begin_batch(), None, "nothing to do");
    }

    #[test]
    fn a_message_waits_for_every_write_issued_before_it_and_for_no_other() {
        let mut disk = Disk::default();
        assert_eq!(disk.hold(message(0)), Some(message(0)), "nothing to wait for");
        disk.issue(write(1), Seq(1));
        disk.begin_batch();
        assert_eq!(disk.hold(message(1)), None);
        disk.issue(write(2), Seq(2));
        assert_eq!(disk.hold(message(2)), None);
        let safe = disk.finish_batch().unwrap();
        assert_eq!(disk.release(safe), Some(message(1)));
        assert_eq!(disk.release(safe), None);
        disk.begin_batch();
        let safe = disk.finish_batch().unwrap();
        assert_eq!(disk.release(safe), Some(message(2)));
    }

    #[test]
    fn a_loss_of_power_takes_exactly_what_is_not_synced() {
        let mut disk = Disk::default();
        disk.issue(write(1), Seq(1));
        disk.begin_batch();
        disk.finish_batch();
        disk.issue(write(2), Seq(2));
        disk.hold(message(2));
        disk.begin_batch();
        disk.crash();
        disk.power_off();
        assert_eq!(disk.durable().hard_state.term, Term(1));
        assert_eq!(disk.pending().count(), 0);
        assert_eq!(disk.finish_batch(), None);
        assert_eq!(disk.release(WriteId(9)), None);
        assert_eq!(disk.recover(), None);
    }

    #[test]
    fn a_crash_of_the_process_takes_no_write_but_every_promise() {
        let mut disk = Disk::default();
        disk.issue(write(1), Seq(1));
        disk.begin_batch();
        disk.issue(write(2), Seq(2));
        disk.hold(message(2));
        disk.crash();
        assert_eq!(
            (disk.durable().hard_state.term, disk.written().hard_state.term),
            (Term(0), Term(2))
        );
        assert_eq!(disk.recover(), Some(WriteId(2)));
        assert_eq!(disk.durable().hard_state.term, Term(2));
        assert_eq!(disk.release(WriteId(9)), None);
    }
}
