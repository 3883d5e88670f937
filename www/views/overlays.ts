// What lies above the page for a moment: keys and colours, the properties, the branches.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
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
        late('help', state, ({ help }) => help(picture, state, send)),
        close,
      );
    case 'verdict':
      return sheet(
        picture.frame.protocol === 'raft' ? 'What Raft promises' : 'What two-phase commit promises',
        late('verdict', state, ({ properties }) => properties(picture, state, send)),
        close,
      );
    case 'export':
      return sheet(
        'Pictures and data',
        late('export', state, ({ exporting }) => exporting(picture, state, send)),
        close,
      );
    case 'share':
      return sheet(
        'Share',
        late('share', state, ({ share }) => share(picture, state, send)),
        close,
        'share',
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
