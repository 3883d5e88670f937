import { expect, test } from 'vitest';
import { arc, around, type Box, edgeOf, onWay, shorten, usAt, xOf } from '../../geometry.ts';
import { leastLadderHeight, planLadder, ticks } from '../../views/ladder-plan.ts';
import { walls } from '../../views/ring-parted.ts';
import { overlap, partsOf, planRing } from '../../views/ring-plan.ts';

const SIZES = [
  { width: 356, height: 400 },
  { width: 500, height: 400 },
  { width: 620, height: 520 },
  { width: 900, height: 420 },
  { width: 1100, height: 800 },
];

const inside = (box: Box, { width, height }: { width: number; height: number }): boolean =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;

/** Slots in other people's pages, and a laptop's. */
const SLOTS = [
  { width: 375, height: 190 },
  { width: 300, height: 220 },
  { width: 250, height: 300 },
];

const combinations = (mostServers: number, mostClients: number): [number, number][] =>
  Array.from({ length: mostServers * (mostClients + 1) }, (_, i) => [
    1 + (i % mostServers),
    Math.floor(i / mostServers),
  ]);

for (const [size, most] of [
  ...SIZES.map((size) => [size, 9] as const),
  ...SLOTS.map((size) => [size, 3] as const),
]) {
  test(`no server, label or client hides another in ${size.width} × ${size.height}`, () => {
    for (const [servers, clients] of combinations(9, most)) {
      const plan = planRing(servers, clients, size);
      const groups = [...plan.servers.map((p) => partsOf(p, plan)), ...plan.clients.map((box) => [box])];
      const what = `${servers} servers, ${clients} clients`;
      for (const [i, group] of groups.entries()) {
        for (const box of group) {
          expect(inside(box, size), `${what}: ${i} is within the picture`).toBe(true);
          for (const other of groups.slice(i + 1).flat()) {
            expect(overlap(box, other), `${what}: ${i} keeps clear`).toBe(false);
          }
        }
      }
    }
  });
}

test('many servers stand along the edges of a small slot, few on an ellipse in any', () => {
  for (const size of SLOTS) {
    const [nine, five] = [planRing(9, 1, size), planRing(5, 1, size)];
    expect(nine.r, `${size.width} × ${size.height}`).toBeGreaterThan(14); // the term has room beneath the name
    expect(five.corners).toBe(2);
  }
});

test('a ring is as large as its picture allows', () => {
  const [small, large] = [planRing(5, 2, SIZES[0] as Box), planRing(5, 2, SIZES[4] as Box)];
  expect(small.r).toBeGreaterThan(22);
  expect(large.r).toBeGreaterThan(small.r);
  expect(large.reach.y).toBeGreaterThan(250);
});

test('S1 stands at the top and the others follow clockwise', () => {
  const { servers, centre } = planRing(4, 0, { width: 500, height: 500 });
  expect(servers[0]?.x).toBeCloseTo(centre.x);
  expect(servers[0]?.y).toBeLessThan(centre.y);
  expect(servers[1]?.x).toBeGreaterThan(centre.x);
  expect(servers[3]?.x).toBeLessThan(centre.x);
});

test('one wall parts two sides, however they are placed', () => {
  const plan = planRing(5, 0, { width: 500, height: 500 });
  expect(walls([0, 0, 0, 0, 0], plan)).toHaveLength(0);
  expect(walls([0, 0, 1, 1, 1], plan)).toHaveLength(1);
  expect(
    walls([0, 1, 0, 1, 1], plan),
    'S1 and S3 against the rest: a wall before each of one side',
  ).toHaveLength(2);
  expect(walls([0, 1, 2, 2, 2], plan)).toHaveLength(2);
  expect(walls([0, -1, -1, 1, 1], plan), 'who is on no side stands in the open').toHaveLength(2);
});

test('a wall begins between its side and the neighbours', () => {
  const plan = planRing(4, 0, { width: 500, height: 500 });
  const [wall = ''] = walls([0, 1, 1, 1], plan);
  const numbers = wall.match(/-?[\d.]+/g)?.map(Number) as number[];
  const [x1, y1] = numbers as [number, number];
  const [x2, y2] = numbers.slice(-2) as [number, number];
  expect(x1 + x2, 'to the left and to the right of S1').toBeCloseTo(2 * plan.centre.x, 0);
  expect(y1).toBeCloseTo(y2, 0);
  expect(y1).toBeLessThan(plan.centre.y);
});

test('a timer arc is full, half and empty', () => {
  expect(arc(10, 1)).toBe('M0 -10A10 10 0 1 1 0 10A10 10 0 1 1 0 -10');
  expect(arc(10, 0.5)).toBe('M0 -10A10 10 0 0 1 0 10');
  expect(arc(10, 0.75)).toBe('M0 -10A10 10 0 1 1 -10 0');
  expect(arc(10, 0)).toBe('');
});

test('a way is shortened at both ends and moved to its right', () => {
  const [start, end] = shorten({ x: 0, y: 0 }, { x: 100, y: 0 }, 10, 20, 5);
  expect(start).toEqual({ x: 10, y: 5 });
  expect(end).toEqual({ x: 80, y: 5 });
});

test('links meet a client at the edge of its box', () => {
  expect(edgeOf({ x: 0, y: 0, width: 100, height: 40 }, { x: 50, y: 500 })).toEqual({ x: 50, y: 40 });
  expect(edgeOf({ x: 0, y: 0, width: 100, height: 40 }, { x: 500, y: 20 })).toEqual({ x: 100, y: 20 });
});

test('time and pixels are one another’s inverse', () => {
  const scale = { fromUs: 900_000, toUs: 1_400_000, left: 56, right: 1328 };
  expect(xOf(scale, 900_000)).toBe(56);
  expect(xOf(scale, 1_400_000)).toBe(1328);
  expect(usAt(scale, xOf(scale, 1_284_600))).toBeCloseTo(1_284_600);
});

test('ticks are round and have room for their labels', () => {
  const scale = { fromUs: 903_000, toUs: 1_400_000, left: 0, right: 1000 };
  const { stepUs, at } = ticks(scale, 84);
  expect(stepUs).toBe(50_000);
  expect(at[0]).toBe(950_000);
  expect(at).toHaveLength(10);
  expect(ticks({ ...scale, toUs: 903_400 }, 84).stepUs).toBe(50);
  expect(ticks({ ...scale, toUs: 60_903_000 }, 84).stepUs).toBe(10_000_000);
});

test('the lanes of the ladder fit into its height', () => {
  for (const [servers, clients] of [
    [1, 0],
    [5, 1],
    [5, 2],
    [9, 9],
  ] as const) {
    for (const more of [0, 40, 300]) {
      const height = leastLadderHeight(servers, clients) + more;
      const plan = planLadder(servers, clients, { width: 800, height }, 0, 1);
      expect(plan.lanes).toHaveLength(servers + clients);
      expect(Math.max(...plan.lanes) + plan.bar / 2, `${servers} + ${clients}`).toBeLessThanOrEqual(
        plan.bottom,
      );
      expect(plan.lanes.every((y, i) => i === 0 || y - (plan.lanes[i - 1] as number) >= 17.9)).toBe(true);
    }
  }
});

test('a way goes around who stands in it, on the nearer side', () => {
  const [start, end] = [
    { x: 0, y: 0 },
    { x: 200, y: 0 },
  ];
  const free = around(start, end, [{ x: 100, y: 60 }], 40);
  expect(onWay(free, 0.5)).toEqual({ x: 100, y: 0, turn: 0 });
  const bent = around(start, end, [{ x: 100, y: 10 }], 40);
  expect(onWay(bent, 0.5)).toEqual({ x: 100, y: -30, turn: 0 });
  expect(onWay(bent, 0)).toMatchObject(start);
  expect(onWay(bent, 1)).toMatchObject(end);
  const other = around(start, end, [{ x: 60, y: -5 }], 40);
  expect(onWay(other, 0.3).y, 'below one that stands above').toBeGreaterThan(30);
});
