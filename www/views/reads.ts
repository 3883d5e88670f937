// The ways to read side by side: what each gives and costs on the same seed and the same faults. One row a way: how many were
// answered, how fast, by how many messages, how many answers were already out of date; and how long each took, on one axis for all.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { duration, time } from '../format.ts';
import type { ReadMode, ReadTable, StaleRead, WayRow } from '../generated/engine.ts';
import { clamp, round } from '../geometry.ts';
import { howToRead } from '../messages.ts';
import type { Picture } from '../picture.ts';
import { hasReads, modeOf } from '../reads.ts';
import type { Action, State } from '../store.ts';
import { classes } from './pick.ts';

type Send = (action: Action) => void;

export { ReadsRunner } from '../reads-runner.ts';
export { default as css } from '../style/reads.css?inline';

/** What a row has, what that means, and how it is written. */
const COLUMNS: readonly (readonly [head: string, says: string, of: (way: WayRow) => string])[] = [
  ['answered', 'Which share of the reads was answered', ({ reads }) => share(reads.ok, reads.asked)],
  ['p50', 'Half of the answers took at most so long', ({ reads }) => latency(reads.p50Us)],
  ['p99', 'All but the slowest hundredth took at most so long', ({ reads }) => latency(reads.p99Us)],
  [
    'msgs',
    'How many messages a read costs, more than the same run without reads; known at the end',
    ({ messagesPerRead: n }) => (n === null ? '–' : n.toFixed(1)),
  ],
];

export function reads(picture: Picture, state: State, send: Send): TemplateResult {
  const { text, frame } = picture;
  if (!hasReads(text)) return none(frame.protocol === 'raft', frame.clients.length, send);
  const { table } = state.reads;
  if (table === null)
    return html`${progress(state.reads)}<p class="soft pad">Running it once for each way to read…</p>`;
  return html`${guard([state.reads, state.picked, text], () => compared(table, text, state, send))}`;
}

/** How far the runs have come; nothing once they are over. */
function progress({ table, running }: State['reads']): TemplateResult | typeof nothing {
  const done = table === null ? 0 : (100 * table.atUs) / Math.max(1, table.endUs);
  return running
    ? html`<progress max="100" value=${Math.round(done)} aria-label="How far the runs have come"></progress>`
    : nothing;
}

/** Nobody reads: then somebody shall, if there is anybody. */
function none(raft: boolean, clients: number, send: Send): TemplateResult {
  const line = `load C${clients} mixed 80% every 20ms`;
  return html`<div class="pad none"><p class="soft">${
    raft
      ? 'No client reads here. Reads can be answered in five ways, from fast and maybe out of date to certain; with reads in the scenario they are compared here.'
      : 'Two-phase commit reads in one way only: whichever server is asked answers from its own store.'
  }</p>
  ${
    raft && clients > 0
      ? html`<button type="button" class="button" @click=${() => send({ type: 'commandGiven', line })}>Let C${clients} read and write: <span class="mono">${line}</span></button>`
      : nothing
  }</div>`;
}

function compared(table: ReadTable, text: string, state: State, send: Send): TemplateResult {
  const axis = axisOf(table.ways);
  const { pointUs } = state.reads;
  const at = (us: number) => axis.x(us);
  const current = modeOf(text);
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    send({ type: 'latencyPointed', us: axis.us((event.clientX - box.left) / box.width) });
  };
  const leave = () => send({ type: 'latencyPointed', us: null });
  const row = (
    way: WayRow,
  ) => html`<div role="row" class=${classes('way', way.mode === current && 'current')}>
      <span role="rowheader"><button type="button" class="link" aria-pressed=${way.mode === current}
        title="${modeWords(way.mode)} Run this scenario so: set reads ${way.mode}"
        @click=${() => send({ type: 'readModeChosen', mode: way.mode, stale: null })}>${way.mode}</button></span>
      ${COLUMNS.map(([head, , of]) => html`<span role="cell" data-head=${head}>${of(way)}</span>`)}
      ${verdict(way, state, send)}
      <span role="cell" class="took" title=${tookWords(way)} @pointermove=${point} @pointerleave=${leave}><svg class="picture hills" viewBox="0 0 200 ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${hills(way, axis, pointUs)}</svg>${
        pointUs === null
          ? nothing
          : html`<span class="within ${at(pointUs) > 0.55 ? 'left' : ''}">${share(within(way, pointUs), way.reads.ok)}</span>`
      }</span>
    </div>
    ${way.mode === state.reads.listed ? list(way, state, send) : nothing}`;
  return html`${progress(state.reads)}<div class="ways scroll" tabindex="0" role="table" aria-label="Ways to read, side by side">
    <div role="row" class="heads">
      <span role="columnheader">reads</span>
      ${COLUMNS.map(([head, says]) => html`<span role="columnheader" title=${says}>${head}</span>`)}
      <span role="columnheader" class="verdict" title="Whether all that clients saw could come of a single copy of the data">verdict</span>
      <span role="columnheader" class="took" @pointermove=${point} @pointerleave=${leave}>${scale(table.ways, axis, state, send)}</span>
    </div>
    ${table.ways.map(row)}
    <p class="key">The hills show how many answers took how long: the thick line half of them, the thin one all but the slowest hundredth.
      Times are in ms. A way’s name runs this scenario so; <kbd>Z</kbd> brings back what was.</p>
  </div>`;
}

/** Whether all that clients saw could come of a single copy of the data; if reads were stale, a button that lists them. */
function verdict(way: WayRow, { reads: { listed } }: State, send: Send): TemplateResult {
  const { mode, linearizable, because, stale, cutShort, atUs } = way;
  const [look, mark, words] =
    way.reads.asked === 0
      ? ['', '', '–']
      : linearizable === 'yes'
        ? ['good', '✓', 'linearizable']
        : linearizable === 'no'
          ? ['bad', '✗', stale > 0 ? `${stale} stale` : 'not linearizable']
          : ['', '?', 'unknown'];
  const until = cutShort ? ` It was stopped at ${time(atUs)}: too much happens.` : '';
  const marked = html`<span aria-hidden="true">${mark}</span> ${words}${cutShort ? '…' : ''}`;
  return html`<span role="cell" class="verdict ${look}" title="${because ?? modeWords(mode)}${until}">${
    stale === 0
      ? marked
      : html`<button type="button" class="link bad" aria-expanded=${mode === listed} aria-label="${words}: list them"
          @click=${() => send({ type: 'staleReadsListed', mode })}>${marked}</button>`
  }</span>`;
}

/** The stale reads of a way, each of which can be looked at where it returned. */
function list(way: WayRow, { picked }: State, send: Send): TemplateResult {
  const { mode, stale, staleReads } = way;
  const one = (
    read: StaleRead,
  ) => html`<li><button type="button" class="stale-read" aria-pressed=${picked?.type === 'event' && picked.seq === read.invoked}
      @click=${() => send({ type: 'readModeChosen', mode, stale: read })}><span class="when">${time(read.atUs)}</span>
      <span>${read.client} get ${read.key} → ${read.value ?? 'nothing'}; ${read.missedText} was acknowledged ${duration(read.atUs - read.missedUs)} before</span></button></li>`;
  const more = stale - staleReads.length;
  return html`<div role="row" class="listed"><div role="cell"><ul aria-label="Stale reads, ${mode}">${staleReads.map(one)}
    ${more > 0 ? html`<li class="soft">and ${more} more</li>` : nothing}</ul></div></div>`;
}

/** Latencies from left to right, by their logarithm. Places are from 0 to 1. */
interface Axis {
  readonly from: number;
  readonly to: number;
  x(us: number): number;
  us(x: number): number;
}

/** The end of the class of times that begins here: there are eight to a doubling. */
const classEnd = (us: number): number => us + Math.max(1, 2 ** (Math.floor(Math.log2(Math.max(1, us))) - 3));

function axisOf(ways: readonly WayRow[]): Axis {
  const times = ways.flatMap(({ took }) => took.map(([us]) => us));
  const from = Math.max(1, (times.length > 0 ? Math.min(...times) : 1000) * 0.8);
  const to = Math.max(from * 10, ...times.map((us) => classEnd(us) * 1.1));
  const span = Math.log(to / from);
  return {
    from,
    to,
    x: (us) => clamp(Math.log(Math.max(us, 1) / from) / span, 0, 1),
    us: (x) => Math.round(from * Math.exp(clamp(x, 0, 1) * span)),
  };
}

const HEIGHT = 18;
/** Which part of the axis a label takes. */
const LABEL = 0.36;

/** How many took how long, as a hill; a line for half of them, a shorter one for all but the slowest hundredth. */
function hills({ took, reads }: WayRow, axis: Axis, pointUs: number | null): TemplateResult {
  const highest = Math.max(1, ...took.map(([, count]) => count));
  const x = (us: number) => round(axis.x(us) * 200);
  const hill = took.map(([us, count]) => {
    const [left, right] = [x(us), Math.max(x(classEnd(us)), x(us) + 0.8)];
    return `M${left} ${HEIGHT}V${round(HEIGHT - 2 - (count / highest) * (HEIGHT - 5))}H${right}V${HEIGHT}z`;
  });
  const line = (us: number | null, look: string, from: number) =>
    us === null ? nothing : svg`<path class=${look} d="M${x(us)} ${from}V${HEIGHT}" />`;
  return svg`<path class="base" d="M0 ${HEIGHT - 0.5}H200" /><path class="hill" d=${hill.join('')} />
    ${line(reads.p50Us, 'p50', 0)}${line(reads.p99Us, 'p99', 8)}${line(pointUs, 'point', 0)}`;
}

/** All of it as one picture, to be looked at elsewhere. One taken before the runs are over says how far they have come. */
export function readsPicture({ ways, atUs, endUs }: ReadTable): TemplateResult {
  const axis = axisOf(ways);
  const [pitch, top, left, wide] = [30, 34, 390, 400];
  /** Where the columns begin: the way, whatever there is to know of it, the verdict. */
  const columns = [14, 118, 190, 236, 284];
  const shown = COLUMNS.slice(0, columns.length - 2);
  const line = (y: number, words: readonly string[], look: string) =>
    words.map(
      (one, n) => svg`<text class=${n === 0 ? look : 'caption start'} x=${columns[n]} y=${y}>${one}</text>`,
    );
  const verdict = ({ stale, linearizable }: WayRow) =>
    stale > 0
      ? `✗ ${stale} stale`
      : ({ yes: '✓ linearizable', no: '✗ not linearizable' }[linearizable] ?? '? unknown');
  const row = (way: WayRow, i: number) => {
    const y = top + pitch * i;
    return svg`${line(y + 20, [way.mode, ...shown.map(([, , of]) => of(way)), verdict(way)], 'told start')}
      <g class="hills" transform="translate(${left} ${y}) scale(${wide / 200} ${(pitch - 6) / HEIGHT})">${hills(way, axis, null)}</g>`;
  };
  const marks = marksOf(axis).map(
    (us) =>
      svg`<text class="caption" x=${round(left + axis.x(us) * wide)} y=${top - 12}>${duration(us)}</text>`,
  );
  return svg`<svg class="picture" width=${left + wide + 16} height=${top + pitch * ways.length + 8}>
    ${line(top - 12, [atUs < endUs ? `to ${time(atUs)}` : 'reads', ...shown.map(([head]) => head), 'verdict'], 'caption start')}${marks}${ways.map(row)}</svg>`;
}

/** The axis. It is a slider: what share of the reads took at most so long. */
function scale(ways: readonly WayRow[], axis: Axis, state: State, send: Send): TemplateResult {
  const { pointUs } = state.reads;
  const to = (us: number | null) => send({ type: 'latencyPointed', us });
  const now = pointUs ?? ways.find(({ reads }) => reads.p50Us !== null)?.reads.p50Us ?? axis.from;
  const key = (event: KeyboardEvent) => {
    const step = {
      ArrowRight: 1.1,
      ArrowUp: 1.1,
      ArrowLeft: 1 / 1.1,
      ArrowDown: 1 / 1.1,
      PageUp: 2,
      PageDown: 0.5,
    }[event.key];
    if (event.key === 'Escape' || step === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // or the page's own keys would step as well
    to(axis.us(axis.x(now * step)));
  };
  const said = ways.map((way) => `${way.mode} ${share(within(way, now), way.reads.ok)}`).join(', ');
  return html`<span class="scale" role="slider" tabindex="0" aria-label="Answered within" aria-valuemin=${Math.round(axis.from)} aria-valuemax=${Math.round(axis.to)}
    aria-valuenow=${now} aria-valuetext="${latency(now)} ms: ${said}" title="How long answers took, in ms. Point or use the arrow keys: which share took at most so long"
    @keydown=${key} @focus=${() => to(now)} @blur=${() => to(null)}>${
      pointUs === null
        ? marksOf(axis).map((us) => place(axis.x(us), duration(us)))
        : place(axis.x(pointUs), `≤ ${latency(pointUs)} ms`)
    }</span>`;
}

/** Round times with air between their labels. */
function marksOf(axis: Axis): number[] {
  const marks: number[] = [];
  for (let power = 1; power < axis.to; power *= 10)
    for (const us of [power, 2 * power, 5 * power])
      if (
        us >= axis.from &&
        axis.x(us) - axis.x(marks.at(-1) ?? 0) >= (marks.length && LABEL) &&
        us <= axis.to
      )
        marks.push(us);
  return marks;
}

/** Words at a place of the axis; by property, for a page may forbid attributes of style. */
const place = (x: number, words: string): TemplateResult =>
  html`<span .style=${`--x:${round(x * 100)}`}>${words}</span>`;

/** How many of the answers took at most so long, as finely as the classes are. */
const within = ({ took }: WayRow, us: number): number =>
  took.reduce((sum, [shortest, count]) => (classEnd(shortest) - 1 <= us ? sum + count : sum), 0);

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === whole || part === 0 ? 0 : 1)} %`;

/** In ms. */
const latency = (us: number | null): string =>
  us === null ? '–' : us >= 99_950 ? String(Math.round(us / 1000)) : (us / 1000).toFixed(1);

const tookWords = ({ mode, reads }: WayRow): string =>
  reads.p50Us === null || reads.p99Us === null
    ? `${mode}: no read answered yet`
    : `${mode}: half of ${reads.ok} answers took at most ${duration(reads.p50Us)}, 99 of 100 at most ${duration(reads.p99Us)}`;

/** What a way promises. */
const modeWords = (mode: string): string =>
  mode === 'log'
    ? 'A read takes its place in the log like a write, and is answered once that is committed (§8).'
    : howToRead(mode as ReadMode);
