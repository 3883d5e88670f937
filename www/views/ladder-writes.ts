// Disks at work, below the lanes of the space-time diagram.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { type LadderPlan, pixelsPerUs, round, xOf } from '../geometry.ts';
import type { LadderData } from './contract.ts';
import { LEAST_WRITE, seesWrites } from './ladder-signs.ts';

/** Where a time is, within the window. */
export const within = ({ scale }: LadderPlan, us: number): number =>
  round(Math.min(scale.right, Math.max(scale.left, xOf(scale, us))));

/** Below a lane: a thin tail from a write to the small drum of its being on disk; dotted while it is not. */
export const drawWrites = (data: LadderData, plan: LadderPlan): TemplateResult | typeof nothing => {
  const { lanes, frame } = data;
  if (lanes.writes.length === 0 || !seesWrites(frame, pixelsPerUs(plan.scale))) return nothing;
  let [tails, waiting, drums] = ['', '', ''];
  for (const [lane, writtenUs, syncedUs] of lanes.writes) {
    const [from, to] = [within(plan, writtenUs), within(plan, syncedUs || frame.endUs)];
    if (to < from || to === plan.scale.left) continue;
    const y = (plan.lanes[lane] as number) + 6;
    if (!syncedUs) waiting += `M${from} ${y}H${to}`;
    else if (to - from >= LEAST_WRITE) {
      tails += `M${from} ${y}H${to}`;
      if (syncedUs <= plan.scale.toUs) drums += `M${to - 2} ${y - 2.2}h4v4.4h-4z`;
    }
  }
  return svg`<path class="write" d=${tails} /><path class="write waiting" d=${waiting} /><path class="synced" d=${drums} />`;
};
