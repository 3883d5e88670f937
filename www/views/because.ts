// What led to an event that is picked in the list of events.

import { html, nothing, type TemplateResult } from 'lit-html';
import { time } from '../format.ts';
import type { TraceEvent } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { sentence } from '../sentences.ts';
import type { Send } from './cards.ts';

/** What led to an event, link by link. */
export function because(event: TraceEvent, { trail }: Picture, send: Send): TemplateResult | typeof nothing {
  const chain: TraceEvent[] = [];
  for (let seq = event.cause; seq !== null && chain.length < 5; ) {
    const earlier = trail.event(seq);
    if (earlier === null) break;
    chain.push(earlier);
    seq = earlier.cause;
  }
  if (chain.length === 0) return nothing;
  return html`<div class="because"><p class="soft">Because</p><ul>${chain.map(
    (earlier) => html`<li><span class="when">${time(earlier.atUs)}</span>
      <button type="button" class="link" title="Go there" @click=${() => send({ type: 'eventPicked', seq: earlier.seq })}>${sentence(earlier, trail).what}</button></li>`,
  )}</ul></div>`;
}
