// What a newcomer is led through: to crash who leads, to split the network, to read what is out of date. Whoever does it is told the
// next.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { leaderOf } from '../quorum.ts';
import { type Action, HINTS, type State } from '../store.ts';
import { icons } from './icons.ts';

const HINT_TEXTS: readonly ((frame: Frame, state: State) => string)[] = [
  (frame, state) => {
    const leader = leaderOf(frame)?.id;
    const keys = withKeys(state);
    if (leader)
      return `${leader} wears the crown: it leads. Pick it${keys(leader.slice(1))} and crash it${keys('C')}. Who is next?`;
    return state.playing
      ? 'Whose timer runs out first wants to lead: watch the arcs.'
      : `Press Play${keys('Space')} and see who comes to lead.`;
  },
  (_, state) =>
    `Pick a server and isolate it${withKeys(state)('I')}${state.layout === 'narrow' ? '' : ', or draw a loop around some'}. Who can still commit?`,
  (_, state) => {
    const keys = withKeys(state);
    return `Pick the client and write${keys('A')}; pick a server cut off and read there${keys('R')}. Heal${keys('H')} ends it.`;
  },
];

/** Where there is a keyboard, its keys. */
const withKeys =
  ({ layout }: State) =>
  (key: string): string =>
    layout === 'narrow' ? '' : ` (${key})`;

/** At most three, one at a time, for someone who is here for the first time. */
export function hint(
  frame: Frame,
  state: State,
  send: (action: Action) => void,
): TemplateResult | typeof nothing {
  const text = frame.protocol === 'raft' && state.lessons === null && HINT_TEXTS[state.hint]?.(frame, state);
  if (!text) return nothing;
  return html`<aside class="hint" aria-label="Hint">
    <p>${text}</p>
    <button type="button" class="link" @click=${() => send({ type: 'hintRead' })}>${state.hint + 1 < HINTS ? 'Next' : 'Done'}</button>
    <button type="button" class="tool small" aria-label="No more hints" title="No more hints" @click=${() => send({ type: 'hintsSkipped' })}>${icons.close}</button>
  </aside>`;
}
