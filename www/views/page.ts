// The whole page: which parts there are and where, for a wide, a medium and a narrow place, or with one view alone.

import { html, nothing, type TemplateResult } from 'lit-html';
import { more } from '../at-hand.ts';
import { VIEW_NAMES, VIEWS } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { isEditing, type Sheet, type State } from '../store.ts';
import { drawing, type Parts, type Send, theRing } from './cards.ts';
import {
  branchButton,
  editButton,
  lastButtons,
  lessonsButton,
  scenarioPicker,
  title,
  undoButton,
  verdicts,
  viewList,
} from './header.ts';
import { late } from './late.ts';
import { tabs } from './tabs.ts';
import { timeline } from './timeline.ts';
import { buttons, clock, speedList, speedSlider } from './transport.ts';

export function page(picture: Picture, state: State, send: Send): TemplateResult {
  const { layout, alone, around } = state;
  const parts = { picture, state, send };
  const bars = layout === 'narrow';
  const all = around === 'all';
  const { others } = state.late;
  // The views besides the cluster may still be on their way: until they are here it has the room of all.
  const several = alone === null && !bars;
  return html`<div class="page ${layout} ${alone === null ? '' : 'alone'}">
    ${all ? header(parts) : nothing}${bars || !all ? nothing : layout === 'wide' ? strip(picture, send) : where(picture, send)}${notes(picture, state, send)}
    <div class="main" role=${state.guest ? nothing : 'main'} data-late=${several && !others ? 'others' : nothing}>${several && others ? others.arrangement(parts) : single(parts)}</div>
    ${around === 'time' || (bars && all) ? footer(parts) : nothing}${state.overlay === null ? nothing : late('more', state, ({ overlay }) => html`${overlay(picture, state, send)}`)}
  </div>`;
}

/** While the engine is on its way. */
export const waiting = (): TemplateResult =>
  html`<div class="page centred"><p class="soft" role="status">Getting the cluster ready…</p></div>`;

/** When the scenario cannot be read, and nothing ran before it. */
export const unread = ({ wrong, draft }: State): TemplateResult =>
  html`<div class="page centred"><div class="card trouble" role="alert">
    <h2>This scenario cannot be read</h2>
    ${wrong.map(({ line, message }) => html`<p>${message}</p><pre class="mono">${(draft ?? '').split('\n')[line - 1]?.slice(0, LONGEST_LINE)}</pre>`)}
  </div></div>`;

/** When the engine broke, or did not come. The scenario is kept. */
export function broken(state: State, send: Send): TemplateResult {
  return html`<div class="page centred"><div class="card trouble" role="alert">
    <h2>The engine stopped</h2>
    <p>That is a fault of the playground, not of your scenario. The scenario is kept; the browser’s console has the details.</p>
    <pre class="mono">${state.trouble}</pre>
    <button type="button" class="button primary" @click=${() => send({ type: 'restartAsked' })}>Start the scenario again</button>
  </div></div>`;
}

/** What is shown of a line that is wrong. */
const LONGEST_LINE = 200;

function header({ picture, state, send }: Parts): TemplateResult {
  const { frame } = picture;
  const { layout } = state;
  const time =
    layout === 'narrow'
      ? nothing
      : html`${buttons(state, frame, send)} ${state.page.width < 1260 ? speedList(state, send) : speedSlider(state, send)} ${layout === 'wide' ? clock(picture.ui.atUs) : nothing}`;
  return html`<div class="bar" role=${state.guest ? nothing : 'banner'}>
    ${state.guest ? nothing : title(state)}
    ${scenarioPicker(state, frame.title, send)} ${layout === 'narrow' && state.alone !== null ? nothing : editButton(state, send)} ${lessonsButton(state, send)} ${time}
    <span class="spring"></span>
    ${undoButton(picture, send)} ${branchButton(picture, state, send)}
    ${verdicts(picture, state, send)} ${viewList(state, send)} ${lastButtons(state, send)}
  </div>`;
}

/** On a narrow page the time is at the bottom, where thumbs are. */
function footer({ picture, state, send }: Parts): TemplateResult {
  const { frame } = picture;
  return html`<div class="foot" role=${state.guest ? nothing : 'contentinfo'}>
    ${where(picture, send)}
    <div class="bar">${buttons(state, frame, send)} ${speedList(state, send)}</div>
  </div>`;
}

/** Terms and playhead with the time, where the bar has no room for that. */
const where = (picture: Picture, send: Send): TemplateResult =>
  html`<div class="where">${strip(picture, send)} ${clock(picture.ui.atUs)}</div>`;

/** One view alone, or one at a time as tabs; beside or below it what one does and what is picked. */
function single(parts: Parts): TemplateResult {
  const { picture, state, send } = parts;
  if (isEditing(state)) return late('others', state, ({ instead }) => instead(parts));
  const { alone, front } = state;
  const view = alone ?? front;
  const docked =
    state.sheet === null && state.lessons === null
      ? nothing
      : late('others', state, ({ dock }) => html`${dock(parts, view)}`);
  const content =
    view === 'cluster'
      ? theRing(picture, send)
      : late('others', state, ({ panel }) => panel(view, picture, state, send));
  const levels = view === 'events' ? state.late.others?.levels(state, send) : nothing;
  const items = VIEWS.filter((id) => id !== 'controls' && id !== 'scenario').map((id) => ({
    id,
    label: VIEW_NAMES[id],
  }));
  const open = (
    sheet: Sheet,
    words: string,
  ) => html`<button type="button" class="button sheet-button" aria-expanded=${state.sheet === sheet}
      @click=${() => send({ type: 'sheetToggled', sheet })}>${words}</button>`;
  const steering = view === 'controls' || state.around !== 'all' ? nothing : open('controls', 'Controls');
  const top =
    alone === null
      ? html`${tabs('Views', items, front, 'view', (id) => send({ type: 'frontChosen', view: id }))}${steering}`
      : html`<h2>${VIEW_NAMES[view]}</h2><span class="spring"></span>${levels}${steering}`;
  return html`<section class="card one" aria-label=${VIEW_NAMES[view]}>
      <div class="card-head">${top}</div>
      <div class="fill ${view}" id="view" role=${alone === null ? 'tabpanel' : nothing} aria-labelledby=${alone === null ? `view-${view}` : nothing}>
        ${alone === null && view === 'events' ? html`<div class="card-head">${levels}</div>` : nothing}
        ${content}
      </div>
    </section>
    ${docked}`;
}

/** What the author, the engine or the playground has to say. */
function notes(picture: Picture, state: State, send: Send): TemplateResult | typeof nothing {
  const { frame, fall, text } = picture;
  const limit = frame.live ? frame.limit : null;
  const own =
    state.refused !== null
      ? refusal(state.refused, send)
      : fall === null
        ? (state.late.others?.hint(frame, state, send) ?? nothing)
        : late('verdict', state, ({ fallNote }) => fallNote(picture, state, send));
  // What the author says is about the run as it was written.
  // As long as that is not here nobody did anything.
  const fits = more?.stillFits(frame.said, text, state.written.opened, frame.atUs) ?? true;
  const inLesson = state.lessons !== null && state.course?.lesson; // which tells what there is to tell
  const said = inLesson
    ? null
    : fits || (frame.said === null && own === nothing)
      ? frame.said
      : late('verdict', state, ({ summary }) => html`${summary(frame)}`);
  if (said === null && limit === null && own === nothing) return nothing;
  return html`<section class="notes" aria-label="Notes">
    ${said === null ? nothing : html`<p class="said">${said}</p>`}
    ${limit === null ? nothing : html`<p class="said warn">${limit}</p>`}
    ${own}
  </section>`;
}

function refusal(words: string, send: Send): TemplateResult {
  return html`<div class="hint bad" role="alert"><p>${words}</p>
    <button type="button" class="link" @click=${() => send({ type: 'refusalRead' })}>Close</button></div>`;
}

const strip = (picture: Picture, send: Send): TemplateResult =>
  html`<div class="strip">${drawing('timeline', picture.ui, () =>
    timeline({ frame: picture.frame, lanes: picture.whole }, picture.ui, send),
  )}</div>`;
