// Everything that gives what runs to somebody else: a link, a line of Markdown, a frame, a tag, a file; and what the other will see.

import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import type { Engine } from '../engine.ts';
import { fileName, readFile } from '../files.ts';
import { time } from '../format.ts';
import { VIEW_NAMES, VIEWS } from '../layout.ts';
import { Links, type Notes } from '../links.ts';
import type { Picture } from '../picture.ts';
import { type Action, DEFAULT_SPEED, SPEEDS, type State } from '../store.ts';
import { speedLabel } from './transport.ts';

type Send = (action: Action) => void;

export { default as css } from '../style/share.css?inline';

/** Stands for a link that is being made. */
const COMING = '…';

/** A link for whoever wants to give away what runs: at once, and then with its fingerprint. */
export async function make(
  engine: Pick<Engine, 'linkOf' | 'open'>,
  text: string,
  notes: Notes,
  tell: (link: string) => void,
): Promise<void> {
  tell(COMING);
  const links = new Links(engine);
  for (const proves of [false, true]) tell((await links.to(text, notes, proves)) ?? '');
}

/** What is given away, by what it is good for. */
const WAYS = ['Link', 'Markdown', 'Frame', 'Tag'] as const;
type Way = (typeof WAYS)[number];
const GOOD_FOR: Readonly<Record<Way, string>> = {
  Link: 'For chats, mails and bookmarks. The whole scenario is in it; no server ever sees it.',
  Markdown: 'For a README, an issue or a wiki.',
  Frame: 'For a blog or a course: a live playground in a page of yours.',
  Tag: 'For a page of yours, without a frame: the scenario is its content.',
};

/** What one chooses, as it stands in the fields. */
interface Choice {
  readonly way: Way;
  readonly view: string;
  readonly theme: string;
  readonly speed: string;
  readonly here: boolean;
  readonly play: boolean;
}

const choiceOf = ({ fields, alone, speed, atUs }: State): Choice => ({
  way: WAYS.find((way) => way === fields['share way']) ?? 'Link',
  view: fields['share view'] ?? (alone === null ? '' : nameOf(alone)),
  theme: fields['share theme'] ?? '',
  speed: fields['share speed'] ?? String(SPEEDS[speed]),
  here: (fields['share here'] ?? (atUs > 0 ? 'yes' : '')) !== '',
  play: (fields['share play'] ?? '') !== '',
});

const nameOf = (view: (typeof VIEWS)[number]): string => VIEW_NAMES[view].toLowerCase();
const quoted = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const ownSpeed = ({ speed }: Choice): string => (SPEEDS[DEFAULT_SPEED] === Number(speed) ? '' : speed);

/** The link's part behind the #, with what was chosen; the fingerprint comes last. */
function noted(choice: Choice, fragment: string, atUs: number): string {
  const { view, here, play } = choice;
  const speed = ownSpeed(choice);
  const is = /\/is=\w+$/.exec(fragment)?.[0] ?? '';
  const notes = [
    view && `/view=${view}`,
    speed && `/speed=${speed}`,
    here && atUs > 0 && `/at=${atUs / 1000}ms`,
    here && atUs > 0 && play && '/play=1',
  ];
  return fragment.slice(0, fragment.length - is.length) + notes.filter(Boolean).join('') + is;
}

/** What stands in the field to be copied. */
export function written(
  choice: Choice,
  fragment: string,
  text: string,
  title: string,
  atUs: number,
  page: string,
): string {
  const { way, view, theme, play } = choice;
  const attributes = (pairs: readonly (readonly [string, string | boolean])[]) =>
    pairs
      .filter(([, value]) => value !== '' && value !== false)
      .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${quoted(String(value))}"`))
      .join('');
  if (way === 'Tag')
    return `<script type="module" src="${quoted(page)}embed/raft-playground.js"></script>\n<raft-playground${attributes(
      [
        ['view', view],
        ['theme', theme],
        ['speed', ownSpeed(choice)],
        ['playing', play],
      ],
    )}>\n${quoted(text.trim())}\n</raft-playground>`;
  const behind = noted(choice, fragment, atUs);
  const query = `?embed${view && `&view=${view}`}${theme && `&theme=${theme}`}${play ? '&playing' : ''}`;
  switch (way) {
    case 'Link':
      return `${page}#${behind}`;
    case 'Markdown':
      return `[${title.replace(/[\\[\]*_~`<!]/g, '\\$&')}](${page}#${behind})`;
    case 'Frame':
      return `<iframe${attributes([
        ['src', `${page}${query}#${behind}`],
        ['title', title],
        ['loading', 'lazy'],
        ['width', '100%'],
        ['height', '480'],
      ])}></iframe>`;
  }
}

export function share({ frame, text }: Picture, state: State, send: Send): TemplateResult {
  const choice = choiceOf(state);
  const { fields, atUs } = state;
  const title = frame.title || 'Raft Playground';
  const fragment = fields.link === COMING ? undefined : fields.link;
  const edit = (name: string, value: string) => send({ type: 'fieldEdited', name: `share ${name}`, value });
  const tooLong = fragment === '' && choice.way !== 'Tag';
  const page = location.href.replace(/[?#].*$/s, '');
  const what = tooLong || fragment === undefined ? '' : written(choice, fragment, text, title, atUs, page);
  const open = async (event: Event) => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) send(await readFile(file));
  };
  return html`<div class="row wrap share-ways segments" role="group" aria-label="What to give away">${WAYS.map(
    (way) =>
      html`<button type="button" aria-pressed=${way === choice.way} @click=${() => edit('way', way)}>${way}</button>`,
  )}</div>
    <p class="soft">${GOOD_FOR[choice.way]}</p>
    ${
      tooLong
        ? html`<p role="status">This scenario is too long for a link: save it as a file, or take the tag.</p>`
        : html`<textarea class="field mono share-text" aria-label="To copy" readonly rows="4" .value=${what} @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>
          <div class="row wrap"><button type="button" class="button primary" ?disabled=${what === ''} @click=${(event: Event) => void copy(event, what, edit)}>Copy</button>
            <span class="soft" role="status">${standing(what, fields)}</span></div>`
    }
    <div class="share-choices">
      ${list('View', choice.view, [['', 'All views'], ...VIEWS.map((view) => [nameOf(view), VIEW_NAMES[view]] as const)], (value) => edit('view', value))}
      ${
        choice.way === 'Frame' || choice.way === 'Tag'
          ? list(
              'Colours',
              choice.theme,
              [
                ['', 'As the reader’s'],
                ['light', 'Light'],
                ['dark', 'Dark'],
              ],
              (value) => edit('theme', value),
            )
          : nothing
      }
      ${list(
        'Speed',
        choice.speed,
        SPEEDS.map((speed, at) => [String(speed), speedLabel(at)] as const),
        (value) => edit('speed', value),
      )}
      ${choice.way === 'Tag' ? nothing : check(`Begins here, at ${time(atUs)}`, choice.here && atUs > 0, (on) => edit('here', on))}
      ${check('Plays at once', choice.play, (on) => edit('play', on))}
    </div>
    ${fragment ? preview(choice, fragment, atUs) : nothing}
    <h3>As a file</h3>
    <div class="row wrap"><a class="button" download=${fileName(title)} title=${fileName(title)} href="data:text/plain;charset=utf-8,${encodeURIComponent(text)}">Save as a file</a>
      <label class="button share-file">Open a file<input type="file" class="visually-hidden" accept=".raft,.txt,text/plain" @change=${open} /></label>
      <span class="soft">or drop or paste one, or its text, anywhere on the page</span></div>`;
}

/** What has become of the text to copy. */
const standing = (what: string, fields: State['fields']): string => {
  if (what === '') return 'One moment…';
  if (fields['share copied'] === what) return 'Copied';
  if (fields['share selected'] === what)
    return 'The browser keeps pages from copying. The text is selected: press Ctrl+C, or ⌘C on a Mac.';
  return `${what.length} characters`;
};

/** What the reader will see, live. */
const preview = (choice: Choice, fragment: string, atUs: number): TemplateResult => {
  const link = noted(choice, fragment, atUs);
  const { theme, play } = choice;
  return html`<h3>What a reader sees</h3>${keyed(
    `${link} ${theme} ${play}`,
    html`<raft-playground class="share-preview" controls="none" inert link=${link} theme=${theme || nothing} ?playing=${play}></raft-playground>`,
  )}`;
};

const list = (
  words: string,
  chosen: string,
  options: readonly (readonly [value: string, words: string])[],
  choose: (value: string) => void,
): TemplateResult =>
  html`<label class="share-choice">${words} <select class="field" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>${options.map(
    ([value, shown]) => html`<option value=${value} .selected=${value === chosen}>${shown}</option>`,
  )}</select></label>`;

const check = (words: string, on: boolean, choose: (value: string) => void): TemplateResult =>
  html`<label class="share-check"><input type="checkbox" .checked=${on} @change=${(event: Event) => choose((event.target as HTMLInputElement).checked ? 'yes' : '')} /> ${words}</label>`;

/** Where a page may not write to the clipboard, the text is there to be copied by hand. */
async function copy(event: Event, what: string, edit: (name: string, value: string) => void): Promise<void> {
  const field = (event.currentTarget as Element).closest('.sheet-body')?.querySelector('textarea');
  try {
    await navigator.clipboard.writeText(what);
    edit('copied', what);
  } catch {
    field?.focus();
    field?.select();
    edit(document.execCommand('copy') ? 'copied' : 'selected', what);
  }
}
