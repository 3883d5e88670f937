// The sheet that says what keys, hands, shapes and colours mean.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
import { legendOf } from './ring-glyphs.ts';
import { glyph } from './ring-message.ts';

export { default as css } from '../style/help.css?inline';

/** What a key is called, what it does, and how a browser calls it and others that do the same. */
export const SHORTCUTS: readonly (readonly [shown: string, does: string, ...keys: string[]])[] = [
  ['Space', 'Play or pause', ' ', 'k'],
  ['→', 'Step forward', 'ArrowRight', '.'],
  ['←', 'Step back', 'ArrowLeft', ','],
  ['N', 'On to the next notable event', 'n'],
  ['P', 'Back to the last notable event', 'p'],
  ['Home', 'To the start', 'Home'],
  ['End', 'To the end', 'End'],
  ['+', 'Faster', '+', '='],
  ['−', 'Slower', '-', '_'],
  [']', 'Zoom into the space-time diagram', ']'],
  ['[', 'Zoom out of it', '['],
  ['0', 'Show the whole run in it', '0'],
  ['C', 'Crash or restart the picked server', 'c'],
  ['T', 'Let the picked server time out', 't'],
  ['I', 'Isolate the picked server', 'i'],
  ['A', 'Let a client write', 'a'],
  ['R', 'Let it read at the picked server, however old that is', 'r'],
  ['H', 'Heal the network', 'h'],
  ['S', 'Share: link, Markdown, frame, tag, file', 's'],
  ['Z', 'Undo the last command or change', 'z'],
  ['E', 'Open or close the scenario’s text; in it, Esc gives the keys back to the page', 'e'],
  ['L', 'Open or close the lessons', 'l'],
  ['G', 'On in the lesson', 'g'],
  ['Shift G', 'Back in it', 'G'],
  ['F', 'Pause where a property falls, or play on', 'f'],
  ['W', 'Show the next event that speaks against what fell', 'w'],
  ['Shift W', 'Show the one before', 'W'],
  ['V', 'Show the next view alone, at last all again', 'v'],
  ['B', 'Branches: name, compare, delete', 'b'],
  ['X', 'Save pictures and data', 'x'],
  ['Esc', 'Let go of what is picked', 'Escape'],
  ['?', 'This sheet', '?'],
];

/** What the pointer does, beside clicking. */
const HANDS: readonly (readonly [where: string, does: string])[] = [
  ['A line from one server to another', 'cuts that direction, or mends it.'],
  ['A loop around some', 'splits them off from the others.'],
  ['The ring around a server, dragged to empty,', 'lets it time out now.'],
  ['The diagram', 'is moved by dragging, zoomed with Ctrl and the wheel, two fingers or a double click.'],
  ['The lines between parts', 'are dragged, or moved with the arrow keys.'],
];

export function help({ frame }: Picture, { home }: State, send: (action: Action) => void): TemplateResult {
  const save = () => send({ type: 'overlayToggled', overlay: 'export' });
  return html`<p class="row"><button type="button" class="button small" @click=${save}>Save pictures and data</button>${home === '' ? nothing : html` <a class="button small" href=${home}>Front page</a>`}</p>
    <dl class="help-keys">${SHORTCUTS.map(([shown, does]) => html`<dt><kbd>${shown}</kbd></dt><dd>${does}</dd>`)}
      <dt><kbd>1</kbd>–<kbd>9</kbd></dt><dd>Pick a server</dd></dl>
    <ul class="help-shapes">${legendOf(frame.protocol).map(({ shape, words }) => html`<li>${svg`<svg class="picture ring" width="24" height="24" viewBox="-12 -12 24 24" aria-hidden="true"><g class="message term-0">${glyph(shape)}</g></svg>`}${words}</li>`)}</ul>
    <ul class="help-hands">${HANDS.map(([where, does]) => html`<li><b>${where}</b> ${does}</li>`)}</ul>
    <p>Every colour is a term; its number stands beside it. The ring around a server is its election timer, emptying. A command given in the past starts a new branch; the old future stays.</p>
    <p class="soft">After “In Search of an Understandable Consensus Algorithm” by Ongaro and Ousterhout. The signs §5.2 and so on name its sections, “thesis” is Ongaro’s.</p>`;
}
