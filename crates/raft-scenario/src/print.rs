//! From scenario to text, in one canonical way: times in whole ms or else µs, shares in percent, commands lined up.

use crate::command::ANY_MESSAGE;
use crate::{
    Command, Contact, DiskManner, Ending, Expect, Expected, Fact, Keys, Link, Load, LoadKind, Pace, Ppm,
    Rate, Scenario, Setting, Timed,
};
use raft_core::{Change, Duration, NodeId, Repair, Role, Span};
use raft_trace::{MessageId, PacketKind, Protocol, read_mode_name};
use std::fmt::{self, Display, Formatter};

/// A text that the parser reads back to the same scenario. Ends in a newline.
impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self
            .script
            .iter()
            .map(|timed| time_of(timed).len())
            .max()
            .unwrap_or(0);
        self.lines(width)
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl Scenario {
    /// The same on one line, with `;` between.
    #[must_use]
    pub fn one_line(&self) -> String {
        self.lines(0).join(";")
    }

    pub(crate) fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = vec!["raft 1".to_owned()];
        if !self.title.is_empty() {
            lines.push(format!("title {}", self.title));
        }
        if self.protocol != Protocol::Raft {
            lines.push(format!("protocol {}", self.protocol.name()));
        }
        lines.push(format!("servers {}", self.servers));
        lines.extend(self.voters.map(|voters| format!("voters {voters}")));
        lines.push(format!("clients {}", self.clients));
        lines.push(format!("seed {}", self.seed));
        lines.extend(
            self.settings
                .iter()
                .map(|setting| Command::Set(*setting).to_string()),
        );
        lines.extend(
            self.script
                .iter()
                .map(|timed| format!("{:width$} {}", time_of(timed), timed.command)),
        );
        lines.extend(self.expects.iter().map(|expect| format!("expect {expect}")));
        lines
    }
}

fn time_of(timed: &Timed) -> String {
    format!("@{}", Time(Duration(timed.at.0)))
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Command::Crash(servers) => write!(f, "crash {}", spaced(servers)),
            Command::Restart(servers) => write!(f, "restart {}", spaced(servers)),
            Command::PowerOff(servers) => write!(f, "power-off {}", spaced(servers)),
            Command::PowerOn(servers) => write!(f, "power-on {}", spaced(servers)),
            Command::Pause(servers) => write!(f, "pause {}", spaced(servers)),
            Command::Resume(servers) => write!(f, "resume {}", spaced(servers)),
            Command::Stall(server, by) => write!(f, "stall {server} {}", Time(*by)),
            Command::ClockJump(server, by) => {
                let sign = if *by < 0 { '-' } else { '+' };
                write!(
                    f,
                    "clock-jump {server} {sign}{}",
                    Time(Duration(by.unsigned_abs()))
                )
            }
            Command::Timeout(server) => write!(f, "timeout {server}"),
            Command::Transfer(from, to) => write!(f, "transfer {from}->{to}"),
            Command::Change { change, via } => {
                match change {
                    Change::AddVoter(id) => write!(f, "add {id}")?,
                    Change::AddLearner(id) => write!(f, "learner {id}")?,
                    Change::Remove(id) => write!(f, "remove {id}")?,
                    Change::Voters(ids) => write!(f, "voters {}", spaced(ids))?,
                }
                via.map_or(Ok(()), |server| write!(f, " via {server}"))
            }
            Command::Snapshot(server) => write!(f, "snapshot {server}"),
            Command::Partition(groups) => {
                let groups: Vec<_> = groups.iter().map(|group| spaced(group)).collect();
                write!(f, "partition {}", groups.join(" | "))
            }
            Command::Heal => f.write_str("heal"),
            Command::Cut(link) => write!(f, "cut {link}"),
            Command::Mend(link) => write!(f, "mend {link}"),
            Command::Plan(plan) => {
                let kind = plan.kind.map_or(ANY_MESSAGE, PacketKind::name);
                let (from, to) = (plan.from, plan.to);
                write!(f, "{} {kind} {}", plan.handling, Link { from, to })
            }
            Command::Handle(handling, MessageId(n)) => write!(f, "{handling} m{n}"),
            Command::Client {
                client,
                operation,
                via,
                within,
            } => {
                write!(f, "{client} {operation}")?;
                how_to_ask(*via, *within, f)
            }
            Command::Load { client, load } => write!(f, "load {client} {load}"),
            Command::LoadStop(client) => write!(f, "load {client} stop"),
            Command::Set(rule @ Setting::Rule(..)) => rule.fmt(f),
            Command::Set(setting) => write!(f, "set {setting}"),
            Command::Say(text) => write!(f, "say \"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Command::End => f.write_str("end"),
        }
    }
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.target();
        match *self {
            Setting::Rule(_, true) => return write!(f, "on {name}"),
            Setting::Rule(_, false) => return write!(f, "off {name}"),
            _ => write!(f, "{name} ")?,
        }
        match *self {
            Setting::ElectionTimeout(span) | Setting::Write(_, span) | Setting::Fsync(_, span) => {
                Range(span).fmt(f)
            }
            Setting::Heartbeat(d)
            | Setting::VoteTimeout(d)
            | Setting::AskAgain(d)
            | Setting::ClientTimeout(d)
            | Setting::ClientRetry(Some(d)) => Time(d).fmt(f),
            Setting::ClientRetry(None) => f.write_str("never"),
            Setting::Contact(Contact::Leader) => f.write_str("leader"),
            Setting::Contact(Contact::Random) => f.write_str("random"),
            Setting::MaxEntries(n) | Setting::Inflight(n) => n.fmt(f),
            Setting::Repair(Repair::StepBack) => f.write_str("step-back"),
            Setting::Repair(Repair::ConflictHint) => f.write_str("conflict-hint"),
            Setting::SnapshotEvery(None) => f.write_str("never"),
            Setting::SnapshotEvery(Some(entries)) => entries.fmt(f),
            Setting::PreVote(on)
            | Setting::CheckQuorum(on)
            | Setting::Stickiness(on)
            | Setting::Cooperative(on)
            | Setting::TornWrites(on) => f.write_str(if on { "on" } else { "off" }),
            Setting::Disk(_, DiskManner::Honest) => f.write_str("honest"),
            Setting::Disk(_, DiskManner::Lies) => f.write_str("lies"),
            Setting::Disk(_, DiskManner::Full) => f.write_str("full"),
            Setting::DriftBound(Ppm(ppm)) => write!(f, "{ppm}ppm"),
            Setting::Reads(mode) => f.write_str(mode.map_or("log", read_mode_name)),
            Setting::Rule(..) => Ok(()),
            Setting::Latency(_, span) => Range(span).fmt(f),
            Setting::Loss(_, share) | Setting::Duplicate(_, share) => share.fmt(f),
            Setting::Bandwidth(_, Some(rate)) => rate.fmt(f),
            Setting::Bandwidth(_, None) => f.write_str("unlimited"),
            Setting::Drift(_, ppm) => write!(f, "{ppm}ppm"),
        }
    }
}

impl Setting {
    /// What it sets, without the value: `loss S1->S2`.
    #[must_use]
    pub fn target(&self) -> String {
        let at = |name: &str, link: Option<Link>| match link {
            Some(link) => format!("{name} {link}"),
            None => name.to_owned(),
        };
        let on = |name: &str, server: Option<NodeId>| match server {
            Some(server) => format!("{name} {server}"),
            None => name.to_owned(),
        };
        match *self {
            Setting::ElectionTimeout(_) => at("election-timeout", None),
            Setting::Heartbeat(_) => at("heartbeat", None),
            Setting::MaxEntries(_) => at("max-entries", None),
            Setting::Inflight(_) => at("inflight", None),
            Setting::Repair(_) => at("repair", None),
            Setting::PreVote(_) => at("pre-vote", None),
            Setting::SnapshotEvery(_) => at("snapshot-every", None),
            Setting::CheckQuorum(_) => at("check-quorum", None),
            Setting::Stickiness(_) => at("stickiness", None),
            Setting::DriftBound(_) => at("drift-bound", None),
            Setting::Reads(_) => at("reads", None),
            Setting::Rule(rule, _) => at(rule.name(), None),
            Setting::VoteTimeout(_) => at("vote-timeout", None),
            Setting::AskAgain(_) => at("ask-again", None),
            Setting::Cooperative(_) => at("cooperative-termination", None),
            Setting::ClientTimeout(_) => at("client-timeout", None),
            Setting::ClientRetry(_) => at("client-retry", None),
            Setting::Contact(_) => at("contact", None),
            Setting::Latency(link, _) => at("latency", link),
            Setting::Loss(link, _) => at("loss", link),
            Setting::Duplicate(link, _) => at("duplicate", link),
            Setting::Bandwidth(link, _) => at("bandwidth", link),
            Setting::Write(server, _) => on("write", server),
            Setting::Fsync(server, _) => on("fsync", server),
            Setting::Disk(server, _) => on("disk", Some(server)),
            Setting::TornWrites(_) => at("torn-writes", None),
            Setting::Drift(server, _) => on("drift", Some(server)),
        }
    }
}

impl Display for Expect {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)?;
        self.at
            .map_or(Ok(()), |at| write!(f, " at {}", Time(Duration(at.0))))
    }
}

impl Display for Expected {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Violation(property) => write!(f, "violation {property}"),
            Expected::NoViolation => f.write_str("no-violation"),
            Expected::Linearizable(true) => f.write_str("linearizable"),
            Expected::Linearizable(false) => f.write_str("not-linearizable"),
            Expected::Leader(server) => write!(f, "leader {server}"),
            Expected::NoLeader => f.write_str("no-leader"),
            Expected::Client(client, ending) => write!(f, "{client} {ending}"),
            Expected::Servers { fact, on } if on.is_empty() => fact.fmt(f),
            Expected::Servers { fact, on } => write!(f, "{fact} on {}", spaced(on)),
        }
    }
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Ok => f.write_str("ok"),
            Ending::Failed => f.write_str("failed"),
            Ending::Unknown => f.write_str("unknown"),
            Ending::Read(value) => write!(f, "read {value}"),
            Ending::ReadNothing => f.write_str("read-nothing"),
        }
    }
}

impl Display for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Role(Role::Follower) => f.write_str("role follower"),
            Fact::Role(Role::PreCandidate) => f.write_str("role pre-candidate"),
            Fact::Role(Role::Candidate) => f.write_str("role candidate"),
            Fact::Role(Role::Leader) => f.write_str("role leader"),
            Fact::Term(term) => write!(f, "term {}", term.0),
            Fact::VotedFor(Some(server)) => write!(f, "voted-for {server}"),
            Fact::VotedFor(None) => f.write_str("voted-for nobody"),
            Fact::Log(terms) if terms.is_empty() => f.write_str("log empty"),
            Fact::Log(terms) => {
                let terms: Vec<_> = terms.iter().map(|term| term.0).collect();
                write!(f, "log {}", spaced(&terms))
            }
            Fact::Committed(index) => write!(f, "committed {index}"),
            Fact::State(key, value) => write!(f, "state {key}={value}"),
            Fact::NoState(key) => write!(f, "no-state {key}"),
            Fact::Blocked => f.write_str("blocked"),
            Fact::NotBlocked => f.write_str("not-blocked"),
        }
    }
}

impl Display for LoadKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LoadKind::Put => "put",
            LoadKind::Get => "get",
            LoadKind::Del => "del",
            LoadKind::Mixed(gets) => return write!(f, "mixed {gets}"),
        })
    }
}

/// `put every 50ms on x via S3`
impl Display for Load {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.pace {
            Pace::Every { time, queue: 1 } => write!(f, " every {}", Time(time))?,
            Pace::Every { time, queue } => write!(f, " every {} queue {queue}", Time(time))?,
            Pace::After(pause) => write!(f, " after {}", Time(pause))?,
        }
        match &self.keys {
            Keys::InTurn => {}
            Keys::One(key) => write!(f, " on {key}")?,
            Keys::Of(count) => write!(f, " of {count} keys")?,
        }
        how_to_ask(self.via, self.within, f)
    }
}

/// Whom a client asks first, and how long it tries.
fn how_to_ask(via: Option<NodeId>, within: Option<Duration>, f: &mut Formatter<'_>) -> fmt::Result {
    if let Some(server) = via {
        write!(f, " via {server}")?;
    }
    within.map_or(Ok(()), |time| write!(f, " within {}", Time(time)))
}

/// In whole kB a second where that is exact, else in bytes.
impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % 1_000 == 0 => write!(f, "{}kB/s", bytes / 1_000),
            bytes => write!(f, "{bytes}B/s"),
        }
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

/// In percent, without needless zeros.
impl Display for Ppm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:04}", self.0 % 10_000);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{}%", self.0 / 10_000),
            decimals => write!(f, "{}.{decimals}%", self.0 / 10_000),
        }
    }
}

/// A time as the language writes it: in whole ms where that is exact, else in µs.
pub(crate) struct Time(pub(crate) Duration);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.0 {
            us if us % 1_000 == 0 => write!(f, "{}ms", us / 1_000),
            us => write!(f, "{us}us"),
        }
    }
}

struct Range(Span);

impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Span { min, max } if min == max => Time(min).fmt(f),
            Span { min, max } => write!(f, "{}..{}", Time(min), Time(max)),
        }
    }
}

fn spaced<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}
