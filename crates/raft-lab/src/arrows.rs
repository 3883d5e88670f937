//! The ways of messages. They are most of what happens, so they are read from the trace when they are wanted; kept is only what
//! cannot be read off the event that sent a message: an end that is not the one announced there.

use crate::frame::MessageKind;
use crate::words;
use raft_trace::{Endpoint, Event, LostBecause, MessageId, Packet, Seq, Trace, TraceEvent, WorldTime};
use std::ops::Range;

/// Events in a block.
const BLOCK: u32 = 512;

/// A window of more blocks is not read whole.
const MAX_BLOCKS: usize = 80;

/// Of such a window about so many stretches are looked at.
const STRETCHES: u64 = 64;

/// What is kept of the messages of one branch. All lists are in the order of message numbers, so also of sending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrows {
    servers: u32,
    /// How many were sent.
    messages: u32,
    blocks: Vec<Block>,
    /// What is on its way.
    under_way: Vec<Way>,
    /// What ended otherwise than announced.
    strays: Vec<Way>,
    /// Those of the strays that took longer than `longest_flight` was when they ended.
    late: Vec<MessageId>,
    /// The copies that the network made, and the events that sent what they say.
    copies: Vec<(MessageId, Seq)>,
    /// The longest time that any message was announced to take, in µs.
    longest_flight: u64,
}

/// Some events, for windows too wide to be read whole.
#[derive(Clone, Copy, Debug)]
struct Block {
    from: WorldTime,
    /// How many messages were sent before.
    messages: u32,
    /// A bit for each kind of message that was sent in it.
    kinds: u64,
}

/// Where a message is, or how it ended.
#[derive(Clone, Copy, Debug)]
struct Way {
    id: MessageId,
    sent_seq: Seq,
    sent_at: WorldTime,
    /// When it arrives or ended.
    end_at: WorldTime,
    fate: Fate,
    /// Whether anything was done to it.
    handled: bool,
}

/// One message's way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrow {
    pub(crate) id: MessageId,
    pub(crate) sent_at: WorldTime,
    /// When it arrived or was lost; while in flight, when it will arrive.
    pub(crate) end_at: WorldTime,
    pub(crate) sent_seq: Seq,
    pub(crate) term: u32,
    pub(crate) entries: u16,
    /// Servers count from 0, clients on after them.
    pub(crate) from_lane: u8,
    pub(crate) to_lane: u8,
    pub(crate) kind: MessageKind,
    pub(crate) refused: bool,
    pub(crate) copy: bool,
    pub(crate) fate: Fate,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Fate {
    InFlight,
    Delivered,
    /// Half way: the network swallowed it, it met a cut when it was sent, or somebody dropped it.
    Lost,
    /// At the receiver, which was down or had been cut off meanwhile.
    LostOnArrival,
    /// Somewhere on its way; it ends there until it is let go.
    Held,
}

impl Fate {
    pub(crate) fn is_lost(self) -> bool {
        matches!(self, Fate::Lost | Fate::LostOnArrival)
    }
}

impl Arrows {
    /// Takes in the next event of the trace.
    pub(crate) fn push(&mut self, event: &TraceEvent) {
        if event.seq.0.is_multiple_of(BLOCK) {
            self.blocks.push(Block {
                from: event.at,
                messages: self.messages,
                kinds: 0,
            });
        }
        let at = event.at;
        match &event.event {
            Event::Began { servers, .. } => self.servers = *servers,
            Event::Sent {
                message,
                packet,
                arrives,
            } => self.sent(*message, event, *arrives, kind_bit(packet)),
            Event::Duplicated {
                message,
                original,
                arrives,
            } => {
                let sent_seq = self.under_way(*original).sent_seq;
                self.copies
                    .push((*message, self.content(*original).unwrap_or(sent_seq)));
                self.sent(*message, event, *arrives, 0);
            }
            Event::Delivered { message } => self.ended(*message, at, Fate::Delivered),
            Event::Lost { message, because } => {
                // Half way if the network swallowed it or somebody dropped it; else where it would have arrived.
                let arrived = *because != LostBecause::Dropped && at >= self.under_way(*message).end_at;
                self.ended(
                    *message,
                    at,
                    if arrived { Fate::LostOnArrival } else { Fate::Lost },
                );
            }
            Event::Held { message } => {
                let way = self.under_way(*message);
                (way.fate, way.handled) = (Fate::Held, true);
            }
            Event::Hastened { message } => {
                let way = self.under_way(*message);
                (way.end_at, way.fate, way.handled) = (at, Fate::InFlight, true);
            }
            _ => {}
        }
    }

    fn sent(&mut self, id: MessageId, event: &TraceEvent, arrives: WorldTime, kind: u64) {
        debug_assert_eq!(id.0, self.messages);
        self.messages += 1;
        self.longest_flight = self.longest_flight.max((arrives - event.at).0);
        self.under_way.push(Way {
            id,
            sent_seq: event.seq,
            sent_at: event.at,
            end_at: arrives,
            fate: Fate::InFlight,
            handled: false,
        });
        if let Some(block) = self.blocks.last_mut() {
            block.kinds |= kind;
        }
    }

    fn ended(&mut self, id: MessageId, at: WorldTime, fate: Fate) {
        let place = self.under_way.partition_point(|way| way.id < id);
        let way = self.under_way.remove(place);
        if way.handled || way.end_at != at || fate != Fate::Delivered {
            let ended = Way {
                end_at: at,
                fate,
                ..way
            };
            insert(&mut self.strays, ended, |way| way.id);
            if (at - way.sent_at).0 > self.longest_flight {
                insert(&mut self.late, id, |id| *id);
            }
        }
    }

    fn under_way(&mut self, id: MessageId) -> &mut Way {
        let place = self.under_way.partition_point(|way| way.id < id);
        &mut self.under_way[place]
    }

    /// Of a copy the event that sent what it says.
    fn content(&self, copy: MessageId) -> Option<Seq> {
        let place = self.copies.binary_search_by_key(&copy, |(id, _)| *id);
        Some(self.copies[place.ok()?].1)
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn heap_bytes(&self) -> u64 {
        let ways = (self.under_way.capacity() + self.strays.capacity()) * size_of::<Way>();
        let copies = self.copies.capacity() * size_of::<(MessageId, Seq)>();
        let late = self.late.capacity() * size_of::<MessageId>();
        (self.blocks.capacity() * size_of::<Block>() + ways + copies + late) as u64
    }
}

/// Questions about a window of time, both ends included. `trace` is the one that all events came from.
impl Arrows {
    /// The messages on their way at some time from `from` to `to`, in the order of sending; of a window of very many, those sent in
    /// some stretches of it, so that no kind of message is missing that was sent in any part. And whether it is so.
    pub(crate) fn within(&self, trace: &Trace, from: WorldTime, to: WorldTime) -> (Vec<Arrow>, bool) {
        let first = WorldTime(from.0.saturating_sub(self.longest_flight));
        let blocks = self.blocks_of(first, to);
        let mut found = self.long_under_way(trace, first);
        let picked = blocks.len() > MAX_BLOCKS;
        if picked {
            for block in self.pick(blocks, to.0.saturating_sub(from.0)) {
                self.read(trace, block, &mut found);
            }
        } else {
            blocks.for_each(|block| self.read(trace, block, &mut found));
        }
        found.retain(|arrow| arrow.sent_at <= to && arrow.end_at >= from);
        (found, picked)
    }

    /// Whether more than so many messages are on their way then: exactly, unless it is far more or far less.
    pub(crate) fn are_more_than(&self, limit: usize, trace: &Trace, from: WorldTime, to: WorldTime) -> bool {
        let blocks = self.blocks_of(WorldTime(from.0.saturating_sub(self.longest_flight)), to);
        let before = |block: usize| self.blocks.get(block).map_or(self.messages, |b| b.messages) as usize;
        let at_most = before(blocks.end) - before(blocks.start) + self.late.len() + self.under_way.len();
        at_most > limit && (blocks.len() > MAX_BLOCKS || self.within(trace, from, to).0.len() > limit)
    }

    /// Whether any message was lost from `from` to `to`, as far as can be told without reading.
    pub(crate) fn has_lost(&self, from: WorldTime, to: WorldTime) -> bool {
        let first = WorldTime(from.0.saturating_sub(self.longest_flight));
        let begin = self.strays.partition_point(|way| way.sent_at < first);
        let sent_then = self.strays[begin..].iter().take_while(|way| way.sent_at <= to);
        sent_then.map(|way| way.fate).any(Fate::is_lost) || !self.late.is_empty()
    }

    /// The blocks with all events from `from` to `to`.
    fn blocks_of(&self, from: WorldTime, to: WorldTime) -> Range<usize> {
        let first = self.blocks.partition_point(|block| block.from < from);
        let last = self.blocks.partition_point(|block| block.from <= to);
        first.saturating_sub(1).min(last)..last
    }

    /// In each stretch of the window the first blocks with messages of each kind. Stretches lie at multiples of their length, so that
    /// panning does not change the choice.
    fn pick(&self, blocks: Range<usize>, width: u64) -> impl Iterator<Item = usize> {
        let stretch = (width / STRETCHES).max(1).next_power_of_two();
        let (mut now, mut seen) = (u64::MAX, 0);
        blocks.filter(move |i| {
            let Block { from, kinds, .. } = self.blocks[*i];
            if from.0 / stretch != now {
                (now, seen) = (from.0 / stretch, 0);
            }
            let new = kinds & !seen != 0;
            seen |= kinds;
            new
        })
    }

    /// What was sent before `first` and may be on its way after.
    fn long_under_way(&self, trace: &Trace, first: WorldTime) -> Vec<Arrow> {
        let mut ids = self.late.clone();
        let under_way = self.under_way.iter().take_while(|way| way.sent_at < first);
        under_way.for_each(|way| insert(&mut ids, way.id, |id| *id));
        let ways = ids.into_iter().filter_map(|id| self.way(id));
        ways.filter(|way| way.sent_at < first)
            .filter_map(|way| self.arrow(trace, &trace.get(way.sent_seq)?, &[]))
            .collect()
    }

    /// Adds what was sent in a block.
    fn read(&self, trace: &Trace, block: usize, found: &mut Vec<Arrow>) {
        let first = Seq(block as u32 * BLOCK); // blocks are fewer than events
        for event in trace.iter_from(first).take(BLOCK as usize) {
            // What was sent before the last one that is on its way for long is either there already or was over before the window.
            if let Some(arrow) = self.arrow(trace, &event, found)
                && found.last().is_none_or(|last| last.id < arrow.id)
            {
                found.push(arrow);
            }
        }
    }

    /// What this event sent. `near` may have what it is a copy of.
    fn arrow(&self, trace: &Trace, event: &TraceEvent, near: &[Arrow]) -> Option<Arrow> {
        let (id, arrives, content) = match &event.event {
            Event::Sent {
                message,
                packet,
                arrives,
            } => (*message, *arrives, Arrow::of(packet, self.servers)),
            Event::Duplicated {
                message,
                original,
                arrives,
            } => {
                let original = match near.binary_search_by_key(original, |arrow| arrow.id) {
                    Ok(place) => near[place],
                    Err(_) => match trace.get(self.content(*message)?)?.event {
                        Event::Sent { packet, .. } => Arrow::of(&packet, self.servers),
                        _ => return None,
                    },
                };
                (*message, *arrives, original)
            }
            _ => return None,
        };
        let way = self.way(id);
        Some(Arrow {
            id,
            sent_at: event.at,
            sent_seq: event.seq,
            copy: matches!(event.event, Event::Duplicated { .. }),
            end_at: way.map_or(arrives, |way| way.end_at),
            fate: way.map_or(Fate::Delivered, |way| way.fate),
            ..content
        })
    }

    /// Where a message is that did not simply arrive as announced.
    fn way(&self, id: MessageId) -> Option<&Way> {
        let lists = [&self.strays, &self.under_way];
        lists
            .into_iter()
            .find_map(|list| list.get(list.binary_search_by_key(&id, |way| way.id).ok()?))
    }
}

impl Arrow {
    /// What a packet tells of its arrow.
    pub(crate) fn of(packet: &Packet, servers: u32) -> Arrow {
        let lane = |endpoint| match endpoint {
            Endpoint::Server(id) => (id.0 - 1) as u8,
            Endpoint::Client(id) => (servers + id.0 - 1) as u8,
        };
        Arrow {
            id: MessageId(0),
            sent_at: WorldTime(0),
            end_at: WorldTime(0),
            sent_seq: Seq(0),
            term: words::term(packet).map_or(0, |term| term.0 as u32),
            entries: words::entries(packet) as u16,
            from_lane: lane(packet.from()),
            to_lane: lane(packet.to()),
            kind: words::kind(packet),
            refused: words::success(packet) == Some(false),
            copy: false,
            fate: Fate::InFlight,
        }
    }
}

/// A bit for the kind of a packet, another one if it carries or refuses something.
fn kind_bit(packet: &Packet) -> u64 {
    let telling = words::entries(packet) > 0 || words::success(packet) == Some(false);
    1 << (words::kind(packet) as u64 * 2 + u64::from(telling))
}

/// Puts something in its place in a list by number; mostly that is near the end.
fn insert<T>(list: &mut Vec<T>, item: T, id: impl Fn(&T) -> MessageId) {
    let before = list.iter().rposition(|other| id(other) < id(&item));
    list.insert(before.map_or(0, |last| last + 1), item);
}
