import { expect, test } from 'vitest';
import { Player } from '../../player.ts';

/** A clock one turns by hand, and a run that goes where it is told. */
function bench(speed: number) {
  let frame: ((now: number) => void) | null = null;
  const ticks: number[] = [];
  const player = new Player({
    tick: (atUs) => {
      ticks.push(atUs);
      player.follow(atUs, true, speed);
    },
    requestFrame: (callback) => {
      frame = callback;
      return 1;
    },
    cancelFrame: () => {
      frame = null;
    },
  });
  const turn = (now: number) => {
    const due = frame;
    frame = null;
    due?.(now);
  };
  return { player, ticks, turn, waits: () => frame !== null };
}

test('real time becomes simulated time at the chosen speed', () => {
  const { player, ticks, turn } = bench(0.1);
  player.follow(0, true, 0.1);
  for (const now of [1000, 1020, 1040]) turn(now);
  expect(ticks).toEqual([2_000, 4_000]);
});

test('slow motion loses no fractions of a microsecond', () => {
  const { player, ticks, turn } = bench(0.001);
  player.follow(0, true, 0.001);
  for (let i = 0; i <= 1000; i++) turn(i * 16.7);
  expect(ticks[ticks.length - 1]).toBe(16_700);
});

test('a long frame does not make the run jump', () => {
  const { player, ticks, turn } = bench(1);
  player.follow(0, true, 1);
  turn(0);
  turn(60_000);
  expect(ticks).toEqual([100_000]);
});

test('it goes on from wherever the playhead was put', () => {
  const { player, ticks, turn } = bench(1);
  player.follow(0, true, 1);
  turn(0);
  turn(10);
  player.follow(500_000, true, 1);
  turn(20);
  expect(ticks).toEqual([10_000, 510_000]);
});

test('it waits for a run that could not follow', () => {
  let frame: ((now: number) => void) | null = null;
  const ticks: number[] = [];
  const player = new Player({
    tick: (atUs) => {
      ticks.push(atUs);
      player.follow(ticks.length * 1_000, true, 1); // gets only a millisecond further each time
    },
    requestFrame: (callback) => {
      frame = callback;
      return 1;
    },
    cancelFrame: () => {},
  });
  player.follow(0, true, 1);
  for (const now of [0, 16, 32, 48]) (frame as ((now: number) => void) | null)?.(now);
  expect(ticks).toEqual([16_000, 17_000, 18_000]);
});

test('at rest it asks for no frames', () => {
  const { player, waits } = bench(1);
  player.follow(0, false, 1);
  expect(waits()).toBe(false);
  player.follow(0, true, 1);
  expect(waits()).toBe(true);
  player.follow(0, false, 1);
  expect(waits()).toBe(false);
});

test('a pause does not count as time', () => {
  const { player, ticks, turn } = bench(1);
  player.follow(0, true, 1);
  turn(0);
  turn(10);
  player.follow(10_000, false, 1);
  player.follow(10_000, true, 1);
  turn(90);
  turn(100);
  expect(ticks).toEqual([10_000, 20_000]);
});
