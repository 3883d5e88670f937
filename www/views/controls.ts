// What a person can do to the cluster: everything the scenario language can say, in groups. Every control writes one line of it.

import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { scenarioTime } from '../format.ts';
import { belongs, COMMANDS, GROUPS, type Group, SETTINGS } from '../language.ts';
import type { Picture } from '../picture.ts';
import { Settings } from '../settings.ts';
import type { State } from '../store.ts';
import { clients } from './controls/clients.ts';
import { network } from './controls/network.ts';
import { type Content, field, type Panel, type Send, told } from './controls/panel.ts';
import { rules } from './controls/rules.ts';
import { clocks, disk, faults, log, members } from './controls/servers.ts';
import { settingRow, settings } from './controls/setting.ts';
import { start } from './controls/start.ts';
import { timing, warned, warningsOf } from './controls/timing.ts';
import { tabs } from './tabs.ts';

export { commandButton } from './controls/panel.ts';

/** The groups that mean nothing to two-phase commit. */
const RAFT_ONLY: readonly Group[] = ['log', 'reads', 'members', 'rules'];

/** Of another group, but leases stand on it. */
const LEASES = SETTINGS.filter(({ name }) => name === 'stickiness');

const CONTENT: Readonly<Record<Group, (panel: Panel) => TemplateResult>> = {
  faults,
  clients,
  network,
  timing,
  log,
  reads: (panel) => html`${settings('reads', panel)}${LEASES.map((one) => settingRow(one, panel))}`,
  disk,
  clocks,
  members,
  rules,
  start,
};

export function controls(picture: Picture, state: State, send: Send): TemplateResult {
  const panel: Panel = { picture, state, send, now: new Settings(picture.text, picture.frame.atUs) };
  const isRaft = picture.frame.protocol === 'raft';
  const items = (Object.keys(GROUPS) as Group[]).filter((id) => isRaft || !RAFT_ONLY.includes(id));
  const group = items.includes(state.group) ? state.group : 'faults';
  const find = field(panel, 'find', '').trim().toLowerCase();
  const choose = (id: Group) => send({ type: 'groupChosen', group: id });
  const seek = (event: Event) =>
    send({ type: 'fieldEdited', name: 'find', value: (event.target as HTMLInputElement).value });
  return html`<div class="controls-view">
    <div class="find"><h2>Controls</h2><input type="search" class="field" placeholder="Find a control…" aria-label="Find a control"
      .value=${field(panel, 'find', '')} @input=${seek} /></div>
    ${tabs(
      'Controls',
      items.map((id) => tab(id, panel)),
      group,
      'controls',
      choose,
    )}
    ${keyed(
      group,
      html`<div class="panel scroll ${group}" id="controls" role="tabpanel" aria-labelledby="controls-${group}" tabindex="0">
        ${find === '' ? html`${warned(group, panel)}${CONTENT[group](panel)}` : found(find, panel)}
      </div>`,
    )}
    ${lastLine(panel)}
  </div>`;
}

function tab(id: Group, panel: Panel): { id: Group; label: string; mark: boolean } {
  return { id, label: GROUPS[id], mark: warningsOf(panel).some(({ group }) => group === id) };
}

/** Whatever a word is found in, of all groups. */
function found(find: string, panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const fits = (...words: string[]) => words.join(' ').toLowerCase().includes(find);
  const known = SETTINGS.filter((one) => belongs(one, frame.protocol) && fits(one.name, one.label, one.says));
  const does = COMMANDS.filter(
    (one) =>
      one.group !== '' &&
      one.label !== '' &&
      belongs(one, frame.protocol) &&
      fits(one.name, one.label, one.says),
  );
  const go = (group: Group) => () => panel.send({ type: 'groupChosen', group });
  return html`${known.map((one) => settingRow(one, panel))}
    ${does.map(({ name, label, says, group }) =>
      told(
        `found-${name}`,
        html`<button type="button" class="link" aria-describedby="says-found-${name}" @click=${go(group as Group)}>${label}: ${GROUPS[group as Group]}</button>`,
        says,
        '',
        panel,
        'setting',
      ),
    )}
    ${panel.state.library && frame.protocol === 'raft' ? rules(panel, find) : nothing}
    ${known.length + does.length === 0 ? html`<p class="soft">No setting and no command is called so.</p>` : nothing}`;
}

/** Below all groups: what a control says of itself while one is at it; else what was written last. */
function lastLine({ picture, send }: Panel): Content {
  const { undoable, frame } = picture;
  const [first, ...more] = undoable?.split('; ') ?? [];
  return html`<div class="last">${
    undoable === null
      ? html`<p class="soft">Every control writes a line into the scenario, at the playhead: <code>@${scenarioTime(frame.atUs)} …</code></p>`
      : html`<p class="soft">Written: <code>${first}</code>${more.length > 0 ? ` and ${more.length} more` : nothing}</p><button type="button" class="button small" title="Take it back (Z)" @click=${() => send({ type: 'undoAsked' })}>Undo</button>`
  }</div>`;
}
