// What the engine says about the moment looked at. Asked anew only when it could have changed, so that views get plain data
// and a page at rest asks nothing.

import type { Session } from './engine.ts';
import { DARK, fallOf, type Light, lightOf, type ShownFall } from './falls.ts';
import type { BesideFrame, BranchFrame, Frame, Lanes, TraceEvent } from './generated/engine.ts';
import { SPEEDS, type State, uiOf } from './store.ts';
import { Trail } from './trail.ts';
import type { Ui } from './views/contract.ts';
import { seesArrows } from './views/ladder-arrows.ts';
import { logColumns } from './views/logs.ts';
import { endOf } from './views/logs-scroll.ts';

/** The parts that need not be drawn with every frame while time runs. */
export type Part = 'ring' | 'logs' | 'ladder' | 'timeline' | 'events' | 'inspector' | 'controls';

type Turns = Record<Part, readonly [every: number, first: number]>;

/** While playing: every how many frames a part is drawn, and in which of those, so that they take turns. */
const TURNS: Turns = {
  ring: [1, 0],
  ladder: [2, 0],
  timeline: [4, 1],
  logs: [4, 3],
  events: [16, 5],
  inspector: [8, 7],
  controls: [16, 13],
};

/** The same when more happens in a frame than one can follow: no two parts share one. */
const FAST_TURNS: Turns = {
  ring: [2, 0],
  ladder: [4, 1],
  logs: [8, 3],
  timeline: [32, 7],
  inspector: [32, 31],
  events: [32, 23],
  controls: [32, 15],
};
const FAST = 1;

/** Everything a render needs, as plain data. */
export interface Picture {
  /** Of each part a number that changes when the part is to be drawn anew. */
  readonly turns: Readonly<Record<Part, number>>;
  readonly frame: Frame;
  readonly ui: Ui;
  /** Messages within the ladder's window. */
  readonly arrows: Float64Array;
  readonly lanes: Lanes;
  /** Of the picked entry: the logs where it stands, and the events by which servers first knew it to be committed. */
  readonly entry: { readonly frame: Frame; readonly commits: ReadonlyMap<string, number> } | null;
  /** The sending events of the messages that led to what is picked. */
  readonly chain: ReadonlySet<number>;
  /** The whole known run, for the timeline. */
  readonly whole: Lanes;
  readonly branches: readonly BranchFrame[];
  /** The branch beside the current one, at the same time or on its way there; `null` if none is looked at. */
  readonly beside: BesideFrame | null;
  /** What fell and is to be told. */
  readonly fall: ShownFall | null;
  /** What undo would take back. */
  readonly undoable: string | null;
  /** The scenario as it runs. */
  readonly text: string;
  readonly trail: Trail;
  /** What the event list shows: the trace around the playhead. */
  readonly past: readonly TraceEvent[];
  readonly future: readonly TraceEvent[];
  /** Whether there may be more to show before and after those. */
  readonly more: { readonly before: boolean; readonly after: boolean };
}

const BEFORE = 60;
const AFTER = 20;
/** While playing, nobody reads more than the last few. */
const PLAYING_BEFORE = 20;
/** Of what happened since they were told last, so much is read. */
const PLAYING_SEARCHED = 1_500;
/** How many causes back are lit at most: what led to what over some seconds. */
const LONGEST_CHAIN = 300;
/** While playing, the picture of the whole run is renewed this often; it is large and changes little. */
const WHOLE_EVERY_MS = 400;

const NO_ARROWS = new Float64Array();

const NO_CHAIN: ReadonlySet<number> = new Set();
const NO_LANES: Lanes = { spans: [], marks: [], ops: [], walls: [], writes: [], thinned: false };

/** Makes pictures of one session. Keeps what it asked. */
export class Painter {
  static #made = 0;
  readonly session: Session;
  #branch = -1;
  #trail: Trail;
  #window: { key: string; arrows: Float64Array; lanes: Lanes } = {
    key: '',
    arrows: NO_ARROWS,
    lanes: NO_LANES,
  };
  #chain: { of: State['picked']; sent: ReadonlySet<number> } = { of: null, sent: NO_CHAIN };
  #guilt: { key: string; events: readonly number[]; light: Light } = { key: '', events: [], light: DARK };
  #whole = { key: '', at: -Infinity, lanes: NO_LANES };
  #frames = 0;
  #hurried = false;
  /** Whether what is drawn now follows something that somebody did. */
  #acted = true;
  #turns: Record<Part, number> = {
    ring: 0,
    logs: 0,
    ladder: 0,
    timeline: 0,
    events: 0,
    inspector: 0,
    controls: 0,
  };
  #logFrom = 1;
  #entry: Picture['entry'] = null;
  #commits = { of: 0, known: new Map<string, number>() };
  #told: Pick<Picture, 'past' | 'future' | 'more'> = {
    past: [],
    future: [],
    more: { before: false, after: false },
  };
  /** How far the events were told while playing. */
  #toldTo: { seq: number; level: State['level'] } | null = null;
  #beside: { key: string; there: BesideFrame | null } = { key: '', there: null };
  #run: { moves: number; text: string; branches: readonly BranchFrame[] } | null = null;

  constructor(session: Session) {
    this.session = session;
    // Each counts from elsewhere, so that what one has drawn is never taken for what another would.
    Painter.#made += 1;
    this.#frames = Painter.#made * 2 ** 20;
    this.#trail = new Trail(session);
  }

  /** The picture of this moment. `now` is real time in ms. */
  paint(state: State, undoable: string | null, now: number): Picture {
    const session = this.session;
    const logCount = logColumns(state.size.logs.width);
    // The end of the logs is most likely where it was.
    const guess = state.logFrom ?? this.#logFrom;
    let frame = session.frame(Math.floor(guess), logCount + 1);
    const end = endOf(frame, logCount);
    this.#logFrom = Math.min(state.logFrom ?? end, end);
    if (this.#logFrom !== guess) frame = session.frame(Math.floor(this.#logFrom), logCount + 1);
    this.#takeTurns(state);
    if (frame.branch !== this.#branch) this.#switched(frame.branch);
    const fall = this.#fallOf(state, frame);
    return {
      frame,
      fall,
      turns: { ...this.#turns },
      undoable,
      ui: uiOf(state, this.#logFrom, logCount, fall === null ? DARK : this.#guilt.light),
      ...this.#windowOf(state, frame),
      entry: this.#entryOf(state, frame, logCount),
      chain: this.#chainOf(state),
      whole: this.#wholeOf(state, frame, now),
      beside: this.#besideOf(state, frame), // before the list of branches, for it may grow one
      ...this.#runOf(state),
      trail: this.#trail,
      ...this.#events(state, frame, fall?.events ?? []),
    };
  }

  /** Somebody did something: every part has its turn with the next picture. */
  hurry(): void {
    this.#hurried = true;
  }

  #takeTurns({ playing, speed }: State): void {
    this.#frames += 1;
    const turns = (SPEEDS[speed] ?? 0) >= FAST ? FAST_TURNS : TURNS;
    for (const part of Object.keys(turns) as Part[]) {
      const [every, first] = turns[part];
      const due = !playing || this.#hurried || this.#frames % every === first;
      if (due) this.#turns[part] = this.#frames;
    }
    this.#acted = this.#hurried;
    this.#hurried = false;
  }

  /** Whether it is this part's turn. */
  #isDue(part: Part): boolean {
    return this.#turns[part] === this.#frames;
  }

  #switched(branch: number): void {
    this.#branch = branch;
    this.#trail = new Trail(this.session);
    this.#chain = { of: null, sent: NO_CHAIN };
    this.#toldTo = null;
    this.#run = null;
    this.#commits = { of: 0, known: new Map() };
  }

  #events({ level, more, picked, playing }: State, { seq, version }: Frame, toBlame: readonly number[]) {
    if (playing) {
      if (this.#isDue('events')) {
        const past = this.#newer(seq, level).slice(-PLAYING_BEFORE);
        this.#told = { past, future: [], more: { before: false, after: false } };
        this.#toldTo = { seq, level };
      }
      return this.#told;
    }
    this.#toldTo = null;
    const [before, after] = [BEFORE + more.before, AFTER + more.after];
    const past = this.#trail.before(seq, level, before);
    const future = this.#trail.from(seq, level, after);
    // The picked event, and those to blame, are told at every level.
    const first = past[0]?.seq ?? seq;
    for (const chosen of [...(picked?.type === 'event' ? [picked.seq] : []), ...toBlame]) {
      const event = chosen >= first ? this.#trail.event(chosen) : null;
      if (event) insert(event.seq < seq ? past : future, event);
    }
    this.#told = {
      past,
      future,
      more: { before: first > 0, after: future.length >= after && seq < version },
    };
    return this.#told;
  }

  /** What was told, and what has happened since: reading it all again with every turn would take too long. */
  #newer(seq: number, level: State['level']): readonly TraceEvent[] {
    const to = this.#toldTo;
    if (to === null || to.level !== level || seq < to.seq)
      return this.#trail.before(seq, level, PLAYING_BEFORE);
    return [...this.#told.past, ...this.#trail.between(Math.max(to.seq, seq - PLAYING_SEARCHED), seq, level)];
  }

  #windowOf({ window, size }: State, { branch, version, settings }: Frame) {
    const key = `${branch} ${version} ${window.fromUs} ${window.toUs}`;
    if (key !== this.#window.key && this.#isDue('ladder')) {
      // A message sent before the window may arrive in it: the engine gives all that overlap.
      const { fromUs, toUs } = window;
      this.#window = {
        key,
        arrows: seesArrows(window, size.ladder.width, settings)
          ? this.session.arrows(fromUs, toUs)
          : NO_ARROWS,
        lanes: this.session.lanes(fromUs, toUs),
      };
    }
    return { arrows: this.#window.arrows, lanes: this.#window.lanes };
  }

  #entryOf({ picked }: State, frame: Frame, logCount: number): Picture['entry'] {
    if (picked?.type !== 'entry' || !this.#isDue('inspector'))
      return picked?.type === 'entry' ? this.#entry : null;
    const { index } = picked;
    const from = Math.floor(this.#logFrom);
    const inSight = index >= from && index <= from + logCount;
    const commits = this.#commits.of === index ? this.#commits.known : new Map<string, number>();
    frame.servers.forEach(({ id, commitIndex }, i) => {
      if (commitIndex < index || commits.has(id)) return;
      const seq = this.session.committed(i + 1, index);
      if (seq !== undefined) commits.set(id, seq);
    });
    this.#commits = { of: index, known: commits };
    this.#entry = { frame: inSight ? frame : this.session.frame(index, 1), commits };
    return this.#entry;
  }

  /** Follows causes back from what is picked. */
  #chainOf({ picked }: State): ReadonlySet<number> {
    if (picked?.type !== 'message' && picked?.type !== 'event') return NO_CHAIN;
    if (this.#chain.of === picked) return this.#chain.sent;
    const sent = new Set<number>();
    let event = this.#trail.event(picked.seq);
    for (let step = 0; event !== null && step < LONGEST_CHAIN; step += 1) {
      if (event.event.type === 'Sent' || event.event.type === 'Duplicated') sent.add(event.seq);
      event = event.cause === null ? null : this.#trail.event(event.cause);
    }
    this.#chain = { of: picked, sent };
    return sent;
  }

  /** What is looked at, else what fell last before the playhead; unless nobody wants to hear of it. */
  #fallOf({ evidence, moves, hushed }: State, frame: Frame): ShownFall | null {
    const looked = evidence !== null && moves <= evidence.moves ? evidence : null;
    const fall = looked?.fall ?? fallOf(frame);
    if (fall === null || fall.seq === hushed) return null;
    const key = `${frame.branch} ${fall.seq}`;
    if (key !== this.#guilt.key) {
      const guilt = this.session.guilt(fall.seq);
      this.#guilt = { key, events: guilt.events, light: lightOf(guilt, this.#trail) };
    }
    const { events } = this.#guilt;
    const at = looked === null || looked.at < 0 ? events.length - 1 : looked.at;
    return { ...fall, events, at, looked: looked !== null && events[at] !== fall.seq };
  }

  #wholeOf(state: State, { branch, version, endUs }: Frame, now: number): Lanes {
    const key = `${branch} ${version}`;
    const due = !state.playing || now - this.#whole.at >= WHOLE_EVERY_MS;
    if (key !== this.#whole.key && due) {
      this.#whole = { key, at: now, lanes: this.session.lanes(0, endUs) };
    }
    return this.#whole.lanes;
  }

  #besideOf({ overlay, branches }: State, { branch, seq, atUs }: Frame): BesideFrame | null {
    const id = overlay === 'branches' ? branches.beside : null;
    if (id === null) return null;
    const key = `${branch} ${seq} ${atUs} ${id}`;
    const { there } = this.#beside;
    if (key !== this.#beside.key || (there !== null && isOnItsWay(there.frame, atUs))) {
      this.#beside = { key, there: this.session.beside(id, 1, 0) };
      this.#run = null;
    }
    return this.#beside.there;
  }

  /** Text and branches change by commands, which are something that somebody does. */
  #runOf(state: State) {
    const due = !state.playing || this.#acted;
    if (this.#run === null || (this.#run.moves !== state.moves && due)) {
      this.#run = { moves: state.moves, text: this.session.text(), branches: this.session.branches() };
    }
    return { text: this.#run.text, branches: this.#run.branches };
  }
}

/** Whether a branch set beside another has not come to its time yet, but will. */
export const isOnItsWay = (there: Frame, atUs: number): boolean =>
  there.atUs < atUs && !there.ended && !(there.live && there.limit !== null);

/** Puts an event where it belongs among others, unless it is there. */
function insert(events: TraceEvent[], event: TraceEvent): void {
  const at = events.findIndex(({ seq }) => seq >= event.seq);
  if (events[at]?.seq !== event.seq) events.splice(at < 0 ? events.length : at, 0, event);
}
