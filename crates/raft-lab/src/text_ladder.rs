//! The space-time diagram as text, 100 columns wide: a lane for each server and client, time downwards, a line for each thing that
//! happened.

use crate::words;
use raft_core::{Body, NodeId, Note, Role, Timer};
use raft_trace::{
    ClientId, ClientState, ClusterState, Endpoint, Event, InFlight, LostBecause, MessageId, Outcome, Packet,
    Reply, Seq, ServerState, TraceEvent, WorldTime,
};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Characters of a line.
const WIDTH: usize = 100;
/// Characters of the time in front.
const TIME: usize = 12;
/// Characters for words behind the lanes, unless there are very many of those.
const WORDS: usize = 38;
/// The names of the lanes are said again after so many lines.
const PAGE: usize = 40;
/// What the lanes mean.
const LEGEND: &str = "┃ leads  │ follows, or waits  ╎ stands for election  ┊ stands still  ✗ is lost";

/// Makes the diagram of a stretch of time out of a run's events, all of them, line by line.
///
/// A message stands where it ends, as an arrow from its sender; that of a lost one ends in `✗`. Heartbeats, their answers and what is
/// lost again and again are only counted. Timers but the election's, writes, syncs and what followers commit and apply are left out.
#[derive(Clone, Debug)]
pub struct TextLadder {
    from: WorldTime,
    to: WorldTime,
    cluster: ClusterState,
    /// Per server, the event by which it got its last heartbeat.
    heard: Vec<Option<Seq>>,
    /// Answers to heartbeats that are on their way.
    answers: Vec<MessageId>,
    /// Per link, what was lost on it last, until something arrives.
    lost: BTreeMap<(Endpoint, Endpoint), String>,
    beats: Beats,
    text: String,
    lines: usize,
}

/// Heartbeats, answers and repeats not told one by one.
#[derive(Clone, Debug, Default)]
struct Beats {
    arrived: u32,
    lost: u32,
    /// The lanes at the last of them.
    lanes: Vec<char>,
}

impl TextLadder {
    /// The diagram from one time to another, both included.
    #[must_use]
    pub fn new(from: WorldTime, to: WorldTime) -> TextLadder {
        TextLadder {
            from,
            to,
            cluster: ClusterState::default(),
            heard: Vec::new(),
            answers: Vec::new(),
            lost: BTreeMap::new(),
            beats: Beats::default(),
            text: String::new(),
            lines: 0,
        }
    }

    /// Takes in the next event of the run.
    pub fn observe(&mut self, event: &TraceEvent) {
        if event.at > self.to {
            return;
        }
        let arrow = self.arriving(&event.event);
        let beat = arrow.as_ref().is_some_and(|message| self.is_beat(message));
        let before = self.role_of(&event.event);
        self.cluster.apply(event);
        self.follow_heartbeats(event, arrow.as_ref(), beat);
        if event.at < self.from {
            return;
        }
        match (&event.event, arrow) {
            (Event::Delivered { .. }, Some(_)) if beat => self.count(|beats| beats.arrived += 1),
            (Event::Lost { .. }, Some(_)) if beat => self.count(|beats| beats.lost += 1),
            (Event::Delivered { .. }, Some(message)) => self.arrow(event.at, &message, None),
            (Event::Lost { .. }, Some(message)) if self.is_lost_again(&message) => {
                self.count(|beats| beats.lost += 1);
            }
            (Event::Lost { because, .. }, Some(message)) => self.arrow(event.at, &message, Some(*because)),
            (other, _) => match self.happening(other, before) {
                Some((Some(who), words)) => self.dot(event.at, who, &words),
                Some((None, words)) => self.saying(event.at, &words),
                None => {}
            },
        }
    }

    /// Takes the lines that are finished.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Takes the last lines: what is still under way.
    pub fn finish(&mut self) -> String {
        self.say_beats();
        let flying = self.cluster.in_flight.len();
        if flying > 0 {
            let words = format!(
                "{flying} message{} still on the way",
                if flying == 1 { "" } else { "s" }
            );
            self.line(None, &self.lanes(), &words);
        }
        self.take()
    }

    /// The message that this event ends.
    fn arriving(&self, event: &Event) -> Option<InFlight> {
        match event {
            Event::Delivered { message } | Event::Lost { message, .. } => {
                self.cluster.message(*message).cloned()
            }
            _ => None,
        }
    }

    fn is_beat(&self, message: &InFlight) -> bool {
        words::is_heartbeat(&message.packet) || self.answers.contains(&message.original.unwrap_or(message.id))
    }

    fn is_lost_again(&mut self, message: &InFlight) -> bool {
        let (link, words) = (link(message), message_words(&message.packet));
        self.lost.insert(link, words.clone()) == Some(words)
    }

    fn follow_heartbeats(&mut self, event: &TraceEvent, arrow: Option<&InFlight>, beat: bool) {
        match (&event.event, arrow) {
            (Event::Began { servers, .. }, _) => self.heard = vec![None; *servers as usize],
            (Event::Delivered { .. }, Some(message)) if beat => {
                if let Endpoint::Server(NodeId(n)) = message.packet.to() {
                    self.heard[n as usize - 1] = Some(event.seq);
                }
            }
            (Event::Sent { message, packet, .. }, _) => {
                if let Packet::Raft { message: reply } = packet
                    && let Body::AppendEntriesReply { success: true, .. } = reply.body
                    && event.cause.is_some()
                    && self.heard[reply.from.0 as usize - 1] == event.cause
                {
                    self.answers.push(*message);
                }
            }
            _ => {}
        }
        if let (Event::Delivered { message } | Event::Lost { message, .. }, Some(_)) = (&event.event, arrow) {
            // A copy may still be on its way; what it answers is forgotten with the first: then it is told, which does no harm.
            self.answers.retain(|answer| answer != message);
        }
    }

    /// What a server was before this event changes it.
    fn role_of(&self, event: &Event) -> Option<Role> {
        match event {
            Event::Noted { server, .. } => self.cluster.server(*server).map(|server| server.role),
            _ => None,
        }
    }

    /// Who did something worth a line, and what; nobody for what concerns all.
    fn happening(&self, event: &Event, before: Option<Role>) -> Option<(Option<Endpoint>, String)> {
        let server = |id: NodeId, words: &str| Some((Some(Endpoint::Server(id)), format!("{id} {words}")));
        match event {
            Event::TimerFired {
                server: id,
                timer: Timer::Election,
            } => server(*id, "election timeout"),
            Event::Noted { server: id, note } => self.noted(*id, note, before),
            Event::Committed { server: id, through } => {
                let leads = self.cluster.server(*id).is_some_and(|s| s.role == Role::Leader);
                leads.then(|| server(*id, &format!("commits {}", through.0)))?
            }
            Event::Restored { server: id, through } => {
                server(*id, &format!("takes over a snapshot of {}", through.0))
            }
            Event::Invoked {
                client, operation, ..
            } => Some((Some(Endpoint::Client(*client)), format!("{client} {operation}"))),
            Event::Returned { client, outcome, .. } => {
                Some((Some(Endpoint::Client(*client)), self.returned(*client, outcome)))
            }
            Event::TwoPhaseNoted { server: id, .. } => match words::mark(event) {
                words if words.is_empty() => None,
                words => server(*id, &words),
            },
            Event::Ended => Some((None, "end".into())),
            other => {
                let (id, words) = match suffered(other) {
                    Some((id, words)) => (Some(Endpoint::Server(id)), format!("{id} {words}")),
                    None => (None, words::mark(other)),
                };
                (!words.is_empty()).then_some((id, words))
            }
        }
    }

    fn noted(&self, id: NodeId, note: &Note, before: Option<Role>) -> Option<(Option<Endpoint>, String)> {
        let words = match note {
            Note::Became {
                role: Role::Leader,
                term,
            } => format!("{id} leads term {}", term.0),
            Note::Became {
                role: Role::Candidate,
                term,
            } => format!("{id} stands for term {}", term.0),
            Note::Became {
                role: Role::Follower,
                term,
            } if before != Some(Role::Follower) => format!("{id} follows in term {}", term.0),
            Note::Truncated { .. } => {
                let event = Event::Noted {
                    server: id,
                    note: note.clone(),
                };
                format!("{id} {}", words::mark(&event))
            }
            _ => return None,
        };
        Some((Some(Endpoint::Server(id)), words))
    }

    fn returned(&self, client: ClientId, outcome: &Outcome) -> String {
        let Some((invocation, _)) = self.cluster.client(client).and_then(|c| c.last.as_ref()) else {
            return client.to_string();
        };
        let ending = match outcome {
            Outcome::Ok {
                value: Some(value), ..
            } => value.to_string(),
            Outcome::Ok { value: None, .. } if invocation.operation.reads() => "nothing".into(),
            Outcome::Ok { value: None, .. } => "ok".into(),
            Outcome::Failed => "failed".into(),
            Outcome::Unknown => "unknown".into(),
        };
        format!("{client} {}: {ending}", invocation.operation)
    }
}

/// What befell a server.
fn suffered(event: &Event) -> Option<(NodeId, String)> {
    let (id, words) = match event {
        Event::Crashed { server } => (server, "crash".into()),
        Event::PoweredOff { server, .. } => (server, "loses its power".into()),
        Event::Restarted { server } => (server, "restart".into()),
        Event::Paused { server } => (server, "stands still".into()),
        Event::Resumed { server } => (server, "goes on".into()),
        Event::ClockJumped { server, by } => (server, format!("clock jumps by {by} µs")),
        Event::DiskStalled { server, by } => (server, format!("disk stalls, {} ms", ms(by.0))),
        Event::DiskFull { server } => (server, "disk is full".into()),
        _ => return None,
    };
    Some((*id, words))
}

/// Lines.
impl TextLadder {
    /// A line for something that happened at one place.
    fn dot(&mut self, at: WorldTime, who: Endpoint, words: &str) {
        let mut lanes = self.lanes();
        lanes[self.centre(who)] = '●';
        self.say_beats();
        self.line(Some(at), &lanes, words);
    }

    /// Lines for what concerns all, or is said to the reader.
    fn saying(&mut self, at: WorldTime, words: &str) {
        self.say_beats();
        let mut line = format!("{:>TIME$}  ── ", ms(at.0));
        let mut room = WIDTH - line.chars().count();
        for word in words.split(' ') {
            let length = word.chars().count() + 1;
            if length > room {
                self.put(&line);
                line = " ".repeat(TIME + 5);
                room = WIDTH - line.len();
            }
            line.push_str(word);
            line.push(' ');
            room = room.saturating_sub(length);
        }
        self.put(&line);
    }

    /// A line for a message that arrived or was lost.
    fn arrow(&mut self, at: WorldTime, message: &InFlight, lost: Option<LostBecause>) {
        let mut lanes = self.lanes();
        let (from, to) = (
            self.centre(message.packet.from()),
            self.centre(message.packet.to()),
        );
        let arrived = at >= message.arrives && lost != Some(LostBecause::Dropped);
        let end = if lost.is_none() || arrived {
            to
        } else {
            from.midpoint(to)
        };
        let (first, last) = (from.min(end), from.max(end));
        for lane in &mut lanes[first..=last] {
            *lane = if *lane == ' ' { '─' } else { '┼' };
        }
        lanes[from] = if from < to { '├' } else { '┤' };
        // The head stands before the receiver's lane, so that it can still be seen what it is.
        let (head, before) = if from < to {
            ('▶', to - 1)
        } else {
            ('◀', to + 1)
        };
        match lost {
            None => {
                lanes[to] = self.lanes()[to];
                lanes[before] = head;
            }
            Some(_) if arrived => lanes[before] = '✗',
            Some(_) => lanes[end] = '✗',
        }
        let took = at - message.sent_at;
        let mut words = message_words(&message.packet);
        match lost {
            None => {
                self.lost.remove(&link(message));
                _ = write!(words, "  {}.{} ms", took.0 / 1000, took.0 / 100 % 10);
            }
            Some(because) => _ = write!(words, "  lost: {}", reason(because)),
        }
        self.say_beats();
        self.line(Some(at), &lanes, &words);
    }

    fn count(&mut self, count: impl FnOnce(&mut Beats)) {
        count(&mut self.beats);
        self.beats.lanes = self.lanes();
    }

    fn say_beats(&mut self) {
        let Beats { arrived, lost, lanes } = std::mem::take(&mut self.beats);
        let all = arrived + lost;
        if all == 0 {
            return;
        }
        let words = match (all, lost) {
            (1, 0) => "… a heartbeat or answer".to_owned(),
            (_, 0) => format!("… {all} heartbeats and answers"),
            (1, _) => "… a heartbeat or repeat is lost".to_owned(),
            _ => format!("… {all} heartbeats and repeats, {lost} lost"),
        };
        self.line(None, &lanes, &words);
    }

    fn line(&mut self, at: Option<WorldTime>, lanes: &[char], words: &str) {
        let time = at.map_or_else(String::new, |at| ms(at.0));
        let lanes: String = lanes.iter().collect();
        self.put(&format!("{time:>TIME$}  {lanes}  {words}"));
    }

    fn put(&mut self, line: &str) {
        if self.lines.is_multiple_of(PAGE) {
            self.heading();
        }
        self.lines += 1;
        let mut shown: String = line.chars().take(WIDTH).collect();
        if line.chars().nth(WIDTH).is_some() {
            shown.pop();
            shown.push('…');
        }
        self.text.push_str(shown.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self) {
        if self.lines == 0 {
            _ = writeln!(self.text, "{:>TIME$}  {LEGEND}", "");
        }
        let mut names = vec![' '; self.lanes().len()];
        for endpoint in self.endpoints() {
            let centre = self.centre(endpoint);
            for (place, c) in endpoint.to_string().chars().enumerate() {
                names[centre + place] = c;
            }
        }
        let names: String = names.into_iter().collect();
        let heading = format!("{:>TIME$}  {names}", "ms");
        self.text.push_str(heading.trim_end());
        self.text.push('\n');
    }

    /// The lanes as they are between events.
    fn lanes(&self) -> Vec<char> {
        let endpoints = self.endpoints();
        let mut lanes = vec![' '; endpoints.len() * self.pitch() + 1];
        for endpoint in endpoints {
            let lane = match endpoint {
                Endpoint::Server(id) => self.cluster.server(id).map_or(' ', server_lane),
                Endpoint::Client(id) => self.cluster.client(id).map_or(' ', client_lane),
            };
            lanes[self.centre(endpoint)] = lane;
        }
        lanes
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        let servers = self.cluster.servers.iter().map(|s| Endpoint::Server(s.id));
        let clients = self.cluster.clients.iter().map(|c| Endpoint::Client(c.id));
        servers.chain(clients).collect()
    }

    /// How far lanes are apart.
    fn pitch(&self) -> usize {
        let lanes = self.cluster.servers.len() + self.cluster.clients.len();
        ((WIDTH - TIME - WORDS - 4) / lanes.max(1)).clamp(3, 8)
    }

    fn centre(&self, endpoint: Endpoint) -> usize {
        let place = match endpoint {
            Endpoint::Server(id) => id.0 as usize - 1,
            Endpoint::Client(id) => self.cluster.servers.len() + id.0 as usize - 1,
        };
        place * self.pitch()
    }
}

fn link(message: &InFlight) -> (Endpoint, Endpoint) {
    (message.packet.from(), message.packet.to())
}

fn server_lane(server: &ServerState) -> char {
    match server.role {
        _ if !server.up => ' ',
        _ if server.paused => '┊',
        Role::Leader => '┃',
        Role::Follower => '│',
        Role::Candidate | Role::PreCandidate => '╎',
    }
}

fn client_lane(client: &ClientState) -> char {
    if client.current.is_some() { '│' } else { '·' }
}

/// `AppendEntries x=1`, `RequestVoteReply: no`, `Response 5`.
fn message_words(packet: &Packet) -> String {
    let mut text = format!("{:?}", words::kind(packet));
    let refused = words::success(packet) == Some(false);
    match (words::packet(packet), packet) {
        (
            words,
            Packet::Response {
                reply: Reply::Done { .. },
                ..
            },
        ) => _ = write!(text, ": {words}"),
        (words, _) if !words.is_empty() => _ = write!(text, " {words}"),
        _ if refused => text.push_str(": no"),
        _ => {}
    }
    text
}

fn reason(because: LostBecause) -> &'static str {
    match because {
        LostBecause::Loss => "by chance",
        LostBecause::Cut => "cut",
        LostBecause::ReceiverDown => "receiver down",
        LostBecause::LinkFull => "link full",
        LostBecause::Dropped => "dropped",
    }
}

/// Whole µs in ms.
fn ms(us: u64) -> String {
    format!("{}.{:03}", us / 1000, us % 1000)
}
