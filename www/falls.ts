// When something promised falls: what fell, and what to light in every picture.

import type { Frame } from './generated/engine.ts';
import type { Action } from './store.ts';

/** What one event broke. */
export interface Fall {
  readonly seq: number;
  readonly atUs: number;
  /** Of the properties, the gravest first. */
  readonly names: readonly string[];
  /** What happened, as a sentence. */
  readonly text: string;
}

/** A fall that is looked at. */
export interface ShownFall extends Fall {
  /** The events to look at, the breaking one last. */
  readonly events: readonly number[];
  /** Which of them is looked at. */
  readonly at: number;
  /** Whether it is looked at by itself. */
  readonly looked: boolean;
}

/** What is to blame for what fell. */
export interface Light {
  readonly names: ReadonlySet<string>;
  /** As `S1 4`. */
  readonly entries: ReadonlySet<string>;
  readonly ops: ReadonlySet<number>;
  readonly stale: number | null;
  readonly events: ReadonlySet<number>;
  /** Where those events are in the space-time diagram; on no lane if `name` is null. */
  readonly places: readonly Place[];
}

export interface Place {
  readonly seq: number;
  readonly atUs: number;
  readonly name: string | null;
}

export const DARK: Light = {
  names: new Set(),
  entries: new Set(),
  ops: new Set(),
  stale: null,
  events: new Set(),
  places: [],
};

/** What the event at `seq` broke, as far as it is known at the playhead; without one, what fell last. */
export function fallOf({ violations, linearizable }: Frame, seq?: number): Fall | null {
  const all = violations.map(({ property, text, ...when }) => {
    return { ...when, name: spaced(property), text: text.slice(text.indexOf(': ') + 2) };
  });
  // What clients saw may also fall where nobody promised it.
  if (linearizable.verdict === 'no') {
    const { seq, atUs, text } = linearizable;
    if (!all.some((other) => other.seq === seq && other.name === 'Linearizability'))
      all.push({ seq, atUs, text, name: 'Linearizability' });
  }
  const which = seq ?? Math.max(...all.map((fall) => fall.seq));
  const [first, ...others] = all.filter((fall) => fall.seq === which);
  if (!first) return null;
  const { name, ...fall } = first;
  return { ...fall, names: [name, ...others.map((other) => other.name)] };
}

/** Goes to the next event that speaks against a promise, or to the one before; round and round. */
export const evidence = (fall: ShownFall, by: number): Action => {
  const at = (fall.at + by + fall.events.length) % fall.events.length;
  return { type: 'evidenceShown', fall, at, seq: fall.events[at] as number };
};

/** `ElectionSafety` as `Election Safety`. */
export const spaced = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
