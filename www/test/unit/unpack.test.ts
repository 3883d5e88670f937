// The engine comes out as it went in, whatever it consists of; and what came damaged says so instead of hanging.

import { compress } from 'lzma1';
import { expect, test } from 'vitest';
import { unpack } from '../../unpack.ts';

/** Bytes that look random and are the same each time. */
function noise(length: number, values = 256): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % values;
  });
}

const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  'one byte': Uint8Array.of(7),
  noise: noise(5_000),
  'a few letters': noise(4_000, 3),
  'the same all along': new Uint8Array(30_000).fill(42),
  text: new TextEncoder().encode('S1 asks S2 for its vote. S2 votes for S1. '.repeat(100)),
  // Repeated with changes: copies from several distances in turn, and literals between them.
  'records of one form': Uint8Array.from({ length: 12_000 }, (_, i) =>
    i % 12 === 3 ? (i * i) >> 7 : (i % 12) * 9,
  ),
  'far back': Uint8Array.from([...noise(12_000), ...noise(12_000).slice(100), ...noise(300)]),
};

test.each(Object.entries(SAMPLES))('%s', (_, bytes) => {
  for (const level of [1, 9] as const) {
    expect(Buffer.compare(unpack(compress(bytes, level)), bytes)).toBe(0);
  }
});

test('says so when it is cut short', () => {
  const whole = compress(SAMPLES['records of one form'] as Uint8Array, 9);
  for (const length of [0, 1, 12, 17, 18, whole.length >> 1, whole.length - 8]) {
    expect(() => unpack(whole.slice(0, length))).toThrow('came damaged');
  }
});

test('unpacks no more than a page can hold, and nothing of another form', () => {
  const whole = compress(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 9);
  const changed = (at: number, to: number) => whole.with(at, to);
  expect(() => unpack(changed(0, 225))).toThrow('came damaged'); // no such parameters
  expect(() => unpack(changed(8, 64))).toThrow('came damaged'); // 1 GB
  expect(() => unpack(changed(12, 1))).toThrow('came damaged');
});

test('always ends, whatever is in it', () => {
  const whole = compress(SAMPLES.text as Uint8Array, 9);
  for (let at = 13; at < whole.length; at++) {
    let result: number | string;
    try {
      result = unpack(whole.with(at, (whole[at] as number) ^ 0x55)).length;
    } catch (error) {
      result = (error as Error).message;
    }
    expect([(SAMPLES.text as Uint8Array).length, 'The engine came damaged. Reload the page.']).toContain(
      result,
    );
  }
});
