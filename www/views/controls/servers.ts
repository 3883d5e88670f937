// Disks, clocks and logs of servers, and who belongs to the cluster.

import { html, nothing, type TemplateResult } from 'lit-html';
import { spelled } from '../../quantity.ts';
import { aimed, names } from './faults.ts';
import { aimRow, type Content, field, selectField } from './panel.ts';
import { does, type Setter, settings } from './setting.ts';
import { textField } from './text-field.ts';

export function disk(panel: Setter): TemplateResult {
  const by = spelled('time', field(panel, 'stall', '300ms'));
  return html`${aimRow(panel, 'All')}
    ${settings('disk', panel)}
    <h3>Once</h3>
    <div class="form two">
      ${textField(panel, 'stall', 'For', '300ms')}
      ${does(
        'stall',
        aimed(panel, 'all')
          .map(({ id }) => `${id} ${by}`)
          .join('\n'),
        panel,
      )}
    </div>`;
}

export function clocks(panel: Setter): TemplateResult {
  const typed = field(panel, 'jump', '+500ms').trim();
  const by = (typed.startsWith('-') ? '' : '+') + spelled('time', typed);
  return html`${aimRow(panel, 'All')}
    ${settings('clocks', panel)}
    <h3>Once</h3>
    <div class="form two">
      ${textField(panel, 'jump', 'By', '+500ms')}
      ${does(
        'clock-jump',
        aimed(panel, 'all')
          .map(({ id }) => `${id} ${by}`)
          .join('\n'),
        panel,
      )}
    </div>
    <p class="soft">How far apart leases take clocks to go is set under <i>Reading</i>.</p>`;
}

export function log(panel: Setter): TemplateResult {
  return html`${settings('log', panel)}
    <h3>Once</h3>
    ${aimRow(panel, 'All')}
    ${does(
      'snapshot',
      aimed(panel, 'all')
        .filter(({ up }) => up)
        .map(({ id }) => id)
        .join('\n'),
      panel,
    )}`;
}

export function members(panel: Setter): TemplateResult {
  const { frame } = panel.picture;
  const all = aimed(panel, 'leader');
  const via = field(panel, 'via', ANYONE);
  const told = via === ANYONE ? '' : ` via ${via}`;
  const each = all.map(({ id }) => id + told).join('\n');
  const off = panel.state.aim.length === 0;
  const pick: Content = off
    ? html`<p class="soft">Pick the servers to add, to remove, or to be the voters.</p>`
    : nothing;
  return html`${aimRow(panel, 'None')}${pick}
    <div class="form">${selectField(panel, 'via', 'Told to', [ANYONE, ...frame.servers.map(({ id }) => id)])}</div>
    <div class="buttons">
      ${['add', 'learner', 'remove'].map((name) => does(name, each, panel, { off }))}
      ${does('voters', names(all) + told, panel, { off })}
    </div>`;
}

const ANYONE = 'whoever leads';
