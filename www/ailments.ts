// What ails a server, in words: its disk, its clock, its process.

import { duration, percent } from './format.ts';
import type { Frame, ServerFrame } from './generated/engine.ts';

/** What is the matter with a server's disk. */
export type DiskTrouble = 'full' | 'lies' | 'stalls' | 'torn';

export function diskTrouble({ id, stalled, torn }: ServerFrame, { settings }: Frame): DiskTrouble | null {
  if (torn) return 'torn';
  if (settings.special.includes(`disk ${id} full`)) return 'full';
  if (settings.special.includes(`disk ${id} lies`)) return 'lies';
  return stalled ? 'stalls' : null;
}

/** The words for it, short and as a sentence. */
export const DISK_WORDS: Record<DiskTrouble, readonly [short: string, long: string]> = {
  torn: ['torn write', 'the power went while a record was written: recovery will drop its torn end'],
  full: ['disk full', 'its disk is full: with its next write it stops itself'],
  lies: ['disk lies', 'its disk says “synced” before it is so'],
  stalls: ['disk stalls', 'its disk takes longer than it should'],
};

/** What ails a server, the worst first; `null` if nothing does. */
export function ailment(server: ServerFrame, frame: Frame): string | null {
  if (server.paused) return 'paused';
  const disk = diskTrouble(server, frame);
  return disk && (server.up || disk === 'torn') ? DISK_WORDS[disk][0] : null;
}

/** How much faster a server's clock goes, in ppm. */
export const driftOf = ({ id }: ServerFrame, { settings }: Frame): number =>
  Number.parseInt(settings.special.find((line) => line.startsWith(`drift ${id} `))?.split(' ')[2] ?? '0', 10);

/** All that ails a server, in few words. */
export function conditions(server: ServerFrame, frame: Frame): string[] {
  const disk = diskTrouble(server, frame);
  const clock = clockWords(server, frame);
  return [
    ...(server.paused ? ['paused'] : []),
    ...(disk ? [DISK_WORDS[disk][0]] : []),
    ...(clock ? [`clock ${clock.join(', ')}`] : []),
  ];
}

const signed = (n: number, words: string): string => `${n < 0 ? '−' : '+'}${words}`;

/** How a clock differs from the world's: how much faster it goes, and how far ahead it is; `null` if it does not. */
export function clockWords(server: ServerFrame, frame: Frame): readonly string[] | null {
  const [drift, ahead] = [driftOf(server, frame), server.clockAheadUs];
  if (drift === 0 && ahead === 0) return null;
  return [
    ...(drift === 0 ? [] : [signed(drift, percent(Math.abs(drift)))]),
    ...(Math.abs(ahead) < 1000 ? [] : [signed(ahead, duration(Math.round(Math.abs(ahead) / 1000) * 1000))]),
  ];
}
