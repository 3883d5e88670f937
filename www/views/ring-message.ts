// A message on its way. Its kind shows by shape, its term by colour, its direction by its tail.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { LostFrame, MessageFrame } from '../generated/engine.ts';
import { clamp, onWay, round, type Way } from '../geometry.ts';
import { type Dispatch, term, type Ui } from './contract.ts';
import { classes, does } from './pick.ts';

/** How far from both ends a held message is seen, as a share of its way. */
const HELD_AWAY = 0.3;
/** Half of the smallest area a finger hits. */
const HIT = 13;

export const message = (
  m: MessageFrame,
  way: Way,
  atUs: number,
  ui: Ui,
  dispatch: Dispatch,
): TemplateResult => {
  const gone01 = clamp(((m.heldUs ?? atUs) - m.sentUs) / Math.max(1, m.arrivesUs - m.sentUs), 0, 1);
  // One that is held from the start, or at the very end, must not hide below a server.
  const done = m.heldUs === null ? gone01 : clamp(gone01, HELD_AWAY, 1 - HELD_AWAY);
  const at = onWay(way, done);
  const gone = Math.hypot(at.x - way.start.x, at.y - way.start.y);
  const picked = ui.picked?.type === 'message' && ui.picked.id === m.id;
  const pick = does(dispatch, { type: 'messagePicked', id: m.id, seq: m.seq });
  const [long, half] = m.heartbeat ? [16, 2] : [26, 3.2];
  // While time runs, a message is gone before a keyboard gets to it: it would only be in the way.
  return svg`<g class=${classes('message', ...colours(m), m.heldUs !== null && 'held', picked && 'picked')} role="button" tabindex=${ui.playing ? -1 : 0}
      aria-label=${spoken(m)} transform="translate(${round(at.x)} ${round(at.y)})" @click=${pick} @keydown=${pick}>
    <path class="tail" d=${tail(Math.min(gone, long), half)} transform="rotate(${round(at.turn)})" />
    <circle class="hit" r=${HIT} />
    <circle class="focus" r="11" />
    ${glyph(m)}
    ${m.heldUs === null ? nothing : svg`<path class="held-mark" d="M-11 -11V11M11 -11V11" />`}
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
  return svg`<g class=${classes('message lost', ...colours(m), picked && 'picked')} role="button" tabindex="-1"
      aria-label="${m.from} to ${m.to}, lost" opacity=${round(strength)}
      transform="translate(${round(at.x)} ${round(at.y)})" @click=${pick} @keydown=${pick}>
    <path class="tail" d=${tail(20, 2.5)} transform="rotate(${round(at.turn)})" />
    <circle class="hit" r=${HIT} />
    <circle class="focus" r="11" />
    <path class="lost-mark" d="M-5 -5L5 5M5 -5L-5 5" />
  </g>`;
};

/** The classes that colour a message: between clients and servers there are no terms. */
const colours = (m: { term: number | null }): string[] => (m.term === null ? ['of-client'] : [term(m.term)]);

/** From the glyph back to where the message comes from, getting thinner. */
const tail = (length: number, half: number): string => `M0 ${-half}L${round(-length)} 0L0 ${half}Z`;

/** Solid shapes ask, outlined ones answer. Round is replication, a diamond an election, a square a client's. */
const glyph = (m: MessageFrame): TemplateResult => {
  switch (m.kind) {
    case 'RequestVote':
      return svg`<path class="glyph" d="M-8 0L0 -8L8 0L0 8Z" /><text class="on-glyph" y="3.6">?</text>`;
    case 'RequestVoteReply':
      return svg`<path class="glyph answer" d="M-8 0L0 -8L8 0L0 8Z" />${verdict(m.success)}`;
    case 'AppendEntries':
      return m.heartbeat
        ? svg`<circle class="glyph" r="4" />`
        : svg`<circle class="glyph" r="8" /><text class="on-glyph" y="3.6">${m.entries}</text>`;
    case 'PreVote':
      return svg`<path class="glyph answer" d="M-8 0L0 -8L8 0L0 8Z" /><text y="3.6">?</text>`;
    case 'PreVoteReply':
      return svg`<path class="glyph answer" d="M-6 0L0 -6L6 0L0 6Z" />${verdict(m.success)}`;
    case 'TimeoutNow':
      return svg`<path class="glyph" d="M-8 0L0 -8L8 0L0 8Z" /><text class="on-glyph" y="3.6">!</text>`;
    case 'InstallSnapshot':
      return svg`<rect class="glyph" x="-8" y="-8" width="16" height="16" rx="5" /><text class="on-glyph" y="3.6">S</text>`;
    case 'ReadIndex':
      return svg`<circle class="glyph" r="8" /><text class="on-glyph" y="3.6">?</text>`;
    case 'ReadIndexReply':
    case 'InstallSnapshotReply':
    case 'AppendEntriesReply':
      return svg`<circle class="glyph answer" r=${m.success === false ? 6.5 : 4.5} />${m.success === false ? verdict(false) : nothing}`;
    case 'Request':
      return svg`<rect class="glyph" x="-6" y="-6" width="12" height="12" rx="2.5" />`;
    case 'Response':
      return svg`<rect class="glyph answer" x="-6.5" y="-6.5" width="13" height="13" rx="2.5" />${verdict(m.success)}`;
  }
};

const verdict = (yes: boolean | null): TemplateResult | typeof nothing => {
  if (yes === null) return nothing;
  return yes
    ? svg`<path class="yes" d="M-3 0.2L-0.9 2.4L3.2 -2.4" />`
    : svg`<path class="no" d="M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5" />`;
};

const KINDS: Record<MessageFrame['kind'], string> = {
  RequestVote: 'asks for a vote',
  RequestVoteReply: 'answers about a vote',
  AppendEntries: 'sends entries',
  AppendEntriesReply: 'answers about entries',
  PreVote: 'asks whether it would get a vote',
  PreVoteReply: 'answers whether it would vote so',
  TimeoutNow: 'tells to stand at once',
  InstallSnapshot: 'sends its snapshot',
  InstallSnapshotReply: 'answers about the snapshot',
  ReadIndex: 'asks how far to apply for a read',
  ReadIndexReply: 'answers about a read',
  Request: 'asks',
  Response: 'answers',
};

const spoken = (m: MessageFrame): string => {
  const does = m.heartbeat ? 'sends a heartbeat' : KINDS[m.kind];
  const verdict = m.success === null ? '' : m.success ? ', yes' : ', no';
  const about = m.term === null ? '' : `, term ${m.term}`;
  const held = m.heldUs === null ? '' : ', held';
  return `${m.from} to ${m.to}, ${does}${about}${verdict}${held}${m.text && ': '}${m.text}`;
};
