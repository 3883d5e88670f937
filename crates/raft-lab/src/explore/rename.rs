//! The same, said of servers of other names. Whoever adds a message or an entry that names servers adds it here.

use super::Act;
use super::model::Committed;
use raft_core::{Body, Change, Configuration, Entries, Entry, Input, Message, NodeId, Payload, Snapshot};
use std::sync::Arc;

/// Things that can be said of servers of other names.
pub(super) trait Rename {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Self;
}

impl Rename for Act {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Act {
        let Act::Input(input) = self else {
            return self.clone();
        };
        Act::Input(match input {
            Input::Message(message) => Input::Message(message.renamed(rename)),
            Input::TransferLeadership { to } => Input::TransferLeadership { to: rename(*to) },
            Input::ChangeMembership { id, change } => Input::ChangeMembership {
                id: *id,
                change: change.renamed(rename),
            },
            _ => input.clone(), // of those that are offered, none that names servers
        })
    }
}

impl Rename for Message {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Message {
        Message {
            from: rename(self.from),
            to: rename(self.to),
            term: self.term,
            body: self.body.renamed(rename),
        }
    }
}

impl Rename for Body {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Body {
        let mut body = self.clone();
        match &mut body {
            Body::AppendEntries { entries, .. } => *entries = entries.renamed(rename),
            Body::InstallSnapshot { snapshot } => *snapshot = Arc::new(snapshot.renamed(rename)),
            Body::RequestVote { .. }
            | Body::RequestVoteReply { .. }
            | Body::PreVote { .. }
            | Body::PreVoteReply { .. }
            | Body::TimeoutNow
            | Body::AppendEntriesReply { .. }
            | Body::InstallSnapshotReply { .. }
            | Body::ReadIndex { .. }
            | Body::ReadIndexReply { .. } => {}
        }
        body
    }
}

impl Rename for Entries {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Entries {
        let entries: Vec<Entry> = self.iter().map(|entry| entry.renamed(rename)).collect();
        entries.into()
    }
}

impl Rename for Entry {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Entry {
        Entry {
            term: self.term,
            payload: match &self.payload {
                Payload::Configuration(it) => Payload::Configuration(Arc::new(it.renamed(rename))),
                Payload::Noop | Payload::Command(_) => self.payload.clone(),
            },
        }
    }
}

impl Rename for Snapshot {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Snapshot {
        Snapshot {
            configuration: Arc::new(self.configuration.renamed(rename)),
            ..self.clone()
        }
    }
}

impl Rename for Configuration {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Configuration {
        let list = |ids: &[NodeId]| names(ids.iter().copied(), rename);
        Configuration {
            voters: list(&self.voters),
            outgoing: list(&self.outgoing),
            learners: list(&self.learners),
        }
    }
}

impl Rename for Change {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Change {
        match self {
            Change::AddVoter(id) => Change::AddVoter(rename(*id)),
            Change::AddLearner(id) => Change::AddLearner(rename(*id)),
            Change::Remove(id) => Change::Remove(rename(*id)),
            Change::Voters(ids) => Change::Voters(names(ids.iter().copied(), rename)),
        }
    }
}

impl Rename for Committed {
    fn renamed(&self, rename: &impl Fn(NodeId) -> NodeId) -> Committed {
        self.iter()
            .map(|(entry, by)| (entry.renamed(rename), *by))
            .collect()
    }
}

/// In order of name.
pub(super) fn names(
    ids: impl IntoIterator<Item = NodeId>,
    rename: &impl Fn(NodeId) -> NodeId,
) -> Vec<NodeId> {
    let mut names: Vec<NodeId> = ids.into_iter().map(rename).collect();
    names.sort_unstable();
    names
}
