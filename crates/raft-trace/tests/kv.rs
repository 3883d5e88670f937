//! The store does what it is told, once; a request survives its way through the log.

use proptest::prelude::*;
use raft_core::Command;
use raft_trace::{ClientId, KeyValue, OpId, Operation, Reading, Request};

fn put(key: &str, value: &str) -> Operation {
    Operation::Put {
        key: key.into(),
        value: value.into(),
    }
}

fn del(key: &str) -> Operation {
    Operation::Del { key: key.into() }
}

fn get(key: &str) -> Operation {
    Operation::Get { key: key.into() }
}

fn request(client: u32, op: u32, operation: Operation) -> Request {
    attempt(client, op, 0, operation)
}

fn attempt(client: u32, op: u32, attempt: u32, operation: Operation) -> Request {
    Request {
        client: ClientId(client),
        op: OpId(op),
        attempt,
        operation,
    }
}

fn apply(store: &mut KeyValue, request: &Request) -> Reading {
    store.apply(&request.encode()).expect("an answer to a request")
}

fn found(value: Option<&str>, tag: Option<u32>) -> Reading {
    Reading {
        value: value.map(Into::into),
        tag: tag.map(OpId),
    }
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.-]{1,32}"
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (word(), word()).prop_map(|(key, value)| put(&key, &value)),
        word().prop_map(|key| del(&key)),
        word().prop_map(|key| get(&key)),
    ]
}

proptest! {
    #[test]
    fn a_request_comes_back_from_the_log(client: u32, op: u32, again: u32, operation in operation()) {
        let request = attempt(client, op, again, operation);
        prop_assert_eq!(Request::decode(&request.encode()), Some(request));
    }

    #[test]
    fn what_decodes_is_what_encodes(text in "(C[0-9]{1,2}[.][0-9]{1,2}([+][0-9]{1,2})? )?(put|del|get|set)? ?[a-z=+ ]{0,4}") {
        let command = Command::new(text.as_bytes());
        if let Some(request) = Request::decode(&command) {
            prop_assert_eq!(request.encode(), command);
        }
    }
}

#[test]
fn a_request_in_the_log_can_be_read_by_a_person() {
    for (request, text) in [
        (request(1, 7, put("x", "1")), "C1.7 put x=1"),
        (request(20, 10, del("a.b")), "C20.10 del a.b"),
        (request(0, 0, get("-")), "C0.0 get -"),
        (attempt(1, 7, 2, get("x")), "C1.7+2 get x"),
    ] {
        assert_eq!(request.encode().as_bytes(), text.as_bytes());
        assert_eq!(Request::decode(&Command::new(text.as_bytes())), Some(request));
    }
}

#[test]
fn other_bytes_are_no_request() {
    for bytes in [
        &b""[..],
        b"put x=1",
        b"C1 put x=1",
        b"S1.1 put x=1",
        b"C1.1 put x",
        b"C1.1 put",
        b"C1.1 set x=1",
        b"C-1.1 get x",
        b"C1.4294967296 get x",
        b"C+1.1 get x",
        b"C01.1 get x",
        b"C1.1+0 get x",
        b"C1.1+ get x",
        b"C1.1+01 get x",
        b"C1.1 get \xff",
    ] {
        assert_eq!(
            Request::decode(&Command::new(bytes)),
            None,
            "{}",
            bytes.escape_ascii()
        );
        assert_eq!(KeyValue::default().apply(&Command::new(bytes)), None);
    }
}

#[test]
fn puts_dels_and_gets() {
    let mut store = KeyValue::default();
    assert_eq!(apply(&mut store, &request(1, 1, get("x"))), found(None, None));
    assert_eq!(
        apply(&mut store, &request(1, 2, put("x", "1"))),
        found(None, None)
    );
    assert_eq!(
        apply(&mut store, &request(1, 3, get("x"))),
        found(Some("1"), Some(2))
    );
    apply(&mut store, &request(1, 4, put("y", "3")));
    apply(&mut store, &request(1, 5, put("x", "2")));
    assert_eq!(store.iter().collect::<Vec<_>>(), [("x", "2"), ("y", "3")]);
    apply(&mut store, &request(1, 6, del("x")));
    assert_eq!(store.get("x"), None);
    assert_eq!(store.iter().collect::<Vec<_>>(), [("y", "3")]);
    assert_eq!(store.get("y"), Some("3"));
}

#[test]
fn what_is_gone_is_known_by_who_deleted_it() {
    let mut store = KeyValue::default();
    apply(&mut store, &request(1, 1, del("x")));
    assert_eq!(
        store.read("x"),
        found(None, Some(1)),
        "there was nothing to delete"
    );
    apply(&mut store, &request(2, 2, put("x", "1")));
    apply(&mut store, &request(1, 3, del("x")));
    assert_eq!(store.read("x"), found(None, Some(3)));
    assert_eq!(store.read("y"), found(None, None));
}

#[test]
fn a_repeated_request_is_answered_again_but_not_done_again() {
    let mut store = KeyValue::default();
    apply(&mut store, &request(1, 1, put("x", "old")));
    let read = request(1, 2, get("x"));
    assert_eq!(apply(&mut store, &read), found(Some("old"), Some(1)));
    apply(&mut store, &request(2, 1, put("x", "new")));
    assert_eq!(apply(&mut store, &read), found(Some("old"), Some(1)));
    apply(&mut store, &request(1, 1, put("x", "old")));
    assert_eq!(store.get("x"), Some("new"));
}

#[test]
fn another_attempt_is_done_again_and_leaves_the_same_tag() {
    let mut store = KeyValue::default();
    apply(&mut store, &request(1, 1, put("x", "old")));
    apply(&mut store, &request(2, 2, put("x", "new")));
    apply(&mut store, &attempt(1, 1, 1, put("x", "old")));
    assert_eq!(store.read("x"), found(Some("old"), Some(1)));
    apply(&mut store, &request(2, 3, put("x", "newer")));
    apply(&mut store, &request(1, 1, put("x", "old")));
    apply(&mut store, &attempt(1, 1, 1, put("x", "old")));
    assert_eq!(store.read("x"), found(Some("newer"), Some(3)));
}

#[test]
fn clients_do_not_share_serials() {
    let mut store = KeyValue::default();
    apply(&mut store, &request(1, 5, put("x", "1")));
    apply(&mut store, &request(2, 5, put("x", "2")));
    apply(&mut store, &request(2, 4, put("x", "late")));
    assert_eq!(store.get("x"), Some("2"));
}

proptest! {
    #[test]
    fn a_snapshot_holds_all_of_it(asked in proptest::collection::vec((1..4u32, 1..9u32, 0..3u32, operation()), 0..20)) {
        let mut store = KeyValue::default();
        for (client, op, again, operation) in asked {
            apply(&mut store, &attempt(client, op, again, operation));
        }
        prop_assert_eq!(KeyValue::from_bytes(&store.to_bytes()), store);
    }
}
