//! A server's disk: a queue of writes that become safe in groups, and the messages that must not leave before them.

use crate::dice::{Dice, Purpose};
use raft_core::{Durable, Duration, Log, Message, NodeId, Write, WriteId};
use raft_trace::{Seq, on_disk_all_the_same};
use std::collections::VecDeque;
use std::mem;

/// A disk that does one batch at a time. Whatever waits when it becomes idle goes together in the next batch (group commit).
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    /// What is safe.
    durable: Durable,
    /// What it says it holds, if it lied.
    claimed: Option<Durable>,
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
    /// Whether a stall has come over the batch under way, or will over the next; and by how much it makes the next one longer.
    stalled: bool,
    stall: Duration,
    /// How often the power went while something was not synced.
    torn: u32,
}

impl Disk {
    /// What survives a loss of power.
    pub(crate) fn durable(&self) -> &Durable {
        &self.durable
    }

    /// What survives the process: what is safe, and what is in the page cache.
    pub(crate) fn written(&self) -> Durable {
        let mut written = self.claimed.as_ref().unwrap_or(&self.durable).clone();
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

    /// Messages that are kept back until something is safe, oldest first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Message> {
        self.waiting.iter().map(|(_, message)| message)
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

    /// What it says it holds, if it lied.
    pub(crate) fn claimed(&self) -> Option<&Durable> {
        self.claimed.as_ref()
    }

    /// If the disk is idle and writes wait: begins the next batch. Returns the batch's number, from 0, by how much a stall makes it longer, and
    /// the event that recorded its last write.
    pub(crate) fn begin_batch(&mut self) -> Option<(u32, Duration, Seq)> {
        let (last, seq) = self.pending.back()?;
        if self.syncing.is_some() {
            return None;
        }
        self.syncing = Some(last.id);
        let batch = self.batches;
        self.batches += 1;
        Some((batch, mem::take(&mut self.stall), *seq))
    }

    /// The batch under way takes longer, or the next one if there is none. Returns whether there is one.
    pub(crate) fn stall(&mut self, by: Duration) -> bool {
        self.stalled = true;
        if self.syncing.is_none() {
            self.stall.0 += by.0;
        }
        self.syncing.is_some()
    }

    pub(crate) fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// The batch under way is done: its writes are safe, or `lies` and they are only said to be. What was only said before is true with
    /// the next batch that is safe. Returns the last of its writes.
    pub(crate) fn finish_batch(&mut self, lies: bool) -> Option<WriteId> {
        let through = self.syncing.take()?;
        self.stalled = false;
        let held = match (lies, self.claimed.take()) {
            (true, claimed) => self
                .claimed
                .insert(claimed.unwrap_or_else(|| self.durable.clone())),
            (false, Some(claimed)) => {
                self.durable = claimed;
                &mut self.durable
            }
            (false, None) => &mut self.durable,
        };
        while self.pending.front().is_some_and(|(write, _)| write.id <= through)
            && let Some((write, _)) = self.pending.pop_front()
        {
            held.apply(&write);
        }
        if !lies {
            self.synced = through;
        }
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
        self.stalled = false;
        self.stall = Duration(0);
    }

    /// After a crash: makes safe what the process that died had written. Returns the last of it, if there is any.
    pub(crate) fn recover(&mut self, lies: bool) -> Option<WriteId> {
        self.syncing = self.pending.back().map(|(last, _)| last.id);
        let through = self.finish_batch(lies);
        self.synced = WriteId(0); // the next process counts from 1 again
        through
    }

    /// After a crash: loses what is not safe, but for a beginning of it that is drawn, if the last write may be torn. Returns the last write
    /// that is there, and how many entries of the next are.
    pub(crate) fn power_off(&mut self, torn: Option<(Dice, NodeId)>) -> (WriteId, u32) {
        let pending: VecDeque<Write> = self.pending.drain(..).map(|(write, _)| write).collect();
        // A disk that lies has them in a memory of its own, and writes when it likes.
        let lied = self.claimed.take().is_some();
        let (through, entries) = match torn {
            Some((dice, id)) if !pending.is_empty() && !lied => self.tear(&pending, dice, id),
            _ => (self.synced, 0),
        };
        on_disk_all_the_same(&pending, through, entries).for_each(|write| self.durable.apply(&write));
        (through, entries)
    }

    /// How far the disk came, record by record: an entry is one, and so is a write without entries.
    fn tear(&mut self, pending: &VecDeque<Write>, dice: Dice, id: NodeId) -> (WriteId, u32) {
        let records = |write: &Write| write.append.as_ref().map_or(1, |a| a.entries.len().max(1)) as u64; // at most some thousands
        let all: u64 = pending.iter().map(records).sum();
        let mut written = dice.below(Purpose::Torn, id.0, self.torn, all + 1);
        self.torn += 1;
        let mut through = self.synced;
        for write in pending {
            let here = records(write);
            if written < here {
                break;
            }
            written -= here;
            through = write.id;
        }
        (through, written as u32) // fewer than the entries of one write
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use raft_core::{Body, HardState, Term};

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
        assert_eq!(disk.begin_batch(), Some((0, Duration(0), Seq(1))));
        disk.issue(write(2), Seq(2));
        disk.issue(write(3), Seq(3));
        assert_eq!(disk.begin_batch(), None, "busy");
        assert_eq!(disk.finish_batch(false), Some(WriteId(1)));
        assert_eq!(disk.durable().hard_state.term, Term(1));
        assert_eq!(disk.begin_batch(), Some((1, Duration(0), Seq(3))));
        assert_eq!(disk.finish_batch(false), Some(WriteId(3)));
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
        let safe = disk.finish_batch(false).unwrap();
        assert_eq!(disk.release(safe), Some(message(1)));
        assert_eq!(disk.release(safe), None);
        disk.begin_batch();
        let safe = disk.finish_batch(false).unwrap();
        assert_eq!(disk.release(safe), Some(message(2)));
    }

    #[test]
    fn a_loss_of_power_takes_exactly_what_is_not_synced() {
        let mut disk = Disk::default();
        disk.issue(write(1), Seq(1));
        disk.begin_batch();
        disk.finish_batch(false);
        disk.issue(write(2), Seq(2));
        disk.hold(message(2));
        disk.begin_batch();
        disk.crash();
        disk.power_off(None);
        assert_eq!(disk.durable().hard_state.term, Term(1));
        assert_eq!(disk.pending().count(), 0);
        assert_eq!(disk.finish_batch(false), None);
        assert_eq!(disk.release(WriteId(9)), None);
        assert_eq!(disk.recover(false), None);
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
        assert_eq!(disk.recover(false), Some(WriteId(2)));
        assert_eq!(disk.durable().hard_state.term, Term(2));
        assert_eq!(disk.release(WriteId(9)), None);
    }
}
