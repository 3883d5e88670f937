//! Small worlds, each for one thing that must hold.

mod bandwidth;
mod clients;
mod disk;
mod faults;
mod handling;
mod hostile;
mod loads;
mod network;
mod protocol;
mod story;
mod two_phase;

use raft_core::{Message, Timer};
use raft_sim::World;
use raft_sim::scenario::Scenario;
use raft_trace::{
    ClientId, ClusterState, Endpoint, Event, LostBecause, MessageId, Monitor, Outcome, Packet, TraceEvent,
    WorldTime,
};

/// What came of a scenario.
struct Run {
    trace: Vec<TraceEvent>,
    state: ClusterState,
}

/// Runs a scenario without its first line to the end. After every moment the fold of the trace must be what the world sees of
/// itself; no property may be violated.
fn run(text: &str) -> Run {
    let mut world = World::new(&scenario(text));
    let (mut trace, mut state, mut monitor) = (Vec::new(), ClusterState::default(), Monitor::default());
    loop {
        let before = trace.len();
        if !world.step(&mut trace) {
            break;
        }
        for event in &trace[before..] {
            state.apply(event);
            monitor.observe(event);
        }
        assert!(state == world.view(), "after {:#?}", &trace[before..]);
    }
    assert_eq!(monitor.violations(), []);
    Run { trace, state }
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse(&format!("raft 1\n{text}")).unwrap_or_else(|error| panic!("{error}"))
}

fn ms(n: u64) -> WorldTime {
    WorldTime(n * 1_000)
}

/// A message's way through the network.
#[derive(Debug)]
struct Voyage<'a> {
    sent: &'a TraceEvent,
    original: Option<MessageId>,
    packet: &'a Packet,
    arrives: WorldTime,
    /// When and how it ended; `Ok` if it was delivered.
    end: Option<(WorldTime, Result<(), LostBecause>)>,
}

impl Run {
    fn events<'a, T>(&'a self, pick: impl Fn(&'a Event) -> Option<T>) -> Vec<(WorldTime, T)> {
        self.trace
            .iter()
            .filter_map(|e| Some((e.at, pick(&e.event)?)))
            .collect()
    }

    /// All messages in the order of their numbers.
    fn voyages(&self) -> Vec<Voyage<'_>> {
        let mut voyages: Vec<Voyage<'_>> = Vec::new();
        for event in &self.trace {
            match &event.event {
                Event::Sent { packet, arrives, .. } => voyages.push(Voyage {
                    sent: event,
                    original: None,
                    packet,
                    arrives: *arrives,
                    end: None,
                }),
                Event::Duplicated {
                    original, arrives, ..
                } => voyages.push(Voyage {
                    sent: event,
                    original: Some(*original),
                    packet: voyages[original.0 as usize].packet,
                    arrives: *arrives,
                    end: None,
                }),
                Event::Delivered { message } => voyages[message.0 as usize].end = Some((event.at, Ok(()))),
                Event::Lost { message, because } => {
                    voyages[message.0 as usize].end = Some((event.at, Err(*because)));
                }
                _ => {}
            }
        }
        voyages
    }

    /// The messages that go from here to there.
    fn link(&self, from: Endpoint, to: Endpoint) -> Vec<Voyage<'_>> {
        let on_it = |v: &Voyage<'_>| (v.packet.from(), v.packet.to()) == (from, to);
        self.voyages().into_iter().filter(on_it).collect()
    }

    /// What clients asked servers for: when, and whom.
    fn requests(&self, client: u32) -> Vec<(WorldTime, u32)> {
        self.events(|event| match event {
            Event::Sent {
                packet: Packet::Request { from, to, .. },
                ..
            } if from.0 == client => Some(to.0),
            _ => None,
        })
    }

    /// When a client's operations ended, and how.
    fn outcomes(&self, id: u32) -> Vec<(WorldTime, &Outcome)> {
        self.events(|event| match event {
            Event::Returned { client, outcome, .. } if *client == ClientId(id) => Some(outcome),
            _ => None,
        })
    }

    fn raft_messages(&self) -> Vec<(WorldTime, &Message)> {
        self.events(|event| match event {
            Event::Sent {
                packet: Packet::Raft { message },
                ..
            } => Some(message),
            _ => None,
        })
    }

    fn leaders(&self) -> Vec<u32> {
        let leads = self
            .state
            .servers
            .iter()
            .filter(|s| s.role == raft_core::Role::Leader);
        leads.map(|s| s.id.0).collect()
    }

    fn value(&self, server: usize, key: &str) -> Option<&str> {
        self.state.servers[server - 1].machine.get(key)
    }
}

/// How long a timer was set for, each time.
fn timer_durations(trace: &[TraceEvent], id: u32, which: Timer) -> Vec<u64> {
    let set = trace.iter().filter_map(|e| match e.event {
        Event::TimerSet {
            server,
            timer,
            deadline,
        } if (server.0, timer) == (id, which) => Some(deadline.0 - e.at.0),
        _ => None,
    });
    set.collect()
}
