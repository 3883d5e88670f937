// What has become of a server, in words.

import type { Frame, ServerFrame } from './generated/engine.ts';

/** Why a server that is down is down. */
export const whyDown = ({ unpowered }: ServerFrame): string => (unpowered ? 'no power' : 'crashed');

/** What ails a server that is up, the worst first; `null` if nothing does. */
export function ailment({ id, paused, stalled }: ServerFrame, { settings }: Frame): string | null {
  if (paused) return 'paused';
  if (settings.special.includes(`disk ${id} full`)) return 'disk full';
  if (settings.special.includes(`disk ${id} lies`)) return 'disk lies';
  return stalled ? 'disk stalls' : null;
}
