// The scenario as text: read it, change it, run it. A wrong one says where and why, and the last good run stays.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { ParseErrorFrame } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { marked, offsetOf } from '../scenario-text.ts';
import type { Action, State } from '../store.ts';

type Send = (action: Action) => void;

export function scenario({ text }: Picture, state: State, send: Send): TemplateResult {
  const { draft, wrong } = state;
  const shown = draft ?? text;
  const preset = state.presets.find(({ name }) => name === state.preset);
  const apply = () => send({ type: 'scenarioApplied', text: shown });
  const edit = (event: Event) =>
    send({ type: 'scenarioEdited', text: (event.target as HTMLTextAreaElement).value });
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) apply();
  };
  return html`
    ${preset?.about && wrong === null ? html`<p class="about">${preset.about}</p>` : nothing}
    ${wrong ? mistake(shown, wrong) : nothing}
    <label class="visually-hidden" for="scenario-text">Scenario</label>
    <textarea id="scenario-text" class="field editor mono" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
      aria-invalid=${wrong !== null} aria-describedby=${wrong ? 'scenario-error' : nothing}
      .value=${shown} @input=${edit} @keydown=${onKey}></textarea>
    <div class="row wrap actions">
      <button type="button" class="button primary" title="Run this text from the start (Ctrl+Enter)" @click=${apply}>Apply</button>
      <button type="button" class="button" title="Back to the text that runs" ?disabled=${draft === null} @click=${() => send({ type: 'scenarioDropped' })}>Undo changes</button>
    </div>`;
}

function mistake(text: string, error: ParseErrorFrame): TemplateResult {
  const { line, marker } = marked(text, error.line, error.column);
  const show = (event: Event) => {
    const root = (event.target as Element).getRootNode() as ShadowRoot;
    const editor = root.querySelector<HTMLTextAreaElement>('#scenario-text');
    const from = offsetOf(text, error.line, error.column);
    editor?.focus();
    editor?.setSelectionRange(from, from + Math.max(1, error.found.length));
  };
  return html`<div class="error" id="scenario-error" role="alert">
    <p>${error.message}</p>
    ${line.trim() === '' ? nothing : html`<pre class="mono" aria-hidden="true">${line}\n<b>${marker}</b></pre>`}
    <button type="button" class="button small" @click=${show}>Go to line ${error.line}</button>
  </div>`;
}
