//! The crate `raft` (raft-rs) and its host, which follows the crate's own example. Its storage is its `MemStorage`.

use crate::network::Outbox;
use crate::{Command, Durable, Server, View, command, number};
use raft::eraftpb::{Entry, HardState, Message, MessageType};
use raft::prelude::{Config, RawNode};
use raft::storage::MemStorage;
use raft::{INVALID_ID, StateRole};
use slog::{Discard, Logger, o};

/// A cautious one asks before it stands for election (PreVote); both hold to a leader they heard.
pub struct Hosted<const CAUTIOUS: bool> {
    node: RawNode<MemStorage>,
    applied: u64,
    asked: u64,
    reads: u64,
}

pub type RaftRs = Hosted<false>;
pub type CautiousRaftRs = Hosted<true>;

/// CheckQuorum is on because only with it raft-rs answers a leader whose term is over, as the paper has it (§5.1).
fn new_node(id: u64, storage: MemStorage, pre_vote: bool) -> RawNode<MemStorage> {
    let config = Config {
        id,
        check_quorum: true,
        pre_vote,
        max_size_per_msg: 1 << 20,
        max_inflight_msgs: 256,
        batch_append: true,
        ..Config::default()
    };
    RawNode::new(&config, storage, &Logger::root(Discard, o!())).expect("the state is sound")
}

impl<const CAUTIOUS: bool> Hosted<CAUTIOUS> {
    /// Does what the node asks for.
    fn work(&mut self, out: &mut Outbox<Message>) {
        while self.node.has_ready() {
            let mut ready = self.node.ready();
            send(ready.take_messages(), out);
            self.apply(&ready.take_committed_entries());
            self.reads += ready.read_states().len() as u64;
            {
                let mut disk = self.node.store().wl();
                disk.append(ready.entries()).expect("the log has no gaps");
                if let Some(hard_state) = ready.hs() {
                    disk.set_hardstate(hard_state.clone());
                }
            }
            send(ready.take_persisted_messages(), out);
            let mut rest = self.node.advance(ready);
            if let Some(commit) = rest.commit_index() {
                self.node.store().wl().mut_hard_state().commit = commit;
            }
            send(rest.take_messages(), out);
            self.apply(&rest.take_committed_entries());
            self.node.advance_apply();
        }
    }

    fn apply(&mut self, entries: &[Entry]) {
        self.applied += entries.iter().map(|entry| number(&entry.data)).sum::<u64>();
    }
}

fn send(messages: Vec<Message>, out: &mut Outbox<Message>) {
    messages
        .into_iter()
        .for_each(|message| out.send(message.to, message));
}

impl<const CAUTIOUS: bool> Server for Hosted<CAUTIOUS> {
    type Message = Message;
    const NAME: &'static str = "raft (raft-rs)";

    fn start(id: u64, servers: u64, durable: &Durable) -> Self {
        let voters: Vec<u64> = (1..=servers).collect();
        let storage = MemStorage::new_with_conf_state((voters, vec![]));
        let entries: Vec<Entry> = (1..)
            .zip(&durable.log)
            .map(|(index, (term, n))| entry(index, *term, *n))
            .collect();
        storage.wl().append(&entries).expect("the log has no gaps");
        let hard_state = HardState {
            term: durable.term,
            vote: durable.voted_for.unwrap_or(INVALID_ID),
            ..HardState::default()
        };
        storage.wl().set_hardstate(hard_state);
        Hosted {
            node: new_node(id, storage, CAUTIOUS),
            applied: 0,
            asked: 0,
            reads: 0,
        }
    }

    /// raft-rs also keeps how far it has committed. It is made to forget it here, as the paper's servers do (Figure 2).
    fn restart(&mut self) {
        let storage = self.node.store().clone();
        storage.wl().mut_hard_state().commit = 0;
        self.node = new_node(self.node.raft.id, storage, CAUTIOUS);
        self.applied = 0;
    }

    fn campaign(&mut self, out: &mut Outbox<Message>) {
        self.node.campaign().expect("it can stand");
        self.work(out);
    }

    fn beat(&mut self, out: &mut Outbox<Message>) {
        self.node.ping();
        self.work(out);
    }

    fn propose(&mut self, commands: &[Command], out: &mut Outbox<Message>) {
        for command in commands {
            let _ = self.node.propose(Vec::new(), command.to_vec()); // fails if it does not lead
        }
        self.work(out);
    }

    fn receive(&mut self, mut message: Message, out: &mut Outbox<Message>) {
        use MessageType::{
            MsgRequestPreVote, MsgRequestPreVoteResponse, MsgRequestVote, MsgRequestVoteResponse,
        };
        // Its votes also tell how far their sender has committed. The paper's do not (Figure 2), so here they are not heard to.
        if let MsgRequestVote | MsgRequestVoteResponse | MsgRequestPreVote | MsgRequestPreVoteResponse =
            message.msg_type
        {
            message.commit = 0;
        }
        // Between any two things an election timeout passes: nobody holds to a leader for long, but for a cautious leader to itself.
        let leads = self.node.raft.state == StateRole::Leader;
        let timeout = self.node.raft.election_timeout();
        self.node.raft.election_elapsed = if leads && CAUTIOUS { 0 } else { timeout };
        self.node.step(message).expect("it is a peer's message");
        self.work(out);
    }

    fn read(&mut self, out: &mut Outbox<Message>) {
        self.asked += 1;
        self.node.read_index(self.asked.to_le_bytes().to_vec());
        self.work(out);
    }

    fn reads(&self) -> u64 {
        self.reads
    }

    fn commit(&self) -> u64 {
        self.node.raft.raft_log.committed
    }

    fn voted_for(&self) -> Option<u64> {
        Some(self.node.raft.vote).filter(|id| *id != INVALID_ID)
    }

    fn view(&self) -> View {
        let raft = &self.node.raft;
        View {
            term: raft.term,
            leads: raft.state == StateRole::Leader,
            commit: raft.raft_log.committed,
            log: raft
                .raft_log
                .all_entries()
                .iter()
                .map(|entry| (entry.term, number(&entry.data)))
                .collect(),
            applied: self.applied,
        }
    }
}

fn entry(index: u64, term: u64, n: u64) -> Entry {
    let data = if n == 0 { Vec::new() } else { command(n).to_vec() };
    Entry {
        index,
        term,
        data: data.into(),
        ..Entry::default()
    }
}
