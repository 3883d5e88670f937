// The engine comes out as it went in; and what came damaged says so instead of hanging.

import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { atOnce, calmly, unpacked } from '../../unpack.ts';

vi.setConfig({ testTimeout: 30_000 }); // for machines that have much else to do

const read = (name: string) => new Uint8Array(readFileSync(`www/pkg/${name}`));
const first = read('first.packed');
const rest = read('rest.packed');

/** Where the unpacker ends and the first half begins. */
const start = 2 + (((first[0] as number) << 8) | (first[1] as number));

const DAMAGED = 'The engine came damaged. Reload the page.';

/** Both halves unpacked, and how. */
async function both(bytes: typeof first) {
  const [half, steps] = await unpacked(bytes);
  return { half: atOnce(half), unpack: (packed: typeof first) => atOnce(steps(packed)), steps };
}

test('both halves come out as they went in', async () => {
  const { half, unpack } = await both(first);
  expect(Buffer.compare(half, read('first.wasm'))).toBe(0);
  expect(Buffer.compare(unpack(rest), read('rest.wasm'))).toBe(0);
});

test('calmly, others have their turn, and whoever cannot wait goes on where it is', async () => {
  const { steps } = await both(first);
  const whole = steps(rest);
  const calm = calmly(whole);
  let turns = 0;
  const turn = setInterval(() => {
    turns += 1;
  });
  expect(Buffer.compare((await calm) as Uint8Array, read('rest.wasm'))).toBe(0);
  clearInterval(turn);
  expect(turns).toBeGreaterThan(1);
  const begun = steps(rest);
  const late = calmly(begun);
  expect(Buffer.compare(atOnce(begun), read('rest.wasm'))).toBe(0);
  expect(await late).toBeUndefined();
});

test('what is not packed stays as it is', async () => {
  const { half, unpack } = await both(read('first.wasm'));
  expect(Buffer.compare(half, read('first.wasm'))).toBe(0);
  expect(unpack(half)).toBe(half);
});

test('says so when it is cut short', async () => {
  for (const length of [1, 2, 5, start >> 1, start, start + 3, start + 11, start + 40, first.length - 8])
    await expect(both(first.slice(0, length))).rejects.toThrow(DAMAGED);
  const { unpack } = await both(first);
  for (const length of [0, 3, 11, 12, rest.length >> 1])
    expect(() => unpack(rest.slice(0, length))).toThrow(DAMAGED);
});

test('unpacks no more than a page can hold', async () => {
  const { unpack } = await both(first);
  expect(() => unpack(rest.with(3, 64))).toThrow(DAMAGED); // 1 GB
  expect(() => unpack(rest.with(3, 255))).toThrow(DAMAGED);
});

test('always ends, whatever is in it', async () => {
  const { unpack } = await both(first);
  const size = read('rest.wasm').length;
  for (const at of [4, 8, 12, 100, rest.length >> 1]) {
    let result: number | string;
    try {
      result = unpack(rest.with(at, (rest[at] as number) ^ 0x55)).length;
    } catch (error) {
      result = (error as Error).message;
    }
    expect([size, DAMAGED]).toContain(result);
  }
});
