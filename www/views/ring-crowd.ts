// All messages on their way, as few shapes as there are looks: while time runs, a browser spends its time on the number of shapes,
// and nobody reaches a message with the keyboard. A click finds the nearest one. While time stands still each is a button of its
// own (ring-message.ts), and looks the same.

import { svg, type TemplateResult } from 'lit-html';
import { onWay, round } from '../geometry.ts';
import { messageHue } from './contract.ts';
import { type Arrow, arrowAt, arrowCount } from './ladder-arrows.ts';
import { type Glyph, glyphOf, signsAt } from './ring-glyphs.ts';
import { HELD_MARK, howFar, KIND_NAMES } from './ring-message.ts';
import type { RingPlan } from './ring-plan.ts';
import { wayOf } from './ring-ways.ts';

/** What is drawn of messages of one colour: tails, solid and outlined shapes, and signs, also refusals' and those on solid shapes. */
const PARTS = ['tail', 'glyph', 'glyph answer', 'sign', 'sign no', 'sign on-solid'] as const;

const REACH = 13;

/** `flights` as `Session.flights` tells them. */
export const crowd = (flights: Float64Array, plan: RingPlan, atUs: number): TemplateResult => {
  const looks = new Map<string, string[]>();
  let held = '';
  place(flights, plan, atUs, (flight, x, y, turn, gone) => {
    const { glyph, hue } = lookOf(flight);
    const d = looks.get(hue) ?? PARTS.map(() => '');
    looks.set(hue, d);
    const [long, half] = isHeartbeat(flight) ? [16, 2] : [26, 3.2];
    d[0] += tail(x, y, turn, Math.min(gone, long), half);
    d[glyph.solid ? 1 : 2] += `M${x} ${y}${glyph.body}`;
    if (glyph.signs.length > 0) d[glyph.solid ? 5 : flight.refused ? 4 : 3] += signsAt(glyph, x, y);
    if (flight.fate >= 0) held += `M${x} ${y}${HELD_MARK}`;
  });
  return svg`<g aria-hidden="true">${[...looks].map(
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

/** Tells of every message where it is, whither it goes (in radians) and how far it has come. */
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
    tell(flight, x, y, (at.turn * Math.PI) / 180, Math.hypot(x - way.start.x, y - way.start.y));
  }
};

const isHeartbeat = ({ kind, entries }: Arrow): boolean =>
  KIND_NAMES[kind] === 'AppendEntries' && entries === 0;

/** There are few, and thousands of messages. */
const known = new Map<number, { readonly glyph: Glyph; readonly hue: string }>();

const lookOf = (flight: Arrow): { readonly glyph: Glyph; readonly hue: string } => {
  const { entries, refused, term } = flight;
  const key = ((term * 200 + Math.min(entries, 100)) * 2 + (refused ? 1 : 0)) * 100 + flight.kind;
  const drawn = known.get(key);
  if (drawn) return drawn;
  const kind = KIND_NAMES[flight.kind] as (typeof KIND_NAMES)[number];
  const look = {
    glyph: glyphOf({ kind, heartbeat: isHeartbeat(flight), entries, success: !refused }),
    hue: messageHue({ kind, term: term || null }),
  };
  known.set(key, look);
  return look;
};

/** From the message back to where it comes from, getting thinner. */
const tail = (x: number, y: number, turn: number, long: number, half: number): string => {
  const [ux, uy] = [Math.cos(turn), Math.sin(turn)];
  return `M${round(x + uy * half)} ${round(y - ux * half)}L${round(x - ux * long)} ${round(y - uy * long)}L${round(x - uy * half)} ${round(y + ux * half)}Z`;
};
