// What all groups of controls are made of: buttons and rows that say in a sentence what they do, and which line that writes.

import { html, nothing, type TemplateResult } from 'lit-html';
import { scenarioTime } from '../../format.ts';
import type { Picture } from '../../picture.ts';
import { type Action, type State, toggled } from '../../store.ts';
import type { Command } from '../../vocabulary.ts';

export type Send = (action: Action) => void;
export type Content = TemplateResult | typeof nothing;

/** What a group is drawn from. */
export interface Panel {
  readonly picture: Picture;
  readonly state: State;
  readonly send: Send;
}

export interface Look {
  /** Classes: `small`, `danger`, `primary`. */
  readonly kind?: string;
  readonly off?: boolean;
  /** What stands on it, where that is not its own name. */
  readonly words?: string;
  /** What to call it for those who do not see what it stands beside. Begins with the words on it. */
  readonly label?: string;
}

/** A button that sends a command. Its tooltip shows the line. */
export const commandButton = (words: string, line: string, send: Send, look: Look = {}): TemplateResult =>
  html`<button type="button" class="button ${look.kind ?? ''}" title=${line} aria-label=${look.label ?? nothing} ?disabled=${look.off ?? false}
    @click=${() => send({ type: 'commandGiven', line })}>${words}</button>`;

/** A control with what it does, told below the panel while the pointer or the focus is on it. */
export function told(
  id: string,
  content: TemplateResult,
  says: string,
  line: string,
  { picture }: Panel,
  look = '',
): TemplateResult {
  const lines = line.split('\n');
  const more = lines.length > 1 ? `  and ${lines.length - 1} more` : '';
  const { atUs } = picture.frame;
  const when = atUs === 0 && /^(set|off|on) /.test(line) ? '' : `@${scenarioTime(atUs)} `; // at the start it is a fact
  return html`<div class="told ${look}">${content}
    <div class="says" id="says-${id}"><p>${says}</p>${line === '' ? nothing : html`<code>${when}${lines[0]}${more}</code>`}</div>
  </div>`;
}

/** A button for a command of the language; `behind` is what stands behind its name, several lines for several commands. */
export function act(
  { name, label, says }: Command,
  behind: string,
  panel: Panel,
  look: Look = {},
): TemplateResult {
  const line = behind
    .split('\n')
    .map((one) => `${name} ${one}`.trimEnd())
    .join('\n');
  const words = look.words ?? label;
  const id = `${name}-${words.replace(/\W/g, '')}`;
  const button = html`<button type="button" class="button ${look.kind ?? ''}" aria-describedby="says-${id}" aria-label=${look.label ?? nothing}
    ?disabled=${look.off ?? false} @click=${() => panel.send({ type: 'commandGiven', line })}>${words}</button>`;
  return told(id, button, says, look.off ? '' : line, panel);
}

/** The one of this name. */
export function command(name: string, commands: readonly Command[]): Command {
  const found = commands.find((one) => one.name === name);
  if (!found) throw new Error(`No such command: ${name}`);
  return found;
}

/** Which servers the controls are about. */
export function aimRow(panel: Panel, none: string): TemplateResult {
  const { picture, state, send } = panel;
  const chip = (words: string, on: boolean, servers: readonly string[]) =>
    html`<button type="button" class="chip toggle" aria-pressed=${on} @click=${() => send({ type: 'aimed', servers })}>${words}</button>`;
  return html`<div class="chips" role="group" aria-label="Which servers">
    ${chip(none, state.aim.length === 0, [])}
    ${picture.frame.servers.map(({ id }) => chip(id, state.aim.includes(id), toggled(state.aim, id)))}
  </div>`;
}

/** A field of a form; what is in it is in the state, so that lines can be composed while one types. */
export const field = ({ state }: Panel, name: string, initial: string): string =>
  state.fields[name] ?? initial;

export function selectField(
  panel: Panel,
  name: string,
  label: string,
  options: readonly string[],
  names: Readonly<Record<string, string>> = {},
): TemplateResult {
  const chosen = field(panel, name, options[0] ?? '');
  const edit = (event: Event) =>
    panel.send({ type: 'fieldEdited', name, value: (event.target as HTMLSelectElement).value });
  return html`<label>${label}<select class="field" aria-label=${label} @change=${edit}>${options.map(
    (value) => html`<option value=${value} .selected=${value === chosen}>${names[value] ?? value}</option>`,
  )}</select></label>`;
}
