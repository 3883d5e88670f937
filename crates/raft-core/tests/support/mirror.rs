//! A second opinion on a server's state, made from its outputs alone.

use raft_core::{
    Configuration, Durable, HardState, Index, Log, NodeId, Note, Output, ProgressState, Raft, Role, Term,
    Timer,
};

/// Everything that can be known of a server from what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    id: NodeId,
    configuration: Configuration,
    role: Role,
    hard_state: HardState,
    leader: Option<NodeId>,
    transfer: Option<NodeId>,
    votes: Vec<NodeId>,
    log: Log,
    commit_index: Index,
    /// Server, state, `next_index`, `match_index`.
    progress: Vec<(NodeId, ProgressState, Index, Index)>,
}

impl Mirror {
    /// A server that starts from this.
    pub fn starting(id: NodeId, voters: &[NodeId], durable: &Durable) -> Mirror {
        Mirror {
            id,
            configuration: Configuration::of(voters),
            role: Role::Follower,
            hard_state: durable.hard_state,
            leader: None,
            transfer: None,
            votes: Vec::new(),
            log: durable.log.clone(),
            commit_index: durable.log.base().0,
            progress: Vec::new(),
        }
    }

    /// What a server shows of itself.
    pub fn of(raft: &Raft) -> Mirror {
        Mirror {
            id: raft.id(),
            configuration: raft.configuration().clone(),
            role: raft.role(),
            hard_state: raft.hard_state(),
            leader: raft.leader(),
            transfer: raft.transfer(),
            votes: raft.votes().to_vec(),
            log: raft.log().clone(),
            commit_index: raft.commit_index(),
            progress: raft
                .progress()
                .iter()
                .map(|p| (p.server, p.state(), p.next_index, p.match_index))
                .collect(),
        }
    }

    /// Follows one output.
    pub fn apply(&mut self, output: &Output) {
        match output {
            Output::Write(write) => {
                if let Some(snapshot) = &write.snapshot {
                    self.log.compact(snapshot.last_index, snapshot.last_term);
                }
                if let Some(append) = &write.append {
                    self.log.replace_from(append.first, &append.entries);
                }
                if let Some(hard_state) = write.hard_state {
                    assert_eq!(
                        hard_state, self.hard_state,
                        "the notes said otherwise than the write"
                    );
                }
            }
            Output::Commit(index) => self.commit_index = *index,
            Output::Restore(snapshot) => self.commit_index = snapshot.last_index,
            Output::Note(note) => self.note(note),
            _ => {}
        }
    }

    fn note(&mut self, note: &Note) {
        match note {
            Note::Became { role, term } => self.became(*role, *term),
            Note::VoteGranted { candidate } => self.hard_state.voted_for = Some(*candidate),
            Note::VoteCounted { voter } => {
                self.votes.push(*voter);
                self.votes.sort_unstable();
            }
            Note::TransferStarted { to } => self.transfer = Some(*to),
            Note::TransferAborted { to } => {
                assert_eq!(self.transfer.take(), Some(*to), "nothing to abort");
            }
            Note::ConfigurationChanged { configuration, .. } => {
                self.configuration = (**configuration).clone();
                if self.role == Role::Leader {
                    self.follow_members();
                }
            }
            Note::LeaderKnown { leader } => self.leader = Some(*leader),
            Note::Truncated { from, through } => {
                assert_eq!(*through, self.log.last_index(), "a truncation reaches to the end");
                self.log.truncate_from(*from);
            }
            Note::Progress {
                follower,
                state,
                next_index,
                match_index,
            } => {
                for known in self.progress.iter_mut().filter(|p| p.0 == *follower) {
                    *known = (*follower, *state, *next_index, *match_index);
                }
            }
            Note::ChangeRefused { .. }
            | Note::VoteRefused { .. }
            | Note::AppendRefused { .. }
            | Note::PreVoteGranted { .. }
            | Note::QuorumLost
            | Note::TransferRefused { .. }
            | Note::Ignored { .. } => {}
        }
    }

    fn became(&mut self, role: Role, term: Term) {
        if term != self.hard_state.term {
            self.hard_state = HardState {
                term,
                voted_for: None,
            };
        }
        self.role = role;
        self.progress.clear();
        if role == Role::Leader {
            self.leader = Some(self.id);
            self.follow_members();
        } else {
            self.leader = None;
            self.votes.clear();
            self.transfer = None;
        }
    }
}

impl Mirror {
    /// A leader keeps the progress of everybody else in its configuration.
    fn follow_members(&mut self) {
        let next_index = self.log.last_index().next();
        let known = std::mem::take(&mut self.progress);
        let of = |id: NodeId| {
            let found = known.iter().find(|p| p.0 == id).copied();
            found.unwrap_or((id, ProgressState::Probe, next_index, Index(0)))
        };
        let peers = self.configuration.members().filter(|peer| *peer != self.id);
        self.progress = peers.map(of).collect();
    }
}

/// Checks that the outputs of one step come in the order their documentation promises.
pub fn check_order(outputs: &[Output]) {
    let rank = |output: &Output| match output {
        Output::Note(_) | Output::StopTimer(_) => 1,
        Output::Accepted { .. } | Output::Refused { .. } => 2,
        Output::Write(_) => 3,
        Output::Commit(_) | Output::Restore(_) => 4,
        Output::Send(_) | Output::SendWhenDurable(_) => 5,
        Output::SetTimer(..) => 6,
        Output::ReadReady { .. } | Output::ReadRefused { .. } => 7,
    };
    // At the end stands what reads and a transfer bring about: answers and messages.
    let of_reads = outputs
        .iter()
        .rev()
        .take_while(|o| matches!(rank(o), 5 | 7))
        .count();
    let before = &outputs[..outputs.len() - of_reads];
    assert!(before.is_sorted_by_key(rank), "out of order: {outputs:?}");
    let at_most_one = |what: fn(&Output) -> bool| outputs.iter().filter(|o| what(o)).count() <= 1;
    assert!(at_most_one(|o| matches!(o, Output::Write(_))), "{outputs:?}");
    assert!(
        at_most_one(|o| matches!(o, Output::Commit(_) | Output::Restore(_))),
        "{outputs:?}"
    );
    assert!(
        at_most_one(|o| matches!(o, Output::SetTimer(Timer::Election, _))),
        "{outputs:?}"
    );
}
