//! Short ways to write messages and entries.

use raft_core::{Body, Command, Entries, Entry, Index, Message, NodeId, Payload, Round, Snapshot, Term};

fn message(from: u32, to: u32, term: u64, body: Body) -> Message {
    Message {
        from: NodeId(from),
        to: NodeId(to),
        term: Term(term),
        body,
    }
}

/// RequestVote of a candidate whose log ends at `(index, term)`.
pub fn request_vote(from: u32, to: u32, term: u64, last: (u64, u64)) -> Message {
    let body = Body::RequestVote {
        last_log_index: Index(last.0),
        last_log_term: Term(last.1),
        transfer: false,
    };
    message(from, to, term, body)
}

/// The answer to a RequestVote.
pub fn vote_reply(from: u32, to: u32, term: u64, granted: bool) -> Message {
    message(from, to, term, Body::RequestVoteReply { granted })
}

/// AppendEntries after the entry at `(index, term)`, with entries of these terms.
pub fn append(from: u32, to: u32, term: u64, prev: (u64, u64), terms: &[u64], leader_commit: u64) -> Message {
    let body = Body::AppendEntries {
        prev_log_index: Index(prev.0),
        prev_log_term: Term(prev.1),
        entries: entries(terms),
        leader_commit: Index(leader_commit),
        round: Round(0),
    };
    message(from, to, term, body)
}

/// The answer to an AppendEntries.
pub fn append_reply(from: u32, to: u32, term: u64, success: bool, index: u64) -> Message {
    let body = Body::AppendEntriesReply {
        success,
        index: Index(index),
        conflict: None,
        round: Round(0),
    };
    message(from, to, term, body)
}

/// InstallSnapshot of a snapshot that ends at `(index, term)`.
pub fn install(from: u32, to: u32, term: u64, snapshot: &Snapshot) -> Message {
    let snapshot = std::sync::Arc::new(snapshot.clone());
    message(from, to, term, Body::InstallSnapshot { snapshot })
}

/// An entry of this term. Entries of one term made here all say the same, as Log Matching wants it for one index.
pub fn entry(term: u64) -> Entry {
    Entry {
        term: Term(term),
        payload: Payload::Command(command(&format!("of term {term}"))),
    }
}

/// Entries of these terms.
pub fn entries(terms: &[u64]) -> Entries {
    terms.iter().map(|term| entry(*term)).collect::<Vec<_>>().into()
}

/// A command that says this.
pub fn command(text: &str) -> Command {
    Command::new(text.as_bytes())
}
