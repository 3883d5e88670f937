//! The network: latency, loss, duplication, splits and cuts. Between any two endpoints there is a link each way.

use crate::dice::{Dice, Purpose};
use crate::moment::Moment;
use crate::scenario::{Link, Settings};
use raft_core::Duration;
use raft_trace::{Endpoint, Event, LostBecause, MessageId, Packet, Seq, WorldTime};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// How many messages one direction of a link carries at most. One more is lost at once: no setting of latency and heartbeat
/// shall fill the memory.
const LINK_CAPACITY: u32 = 128;

/// Nothing is faster than this, so that time goes on whatever the settings.
const FASTEST: Duration = Duration::micros(1);

/// Everything between the endpoints.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    servers: u32,
    endpoints: u32,
    groups: Arc<[Vec<Endpoint>]>,
    cuts: Vec<Link>,
    links: Vec<LinkState>,
    /// Messages on their way, each in its berth until it arrives.
    flying: Vec<Option<Flying>>,
    free_berths: Vec<u32>,
    arrivals: BinaryHeap<Reverse<Arrival>>,
    next_message: MessageId,
}

/// When a message comes out of the network, its number (for the order at equal times), its berth.
type Arrival = (WorldTime, MessageId, u32);

#[derive(Clone, Copy, Debug)]
struct LinkState {
    /// How many messages were put onto it so far.
    sent: u32,
    /// How many are on their way.
    flying: u32,
    /// Neither cut nor across a split.
    open: bool,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Flying {
    pub(crate) message: MessageId,
    /// The event that put it onto the network.
    pub(crate) seq: Seq,
    pub(crate) sent_at: WorldTime,
    /// When it arrives, or would have arrived.
    pub(crate) arrives: WorldTime,
    pub(crate) packet: Packet,
    /// What it is a copy of.
    pub(crate) original: Option<MessageId>,
    /// Set if it will be lost on its way.
    pub(crate) doom: Option<LostBecause>,
}

impl Network {
    pub(crate) fn new(servers: u32, clients: u32) -> Network {
        let endpoints = servers + clients;
        let link = LinkState {
            sent: 0,
            flying: 0,
            open: true,
        };
        Network {
            servers,
            endpoints,
            groups: Arc::from([]),
            cuts: Vec::new(),
            links: vec![link; (endpoints * endpoints) as usize],
            flying: Vec::new(),
            free_berths: Vec::new(),
            arrivals: BinaryHeap::new(),
            next_message: MessageId(0),
        }
    }

    /// Puts a packet onto the network. Returns whether the network made a copy of it.
    pub(crate) fn send(
        &mut self,
        packet: Packet,
        cause: Seq,
        settings: &Settings,
        dice: Dice,
        moment: &mut Moment,
    ) -> bool {
        let (from, to) = (packet.from(), packet.to());
        let rules = settings.link(from, to);
        let position = self.position(from, to);
        let link = &mut self.links[position];
        let (who, n) = (link_name(from, to), link.sent);
        link.sent += 1;

        let now = moment.at;
        let latency = |purpose| dice.duration(purpose, who, n, rules.latency).max(FASTEST);
        let doom = |purpose| {
            dice.chance(purpose, who, n, rules.loss)
                .then_some(LostBecause::Loss)
        };
        let message = self.number();
        let arrives = now + latency(Purpose::Latency);
        let seq = moment.record(
            cause,
            Event::Sent {
                message,
                packet: packet.clone(),
                arrives,
            },
        );
        let mut flying = Flying {
            message,
            seq,
            sent_at: now,
            arrives,
            packet,
            original: None,
            doom: doom(Purpose::Loss),
        };
        if !self.links[position].open {
            flying.doom = Some(LostBecause::Cut);
        } else if dice.chance(Purpose::Duplicate, who, n, rules.duplicate) {
            let copy = self.number();
            let arrives = now + latency(Purpose::CopyLatency);
            let seq = moment.record(
                seq,
                Event::Duplicated {
                    message: copy,
                    original: message,
                    arrives,
                },
            );
            let doom = doom(Purpose::CopyLoss);
            let copy = Flying {
                message: copy,
                seq,
                arrives,
                original: Some(message),
                doom,
                ..flying.clone()
            };
            self.launch(position, flying, moment);
            self.launch(position, copy, moment);
            return true;
        }
        self.launch(position, flying, moment);
        false
    }

    fn number(&mut self) -> MessageId {
        let message = self.next_message;
        self.next_message = MessageId(message.0 + 1);
        message
    }

    fn launch(&mut self, link: usize, flying: Flying, moment: &mut Moment) {
        let link = &mut self.links[link];
        if link.flying >= LINK_CAPACITY {
            let lost = Event::Lost {
                message: flying.message,
                because: LostBecause::LinkFull,
            };
            moment.record(flying.seq, lost);
            return;
        }
        link.flying += 1;
        let out_at = match flying.doom {
            None => flying.arrives,
            // Half way, so that it can be seen to get lost.
            Some(_) => WorldTime(flying.sent_at.0.midpoint(flying.arrives.0)),
        };
        let message = flying.message;
        let berth = match self.free_berths.pop() {
            Some(berth) => {
                self.flying[berth as usize] = Some(flying);
                berth
            }
            None => {
                self.flying.push(Some(flying));
                self.flying.len() as u32 - 1
            }
        };
        self.arrivals.push(Reverse((out_at, message, berth)));
    }

    /// When the next message comes out of the network, one way or the other.
    pub(crate) fn next_at(&self) -> Option<WorldTime> {
        self.arrivals.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes out the message that arrives or is lost next. Its doom says which; a link that was closed meanwhile is one.
    pub(crate) fn pop(&mut self) -> Option<Flying> {
        let Reverse((_, _, berth)) = self.arrivals.pop()?;
        let mut flying = self.flying[berth as usize].take()?;
        self.free_berths.push(berth);
        let position = self.position(flying.packet.from(), flying.packet.to());
        let link = &mut self.links[position];
        link.flying -= 1;
        if flying.doom.is_none() && !link.open {
            flying.doom = Some(LostBecause::Cut);
        }
        Some(flying)
    }

    /// Splits the network. Replaces an earlier split.
    pub(crate) fn partition(&mut self, groups: Arc<[Vec<Endpoint>]>) {
        self.groups = groups;
        self.find_open();
    }

    /// Cuts a link. Returns whether that changes anything.
    pub(crate) fn cut(&mut self, link: Link) -> bool {
        let news = !self.cuts.contains(&link);
        if news {
            self.cuts.push(link);
            self.find_open();
        }
        news
    }

    /// Mends a link. Returns whether that changes anything.
    pub(crate) fn mend(&mut self, link: Link) -> bool {
        let before = self.cuts.len();
        self.cuts.retain(|&cut| cut != link);
        self.find_open();
        self.cuts.len() < before
    }

    /// Ends the split and all cuts. Returns whether that changes anything.
    pub(crate) fn heal(&mut self) -> bool {
        let news = !self.groups.is_empty() || !self.cuts.is_empty();
        self.groups = Arc::from([]);
        self.cuts.clear();
        self.find_open();
        news
    }

    /// The groups of the present split; none when there is no split.
    pub(crate) fn groups(&self) -> &Arc<[Vec<Endpoint>]> {
        &self.groups
    }

    /// The links that are cut.
    pub(crate) fn cuts(&self) -> &[Link] {
        &self.cuts
    }

    /// Every message on its way, in no particular order.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Flying> {
        self.flying.iter().flatten()
    }

    fn find_open(&mut self) {
        let all: Vec<Endpoint> = (1..=self.servers)
            .map(|n| Endpoint::Server(raft_core::NodeId(n)))
            .chain((1..=self.endpoints - self.servers).map(|n| Endpoint::Client(raft_trace::ClientId(n))))
            .collect();
        let group = |e: Endpoint| self.groups.iter().position(|g| g.contains(&e));
        for &from in &all {
            for &to in &all {
                let apart = matches!((group(from), group(to)), (Some(a), Some(b)) if a != b);
                let position = self.position(from, to);
                self.links[position].open = !apart && !self.cuts.contains(&Link { from, to });
            }
        }
    }

    fn position(&self, from: Endpoint, to: Endpoint) -> usize {
        let number = |e| match e {
            Endpoint::Server(id) => id.0 - 1,
            Endpoint::Client(id) => self.servers + id.0 - 1,
        };
        (number(from) * self.endpoints + number(to)) as usize
    }
}

/// A number for what is drawn for a link. It does not depend on how many servers and clients there are.
fn link_name(from: Endpoint, to: Endpoint) -> u32 {
    let name = |e| match e {
        Endpoint::Server(id) => id.0,
        Endpoint::Client(id) => 0x100 + id.0,
    };
    name(from) << 16 | name(to)
}
