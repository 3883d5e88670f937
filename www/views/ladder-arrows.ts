// Messages as arrows from sending to arrival. All arrows of one look are one path: a window may hold a thousand, and a browser
// spends its time on the number of shapes.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { type LadderPlan, once, pixelsPerUs, round } from '../geometry.ts';
import { type Arrow, arrowAt, arrowCount, HELD, LEAST, seesArrows } from './arrows.ts';
import { type LadderData, TWO_PHASE, term } from './contract.ts';
import { classes, inOrder } from './pick.ts';

const LOST = 2;
const LOST_AT_THE_END = 3;
const IN_FLIGHT = 0;
/** As many arrows as a browser draws at ease. */
const MOST = 1500;

const APPEND = 2;
const APPEND_REPLY = 3;
const REQUEST = 4;
const PREPARE = 13;

/** Heartbeats and the answers to them, as far as one can see: what there is most of and says least. */
const isRoutine = (a: Arrow): boolean =>
  (a.kind === APPEND && a.entries === 0) || (a.kind === APPEND_REPLY && !a.refused);

const TOO_WIDE = 'zoom in to see messages';

/** The arrows worth drawing: all, or without the routine, or none; and what to do to see the others. */
export const shownArrows = (
  rows: Float64Array,
  plan: LadderPlan,
): { readonly arrows: readonly Arrow[]; readonly hint: string | null } => {
  const all = Array.from({ length: arrowCount(rows) }, (_, i) => arrowAt(rows, i));
  const flights = all.reduce((sum, arrow) => sum + arrow.endUs - arrow.sentUs, 0);
  const wide = (flights / Math.max(1, all.length)) * pixelsPerUs(plan.scale);
  if (all.length === 0 || (all.length <= MOST && wide >= LEAST.routine)) return { arrows: all, hint: null };
  const telling = all.filter((arrow) => !isRoutine(arrow));
  if (telling.length > MOST || wide < LEAST.any) return { arrows: [], hint: TOO_WIDE };
  return { arrows: telling, hint: telling.length < all.length ? 'zoom in to see heartbeats' : null };
};

/** The two ends of an arrow in pixels; one that was lost, or is still on its way, ends where it has come to. */
export const endsOf = (a: Arrow, plan: LadderPlan, knownUs: number): [number, number, number, number] => {
  const { scale, lanes } = plan;
  const perUs = pixelsPerUs(scale);
  const x = (us: number): number => scale.left + (us - scale.fromUs) * perUs;
  const [y1, y2] = [lanes[a.from] ?? 0, lanes[a.to] ?? 0];
  if (a.fate === LOST) return [x(a.sentUs), y1, x(a.endUs), (y1 + y2) / 2];
  // Half of a held message’s way, whenever it was held: what counts is that it does not get there.
  if (a.fate === HELD) return [x(a.sentUs), y1, x((a.sentUs + a.endUs) / 2), (y1 + y2) / 2];
  if (a.fate !== IN_FLIGHT) return [x(a.sentUs), y1, x(a.endUs), y2];
  const done = Math.min(1, (knownUs - a.sentUs) / Math.max(1, a.endUs - a.sentUs));
  return [x(a.sentUs), y1, x(a.sentUs + (a.endUs - a.sentUs) * done), y1 + (y2 - y1) * done];
};

interface Strokes {
  lines: string;
  heads: string;
}

export const drawArrows = ({ arrows: rows, frame }: LadderData, plan: LadderPlan): TemplateResult => {
  const shown = shownArrows(rows, plan);
  const { left, right } = plan.scale;
  const { arrows } = shown;
  const hint = seesArrows(plan.scale, right - left, frame.settings) ? shown.hint : TOO_WIDE;
  const looks = new Map<string, Strokes>();
  let [crosses, bars] = ['', ''];
  for (const arrow of arrows) {
    const ends = endsOf(arrow, plan, frame.endUs);
    const look = lookOf(
      arrow.term,
      arrow.kind,
      (isRoutine(arrow) ? ROUTINE : 0) + (arrow.refused ? NO : 0) + (isLost(arrow) ? GONE : 0),
    );
    const strokes = looks.get(look) ?? { lines: '', heads: '' };
    looks.set(look, strokes);
    strokes.lines += line(ends);
    if (isLost(arrow)) crosses += cross(ends[2], ends[3]);
    else if (arrow.fate === HELD) bars += bar(ends[2], ends[3]);
    else if (arrow.fate !== IN_FLIGHT) strokes.heads += head(ends);
  }
  return svg`<g clip-path="url(#ladder-window)">
      ${inOrder(looks).map(([look, { lines, heads }]) => svg`<path class="arrow ${look}" d=${lines} /><path class="arrow-head ${look}" d=${heads} />`)}
      <path class="lost-mark" d=${crosses} />${bars === '' ? nothing : svg`<path class="held-mark" d=${bars} />`}
    </g>
    ${hint === null ? nothing : svg`<text class="caption zoom-hint" x=${plan.scale.left} y=${plan.bottom + 16}>${hint}</text>`}`;
};

const isLost = ({ fate }: Arrow): boolean => fate === LOST || fate === LOST_AT_THE_END;

const [ROUTINE, NO, GONE] = [1, 2, 4];

/** The classes of an arrow: its term's colour, faint or strong, whole or dashed. */
const lookOf = once((of: number, kind: number, marks: number): string =>
  classes(
    kind >= PREPARE ? term(TWO_PHASE) : kind >= REQUEST && of === 0 ? 'of-client' : term(of),
    marks & ROUTINE ? 'faint' : 'strong',
    kind % 2 === 1 ? 'answer' : 'ask',
    (marks & NO) > 0 && 'refused',
    (marks & GONE) > 0 && 'lost',
  ),
);

export const line = ([x1, y1, x2, y2]: readonly number[]): string =>
  `M${round(x1 as number)} ${round(y1 as number)}L${round(x2 as number)} ${round(y2 as number)}`;

/** A head with its tip just before the lane. */
export const head = ([x1, y1, x2, y2]: readonly [number, number, number, number], size = 6): string =>
  `M${round(x2)} ${round(y2)}${headOf(Math.round((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI), size)}`;

/** Writing numbers takes longer than all else about an arrow, so a head is made once for each direction. */
const headOf = once((degrees: number, size: number): string => {
  const [ux, uy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [bx, by, wide] = [ux * size, uy * size, size * 0.42];
  return `m${round(-ux * 1.5)} ${round(-uy * 1.5)}l${round(-bx - uy * wide)} ${round(-by + ux * wide)}l${round(2 * uy * wide)} ${round(-2 * ux * wide)}z`;
});

const cross = (x: number, y: number): string => {
  const [l, r, t, b] = [round(x - 3.5), round(x + 3.5), round(y - 3.5), round(y + 3.5)];
  return `M${l} ${t}L${r} ${b}M${r} ${t}L${l} ${b}`;
};

const bar = (x: number, y: number): string => `M${round(x)} ${round(y - 5)}V${round(y + 5)}`;
