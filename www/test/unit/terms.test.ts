// The colours of the terms, measured: readable as text and on fills, and to be told apart with any kind of colour vision.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TERM_COLOURS, term } from '../../views/contract.ts';

type Rgb = readonly [number, number, number];

const sheets = ['tokens', 'terms', 'terms-later']
  .map((name) => readFileSync(`www/style/${name}.css`, 'utf8'))
  .join('\n');

/** A custom property's light and dark value. */
const colour = (name: string, theme: 'light' | 'dark'): Rgb => {
  const own = /^term-\d/.exec(name)?.[0]; // a term's colours stand in its class
  const sheet = own === undefined ? sheets : (sheets.split(`.${own} {`)[1] ?? '');
  const property =
    { '': 'term', '-on': 'on-term', '-text': 'term-text' }[name.replace(/^term-\d/, '')] ?? name;
  const [, light, dark] =
    sheet.match(new RegExp(`--${property}: light-dark\\((#\\w{6}), (#\\w{6})\\)`)) ?? [];
  const hex = theme === 'light' ? light : dark;
  if (!hex) throw new Error(`no --${name} in the style sheets`);
  return [1, 3, 5].map((i) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as unknown as Rgb;
};

const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const gamma = (v: number): number => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** As WCAG 2 defines it. */
const contrast = (a: Rgb, b: Rgb): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** As `color-mix(in srgb, a share, b)`. */
const mix = (a: Rgb, share: number, b: Rgb): Rgb =>
  a.map((v, i) => linear(gamma(v) * share + gamma(b[i] as number) * (1 - share))) as unknown as Rgb;

/** Colour vision, after Machado, Oliveira and Fernandes (2009): all of a kind missing. */
const VISIONS: Record<string, readonly number[]> = {
  full: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const seen = (m: readonly number[], [r, g, b]: Rgb): Rgb =>
  [0, 3, 6].map((i) => {
    const v = (m[i] as number) * r + (m[i + 1] as number) * g + (m[i + 2] as number) * b;
    return Math.min(1, Math.max(0, v));
  }) as unknown as Rgb;

/** Ottosson's OKLab, in which distances are about as large as they look. */
const oklab = ([r, g, b]: Rgb): number[] => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};

const distance = (a: Rgb, b: Rgb): number =>
  Math.hypot(...oklab(a).map((v, i) => v - (oklab(b)[i] as number)));

for (const theme of ['light', 'dark'] as const) {
  const card = colour('card', theme);
  const terms = Array.from({ length: TERM_COLOURS }, (_, i) => i);

  test(`terms can be read on a ${theme} page`, () => {
    for (const i of terms) {
      const fill = colour(`term-${i}`, theme);
      const text = colour(`term-${i}-text`, theme);
      const soft = mix(fill, theme === 'light' ? 0.16 : 0.22, card);
      expect(contrast(fill, card), `--term-${i} on a card`).toBeGreaterThanOrEqual(3);
      expect(
        contrast(colour(`term-${i}-on`, theme), fill),
        `--term-${i}-on on its fill`,
      ).toBeGreaterThanOrEqual(4.5);
      expect(contrast(text, card), `--term-${i}-text on a card`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(text, soft), `--term-${i}-text on its tint`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test(`neighbouring terms look different on a ${theme} page, with any colour vision`, () => {
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      for (const i of terms) {
        const [here, next] = [i, (i + 1) % TERM_COLOURS].map((n) => seen(matrix, colour(`term-${n}`, theme)));
        expect(distance(here as Rgb, next as Rgb), `${i} and the next, ${vision}`).toBeGreaterThan(0.1);
      }
    }
  });
}

test('terms take the colours in turn, and term 0 has none', () => {
  expect([0, 1, 2, 8, 9].map(term)).toEqual(['term-none', 'term-0', 'term-1', 'term-7', 'term-0']);
  for (let n = 0; n <= TERM_COLOURS; n += 1) expect(sheets).toContain(`.${term(n)} {`);
});
