// Where the parts of the ring stand. All lengths are CSS pixels.

import { type Box, clamp, once, type Point } from '../geometry.ts';
import type { Size } from './contract.ts';

/** How servers are drawn: how large, and with how many lines of words under them. */
export interface Look {
  /** A server's radius. */
  readonly r: number;
  readonly lines: 0 | 1 | 2;
}

export interface RingPlan extends Look {
  readonly centre: Point;
  /** Half the width and height of the ellipse that the servers stand on. */
  readonly reach: Point;
  /** How far from an ellipse, 2, towards its rectangle. */
  readonly corners: number;
  readonly servers: readonly Point[];
  readonly clients: readonly Box[];
  /** The line of text under the picture; `null` where there is no room for it. */
  readonly caption: Point | null;
}

const CAPTION = 22;
const MARGIN = 8;
const ROW_GAP = 4;

/** More servers than this use what room there is rather than stand as round as they could. */
const MANY = 6;

/** From the finest look to the smallest. Words go before circles get too small to hold their name. */
const LOOKS: readonly Look[] = [...sizes(44, 26, 2), ...sizes(27, 14, 1), ...sizes(20, 9, 0)];

function sizes(largest: number, smallest: number, lines: Look['lines']): Look[] {
  return Array.from({ length: largest - smallest + 1 }, (_, i) => ({ r: largest - i, lines }));
}

/** The servers on an ellipse, S1 at the top and on clockwise, the clients outside of it; as large as fits without overlaps. */
export const planRing = (servers: number, clients: number, size: Size): RingPlan => {
  // Finding it takes a millisecond, and a running picture asks for the same one with every frame.
  const key = `${servers} ${clients} ${size.width} ${size.height}`;
  if (key !== last?.key) last = { key, plan: findRing(servers, clients, size) };
  return last.plan;
};

let last: { readonly key: string; readonly plan: RingPlan } | undefined;

const findRing = (servers: number, clients: number, size: Size): RingPlan => {
  const places = placeClients(clients, size.width, captionOf(size) ? size.height - CAPTION : size.height);
  for (const look of LOOKS) {
    const crowded = servers > MANY && look.r < 18;
    for (const chips of crowded && look.lines === 0 ? places : places.slice(0, 1))
      for (const corners of crowded ? [2, 3, 5] : [2]) {
        const plan = ringOf(servers, chips, size, look, corners);
        if (plan) return plan;
      }
  }
  // Too small a picture for its cluster: whatever overlaps.
  return ringOf(servers, places[0] as ClientPlan, size, LOOKS.at(-1) as Look, 2, true) as RingPlan;
};

const captionOf = ({ width, height }: Size): Point | null =>
  height < 180 ? null : { x: width / 2, y: height - 8 };

/** The ring in this look; nothing if it does not fit, unless it `must`. */
const ringOf = (
  servers: number,
  chips: ClientPlan,
  size: Size,
  look: Look,
  corners: number,
  must = false,
): RingPlan | undefined => {
  const { left, right, top, bottom } = chips.inside;
  const { above, below, beside } = around(look);
  const indices = Array.from({ length: servers }, (_, i) => i / servers);
  // Few servers shall not stand far apart.
  const far = servers > 4 ? Infinity : look.r * (1.2 + 0.62 * servers);
  // The rounder the better, but in a low picture width is all there is.
  for (const flat of size.height < 200 ? [3.2, 2.6, 1.9, 1.4] : [1.4, 1.6, 1.9, 2.4, 3]) {
    const unit = indices.map((turn) => onRing({ x: 0, y: 0 }, { x: flat, y: 1 }, turn, servers, corners));
    // An odd ring does not reach as far down as up: it is the servers that shall fill the room, not the ellipse.
    const wide = Math.max(0.5, ...unit.map((p) => p.x / flat));
    const [high, low] = [Math.max(0, ...unit.map((p) => -p.y)), Math.max(0, ...unit.map((p) => p.y))];
    const room = {
      x: ((right - left) / 2 - look.r - beside) / wide,
      y: (bottom - top - 2 * look.r - above - below) / Math.max(1, high + low),
    };
    if (!must && (room.x < 0 || room.y < 0)) return undefined;
    const widest = clamp(Math.min(room.x, room.y * flat, far * 1.15), 0, size.width);
    const tallest = clamp(Math.min(room.y, room.x * 1.4, far), 0, size.height);
    for (let shrink = 1; shrink > 0.6; shrink -= 0.05) {
      const reach = servers === 1 ? { x: 0, y: 0 } : { x: widest * shrink, y: tallest * shrink };
      const middle = (top + above + bottom - below) / 2 + (reach.y * (high - low)) / 2;
      const centre = { x: (left + right) / 2, y: middle };
      const points = indices.map((turn) => onRing(centre, reach, turn, servers, corners));
      if (!must && !isAiry(points, look)) break; // nor will they be when closer together
      const half = look.r + beside;
      if (!must && points.some((p) => p.x - half < left || p.x + half > right)) continue;
      const hidden = points
        .flatMap((p) => partsOf(p, look))
        .some((part) => chips.boxes.some((box) => overlap(part, box)));
      if (must || !hidden)
        return {
          ...look,
          centre,
          reach,
          corners,
          servers: points,
          clients: chips.boxes,
          caption: captionOf(size),
        };
    }
  }
  return undefined;
};

/** A point of the ring; `turn` 0 is the top, and equal turns are equally long ways. Two servers stand side by side. */
export const onRing = (centre: Point, reach: Point, turn: number, servers: number, corners = 2): Point => {
  const angle = angleOf(turn - (servers === 2 ? 0.25 : 0), reach.x / (reach.y || 1), corners);
  const { x, y } = unitOf(angle, corners);
  return { x: centre.x + reach.x * x, y: centre.y + reach.y * y };
};

/** The point at this angle from the top, where the ring reaches 1 to all sides. */
const unitOf = (angle: number, corners: number): Point => {
  const [x, y] = [Math.sin(angle), -Math.cos(angle)];
  const out = (Math.abs(x) ** corners + Math.abs(y) ** corners) ** (-1 / corners);
  return { x: x * out, y: y * out };
};

const STEPS = 180;

/** The angle from the top, in a ring so many times as wide as high, after this part of the way around. */
const angleOf = (turn: number, flat: number, corners: number): number => {
  const ways = waysOf(Math.round(flat * 50), corners);
  const whole = ways[STEPS] as number;
  const way = (turn - Math.floor(turn)) * whole;
  const after = ways.findIndex((w) => w >= way);
  const [from, to] = [ways[after - 1] ?? 0, ways[after] as number];
  const step = after - 1 + (to > from ? (way - from) / (to - from) : 1);
  return (Math.max(0, step) / STEPS + Math.floor(turn)) * 2 * Math.PI;
};

/** How long the way around is to each of so many angles. */
const waysOf = once((flat50, corners): readonly number[] => {
  const points = Array.from({ length: STEPS + 1 }, (_, i) => unitOf((i / STEPS) * 2 * Math.PI, corners));
  let way = 0;
  return points.map(({ x, y }, i) => {
    const before = points[i - 1];
    if (before) way += Math.hypot(((x - before.x) * flat50) / 50, y - before.y);
    return way;
  });
});

/** What a server needs outside its circle: rings around it, vote pips or a crown above, words below. */
const around = ({ lines }: Look): { above: number; below: number; beside: number } =>
  [
    { above: 16, below: 8, beside: 8 },
    { above: 17, below: 23, beside: 8 },
    { above: 21, below: 40, beside: 11 },
  ][lines] as { above: number; below: number; beside: number };

/** The boxes that a server fills: its circle with what is around it, and its words. */
export const partsOf = (p: Point, look: Look): Box[] => {
  const { above, below, beside } = around(look);
  const { r, lines } = look;
  const circle = {
    x: p.x - r - beside,
    y: p.y - r - above,
    width: 2 * (r + beside),
    height: 2 * r + above + 8,
  };
  const half = lines === 1 ? 30 : 42;
  const words = { x: p.x - half, y: p.y + r + 8, width: 2 * half, height: below - 8 };
  return lines === 0 ? [circle] : [circle, words];
};

/** Whether all servers keep clear of each other and, where there is room for that, leave air for the links between them. */
const isAiry = (points: readonly Point[], look: Look): boolean =>
  points.every((a, i) =>
    points.slice(i + 1).every((b) => {
      const air = look.r > 20 ? look.r * (points.length > 6 ? 2.9 : 3.5) : 0;
      if (Math.hypot(a.x - b.x, a.y - b.y) < air) return false;
      return !partsOf(a, look).some((part) => partsOf(b, look).some((other) => overlap(part, other)));
    }),
  );

export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

interface ClientPlan {
  readonly boxes: readonly Box[];
  /** What they leave to the servers. */
  readonly inside: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** Up to four clients stand in the corners, or in a row above many servers; more in two columns where the picture is wide, else in rows at the bottom. */
const placeClients = (count: number, width: number, height: number): readonly ClientPlan[] => {
  const few = count <= 4; // then each has two lines, if the picture is not low
  const chip = {
    width: clamp(width * (few ? 0.3 : 0.21), few ? 92 : 100, 124),
    height: few && height > 250 ? 36 : 22,
  };
  const [right, low] = [width - MARGIN - chip.width, height - chip.height];
  const inside = { left: MARGIN, right: width - MARGIN, top: MARGIN, bottom: height };
  if (few) {
    const corners = [
      { x: MARGIN, y: MARGIN },
      { x: right, y: MARGIN }, // an odd ring is narrow at the top
      { x: right, y: low },
      { x: MARGIN, y: low },
    ];
    const step = Math.min(chip.width + MARGIN, (width - MARGIN) / Math.max(1, count));
    const row = corners.map((_, i) => ({
      x: MARGIN + i * step,
      y: MARGIN,
      width: step - MARGIN,
      height: 22,
    }));
    return [
      { boxes: corners.slice(0, count).map((corner) => ({ ...corner, ...chip })), inside },
      { boxes: row.slice(0, count), inside: { ...inside, top: MARGIN + 22 } },
    ];
  }
  if (width > height * 1.25) {
    const half = Math.ceil(count / 2);
    const columns = (wide: number): ClientPlan => {
      const box = (i: number): Box => {
        const [row, rows] = i < half ? [i, half] : [i - half, count - half];
        return {
          x: i < half ? MARGIN : width - MARGIN - wide,
          y: MARGIN + ((row + 0.5) / rows) * (height - MARGIN) - chip.height / 2,
          width: wide,
          height: chip.height,
        };
      };
      const [left, right] = [2 * MARGIN + wide, width - 2 * MARGIN - wide];
      return { boxes: Array.from({ length: count }, (_, i) => box(i)), inside: { ...inside, left, right } };
    };
    return [columns(chip.width), columns(68)];
  }
  const rows = Math.ceil(count / 3);
  const top = height - rows * (chip.height + ROW_GAP);
  const column = (width - 2 * MARGIN) / 3;
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: MARGIN + (i % 3) * column + (column - chip.width) / 2,
    y: top + Math.floor(i / 3) * (chip.height + ROW_GAP),
    ...chip,
  }));
  return [{ boxes, inside: { ...inside, bottom: top } }];
};
