// Small signs around a server's circle, each at a corner of its own: what its disk has, whether its clock goes wrong, whether its
// process stands still or its machine has no power.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { clockWords, DISK_WORDS, type DiskTrouble, diskTrouble, driftOf } from '../ailments.ts';
import type { Frame, ServerFrame } from '../generated/engine.ts';
import { classes } from './pick.ts';
import { corner, disk, type Trouble } from './ring-disk.ts';
import type { Look } from './ring-plan.ts';

export const badges = (s: ServerFrame, frame: Frame, look: Look): TemplateResult =>
  svg`${disk(s, look, troubleOf(s, frame))}${clock(s, frame, look)}${power(s, look)}`;

const TROUBLE: Record<DiskTrouble, string> = {
  lies: 'm0 -1.5v4m0 2.6v0.4',
  full: 'm-4 5.5h8m-8 -2.7h8m-8 -2.7h8',
  stalls: 'm-3.6 2.8h0.01m3.6 0h0.01m3.6 0h0.01',
  torn: 'm-1 -5.5l3 3.8l-4.5 2l3.6 4.8',
};

const troubleOf = (s: ServerFrame, frame: Frame): Trouble | null => {
  const name = diskTrouble(s, frame);
  return name && { name, sign: TROUBLE[name], says: DISK_WORDS[name][1] };
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
