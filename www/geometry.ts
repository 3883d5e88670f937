// Numbers only: where things stand in the pictures. All lengths are CSS pixels, all times µs.

import type { Size } from './views/contract.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** One decimal is finer than anyone can see, and keeps what is written into the document short. */
export const round = (n: number): number => Math.round(n * 10) / 10;

export const clamp = (n: number, low: number, high: number): number => Math.min(high, Math.max(low, n));

/** Between two points, 0 at `a` and 1 at `b`. */
export const between = (a: Point, b: Point, fraction: number): Point => ({
  x: a.x + (b.x - a.x) * fraction,
  y: a.y + (b.y - a.y) * fraction,
});

/** The way from `a` to `b` without its first `start` and last `end` pixels, moved `aside` to the right of the direction of travel. */
export const shorten = (a: Point, b: Point, start: number, end: number, aside = 0): [Point, Point] => {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const at = (along: number): Point => ({
    x: round(a.x + ux * along - uy * aside),
    y: round(a.y + uy * along + ux * aside),
  });
  return [at(start), at(length - end)];
};

/** A circle around a centre, open at the top by what is missing from `fraction`, drawn clockwise from the top. */
export const arc = (r: number, fraction: number): string => {
  if (fraction <= 0) return '';
  if (fraction >= 1) return `M0 ${-r}A${r} ${r} 0 1 1 0 ${r}A${r} ${r} 0 1 1 0 ${-r}`;
  const angle = fraction * 2 * Math.PI;
  const [x, y] = [round(r * Math.sin(angle)), round(-r * Math.cos(angle))];
  return `M0 ${-r}A${r} ${r} 0 ${fraction > 0.5 ? 1 : 0} 1 ${x} ${y}`;
};

/** Where the ring stands. */
export interface RingPlan {
  readonly centre: Point;
  /** Half the width and height of the ellipse that the servers stand on. */
  readonly reach: Point;
  /** A server's radius. */
  readonly r: number;
  readonly servers: readonly Point[];
  readonly clients: readonly Box[];
  /** The line of text under the picture. */
  readonly caption: Point;
}

/** Servers this small are labelled with one line of one word or two. */
export const COMPACT = 26;
const CAPTION = 22;
const MARGIN = 8;
const ROW_GAP = 4;
const LARGEST = 44;
const SMALLEST = 12;

/** The servers on an ellipse, S1 at the top and on clockwise, the clients outside of it; as large as fits without overlaps. */
export const planRing = (servers: number, clients: number, size: Size): RingPlan => {
  const chips = placeClients(clients, size.width, size.height - CAPTION);
  for (let r = LARGEST; r > SMALLEST; r -= 1) {
    const plan = ringOf(servers, chips, size, r);
    if (plan) return plan;
  }
  return ringOf(servers, chips, size, SMALLEST, true) as RingPlan;
};

/** The ring with servers of radius `r`; nothing if they do not fit, unless they `must`. */
const ringOf = (
  servers: number,
  chips: ClientPlan,
  size: Size,
  r: number,
  must = false,
): RingPlan | undefined => {
  const { left, right, top, bottom } = chips.inside;
  const { above, below, beside } = around(r);
  const room = { x: (right - left) / 2 - r - beside, y: (bottom - top - 2 * r - above - below) / 2 };
  if (!must && (room.x < 0 || room.y < 0)) return undefined;
  const centre = { x: (left + right) / 2, y: top + above + r + room.y };
  const caption = { x: size.width / 2, y: size.height - 8 };
  // A flat ellipse still reads as a ring, a line does not; and few servers shall not stand far apart.
  const far = servers > 4 ? Infinity : r * (1.2 + 0.62 * servers);
  const widest = clamp(Math.min(room.x, room.y * 1.75, far * 1.15), 0, size.width);
  const tallest = clamp(Math.min(room.y, room.x * 1.4, far), 0, size.height);
  for (let shrink = 1; shrink > 0.6; shrink -= 0.05) {
    const reach = servers === 1 ? { x: 0, y: 0 } : { x: widest * shrink, y: tallest * shrink };
    const points = Array.from({ length: servers }, (_, i) => onRing(centre, reach, i / servers, servers));
    const plan = { centre, reach, r, servers: points, clients: chips.boxes, caption };
    if (must) return plan;
    if (!isAiry(points, r)) return undefined; // nor will they be when closer together
    if (!points.some((p) => partsOf(p, r).some((part) => chips.boxes.some((box) => overlap(part, box)))))
      return plan;
  }
  return undefined;
};

/** A point of the ellipse; `turn` 0 is the top. Two servers stand side by side. */
const onRing = (centre: Point, reach: Point, turn: number, servers: number): Point => {
  const angle = (turn - (servers === 2 ? 0.5 : 0.25)) * 2 * Math.PI;
  return { x: centre.x + reach.x * Math.cos(angle), y: centre.y + reach.y * Math.sin(angle) };
};

/** What a server needs outside its circle: rings around it, vote pips or a crown above, a label below. */
const around = (r: number): { above: number; below: number; beside: number } =>
  r < COMPACT ? { above: 17, below: 23, beside: 8 } : { above: 21, below: 40, beside: 11 };

/** The two boxes that a server fills: its circle with what is around it, and its label. */
export const partsOf = (p: Point, r: number): [Box, Box] => {
  const { above, below, beside } = around(r);
  const half = r < COMPACT ? 30 : 42;
  return [
    { x: p.x - r - beside, y: p.y - r - above, width: 2 * (r + beside), height: 2 * r + above + 8 },
    { x: p.x - half, y: p.y + r + 8, width: 2 * half, height: below - 8 },
  ];
};

/** Whether all servers keep clear of each other and, where there is room for that, leave air for the links between them. */
const isAiry = (points: readonly Point[], r: number): boolean =>
  points.every((a, i) =>
    points.slice(i + 1).every((b) => {
      if (r > 20 && Math.hypot(a.x - b.x, a.y - b.y) < r * (points.length > 6 ? 2.9 : 3.5)) return false;
      return !partsOf(a, r).some((part) => partsOf(b, r).some((other) => overlap(part, other)));
    }),
  );

const overlap = (a: Box, b: Box): boolean =>
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

/** Up to four clients stand in the corners; more in two columns where the picture is wide, else in rows at the bottom. */
const placeClients = (count: number, width: number, height: number): ClientPlan => {
  const few = count <= 4; // then each has two lines
  const chip = { width: clamp(width * (few ? 0.27 : 0.21), few ? 92 : 100, 124), height: few ? 36 : 24 };
  const [right, low] = [width - MARGIN - chip.width, height - chip.height];
  const inside = { left: MARGIN, right: width - MARGIN, top: MARGIN, bottom: height };
  if (count <= 4) {
    const corners = [
      { x: MARGIN, y: MARGIN },
      { x: right, y: low },
      { x: right, y: MARGIN },
      { x: MARGIN, y: low },
    ];
    return { boxes: corners.slice(0, count).map((corner) => ({ ...corner, ...chip })), inside };
  }
  if (width > height * 1.25) {
    const half = Math.ceil(count / 2);
    const box = (i: number): Box => {
      const [row, rows] = i < half ? [i, half] : [i - half, count - half];
      return {
        x: i < half ? MARGIN : right,
        y: MARGIN + ((row + 0.5) / rows) * (height - MARGIN) - chip.height / 2,
        ...chip,
      };
    };
    const boxes = Array.from({ length: count }, (_, i) => box(i));
    return { boxes, inside: { ...inside, left: 2 * MARGIN + chip.width, right: right - MARGIN } };
  }
  const rows = Math.ceil(count / 3);
  const top = height - rows * (chip.height + ROW_GAP);
  const column = (width - 2 * MARGIN) / 3;
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: MARGIN + (i % 3) * column + (column - chip.width) / 2,
    y: top + Math.floor(i / 3) * (chip.height + ROW_GAP),
    ...chip,
  }));
  return { boxes, inside: { ...inside, bottom: top } };
};

/** The point of a box's edge on the way from its middle to `target`. */
export const edgeOf = (box: Box, target: Point): Point => {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const [dx, dy] = [target.x - middle.x, target.y - middle.y];
  const reach = Math.min(
    dx === 0 ? Infinity : box.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.height / 2 / Math.abs(dy),
  );
  return between(middle, target, Math.min(1, reach));
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
  // How far out the walls begin, and how far their control points reach, as parts of the ring's own reach. A wall shall pass
  // half way between its own servers and their neighbours, whatever their number.
  const out = 1 + (plan.r + 12) / Math.max(60, Math.min(plan.reach.x, plan.reach.y));
  const pull = (Math.cos(Math.PI / n) - 0.25 * out) / 0.75;
  const at = (turn: number, reach: number): string => {
    const p = onRing(plan.centre, { x: plan.reach.x * reach, y: plan.reach.y * reach }, turn, n);
    return `${round(p.x)} ${round(p.y)}`;
  };
  return stretches
    .filter((stretch) => stretch.side !== open)
    .map(({ first, length }) => {
      const [a, b] = [(first - 0.5) / n, (first + length - 0.5) / n];
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

/** Time from left to right. */
export interface TimeScale {
  readonly fromUs: number;
  readonly toUs: number;
  readonly left: number;
  readonly right: number;
}

export const pixelsPerUs = (s: TimeScale): number => (s.right - s.left) / Math.max(1, s.toUs - s.fromUs);

export const xOf = (s: TimeScale, us: number): number => s.left + (us - s.fromUs) * pixelsPerUs(s);

export const usAt = (s: TimeScale, x: number): number => s.fromUs + (x - s.left) / pixelsPerUs(s);

/** Round numbers of µs within the scale, so many that their labels of `room` pixels have air between them. */
export const ticks = (
  s: TimeScale,
  room: number,
): { readonly stepUs: number; readonly at: readonly number[] } => {
  const least = room / pixelsPerUs(s);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const stepUs = ([1, 2, 5, 10].find((n) => n * power >= least) ?? 10) * power;
  const at: number[] = [];
  for (let us = Math.ceil(s.fromUs / stepUs) * stepUs; us <= s.toUs; us += stepUs) at.push(us);
  return { stepUs, at };
};

/** Where the rows of the space-time diagram are, from top to bottom: axis, servers, notes about the cluster, clients, playhead. */
export interface LadderPlan {
  readonly scale: TimeScale;
  /** The height of each lane, the servers' first, then the clients'. */
  readonly lanes: readonly number[];
  /** How far apart the servers' lanes are. */
  readonly pitch: number;
  /** The height of a client's bar. */
  readonly bar: number;
  /** The base line of the notes about the whole cluster. */
  readonly notes: number;
  readonly top: number;
  readonly bottom: number;
}

const AXIS = 22;
const FIRST_LANE = AXIS + 24; // what happens to the first server is written above its lane
const NOTES = 28;
const FOOT = 24;
const LEAST_ROW = 18;

/** A ladder lower than this is too crowded to be read. */
export const leastLadderHeight = (servers: number, clients: number): number =>
  FIRST_LANE + (servers - 1) * LEAST_ROW + NOTES + clients * LEAST_ROW + FOOT;

export const planLadder = (
  servers: number,
  clients: number,
  size: Size,
  fromUs: number,
  toUs: number,
): LadderPlan => {
  const left = size.width < 500 ? 38 : 56;
  const free = size.height - FIRST_LANE - NOTES - FOOT;
  const row = clamp((free - servers * 24) / Math.max(1, clients), LEAST_ROW, 28);
  const pitch = clamp((free - clients * row) / Math.max(1, servers - 1), 8, 64);
  const last = FIRST_LANE + (servers - 1) * pitch;
  const serverLanes = Array.from({ length: servers }, (_, i) => FIRST_LANE + i * pitch);
  const clientLanes = Array.from({ length: clients }, (_, i) => last + NOTES + (i + 0.5) * row);
  return {
    scale: { fromUs, toUs, left, right: size.width - 12 },
    lanes: [...serverLanes, ...clientLanes].map(round),
    pitch,
    bar: row - (row > 20 ? 6 : 3),
    notes: round(last + 20),
    top: AXIS,
    bottom: size.height - FOOT,
  };
};
