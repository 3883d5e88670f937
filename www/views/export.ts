// What can be taken away from the page, and in which form. Made so that another sheet can take it in.

import { html, nothing, type TemplateResult } from 'lit-html';
import { REST_S } from '../animation.ts';
import {
  type Format,
  LARGEST_ANIMATION,
  make,
  type Source,
  scriptOf,
  type Wish,
  type Workshop,
} from '../export.ts';
import { time } from '../format.ts';
import type { Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
import type { Theme } from '../studio.ts';

type Send = (action: Action) => void;

export { default as css } from '../style/export.css?inline';

const THEME = 'export theme';
const THEMES: readonly (readonly [Theme, string])[] = [
  ['both', 'light and dark'],
  ['light', 'light'],
  ['dark', 'dark'],
];

type Button = readonly [format: Format, words: string, says: string];
const SVG: Button = ['svg', 'SVG', 'A drawing, sharp at any size; opens without script'];
const PNG: Button = ['png', 'PNG', 'Pixels, two for one'];
const JSONL: Button = ['jsonl', 'JSON Lines', 'One a line, as raft run writes them'];

interface Row {
  readonly source: Source;
  readonly name: string;
  readonly says: (picture: Picture, state: State) => string;
  readonly forms: readonly Button[];
}

const PICTURES: readonly Row[] = [
  {
    source: 'cluster',
    name: 'Cluster',
    says: ({ frame }, state) => {
      const { fromUs, toUs, seconds } = scriptOf(state, frame.endUs);
      return `at ${time(frame.atUs)}; or ${Math.round(seconds + REST_S)} s of ${time(fromUs)}–${time(toUs)}`;
    },
    forms: [
      SVG,
      PNG,
      [
        'animated',
        'Animated SVG',
        `Plays by itself, also in a read-me; at most ${LARGEST_ANIMATION / 1000} kB`,
      ],
    ],
  },
  {
    source: 'ladder',
    name: 'Space-time diagram',
    says: (_, { window }) => `${time(window.fromUs)} to ${time(window.toUs)}`,
    forms: [
      SVG,
      PNG,
      ['mermaid', 'Mermaid', 'A sequence diagram as text, which code hosts draw'],
      ['copy', 'Copy Mermaid', 'The same, to be pasted'],
    ],
  },
  { source: 'logs', name: 'Logs', says: ({ frame }) => `at ${time(frame.atUs)}`, forms: [SVG, PNG] },
  { source: 'terms', name: 'Terms', says: ({ frame }) => `to ${time(frame.endUs)}`, forms: [SVG, PNG] },
  { source: 'reads', name: 'Ways to read', says: () => 'the whole run', forms: [SVG, PNG] },
];

const DATA: readonly Row[] = [
  { source: 'trace', name: 'Trace', says: () => 'every event', forms: [JSONL] },
  { source: 'history', name: 'History', says: () => 'what clients did and saw', forms: [JSONL] },
];

export function exporting(picture: Picture, state: State, send: Send): TemplateResult {
  const theme = (state.fields[THEME] ?? 'both') as Theme;
  const told = state.fields.exported; // empty while something is being made
  const busy = told === '';
  const ask = (source: Source, format: Format) => () => {
    if (!busy) send({ type: 'exportAsked', wish: { source, format, theme } });
  };
  const row = ({
    source,
    name,
    says,
    forms,
  }: Row) => html`<li><b>${name}</b> <span class="soft">${says(picture, state)}</span>
    <span class="export-forms">${forms.map(
      ([format, words, tells]) =>
        html`<button type="button" class="button small" aria-label="${name}: ${words}" title=${tells} aria-disabled=${busy} @click=${ask(source, format)}>${words}</button>`,
    )}</span></li>`;
  const choose = (event: Event) =>
    send({ type: 'fieldEdited', name: THEME, value: (event.target as HTMLSelectElement).value });
  const pictures = PICTURES.filter(({ source }) => source !== 'reads' || state.reads.table !== null);
  return html`<div class="export-head"><h3>Pictures</h3><label>for pages
      <select class="field" @change=${choose}>${THEMES.map(([value, words]) => html`<option value=${value} .selected=${value === theme}>${words}</option>`)}</select></label></div>
    <ul class="export-rows">${pictures.map(row)}</ul>
    <p class="soft">The animated cluster plays what the space-time diagram shows, at the page’s speed: zoom and speed choose what and how fast.</p>
    <div class="export-head"><h3>Data</h3></div>
    <ul class="export-rows">${DATA.map(row)}</ul>
    <p role="status">${busy ? 'One moment…' : (told ?? nothing)}</p>`;
}

/** Makes it and hands it over: as a download, or to the clipboard. */
export async function deliver(wish: Wish, workshop: Workshop & { tell(words: string): void }): Promise<void> {
  const { tell } = workshop;
  tell('');
  try {
    const made = await make(wish, workshop);
    if (typeof made === 'string') return tell(made);
    const { name, content, remark } = made;
    const rest = remark === null ? '' : ` ${remark}`;
    if (wish.format === 'copy') {
      const text = await content.text();
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        return tell('The browser keeps pages from copying: the button Mermaid saves the same as a file.');
      }
      return tell(`Copied, ${kB(content)}.${rest}`);
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(`Saved ${name}, ${kB(content)}.${rest}`);
  } catch (thrown) {
    console.warn(thrown);
    tell(`That did not work: ${thrown instanceof Error ? thrown.message : 'the browser did not say why'}.`);
  }
}

const kB = ({ size }: Blob): string => `${(size / 1000).toFixed(size < 10_000 ? 1 : 0)} kB`;
