// One server of the ring. Its role shows by shape and by word: a leader has a second ring and a crown, a candidate a dashed
// ring and one pip for every vote it may get, one whose process died is grey and crossed out, one without power is an empty
// outline, and one that has no vote is small in a wider, dashed ring.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { more } from '../at-hand.ts';
import { whyDown } from '../condition.ts';
import type { Frame, ServerFrame, TwoPhaseFrame } from '../generated/engine.ts';
import { arc, clamp, type Point, round } from '../geometry.ts';
import { isDeposed, majorities, share, standing } from '../quorum.ts';
import { type Dispatch, hue, type Ui } from './contract.ts';
import { classes, does, isPicked, pickedLeader } from './pick.ts';
import { disk } from './ring-disk.ts';
import type { Look } from './ring-plan.ts';

/** A timer let go with less than this left is empty. */
export const EMPTY = 0.07;

/** The ring around the circle: what is left of the election timer, or a leader's second ring. */
const HALO = 5.5;

export interface ServerProps {
  readonly server: ServerFrame;
  readonly at: Point;
  readonly look: Look;
  readonly frame: Frame;
  readonly ui: Ui;
  readonly dispatch: Dispatch;
}

export const server = (props: ServerProps): TemplateResult => {
  const { server: s, at, look, frame, ui, dispatch } = props;
  const says = below(props);
  const target = ui.gesture?.type === 'wire' && ui.gesture.to === s.id;
  const picked = isPicked(ui.picked, s.id) || target || (ui.split?.includes(s.id) ?? false);
  const pick = does(dispatch, { type: 'serverPicked', id: s.id });
  const apart = standing(s, frame);
  const outside = apart === 'learner' || apart === 'not a member';
  const r = outside ? round(look.r * 0.8) : look.r;
  const role = !s.up ? 'crashed' : s.twoPhase?.prepared.some(({ blocked }) => blocked) ? 'blocked' : s.role;
  const all = new Set([
    s.id,
    ...(s.twoPhase ? [] : [`term ${s.term}`]),
    ...(s.twoPhase && s.up ? [] : [roleOf(props)]),
    ...says,
    ...(more?.conditions(s, frame) ?? []),
    ...(s.lastIndex > s.syncedIndex ? [`${s.lastIndex - s.syncedIndex} not on disk`] : []),
  ]);
  const spoken = [...all].join(', ');
  return svg`<g class=${classes('server', role, s.unpowered && 'unpowered', s.paused && 'paused', outside && 'outside', hue(s), look.lines < 2 && 'compact', picked && 'picked')}
      role="button" tabindex="0" aria-label=${spoken} aria-pressed=${picked}
      transform="translate(${round(at.x)} ${round(at.y)})" @click=${pick} @keydown=${pick}>
    <circle class="focus" r=${look.r + 9.5} />
    ${outside ? svg`<circle class="border" r=${look.r} />` : nothing}
    <circle class="body" r=${r} />
    ${s.up ? halo(props) : s.unpowered ? nothing : cross(round(r * 0.71))}
    ${inside(s, r)}
    ${more ? more.badges(s, frame, look) : disk(s, look)}
    ${says.slice(0, look.lines).map((line, i) => {
      const y = look.r + (look.lines < 2 ? 19 : 22) + 13 * i;
      return svg`<text class=${i === 0 ? 'role' : 'detail'} y=${y}>${line}</text>`;
    })}
  </g>`;
};

/** Name and term, in letters as large as the circle allows; in the smallest, the term beside it. */
const inside = (s: ServerFrame, r: number): TemplateResult => {
  if (r < 15) {
    const size = round(Math.max(10, r * 0.85));
    const out = round(r * 0.86);
    const name = svg`<text class="name" font-size=${size} y=${round(size * 0.36)}>${s.id}</text>`;
    if (s.twoPhase) return name;
    return svg`${name}<circle class="term-dot" r="6.5" cx=${out} cy=${out} /><text class="term-number" x=${out} y=${out + 3.2}>${s.term}</text>`;
  }
  const under = s.twoPhase ? locked(s.twoPhase) : `${r < 25 ? 't' : 'term '}${s.term}`;
  const [name, small] = [round(clamp(r * 0.46, 12, 19)), round(clamp(r * 0.33, 10, 13))];
  return svg`<text class="name" font-size=${name} y=${under ? (r < 18 ? -2 : -1) : round(name * 0.36)}>${s.id}</text>
    ${under && svg`<text class="in-term" font-size=${small} y=${round(clamp(r * 0.42, 11, 17))}>${under}</text>`}`;
};

const cross = (d: number): TemplateResult =>
  svg`<path class="crossed" d="M${-d} ${-d}L${d} ${d}M${d} ${-d}L${-d} ${d}" />`;

/** What is told around the circle. */
const halo = (props: ServerProps): TemplateResult => {
  const { server: s, look, frame, ui } = props;
  if (s.role === 'leader' || s.twoPhase?.coordinates) return crown(look);
  if (s.twoPhase) return s.twoPhase.prepared.length > 0 ? lock(look) : svg``;
  const dragged = ui.gesture?.type === 'timer' && ui.gesture.server === s.id ? ui.gesture.left : null;
  const timer = s.electionTimer && clock(s.electionTimer, look.r, frame.atUs, dragged);
  if (s.role === 'follower') return svg`${timer}`;
  const turn = round((frame.atUs / 1000) % 360); // by simulated time: the dashes stand still when it does
  return svg`${timer}<circle class="dashes" r=${look.r - 4} transform="rotate(${turn})" />${pips(props)}`;
};

const crown = ({ r, lines }: Look): TemplateResult =>
  svg`<circle class="second" r=${r + HALO} />
    <path class="crown" d="M-9 0L-10.5 -10L-4.5 -5.5L0 -12L4.5 -5.5L10.5 -10L9 0Z"
      transform="translate(0 ${-r - HALO - 2.5}) scale(${lines < 2 ? 0.75 : 1})" />`;

/** The keys that a transaction has locked. */
const locked = ({ prepared }: TwoPhaseFrame): string => prepared.map(({ key }) => key).join(' ');

/** Where the crown would be: it has promised, and may not decide. */
const lock = ({ r, lines }: Look): TemplateResult =>
  svg`<path class="lock" d="M-6 -7H6V2H-6ZM-4.5 -7V-10A4.5 4.5 0 0 1 4.5 -10V-7H2.5V-10A2.5 2.5 0 0 0 -2.5 -10V-7Z"
    transform="translate(0 ${-r - HALO - 3}) scale(${lines < 2 ? 0.75 : 1})" />`;

/** The election timer as an arc that gets shorter, with a grip at its end. */
const clock = (
  timer: { setUs: number; deadlineUs: number },
  r: number,
  atUs: number,
  dragged: number | null,
): TemplateResult => {
  const runs = clamp((timer.deadlineUs - atUs) / Math.max(1, timer.deadlineUs - timer.setUs), 0, 1);
  const left = Math.min(dragged ?? 1, runs); // no word of the language makes a timer longer
  const angle = left * 2 * Math.PI;
  const [x, y] = [round((r + HALO) * Math.sin(angle)), round(-(r + HALO) * Math.cos(angle))];
  return svg`<circle class="timer-hit" r=${r + HALO}><title>Election timer: pull its end back to the top, and it fires</title></circle><circle class="timer-track" r=${r + HALO} />
    <path class=${classes('timer', (left < 0.25 || dragged !== null) && 'soon')} d=${arc(r + HALO, left)} />
    <circle class=${classes('timer-grip', dragged !== null && 'held')} r="4.5" cx=${x} cy=${y} />`;
};

/** The votes a candidate has, over its head, where the crown will be: one pip a voter. */
const pips = ({ server: s, look }: ServerProps): TemplateResult => {
  const [apart, out, r] = look.lines < 2 ? [8, 13, 2.8] : [10, 15, 3.4];
  const reach = look.r + out;
  const { voters, outgoing } = s.configuration;
  const all = [...new Set([...outgoing, ...voters])].sort();
  return svg`${all.map((id, i) => {
    const angle = ((i - (all.length - 1) / 2) * apart) / reach;
    const [x, y] = [round(reach * Math.sin(angle)), round(-reach * Math.cos(angle))];
    return svg`<circle class=${classes('pip', s.votes.includes(id) && 'given')} r=${r} cx=${x} cy=${y} />`;
  })}`;
};

/** What is written under the circle: the role, and below it what matters most just now. */
const below = (props: ServerProps): string[] => {
  const { server: s, frame, ui, look } = props;
  if (s.up && s.twoPhase) return more?.twoPhaseWords(s.twoPhase, frame) ?? [''];
  const role = roleOf(props);
  const { gesture } = ui;
  if (gesture?.type === 'timer' && gesture.server === s.id) {
    const says = gesture.left < EMPTY ? 'times out now' : 'pull to the top';
    return look.lines === 1 ? [says] : [role, says];
  }
  const known = pickedLeader(frame, ui)?.progress.find(({ server }) => server === s.id);
  if (known && s.up && look.lines === 1) return [`m ${known.matchIndex}  n ${known.nextIndex}`];
  const ails = more?.ailment(s, frame) ?? null;
  if (ails !== null && look.lines === 1 && s.role === 'follower' && s.up) return [ails];
  const detail = known ? `match ${known.matchIndex}, next ${known.nextIndex}` : detailOf(s, frame);
  return detail === null ? [role] : [role, detail];
};

const roleOf = ({ server: s, frame }: ServerProps): string => {
  if (!s.up) return whyDown(s);
  if (s.role === 'leader') return isDeposed(s, frame) ? 'stale leader' : 'leader';
  if (s.role === 'follower') return standing(s, frame) ?? s.role;
  return s.role === 'preCandidate' ? 'pre-candidate' : s.role;
};

const detailOf = (s: ServerFrame, frame: Frame): string | null => {
  const ails = more?.ailment(s, frame) ?? null;
  if (ails !== null || !s.up) return ails;
  if (s.role === 'candidate' || s.role === 'preCandidate') return votesOf(s, frame);
  const clock = more?.clockWords(s, frame)?.[0];
  if (clock) return `clock ${clock}`;
  if (s.transfer) return `hands over to ${s.transfer}`;
  return s.role === 'follower' && s.votedFor && !s.leader ? `voted for ${s.votedFor}` : null;
};

/** Of whom it needs a majority, as far as it knows. */
const votesOf = (s: ServerFrame, frame: Frame): string => {
  const sets = majorities(s.configuration, s.votes);
  return sets.length > 1
    ? sets.map(({ have, of }) => `${have.length} of ${of.length}`).join(', ')
    : `${share(sets, frame).split(' ').slice(0, 3).join(' ')} votes`;
};
