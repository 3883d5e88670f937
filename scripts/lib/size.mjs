// How heavy the built page is.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a first visit shall weigh, compressed, in kB. */
export const GOAL = 150;
/** What it must never weigh. */
export const BAR = 200;

/**
 * The files of a folder and what they weigh, the heaviest first.
 *
 * @param {string} folder a built page
 * @returns {{ name: string, raw: number, gzip: number }[]} in bytes
 */
export function weigh(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const shipped = files.filter((file) => file.isFile() && !file.name.startsWith('.'));
  const weights = shipped.map((file) => {
    const bytes = readFileSync(join(file.parentPath, file.name));
    return { name: file.name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
  });
  return weights.sort((a, b) => b.gzip - a.gzip);
}

/** What all of them weigh together. */
export function sum(weights) {
  return {
    name: 'a first visit',
    raw: weights.reduce((all, { raw }) => all + raw, 0),
    gzip: weights.reduce((all, { gzip }) => all + gzip, 0),
  };
}

/** A table of them in Markdown, in kB, with their sum and the bars. */
export function table(weights) {
  const kB = (bytes) => (bytes / 1000).toFixed(1);
  const rows = [...weights, sum(weights)].map(
    ({ name, raw, gzip }) => `| ${name.replace(/-[\w-]{8}\./, '.')} | ${kB(raw)} | ${kB(gzip)} |`,
  );
  return ['| file | kB | kB gzip |', '|---|---|---|', ...rows, `| goal / bar | | ${GOAL} / ${BAR} |`].join(
    '\n',
  );
}
