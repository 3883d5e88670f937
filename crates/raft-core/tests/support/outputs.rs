//! Short ways to ask what a step put out.

use raft_core::{Body, HardState, Index, Message, Note, Output, Timer, Write};

/// The messages to be sent, at once or when durable.
pub fn sent(outputs: &[Output]) -> Vec<&Message> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Send(message) | Output::SendWhenDurable(message) => Some(message),
            _ => None,
        })
        .collect()
}

/// The one message sent.
pub fn only_message(outputs: &[Output]) -> &Message {
    let [message] = sent(outputs)[..] else {
        panic!("one message expected: {outputs:?}")
    };
    message
}

/// Whether every message waits for the disk.
pub fn all_wait_for_disk(outputs: &[Output]) -> bool {
    !outputs.iter().any(|output| matches!(output, Output::Send(_)))
}

/// Whether the one message grants a vote.
pub fn grants(outputs: &[Output]) -> bool {
    match only_message(outputs).body {
        Body::RequestVoteReply { granted } => granted,
        _ => panic!("not an answer to RequestVote: {outputs:?}"),
    }
}

/// What the one message says of an AppendEntries: success, index.
pub fn append_result(outputs: &[Output]) -> (bool, u64) {
    match only_message(outputs).body {
        Body::AppendEntriesReply { success, index, .. } => (success, index.0),
        _ => panic!("not an answer to AppendEntries: {outputs:?}"),
    }
}

/// An AppendEntries taken apart: `prev_log_index`, `prev_log_term`, terms of the entries, `leader_commit`.
pub fn append_parts(message: &Message) -> ((u64, u64), Vec<u64>, u64) {
    match &message.body {
        Body::AppendEntries {
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit,
            ..
        } => (
            (prev_log_index.0, prev_log_term.0),
            entries.iter().map(|e| e.term.0).collect(),
            leader_commit.0,
        ),
        body => panic!("not an AppendEntries: {body:?}"),
    }
}

pub fn notes(outputs: &[Output]) -> Vec<&Note> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Note(note) => Some(note),
            _ => None,
        })
        .collect()
}

pub fn written(outputs: &[Output]) -> Option<&Write> {
    outputs.iter().find_map(|output| match output {
        Output::Write(write) => Some(write),
        _ => None,
    })
}

pub fn written_hard_state(outputs: &[Output]) -> Option<HardState> {
    written(outputs).and_then(|write| write.hard_state)
}

pub fn commits(outputs: &[Output]) -> Option<Index> {
    outputs.iter().find_map(|output| match output {
        Output::Commit(index) => Some(*index),
        _ => None,
    })
}

pub fn sets_election_timer(outputs: &[Output]) -> bool {
    outputs
        .iter()
        .any(|output| matches!(output, Output::SetTimer(Timer::Election, _)))
}
