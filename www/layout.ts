// Which arrangement fits a place, and what it is made of. All lengths are CSS pixels.

import type { Size } from './views/contract.ts';

/** All views side by side; in two columns, some as tabs; or one at a time. */
export type Layout = 'wide' | 'medium' | 'narrow';

/** What is around the views: everything, the time alone, or nothing. */
export const AROUND = ['all', 'time', 'none'] as const;
export type Around = (typeof AROUND)[number];

/** What the attribute `controls` names: `all`, `time` or `none`; anything else is `all`. */
export const aroundOf = (name: string | null): Around =>
  AROUND.find((around) => around === name?.trim().toLowerCase()) ?? 'all';

/** The views, each of which can be shown alone. `ladder` is the space-time diagram. */
export const VIEWS = ['cluster', 'logs', 'ladder', 'events', 'reads', 'controls', 'scenario'] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_NAMES: Record<View, string> = {
  cluster: 'Cluster',
  logs: 'Logs',
  ladder: 'Space-time',
  events: 'Events',
  reads: 'Reads',
  controls: 'Controls',
  scenario: 'Scenario',
};

/** The view that the attribute `view` names: `cluster`, `logs`, `space-time`, `events`, `reads`, `controls` or `scenario`; `null` for all of them. */
export const viewOf = (name: string | null): View | null =>
  VIEWS.find((view) => VIEW_NAMES[view].toLowerCase() === name?.trim().toLowerCase()) ?? null;

/** Which arrangement fits. */
export function layoutOf({ width, height }: Size): Layout {
  if (width < 640 || height < 460) return 'narrow';
  return width >= 1100 && height >= 640 ? 'wide' : 'medium';
}

/** The lines between two parts, by the part that they are dragged for. */
export type Divider = 'cluster' | 'side' | 'editor' | 'ladder' | 'lower' | 'text' | 'reads';
