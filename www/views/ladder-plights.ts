// What lies under the arrows of the space-time diagram: servers kept from their work, and walls in the network.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { Plight } from '../generated/engine.ts';
import { type LadderPlan, round } from '../geometry.ts';
import type { LadderData } from './contract.ts';
import { plightWords } from './ladder-signs.ts';
import { within } from './ladder-writes.ts';
import { lasting } from './lasting.ts';

/** Half the height of a band: neighbours never touch. */
const half = ({ pitch }: LadderPlan): number => Math.min(7, pitch / 2 - 1);
const LETTER = 5.9;
/** Words below a lane need so much room before the next one. */
const ROOMY = 44;

/** Hatching, each in a way of its own. */
export const hatchings = svg`<pattern id="bars" width="7" height="7" patternUnits="userSpaceOnUse"><path class="hatching paused" d="M1.5 0V7M4 0V7" /></pattern>
  <pattern id="doubt" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatching doubt" d="M-1 9L9 -1" /></pattern>
  <pattern id="stuck" width="5" height="5" patternUnits="userSpaceOnUse"><path class="hatching doubt" d="M0 0L5 5M0 5L5 0" /></pattern>`;

/** Bands over the lanes of servers that stand still, have no power, or wait for a decision. */
export const drawPlights = ({ lanes, frame }: LadderData, plan: LadderPlan): TemplateResult => {
  const bands = new Map<Plight, string>();
  for (const { server, plight, fromUs, toUs } of lasting(lanes.spans, frame.endUs)) {
    if (plight === null) continue;
    const [from, to] = [within(plan, fromUs), within(plan, toUs)];
    if (to <= from) continue;
    const y = plan.lanes[frame.servers.findIndex(({ id }) => id === server)] as number;
    const box = `M${from} ${round(y - half(plan))}H${to}V${round(y + half(plan))}H${from}Z`;
    bands.set(plight, (bands.get(plight) ?? '') + box);
  }
  return svg`${[...bands].map(([plight, d]) => svg`<path class="plight ${plight}" d=${d} />`)}`;
};

/** What keeps them from it, below their lanes and over the arrows. */
export const drawPlightWords = ({ lanes, frame }: LadderData, plan: LadderPlan): TemplateResult[] => {
  if (plan.pitch < ROOMY) return [];
  return lasting(lanes.spans, frame.endUs).flatMap(({ server, plight, fromUs, toUs }) => {
    const [from, says] = [within(plan, fromUs), plight === null ? '' : plightWords(plight)];
    if (plight === null || within(plan, toUs) - from < says.length * LETTER + 8) return [];
    const y = (plan.lanes[frame.servers.findIndex(({ id }) => id === server)] as number) + half(plan) + 11;
    return svg`<text class="plight-words ${plight}" x=${from + 5} y=${y}>${says}</text>`;
  });
};

/** Between lanes that hear nothing of each other, and below all while anything is cut. */
export const drawWalls = (
  { lanes, frame }: LadderData,
  plan: LadderPlan,
): TemplateResult | typeof nothing => {
  if (lanes.walls.length === 0) return nothing;
  let [walls, below] = ['', ''];
  for (const { fromUs, toUs, groups } of lanes.walls) {
    const last = lanes.walls.at(-1)?.fromUs === fromUs;
    const [from, to] = [within(plan, fromUs), within(plan, last && isLasting(frame) ? frame.endUs : toUs)];
    if (to <= from) continue;
    const sides = frame.servers.map(({ id }) => groups.findIndex((group) => group.includes(id)));
    for (const [i, side] of sides.entries()) {
      const next = sides[i + 1] ?? -1;
      if (side < 0 || next < 0 || side === next) continue;
      walls += `M${from} ${round(((plan.lanes[i] as number) + (plan.lanes[i + 1] as number)) / 2)}H${to}`;
    }
    below += `M${from} ${plan.notes - 12}H${to}`;
  }
  return svg`<path class="wall" d=${walls} /><path class="wall below" d=${below} />`;
};

const isLasting = ({ groups, cuts }: LadderData['frame']): boolean => groups !== null || cuts.length > 0;
