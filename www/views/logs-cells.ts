// One entry of a log, the block that a snapshot is, and the marks between them.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { more } from '../at-hand.ts';
import type { LogCell, ProgressFrame, ServerFrame } from '../generated/engine.ts';
import { clamp, round } from '../geometry.ts';
import { type Dispatch, hue, term, type Ui } from './contract.ts';
import { shortened } from './op.ts';
import { classes, does } from './pick.ts';

/** Where everything stands. */
export interface Plan {
  readonly left: number;
  /** The first index shown; a part of its column may be out of sight. */
  readonly from: number;
  readonly count: number;
  readonly column: number;
  readonly row: number;
  readonly cell: number;
}

export const GAP = 4;

/** Where the column of this index begins, from the left end of the cells. */
export const columnAt = (index: number, { from, column }: Plan): number => round((index - from) * column);

interface EntryLook {
  readonly committed: boolean;
  readonly applied: boolean;
  readonly disk: 'on disk' | 'only said to be on disk' | 'in the page cache only';
  readonly chosen: boolean;
  readonly reachable: boolean;
  /** Whether it is to blame for what fell. */
  readonly guilty: boolean;
  /** Whether time runs. */
  readonly running: boolean;
}

export const entry = (
  cell: LogCell,
  s: ServerFrame,
  plan: Plan,
  reachable: boolean,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const { index } = cell;
  const disk =
    index <= s.syncedIndex
      ? 'on disk'
      : index <= (s.claimedIndex ?? 0)
        ? 'only said to be on disk'
        : 'in the page cache only';
  // A record of two-phase commit holds once it is on disk.
  const committed = s.twoPhase ? disk === 'on disk' : index <= s.commitIndex;
  const applied = index <= s.lastApplied;
  const chosen = ui.picked?.type === 'entry' && ui.picked.server === s.id && ui.picked.index === index;
  const guilty = ui.light.entries.has(`${s.id} ${index}`);
  const running = ui.flights !== null;
  const look = { committed, applied, disk, chosen, reachable, guilty, running } as const;
  const { text, term } = cell;
  const seen = [index, text, term, ...Object.values(look), plan.column, plan.cell, s.id].join();
  return svg`${guard([seen], () => drawEntry(cell, s, plan, look, dispatch))}`;
};

const drawEntry = (
  cell: LogCell,
  s: ServerFrame,
  plan: Plan,
  { committed, applied, disk, chosen, reachable, guilty, running }: EntryLook,
  dispatch: Dispatch,
): TemplateResult => {
  const [width, height] = [round(plan.column - GAP), plan.cell];
  const pick = does(dispatch, { type: 'entryPicked', server: s.id, index: cell.index });
  const config = cell.kind === 'configuration';
  const letters = Math.floor((width - (config ? 8 : 12)) / (config ? 5.8 : 6.7));
  const says = s.twoPhase
    ? (more?.recordWords(cell.text) ?? '')
    : config
      ? voters(cell.text, letters)
      : cell.text;
  const text = config ? `voters ${cell.text}` : cell.text;
  const state = s.twoPhase
    ? ''
    : `, term ${cell.term}, ${committed ? 'committed' : 'not committed'}${committed && !applied ? ', not applied yet' : ''}`;
  const words = `${cell.index}: ${text}${state}, ${disk}`;
  // The cells of one row at a time can be reached with the keyboard: all of them would be too long a way.
  return svg`<g class=${classes('entry', config && 'config', s.twoPhase ? hue(s) : term(cell.term), committed ? 'committed' : 'open', chosen && 'picked')} role="button" tabindex=${reachable ? 0 : -1}
      aria-label=${`${s.id} entry ${words}${guilty ? ', to blame' : ''}`}
      @click=${pick} @keydown=${pick}>
    <rect class="body" width=${width} height=${height} rx=${config ? Math.min(12, height / 2) : 4} />
    ${committed && !running ? nothing : svg`<rect class="hatched" width=${width} height=${height} rx=${config ? Math.min(12, height / 2) : 4} />`}
    <text class="content" x=${round(width / 2 - (config || s.twoPhase ? 0 : 2))} y=${height / 2 + (height > 24 ? 5.5 : 4.5)}>${shortened(says, letters)}</text>
    ${s.twoPhase || (config && says.length * 5.8 + 26 > width) ? nothing : svg`<text class="of-term" x=${width - (config ? 7 : 3)} y=${height > 24 ? 10 : 9}>${cell.term}</text>`}
    ${kept(disk, width, height + 3)}
    ${guilty ? svg`<path class="guilty-mark" d="M-1.5 -1.5h${width + 3}v${height + 3}h${-width - 3}ZM3 3l6 6M9 3l-6 6" />` : nothing}
    <rect class="focus" x="-1.5" y="-1.5" width=${width + 3} height=${height + 3} rx="5" />
    <title>${words}</title>
  </g>`;
};

/** What tells where an entry is kept: a line under it, dotted for the page cache, a wave for what a lying disk says. */
const LINES: Record<EntryLook['disk'], string> = {
  'on disk': 'on-disk',
  'in the page cache only': 'in-cache',
  'only said to be on disk': 'claimed',
};

/** One that is synced stays the same element: it only looks different. */
export const kept = (disk: EntryLook['disk'], width: number, y: number): TemplateResult => {
  const line = LINES[disk];
  const wave = 'q2 -3.5 4 0t4 0'.repeat(Math.max(1, Math.floor((width - 4) / 8)));
  return svg`<path class=${line} d="M2 ${y}${line === 'claimed' ? wave : `H${width - 2}`}" />`;
};

/** Who votes, in as many letters: in full, or how many. */
const voters = (text: string, letters: number): string => {
  if (text.length <= letters) return text;
  if (text.includes('→')) return 'joint';
  const n = text.split(' (')[0]?.split(' ').length ?? 0;
  return n === 1 ? '1 voter' : `${n} voters`;
};

/** The places without an entry, as one shape. */
export const empties = (cells: readonly LogCell[], snapshot: number, plan: Plan): string => {
  const taken = new Set(cells.map(({ index }) => index));
  const [width, r] = [round(plan.column - GAP - 8), 4];
  const top = (plan.row - plan.cell) / 2;
  const corner = (x: number, y: number): string => `a${r} ${r} 0 0 1 ${x} ${y}`;
  const box = `h${width}${corner(r, r)}v${plan.cell - 2 * r}${corner(-r, r)}h${-width}${corner(-r, -r)}v${2 * r - plan.cell}${corner(r, -r)}z`;
  return columns(plan)
    .filter((index) => !taken.has(index) && index > snapshot)
    .map((index) => `M${round(columnAt(index, plan) + GAP / 2 + r)} ${top}${box}`)
    .join('');
};

/** The indices in sight. */
export const columns = ({ from, count }: Plan): number[] => {
  const first = Math.floor(from);
  return Array.from({ length: count + (first === from ? 0 : 1) }, (_, i) => first + i);
};

/** The commit index, as a bar behind the last committed entry; a thin one where what is applied ends, if that is before. */
export const commitBars = (s: ServerFrame, plan: Plan): TemplateResult => {
  const inset = (plan.row - plan.cell) / 2 - 3;
  const bar = (index: number, name: string) => {
    const x = columnAt(index + 1, plan);
    if (index === 0 || x < 0 || index + 1 > plan.from + plan.count) return nothing;
    return svg`<line class=${name} x1=${x} x2=${x} y1=${round(inset)} y2=${round(plan.row - inset)} />`;
  };
  return svg`${bar(s.commitIndex, 'commit-bar')}${s.lastApplied < s.commitIndex ? bar(s.lastApplied, 'applied-bar') : nothing}`;
};

export const NEXT = 'M-5.5 -4.5H5.5L0 4Z';
export const MATCH = 'M-5.5 4.5H5.5L0 -4Z';

/** What the leader knows of this follower: up to where they agree, and what it sends next. */
export const progressMarks = (
  known: ProgressFrame,
  leader: ServerFrame,
  picked: boolean,
  plan: Plan,
): TemplateResult => {
  const top = (plan.row - plan.cell) / 2;
  const size = picked ? '' : ' scale(0.72)';
  const mark = (index: number, name: string, d: string, y: number, words: string) => {
    const x = round(columnAt(index, plan) + plan.column / 2);
    if (x < 0 || index >= plan.from + plan.count) return nothing;
    return svg`<path class=${name} d=${d} transform="translate(${x} ${round(y)})${size}"><title>${words}</title></path>`;
  };
  const { nextIndex, matchIndex, server } = known;
  return svg`<g class=${classes('progress', term(leader.term))}>
    ${mark(nextIndex, 'next', NEXT, top, `${leader.id} sends ${server} entry ${nextIndex} next`)}
    ${mark(matchIndex, 'match', MATCH, plan.row - top, `${leader.id} knows that ${server} agrees through entry ${matchIndex}`)}
  </g>`;
};

/** How a leader sends to a follower: asking where they agree, one after the other, or the snapshot. */
export const WAY: Record<ProgressFrame['state'], { readonly path: string; readonly words: string }> = {
  probe: {
    path: 'm-2.2 -2c0 -3 4.6 -3 4.6 -0.2c0 1.6 -2.3 1.6 -2.3 3.4m0 2.2v0.4',
    words: 'asks where their logs agree, one message at a time',
  },
  replicate: {
    path: 'm-4 -3.5l3.5 3.5l-3.5 3.5m4.5 -7l3.5 3.5l-3.5 3.5',
    words: 'sends entries without waiting',
  },
  snapshot: { path: 'm-3.5 -3.5h7v7h-7zm1.5 -2.2h4', words: 'sends the snapshot first' },
};

export const cellHeight = (row: number): number => clamp(row - (row > 30 ? 14 : 8), 8, 46);
