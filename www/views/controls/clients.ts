// What clients do: one operation, or asking without end.

import { html, nothing, type TemplateResult } from 'lit-html';
import { scenarioTime } from '../../format.ts';
import { SETTINGS } from '../../language.ts';
import { spelled } from '../../quantity.ts';
import { type Content, field, type Panel, selectField } from './panel.ts';
import { type Setter, settings } from './setting.ts';
import { textField } from './text-field.ts';

const KNOWN = 'whom it knows';
/** How a get may be asked for; the first says nothing about it. */
const MODES = ['as set', ...(SETTINGS.find(({ name }) => name === 'reads')?.values.slice(1) ?? [])];

export function clients(panel: Setter): TemplateResult {
  const { frame } = panel.picture;
  if (frame.clients.length === 0)
    return html`<p class="soft">There are no clients: the start says how many.</p>`;
  const names = frame.clients.map(({ id }) => id);
  return html`
    ${once(names, panel)}
    <h3>Load</h3>
    ${load(names, panel)}
    <h3>All clients</h3>
    ${settings('clients', panel)}`;
}

/** `C1 put x=1 via S3 within 500ms` */
function once(names: readonly string[], panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const client = chosen(panel, 'client', names);
  const verb = field(panel, 'verb', 'put');
  const mode = field(panel, 'mode', MODES[0] ?? '');
  const key = field(panel, 'key', 'x');
  const isPut = verb === 'put';
  const reads = verb === 'get' && frame.protocol === 'raft';
  const what = isPut ? `${key}=${field(panel, 'value', '1')}` : key;
  const line = `${client} ${verb} ${what}${reads && mode !== MODES[0] ? ` ${mode}` : ''}${how(panel, '')}`;
  return html`<div class="form" role="group" aria-label="One operation">
      ${selectField(panel, 'client', 'Client', names)}
      ${selectField(panel, 'verb', 'Does', ['put', 'get', 'del'], { del: 'delete' })}
      ${textField(panel, 'key', 'Key', 'x')}
      ${isPut ? textField(panel, 'value', 'Value', '1') : nothing}
      ${reads ? selectField(panel, 'mode', 'Mode', MODES) : nothing}
      ${ways(panel, '')}
    </div>
    ${composed('Ask', line, panel)}`;
}

/** `load C1 mixed 90% every 50ms queue 10 of 10 keys via S3 within 500ms` */
function load(names: readonly string[], panel: Panel): TemplateResult {
  const client = chosen(panel, 'load-client', names);
  const kind = field(panel, 'load-kind', 'put');
  const pace = field(panel, 'pace', 'every');
  const keys = field(panel, 'keys', IN_TURN);
  const queue = field(panel, 'queue', '1').trim();
  const share = kind === 'mixed' ? ` ${spelled('share', field(panel, 'share', '90%'))}` : '';
  const waits = pace === 'every' && queue !== '1' && queue !== '' ? ` queue ${queue}` : '';
  const about = {
    [IN_TURN]: '',
    one: ` on ${field(panel, 'on', 'x')}`,
    many: ` of ${field(panel, 'of', '10')} keys`,
  }[keys];
  const time = spelled('time', field(panel, 'pace-time', '100ms'));
  const line = `load ${client} ${kind}${share} ${pace} ${time}${waits}${about}${how(panel, 'load-')}`;
  return html`<div class="form" role="group" aria-label="Load">
      ${selectField(panel, 'load-client', 'Client', names)}
      ${selectField(panel, 'load-kind', 'Does', ['put', 'get', 'del', 'mixed'], { del: 'delete', mixed: 'gets and puts' })}
      ${kind === 'mixed' ? textField(panel, 'share', 'Share of gets', '90%') : nothing}
      ${selectField(panel, 'pace', 'Pace', ['every', 'after'], { every: 'by the clock, every', after: 'after the last ended, by' })}
      ${textField(panel, 'pace-time', 'Time', '100ms')}
      ${pace === 'every' ? textField(panel, 'queue', 'Waiting at most', '1') : nothing}
      ${selectField(panel, 'keys', 'Keys', [IN_TURN, 'one', 'many'])}
      ${keys === 'one' ? textField(panel, 'on', 'Key', 'x') : nothing}
      ${keys === 'many' ? textField(panel, 'of', 'How many', '10') : nothing}
      ${ways(panel, 'load-')}
    </div>
    ${composed('Start', line, panel)}
    <button type="button" class="button" title="load ${client} stop" @click=${() => panel.send({ type: 'commandGiven', line: `load ${client} stop` })}>Stop ${client}</button>`;
}

const IN_TURN = 'x, y, z in turn';

/** Whom it asks first and how long it tries, of either form. */
function ways(panel: Panel, prefix: string): Content {
  const servers = panel.picture.frame.servers.map(({ id }) => id);
  return html`${selectField(panel, `${prefix}via`, 'Asks first', [KNOWN, ...servers])}
    ${textField(panel, `${prefix}within`, 'Tries for', '')}`;
}

function how(panel: Panel, prefix: string): string {
  const via = field(panel, `${prefix}via`, KNOWN);
  const within = spelled('time', field(panel, `${prefix}within`, ''));
  return `${via === KNOWN ? '' : ` via ${via}`}${within === '' ? '' : ` within ${within}`}`;
}

/** What is picked, as far as there is such a one. */
function chosen(panel: Panel, name: string, names: readonly string[]): string {
  const picked = field(panel, name, names[0] ?? '');
  return names.includes(picked) ? picked : (names[0] ?? '');
}

/** The line as it stands, and the button that sends it. */
const composed = (words: string, line: string, panel: Panel): TemplateResult =>
  html`<div class="composed"><code>@${scenarioTime(panel.picture.frame.atUs)} ${line}</code>
    <button type="button" class="button primary" @click=${() => panel.send({ type: 'commandGiven', line })}>${words}</button></div>`;
