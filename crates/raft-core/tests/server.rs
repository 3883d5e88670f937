//! The example `server`: three processes on real files and sockets elect, replicate, and lose nothing to `kill -9`.
//!
//! `cargo test` builds the examples too and puts them into `examples/` beside the folder this test runs from. A run of this test alone
//! (`--test server`) does not build them: `cargo build --example server` does.
#![cfg(unix)] // `kill -9` is
#![allow(clippy::disallowed_types, clippy::disallowed_methods)] // real processes live in real time

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{self, Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than anything here takes on a busy machine: only what never happens runs into it.
const SOON: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(2);

/// Three servers, which end with the test whatever its outcome.
struct Cluster {
    folder: PathBuf,
    addresses: Vec<SocketAddr>,
    processes: Vec<Option<Child>>,
}

impl Cluster {
    fn start() -> Cluster {
        let folder = env::temp_dir().join(format!("raft-core-server-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        let addresses = free_addresses(3);
        let processes = vec![None, None, None];
        let mut cluster = Cluster {
            folder,
            addresses,
            processes,
        };
        (0..3).for_each(|server| cluster.boot(server));
        cluster
    }

    fn boot(&mut self, server: usize) {
        let test = env::current_exe().expect("this test is a file");
        let program = test
            .parent()
            .and_then(|deps| deps.parent())
            .expect("target/debug/deps/")
            .join("examples/server");
        assert!(
            program.exists(),
            "{program:?} is missing: cargo build --package raft-core --example server"
        );
        let child = Command::new(program)
            .arg((server + 1).to_string())
            .arg(self.folder_of(server))
            .args(self.addresses.iter().map(SocketAddr::to_string))
            .spawn();
        self.processes[server] = Some(child.expect("the server starts"));
    }

    /// `kill -9`.
    fn kill(&mut self, server: usize) {
        if let Some(mut child) = self.processes[server].take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
        }
    }

    fn folder_of(&self, server: usize) -> PathBuf {
        self.folder.join(server.to_string())
    }

    fn running(&self) -> impl Iterator<Item = usize> {
        (0..3).filter(|server| self.processes[*server].is_some())
    }

    /// Who leads, once everybody who runs says the same.
    fn leader(&self) -> usize {
        eventually("one leader known to all", || {
            let mut said = self
                .running()
                .map(|server| ask(self.addresses[server], "leader").ok());
            let first = said.next()??;
            let leader = first.strip_prefix("leader ")?.parse::<usize>().ok()? - 1;
            (said.all(|other| other.as_ref() == Some(&first)) && self.running().any(|s| s == leader))
                .then_some(leader)
        })
    }

    /// The answer, from whoever can give it.
    fn ask(&self, request: &str) -> String {
        eventually(request, || ask_any(&self.addresses, request))
    }

    /// Waits until this server itself has applied the value.
    fn await_value(&self, server: usize, key: &str, value: &str) {
        eventually(&format!("{key} on server {server}"), || {
            let answer = ask(self.addresses[server], &format!("peek {key}")).ok()?;
            (answer == format!("value {value}")).then_some(())
        });
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        (0..3).for_each(|server| self.kill(server));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Addresses nobody listens on, below the ports systems give to outgoing connections: one of those might take the place of a server that
/// is down for a moment.
fn free_addresses(count: usize) -> Vec<SocketAddr> {
    let first = 20_000 + 3 * u16::try_from(process::id() % 4_000).expect("below 4,000"); // another test's are others
    let candidates = (first..32_700).map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    let free: Vec<_> = candidates
        .filter(|address| TcpListener::bind(address).is_ok())
        .take(count)
        .collect();
    assert_eq!(free.len(), count, "no free ports");
    free
}

fn ask(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    writeln!(stream, "{request}")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// The first answer that is one, from whichever server gives it.
fn ask_any(addresses: &[SocketAddr], request: &str) -> Option<String> {
    let answers = addresses.iter().filter_map(|address| ask(*address, request).ok());
    answers
        .into_iter()
        .find(|text| text == "ok" || text == "none" || text.starts_with("value "))
}

/// What `attempt` comes to give, tried until it does.
fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(result) = attempt() {
            return result;
        }
        assert!(began.elapsed() < SOON, "still waiting for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Puts `n0`, `n1`, … and returns how many were acknowledged, each of them before the next was tried.
fn put_until(stop: &AtomicBool, addresses: &[SocketAddr]) -> u32 {
    let mut acknowledged = 0;
    while !stop.load(Ordering::Relaxed) {
        let request = format!("put n{acknowledged} {acknowledged}");
        acknowledged += u32::from(ask_any(addresses, &request).is_some());
    }
    acknowledged
}

#[test]
fn three_processes_elect_replicate_and_lose_nothing_to_kill_9() {
    let mut cluster = Cluster::start();
    let first = cluster.leader();
    assert_eq!(cluster.ask("put x 1"), "ok");
    (0..3).for_each(|server| cluster.await_value(server, "x", "1"));

    // The leader dies while a client writes; another takes over.
    let (stop, addresses) = (AtomicBool::new(false), cluster.addresses.clone());
    let acknowledged = thread::scope(|scope| {
        let writer = scope.spawn(|| put_until(&stop, &addresses));
        let _stop = StopOnDrop(&stop);
        cluster.await_value(first, "n5", "5");
        cluster.kill(first);
        cluster.leader(); // one of those who run
        assert_eq!(cluster.ask("put x 2"), "ok");
        stop.store(true, Ordering::Relaxed);
        writer.join().expect("the writer ends")
    });

    // Meanwhile so much happens that the others compact their logs.
    for n in 0..300 {
        assert_eq!(cluster.ask(&format!("put y {n}")), "ok");
    }
    let log = fs::read(cluster.folder_of(cluster.leader()).join("raft.log")).expect("a log");
    assert!(
        log.windows(2).filter(|bytes| bytes == b"y ").count() < 200,
        "300 were put"
    );

    // It had begun a record when it died. From its files it starts again, and catches up.
    let mut log = OpenOptions::new()
        .append(true)
        .open(cluster.folder_of(first).join("raft.log"))
        .expect("its log");
    log.write_all(&[40, 0, 0, 0, 1, 2, 3]).expect("half a record");
    cluster.boot(first);
    cluster.await_value(first, "x", "2");
    let last = acknowledged
        .checked_sub(1)
        .expect("at least n5 was written")
        .to_string();
    cluster.await_value(first, &format!("n{last}"), &last);

    // All die at once. What was acknowledged is there when they are back.
    (0..3).for_each(|server| cluster.kill(server));
    (0..3).for_each(|server| cluster.boot(server));
    assert_eq!(cluster.ask("get x"), "value 2");
    for n in 0..acknowledged {
        assert_eq!(cluster.ask(&format!("get n{n}")), format!("value {n}"));
    }
    assert_eq!(cluster.ask("get y"), "value 299");
    assert_eq!(cluster.ask("get z"), "none");
}

/// A failed assertion must end the writer too, or the scope waits for it for ever.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
