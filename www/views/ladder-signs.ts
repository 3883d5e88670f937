// The signs of the space-time diagram: each has a shape of its own, and the legend names those that are in sight.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Frame, LaneMark, Plight } from '../generated/engine.ts';
import { FATE, HELD, ROW } from './arrows.ts';
import type { LadderData, Ui } from './contract.ts';
import { classes } from './pick.ts';

type Kind = LaneMark['kind'] | 'committed';

/** Around 0 0, and what to call it. `hollow` ones are lines only. */
interface Sign {
  readonly path: string;
  readonly words: string;
  readonly hollow?: true;
}

const CLOCK = 'M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0ZM0 -3V0H2.5';
const DRUM = 'M-4.5 -3A4.5 1.8 0 0 1 4.5 -3V3A4.5 1.8 0 0 1 -4.5 3ZM-4.5 -3A4.5 1.8 0 0 0 4.5 -3';

export const SIGNS: Record<Kind, Sign> = {
  timeout: { path: 'M0 -5L5 0L0 5L-5 0Z', words: 'election timeout' },
  elected: { path: 'M-7 4L-8 -5L-3.5 -1.5L0 -7L3.5 -1.5L8 -5L7 4Z', words: 'leader' },
  steppedDown: { path: 'M-4.5 -3H4.5L0 4Z', words: 'steps down' },
  committed: { path: 'M0 -4V4', words: 'commit', hollow: true }, // drawn with the lanes: there are many
  truncated: {
    path: 'M5.5 -4H-1L-5.5 0L-1 4H5.5ZM.5 -1.8L4 1.8M4 -1.8L.5 1.8',
    words: 'removes entries',
    hollow: true,
  },
  crashed: { path: 'M-5 -5L5 5M5 -5L-5 5', words: 'crash', hollow: true },
  poweredOff: { path: 'M-3 -3.5A4.8 4.8 0 1 0 3 -3.5M0 -6.5V-.5', words: 'no power', hollow: true },
  restarted: { path: 'M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z', words: 'restart', hollow: true },
  paused: { path: 'M-2.8 -5V5M2.8 -5V5', words: 'pause', hollow: true },
  resumed: { path: 'M-3.5 -5L5 0L-3.5 5Z', words: 'goes on' },
  clockJumped: { path: CLOCK, words: 'clock', hollow: true },
  disk: { path: DRUM, words: 'disk', hollow: true },
  configuration: { path: 'M-5.5 0L-2.8 -4.8H2.8L5.5 0L2.8 4.8H-2.8Z', words: 'configuration', hollow: true },
  cut: { path: 'M-7 0H-2.5M2.5 0H7M-2.5 -5V5M2.5 -5V5', words: 'cut', hollow: true },
  healed: { path: 'M-7 0H7M-2.5 -3V3M2.5 -3V3', words: 'healed', hollow: true },
  setting: { path: 'M-4 -4H4V4H-4Z', words: 'setting' },
  said: { path: 'M-5 -4.5H5V2H0L-3 5V2H-5Z', words: 'the author' },
  violation: { path: 'M0 -6.5L7 5.5H-7ZM0 -2.5V1.5M0 3.2V3.5', words: 'a property falls', hollow: true },
  decided: { path: 'M-5 0L-1.5 4L5 -4.5', words: 'decision', hollow: true },
  blocked: { path: 'M-4 -1H4V5H-4ZM-2.5 -1V-3A2.5 2.5 0 0 1 2.5 -3V-1', words: 'blocked' },
};

/** Settings of one server stand on its lane: its disk or its clock. */
const OF_SERVER = /^(disk|write|fsync|drift) (S\d)\b/;

/** Whose lane a mark stands on; `null` for what concerns all. */
export const laneOf = ({ server, kind, text }: LaneMark): string | null =>
  server ?? (kind === 'setting' ? (OF_SERVER.exec(text)?.[2] ?? null) : null);

const kindOf = ({ kind, text }: LaneMark): Kind => {
  const [, what] = (kind === 'setting' && OF_SERVER.exec(text)) || [];
  return what === undefined ? kind : what === 'drift' ? 'clockJumped' : 'disk';
};

export const drawSign = (mark: LaneMark): TemplateResult => shape(SIGNS[kindOf(mark)]);

const shape = ({ path, hollow }: Sign): TemplateResult =>
  svg`<path class=${classes('sign', hollow && 'hollow')} d=${path} />`;

const PLIGHTS: Record<Plight, string> = {
  paused: 'stands still',
  unpowered: 'no power',
  prepared: 'in doubt',
  blocked: 'blocked',
};
export const plightWords = (plight: Plight): string => PLIGHTS[plight];

/** A write shorter than so many pixels cannot be seen. */
export const LEAST_WRITE = 3;

/** Whether writes can be told from their being on disk. */
export const seesWrites = ({ settings: { write, fsync } }: Frame, perUs: number): boolean =>
  (fsync.maxUs + write.maxUs) * perUs >= LEAST_WRITE;

/** What the signs in sight mean. */
export const legend = (
  { lanes: { marks, commits, spans, walls, writes }, arrows }: LadderData,
  frame: Frame,
  ui: Ui,
): TemplateResult => {
  const kinds = new Set([...marks.map(kindOf), ...(commits.length > 0 ? ['committed'] : [])]);
  const isHeld = arrows.some((value, i) => i % ROW === FATE && value === HELD);
  const plights = new Set(spans.flatMap(({ plight }) => plight ?? []));
  const item = (drawn: TemplateResult, look: string, words: string) =>
    html`<li><svg class="picture ladder" width="20" height="16" viewBox="-10 -8 20 16" aria-hidden="true"><g class=${look}>${drawn}</g></svg>${words}</li>`;
  return html`<details class="signs"><summary title="What the signs in sight mean">Signs</summary><ul>
    ${(Object.keys(SIGNS) as Kind[]).map((kind) => (kinds.has(kind) ? item(shape(SIGNS[kind]), `mark ${kind} term-none`, SIGNS[kind].words) : nothing))}
    ${[...plights].map((plight) => item(svg`<rect class="plight ${plight}" x="-9" y="-5" width="18" height="10" />`, '', PLIGHTS[plight]))}
    ${isHeld ? item(svg`<path class="held-mark" d="M0 -5V5" />`, '', 'held message') : nothing}
    ${walls.length > 0 ? item(svg`<path class="wall" d="M-9 0H9" />`, '', 'nothing passes') : nothing}
    ${writes.length > 0 && seesWrites(frame, ui.size.ladder.width / (ui.window.toUs - ui.window.fromUs)) ? item(svg`<path class="write" d="M-8 0H5" /><path class="synced" d="M3 -2.5h5v5h-5z" />`, '', 'written, then on disk') : nothing}
  </ul></details>`;
};
