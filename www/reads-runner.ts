// Runs a scenario once for each way to read, in small slices while somebody looks at what comes of it. Once it is done, and while
// nobody looks, nothing runs and no timer is set.

import type { ReadModes } from './engine.ts';
import type { ReadTable } from './generated/engine.ts';

/** How long a slice of the work may take. */
const SLICE_MS = 4;
/** A text that changes is left to settle for so long. */
const SETTLE_MS = 250;
/** How often what came of it so far is told. */
const TELL_MS = 150;

export interface ReadsHost {
  open(text: string): ReadModes;
  tell(table: ReadTable, running: boolean): void;
  broke(thrown: unknown): void;
}

export class ReadsRunner {
  readonly #host: ReadsHost;
  #modes: ReadModes | null = null;
  /** What is compared, or was; and what shall be. */
  #of: string | null = null;
  #wanted: string | null = null;
  #running = false;
  #told = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #slice: number | null = null;

  constructor(host: ReadsHost) {
    this.#host = host;
  }

  /** Compares this scenario; `null` while nobody looks. */
  follow(text: string | null): void {
    if (text === null) {
      this.stop();
      return;
    }
    const wanted = withoutModes(text);
    if (wanted === this.#of) {
      this.#settle(wanted);
      if (this.#running) this.#ask();
    } else if (wanted !== this.#wanted) {
      this.#settle(wanted);
      if (this.#of === null) this.#begin();
      else this.#timer = setTimeout(() => this.#begin(), SETTLE_MS);
    }
  }

  stop(): void {
    this.#settle(this.#of);
    if (this.#slice !== null) idle.cancel(this.#slice);
    this.#slice = null;
  }

  /** The scenario with this way to read. */
  text(mode: string): string | null {
    return this.#modes?.text(mode) ?? null;
  }

  #settle(wanted: string | null): void {
    clearTimeout(this.#timer);
    this.#wanted = wanted;
  }

  #begin(): void {
    this.#modes?.free();
    this.#of = this.#wanted;
    this.#modes = this.#host.open(this.#of ?? '');
    this.#running = true;
    this.#told = -Infinity;
    this.#ask();
  }

  #ask(): void {
    this.#slice ??= idle.ask(() => {
      this.#slice = null;
      try {
        this.#work();
      } catch (thrown) {
        this.#running = false;
        this.#modes = null; // not freed: a broken engine cannot free
        this.#of = null;
        this.#host.broke(thrown);
      }
    });
  }

  #work(): void {
    if (this.#modes === null) return;
    this.#running = this.#modes.runSome(SLICE_MS);
    if (this.#running) this.#ask();
    const now = performance.now();
    if (this.#running && now - this.#told < TELL_MS) return;
    this.#told = now;
    this.#host.tell(this.#modes.table(), this.#running);
  }
}

/** When the browser has nothing better to do, or has not said so for a while; one that never says so, soon. */
const idle =
  typeof requestIdleCallback === 'function'
    ? {
        ask: (work: () => void) => requestIdleCallback(work, { timeout: 50 }),
        cancel: (slice: number) => cancelIdleCallback(slice),
      }
    : {
        ask: (work: () => void) => Number(setTimeout(work)),
        cancel: (slice: number) => clearTimeout(slice),
      };

/** The scenario whatever its way to read: all ways are compared in any case. */
const withoutModes = (text: string): string => text.replace(/^(@\S+ +)?set reads \S+\n?/gm, '');
