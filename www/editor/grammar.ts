// What may stand where in a scenario, for completing words and for saying what one means. The words, their limits and sentences
// are the page's tables of the language; here is only their order, as docs/SCENARIO.md has it. What is right is the engine's to
// say: this may allow too much, and a test sees to it that it does not allow too little.

import { EXPECTATIONS } from '../expectations.ts';
import { scenarioTime } from '../format.ts';
import type { Protocol } from '../generated/engine.ts';
import { KINDS, PROPERTIES, TWO_PHASE_KINDS } from '../generated/language.ts';
import { RULES } from '../generated/rules.ts';
import { belongs, COMMANDS, HEADERS, OPERATIONS, SETTINGS } from '../language.ts';
import { promisesOf } from '../views/promises.ts';
import { statements } from './written.ts';

/** A word that may stand at a place. */
export interface Option {
  readonly label: string;
  /** What comes behind it, or what it is by itself. */
  readonly detail: string;
  readonly says: string;
}

/** What may stand at a place. */
export interface Place {
  /** Where the word at this place begins. */
  readonly from: number;
  readonly word: string;
  /** The words of the statement before it. */
  readonly words: readonly string[];
  readonly options: readonly Option[];
  /** Whether something must follow, or the statement may end here. */
  readonly must: boolean;
}

/** What the words of a scenario may be, beside the fixed ones. */
export interface Cast {
  readonly servers: number;
  readonly clients: number;
  readonly atUs: number;
}

/** Whether these are the kind and limits of a value, not all its words. */
const isLimited = ([first = '']: readonly string[]): boolean => /^(number|text)$/.test(first);

/** In capitals what its author makes up, in `<>` what another line says; the rest as in docs/SCENARIO.md. */
const GRAMMAR: Readonly<Record<string, string>> = {
  line: 'raft 1 | <header> | set <setting> | (off|on) <rule> | AT <command> | expect <expected> [at TIME]',
  header: HEADERS.map(({ name, values }) =>
    isLimited(values) ? `${name} ${(values[0] ?? '').toUpperCase()}` : `${name} (${values.join('|')})`,
  ).join('|'),
  setting: SETTINGS.map(({ name, scope, kind, values }) => {
    const words = kind === 'choice' ? values : [kind.toUpperCase(), ...values.slice(2)];
    return `${name} ${scope.toUpperCase()} (${words.join('|')})`;
  }).join('|'),
  rule: RULES.map(([name]) => name).join('|'),
  command: `(crash|restart|power-off|power-on|pause|resume) SERVER+ | (timeout|snapshot) SERVER | stall SERVER TIME
    | clock-jump SERVER JUMP | (transfer|cut|mend) LINK | (add|learner|remove) SERVER [via SERVER]
    | voters SERVER+ [via SERVER] | partition <group> (BAR <group>)+ | heal
    | (drop|hold|deliver|duplicate) (MESSAGE | <kind> LINK) | load CLIENT (stop | <load>) | CLIENT <operation> <how>
    | set <setting> | (off|on) <rule> | say QUOTED | end`,
  group: '(SERVER|CLIENT)+',
  kind: [...new Set([...KINDS, ...TWO_PHASE_KINDS]), 'message'].join('|'),
  operation: 'put PAIR | del KEY | get KEY [<mode>]',
  mode: 'stale|leader-local|read-index|lease',
  load: '(put|del|get|mixed SHARE) (every TIME [queue NUMBER] | after TIME) [on KEY | of NUMBER keys] <how>',
  how: '[via SERVER] [within TIME]',
  expected: `violation <property> | no-violation | linearizable | not-linearizable | leader SERVER | no-leader
    | CLIENT (ok|failed|unknown|read KEY|read-nothing) | <fact> [on SERVER+]`,
  property: PROPERTIES.join('|'),
  fact: `role (follower|pre-candidate|candidate|leader) | term NUMBER | voted-for (SERVER|nobody) | log (empty | NUMBER+)
    | committed NUMBER | state PAIR | no-state KEY | blocked | not-blocked`,
};

/** Stands for every character of a quoted text. */
const QUOTE = '\u201d';

/** What is made up: how it looks, and what it is. */
const MADE_UP: Record<string, readonly [RegExp, string]> = {
  AT: [/^@\d+(\.\d+)?(us|ms|s)$/, 'When it happens: @ and a number with us, ms or s.'],
  SERVER: [/^S\d$/, 'A server.'],
  CLIENT: [/^C\d$/, 'A client.'],
  LINK: [/^[SC]\d->[SC]\d$/, 'One direction between two of them.'],
  MESSAGE: [/^m\d+$/, 'A message on its way, by its number.'],
  TIME: [/^\d+(\.\d+)?(us|ms|s)$/, 'A number with us, ms or s.'],
  JUMP: [/^[+-]\d+(\.\d+)?(us|ms|s)$/, 'How far: + or - and a number with us, ms or s.'],
  RANGE: [
    /^[\d.]+(us|ms|s)(\.\.[\d.]+(us|ms|s))?$/,
    'From and to, such as 150ms..300ms; or one time for both.',
  ],
  NUMBER: [/^\d+$/, 'A whole number.'],
  SHARE: [/^\d+(\.\d+)?(%|ppm)$/, 'A number with % or ppm.'],
  DRIFT: [/^-?\d+(\.\d+)?(%|ppm)$/, 'A number with % or ppm; negative for slower.'],
  RATE: [/^\d+(\.\d+)?[kM]?B\/s$/, 'A number with B/s, kB/s or MB/s.'],
  KEY: [/^[\w.-]{1,32}$/, 'Up to 32 letters, digits, _ . or -.'],
  PAIR: [/^[\w.-]{1,32}=[\w.-]{1,32}$/, 'Key = value, each up to 32 letters, digits, _ . or -.'],
  QUOTED: [new RegExp(`^["${QUOTE}]`), 'A text in quotes.'],
  TEXT: [/./, 'A text to the end of the line.'],
  BAR: [/^\|$/, 'The next group.'],
};

/** What is known of fixed words, by what they stand behind: a setting and a rule may have the same name. */
const KNOWN = new Map<string, Option>();
const know = (behind: string, label: string, detail: string, says: string): void => {
  KNOWN.set(`${behind} ${label}`, { label, detail, says });
};
for (const { name, values, initial, says } of HEADERS) {
  const [form, ...ends] = values;
  const limits = isLimited(values)
    ? `${ends.join('–')}${form === 'text' ? ' characters' : ''}`
    : values.join(', ');
  know('', name, initial === '' ? limits : `${limits}, else ${initial}`, says);
}
for (const { name, kind, values, initial, says } of SETTINGS)
  know(
    'set',
    name,
    `${values.slice(0, kind === 'choice' ? 9 : 2).join(kind === 'choice' ? ', ' : '–')}, else ${initial}`,
    says,
  );
for (const [name, section, , says] of RULES)
  for (const word of ['off', 'on']) know(word, name, section, says);
for (const { name, example, says } of COMMANDS) know('@', name, example, says);
for (const { name, example, says } of OPERATIONS) know('C', name, example, says);
for (const { name, example, says } of EXPECTATIONS) know('expect', name, example, says);
for (const protocol of ['twoPhaseCommit', 'raft'] as const)
  for (const [name, says] of promisesOf(protocol)) know('violation', name, '', says);
know('', 'raft', '1', 'The format and its version. It comes first.');
know('', 'set', 'loss 10%', 'A setting, from the start on.');
know('', 'off', 'own-term-commit', 'A rule of the protocol that does not hold.');
know('', 'on', 'own-term-commit', 'A rule that holds, as it does by itself.');
know('', 'expect', 'no-violation', 'What must come of it: judged at the end, or at a time.');

type Pattern =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Pattern[] }
  | { readonly kind: 'maybe' | 'many'; readonly of: Pattern };

const patterns = new Map<string, Pattern>();

/** A line of the grammar, read once. */
function lineOf(name: string): Pattern {
  const pattern = patterns.get(name) ?? anyOf(GRAMMAR[name]?.match(/[^\s|()[\]+]+|[|()[\]+]/g) ?? []);
  patterns.set(name, pattern);
  return pattern;
}

/** Alternatives up to a closing bracket, taken from the tokens. */
function anyOf(tokens: string[]): Pattern {
  const ways: Pattern[][] = [[]];
  let token = tokens.shift();
  for (; token !== undefined && token !== ')' && token !== ']'; token = tokens.shift()) {
    const way = ways[ways.length - 1] as Pattern[];
    if (token === '|') ways.push([]);
    else if (token === '+') way.push({ kind: 'many', of: way.pop() as Pattern });
    else if (token === '(') way.push(anyOf(tokens));
    else if (token === '[') way.push({ kind: 'maybe', of: anyOf(tokens) });
    else way.push({ kind: 'word', word: token });
  }
  return { kind: 'any', of: ways.map((of) => ({ kind: 'all', of })) };
}

/** Follows a pattern along words: `wanted` hears what it would have behind the last one, `next` where it has come through. */
function follow(
  pattern: Pattern,
  words: readonly string[],
  at: number,
  wanted: (word: string) => void,
  next: (at: number) => void,
): void {
  const on = (of: Pattern, from: number, then: (at: number) => void) => follow(of, words, from, wanted, then);
  switch (pattern.kind) {
    case 'all': {
      const [first, ...of] = pattern.of;
      if (first === undefined) next(at);
      else on(first, at, (then) => on({ kind: 'all', of }, then, next));
      break;
    }
    case 'any':
      for (const way of pattern.of) on(way, at, next);
      break;
    case 'maybe':
      on(pattern.of, at, next);
      next(at);
      break;
    case 'many':
      on(pattern.of, at, (then) => {
        next(then);
        on(pattern, then, next);
      });
      break;
    case 'word': {
      const { word } = pattern;
      const here = words[at];
      if (word.startsWith('<')) on(lineOf(word.slice(1, -1)), at, next);
      else if (here === undefined) wanted(word);
      else if (MADE_UP[word]?.[0].test(here) ?? word === here) next(word === 'TEXT' ? words.length : at + 1);
    }
  }
}

/** What may come behind these words of a statement; `null` in place of a word if the statement may end there. */
export function wantedAfter(words: readonly string[]): Set<string | null> {
  const found = new Set<string | null>();
  follow(
    lineOf('line'),
    words,
    0,
    (word) => found.add(word),
    (at) => at === words.length && found.add(null),
  );
  return found;
}

/** What may stand at a place of a text; `null` within a comment or a quoted text. */
export function placeAt(text: string, at: number, cast: Cast): Place | null {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const words = wordsBefore(text.slice(start, at));
  if (words === null) return null;
  const word = /[^\s|;]*$/.exec(text.slice(start, at))?.[0] ?? '';
  if (word !== '') words.pop();
  const wanted = wantedAfter(words);
  const protocol: Protocol = /^\s*protocol\s+two-phase-commit/m.test(text) ? 'twoPhaseCommit' : 'raft';
  const fits = fitting(text.slice(0, start), words, protocol);
  const options = [...wanted]
    .filter((one) => one !== null)
    .flatMap((one) => optionsFor(one, words, cast))
    .filter(({ label }) => fits(label));
  return { from: at - word.length, word, words, options, must: !wanted.has(null) };
}

/** What the word at a place means, or what it is said of. */
export function meaningAt(text: string, at: number): Option | null {
  const end = at + (/^[^\s|;#]*/.exec(text.slice(at))?.[0].length ?? 0);
  const words = wordsBefore(text.slice(text.lastIndexOf('\n', at - 1) + 1, end)) ?? [];
  for (let n = words.length - 1; n >= 0; n -= 1) {
    const known = KNOWN.get(`${behind(words.slice(0, n))} ${words[n]}`);
    if (known) return known;
  }
  const made = words.length === 1 ? MADE_UP.AT : undefined;
  return made?.[0].test(words[0] ?? '') ? { label: words[0] ?? '', detail: '', says: made[1] } : null;
}

/** The words of the statement that a line ends in; `null` if it ends in a comment or a quoted text. */
function wordsBefore(line: string): string[] | null {
  const text = line.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => QUOTE.repeat(quoted.length));
  if (/["#]/.test(text)) return null;
  return /[^;]*$/.exec(text)?.[0].match(/\||[^\s|]+/g) ?? [];
}

/** In what table a word is to be looked up that stands behind these. */
function behind(words: readonly string[]): string {
  const last = words[words.length - 1] ?? '';
  if (words.length === 0) return '';
  if (/^(set|off|on)$/.test(last)) return last;
  if (words.length === 1) return last.startsWith('@') ? '@' : last;
  return words.length === 2 && /^C\d$/.test(last) ? 'C' : last;
}

function optionsFor(wanted: string, words: readonly string[], { servers, clients, atUs }: Cast): Option[] {
  const says = MADE_UP[wanted]?.[1];
  const named = (labels: readonly string[]) =>
    labels
      .filter((label) => !words.includes(label))
      .map((label) => ({ label, detail: '', says: says ?? '' }));
  const ofServers = names('S', servers);
  const ofClients = names('C', clients);
  switch (wanted) {
    case 'AT':
      return [{ label: `@${scenarioTime(atUs)}`, detail: 'the playhead', says: says ?? '' }];
    case 'SERVER':
      return named(ofServers);
    case 'CLIENT':
      return named(ofClients);
    case 'LINK':
      return named([...ofServers, ...ofClients].flatMap((from) => linksOf(from, ofServers, ofClients)));
    case 'BAR':
      return [{ label: '|', detail: '', says: says ?? '' }];
  }
  const set = SETTINGS.find(({ name }) => words.includes(name) && words.includes('set'));
  if (says !== undefined) return set ? [{ label: set.initial, detail: 'by itself', says: set.says }] : [];
  const known = KNOWN.get(`${behind(words)} ${wanted}`);
  return [known ?? { label: wanted, detail: '', says: set?.says ?? '' }];
}

const names = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${letter}${n + 1}`);

/** From one to all others, but not from client to client. */
const linksOf = (from: string, servers: readonly string[], clients: readonly string[]): string[] =>
  [...servers, ...(from.startsWith('C') ? [] : clients)]
    .filter((to) => to !== from)
    .map((to) => `${from}->${to}`);

/** Which words fit what stands before and what the servers run: facts come first, each once, then settings. */
function fitting(text: string, words: readonly string[], protocol: Protocol): (label: string) => boolean {
  const strange = [...SETTINGS, ...COMMANDS]
    .filter((word) => !belongs(word, protocol))
    .map(({ name }) => name);
  if (words.length > 0) {
    const [own, other] = protocol === 'raft' ? [KINDS, TWO_PHASE_KINDS] : [TWO_PHASE_KINDS, KINDS];
    const kinds = other.filter((kind) => !(own as readonly string[]).includes(kind)) as readonly string[];
    const last = words[words.length - 1] ?? '';
    const isFirst = last === 'set' || last.startsWith('@');
    return (label) => !(isFirst && strange.includes(label)) && !kinds.includes(label);
  }
  const first = statements(text).map((statement) => statement.text.split(/\s/)[0] ?? '');
  const begun = first.some((word) => word.startsWith('@') || word === 'expect');
  const set = begun || first.some((word) => /^(set|off|on)$/.test(word));
  return (label) => {
    if (label === 'raft') return first.length === 0;
    if (label.startsWith('@') || label === 'expect') return first.length > 0;
    if (/^(set|off|on)$/.test(label)) return first.length > 0 && !begun;
    return first.length > 0 && !set && !first.includes(label);
  };
}
