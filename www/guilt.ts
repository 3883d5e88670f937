// What to light when something promised falls.

import type { Light, Place } from './falls.ts';
import { clientName, serverName } from './format.ts';
import type { Event, GuiltFrame, TraceEvent } from './generated/engine.ts';
import type { Recall } from './recall.ts';

export const lightOf = (
  { names, entries, ops, stale, events }: GuiltFrame,
  trail: Pick<Recall, 'event'>,
): Light => ({
  names: new Set(names),
  entries: new Set(entries.map(({ server, index }) => `${server} ${index}`)),
  ops: new Set(ops),
  stale,
  events: new Set(events),
  places: events.flatMap((seq) => trail.event(seq) ?? []).map(placeOf),
});

function placeOf({ seq, atUs, event }: TraceEvent): Place {
  return { seq, atUs, name: doer(event) };
}

/** Who did it. */
function doer(event: Event): string | null {
  if ('server' in event) return serverName(event.server);
  if ('client' in event) return clientName(event.client);
  if (event.type !== 'Sent') return null;
  const { packet } = event;
  if ('message' in packet) return serverName(packet.message.from);
  return packet.type === 'Response' ? serverName(packet.from) : clientName(packet.from);
}
