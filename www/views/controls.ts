// What a person can do to the cluster: everything the scenario language can say, in groups. Every control writes one line of it.

import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { scenarioTime } from '../format.ts';
import type { Picture } from '../picture.ts';
import { CHANGE_OF_SCENARIO, type State } from '../store.ts';
import { GROUPS, type Group } from '../vocabulary.ts';
import { faults } from './controls/faults.ts';
import { type Content, field, type Panel, type Send } from './controls/panel.ts';
import { late } from './late.ts';
import { type TabItem, tabs } from './tabs.ts';

export { commandButton } from './controls/panel.ts';

/** The groups that mean nothing to two-phase commit. */
const RAFT_ONLY: readonly Group[] = ['log', 'reads', 'members', 'rules'];

export function controls(picture: Picture, state: State, send: Send): TemplateResult {
  const panel: Panel = { picture, state, send };
  const isRaft = picture.frame.protocol === 'raft';
  const items = (Object.keys(GROUPS) as Group[]).filter((id) => isRaft || !RAFT_ONLY.includes(id));
  const group = items.includes(state.group) ? state.group : 'faults';
  const find = field(panel, 'find', '').trim().toLowerCase();
  const marks = state.late.library?.marks(panel) ?? [];
  const groups = items.map((id) => ({ id, label: GROUPS[id], mark: marks.includes(id) }));
  const wide = state.layout === 'wide';
  const content =
    find === '' ? shown(group, panel) : late('library', state, ({ found }) => found(find, panel));
  return html`<div class="controls-view" data-soon="library">
    <div class="find"><h2 class=${wide ? '' : 'visually-hidden'}>Controls</h2>${wide ? nothing : groupList(groups, group, panel)}${finder(panel)}</div>
    ${wide ? tabs('Controls', groups, group, 'controls', choose(panel)) : nothing}
    ${keyed(
      group,
      wide
        ? html`<div class="panel scroll ${group}" id="controls" role="tabpanel" aria-labelledby="controls-${group}" tabindex="0">${content}</div>`
        : html`<div class="panel scroll ${group}" id="controls" role="region" aria-label="${GROUPS[group]}" tabindex="0">${content}</div>`,
    )}
    ${wide ? lastLine(panel) : nothing}
  </div>`;
}

/** What is in a group. */
function shown(group: Group, panel: Panel): TemplateResult {
  if (group === 'faults') return faults(panel);
  return late('library', panel.state, (library) => library.group(group, panel));
}

const choose =
  ({ send }: Panel) =>
  (group: Group) =>
    send({ type: 'groupChosen', group });

function finder(panel: Panel): TemplateResult {
  const seek = (event: Event) =>
    panel.send({ type: 'fieldEdited', name: 'find', value: (event.target as HTMLInputElement).value });
  return html`<input type="search" class="field" placeholder="Find a control…" aria-label="Find a control"
    .value=${field(panel, 'find', '')} @input=${seek} />`;
}

/** The groups where there is no room for tabs. */
function groupList(groups: readonly TabItem<Group>[], group: Group, panel: Panel): TemplateResult {
  const change = (event: Event) => choose(panel)((event.target as HTMLSelectElement).value as Group);
  return html`<select class="field" aria-label="Group of controls" @change=${change}>${groups.map(
    ({ id, label, mark }) =>
      html`<option value=${id} .selected=${id === group}>${label}${mark ? ' (!)' : ''}</option>`,
  )}</select>`;
}

/** Below all groups: what a control says of itself while one is at it; else what was written last. */
function lastLine({ picture, send }: Panel): Content {
  const { undoable, frame } = picture;
  // What is taken back with the change of scenario is no line of this one.
  const [first, ...more] = undoable === CHANGE_OF_SCENARIO ? [] : (undoable?.split('; ') ?? []);
  return html`<div class="last">${
    first === undefined
      ? html`<p class="soft">Every control writes a line into the scenario, at the playhead: <code>@${scenarioTime(frame.atUs)} …</code></p>`
      : html`<p class="soft">Written: <code>${first}</code>${more.length > 0 ? ` and ${more.length} more` : nothing}</p><button type="button" class="button small" title="Take it back (Z)" @click=${() => send({ type: 'undoAsked' })}>Undo</button>`
  }</div>`;
}
