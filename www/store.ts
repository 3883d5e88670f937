// What the page knows beside the run itself, and how it changes. Everything here may be forgotten by a reload; what must not
// be is in the scenario's text.

import type { Wish } from './export.ts';
import type { Fall } from './falls.ts';
import type { ParseErrorFrame, ReadTable, StaleRead } from './generated/engine.ts';
import { followed, shownWindow } from './geometry.ts';
import type { Late } from './late.ts';
import type { Around, Divider, Layout, View } from './layout.ts';
import type { HeaderWord } from './scenario-text.ts';
import type { Course, Deed } from './tutor.ts';
import type { Gesture, Name, Pick, PictureAction, Size, Ui } from './views/contract.ts';
import type { Group } from './vocabulary.ts';

/** The parts of which a page shows one at a time where it has no room for all. */
export type Tab = View | 'inspector';
/** What lies below or beside the one view of a narrow page, if anything does. */
export type Sheet = 'controls' | 'inspector';
/** How much the event list tells. */
export type Level = 'story' | 'messages' | 'everything';
/** Something that lies above the page. */
export type Overlay = 'help' | 'verdict' | 'branches' | 'export' | 'share';

/** The ways to read, side by side. */
export interface Reads {
  /** What came of them so far; `null` before anything did. */
  readonly table: ReadTable | null;
  /** Whether there is more to come. */
  readonly running: boolean;
  /** The way whose stale reads are listed. */
  readonly listed: string | null;
  /** Where somebody points on the axis of latencies. */
  readonly pointUs: number | null;
}

/** Form fields by name. Those called `set …` are about to become a setting. */
export type Fields = Readonly<Record<string, string>>;
export const NOT_SENT = 'set ';
/** A text as somebody wrote it, and the canonical form of what it says. */
export interface Written {
  readonly text: string;
  readonly runs: string;
  /** What it said at first: whatever it says more was done by hand since. */
  readonly opened: string;
}

/** How the branches are looked at. */
export interface Branches {
  /** Names that somebody gave; the others are named after the command that began them. */
  readonly names: Readonly<Record<number, string>>;
  /** The one that is being renamed, or that is to go if one says so once more. */
  readonly asked: { readonly id: number; readonly for: 'name' | 'removal' } | null;
  /** The one that is set beside the current one. */
  readonly beside: number | null;
}

export interface State {
  readonly phase: 'loading' | 'ready' | 'broken';
  /** What went wrong, if the engine broke or did not come. */
  readonly trouble: string | null;
  /** The chosen preset's name; `null` for a scenario of one's own. */
  readonly preset: string | null;
  readonly playing: boolean;
  /** Whether play pauses where something promised falls. */
  readonly fallPauses: boolean;
  /** Position in {@link SPEEDS}. */
  readonly speed: number;
  readonly atUs: number;
  /** Grows with everything that may have changed the run or its playhead. */
  readonly moves: number;
  /** Play stopped by itself, and nobody has gone elsewhere since: as long as this is `moves`. */
  readonly rests: number;

  readonly layout: Layout;
  /** How large the whole element is. */
  readonly page: Size;
  readonly size: Ui['size'];
  /** The lines between parts that somebody has moved, and where to: the share of the part before. */
  readonly shares: Readonly<Partial<Record<Divider, number>>>;
  /** Whether it is a part of somebody else's page, which has its own title and landmarks. */
  readonly guest: boolean;
  /** Where the front page is, if there is one. */
  readonly home: string;
  /** What is around the views. */
  readonly around: Around;
  /** The only view shown; `null` for all of them. */
  readonly alone: View | null;
  /** The view in front where there is room for one only. */
  readonly front: View;
  readonly sheet: Sheet | null;
  readonly window: Ui['window'];
  readonly picked: Pick | null;
  readonly split: readonly Name[] | null;
  readonly gesture: Gesture | null;
  /** First log index shown; `null` follows the end. */
  readonly logFrom: number | null;
  readonly tab: Tab;
  readonly group: Group;
  /** What is being typed or dragged in the controls and was not sent yet, and choices there that are no setting. */
  readonly fields: Fields;
  /** The servers that controls are about; none for all of them, or for the leader. */
  readonly aim: readonly Name[];
  /** The lessons: `null` while they are closed, else the one that is to be opened, if it is to be one. */
  readonly lessons: string | null;
  /** Where the reader is in them, once they came. */
  readonly course: Course | null;
  /** The parts that came as files of their own. */
  readonly late: Partial<Late>;
  readonly level: Level;
  /** By how many rows the event list was extended, before and after. */
  readonly more: { readonly before: number; readonly after: number };
  readonly overlay: Overlay | null;
  readonly reads: Reads;
  readonly branches: Branches;
  /** The event that broke something which nobody wants to hear of any more. */
  readonly hushed: number | null;
  /** What speaks against a promise, one event after the other; over as soon as the playhead has moved more often than `moves`. */
  readonly evidence: { readonly fall: Fall; readonly at: number; readonly moves: number } | null;
  /** The next hint to give to a newcomer; past the last one when all are given. */
  readonly hint: number;

  /** Whether the scenario's text is shown. */
  readonly editing: boolean;
  /** Whether the editor is there: it comes only when asked for, and not at all where it cannot be fetched. */
  readonly editor: 'unasked' | 'here' | 'missing';
  /** The scenario as its author wrote it, and as the engine told it then; what was done by hand since is in neither. */
  readonly written: Written;
  /** The scenario as edited; `null` while it is what runs. */
  readonly draft: string | null;
  /** Why the edited scenario cannot be used. */
  readonly wrong: readonly ParseErrorFrame[];
  /** Why the last command was refused. */
  readonly refused: string | null;
}

export type Action =
  | PictureAction
  | { readonly type: 'engineLoaded' }
  | { readonly type: 'engineBroke'; readonly message: string }
  | { readonly type: 'restartAsked' }
  | { readonly type: 'presetChosen'; readonly name: string }
  | { readonly type: 'scenarioEdited'; readonly text: string }
  /** To be run: at once and from the start, or after a pause while it is typed, at the same time as before. */
  | { readonly type: 'scenarioApplied'; readonly text: string; readonly typed?: boolean }
  | { readonly type: 'scenarioDropped' }
  /** Another run has begun; one that was typed goes on where the last one was. */
  | {
      readonly type: 'scenarioOpened';
      readonly preset: string | null;
      /** `null`: only a fact of its start is another, and its text is laid over that of its author. */
      readonly written: Written | null;
      readonly typed: boolean;
      /** Of its branches, if it has been open before. */
      readonly names?: Branches['names'];
    }
  /** The text says what runs anyway. */
  | { readonly type: 'scenarioReworded'; readonly written: Written }
  | {
      readonly type: 'scenarioRefused';
      readonly wrong: readonly ParseErrorFrame[];
      readonly text: string;
      readonly typed: boolean;
    }
  | { readonly type: 'editorToggled' }
  | { readonly type: 'lessonsToggled'; readonly open?: string }
  | { readonly type: 'lessonAsked'; readonly deed: Deed }
  | { readonly type: 'courseChanged'; readonly course: Course }
  | { readonly type: 'editorCame'; readonly here: boolean }
  | { readonly type: 'headerChanged'; readonly word: HeaderWord; readonly value: string }
  /** The same scenario with another start. */
  | { readonly type: 'startChanged'; readonly text: string }
  | { readonly type: 'freshSeedAsked' }
  | { readonly type: 'commandGiven'; readonly line: string }
  | { readonly type: 'undoAsked' }
  | { readonly type: 'commandRefused'; readonly message: string }
  | { readonly type: 'refusalRead' }
  | { readonly type: 'fallPausesToggled' }
  | { readonly type: 'fallHushed'; readonly seq: number }
  | { readonly type: 'evidenceShown'; readonly fall: Fall; readonly at: number; readonly seq: number }
  | { readonly type: 'playToggled' }
  | { readonly type: 'paused' }
  | { readonly type: 'ticked'; readonly atUs: number }
  | { readonly type: 'moved'; readonly atUs: number; readonly over: boolean }
  | { readonly type: 'steppedForward' }
  | { readonly type: 'steppedBack' }
  | { readonly type: 'storyForward' }
  | { readonly type: 'storyBack' }
  | { readonly type: 'jumpedToStart' }
  | { readonly type: 'jumpedToEnd' }
  | { readonly type: 'speedChanged'; readonly speed: number }
  | { readonly type: 'aroundChosen'; readonly around: Around }
  | { readonly type: 'branchChosen'; readonly id: number }
  | { readonly type: 'branchAsked'; readonly asked: Branches['asked'] }
  /** Without a name it is named after its command again. */
  | { readonly type: 'branchNamed'; readonly id: number; readonly name: string }
  | { readonly type: 'branchRemoved'; readonly id: number }
  | { readonly type: 'branchCompared'; readonly id: number | null }
  | { readonly type: 'readsCompared'; readonly table: ReadTable; readonly running: boolean }
  | { readonly type: 'staleReadsListed'; readonly mode: string }
  | { readonly type: 'latencyPointed'; readonly us: number | null }
  /** This scenario shall be run with this way to read, and looked at where that read returned. */
  | { readonly type: 'readModeChosen'; readonly mode: string; readonly stale: StaleRead | null }
  | { readonly type: 'operationFound'; readonly seq: number }
  | { readonly type: 'splitStarted' }
  | { readonly type: 'splitCancelled' }
  | { readonly type: 'splitConfirmed'; readonly servers: readonly Name[] }
  | {
      readonly type: 'resized';
      readonly layout: Layout;
      readonly page: Size;
      readonly size: Partial<Ui['size']>;
    }
  /** A line between two parts was moved; `null` puts it back. */
  | { readonly type: 'dividerMoved'; readonly divider: Divider; readonly share: number | null }
  | { readonly type: 'viewChosen'; readonly view: View | null }
  | { readonly type: 'frontChosen'; readonly view: View }
  | { readonly type: 'sheetToggled'; readonly sheet: Sheet }
  | { readonly type: 'tabChosen'; readonly tab: Tab }
  | { readonly type: 'groupChosen'; readonly group: Group }
  | { readonly type: 'fieldEdited'; readonly name: string; readonly value: string }
  | { readonly type: 'aimed'; readonly servers: readonly Name[] }
  | { readonly type: 'viewCame'; readonly late: Partial<Late> }
  | { readonly type: 'levelChosen'; readonly level: Level }
  | { readonly type: 'listExtended'; readonly where: 'before' | 'after' }
  | { readonly type: 'overlayToggled'; readonly overlay: Overlay }
  | { readonly type: 'overlayClosed' }
  | { readonly type: 'exportAsked'; readonly wish: Wish }
  | { readonly type: 'hintRead' }
  | { readonly type: 'hintsSkipped' };

/** What taking back is called where it goes back to another scenario. */
export const CHANGE_OF_SCENARIO = 'the change of scenario';

/** Simulated seconds per second. */
export const SPEEDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
/** 1/10: an election takes two calm seconds. */
export const DEFAULT_SPEED = 6;
/** The position of the speed that the attribute `speed` names, `1/10`, `0.1` or `2`: the nearest there is. */
export function speedOf(name: string | null): number {
  const [, over, under = '1'] = /^\s*([\d.]+)(?:\s*\/\s*([\d.]+))?\s*[x×]?\s*$/.exec(name ?? '') ?? [];
  const wished = Number(over) / Number(under);
  if (!(wished > 0)) return DEFAULT_SPEED;
  const far = (speed: number) => Math.abs(Math.log(speed / wished));
  return SPEEDS.reduce((best, speed, at) => (far(speed) < far(SPEEDS[best] ?? 1) ? at : best), 0);
}

/** How much time the ladder shows at first. */
const WINDOW_US = 400_000;
/** How many rows the event list grows at a time. */
const MORE = 80;
/** What a newcomer does when following each of the hints. */
const HINTED = [/^(crash|power-off)/, /^partition/, / get /];
export const HINTS = HINTED.length;
/** How many letters the name of a branch has at most. */
export const LONGEST_NAME = 40;
/** Where to go when the inspector has nothing to show. */
const HOME_TAB: Record<Layout, Tab> = { wide: 'events', medium: 'logs', narrow: 'logs' };

const NO_SIZE: Size = { width: 0, height: 0 };

export const INITIAL: State = {
  phase: 'loading',
  trouble: null,
  preset: null,
  playing: false,
  fallPauses: true,
  speed: DEFAULT_SPEED,
  atUs: 0,
  moves: 0,
  rests: -1,
  layout: 'wide',
  page: NO_SIZE,
  shares: {},
  guest: false,
  home: '',
  around: 'all',
  alone: null,
  front: 'cluster',
  sheet: null,
  size: { ring: NO_SIZE, logs: NO_SIZE, ladder: NO_SIZE, timeline: NO_SIZE },
  window: { fromUs: 0, toUs: WINDOW_US },
  picked: null,
  split: null,
  gesture: null,
  logFrom: null,
  tab: 'logs',
  group: 'faults',
  fields: {},
  aim: [],
  lessons: null,
  course: null,
  late: {},
  level: 'story',
  more: { before: 0, after: 0 },
  overlay: null,
  reads: { table: null, running: false, listed: null, pointUs: null },
  branches: { names: {}, asked: null, beside: null },
  hushed: null,
  evidence: null,
  hint: 0,
  editing: false,
  editor: 'unasked',
  written: { text: '', runs: '', opened: '' },
  draft: null,
  wrong: [],
  refused: null,
};

/** The state after an action. Pure. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table, one row an action, checked to be complete
export function update(state: State, action: Action): State {
  switch (action.type) {
    case 'serverPicked':
      if (state.split !== null) return { ...state, split: toggled(state.split, action.id) };
      return { ...pick(state, { type: 'server', id: action.id }), aim: [action.id] };
    case 'clientPicked':
      return pick(state, { type: 'client', id: action.id });
    case 'messagePicked':
      return pick(state, { type: 'message', id: action.id, seq: action.seq });
    case 'entryPicked':
      return pick(state, { type: 'entry', server: action.server, index: action.index });
    case 'linkPicked':
      return withFields(pick(state, { type: 'link', from: action.from, to: action.to }), {
        from: action.from,
        to: action.to,
      });
    case 'readsCompared':
      return { ...state, reads: { ...state.reads, table: action.table, running: action.running } };
    case 'staleReadsListed': {
      const listed = state.reads.listed === action.mode ? null : action.mode;
      return { ...state, reads: { ...state.reads, listed } };
    }
    case 'latencyPointed':
      return { ...state, reads: { ...state.reads, pointUs: action.us } };
    case 'operationFound':
    case 'eventPicked':
      return { ...state, picked: { type: 'event', seq: action.seq }, playing: false };
    case 'evidenceShown':
      return shown(state, action);
    case 'fallHushed':
      return { ...state, hushed: action.seq };
    case 'fallPausesToggled':
      return { ...state, fallPauses: !state.fallPauses };
    case 'gestured':
      return { ...state, gesture: action.gesture };
    case 'gestureDone':
      return steered({ ...state, split: null }, action.line);
    case 'nothingPicked':
      return {
        ...state,
        picked: null,
        tab: state.tab === 'inspector' ? HOME_TAB[state.layout] : state.tab,
        sheet: state.sheet === 'inspector' ? null : state.sheet,
      };
    case 'scrubbed':
    case 'paused':
      return { ...state, playing: false };
    case 'windowMoved':
      return { ...state, window: shownWindow(action.fromUs, action.toUs) };
    case 'logScrolled':
      return { ...state, logFrom: action.from };
    case 'engineLoaded':
      return { ...state, phase: 'ready', trouble: null };
    case 'engineBroke':
      return { ...state, phase: 'broken', trouble: action.message, playing: false };
    case 'restartAsked':
      return { ...state, phase: 'ready', trouble: null };
    case 'scenarioEdited':
      return { ...state, draft: action.text };
    case 'scenarioDropped':
      return { ...state, draft: null, wrong: [] };
    case 'scenarioOpened':
      return opened(state, action);
    case 'scenarioReworded':
      return { ...state, written: action.written, draft: null, wrong: [] };
    case 'scenarioRefused':
      if (action.typed) return { ...state, wrong: action.wrong };
      return {
        ...state,
        draft: action.text,
        wrong: action.wrong,
        editing: true,
        lessons: null,
        playing: false,
      };
    case 'editorToggled':
      if (state.alone === 'scenario') return { ...state, alone: null, editing: false };
      return { ...state, editing: !state.editing, lessons: null };
    case 'lessonsToggled':
      return {
        ...state,
        editing: false,
        sheet: null,
        lessons: state.lessons === null ? (action.open ?? '') : null,
      };
    case 'courseChanged':
      return { ...state, course: action.course };
    case 'editorCame':
      return { ...state, editor: action.here ? 'here' : 'missing' };
    case 'commandGiven':
      return steered({ ...state, fields: sent(state.fields) }, action.line);
    case 'undoAsked':
    case 'refusalRead':
      return { ...state, refused: null };
    case 'commandRefused':
      return { ...state, refused: action.message };
    case 'playToggled':
      return { ...state, playing: !state.playing };
    case 'moved':
      return moved(state, action);
    case 'steppedForward':
    case 'steppedBack':
    case 'storyForward':
    case 'storyBack':
    case 'jumpedToStart':
    case 'jumpedToEnd':
      return { ...state, playing: false };
    case 'aroundChosen':
      return { ...state, around: action.around };
    case 'speedChanged':
      return { ...state, speed: Math.min(Math.max(Math.round(action.speed), 0), SPEEDS.length - 1) };
    case 'splitStarted':
      return { ...state, split: [], picked: null };
    case 'splitCancelled':
      return { ...state, split: null };
    case 'splitConfirmed':
      return steered({ ...state, split: null }, 'partition');
    case 'resized':
      return { ...state, layout: action.layout, page: action.page, size: { ...state.size, ...action.size } };
    case 'dividerMoved':
      return { ...state, shares: withShare(state.shares, action.divider, action.share) };
    case 'viewChosen':
      return { ...state, alone: action.view, editing: false };
    case 'frontChosen':
      return { ...state, front: action.view, editing: false };
    case 'sheetToggled':
      return { ...state, sheet: state.sheet === action.sheet ? null : action.sheet };
    case 'tabChosen':
      return { ...state, tab: action.tab };
    case 'groupChosen':
      return withFields({ ...state, group: action.group }, { find: '' });
    case 'fieldEdited':
      return withFields(state, { [action.name]: action.value });
    case 'aimed':
      return { ...state, aim: action.servers };
    case 'viewCame':
      return { ...state, late: { ...state.late, ...action.late } };
    case 'levelChosen':
      return { ...state, level: action.level, more: INITIAL.more };
    case 'listExtended':
      return { ...state, more: { ...state.more, [action.where]: state.more[action.where] + MORE } };
    case 'overlayToggled':
      return { ...state, overlay: state.overlay === action.overlay ? null : action.overlay };
    case 'overlayClosed':
      return { ...state, overlay: null };
    case 'hintRead':
      return { ...state, hint: state.hint + 1 };
    case 'hintsSkipped':
      return { ...state, hint: HINTS };
    case 'branchChosen':
    case 'branchRemoved':
      return {
        ...state,
        picked: isOfBranch(state.picked) ? null : state.picked,
        branches: besides(state.branches, action),
      };
    case 'branchAsked':
      return { ...state, branches: { ...state.branches, asked: action.asked } };
    case 'branchNamed':
      return { ...state, branches: { ...state.branches, asked: null, names: named(state.branches, action) } };
    case 'branchCompared':
      return { ...state, branches: { ...state.branches, beside: action.id } };
    case 'ticked':
    case 'lessonAsked':
    case 'presetChosen':
    case 'readModeChosen':
    case 'scenarioApplied':
    case 'headerChanged':
    case 'startChanged':
    case 'freshSeedAsked':
    case 'exportAsked':
      return state; // effects alone
    default:
      return unknown(action);
  }
}

/** After one was chosen or went: that one is beside no other. */
function besides(branches: Branches, { type, id }: { type: string; id: number }): Branches {
  const names = type === 'branchRemoved' ? named(branches, { id, name: '' }) : branches.names;
  return { names, asked: null, beside: branches.beside === id ? null : branches.beside };
}

function named({ names }: Branches, { id, name }: { id: number; name: string }): Branches['names'] {
  const { [id]: _, ...others } = names;
  const given = name.trim().slice(0, LONGEST_NAME);
  return given === '' ? others : { ...others, [id]: given };
}

/** A newly picked thing is shown in the inspector. Picked again, it is let go. */
function pick(state: State, picked: Pick): State {
  if (JSON.stringify(state.picked) === JSON.stringify(picked))
    return update(state, { type: 'nothingPicked' });
  return { ...state, picked, tab: 'inspector', sheet: 'inspector' };
}

function shown(state: State, { fall, at, seq }: Extract<Action, { type: 'evidenceShown' }>): State {
  const evidence = { fall, at, moves: state.moves + 1 };
  return { ...state, picked: { type: 'event', seq }, playing: false, hushed: null, overlay: null, evidence };
}

function withShare(shares: State['shares'], divider: Divider, share: number | null): State['shares'] {
  const { [divider]: _, ...others } = shares;
  return share === null ? others : { ...others, [divider]: share };
}

/** Messages, events and entries belong to one line of history; servers and links to all. */
function isOfBranch(picked: Pick | null): boolean {
  return picked?.type === 'message' || picked?.type === 'event' || picked?.type === 'entry';
}

function withFields(state: State, fields: Fields): State {
  return { ...state, fields: { ...state.fields, ...fields } };
}

/** After a command: time goes on if only the run's end had stopped it, and a newcomer who was to do this is told what to do next. */
function steered(state: State, line: string): State {
  const { playing, rests, moves, hint } = state;
  const taught = HINTED[hint]?.test(line) ? 1 : 0;
  return { ...state, refused: null, playing: playing || rests === moves, hint: hint + taught };
}

/** Without those that a command has just made a setting of. */
function sent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith(NOT_SENT)));
}

export function toggled(names: readonly Name[], name: Name): readonly Name[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name].sort();
}

function opened(
  state: State,
  { preset, written, typed, names = {} }: Extract<Action, { type: 'scenarioOpened' }>,
): State {
  const text = written === null ? {} : { written, draft: null, wrong: [] };
  const branches = { ...INITIAL.branches, names };
  const fresh = { ...state, ...text, preset, refused: null, branches };
  // While somebody types, what they look at stays.
  if (typed) return { ...fresh, picked: isOfBranch(state.picked) ? null : state.picked };
  return {
    ...fresh,
    picked: null,
    split: null,
    aim: [],
    fields: {},
    logFrom: null,
    overlay: null,
    hushed: null,
    evidence: null,
    window: INITIAL.window,
    more: INITIAL.more,
  };
}

function moved(state: State, { atUs, over }: Extract<Action, { type: 'moved' }>): State {
  const playing = state.playing && !over;
  const more = playing ? INITIAL.more : state.more;
  const moves = state.moves + 1;
  return {
    ...state,
    atUs,
    playing,
    more,
    moves,
    rests: state.playing && over ? moves : state.rests,
    window: followed(state.window, atUs, playing),
  };
}

/** Whether the scenario's text is on the page. */
export const isEditing = ({ editing, alone }: State): boolean => editing || alone === 'scenario';

/** Whether there is something for the inspector to show. The event list tells about events. */
export const isInspecting = ({ picked }: State): boolean => picked !== null && picked.type !== 'event';

/** The part of the state that pictures see. */
export function uiOf({
  size,
  picked,
  split,
  gesture,
  logFrom,
}: State): Omit<Ui, 'window' | 'atUs' | 'flights' | 'logFrom' | 'logCount' | 'light'> {
  return { size, picked, split, gesture, logFollows: logFrom === null };
}

function unknown(action: never): never {
  throw new Error(`No such action: ${JSON.stringify(action)}`);
}
