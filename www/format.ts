// Numbers and names as a person reads them, and as the scenario language writes them.

const THIN = '\u202f'; // narrow no-break space: groups digits without a comma

/** `S3` for the server the engine numbers 3. */
export const serverName = (id: number): string => `S${id}`;

/** `C1` for the client the engine numbers 1. */
export const clientName = (id: number): string => `C${id}`;

/** A moment or a length of time for the eye: `0.4 ms`, `1 284.6 ms`, `12.35 s`. */
export function time(us: number): string {
  if (us < 10_000_000) return `${grouped((us / 1000).toFixed(1))} ms`;
  return `${grouped((us / 1_000_000).toFixed(2))} s`;
}

/** A length of time for the eye, without needless digits: `50 ms`, `213.4 ms`, `2 s`. */
export function duration(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${trimmed(us / 1000)} ms`;
  return `${trimmed(us / 1_000_000)} s`;
}

/** A length of time for the scenario language, exact: `50ms`, `2s`, `1500us`. */
export function scenarioTime(us: number): string {
  if (us % 1_000_000 === 0 && us > 0) return `${us / 1_000_000}s`;
  if (us % 1000 === 0) return `${us / 1000}ms`;
  return `${us}us`;
}

/** A share of a million for the eye: `2.5 %`. */
export const percent = (ppm: number): string => `${trimmed(ppm / 10_000, 2)} %`;

/** `entry 4`, `entries 4–6` */
export const entries = (from: number, through: number): string =>
  from === through ? `entry ${from}` : `entries ${from}–${through}`;

/** `1 server`, `5 servers` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `S1`, `S1 and S2`, `S1, S2 and S3` */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function trimmed(n: number, digits = 1): string {
  return grouped(String(Number(n.toFixed(digits))));
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}
