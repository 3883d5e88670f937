// The sheet that says what keys, hands, shapes and colours mean.

import { html, svg, type TemplateResult } from 'lit-html';
import { SHORTCUTS } from '../keyboard.ts';
import type { Picture } from '../picture.ts';
import css from '../style/help.css?inline';
import { sheetOf } from '../style/sheets.ts';
import { legendOf } from './ring-glyphs.ts';
import { glyph } from './ring-message.ts';

export const sheet = sheetOf(css);

/** What the pointer does, beside clicking. */
const HANDS: readonly (readonly [where: string, does: string])[] = [
  ['A line from one server to another', 'cuts that direction, or mends it.'],
  ['A loop around some', 'splits them off from the others.'],
  ['The ring around a server, dragged to empty,', 'lets it time out now.'],
  ['The diagram', 'is moved by dragging, zoomed with Ctrl and the wheel, two fingers or a double click.'],
  ['The lines between parts', 'are dragged, or moved with the arrow keys.'],
];

export function help({ frame }: Picture): TemplateResult {
  return html`
    <dl class="help-keys">${SHORTCUTS.map(({ shown, does }) => html`<dt><kbd>${shown}</kbd></dt><dd>${does}</dd>`)}
      <dt><kbd>1</kbd>–<kbd>9</kbd></dt><dd>Pick a server</dd></dl>
    <ul class="help-shapes">${legendOf(frame.protocol).map(({ shape, words }) => html`<li>${svg`<svg class="picture ring" width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true"><g class="message term-0">${glyph(shape)}</g></svg>`}${words}</li>`)}</ul>
    <ul class="help-hands">${HANDS.map(([where, does]) => html`<li><b>${where}</b> ${does}</li>`)}</ul>
    <p>Every colour is a term; its number stands beside it. The ring around a server is its election timer, emptying. A command given in the past starts a new branch; the old future stays.</p>
    <p class="soft">After “In Search of an Understandable Consensus Algorithm” by Ongaro and Ousterhout. The signs §5.2 and so on name its sections.</p>`;
}
