// The servers' lanes of the space-time diagram: what each server was, and what happened to it.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { spaced } from '../falls.ts';
import type { LaneMark } from '../generated/engine.ts';
import { type LadderPlan, round, xOf } from '../geometry.ts';
import { type Dispatch, type LadderData, term, type Ui } from './contract.ts';
import { drawSign, laneOf } from './ladder-signs.ts';
import { lasting } from './lasting.ts';
import { classes, does, inOrder } from './pick.ts';

/** A thin line for a follower, a thick one for a leader, a dotted one for a candidate, and a gap for a server that is down. */
export const drawLanes = ({ lanes, frame }: LadderData, plan: LadderPlan): TemplateResult => {
  const y = new Map(frame.servers.map((s, i) => [s.id, plan.lanes[i]]));
  const looks = new Map<string, string>();
  for (const span of lasting(lanes.spans, frame.endUs)) {
    const look = span.up ? `${span.role} ${term(span.term)}` : 'down';
    const from = Math.max(plan.scale.left, xOf(plan.scale, span.fromUs));
    const to = Math.min(plan.scale.right, xOf(plan.scale, span.toUs));
    if (to > from)
      looks.set(look, `${looks.get(look) ?? ''}M${round(from)} ${y.get(span.server)}H${round(to)}`);
  }
  const commits = lanes.commits.map(
    ([lane, atUs]) => `M${round(xOf(plan.scale, atUs))} ${plan.lanes[lane]}m0 -3.5v7`,
  );
  return svg`${inOrder(looks).map(([look, d]) => svg`<path class="lane ${look}" d=${d} />`)}
    <path class="commits" clip-path="url(#ladder-window)" d=${commits.join('')} />`;
};

/** How wide a letter is, about. */
const LETTER = 5.9;

/** A mark, where it stands, and whether its words fit beside it. */
interface PlacedMark {
  readonly mark: LaneMark;
  /** -1 for what concerns the whole cluster. */
  readonly lane: number;
  readonly x: number;
  /** How far that is from where its moment is. */
  readonly aside: number;
  readonly words: 'none' | 'right' | 'left';
}

/** How far signs are apart that do not touch. */
const APART = 15;

/** Words stand to the right of their sign, else to its left, else nowhere: where they would hide no other sign or words. */
const placeMarks = ({ lanes, frame }: LadderData, { scale }: LadderPlan): PlacedMark[] => {
  let beside = -Infinity;
  const signs = lanes.marks
    .map((mark) => (mark.kind === 'violation' ? { ...mark, text: spaced(mark.text) } : mark))
    .map((mark) => {
      const lane = frame.servers.findIndex(({ id }) => id === laneOf(mark));
      const at = round(xOf(scale, mark.atUs));
      // What concerns all has a line to its moment: its sign may stand beside it, so that what is done and what is said of it are both seen.
      const x = lane < 0 && at < beside && beside <= Math.min(at + APART, scale.right) ? beside : at;
      if (lane < 0) beside = x + APART;
      return { mark, lane, x, aside: round(x - at) };
    })
    .filter(({ x }) => x >= scale.left - 1 && x <= scale.right + 1);
  const next = new Map<number, number>(); // where the next sign of a lane is, from right to left
  const ends = signs.map(() => 0);
  for (const [i, { lane, x }] of [...signs.entries()].reverse()) {
    ends[i] = Math.min(scale.right, (next.get(lane) ?? Infinity) - 4);
    next.set(lane, x);
  }
  const told = new Set<string>();
  const taken = new Map<number, number>(); // how far a lane is written over, from left to right
  return signs.map((sign, i) => {
    const { mark, lane, x } = sign;
    const wide = mark.text.length * LETTER + 14;
    const free = taken.get(lane) ?? scale.left;
    const right = x >= free - 8 && x + wide <= (ends[i] as number);
    const left = x - wide >= free;
    // An election that begins is told before its sign: what follows soon is how it ends.
    // Which voters there are is told once, where the first server goes by them.
    const again = mark.kind === 'configuration' && told.has(mark.text);
    told.add(mark.text);
    const words = again
      ? 'none'
      : left && (mark.kind === 'timeout' || !right)
        ? 'left'
        : right
          ? 'right'
          : 'none';
    taken.set(lane, Math.max(free, words === 'right' ? x + wide : x + 8));
    return { ...sign, words };
  });
};

/** What happened, as signs on the lanes, with words where there is room for them. */
export const drawMarks = (data: LadderData, plan: LadderPlan, ui: Ui, dispatch: Dispatch): TemplateResult => {
  const draw = ({ mark, lane, x, aside, words }: PlacedMark) => {
    const picked = ui.picked?.type === 'event' && ui.picked.seq === mark.seq;
    const pick = does(dispatch, { type: 'eventPicked', seq: mark.seq });
    const y = lane < 0 ? plan.notes : (plan.lanes[lane] as number);
    const span = data.lanes.spans.findLast((s) => s.server === mark.server && s.fromUs <= mark.atUs);
    const wide = words === 'right' ? mark.text.length * LETTER + 20 : 16;
    return svg`<g class=${classes('mark', mark.kind, term(span?.term ?? 0), picked && 'picked')} role="button" tabindex=${words === 'none' ? -1 : 0}
        aria-label="${laneOf(mark) ?? 'Cluster'}: ${mark.text}" transform="translate(${x} ${y})" @click=${pick} @keydown=${pick}>
      ${lane < 0 ? svg`<path class="across" d="M${-aside} -14V${round((plan.lanes[0] as number) - plan.notes - 12)}" />` : nothing}
      <rect class="hit" x="-8" y=${lane < 0 ? -14 : -12} width=${round(wide)} height="24" />
      <circle class="focus" r="8" />
      ${drawSign(mark)}
      ${words === 'none' ? nothing : svg`<text class="words ${words}" x=${words === 'left' ? -8 : 8} y=${lane < 0 ? 4 : -6}>${mark.text}</text>`}
      <title>${mark.text}</title>
    </g>`;
  };
  return svg`${repeat(placeMarks(data, plan), ({ mark }, i) => (ui.flights ? i : mark.seq), draw)}`;
};
