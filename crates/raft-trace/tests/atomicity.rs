//! What two-phase commit must not do, each shown to the monitor in a trace made by hand; and what it may.

use raft_core::{Append, Duration, Index, NodeId, Write, WriteId};
use raft_trace::{
    Event, MessageId, Monitor, Packet, Property, Protocol, Seq, TraceEvent, Violation, WorldTime,
};
use two_phase::{Body, Change, Decision, Message, Record, TransactionId};

const ID: TransactionId = TransactionId { client: 1, number: 7 };

/// A world of three servers, told event by event.
#[derive(Default)]
struct Story {
    monitor: Monitor,
    seq: u32,
    now: WorldTime,
    messages: u32,
    /// The last write of each server.
    writes: [u64; 4],
}

impl Story {
    fn new() -> Story {
        let mut story = Story::default();
        story.event(Event::Began {
            servers: 3,
            voters: 3,
            clients: 1,
        });
        story.event(Event::ProtocolChosen {
            protocol: Protocol::TwoPhaseCommit,
        });
        story
    }

    fn event(&mut self, event: Event) {
        self.monitor.observe(&TraceEvent {
            seq: Seq(self.seq),
            at: self.now,
            cause: None,
            event,
        });
        self.seq += 1;
    }

    fn wait(&mut self, ms: u64) {
        self.now = self.now + Duration::millis(ms);
    }

    fn write(&mut self, server: u32, record: &Record) {
        let id = &mut self.writes[server as usize];
        *id += 1;
        let (first, entries) = (Index(*id), record.encode().into());
        let write = Write {
            id: WriteId(*id),
            hard_state: None,
            snapshot: None,
            append: Some(Append { first, entries }),
        };
        let server = NodeId(server);
        self.event(Event::Written { server, write });
    }

    fn sync(&mut self, server: u32) {
        let through = WriteId(self.writes[server as usize]);
        let server = NodeId(server);
        self.event(Event::Synced { server, through });
    }

    fn say(&mut self, from: u32, to: u32, body: Body) {
        let message = Message {
            from: NodeId(from),
            to: NodeId(to),
            transaction: ID,
            body,
        };
        self.event(Event::Sent {
            message: MessageId(self.messages),
            packet: Packet::TwoPhase { message },
            arrives: self.now + Duration::millis(10),
        });
        self.messages += 1;
    }

    /// It is prepared and says so.
    fn vote(&mut self, server: u32) {
        self.write(server, &prepared());
        self.sync(server);
        if server != 1 {
            self.say(server, 1, Body::Vote { refused: None });
        }
    }

    fn end(&mut self, server: u32, decision: Decision) {
        self.write(server, &end(decision));
        self.sync(server);
    }

    fn told(&self) -> Vec<(Property, String)> {
        let words = |v: &Violation| (v.property(), v.evidence.to_string());
        self.monitor.violations().iter().map(words).collect()
    }
}

fn prepared() -> Record {
    let change = Change {
        key: "x".into(),
        value: Some("1".into()),
    };
    Record::Prepared(ID, change)
}

fn end(decision: Decision) -> Record {
    match decision {
        Decision::Commit => Record::Committed(ID),
        Decision::Abort => Record::Aborted(ID),
    }
}

#[test]
fn all_may_commit_what_all_have_voted_for() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    (1..=3).for_each(|server| story.end(server, Decision::Commit));
    assert_eq!(story.told(), []);
}

#[test]
fn two_servers_must_not_end_a_transaction_differently() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    story.end(1, Decision::Commit);
    story.end(2, Decision::Commit);
    story.end(3, Decision::Abort);
    let what = "S3 aborts C1.7, which S1 committed.".to_owned();
    assert_eq!(story.told(), [(Property::Atomicity, what)]);
}

#[test]
fn what_a_loss_of_power_takes_back_was_not_decided() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    story.write(1, &end(Decision::Commit));
    let (server, through, entries) = (NodeId(1), WriteId(1), 0);
    story.event(Event::PoweredOff {
        server,
        through,
        entries,
    });
    (1..=3).for_each(|server| story.end(server, Decision::Abort));
    assert_eq!(story.told(), []);
}

#[test]
fn what_survives_a_loss_of_power_was_decided() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    story.write(1, &end(Decision::Commit));
    let (server, through, entries) = (NodeId(1), WriteId(1), 1);
    story.event(Event::PoweredOff {
        server,
        through,
        entries,
    });
    story.end(2, Decision::Abort);
    let what = "S2 aborts C1.7, which S1 committed.".to_owned();
    assert_eq!(story.told(), [(Property::Atomicity, what)]);
}

#[test]
fn nothing_must_be_done_without_all_votes() {
    let mut story = Story::new();
    (1..=2).for_each(|server| story.vote(server));
    story.write(3, &prepared()); // and says nothing
    story.sync(3);
    story.end(1, Decision::Commit);
    let what = "S1 commits C1.7, for which S3 never voted.".to_owned();
    assert_eq!(story.told(), [(Property::Atomicity, what)]);
}

#[test]
fn a_vote_and_a_decision_must_be_on_disk_before_anybody_is_told() {
    let mut story = Story::new();
    story.write(2, &prepared());
    story.say(2, 1, Body::Vote { refused: None });
    let what = "S2 promises of C1.7 what is not on its disk yet.".to_owned();
    assert_eq!(story.told(), [(Property::Durability, what)]);

    let decision = Decision::Commit;
    for body in [Body::Decided { decision }, Body::Acknowledged] {
        let mut story = Story::new();
        (1..=3).for_each(|server| story.vote(server));
        story.write(1, &end(decision));
        assert_eq!(story.told(), []);
        story.say(1, 2, body);
        assert_eq!(story.told().len(), 1);
    }
}

#[test]
fn the_longest_wait_is_from_a_vote_to_the_end_on_that_disk() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    story.wait(100);
    story.end(2, Decision::Commit);
    let longest = |story: &Story| {
        let wait = story.monitor.longest_wait(story.now).expect("somebody waited");
        (wait.server, wait.transaction, wait.lasted)
    };
    assert_eq!(longest(&story), (NodeId(2), ID, Duration::millis(100)));
    story.wait(50);
    assert_eq!(
        longest(&story),
        (NodeId(3), ID, Duration::millis(150)),
        "it still does"
    );
    story.end(3, Decision::Commit);
    story.wait(1_000);
    assert_eq!(longest(&story), (NodeId(3), ID, Duration::millis(150)));
}

#[test]
fn what_raft_promises_is_not_asked_of_it() {
    let mut story = Story::new();
    (1..=3).for_each(|server| story.vote(server));
    story.write(2, &Record::Aborted(TransactionId { client: 2, number: 8 })); // logs that differ, all of one term
    story.write(3, &Record::Aborted(TransactionId { client: 2, number: 9 }));
    story.wait(60_000); // without a leader
    story.event(Event::Ended);
    assert_eq!(story.told(), []);
}
