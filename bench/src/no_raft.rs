//! The crate `noraft` and its host. noraft's log knows where terms begin and nothing of commands: its host keeps those beside it, and sends
//! them along with its messages.

use crate::network::Outbox;
use crate::{Command, Durable, Server, View, command, number};
use noraft::{
    Action, ClusterConfig, Log, LogEntries, LogEntry, LogIndex, LogPosition, Node, NodeGeneration, NodeId,
    Term,
};
use std::sync::Arc;

pub struct NoRaft {
    node: Node,
    /// The command at each index, from 1 on; for no-ops the 0th.
    commands: Vec<Command>,
    applied: (u64, u64),
}

/// A message, and the commands of the entries in it.
pub type Envelope = (noraft::Message, Option<Arc<[Command]>>);

impl NoRaft {
    fn work(&mut self, arrived: Option<&Envelope>, out: &mut Outbox<Envelope>) {
        while let Some(action) = self.node.actions_mut().next() {
            match action {
                Action::BroadcastMessage(message) => {
                    let envelope = self.envelope(message);
                    self.node
                        .peers()
                        .for_each(|peer| out.send(peer.get(), envelope.clone()));
                }
                Action::SendMessage(peer, message) => out.send(peer.get(), self.envelope(message)),
                Action::AppendLogEntries(entries) => self.append(&entries, arrived),
                Action::InstallSnapshot(_) => unreachable!("no log is ever compacted"),
                // Disks are instant and there is no clock.
                Action::SetElectionTimeout | Action::SaveCurrentTerm | Action::SaveVotedFor => {}
            }
        }
        let commit = self.node.commit_index().get();
        if self.applied.0 < commit {
            let newly = &self.commands[self.applied.0 as usize..commit as usize];
            self.applied = (
                commit,
                self.applied.1 + newly.iter().map(|c| number(c)).sum::<u64>(),
            );
        }
    }

    fn envelope(&self, message: noraft::Message) -> Envelope {
        let commands = match &message {
            noraft::Message::AppendEntriesCall { entries, .. } if !entries.is_empty() => {
                let (from, to) = (entries.prev_position().index, entries.last_position().index);
                Some(self.commands[from.get() as usize..to.get() as usize].into())
            }
            _ => None,
        };
        (message, commands)
    }

    /// Writes the commands of these entries, which came with a message; what the leader itself appends it has written already.
    fn append(&mut self, entries: &LogEntries, arrived: Option<&Envelope>) {
        let (from, to) = (
            entries.prev_position().index.get(),
            entries.last_position().index.get(),
        );
        if let Some((noraft::Message::AppendEntriesCall { entries, .. }, Some(commands))) = arrived {
            let before = entries.prev_position().index.get();
            self.commands.truncate(from as usize);
            self.commands
                .extend(&commands[(from - before) as usize..(to - before) as usize]);
        }
    }

    /// Keeps as many commands as there are entries.
    fn fit(&mut self) {
        let entries = self.node.log().last_position().index.get();
        self.commands.resize(entries as usize, command(0));
    }
}

impl Server for NoRaft {
    type Message = Envelope;
    const NAME: &'static str = "noraft";
    const READS: bool = false;

    /// The voters are put into an empty snapshot: in the log they would take an index that the others do not use.
    fn start(id: u64, servers: u64, durable: &Durable) -> Self {
        let mut config = ClusterConfig::new();
        config.voters.extend((1..=servers).map(NodeId::new));
        let mut entries = LogEntries::new(LogPosition::ZERO);
        for (term, _) in &durable.log {
            let begins = entries.last_position().term != Term::new(*term);
            entries.push(if begins {
                LogEntry::Term(Term::new(*term))
            } else {
                LogEntry::Command
            });
        }
        let (term, voted_for) = (Term::new(durable.term), durable.voted_for.map(NodeId::new));
        let log = Log::new(config, entries);
        let mut node = Node::restart(NodeId::new(id), NodeGeneration::ZERO, term, voted_for, log);
        node.actions_mut().for_each(drop);
        let commands = durable.log.iter().map(|(_, n)| command(*n)).collect();
        NoRaft {
            node,
            commands,
            applied: (0, 0),
        }
    }

    fn restart(&mut self) {
        let node = &self.node;
        let generation = NodeGeneration::new(node.generation().get() + 1);
        self.node = Node::restart(
            node.id(),
            generation,
            node.current_term(),
            node.voted_for(),
            node.log().clone(),
        );
        self.node.actions_mut().for_each(drop);
        self.applied = (0, 0);
    }

    fn campaign(&mut self, out: &mut Outbox<Envelope>) {
        if !self.node.role().is_leader() {
            self.node.handle_election_timeout();
            self.work(None, out);
        }
    }

    fn beat(&mut self, out: &mut Outbox<Envelope>) {
        self.node.heartbeat();
        self.work(None, out);
    }

    fn propose(&mut self, commands: &[Command], out: &mut Outbox<Envelope>) {
        if self.node.role().is_leader() {
            for command in commands {
                self.node.propose_command();
                self.commands.push(*command);
            }
            self.work(None, out);
        }
    }

    fn receive(&mut self, message: Envelope, out: &mut Outbox<Envelope>) {
        self.node.handle_message(&message.0);
        self.fit(); // it may have shortened its log, or been elected and appended a no-op
        self.work(Some(&message), out);
    }

    /// noraft leaves reads to its host.
    fn read(&mut self, _out: &mut Outbox<Envelope>) {}

    fn reads(&self) -> u64 {
        0
    }

    fn commit(&self) -> u64 {
        self.node.commit_index().get()
    }

    fn voted_for(&self) -> Option<u64> {
        self.node.voted_for().map(NodeId::get)
    }

    fn view(&self) -> View {
        let entries = self.node.log().entries();
        let term = |index| {
            entries
                .get_term(LogIndex::new(index))
                .expect("it is in the log")
                .get()
        };
        View {
            term: self.node.current_term().get(),
            leads: self.node.role().is_leader(),
            commit: self.node.commit_index().get(),
            log: (1..=entries.len() as u64)
                .zip(&self.commands)
                .map(|(i, c)| (term(i), number(c)))
                .collect(),
            applied: self.applied.1,
        }
    }
}
