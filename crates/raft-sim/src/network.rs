//! The network: latency, loss, duplication, splits and cuts, and what is done to single messages by hand. Between any two endpoints
//! there is a link each way.

use crate::dice::{Dice, Purpose};
use crate::moment::Moment;
use crate::scenario::{Link, Rate, Settings, limits};
use crate::size::bytes_of;
use raft_core::{Duration, NodeId};
use raft_trace::{Endpoint, Event, Handling, LostBecause, MessageId, Packet, Plan, Seq, WorldTime};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
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
    /// What comes out of the network when.
    arrivals: BinaryHeap<Reverse<Arrival>>,
    /// Messages that are held: their berths, and since when.
    held: Vec<(u32, WorldTime)>,
    /// Servers that take nothing in at the moment, a bit each.
    closed: u32,
    /// What has come to their doors, in the order of arrival: berths.
    at_doors: Vec<u32>,
    /// What has waited and may come in now, and since when.
    entering: VecDeque<u32>,
    opened_at: WorldTime,
    /// What shall be done to messages yet to be sent, in the order given.
    plans: Vec<Plan>,
    /// How many messages were copied by hand.
    copies: u32,
    next_message: MessageId,
}

/// When a message comes out of the network, its number (for the order at equal times), its berth: as the digits of one number, which is
/// moved and compared as one. A message's number has 32 bits of it: no run has more than some 20 million events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival(u128);

impl Arrival {
    fn new(at: WorldTime, message: MessageId, berth: u32) -> Arrival {
        Arrival(u128::from(at.0) << 64 | u128::from(message.0) << 32 | u128::from(berth))
    }

    fn at(self) -> WorldTime {
        WorldTime((self.0 >> 64) as u64)
    }

    fn berth(self) -> u32 {
        self.0 as u32 // its last digits
    }
}

#[derive(Clone, Copy, Debug)]
struct LinkState {
    /// How many messages were put onto it so far.
    sent: u32,
    /// How many are on their way.
    flying: u32,
    /// When all that was sent so far is on the link, if its bandwidth is limited.
    free_at: WorldTime,
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
    /// Where its link is among all of them.
    link: u32,
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
            free_at: WorldTime(0),
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
            held: Vec::new(),
            closed: 0,
            at_doors: Vec::new(),
            entering: VecDeque::new(),
            opened_at: WorldTime(0),
            plans: Vec::new(),
            copies: 0,
            next_message: MessageId(0),
        }
    }

    /// Puts a packet onto the network. Returns whether there is a copy of it.
    pub(crate) fn send(
        &mut self,
        packet: Packet,
        cause: Seq,
        settings: &Settings,
        dice: Dice,
        moment: &mut Moment,
    ) -> bool {
        let by_hand = self.take_plan(&packet);
        let (from, to) = (packet.from(), packet.to());
        let rules = settings.link(from, to);
        let position = self.position(from, to);
        let link = &mut self.links[position];
        let (who, n, open) = (link_name(from, to), link.sent, link.open);
        link.sent += 1;

        let now = moment.at;
        let latency = |purpose| dice.duration(purpose, who, n, rules.latency).max(FASTEST);
        let chance = |purpose, share| dice.chance(purpose, who, n, share);
        let doom = |purpose| chance(purpose, rules.loss).then_some(LostBecause::Loss);
        let departs = match rules.bandwidth {
            Some(rate) if by_hand != Some(Handling::Deliver) => link.put_on(&packet, rate, now),
            _ => now,
        };
        let arrives = match by_hand {
            Some(Handling::Deliver) => now + FASTEST,
            _ => departs + latency(Purpose::Latency),
        };
        let message = self.number();
        let seq = moment.record(
            cause,
            Event::Sent {
                message,
                packet: packet.clone(),
                arrives,
            },
        );
        let flying = |doom| Flying {
            message,
            seq,
            sent_at: now,
            arrives,
            packet,
            link: position as u32, // as there are no more than of endpoints squared
            original: None,
            doom,
        };
        let doomed = match by_hand {
            Some(Handling::Hold) => {
                if let Some(berth) = self.board(flying(None), moment) {
                    self.hold(berth, moment);
                }
                return false;
            }
            Some(Handling::Drop) => Some(LostBecause::Dropped),
            Some(Handling::Deliver) => None,
            _ if !open => Some(LostBecause::Cut),
            _ => {
                let doomed = doom(Purpose::Loss);
                if by_hand.is_some() || chance(Purpose::Duplicate, rules.duplicate) {
                    let flying = flying(doomed);
                    let arrives = departs + latency(Purpose::CopyLatency);
                    let mut copy = self.copy(&flying, arrives, moment);
                    copy.doom = doom(Purpose::CopyLoss).filter(|_| by_hand.is_none());
                    self.launch_rare(flying, moment);
                    self.launch_rare(copy, moment);
                    return true;
                }
                doomed
            }
        };
        self.launch(flying(doomed), moment);
        false
    }

    /// What shall be done to this packet, if anything.
    fn take_plan(&mut self, packet: &Packet) -> Option<Handling> {
        let place = self.plans.iter().position(|plan| plan.means(packet))?;
        Some(self.plans.remove(place).handling)
    }

    fn number(&mut self) -> MessageId {
        let message = self.next_message;
        self.next_message = MessageId(message.0 + 1);
        message
    }

    /// A copy that goes out now.
    fn copy(&mut self, original: &Flying, arrives: WorldTime, moment: &mut Moment) -> Flying {
        let message = self.number();
        let seq = moment.record(
            original.seq,
            Event::Duplicated {
                message,
                original: original.message,
                arrives,
            },
        );
        Flying {
            message,
            seq,
            sent_at: moment.at,
            arrives,
            packet: original.packet.clone(),
            link: original.link,
            original: Some(original.message),
            doom: None,
        }
    }

    /// Copies, and what is copied, are rare. All others are put into their berths as they are made: to move one takes as long as that.
    #[cold]
    fn launch_rare(&mut self, flying: Flying, moment: &mut Moment) {
        self.launch(flying, moment);
    }

    #[inline]
    fn launch(&mut self, flying: Flying, moment: &mut Moment) {
        let out_at = match flying.doom {
            None => flying.arrives,
            // Half way, so that it can be seen to get lost.
            Some(_) => WorldTime(flying.sent_at.0.midpoint(flying.arrives.0)),
        };
        let message = flying.message;
        if let Some(berth) = self.board(flying, moment) {
            self.arrivals.push(Reverse(Arrival::new(out_at, message, berth)));
        }
    }

    /// Finds a berth for a message, if the link can carry one more; else it is lost.
    #[inline]
    fn board(&mut self, flying: Flying, moment: &mut Moment) -> Option<u32> {
        let link = &mut self.links[flying.link as usize];
        if link.flying >= LINK_CAPACITY {
            let lost = Event::Lost {
                message: flying.message,
                because: LostBecause::LinkFull,
            };
            moment.record(flying.seq, lost);
            return None;
        }
        link.flying += 1;
        match self.free_berths.pop() {
            Some(berth) => {
                self.flying[berth as usize] = Some(flying);
                Some(berth)
            }
            None => {
                self.flying.push(Some(flying));
                Some(self.flying.len() as u32 - 1)
            }
        }
    }

    /// Takes a message out of its berth and off its link.
    fn unboard(&mut self, berth: u32) -> Option<Flying> {
        let flying = self.flying[berth as usize].take();
        if let Some(flying) = &flying {
            self.free_berths.push(berth);
            self.links[flying.link as usize].flying -= 1;
        }
        flying
    }

    /// When the next message comes out of the network, one way or the other.
    pub(crate) fn next_at(&self) -> Option<WorldTime> {
        if !self.entering.is_empty() {
            return Some(self.opened_at);
        }
        self.arrivals.peek().map(|Reverse(first)| first.at())
    }

    /// Takes out the message that arrives or is lost next. Its doom says which; a link that was closed meanwhile is one. `None` if it has to
    /// wait at a door.
    pub(crate) fn pop(&mut self) -> Option<Flying> {
        if let Some(berth) = self.entering.pop_front() {
            return if self.waits(berth) {
                None
            } else {
                self.unboard(berth)
            };
        }
        let Reverse(first) = self.arrivals.pop()?;
        let berth = first.berth();
        if self.closed != 0 && self.waits(berth) {
            return None;
        }
        if let Some(flying) = &mut self.flying[berth as usize]
            && !self.links[flying.link as usize].open
        {
            flying.doom.get_or_insert(LostBecause::Cut);
        }
        self.unboard(berth)
    }

    /// A server takes nothing in until its door is opened. What arrives meanwhile is still on its link.
    pub(crate) fn close_door(&mut self, server: NodeId) {
        self.closed |= 1 << server.0;
    }

    /// What waits at a server's door comes in now, in the order in which it arrived.
    pub(crate) fn open_door(&mut self, server: NodeId, now: WorldTime) {
        self.closed &= !(1 << server.0);
        let is_there = |berth: &u32| self.receiver(*berth) == Some(Endpoint::Server(server));
        let (enter, stay) = self.at_doors.iter().partition(|berth| is_there(berth));
        self.at_doors = stay;
        self.opened_at = now;
        self.entering.extend::<Vec<u32>>(enter);
    }

    /// Has a message wait that nothing ails but that its receiver takes nothing in. Returns whether it does.
    fn waits(&mut self, berth: u32) -> bool {
        let Some(flying) = &self.flying[berth as usize] else {
            return false;
        };
        let open = self.links[flying.link as usize].open;
        let closed = match flying.packet.to() {
            Endpoint::Server(id) => self.closed & 1 << id.0 != 0,
            Endpoint::Client(_) => false,
        };
        let waits = closed && open && flying.doom.is_none();
        if waits {
            self.at_doors.push(berth);
        }
        waits
    }

    fn receiver(&self, berth: u32) -> Option<Endpoint> {
        self.flying[berth as usize]
            .as_ref()
            .map(|flying| flying.packet.to())
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

    /// Every message on its way, in no particular order, and since when it is held.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = (&Flying, Option<WorldTime>)> {
        let held = |berth| self.held.iter().find(|(b, _)| *b == berth).map(|(_, at)| *at);
        (0..)
            .zip(&self.flying)
            .filter_map(move |(berth, flying)| Some((flying.as_ref()?, held(berth))))
    }

    /// What shall be done to messages yet to be sent, in the order given.
    pub(crate) fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Wants something done to the next message of a kind that is sent on a link. To be delivered at once, the oldest one that is held
    /// comes first. Returns the event of that, if anything comes of it: there can be [`limits::PLANS`] at a time.
    pub(crate) fn plan(&mut self, plan: Plan, moment: &mut Moment) {
        let oldest = self.held.iter().filter_map(|&(berth, _)| {
            let flying = self.flying[berth as usize].as_ref()?;
            plan.means(&flying.packet).then_some((flying.message, berth))
        });
        match (plan.handling, oldest.min()) {
            (Handling::Deliver, Some((_, berth))) => self.hasten(berth, moment),
            _ if self.plans.len() < limits::PLANS => {
                self.plans.push(plan);
                let Plan {
                    handling,
                    kind,
                    from,
                    to,
                } = plan;
                moment.record(
                    None,
                    Event::Planned {
                        handling,
                        kind,
                        from,
                        to,
                    },
                );
            }
            _ => {}
        }
    }

    /// Does something to a message on its way; nothing if it is not. Returns what was copied, if that is what was done.
    pub(crate) fn handle(
        &mut self,
        handling: Handling,
        message: MessageId,
        settings: &Settings,
        dice: Dice,
        moment: &mut Moment,
    ) -> Option<Packet> {
        let is_it = |flying: &Option<Flying>| flying.as_ref().is_some_and(|f| f.message == message);
        let berth = self.flying.iter().position(is_it)? as u32;
        match handling {
            Handling::Drop => {
                self.unschedule(berth);
                let because = LostBecause::Dropped;
                let flying = self.unboard(berth)?;
                moment.record(flying.seq, Event::Lost { message, because });
                None
            }
            Handling::Hold => {
                self.hold(berth, moment);
                None
            }
            Handling::Deliver => {
                self.hasten(berth, moment);
                None
            }
            Handling::Duplicate => {
                let flying = self.flying[berth as usize].clone()?;
                let (from, to) = (flying.packet.from(), flying.packet.to());
                let (who, n) = (link_name(from, to), self.copies);
                self.copies += 1;
                let latency = dice.duration(Purpose::HandLatency, who, n, settings.link(from, to).latency);
                let copy = self.copy(&flying, moment.at + latency.max(FASTEST), moment);
                self.launch_rare(copy, moment);
                Some(flying.packet)
            }
        }
    }

    /// Holds a message in its berth, whatever would have become of it.
    fn hold(&mut self, berth: u32, moment: &mut Moment) {
        if self.held.iter().any(|(held, _)| *held == berth) {
            return;
        }
        self.unschedule(berth);
        if let Some(flying) = &mut self.flying[berth as usize] {
            flying.doom = None;
            self.held.push((berth, moment.at));
            let message = flying.message;
            moment.record(flying.seq, Event::Held { message });
        }
    }

    /// Lets a message come out now, whatever would have become of it on its way.
    fn hasten(&mut self, berth: u32, moment: &mut Moment) {
        self.unschedule(berth);
        if let Some(flying) = &mut self.flying[berth as usize] {
            flying.doom = None;
            flying.arrives = moment.at;
            let message = flying.message;
            moment.record(flying.seq, Event::Hastened { message });
            self.arrivals
                .push(Reverse(Arrival::new(moment.at, message, berth)));
        }
    }

    /// Whatever was to become of a message will not, until something else is said.
    fn unschedule(&mut self, berth: u32) {
        self.held.retain(|(held, _)| *held != berth);
        self.at_doors.retain(|waiting| *waiting != berth);
        self.entering.retain(|entering| *entering != berth);
        self.arrivals.retain(|Reverse(arrival)| arrival.berth() != berth);
    }

    fn find_open(&mut self) {
        let all: Vec<Endpoint> = (1..=self.servers)
            .map(|n| Endpoint::Server(NodeId(n)))
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

impl LinkState {
    /// Puts a packet onto a link of this bandwidth, behind whatever is being put onto it. Returns when its last byte is on it. One that
    /// the link cannot carry takes no time.
    fn put_on(&mut self, packet: &Packet, rate: Rate, now: WorldTime) -> WorldTime {
        let begins = now.max(self.free_at);
        let takes = Duration((bytes_of(packet) * 1_000_000).div_ceil(u64::from(rate.0.max(1))));
        if self.flying < LINK_CAPACITY {
            self.free_at = begins + takes;
        }
        begins + takes
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
