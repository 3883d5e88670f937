// All messages on their way, as few shapes as there are looks: while time runs, a browser spends its time on the number of shapes,
// and nobody reaches a message with the keyboard. A click finds the nearest one. While time stands still each is a button of its
// own (ring-message.ts), and looks the same.

import { svg, type TemplateResult } from 'lit-html';
import type { MessageFrame } from '../generated/engine.ts';
import { onWay, type Point, round, type Way } from '../geometry.ts';
import { messageHue } from './contract.ts';
import { glyphOf, signsAt } from './ring-glyphs.ts';
import { HELD_MARK, howFar } from './ring-message.ts';

/** A message and where it is now. */
interface Placed extends Point {
  readonly message: MessageFrame;
}

interface Look {
  tails: string;
  solid: string;
  outlined: string;
  signs: string;
  noes: string;
  /** Signs on solid shapes. */
  onSolid: string;
}

export interface Crowd {
  readonly drawn: TemplateResult;
  /** The message under a point, if there is one within a finger's reach. */
  readonly under: (x: number, y: number) => MessageFrame | undefined;
}

const REACH = 13;

export const crowd = (
  messages: readonly MessageFrame[],
  wayOf: (message: MessageFrame) => Way | undefined,
  atUs: number,
): Crowd => {
  const looks = new Map<string, Look>();
  const placed: Placed[] = [];
  let held = '';
  for (const message of messages) {
    const way = wayOf(message);
    if (!way) continue;
    const at = onWay(way, howFar(message, atUs));
    const name = messageHue(message);
    const look = looks.get(name) ?? { tails: '', solid: '', outlined: '', signs: '', noes: '', onSolid: '' };
    looks.set(name, look);
    const [x, y] = [round(at.x), round(at.y)];
    const gone = Math.hypot(x - way.start.x, y - way.start.y);
    const [long, half] = message.heartbeat ? [16, 2] : [26, 3.2];
    look.tails += tail(x, y, at.turn, Math.min(gone, long), half);
    const glyph = glyphOf(message);
    look[glyph.solid ? 'solid' : 'outlined'] += `M${x} ${y}${glyph.body}`;
    look[glyph.solid ? 'onSolid' : message.success === false ? 'noes' : 'signs'] += signsAt(glyph, x, y);
    if (message.heldUs !== null) held += `M${x} ${y}${HELD_MARK}`;
    placed.push({ message, x, y });
  }
  const drawn = svg`<g aria-hidden="true">${[...looks].map(
    ([name, look]) => svg`<g class="message crowd ${name}"><path class="tail" d=${look.tails} />
      <path class="glyph" d=${look.solid} /><path class="glyph answer" d=${look.outlined} />
      <path class="sign" d=${look.signs} /><path class="sign no" d=${look.noes} /><path class="sign on-solid" d=${look.onSolid} /></g>`,
  )}${held && svg`<path class="held-mark" d=${held} />`}</g>`;
  return { drawn, under: (x, y) => nearest(placed, x, y) };
};

const nearest = (placed: readonly Placed[], x: number, y: number): MessageFrame | undefined => {
  let [best, near]: [MessageFrame | undefined, number] = [undefined, REACH];
  for (const one of placed) {
    const far = Math.hypot(one.x - x, one.y - y);
    if (far < near) [best, near] = [one.message, far];
  }
  return best;
};

/** From the message back to where it comes from, getting thinner. */
const tail = (x: number, y: number, turn: number, long: number, half: number): string => {
  const angle = (turn * Math.PI) / 180;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  return `M${round(x + uy * half)} ${round(y - ux * half)}L${round(x - ux * long)} ${round(y - uy * long)}L${round(x - uy * half)} ${round(y + ux * half)}Z`;
};
