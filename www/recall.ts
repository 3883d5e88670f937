// What happened earlier, for sentences that only name it.

import type { Event, Operation, Packet, TraceEvent } from './generated/engine.ts';

/** Finds what happened earlier. */
export interface Recall {
  /** The event at this position; `null` past the end. */
  event(seq: number): TraceEvent | null;
  /** What this operation was to do. */
  operation(op: number): Operation | null;
}

/** The event by which a message went out first. */
type Sending = TraceEvent & { readonly event: Extract<Event, { type: 'Sent' }> };

/** The sending of what an event is about: received ← duplicated ← sent, and somebody may copy copies. */
export function sendingOf(cause: number | null, recall: Recall): Sending | null {
  for (let seq = cause; seq !== null; ) {
    const earlier = recall.event(seq);
    if (earlier?.event.type === 'Sent') return earlier as Sending;
    const passesOn = earlier?.event.type === 'Delivered' || earlier?.event.type === 'Duplicated';
    seq = passesOn ? earlier.cause : null;
  }
  return null;
}

/** The packet whose fate an event tells. */
export const packetOf = (cause: number | null, recall: Recall): Packet | null =>
  sendingOf(cause, recall)?.event.packet ?? null;
