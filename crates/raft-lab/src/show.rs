//! From a session to what the page shows.

use crate::arrows::{Arrow, Fate};
use crate::branch::{Branch, Past};
use crate::frame::{
    BranchFrame, ClientFrame, ConfigurationFrame, CutFrame, EntryKind, Frame, LinearizableFrame, LogCell,
    LostFrame, MessageFrame, MessageKind, OpFrame, OpOutcome, PairFrame, ParseErrorFrame, ProgressFrame,
    RangeFrame, ServerFrame, SettingsFrame, SnapshotFrame, TimerFrame, TwoPhaseFrame, ViolationFrame,
};
use crate::session::Session;
use crate::words;
use raft_core::{Configuration, Duration, Entry, Index, NodeId, Payload, Span, Term};
use raft_sim::scenario::{
    Command, Contact, DiskManner, LinkSettings, ParseError, Scenario, Setting, Settings,
};
use raft_trace::linearizability::Verdict;
use raft_trace::{
    ClientId, ClientState, Endpoint, InFlight, Invocation, Outcome, Progress, Seq, ServerState,
    TwoPhaseState, Violation, WorldTime,
};
use std::mem::discriminant;

/// For how long a lost message stays in the picture.
const LOST_SHOWN: Duration = Duration::millis(30);

impl Session {
    /// Everything at the playhead. Of each log, only the entries from `log_from` on, at most `log_count`; from 0 on are the last
    /// `log_count - 2` of the longest log, for a picture that has room for what comes next.
    #[must_use]
    pub fn frame(&self, log_from: Index, log_count: u32) -> Frame {
        let in_flight = self.state().in_flight.iter();
        Frame {
            messages: in_flight.map(message).collect(),
            ..self.frame_in_motion(log_from, log_count)
        }
    }

    /// The same without the messages in flight, which are most of it: for a picture that moves them by [`flights`](Session::flights).
    #[must_use]
    pub fn frame_in_motion(&self, log_from: Index, log_count: u32) -> Frame {
        let (state, scenario) = (self.state(), self.scenario());
        let last = state.servers.iter().map(|s| s.log.last_index().0).max();
        let end = (last.unwrap_or(0) + 3).saturating_sub(log_count.into()).max(1);
        let log_from = if log_from == Index(0) {
            Index(end)
        } else {
            log_from
        };
        let groups = state.groups.iter().map(names).collect::<Vec<_>>();
        let cuts = state.cuts.keys().map(|(from, to)| CutFrame {
            from: from.to_string(),
            to: to.to_string(),
        });
        Frame {
            at_us: self.at().0,
            seq: self.seq(),
            end_us: self.known_until().0,
            scenario_end_us: end_of(scenario).map(|at| at.0),
            live: self.seq() == self.history().end(),
            ended: state.ended,
            limit: self.limit(),
            title: scenario.title.clone(),
            protocol: scenario.protocol,
            seed: scenario.seed.to_string(),
            settings: self.settings(),
            servers: self.servers(log_from, log_count),
            clients: state.clients.iter().map(|c| self.client(c)).collect(),
            messages: Vec::new(),
            lost: self.lost(),
            groups: (!groups.is_empty()).then_some(groups),
            cuts: cuts.collect(),
            plans: state
                .plans
                .iter()
                .map(|plan| Command::Plan(*plan).to_string())
                .collect(),
            violations: self.violations().iter().map(violation).collect(),
            linearizable: linearizable(self.linearizable()),
            said: state.said.as_ref().map(ToString::to_string),
            branch: self.current_id(),
            version: self.trace().len(),
        }
    }

    fn servers(&self, log_from: Index, log_count: u32) -> Vec<ServerFrame> {
        let state = self.state();
        let frame = |s: &ServerState| ServerFrame {
            clock_ahead_us: self.clock_ahead(s.id),
            ..server(s, log_from, log_count)
        };
        let mut servers: Vec<ServerFrame> = state.servers.iter().map(frame).collect();
        for InFlight { packet, .. } in &state.in_flight {
            let carries = words::entries(packet) > 0 || words::kind(packet) == MessageKind::InstallSnapshot;
            if let Endpoint::Server(from) = packet.from()
                && carries
            {
                let to = packet.to().to_string();
                let progress = &mut servers[from.0 as usize - 1].progress;
                let known = progress.iter_mut().find(|known| known.server == to);
                known.into_iter().for_each(|known| known.flying += 1);
            }
        }
        servers
    }

    /// All branches, by number.
    #[must_use]
    pub fn branches(&self) -> Vec<BranchFrame> {
        let frame = |branch: &Branch| BranchFrame {
            id: branch.id,
            parent: branch.origin.as_ref().map(|origin| origin.parent),
            fork_us: branch.origin.as_ref().map_or(0, |origin| origin.at.0),
            end_us: match &branch.past {
                Past::Current => self.known_until().0,
                Past::Kept(history) => history.known_until().0,
                Past::Known(until) => until.0,
            },
            command: branch.origin.as_ref().map(|origin| origin.command.clone()),
            current: branch.id == self.current_id(),
        };
        self.all_branches().iter().map(frame).collect()
    }

    /// The messages lost shortly before the playhead.
    fn lost(&self) -> Vec<LostFrame> {
        let from = WorldTime(self.at().0.saturating_sub(LOST_SHOWN.0));
        let arrows = self.history().ladder().arrows();
        if !arrows.has_lost(from, self.at()) {
            return Vec::new();
        }
        let (arrows, _) = arrows.within(self.trace(), from, self.at());
        let gone = arrows.iter().filter(|arrow| {
            arrow.fate.is_lost() && arrow.sent_seq < self.seq() && self.state().message(arrow.id).is_none()
        });
        let servers = self.state().servers.len() as u32;
        let name = |lane: u8| match u32::from(lane) + 1 {
            server if server <= servers => NodeId(server).to_string(),
            client => ClientId(client - servers).to_string(),
        };
        let frame = |arrow: &Arrow| LostFrame {
            id: arrow.id,
            seq: arrow.sent_seq,
            from: name(arrow.from_lane),
            to: name(arrow.to_lane),
            kind: arrow.kind,
            term: (arrow.term > 0).then_some(Term(arrow.term.into())),
            lost_us: arrow.end_at.0,
            on_arrival: arrow.fate == Fate::LostOnArrival,
        };
        gone.map(frame).collect()
    }

    fn client(&self, client: &ClientState) -> ClientFrame {
        let last = client.last.as_ref();
        ClientFrame {
            id: client.id.to_string(),
            current: client.current.as_ref().map(|current| waiting(client.id, current)),
            waiting: client.waiting,
            last: last.map(|(ended, _)| self.op_frame(ended.op)),
        }
    }

    /// The event by which a server first knew this entry to be committed, if it does at the playhead.
    #[must_use]
    pub fn committed(&self, server: NodeId, index: Index) -> Option<Seq> {
        self.history().ladder().committed(server, index, self.seq())
    }

    /// By how many µs a server's clock has come ahead of the world's.
    fn clock_ahead(&self, server: NodeId) -> i64 {
        let ladder = self.history().ladder();
        let own = |setting: Setting| match setting {
            Setting::Drift(whose, ppm) if whose == server => Some(i64::from(ppm)),
            _ => None,
        };
        let gained = |ppm: i64, from: WorldTime, to: WorldTime| ppm * (to - from).0 as i64 / 1_000_000;
        let first = self.scenario().settings.iter().copied().find_map(own);
        let (mut ahead, mut since, mut ppm) = (0, WorldTime(0), first.unwrap_or(0));
        let drifts = ladder
            .settings_before(self.seq())
            .filter(|(_, words)| words.starts_with("drift "));
        for (at, words) in drifts {
            if let Some(next) = self.setting(words).and_then(own) {
                ahead += gained(ppm, since, at);
                (since, ppm) = (at, next);
            }
        }
        ahead + gained(ppm, since, self.at()) + ladder.jumped_before(self.seq(), server)
    }

    /// A setting as a scenario says it. A rule is switched without the word `set`.
    fn setting(&self, words: &str) -> Option<Setting> {
        let scenario = self.scenario();
        let command = scenario.parse_command(&format!("set {words}"));
        match command.or_else(|_| scenario.parse_command(words)) {
            Ok(Command::Set(setting)) => Some(setting),
            _ => None,
        }
    }

    /// The settings at the playhead: the scenario's, then those changed since.
    fn settings(&self) -> SettingsFrame {
        let scenario = self.scenario();
        let changed = self.history().ladder().settings_before(self.seq());
        let changed = changed.filter_map(|(_, words)| self.setting(words));
        let mut now = Settings::new(scenario.servers, scenario.clients);
        let mut network = Network::default();
        for setting in scenario.settings.iter().copied().chain(changed) {
            now.apply(&setting);
            network.apply(setting);
        }
        SettingsFrame {
            election_timeout: range(now.election_timeout),
            heartbeat_us: now.heartbeat.0,
            max_entries: now.max_entries,
            client_timeout_us: now.client_timeout.0,
            client_retry_us: now.client_retry.map(|d| d.0),
            latency: range(network.general.latency),
            loss_ppm: network.general.loss.0,
            duplicate_ppm: network.general.duplicate.0,
            write: range(now.write),
            fsync: range(now.fsync),
            special: network.special.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What holds for the network at large, and what holds for single links and servers only.
#[derive(Default)]
struct Network {
    general: LinkSettings,
    special: Vec<Setting>,
}

impl Network {
    fn apply(&mut self, setting: Setting) {
        // A setting for all takes the place of those for one, and one for one of the same one's.
        self.special.retain(|old| match (*old, setting) {
            (Setting::Latency(was, _), Setting::Latency(is, _))
            | (Setting::Loss(was, _), Setting::Loss(is, _))
            | (Setting::Duplicate(was, _), Setting::Duplicate(is, _))
            | (Setting::Bandwidth(was, _), Setting::Bandwidth(is, _)) => is.is_some() && is != was,
            (Setting::Write(was, _), Setting::Write(is, _))
            | (Setting::Fsync(was, _), Setting::Fsync(is, _)) => is.is_some() && is != was,
            (Setting::Drift(was, _), Setting::Drift(is, _))
            | (Setting::Disk(was, _), Setting::Disk(is, _)) => is != was,
            (Setting::Rule(was, _), Setting::Rule(is, _)) => is != was,
            _ => discriminant(old) != discriminant(&setting),
        });
        match setting {
            Setting::Latency(None, latency) => self.general.latency = latency,
            Setting::Loss(None, loss) => self.general.loss = loss,
            Setting::Duplicate(None, duplicate) => self.general.duplicate = duplicate,
            Setting::Rule(_, true)
            | Setting::Disk(_, DiskManner::Honest)
            | Setting::Bandwidth(None, None)
            | Setting::Contact(Contact::Leader) => {}
            Setting::Latency(..)
            | Setting::Loss(..)
            | Setting::Duplicate(..)
            | Setting::Bandwidth(..)
            | Setting::Contact(Contact::Random)
            | Setting::Drift(..)
            | Setting::Disk(..)
            | Setting::TornWrites(_)
            | Setting::Write(Some(_), _)
            | Setting::Fsync(Some(_), _)
            | Setting::Inflight(_)
            | Setting::Repair(_)
            | Setting::PreVote(_)
            | Setting::SnapshotEvery(_)
            | Setting::CheckQuorum(_)
            | Setting::Stickiness(_)
            | Setting::DriftBound(_)
            | Setting::Reads(_)
            | Setting::VoteTimeout(_)
            | Setting::AskAgain(_)
            | Setting::Cooperative(_)
            | Setting::Rule(_, false) => self.special.push(setting),
            Setting::ElectionTimeout(_)
            | Setting::Heartbeat(_)
            | Setting::MaxEntries(_)
            | Setting::ClientTimeout(_)
            | Setting::ClientRetry(_)
            | Setting::Write(None, _)
            | Setting::Fsync(None, _) => {}
        }
    }
}

fn server(server: &ServerState, log_from: Index, log_count: u32) -> ServerFrame {
    let first = log_from.max(server.log.base().0.next());
    let end = log_from.0.saturating_add(log_count.into());
    let cells = (first.0..end).map(Index).zip(server.log.iter_from(first));
    ServerFrame {
        id: server.id.to_string(),
        up: server.up,
        unpowered: server.unpowered,
        torn: server.torn,
        paused: server.paused,
        stalled: server.stalled,
        role: server.role,
        term: server.term,
        voted_for: server.voted_for.map(|id| id.to_string()),
        votes: names(server.votes.keys()),
        leader: server.leader.map(|id| id.to_string()),
        commit_index: server.commit_index,
        last_applied: server.last_applied,
        last_index: server.log.last_index(),
        synced_index: server.synced_index(),
        claimed_index: server.claimed_index(),
        election_timer: server.election_timer.map(TimerFrame::from),
        heartbeat_timer: server.heartbeat_timer.map(TimerFrame::from),
        progress: server.progress.iter().map(progress).collect(),
        configuration: configuration(&server.configuration),
        transfer: server.transfer.map(|id| id.to_string()),
        snapshot: (server.log.base().0 > Index(0)).then(|| SnapshotFrame {
            last_index: server.log.base().0,
            last_term: server.log.base().1,
        }),
        unsynced: server.pending.len() as u32,
        clock_ahead_us: 0,
        state: server.machine.iter().map(pair).collect(),
        log: cells.map(cell).collect(),
        two_phase: two_phase(server),
    }
}

fn two_phase(server: &ServerState) -> Option<TwoPhaseFrame> {
    let state = server.two_phase.as_ref()?;
    let coordinates = server.id == TwoPhaseState::COORDINATOR;
    Some(TwoPhaseFrame::new(state, coordinates))
}

fn progress(progress: &Progress) -> ProgressFrame {
    ProgressFrame {
        server: progress.server.to_string(),
        next_index: progress.next_index,
        match_index: progress.match_index,
        state: progress.state,
        flying: 0,
    }
}

fn configuration(configuration: &Configuration) -> ConfigurationFrame {
    ConfigurationFrame {
        voters: names(&configuration.voters),
        outgoing: names(&configuration.outgoing),
        learners: names(&configuration.learners),
    }
}

fn pair((key, value): (&str, &str)) -> PairFrame {
    PairFrame {
        key: key.into(),
        value: value.into(),
    }
}

pub(crate) fn cell((index, entry): (Index, &Entry)) -> LogCell {
    LogCell {
        index,
        term: entry.term,
        kind: match entry.payload {
            Payload::Command(_) => EntryKind::Command,
            Payload::Noop => EntryKind::Noop,
            Payload::Configuration(_) => EntryKind::Configuration,
        },
        text: words::entry(entry),
    }
}

/// An operation that has not ended, whatever may be known of its future.
fn waiting(client: ClientId, current: &Invocation) -> OpFrame {
    OpFrame {
        op: current.op,
        client: client.to_string(),
        text: current.operation.to_string(),
        seq: current.seq,
        invoked_us: current.at.0,
        returned_us: None,
        outcome: OpOutcome::Waiting,
        value: None,
    }
}

fn message(flying: &InFlight) -> MessageFrame {
    let packet = &flying.packet;
    let (kind, entries) = (words::kind(packet), words::entries(packet));
    MessageFrame {
        id: flying.id,
        seq: flying.seq,
        from: packet.from().to_string(),
        to: packet.to().to_string(),
        kind,
        heartbeat: kind == MessageKind::AppendEntries && entries == 0,
        term: words::term(packet),
        entries,
        success: words::success(packet),
        sent_us: flying.sent_at.0,
        arrives_us: flying.arrives.0,
        held_us: flying.held.map(|since| since.0),
        copy: flying.original.is_some(),
        text: words::packet(packet),
    }
}

fn linearizable(verdict: &Verdict) -> LinearizableFrame {
    match verdict {
        Verdict::Yes => LinearizableFrame::Yes,
        Verdict::No { since, because } => LinearizableFrame::No {
            at_us: since.at.0,
            seq: since.seq,
            text: because.to_string(),
        },
        Verdict::Unknown { .. } => LinearizableFrame::Unknown,
    }
}

fn violation(violation: &Violation) -> ViolationFrame {
    ViolationFrame {
        property: violation.property(),
        at_us: violation.at.0,
        seq: violation.seq,
        text: violation.to_string(),
    }
}

fn names<T: ToString>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(|name| name.to_string()).collect()
}

fn range(span: Span) -> RangeFrame {
    RangeFrame {
        min_us: span.min.0,
        max_us: span.max.0,
    }
}

/// When the script says `end`.
fn end_of(scenario: &Scenario) -> Option<WorldTime> {
    let end = scenario.script.iter().find(|timed| timed.command == Command::End);
    end.map(|timed| timed.at)
}

impl From<&ParseError> for ParseErrorFrame {
    fn from(error: &ParseError) -> Self {
        ParseErrorFrame {
            line: error.line,
            column: error.column,
            found: error.found.clone(),
            expected: error.expected.clone(),
            nearest: error.nearest.clone(),
            message: error.to_string(),
        }
    }
}

impl From<&Outcome> for OpOutcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Ok { .. } => OpOutcome::Ok,
            Outcome::Failed => OpOutcome::Failed,
            Outcome::Unknown => OpOutcome::Unknown,
        }
    }
}
