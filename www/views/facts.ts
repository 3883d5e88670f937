// What the inspector tells, in rows of a name and a value, and in answers to questions.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Action } from '../store.ts';
import type { Answer } from '../why.ts';

export type Send = (action: Action) => void;
export type Fact = readonly [name: string, value: TemplateResult | string | number];

/** A question that what is picked raises, and its answer; nothing where there is nothing to ask. */
export function answer(
  question: string,
  given: Answer | string | null,
  send?: Send,
): TemplateResult | typeof nothing {
  if (given === null) return nothing;
  const { words, seq } = typeof given === 'string' ? { words: given, seq: null } : given;
  const show = () => send?.({ type: 'eventPicked', seq: seq ?? 0 });
  return html`<div class="inspect-answer"><h3>${question}</h3>
    <p>${words} ${seq !== null && send ? html`<button type="button" class="link" @click=${show}>Show where</button>` : nothing}</p></div>`;
}

export const gone = html`<p class="soft">Not there at this moment.</p>`;

export const facts = (rows: readonly Fact[]): TemplateResult =>
  html`<dl class="inspect-facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
