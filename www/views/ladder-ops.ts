// The clients' lanes of the space-time diagram: operations as bars from invocation to return.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Light } from '../falls.ts';
import type { OpFrame } from '../generated/engine.ts';
import { type LadderPlan, round, xOf } from '../geometry.ts';
import type { Dispatch, LadderData, Ui } from './contract.ts';
import { opWords, shortened } from './op.ts';
import { classes, does, inOrder } from './pick.ts';

/** Narrower bars cannot be hit; those of one outcome are one shape, but for those to blame. */
const NARROW = 7;
const LETTER = 6.4;
/** How far bars go on out of sight, in pixels. */
const BEYOND = 12;

/** An operation and where its bar is. */
interface Bar {
  readonly op: OpFrame;
  readonly guilty: boolean;
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

export const drawOps = (data: LadderData, plan: LadderPlan, ui: Ui, dispatch: Dispatch): TemplateResult => {
  const bars = barsOf(data, plan, ui.light);
  const narrow = new Map<string, string>();
  for (const { op, from, to, y } of bars.filter(isNarrow)) {
    const bar = `M${round(from)} ${round(y)}H${round(to)}V${round(y + plan.bar)}H${round(from)}Z`;
    narrow.set(op.outcome, `${narrow.get(op.outcome) ?? ''}${bar}`);
  }
  const wide = bars.filter((bar) => !isNarrow(bar));
  return svg`${inOrder(narrow).map(([outcome, d]) => svg`<g class="op ${outcome} inert"><path class="body" d=${d} /></g>`)}
    ${repeat(
      wide,
      ({ op }, i) => (ui.flights ? i : op.op), // while time runs, nobody holds on to one of them
      (bar) => drawBar(bar, plan, ui, dispatch),
    )}`;
};

const isNarrow = ({ guilty, from, to }: Bar): boolean => to - from < NARROW && !guilty;

const barsOf = ({ lanes, frame }: LadderData, plan: LadderPlan, light: Light): Bar[] => {
  const { scale, bar } = plan;
  return lanes.ops
    .map((op) => {
      const lane = frame.servers.length + frame.clients.findIndex((c) => c.id === op.client);
      // What is out of sight is no longer than it must be, and so stays the same while time goes on.
      const from = Math.max(scale.left - BEYOND, xOf(scale, op.invokedUs));
      const end = Math.min(scale.right + BEYOND, xOf(scale, op.returnedUs ?? frame.endUs));
      const to = end < scale.left ? end : Math.max(from + 2, end);
      return { op, guilty: light.ops.has(op.op), from, to, y: (plan.lanes[lane] as number) - bar / 2 };
    })
    .filter(({ from, to }) => to >= scale.left && from <= scale.right);
};

const drawBar = (
  { op, guilty, from, to, y }: Bar,
  plan: LadderPlan,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const { scale, bar } = plan;
  const start = Math.max(scale.left, from);
  const letters = Math.floor((Math.min(scale.right, to) - start - 10) / LETTER);
  const stale = ui.light.stale === op.op;
  const says = stale ? `${opWords(op).replace(/^(get \S+) \S+ →/, '$1 →')} ✗ stale` : opWords(op);
  const fits = says.length <= letters;
  const words = fits || guilty ? says : letters > 4 ? shortened(says, letters) : '';
  const x = round(fits || !guilty ? start + 6 : Math.min(scale.right, to) + 6); // what is to blame is named, if beside its bar
  const picked = ui.picked?.type === 'event' && ui.picked.seq === op.seq;
  const pick = does(dispatch, { type: 'eventPicked', seq: op.seq });
  return svg`<g class=${classes('op', op.outcome, guilty && 'guilty', stale && 'too-old', picked && 'picked')} role="button" tabindex=${words ? 0 : -1} aria-label=${`${op.client}: ${says}${guilty ? ', to blame' : ''}`}
      transform="translate(${round(from)} ${round(y)})" @click=${pick} @keydown=${pick}>
    <rect class="focus" x="-2.5" y="-2.5" width=${round(to - from + 5)} height=${round(bar + 5)} rx="6" />
    <rect class="body" width=${round(to - from)} height=${round(bar)} rx="4" />
    ${words ? svg`<text class=${classes('words', x > to && 'beside')} x=${round(x - from)} y=${round(bar / 2 + 3.8)}>${words}</text>` : nothing}
    <title>${`${says}${guilty ? ': not linearizable with the others marked so' : ''}`}</title>
  </g>`;
};
