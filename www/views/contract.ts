// What the page's shell and its pictures agree on. A picture is one pure function: what there is and how it is looked at go
// in, a template comes out, and whatever a person does in it goes to `dispatch`. No picture asks the engine, the clock or the
// document for anything.
//
// Each picture draws in CSS pixels, exactly as large as `ui.size` says, so that text keeps its size on every screen. Colours
// come from classes and the custom properties of style/tokens.css, never from style attributes: a page may forbid those.
// `term(n)` names the class that gives `--term` (fill), `--on-term` (text on it), `--term-soft` (a tint) and `--term-text`
// (text in the term's colour on the page). The rules for the pictures' own classes live in style/pictures.css.

import type { TemplateResult } from 'lit-html';
import type { Light } from '../falls.ts';
import type { Frame, Lanes, MessageFrame, ServerFrame } from '../generated/engine.ts';
import type { Point } from '../geometry.ts';

/** `S1`…`S9` or `C1`…`C9`. */
export type Name = string;

/** Something a person has chosen to look at closely; the inspector tells about it, the pictures mark it. */
export type Pick =
  | { readonly type: 'server'; readonly id: Name }
  | { readonly type: 'client'; readonly id: Name }
  /** `seq` is the event that sent it. A picked message stays picked after it arrived. */
  | { readonly type: 'message'; readonly id: number; readonly seq: number }
  | { readonly type: 'entry'; readonly server: Name; readonly index: number }
  | { readonly type: 'link'; readonly from: Name; readonly to: Name }
  | { readonly type: 'event'; readonly seq: number };

/** What a hand is doing in the cluster just now; nothing of it has happened yet. */
export type Gesture =
  /** An election timer is dragged: what would be left of it, from 0 to 1. */
  | { readonly type: 'timer'; readonly server: Name; readonly left: number }
  /** A line is drawn from somebody to a place, maybe to somebody. */
  | { readonly type: 'wire'; readonly from: Name; readonly to: Name | null; readonly at: Point }
  /** A loop is drawn. */
  | { readonly type: 'loop'; readonly points: readonly Point[] };

/** Width and height in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How the run is looked at; what a reload may forget. */
export interface Ui {
  /** How large each picture shall be drawn. */
  readonly size: Readonly<Record<'ring' | 'logs' | 'ladder' | 'timeline', Size>>;
  readonly picked: Pick | null;
  /** Where the playhead is. While time runs, the frame is of a moment before. */
  readonly atUs: number;
  /** While time runs, what is in flight at this very moment, as `Session.flights` tells it; else null. */
  readonly flights: Float64Array | null;
  /** While a person chooses servers to split off: those chosen so far. Else null. A click on a server is `serverPicked` all the same. */
  readonly split: readonly Name[] | null;
  readonly gesture: Gesture | null;
  /** The part of time that the ladder shows. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** First log index shown, a part of it if it is no whole number; the frame holds the cells in sight. */
  readonly logFrom: number;
  /** How many log columns fit. Follows from `size.logs.width` by `logColumns` of views/logs-plan.ts. */
  readonly logCount: number;
  /** Whether the end of the logs stays in sight. */
  readonly logFollows: boolean;
  /** What is to blame for what fell, to be lit. */
  readonly light: Light;
}

/** What the pictures dispatch. The shell has more actions of its own (see store.ts). */
export type PictureAction =
  | { readonly type: 'serverPicked'; readonly id: Name }
  | { readonly type: 'clientPicked'; readonly id: Name }
  | { readonly type: 'messagePicked'; readonly id: number; readonly seq: number }
  | { readonly type: 'entryPicked'; readonly server: Name; readonly index: number }
  | { readonly type: 'linkPicked'; readonly from: Name; readonly to: Name }
  | { readonly type: 'eventPicked'; readonly seq: number }
  | { readonly type: 'gestured'; readonly gesture: Gesture | null }
  /** A gesture ended, and this is what it does. */
  | { readonly type: 'gestureDone'; readonly line: string }
  /** A click on nothing. */
  | { readonly type: 'nothingPicked' }
  /** The playhead was dragged, or put somewhere by a click; playing stops. */
  | { readonly type: 'scrubbed'; readonly atUs: number }
  /** The ladder was panned or zoomed. */
  | { readonly type: 'windowMoved'; readonly fromUs: number; readonly toUs: number }
  /** The logs were scrolled to this first index; `null` follows the end again. */
  | { readonly type: 'logScrolled'; readonly from: number | null };

export type Dispatch = (action: PictureAction) => void;

/** What the ladder draws: everything known about the branch within `ui.window`, with a little to either side. */
export interface LadderData {
  /** Known end, servers and clients. */
  readonly frame: Frame;
  /** Rows of ten numbers, as `Session.arrows` gives them. */
  readonly arrows: Float64Array;
  readonly lanes: Lanes;
  /** The sending events of the messages that led to what is picked, itself included. */
  readonly chain: ReadonlySet<number>;
  /** Where its playhead stands while every turn takes it so far that it cannot move in between; else null. */
  readonly atUs?: number | null;
}

/** What the timeline draws: the whole known run in one strip, to see where one is and to go elsewhere. */
export interface TimelineData {
  readonly frame: Frame;
  /** From 0 to the known end. */
  readonly lanes: Lanes;
}

/** views/ring.ts: servers around a circle, timers, messages in flight, splits and cuts, clients outside. */
export type RingView = (frame: Frame, ui: Ui, dispatch: Dispatch) => TemplateResult;
/** views/logs.ts: one row a server, one column an index. */
export type LogsView = (frame: Frame, ui: Ui, dispatch: Dispatch) => TemplateResult;
/** views/ladder.ts: the space-time diagram. */
export type LadderView = (data: LadderData, ui: Ui, dispatch: Dispatch) => TemplateResult;
/** views/timeline.ts: the whole run in a strip about 28 px high, the playhead draggable; the slider of the page. */
export type TimelineView = (data: TimelineData, ui: Ui, dispatch: Dispatch) => TemplateResult;
/** views/logs-plan.ts: how many log columns fit into this width. */
export type LogColumns = (width: number) => number;

/** How many term colours there are; the term's number beside it tells terms of the same colour apart. */
export const TERM_COLOURS = 8;

/** The class that carries a term's colours. Term 0 is grey: nothing has happened in it. */
export const term = (n: number): string => (n === 0 ? 'term-none' : `term-${(n - 1) % TERM_COLOURS}`);

/** Two-phase commit has no terms: what belongs to it has the colour of this one. */
export const TWO_PHASE = 1;

/** The newest term there is; what belongs to it has the legends' colour. */
export const newestTerm = (frame: Frame): number =>
  frame.protocol === 'raft' ? Math.max(0, ...frame.servers.map((s) => s.term)) : TWO_PHASE;

/** The class that colours a message: between clients and servers there are no terms. */
export const messageHue = ({
  kind,
  term: t,
}: {
  kind: MessageFrame['kind'];
  term: number | null;
}): string => {
  if (t !== null) return term(t);
  return kind === 'Request' || kind === 'Response' ? 'of-client' : term(TWO_PHASE);
};

/** The class that colours a server: by its term, if it has any. */
export const hue = (server: ServerFrame): string => term(server.twoPhase ? TWO_PHASE : server.term);
