// The element among other people's text: a caption, the way to the playground itself, and events for whoever listens.

import { RaftPlayground } from '../element.ts';
import type { Picture } from '../picture.ts';
import type { State } from '../store.ts';
import { sheetOf } from '../style/sheets.ts';
import { isTold } from '../trail.ts';
import style from './embed.css?inline';

/** How many events are told of at a time: whoever jumps far ahead is not told of all in between. */
const MOST = 100;

const sheet = sheetOf(style);

export class EmbeddedPlayground extends RaftPlayground {
  static override readonly observedAttributes: readonly string[] = [
    ...RaftPlayground.observedAttributes,
    'caption',
  ];
  /** Where the playground itself is. */
  static home = '';

  protected override readonly guest = true;
  readonly #caption = document.createElement('span');
  readonly #open = link('Open in the playground');
  readonly #remix = link('Remix');
  #told = { text: '', branch: 0, playing: false, atUs: -1, seq: 0, falls: 0 };

  constructor() {
    super();
    const foot = document.createElement('div');
    foot.className = 'about';
    foot.part = 'caption';
    foot.append(this.#caption, this.#open, this.#remix);
    this.shadowRoot?.append(foot);
    this.shadowRoot?.adoptedStyleSheets.push(sheet);
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (name === 'caption') this.#caption.textContent = value;
    else super.attributeChangedCallback(name, before, value);
  }

  protected override shown({ frame, text, past }: Picture, { playing }: State): void {
    const { atUs, seq, branch, violations } = frame;
    const told = this.#told;
    const isOther = told.text !== text || told.branch !== branch;
    this.#told = { text, branch, playing, atUs, seq, falls: violations.length };
    if (told.text !== text) this.#point(text);
    if (isOther || told.playing !== playing || (!playing && told.atUs !== atUs))
      this.#tell('raft-change', { scenario: text, atUs, playing, branch });
    if (isOther || seq < told.seq) return; // another run, or back in this one
    const news = past.filter((event) => event.seq >= told.seq && isTold(event.event, 'story'));
    for (const event of news.slice(-MOST)) this.#tell('raft-event', event);
    for (const { seq, atUs, property, text } of violations.slice(told.falls))
      this.#tell('raft-violation', { seq, atUs, property, sentence: text });
  }

  /** The way to the playground leads to what runs here. */
  #point(text: string): void {
    const { home } = EmbeddedPlayground;
    this.#open.href = `${home}#${encodeURIComponent(text)}`;
    this.#remix.href = `${home}?edit#${encodeURIComponent(text)}`;
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function link(words: string): HTMLAnchorElement {
  const element = document.createElement('a');
  element.textContent = words;
  element.target = '_blank';
  element.rel = 'noopener';
  return element;
}
