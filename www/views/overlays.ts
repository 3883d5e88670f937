// What lies above the page for a moment: keys and colours, the properties, the branches, and the first hints.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Picture } from '../picture.ts';
import { type Action, HINTS, type State } from '../store.ts';
import { icons } from './icons.ts';
import { late } from './late.ts';

type Send = (action: Action) => void;

export function overlay(picture: Picture, state: State, send: Send): TemplateResult | typeof nothing {
  const close = () => send({ type: 'overlayClosed' });
  switch (state.overlay) {
    case null:
      return nothing;
    case 'help':
      return sheet(
        'Keys and colours',
        late('help', state, ({ help }) => help(picture)),
        close,
      );
    case 'verdict':
      return sheet(
        picture.frame.protocol === 'raft' ? 'What Raft promises' : 'What two-phase commit promises',
        late('verdict', state, ({ properties }) => properties(picture, state, send)),
        close,
      );
    case 'branches':
      return sheet(
        'Branches',
        late('branches', state, ({ branches }) => branches(picture, state, send)),
        close,
        state.branches.beside === null ? 'broad' : 'broadest',
      );
  }
}

function sheet(title: string, body: TemplateResult, close: () => void, look = ''): TemplateResult {
  return html`<div class="veil" @click=${close}></div>
    <div class="sheet ${look}" role="dialog" aria-modal="true" aria-label=${title} tabindex="-1">
      <div class="titled"><h2>${title}</h2>
        <button type="button" class="tool small" aria-label="Close" title="Close (Esc)" @click=${close}>${icons.close}</button></div>
      <div class="sheet-body" tabindex="0">${body}</div>
    </div>`;
}

const HINT_TEXTS: readonly string[] = [
  'Click a server to look inside it or crash it. Draw a line to another to cut their link, a loop around some to split them off.',
  'Drag the time strip, or press ← and →: every moment can be seen again, and every event says why it happened.',
  'Do something different in the past, and a new branch begins. The old one stays; Z undoes.',
];

/** At most three, one at a time, for someone who is here for the first time. */
export function hint(state: State, send: Send): TemplateResult | typeof nothing {
  const text = HINT_TEXTS[state.hint];
  if (text === undefined || state.hint >= HINTS || state.lessons !== null) return nothing;
  return html`<aside class="hint" aria-label="Hint">
    <p>${text}</p>
    <button type="button" class="link" @click=${() => send({ type: 'hintRead' })}>${state.hint + 1 < HINTS ? 'Next' : 'Done'}</button>
    <button type="button" class="tool small" aria-label="No more hints" title="No more hints" @click=${() => send({ type: 'hintsSkipped' })}>${icons.close}</button>
  </aside>`;
}
