// Which links the controls are about: all of them, or those from and to whom one picks.

import { html, type TemplateResult } from 'lit-html';
import { field, type Panel, selectField } from './panel.ts';

const ANY = 'any';
export const BOTH = '↔';

export function aimAt(from: string, to: string, { send }: Panel): void {
  for (const [name, value] of Object.entries({ from, to, ways: '→' }))
    send({ type: 'fieldEdited', name, value });
}

/** `S1->S2`, each direction that is picked; `null` for all there are. */
export function linksOf(panel: Panel): readonly string[] | null {
  const { frame } = panel.picture;
  const [from, to] = [field(panel, 'from', ANY), field(panel, 'to', ANY)];
  if (from === ANY && to === ANY) return null;
  const names = [...frame.servers, ...frame.clients].map(({ id }) => id);
  const ends = (end: string) => (end === ANY ? names : [end]);
  const there = ends(from).flatMap((a) => ends(to).map((b) => [a, b] as const));
  const back = field(panel, 'ways', '→') === BOTH ? there.map(([a, b]) => [b, a] as const) : [];
  const links = [...there, ...back].filter(([a, b]) => a !== b && !(a.startsWith('C') && b.startsWith('C')));
  return [...new Set(links.map(([a, b]) => `${a}->${b}`))];
}

export function linkRow(panel: Panel): TemplateResult {
  const { frame } = panel.picture;
  const names = [ANY, ...[...frame.servers, ...frame.clients].map(({ id }) => id)];
  return html`<div class="form three" role="group" aria-label="Which links">
    ${selectField(panel, 'from', 'From', names)}
    ${selectField(panel, 'ways', 'Ways', ['→', BOTH], { '→': '→ one way', [BOTH]: '↔ both ways' })}
    ${selectField(panel, 'to', 'To', names)}
  </div>`;
}
