// The trace around the playhead, one sentence an event.

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { more } from '../at-hand.ts';
import { time } from '../format.ts';
import type { TraceEvent } from '../generated/engine.ts';
import type { Picture } from '../picture.ts';
import { sentence } from '../sentences.ts';
import type { Action, Level, State } from '../store.ts';
import { icons } from './icons.ts';
import { classes } from './pick.ts';

type Send = (action: Action) => void;

const LEVELS: readonly { id: Level; label: string; title: string }[] = [
  { id: 'story', label: 'Story', title: 'Elections, faults, commits and what clients see' },
  { id: 'messages', label: 'Messages', title: 'Also what is sent, received and lost' },
  { id: 'everything', label: 'All', title: 'Also timers, disks and the rest' },
];

/** How much the list tells. */
export function levels(state: State, send: Send): TemplateResult {
  return html`<div class="segments" role="group" aria-label="How much to tell">${LEVELS.map(
    ({ id, label, title }) => html`<button type="button" aria-pressed=${id === state.level} title=${title}
      @click=${() => send({ type: 'levelChosen', level: id })}>${label}</button>`,
  )}</div>`;
}

/** The same where there is less room. */
export function levelList(state: State, send: Send): TemplateResult {
  const choose = (event: Event) =>
    send({ type: 'levelChosen', level: (event.target as HTMLSelectElement).value as Level });
  return html`<select class="speed-list" aria-label="How much to tell" @change=${choose}>${LEVELS.map(
    ({ id, label }) => html`<option value=${id} .selected=${id === state.level}>${label}</option>`,
  )}</select>`;
}

export function events(picture: Picture, state: State, send: Send): TemplateResult {
  const { past, future, more } = picture;
  const current = past[past.length - 1];
  const all = [...past, ...future];
  return html`<div class="events ${state.playing ? 'playing' : 'scroll'}" id="events" tabindex="0" role="region" aria-label="Events around the playhead" data-current=${(state.playing ? null : picture.fall?.seq) ?? current?.seq ?? -1}>
    ${more.before ? extend('Earlier', 'before', send) : nothing}
    <ol>${repeat(
      all,
      ({ seq }, at) => (state.playing ? at : seq), // while time runs, nobody holds on to one of them
      (event, at) => row(event, all[at - 1], at >= past.length, event === current, picture, state, send),
    )}</ol>
    ${more.after ? extend('Later', 'after', send) : nothing}
  </div>`;
}

function row(
  event: TraceEvent,
  previous: TraceEvent | undefined,
  future: boolean,
  current: boolean,
  picture: Picture,
  state: State,
  send: Send,
) {
  const picked = state.picked?.type === 'event' && state.picked.seq === event.seq;
  const { what, why } = sentence(event, picture.trail);
  // A reason that stands just above needs no repeating.
  const known =
    previous !== undefined && !current && !picked && sentence(previous, picture.trail).why === why;
  const sameTime = previous?.atUs === event.atUs && !current && !picked;
  const guilty = picture.ui.light.events.has(event.seq);
  return html`<li class=${classes('event', future && 'future', current && 'current', guilty && 'guilty')} data-seq=${event.seq}>
    <button type="button" aria-pressed=${picked} aria-current=${current ? 'time' : nothing} title="Go there"
      @click=${() => send({ type: 'eventPicked', seq: event.seq })}>
      <span class="when">${sameTime ? nothing : time(event.atUs)}</span>
      <span class="what">${guilty ? html`<b class="blame">${icons.bad}<span class="visually-hidden">to blame:</span></b> ` : nothing}${what}${why === null || known ? nothing : html` <span class="why">${why}</span>`}</span>
    </button>
    ${picked ? more?.because(event, picture, send) : nothing}
  </li>`;
}

function extend(words: string, where: 'before' | 'after', send: Send): TemplateResult {
  return html`<button type="button" class="link extend" @click=${() => send({ type: 'listExtended', where })}>${words}</button>`;
}
