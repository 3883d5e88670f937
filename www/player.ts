// Real time → the playhead. Runs only while there is something to play and somebody to see it.

/** A real frame longer than this was a pause (another tab, a busy machine): the run does not jump to make up for it. */
const LONGEST_FRAME_MS = 100;

export interface PlayerHost {
  /** Moves the playhead to here. */
  tick(atUs: number): void;
  requestFrame(callback: (now: number) => void): number;
  cancelFrame(handle: number): void;
}

export class Player {
  readonly #host: PlayerHost;
  #handle: number | null = null;
  #last: number | null = null;
  /** The wanted place, with fractions of a microsecond that slow motion must not lose. */
  #wantedUs = 0;
  #atUs = 0;
  #speed = 1;

  constructor(host: PlayerHost) {
    this.#host = host;
  }

  /** Tells where the playhead is, whether it shall run, and how fast (simulated seconds per second). */
  follow(atUs: number, running: boolean, speed: number): void {
    // A playhead that is elsewhere than the last tick put it was moved by somebody, or could not follow.
    if (Math.abs(atUs - this.#wantedUs) >= 1) this.#wantedUs = atUs;
    this.#atUs = atUs;
    this.#speed = speed;
    if (running && this.#handle === null) this.#request();
    if (!running) this.stop();
  }

  stop(): void {
    if (this.#handle !== null) this.#host.cancelFrame(this.#handle);
    this.#handle = null;
    this.#last = null;
  }

  #request(): void {
    this.#handle = this.#host.requestFrame((now) => this.#frame(now));
  }

  #frame(now: number): void {
    this.#request();
    const elapsed = this.#last === null ? 0 : Math.min(now - this.#last, LONGEST_FRAME_MS);
    this.#last = now;
    this.#wantedUs += elapsed * 1000 * this.#speed;
    if (Math.floor(this.#wantedUs) > this.#atUs) this.#host.tick(Math.floor(this.#wantedUs));
  }
}
