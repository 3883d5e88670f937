// A larger change to a scenario's text: another protocol.

import type { Protocol } from './generated/engine.ts';
import { belongs, COMMANDS, SETTINGS } from './language.ts';
import { withHeader } from './scenario-text.ts';

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
