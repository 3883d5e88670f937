// The lanes of the space-time diagram: what each server was, what happened to it, and what the clients did.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { LaneMark, LaneSpan, OpFrame } from '../generated/engine.ts';
import { type LadderPlan, round, xOf } from '../geometry.ts';
import { type Dispatch, type LadderData, term, type Ui } from './contract.ts';
import { classes, does } from './pick.ts';
import { sentence } from './ring-client.ts';

/** The spans, the last of each server lasting to the end of what is known: nothing new about it has happened since they were asked for. */
export const lasting = (spans: readonly LaneSpan[], endUs: number): LaneSpan[] => {
  const last = new Map(spans.map((span) => [span.server, span]));
  return spans.map((span) =>
    last.get(span.server) === span ? { ...span, toUs: Math.max(span.toUs, endUs) } : span,
  );
};

/** A thin line for a follower, a thick one for a leader, a dotted one for a candidate, and a gap for a crashed server. */
export const drawLanes = ({ lanes, frame }: LadderData, plan: LadderPlan): TemplateResult => {
  const looks = new Map<string, string>();
  for (const span of lasting(lanes.spans, frame.endUs)) {
    const look = span.up ? `${span.role} ${term(span.term)}` : 'down';
    looks.set(
      look,
      (looks.get(look) ?? '') +
        stroke(
          span,
          frame.servers.findIndex((s) => s.id === span.server),
          plan,
        ),
    );
  }
  return svg`${[...looks].map(([look, d]) => svg`<path class="lane ${look}" d=${d} />`)}`;
};

const stroke = (span: LaneSpan, lane: number, plan: LadderPlan): string => {
  const { scale } = plan;
  const x1 = Math.max(scale.left, xOf(scale, span.fromUs));
  const x2 = Math.min(scale.right, xOf(scale, span.toUs));
  return x2 > x1 ? `M${round(x1)} ${plan.lanes[lane]}H${round(x2)}` : '';
};

/** How wide a letter is, about. */
const LETTER = 5.9;

/** A mark, where it stands, and whether its words fit beside it. */
interface PlacedMark {
  readonly mark: LaneMark;
  /** -1 for what concerns the whole cluster. */
  readonly lane: number;
  readonly x: number;
  readonly words: 'none' | 'right' | 'left';
}

/** Words stand to the right of their sign, else to its left, else nowhere: where they would hide no other sign or words. */
const placeMarks = ({ lanes, frame }: LadderData, { scale }: LadderPlan): PlacedMark[] => {
  const laneOf = (server: string | null): number =>
    server === null ? -1 : frame.servers.findIndex((s) => s.id === server);
  const placed = lanes.marks
    .map((mark) => ({ mark, lane: laneOf(mark.server), x: round(xOf(scale, mark.atUs)) }))
    .filter(({ x }) => x >= scale.left - 1 && x <= scale.right + 1);
  const taken = new Map<number, number>(); // how far each lane is written over
  return placed.map((here, i) => {
    const { mark, lane, x } = here;
    if (mark.kind === 'committed') return { ...here, words: 'none' };
    const wide = mark.text.length * LETTER + 14;
    const next = placed.slice(i + 1).find((other) => other.lane === lane && other.mark.kind !== 'committed');
    const free = taken.get(lane) ?? scale.left;
    const right = x >= free - 8 && x + wide <= Math.min(scale.right, next ? next.x - 4 : Infinity);
    const left = x - wide >= free;
    // An election that begins is told before its sign: what follows soon is how it ends.
    const words = left && (mark.kind === 'timeout' || !right) ? 'left' : right ? 'right' : 'none';
    taken.set(lane, Math.max(free, words === 'right' ? x + wide : x + 8));
    return { ...here, words };
  });
};

/** What happened, as signs on the lanes, with words where there is room for them. */
export const drawMarks = (data: LadderData, plan: LadderPlan, ui: Ui, dispatch: Dispatch): TemplateResult => {
  const draw = ({ mark, lane, x, words }: PlacedMark) => {
    const picked = ui.picked?.type === 'event' && ui.picked.seq === mark.seq;
    const pick = does(dispatch, { type: 'eventPicked', seq: mark.seq });
    const y = lane < 0 ? plan.notes : (plan.lanes[lane] as number);
    const span = data.lanes.spans.findLast((s) => s.server === mark.server && s.fromUs <= mark.atUs);
    const wide = words === 'right' ? mark.text.length * LETTER + 20 : 16;
    return svg`<g class=${classes('mark', mark.kind, term(span?.term ?? 0), picked && 'picked')} role="button" tabindex=${words === 'none' ? -1 : 0}
        aria-label="${mark.server ?? 'Cluster'}: ${mark.text}" transform="translate(${x} ${y})" @click=${pick} @keydown=${pick}>
      ${lane < 0 ? svg`<path class="across" d="M0 -14V${round((plan.lanes[0] as number) - plan.notes - 12)}" />` : nothing}
      <rect class="hit" x="-8" y=${lane < 0 ? -14 : -12} width=${wide} height="24" />
      <circle class="focus" r="8" />
      <path class="sign" d=${SIGNS[mark.kind]} />
      ${words === 'none' ? nothing : svg`<text class="words ${words}" x=${words === 'left' ? -8 : 8} y=${lane < 0 ? 4 : -6}>${mark.text}</text>`}
      <title>${mark.text}</title>
    </g>`;
  };
  return svg`${placeMarks(data, plan).map(draw)}`;
};

const DOT = 'M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z';
const CROSS = 'M-5 -5L5 5M5 -5L-5 5';
const FLAG = 'M0 -3.5L3.5 0L0 3.5L-3.5 0Z';
const SIGNS: Record<LaneMark['kind'], string> = {
  timeout: 'M0 -5L5 0L0 5L-5 0Z',
  elected: 'M-7 4L-8 -5L-3.5 -1.5L0 -7L3.5 -1.5L8 -5L7 4Z',
  steppedDown: 'M-4.5 -3H4.5L0 4Z',
  committed: 'M0 -3.5V3.5',
  truncated: 'M-4 -4L4 4M-4 4L4 -4',
  crashed: CROSS,
  restarted: DOT,
  cut: FLAG,
  healed: FLAG,
  setting: FLAG,
  said: FLAG,
  violation: CROSS,
};

/** The clients' operations, as bars from invocation to return. */
export const drawOps = (
  { lanes, frame }: LadderData,
  plan: LadderPlan,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const { scale, bar } = plan;
  const draw = (op: OpFrame) => {
    const lane = frame.servers.length + frame.clients.findIndex((c) => c.id === op.client);
    const x1 = xOf(scale, op.invokedUs);
    const x2 = Math.max(x1 + 3, xOf(scale, op.returnedUs ?? frame.endUs));
    if (x2 < scale.left || x1 > scale.right) return nothing;
    const [shownFrom, shownTo] = [Math.max(scale.left, x1), Math.min(scale.right, x2)];
    const letters = Math.floor((shownTo - shownFrom - 10) / 6.4);
    const says = sentence(op);
    const words = says.length <= letters ? says : letters > 4 ? `${says.slice(0, letters - 1)}…` : '';
    const picked = ui.picked?.type === 'event' && ui.picked.seq === op.seq;
    const pick = does(dispatch, { type: 'eventPicked', seq: op.seq });
    const y = (plan.lanes[lane] as number) - bar / 2;
    return svg`<g class=${classes('op', op.outcome, picked && 'picked')} role="button" tabindex=${words ? 0 : -1} aria-label="${op.client}: ${says}"
        @click=${pick} @keydown=${pick}>
      <rect class="focus" x=${round(x1 - 2.5)} y=${round(y - 2.5)} width=${round(x2 - x1 + 5)} height=${round(bar + 5)} rx="6" />
      <rect class="body" x=${round(x1)} y=${round(y)} width=${round(x2 - x1)} height=${round(bar)} rx="4" />
      ${words ? svg`<text class="words" x=${round(shownFrom + 6)} y=${round(y + bar / 2 + 3.8)}>${words}</text>` : nothing}
      <title>${says}</title>
    </g>`;
  };
  return svg`${lanes.ops.map(draw)}`;
};
