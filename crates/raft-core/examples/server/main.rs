//! A small replicated key-value server: how to host `raft-core` on real files, real sockets and real clocks.
//!
//! ```text
//! cargo build -p raft-core --example server
//! cd target/debug/examples
//! ./server 1 /tmp/s1 127.0.0.1:7001 127.0.0.1:7002 127.0.0.1:7003   # and 2 and 3 likewise
//! nc 127.0.0.1 7001
//! put x 1
//! ok
//! ```
//! The arguments are which of the servers this is, its folder, and the addresses of all. A client's lines are `put KEY VALUE`, `get KEY`
//! (from any server, and it sees every `put` answered before), `peek KEY` (what this server has applied, perhaps long ago) and `leader`.
//! Answers: `ok`; `value VALUE` or `none`; `leader N` or `no leader`; `try ADDRESS` from a server that does not lead; `unknown` when
//! nobody can say any more what became of the request. A client that repeats a `put` may write it twice; where that matters, requests
//! need names (thesis 6.3).
//!
//! # How it hosts the core
//! One thread owns the server, its disk, its timers and its state machine, and goes round: take in everything that has arrived, fire the
//! timers that have run out, propose what clients want, then make the disk safe once for all of it. That is group commit: the slower the
//! disk, the more shares one sync. Outputs are obeyed in order:
//! * `Send` leaves at once, while the disk is still to be written. A leader's AppendEntries so travels while its own copy is synced
//!   (thesis 10.2.1).
//! * `Write` is handed to the disk. `SendWhenDurable` is kept until after the sync: it is a promise, and a crash must not break it.
//!   Then the core hears `Synced`.
//! * `Commit` applies entries, which also tells who waits for an answer. `ReadReady` answers a `get` once enough is applied.
//! * Now and then the state machine goes back in by `Compact`. The write that comes of it replaces the file; `Restore` undoes the applying.
//!
//! Messages go to a thread for each other server and come in by a thread for each connection. None of them ever waits for the disk, and
//! the disk for none of them.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)] // here, for once, are a clock and threads

mod codec;
mod machine;
mod network;
mod storage;
mod timers;

use machine::Machine;
use network::Peer;
use raft_core::{
    Append, Command, Config, Duration, Input, Instant, Message, NodeId, Output, ProposalId, Raft, ReadId,
    ReadMode, Repair, Snapshot, Span, Write, WriteId,
};
use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::mem;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{SystemTime, UNIX_EPOCH};
use storage::Storage;
use timers::Timers;

/// After how many entries the log is compacted. Few, so that one can see it happen; a real server waits for megabytes.
const COMPACT: u64 = 100;

/// What other threads tell the server.
enum Event {
    Message(Message),
    Client { request: String, answer: Sender<String> },
}

struct Server {
    raft: Raft,
    storage: Storage,
    timers: Timers,
    began: std::time::Instant,
    addresses: BTreeMap<NodeId, SocketAddr>,
    peers: BTreeMap<NodeId, Peer>,
    /// What clients want to put, and have not been told.
    puts: Vec<(Command, Sender<String>)>,
    /// The last write handed to the disk and not yet synced, and the last snapshot among them.
    unsynced: Option<WriteId>,
    snapshot: Option<Arc<Snapshot>>,
    /// Promises that wait for the next sync.
    held: Vec<Message>,
    machine: Machine,
    next_read: ReadId,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [id, folder, addresses @ ..] = arguments.as_slice() else {
        return Err("usage: server ID FOLDER ADDRESS...".into());
    };
    let id = NodeId(id.parse()?);
    let mut all = BTreeMap::new();
    for (id, address) in (1..).zip(addresses) {
        all.insert(NodeId(id), address.parse()?);
    }
    let (sender, events) = mpsc::channel();
    let own = all.get(&id).ok_or("ID counts the addresses from 1")?;
    network::listen(TcpListener::bind(own)?, sender);
    Server::start(id, Path::new(folder), all)?.run(&events)
}

impl Server {
    fn start(
        id: NodeId,
        folder: &Path,
        addresses: BTreeMap<NodeId, SocketAddr>,
    ) -> Result<Server, Box<dyn Error>> {
        let (storage, durable) = Storage::open(folder)?;
        let config = Config {
            // A busy machine may keep a process from its heartbeats for longer than the paper allows.
            election_timeout: Span::new(Duration::millis(300), Duration::millis(600)),
            inflight: 4,
            repair: Repair::ConflictHint,
            pre_vote: true,
            check_quorum: true,
            stickiness: true,
            ..Config::paper(addresses.keys().copied().collect())
        };
        let mut out = Vec::new();
        let raft = Raft::start(id, config, durable, Instant(0), &mut out);
        let others = addresses.iter().filter(|(peer, _)| **peer != id);
        let peers = others
            .map(|(peer, address)| (*peer, Peer::new(*address)))
            .collect();
        let mut server = Server {
            raft,
            storage,
            timers: Timers::new(),
            began: std::time::Instant::now(),
            addresses,
            peers,
            puts: Vec::new(),
            unsynced: None,
            snapshot: None,
            held: Vec::new(),
            machine: Machine::default(),
            next_read: first_read(),
        };
        out.into_iter().for_each(|output| server.obey(output));
        Ok(server)
    }

    fn run(mut self, events: &Receiver<Event>) -> Result<(), Box<dyn Error>> {
        loop {
            match events.recv_timeout(self.timers.wait()) {
                Ok(event) => self.on_event(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            // First what has arrived, for a leader's message may be among it, and then the timers.
            events
                .try_iter()
                .take(1_000)
                .for_each(|event| self.on_event(event));
            while let Some(timer) = self.timers.due() {
                self.step(Input::TimerFired(timer));
            }
            self.propose();
            self.compact();
            self.sync()?;
        }
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Message(message) => self.step(Input::Message(message)),
            Event::Client { request, answer } => self.on_request(&request, &answer),
        }
    }

    fn on_request(&mut self, request: &str, answer: &Sender<String>) {
        let text = match request.split_whitespace().collect::<Vec<_>>()[..] {
            ["put", key, value] => {
                let command = machine::command(key, value);
                return self.puts.push((command, answer.clone()));
            }
            ["get", key] => return self.get(key, answer),
            ["peek", key] => self.machine.peek(key),
            ["leader"] => {
                let leader = self.raft.leader();
                leader.map_or("no leader".to_owned(), |id| format!("leader {}", id.0))
            }
            _ => "try: put KEY VALUE, get KEY, peek KEY, leader".to_owned(),
        };
        let _ = answer.send(text);
    }

    /// Proposes all that came in together. The core answers in the same step, so a proposal's name is its place among these.
    fn propose(&mut self) {
        let (commands, answers): (Vec<Command>, Vec<Sender<String>>) =
            mem::take(&mut self.puts).into_iter().unzip();
        if commands.is_empty() {
            return;
        }
        let proposals = (0..).map(ProposalId).zip(commands).collect();
        let answer = |id: ProposalId| &answers[usize::try_from(id.0).expect("it counts them")];
        for output in self.outputs(Input::ProposeAll(proposals)) {
            match output {
                Output::Accepted { id, index, term } => self.machine.put(index, term, answer(id).clone()),
                Output::Refused { id, leader } => self.refer(leader, answer(id)),
                output => self.obey(output),
            }
        }
    }

    fn get(&mut self, key: &str, answer: &Sender<String>) {
        let id = self.next_read;
        self.next_read.0 += 1;
        self.machine.get(id, key, answer.clone());
        let mode = ReadMode::ReadIndex;
        self.step(Input::Read { id, mode });
    }

    /// Says who can help.
    fn refer(&self, leader: Option<NodeId>, answer: &Sender<String>) {
        let address = leader.and_then(|leader| self.addresses.get(&leader));
        let _ = answer.send(address.map_or("no leader".to_owned(), |address| format!("try {address}")));
    }

    fn step(&mut self, input: Input) {
        for output in self.outputs(input) {
            self.obey(output);
        }
    }

    fn outputs(&mut self, input: Input) -> Vec<Output> {
        let micros = self.began.elapsed().as_micros();
        let now = Instant(u64::try_from(micros).expect("half a million years fit"));
        let mut out = Vec::new();
        self.raft.step(now, input, &mut out);
        out
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Send(message) => self.send(&message),
            Output::SendWhenDurable(message) => self.held.push(message),
            Output::Write(write) => {
                self.storage.append(&write);
                self.unsynced = Some(write.id);
                self.snapshot = write.snapshot.or(self.snapshot.take());
            }
            Output::SetTimer(timer, span) => self.timers.set(timer, span),
            Output::StopTimer(timer) => self.timers.stop(timer),
            Output::Commit(index) => self.machine.apply(self.raft.log(), index),
            Output::Restore(snapshot) => self.machine.restore(&snapshot),
            Output::ReadReady { id, index } => self.machine.may_get(id, index),
            Output::ReadRefused { id, leader } => {
                if let Some(answer) = self.machine.cannot_get(id) {
                    self.refer(leader, &answer);
                }
            }
            Output::Accepted { .. } | Output::Refused { .. } => unreachable!("`propose` takes the answers"),
            Output::Note(_) => {} // for the curious
        }
    }

    /// Gives the core the state machine in exchange for the log, once that is long.
    fn compact(&mut self) {
        let index = self.machine.applied();
        if index.0 >= self.raft.log().base().0.0 + COMPACT {
            let data = self.machine.save();
            self.step(Input::Compact { index, data });
        }
    }

    /// Makes the disk safe, and does what waited for it. Hearing of it the core may write again: a candidate's own vote may be the one
    /// that makes it leader.
    fn sync(&mut self) -> Result<(), Box<dyn Error>> {
        while let Some(id) = self.unsynced.take() {
            match self.snapshot.take() {
                Some(snapshot) => self.storage.replace(&self.everything(id, snapshot))?,
                None => self.storage.sync()?,
            }
            self.release();
            self.step(Input::Synced(id));
        }
        self.release();
        Ok(())
    }

    /// One write that does as much as all so far.
    fn everything(&self, id: WriteId, snapshot: Arc<Snapshot>) -> Write {
        let first = snapshot.last_index.next();
        let entries = self.raft.log().entries(first, u32::MAX);
        Write {
            id,
            hard_state: Some(self.raft.hard_state()),
            snapshot: Some(snapshot),
            append: Some(Append { first, entries }),
        }
    }

    /// Everything written is safe: the promises may go.
    fn release(&mut self) {
        for message in mem::take(&mut self.held) {
            self.send(&message);
        }
    }

    fn send(&self, message: &Message) {
        if let Some(peer) = self.peers.get(&message.to) {
            peer.send(message);
        }
    }
}

/// A name that no read had before, in no earlier life either: an answer may come late.
fn first_read() -> ReadId {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    ReadId(u64::try_from(now.as_nanos()).expect("nanoseconds fit until 2554"))
}
