//! What happened, in words: one line a step.

use super::Act;
use super::bounds::Kind;
use raft_core::{Body, Entry, Input, Message, NodeId, Payload, Timer};

/// `S1 stands for election`, `S2 gets from S1 …`.
pub(super) fn action(kind: Kind, server: NodeId, act: &Act) -> String {
    let Act::Input(input) = act else {
        return match act {
            Act::Crash => format!("{server} loses its power and what is not on disk, and starts again"),
            _ => format!("{server}'s oldest write is on disk"),
        };
    };
    match input {
        Input::TimerFired(Timer::Election) => format!("{server}'s election timer runs out"),
        Input::TimerFired(Timer::Heartbeat) => format!("{server}'s heartbeat timer runs out"),
        Input::Propose { command, .. } => format!("a client proposes {command:?} to {server}"),
        Input::Message(message) => match kind {
            Kind::Drop => format!("lost: {}", text(message)),
            Kind::Duplicate => format!("doubled: {}", text(message)),
            _ => format!("delivered: {}", text(message)),
        },
        other => format!("{server}: {other:?}"),
    }
}

/// `S1 → S2 RequestVote, term 1, log ends at 0 of term 0`.
fn text(message: &Message) -> String {
    let Message { from, to, term, body } = message;
    let body = match body {
        Body::RequestVote {
            last_log_index,
            last_log_term,
            ..
        } => format!(
            "RequestVote, log ends at {} of term {}",
            last_log_index.0, last_log_term.0
        ),
        Body::RequestVoteReply { granted: true } => "vote granted".into(),
        Body::RequestVoteReply { granted: false } => "vote refused".into(),
        Body::AppendEntries {
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit,
            ..
        } => {
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!(
                "AppendEntries [{}] after {} of term {}, commit {}",
                entries.join(" "),
                prev_log_index.0,
                prev_log_term.0,
                leader_commit.0
            )
        }
        Body::AppendEntriesReply {
            success: true, index, ..
        } => format!("append acknowledged through {}", index.0),
        Body::AppendEntriesReply {
            success: false,
            index,
            ..
        } => format!("append refused at {}", index.0),
        other => format!("{other:?}"),
    };
    format!("{from} → {to}, term {}: {body}", term.0)
}

fn entry(entry: &Entry) -> String {
    match &entry.payload {
        Payload::Noop => format!("{}:no-op", entry.term.0),
        Payload::Command(command) => format!("{}:{command:?}", entry.term.0),
        Payload::Configuration(it) => format!("{}:{it:?}", entry.term.0),
    }
}
