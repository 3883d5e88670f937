// How the scenario begins: who takes part, which seed, and the settings of a well-known system.

import { html, type TemplateResult } from 'lit-html';
import { HEADERS } from '../../language.ts';
import type { HeaderWord } from '../../scenario-text.ts';
import { withProtocol } from '../../start-text.ts';
import { SYSTEMS, type System } from '../../systems.ts';
import { lines } from '../icons.ts';
import { field, type Panel, selectField, told } from './panel.ts';
import { does } from './setting.ts';
import { textField } from './text-field.ts';

const DICE = lines(
  'M5 2.5h6a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5h-6a2.5 2.5 0 0 1-2.5-2.5v-6a2.5 2.5 0 0 1 2.5-2.5z',
  [5.5, 5.5, 1.1],
  [10.5, 10.5, 1.1],
  [8, 8, 1.1],
);

export function start(panel: Panel): TemplateResult {
  const { frame, text } = panel.picture;
  const { send } = panel;
  const change = (name: HeaderWord, value: string) => send({ type: 'headerChanged', word: name, value });
  const voters = Number(text.match(/^voters (\d)$/m)?.[1] ?? frame.servers.length);
  const isRaft = frame.protocol === 'raft';
  const typed = (name: HeaderWord, value: string) =>
    row(
      name,
      panel,
      html`<input class="field of-${name}" aria-label=${labelOf(name)} autocomplete="off" spellcheck="false" .value=${value}
      @change=${(event: Event) => change(name, (event.target as HTMLInputElement).value.trim())} />`,
    );
  const dice = html`<button type="button" class="tool" aria-label="Fresh seed" title="Another seed, other chances" @click=${() => send({ type: 'freshSeedAsked' })}>${DICE}</button>`;
  return html`<p class="soft">A change here starts the scenario anew.</p>
    ${typed('title', frame.title)}
    ${row('protocol', panel, protocol(panel))}
    ${stepper('servers', frame.servers.length, Math.max(1, text.includes('\nvoters ') ? voters : 1), 9, panel)}
    ${isRaft ? stepper('voters', voters, 1, frame.servers.length, panel) : ''}
    ${stepper('clients', frame.clients.length, 0, 9, panel)}
    <div class="seeded">${typed('seed', frame.seed)}${dice}</div>
    ${isRaft ? html`<h3>Settings of real systems</h3>${systems(panel)}` : ''}
    <h3>For the reader, at the playhead</h3>
    <div class="form two">${textField(panel, 'say', 'Words', '')}
      ${does('say', quoted(field(panel, 'say', '')), panel, { off: field(panel, 'say', '').trim() === '' })}</div>
    ${does('end', '', panel)}`;
}

const quoted = (words: string): string => `"${words.trim().replace(/[\\"]/g, '\\$&')}"`;

const header = (name: string) => HEADERS.find((one) => one.name === name);
const labelOf = (name: string): string => header(name)?.label ?? '';

const row = (name: HeaderWord, panel: Panel, control: TemplateResult): TemplateResult =>
  told(
    name,
    html`<span class="setting-name">${labelOf(name)}</span>${control}`,
    `${header(name)?.says} Starts anew.`,
    '',
    panel,
    'setting',
  );

function protocol({ picture, send }: Panel): TemplateResult {
  const isRaft = picture.frame.protocol === 'raft';
  const choose = (event: Event) =>
    send({
      type: 'startChanged',
      text: withProtocol(picture.text, (event.target as HTMLSelectElement).value),
    });
  return html`<select class="field" aria-label="Protocol" aria-describedby="says-protocol" @change=${choose}>
    <option value="raft" .selected=${isRaft}>Raft</option>
    <option value="two-phase-commit" .selected=${!isRaft}>two-phase commit</option>
  </select>`;
}

function stepper(name: HeaderWord, value: number, least: number, most: number, panel: Panel): TemplateResult {
  // All servers vote unless something else is said.
  const to = (n: number) =>
    panel.send({
      type: 'headerChanged',
      word: name,
      value: name === 'voters' && n === most ? '' : String(n),
    });
  const button = (label: string, sign: string, n: number, off: boolean) =>
    html`<button type="button" class="button small" aria-label=${label} title="${name} ${n} (starts anew)" ?disabled=${off} @click=${() => to(n)}>${sign}</button>`;
  return row(
    name,
    panel,
    html`<span class="stepper" role="group" aria-label="Number of ${name}">
      ${button('One less', '−', value - 1, value <= least)}<output>${value}</output>${button('One more', '+', value + 1, value >= most)}
    </span>`,
  );
}

function systems(panel: Panel): TemplateResult {
  const name = field(panel, 'system', SYSTEMS[0]?.name ?? '');
  const system = SYSTEMS.find((one) => one.name === name);
  return html`<div class="form">${selectField(
    panel,
    'system',
    'System',
    SYSTEMS.map((one) => one.name),
  )}</div>
    ${system ? about(system, panel) : ''}`;
}

function about({ settings, besides, source }: System, panel: Panel): TemplateResult {
  const lines = settings.map((line) => `set ${line}`).join('\n');
  const words = panel.picture.frame.atUs === 0 ? 'Start with these settings' : 'Set these now';
  return html`<pre class="mono lines">${lines}</pre>
    <p class="soft">${besides}</p>
    <p class="soft">Source: ${source}</p>
    <div class="row"><button type="button" class="button primary" @click=${() => panel.send({ type: 'commandGiven', line: lines })}>${words}</button></div>`;
}
