//! The few words that stand in cells, on messages and beside marks. Whole sentences are the page's affair.

use crate::frame::MessageKind;
use raft_core::{Body, Command, Configuration, Entry, Index, Message, NodeId, Note, Payload, Term};
use raft_trace::{Endpoint, Event, Operation, Packet, Reply, Request, read_mode_name};
use two_phase::{Decision, Record};

/// What an entry says: `x=1`, `del x`, `get x`, `no-op`.
pub(crate) fn entry(entry: &Entry) -> String {
    match &entry.payload {
        Payload::Noop => "no-op".into(),
        Payload::Configuration(configuration) => members(configuration),
        Payload::Command(command) => match Request::decode(command) {
            Some(request) => operation(&request.operation),
            None => {
                Record::decode(entry).map_or_else(|| format!("{command:?}"), |record| self::record(&record))
            }
        },
    }
}

/// `prepared x=1`, `committed`, `aborted`, `ended`
fn record(record: &Record) -> String {
    match record {
        Record::Prepared(_, change) => format!("prepared {change}"),
        Record::Committed(id) => format!("committed {id}"),
        Record::Aborted(id) => format!("aborted {id}"),
        Record::Ended(id) => format!("ended {id}"),
    }
}

/// `S1 S2 S3`; while it changes `S1 S2 S3 → S1 S2 S4`; with learners in brackets.
fn members(configuration: &Configuration) -> String {
    let names = |ids: &[NodeId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let mut text = names(&configuration.voters);
    if configuration.is_joint() {
        text = format!("{} → {text}", names(&configuration.outgoing));
    }
    if !configuration.learners.is_empty() {
        text.push_str(&format!(" ({})", names(&configuration.learners)));
    }
    text
}

fn operation(operation: &Operation) -> String {
    match operation {
        Operation::Put { key, value } => format!("{key}={value}"),
        other => other.to_string(),
    }
}

/// What a message carries: `x=1`, `3 entries`, `put x=1`, `not leader`; nothing where the kind says it all.
pub(crate) fn packet(packet: &Packet) -> String {
    match packet {
        Packet::Raft { message } => match &message.body {
            Body::AppendEntries { entries, .. } => match &entries[..] {
                [] => String::new(),
                [one] => entry(one),
                many => format!("{} entries", many.len()),
            },
            _ => String::new(),
        },
        Packet::TwoPhase { message } => two_phase(&message.body),
        Packet::Request { command, .. } => request(command),
        Packet::Query { key, mode, .. } => format!("get {key} {}", read_mode_name(*mode)),
        Packet::Response { reply, .. } => match reply {
            Reply::Done { value: None, .. } => "done".into(),
            Reply::Done {
                value: Some(value), ..
            } => value.to_string(),
            Reply::NotLeader { leader: None } => "not leader".into(),
            Reply::NotLeader { leader: Some(leader) } => format!("not leader, ask {leader}"),
            Reply::Aborted => "aborted".into(),
            Reply::NotCoordinator { coordinator } => format!("ask {coordinator}"),
        },
    }
}

fn two_phase(body: &two_phase::Body) -> String {
    match body {
        two_phase::Body::Prepare { change } => change.to_string(),
        two_phase::Body::Vote { refused: None } => "yes".into(),
        two_phase::Body::Vote { refused: Some(_) } => "no".into(),
        two_phase::Body::Decided { decision } => match decision {
            Decision::Commit => "commit".into(),
            Decision::Abort => "abort".into(),
        },
        two_phase::Body::Acknowledged | two_phase::Body::Inquiry | two_phase::Body::Uncertain => {
            String::new()
        }
    }
}

fn request(command: &Command) -> String {
    Request::decode(command).map_or_else(|| format!("{command:?}"), |r| r.operation.to_string())
}

/// The kind of a message.
pub(crate) fn kind(packet: &Packet) -> MessageKind {
    match packet {
        Packet::Raft { message } => match message.body {
            Body::RequestVote { .. } => MessageKind::RequestVote,
            Body::RequestVoteReply { .. } => MessageKind::RequestVoteReply,
            Body::AppendEntries { .. } => MessageKind::AppendEntries,
            Body::AppendEntriesReply { .. } => MessageKind::AppendEntriesReply,
            Body::PreVote { .. } => MessageKind::PreVote,
            Body::PreVoteReply { .. } => MessageKind::PreVoteReply,
            Body::TimeoutNow => MessageKind::TimeoutNow,
            Body::InstallSnapshot { .. } => MessageKind::InstallSnapshot,
            Body::InstallSnapshotReply { .. } => MessageKind::InstallSnapshotReply,
            Body::ReadIndex { .. } => MessageKind::ReadIndex,
            Body::ReadIndexReply { .. } => MessageKind::ReadIndexReply,
        },
        Packet::TwoPhase { message } => match message.body {
            two_phase::Body::Prepare { .. } => MessageKind::Prepare,
            two_phase::Body::Vote { .. } => MessageKind::Vote,
            two_phase::Body::Decided { .. } => MessageKind::Decision,
            two_phase::Body::Acknowledged => MessageKind::Acknowledgement,
            two_phase::Body::Inquiry => MessageKind::Inquiry,
            two_phase::Body::Uncertain => MessageKind::Uncertain,
        },
        Packet::Request { .. } | Packet::Query { .. } => MessageKind::Request,
        Packet::Response { .. } => MessageKind::Response,
    }
}

/// Whether an answer says yes; `None` for a request.
pub(crate) fn success(packet: &Packet) -> Option<bool> {
    match packet {
        Packet::Raft { message } => match message.body {
            Body::RequestVoteReply { granted } | Body::PreVoteReply { granted, .. } => Some(granted),
            Body::AppendEntriesReply { success, .. } => Some(success),
            Body::ReadIndexReply { index, .. } => Some(index.is_some()),
            Body::InstallSnapshotReply { index } => Some(index > Index(0)),
            Body::RequestVote { .. }
            | Body::PreVote { .. }
            | Body::TimeoutNow
            | Body::AppendEntries { .. }
            | Body::InstallSnapshot { .. }
            | Body::ReadIndex { .. } => None,
        },
        Packet::TwoPhase { message } => match &message.body {
            two_phase::Body::Prepare { .. } | two_phase::Body::Inquiry => None,
            two_phase::Body::Vote { refused } => Some(refused.is_none()),
            two_phase::Body::Decided { decision } => Some(*decision == Decision::Commit),
            two_phase::Body::Acknowledged => Some(true),
            two_phase::Body::Uncertain => Some(false),
        },
        Packet::Request { .. } | Packet::Query { .. } => None,
        Packet::Response { reply, .. } => Some(matches!(reply, Reply::Done { .. })),
    }
}

/// How many entries a message carries.
pub(crate) fn entries(packet: &Packet) -> u32 {
    match packet {
        Packet::Raft {
            message:
                Message {
                    body: Body::AppendEntries { entries, .. },
                    ..
                },
        } => entries.len() as u32,
        _ => 0,
    }
}

/// Whether it is an AppendEntries without entries.
pub(crate) fn is_heartbeat(packet: &Packet) -> bool {
    kind(packet) == MessageKind::AppendEntries && entries(packet) == 0
}

/// The sender's term; `None` between clients and servers.
pub(crate) fn term(packet: &Packet) -> Option<Term> {
    match packet {
        Packet::Raft { message } => Some(message.term),
        Packet::TwoPhase { .. } | Packet::Request { .. } | Packet::Query { .. } | Packet::Response { .. } => {
            None
        }
    }
}

/// What stands beside the mark of a rare event: `split S1 S2 | S3 S4 S5`, `loss 10%`.
pub(crate) fn mark(event: &Event) -> String {
    match event {
        Event::Noted {
            note: Note::Truncated { from, through },
            ..
        } if from == through => format!("removed {}", from.0),
        Event::Noted {
            note: Note::Truncated { from, through },
            ..
        } => format!("removed {}–{}", from.0, through.0),
        Event::Partitioned { groups } => {
            let side = |group: &Vec<Endpoint>| {
                group
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            format!(
                "split {}",
                groups.iter().map(side).collect::<Vec<_>>().join(" | ")
            )
        }
        Event::TwoPhaseNoted { note, .. } => match note {
            two_phase::Note::GaveUp { transaction, .. } => format!("abort {transaction}"),
            two_phase::Note::Blocked { transaction } => format!("blocked by {transaction}"),
            two_phase::Note::AcknowledgementCounted { transaction, .. } => format!("commit {transaction}"),
            _ => String::new(),
        },
        Event::PoweredOff { entries: 0, .. } => "power off".into(),
        Event::PoweredOff { .. } => "power off, torn write".into(),
        Event::Paused { .. } => "pause".into(),
        Event::Resumed { .. } => "resume".into(),
        Event::ClockJumped { by, .. } => {
            let sign = if *by < 0 { '−' } else { '+' };
            format!("clock {sign}{} ms", by.unsigned_abs() / 1_000)
        }
        Event::DiskFull { .. } => "disk full".into(),
        Event::DiskStalled { by, .. } => format!("disk stalls {} ms", by.0 / 1_000),
        Event::Noted {
            note: Note::ConfigurationChanged { configuration, .. },
            ..
        } => {
            let kind = if configuration.is_joint() {
                "joint"
            } else {
                "voters"
            };
            format!("{kind} {}", members(configuration))
        }
        Event::LinkCut { from, to } => format!("cut {from}→{to}"),
        Event::Healed => "heal".into(),
        Event::LinkMended { from, to } => format!("mend {from}→{to}"),
        Event::SettingChanged { setting } => setting.to_string(),
        Event::Said { text } => text.to_string(),
        _ => String::new(),
    }
}
