// What there is in the ring only once somebody is parted from others, or draws: walls, cut links, what heals them, lines of the hand.

import { svg, type TemplateResult } from 'lit-html';
import { more } from '../at-hand.ts';
import type { Frame } from '../generated/engine.ts';
import { onWay, round, type Way } from '../geometry.ts';
import type { Dispatch, Gesture, Name, Size } from './contract.ts';
import { classes, does } from './pick.ts';
import { HEAL, isParted, sideOf } from './ring.ts';
import { onRing, overlap, partsOf, type RingPlan } from './ring-plan.ts';

/** The walls between the sides of a split, and what gets nowhere where a link is cut. */
export const parted = (
  frame: Frame,
  plan: RingPlan,
  way: (link: { from: Name; to: Name }) => Way | null,
): TemplateResult => svg`${split(frame, plan)}${frame.cuts.map((cut) => cutMark(way(cut)))}`;

const split = (frame: Frame, plan: RingPlan): TemplateResult | undefined => {
  if (!frame.groups) return undefined;
  const sides = frame.servers.map(({ id }) => sideOf(id, frame));
  return svg`<path class="wall" d=${walls(sides, plan).join('')} />`;
};

/** One direction of a cut link: an arrow that gets nowhere. */
const cutMark = (way: Way | null): TemplateResult | undefined => {
  if (!way) return undefined;
  const { start, end } = way;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const { turn } = onWay(way, 0);
  const x = round(length * 0.36); // nearer to the sender: the marks of both directions, and of links that cross, stay apart
  return svg`<path class="cut-mark" transform="translate(${start.x} ${start.y}) rotate(${round(turn)})"
    d="M0 0H${x - 6}M${x - 12} -4.5L${x - 6} 0L${x - 12} 4.5M${x} -5L${x + 10} 5M${x} 5L${x + 10} -5" />`;
};

/**
 * The walls of a split. `sides[i]` is the side that server i is on; -1 reaches everybody. Each stretch of neighbours on the
 * same side is cut off by one curve through the ring, except those of the side that has most stretches: what the others'
 * walls leave is theirs.
 */
export const walls = (sides: readonly number[], plan: RingPlan): string[] => {
  const n = sides.length;
  const stretches = stretchesOf(sides);
  if (stretches.length < 2) return [];
  const weight = (side: number): number =>
    side < 0
      ? Infinity
      : stretches.filter((s) => s.side === side).length * 100 + sides.filter((s) => s === side).length;
  const open = [...new Set(sides)].reduce((best, side) => (weight(side) > weight(best) ? side : best));
  // As parts of the ring's own reach: how far out the walls begin, and how much room a server and its words need inside.
  const reach = Math.max(40, Math.min(plan.reach.x, plan.reach.y));
  const out = 1 + (plan.r + 12) / reach;
  const room = (plan.r + 12 + 12 * plan.lines) / reach;
  const half = Math.cos(Math.PI / n);
  // How far the control points reach: a wall passes half way between its servers and their neighbours, and behind all of them.
  const pullOf = (length: number): number => {
    const [inner, ends] = [Math.cos(((length - 1) * Math.PI) / n) - room, Math.cos((length * Math.PI) / n)];
    const through = ends > 0.2 ? Math.min(half, inner / ends) : half;
    return (through - 0.25 * out) / 0.75;
  };
  const at = (turn: number, reach: number): string => {
    const p = onRing(
      plan.centre,
      { x: plan.reach.x * reach, y: plan.reach.y * reach },
      turn,
      n,
      plan.corners,
    );
    return `${round(p.x)} ${round(p.y)}`;
  };
  return stretches
    .filter((stretch) => stretch.side !== open)
    .map(({ first, length }) => {
      const [a, b] = [(first - 0.5) / n, (first + length - 0.5) / n];
      const pull = pullOf(length);
      return `M${at(a, out)}C${at(a, pull)} ${at(b, pull)} ${at(b, out)}`;
    });
};

/** Neighbours on the ring that are on the same side, around the ring. */
const stretchesOf = (sides: readonly number[]): { side: number; first: number; length: number }[] => {
  const n = sides.length;
  const starts = sides.flatMap((side, i) => (side === sides[(i + n - 1) % n] ? [] : [i]));
  return starts.map((first, k) => {
    const next = starts[(k + 1) % starts.length] as number;
    return { side: sides[first] as number, first, length: (next - first + n) % n || n };
  });
};

/** What the hand draws; in words, what comes of it stands below the picture. */
export const drawGesture = (
  gesture: Gesture | null,
  frame: Frame,
  plan: RingPlan,
): TemplateResult | undefined => {
  if (gesture === null || gesture.type === 'timer') return undefined;
  const path =
    gesture.type === 'wire'
      ? `M${startOf(gesture.from, frame, plan)}L${round(gesture.at.x)} ${round(gesture.at.y)}`
      : `M${gesture.points.map((p) => `${round(p.x)} ${round(p.y)}`).join('L')}Z`;
  const line = more?.hands.commandOf(gesture, frame, plan);
  return svg`<path class=${classes('gesture', line && 'does')} d=${path} />`;
};

const startOf = (name: Name, frame: Frame, plan: RingPlan): string => {
  const server = plan.servers[frame.servers.findIndex(({ id }) => id === name)];
  const box = plan.clients[frame.clients.findIndex(({ id }) => id === name)];
  const at = server ?? (box && { x: box.x + box.width / 2, y: box.y + box.height / 2 }) ?? plan.centre;
  return `${round(at.x)} ${round(at.y)}`;
};

/** What ends splits and cuts, in the corner, if nobody stands there. */
export const heal = (frame: Frame, plan: RingPlan, { width, height }: Size, dispatch: Dispatch) => {
  const box = { x: width - HEAL.width, y: height - HEAL.height, ...HEAL };
  const taken = [...plan.clients, ...plan.servers.flatMap((p) => partsOf(p, plan))];
  if (!isParted(frame) || taken.some((one) => overlap(one, box))) return undefined;
  const act = does(dispatch, { type: 'gestureDone', line: 'heal' });
  return svg`<g class="heal" role="button" tabindex="0" aria-label="Heal the network" transform="translate(${box.x} ${box.y})" @click=${act} @keydown=${act}>
    <title>All reach all again (H)</title>
    <rect class="focus" width="52" height="24" rx="8" /><rect class="body" x="2" y="2" width="48" height="20" rx="6" /><text x="26" y="16">Heal</text>
  </g>`;
};
