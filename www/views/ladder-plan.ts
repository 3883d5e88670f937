// Where things stand in the space-time diagram. Numbers only.

import { clamp, type LadderPlan, pixelsPerUs, round, type TimeScale } from '../geometry.ts';
import type { Size } from './contract.ts';

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
