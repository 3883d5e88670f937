// A view that comes as a file of its own: until it is here, its place says what is wanted.

import { html, type TemplateResult } from 'lit-html';
import type { Late } from '../late.ts';
import type { State } from '../store.ts';

export function late<N extends keyof Late>(
  name: N,
  { late }: State,
  draw: (view: Late[N]) => TemplateResult,
): TemplateResult {
  const view = late[name];
  return view
    ? draw(view)
    : html`<p class="soft pad awaited" role="status" data-late=${name}>One moment…</p>`;
}
