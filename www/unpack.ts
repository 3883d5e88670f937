// The engine travels packed (decision 9): `xtask/packing` packs it, and the same code, a small wasm that travels before the first half,
// unpacks it.

/** What that wasm exports (`xtask/packing/src/door.rs`). */
interface Unpacker {
  readonly memory: WebAssembly.Memory;
  /** Whether it is something that was packed. */
  begin(packed: number, length: number, out: number, size: number): number;
  /** 1 if there is more to do, 0 if that was all, 2 if what came is damaged. */
  more(bytes: number): number;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Unpacks step by step, and gives back what was packed. Throws a sentence if that is nothing that was. */
export type Steps = Iterator<void, Bytes, void>;

const damaged = (): never => {
  throw new Error('The engine came damaged. Reload the page.');
};

/** The most that a page unpacks: several times what the engine is. */
const LIMIT = 64 << 20;

/** How many bytes are unpacked at one go: browsers turn to their better code between two. */
const SLICE = 4096;

/** How long the page may stand still for it, in ms. */
const PATIENCE = 8;

/** Of what came, the first half; and how to unpack the other. */
export async function unpacked(bytes: Bytes): Promise<[Steps, (packed: Bytes) => Steps]> {
  if (bytes[0] === 0) return [asItIs(bytes), asItIs]; // a wasm, while one works on the page
  const start = 2 + ((bytes[0] ?? 0) << 8) + (bytes[1] ?? 0);
  const code = new Blob([bytes.subarray(2, start)]).stream();
  const inflated = new Response(code.pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
  const unpacker = await WebAssembly.compile(await inflated.catch(damaged));
  const unpack = (packed: Bytes) => unpackBy(unpacker, packed);
  return [unpack(bytes.subarray(start)), unpack];
}

/** All steps at once. */
export function atOnce(steps: Steps): Bytes {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** All steps, with pauses in which the page is drawn. `undefined` if somebody else came to the end meanwhile. */
export async function calmly(steps: Steps): Promise<Bytes | undefined> {
  for (let since = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() < since + PATIENCE) continue;
    await new Promise((after) => setTimeout(after));
    since = performance.now();
  }
}

// biome-ignore lint/correctness/useYield: it is there in no step
function* asItIs(bytes: Bytes): Generator<void, Bytes> {
  return bytes;
}

function* unpackBy(unpacker: WebAssembly.Module, packed: Bytes): Generator<void, Bytes> {
  const { length, buffer, byteOffset } = packed;
  const size = length < 4 ? LIMIT + 1 : new DataView(buffer, byteOffset).getUint32(0, true);
  if (size > LIMIT) damaged();
  const { memory, begin, more } = new WebAssembly.Instance(unpacker).exports as unknown as Unpacker;
  const from = memory.buffer.byteLength;
  const to = from + length;
  memory.grow(((length + size) >> 16) + 1);
  new Uint8Array(memory.buffer).set(packed, from);
  let state = begin(from, length, to, size) || 2;
  while (state === 1) {
    state = more(SLICE);
    yield;
  }
  if (state) damaged();
  return new Uint8Array(memory.buffer.slice(to, to + size));
}
