// What lies above the page for a moment: keys and colours, the properties, the branches, and the first hints.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { fallOf, spaced } from '../falls.ts';
import { time } from '../format.ts';
import type { Frame } from '../generated/engine.ts';
import { SHORTCUTS } from '../keyboard.ts';
import type { Picture } from '../picture.ts';
import { type Action, HINTS, type State } from '../store.ts';
import { pauseSetting } from './fall.ts';
import { clientsWords } from './header.ts';
import { icons } from './icons.ts';
import { late } from './late.ts';
import { promisesOf } from './promises.ts';
import { legendOf } from './ring-glyphs.ts';
import { glyph } from './ring-message.ts';

type Send = (action: Action) => void;

export function overlay(picture: Picture, state: State, send: Send): TemplateResult | typeof nothing {
  const close = () => send({ type: 'overlayClosed' });
  switch (state.overlay) {
    case null:
      return nothing;
    case 'help':
      return sheet('Keys and colours', help(picture), close);
    case 'verdict':
      return sheet(
        picture.frame.protocol === 'raft' ? 'What Raft promises' : 'What two-phase commit promises',
        properties(picture, state, send),
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
      <div class="inspector-head"><h2>${title}</h2>
        <button type="button" class="tool small" aria-label="Close" title="Close (Esc)" @click=${close}>${icons.close}</button></div>
      <div class="sheet-body" tabindex="0">${body}</div>
    </div>`;
}

/** What the pointer does, beside clicking. */
const HANDS: readonly (readonly [where: string, does: string])[] = [
  ['A line from one server to another', 'cuts that direction, or mends it.'],
  ['A loop around some', 'splits them off from the others.'],
  ['The ring around a server, dragged to empty,', 'lets it time out now.'],
  ['The diagram', 'is moved by dragging, zoomed with Ctrl and the wheel, two fingers or a double click.'],
  ['The lines between parts', 'are dragged, or moved with the arrow keys.'],
];

function help({ frame }: Picture): TemplateResult {
  return html`
    <dl class="keys">${SHORTCUTS.map(({ shown, does }) => html`<dt><kbd>${shown}</kbd></dt><dd>${does}</dd>`)}
      <dt><kbd>1</kbd>–<kbd>9</kbd></dt><dd>Pick a server</dd></dl>
    <ul class="shapes">${legendOf(frame.protocol).map(({ shape, words }) => html`<li>${svg`<svg class="picture ring" width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true"><g class="message term-0">${glyph(shape)}</g></svg>`}${words}</li>`)}</ul>
    <ul class="hands">${HANDS.map(([where, does]) => html`<li><b>${where}</b> ${does}</li>`)}</ul>
    <p>Every colour is a term; its number stands beside it. The ring around a server is its election timer, emptying. A command given in the past starts a new branch; the old future stays.</p>
    <p class="soft">After “In Search of an Understandable Consensus Algorithm” by Ongaro and Ousterhout. The signs §5.2 and so on name its sections.</p>`;
}

function properties({ frame }: Picture, state: State, send: Send): TemplateResult {
  const show = (at: { seq: number; atUs: number }) => {
    const fall = fallOf(frame, at.seq);
    return html`<button type="button" class="link" title="Go there, and light who is to blame"
      @click=${() => fall && send({ type: 'evidenceShown', fall, at: -1, seq: at.seq })}>${time(at.atUs)}</button>`;
  };
  return html`<p class="soft">Checked after every event of this run, up to the playhead.</p>
    <ul class="properties">${promisesOf(frame.protocol).map(([name, says]) => {
      const broken = frame.violations.find(({ property }) => property === name);
      return html`<li class=${broken ? 'bad' : 'good'}>${broken ? icons.bad : icons.good}
        <span><b>${spaced(name)}</b>${broken ? html` <span class="verdict-word">broken</span>` : nothing}<br />${says}
        ${broken ? html`<br />${broken.text} ${show(broken)}` : nothing}</span></li>`;
    })}</ul>
    ${clients(frame.linearizable, show)}
    <p>${pauseSetting(state, send)}</p>
    <p class="soft">${frame.seq} events, fingerprint <span class="mono">${frame.fingerprint}</span>. On the command line, <span class="mono">raft run</span> gives the same for the same scenario.</p>`;
}

/** What the clients saw, in whatever modes they read. */
function clients(
  linearizable: Frame['linearizable'],
  show: (at: { seq: number; atUs: number }) => TemplateResult,
): TemplateResult {
  const { verdict } = linearizable;
  return html`<ul class="properties"><li class=${verdict === 'no' ? 'bad' : verdict === 'yes' ? 'good' : ''}>${verdict === 'no' ? icons.bad : icons.clients}
    <span><b>${clientsWords(verdict)}</b><br />${CLIENTS[verdict]}
    ${verdict === 'no' ? html`<br />${linearizable.text} ${show(linearizable)}` : nothing}</span></li></ul>`;
}

const CLIENTS: Readonly<Record<Frame['linearizable']['verdict'], string>> = {
  yes: 'Everything that clients saw, in whatever mode they read, could come of a single copy of the data.',
  no: 'What clients saw could not come of a single copy of the data. A mode that promises nothing may do that; the operations to blame are marked in the space-time diagram.',
  unknown:
    'Too many writes got no answer to know whether what clients saw could come of a single copy of the data.',
};

const HINT_TEXTS: readonly string[] = [
  'Click a server to look inside it or crash it. Draw a line to another to cut their link, a loop around some to split them off.',
  'Drag the time strip, or press ← and →: every moment can be seen again, and every event says why it happened.',
  'Do something different in the past, and a new branch begins. The old one stays; Z undoes.',
];

/** At most three, one at a time, for someone who is here for the first time. */
export function hint(state: State, send: Send): TemplateResult | typeof nothing {
  const text = HINT_TEXTS[state.hint];
  if (text === undefined || state.hint >= HINTS) return nothing;
  return html`<aside class="hint" aria-label="Hint">
    <p>${text}</p>
    <button type="button" class="link" @click=${() => send({ type: 'hintRead' })}>${state.hint + 1 < HINTS ? 'Next' : 'Done'}</button>
    <button type="button" class="tool small" aria-label="No more hints" title="No more hints" @click=${() => send({ type: 'hintsSkipped' })}>${icons.close}</button>
  </aside>`;
}
