// The logs, one row a server and one column an index. Colour is the term, solid is committed as far as that server knows,
// hatched is not yet; an underline is on disk, the upright bar is the commit index.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { whyDown } from '../condition.ts';
import type { Frame, LogCell, ServerFrame } from '../generated/engine.ts';
import { clamp, round } from '../geometry.ts';
import { recordWords } from '../two-phase.ts';
import { type Dispatch, hue, type LogColumns, type LogsView, newestTerm, term, type Ui } from './contract.ts';
import { shortened } from './op.ts';
import { classes, does, isPicked, pickedLeader } from './pick.ts';

const HEAD = 26;
const FOOT = 24;
const GAP = 4;
const WIDEST_COLUMN = 74;

/** Where the columns begin: after the servers' names. */
const gutter = (width: number): number => (width < 420 ? 46 : 60);

export const logColumns: LogColumns = (width) => Math.max(3, Math.floor((width - gutter(width) - 6) / 58));

const LEAST_ROW = 20;

/** Logs lower than this are too crowded to be read. */
export const leastLogsHeight = (servers: number): number => HEAD + servers * LEAST_ROW + FOOT;

/** Where everything stands. */
interface Plan {
  readonly left: number;
  readonly column: number;
  readonly row: number;
  readonly cell: number;
}

export const logs: LogsView = (frame, ui, dispatch) => {
  const { width, height } = ui.size.logs;
  const left = gutter(width);
  const column = Math.min(WIDEST_COLUMN, (width - left - 6) / Math.max(1, ui.logCount));
  const row = clamp((height - HEAD - FOOT) / Math.max(1, frame.servers.length), LEAST_ROW, 76);
  const plan = { left, column, row, cell: Math.min(46, row - (row > 30 ? 14 : 8)) };
  return svg`<svg class="picture logs" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label="Logs"
      @click=${does(dispatch, { type: 'nothingPicked' })} @wheel=${scrolls(frame, ui, dispatch)}>
    <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="hatch" x1="1" x2="1" y1="0" y2="6" /></pattern></defs>
    ${Array.from({ length: ui.logCount }, (_, i) => {
      return svg`<text class="log-index" x=${round(left + (i + 0.5) * column)} y="13">${ui.logFrom + i}</text>`;
    })}
    ${frame.servers.map((server, i) => logRow(server, HEAD + i * row, plan, frame, ui, dispatch))}
    ${scrollBar(frame, ui, left, width - left - 8, 20, dispatch)}
    ${foot(frame, ui)}
  </svg>`;
};

const logRow = (
  s: ServerFrame,
  y: number,
  plan: Plan,
  frame: Frame,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const picked = isPicked(ui.picked, s.id) || (ui.picked?.type === 'entry' && ui.picked.server === s.id);
  const pick = does(dispatch, { type: 'serverPicked', id: s.id });
  const top = (plan.row - plan.cell) / 2;
  const shown = s.log.filter(({ index }) => index >= ui.logFrom && index < ui.logFrom + ui.logCount);
  const tall = plan.row >= 30;
  return svg`<g class=${classes('log-row', s.up ? s.role : 'crashed', hue(s), picked && 'picked')} transform="translate(0 ${round(y)})">
    <rect class="row-ground" x="2" y="1" width=${ui.size.logs.width - 4} height=${round(plan.row - 2)} rx="6" />
    <g class="row-name" role="button" tabindex="0" aria-label="Log of ${s.id}${s.up ? '' : `, ${whyDown(s)}`}" @click=${pick} @keydown=${pick}>
      <rect class="focus" x="3" y="2" width=${plan.left - 6} height=${round(plan.row - 4)} rx="5" />
      <rect class="hit" x="2" y="1" width=${plan.left - 4} height=${round(plan.row - 2)} />
      <text class="name" x="10" y=${round(plan.row / 2 + (tall ? -1 : 4.5))}>${s.id}</text>
      ${s.up && s.role === 'leader' ? svg`<path class="crown" d="M-6 4L-7 -3L-3 0L0 -4.5L3 0L7 -3L6 4Z" transform="translate(38 ${round(plan.row / 2 - (tall ? 6 : 0))})" />` : nothing}
      ${tall ? svg`<text class="in-term" x="10" y=${round(plan.row / 2 + 12)}>${s.up ? ofTerm(s) : whyDown(s)}</text>` : nothing}
    </g>
    <path class="empty" d=${empties(shown, top, plan, ui)} />
    ${repeat(
      shown,
      ({ index }) => index % ui.logCount, // one that moves aside stays what it is, and one that goes leaves its place to one that comes
      (cell) => {
        const x = round(plan.left + (cell.index - ui.logFrom) * plan.column + GAP / 2);
        return svg`<g transform="translate(${x} ${top})">${entry(cell, s, plan, picked, ui, dispatch)}</g>`;
      },
    )}
    ${commitBar(s, plan, ui)}
    ${progressMarks(s, plan, frame, ui)}
  </g>`;
};

/** The places without an entry, as one shape. */
const empties = (shown: readonly LogCell[], top: number, plan: Plan, ui: Ui): string => {
  const taken = new Set(shown.map(({ index }) => index - ui.logFrom));
  const [width, r] = [round(plan.column - GAP - 8), 4];
  const corner = (x: number, y: number): string => `a${r} ${r} 0 0 1 ${x} ${y}`;
  const free = Array.from({ length: ui.logCount }, (_, i) => i).filter((i) => !taken.has(i));
  const box = `h${width}${corner(r, r)}v${plan.cell - 2 * r}${corner(-r, r)}h${-width}${corner(-r, -r)}v${2 * r - plan.cell}${corner(r, -r)}z`;
  return free.map((i) => `M${round(plan.left + i * plan.column + GAP / 2 + r)} ${top}${box}`).join('');
};
const ofTerm = (s: ServerFrame): string => (s.twoPhase ? '' : `term ${s.term}`);

const entry = (
  cell: LogCell,
  s: ServerFrame,
  plan: Plan,
  reachable: boolean,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const onDisk = cell.index <= s.syncedIndex;
  // A record of two-phase commit holds once it is on disk.
  const committed = s.twoPhase ? onDisk : cell.index <= s.commitIndex;
  const chosen = ui.picked?.type === 'entry' && ui.picked.server === s.id && ui.picked.index === cell.index;
  const looks = [cell.text, cell.term, committed, onDisk, chosen, reachable, plan.column, plan.cell, s.id];
  const draw = () => drawEntry(cell, s, plan, { committed, onDisk, chosen, reachable }, dispatch);
  return svg`${guard(looks, draw)}`;
};

interface EntryLook {
  readonly committed: boolean;
  readonly onDisk: boolean;
  readonly chosen: boolean;
  readonly reachable: boolean;
}

const drawEntry = (
  cell: LogCell,
  s: ServerFrame,
  plan: Plan,
  { committed, onDisk, chosen, reachable }: EntryLook,
  dispatch: Dispatch,
): TemplateResult => {
  const [width, height] = [round(plan.column - GAP), plan.cell];
  const pick = does(dispatch, { type: 'entryPicked', server: s.id, index: cell.index });
  const words = shortened(s.twoPhase ? recordWords(cell.text) : cell.text, Math.floor((width - 12) / 6.7));
  const state = s.twoPhase ? '' : `, term ${cell.term}, ${committed ? 'committed' : 'not committed'}`;
  // The cells of one row at a time can be reached with the keyboard: all of them would be too long a way.
  return svg`<g class=${classes('entry', s.twoPhase ? hue(s) : term(cell.term), committed ? 'committed' : 'open', chosen && 'picked')} role="button" tabindex=${reachable ? 0 : -1}
      aria-label="${s.id} entry ${cell.index}: ${cell.text}${state}, ${onDisk ? 'on disk' : 'not on disk'}"
      @click=${pick} @keydown=${pick}>
    <rect class="body" width=${width} height=${height} rx="4" />
    ${committed ? nothing : svg`<rect class="hatched" width=${width} height=${height} rx="4" />`}
    <text class="says" x=${round(width / 2 - 2)} y=${height / 2 + (height > 24 ? 5.5 : 4.5)}>${words}</text>
    ${s.twoPhase ? nothing : svg`<text class="of-term" x=${width - 3} y=${height > 24 ? 10 : 9}>${cell.term}</text>`}
    ${onDisk ? svg`<line class="on-disk" x1="2" x2=${width - 2} y1=${height + 3} y2=${height + 3} />` : nothing}
    <rect class="focus" x="-1.5" y="-1.5" width=${width + 3} height=${height + 3} rx="5" />
    <title>${cell.index}: ${cell.text}${s.twoPhase ? '' : `, term ${cell.term}`}</title>
  </g>`;
};

/** The commit index, as a bar behind the last committed entry. */
const commitBar = (s: ServerFrame, plan: Plan, ui: Ui): TemplateResult | typeof nothing => {
  const i = s.commitIndex - ui.logFrom + 1;
  if (s.commitIndex === 0 || i < 0 || i > ui.logCount) return nothing;
  const x = round(plan.left + i * plan.column);
  const inset = (plan.row - plan.cell) / 2 - 3;
  return svg`<line class="commit-bar" x1=${x} x2=${x} y1=${round(inset)} y2=${round(plan.row - inset)} />`;
};

/** What the picked leader knows of this follower: up to where they agree, and what it sends next. */
const progressMarks = (s: ServerFrame, plan: Plan, frame: Frame, ui: Ui): TemplateResult | typeof nothing => {
  const leader = pickedLeader(frame, ui);
  const known = leader?.progress.find((progress) => progress.server === s.id);
  if (!leader || !known) return nothing;
  const at = (index: number): number | undefined => {
    const i = index - ui.logFrom;
    return i < 0 || i >= ui.logCount ? undefined : round(plan.left + (i + 0.5) * plan.column);
  };
  const [next, match] = [at(known.nextIndex), at(known.matchIndex)];
  const top = (plan.row - plan.cell) / 2;
  return svg`<g class="progress ${term(leader.term)}">
    ${next === undefined ? nothing : svg`<path class="next" d=${NEXT} transform="translate(${next} ${round(top)})" />`}
    ${match === undefined ? nothing : svg`<path class="match" d=${MATCH} transform="translate(${match} ${round(plan.row - top)})" />`}
  </g>`;
};

const NEXT = 'M-5.5 -4.5H5.5L0 4Z';
const MATCH = 'M-5.5 4.5H5.5L0 -4Z';

const HATCHED = svg`<rect class="sample open" x="2" y="-9" width="13" height="10" rx="2" /><rect class="hatched" x="2" y="-9" width="13" height="10" rx="2" />`;

/** Under the logs: what the marks mean. */
const foot = (frame: Frame, ui: Ui): TemplateResult => {
  const { height } = ui.size.logs;
  const leader = pickedLeader(frame, ui);
  const y = height - 9;
  const item = (x: number, mark: TemplateResult, words: string) =>
    svg`<g transform="translate(${x} ${y})">${mark}<text class="caption start" x="20" y="0">${words}</text></g>`;
  const bar = svg`<line class="commit-bar" x1="10" x2="10" y1="-10" y2="2" />`;
  const items: [TemplateResult, string][] = leader
    ? [
        [
          svg`<path class="next ${term(leader.term)}" d=${NEXT} transform="translate(9 -4)" />`,
          `${leader.id} sends next`,
        ],
        [
          svg`<path class="match ${term(leader.term)}" d=${MATCH} transform="translate(9 -4)" />`,
          'agrees up to',
        ],
        [bar, 'commit index'],
      ]
    : frame.protocol !== 'raft'
      ? [
          [svg`<rect class="sample" x="2" y="-9" width="13" height="10" rx="2" />`, 'on disk'],
          [HATCHED, 'not yet'],
        ]
      : [
          [svg`<rect class="sample" x="2" y="-9" width="13" height="10" rx="2" />`, 'committed'],
          [HATCHED, 'not yet'],
          [svg`<line class="on-disk" x1="2" x2="16" y1="-1" y2="-1" />`, 'on disk'],
          [bar, 'commit index'],
        ];
  let x = 8;
  const placed = items.map(([mark, words]) => {
    const [from, to] = [x, x + words.length * 6 + 24];
    x = to + 10;
    return to < ui.size.logs.width ? item(from, mark, words) : nothing;
  });
  return svg`<g class="log-legend ${term(newestTerm(frame))}" aria-hidden="true">${placed}</g>`;
};

/** Where the window is in the whole log; nothing if it shows all of it. */
const scrollBar = (
  frame: Frame,
  ui: Ui,
  x: number,
  width: number,
  y: number,
  dispatch: Dispatch,
): TemplateResult | typeof nothing => {
  const last = Math.max(0, ...frame.servers.map((s) => s.lastIndex));
  if (last <= ui.logCount) return nothing;
  const thumb = Math.max(18, (width * ui.logCount) / last);
  const at = ((ui.logFrom - 1) / Math.max(1, last - ui.logCount)) * (width - thumb);
  const drag = (event: PointerEvent): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const track = event.currentTarget as SVGRectElement;
    if (event.type === 'pointerdown') track.setPointerCapture(event.pointerId);
    const fraction = (event.clientX - track.getBoundingClientRect().left - thumb / 2) / (width - thumb);
    const from = 1 + Math.round(clamp(fraction, 0, 1) * (last - ui.logCount));
    dispatch({ type: 'logScrolled', from: fraction >= 1 ? null : from });
  };
  return svg`<g class="scroll-bar"><rect class="track" x=${x} y=${y - 2.5} width=${width} height="5" rx="2.5" />
    <rect class="thumb" x=${round(x + clamp(at, 0, width - thumb))} y=${y - 2.5} width=${round(thumb)} height="5" rx="2.5" />
    <rect class="hit" x=${x} y=${y - 13} width=${width} height="20" @pointerdown=${drag} @pointermove=${drag} @click=${(e: Event) => e.stopPropagation()} /></g>`;
};

/** Wheels that go sideways scroll; those that go down are the page's. */
const scrolls =
  (frame: Frame, ui: Ui, dispatch: Dispatch) =>
  (event: WheelEvent): void => {
    const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
    if (Math.abs(sideways) < Math.abs(event.shiftKey ? 0 : event.deltaY) || sideways === 0) return;
    event.preventDefault();
    const last = Math.max(0, ...frame.servers.map((s) => s.lastIndex));
    const from = ui.logFrom + Math.sign(sideways) * Math.max(1, Math.round(Math.abs(sideways) / 58));
    dispatch({ type: 'logScrolled', from: from > last - ui.logCount ? null : Math.max(1, from) });
  };
