// Which settings and rules hold at a moment, read from the scenario that runs: every change of them is a line of it.

import { SETTINGS } from './language.ts';

/** What is set, and since when: by the engine itself, by the scenario's beginning, or by a command of the run. */
export interface Held {
  readonly value: string;
  readonly since: 'ever' | 'start' | 'run';
}

interface Change {
  readonly atUs: number;
  /** `latency S1->S2`, `rule one-vote`. */
  readonly target: string;
  readonly value: string;
}

const LINE = /^(?:@(\d+)(ms|us) +)?(set|off|on) (.+)$/gm;
/** Before all that happens. */
const START = -1;

let known: { readonly text: string; readonly changes: readonly Change[] } = { text: '', changes: [] };

/** What a scenario's canonical text changes, in order. Of the last text it is remembered. */
function changesOf(text: string): readonly Change[] {
  if (known.text === text) return known.changes;
  const changes = [...text.matchAll(LINE)].map(([, digits, unit, verb = '', words = '']): Change => {
    const atUs = digits === undefined ? START : Number(digits) * (unit === 'ms' ? 1000 : 1);
    if (verb !== 'set') return { atUs, target: rule(words), value: verb };
    const space = words.lastIndexOf(' ');
    return { atUs, target: words.slice(0, space), value: words.slice(space + 1) };
  });
  known = { text, changes };
  return changes;
}

/** The settings of one moment. */
export class Settings {
  readonly #held = new Map<string, Held>();
  readonly #start = new Map<string, string>();

  constructor(text: string, atUs: number) {
    for (const { atUs: since, target, value } of changesOf(text)) {
      if (since > atUs) break; // commands stand in the order of time
      // One for all takes the place of those for one.
      for (const other of this.#held.keys()) if (other.startsWith(`${target} `)) this.#held.delete(other);
      if (since === START) this.#start.set(target, value);
      this.#held.set(target, { value, since: since === START ? 'start' : 'run' });
    }
  }

  /** What holds of `latency`, of `latency S1->S2`, of `rule one-vote`. */
  of(target: string): Held {
    const [name = ''] = target.split(' ');
    return this.#held.get(target) ?? this.#held.get(name) ?? { value: initial(name), since: 'ever' };
  }

  /** What it could be set back to: as the scenario began, else as it is by itself; `null` if it is that. */
  before(target: string): string | null {
    const { value, since } = this.of(target);
    const [name = ''] = target.split(' ');
    const began = this.#start.get(target) ?? this.#start.get(name);
    const before = since === 'run' ? (began ?? initial(name)) : initial(name);
    return same(value, before) ? null : before;
  }

  /** Those said of one link or server alone, with their whom: `S1->S2`. */
  single(name: string): { whom: string; value: string }[] {
    return [...this.#held].flatMap(([target, { value }]) =>
      target.startsWith(`${name} `) ? [{ whom: target.slice(name.length + 1), value }] : [],
    );
  }

  /** How many rules are off. */
  get off(): number {
    return [...this.#held].filter(([target, { value }]) => target.startsWith('rule ') && value === 'off')
      .length;
  }
}

/** Some rules have the name of a setting that switches them on. */
export const rule = (name: string): string => `rule ${name}`;

const INITIAL = new Map(SETTINGS.map(({ name, initial }) => [name, initial]));

/** How it is by itself: a rule holds. */
const initial = (name: string): string => INITIAL.get(name) ?? 'on';

/** Two ways to write one value: `2s` and `2000ms`. */
const same = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (value: string): string => value.replace(/\b0*(\d+)s\b/g, '$1000ms').replace(/\b0ppm$/, '0%');
