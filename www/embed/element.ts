// The element among other people's text: a caption, the way to the playground itself, and events for whoever listens.

import { RaftPlayground } from '../element.ts';
import { engine } from '../engine.ts';
import type { Picture } from '../picture.ts';
import type { State } from '../store.ts';
import { sheetOf } from '../style/sheets.ts';
import style from './embed.css?inline';

/** How many events are told of at a time: whoever jumps far ahead is not told of all in between. */
const MOST = 100;
/** How many are known to have been told. */
const KNOWN = 10 * MOST;

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
  /** The text that they lead to by a short link. */
  #short = '';
  readonly #known = new Set<string>();
  #told = { run: {}, text: '', branch: 0, playing: false, atUs: -1, seq: 0 };

  constructor() {
    super();
    const foot = document.createElement('div');
    foot.className = 'about';
    foot.part = 'caption';
    foot.append(this.#caption, this.#open, this.#remix);
    for (const type of ['pointerover', 'pointerdown', 'focusin']) foot.addEventListener(type, this.#shorten);
    this.shadowRoot?.append(foot);
    this.shadowRoot?.adoptedStyleSheets.push(sheet);
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (name === 'caption') this.#caption.textContent = value;
    else super.attributeChangedCallback(name, before, value);
  }

  protected override shown({ frame, text, trail }: Picture, { playing }: State, run: object): void {
    const { atUs, seq, branch, violations } = frame;
    const told = this.#told;
    const isOther = told.text !== text || told.branch !== branch;
    this.#told = { run, text, branch, playing, atUs, seq };
    if (told.text !== text) this.#point(encodeURIComponent(text));
    if (isOther || told.playing !== playing || (!playing && told.atUs !== atUs))
      this.#tell('raft-change', { scenario: text, atUs, playing, branch });
    // Whatever changes the text may make news at once: another scenario begins a run, and a command in the past a branch, which shares
    // with the last one what was told of that.
    if (told.run !== run) this.#known.clear();
    const goesOn = told.run === run && told.branch === branch;
    const from = goesOn ? told.seq : 0;
    if (seq <= from) return; // back in time
    const news = (type: string, detail: object) => {
      const key = JSON.stringify(detail);
      if (goesOn || !this.#known.has(key)) this.#tell(type, detail);
      if (this.#known.size >= KNOWN) this.#known.clear();
      this.#known.add(key);
    };
    for (const event of trail.before(seq, 'story', MOST, from)) news('raft-event', event);
    for (const { seq, atUs, property, text } of violations)
      if (seq >= from) news('raft-violation', { seq, atUs, property, sentence: text });
  }

  /** The way to the playground leads to what runs here. */
  #point(fragment: string): void {
    const { home } = EmbeddedPlayground;
    this.#open.href = `${home}#${fragment}`;
    this.#remix.href = `${home}?edit#${fragment}`;
  }

  /** By a link as one shares it, for which the rest of the engine has to be here: only for those who are about to go there. */
  readonly #shorten = async (): Promise<void> => {
    const { text } = this.#told;
    if (text === this.#short) return;
    this.#short = text;
    try {
      const [loaded, { Links }] = await Promise.all([engine(), import('../links.ts')]);
      await loaded.complete();
      const fragment = await new Links(loaded).to(text, {}, false);
      if (fragment !== null && text === this.#told.text) this.#point(fragment);
    } catch {
      this.#short = ''; // the long one leads there as well
    }
  };

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function link(words: string): HTMLAnchorElement {
  const element = document.createElement('a');
  element.textContent = words;
  element.lang = 'en';
  element.target = '_blank';
  element.rel = 'noopener';
  return element;
}
