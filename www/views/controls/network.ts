// The network: splits, cut links, single messages, and how links are.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Frame } from '../../generated/engine.ts';
import { KINDS, TWO_PHASE_KINDS } from '../../generated/language.ts';
import { linkRow, linksOf } from './links.ts';
import { type Content, field, type Panel, selectField, told } from './panel.ts';
import { does, type Setter, settings } from './setting.ts';

export function network(panel: Setter): TemplateResult {
  const { frame } = panel.picture;
  return html`
    ${panel.state.split === null ? splits(panel) : splitting(frame, panel)}
    <h3>Links</h3>
    ${linkRow(panel)}
    ${settings('network', panel)}
    ${cutting(panel)}
    <h3>The next message on this link</h3>
    ${messages(panel)}`;
}

/** Ways to part a cluster, each as the lines that do it. */
export function partitions(names: readonly string[], leader: string): Readonly<Record<string, string>> {
  const others = names.filter((id) => id !== leader);
  const half = [leader, ...others.slice(0, Math.ceil(names.length / 2) - 2)].filter(Boolean);
  const rest = names.filter((id) => !half.includes(id));
  const middle = others[0] ?? '';
  const sides = names.filter((id) => id !== middle);
  const [left, right] = [sides.slice(0, sides.length / 2), sides.slice(sides.length / 2)];
  const cuts = (from: readonly string[], to: readonly string[]) =>
    from.flatMap((a) => to.filter((b) => a !== b).map((b) => `cut ${a}->${b}`));
  const apart = (a: number, b: number) =>
    Math.min((a - b + names.length) % names.length, (b - a + names.length) % names.length) > 1;
  const ring = names.flatMap((a, i) => names.filter((_, j) => apart(i, j)).map((b) => `cut ${a}->${b}`));
  return {
    'Leader alone': `partition ${leader} | ${others.join(' ')}`,
    'Leader in the minority': `partition ${half.join(' ')} | ${rest.join(' ')}`,
    'Leader deaf': cuts(others, [leader]).join('\n'),
    'Leader mute': cuts([leader], others).join('\n'),
    Bridge: [...cuts(left, right), ...cuts(right, left)].join('\n'),
    Ring: ring.join('\n'),
  };
}

const SAYS: Readonly<Record<string, string>> = {
  'Leader alone': 'All others go on without it.',
  'Leader in the minority': 'The leader keeps fewer than half: it cannot commit, the others can.',
  'Leader deaf': 'It is heard, and hears nobody.',
  'Leader mute': 'It hears all, and nobody hears it.',
  Bridge: 'Two halves that only one server in the middle can reach.',
  Ring: 'Each hears only its two neighbours.',
};

function splits(panel: Panel): TemplateResult {
  const { picture, send } = panel;
  const { frame } = picture;
  const names = frame.servers.map(({ id }) => id);
  if (names.length < 2) return html``;
  const leads = frame.servers.find((one) => one.up && (one.role === 'leader' || one.twoPhase?.coordinates));
  const ways = Object.entries(partitions(names, leads?.id ?? names[0] ?? ''));
  const first = (words: string) =>
    frame.protocol === 'raft' ? words : words.replace('Leader', 'Coordinator');
  return html`<div class="buttons">
    ${ways.map(([words, line]) =>
      told(
        words.replace(/ /g, ''),
        html`<button type="button" class="button" ?disabled=${line === ''} aria-describedby="says-${words.replace(/ /g, '')}"
        @click=${() => send({ type: 'commandGiven', line })}>${first(words)}</button>`,
        SAYS[words] ?? '',
        line,
        panel,
      ),
    )}
    <button type="button" class="button" title="partition … | …" @click=${() => send({ type: 'splitStarted' })}>Split…</button>
    ${does('heal', '', panel, { kind: isParted(frame) ? 'primary' : '', off: !isParted(frame) })}
  </div>
  ${frame.groups ? html`<p class="soft">Now split: ${frame.groups.map((group) => group.join(' ')).join(' | ')}</p>` : nothing}`;
}

const isParted = ({ groups, cuts }: Frame): boolean => groups !== null || cuts.length > 0;

function splitting(frame: Frame, { state, send }: Panel): TemplateResult {
  const split = state.split ?? [];
  const others = frame.servers.map(({ id }) => id).filter((id) => !split.includes(id));
  const useless = split.length === 0 || others.length === 0;
  return html`<div class="notice" role="group" aria-label="Split the network">
    <p>Pick the servers of one side, here or in the cluster.</p>
    <div class="row wrap">${frame.servers.map(
      ({ id }) =>
        html`<button type="button" class="chip toggle" aria-pressed=${split.includes(id)} @click=${() => send({ type: 'serverPicked', id })}>${id}</button>`,
    )}</div>
    <div class="row wrap">
      <button type="button" class="button primary" title="partition ${split.join(' ')} | ${others.join(' ')}" ?disabled=${useless}
        @click=${() => send({ type: 'splitConfirmed', servers: split })}>Split</button>
      <button type="button" class="button" @click=${() => send({ type: 'splitCancelled' })}>Cancel</button>
    </div>
  </div>`;
}

function cutting(panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const links = linksOf(panel);
  const isCut = (link: string) => frame.cuts.some(({ from, to }) => link === `${from}->${to}`);
  const behind = (cut: boolean) => (links ?? []).filter((link) => isCut(link) === cut).join('\n');
  return html`<div class="buttons">
    ${does('cut', behind(false), panel, { off: behind(false) === '' })}
    ${does('mend', behind(true), panel, { off: behind(true) === '' })}
  </div>
  ${
    frame.cuts.length === 0
      ? nothing
      : html`<ul class="chips" aria-label="Cut links">${frame.cuts.map(
          ({ from, to }) =>
            html`<li><button type="button" class="button small" title="mend ${from}->${to}" @click=${() => panel.send({ type: 'commandGiven', line: `mend ${from}->${to}` })}>${from} → ${to}: mend</button></li>`,
        )}</ul>`
  }`;
}

function messages(panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const kinds = frame.protocol === 'raft' ? KINDS : TWO_PHASE_KINDS;
  const kind = field(panel, 'kind', 'message');
  const behind = (linksOf(panel) ?? []).map((link) => `${kind} ${link}`).join('\n');
  return html`<div class="form">${selectField(panel, 'kind', 'Kind', ['message', ...kinds], { message: 'of any kind' })}</div>
    <div class="buttons">${['drop', 'hold', 'deliver', 'duplicate'].map((name) => does(name, behind, panel, { off: behind === '' }))}</div>
    ${behind === '' ? html`<p class="soft">Pick a link: above, or between two servers in the cluster.</p>` : nothing}
    ${plans(frame)}`;
}

const plans = (frame: Frame): Content =>
  frame.plans.length === 0 ? nothing : html`<p class="soft">Waiting: ${frame.plans.join(', ')}.</p>`;
