// What was done by hand, put into the text as its author wrote it, with its comments and in its order.
//
// The engine tells the run as a text in canonical form: header, settings, commands by time, expectations. The author's text
// said the same when it was opened, in other words; so the n-th command in the order of time is the n-th command there, and so
// on. What the run's text has become since can then be done to the author's.

import type { Written } from '../store.ts';
import { hunks } from './lines.ts';

/** One statement of a text, without the blanks around it. */
export interface Statement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const HEADER = /^(raft|title|protocol|servers|voters|clients|seed)\b/;
const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000 };

/** The statements of a text in their order, wrong ones too. A quoted `;` or `#` ends none, except in a title, which has no quotes. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  for (const { 0: all, index, groups } of text.matchAll(
    /(?<body>[ \t\r\ufeff]*title\b[^;#\n]*|(?:"(?:\\.|[^"\\\n])*"|[^;#\n])+)|#.*|[;\n]/g,
  )) {
    const body = groups?.body?.trim() ?? '';
    if (body === '') continue;
    const from = index + all.indexOf(body);
    found.push({ from, to: from + body.length, text: body });
  }
  return found;
}

/** When a statement is a command at a time: that time, in µs. */
export function timeOf(statement: string): number | null {
  const [, number, unit] = /^@(\d+(?:\.\d+)?)(us|ms|s)(?!\S)/.exec(statement) ?? [];
  return number === undefined ? null : Math.round(Number(number) * (UNITS[unit ?? ''] ?? 0));
}

/** The author's text, changed as the run was since. What the run has no more is left as a comment, unless it was put here by hand. */
export function laidOver({ text, runs, opened }: Written, now: string): string {
  if (runs === now) return text;
  const [before, after] = [linesOf(runs), linesOf(now)];
  const authors = new Set(linesOf(opened));
  const places = placesOf(statements(text), before);
  if (places === null) return now;
  const edits: Edit[] = [];
  for (const { from, to, lines } of hunks(before, after)) {
    const fresh = [...lines];
    const left: Edit[] = [];
    let anchor = places.slice(0, from).findLast((place) => place !== undefined);
    for (const [n, line] of before.slice(from, to).entries()) {
      const place = places[from + n];
      if (place === undefined) continue;
      const subject = subjectOf(line);
      const same = subject === null ? -1 : fresh.findIndex((other) => subjectOf(other) === subject);
      if (same < 0) {
        left.push(...(authors.has(line) ? commented(text, place) : removed(text, place)));
        continue;
      }
      left.push([place.from, place.to, ...(fresh.splice(same, 1) as [string])]);
      anchor = place;
    }
    if (anchor && fresh.length > 0) {
      const end = endOfLine(text, anchor.to);
      edits.push([end, end, fresh.map((line) => `\n${alike(line, anchor.text)}`).join('')]);
    }
    edits.push(...left);
  }
  // From the end on, so that no edit moves another; of two at one place the first comes to stand behind.
  return edits
    .sort(([a], [b]) => b - a)
    .reduce((all, [from, to, insert]) => all.slice(0, from) + insert + all.slice(to), text);
}

type Edit = [from: number, to: number, insert: string];

/** The lines of a canonical text, not lined up. */
const linesOf = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^(@\S+) +/, '$1 '));

/** Where the author wrote each line of the canonical text; `undefined` for what is there by default. `null` if they do not fit. */
function placesOf(own: readonly Statement[], lines: readonly string[]): (Statement | undefined)[] | null {
  const ranked = new Map<string, Statement[]>();
  for (const statement of own) {
    const kind = kindOf(statement.text);
    ranked.set(kind, [...(ranked.get(kind) ?? []), statement]);
  }
  ranked.get('@')?.sort((a, b) => (timeOf(a.text) ?? 0) - (timeOf(b.text) ?? 0));
  const places = lines.map((line) => ranked.get(kindOf(line))?.shift());
  const allPlaced = [...ranked.values()].every((left) => left.length === 0);
  const allWritten = places.every((place, at) => place !== undefined || HEADER.test(lines[at] ?? ''));
  return allPlaced && allWritten ? places : null;
}

/** Statements of one kind stand in the canonical text in the order in which they were written, or by time. */
const kindOf = (statement: string): string =>
  HEADER.exec(statement)?.[1] ?? /^(?:@|expect\b)/.exec(statement)?.[0] ?? 'set';

/** What a line of the start speaks of: another of the same takes its place. */
const subjectOf = (line: string): string | null =>
  HEADER.exec(line)?.[1] ??
  (/^(set|on|off) /.test(line) ? line.replace(/^on /, 'off ').replace(/^(set .*) \S+$/, '$1') : null);

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : text.slice(0, end).trimEnd().length;
};

/** Makes a comment of a statement; where others follow on its line, at the end of that. */
function commented(text: string, { from, to, text: statement }: Statement): Edit[] {
  const end = endOfLine(text, to);
  const next = /^[ \t]*;[ \t]*/.exec(text.slice(to, end));
  if (next === null) return [[from, from, '# ']];
  return [
    [from, to + next[0].length, ''],
    [end, end, ` # ${statement}`],
  ];
}

/** Removes a statement, and its line if nothing else is on that. */
function removed(text: string, { from, to }: Statement): Edit[] {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to) + 1 || text.length;
  return text.slice(start, from).trim() + text.slice(to, end).trim() === ''
    ? [[start, end, '']]
    : [[from, to, '']];
}

/** A command's line with as much room behind its time as the one before it has. */
function alike(line: string, before: string): string {
  const column = /^@\S+ */.exec(before)?.[0].length ?? 0;
  return line.replace(/^@\S+ /, (time) => time.padEnd(column));
}
