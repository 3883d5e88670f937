/** What is used of the package `lzma1`. Its own types are its sources, which do not pass this project's rules (see tsconfig.json). */
export function compress(
  bytes: Uint8Array,
  level: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9,
): Uint8Array<ArrayBuffer>;
