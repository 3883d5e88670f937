// What the ladder and the timeline make of a run.

import { expect, test } from 'vitest';
import type { LaneSpan } from '../../generated/engine.ts';
import { arrowAt, arrowCount } from '../../views/arrows.ts';
import { endsOf, shownArrows } from '../../views/ladder-arrows.ts';
import { arrowUnder } from '../../views/ladder-gestures.ts';
import { planLadder } from '../../views/ladder-plan.ts';
import { laneOf, SIGNS, seesWrites } from '../../views/ladder-signs.ts';
import { lasting } from '../../views/lasting.ts';
import { bandsOf } from '../../views/timeline.ts';
import { aFrame, aServer } from '../frames.ts';
import { handmadeRun } from '../gallery/run.ts';

const size = { width: 1068, height: 340 };
const plan = planLadder(5, 2, size, 0, 1_000_000); // a pixel is a millisecond, the first 56 are names
const frame = aFrame(
  [1, 2, 3, 4, 5].map((n) => aServer(n)),
  { endUs: 500_000 },
);

/** One row: kind 2 is AppendEntries. */
const row = (
  given: Partial<Record<'from' | 'to' | 'kind' | 'sent' | 'end' | 'fate' | 'entries', number>>,
) => {
  const { from = 0, to = 2, kind = 2, sent = 100_000, end = 140_000, fate = 1, entries = 0 } = given;
  return [7, 3, from, to, kind, 4, sent, end, fate, entries];
};
const arrow = (given: Parameters<typeof row>[0]) => arrowAt(new Float64Array(row(given)), 0);

test('a row is read as it was written', () => {
  const { arrows } = handmadeRun();
  expect(arrowCount(arrows)).toBe(arrows.length / 10);
  expect(arrow({ kind: 103 })).toMatchObject({
    seq: 7,
    id: 3,
    kind: 3,
    refused: true,
    term: 4,
    from: 0,
    to: 2,
  });
});

test('an arrow ends where its message did', () => {
  const [top, bottom] = [plan.lanes[0] as number, plan.lanes[2] as number];
  expect(endsOf(arrow({}), plan, 500_000)).toEqual([156, top, 196, bottom]);
  expect(endsOf(arrow({ fate: 2, end: 120_000 }), plan, 500_000), 'lost half way').toEqual([
    156,
    top,
    176,
    (top + bottom) / 2,
  ]);
  expect(endsOf(arrow({ fate: 3 }), plan, 500_000), 'lost on arrival').toEqual([156, top, 196, bottom]);
  expect(endsOf(arrow({ fate: 0 }), plan, 110_000), 'a quarter of the way').toEqual([
    156,
    top,
    166,
    top + (bottom - top) / 4,
  ]);
});

test('a click meets the nearest arrow, and none far away', () => {
  const arrows = new Float64Array([...row({}), ...row({ sent: 200_000, end: 240_000 })]);
  const data = { frame, ...handmadeRun(), arrows };
  const middle = ((plan.lanes[0] as number) + (plan.lanes[2] as number)) / 2;
  expect(arrowUnder(176 + 3, middle, data, plan)?.sentUs).toBe(100_000);
  expect(arrowUnder(276, middle + 2, data, plan)?.sentUs).toBe(200_000);
  expect(arrowUnder(226, middle, data, plan)).toBeUndefined();
});

test('what cannot be told apart is left out, heartbeats first', () => {
  const rows = (count: number, entries: number) =>
    Array.from({ length: count }, () => row({ entries })).flat();
  const run = new Float64Array([...rows(20, 0), ...rows(5, 1)]);
  expect(shownArrows(run, plan)).toMatchObject({ hint: null });
  expect(shownArrows(run, plan).arrows).toHaveLength(25);
  const seconds = planLadder(5, 2, size, 0, 20_000_000);
  expect(shownArrows(run, seconds).arrows).toHaveLength(5);
  expect(shownArrows(run, seconds).hint).toMatch(/heartbeats/);
  const minutes = planLadder(5, 2, size, 0, 600_000_000);
  expect(shownArrows(run, minutes)).toEqual({ arrows: [], hint: 'zoom in to see messages' });
  expect(
    shownArrows(new Float64Array([...rows(2000, 0), ...rows(5, 1)]), plan).arrows,
    'too many',
  ).toHaveLength(5);
});

const span = (server: string, fromUs: number, toUs: number, given: Partial<LaneSpan>): LaneSpan => {
  return { server, fromUs, toUs, role: 'follower', term: 1, up: true, plight: null, ...given };
};

test('the last span of a server lasts to the end of what is known', () => {
  const spans = [span('S1', 0, 10, {}), span('S2', 0, 20, {}), span('S1', 10, 20, { term: 2 })];
  expect(lasting(spans, 50).map((s) => s.toUs)).toEqual([10, 50, 50]);
});

test('the timeline is led while the newest term has a leader that is up', () => {
  const bands = bandsOf([
    span('S1', 0, 100, { term: 0 }),
    span('S2', 0, 90, { term: 0 }),
    span('S1', 100, 120, { role: 'candidate' }),
    span('S1', 120, 200, { role: 'leader' }),
    span('S2', 90, 300, {}),
    span('S1', 200, 400, { up: false }),
    span('S2', 300, 400, { role: 'candidate', term: 2 }),
  ]);
  expect(bands).toEqual([
    { fromUs: 0, toUs: 90, term: 0, led: false },
    { fromUs: 90, toUs: 120, term: 1, led: false },
    { fromUs: 120, toUs: 200, term: 1, led: true },
    { fromUs: 200, toUs: 300, term: 1, led: false },
    { fromUs: 300, toUs: 400, term: 2, led: false },
  ]);
});

test('every sign has a shape and a word of its own', () => {
  const signs = Object.values(SIGNS);
  expect(new Set(signs.map(({ path }) => path)).size).toBe(signs.length);
  expect(new Set(signs.map(({ words }) => words)).size).toBe(signs.length);
});

test('what is set of one server stands on its lane', () => {
  const setting = { atUs: 0, seq: 0, server: null, kind: 'setting' } as const;
  expect(laneOf({ ...setting, text: 'disk S3 lies' })).toBe('S3');
  expect(laneOf({ ...setting, text: 'drift S1 200ppm' })).toBe('S1');
  expect(laneOf({ ...setting, text: 'loss S1->S2 10%' })).toBeNull();
  expect(laneOf({ ...setting, kind: 'paused', server: 'S2', text: 'pause' })).toBe('S2');
});

test('writes are told from being on disk only where one can see that', () => {
  expect(seesWrites(frame, 1 / 1000), 'a pixel a millisecond').toBe(true);
  expect(seesWrites(frame, 1 / 10_000)).toBe(false);
});
