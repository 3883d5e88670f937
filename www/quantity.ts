// The numbers of settings: what the language's words for them mean, how it writes them, and the steps of a slider over them.

import { scenarioTime } from './format.ts';
import type { Setting } from './language.ts';

type Kind = Setting['kind'];

/** Units, and how much of µs, ppm or bytes a second they are. */
const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  h: 3.6e9,
  ppm: 1,
  '%': 1e4,
  'B/s': 1,
  'kB/s': 1e3,
  'MB/s': 1e6,
};
/** What is meant by a number alone. */
const USUAL: Partial<Record<Kind, string>> = {
  range: 'ms',
  time: 'ms',
  share: '%',
  drift: '%',
  rate: 'kB/s',
};

/** A value with its unit, as somebody may have left that out: `50` is `50ms`. What is no number stays as it is. */
export function spelled(kind: Kind, words: string): string {
  const said = words.trim().replace(/\s+|^\+/g, '');
  return /^-?[\d.]+$/.test(said) ? said + (USUAL[kind] ?? '') : said;
}

/** A value as a number: µs, ppm, bytes a second, pieces. A word such as `never` is beyond all numbers. */
export function amount(kind: Kind, words: string): number {
  const [, digits, unit = ''] = spelled(kind, words).match(/^(-?[\d.]+)(.*)$/) ?? [];
  return digits === undefined
    ? Infinity
    : Math.round(Number(digits) * (unit === '' ? 1 : (UNITS[unit] ?? NaN)));
}

/** A number as the language writes it. */
export function written({ kind, values }: Pick<Setting, 'kind' | 'values'>, n: number): string {
  if (n === Infinity) return values[2] ?? '';
  if (kind === 'range' || kind === 'time') return scenarioTime(n);
  if (kind === 'share' || kind === 'drift') return `${n / 1e4}%`;
  if (kind === 'number') return String(n);
  const unit = (['MB/s', 'kB/s'] as const).find((one) => n % (UNITS[one] ?? 1) === 0) ?? 'B/s';
  return n / (UNITS[unit] ?? 1) + unit;
}

const DIGITS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
/** Where steps begin if a setting may be nothing at all: 10 µs, 0.01 %. */
const FIRST: Partial<Record<Kind, number>> = { range: 10, share: 100, drift: 100 };

/** The values of a slider: round numbers, each somewhat larger than the last, as ears and eyes count. */
export function steps({ kind, values }: Setting): readonly number[] {
  const [least = 0, most = 0] = values.slice(0, 2).map((value) => amount(kind, value));
  const found = new Set<number>([Math.max(0, least)]);
  for (let tens = Math.max(1, least || (FIRST[kind] ?? 1)); tens <= most; tens *= 10)
    for (const digit of DIGITS) {
      const n = Math.round(tens * digit);
      if (n > least && n <= most) found.add(n);
    }
  found.add(most);
  const up = [...found].sort((a, b) => a - b);
  if (least < 0)
    return [
      ...up
        .slice(1)
        .reverse()
        .map((n) => -n),
      ...up,
    ];
  return values[2] === undefined ? up : [...up, Infinity];
}

/** The step that is nearest to a number. */
export function nearest(all: readonly number[], n: number): number {
  const above = all.findIndex((step) => step >= n);
  if (above < 0) return all.length - 1;
  const [over = n, under = n] = [all[above], all[above - 1]];
  return above > 0 && n - under < over - n ? above - 1 : above;
}
