//! `raft-core` and its host.

use crate::network::Outbox;
use crate::{Command, Durable, Server, View, number};
use raft_core::{
    Config, Duration, Entry, Index, Input, Instant, Log, Message, NodeId, Output, Payload, ProposalId, Raft,
    ReadId, ReadMode, Repair, Role, Term, Timer,
};

/// A server that keeps up to `INFLIGHT` AppendEntries under way to a follower. With 1 it follows the paper to the letter; with more it
/// also finds by conflicting terms where logs agree. A cautious one asks before it stands for election (PreVote), and holds to its leader.
pub struct Core<const INFLIGHT: u32, const CAUTIOUS: bool> {
    raft: Raft,
    /// Between any two things that happen to it an election timeout passes: it never holds to a leader for long.
    now: Instant,
    out: Vec<Output>,
    applied: (Index, u64),
    reads: u64,
}

/// As the paper has it.
pub type Paper = Core<1, false>;
/// As one would run it.
pub type Pipelined = Core<4, false>;
/// With the thesis's extensions to elections.
pub type Cautious = Core<4, true>;

impl<const INFLIGHT: u32, const CAUTIOUS: bool> Core<INFLIGHT, CAUTIOUS> {
    fn step(&mut self, input: Input, out: &mut Outbox<Message>) {
        self.now = self.now + Duration::secs(1);
        self.raft.step(self.now, input, &mut self.out);
        self.obey(out);
    }

    /// Obeys what has come out; what was written together is synced together.
    fn obey(&mut self, out: &mut Outbox<Message>) {
        while !self.out.is_empty() {
            let mut written = None;
            for output in self.out.drain(..) {
                match output {
                    Output::Send(message) | Output::SendWhenDurable(message) => {
                        out.send(u64::from(message.to.0), message);
                    }
                    Output::Write(write) => written = Some(write.id), // the log in memory serves as the disk
                    Output::Commit(index) => apply(&mut self.applied, self.raft.log(), index),
                    Output::ReadReady { .. } => self.reads += 1,
                    _ => {}
                }
            }
            if let Some(id) = written {
                self.raft.step(self.now, Input::Synced(id), &mut self.out);
            }
        }
    }
}

/// Adds up the commands through this index.
fn apply((applied, sum): &mut (Index, u64), log: &Log, through: Index) {
    let count = (through.0 - applied.0) as usize;
    *sum += log
        .iter_from(applied.next())
        .take(count)
        .map(number_of)
        .sum::<u64>();
    *applied = through;
}

fn number_of(entry: &Entry) -> u64 {
    match &entry.payload {
        Payload::Command(command) => number(command.as_bytes()),
        _ => 0,
    }
}

impl<const INFLIGHT: u32, const CAUTIOUS: bool> Server for Core<INFLIGHT, CAUTIOUS> {
    type Message = Message;
    const NAME: &'static str = if INFLIGHT == 1 {
        "raft-core, as the paper"
    } else {
        "raft-core"
    };

    fn start(id: u64, servers: u64, durable: &Durable) -> Self {
        let name = |id: u64| NodeId(u32::try_from(id).expect("few servers"));
        let paper = Config::paper((1..=servers).map(name).collect());
        let config = if INFLIGHT == 1 {
            paper
        } else {
            Config {
                inflight: INFLIGHT,
                repair: Repair::ConflictHint,
                pre_vote: CAUTIOUS,
                stickiness: CAUTIOUS,
                ..paper
            }
        };
        let mut log = Log::default();
        for (term, n) in &durable.log {
            let payload = if *n == 0 {
                Payload::Noop
            } else {
                Payload::Command(raft_core::Command::new(&crate::command(*n)))
            };
            log.push(Entry {
                term: Term(*term),
                payload,
            });
        }
        let hard_state = raft_core::HardState {
            term: Term(durable.term),
            voted_for: durable.voted_for.map(name),
        };
        let durable = raft_core::Durable {
            hard_state,
            log,
            ..Default::default()
        };
        let raft = Raft::start(name(id), config, durable, Instant(0), &mut Vec::new());
        Core {
            raft,
            now: Instant(0),
            out: Vec::new(),
            applied: (Index(0), 0),
            reads: 0,
        }
    }

    fn restart(&mut self) {
        let durable = raft_core::Durable {
            hard_state: self.raft.hard_state(),
            log: self.raft.log().clone(),
            ..Default::default()
        };
        self.raft = Raft::start(
            self.raft.id(),
            self.raft.config().clone(),
            durable,
            self.now,
            &mut Vec::new(),
        );
        self.applied = (Index(0), 0);
    }

    fn campaign(&mut self, out: &mut Outbox<Message>) {
        self.step(Input::TimerFired(Timer::Election), out);
    }

    fn beat(&mut self, out: &mut Outbox<Message>) {
        self.step(Input::TimerFired(Timer::Heartbeat), out);
    }

    fn propose(&mut self, commands: &[Command], out: &mut Outbox<Message>) {
        let proposal = |command: &Command| (ProposalId(0), raft_core::Command::new(command));
        let input = match commands {
            [command] => {
                let (id, command) = proposal(command);
                Input::Propose { id, command }
            }
            _ => Input::ProposeAll(commands.iter().map(proposal).collect()),
        };
        self.step(input, out);
    }

    fn receive(&mut self, message: Message, out: &mut Outbox<Message>) {
        self.step(Input::Message(message), out);
    }

    fn read(&mut self, out: &mut Outbox<Message>) {
        self.step(
            Input::Read {
                id: ReadId(0),
                mode: ReadMode::ReadIndex,
            },
            out,
        );
    }

    fn reads(&self) -> u64 {
        self.reads
    }

    fn commit(&self) -> u64 {
        self.raft.commit_index().0
    }

    fn voted_for(&self) -> Option<u64> {
        self.raft.voted_for().map(|id| u64::from(id.0))
    }

    fn view(&self) -> View {
        View {
            term: self.raft.current_term().0,
            leads: self.raft.role() == Role::Leader,
            commit: self.raft.commit_index().0,
            log: self
                .raft
                .log()
                .iter_from(Index(1))
                .map(|entry| (entry.term.0, number_of(entry)))
                .collect(),
            applied: self.applied.1,
        }
    }
}
