//! What the space-time diagram (Lamport's ladder) is drawn from: an index of the trace, kept up to date event by event, so that a
//! window of time can be asked for without reading the events before it.

use crate::arrows::Arrows;
use crate::frame::{MarkKind, Plight};
use raft_core::{Index, NodeId, Note, Role, Term, Timer, Write, WriteId};
use raft_trace::{ClientId, Endpoint, Event, OpId, Operation, Outcome, Seq, TraceEvent, Word, WorldTime};
use std::collections::VecDeque;
use std::sync::Arc;
use two_phase::{Record, TransactionId};

/// The pictures' index of one branch's whole known history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder {
    arrows: Arrows,
    lanes: Vec<Lane>,
    marks: Vec<Mark>,
    /// Most of what happens besides messages, so not among the marks.
    commits: Vec<Commit>,
    /// By operation number, so also by the time of invocation.
    ops: Vec<Op>,
    /// Per client, its operations in order; they do not overlap.
    ops_of: Vec<Vec<OpId>>,
    settings: Vec<(Seq, WorldTime, Word)>,
    /// By how many µs whose clock jumped.
    jumps: Vec<(Seq, NodeId, i64)>,
    walls: Vec<Walls>,
}

/// Who reaches whom, until the next one begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walls {
    pub(crate) from: WorldTime,
    pub(crate) groups: Arc<[Vec<Endpoint>]>,
    pub(crate) cuts: Vec<(Endpoint, Endpoint)>,
}

/// A stretch of a server's life; it lasts until the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: WorldTime,
    pub(crate) role: Role,
    pub(crate) term: Term,
    pub(crate) up: bool,
    pub(crate) plight: Option<Plight>,
}

/// An event worth a mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) at: WorldTime,
    pub(crate) seq: Seq,
    pub(crate) kind: MarkKind,
    /// Whose, from 0; `None` for what concerns the whole cluster.
    pub(crate) lane: Option<u8>,
    /// What happens too often to be read anew from the trace: the term of a new role. Else 0.
    pub(crate) number: u64,
}

/// A server's commit index rose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit {
    pub(crate) at: WorldTime,
    seq: Seq,
    pub(crate) lane: u8,
    through: Index,
}

/// A client's operation.
#[derive(Clone, Debug)]
pub(crate) struct Op {
    pub(crate) client: ClientId,
    pub(crate) operation: Operation,
    pub(crate) invoked_at: WorldTime,
    pub(crate) invoked_seq: Seq,
    pub(crate) returned: Option<(WorldTime, Outcome)>,
}

/// One server's life, and what its disk knows of its term: that is where it starts from after a crash.
#[derive(Clone, Debug, Default)]
struct Lane {
    spans: Vec<Span>,
    synced_term: Term,
    /// What its disk says, if it lies.
    claimed_term: Option<Term>,
    unsynced_terms: VecDeque<(WriteId, Term)>,
    paused: bool,
    /// The transactions that it has voted for and knows no decision of, and by which write.
    prepared: Vec<(WriteId, TransactionId)>,
    blocked: bool,
}

impl Ladder {
    /// Takes in the next event of the trace.
    pub(crate) fn push(&mut self, event: &TraceEvent) {
        let (seq, at) = (event.seq, event.at);
        self.arrows.push(event);
        match &event.event {
            Event::Began { servers, clients, .. } => self.begin(at, *servers, *clients),
            Event::Invoked {
                client,
                op,
                operation,
            } => {
                debug_assert_eq!(op.0 as usize, self.ops.len());
                self.ops.push(Op {
                    client: *client,
                    operation: operation.clone(),
                    invoked_at: at,
                    invoked_seq: seq,
                    returned: None,
                });
                self.ops_of[client.0 as usize - 1].push(*op);
            }
            Event::Returned { op, outcome, .. } => {
                self.ops[op.0 as usize].returned = Some((at, outcome.clone()));
            }
            Event::SettingChanged { setting } => self.settings.push((seq, at, setting.clone())),
            Event::ClockJumped { server, by } => self.jumps.push((seq, *server, *by)),
            Event::Committed { server, through } => self.commits.push(Commit {
                at,
                seq,
                lane: (server.0 - 1) as u8,
                through: *through,
            }),
            other => self.lived(at, other),
        }
        if let Some((kind, server)) = self.mark_kind(&event.event) {
            self.marks.push(Mark {
                at,
                seq,
                kind,
                lane: server.map(|id| (id.0 - 1) as u8),
                number: number(&event.event),
            });
        }
    }

    fn begin(&mut self, at: WorldTime, servers: u32, clients: u32) {
        let first = Span {
            from: at,
            role: Role::Follower,
            term: Term(0),
            up: true,
            plight: None,
        };
        let lane = Lane {
            spans: vec![first],
            ..Lane::default()
        };
        self.lanes = vec![lane; servers as usize];
        self.ops_of = vec![Vec::new(); clients as usize];
    }

    /// What concerns a server's life: its role and term, its crashes, and what of its term is on disk.
    fn lived(&mut self, at: WorldTime, event: &Event) {
        match event {
            Event::Noted {
                server,
                note: Note::Became { role, term },
            } => self
                .lane(*server)
                .turn(at, |now| (now.role, now.term) = (*role, *term)),
            Event::Crashed { server } => self.lane(*server).crash(at, None),
            Event::PoweredOff {
                server,
                through,
                entries,
            } => self.lane(*server).power_off(at, *through, *entries),
            Event::Restarted { server } => self.lane(*server).turn(at, |now| now.up = true),
            Event::Paused { server } | Event::Resumed { server } => {
                let lane = self.lane(*server);
                lane.paused = !lane.paused;
                lane.turn(at, |_| {});
            }
            Event::TwoPhaseNoted {
                server,
                note: two_phase::Note::Blocked { .. },
            } => {
                let lane = self.lane(*server);
                lane.blocked = true;
                lane.turn(at, |_| {});
            }
            Event::Written { server, write } => {
                let lane = self.lane(*server);
                lane.record(at, write);
                if let Some(hard_state) = write.hard_state {
                    lane.unsynced_terms.push_back((write.id, hard_state.term));
                }
            }
            Event::Synced { server, through } => self.lane(*server).sync(*through),
            Event::SyncClaimed { server, through } => self.lane(*server).claim(*through),
            other => self.parted(at, other),
        }
    }

    /// What concerns the network: who reaches whom.
    fn parted(&mut self, from: WorldTime, event: &Event) {
        let mut now = self.walls.last().cloned().unwrap_or_default();
        now.from = from;
        match event {
            Event::Partitioned { groups } => now.groups.clone_from(groups),
            Event::LinkCut { from, to } => now.cuts.push((*from, *to)),
            Event::LinkMended { from, to } => now.cuts.retain(|cut| *cut != (*from, *to)),
            Event::Healed => {
                now = Walls {
                    from,
                    ..Walls::default()
                }
            }
            _ => return,
        }
        self.walls.push(now);
    }

    fn lane(&mut self, server: NodeId) -> &mut Lane {
        &mut self.lanes[server.0 as usize - 1]
    }

    /// Which mark an event is worth, if any, and whose. To be asked after the event was taken in.
    fn mark_kind(&self, event: &Event) -> Option<(MarkKind, Option<NodeId>)> {
        let (kind, server) = match event {
            Event::TimerFired {
                server,
                timer: Timer::Election,
            } => (MarkKind::Timeout, server),
            Event::Noted { server, note } => (self.note_kind(*server, note)?, server),
            Event::TwoPhaseNoted { server, note } => (two_phase_kind(*server, note)?, server),
            Event::Crashed { server } => (MarkKind::Crashed, server),
            Event::PoweredOff { server, .. } => (MarkKind::PoweredOff, server),
            Event::Restarted { server } => (MarkKind::Restarted, server),
            Event::Paused { server } => (MarkKind::Paused, server),
            Event::Resumed { server } => (MarkKind::Resumed, server),
            Event::ClockJumped { server, .. } => (MarkKind::ClockJumped, server),
            Event::DiskFull { server } | Event::DiskStalled { server, .. } => (MarkKind::Disk, server),
            Event::Partitioned { .. } | Event::LinkCut { .. } => return Some((MarkKind::Cut, None)),
            Event::Healed | Event::LinkMended { .. } => return Some((MarkKind::Healed, None)),
            Event::SettingChanged { .. } => return Some((MarkKind::Setting, None)),
            Event::Said { .. } => return Some((MarkKind::Said, None)),
            _ => return None,
        };
        Some((kind, Some(*server)))
    }

    fn note_kind(&self, server: NodeId, note: &Note) -> Option<MarkKind> {
        match note {
            Note::Became {
                role: Role::Leader, ..
            } => Some(MarkKind::Elected),
            Note::Became {
                role: Role::Follower, ..
            } => {
                let lane = &self.lanes[server.0 as usize - 1];
                lane.stepped_down().then_some(MarkKind::SteppedDown)
            }
            Note::Truncated { .. } => Some(MarkKind::Truncated),
            Note::ConfigurationChanged { .. } => Some(MarkKind::Configuration),
            _ => None,
        }
    }
}

/// Questions about a window of time, both ends included.
impl Ladder {
    /// What is known of messages.
    pub(crate) fn arrows(&self) -> &Arrows {
        &self.arrows
    }

    /// The spans of a server's life, counted from 0.
    pub(crate) fn spans(&self, lane: usize) -> &[Span] {
        &self.lanes[lane].spans
    }

    /// Who reached whom, change by change.
    pub(crate) fn walls(&self) -> &[Walls] {
        &self.walls
    }

    /// The marks from `from` to `to`, in the order of events.
    pub(crate) fn marks_in(&self, from: WorldTime, to: WorldTime) -> &[Mark] {
        within(&self.marks, from, to, |mark| mark.at)
    }

    /// What servers came to know as committed from `from` to `to`, in the order of events.
    pub(crate) fn commits_in(&self, from: WorldTime, to: WorldTime) -> &[Commit] {
        within(&self.commits, from, to, |commit| commit.at)
    }

    /// The operations under way at some time from `from` to `to`, client by client.
    pub(crate) fn ops_in(&self, from: WorldTime, to: WorldTime) -> impl Iterator<Item = OpId> {
        self.ops_of.iter().flat_map(move |ops| {
            let ended = |op: &OpId| self.op(*op).returned.as_ref().is_some_and(|(at, _)| *at < from);
            let first = ops.partition_point(ended);
            let last = ops.partition_point(|op| self.op(*op).invoked_at <= to).max(first);
            ops[first..last].iter().copied()
        })
    }

    /// One operation.
    pub(crate) fn op(&self, op: OpId) -> &Op {
        &self.ops[op.0 as usize]
    }

    /// The same, if there is one.
    pub(crate) fn get_op(&self, op: OpId) -> Option<&Op> {
        self.ops.get(op.0 as usize)
    }

    /// The settings changed before a position, in order: when, and as the scenario says them.
    pub(crate) fn settings_before(&self, position: Seq) -> impl Iterator<Item = (WorldTime, &Word)> {
        let before = self.settings.iter().take_while(move |(seq, ..)| *seq < position);
        before.map(|(_, at, setting)| (*at, setting))
    }

    /// By how many µs a server's clock has jumped before a position.
    pub(crate) fn jumped_before(&self, position: Seq, server: NodeId) -> i64 {
        let before = self.jumps.iter().take_while(|(seq, ..)| *seq < position);
        let own = before.filter(|(_, whose, _)| *whose == server);
        own.map(|(.., by)| by).sum()
    }

    /// The event by which a server first knew this entry to be committed, before a position.
    pub(crate) fn committed(&self, server: NodeId, index: Index, before: Seq) -> Option<Seq> {
        let lane = server.0.wrapping_sub(1) as u8;
        let mut commits = self.commits.iter().take_while(|commit| commit.seq < before);
        let first = commits.find(|commit| commit.lane == lane && commit.through >= index);
        first.map(|commit| commit.seq)
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn heap_bytes(&self) -> u64 {
        let spans: usize = self.lanes.iter().map(|lane| lane.spans.capacity()).sum();
        let bytes = spans * size_of::<Span>()
            + self.marks.capacity() * size_of::<Mark>()
            + self.commits.capacity() * size_of::<Commit>()
            + self.ops.capacity() * (size_of::<Op>() + size_of::<OpId>());
        bytes as u64 + self.arrows.heap_bytes()
    }
}

/// Those from `from` to `to` of a list in the order of time.
fn within<T>(all: &[T], from: WorldTime, to: WorldTime, at: impl Fn(&T) -> WorldTime) -> &[T] {
    let first = all.partition_point(|one| at(one) < from);
    let last = all.partition_point(|one| at(one) <= to).max(first);
    &all[first..last]
}

fn two_phase_kind(server: NodeId, note: &two_phase::Note) -> Option<MarkKind> {
    match note {
        two_phase::Note::GaveUp { .. } => Some(MarkKind::Decided),
        // Its own: the decision is on its disk.
        two_phase::Note::AcknowledgementCounted { from, .. } if *from == server => Some(MarkKind::Decided),
        two_phase::Note::Blocked { .. } => Some(MarkKind::Blocked),
        _ => None,
    }
}

impl Lane {
    /// Ends the current span and begins one that differs, unless nothing differs.
    fn turn(&mut self, at: WorldTime, change: impl FnOnce(&mut Span)) {
        let Some(&now) = self.spans.last() else { return };
        let mut next = Span { from: at, ..now };
        change(&mut next);
        next.plight = match &*self {
            _ if !next.up => next.plight.filter(|plight| *plight == Plight::Unpowered),
            lane if lane.paused => Some(Plight::Paused),
            lane if lane.prepared.is_empty() => None,
            lane if lane.blocked => Some(Plight::Blocked),
            _ => Some(Plight::Prepared),
        };
        if next == (Span { from: at, ..now }) {
            return;
        }
        self.spans.push(next);
    }

    /// What was written outlives the process.
    fn crash(&mut self, at: WorldTime, plight: Option<Plight>) {
        (self.paused, self.blocked) = (false, false);
        let held = self.claimed_term.unwrap_or(self.synced_term);
        let term = self.unsynced_terms.back().map_or(held, |&(_, term)| term);
        self.turn(at, |now| {
            *now = Span {
                role: Role::Follower,
                term,
                up: false,
                plight,
                ..*now
            };
        });
    }

    /// A torn write begins with its term.
    fn power_off(&mut self, at: WorldTime, through: WriteId, entries: u32) {
        self.claimed_term = None;
        self.prepared.retain(|(write, _)| *write <= through);
        self.sync(WriteId(through.0 + u64::from(entries > 0)));
        self.unsynced_terms.clear();
        self.crash(at, Some(Plight::Unpowered));
    }

    /// What it writes of transactions.
    fn record(&mut self, at: WorldTime, write: &Write) {
        let entries = write.append.iter().flat_map(|append| append.entries.iter());
        let before = self.prepared.len();
        for record in entries.filter_map(Record::decode) {
            match record {
                Record::Prepared(id, _) => self.prepared.push((write.id, id)),
                other => self.prepared.retain(|(_, id)| *id != other.transaction()),
            }
        }
        if self.prepared.len() != before {
            self.blocked &= !self.prepared.is_empty();
            self.turn(at, |_| {});
        }
    }

    fn sync(&mut self, through: WriteId) {
        if let Some(claimed) = self.claimed_term.take() {
            self.synced_term = claimed;
        }
        self.synced_term = self.written_by(through).unwrap_or(self.synced_term);
    }

    /// Its disk says so, and lies.
    fn claim(&mut self, through: WriteId) {
        let claimed = self.claimed_term.unwrap_or(self.synced_term);
        self.claimed_term = self.written_by(through).or(Some(claimed));
    }

    /// The last term written up to this write, which does not wait any more.
    fn written_by(&mut self, through: WriteId) -> Option<Term> {
        let mut last = None;
        while let Some(&(id, term)) = self.unsynced_terms.front()
            && id <= through
        {
            last = Some(term);
            self.unsynced_terms.pop_front();
        }
        last
    }

    /// Whether the span that just began is a follower's after a leader's or candidate's.
    fn stepped_down(&self) -> bool {
        matches!(&self.spans[..], [.., before, now] if before.up && now.up && before.role != Role::Follower && now.role == Role::Follower)
    }
}

fn number(event: &Event) -> u64 {
    match event {
        Event::Noted {
            note: Note::Became { term, .. },
            ..
        } => term.0,
        _ => 0,
    }
}
