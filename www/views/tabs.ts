// A row of tabs that works with mouse, touch and arrow keys.

import { html, nothing, type TemplateResult } from 'lit-html';

export interface TabItem<T extends string> {
  readonly id: T;
  readonly label: string;
  /** Whether something in it asks for attention. */
  readonly mark?: boolean;
}

/** Tabs for the panel with the id `panel`. */
export function tabs<T extends string>(
  label: string,
  items: readonly TabItem<T>[],
  chosen: T,
  panel: string,
  choose: (id: T) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = items.findIndex(({ id }) => id === chosen);
    const next = items[(at + step + items.length) % items.length];
    if (!next) return;
    choose(next.id);
    const row = event.currentTarget as HTMLElement;
    // After the next render, when the chosen one can take the focus.
    requestAnimationFrame(() => row.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
    ${items.map(
      ({ id, label: text, mark }) => html`<button
        type="button"
        role="tab"
        id="${panel}-${id}"
        aria-selected=${id === chosen}
        aria-controls=${panel}
        tabindex=${id === chosen ? 0 : -1}
        @click=${() => choose(id)}
      >${text}${mark ? html`<span class="mark" title="Something here needs a look">!</span>` : nothing}</button>`,
    )}
  </div>`;
}
