// Timing: the settings of elections, and whether they go together.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { duration } from '../../format.ts';
import { type Stability, stability, type Warning } from '../../stability.ts';
import { SPEEDS } from '../../store.ts';
import { belongs, type Group } from '../../vocabulary.ts';
import { speedLabel } from '../transport.ts';
import type { Content } from './panel.ts';
import { type Setter, settings } from './setting.ts';

/** What is wrong with the settings, if these servers run Raft. */
export function warningsOf({ now, picture }: Setter): readonly Warning[] {
  const { frame } = picture;
  return belongs({ whose: 'raft' }, frame.protocol) ? stability(now, frame.servers.length).warnings : [];
}

/** The warnings that a group can do something about. */
export const warned = (group: Group, panel: Setter): Content => {
  const own = warningsOf(panel).filter((warning) => warning.group === group);
  return own.length === 0
    ? nothing
    : html`<ul class="notice warn">${own.map(({ words }) => html`<li>${words}</li>`)}</ul>`;
};

export function timing(panel: Setter): TemplateResult {
  const { frame } = panel.picture;
  const judged = stability(panel.now, frame.servers.length);
  return html`${frame.protocol === 'raft' ? html`${readout(judged)}${quicker(judged.failover[1], panel)}` : nothing}
    ${settings('timing', panel)}`;
}

/** How many seconds of one's own a failover may take before another speed is offered, and takes with that one. */
const LONG = 15;
const BRISK = 5;

/** Some real systems take their time: nobody wants to watch that as slowly as the paper's settings. */
function quicker(failoverUs: number, { state, send }: Setter): Content {
  const lasts = (speed: number) => failoverUs / 1e6 / speed;
  if (lasts(SPEEDS[state.speed] ?? 1) <= LONG) return nothing;
  const found = SPEEDS.findIndex((speed) => lasts(speed) <= BRISK);
  const speed = found < 0 ? SPEEDS.length - 1 : found;
  return html`<p class="soft">At this speed a failover takes more than ${LONG} s to watch.
    <button type="button" class="link" @click=${() => send({ type: 'speedChanged', speed })}>Play at ${speedLabel(speed)}</button></p>`;
}

/** Of the picture, in its own units. */
const WIDTH = 300;
const LEFT = 190;

/** How times compare, on an axis where ten times as long is as far again. */
function readout({ round, heartbeatUs, timeout, failover }: Stability): TemplateResult {
  const bars = [
    ['Round and fsync', round[0], round[1]],
    ['Heartbeat', heartbeatUs, heartbeatUs],
    ['Election timeout', timeout[0], timeout[1]],
    ['Failover', failover[0], failover[1]],
  ] as const;
  const all = bars.flatMap(([, least, most]) => [Math.max(1, least), Math.max(1, most)]);
  const [low, high] = [Math.log(Math.min(...all)), Math.log(Math.max(...all))];
  const x = (us: number) =>
    LEFT + 4 + ((Math.log(Math.max(1, us)) - low) / Math.max(0.1, high - low)) * (WIDTH - LEFT - 10);
  const words = (least: number, most: number) =>
    least === most ? duration(least) : `${duration(rounded(least))} – ${duration(rounded(most))}`;
  return html`<figure class="stability">
    <svg viewBox="0 0 ${WIDTH} 76" role="img" aria-label=${`How times compare: ${bars.map(([name, least, most]) => `${name} ${words(least, most)}`).join('; ')}`}>
      ${bars.map(
        ([name, least, most], row) => svg`<text x="0" y=${13 + row * 19}>${name}</text>
        <rect class="bar-${row}" x=${x(least) - 2} y=${5 + row * 19} width=${Math.max(4, x(most) - x(least) + 4)} height="10" rx="3" />
        <text class="value" x="96" y=${13 + row * 19}>${words(least, most)}</text>`,
      )}
    </svg>
    <figcaption class="soft">Round ≪ election timeout ≪ time between failures (§5.6).</figcaption>
  </figure>`;
}

/** To what an eye wants to know. */
const rounded = (us: number): number => Number(us.toPrecision(2));
