// Small signs around a server's circle, each at a corner of its own: what its disk has, whether its clock goes wrong, whether its
// process stands still or its machine has no power.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { clockWords, DISK_WORDS, type DiskTrouble, diskTrouble, driftOf } from '../condition.ts';
import type { Frame, ServerFrame } from '../generated/engine.ts';
import { round } from '../geometry.ts';
import { classes } from './pick.ts';
import { signsAt, strokesOf } from './ring-glyphs.ts';
import type { Look } from './ring-plan.ts';

/** At a corner of the square in the circle, -1 left or above, 1 right or below. */
const corner = (x: number, y: number, { r }: Look): string => {
  const out = r * 0.71 + (r < 20 ? 3 : 4);
  return `translate(${round(x * out)} ${round(y * out)})${r < 26 ? ' scale(0.8)' : ''}`;
};

export const badges = (s: ServerFrame, frame: Frame, look: Look): TemplateResult =>
  svg`${disk(s, diskTrouble(s, frame), look)}${clock(s, frame, look)}${power(s, look)}`;

/** A drum, full where all is synced; an empty one holds what is only in the page cache, so many entries or a vote. */
const DRUM = 'M-7 -4.5c0 -3.2 14 -3.2 14 0v9c0 3.2 -14 3.2 -14 0z';
const LID = 'M-7 -4.5c0 3.2 14 3.2 14 0';

const TROUBLE: Record<DiskTrouble, string> = {
  lies: 'm0 -1.5v4m0 2.6v0.4',
  full: 'm-4 5.5h8m-8 -2.7h8m-8 -2.7h8',
  stalls: 'm-3.6 2.8h0.01m3.6 0h0.01m3.6 0h0.01',
  torn: 'm-1 -5.5l3 3.8l-4.5 2l3.6 4.8',
};

const disk = (s: ServerFrame, trouble: DiskTrouble | null, look: Look): TemplateResult | typeof nothing => {
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
    ...(trouble ? [DISK_WORDS[trouble][1]] : []),
  ].join('; ');
  const number = waiting > 0 ? signsAt({ signs: strokesOf(waiting) }, trouble ? 14 : 0, 1.6) : '';
  return svg`<g class=${classes('disk', trouble, cached && 'cached')} transform=${corner(-1, 1, look)}>
    ${trouble && number ? svg`<rect class="tag" x="6" y="-5" width=${waiting > 9 ? 16 : 13} height="13" rx="3" />` : nothing}
    <path class="drum" d=${DRUM} /><path class="lid" d=${LID} />
    ${trouble ? svg`<path class="sign" d="M0 0.5${TROUBLE[trouble]}" />` : nothing}${number && svg`<path class="sign count" d=${number} />`}
    <title>${s.id}: ${says}</title></g>`;
};

/** A clock face; its hand leans the way the clock goes wrong. */
const clock = (s: ServerFrame, frame: Frame, look: Look): TemplateResult | typeof nothing => {
  const words = clockWords(s, frame);
  if (words === null) return nothing;
  const fast = (driftOf(s, frame) || s.clockAheadUs) > 0;
  return svg`<g class="wrong-clock" transform=${corner(-1, -1, look)}>
    <circle class="face" r="7" /><path class="sign" d="M${fast ? '3.6 -2.4' : '-3.6 -2.4'}L0 0V-4.6" />
    <title>${s.id}: its clock goes wrong: ${words.join(', ')}</title></g>`;
};

/** Two bars: it stands still. A switch: its machine has no power. */
const power = (s: ServerFrame, look: Look): TemplateResult | typeof nothing => {
  if (!s.paused && !s.unpowered) return nothing;
  const [d, says] = s.paused
    ? ['M-2.6 -3.5V3.5M2.6 -3.5V3.5', 'its process stands still']
    : ['M-3 -2.6a4.3 4.3 0 1 0 6 0M0 -5V-0.5', 'its machine has no power'];
  return svg`<g class=${classes('power', s.paused && 'stands')} transform=${corner(1, -1, look)}>
    <circle class="face" r="8" /><path class="sign" d=${d} /><title>${s.id}: ${says}</title></g>`;
};
