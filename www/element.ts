// <raft-playground>: lifecycle, and the loop action → state → effects → picture.
//
// Attributes (docs/EMBEDDING.md): `scenario` names a preset, `src` is the address of a scenario's text; a text may also be written between
// the tags. `playing` plays as soon as it is in sight, unless the reader asked for less motion, at a `speed`. `theme` is `light` or `dark`;
// without it the system's choice holds. `view` shows one view alone: `cluster`, `logs`, `space-time`, `events`, `reads`, `controls` or
// `scenario`. `controls` says what is around the views: `all`, `time` or `none`. `lesson` opens the lesson of this name, `edit` the text.
// `link` opens a link, or what stands behind its #; `linked` the one that the page's address is, and keeps that a link to what runs.
// Nothing is fetched before it is in sight.

import { render, type TemplateResult } from 'lit-html';
import { Announcer } from './announcer.ts';
import { fetchMore, more } from './at-hand.ts';
import { Effects, hintsWereRead } from './effects.ts';
import { engine } from './engine.ts';
import { FETCHES, HELD, type Late, SOON } from './late.ts';
import { aroundOf, layoutOf, viewOf } from './layout.ts';
import { isOnItsWay, Painter, type Picture } from './picture.ts';
import { Player } from './player.ts';
import { hasReads } from './reads.ts';
import { FIRST, NOT_FETCHED, noSuch, scenarioText } from './scenarios.ts';
import { type Action, HINTS, INITIAL, SPEEDS, type State, speedOf, update } from './store.ts';
import { sheetOf, sheets } from './style/sheets.ts';
import type { Size, Ui } from './views/contract.ts';
import { broken, page, unread, waiting } from './views/page.ts';

/** What brings a scenario from outside. */
const GIVEN = ['dragover', 'drop', 'paste'];

/** What is answered by what is drawn: a field left behind, say, sends what it shows. What is typed is not among it: a field knows that first. */
const ANSWERED = ['keydown', 'pointerdown', 'click', 'blur', 'submit'];

export class RaftPlayground extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ['view', 'controls', 'speed'];

  /** Whether it is a part of somebody else's page, which says what it is for. */
  protected readonly guest: boolean = false;
  readonly #root = document.createElement('div');
  readonly #live = document.createElement('div');
  readonly #player: Player;
  readonly #announcer = new Announcer((words) => {
    this.#live.textContent = words;
  });
  readonly #sizes = new ResizeObserver((entries) => this.#measured(entries));
  readonly #sight = new IntersectionObserver((entries) =>
    this.#seen(entries.some(({ isIntersecting }) => isIntersecting)),
  );

  #state: State = { ...INITIAL, late: HELD };
  #effects: Effects | null = null;
  #painter: Painter | null = null;
  #picture: Picture | null = null;
  #frameAsked: number | null = null;
  #drawing = false;
  #inSight = false;
  /** What brings the engine, once it was in sight. */
  #loading: Promise<void> | null = null;
  /** Whether somebody did something since the last picture; else only time went on. */
  #acted = true;
  #scrolledTo = '';

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = sheets;
    this.#came(HELD);
    this.#root.className = 'root';
    // Words and pictures are English, whatever the page around speaks.
    this.#root.lang = this.#live.lang = 'en';
    this.#root.dir = 'ltr';
    this.#live.className = 'visually-hidden';
    this.#live.setAttribute('role', 'status');
    shadow.append(this.#root, this.#live);
    for (const type of ['pointerover', 'focusin']) this.#root.addEventListener(type, this.#neared);
    for (const type of ANSWERED) this.#root.addEventListener(type, this.#drawDone, { capture: true });
    this.#player = new Player({
      tick: (atUs) => {
        this.#frameAsked ??= 0; // rendered is in this very frame: asked for, it would come with the next one
        this.#dispatch({ type: 'ticked', atUs });
        this.#render();
      },
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => cancelAnimationFrame(handle),
    });
  }

  connectedCallback(): void {
    this.#sizes.observe(this);
    this.#sight.observe(this);
    document.addEventListener('visibilitychange', this.#render);
    window.addEventListener('keydown', this.#keyPressed);
    for (const type of ['pointerdown', 'dragenter']) this.addEventListener(type, this.#steered);
    this.#root.addEventListener('pointerdown', this.#pressed);
    if (this.hasAttribute('linked')) for (const type of GIVEN) window.addEventListener(type, this.#given);
    const { guest } = this;
    const hint = guest || this.inert || hintsWereRead() ? HINTS : this.#state.hint;
    this.#state = { ...this.#state, hint, guest, home: this.getAttribute('home') ?? '' };
    this.#render();
  }

  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    if (name === 'view') this.#dispatch({ type: 'viewChosen', view: viewOf(value) });
    else if (name === 'controls') this.#dispatch({ type: 'aroundChosen', around: aroundOf(value) });
    else if (name === 'speed') this.#dispatch({ type: 'speedChanged', speed: speedOf(value) });
  }

  disconnectedCallback(): void {
    this.#sizes.disconnect();
    this.#sight.disconnect();
    document.removeEventListener('visibilitychange', this.#render);
    window.removeEventListener('keydown', this.#keyPressed);
    for (const type of GIVEN) window.removeEventListener(type, this.#given);
    this.#player.stop();
    this.#effects?.reads?.stop();
    if (this.#frameAsked !== null) cancelAnimationFrame(this.#frameAsked);
    this.#frameAsked = null;
  }

  async #load(): Promise<void> {
    try {
      const [loaded] = await Promise.all([
        engine(),
        this.#fetchShown(),
        this.#opensFirst() || this.#fetchMore(),
      ]);
      if (!this.#opensFirst()) await loaded.complete();
      this.#effects = new Effects(loaded, this.#dispatch);
      this.#dispatch({ type: 'engineLoaded' });
      await this.#openFirst();
    } catch (thrown) {
      console.error(thrown);
      this.#dispatch({ type: 'engineBroke', message: String(thrown) });
    }
  }

  /** The views besides the cluster, if they are to be seen at first; should they not come, they are asked for again. */
  async #fetchShown(): Promise<void> {
    const { alone, layout, late } = this.#state;
    if (late.others || (alone ?? (layout === 'narrow' ? 'cluster' : null)) === 'cluster') return;
    const others = await FETCHES.others().catch(() => null);
    if (others) this.#dispatch({ type: 'viewCame', late: { others } });
  }

  async #fetchMore(): Promise<void> {
    this.#dispatch({ type: 'viewCame', late: { more: await fetchMore() } });
  }

  /** Whether it opens with the scenario that half of the engine is enough for. */
  #opensFirst(): boolean {
    return (
      this.#link() === '' &&
      this.#own() === '' &&
      !this.hasAttribute('src') &&
      (this.getAttribute('scenario') || FIRST) === FIRST
    );
  }

  /** The text between the tags: of a `script` of type `text/raft`, where there is one, else all of it, unless that is made of elements. */
  #own(): string {
    const script = this.querySelector('script[type="text/raft"]');
    return (script ?? (this.childElementCount === 0 ? this : null))?.textContent?.trim() ?? '';
  }

  /** The link that it opens with: its own, or the page's address. */
  #link(): string {
    const follows = this.hasAttribute('linked') && !this.hasAttribute('lesson');
    return this.getAttribute('link') ?? (follows ? location.hash.slice(1) : '');
  }

  async #openFirst(): Promise<void> {
    const own = this.#own();
    const src = this.getAttribute('src');
    const link = this.#link();
    const stays = link !== '' && (await this.#effects?.openLink(link));
    if (this.#effects?.session) this.#follow();
    else if (own !== '') this.#dispatch({ type: 'scenarioApplied', text: own });
    else if (src !== null) await this.#openFrom(src);
    else await this.#openNamed(this.getAttribute('scenario') || FIRST);
    if (this.hasAttribute('edit')) this.#dispatch({ type: 'editorToggled' });
    const lesson = this.getAttribute('lesson');
    if (lesson !== null) this.#dispatch({ type: 'lessonsToggled', open: lesson });
    const calm = stays || lesson !== null || matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (this.hasAttribute('playing') && !calm) this.#dispatch({ type: 'playToggled' });
  }

  /** What is at an address; where that does not come, a scenario that does, and a sentence. */
  async #openFrom(address: string): Promise<void> {
    try {
      this.#dispatch({
        type: 'scenarioApplied',
        text: await (await import('./source.ts')).fetchText(address),
      });
    } catch (thrown) {
      await this.#openNamed(FIRST);
      this.#dispatch({ type: 'commandRefused', message: (thrown as Error).message });
    }
  }

  async #openNamed(asked: string): Promise<void> {
    const text = await scenarioText(asked).catch(() => undefined);
    this.#dispatch({ type: 'presetChosen', name: text ? asked : FIRST });
    if (!text)
      this.#dispatch({ type: 'commandRefused', message: text === null ? noSuch(asked) : NOT_FETCHED });
  }

  readonly #dispatch = (action: Action): void => {
    this.#state = update(this.#state, action);
    if (action.type === 'viewCame') this.#came(action.late);
    if (action.type === 'restartAsked' && this.#effects === null) void this.#load();
    this.#effects?.perform(action, this.#state);
    if (action.type !== 'ticked' && action.type !== 'moved') this.#acted = true;
    this.#askRender();
  };

  #came(parts: Partial<Late>): void {
    for (const part of Object.values(parts))
      if ('css' in part) this.shadowRoot?.adoptedStyleSheets.push(sheetOf(part.css));
    this.#scrolledTo = ''; // what came may leave less room
  }

  #askRender(): void {
    if (!this.isConnected) return;
    this.#frameAsked ??= requestAnimationFrame(this.#render);
  }

  /** Draws what was done at once, so that what is done next is about that and not about the picture before it. */
  readonly #drawDone = (): void => {
    // What is drawn may take a field away that then loses the focus.
    if (this.#acted && this.#frameAsked !== null && !this.#drawing) this.#render();
  };

  readonly #render = (): void => {
    if (this.#frameAsked !== null) cancelAnimationFrame(this.#frameAsked);
    this.#frameAsked = null;
    this.#drawing = true;
    try {
      this.#picture = this.#paint();
      render(this.#draw(), this.#root);
      this.#rendered();
    } catch (thrown) {
      this.#effects?.broke(thrown);
    }
    this.#drawing = false;
  };

  #paint(): Picture | null {
    const session = this.#effects?.session ?? null;
    if (session === null) {
      this.#painter = null;
      return null;
    }
    if (this.#painter?.session !== session) this.#painter = new Painter(session);
    if (this.#acted) this.#painter.hurry();
    return this.#painter.paint(this.#state, this.#effects?.undoable ?? null);
  }

  #draw(): TemplateResult {
    if (this.#state.phase === 'broken') return broken(this.#state, this.#dispatch);
    if (this.#picture === null) return this.#state.wrong.length > 0 ? unread(this.#state) : waiting();
    return page(this.#picture, this.#state, this.#dispatch);
  }

  /** What can be done only once the new picture is on the page. */
  #rendered(): void {
    const { playing, atUs, speed } = this.#state;
    const running = playing && this.#inSight && document.visibilityState === 'visible';
    this.#player.follow(atUs, running, SPEEDS[speed] ?? 1);
    // What is on the page changes by what somebody does, not by time: to look for it every frame would cost a tenth of all.
    const acted = !playing || this.#acted;
    this.#acted = false;
    if (acted) this.#observeSizes();
    if (this.#picture === null) return;
    if (this.#painter) this.shown(this.#picture, this.#state, this.#painter);
    if (acted || !running) this.#compareReads(this.#picture.text);
    if (acted) this.#wantParts();
    const { beside, frame } = this.#picture;
    if (beside !== null && isOnItsWay(beside.frame, frame.atUs)) this.#askRender();
    this.#announcer.tell(this.#picture, playing, performance.now());
    this.#scrollEvents();
    const sheet = acted ? this.#root.querySelector<HTMLElement>('.sheet') : null;
    if (sheet && !sheet.contains(this.shadowRoot?.activeElement ?? null)) sheet.focus();
  }

  /** A picture of a run is on the page: what those outside are told of it is for those to say who embed it. */
  protected shown(_picture: Picture, _state: State, _run: object): void {}

  /** The parts of the page that come only when there is a place for them. */
  #wantParts(): void {
    for (const place of this.#root.querySelectorAll<HTMLElement>('[data-late]'))
      void this.#effects?.want(place.dataset.late as keyof Late);
  }

  /** What the pointer or the focus is at may be wanted next. */
  readonly #neared = ({ target }: Event): void => {
    if (this.guest) this.#wantSoon(['others']);
    const near = (target as Element).closest<HTMLElement>('[data-soon]')?.dataset.soon;
    if (near) this.#wantSoon([near as keyof Late]);
  };

  #wantSoon(parts: readonly (keyof Late)[]): void {
    for (const name of parts) if (!this.#state.late[name]) void this.#effects?.want(name, true);
  }

  /** Only while somebody looks at what comes of it. */
  #compareReads(text: string): void {
    const seen =
      this.#inSight && document.visibilityState === 'visible' && this.#root.querySelector('.reads-card');
    this.#effects?.reads?.follow(seen && hasReads(text) ? text : null);
  }

  /** A picture has a place of its own only once it is drawn for the first time. */
  #observeSizes(): void {
    for (const place of this.#root.querySelectorAll('[data-picture]')) this.#sizes.observe(place);
  }

  /** Keeps the event at the playhead, or the picked one, in sight, and leaves the list alone while it stays the same. */
  #scrollEvents(): void {
    const { picked, level, playing } = this.#state;
    // While time runs the list keeps its own end in sight: measuring it would cost more than all the rest.
    const box = playing ? null : this.#root.querySelector<HTMLElement>('#events');
    const seq = picked?.type === 'event' ? picked.seq : box?.dataset.current;
    const row = box?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    const key = `${seq} ${picked?.type} ${level}`;
    if (playing) this.#scrolledTo = '';
    if (box && row && key !== this.#scrolledTo) {
      this.#scrolledTo = key;
      const top = row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      const above = top < box.scrollTop;
      const below = top + row.offsetHeight > box.scrollTop + box.clientHeight * 0.85;
      if (above || below)
        box.scrollTop =
          top - Math.max(0, Math.min(box.clientHeight * 0.6, box.clientHeight - row.offsetHeight - 8));
    }
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    const size: Partial<Record<keyof Ui['size'], Size>> = {};
    for (const { target, contentRect } of entries) {
      const name = (target as HTMLElement).dataset.picture as keyof Ui['size'] | undefined;
      if (name) size[name] = { width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) };
    }
    const page = { width: this.clientWidth, height: this.clientHeight };
    this.#dispatch({ type: 'resized', layout: layoutOf(page), page, size });
  }

  #seen(inSight: boolean): void {
    this.#inSight = inSight;
    if (inSight) this.#loading ??= this.#load();
    this.#askRender();
  }

  /** Whoever does something here will soon need all of the engine, and more of the page. */
  readonly #steered = (): void => {
    this.#effects?.steered();
    this.#wantSoon(SOON);
    this.#follow();
  };

  /** What a hand began before that is here which takes it up is done again then. */
  readonly #pressed = async (press: PointerEvent): Promise<void> => {
    if (more !== null || !(press.target as Element).closest('.picture:is(.ring, .ladder)')) return;
    const done: (readonly [EventTarget | null, PointerEvent])[] = [];
    const note = (event: Event) => done.push([event.target, event as PointerEvent]);
    const on = ['pointermove', 'pointerup', 'pointercancel'];
    note(press);
    for (const type of on) this.#root.addEventListener(type, note);
    await this.#effects?.want('more', true);
    for (const type of on) this.#root.removeEventListener(type, note);
    this.#render();
    for (const [target, event] of done) target?.dispatchEvent(new PointerEvent(event.type, event));
  };

  /** A scenario, as a file or as text, is dropped or pasted; what is pasted into a field is not for the page. */
  readonly #given = async (event: Event): Promise<void> => {
    const { dataTransfer, clipboardData } = event as DragEvent & ClipboardEvent;
    if (dataTransfer) event.preventDefault();
    else if (this.#state.late.others?.isTaken(event as KeyboardEvent)) return;
    const data = dataTransfer ?? clipboardData;
    const given = data?.files[0] ?? data?.getData('text'); // which has nothing before it is dropped
    if (!given) return;
    const [{ read }] = await Promise.all([import('./files.ts'), this.#loading]);
    await this.#effects?.follow();
    void read(given, this.#dispatch);
  };

  #follow(): void {
    if (this.hasAttribute('linked')) void this.#effects?.follow();
  }

  readonly #keyPressed = async (event: KeyboardEvent): Promise<void> => {
    const path = event.composedPath(); // empty later
    // With nothing focused, keys belong to a playground that is the whole page, not to one among text.
    const wholePage = event.target === document.body && this.clientHeight >= window.innerHeight * 0.9;
    if (!path.includes(this) && !wholePage) return;
    this.#steered();
    // What knows keys, or what some of them need, may be on its way: what was pressed is done when it comes.
    for (const part of ['others', 'more'] as const) {
      if (!this.#state.late[part]) await this.#effects?.want(part, true);
      if (this.#answered(event, path[0])) return;
    }
  };

  /** Does what this key means, if that can be told by now. */
  #answered(event: KeyboardEvent, target: EventTarget | undefined): boolean {
    const keys = this.#state.late.others;
    if (!keys) return false;
    if (keys.isTaken(event, target)) return true;
    this.#drawDone();
    if (this.#picture === null) return true;
    const action = keys.shortcut(event.key, this.#state, this.#picture.frame, this.#picture.fall);
    if (action) {
      event.preventDefault();
      this.#dispatch(action);
    }
    return action !== undefined;
  }
}
