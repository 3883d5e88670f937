// The whole page: which parts there are and where, for a wide, a medium and a narrow place.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { leastLadderHeight } from '../geometry.ts';
import type { Picture } from '../picture.ts';
import { type Action, HINTS, type State, type Tab } from '../store.ts';
import type { Ui } from './contract.ts';
import { controls } from './controls.ts';
import { events, levelList, levels } from './events.ts';
import { branchButton, helpButton, scenarioPicker, verdict } from './header.ts';
import { inspector } from './inspector.ts';
import { ladder } from './ladder.ts';
import { leastLogsHeight, logs } from './logs.ts';
import { hint, overlay } from './overlays.ts';
import { ring } from './ring.ts';
import { tabs } from './tabs.ts';
import { timeline } from './timeline.ts';
import { buttons, clock, speedList, speedSlider } from './transport.ts';

type Send = (action: Action) => void;

export function page(picture: Picture, state: State, send: Send): TemplateResult {
  const arranged = { wide, medium, narrow }[state.layout];
  return html`<div class="page ${state.layout}">${arranged(picture, state, send)}${overlay(picture, state, send)}</div>`;
}

/** While the engine is on its way. */
export const waiting = (): TemplateResult =>
  html`<div class="page centred"><p class="soft" role="status">Getting the cluster ready…</p></div>`;

/** When the engine broke, or did not come. The scenario is kept. */
export function broken(state: State, send: Send): TemplateResult {
  return html`<div class="page centred"><div class="card trouble" role="alert">
    <h2>The engine stopped</h2>
    <p>That is a fault of the playground, not of your scenario. The scenario is kept; the browser’s console has the details.</p>
    <pre class="mono">${state.trouble}</pre>
    <button type="button" class="button primary" @click=${() => send({ type: 'restartAsked' })}>Start the scenario again</button>
  </div></div>`;
}

function wide(picture: Picture, state: State, send: Send): TemplateResult {
  const { frame } = picture;
  return html`
    <header class="bar">
      <h1>Raft Playground</h1>
      ${scenarioPicker(state, frame.title, send)}
      ${buttons(state, frame, send)} ${speedSlider(state, send)} ${clock(frame)}
      <span class="spring"></span>
      ${branchButton(picture, state, send)} ${verdict(picture, state, send)} ${helpButton(state, send)}
    </header>
    ${strip(picture, send)} ${notes(picture, state, send)}
    <main class="main">
      ${cluster(picture, send)}
      ${card('logs', 'Logs', panel('logs', picture, state, send))}
      ${card('ladder', 'Space-time', panel('ladder', picture, state, send))}
      <div class="right">
        <section class="card controls" aria-label="Controls">${controls(picture, state, send)}</section>
        ${lower(picture, state, send)}
      </div>
    </main>`;
}

/** Below the controls: the events, or what is picked. */
function lower(picture: Picture, state: State, send: Send): TemplateResult {
  const looked = inspector(picture, state, send);
  const inspecting = looked !== null && state.tab === 'inspector';
  const items: { id: Tab; label: string }[] = [
    { id: 'events', label: 'Events' },
    { id: 'inspector', label: 'Inspector' },
  ];
  const chosen = inspecting ? 'inspector' : 'events';
  const choose = (tab: Tab) => send({ type: 'tabChosen', tab });
  return html`<section class="card lower" aria-label="Events and inspector">
    <div class="card-head">
      ${looked === null ? html`<h2>Events</h2>` : tabs('Events or inspector', items, chosen, 'lower', choose)}
      ${inspecting ? nothing : levels(state, send)}
    </div>
    <div class="fill" id="lower">${inspecting ? looked : events(picture, state, send)}</div>
  </section>`;
}

function medium(picture: Picture, state: State, send: Send): TemplateResult {
  const { frame } = picture;
  const looked = inspector(picture, state, send);
  const items: { id: Tab; label: string }[] = [
    { id: 'logs', label: 'Logs' },
    { id: 'controls', label: 'Controls' },
    { id: 'events', label: 'Events' },
  ];
  if (looked !== null) items.push({ id: 'inspector', label: 'Inspector' });
  const chosen = items.some(({ id }) => id === state.tab) ? state.tab : 'logs';
  return html`
    <header class="bar">
      <h1 class="visually-hidden">Raft Playground</h1>
      ${scenarioPicker(state, frame.title, send)}
      ${buttons(state, frame, send)} ${speedList(state, send)} ${clock(frame)}
      <span class="spring"></span>
      ${branchButton(picture, state, send)} ${verdict(picture, state, send)} ${helpButton(state, send)}
    </header>
    ${strip(picture, send)} ${notes(picture, state, send)}
    <main class="main">
      ${cluster(picture, send)}
      <section class="card side" aria-label="Details">
        <div class="card-head">${tabs('Details', items, chosen, 'side', (tab) => send({ type: 'tabChosen', tab }))}
          ${chosen === 'events' ? levelList(state, send) : nothing}</div>
        <div class="fill" id="side" role="tabpanel" aria-labelledby="side-${chosen}">${panel(chosen, picture, state, send)}</div>
      </section>
      ${card('ladder', 'Space-time', panel('ladder', picture, state, send))}
    </main>`;
}

function narrow(picture: Picture, state: State, send: Send): TemplateResult {
  const { frame } = picture;
  const items: { id: Tab; label: string }[] = [
    { id: 'logs', label: 'Logs' },
    { id: 'ladder', label: 'Space-time' },
    { id: 'controls', label: 'Controls' },
    { id: 'events', label: 'Events' },
  ];
  const chosen = items.some(({ id }) => id === state.tab) ? state.tab : 'logs';
  const looked = inspector(picture, state, send);
  return html`
    <header class="bar">
      <h1 class="visually-hidden">Raft Playground</h1>
      ${scenarioPicker(state, frame.title, send)}
      <span class="spring"></span>
      ${branchButton(picture, state, send)} ${verdict(picture, state, send)} ${helpButton(state, send)}
    </header>
    <main class="main scroll">
      ${notes(picture, state, send)}
      ${cluster(picture, send)}
      ${looked === null ? nothing : html`<div class="card">${looked}</div>`}
      <section class="card side" aria-label="Details">
        ${tabs('Details', items, chosen, 'side', (tab) => send({ type: 'tabChosen', tab }))}
        <div class="fill ${chosen}" id="side" role="tabpanel" aria-labelledby="side-${chosen}">
          ${chosen === 'events' ? html`<div class="card-head">${levels(state, send)}</div>` : nothing}
          ${panel(chosen, picture, state, send)}
        </div>
      </section>
    </main>
    <footer class="foot">
      <div class="where">${strip(picture, send)} ${clock(frame)}</div>
      <div class="bar">${buttons(state, frame, send)} ${speedList(state, send)}</div>
    </footer>`;
}

function panel(tab: Tab, picture: Picture, state: State, send: Send): TemplateResult {
  const { frame, ui } = picture;
  switch (tab) {
    case 'logs':
      return drawing('logs', ui, () => logs(frame, roomy('logs', frame, ui), send));
    case 'ladder':
      return drawing('ladder', ui, () => ladder(picture, roomy('ladder', frame, ui), send));
    case 'controls':
      return controls(picture, state, send);
    case 'events':
      return events(picture, state, send);
    case 'inspector':
      return inspector(picture, state, send) ?? html``;
  }
}

function cluster({ frame, ui }: Picture, send: Send): TemplateResult {
  return html`<section class="card cluster" aria-label="Cluster">
    <div class="card-head"><h2>Cluster</h2></div>
    ${drawing('ring', ui, () => ring(frame, ui, send))}
  </section>`;
}

/** What the author, the engine or the playground has to say. */
function notes({ frame }: Picture, state: State, send: Send): TemplateResult | typeof nothing {
  const limit = frame.live ? frame.limit : null;
  const toRead = state.refused !== null || limit !== null;
  if (frame.said === null && !toRead && state.hint >= HINTS) return nothing;
  return html`<section class="notes" aria-label="Notes">
    ${frame.said === null ? nothing : html`<p class="said">${frame.said}</p>`}
    ${limit === null ? nothing : html`<p class="said warn">${limit}</p>`}
    ${state.refused === null ? hint(state, send) : refusal(state.refused, send)}
  </section>`;
}

function refusal(words: string, send: Send): TemplateResult {
  return html`<div class="hint bad" role="alert"><p>${words}</p>
    <button type="button" class="link" @click=${() => send({ type: 'refusalRead' })}>Close</button></div>`;
}

const strip = (picture: Picture, send: Send): TemplateResult =>
  html`<div class="strip">${drawing('timeline', picture.ui, () => timeline({ frame: picture.frame, lanes: picture.whole }, picture.ui, send))}</div>`;

const card = (name: 'logs' | 'ladder', title: string, content: TemplateResult): TemplateResult =>
  html`<section class="card ${name}" aria-label=${title}>
    <div class="card-head"><h2>${title}</h2></div>
    ${content}
  </section>`;

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
  return html`<div class="drawing" data-picture=${name}>${width > 0 && height > 0 ? draw() : nothing}</div>`;
}
