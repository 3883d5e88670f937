// The logs, one row a server and one column an index. Colour is the term, solid is committed as far as that server knows,
// hatched is not yet; what is under an entry tells where it is kept, the upright bar is the commit index. Only what is in sight
// is asked for and drawn.

import { noChange, nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { more } from '../at-hand.ts';
import { whyDown } from '../condition.ts';
import type { Frame, LogCell, ProgressFrame, ServerFrame } from '../generated/engine.ts';
import { clamp, round } from '../geometry.ts';
import { leaderOf } from '../quorum.ts';
import { type Dispatch, hue, type LogsView, newestTerm, term, type Ui } from './contract.ts';
import {
  cellHeight,
  columnAt,
  columns,
  commitBars,
  empties,
  entry,
  GAP,
  kept,
  MATCH,
  NEXT,
  type Plan,
  progressMarks,
  WAY,
} from './logs-cells.ts';
import { endOf, gutter, HEAD, LEAST_ROW, leastLogsHeight } from './logs-plan.ts';
import { classes, does, isPicked, pickedLeader } from './pick.ts';

const FOOT = 24;
const WIDEST_COLUMN = 74;

/** What scrolling has to know: the first index shown, the last place to begin at, columns in sight and how wide they are. */
export interface Reach {
  readonly from: number;
  readonly end: number;
  readonly count: number;
  readonly column: number;
}

/** All that the parts of the picture need. */
interface Scene {
  readonly frame: Frame;
  readonly ui: Ui;
  readonly dispatch: Dispatch;
  readonly plan: Plan;
  /** Whose knowledge of the others is drawn: the picked leader's, else the newest one's. */
  readonly leader: ServerFrame | undefined;
}

export const logs: LogsView = (frame, ui, dispatch) => {
  const { width, height } = ui.size.logs;
  const left = gutter(width);
  const count = ui.logCount;
  const column = Math.min(WIDEST_COLUMN, (width - left - 6) / Math.max(1, count));
  // Where there is hardly room, rows to read go before the words below them.
  const explained = height >= leastLogsHeight(frame.servers.length) + FOOT;
  const room = height - HEAD - (explained ? FOOT : 2);
  const row = clamp(room / Math.max(1, frame.servers.length), LEAST_ROW, 76);
  const plan: Plan = { left, from: ui.logFrom, count, column, row, cell: cellHeight(row) };
  const reach: Reach = { from: ui.logFrom, end: endOf(frame, count), count, column };
  const scene = { frame, ui, dispatch, plan, leader: pickedLeader(frame, ui) ?? leaderOf(frame) };
  const scroll = more?.scroll;
  const hand = scroll?.gestures(reach, dispatch);
  return svg`<svg class="picture logs" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label="Logs"
      @click=${hand && { handleEvent: hand.click, capture: true }} @wheel=${hand?.wheel}
      @pointerdown=${hand?.down} @pointermove=${hand?.move} @pointerup=${hand?.up} @pointercancel=${hand?.up}
      data-late=${scroll || reach.end <= 1 ? nothing : 'more'}>
    <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="hatch" x1="1" x2="1" y1="0" y2="6" /></pattern></defs>
    <rect class="hit" width=${width} height=${height} @click=${does(dispatch, { type: 'nothingPicked' })} />
    ${scroll?.followSwitch(ui, reach, left - 10, dispatch)}${scroll?.overview(frame, reach, left, width - left - 8, dispatch)}
    <svg class="indices" x=${left} width=${round(count * column)} height=${round(HEAD + frame.servers.length * row)}>
    ${ui.picked?.type === 'entry' ? svg`<rect class="column-ground" x=${columnAt(ui.picked.index, plan)} y=${HEAD - 16} width=${round(column)} height=${round(16 + frame.servers.length * row)} rx="6" />` : nothing}
    ${columns(plan).map(
      (index) =>
        svg`<text class="log-index" x=${round(columnAt(index, plan) + column / 2)} y="30">${index}</text>`,
    )}</svg>
    ${frame.servers.map((server, i) => logRow(server, HEAD + i * row, scene))}
    ${explained ? foot(scene) : nothing}
  </svg>`;
};

/** How far to the left of the first column what belongs to it may reach. */
const EDGE = 3;

const logRow = (s: ServerFrame, y: number, scene: Scene): TemplateResult => {
  const { ui, plan, dispatch } = scene;
  const picked = isPicked(ui.picked, s.id) || (ui.picked?.type === 'entry' && ui.picked.server === s.id);
  const top = (plan.row - plan.cell) / 2;
  const shown = s.log.filter(({ index }) => index > ui.logFrom - 1 && index < ui.logFrom + ui.logCount);
  // One that moves aside stays what it is, and one that goes leaves its place to one that comes. While time runs, nobody holds on to
  // one of them: every column is a place, and one without an entry keeps what it had, out of sight, for to make it anew costs the most.
  const inPlaces = ui.flights !== null && !picked;
  const cells: readonly (LogCell | undefined)[] = inPlaces ? columns(plan).map((_, i) => shown[i]) : shown;
  const place = (cell: LogCell | undefined, i: number): number =>
    ui.flights || !cell ? i : cell.index % (ui.logCount + 1);
  const known = scene.leader?.progress.find(({ server }) => server === s.id);
  return svg`<g class=${classes('log-row', s.up ? s.role : 'crashed', hue(s), picked && 'picked')} transform="translate(0 ${round(y)})">
    <rect class="row-ground" x="2" y="1" width=${ui.size.logs.width - 4} height=${round(plan.row - 2)} rx="6" />
    ${rowName(s, known, scene)}
    <svg x=${plan.left - EDGE} width=${round(plan.count * plan.column + EDGE + 2)} height=${round(plan.row)}><g transform="translate(${EDGE} 0)">
      <path class="empty" d=${empties(shown, s.snapshot?.lastIndex ?? 0, plan)} />
      ${s.snapshot === null ? nothing : more?.snapshotBlock(s.snapshot, s, plan, dispatch)}
      ${repeat(cells, place, (cell) => {
        const x = cell ? round(columnAt(cell.index, plan) + GAP / 2) : -999;
        return svg`<g aria-hidden=${cell ? nothing : true} transform="translate(${x} ${top})">${cell ? entry(cell, s, plan, picked, ui, dispatch) : noChange}</g>`;
      })}
      ${s.twoPhase ? nothing : commitBars(s, plan)}
      ${known && scene.leader ? progressMarks(known, scene.leader, isPicked(ui.picked, scene.leader.id) || picked, plan) : nothing}
    </g></svg>
  </g>`;
};

/** Name and term; the leader's crown, or how the leader sends to this one and how many such messages are on their way. */
const rowName = (
  s: ServerFrame,
  known: ProgressFrame | undefined,
  { plan, dispatch, leader }: Scene,
): TemplateResult => {
  const pick = does(dispatch, { type: 'serverPicked', id: s.id });
  const tall = plan.row >= 30;
  const middle = round(plan.row / 2);
  const flying = known?.flying ?? 0;
  const how = known && leader ? `${leader.id} ${WAY[known.state].words}, ${flying} under way` : '';
  const spoken = [`Log of ${s.id}`, ...(s.up ? [] : [whyDown(s)]), ...(how ? [how] : [])].join(', ');
  const side = round(middle - (tall ? 5.5 : 0));
  return svg`<g class="row-name" role="button" tabindex="0" aria-label=${spoken} @click=${pick} @keydown=${pick}>
      <rect class="focus" x="3" y="2" width=${plan.left - 8} height=${round(plan.row - 4)} rx="5" />
      <rect class="hit" x="2" y="1" width=${plan.left - 6} height=${round(plan.row - 2)} />
      <text class="name" x="8" y=${middle + (tall ? -1 : 4.5)}>${s.id}</text>
      ${s.up && s.role === 'leader' ? svg`<path class="crown" d="M-6 4L-7 -3L-3 0L0 -4.5L3 0L7 -3L6 4Z" transform="translate(36 ${side})" />` : nothing}
      ${
        known && leader && s.role !== 'leader'
          ? svg`<g class="way ${term(leader.term)}" transform="translate(33 ${side})"><path d="M0 0${WAY[known.state].path}" />
            ${flying > 0 && plan.left > 50 ? svg`<text x="7" y="3.5">${flying}</text>` : nothing}</g>`
          : nothing
      }
      ${tall ? svg`<text class="in-term" x="8" y=${middle + 12}>${s.up ? ofTerm(s) : whyDown(s)}</text>` : nothing}
      ${how ? svg`<title>${how}</title>` : nothing}
    </g>`;
};

const ofTerm = (s: ServerFrame): string => (s.twoPhase ? '' : `term ${s.term}`);

const HATCHED = svg`<rect class="sample open" x="2" y="-9" width="13" height="10" rx="2" /><rect class="hatched" x="2" y="-9" width="13" height="10" rx="2" />`;
const SOLID = svg`<rect class="sample" x="2" y="-9" width="13" height="10" rx="2" />`;

/** A mark, what it means, and whether it is to be seen just now. */
type Meaning = readonly [mark: TemplateResult, words: string, isThere?: boolean];

/** Under the logs: what the marks mean. Each has a place of its own, so that those come and go which are seldom seen, and none moves. */
const foot = ({ frame, ui, leader }: Scene): TemplateResult => {
  const { servers } = frame;
  const raft = frame.protocol === 'raft';
  const led = leader ? term(leader.term) : '';
  const lower = (mark: TemplateResult) => svg`<g transform="translate(0 -1)">${mark}</g>`;
  const way = (state: ProgressFrame['state'], words: string): Meaning => [
    svg`<g class="way ${led}"><path d="M9 -4${WAY[state].path}" /></g>`,
    words,
    leader?.progress.some((known) => known.state === state) ?? false,
  ];
  const mark = (name: string, d: string) =>
    svg`<path class="${name} ${led}" d=${d} transform="translate(9 -4)" />`;
  const progress: Meaning[] = raft
    ? [
        [mark('next', NEXT), 'next to send'],
        [mark('match', MATCH), 'known to agree'],
      ]
    : [];
  const bar = (name: string) => svg`<line class=${name} x1="10" x2="10" y1="-10" y2="2" />`;
  const onDisk: Meaning = [lower(kept('on disk', 17, 0)), 'on disk'];
  const state: Meaning[] = [
    [SOLID, raft ? 'committed' : 'on disk'],
    [HATCHED, 'not yet'],
    ...(raft ? [onDisk] : []),
    ...(raft ? [[bar('commit-bar'), 'commit index'] as const] : []),
    [lower(kept('in the page cache only', 17, 0)), 'page cache'],
  ];
  const seldom: Meaning[] = [
    way('replicate', 'replicates'),
    way('probe', 'probes'),
    [bar('applied-bar'), 'applied', servers.some((s) => s.lastApplied < s.commitIndex)],
    [
      lower(kept('only said to be on disk', 17, 0)),
      'the disk only says so',
      servers.some(({ claimedIndex }) => claimedIndex !== null),
    ],
    way('snapshot', 'sends a snapshot'),
  ];
  const { width, height } = ui.size.logs;
  const all = [...(pickedLeader(frame, ui) ? [...progress, ...state] : [...state, ...progress]), ...seldom];
  // As the newest entry looks, where there is one: nobody may have written in the newest term.
  const written = Math.max(0, ...frame.servers.map(({ log }) => log.at(-1)?.term ?? 0));
  const look = term((frame.protocol === 'raft' && written) || newestTerm(frame));
  const place = (): TemplateResult => {
    let x = 8;
    const placed = all.map(([mark, words, isThere = true]) => {
      const from = x;
      x += words.length * 5.7 + words.split('m').length * 4 + 25; // an m is wide
      if (!isThere || x - 8 > width) return nothing;
      return svg`<g transform="translate(${round(from)} ${height - 9})">${mark}<text class="caption start" x="20" y="0">${words}</text></g>`;
    });
    return svg`<g class="log-legend ${look}" aria-hidden="true">${placed}</g>`;
  };
  const there = all.map(([, words, isThere = true]) => isThere && words).join();
  return svg`${guard([there, width, height, look, led], place)}`;
};
