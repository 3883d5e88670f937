//! How large messages are: only that matters to a link of limited bandwidth.

use raft_core::{Body, Entry, Payload};
use raft_trace::{Packet, Reply};

/// Around every message: Ethernet, IP and TCP (66 bytes), then who says it to whom in which term, and a few numbers.
const HEADER: u64 = 100;
/// Around every entry: its term, its kind, how long it is.
const ENTRY: u64 = 16;
/// The name of a server.
const NAME: u64 = 4;

/// An estimate of the bytes that a packet takes on the wire: its header, and whatever it carries that can be long.
pub(crate) fn bytes_of(packet: &Packet) -> u64 {
    let carried = match packet {
        Packet::Raft { message } => match &message.body {
            Body::AppendEntries { entries, .. } => entries.iter().map(entry).sum(),
            Body::InstallSnapshot { snapshot } => {
                let names = snapshot.configuration.members().count() as u64;
                snapshot.data.len() as u64 + names * NAME
            }
            _ => 0,
        },
        Packet::TwoPhase { message } => match &message.body {
            two_phase::Body::Prepare { change } => {
                let value = change.value.as_ref().map_or(0, |value| value.len());
                (change.key.len() + value) as u64
            }
            _ => 0,
        },
        Packet::Request { command, .. } => command.as_bytes().len() as u64,
        Packet::Query { key, .. } => key.len() as u64,
        Packet::Response { reply, .. } => match reply {
            Reply::Done { value, .. } => value.as_ref().map_or(0, |value| value.len() as u64),
            Reply::NotLeader { .. } | Reply::Aborted | Reply::NotCoordinator { .. } => 0,
        },
    };
    HEADER + carried
}

fn entry(entry: &Entry) -> u64 {
    let payload = match &entry.payload {
        Payload::Noop => 0,
        Payload::Command(command) => command.as_bytes().len() as u64,
        Payload::Configuration(configuration) => configuration.members().count() as u64 * NAME,
    };
    ENTRY + payload
}

#[cfg(test)]
mod tests {
    use super::*;
    use raft_core::{Command, Configuration, Entries, Index, Message, NodeId, Round, Snapshot, Term};
    use raft_trace::{ClientId, OpId};
    use std::sync::Arc;

    fn raft(body: Body) -> u64 {
        let message = Message {
            from: NodeId(1),
            to: NodeId(2),
            term: Term(1),
            body,
        };
        bytes_of(&Packet::Raft { message })
    }

    fn append(entries: Vec<Entry>) -> u64 {
        raft(Body::AppendEntries {
            prev_log_index: Index(1),
            prev_log_term: Term(1),
            entries: Entries::from(entries),
            leader_commit: Index(1),
            round: Round(1),
        })
    }

    fn entry(payload: Payload) -> Entry {
        Entry {
            term: Term(1),
            payload,
        }
    }

    fn configuration() -> Arc<Configuration> {
        Arc::new(Configuration::of(&[NodeId(1), NodeId(2), NodeId(3)]))
    }

    #[test]
    fn a_message_that_carries_nothing_is_a_header() {
        assert_eq!(raft(Body::TimeoutNow), 100);
        assert_eq!(append(Vec::new()), 100);
    }

    #[test]
    fn every_entry_counts_with_its_command() {
        let put = || entry(Payload::Command(Command::new(b"C1.7 put x=1")));
        assert_eq!(append(vec![put()]), 100 + 16 + 12);
        let others = vec![
            put(),
            entry(Payload::Noop),
            entry(Payload::Configuration(configuration())),
        ];
        assert_eq!(append(others), 100 + (16 + 12) + 16 + (16 + 3 * 4));
    }

    #[test]
    fn a_snapshot_counts_with_all_its_data() {
        let snapshot = Snapshot {
            last_index: Index(9),
            last_term: Term(1),
            configuration: configuration(),
            data: vec![0; 10_000].into(),
        };
        let snapshot = Arc::new(snapshot);
        assert_eq!(raft(Body::InstallSnapshot { snapshot }), 100 + 10_000 + 3 * 4);
    }

    #[test]
    fn what_clients_say_and_hear_counts() {
        let (client, server, op) = (ClientId(1), NodeId(2), OpId(3));
        let request = Packet::Request {
            from: client,
            to: server,
            op,
            command: Command::new(b"C1.7 put x=1"),
        };
        assert_eq!(bytes_of(&request), 112);
        let response = |reply| {
            bytes_of(&Packet::Response {
                from: server,
                to: client,
                op,
                reply,
            })
        };
        assert_eq!(response(Reply::NotLeader { leader: None }), 100);
        let (value, tag) = (Some("12345".into()), None);
        assert_eq!(response(Reply::Done { value, tag }), 105);
    }
}
