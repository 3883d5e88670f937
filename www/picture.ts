// What the engine says about the moment looked at. Asked anew only when it could have changed, so that views get plain data
// and a page at rest asks nothing.

import { more } from './at-hand.ts';
import type { Session } from './engine.ts';
import { DARK, fallOf, type Light, type ShownFall } from './falls.ts';
import type { BesideFrame, BranchFrame, Frame, Lanes, TraceEvent } from './generated/engine.ts';
import { SPEEDS, type State, uiOf } from './store.ts';
import { isTold, Trail } from './trail.ts';
import { seesArrows } from './views/arrows.ts';
import type { LadderData, Ui } from './views/contract.ts';
import { endOf, logColumns } from './views/logs-plan.ts';

/** The parts that need not be drawn with every frame while time runs. */
export type Part = 'ring' | 'logs' | 'ladder' | 'timeline' | 'events' | 'inspector' | 'controls';

/**
 * While playing: every how many frames a part is drawn, and in which of those, so that what takes long shares no frame. What moves
 * (messages and playheads) moves with every frame. `told` is when what the
 * events will show begins to be looked for.
 */
type Turns = Readonly<Record<Part | 'told', readonly [every: number, first: number]>>;

const TURNS: Turns = {
  ladder: [4, 0],
  ring: [4, 1],
  logs: [4, 2],
  timeline: [16, 3],
  events: [32, 7],
  inspector: [16, 11],
  controls: [32, 15],
  told: [32, 27],
};

/** Where time runs as fast as the clock or faster, more changes than one can read; and logs cost the most. */
const FAST_TURNS: Turns = {
  ...TURNS,
  logs: [8, 2],
  timeline: [32, 6],
  inspector: [32, 14],
  events: [32, 22],
  controls: [32, 30],
  told: [32, 7],
};

/** The logs of more servers than five cost more still. */
const LARGE_TURNS: Turns = { ...FAST_TURNS, logs: [16, 2] };

/** Where nothing that the ladder shows is still there in its next turn, it has half as many. */
const LEAPING_TURNS: Turns = { ...LARGE_TURNS, ladder: [8, 0] };

/** Everything a render needs, as plain data. */
export interface Picture {
  /** Of each part a number that changes when the part is to be drawn anew. */
  readonly turns: Readonly<Record<Part, number>>;
  readonly frame: Frame;
  readonly ui: Ui;
  readonly ladder: LadderData;
  /** Of the picked entry: the logs where it stands, and the events by which servers first knew it to be committed. */
  readonly entry: { readonly frame: Frame; readonly commits: ReadonlyMap<string, number> } | null;
  /** The whole known run, for the timeline. */
  readonly whole: Lanes;
  readonly branches: readonly BranchFrame[];
  /** The branch beside the current one, at the same time or on its way there; `null` if none is looked at. */
  readonly beside: BesideFrame | null;
  /** What fell and is to be told. */
  readonly fall: ShownFall | null;
  /** Of the trace up to the playhead, for whoever looks at the promises. */
  readonly fingerprint: string | null;
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
const PLAYING_BEFORE = 14;
/** So many events are looked through for them in one frame. */
const LOOKED_THROUGH = 128;
/** How many causes back are lit at most: what led to what over some seconds. */
const LONGEST_CHAIN = 300;

/** How far one turn of the ladder takes it where time runs as fast as the clock, in µs. */
const LEAP_US = 66_667;

const NO_ARROWS = new Float64Array();

const NO_CHAIN: ReadonlySet<number> = new Set();
const NO_LANES: Lanes = { spans: [], marks: [], commits: [], ops: [], walls: [], writes: [], thinned: false };

/** What the ladder shows, and of when. */
interface Shown extends Omit<LadderData, 'chain'> {
  readonly askedUs: number;
  readonly window: Ui['window'];
}

/** Makes pictures of one session. Keeps what it asked. */
export class Painter {
  static #made = 0;
  readonly session: Session;
  #branch = -1;
  #trail: Trail;
  #frame: Frame | null = null;
  #window: { key: string; arrows: Float64Array; lanes: Lanes } = {
    key: '',
    arrows: NO_ARROWS,
    lanes: NO_LANES,
  };
  /** What the ladder draws, since its last turn; and what it will draw with the next. */
  #ladder: Shown | null = null;
  #next: Shown | null = null;
  #chain: { of: State['picked']; sent: ReadonlySet<number> } = { of: null, sent: NO_CHAIN };
  #guilt: { key: string; events: readonly number[]; light: Light } = { key: '', events: [], light: DARK };
  #whole = { key: '', lanes: NO_LANES };
  #frames = 0;
  #hurried = false;
  /** Whether every part is drawn now. */
  #all = true;
  #schedule: Turns = TURNS;
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
  /** The last few events before this one, as far as they are found. */
  #search: { readonly seq: number; readonly at: number; readonly found: readonly TraceEvent[] } | null = null;
  #beside: { key: string; there: BesideFrame | null } = { key: '', there: null };
  #run: { moves: number; text: string; branches: readonly BranchFrame[] } | null = null;

  constructor(session: Session) {
    this.session = session;
    // Each counts from elsewhere, so that what one has drawn is never taken for what another would.
    Painter.#made += 1;
    this.#frames = Painter.#made * 2 ** 20;
    this.#trail = new Trail(session);
  }

  /** The picture of this moment. */
  paint(state: State, undoable: string | null): Picture {
    const { playing } = state;
    this.#takeTurns(state);
    const logCount = logColumns(state.size.logs.width);
    if (this.#frame === null || this.#isDue('ring')) this.#frame = this.#frameOf(state, logCount);
    const frame = this.#frame;
    if (frame.branch !== this.#branch) this.#switched(frame.branch);
    const fall = this.#fallOf(state, frame);
    const ladder = this.#ladderOf(state, frame);
    return {
      frame,
      fall,
      fingerprint: state.overlay === 'verdict' ? this.session.fingerprint() : null,
      turns: { ...this.#turns },
      undoable,
      ui: {
        ...uiOf(state),
        window: ladder.window,
        atUs: playing ? state.atUs : frame.atUs,
        flights: playing ? this.session.flights() : null,
        logFrom: this.#logFrom,
        logCount,
        light: fall === null ? DARK : this.#guilt.light,
      },
      ladder: { ...ladder, chain: this.#chainOf(state) },
      entry: this.#entryOf(state, frame, logCount),
      whole: this.#wholeOf(frame),
      beside: this.#besideOf(state, frame), // before the list of branches, for it may grow one
      ...this.#runOf(state),
      trail: this.#trail,
      ...this.#events(state, frame, fall?.events ?? []),
    };
  }

  #frameOf({ logFrom, playing, picked }: State, logCount: number): Frame {
    // Messages are known by their flights, but for those that somebody looks at.
    const blamed = this.#guilt.events.length > 0;
    const inMotion = playing && picked?.type !== 'message' && !blamed;
    const frame = this.session.frame(Math.floor(logFrom ?? 0), logCount + 1, inMotion);
    const end = endOf(frame, logCount);
    this.#logFrom = Math.min(logFrom ?? end, end);
    // Somebody looks beyond the end, of logs that were longer on another branch.
    return logFrom !== null && logFrom > end ? this.session.frame(0, logCount + 1, inMotion) : frame;
  }

  #ladderOf(state: State, frame: Frame): Shown {
    const { window, atUs } = state;
    if (this.#next === null || this.#isDue('ladder', 1)) {
      const goesOn = frame.live && atUs > frame.endUs;
      // Where every turn takes it far, its playhead goes with it, or would be out of sight most of the time.
      const far = atUs - (this.#next?.askedUs ?? atUs);
      const leaps = state.playing && far > (window.toUs - window.fromUs) / 5;
      this.#next = {
        ...this.#windowOf(state, frame),
        frame: goesOn ? { ...frame, endUs: atUs } : frame,
        window,
        askedUs: atUs,
        atUs: leaps ? atUs : null,
      };
    }
    if (this.#ladder === null || this.#isDue('ladder')) this.#ladder = this.#next;
    return this.#ladder;
  }

  /** Somebody did something: every part has its turn with the next picture. */
  hurry(): void {
    this.#hurried = true;
  }

  #takeTurns({ playing, speed, window }: State): void {
    this.#frames += 1;
    const turnUs = LEAP_US * (SPEEDS[speed] ?? 0);
    const fast = (this.#frame?.servers.length ?? 0) > 5 ? LARGE_TURNS : FAST_TURNS;
    this.#schedule = turnUs < LEAP_US ? TURNS : turnUs < window.toUs - window.fromUs ? fast : LEAPING_TURNS;
    this.#all = !playing || this.#hurried || this.#ladder === null;
    for (const part of Object.keys(this.#turns) as Part[])
      if (this.#isDue(part)) this.#turns[part] = this.#frames;
    this.#acted = this.#hurried;
    this.#hurried = false;
  }

  /** Whether it is this part's turn, or will be in so many frames. */
  #isDue(part: keyof Turns, ahead = 0): boolean {
    const [every, first] = this.#schedule[part];
    return this.#all || (this.#frames + ahead) % every === first;
  }

  #switched(branch: number): void {
    this.#branch = branch;
    this.#trail = new Trail(this.session);
    this.#chain = { of: null, sent: NO_CHAIN };
    this.#toldTo = null;
    this.#search = null;
    this.#run = null;
    this.#commits = { of: 0, known: new Map() };
  }

  #events({ level, more, picked, playing }: State, { seq, version }: Frame, toBlame: readonly number[]) {
    if (playing) {
      if (this.#isDue('told')) this.#search = { seq, at: seq, found: [] };
      if (this.#all || this.#frames % 4 === 3) this.#lookOn(level);
      return this.#told;
    }
    this.#toldTo = null;
    this.#search = null;
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

  /** Looks for the last few. What was told before is not read again, and what is passed over not kept. */
  #lookOn(level: State['level']): void {
    while (this.#search !== null) {
      const { seq, at, found } = this.#search;
      const to = this.#toldTo;
      const known = to !== null && to.level === level && seq >= to.seq ? to.seq : null;
      const least = known ?? Math.max(0, seq - PLAYING_BEFORE * 100);
      const from = Math.max(least, at - LOOKED_THROUGH);
      const read = this.session.events(from, at - from).filter(({ event }) => isTold(event, level));
      const all = [...read, ...found].slice(-PLAYING_BEFORE);
      this.#search = { seq, at: from, found: all };
      if (all.length >= PLAYING_BEFORE || from <= least) {
        const past = (known === null ? all : [...this.#told.past, ...all]).slice(-PLAYING_BEFORE);
        this.#told = { past, future: [], more: { before: false, after: false } };
        this.#toldTo = { seq, level };
        this.#search = null;
      }
      if (!this.#all) return;
    }
  }

  #windowOf({ window, size }: State, { branch, version, settings }: Frame) {
    // A message sent before the window may arrive in it: the engine gives all that overlap.
    const { fromUs, toUs } = window;
    const sees = seesArrows(window, size.ladder.width, settings);
    const key = `${branch} ${version} ${fromUs} ${toUs} ${sees}`;
    if (key !== this.#window.key) {
      this.#window = {
        key,
        arrows: sees ? this.session.arrows(fromUs, toUs) : NO_ARROWS,
        lanes: this.session.lanes(fromUs, toUs),
      };
    }
    return this.#window;
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
      const light = more?.lightOf(guilt, this.#trail);
      this.#guilt = { key: light ? key : '', events: guilt.events, light: light ?? DARK };
    }
    const { events } = this.#guilt;
    const at = looked === null || looked.at < 0 ? events.length - 1 : looked.at;
    return { ...fall, events, at, looked: looked !== null && events[at] !== fall.seq };
  }

  #wholeOf({ branch, version }: Frame): Lanes {
    const key = `${branch} ${version}`;
    if (key !== this.#whole.key && this.#isDue('timeline'))
      this.#whole = { key, lanes: this.session.outline() };
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
