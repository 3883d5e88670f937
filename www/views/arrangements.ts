// Several views at once: which there are and where, for a wide and a medium place; and what each of them shows.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { wholeAction } from '../keyboard.ts';
import { VIEW_NAMES, type View } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { hasReads } from '../reads.ts';
import { fitsReads } from '../shares.ts';
import { isInspecting, type State, type Tab } from '../store.ts';
import { cluster, drawing, inTurn, type Parts, type Send, tool } from './cards.ts';
import type { Ui } from './contract.ts';
import { controls } from './controls.ts';
import { divided } from './divided.ts';
import { events, levelList, levels } from './events.ts';
import { icons } from './icons.ts';
import { ladder } from './ladder.ts';
import { leastLadderHeight } from './ladder-plan.ts';
import { legend } from './ladder-signs.ts';
import { late } from './late.ts';
import { logs } from './logs.ts';
import { leastLogsHeight } from './logs-plan.ts';
import { tabs } from './tabs.ts';

/** All that there is room for: side by side, or in two columns, some as tabs. */
export const arrangement = (parts: Parts): TemplateResult =>
  parts.state.around !== 'all' ? views(parts) : parts.state.layout === 'wide' ? wide(parts) : medium(parts);

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

/** The scenario's text where it takes the place of a single view. */
export const instead = (parts: Parts): TemplateResult => html`${text(parts)}${picked(parts)}`;

/** What lies beside or below a single view; nothing is ever covered by it. */
export function dock({ picture, state, send }: Parts, view: View): TemplateResult | typeof nothing {
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

export function panel(tab: Tab, picture: Picture, state: State, send: Send): TemplateResult {
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
  return html`${inTurn('ladder', picture, () => legend(ladder, frame, ui))}<div class="row">
    ${tool('Back to the last notable event', 'P', icons.earlier, { type: 'storyBack' }, send)}
    ${tool('On to the next notable event', 'N', icons.later, { type: 'storyForward' }, send)}
    ${tool('Show the whole run', '0', icons.whole, wholeAction(frame), send)}
  </div>`;
}

/** A picture of many rows is drawn higher than a low place is, and scrolls. */
function roomy(name: 'logs' | 'ladder', { servers, clients }: Frame, ui: Ui): Ui {
  const { width, height } = ui.size[name];
  const least =
    name === 'logs' ? leastLogsHeight(servers.length) : leastLadderHeight(servers.length, clients.length);
  return height >= least ? ui : { ...ui, size: { ...ui.size, [name]: { width, height: least } } };
}
