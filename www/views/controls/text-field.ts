// A field of text in a form.

import { html, type TemplateResult } from 'lit-html';
import { field, type Panel } from './panel.ts';

export function textField(
  panel: Panel,
  name: string,
  label: string,
  initial: string,
  kind = '',
): TemplateResult {
  const edit = (event: Event) =>
    panel.send({ type: 'fieldEdited', name, value: (event.target as HTMLInputElement).value });
  return html`<label class=${kind}>${label}<input class="field mono" aria-label=${label} .value=${field(panel, name, initial)} autocomplete="off" autocapitalize="off"
    spellcheck="false" @input=${edit} /></label>`;
}
