// A message on its way, while time stands still. Its kind shows by shape, its term by colour, its direction by its tail.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { LostFrame, MessageFrame } from '../generated/engine.ts';
import { clamp, onWay, round, type Way } from '../geometry.ts';
import { type Dispatch, messageHue, type Ui } from './contract.ts';
import { classes, does } from './pick.ts';
import { BEHIND, glyphOf, HELD_MARK, type Marked, signsAt } from './ring-glyphs.ts';

/** How far from both ends a held message is seen, as a share of its way. */
const HELD_AWAY = 0.3;
/** Half of the smallest area a finger hits. */
const HIT = 13;

/** Which part of its way a message has behind it. One that is held from the start, or at the very end, must not hide below a server. */
export const howFar = (
  { sentUs, arrivesUs, heldUs }: Pick<MessageFrame, 'sentUs' | 'arrivesUs' | 'heldUs'>,
  atUs: number,
): number => {
  const done = clamp(((heldUs ?? atUs) - sentUs) / Math.max(1, arrivesUs - sentUs), 0, 1);
  return heldUs === null ? done : clamp(done, HELD_AWAY, 1 - HELD_AWAY);
};

export const message = (
  m: MessageFrame,
  way: Way,
  atUs: number,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const at = onWay(way, howFar(m, atUs));
  const gone = Math.hypot(at.x - way.start.x, at.y - way.start.y);
  const picked = ui.picked?.type === 'message' && ui.picked.id === m.id;
  const pick = does(dispatch, { type: 'messagePicked', id: m.id, seq: m.seq });
  const [long, half] = m.heartbeat ? [16, 2] : [26, 3.2];
  return svg`<g class=${classes('message', messageHue(m), m.heldUs !== null && 'held', picked && 'picked')} role="button" tabindex="0"
      aria-label=${spoken(m)} transform="translate(${round(at.x)} ${round(at.y)})" @click=${pick} @keydown=${pick}>
    <path class="tail" d=${tail(Math.min(gone, long), half)} transform="rotate(${round(at.turn)})" />
    <circle class="hit" r=${HIT} />
    <circle class="focus" r="11" />
    ${glyph(m)}
    <title>${spoken(m)}</title>
  </g>`;
};

/** How long a lost message is seen to fade, in µs. */
const FADES = 30_000;

/** What is left of a message that was lost a moment ago: a cross where that happened. */
export const lostMessage = (
  m: LostFrame,
  way: Way,
  atUs: number,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const at = onWay(way, m.onArrival ? 1 : 0.5);
  const strength = clamp(1 - (atUs - m.lostUs) / FADES, 0, 1);
  const pick = does(dispatch, { type: 'messagePicked', id: m.id, seq: m.seq });
  const picked = ui.picked?.type === 'message' && ui.picked.id === m.id;
  return svg`<g class=${classes('message lost', messageHue(m), picked && 'picked')} role="button" tabindex="-1"
      aria-label="${m.from} to ${m.to}, lost" opacity=${round(strength)}
      transform="translate(${round(at.x)} ${round(at.y)})" @click=${pick} @keydown=${pick}>
    <path class="tail" d=${tail(20, 2.5)} transform="rotate(${round(at.turn)})" />
    <circle class="hit" r=${HIT} />
    <circle class="focus" r="11" />
    <path class="lost-mark" d="M-5 -5L5 5M5 -5L-5 5" />
  </g>`;
};

/** From the glyph back to where the message comes from, getting thinner. */
const tail = (length: number, half: number): string => `M0 ${-half}L${round(-length)} 0L0 ${half}Z`;

/** Its shape, with its sign and marks. */
export const glyph = (m: Marked): TemplateResult => {
  const drawn = glyphOf(m);
  const look = classes('sign', drawn.solid ? 'on-solid' : m.success === false && 'no');
  return svg`${m.copy ? svg`<path class="glyph answer" d="M0 0${BEHIND}${drawn.body}" />` : nothing}
    <path class=${drawn.solid ? 'glyph' : 'glyph answer'} d="M0 0${drawn.body}" />
    ${drawn.signs.length === 0 ? nothing : svg`<path class=${look} d=${signsAt(drawn, 0, 0)} />`}
    ${m.heldUs === null ? nothing : svg`<path class="held-mark" d="M0 0${HELD_MARK}" />`}`;
};

/** In the order in which rows of numbers count them. */
const KINDS: Record<MessageFrame['kind'], string> = {
  RequestVote: 'asks for a vote',
  RequestVoteReply: 'answers about a vote',
  AppendEntries: 'sends entries',
  AppendEntriesReply: 'answers about entries',
  Request: 'asks',
  Response: 'answers',
  ReadIndex: 'asks how far to apply for a read',
  ReadIndexReply: 'answers about a read',
  PreVote: 'asks whether it would get a vote',
  PreVoteReply: 'answers whether it would vote so',
  TimeoutNow: 'tells to stand at once',
  InstallSnapshot: 'sends its snapshot',
  InstallSnapshotReply: 'answers about the snapshot',
  Prepare: 'asks for a vote on a transaction',
  Vote: 'votes on a transaction',
  Decision: 'tells a decision',
  Acknowledgement: 'has committed',
  Inquiry: 'asks for a decision',
  Uncertain: 'does not know the decision',
};
export const KIND_NAMES = Object.keys(KINDS) as MessageFrame['kind'][];

const spoken = (m: MessageFrame): string => {
  const does = m.heartbeat ? 'sends a heartbeat' : KINDS[m.kind];
  const verdict = m.success === null ? '' : m.success ? ', yes' : ', no';
  const about = m.term === null ? '' : `, term ${m.term}`;
  const marks = `${m.copy ? ', a copy' : ''}${m.heldUs === null ? '' : ', held'}`;
  return `${m.from} to ${m.to}, ${does}${about}${verdict}${marks}${m.text && ': '}${m.text}`;
};
