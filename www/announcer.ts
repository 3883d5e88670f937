// Tells those who listen what those who look see: the newest sentence, and not more often than one can follow.

import type { Picture } from './picture.ts';
import { sentence } from './sentences.ts';

/** While playing, at most one sentence in this time. */
const PAUSE_MS = 2_500;

export class Announcer {
  readonly #say: (words: string) => void;
  #told: { branch: number; seq: number } | null = null;
  #at = -Infinity;

  constructor(say: (words: string) => void) {
    this.#say = say;
  }

  /** Says the last event before the playhead, unless it was said. `now` is real time in ms. */
  tell(
    { past, frame, trail }: Pick<Picture, 'past' | 'frame' | 'trail'>,
    playing: boolean,
    now: number,
  ): void {
    const event = past[past.length - 1];
    const { branch } = frame;
    if (!event || (this.#told?.seq === event.seq && this.#told.branch === branch)) return;
    if (playing && now - this.#at < PAUSE_MS) return;
    this.#told = { branch, seq: event.seq };
    this.#at = now;
    this.#say(sentence(event, trail).what);
  }
}
