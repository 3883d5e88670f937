// All messages on their way, as few shapes as there are looks: while time runs, a browser spends its time on the number of shapes,
// and nobody reaches a message with the keyboard. A click finds the nearest one. While time stands still each is a button of its
// own (ring-message.ts), and looks the same.

import { svg, type TemplateResult } from 'lit-html';
import { once, onWay, round } from '../geometry.ts';
import { type Arrow, arrowAt, arrowCount } from './arrows.ts';
import { messageHue } from './contract.ts';
import { inOrder } from './pick.ts';
import { BEHIND, glyphOf, HELD_MARK, signsAt } from './ring-glyphs.ts';
import { howFar, KIND_NAMES } from './ring-message.ts';
import type { RingPlan } from './ring-plan.ts';
import { wayOf } from './ring-ways.ts';

/** What is drawn of messages of one colour: tails, what looks out behind copies, solid and outlined shapes, and signs, also refusals' and
 * those on solid shapes. */
const PARTS = ['tail', 'glyph answer', 'glyph', 'glyph answer', 'sign', 'sign no', 'sign on-solid'] as const;

const REACH = 13;

/** `flights` as `Session.flights` tells them. */
export const crowd = (flights: Float64Array, plan: RingPlan, atUs: number): TemplateResult => {
  const looks = new Map<string, string[]>();
  let held = '';
  place(flights, plan, atUs, (flight, x, y, turn, gone) => {
    const { fate, kind, refused, entries, term } = flight;
    const { glyph, hue, long, half } = lookOf(term, kind, Math.min(entries, 100), refused ? 1 : 0);
    const d = looks.get(hue) ?? PARTS.map(() => '');
    looks.set(hue, d);
    const at = `M${x} ${y}`;
    d[0] += at + tail(Math.round(turn), Math.round(Math.min(gone, long)), half);
    if (flight.copy) d[1] += at + BEHIND + glyph.body;
    d[glyph.solid ? 2 : 3] += at + glyph.body;
    if (glyph.signs.length > 0) d[glyph.solid ? 6 : refused ? 5 : 4] += signsAt(glyph, x, y);
    if (fate >= 0) held += at + HELD_MARK;
  });
  return svg`<g aria-hidden="true">${inOrder(looks).map(
    ([hue, d]) =>
      svg`<g class="message crowd ${hue}">${d.map((path, i) => svg`<path class=${PARTS[i] as string} d=${path} />`)}</g>`,
  )}${held && svg`<path class="held-mark" d=${held} />`}</g>`;
};

/** The message under a point, if there is one within a finger's reach. */
export const flightUnder = (
  flights: Float64Array,
  plan: RingPlan,
  atUs: number,
  at: { readonly x: number; readonly y: number },
): Arrow | undefined => {
  let [best, near]: [Arrow | undefined, number] = [undefined, REACH];
  place(flights, plan, atUs, (flight, x, y) => {
    const far = Math.hypot(x - at.x, y - at.y);
    if (far < near) [best, near] = [flight, far];
  });
  return best;
};

/** Tells of every message where it is, whither it goes (in degrees) and how far it has come. */
const place = (
  flights: Float64Array,
  plan: RingPlan,
  atUs: number,
  tell: (flight: Arrow, x: number, y: number, turn: number, gone: number) => void,
): void => {
  for (let i = 0; i < arrowCount(flights); i += 1) {
    const flight = arrowAt(flights, i);
    const way = wayOf(plan, flight.from, flight.to);
    if (!way) continue;
    const { sentUs, endUs, fate } = flight;
    const at = onWay(way, howFar({ sentUs, arrivesUs: endUs, heldUs: fate < 0 ? null : fate }, atUs));
    const [x, y] = [round(at.x), round(at.y)];
    tell(flight, x, y, at.turn, Math.hypot(x - way.start.x, y - way.start.y));
  }
};

/** How a message looks; of a tail, how long it is and half of its width in tenths of a pixel. */
const lookOf = once((term: number, number: number, entries: number, refused: number) => {
  const kind = KIND_NAMES[number] as (typeof KIND_NAMES)[number];
  const heartbeat = kind === 'AppendEntries' && entries === 0;
  return {
    glyph: glyphOf({ kind, heartbeat, entries, success: refused === 0 }),
    hue: messageHue({ kind, term: term || null }),
    ...(heartbeat ? { long: 16, half: 20 } : { long: 26, half: 32 }),
  };
});

/** From a message back to where it comes from, getting thinner. */
const tail = once((degrees: number, long: number, half: number): string => {
  const [x, y] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [bx, by, sx, sy] = [x * long, y * long, (x * half) / 10, (y * half) / 10];
  return `m${round(sy)} ${round(-sx)}l${round(-bx - sy)} ${round(-by + sx)}l${round(bx - sy)} ${round(by + sx)}z`;
});
