// How heavy the built page is.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a first visit shall weigh, compressed, in kB. */
export const GOAL = 150;
/** What it must never weigh. */
export const BAR = 200;
/** What it must never weigh without the engine. */
export const PAGE_BAR = 65;

/** What the element for other pages shall weigh, with the engine in it, and what it must never. */
const EMBED_GOAL = 90;
export const EMBED_BAR = 128;

/** What one of the scenarios is called, of which there are many and each comes alone. */
const SCENARIO = 'a scenario';

/**
 * The files of a folder and what they weigh, the heaviest first.
 *
 * @param {string} folder a built page
 * @returns {{ name: string, raw: number, gzip: number, later: boolean }[]} in bytes
 */
export function weigh(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const isParcel = ({ name, parentPath }) =>
    name === 'raft-playground.html' || /\b(embed|start)\b/.test(relative(folder, parentPath));
  const shipped = files.filter((file) => file.isFile() && !file.name.startsWith('.') && !isParcel(file));
  const weights = shipped.map((file) => {
    const bytes = readFileSync(join(file.parentPath, file.name));
    const folders = relative(folder, file.parentPath).split(sep);
    const later = folders.includes('later'); // comes only when it is asked for
    const name = folders.includes('scenarios') ? SCENARIO : file.name;
    return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, later };
  });
  return weights.sort((a, b) => b.gzip - a.gzip);
}

/** What all of them weigh together that a first visit fetches; without the engine, if one says so. */
export function sum(weights, engine = true) {
  const first = weights.filter(({ later, name }) => !later && (engine || !name.endsWith('.packed')));
  return {
    name: engine ? 'a first visit' : 'without the engine',
    raw: first.reduce((all, { raw }) => all + raw, 0),
    gzip: first.reduce((all, { gzip }) => all + gzip, 0),
  };
}

/** Rows for what others take: the element for their pages, and the page as one file. */
export function parcels(folder) {
  const row = (name, says) => {
    const bytes = readFileSync(join(folder, name));
    const told = name.replace(/-[\w-]{8}\./, '.');
    return `| ${told}${says} | ${kB(bytes.length)} | ${kB(gzipSync(bytes, { level: 9 }).length)} |`;
  };
  const others = readdirSync(join(folder, 'embed/later')).find((name) => name.startsWith('others'));
  return [
    row(EMBED_SCRIPT, `, goal ${EMBED_GOAL}, bar ${EMBED_BAR}`),
    row(`embed/later/${others}`, ', where more than the cluster is shown'),
    row('embed/raft-playground.whole.js', ', the same as one file'),
    row('raft-playground.html', ''),
  ].join('\n');
}

/** What the element's script weighs, in bytes. */
export const embedWeight = (folder) =>
  gzipSync(readFileSync(join(folder, EMBED_SCRIPT)), { level: 9 }).length;

const EMBED_SCRIPT = 'embed/raft-playground.js';

const kB = (bytes) => (bytes / 1000).toFixed(1);

/** A table of them in Markdown, in kB, with their sum and the bars; below those what comes only when it is asked for. */
export function table(weights) {
  const row = ({ name, raw, gzip, later }) =>
    `| ${name.replace(/-[\w-]{8}\./, '.')}${later ? ', only when opened' : ''} | ${kB(raw)} | ${kB(gzip)} |`;
  const parts = weights.filter(({ later, name }) => later && name !== SCENARIO);
  const scenarios = weights.filter(({ name }) => name === SCENARIO);
  return [
    '| file | kB | kB gzip |',
    '|---|---|---|',
    ...[...weights.filter(({ later }) => !later), sum(weights)].map(row),
    `| goal / bar | | ${GOAL} / ${BAR} |`,
    row(sum(weights, false)),
    `| bar | | ${PAGE_BAR} |`,
    ...[...parts, ...scenarios.slice(0, 1)].map(row), // of the scenarios the heaviest
  ].join('\n');
}
