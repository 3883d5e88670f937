// How long what the engine tells of a server lasts, in both pictures of time.

import type { LaneSpan } from '../generated/engine.ts';

/** The spans, the last of each server lasting to the end of what is known: nothing new about it has happened since they were asked for. */
export const lasting = (spans: readonly LaneSpan[], endUs: number): LaneSpan[] => {
  const last = new Map(spans.map((span) => [span.server, span]));
  const lasts = (span: LaneSpan): boolean => last.get(span.server) === span && span.toUs < endUs;
  return spans.map((span) => (lasts(span) ? { ...span, toUs: endUs } : span));
};
