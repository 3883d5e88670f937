// The whole page: which parts there are and where, for a wide, a medium and a narrow place, or with one view alone.

import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { keyed } from 'lit-html/directives/keyed.js';
import { more } from '../at-hand.ts';
import type { Frame } from '../generated/engine.ts';
import { leastLadderHeight } from '../geometry.ts';
import { wholeAction } from '../keyboard.ts';
import { fitsReads, VIEW_NAMES, VIEWS, type View } from '../layout.ts';
import type { Part, Picture } from '../picture.ts';
import { hasReads } from '../reads.ts';
import { type Action, isEditing, isInspecting, type Sheet, type State, type Tab } from '../store.ts';
import type { Ui } from './contract.ts';
import { controls } from './controls.ts';
import { divided } from './divided.ts';
import { events, levelList, levels } from './events.ts';
import {
  branchButton,
  clientsVerdict,
  editButton,
  lastButtons,
  lessonsButton,
  scenarioPicker,
  undoButton,
  verdict,
  viewList,
} from './header.ts';
import { hint } from './hints.ts';
import { icons } from './icons.ts';
import { ladder } from './ladder.ts';
import { legend } from './ladder-signs.ts';
import { late } from './late.ts';
import { leastLogsHeight, logs } from './logs.ts';
import { overlay } from './overlays.ts';
import { ring } from './ring.ts';
import { tabs } from './tabs.ts';
import { timeline } from './timeline.ts';
import { buttons, clock, speedList, speedSlider } from './transport.ts';

type Send = (action: Action) => void;

export function page(picture: Picture, state: State, send: Send): TemplateResult {
  const { layout, alone, around } = state;
  const parts = { picture, state, send };
  const bars = layout === 'narrow';
  const all = around === 'all';
  const main =
    alone !== null || bars
      ? single(parts)
      : !all
        ? views(parts)
        : layout === 'wide'
          ? wide(parts)
          : medium(parts);
  return html`<div class="page ${layout} ${alone === null ? '' : 'alone'}">
    ${all ? header(parts) : nothing}${bars || !all ? nothing : strip(picture, send)}${notes(picture, state, send)}
    <div class="main" role=${state.guest ? nothing : 'main'}>${main}</div>
    ${around === 'time' || (bars && all) ? footer(parts) : nothing}${overlay(picture, state, send)}
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

/** What every part of the page is made from. */
interface Parts {
  readonly picture: Picture;
  readonly state: State;
  readonly send: Send;
}

function header({ picture, state, send }: Parts): TemplateResult {
  const { frame } = picture;
  const { layout } = state;
  const time =
    layout === 'narrow'
      ? nothing
      : html`${buttons(state, frame, send)} ${layout === 'wide' ? speedSlider(state, send) : speedList(state, send)} ${clock(picture.ui.atUs)}`;
  return html`<div class="bar" role=${state.guest ? nothing : 'banner'}>
    ${state.guest ? nothing : html`<h1 class=${state.page.width < 1480 ? 'visually-hidden' : ''}>Raft Playground</h1>`}
    ${scenarioPicker(state, frame.title, send)} ${layout === 'narrow' && state.alone !== null ? nothing : editButton(state, send)} ${lessonsButton(state, send)} ${time}
    <span class="spring"></span>
    ${undoButton(picture, send)} ${branchButton(picture, state, send)}
    ${verdict(picture, state, send)} ${clientsVerdict(picture, state, send)}
    ${layout === 'narrow' && state.alone === null ? nothing : viewList(state, send)} ${lastButtons(state, send)}
  </div>`;
}

/** On a narrow page the time is at the bottom, where thumbs are. */
function footer({ picture, state, send }: Parts): TemplateResult {
  const { frame } = picture;
  return html`<div class="foot" role=${state.guest ? nothing : 'contentinfo'}>
    <div class="where">${strip(picture, send)} ${clock(picture.ui.atUs)}</div>
    <div class="bar">${buttons(state, frame, send)} ${speedList(state, send)}</div>
  </div>`;
}

/** Cluster and logs above the space-time diagram. */
function views({ picture, state, send }: Parts): TemplateResult {
  const upper = divided(
    { name: 'cluster', way: 'columns', label: 'Width of the cluster' },
    state,
    send,
    cluster(picture, send),
    logsAndReads({ picture, state, send }),
  );
  return divided(
    { name: 'ladder', way: 'rows', label: 'Height of the space-time diagram' },
    state,
    send,
    upper,
    card('ladder', panel('ladder', picture, state, send), ladderTools(picture, send)),
  );
}

function wide(parts: Parts): TemplateResult {
  const { picture, state, send } = parts;
  const { editing } = state;
  const learning = state.lessons !== null;
  const right = divided(
    {
      name: editing ? 'text' : 'lower',
      way: 'rows',
      label: `Height of the ${editing ? 'scenario' : learning ? 'lessons' : 'controls'}`,
    },
    state,
    send,
    editing
      ? text(parts)
      : learning
        ? course(parts)
        : html`<section class="card controls" aria-label="Controls">${panel('controls', picture, state, send)}</section>`,
    lower(parts),
  );
  return divided(
    {
      name: editing ? 'editor' : 'side',
      way: 'columns',
      label: `Width of ${editing ? 'scenario' : 'controls'} and events`,
    },
    state,
    send,
    views(parts),
    right,
  );
}

/** The logs; where somebody reads, the ways to read below them, or as a tab where there is no room for both. */
function logsAndReads({ picture, state, send }: Parts): TemplateResult {
  const ownLogs = card('logs', panel('logs', picture, state, send));
  if (!hasReads(picture.text)) return ownLogs;
  if (!fitsReads(state)) {
    const chosen = state.tab === 'reads' ? 'reads' : 'logs';
    const items: { id: Tab; label: string }[] = [
      { id: 'logs', label: 'Logs' },
      { id: 'reads', label: 'Reads' },
    ];
    return html`<section class="card" aria-label="Logs and reads">
      <div class="card-head">${tabs('Logs or reads', items, chosen, 'upper', (tab) => send({ type: 'tabChosen', tab }))}</div>
      <div class="fill" id="upper" role="tabpanel" aria-labelledby="upper-${chosen}">${panel(chosen, picture, state, send)}</div>
    </section>`;
  }
  const below = html`<section class="card" aria-label="Reads">
    <div class="card-head"><h2>Ways to read</h2><span class="soft aside">same seed, same faults, side by side</span></div>${panel('reads', picture, state, send)}
  </section>`;
  return divided(
    { name: 'reads', way: 'rows', label: 'Height of the ways to read' },
    state,
    send,
    ownLogs,
    below,
  );
}

/** The scenario's text takes the place of the controls. */
const text = ({ picture, state, send }: Parts): TemplateResult =>
  html`<section class="card scenario" aria-label="Scenario">${late('scenario', state, ({ scenario }) => scenario(picture, state, send))}</section>`;

/** So do the lessons. */
const course = ({ picture, state, send }: Parts, look = ''): TemplateResult =>
  html`<section class="card lessons ${look}" aria-label="Lessons" tabindex="-1">${late('lessons', state, ({ lessons }) => lessons(picture, state, send))}</section>`;

/** Below the controls: the events, or what is picked. Below the scenario's text the controls as well, whose place that takes. */
function lower({ picture, state, send }: Parts): TemplateResult {
  const items: { id: Tab; label: string }[] = [{ id: 'events', label: 'Events' }];
  if (isInspecting(state)) items.push({ id: 'inspector', label: 'Inspector' });
  if (state.editing || state.lessons !== null) items.push({ id: 'controls', label: 'Controls' });
  const chosen = items.find(({ id }) => id === state.tab)?.id ?? 'events';
  const choose = (tab: Tab) => send({ type: 'tabChosen', tab });
  return html`<section class="card lower" aria-label=${items.map(({ label }) => label).join(', ')}>
    <div class="card-head">
      ${items.length > 1 ? tabs('Details', items, chosen, 'lower', choose) : html`<h2>Events</h2>`}
      ${chosen === 'events' ? levels(state, send) : nothing}
    </div>
    <div class="fill" id="lower">${panel(chosen, picture, state, send)}</div>
  </section>`;
}

function medium(parts: Parts): TemplateResult {
  const { picture, state, send } = parts;
  const { editing } = state;
  const learning = state.lessons !== null;
  const ring = cluster(picture, send);
  const upper =
    editing || learning
      ? ring
      : divided(
          { name: 'side', way: 'columns', label: 'Width of the cluster' },
          state,
          send,
          ring,
          details(parts),
        );
  const left = divided(
    { name: 'ladder', way: 'rows', label: 'Height of the space-time diagram' },
    state,
    send,
    upper,
    card('ladder', panel('ladder', picture, state, send)),
  );
  if (!editing && !learning) return left;
  const right =
    learning || isInspecting(state)
      ? divided(
          { name: 'text', way: 'rows', label: `Height of the ${learning ? 'lessons' : 'scenario'}` },
          state,
          send,
          learning ? course(parts) : text(parts),
          learning ? details(parts) : lower(parts),
        )
      : text(parts);
  return divided(
    { name: 'editor', way: 'columns', label: `Width of the ${learning ? 'lessons' : 'scenario'}` },
    state,
    send,
    left,
    right,
  );
}

/** Beside the cluster: logs, controls, events, or what is picked. */
function details({ picture, state, send }: Parts): TemplateResult {
  const items: { id: Tab; label: string }[] = [
    { id: 'logs', label: 'Logs' },
    { id: 'controls', label: 'Controls' },
    { id: 'events', label: 'Events' },
  ];
  if (hasReads(picture.text)) items.push({ id: 'reads', label: 'Reads' });
  if (isInspecting(state)) items.push({ id: 'inspector', label: 'Inspector' });
  const chosen = items.some(({ id }) => id === state.tab) ? state.tab : 'logs';
  return html`<section class="card side" aria-label="Details">
    <div class="card-head">${tabs('Details', items, chosen, 'side', (tab) => send({ type: 'tabChosen', tab }))}
      ${chosen === 'events' ? levelList(state, send) : nothing}</div>
    <div class="fill" id="side" role="tabpanel" aria-labelledby="side-${chosen}">${panel(chosen, picture, state, send)}</div>
  </section>`;
}

/** One view alone, or one at a time as tabs; beside or below it what one does and what is picked. */
function single({ picture, state, send }: Parts): TemplateResult {
  if (isEditing(state)) return html`${text({ picture, state, send })}${picked({ picture, state, send })}`;
  const { alone, front } = state;
  const view = alone ?? front;
  const docked = dock({ picture, state, send }, view);
  const content = view === 'cluster' ? theRing(picture, send) : panel(view, picture, state, send);
  const items = VIEWS.filter((id) => id !== 'controls' && id !== 'scenario').map((id) => ({
    id,
    label: VIEW_NAMES[id],
  }));
  const open = (
    sheet: Sheet,
    words: string,
  ) => html`<button type="button" class="button sheet-button" aria-expanded=${docked !== nothing && state.sheet === sheet}
      @click=${() => send({ type: 'sheetToggled', sheet })}>${words}</button>`;
  const steering = view === 'controls' || state.around !== 'all' ? nothing : open('controls', 'Controls');
  const top =
    alone === null
      ? html`${tabs('Views', items, front, 'view', (id) => send({ type: 'frontChosen', view: id }))}${steering}`
      : html`<h2>${VIEW_NAMES[view]}</h2><span class="spring"></span>${view === 'events' ? levels(state, send) : nothing}${steering}`;
  return html`<section class="card one" aria-label=${VIEW_NAMES[view]}>
      <div class="card-head">${top}</div>
      <div class="fill ${view}" id="view" role=${alone === null ? 'tabpanel' : nothing} aria-labelledby=${alone === null ? `view-${view}` : nothing}>
        ${alone === null && view === 'events' ? html`<div class="card-head">${levels(state, send)}</div>` : nothing}
        ${content}
      </div>
    </section>
    ${docked}`;
}

/** What lies beside or below a single view; nothing is ever covered by it. */
function dock({ picture, state, send }: Parts, view: View): TemplateResult | typeof nothing {
  const { sheet } = state;
  if (sheet === 'inspector') return picked({ picture, state, send });
  if (state.lessons !== null && sheet === null) return course({ picture, state, send }, 'dock');
  if (sheet !== 'controls' || view === 'controls') return nothing;
  return html`<section class="card dock controls" aria-label="Controls">${panel('controls', picture, state, send)}</section>`;
}

const picked = ({ picture, state, send }: Parts): TemplateResult | typeof nothing =>
  state.sheet === 'inspector' && isInspecting(state)
    ? html`<section class="card dock" aria-label="Picked">${about({ picture, state, send })}</section>`
    : nothing;

function panel(tab: Tab, picture: Picture, state: State, send: Send): TemplateResult {
  const { frame, ui } = picture;
  switch (tab) {
    case 'logs':
      return drawing('logs', ui, () =>
        inTurn('logs', picture, () => logs(frame, roomy('logs', frame, ui), send)),
      );
    case 'cluster':
      return cluster(picture, send);
    case 'ladder':
      return drawing('ladder', ui, () => ladder(picture.ladder, roomy('ladder', frame, ui), send));
    case 'controls':
      return inTurn('controls', picture, () => controls(picture, state, send));
    case 'events':
      return inTurn('events', picture, () => events(picture, state, send));
    case 'reads':
      return html`<div class="reads-card fill">${late('reads', state, ({ reads }) => reads(picture, state, send))}</div>`;
    case 'inspector':
      return inTurn('inspector', picture, () => about({ picture, state, send }));
    case 'scenario':
      return text({ picture, state, send });
  }
}

/** Everything about what is picked. */
const about = ({ picture, state, send }: Parts): TemplateResult =>
  late('inspector', state, ({ inspector }) => inspector(picture, state, send));

/** Drawn anew only when it is the part's turn. */
const inTurn = (part: Part, { turns }: Picture, draw: () => TemplateResult): TemplateResult =>
  html`${guard([turns[part]], draw)}`;

function cluster(picture: Picture, send: Send): TemplateResult {
  return html`<section class="card cluster" aria-label="Cluster">
    <div class="card-head"><h2>Cluster</h2>${tool('Pictures and data', 'X', icons.save, { type: 'overlayToggled', overlay: 'export' }, send)}</div>
    ${theRing(picture, send)}
  </section>`;
}

const theRing = (picture: Picture, send: Send): TemplateResult =>
  drawing('ring', picture.ui, () => ring(picture.frame, picture.ui, send));

/** What the author, the engine or the playground has to say. */
function notes(picture: Picture, state: State, send: Send): TemplateResult | typeof nothing {
  const { frame, fall, text } = picture;
  const limit = frame.live ? frame.limit : null;
  const own =
    state.refused !== null
      ? refusal(state.refused, send)
      : fall === null
        ? hint(frame, state, send)
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

const card = (
  name: 'logs' | 'ladder',
  content: TemplateResult,
  tools: TemplateResult | typeof nothing = nothing,
): TemplateResult =>
  html`<section class="card ${name}" aria-label=${VIEW_NAMES[name]}>
    <div class="card-head"><h2>${VIEW_NAMES[name]}</h2>${tools}</div>
    ${content}
  </section>`;

/** Where there is room: from one notable event to the next, and how much time is seen. */
function ladderTools(picture: Picture, send: Send): TemplateResult {
  const { frame, ui, ladder } = picture;
  return html`${inTurn('ladder', picture, () => legend(ladder.lanes, frame, ui))}<div class="row">
    ${tool('Back to the last notable event', 'P', icons.earlier, { type: 'storyBack' }, send)}
    ${tool('On to the next notable event', 'N', icons.later, { type: 'storyForward' }, send)}
    ${tool('Show the whole run', '0', icons.whole, wholeAction(frame), send)}
  </div>`;
}

const tool = (words: string, key: string, icon: TemplateResult, action: Action, send: Send) =>
  html`<button type="button" class="tool small" aria-label=${words} title="${words} (${key})" @click=${() => send(action)}>${icon}</button>`;

/** A picture of many rows is drawn higher than a low place is, and scrolls. */
function roomy(name: 'logs' | 'ladder', { servers, clients }: Frame, ui: Ui): Ui {
  const { width, height } = ui.size[name];
  const least =
    name === 'logs' ? leastLogsHeight(servers.length) : leastLadderHeight(servers.length, clients.length);
  return height >= least ? ui : { ...ui, size: { ...ui.size, [name]: { width, height: least } } };
}

/** A picture's place. It is as large as the arrangement makes it, never as large as what is in it; until that is measured, empty. */
function drawing(name: keyof Ui['size'], ui: Ui, draw: () => TemplateResult): TemplateResult {
  const { width, height } = ui.size[name];
  const picture = width > 0 && height > 0 ? draw() : nothing;
  // Each has a place of its own, for one that another picture had is not measured anew.
  return html`${keyed(name, html`<div class="drawing" data-picture=${name} data-soon="more">${picture}</div>`)}`;
}
