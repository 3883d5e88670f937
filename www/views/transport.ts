// Time: play and pause, single steps both ways, jumps, speed, and where one is.

import { html, type TemplateResult } from 'lit-html';
import { time } from '../format.ts';
import type { Frame } from '../generated/engine.ts';
import { type Action, SPEEDS, type State } from '../store.ts';
import { icons } from './icons.ts';

type Send = (action: Action) => void;

/** The five buttons. They never move, so that one can press them again and again, and keep the focus at both ends. */
export function buttons(state: State, frame: Frame, send: Send): TemplateResult {
  const { playing } = state;
  const over = (frame.ended || frame.limit !== null) && frame.live;
  const button = (name: string, key: string, icon: TemplateResult, type: Action['type'], off = false) =>
    html`<button type="button" class="tool" aria-label=${name} title="${name} (${key})" aria-disabled=${off}
      @click=${() => off || send({ type } as Action)}>${icon}</button>`;
  const play = playing ? 'Pause' : over ? 'Play again' : 'Play';
  return html`<div class="transport" role="group" aria-label="Time">
    ${button('To the start', 'Home', icons.start, 'jumpedToStart')}
    ${button('Step back', '←', icons.back, 'steppedBack')}
    <button type="button" class="tool play" aria-label=${play} title="${play} (Space)"
      @click=${() => send({ type: 'playToggled' })}>${playing ? icons.pause : icons.play}</button>
    ${button('Step forward', '→', icons.forward, 'steppedForward', over)}
    ${button('To the end', 'End', icons.end, 'jumpedToEnd', over)}
  </div>`;
}

/** Speed as a slider over a log scale. */
export function speedSlider(state: State, send: Send): TemplateResult {
  const label = speedLabel(state.speed);
  return html`<label class="speed" title="Speed (+ and −): simulated time over real time">
    <span class="speed-label">${label}</span>
    <input type="range" min="0" max=${SPEEDS.length - 1} step="1" .value=${String(state.speed)}
      aria-label="Speed" aria-valuetext=${label}
      @input=${(event: InputEvent) => send({ type: 'speedChanged', speed: chosen(event) })} />
  </label>`;
}

/** Speed as a list, where there is no room for a slider. */
export function speedList(state: State, send: Send): TemplateResult {
  return html`<select class="speed-list" aria-label="Speed" title="Speed: simulated time over real time"
    @change=${(event: Event) => send({ type: 'speedChanged', speed: chosen(event) })}>
    ${SPEEDS.map((_, at) => html`<option value=${at} .selected=${at === state.speed}>${speedLabel(at)}</option>`)}
  </select>`;
}

/** Where the playhead is. */
export const clock = (atUs: number): TemplateResult =>
  html`<output class="clock" aria-label="Simulated time" title="Simulated time"><span>${time(atUs)}</span></output>`;

/** `1/10×`, `2×` */
export function speedLabel(at: number): string {
  const speed = SPEEDS[at] ?? 1;
  return speed < 1 ? `1/${Math.round(1 / speed)}×` : `${speed}×`;
}

const chosen = (event: Event): number => Number((event.target as HTMLInputElement | HTMLSelectElement).value);
