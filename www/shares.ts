// How large the parts of an arrangement are. Numbers only; all lengths are CSS pixels.

import { clamp } from './geometry.ts';
import type { Divider, Layout } from './layout.ts';
import type { Size } from './views/contract.ts';

/** Which share of a place its first part has, and between what it may be set. */
export interface Share {
  readonly now: number;
  readonly least: number;
  readonly most: number;
}

/** How high the read modes are by themselves: five rows, their heads and the card's. */
const READS = 196;

/** What the part behind a divider needs at least, of what is left and right or above and below it. */
const LEAST: Record<Divider, readonly [before: number, after: number]> = {
  cluster: [220, 220],
  side: [400, 340],
  editor: [300, 340],
  ladder: [180, 130],
  lower: [120, 120],
  reads: [130, 110],
  text: [160, 90],
};

/** A page as far as its dividers go: how large it is, and which of them somebody has moved, and where to. */
export interface Place {
  readonly layout: Layout;
  readonly page: Size;
  readonly shares: Readonly<Partial<Record<Divider, number>>>;
  /** Whether the scenario's text takes the place of the controls. */
  readonly editing: boolean;
  /** Whether lessons do so, if at all: `null` if not. */
  readonly lessons?: string | null;
  /** What is shown below it: controls need more room than events. */
  readonly tab?: string;
}

/** The share of a divider: as somebody set it, or as it is by itself. */
export function shareOf(divider: Divider, place: Place): Share {
  const { layout, page, shares } = place;
  const wide = layout === 'wide';
  const learning = typeof place.lessons === 'string';
  const [before, after] = !wide && divider === 'side' ? [240, 240] : LEAST[divider];
  const length = Math.max(1, lengthOf(divider, place));
  const least = clamp(before / length, 0.1, 0.5);
  const most = clamp(1 - after / length, 0.5, 0.9);
  const column = wide ? clamp(page.width * (learning ? 0.25 : 0.21), 344, 440) : page.width / 2;
  const usual: Record<Divider, number> = {
    cluster: 0.476,
    side: 1 - column / length,
    editor: 1 - (wide ? clamp(page.width * 0.44, 400, 680) : page.width * 0.54) / length, // 80 letters, where there is room
    ladder: wide ? 0.54 : clamp(1 - 238 / length, 0.4, 0.58),
    lower: wide ? (learning ? 0.62 : 0.56) : 0.5,
    reads: 1 - READS / length,
    text: place.tab === 'controls' ? 0.36 : wide ? 0.68 : 0.6,
  };
  return { now: clamp(shares[divider] ?? usual[divider], least, most), least, most };
}

/** Whether the read modes have room below the logs; else they are a tab beside them. */
export const fitsReads = (place: Place): boolean => lengthOf('reads', place) > 340;

/** How long the place is that a divider divides, about. */
function lengthOf(divider: Divider, place: Place): number {
  const { width, height } = place.page;
  if (divider === 'reads') return lengthOf('ladder', place) * shareOf('ladder', place).now;
  if (divider === 'ladder' || divider === 'lower' || divider === 'text')
    return height - (place.layout === 'wide' ? 150 : 120); // without the bars
  return divider === 'cluster' ? width * shareOf(place.editing ? 'editor' : 'side', place).now : width;
}
