//! Sockets: a listener for everybody, and one sender for every other server.
//!
//! One port serves both. A server that connects says `server` and then sends messages, each with its length in front, and is never
//! answered there. Whoever else connects is a client and speaks lines.

use crate::Event;
use crate::codec::{Codec, length};
use raft_core::Message;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::Duration;

const HELLO: &str = "server";
/// Longer frames are not ours: somebody else's bytes shall not make us allocate.
const MAX_FRAME: u32 = 64 << 20;
/// How many messages may wait for a slow server. More are dropped: Raft sends again what is still needed.
const QUEUE: usize = 1_024;
/// How long a client waits.
const ANSWER: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_millis(200);

/// Takes connections in, a thread for each, and hands on what they say.
pub(crate) fn listen(listener: TcpListener, events: Sender<Event>) {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let events = events.clone();
            thread::spawn(move || {
                // Its end, orderly or not, is the end of this connection and of nothing else.
                let _ = serve(stream, &events);
            });
        }
    });
}

fn serve(mut stream: TcpStream, events: &Sender<Event>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if line.trim_end() == HELLO {
            return receive(reader, events);
        }
        let (answer, answered) = mpsc::channel();
        let request = line.trim_end().to_owned();
        if events.send(Event::Client { request, answer }).is_err() {
            return Ok(());
        }
        // No answer comes when nobody can say any more what became of the request, or not in time.
        let text = answered
            .recv_timeout(ANSWER)
            .unwrap_or_else(|_| "unknown".to_owned());
        writeln!(stream, "{text}")?;
        line.clear();
    }
    Ok(())
}

fn receive(mut reader: impl Read, events: &Sender<Event>) -> io::Result<()> {
    loop {
        let mut size = [0; 4];
        reader.read_exact(&mut size)?;
        let size = u32::from_le_bytes(size);
        if size > MAX_FRAME {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut frame = Vec::new();
        (&mut reader).take(u64::from(size)).read_to_end(&mut frame)?;
        let message = Message::decoded(&frame).ok_or(io::ErrorKind::InvalidData)?;
        if events.send(Event::Message(message)).is_err() {
            return Ok(());
        }
    }
}

/// The way to one other server.
pub(crate) struct Peer(SyncSender<Vec<u8>>);

impl Peer {
    pub(crate) fn new(address: SocketAddr) -> Peer {
        let (sender, frames) = mpsc::sync_channel(QUEUE);
        thread::spawn(move || deliver(address, &frames));
        Peer(sender)
    }

    /// Sends this if there is a way, and never waits for one.
    pub(crate) fn send(&self, message: &Message) {
        let body = message.encoded();
        let mut frame = length(body.len()).encoded();
        frame.extend(body);
        let _ = self.0.try_send(frame);
    }
}

/// Sends frame by frame, connecting when there is something to send and no connection. What cannot be sent is lost.
fn deliver(address: SocketAddr, frames: &Receiver<Vec<u8>>) {
    let mut connection = None;
    for frame in frames {
        if connection.is_none() {
            connection = connect(address).ok();
        }
        let sent = connection
            .as_mut()
            .is_some_and(|stream| stream.write_all(&frame).is_ok());
        if !sent {
            connection = None;
        }
    }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, CONNECT)?;
    stream.set_nodelay(true)?;
    writeln!(stream, "{HELLO}")?;
    Ok(stream)
}
