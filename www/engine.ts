// The door to the compiled engine: the only importer of the wasm. It is fetched and compiled once for all elements of a page.

import type {
  BesideFrame,
  BranchFrame,
  Frame,
  GuiltFrame,
  Lanes,
  LinkFrame,
  Operation,
  ParseErrorFrame,
  ReadTable,
  TraceEvent,
} from './generated/engine.ts';
import first from './pkg/first.wasm?packed';
import {
  freshSeed,
  initSync,
  linkOf,
  ReadModes as Modes,
  Session as Run,
  readLink,
} from './pkg/raft_wasm.js';
import rest from './pkg/rest.wasm?packed';
import { whenAsked } from './rest.js';
import { atOnce, calmly, type Steps, unpacked } from './unpack.ts';

/** One run with its branches, its history and a playhead. All times are whole microseconds of the simulated world. */
export interface Session {
  /**
   * Plays on to `atUs`, making history as needed, for at most `budgetMs` of real time, and no further than the first event from
   * `news` on that breaks a promise. Gives back where it got.
   */
  playTo(atUs: number, budgetMs: number, news?: number): number;
  /** Whether it got no further because a promise was broken. */
  fell(): boolean;
  /** Puts the playhead anywhere; past the known end it makes history. */
  seek(atUs: number): void;
  /** To just after the next thing that happens. False when there is none. */
  stepForward(): boolean;
  /** To just before the last thing that happened. False at the beginning. */
  stepBack(): boolean;
  toStart(): void;
  toEnd(): void;
  /** Carries out a command, written as in a scenario but without its time; several lines together. In the past it begins a new branch. Throws a {@link Refused}. */
  command(lines: string): void;
  /** Takes back the last command given by hand. False when there is none. Throws a {@link Refused}. */
  undo(): boolean;
  /** The command that `undo` takes back next. */
  undoable(): string | undefined;
  /**
   * The playhead's moment, with `logCount` log entries from index `logFrom` on; from 0 on are the last `logCount - 2` of the longest
   * log. `inMotion` leaves out the messages in flight, which are most of it.
   */
  frame(logFrom: number, logCount: number, inMotion?: boolean): Frame;
  /** The fingerprint of the trace up to the playhead: 16 hex digits. */
  fingerprint(): string;
  /** The event by which a server, from 1, first knew this entry to be committed, if it does. */
  committed(server: number, index: number): number | undefined;
  /** Up to `count` events from `fromSeq` on. */
  events(fromSeq: number, count: number): TraceEvent[];
  /** How many events are known. */
  eventCount(): number;
  /** Messages between two moments, in rows of ten numbers. */
  arrows(fromUs: number, toUs: number): Float64Array;
  /** The messages in flight, in the same rows; but instead of their fate, since when they are held (µs), or -1. */
  flights(): Float64Array;
  /** What servers and clients were doing between two moments. */
  lanes(fromUs: number, toUs: number): Lanes;
  /** Of the whole known history what servers were, and marks; nothing else. */
  outline(): Lanes;
  /** What a client asked for. */
  operation(op: number): Operation | null;
  /** What the promises that this event breaks are about. */
  guilt(seq: number): GuiltFrame;
  branches(): BranchFrame[];
  switchBranch(id: number): void;
  /** Forgets a branch; those that left it stay. Throws a {@link Refused} for the first. */
  removeBranch(id: number): void;
  /** Another branch at the playhead's time, or as far as it comes at one go. `null` if there is none, or too much happened in it. */
  beside(id: number, logFrom: number, logCount: number): BesideFrame | null;
  /** The current branch as scenario text. */
  text(): string;
  /** Gives its memory back. */
  free(): void;
}

/** One scenario once for each way to read. */
export interface ReadModes {
  /** Runs on for about `budgetMs` of real time. Gives back whether there is more to do. */
  runSome(budgetMs: number): boolean;
  /** What came of it so far. */
  table(): ReadTable;
  /** The scenario with this way to read, as text. */
  text(mode: string): string | undefined;
  /** Gives its memory back. */
  free(): void;
}

export interface Engine {
  /** Starts a run of this scenario. Throws a {@link ParseErrorFrame}. */
  open(text: string): Session;
  /** What a link says; `null` of what is none. Throws a {@link ParseErrorFrame}. */
  readLink(link: string): LinkFrame | null;
  /** A scenario as it stands behind the # of a link. Throws a {@link ParseErrorFrame}. */
  linkOf(text: string): string;
  /** Prepares to run this scenario once for each way to read. Throws a {@link ParseErrorFrame}. */
  compareReads(text: string): ReadModes;
  /** A seed nobody had before. */
  freshSeed(): string;
  /**
   * Fetches what a first visit does without: better before somebody steers than when the engine comes to it, for then the page stands
   * still until it is there. Without a network nothing happens.
   */
  complete(): Promise<void>;
}

/** What the engine throws when it cannot do what was asked; anything else it throws means that it broke. */
export type Refused = ParseErrorFrame | { readonly message: string };

let loading: Promise<Engine> | null = null;

/** The engine, compiled at the first call. */
export function engine(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  const [half, unpack] = await unpacked(await fetched(first));
  const lent = initSync({ module: await WebAssembly.compile(atOnce(half)) });
  let steps: Steps | undefined; // by which the rest is unpacked
  let isWhole = false;
  const join = (module: WebAssembly.Module) => {
    if (!isWhole) new WebAssembly.Instance(module, { '': lent as unknown as WebAssembly.ModuleImports });
    isWhole = true;
  };
  whenAsked(() => {
    steps ??= unpack(fetchedAtOnce(rest));
    join(new WebAssembly.Module(atOnce(steps)));
  });
  let coming: Promise<void> | null = null;
  return {
    open: (text) => Run.open(text) as Session,
    compareReads: (text) => Modes.open(text),
    freshSeed,
    readLink,
    linkOf,
    complete: () => {
      const again = () => {
        coming = null; // when it is needed, it is asked for once more
        steps = undefined;
      };
      coming ??= fetched(rest)
        .then((bytes) => {
          steps ??= unpack(bytes);
          return calmly(steps);
        })
        .then((code) => {
          steps = undefined;
          return code && WebAssembly.compile(code).then(join);
        })
        .catch(again);
      return coming;
    },
  };
}

const MISSING = 'The engine did not come';

async function fetched(address: string): Promise<Uint8Array<ArrayBuffer>> {
  if (address.startsWith('data:')) return within(address);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${MISSING}: ${answer.status} ${answer.statusText}.`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The page waits for it: the engine has come to a function that is not there, and cannot go on without. */
function fetchedAtOnce(address: string): Uint8Array<ArrayBuffer> {
  if (address.startsWith('data:')) return within(address);
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.overrideMimeType('text/plain; charset=x-user-defined'); // its bytes, in the low halves of characters
  request.send();
  if (request.status !== 200) throw new Error(`${MISSING}: ${request.status} ${request.statusText}.`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
}

/** What an address holds itself. A policy may forbid to fetch such. */
const within = (address: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (character) => character.charCodeAt(0));

/** Whether this is the engine saying no, and not the engine breaking. */
export function isRefusal(thrown: unknown): thrown is Refused {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    typeof (thrown as Refused).message === 'string' &&
    !(thrown instanceof WebAssembly.RuntimeError) &&
    !(thrown instanceof TypeError) &&
    !(thrown instanceof RangeError)
  );
}

/** Whether a refusal points at a place in the text. */
export const isParseError = (refused: Refused): refused is ParseErrorFrame => 'line' in refused;
