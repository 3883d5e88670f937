//! A window of the space-time diagram, with no more in it than can be drawn.

use crate::arrows::Arrow;
use crate::frame::{CutFrame, LaneMark, LaneSpan, Lanes, MarkKind, OpFrame, OpOutcome, WallSpan};
use crate::ladder::{Mark, Span};
use crate::session::Session;
use crate::words;
use raft_core::{NodeId, WriteId};
use raft_trace::linearizability::{Verdict, When};
use raft_trace::{Endpoint, Event, OpId, Operation, Outcome, Property, Seq, Violation, WorldTime};

/// More arrows than these say nothing to the eye and are slow to draw.
const MAX_ARROWS: usize = 4_000;

/// The same for spans, for marks and for operations.
const MAX_OTHERS: usize = 1_000;

/// Disks are looked at in no more events than these …
const MOST_READ: u32 = 6_000;

/// … and in so many before.
const LOOKED_BACK: u32 = 200;

/// Numbers that [`Session::arrows`] gives for each.
pub const ARROW_FIELDS: usize = 10;
const FATE: usize = 8;

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: WorldTime,
    to: WorldTime,
}

impl Session {
    /// The messages that are on their way at any time from `from` to `to`, for the whole known history of the current branch. Ten
    /// numbers each: the event that sent it, its number, from lane, to lane (servers from 0, then clients), its kind (the position in
    /// [`MessageKind`](crate::frame::MessageKind), 100 more for an answer that refuses, 200 more for a copy), the sender's term or 0,
    /// when it was sent and when it ends (µs), its fate (0 in flight, 1 delivered, 2 lost half way, 3 lost on arrival, 4 held
    /// on its way) and how many entries it carries.
    ///
    /// Of more than some thousand, those are left out that differ least from others: see [`Lanes::thinned`].
    #[must_use]
    pub fn arrows(&self, from: WorldTime, to: WorldTime) -> Vec<f64> {
        let window = Window { from, to };
        let (arrows, _) = self.history().ladder().arrows().within(self.trace(), from, to);
        // A heartbeat may stand for its neighbours, but not for a message that carries something.
        let group = |a: &Arrow| {
            let kind = (a.kind as usize * 2 + usize::from(a.refused)) * 2 + usize::from(a.entries > 0);
            (kind * 18 + usize::from(a.from_lane)) * 18 + usize::from(a.to_lane)
        };
        let (arrows, _) = thin(arrows, MAX_ARROWS, window, group, |a| a.sent_at);
        arrows.iter().flat_map(row).collect()
    }

    /// The messages in flight at the playhead, told as [`arrows`](Session::arrows) are; but instead of their fate, since when they are
    /// held (µs), or -1.
    #[must_use]
    pub fn flights(&self) -> Vec<f64> {
        let servers = self.state().servers.len() as u32;
        let flights = self.state().in_flight.iter().map(|flying| {
            let mut told = row(&Arrow {
                id: flying.id,
                sent_seq: flying.seq,
                sent_at: flying.sent_at,
                end_at: flying.arrives,
                copy: flying.original.is_some(),
                ..Arrow::of(&flying.packet, servers)
            });
            told[FATE] = flying.held.map_or(-1.0, |since| since.0 as f64);
            told
        });
        flights.flatten().collect()
    }

    /// What servers, clients and author did from `from` to `to`, for the whole known history of the current branch.
    #[must_use]
    pub fn lanes(&self, from: WorldTime, to: WorldTime) -> Lanes {
        let window = Window { from, to };
        let (spans, spans_thinned) = self.spans_in(window);
        let (marks, marks_thinned) = self.marks_in(window);
        let (commits, commits_thinned) = self.commits_in(window);
        let (ops, ops_thinned) = self.ops_in(window);
        let arrows = self.history().ladder().arrows();
        let arrows_thinned = arrows.are_more_than(MAX_ARROWS, self.trace(), from, to);
        Lanes {
            spans,
            marks,
            commits,
            ops,
            walls: self.walls_in(window),
            writes: self.writes_in(window),
            thinned: spans_thinned || marks_thinned || commits_thinned || ops_thinned || arrows_thinned,
        }
    }

    /// Of the whole known history what a narrow strip can show: what servers were, and marks.
    #[must_use]
    pub fn outline(&self) -> Lanes {
        let whole = Window {
            from: WorldTime(0),
            to: self.known_until(),
        };
        let ((spans, _), (marks, _)) = (self.spans_in(whole), self.marks_in(whole));
        Lanes {
            spans,
            marks,
            ..Lanes::default()
        }
    }

    fn spans_in(&self, window: Window) -> (Vec<LaneSpan>, bool) {
        let (mut spans, mut thinned) = (Vec::new(), false);
        let servers = self.state().servers.len();
        for lane in 0..servers {
            let all = self.history().ladder().spans(lane);
            let first = all
                .partition_point(|span| span.from <= window.from)
                .saturating_sub(1);
            let last = all.partition_point(|span| span.from <= window.to);
            let end = all.get(last).map_or(self.known_until(), |span| span.from);
            let (kept, fewer) = thin(
                all[first..last].to_vec(),
                MAX_OTHERS / servers,
                window,
                |_| 0,
                |span| span.from,
            );
            let ends = kept.iter().skip(1).map(|span| span.from).chain([end]);
            spans.extend(kept.iter().zip(ends).map(|(span, to)| lane_span(lane, span, to)));
            thinned |= fewer;
        }
        (spans, thinned)
    }

    fn marks_in(&self, window: Window) -> (Vec<LaneMark>, bool) {
        let group = |mark: &Mark| mark.kind as usize * 10 + mark.lane.map_or(9, usize::from);
        let marks = self.history().ladder().marks_in(window.from, window.to).to_vec();
        let (marks, thinned) = thin(marks, MAX_OTHERS, window, group, |mark| mark.at);
        let mut marks: Vec<LaneMark> = marks.iter().map(|mark| self.lane_mark(mark)).collect();
        let counted = |v: &&Violation| v.property() != Property::Linearizability; // that has a mark of its own
        let violations = self.history().violations().iter().filter(counted);
        let violations = violations.filter(|v| window.contains(v.at)).map(violation_mark);
        let broken = match self.history().linearizable() {
            Verdict::No { since, .. } if window.contains(since.at) => Some(*since),
            _ => None,
        };
        let broken = broken.map(|since| broken_mark(since, "not linearizable".to_owned()));
        for mark in violations.chain(broken) {
            marks.insert(marks.partition_point(|other| other.seq <= mark.seq), mark);
        }
        (marks, thinned)
    }

    /// Whose (from 0), and when.
    fn commits_in(&self, window: Window) -> (Vec<[u64; 2]>, bool) {
        let all = self
            .history()
            .ladder()
            .commits_in(window.from, window.to)
            .to_vec();
        let (kept, thinned) = thin(all, MAX_OTHERS, window, |c| c.lane.into(), |c| c.at);
        let told = kept.iter().map(|commit| [commit.lane.into(), commit.at.0]);
        (told.collect(), thinned)
    }

    fn walls_in(&self, window: Window) -> Vec<WallSpan> {
        let all = self.history().ladder().walls();
        let ends = all
            .iter()
            .skip(1)
            .map(|next| next.from)
            .chain([self.known_until()]);
        let seen = all.iter().zip(ends).filter(|(walls, to)| {
            walls.from <= window.to
                && *to >= window.from
                && !(walls.groups.is_empty() && walls.cuts.is_empty())
        });
        let names = |group: &Vec<Endpoint>| group.iter().map(ToString::to_string).collect();
        let last = MAX_OTHERS / 10;
        seen.take(last)
            .map(|(walls, to)| WallSpan {
                from_us: walls.from.0,
                to_us: to.0,
                groups: walls.groups.iter().map(names).collect(),
                cuts: walls.cuts.iter().map(cut).collect(),
            })
            .collect()
    }

    /// What was written to disks, and when it was safe there. Nothing in a window of more events than can be read with every picture.
    fn writes_in(&self, window: Window) -> Vec<[u64; 3]> {
        let trace = self.trace();
        let (first, last) = (trace.seq_at(window.from).0, trace.seq_at(window.to).0);
        if last - first > MOST_READ {
            return Vec::new();
        }
        let mut writes = Vec::new();
        let mut waiting: Vec<(usize, WriteId)> = Vec::new(); // positions in `writes`
        // What is written a little before the window may reach the disk in it.
        let begin = Seq(first.saturating_sub(LOOKED_BACK));
        for event in trace.iter_from(begin).take((last - begin.0) as usize) {
            match event.event {
                Event::Written { server, ref write } => {
                    waiting.push((writes.len(), write.id));
                    writes.push([u64::from(server.0) - 1, event.at.0, 0]);
                }
                Event::Synced { server, through } => waiting.retain(|(place, id)| {
                    let write: &mut [u64; 3] = &mut writes[*place];
                    let safe = write[0] == u64::from(server.0) - 1 && *id <= through;
                    if safe {
                        write[2] = event.at.0;
                    }
                    !safe
                }),
                // What was not synced is gone, or taken over at the restart.
                Event::Crashed { server } | Event::PoweredOff { server, .. } => {
                    waiting.retain(|(place, _)| writes[*place][0] != u64::from(server.0) - 1);
                }
                _ => {}
            }
        }
        writes
    }

    fn lane_mark(&self, mark: &Mark) -> LaneMark {
        LaneMark {
            at_us: mark.at.0,
            seq: mark.seq,
            server: mark.lane.map(|lane| NodeId(u32::from(lane) + 1).to_string()),
            kind: mark.kind,
            text: self.mark_text(mark),
        }
    }

    fn mark_text(&self, mark: &Mark) -> String {
        match mark.kind {
            MarkKind::Timeout => "timeout".into(),
            MarkKind::Elected => format!("leader of term {}", mark.number),
            MarkKind::SteppedDown => format!("follower, term {}", mark.number),
            MarkKind::Crashed => "crash".into(),
            MarkKind::Restarted => "restart".into(),
            _ => self
                .trace()
                .get(mark.seq)
                .map_or_else(String::new, |event| words::mark(&event.event)),
        }
    }

    fn ops_in(&self, window: Window) -> (Vec<OpFrame>, bool) {
        let ladder = self.history().ladder();
        let ops: Vec<OpId> = ladder.ops_in(window.from, window.to).collect();
        let client = |op: &OpId| ladder.op(*op).client.0 as usize;
        let (ops, thinned) = thin(ops, MAX_OTHERS, window, client, |op| ladder.op(*op).invoked_at);
        let frames = ops.iter().map(|op| self.op_frame(*op));
        (frames.collect(), thinned)
    }

    /// What a client asked for.
    #[must_use]
    pub fn operation(&self, id: OpId) -> Option<&Operation> {
        Some(&self.history().ladder().get_op(id)?.operation)
    }

    /// One operation, as it ended or is known so far.
    pub(crate) fn op_frame(&self, id: OpId) -> OpFrame {
        let op = self.history().ladder().op(id);
        let returned = op.returned.as_ref();
        let value = match returned {
            Some((_, Outcome::Ok { value, .. })) => value.as_ref().map(ToString::to_string),
            _ => None,
        };
        OpFrame {
            op: id,
            client: op.client.to_string(),
            text: op.operation.to_string(),
            seq: op.invoked_seq,
            invoked_us: op.invoked_at.0,
            returned_us: returned.map(|(at, _)| at.0),
            outcome: returned.map_or(OpOutcome::Waiting, |(_, outcome)| outcome.into()),
            value,
        }
    }
}

impl Window {
    fn contains(self, at: WorldTime) -> bool {
        self.from <= at && at <= self.to
    }
}

/// About `limit` of the items, or all if there are no more. The window is cut into equal slices; of those of one group that begin in the
/// same slice, the first stays. Slices lie at multiples of their length, so that panning does not change the choice.
fn thin<T>(
    mut items: Vec<T>,
    limit: usize,
    window: Window,
    group: impl Fn(&T) -> usize,
    begins: impl Fn(&T) -> WorldTime,
) -> (Vec<T>, bool) {
    let thinned = items.len() > limit;
    let mut slice = (window.to.0.saturating_sub(window.from.0) / limit as u64).max(1);
    while items.len() > limit && slice < u64::MAX / 2 {
        let mut last: Vec<Option<u64>> = Vec::new();
        items.retain(|item| {
            let (group, now) = (group(item), begins(item).0 / slice);
            if last.len() <= group {
                last.resize(group + 1, None);
            }
            last[group].replace(now) != Some(now)
        });
        slice *= 2;
    }
    (items, thinned)
}

fn row(arrow: &Arrow) -> [f64; ARROW_FIELDS] {
    [
        f64::from(arrow.sent_seq.0),
        f64::from(arrow.id.0),
        f64::from(arrow.from_lane),
        f64::from(arrow.to_lane),
        f64::from(arrow.kind as u16 + 100 * u16::from(arrow.refused) + 200 * u16::from(arrow.copy)),
        f64::from(arrow.term),
        arrow.sent_at.0 as f64,
        arrow.end_at.0 as f64,
        f64::from(arrow.fate as u8),
        f64::from(arrow.entries),
    ]
}

fn lane_span(lane: usize, span: &Span, to: WorldTime) -> LaneSpan {
    LaneSpan {
        server: NodeId(lane as u32 + 1).to_string(),
        from_us: span.from.0,
        to_us: to.0,
        role: span.role,
        term: span.term,
        up: span.up,
        plight: span.plight,
    }
}

fn cut((from, to): &(Endpoint, Endpoint)) -> CutFrame {
    CutFrame {
        from: from.to_string(),
        to: to.to_string(),
    }
}

fn violation_mark(violation: &Violation) -> LaneMark {
    let (seq, at) = (violation.seq, violation.at);
    broken_mark(When { seq, at }, violation.property().to_string())
}

fn broken_mark(when: When, text: String) -> LaneMark {
    LaneMark {
        at_us: when.at.0,
        seq: when.seq,
        server: None,
        kind: MarkKind::Violation,
        text,
    }
}
