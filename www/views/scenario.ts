// The scenario as text. What is typed runs by itself after a pause; a text that is wrong says where and why, and the last good run stays.
//
// The editor is a part of its own that comes only when it is asked for. Until then, and where it cannot come, a plain field does.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { ParseErrorFrame } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { offsetOf } from '../scenario-text.ts';
import type { Action, State } from '../store.ts';
import { icons } from './icons.ts';

type Send = (action: Action) => void;

export { default as css } from '../style/scenario.css?inline';

/** What the editor is told with every picture. */
export interface EditorModel {
  readonly written: State['written'];
  /** The scenario as it runs. */
  readonly runs: string;
  readonly draft: string | null;
  readonly wrong: readonly ParseErrorFrame[];
  /** Whether somebody asked to edit; else it is just looked at. */
  readonly editing: boolean;
  readonly atUs: number;
  readonly servers: number;
  readonly clients: number;
  readonly send: Send;
}

export function scenario({ text, frame }: Picture, state: State, send: Send): TemplateResult {
  const { written, draft, wrong, editor, alone } = state;
  const model: EditorModel = {
    written,
    runs: text,
    draft,
    wrong,
    editing: state.editing,
    atUs: frame.atUs,
    servers: frame.servers.length,
    clients: frame.clients.length,
    send,
  };
  return html`<div class="card-head"><h2>Scenario</h2>
      <span class="standing ${wrong.length > 0 ? 'bad' : 'soft'} ${draft !== null && wrong.length === 0 ? 'pending' : ''}" role="status">${standing(state)}</span>
      ${wrong.length > 0 ? html`<button type="button" class="button small" title="Forget what was typed, and show the text that runs" @click=${() => send({ type: 'scenarioDropped' })}>Undo typing</button>` : nothing}
      ${alone === 'scenario' ? nothing : html`<button type="button" class="tool small" aria-label="Close the scenario" title="Close (E)" @click=${() => send({ type: 'editorToggled' })}>${icons.close}</button>`}</div>
    ${
      editor === 'here'
        ? html`<raft-scenario class="editor" .model=${model}></raft-scenario>`
        : editor === 'missing'
          ? plain(model)
          : html`<p class="soft panel">Getting the editor…</p>`
    }
    ${wrong.length > 0 ? html`<ul class="mistakes scroll" tabindex="0" aria-label="Mistakes">${wrong.map((one, n) => mistake(one, n, draft ?? text, send))}</ul>` : nothing}`;
}

/** Says nothing new while a text is on its way to be run: nobody shall hear of every word typed. */
const standing = ({ wrong }: State): string =>
  wrong.length === 0
    ? 'Runs as it stands here'
    : `${wrong.length === 1 ? 'A mistake' : `${wrong.length} mistakes`}: the last good text runs on`;

/** A plain field, where the editor cannot come. */
function plain({ written, runs, draft, wrong, send }: EditorModel): TemplateResult {
  const shown = draft ?? (runs === written.runs ? written.text : runs);
  const edit = (event: Event) =>
    send({ type: 'scenarioEdited', text: (event.target as HTMLTextAreaElement).value });
  return html`<p class="soft note">The editor could not be fetched; a plain field stands in for it. Open the scenario again to try once more.</p>
    <textarea class="field mono plain" aria-label="Scenario" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
      aria-invalid=${wrong.length > 0} .value=${shown} @input=${edit}></textarea>`;
}

/** A longer list of words is one to choose from, not to read. */
const LONGEST_LIST = 80;

/** Without the list of all that could stand there, if that is long. */
const brief = ({ message, expected }: ParseErrorFrame): string => {
  const list = expected.indexOf(': ');
  return list < 0 || expected.length < LONGEST_LIST
    ? message
    : message.replace(expected, expected.slice(0, list));
};

/** Where it is and why; and what was meant, if that is near. */
function mistake(wrong: ParseErrorFrame, n: number, text: string, send: Send): TemplateResult {
  const { line, column, found, nearest } = wrong;
  const from = offsetOf(text, line, column);
  const to = from + found.length;
  const mend = () => {
    if (text.slice(from, to) === found)
      send({ type: 'scenarioEdited', text: text.slice(0, from) + nearest + text.slice(to) });
  };
  return html`<li><p id=${n === 0 ? 'mistake' : nothing} title=${wrong.message}>${brief(wrong)}</p>
    ${nearest === null ? nothing : html`<button type="button" class="button small" @click=${mend}>Write <span class="mono">${nearest}</span></button>`}</li>`;
}
