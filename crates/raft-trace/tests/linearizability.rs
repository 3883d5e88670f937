//! What clients saw, made by hand: what is right, what is not, and who is to blame.

use raft_core::ReadMode;
use raft_trace::linearizability::wgl::{self, By};
use raft_trace::linearizability::{Although, Anomaly, History, Linearizability, Record, Verdict};
use raft_trace::{
    ClientId, Event, Evidence, Monitor, OpId, Operation, Outcome, Property, Seq, TraceEvent, Violation,
    WorldTime,
};
use std::sync::Arc;

/// A trace of nothing but operations, one event after another, 100 ms apart.
#[derive(Default)]
struct Clients {
    events: Vec<TraceEvent>,
    ops: u32,
}

impl Clients {
    fn new() -> Clients {
        let mut clients = Clients::default();
        clients.happens(Event::Began {
            servers: 3,
            voters: 3,
            clients: 3,
        });
        clients
    }

    fn happens(&mut self, event: Event) {
        let seq = self.events.len() as u32;
        self.events.push(TraceEvent {
            seq: Seq(seq),
            at: WorldTime(u64::from(seq) * 100_000),
            cause: None,
            event,
        });
    }

    fn begins(&mut self, client: u32, operation: Operation) -> OpId {
        let op = OpId(self.ops);
        self.ops += 1;
        self.happens(Event::Invoked {
            client: ClientId(client),
            op,
            operation,
        });
        op
    }

    fn ends(&mut self, client: u32, op: OpId, outcome: Outcome) {
        let client = ClientId(client);
        self.happens(Event::Returned { client, op, outcome });
    }

    fn done(&mut self, client: u32, op: OpId) {
        self.ends(
            client,
            op,
            Outcome::Ok {
                value: None,
                tag: None,
            },
        );
    }

    fn finds(&mut self, client: u32, op: OpId, value: Option<&str>, tag: Option<OpId>) {
        let value = value.map(Into::into);
        self.ends(client, op, Outcome::Ok { value, tag });
    }

    /// C1 writes, and is told so at once.
    fn put(&mut self, value: &str) -> OpId {
        let op = self.begins(1, put(value));
        self.done(1, op);
        op
    }

    /// A client reads in one go.
    fn get(&mut self, client: u32, value: Option<&str>, tag: Option<OpId>) -> OpId {
        let op = self.begins(client, get());
        self.finds(client, op, value, tag);
        op
    }

    fn verdict(&self) -> Verdict {
        let mut all = Linearizability::default();
        self.events.iter().for_each(|event| all.observe(event));
        let mut history = History::default();
        self.events.iter().for_each(|event| history.observe(event));
        let whole: Vec<Arc<Record>> = history.records().iter().cloned().map(Arc::new).collect();
        assert_eq!(Linearizability::of(&whole), *all.verdict(), "whole");
        let records: Vec<&Record> = history.records().iter().collect();
        let searched = wgl::is_linearizable(&records, By::Tags, 100_000);
        assert_eq!(searched, Some(*all.verdict() == Verdict::Yes), "by search");
        all.verdict().clone()
    }

    #[track_caller]
    fn is_fine(&self) {
        assert_eq!(self.verdict(), Verdict::Yes);
    }

    /// The last event showed it.
    #[track_caller]
    fn anomaly(&self) -> Anomaly {
        match self.verdict() {
            Verdict::No { since, because } => {
                assert_eq!(Some(since.seq), self.events.last().map(|event| event.seq));
                *because
            }
            verdict => panic!("{verdict:?}"),
        }
    }

    #[track_caller]
    fn is_broken(&self, guilty: &[OpId], sentence: &str) {
        let anomaly = self.anomaly();
        assert_eq!(
            (anomaly.to_string().as_str(), &anomaly.guilty[..]),
            (sentence, guilty)
        );
    }
}

fn put(value: &str) -> Operation {
    Operation::Put {
        key: "x".into(),
        value: value.into(),
    }
}

fn get() -> Operation {
    Operation::Get { key: "x".into() }
}

fn del() -> Operation {
    Operation::Del { key: "x".into() }
}

#[test]
fn one_after_the_other_each_sees_the_last() {
    let mut clients = Clients::new();
    clients.get(2, None, None);
    let one = clients.put("1");
    clients.get(2, Some("1"), Some(one));
    let gone = clients.begins(1, del());
    clients.done(1, gone);
    clients.get(3, None, Some(gone));
    clients.is_fine();
}

#[test]
fn what_is_written_meanwhile_may_be_seen_or_not() {
    let mut clients = Clients::new();
    let one = clients.begins(1, put("1"));
    clients.get(2, None, None);
    clients.get(3, Some("1"), Some(one));
    clients.done(1, one);
    clients.is_fine();
}

#[test]
fn a_stale_read() {
    let mut clients = Clients::new();
    let one = clients.put("1");
    let two = clients.put("2");
    let stale = clients.get(2, Some("1"), Some(one));
    let sentence = "get x returned 1 at 0.6 s although put x=2 was acknowledged at 0.4 s.";
    clients.is_broken(&[one, two, stale], sentence);
}

#[test]
fn a_stale_read_of_a_value_that_was_written_twice() {
    let mut clients = Clients::new();
    let one = clients.put("1");
    let two = clients.put("1");
    let stale = clients.get(2, Some("1"), Some(one));
    let sentence =
        "get x returned 1 at 0.6 s although put x=1 was acknowledged at 0.4 s, and this 1 is an earlier one.";
    clients.is_broken(&[one, two, stale], sentence);
}

#[test]
fn a_lost_write() {
    let mut clients = Clients::new();
    let one = clients.put("1");
    let lost = clients.get(2, None, None);
    let sentence = "get x found nothing at 0.4 s although put x=1 was acknowledged at 0.2 s.";
    clients.is_broken(&[one, lost], sentence);
}

#[test]
fn reads_that_go_back() {
    let mut clients = Clients::new();
    let one = clients.put("1");
    let two = clients.begins(1, put("2"));
    let new = clients.get(2, Some("2"), Some(two));
    let old = clients.get(3, Some("1"), Some(one));
    let sentence = "get x returned 1 at 0.7 s although C2's get x had returned 2, written later, at 0.5 s.";
    clients.is_broken(&[one, new, old], sentence);
}

#[test]
fn a_read_of_a_failed_write_whichever_is_known_first() {
    let mut clients = Clients::new();
    let one = clients.begins(1, put("1"));
    clients.ends(1, one, Outcome::Failed);
    let read = clients.get(2, Some("1"), Some(one));
    clients.is_broken(&[one, read], "get x returned 1 at 0.4 s although put x=1 failed.");

    let mut clients = Clients::new();
    let one = clients.begins(1, put("1"));
    let read = clients.get(2, Some("1"), Some(one));
    clients.is_fine();
    clients.ends(1, one, Outcome::Failed);
    clients.is_broken(&[one, read], "get x returned 1 at 0.3 s although put x=1 failed.");
}

#[test]
fn a_read_of_what_nobody_wrote() {
    let mut clients = Clients::new();
    let read = clients.get(2, Some("1"), Some(OpId(1)));
    clients.is_broken(
        &[read],
        "get x returned 1 at 0.2 s, which nobody had begun to write.",
    );
}

#[test]
fn four_may_be_needed_to_show_it() {
    let mut clients = Clients::new();
    let one = clients.begins(1, put("1"));
    let two = clients.begins(2, put("2"));
    let first = clients.get(3, Some("2"), Some(two));
    clients.done(1, one);
    let late = clients.begins(3, get());
    let again = clients.begins(1, get());
    clients.finds(3, late, Some("2"), Some(two));
    clients.is_fine();
    clients.finds(1, again, Some("1"), Some(one));
    let sentence = "get x returned 1 at 0.9 s although C3's get x had returned 2, written later, at 0.4 s.";
    clients.is_broken(&[one, first, late, again], sentence);
}

#[test]
fn an_unknown_write_may_be_done_at_any_time_or_never_but_not_undone() {
    let mut clients = Clients::new();
    let one = clients.begins(1, put("1"));
    clients.ends(1, one, Outcome::Unknown);
    let two = clients.put("2");
    clients.get(2, Some("2"), Some(two));
    let seen = clients.get(2, Some("1"), Some(one));
    clients.is_fine();
    let back = clients.get(2, Some("2"), Some(two));
    let sentence = "get x returned 2 at 1.0 s although C2's get x had returned 1, written later, at 0.8 s.";
    clients.is_broken(&[two, seen, back], sentence);
}

#[test]
fn reads_without_an_answer_saw_nothing() {
    for outcome in [Outcome::Unknown, Outcome::Failed] {
        let mut clients = Clients::new();
        let read = clients.begins(2, get());
        clients.put("1");
        clients.ends(2, read, outcome);
        clients.get(2, Some("1"), Some(OpId(1)));
        clients.is_fine();
    }
}

#[test]
fn keys_are_judged_apart() {
    let mut clients = Clients::new();
    clients.put("1");
    let other = clients.begins(2, Operation::Get { key: "y".into() });
    clients.finds(2, other, None, None);
    let mut all = Linearizability::default();
    clients.events.iter().for_each(|event| all.observe(event));
    assert_eq!(*all.verdict(), Verdict::Yes);
}

#[test]
fn what_is_broken_stays_so() {
    let mut clients = Clients::new();
    clients.put("1");
    clients.get(2, None, None);
    let first = clients.verdict();
    clients.put("2");
    clients.get(2, None, None);
    assert_eq!(clients.verdict(), first);
}

/// The property is about what was promised; the verdict about everything.
#[test]
fn who_was_promised_nothing_breaks_no_property() {
    let with = |mode, then: Option<Operation>| {
        let mut clients = Clients::new();
        clients.put("1");
        let key = "x".into();
        let read = clients.begins(2, Operation::Read { key, mode });
        clients.finds(2, read, None, None);
        if let Some(operation) = then {
            let read = clients.begins(2, operation);
            clients.finds(2, read, None, None);
        }
        let mut monitor = Monitor::default();
        clients.events.iter().for_each(|event| monitor.observe(event));
        assert!(matches!(monitor.linearizable(), Verdict::No { .. }));
        let broken = monitor.violations().iter().map(Violation::property);
        broken.collect::<Vec<_>>()
    };
    assert_eq!(with(ReadMode::ReadIndex, None), [Property::Linearizability]);
    assert_eq!(with(ReadMode::Stale, None), []);
    assert_eq!(with(ReadMode::LeaderLocal, None), []);
    assert_eq!(with(ReadMode::Stale, Some(get())), [Property::Linearizability]);
}

#[test]
fn a_read_of_what_was_applied_twice_says_so() {
    let mut clients = Clients::new();
    let one = clients.put("1");
    let two = clients.put("2");
    let mut all = Linearizability::default();
    all.applied_twice(one);
    let old = clients.get(2, Some("1"), Some(one));
    clients.events.iter().for_each(|event| all.observe(event));
    let Verdict::No { because, .. } = all.verdict() else {
        panic!()
    };
    assert!(matches!(because.although, Although::Acknowledged { .. }) && because.twice);
    assert_eq!(because.guilty, [one, two, old]);
    let sentence =
        "get x returned 1 at 0.6 s although put x=2 was acknowledged at 0.4 s: it was applied twice.";
    assert_eq!(because.to_string(), sentence);
    let evidence = Evidence::NotLinearizable {
        because: because.clone(),
    };
    assert_eq!(evidence.to_string(), sentence);
}

#[test]
fn more_writes_than_can_be_followed_are_not_judged() {
    let mut clients = Clients::new();
    let mut all = Linearizability::default();
    for _ in 0..=100_000 {
        let op = clients.begins(1, put("1"));
        clients.ends(1, op, Outcome::Unknown);
    }
    clients.get(2, None, None);
    let last = clients.events.len() - 3;
    clients.events[..last].iter().for_each(|event| all.observe(event));
    assert_eq!(*all.verdict(), Verdict::Yes);
    clients.events[last..].iter().for_each(|event| all.observe(event));
    let Verdict::Unknown { since } = all.verdict() else {
        panic!("{:?}", all.verdict())
    };
    assert_eq!(since.seq, Seq(last as u32));
}
