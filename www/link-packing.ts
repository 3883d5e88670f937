// Long links: a scenario's text deflated, in 64 letters that survive wherever a link goes. `raft` reads them too (`packed.rs`).

/** A scenario is no longer, in bytes: what unpacks to more is no scenario. */
export const LONGEST_TEXT = 64 * 1024;

/** Nor is a link longer than 8,000 characters: what is packed in more would only take long to unpack. */
const LONGEST_PACKED = 8192;

/** The text as what rides along in a link: packed, and how long it was, so that a link that was cut off is known. */
export async function packed(text: string): Promise<string> {
  const bytes = await through(new Blob([text]).stream(), new CompressionStream('deflate-raw'), Infinity);
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const safe = letters.replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '=');
  return `deflate=${safe}/length=${new TextEncoder().encode(text).length}`;
}

/** The text that was packed; `null` of what is damaged, or unpacks to more than a scenario. */
export async function unpacked(letters: string, length: number): Promise<string | null> {
  if (letters.length > LONGEST_PACKED || !(length <= LONGEST_TEXT)) return null;
  try {
    const digits = atob(letters.replace(/=/g, '/').replace(/-/g, '+'));
    const stream = new Blob([Uint8Array.from(digits, (digit) => digit.charCodeAt(0))]).stream();
    const bytes = await through(stream, new DecompressionStream('deflate-raw'), length);
    return bytes.length === length ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : null;
  } catch {
    return null;
  }
}

/** Everything that comes out of it, unless that is too much. */
async function through(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  way: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const reader = stream.pipeThrough(way).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length <= most) continue;
    await reader.cancel();
    throw new RangeError('It unpacks to too much.');
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
