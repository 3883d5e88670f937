// A snapshot in the logs: one block in the place of all the entries that it stands for.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { ServerFrame, SnapshotFrame } from '../generated/engine.ts';
import { round } from '../geometry.ts';
import { type Dispatch, term } from './contract.ts';
import { columnAt, GAP, kept, type Plan } from './logs-cells.ts';
import { does } from './pick.ts';

/** The beginning of a log that a snapshot took the place of. */
export const snapshotBlock = (
  { lastIndex, lastTerm }: SnapshotFrame,
  s: ServerFrame,
  plan: Plan,
  dispatch: Dispatch,
): TemplateResult | typeof nothing => {
  const left = Math.max(0, columnAt(1, plan));
  const right = Math.min(plan.count * plan.column, columnAt(lastIndex + 1, plan)) - GAP;
  if (right - left < 3) return nothing;
  const width = round(right - left);
  const [long, short] = [`snapshot ≤ ${lastIndex}`, `≤ ${lastIndex}`];
  const fits = (words: string): boolean => words.length * 6.4 + 8 <= width;
  const pick = does(dispatch, { type: 'serverPicked', id: s.id });
  const top = (plan.row - plan.cell) / 2;
  return svg`<g class="snapshot ${term(lastTerm)}" transform="translate(${round(left + GAP / 2)} ${top})" @click=${pick}>
    <rect class="body" width=${width} height=${plan.cell} rx="4" />
    <path class="pile" d="M3 -3H${round(width - 3)}M6 -5.5H${round(width - 6)}" />
    <text class="content" x=${round(width / 2)} y=${plan.cell / 2 + 4.5}>${fits(long) ? long : fits(short) ? short : ''}</text>
    ${kept('on disk', width, plan.cell + 3)}
    <title>A snapshot stands for all entries through ${lastIndex}, the last of term ${lastTerm}</title>
  </g>`;
};
