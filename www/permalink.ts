// The page's address as a link to what runs: opened when somebody comes with one, kept current while they work.

import { fetchMore } from './at-hand.ts';
import type { Engine, Session } from './engine.ts';
import { VIEW_NAMES, viewOf } from './layout.ts';
import { LONGEST_TEXT, unpacked } from './link-packing.ts';
import { Links, type Notes } from './links.ts';
import { FIRST, scenarioText } from './scenarios.ts';
import { type Action, DEFAULT_SPEED, INITIAL, SPEEDS, type State } from './store.ts';

/** What the address does without: it follows at most so often. */
const PAUSE_MS = 1000;
/** What comes in is read up to here. */
const LONGEST_READ = 4 * LONGEST_TEXT;
/** How long to look for a playhead, and how much of it at one go. */
const SEARCH_MS = 2000;
const SLICE_MS = 40;

const DIFFERS =
  'This link was made with another release, whose run of the same scenario was a little different. What you see may not be what its author saw.';
const DAMAGED = 'This link is damaged: what is packed in it is not whole. What ran before runs on.';
const TOO_LONG = 'This link is too long to be one. What ran before runs on.';
const NO_LINK = 'Behind the # of this address is no scenario: a link begins with raft+1 there.';

/** What the address may ask of the page. */
export interface Desk {
  engine: Pick<Engine, 'readLink' | 'linkOf' | 'open'>;
  session(): Session | null;
  state(): State;
  dispatch(action: Action): void;
  /** The playhead is elsewhere. */
  moved(session: Session): void;
  /** The text of the run that another took the place of, if it is kept; and back to it, with its branches and their names. */
  left(): string | null;
  back(): void;
}

export class Permalink {
  readonly #desk: Desk;
  readonly #links: Links;
  #follows = false;
  #due: ReturnType<typeof setTimeout> | undefined;
  /** Whether another scenario was opened since the address was last written: one can go back to the one before. */
  #another = false;
  #opening = false;
  /** What stands in the address, as it was written or opened. */
  #written = '';

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#links = new Links(desk.engine);
  }

  /** From now on the page's address is a link to what runs, and whatever link it becomes is opened. */
  follow(): void {
    if (this.#follows) return;
    this.#follows = true;
    window.addEventListener('hashchange', this.#wentElsewhere);
    if (this.#written === '') void this.#write(false); // what somebody leaves they can come back to
  }

  /** Opens a link. Gives back whether it leaves the playhead where its author had it. */
  async open(link: string): Promise<boolean> {
    if (link === '' || link === this.#written) return false;
    this.#written = link;
    this.#wait();
    const text = await this.#read(link);
    if (typeof text === 'string') {
      this.#refuse(text);
      return false;
    }
    return text.stays;
  }

  /** Called with everything that is done: what of it shows in the address is written there, in a while. */
  did(action: Action, { playing }: State): void {
    if (!this.#follows) return;
    const { type } = action;
    if (type === 'scenarioOpened' && action.written !== null && !action.typed)
      this.#another = this.#written !== '' && !this.#opening;
    if (playing && (type === 'moved' || type === 'ticked')) return;
    this.#due ??= setTimeout(() => void this.#write(!this.#desk.state().playing), PAUSE_MS);
  }

  #wait(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
  }

  /** A sentence if it cannot be read. */
  async #read(link: string): Promise<string | { stays: boolean }> {
    const { engine, dispatch, session } = this.#desk;
    if (link.length > LONGEST_READ) return TOO_LONG;
    let read: ReturnType<Engine['readLink']>;
    try {
      read = engine.readLink(`#${link}`);
    } catch (thrown) {
      return (thrown as Error).message;
    }
    if (read === null) return NO_LINK;
    const notes: Notes & { deflate?: string; length?: string } = Object.fromEntries(read.notes);
    const text =
      notes.deflate === undefined ? read.text : await unpacked(notes.deflate, Number(notes.length));
    if (text === null) return DAMAGED;
    if (text.length > LONGEST_TEXT) return TOO_LONG;
    const choice = await this.#choice(text, notes.from);
    const before = session();
    this.#opening = true;
    if (this.#isLeft(text)) this.#desk.back();
    else dispatch(choice);
    this.#opening = false;
    const now = session();
    if (now === null || now === before) return { stays: true }; // it was refused, and the page says where and why
    return { stays: this.#arrange(now, notes) };
  }

  /** Whether this is what ran before: somebody goes back to it. */
  #isLeft(text: string): boolean {
    const { engine, left } = this.#desk;
    try {
      const run = left();
      return run !== null && engine.linkOf(run) === engine.linkOf(text);
    } catch {
      return false;
    }
  }

  /** The scenario that came with the playground, if that is what the link is to; else its text. */
  async #choice(text: string, from: string | undefined): Promise<Action> {
    const { engine, session, dispatch } = this.#desk;
    const typed: Action = { type: 'scenarioApplied', text };
    try {
      const link = engine.linkOf(text);
      const own = from === undefined ? null : await scenarioText(from);
      if (from === undefined || own === null || engine.linkOf(own) !== link) return typed;
      await fetchMore();
      return { type: 'presetChosen', name: from };
    } catch {
      if (session() === null) dispatch({ type: 'presetChosen', name: FIRST }); // what is wrong with a text is told beside one that runs
      return typed;
    }
  }

  #arrange(session: Session, { view, at, speed, play, is }: Notes): boolean {
    const { dispatch } = this.#desk;
    const shown = viewOf(view ?? null);
    if (shown !== null || this.#desk.state().alone !== null) dispatch({ type: 'viewChosen', view: shown });
    const fast = SPEEDS.findIndex((one) => String(one) === speed);
    if (fast >= 0) dispatch({ type: 'speedChanged', speed: fast });
    const atUs = Math.round(Number(/^([\d.]{1,15})ms$/.exec(at ?? '')?.[1]) * 1000);
    if (atUs > 0) this.#goTo(session, atUs);
    if (is !== undefined) void this.#compare(session.text(), is);
    return atUs > 0 && play === undefined;
  }

  /** On to where its author stood, in slices: it may be a long way, and the page must not stand still. */
  #goTo(session: Session, atUs: number, until = performance.now() + SEARCH_MS): void {
    if (this.#desk.session() !== session) return;
    const before = session.frame(1, 0).atUs;
    const reached = session.playTo(atUs, SLICE_MS);
    this.#desk.moved(session);
    const { moves } = this.#desk.state();
    const on = () => {
      if (this.#desk.state().moves === moves) this.#goTo(session, atUs, until);
    };
    if (reached < atUs && reached > before && performance.now() < until) setTimeout(on);
  }

  async #compare(text: string, is: string): Promise<void> {
    if (!/^[\da-f]{4,16}$/.test(is)) return;
    const found = await this.#links.fingerprint(text);
    if (found !== null && !found.startsWith(is) && this.#desk.session()?.text() === text)
      this.#desk.dispatch({ type: 'commandRefused', message: DIFFERS });
  }

  #refuse(message: string): void {
    const { session, dispatch } = this.#desk;
    if (session() === null) dispatch({ type: 'presetChosen', name: FIRST });
    dispatch({ type: 'commandRefused', message });
  }

  readonly #wentElsewhere = (): void => {
    void this.open(location.hash.slice(1));
  };

  async #write(proves: boolean): Promise<void> {
    this.#wait();
    const session = this.#desk.session();
    const state = this.#desk.state();
    if (session === null || state.wrong.length > 0) return;
    const text = session.text();
    const another = this.#another;
    this.#another = false;
    const link = state.lessons === null ? await this.#links.to(text, notesOf(state, text), proves) : '';
    if (link === null || link === this.#written || this.#desk.session() !== session) return;
    this.#written = link;
    const query = new URLSearchParams(location.search);
    for (const name of ['scenario', 'lesson', 'edit']) query.delete(name); // what runs now is in the link
    const address = `${location.pathname}${query.size > 0 ? `?${query}` : ''}${link && `#${link}`}`;
    history[another ? 'pushState' : 'replaceState'](history.state, '', address);
  }
}

/** What of the page's state rides along. */
export function notesOf(state: State, text: string): Notes {
  const { alone, playing, atUs, speed, preset, written } = state;
  return {
    ...(preset !== null && text === written.runs && { from: preset }),
    ...(alone !== null && { view: VIEW_NAMES[alone].toLowerCase() }),
    ...(speed !== DEFAULT_SPEED && { speed: String(SPEEDS[speed] ?? SPEEDS[INITIAL.speed]) }),
    ...(!playing && atUs > 0 && { at: `${atUs / 1000}ms` }),
  };
}
