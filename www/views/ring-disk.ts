// The sign of a server's disk: what is on it, and what only is to come there.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { ServerFrame } from '../generated/engine.ts';
import { round } from '../geometry.ts';
import { classes } from './pick.ts';
import { signsAt, strokesOf } from './ring-glyphs.ts';
import type { Look } from './ring-plan.ts';

/** What is the matter with it. */
export interface Trouble {
  readonly name: string;
  readonly sign: string;
  readonly says: string;
}

/** At a corner of the square in the circle, -1 left or above, 1 right or below. */
export const corner = (x: number, y: number, { r }: Look): string => {
  const out = r * 0.71 + (r < 20 ? 3 : 4);
  return `translate(${round(x * out)} ${round(y * out)})${r < 26 ? ' scale(0.8)' : ''}`;
};

/** A drum, full where all is synced; an empty one holds what is only in the page cache, so many entries or a vote. */
const DRUM = 'M-7 -4.5c0 -3.2 14 -3.2 14 0v9c0 3.2 -14 3.2 -14 0z';
const LID = 'M-7 -4.5c0 3.2 14 3.2 14 0';

export const disk = (
  s: ServerFrame,
  look: Look,
  trouble: Trouble | null = null,
): TemplateResult | typeof nothing => {
  const waiting = s.lastIndex - s.syncedIndex;
  // Where there is little room, only what is not as usual.
  if (look.r < 18 && trouble === null && s.unsynced === 0 && waiting <= 0) return nothing;
  const cached = waiting > 0 || s.unsynced > 0;
  const says = [
    waiting > 0
      ? `${waiting === 1 ? 'one entry is' : `${waiting} entries are`} not on disk yet`
      : cached
        ? 'term or vote is not on disk yet'
        : 'all that was written is on disk',
    ...(trouble ? [trouble.says] : []),
  ].join('; ');
  const number = waiting > 0 ? signsAt({ signs: strokesOf(waiting) }, trouble ? 14 : 0, 1.6) : '';
  return svg`<g class=${classes('disk', trouble?.name, cached && 'cached')} transform=${corner(-1, 1, look)}>
    ${trouble && number ? svg`<rect class="tag" x="6" y="-5" width=${waiting > 9 ? 16 : 13} height="13" rx="3" />` : nothing}
    <path class="drum" d=${DRUM} /><path class="lid" d=${LID} />
    ${trouble ? svg`<path class="sign" d="M0 0.5${trouble.sign}" />` : nothing}${number && svg`<path class="sign count" d=${number} />`}
    <title>${s.id}: ${says}</title></g>`;
};
