// The rules of the protocol, each with a switch and a scenario that shows what it is good for.

import { html, nothing, type TemplateResult } from 'lit-html';
import { CHAPTERS, type Rule } from '../../rules.ts';
import { rule as ruleOf } from '../../settings.ts';
import { told } from './panel.ts';
import { type Setter, toggle } from './setting.ts';

/** All of them by chapter, or those that a word is found in. */
export function rules(panel: Setter, find = ''): readonly TemplateResult[] {
  return CHAPTERS.flatMap(({ title, rules }) => {
    const found = rules.filter(({ name, label, says }) =>
      `${name} ${label} ${says}`.toLowerCase().includes(find),
    );
    return found.length === 0 ? [] : [html`<h3>${title}</h3>`, ...found.map((rule) => row(rule, panel))];
  });
}

function row({ name, label, says, broken }: Rule, panel: Setter): TemplateResult {
  const holds = panel.now.of(ruleOf(name)).value === 'on';
  const verb = holds ? 'off' : 'on';
  const line = `${verb} ${name}`;
  const content = html`<span class="setting-name">${label}${holds ? nothing : html` <b class="off-word">off</b>`}</span>
    <button type="button" class="link" aria-label="why? ${label}" title="Open the scenario that shows what breaks without it"
      @click=${() => panel.send({ type: 'scenarioApplied', text: broken })}>why?</button>
    ${toggle(label, name, holds, () => panel.send({ type: 'commandGiven', line }))}`;
  return told(name, content, says, line, panel, `setting rule ${holds ? '' : 'broken'}`);
}
