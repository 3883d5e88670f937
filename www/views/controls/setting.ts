// One setting as a row: its name, a control that fits its values, and a way back to what it was.

import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { belongs, COMMANDS, type Group, SETTINGS, type Setting } from '../../language.ts';
import { amount, nearest, spelled, steps, written } from '../../quantity.ts';
import type { Settings } from '../../settings.ts';
import { NOT_SENT } from '../../store.ts';
import { icons } from '../icons.ts';
import { aimAt, linksOf } from './links.ts';
import { act, type Content, command, type Look, type Panel, told } from './panel.ts';

/** What groups with settings are drawn from. */
export interface Setter extends Panel {
  /** The settings at the playhead. */
  readonly now: Settings;
}

/** A button for the command of this name. */
export const does = (name: string, behind: string, panel: Panel, look: Look = {}): TemplateResult =>
  act(command(name, COMMANDS), behind, panel, look);

/** The settings of a group, each as a row. */
export const settings = (group: Group, panel: Setter): readonly Content[] =>
  SETTINGS.filter((one) => one.group === group && belongs(one, panel.picture.frame.protocol)).map((one) =>
    settingRow(one, panel),
  );

/** The links or servers that a row is about; an empty word for all. */
function whomOf({ scope }: Setting, panel: Panel): readonly string[] {
  const { state, picture } = panel;
  if (scope === '[link]') return linksOf(panel) ?? [''];
  if (scope === '') return [''];
  if (state.aim.length > 0) return state.aim;
  return scope === 'server' ? picture.frame.servers.map(({ id }) => id) : [''];
}

const target = (name: string, whom: string): string => (whom === '' ? name : `${name} ${whom}`);

export function settingRow(setting: Setting, panel: Setter): TemplateResult {
  const { name, label, says } = setting;
  const whom = whomOf(setting, panel);
  const first = target(name, whom[0] ?? '');
  const { value: held } = panel.now.of(first);
  const shown = panel.state.fields[NOT_SENT + first] ?? held;
  const line = (value: string) => whom.map((one) => `set ${target(name, one)} ${value}`).join('\n');
  const give = (value: string) => panel.send({ type: 'commandGiven', line: line(value) });
  const edit = (value: string) => panel.send({ type: 'fieldEdited', name: NOT_SENT + first, value });
  const before = panel.now.before(first);
  const content = html`<span class="setting-name">${label}${
    before === null
      ? nothing
      : html`<button type="button" class="tool back" title="Set back to ${before}" aria-label="Set ${label} back to ${before}"
          @click=${() => give(before)}>${icons.undo}</button>`
  }</span>
  ${control(setting, { shown, edited: shown !== held, give, edit })}`;
  const look = `setting ${before === null ? '' : 'changed'} ${setting.kind}`;
  return html`${told(name, content, says, line(shown), panel, look)}${others(setting, whom, panel)}`;
}

/** The value of a row: as it is shown, which may not be sent yet; and how it is sent, or only shown. */
interface Value {
  readonly shown: string;
  readonly edited: boolean;
  readonly give: (value: string) => void;
  readonly edit: (value: string) => void;
}

function control(setting: Setting, value: Value): TemplateResult {
  if (setting.kind !== 'choice') return quantity(setting, value);
  const { shown, give } = value;
  if (setting.values[0] === 'on')
    return toggle(setting.label, setting.name, shown === 'on', (on) => give(on ? 'on' : 'off'));
  const choose = (event: Event) => give((event.target as HTMLSelectElement).value);
  return html`<select class="field" aria-label=${setting.label} aria-describedby="says-${setting.name}" @change=${choose}>${setting.values.map(
    (one) => html`<option .selected=${live(one === shown)}>${one}</option>`,
  )}</select>`;
}

/** On or off. */
export const toggle = (
  label: string,
  id: string,
  on: boolean,
  change: (on: boolean) => void,
): TemplateResult =>
  html`<button type="button" class="switch" role="switch" aria-checked=${on} aria-label=${label} aria-describedby="says-${id}"
    @click=${() => change(!on)}></button>`;

/** A number, or a range of them: typed, or by sliders. */
function quantity(setting: Setting, { shown, edited, give, edit }: Value): TemplateResult {
  const { kind, label, name } = setting;
  const ends = kind === 'range' ? [...shown.split('..'), shown].slice(0, 2) : [shown];
  const all = steps(setting);
  /** With one end changed; the other gives way, so that the range stays one. */
  const withEnd = (at: number, value: string): string => {
    if (kind !== 'range') return value;
    const other = ends[1 - at] ?? value;
    const [a, b] = [amount(kind, value), amount(kind, other)];
    const crossed = at === 0 ? a > b : a < b;
    const both = crossed ? [value, value] : at === 0 ? [value, other] : [other, value];
    return both[0] === both[1] ? (both[0] ?? '') : both.join('..');
  };
  const names = ends.length === 1 ? [label] : [`${label}, at least`, `${label}, at most`];
  const typed = (event: Event) => (event.target as HTMLInputElement).value;
  // What keys slide is sent when one is done with them, not key by key.
  const keyed = (event: Event) => (event.target as HTMLElement).dataset;
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && keyed(event).keys) give(shown);
    else keyed(event).keys = 'yes';
  };
  const done = (event: Event) => {
    if (keyed(event).keys && edited) give(shown);
    delete keyed(event).keys;
  };
  const slid = (event: Event) => written(setting, all[Number(typed(event))] ?? 0);
  return html`<span class="quantity">${ends.map(
    (
      end,
      at,
    ) => html`${at === 1 ? html`<span class="soft" aria-hidden="true">–</span>` : nothing}<input class="field number" aria-label=${names[at] ?? ''}
      aria-describedby="says-${name}" autocomplete="off" spellcheck="false" .value=${live(end)}
      @input=${(event: Event) => edit(ends.map((other, i) => (i === at ? typed(event) : other)).join('..'))}
      @change=${(event: Event) => give(withEnd(at, spelled(kind, typed(event))))} />`,
  )}</span>
  <span class="sliders">${ends.map(
    (
      end,
      at,
    ) => html`<input type="range" min="0" max=${all.length - 1} aria-label="${names[at] ?? ''}, slider" aria-valuetext=${end}
      .value=${live(String(nearest(all, amount(kind, end))))}
      @keydown=${onKey} @blur=${done} @pointerdown=${done}
      @input=${(event: Event) => edit(withEnd(at, slid(event)))}
      @change=${(event: Event) => !keyed(event).keys && give(withEnd(at, slid(event)))} />`,
  )}</span>`;
}

/** What is said of others than those the row is about. */
function others({ name, scope, label }: Setting, whom: readonly string[], panel: Setter): Content {
  const single = panel.now.single(name).filter((one) => !whom.includes(one.whom));
  if (scope === '' || single.length === 0) return nothing;
  const aim = (one: string) => {
    const [from = '', to = ''] = one.split('->');
    if (scope === '[link]') aimAt(from, to, panel);
    else panel.send({ type: 'aimed', servers: [from] });
  };
  return html`<div class="chips others" aria-label="${label} of single ones">${single.map(
    ({ whom: one, value }) =>
      html`<button type="button" class="link" @click=${() => aim(one)}>${one.replace('->', ' → ')} ${value}</button>`,
  )}</div>`;
}
