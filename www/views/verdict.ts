// What is promised and whether it held; what fell, in a sentence, and what speaks against it, one event after the other; how things stand.

import { html, nothing, type TemplateResult } from 'lit-html';
import { evidence, fallOf, spaced } from '../falls.ts';
import { time } from '../format.ts';
import type { Frame } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { sentence } from '../sentences.ts';
import type { Action, State } from '../store.ts';
import { clientsWords } from './header.ts';
import { icons } from './icons.ts';
import { promisesOf } from './promises.ts';

export { summary } from '../summary.ts';

type Send = (action: Action) => void;

export { default as css } from '../style/verdict.css?inline';

export function fallNote({ fall, trail, frame }: Picture, state: State, send: Send): TemplateResult {
  if (fall === null) return html``;
  const { names, text, events, at, seq } = fall;
  const [name, ...others] = names;
  const broken = name === 'Linearizability' ? 'Not linearizable' : `${name} is broken`;
  const also = others.length > 0 ? `, and with it ${others.join(', ')}` : '';
  const promise = promisesOf(frame.protocol).find(([property]) => spaced(property) === name)?.[1];
  const over = frame.live && (frame.ended || frame.limit !== null);
  const looked = fall.looked ? trail.event(events[at] as number) : null;
  return html`<div class="fall" role="alert">
    <p><b>${icons.bad} ${broken}${also}:</b> ${text}
      ${looked === null ? html`<span class="when">${promise}</span>` : html`<b>${time(looked.atUs)}</b> ${sentence(looked, trail).what}`}</p>
    <div class="row">
      ${
        events.length < 2
          ? nothing
          : html`<button type="button" class="tool small" aria-label="Evidence before" title="What spoke against it before (Shift+W)"
          @click=${() => send(evidence(fall, -1))}>${icons.earlier}</button>
        <span class="count">Evidence ${at + 1} of ${events.length}</span>
        <button type="button" class="tool small" aria-label="Next evidence" title="What spoke against it next (W)"
          @click=${() => send(evidence(fall, 1))}>${icons.later}</button>`
      }
      ${state.playing || over ? nothing : html`<button type="button" class="button" @click=${() => send({ type: 'playToggled' })}>Play on</button>`}
      ${pauseSetting(state, send)}
      <button type="button" class="tool small" aria-label="Close: light nothing" title="Close, and light nothing"
        @click=${() => send({ type: 'fallHushed', seq })}>${icons.close}</button>
    </div>
  </div>`;
}

/** Whether play pauses where something falls. */
const pauseSetting = ({ fallPauses }: State, send: Send): TemplateResult =>
  html`<label class="check" title="F"><input type="checkbox" .checked=${fallPauses}
    @change=${() => send({ type: 'fallPausesToggled' })} /> Pause when a property falls</label>`;

/** All that is promised, and what became of it. */
export function properties({ frame, fingerprint }: Picture, state: State, send: Send): TemplateResult {
  const show = (at: { seq: number; atUs: number }) => {
    const fall = fallOf(frame, at.seq);
    return html`<button type="button" class="link" title="Go there, and light who is to blame"
      @click=${() => fall && send({ type: 'evidenceShown', fall, at: -1, seq: at.seq })}>${time(at.atUs)}</button>`;
  };
  return html`<p class="soft">Checked after every event of this run, up to the playhead.</p>
    <ul class="verdict-properties">${promisesOf(frame.protocol).map(([name, says]) => {
      const broken = frame.violations.find(({ property }) => property === name);
      return html`<li class=${broken ? 'bad' : 'good'}>${broken ? icons.bad : icons.good}
        <span><b>${spaced(name)}</b>${broken ? html` <span class="verdict-word">broken</span>` : nothing}<br />${says}
        ${broken ? html`<br />${broken.text} ${show(broken)}` : nothing}</span></li>`;
    })}</ul>
    ${clients(frame.linearizable, show)}
    <p>${pauseSetting(state, send)}</p>
    <p class="soft">${frame.seq} events, fingerprint <span class="mono">${fingerprint}</span>. On the command line, <span class="mono">raft run</span> gives the same for the same scenario.</p>`;
}

/** What the clients saw, in whatever modes they read. */
function clients(
  linearizable: Frame['linearizable'],
  show: (at: { seq: number; atUs: number }) => TemplateResult,
): TemplateResult {
  const { verdict } = linearizable;
  return html`<ul class="verdict-properties"><li class=${verdict === 'no' ? 'bad' : verdict === 'yes' ? 'good' : ''}>${verdict === 'no' ? icons.bad : icons.clients}
    <span><b>${clientsWords(verdict)}</b><br />${CLIENTS[verdict]}
    ${verdict === 'no' ? html`<br />${linearizable.text} ${show(linearizable)}` : nothing}</span></li></ul>`;
}

const CLIENTS: Readonly<Record<Frame['linearizable']['verdict'], string>> = {
  yes: 'Everything that clients saw, in whatever mode they read, could come of a single copy of the data.',
  no: 'What clients saw could not come of a single copy of the data. A mode that promises nothing may do that; the operations to blame are marked in the space-time diagram.',
  unknown:
    'Too many writes got no answer to know whether what clients saw could come of a single copy of the data.',
};
