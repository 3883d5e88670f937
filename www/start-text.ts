// Larger changes to a scenario's text: another protocol, other settings from the start.

import type { Protocol } from './generated/engine.ts';
import { belongs, COMMANDS, SETTINGS } from './language.ts';
import { withHeader } from './scenario-text.ts';

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
