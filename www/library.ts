// The controls beyond the first group, and all they know: settings, rules, systems. In a file of its own, which is fetched only when
// somebody looks for more than faults.

import { html, nothing, type TemplateResult } from 'lit-html';
import { belongs, COMMANDS, type Group, SETTINGS } from './language.ts';
import { Settings } from './settings.ts';
import { clients } from './views/controls/clients.ts';
import { network } from './views/controls/network.ts';
import { type Panel, told } from './views/controls/panel.ts';
import { rules } from './views/controls/rules.ts';
import { clocks, disk, log, members } from './views/controls/servers.ts';
import { type Setter, settingRow, settings } from './views/controls/setting.ts';
import { start } from './views/controls/start.ts';
import { timing, warned, warningsOf } from './views/controls/timing.ts';

export { default as css } from './style/library.css?inline';

/** Of another group, but leases stand on it. */
const LEASES = SETTINGS.filter(({ name }) => name === 'stickiness');

const CONTENT: Readonly<Partial<Record<Group, (panel: Setter) => TemplateResult>>> = {
  clients,
  network,
  timing,
  log,
  reads: (panel) => html`${settings('reads', panel)}${LEASES.map((one) => settingRow(one, panel))}`,
  disk,
  clocks,
  members,
  rules: (panel) => html`${rules(panel)}`,
  start,
};

/** The panel with the settings of its moment. */
const setter = (panel: Panel): Setter => {
  const { text, frame } = panel.picture;
  return { ...panel, now: new Settings(text, frame.atUs) };
};

/** A group of controls, below what is to be said of its settings. */
export function group(id: Group, panel: Panel): TemplateResult {
  const full = setter(panel);
  return html`${warned(id, full)}${CONTENT[id]?.(full)}`;
}

/** The groups that have something wrong in them. */
export const marks = (panel: Panel): readonly Group[] =>
  warningsOf(setter(panel)).map((warning) => warning.group);

/** Whatever a word is found in, of all groups. */
export function found(find: string, panel: Panel): TemplateResult {
  const full = setter(panel);
  const { protocol } = panel.picture.frame;
  const fits = (...words: string[]) => words.join(' ').toLowerCase().includes(find);
  const known = SETTINGS.filter((one) => belongs(one, protocol) && fits(one.name, one.label, one.says));
  const does = COMMANDS.filter(
    (one) => one.label !== '' && belongs(one, protocol) && fits(one.name, one.label, one.says),
  );
  const rows = protocol === 'raft' ? rules(full, find) : [];
  return html`${known.map((one) => settingRow(one, full))}
    ${does.map(({ name, label, says, group }) => {
      const go = () => group !== '' && panel.send({ type: 'groupChosen', group });
      const button = html`<button type="button" class="link" aria-describedby="says-found-${name}" @click=${go}>${label}</button>`;
      return told(
        `found-${name}`,
        html`${button}<span class="soft">${group}</span>`,
        says,
        '',
        panel,
        'setting',
      );
    })}
    ${rows}
    ${known.length + does.length + rows.length === 0 ? html`<p class="soft">Nothing is called so.</p>` : nothing}`;
}
