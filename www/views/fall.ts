// What fell, in a sentence, and what speaks against it, one event after the other.

import { html, nothing, type TemplateResult } from 'lit-html';
import { evidence, spaced } from '../falls.ts';
import { time } from '../format.ts';
import type { Picture } from '../picture.ts';
import { sentence } from '../sentences.ts';
import type { Action, State } from '../store.ts';
import { icons } from './icons.ts';
import { promisesOf } from './promises.ts';

type Send = (action: Action) => void;

export function fallNote(
  { fall, trail, frame }: Picture,
  state: State,
  send: Send,
): TemplateResult | typeof nothing {
  if (fall === null) return nothing;
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
export const pauseSetting = ({ fallPauses }: State, send: Send): TemplateResult =>
  html`<label class="check" title="F"><input type="checkbox" .checked=${fallPauses}
    @change=${() => send({ type: 'fallPausesToggled' })} /> Pause when a property falls</label>`;
