// Every picture in every state, to be looked at while drawing it: `npx vite`, then
// /www/test/gallery/index.html?picture=ring&width=500&height=400&theme=dark&states=steady,nine. Not part of the built page.

import { html, render, type TemplateResult } from 'lit-html';
import { fetchMore } from '../../at-hand.ts';
import more from '../../style/more.css?inline';
import others from '../../style/others.css?inline';
import pictures from '../../style/pictures.css?inline';
import terms from '../../style/terms.css?inline';
import tokens from '../../style/tokens.css?inline';
import { ladder } from '../../views/ladder.ts';
import { logs } from '../../views/logs.ts';
import { logColumns } from '../../views/logs-plan.ts';
import { ring } from '../../views/ring.ts';
import { timeline } from '../../views/timeline.ts';
import { aClient, aUi } from '../frames.ts';
import { handmadeRun } from './run.ts';
import { type State, states } from './states.ts';

const asked = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(asked.get(name) ?? otherwise);
const [width, height] = [number('width', 500), number('height', 400)];
const picture = asked.get('picture') ?? 'ring';
const names = asked.get('states')?.split(',') ?? Object.keys(states);

const draw = ({ frame, ui }: State): TemplateResult => {
  const whole = aUi(width, height, ui);
  if (picture === 'ring') return ring(frame, whole, console.log);
  if (picture === 'logs') {
    const logCount = logColumns(width);
    const last = Math.max(...frame.servers.map((s) => s.lastIndex));
    const logFrom = Math.max(1, last - logCount + 1);
    const servers = frame.servers.map((s) => ({ ...s, log: s.log.filter((cell) => cell.index >= logFrom) }));
    return logs({ ...frame, servers }, { ...whole, logCount, logFrom }, console.log);
  }
  if (picture === 'ladder') {
    const [fromUs, toUs] = [number('from', 900) * 1000, number('to', 1400) * 1000];
    const here = { ...frame, atUs: number('at', 1284.6) * 1000, endUs: number('end', 1400) * 1000 };
    const clients = here.clients.length < 2 ? [aClient(1), aClient(2)] : here.clients;
    return ladder(
      { frame: { ...here, clients }, ...handmadeRun() },
      { ...whole, atUs: here.atUs, window: { fromUs, toUs } },
      console.log,
    );
  }
  if (picture === 'timeline') {
    const here = { ...frame, atUs: number('at', 1284.6) * 1000, endUs: number('end', 1400) * 1000 };
    return timeline(
      { frame: here, lanes: handmadeRun().lanes },
      { ...whole, atUs: here.atUs, window: { fromUs: 900_000, toUs: 1_400_000 } },
      console.log,
    );
  }
  return html`no such picture`;
};

await fetchMore();
const root = (document.getElementById('gallery') as HTMLElement).attachShadow({ mode: 'open' });
if (asked.get('theme'))
  document.getElementById('gallery')?.setAttribute('theme', asked.get('theme') as string);
const frameStyle = `
  :host { background: var(--page); display: block; font-family: var(--font); color: var(--ink); }
  main { display: flex; flex-wrap: wrap; gap: 8px; padding: 8px; }
  .shown { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
`;
render(
  html`<style>${tokens}${terms}${pictures}${others}${more}${frameStyle}</style>
    <main>${names.map((name) => html`<div class="shown">${draw(states[name] as State)}</div>`)}</main>`,
  root,
);
