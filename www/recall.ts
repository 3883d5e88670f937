// What happened earlier, for sentences that only name it.

import type { Operation, Packet, TraceEvent } from './generated/engine.ts';

/** Finds what happened earlier. */
export interface Recall {
  /** The event at this position; `null` past the end. */
  event(seq: number): TraceEvent | null;
  /** What this operation was to do. */
  operation(op: number): Operation | null;
}

/** The packet whose fate an event tells: follows causes back to the sending. */
export function packetOf(cause: number | null, recall: Recall): Packet | null {
  let seq = cause;
  // Received ← duplicated ← sent, and somebody may copy copies: more steps mean that the cause is of another kind.
  for (let step = 0; seq !== null && step < 16; step++) {
    const earlier = recall.event(seq);
    if (earlier === null) return null;
    if (earlier.event.type === 'Sent') return earlier.event.packet;
    const passesOn = earlier.event.type === 'Delivered' || earlier.event.type === 'Duplicated';
    seq = passesOn ? earlier.cause : null;
  }
  return null;
}
