//! What will happen by itself at a set time, apart from messages: every alarm there can be has its place in a table.

use raft_core::{NodeId, Timer};
use raft_trace::{ClientId, Seq, WorldTime};

/// Who shall be woken, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// A server's timer runs out.
    Raft(NodeId, Timer),
    /// A server's disk is done with a batch of writes.
    Disk(NodeId),
    /// A client has waited long enough to ask again.
    Ask(ClientId),
    /// A client gives its operation up.
    GiveUp(ClientId),
    /// A client's load wants the next operation.
    Load(ClientId),
}

/// An alarm that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Armed {
    /// When it is due.
    pub(crate) due: WorldTime,
    /// When it was set.
    pub(crate) since: WorldTime,
    /// The event that led to it.
    pub(crate) cause: Option<Seq>,
}

/// A place each for three alarms of every server and every client.
///
/// A table and not a queue, because most alarms are set anew long before they are due: every heartbeat moves a follower's
/// election timer.
#[derive(Clone, Debug)]
pub(crate) struct Alarms {
    servers: u32,
    /// When each is due. Apart from the rest, for this is what is searched.
    due: Vec<u64>,
    since: Vec<(WorldTime, Option<Seq>)>,
    /// The place of the alarm that is due first, the lowest place if several are. `None`: not known at the moment.
    first: Option<u32>,
}

const NEVER: u64 = u64::MAX;

impl Alarms {
    pub(crate) fn new(servers: u32, clients: u32) -> Alarms {
        let places = (servers + clients) as usize * 3;
        Alarms {
            servers,
            due: vec![NEVER; places],
            since: vec![(WorldTime(0), None); places],
            first: None,
        }
    }

    /// Sets an alarm; if it was set before, anew.
    pub(crate) fn set(&mut self, alarm: Alarm, armed: Armed) {
        let place = self.place(alarm);
        self.since[place as usize] = (armed.since, armed.cause);
        self.put(place, armed.due.0);
    }

    /// Takes an alarm back. Returns it if it was set.
    pub(crate) fn stop(&mut self, alarm: Alarm) -> Option<Armed> {
        let armed = self.get(alarm);
        self.put(self.place(alarm), NEVER);
        armed
    }

    /// Takes back all three alarms of a server.
    pub(crate) fn stop_server(&mut self, id: NodeId) {
        self.stop(Alarm::Raft(id, Timer::Election));
        self.stop(Alarm::Raft(id, Timer::Heartbeat));
        self.stop(Alarm::Disk(id));
    }

    pub(crate) fn get(&self, alarm: Alarm) -> Option<Armed> {
        let place = self.place(alarm) as usize;
        let (since, cause) = self.since[place];
        let due = self.due[place];
        (due != NEVER).then_some(Armed {
            due: WorldTime(due),
            since,
            cause,
        })
    }

    /// When the first alarm is due.
    pub(crate) fn next_at(&mut self) -> Option<WorldTime> {
        let first = self.first()?;
        let due = self.due[first as usize];
        (due != NEVER).then_some(WorldTime(due))
    }

    /// Takes the alarm that is due first. At equal times servers come before clients, each in the order of their numbers.
    pub(crate) fn pop(&mut self) -> Option<(Alarm, Armed)> {
        let first = self.first()?;
        let alarm = self.alarm(first);
        self.stop(alarm).map(|armed| (alarm, armed))
    }

    fn first(&mut self) -> Option<u32> {
        if self.first.is_none() {
            let soonest = (0..).zip(&self.due).min_by_key(|(_, due)| **due);
            self.first = soonest.map(|(place, _)| place);
        }
        self.first
    }

    fn put(&mut self, place: u32, due: u64) {
        self.due[place as usize] = due;
        let Some(first) = self.first else { return };
        if place == first {
            self.first = None;
        } else if (due, place) < (self.due[first as usize], first) {
            self.first = Some(place);
        }
    }

    fn place(&self, alarm: Alarm) -> u32 {
        match alarm {
            Alarm::Raft(id, Timer::Election) => (id.0 - 1) * 3,
            Alarm::Raft(id, Timer::Heartbeat) => (id.0 - 1) * 3 + 1,
            Alarm::Disk(id) => (id.0 - 1) * 3 + 2,
            Alarm::Ask(id) => (self.servers + id.0 - 1) * 3,
            Alarm::GiveUp(id) => (self.servers + id.0 - 1) * 3 + 1,
            Alarm::Load(id) => (self.servers + id.0 - 1) * 3 + 2,
        }
    }

    fn alarm(&self, place: u32) -> Alarm {
        let (owner, which) = (place / 3, place % 3);
        let (server, client) = (
            NodeId(owner + 1),
            ClientId(owner.wrapping_sub(self.servers).wrapping_add(1)),
        );
        match (owner < self.servers, which) {
            (true, 0) => Alarm::Raft(server, Timer::Election),
            (true, 1) => Alarm::Raft(server, Timer::Heartbeat),
            (true, _) => Alarm::Disk(server),
            (false, 0) => Alarm::Ask(client),
            (false, 1) => Alarm::GiveUp(client),
            (false, _) => Alarm::Load(client),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(due: u64) -> Armed {
        Armed {
            due: WorldTime(due),
            since: WorldTime(0),
            cause: None,
        }
    }

    const ELECTION: Alarm = Alarm::Raft(NodeId(1), Timer::Election);
    const DISK: Alarm = Alarm::Disk(NodeId(2));
    const LOAD: Alarm = Alarm::Load(ClientId(1));

    #[test]
    fn alarms_come_in_the_order_of_their_times_then_of_their_places() {
        let mut alarms = Alarms::new(2, 1);
        alarms.set(LOAD, at(5));
        alarms.set(DISK, at(9));
        alarms.set(ELECTION, at(9));
        let order: Vec<Alarm> = std::iter::from_fn(|| alarms.pop())
            .map(|(alarm, _)| alarm)
            .collect();
        assert_eq!(order, [LOAD, ELECTION, DISK]);
        assert_eq!(alarms.next_at(), None);
    }

    #[test]
    fn an_alarm_set_anew_or_stopped_forgets_its_old_time() {
        let mut alarms = Alarms::new(2, 1);
        alarms.set(ELECTION, at(5));
        alarms.next_at();
        alarms.set(ELECTION, at(20));
        alarms.set(DISK, at(10));
        alarms.set(LOAD, at(15));
        assert_eq!(alarms.next_at(), Some(WorldTime(10)));
        assert_eq!(alarms.stop(DISK), Some(at(10)));
        assert_eq!(alarms.stop(DISK), None);
        assert_eq!(alarms.pop(), Some((LOAD, at(15))));
        assert_eq!(alarms.pop(), Some((ELECTION, at(20))));
    }

    #[test]
    fn a_known_first_alarm_gives_way_to_an_earlier_one() {
        let mut alarms = Alarms::new(2, 1);
        alarms.set(LOAD, at(15));
        alarms.next_at();
        alarms.set(DISK, at(15));
        assert_eq!(alarms.pop(), Some((DISK, at(15))));
    }

    #[test]
    fn every_place_knows_its_alarm() {
        let alarms = Alarms::new(2, 2);
        for place in 0..alarms.due.len() as u32 {
            assert_eq!(alarms.place(alarms.alarm(place)), place);
        }
    }
}
