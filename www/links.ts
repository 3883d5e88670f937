// Links to what runs: the scenario, the beginning of its fingerprint, and what else rides along.

import type { Engine } from './engine.ts';
import { packed } from './link-packing.ts';

/** Links longer than this are packed. */
const PLAIN = 1500;
/** A longer link is none: not everybody takes it. */
const LONGEST_LINK = 8000;
/** How long to look for a fingerprint, and how much of it at one go. */
const SEARCH_MS = 2000;
const SLICE_MS = 40;
/** How many digits of the fingerprint ride along. */
const DIGITS = 8;

/** What rides along beside the scenario. */
export interface Notes {
  readonly view?: string;
  readonly at?: string;
  readonly speed?: string;
  readonly play?: string;
  readonly from?: string;
  readonly is?: string;
}

/** Makes links, and remembers what was found out for the last one. */
export class Links {
  readonly #engine: Pick<Engine, 'linkOf' | 'open'>;
  #text = '';
  #fragment = '';
  #print: string | null | undefined;

  constructor(engine: Pick<Engine, 'linkOf' | 'open'>) {
    this.#engine = engine;
  }

  /** The part of the link behind the #, `null` if it would be longer than links may be. */
  async to(text: string, notes: Notes, proves: boolean): Promise<string | null> {
    if (text !== this.#text) {
      this.#text = text;
      this.#print = undefined;
      this.#fragment = this.#engine.linkOf(text);
      if (this.#fragment.length > PLAIN) {
        const short = `raft+1/${await packed(text)}`;
        if (text === this.#text && short.length < this.#fragment.length) this.#fragment = short;
      }
    }
    const fragment = this.#fragment;
    if (proves && this.#print === undefined) {
      const print = await this.fingerprint(text);
      if (text === this.#text) this.#print = print;
    }
    const is = text === this.#text ? this.#print?.slice(0, DIGITS) : undefined;
    const rest = Object.entries({ ...notes, is }).map(([name, value]) =>
      value === undefined ? '' : `/${name}=${value}`,
    );
    const link = fragment + rest.join('');
    return link.length > LONGEST_LINK ? null : link;
  }

  /** The fingerprint that `raft run` gives of this scenario, found in slices; `null` if that takes too long. */
  async fingerprint(text: string): Promise<string | null> {
    const run = this.#engine.open(text);
    const endUs = endOf(run.text());
    try {
      for (let before = -1, spent = 0; spent < SEARCH_MS; spent += SLICE_MS) {
        const reached = run.playTo(endUs, SLICE_MS / 4);
        const print = run.fingerprint(); // goes on from the last slice's
        if (reached >= endUs) return print;
        if (reached === before) return null; // more than is kept
        before = reached;
        await new Promise((resolve) => setTimeout(resolve, SLICE_MS / 2));
      }
      return null;
    } finally {
      run.free();
    }
  }
}

/** When `raft run` ends, from the canonical text: at the end, or 5 s after the last command or expectation. */
function endOf(text: string): number {
  const times = [...text.matchAll(/^@(\d+)([mu])s (.*)|^expect .* at (\d+)([mu])s$/gm)].map(
    ([, at = '', unit = '', command, by = '', byUnit = '']) => ({
      us: Number(at || by) * ((unit || byUnit) === 'm' ? 1000 : 1),
      ends: command?.trim() === 'end',
    }),
  );
  return times.find(({ ends }) => ends)?.us ?? Math.max(0, ...times.map(({ us }) => us)) + 5_000_000;
}
