// Small changes to a scenario's text.

import type { Protocol } from './generated/engine.ts';
import { belongs, COMMANDS, SETTINGS } from './language.ts';

export type HeaderWord = 'title' | 'protocol' | 'servers' | 'voters' | 'clients' | 'seed';

/** The order in which the header's lines stand. */
const HEADER: readonly HeaderWord[] = ['title', 'protocol', 'servers', 'voters', 'clients', 'seed'];

/** The text with its header line `word value` changed, or added behind those it must follow; without a value it is left out. */
export function withHeader(text: string, word: HeaderWord, value: string): string {
  const line = value === '' ? '' : `${word} ${value}\n`;
  const existing = new RegExp(`^[ \\t]*${word}[ \\t].*\n?`, 'm');
  if (existing.test(text)) return text.replace(existing, () => line);
  const before = HEADER.slice(0, HEADER.indexOf(word)).join('|');
  return text.replace(
    new RegExp(`^[ \\t]*raft[ \\t].*\n?(?:[ \\t]*(?:${before || 'raft'})[ \\t].*\n?)*`, 'm'),
    (head) => `${head.replace(/\n?$/, '\n')}${line}`,
  );
}

/** The canonical text with these settings, `set loss 10%`, at its beginning, in the place of others of the same. */
export function withSettings(text: string, lines: readonly string[]): string {
  const target = (line: string) => line.replace(/^on /, 'off ').replace(/^(set .*) \S+$/, '$1');
  const kept = text.split('\n').filter((line) => !lines.some((one) => target(one) === target(line)));
  const place = kept.findIndex((line) => /^[@e]/.test(line)); // a command, or an expectation
  kept.splice(place < 0 ? kept.length : place, 0, ...lines);
  return kept.join('\n');
}

/** The canonical text for another protocol: without all that only the present one knows. */
export function withProtocol(text: string, protocol: string): string {
  const of: Protocol = protocol === 'raft' ? 'raft' : 'twoPhaseCommit';
  const words = [...SETTINGS.map((one) => ({ ...one, name: `set ${one.name}` })), ...COMMANDS];
  const kept = text.split('\n').filter((line) => {
    const said = line.replace(/^@\S+ +/, '');
    if (/^(expect|voters|drop|hold|deliver|duplicate|C\d+ get \S+ (stale|lea|read))/.test(said)) return false;
    return words.every((word) => belongs(word, of) || !`${said} `.startsWith(`${word.name} `));
  });
  return withHeader(kept.join('\n'), 'protocol', protocol);
}

/** Where a line and column are in the text, counted in UTF-16 units as text fields do. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(before + within, text.length);
}
