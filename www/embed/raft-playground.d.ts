// The element <raft-playground>. Importing the module defines it.

/** What runs, and where the playhead is, after either changed by somebody's hand. */
export interface RaftChange {
  /** The scenario as text, with all that was done by hand. */
  readonly scenario: string;
  /** The playhead, in µs of the simulated world. */
  readonly atUs: number;
  readonly playing: boolean;
  readonly branch: number;
}

/** Something notable that happened: an event of the trace. */
export interface RaftEvent {
  readonly seq: number;
  /** When, in µs of the simulated world. */
  readonly atUs: number;
  /** What: its `type`, such as `Crashed` or `Committed`, and what belongs to that. */
  readonly event: { readonly type: string; readonly [field: string]: unknown };
  /** The event that led to it, if one did. */
  readonly cause: number | null;
}

/** A promise of the protocol that was broken. */
export interface RaftViolation {
  readonly seq: number;
  readonly atUs: number;
  /** Such as `ElectionSafety`. */
  readonly property: string;
  readonly sentence: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'raft-playground': HTMLElement;
  }
  interface HTMLElementEventMap {
    'raft-change': CustomEvent<RaftChange>;
    'raft-event': CustomEvent<RaftEvent>;
    'raft-violation': CustomEvent<RaftViolation>;
  }
}
