// Numbers only: where things stand in the pictures. All lengths are CSS pixels, all times µs.

import type { Ui } from './views/contract.ts';

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

/** The same function of whole numbers, all but the first below 600, which makes everything only once: of few numbers, thousands of shapes. */
export const once = <T>(make: (...given: number[]) => T): ((...given: number[]) => T) => {
  const made = new Map<number, T>();
  return (...given) => {
    const key = given.reduce((sum, n) => sum * 1024 + n + 360, 0);
    const known = made.get(key) ?? make(...given);
    made.set(key, known);
    return known;
  };
};

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

/** A way from start to end, bent towards a third point: a quadratic curve, straight if that point is half way. */
export interface Way {
  readonly start: Point;
  readonly bend: Point;
  readonly end: Point;
}

/** The way from `start` to `end` that goes around the nearest of `obstacles` that is in the way, at a distance of `clear`. */
export const around = (start: Point, end: Point, obstacles: readonly Point[], clear: number): Way => {
  const middle = between(start, end, 0.5);
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.hypot(dx, dy) || 1;
  const aside = (p: Point): number => ((p.x - start.x) * dy - (p.y - start.y) * dx) / length;
  const along = (p: Point): number => ((p.x - start.x) * dx + (p.y - start.y) * dy) / length;
  const inWay = obstacles.filter((p) => Math.abs(aside(p)) < clear && along(p) > 0 && along(p) < length);
  const [nearest] = inWay.sort((p, q) => Math.abs(aside(p)) - Math.abs(aside(q)));
  if (!nearest) return { start, bend: middle, end };
  // The curve comes half as far as the point it is bent towards where that is half way, and less elsewhere.
  const t = along(nearest) / length;
  const need = (clear - Math.abs(aside(nearest))) / Math.max(0.2, 2 * t * (1 - t));
  const by = (aside(nearest) > 0 ? -need : need) / length;
  return { start, bend: { x: middle.x + dy * by, y: middle.y - dx * by }, end };
};

/** The point of a way at `t` from 0 to 1, and the direction in degrees there. */
export const onWay = ({ start, bend, end }: Way, t: number): Point & { readonly turn: number } => {
  const first = between(start, bend, t);
  const second = between(bend, end, t);
  const turn = (Math.atan2(second.y - first.y, second.x - first.x) * 180) / Math.PI;
  const { x, y } = between(first, second, t);
  return { x, y, turn }; // for hundreds of messages a frame: spread, it would take twice as long as all else
};

/** A circle around a centre, open at the top by what is missing from `fraction`, drawn clockwise from the top. */
export const arc = (r: number, fraction: number): string => {
  if (fraction <= 0) return '';
  if (fraction >= 1) return `M0 ${-r}A${r} ${r} 0 1 1 0 ${r}A${r} ${r} 0 1 1 0 ${-r}`;
  const angle = fraction * 2 * Math.PI;
  const [x, y] = [round(r * Math.sin(angle)), round(-r * Math.cos(angle))];
  return `M0 ${-r}A${r} ${r} 0 ${fraction > 0.5 ? 1 : 0} 1 ${x} ${y}`;
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

/** Whether a point is within a closed line. */
export const isWithin = ({ x, y }: Point, loop: readonly Point[]): boolean =>
  loop.reduce((inside, a, i) => {
    const b = loop[(i + 1) % loop.length] as Point;
    const crosses = a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
    return crosses ? !inside : inside;
  }, false);

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

/** The ladder shows at least so much, a disk writes within it, and at most somewhat more than an hour. */
export const REACH_US = { least: 50, most: 4_000_000_000 } as const;

/** A part of time so many times as long, in which one moment stays where it was. */
export const zoomed = (
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  factor: number,
  aroundUs: number,
): { readonly fromUs: number; readonly toUs: number } => {
  const by = clamp((toUs - fromUs) * factor, REACH_US.least, REACH_US.most) / (toUs - fromUs);
  return { fromUs: aroundUs - (aroundUs - fromUs) * by, toUs: aroundUs + (toUs - aroundUs) * by };
};

type Window = Ui['window'];

/** Keeps the playhead in sight: while playing at four fifths, so that the past is seen; else wherever it is, and after a jump in the middle. */
export function followed(window: Window, atUs: number, playing: boolean): Window {
  const span = window.toUs - window.fromUs;
  const place = (atUs - window.fromUs) / span;
  if (place >= 0 && place <= (playing ? 0.8 : 1)) return window;
  const wasNear = playing && place > 0 && place < 1.2;
  return shownWindow(atUs - span * (wasNear ? 0.8 : 0.5), atUs + span * (wasNear ? 0.2 : 0.5));
}

/** A window of sensible length that does not begin before the world. */
export function shownWindow(fromUs: number, toUs: number): Window {
  const span = clamp(Math.round(toUs - fromUs), REACH_US.least, REACH_US.most);
  const from = Math.max(0, Math.round(fromUs));
  return { fromUs: from, toUs: from + span };
}

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
