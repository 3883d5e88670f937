// What lies over the space-time diagram once somebody picks or something falls: what led to what is picked, and who is to blame.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { type LadderPlan, round, xOf } from '../geometry.ts';
import { type Arrow, arrowAt, arrowCount, ROW } from './arrows.ts';
import type { Dispatch, LadderData, Pick, Ui } from './contract.ts';
import { endsOf, head, line } from './ladder-arrows.ts';
import { classes, does } from './pick.ts';

/** What is picked and what led to it, drawn over all others: the messages, and the time between them on the lanes. */
export const pickedArrows = (
  { arrows: rows, frame, chain }: LadderData,
  plan: LadderPlan,
  picked: Pick | null,
): TemplateResult | typeof nothing => {
  if (chain.size === 0 || (picked?.type !== 'message' && picked?.type !== 'event')) return nothing;
  const links: Arrow[] = [];
  for (let i = 0; i < arrowCount(rows); i += 1) {
    if (chain.has(rows[i * ROW] as number)) links.push(arrowAt(rows, i));
  }
  const isPicked = (arrow: Arrow): boolean => picked.type === 'message' && arrow.id === picked.id;
  const [chosen] = links.filter(isPicked);
  const others = links.filter((arrow) => !isPicked(arrow)).map((arrow) => endsOf(arrow, plan, frame.endUs));
  const waits = links.slice(1).map((arrow, i) => wait(links[i] as Arrow, arrow, plan));
  const ends = chosen && endsOf(chosen, plan, frame.endUs);
  return svg`<g class="inert" clip-path="url(#ladder-window)">
    <path class="chain" d=${others.map(line).join('') + waits.join('')} />
    <path class="picked-head" d=${others.map((other) => head(other, 7)).join('')} />
    ${ends ? svg`<path class="picked-arrow" d=${line(ends)} /><path class="picked-head" d=${head(ends, 9)} />` : nothing}</g>`;
};

/** From one message's arrival to the sending of the next, along the lane where it came. */
const wait = (before: Arrow, after: Arrow, { scale, lanes }: LadderPlan): string =>
  before.to === after.from && before.endUs <= after.sentUs
    ? `M${round(xOf(scale, before.endUs))} ${lanes[after.from]}H${round(xOf(scale, after.sentUs))}`
    : '';

/** The events to blame for what fell, circled. */
export const drawBlame = (
  { servers, clients }: Frame,
  { scale, lanes, notes }: LadderPlan,
  { light, picked }: Ui,
  dispatch: Dispatch,
): TemplateResult[] => {
  const names = [...servers, ...clients].map(({ id }) => id);
  const seen = light.places.filter(({ atUs }) => atUs >= scale.fromUs && atUs <= scale.toUs);
  return seen.map(({ seq, atUs, name }) => {
    const pick = does(dispatch, { type: 'eventPicked', seq });
    const chosen = picked?.type === 'event' && picked.seq === seq;
    const y = name === null ? notes : (lanes[names.indexOf(name)] ?? notes);
    return svg`<g class=${classes('blamed', chosen && 'picked')} role="button" tabindex="0" aria-label="${name ?? 'Cluster'}: to blame" transform="translate(${round(xOf(scale, atUs))} ${y})"
        @click=${pick} @keydown=${pick}><circle class="ring" r="9" /><circle class="focus" r="12" /><title>What speaks against the promise</title></g>`;
  });
};
