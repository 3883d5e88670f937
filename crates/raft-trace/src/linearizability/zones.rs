//! Whether what clients saw of one key is linearizable, exactly and as it happens: zones (Gibbons and Korach, Testing Shared
//! Memories, 1997) over reads that name the write they saw.
//!
//! A write and the reads that saw it make a *cluster*. In any order that explains the history they stand together, the write first: no
//! other write may come between. A cluster's *zone* goes from the first return of one of its operations (`from`) to the last invocation
//! (`to`). If one cluster's `from` is before another's `to`, some operation of the one ended before some operation of the other began:
//! so the one comes first. Each pair may say so one way at most. And pairs are enough: in a longer ring of clusters of which each comes
//! before the next, take the one with the smallest `from`. It comes before all the others, so also before the one that comes before it.
//!
//! The initial state is a write that returned before time began. A write that was never answered and that nobody saw stands in
//! nobody's way; one that was seen is a cluster like any other, only without a return of its own. So it costs nothing that writes time
//! out, which is what makes a search for an order go on for ever.
//!
//! Events come in order. So a zone's `from` is known at its first return for good, and a new zone begins after everything that is
//! known: it contradicts nothing. Only a read that stretches an older zone does, with a zone that began before the read did and ends
//! behind where the older one began. Of the zones that began before a read, all that matters is which two reach farthest: the farthest
//! may be the one that is read. These two are kept for each read under way; that is all there is to do when something returns.

use super::anomaly::{Although, Anomaly};
use super::history::Record;
use crate::{OpId, Outcome, Seq};
use raft_core::SortedMap;
use std::sync::Arc;

/// Which write a cluster is of. `None`: of the initial state.
type Tag = Option<OpId>;

/// More open writes than this on one key are not followed: then nobody knows.
pub(super) const MAX_OPEN: usize = 100_000;

/// What matters of one key's history for what may still come.
#[derive(Clone, Debug, Default)]
pub(super) struct Zones {
    /// The zone of the initial state.
    initial: Zone,
    /// The writes that a read may still return rightly, or that are under way; by number.
    writes: Vec<Write>,
    /// With more writes than these it is time to drop some.
    crowded: usize,
    /// The writes that ended without an answer or in refusal, and that nobody saw.
    undone: Arc<SortedMap<OpId, Undone>>,
    /// The highest number of a write.
    last_write: Tag,
    /// The last return of a write that was dropped.
    dropped: Seq,
    /// The reads under way, the oldest first.
    reads: Vec<Read>,
    known: Known,
}

/// A cluster's zone.
#[derive(Clone, Debug, Default)]
struct Zone {
    tag: Tag,
    /// The first return, and whose. The initial state's is before the first event of clients, and nobody's.
    from: Seq,
    first: Option<Arc<Record>>,
    /// The last invocation, and whose.
    to: Seq,
    last: Tag,
}

/// A write that was begun.
#[derive(Clone, Debug)]
struct Write {
    op: OpId,
    invoked: Seq,
    /// Once it is done.
    done: Option<Arc<Record>>,
    /// Once it is done or somebody saw it.
    zone: Option<Zone>,
}

#[derive(Clone, Debug)]
enum Undone {
    /// It may still be done.
    Unknown {
        invoked: Seq,
    },
    Failed(Arc<Record>),
}

/// A read under way.
#[derive(Clone, Debug)]
struct Read {
    op: OpId,
    invoked: Seq,
    /// What was known when it began; zones that reach farther since do so here too.
    known: Known,
}

/// What speaks against reads that begin now.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The zones that reach farthest.
    zones: Two<Zone>,
    /// Of what is done, the last invoked.
    done: Two<Arc<Record>>,
    /// Of the writes that are done, the last invoked.
    acknowledged: Two<Arc<Record>>,
}

/// Of what it was offered, the two of different clusters that come last.
#[derive(Clone, Debug)]
struct Two<T>([Option<(Seq, Tag, T)>; 2]);

impl<T> Default for Two<T> {
    fn default() -> Self {
        Two([None, None])
    }
}

impl<T: Clone> Two<T> {
    fn offer(&mut self, seq: Seq, tag: Tag, value: &T) {
        let [first, second] = &mut self.0;
        let later = |than: &Option<(Seq, Tag, T)>| than.as_ref().is_none_or(|(other, ..)| *other <= seq);
        let same =
            |as_this: &Option<(Seq, Tag, T)>| as_this.as_ref().is_some_and(|(_, other, _)| *other == tag);
        if !later(second) && !same(first) {
            return;
        }
        let value = Some((seq, tag, value.clone()));
        match (later(first), same(first)) {
            (true, false) => *second = std::mem::replace(first, value),
            (true, true) => *first = value,
            (false, false) => *second = value,
            (false, true) => {}
        }
    }

    /// The last one that is of another cluster.
    fn other_than(&self, tag: Tag) -> Option<&(Seq, Tag, T)> {
        self.0.iter().flatten().find(|(_, other, _)| *other != tag)
    }
}

impl Zones {
    /// An operation begins.
    pub(super) fn invoke(&mut self, record: &Record) {
        let (op, invoked) = (record.op, record.invoked.seq);
        if record.operation.reads() {
            let known = self.known.clone();
            self.reads.push(Read { op, invoked, known });
            return;
        }
        self.last_write = self.last_write.max(Some(op));
        self.insert(op, invoked);
        if self.writes.len() > self.crowded {
            self.drop_dead();
        }
    }

    /// It ends. Returns why that cannot be, if it cannot.
    pub(super) fn end(&mut self, record: &Arc<Record>) -> Option<Anomaly> {
        match (&record.returned, record.operation.reads()) {
            (Some((_, Outcome::Ok { tag, .. })), true) => {
                let place = self.reads.iter().position(|read| read.op == record.op)?;
                let read = self.reads.remove(place);
                self.read(record, *tag, &read)
            }
            (_, true) => {
                self.reads.retain(|read| read.op != record.op);
                None
            }
            (Some((_, Outcome::Ok { .. })), false) => {
                self.write(record);
                None
            }
            (Some((_, Outcome::Failed)), false) => self.fail(record),
            (_, false) => {
                self.give_up(record);
                None
            }
        }
    }

    /// Whether there are more open writes than can be followed.
    pub(super) fn is_full(&self) -> bool {
        self.writes.len() + self.undone.len() > MAX_OPEN
    }

    fn read(&mut self, record: &Arc<Record>, tag: Tag, read: &Read) -> Option<Anomaly> {
        let Some(op) = tag else {
            return self.stretch(record, tag, read);
        };
        if self.find(op).is_none() {
            match self.undone.get(&op) {
                Some(Undone::Failed(write)) => return Some(of_failed(record, write)),
                Some(&Undone::Unknown { invoked }) => {
                    Arc::make_mut(&mut self.undone).remove(&op);
                    self.insert(op, invoked);
                }
                None => return Some(self.of_dropped(record, op, read)),
            }
        }
        self.stretch(record, tag, read)
    }

    /// The zone of what was read reaches as far as this read.
    fn stretch(&mut self, record: &Arc<Record>, tag: Tag, read: &Read) -> Option<Anomaly> {
        let returned = record.done()?.seq;
        let (zone, done) = match tag {
            None => (&mut self.initial, None),
            Some(op) => {
                let place = self.writes.binary_search_by_key(&op, |write| write.op).ok()?;
                let write = &mut self.writes[place];
                let (last, to) = (Some(write.op), write.invoked);
                let zone = write.zone.get_or_insert_with(|| Zone {
                    tag,
                    from: returned,
                    first: Some(record.clone()),
                    to,
                    last,
                });
                (zone, write.done.clone())
            }
        };
        if zone.to < read.invoked {
            (zone.to, zone.last) = (read.invoked, Some(record.op));
        }
        let zone = zone.clone();
        if zone.last == Some(record.op)
            && let Some((_, _, other)) = read.known.zones.other_than(tag)
            && other.to > zone.from
        {
            return Some(contradiction(record, &zone, done.as_ref(), other, read));
        }
        self.tell(&zone);
        self.known.done.offer(record.invoked.seq, tag, record);
        None
    }

    fn write(&mut self, record: &Arc<Record>) {
        let (tag, invoked) = (Some(record.op), record.invoked.seq);
        let Some(place) = self.find(record.op) else { return };
        let write = &mut self.writes[place];
        write.done = Some(record.clone());
        let zone = write.zone.get_or_insert_with(|| Zone {
            tag,
            from: record.done().unwrap_or(record.invoked).seq,
            first: Some(record.clone()),
            to: invoked,
            last: tag,
        });
        let zone = zone.clone();
        self.tell(&zone);
        self.known.done.offer(invoked, tag, record);
        self.known.acknowledged.offer(invoked, tag, record);
    }

    fn fail(&mut self, record: &Arc<Record>) -> Option<Anomaly> {
        let write = self.writes.remove(self.find(record.op)?);
        if let Some(read) = write.zone.and_then(|zone| zone.first) {
            return Some(of_failed(&read, record));
        }
        Arc::make_mut(&mut self.undone).insert(record.op, Undone::Failed(record.clone()));
        None
    }

    /// A write will not be answered any more. Who was seen stays a cluster.
    fn give_up(&mut self, record: &Arc<Record>) {
        if let Some(place) = self.find(record.op)
            && self.writes[place].zone.is_none()
        {
            let Write { op, invoked, .. } = self.writes.remove(place);
            Arc::make_mut(&mut self.undone).insert(op, Undone::Unknown { invoked });
        }
    }

    /// A zone came up or reaches farther now: the reads that it began before shall know.
    fn tell(&mut self, zone: &Zone) {
        self.known.zones.offer(zone.to, zone.tag, zone);
        for read in self.reads.iter_mut().filter(|read| read.invoked > zone.from) {
            read.known.zones.offer(zone.to, zone.tag, zone);
        }
    }

    fn find(&self, op: OpId) -> Option<usize> {
        self.writes.binary_search_by_key(&op, |write| write.op).ok()
    }

    fn insert(&mut self, op: OpId, invoked: Seq) {
        let place = self.writes.partition_point(|write| write.op < op);
        let write = Write {
            op,
            invoked,
            done: None,
            zone: None,
        };
        self.writes.insert(place, write);
    }

    /// Drops the writes that no read can return any more without contradicting one and the same operation: one that began after the
    /// write was done, and was done itself before any read under way began.
    fn drop_dead(&mut self) {
        let known = self.reads.first().map_or(&self.known, |oldest| &oldest.known);
        let dropped = &mut self.dropped;
        self.writes.retain(|write| {
            let done = write.done.as_ref().and_then(|record| record.done());
            let over = known.done.other_than(Some(write.op));
            match (done, over) {
                (Some(done), Some((since, ..))) if done.seq < *since => {
                    *dropped = done.seq.max(*dropped);
                    false
                }
                _ => true,
            }
        });
        self.crowded = 2 * self.writes.len() + 16;
    }
}

/// Who is to blame.
impl Zones {
    /// What was read is of a write that gave way to others long ago, or of none at all.
    fn of_dropped(&self, read: &Arc<Record>, op: OpId, begun: &Read) -> Anomaly {
        let Known {
            done, acknowledged, ..
        } = &begun.known;
        let tag = Some(op);
        let acknowledged = acknowledged.other_than(tag).filter(|late| late.0 > self.dropped);
        match acknowledged.or(done.other_than(tag)) {
            Some((_, _, late)) if tag <= self.last_write => {
                anomaly(read, against(late), [op, late.op, read.op])
            }
            _ => anomaly(read, Although::Unwritten, [read.op]),
        }
    }
}

fn anomaly(read: &Arc<Record>, although: Although, guilty: impl IntoIterator<Item = OpId>) -> Anomaly {
    let mut sorted = Vec::new();
    for op in guilty {
        sorted.insert(sorted.partition_point(|other| *other < op), op);
    }
    Anomaly {
        read: read.clone(),
        although,
        twice: false,
        guilty: sorted,
    }
}

/// Two clusters come before each other. The fewest operations that say so: one of the cluster that was read, which ended before one
/// of the other began; the latter if it ended before the read began, else another that did; and the read.
fn contradiction(
    read: &Arc<Record>,
    zone: &Zone,
    write: Option<&Arc<Record>>,
    other: &Zone,
    begun: &Read,
) -> Anomaly {
    let first = zone.first.as_ref();
    let known = [&begun.known.acknowledged, &begun.known.done];
    // The write itself tells more than a read of it, on either side.
    let early = write.into_iter().chain(first);
    let early = early.filter_map(|record| Some((Some(record.op), record.done()?.seq)));
    let initial = zone.tag.is_none().then_some((None, zone.from));
    for (early, ended) in early.chain(initial) {
        let late = known.map(|known| known.other_than(zone.tag).filter(|late| late.0 > ended));
        if let Some((_, _, late)) = late.into_iter().flatten().next() {
            let guilty = [early, Some(late.op), Some(read.op)];
            return anomaly(read, against(late), guilty.into_iter().flatten());
        }
    }
    let seen = other.first.as_ref().unwrap_or(read);
    let first = first.map(|record| record.op);
    let guilty = [first, other.last, Some(seen.op), Some(read.op)];
    anomaly(read, against(seen), guilty.into_iter().flatten())
}

fn against(late: &Arc<Record>) -> Although {
    match late.operation.reads() {
        true => Although::Read {
            earlier: late.clone(),
        },
        false => Although::Acknowledged { write: late.clone() },
    }
}

fn of_failed(read: &Arc<Record>, write: &Arc<Record>) -> Anomaly {
    let although = Although::Failed { write: write.clone() };
    anomaly(read, although, [read.op, write.op])
}
