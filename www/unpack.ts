// LZMA, the way back: the engine travels packed by it, a quarter smaller than gzip makes it (decision 9). `vite.config.ts` packs.
// The format: a byte of parameters, four of the dictionary's size, eight of the unpacked size; then one stream of a range coder.

/** Where each kind of probability begins; after the last come those of literals, 0x300 for each of their contexts. */
const AT = {
  isMatch: 0,
  isRepeat: 192,
  isOlder: 204,
  isOlderStill: 216,
  isOldest: 228,
  isLong: 240,
  slot: 432,
  distance: 688,
  aligned: 816,
  length: 832,
  repeatedLength: 1346,
  literal: 1860,
} as const;

const DAMAGED = 'The engine came damaged. Reload the page.';

/** The most that a page unpacks: several times what the engine is. */
const LIMIT = 64 << 20;

/** What was packed. Throws a sentence if this is nothing that was. */
export function unpack(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const parameters = packed.length < 18 ? 255 : header.getUint8(0);
  if (parameters >= 225 || header.getUint32(9, true) > 0 || header.getUint32(5, true) > LIMIT) {
    throw new Error(DAMAGED);
  }
  const out = new Uint8Array(header.getUint32(5, true));
  const coder = rangeCoder(
    packed,
    13,
    AT.literal + (0x300 << ((parameters % 9) + (((parameters / 9) | 0) % 5))),
  );
  decode(coder, out, parameters);
  if (coder.missing()) throw new Error(DAMAGED);
  return out;
}

type Coder = ReturnType<typeof rangeCoder>;

/** Reads bits, each as probable as those before it in the same place have made it. */
function rangeCoder(packed: Uint8Array, start: number, places: number) {
  const probable = new Uint16Array(places).fill(1024);
  // Range and code: numbers of 32 bits stay what they are in an array, and in no variable that functions share.
  const now = new Uint32Array([0xffffffff, 0]);
  let next = start + 1; // the first byte says nothing
  const refill = (): void => {
    now[0] = (now[0] as number) << 8;
    now[1] = ((now[1] as number) << 8) | (packed[next++] ?? 0);
  };
  for (let i = 0; i < 4; i++) now[1] = ((now[1] as number) << 8) | (packed[next++] ?? 0);

  const bit = (at: number): number => {
    const p = probable[at] as number;
    const range = now[0] as number;
    const code = now[1] as number;
    const bound = (range >>> 11) * p;
    const one = code < bound ? 0 : 1;
    now[0] = one ? range - bound : bound;
    if (one) now[1] = code - bound;
    probable[at] = one ? p - (p >> 5) : p + ((2048 - p) >> 5);
    if ((now[0] as number) < 1 << 24) refill();
    return one;
  };
  /** A number of so many bits, the highest first. */
  const tree = (at: number, bits: number): number => {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | bit(at + node);
    return node - (1 << bits);
  };
  /** The same, the lowest first. */
  const reversed = (at: number, bits: number): number => {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const one = bit(at + node);
      node = (node << 1) | one;
      value |= one << i;
    }
    return value;
  };
  /** A number whose bits are all equally probable. */
  const plain = (bits: number): number => {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const half = (now[0] as number) >>> 1;
      const one = (now[1] as number) < half ? 0 : 1;
      now[0] = half;
      if (one) now[1] = (now[1] as number) - half;
      if (half < 1 << 24) refill();
      value = (value << 1) | one;
    }
    return value;
  };
  const length = (at: number, context: number): number => {
    if (!bit(at)) return 2 + tree(at + 2 + (context << 3), 3);
    if (!bit(at + 1)) return 10 + tree(at + 130 + (context << 3), 3);
    return 18 + tree(at + 258, 8);
  };
  const missing = (): boolean => next > packed.length;
  return { bit, tree, reversed, plain, length, missing };
}

/** Fills `out` with literals and with copies of what came before. */
function decode(coder: Coder, out: Uint8Array, parameters: number): void {
  const { bit, length, missing } = coder;
  const contexts = (1 << ((parameters / 45) | 0)) - 1;
  const literal = literals(coder, out, parameters);
  const before = [0, 0, 0, 0]; // the last four distances, less one, the latest first
  let state = 0; // what the last steps were; below 7, the last was a literal
  let at = 0;
  while (at < out.length) {
    if (missing()) return;
    const context = at & contexts;
    if (!bit(AT.isMatch + (state << 4) + context)) {
      out[at] = literal(at, state < 7 ? -1 : at - (before[0] as number) - 1);
      at += 1;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count = 1;
    const wasLiteral = state < 7;
    if (!bit(AT.isRepeat + state)) {
      count = length(AT.length, context);
      before.unshift(distance(coder, count));
      before.pop();
      state = wasLiteral ? 7 : 10;
    } else {
      const older = bit(AT.isOlder + state);
      if (older) {
        const which = 1 + (bit(AT.isOlderStill + state) && 1 + bit(AT.isOldest + state));
        before.unshift(...before.splice(which, 1));
      }
      if (older || bit(AT.isLong + (state << 4) + context)) {
        count = length(AT.repeatedLength, context);
        state = wasLiteral ? 8 : 11;
      } else {
        state = wasLiteral ? 9 : 11;
      }
    }
    const from = at - (before[0] as number) - 1;
    if (from < 0 || from >= at) throw new Error(DAMAGED);
    const end = Math.min(at + count, out.length);
    for (let source = from; at < end; at++, source++) out[at] = out[source] as number;
  }
}

/** How to read a byte that is no copy: by the one before it, and by the one that a copy would have brought, if there is such. */
function literals({ bit }: Coder, out: Uint8Array, parameters: number) {
  const high = parameters % 9;
  const places = (1 << (((parameters / 9) | 0) % 5)) - 1;
  return (at: number, like: number): number => {
    const context = ((at & places) << high) + ((out[at - 1] ?? 0) >> (8 - high));
    const base = AT.literal + 0x300 * context;
    let node = 1;
    if (like >= 0) {
      for (let hoped = out[like] as number; node < 256; hoped <<= 1) {
        const expected = (hoped >> 7) & 1;
        const one = bit(base + ((1 + expected) << 8) + node);
        node = (node << 1) | one;
        if (one !== expected) break;
      }
    }
    while (node < 256) node = (node << 1) | bit(base + node);
    return node;
  };
}

/** How far back a copy begins, less one; what is copied in short is found nearer. */
function distance({ tree, reversed, plain }: Coder, count: number): number {
  const slot = tree(AT.slot + (Math.min(count - 2, 3) << 6), 6);
  if (slot < 4) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) << bits;
  if (slot < 14) return base + reversed(AT.distance + base - slot, bits);
  return base + (plain(bits - 4) << 4) + reversed(AT.aligned, 4);
}
