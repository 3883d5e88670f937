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
//! (both go through the log, so that a `get` sees every `put` answered before it), `peek KEY` (what this server has applied, perhaps
//! long ago) and `leader`. Answers: `ok`; `value VALUE` or `none`; `leader N` or `no leader`; `try ADDRESS` from a server that does not
//! lead; `unknown` when nobody can say any more whether the request took effect. A client that repeats a `put` may write it twice;
//! where that matters, requests need names (thesis 6.3).
//!
//! # How it hosts the core
//! One thread owns the server, its disk and its timers, and goes round: take in everything that has arrived, fire the timers that have
//! run out, then make the disk safe once for all of it. That is group commit: the slower the disk, the more shares one sync.
//! Outputs are obeyed in order:
//! * `Send` leaves at once, while the disk is still to be written. A leader's AppendEntries so travels while its own copy is synced
//!   (thesis 10.2.1).
//! * `Write` is handed to the disk. `SendWhenDurable` is kept until after the sync: it is a promise, and a crash must not break it.
//!   Then the core hears `Synced`.
//! * `Commit` applies entries, which also tells who waits for an answer.
//!
//! Messages go to a thread for each other server and come in by a thread for each connection. None of them ever waits for the disk, and
//! the disk for none of them.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)] // here, for once, are a clock and threads

mod codec;
mod network;
mod storage;
mod timers;

use network::Peer;
use raft_core::{
    Command, Config, Duration, Index, Input, Instant, Message, NodeId, Output, Payload, ProposalId, Raft,
    Span, Term, WriteId,
};
use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::mem;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use storage::Storage;
use timers::Timers;

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
    /// The last write handed to the disk and not yet synced.
    unsynced: Option<WriteId>,
    /// Promises that wait for the next sync.
    held: Vec<Message>,
    /// The state machine.
    values: BTreeMap<String, String>,
    applied: Index,
    /// Clients whose command is in the log, by where it is. Their answer is due once that is applied.
    waiting: BTreeMap<Index, (Term, Sender<String>)>,
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
            unsynced: None,
            held: Vec::new(),
            values: BTreeMap::new(),
            applied: Index(0),
            waiting: BTreeMap::new(),
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
            ["put", _, _] | ["get", _] => return self.propose(request, answer),
            ["peek", key] => self.value(key),
            ["leader"] => self
                .raft
                .leader()
                .map_or("no leader".to_owned(), |id| format!("leader {}", id.0)),
            _ => "try: put KEY VALUE, get KEY, peek KEY, leader".to_owned(),
        };
        let _ = answer.send(text); // whoever has gone needs no answer, here and below
    }

    /// The core answers a proposal in the same step, so its name has to be told from no other.
    fn propose(&mut self, request: &str, answer: &Sender<String>) {
        let (id, command) = (ProposalId(0), Command::new(request.as_bytes()));
        for output in self.outputs(Input::Propose { id, command }) {
            match output {
                Output::Accepted { index, term, .. } => {
                    // Whoever waited here was led by this server in an earlier term, and hears `unknown`.
                    self.waiting.insert(index, (term, answer.clone()));
                }
                Output::Refused { leader, .. } => {
                    let address = leader.and_then(|leader| self.addresses.get(&leader));
                    let _ = answer.send(address.map_or("no leader".to_owned(), |a| format!("try {a}")));
                }
                output => self.obey(output),
            }
        }
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
            }
            Output::SetTimer(timer, span) => self.timers.set(timer, span),
            Output::StopTimer(timer) => self.timers.stop(timer),
            Output::Commit(index) => self.apply(index),
            Output::Accepted { .. } | Output::Refused { .. } => unreachable!("`propose` takes the answers"),
            Output::Note(_) => {} // for the curious
            #[allow(unreachable_patterns)]
            _ => unreachable!("only with settings this server does not have"),
        }
    }

    /// Makes the disk safe, and does what waited for it. Hearing of it the core may write again: a candidate's own vote may be the one
    /// that makes it leader.
    fn sync(&mut self) -> Result<(), Box<dyn Error>> {
        while let Some(id) = self.unsynced.take() {
            self.storage.sync()?;
            self.release();
            self.step(Input::Synced(id));
        }
        self.release();
        Ok(())
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

    fn apply(&mut self, index: Index) {
        while self.applied < index {
            self.applied = self.applied.next();
            let entry = self
                .raft
                .log()
                .get(self.applied)
                .expect("what is committed is in the log")
                .clone();
            let result = match &entry.payload {
                Payload::Command(command) => self.execute(command),
                Payload::Noop | Payload::Configuration(_) => String::new(),
            };
            // Under another term it is somebody else's command that came in the place of theirs.
            if let Some((term, answer)) = self.waiting.remove(&self.applied)
                && term == entry.term
            {
                let _ = answer.send(result);
            }
        }
    }

    /// The state machine. It must do the same everywhere, so it looks at nothing but the command and its own state.
    fn execute(&mut self, command: &Command) -> String {
        let text = String::from_utf8_lossy(command.as_bytes());
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            ["put", key, value] => {
                self.values.insert(key.to_owned(), value.to_owned());
                "ok".to_owned()
            }
            ["get", key] => self.value(key),
            _ => unreachable!("only these are proposed"),
        }
    }

    fn value(&self, key: &str) -> String {
        self.values
            .get(key)
            .map_or("none".to_owned(), |value| format!("value {value}"))
    }
}
