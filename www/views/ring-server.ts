// One server of the ring. Its role shows by shape and by word: a leader has a second ring and a crown, a candidate a dashed
// ring and one pip for every vote it may get, a crashed server is grey and crossed out.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { Frame, ServerFrame } from '../generated/engine.ts';
import { arc, clamp, type Point, round } from '../geometry.ts';
import { type Dispatch, term, type Ui } from './contract.ts';
import { classes, does, isPicked } from './pick.ts';
import type { Look } from './ring-plan.ts';

/** Links and messages end this far from a server's circle, just outside its rings. */
export const AROUND_SERVER = 10;

/** The ring around the circle: what is left of the election timer, a leader's second ring, a candidate's dashes. */
const HALO = 5.5;

export interface ServerProps {
  readonly server: ServerFrame;
  readonly at: Point;
  readonly look: Look;
  readonly frame: Frame;
  /** The newest term of any server that is up: a leader of an older one has been deposed without knowing. */
  readonly newest: number;
  readonly ui: Ui;
  readonly dispatch: Dispatch;
}

export const server = (props: ServerProps): TemplateResult => {
  const { server: s, at, ui, dispatch } = props;
  const { r, lines } = props.look;
  const words = labels(props);
  const picked = isPicked(ui.picked, s.id) || (ui.split?.includes(s.id) ?? false);
  const pick = does(dispatch, { type: 'serverPicked', id: s.id });
  const size = r < 15 ? Math.max(10, r * 0.85) : clamp(r * 0.46, 12, 19);
  return svg`<g class=${classes('server', lines < 2 && 'compact', s.up ? s.role : 'crashed', term(s.term), picked && 'picked')} role="button" tabindex="0"
      aria-label="${s.id}, term ${s.term}, ${words.join(', ')}" aria-pressed=${picked} transform="translate(${round(at.x)} ${round(at.y)})"
      @click=${pick} @keydown=${pick}>
    <circle class="focus" r=${r + 9.5} />
    <circle class="body" r=${r} />
    ${s.up ? halo(props) : svg`<path class="crossed" d=${cross(r * 0.71)} />`}
    <text class="name" font-size=${round(size)} y=${r < 15 ? round(size * 0.36) : r < 18 ? -2 : -1}>${s.id}</text>
    ${r < 15 ? nothing : svg`<text class="in-term" font-size=${round(clamp(r * 0.33, 10, 13))} y=${round(clamp(r * 0.42, 11, 17))}>${r < 22 ? `t${s.term}` : `term ${s.term}`}</text>`}
    ${words.slice(0, lines).map((word, i) => svg`<text class=${i === 0 ? 'role' : 'detail'} y=${r + (lines < 2 ? 19 : 22) + 13 * i}>${word}</text>`)}
  </g>`;
};

/** What is told around the circle. */
const halo = (props: ServerProps): TemplateResult => {
  const { server: s, frame } = props;
  const { r, lines } = props.look;
  if (s.role === 'leader') {
    return svg`<circle class="second" r=${r + HALO} />
      <path class="crown" d="M-9 0L-10.5 -10L-4.5 -5.5L0 -12L4.5 -5.5L10.5 -10L9 0Z" transform="translate(0 ${round(-r - HALO - 2.5)}) scale(${lines < 2 ? 0.75 : 1})" />`;
  }
  const [timer, left] = [s.electionTimer, leftOf(s.electionTimer, frame.atUs)];
  // The dashes turn with the simulated time, so they stand still with it.
  const turn = (frame.atUs / 1000) % 360;
  return svg`${s.role === 'candidate' ? svg`<circle class="dashes" r=${r - 4} transform="rotate(${round(turn)})" />` : nothing}
    ${timer ? svg`<circle class="timer-track" r=${r + HALO} /><path class=${classes('timer', left < 0.25 && 'soon')} d=${arc(r + HALO, left)} />` : nothing}
    ${s.role === 'candidate' ? pips(props) : nothing}`;
};

/** How much of a timer is left, from 1 to 0. */
const leftOf = (timer: ServerFrame['electionTimer'], atUs: number): number =>
  timer ? clamp((timer.deadlineUs - atUs) / Math.max(1, timer.deadlineUs - timer.setUs), 0, 1) : 0;

/** The votes a candidate has, over its head, where the crown will be: one pip a server. */
const pips = ({ server: s, look, frame }: ServerProps): TemplateResult => {
  const small = look.lines < 2;
  const reach = look.r + (small ? 13 : 15);
  const step = (small ? 8 : 10) / reach;
  const n = frame.servers.length;
  return svg`${frame.servers.map(({ id }, i) => {
    const angle = (i - (n - 1) / 2) * step;
    const given = s.votes.includes(id);
    return svg`<circle class=${given ? 'pip given' : 'pip'} r=${small ? 2.8 : 3.4} cx=${round(reach * Math.sin(angle))} cy=${round(-reach * Math.cos(angle))} />`;
  })}`;
};

/** What is written under the circle: the role, and how an election stands. */
const labels = ({ server: s, frame, newest }: ServerProps): string[] => {
  if (!s.up) return ['crashed'];
  if (s.role === 'leader') return [s.term < newest ? 'stale leader' : 'leader'];
  if (s.role === 'candidate') return ['candidate', `${s.votes.length} of ${frame.servers.length} votes`];
  return s.votedFor && !s.leader ? ['follower', `voted for ${s.votedFor}`] : ['follower'];
};

const cross = (reach: number): string => {
  const d = round(reach);
  return `M${-d} ${-d}L${d} ${d}M${d} ${-d}L${-d} ${d}`;
};
