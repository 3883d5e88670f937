// What all parts of the page are made from and stand in, and the card of the one view that is always there.

import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { keyed } from 'lit-html/directives/keyed.js';
import type { Part, Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
import type { Ui } from './contract.ts';
import { icons } from './icons.ts';
import { ring } from './ring.ts';

export type Send = (action: Action) => void;

/** What every part of the page is made from. */
export interface Parts {
  readonly picture: Picture;
  readonly state: State;
  readonly send: Send;
}

/** Drawn anew only when it is the part's turn. */
export const inTurn = (part: Part, { turns }: Picture, draw: () => TemplateResult): TemplateResult =>
  html`${guard([turns[part]], draw)}`;

export function cluster(picture: Picture, send: Send): TemplateResult {
  return html`<section class="card cluster" aria-label="Cluster">
    <div class="card-head"><h2>Cluster</h2>${tool('Pictures and data', 'X', icons.save, { type: 'overlayToggled', overlay: 'export' }, send)}</div>
    ${theRing(picture, send)}
  </section>`;
}

export const theRing = (picture: Picture, send: Send): TemplateResult =>
  drawing('ring', picture.ui, () => ring(picture.frame, picture.ui, send));

export const tool = (words: string, key: string, icon: TemplateResult, action: Action, send: Send) =>
  html`<button type="button" class="tool small" aria-label=${words} title="${words} (${key})" @click=${() => send(action)}>${icon}</button>`;

/** A picture's place. It is as large as the arrangement makes it, never as large as what is in it; until that is measured, empty. */
export function drawing(name: keyof Ui['size'], ui: Ui, draw: () => TemplateResult): TemplateResult {
  const { width, height } = ui.size[name];
  const picture = width > 0 && height > 0 ? draw() : nothing;
  // Each has a place of its own, for one that another picture had is not measured anew.
  return html`${keyed(name, html`<div class="drawing" data-picture=${name} data-soon="more">${picture}</div>`)}`;
}
