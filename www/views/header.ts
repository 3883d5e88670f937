// The top of the page: which scenario, whether Raft kept its promises, which branch, help.

import { html, nothing, type TemplateResult } from 'lit-html';
import { spaced } from '../falls.ts';
import type { Frame } from '../generated/engine.ts';
import { VIEW_NAMES, VIEWS, viewOf } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { type Action, isEditing, type State } from '../store.ts';
import { icons } from './icons.ts';

type Send = (action: Action) => void;

/** The playground's name, which leads to its front page: as a picture where there is less room, nowhere (but in the help) where there is none. */
export function title({ home, page: { width } }: State): TemplateResult {
  const name = 'Raft Playground';
  const roomy = width >= 1560;
  const leads = home !== '' && width >= 1180;
  return html`<h1 class=${roomy || leads ? '' : 'visually-hidden'}>${leads ? html`<a class=${roomy ? '' : 'tool'} href=${home} aria-label="${name}: front page" title="Front page: lessons, and all scenarios in pictures">${roomy ? name : icons.home}</a>` : name}</h1>`;
}

/** All scenarios that come with the playground, and one's own if it is none of them. */
export function scenarioPicker(state: State, title: string, send: Send): TemplateResult {
  const choose = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    const { value } = select;
    select.value = state.preset ?? ''; // what runs, until the chosen one does
    if (value !== '') send({ type: 'presetChosen', name: value });
  };
  const names = state.late.others?.SCENARIOS;
  // What is called like one of them and says something else; but a lesson's own scenario is not one that somebody changed.
  const changed =
    names?.some((preset) => preset.title === title) && !(state.course?.own && state.course.lesson);
  const own =
    state.preset === null || !names
      ? html`<option value="" .selected=${true}>${title || 'Own scenario'}${changed ? ' (changed)' : ''}</option>`
      : nothing;
  return html`<select class="picker" aria-label="Scenario" title="Scenario" @change=${choose}>
    ${own}${names?.map(
      (preset) =>
        html`<option value=${preset.name} .selected=${preset.name === state.preset}>${preset.title}</option>`,
    )}
  </select>`;
}

/** Opens and closes the scenario's text. */
export function editButton(state: State, send: Send): TemplateResult {
  const editing = isEditing(state);
  return html`<button type="button" class="tool" id="edit" data-soon="scenario" aria-label="Edit the scenario" aria-pressed=${editing}
    title="${editing ? 'Close the scenario’s text' : 'Edit the scenario’s text'} (E)"
    @click=${() => send({ type: 'editorToggled' })}>${icons.edit}</button>`;
}

/** How many properties are promised; views/promises.ts says what they are. */
export const PROMISED = { raft: 15, twoPhaseCommit: 3 };

/** Whether all that is promised held so far; and whether what the clients saw is linearizable, whatever modes they read in. A bar without
 * room for both shows the one that is worse, so that nothing moves when something falls. */
export function verdicts({ frame }: Picture, state: State, send: Send): TemplateResult {
  const { violations, protocol, linearizable } = frame;
  const fallen = [...new Set(violations.map(({ property }) => spaced(property)))];
  const n = fallen.length;
  const words =
    n > 0 ? `${n} ${n > 1 ? 'properties' : 'property'} broken` : `${PROMISED[protocol]} properties hold`;
  const look = { yes: 'good', no: 'bad', unknown: 'open' }[linearizable.verdict];
  const why = linearizable.verdict === 'no' ? linearizable.text : 'what clients saw, checked at every answer';
  const badge = (look: string, icon: TemplateResult, words: string, why: string) =>
    html`<button type="button" class="badge ${look}" title="${words}: ${why}" aria-label=${words} aria-haspopup="dialog"
      aria-expanded=${state.overlay === 'verdict'} @click=${() => send({ type: 'overlayToggled', overlay: 'verdict' })}>${icon}<span class="badge-words">${words}</span></button>`;
  const one = state.layout !== 'wide' && state.page.width < 900;
  return html`${
    one && n === 0 && look !== 'good'
      ? nothing
      : badge(
          n > 0 ? 'bad' : 'good',
          n > 0 ? icons.bad : icons.good,
          words,
          fallen.join(', ') || 'all that is promised, checked after every event',
        )
  } ${one && (n > 0 || look === 'good') ? nothing : badge(`clients ${look}`, icons.clients, clientsWords(linearizable.verdict), why)}`;
}

export const clientsWords = (verdict: Frame['linearizable']['verdict']): string =>
  ({ yes: 'Linearizable', no: 'Not linearizable', unknown: 'Linearizable or not: unknown' })[verdict];

/** The branches, once there is more than one. Where there is room its place is kept, so that nothing moves when it comes. */
export function branchButton(
  { branches }: Picture,
  state: State,
  send: Send,
): TemplateResult | typeof nothing {
  const one = branches.length < 2;
  if (one && state.layout !== 'wide') return nothing;
  const words = `${branches.length} branches`;
  return html`<button type="button" class="tool with-words ${one ? 'absent' : ''}" aria-label=${words} title="${words}: what was, and what if"
    aria-haspopup="dialog" aria-expanded=${state.overlay === 'branches'}
    @click=${() => send({ type: 'overlayToggled', overlay: 'branches' })}>
    ${icons.branch}<span>${branches.length}</span>
  </button>`;
}

/** Opens and closes the lessons. */
export function lessonsButton({ lessons, page }: State, send: Send): TemplateResult {
  return html`<button type="button" class="tool" id="lessons" aria-label="Lessons" aria-pressed=${lessons !== null} title="Learn Raft, step by step (L)"
    @click=${() => send({ type: 'lessonsToggled' })}>${icons.lessons}${page.width < 1260 ? nothing : 'Lessons'}</button>`;
}

/** Which view is shown alone, if any. Where there is little room a view is shown so by its tab or its key, and only left here. */
export function viewList({ alone, layout, page }: State, send: Send): TemplateResult | typeof nothing {
  if (alone === null && (layout === 'narrow' || page.width < 700)) return nothing;
  const choose = (event: Event) =>
    send({ type: 'viewChosen', view: viewOf((event.target as HTMLSelectElement).value) });
  return html`<select class="speed-list views" aria-label="Views shown" title="Show one view alone (V)" @change=${choose}>
    <option value="" .selected=${alone === null}>${layout === 'wide' ? 'All views' : 'All'}</option>
    ${VIEWS.map((view) => html`<option .selected=${view === alone}>${VIEW_NAMES[view]}</option>`)}
  </select>`;
}

/** Takes back the last thing done. It keeps its place, so that one can press it again. */
export function undoButton({ undoable }: Picture, send: Send): TemplateResult {
  const words = undoable === null ? 'Nothing to undo' : `Undo ${undoable}`;
  return html`<button type="button" class="tool" aria-label=${words} title="${words} (Z)" aria-disabled=${undoable === null}
    @click=${() => undoable !== null && send({ type: 'undoAsked' })}>${icons.undo}</button>`;
}

/** How to give away what runs, and what keys and colours mean. */
export const lastButtons = (state: State, send: Send): TemplateResult[] =>
  (
    [
      ['share', 'Share', 'Share (S)', icons.share],
      ['help', 'Help', 'Keys and colours (?)', '?'],
    ] as const
  ).map(
    ([overlay, words, title, shown]) =>
      html`<button type="button" class="tool" aria-label=${words} title=${title} aria-haspopup="dialog"
    data-soon=${overlay} aria-expanded=${state.overlay === overlay} @click=${() => send({ type: 'overlayToggled', overlay })}>${shown}</button>`,
  );
