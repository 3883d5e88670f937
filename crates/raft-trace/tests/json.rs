//! What crosses to JavaScript and into trace files.

use raft_core::{Entries, Index, Message, NodeId, Term};
use raft_trace::samples::samples;
use raft_trace::{Event, Evidence, LostBecause, MessageId, Packet, Seq, TraceEvent, Violation, WorldTime};
use serde_json::{Value, json};

fn at_12_ms(event: Event) -> TraceEvent {
    TraceEvent {
        seq: Seq(7),
        at: WorldTime(12_000),
        cause: Some(Seq(3)),
        event,
    }
}

#[test]
fn a_heartbeat() {
    let body = raft_core::Body::AppendEntries {
        prev_log_index: Index(2),
        prev_log_term: Term(1),
        entries: Entries::NONE,
        leader_commit: Index(2),
        round: raft_core::Round(3),
    };
    let (from, to, term) = (NodeId(1), NodeId(2), Term(1));
    let message = Message { from, to, term, body };
    let event = at_12_ms(Event::Sent {
        message: MessageId(5),
        packet: Packet::Raft { message },
        arrives: WorldTime(24_345),
    });
    let expected = json!({
        "seq": 7,
        "atUs": 12_000,
        "cause": 3,
        "event": {
            "type": "Sent",
            "message": 5,
            "packet": {
                "type": "Raft",
                "message": {
                    "from": 1, "to": 2, "term": 1,
                    "body": { "type": "AppendEntries", "prevLogIndex": 2, "prevLogTerm": 1, "entries": [], "leaderCommit": 2, "round": 3 },
                },
            },
            "arrivesUs": 24_345,
        },
    });
    assert_eq!(serde_json::to_value(event).unwrap(), expected);
}

#[test]
fn a_lost_message_without_a_cause() {
    let mut event = at_12_ms(Event::Lost {
        message: MessageId(5),
        because: LostBecause::ReceiverDown,
    });
    event.cause = None;
    let text = serde_json::to_string(&event).unwrap();
    let expected =
        r#"{"seq":7,"atUs":12000,"cause":null,"event":{"type":"Lost","message":5,"because":"receiverDown"}}"#;
    assert_eq!(text, expected);
}

#[test]
fn a_violation() {
    let evidence = Evidence::TwoLeaders {
        term: Term(2),
        first: NodeId(1),
        second: NodeId(3),
    };
    let (seq, at) = (Seq(9), WorldTime(50));
    let violation = Violation { seq, at, evidence };
    let expected = json!({
        "seq": 9,
        "atUs": 50,
        "evidence": { "type": "TwoLeaders", "term": 2, "first": 1, "second": 3 },
    });
    assert_eq!(serde_json::to_value(violation).unwrap(), expected);
}

/// A page tells events apart by `type`, and looks for fields by name: no event may be a bare word or a list, no name in snake case.
#[test]
fn every_event_is_an_object_with_a_type_and_fields_in_camel_case() {
    fn check(value: &Value) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, field)| {
                assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
                check(field);
            }),
            Value::Array(values) => values.iter().for_each(check),
            _ => {}
        }
    }
    for event in samples(|| 1) {
        let value = serde_json::to_value(event).unwrap();
        assert!(value["type"].is_string(), "{value}");
        check(&value);
    }
}
