// What actions do beyond the page's own state: they drive the engine, and remember that a newcomer has read the hints.

import { fetchMore, more } from './at-hand.ts';
import { type Engine, isParseError, isRefusal, type Refused, type Session } from './engine.ts';
import type { Wish } from './export.ts';
import { fallOf } from './falls.ts';
import type { ParseErrorFrame } from './generated/engine.ts';
import { FETCHES, type Late } from './late.ts';
import type { Permalink } from './permalink.ts';
import type { ReadsRunner } from './reads-runner.ts';
import { withHeader } from './scenario-text.ts';
import { FIRST, heldText, NOT_FETCHED, nameOf, scenarioFiles, scenarioText } from './scenarios.ts';
import {
  type Action,
  CHANGE_OF_SCENARIO,
  HINTS,
  INITIAL,
  isEditing,
  type State,
  type Written,
} from './store.ts';
import { isTold, Trail } from './trail.ts';
import type { School, Tutor } from './tutor.ts';

/** How long one frame may make history before it must be shown. */
const PLAY_BUDGET_MS = 8;
/** How long a search for the next notable event may take. */
const SEARCH_BUDGET_MS = 400;
/** How long a slice of a longer way takes. */
const SLICE_MS = 40;
/** How many scenarios are remembered for taking back. */
const MOST_BEFORE = 20;
/** So long after the last key a text that is typed is run. */
const TYPING_PAUSE_MS = 300;
/** How many mistakes of a text are told at most. */
const MOST_MISTAKES = 5;
/** A mistake in one of these lines makes mistakes of others. */
const FACTS = /^\s*(raft|protocol|servers|voters|clients)\b/;
/** A view that could not be fetched is asked for again after so long. */
const RETRY_MS = 5_000;
/** What somebody does to the cluster. */
const COMMANDS: ReadonlySet<Action['type']> = new Set(['commandGiven', 'gestureDone', 'splitConfirmed']);
const HINTS_READ = 'raft-playground.hints-read';

/** A scenario that another took the place of. The last one's run is kept as well, with its branches. */
interface Before extends Pick<State, 'preset' | 'written' | 'draft' | 'atUs' | 'branches'> {
  readonly text: string;
  readonly session: Session | null;
}

const withoutRun = (before: Before): Before => {
  before.session?.free();
  return { ...before, session: null };
};

/** How a text is opened: whose it is, and what its author wrote if that is not the text itself. */
interface How {
  readonly preset: string | null;
  /** `null`: what it was before. */
  readonly written?: Written | null;
  readonly typed?: boolean;
  /** Whether this takes back a change, and so is none to take back. */
  readonly back?: boolean;
}

/** The scenario with a fact of its start changed, and with its author's text. */
const OTHER_FACT: How = { preset: null, written: null };

export class Effects {
  readonly #engine: Engine;
  readonly #dispatch: (action: Action) => void;
  /** Who compares the ways to read. */
  reads: ReadsRunner | null = null;
  #session: Session | null = null;
  /** The parts asked for, and until when not to ask again. */
  readonly #wanted = new Map<keyof Late, { readonly untilMs: number; readonly comes: Promise<void> }>();
  /** What to go back to if the engine breaks. */
  #text = '';
  /** The scenarios that others took the place of, for taking that back. */
  #before: Before[] = [];
  /** The scenario that was chosen and is not here yet. */
  #chosen: Action | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** Whether the run began while it was typed: one goes back over all that was typed in a row at one go. */
  #typed = false;
  /** What falls from this event on is news: play pauses there. */
  #news = 0;
  #branch = 0;
  /** Who leads through the lessons, once they came. */
  #tutor: Tutor | null = null;
  /** Who keeps the page's address a link to what runs, once that came. */
  #permalink: Permalink | null = null;
  #state = INITIAL;
  #hintsRead = false;

  constructor(engine: Engine, dispatch: (action: Action) => void) {
    this.#engine = engine;
    this.#dispatch = dispatch;
  }

  /** Somebody steers: nothing they do shall wait for the rest of the engine. */
  steered(): void {
    void this.#engine.complete();
    scenarioFiles().catch(() => {}); // asked for again when one is chosen
  }

  /** Opens a link. Gives back whether it leaves the playhead where its author had it. */
  async openLink(link: string): Promise<boolean> {
    await this.want('permalink');
    return (await this.#permalink?.open(link)) ?? false;
  }

  /** Keeps the page's address a link to what runs. */
  async follow(): Promise<void> {
    await this.want('permalink', true);
    this.#permalink?.follow();
  }

  /** The run, once one is open. */
  get session(): Session | null {
    return this.#session;
  }

  /** What taking back would take back: the last command given by hand, else the last change of the whole scenario. */
  get undoable(): string | null {
    return this.#session?.undoable() ?? (this.#before.length > 0 ? CHANGE_OF_SCENARIO : null);
  }

  /** Does what the action asks of the engine. `state` is the one after the action. */
  perform(action: Action, state: State): void {
    this.#state = state;
    try {
      this.#perform(action, state);
      this.#permalink?.did(action, state);
    } catch (thrown) {
      if (isRefusal(thrown)) this.#dispatch({ type: 'commandRefused', message: thrown.message });
      else this.broke(thrown);
    }
  }

  /** The engine broke: what it held is lost, the scenario is not. */
  broke(thrown: unknown): void {
    console.error(thrown);
    this.#session = null; // not freed: a broken engine cannot free
    this.#before = this.#before.map((before) => ({ ...before, session: null }));
    clearTimeout(this.#typing);
    this.#dispatch({
      type: 'engineBroke',
      message: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }

  #perform(action: Action, state: State): void {
    if (state.hint >= HINTS && !this.#hintsRead) this.#hintsRead = rememberHintsRead();
    switch (action.type) {
      case 'presetChosen': {
        const text = heldText(action.name);
        if (text !== null && (more !== null || action.name === FIRST))
          this.#open(text, state, { preset: action.name });
        else void this.#fetchScenario(action);
        break;
      }
      case 'scenarioEdited':
        clearTimeout(this.#typing);
        this.#typing = setTimeout(
          () => this.#dispatch({ type: 'scenarioApplied', text: action.text, typed: true }),
          TYPING_PAUSE_MS,
        );
        break;
      case 'scenarioDropped':
        clearTimeout(this.#typing);
        break;
      case 'scenarioApplied': {
        const preset = nameOf(action.text);
        this.#open(action.text, state, { preset, typed: action.typed ?? false });
        break;
      }
      case 'restartAsked':
        this.#open(this.#text, state, { preset: state.preset, written: null });
        break;
      case 'headerChanged':
        this.#open(withHeader(this.#canonical(), action.word, action.value), state, OTHER_FACT);
        break;
      case 'startChanged':
        this.#open(action.text, state, OTHER_FACT);
        break;
      case 'freshSeedAsked':
        this.#open(withHeader(this.#canonical(), 'seed', this.#engine.freshSeed()), state, OTHER_FACT);
        break;
      case 'engineLoaded':
      case 'editorToggled':
      case 'viewChosen':
      case 'scenarioRefused':
        if (isEditing(state) && state.editor !== 'here') void this.#fetchEditor();
        break;
      case 'overlayToggled':
        this.#share(state);
        break;
      case 'viewCame':
        this.#takeUp(action.late, state);
        break;
      case 'lessonsToggled':
      case 'lessonAsked':
        this.#teach(action);
        break;
      case 'exportAsked':
        this.#export(action.wish, state);
        break;
      case 'undoAsked':
        this.#undo(state);
        break;
      case 'readModeChosen':
        this.#readSo(action, state);
        break;
      case 'fallPausesToggled':
        this.#news = 0; // to be told again is why one switches it on
        break;
      case 'ticked':
        // A tick that was under way when somebody paused moves nothing any more.
        if (this.#session && state.playing) this.#play(this.#session, action.atUs, state.fallPauses);
        break;
      default:
        if (this.#session && drive(this.#session, action, state)) this.#moved(this.#session);
        if (COMMANDS.has(action.type)) this.#tutor?.commanded();
    }
  }

  #export(wish: Wish, state: State): void {
    const tell = (words: string) => this.#dispatch({ type: 'fieldEdited', name: 'exported', value: words });
    const open = (text: string) => this.#engine.open(text);
    if (this.#session) void state.late.export?.deliver(wish, { session: this.#session, state, open, tell });
  }

  /** Of the parts that came, those that act by themselves begin to. */
  #takeUp({ reads, lessons, permalink, share }: Partial<Late>, state: State): void {
    if (share) this.#share(state);
    if (reads) this.#prepareReads(reads);
    if (lessons) this.#tutor = new lessons.Tutor(this.#desk(), state.lessons ?? '');
    const left = () => this.#before.at(-1)?.session?.text() ?? null;
    const back = () => this.#showAgain(this.#before.pop() as Before, true);
    if (permalink)
      this.#permalink = new permalink.Permalink({ ...this.#desk(), engine: this.#engine, left, back });
  }

  #teach(action: Action): void {
    if (action.type === 'lessonsToggled' && action.open) this.#tutor?.do({ type: 'open', name: action.open });
    if (action.type === 'lessonAsked') this.#tutor?.do(action.deed);
  }

  /** What those may do who act by themselves: who leads through a lesson, and who opens links. */
  #desk(): School {
    return {
      session: () => this.#session,
      state: () => this.#state,
      dispatch: this.#dispatch,
      moved: (session) => this.#moved(session),
    };
  }

  /** Chooses again once the text is here, unless something else was chosen meanwhile. */
  async #fetchScenario(choice: Action & { type: 'presetChosen' }): Promise<void> {
    this.#chosen = choice;
    try {
      const [text] = await Promise.all([scenarioText(choice.name), fetchMore()]);
      if (this.#chosen === choice && text !== null) this.#dispatch(choice);
    } catch {
      this.#dispatch({ type: 'commandRefused', message: NOT_FETCHED });
    }
  }

  #open(text: string, state: State, { preset, written, typed = false, back = false }: How): void {
    this.#chosen = null;
    if (written !== null) clearTimeout(this.#typing);
    let session: Session;
    try {
      session = this.#engine.open(text);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.#dispatch({ type: 'scenarioRefused', text, wrong: this.#mistakes(text), typed });
      return;
    }
    const runs = session.text();
    if (typed && runs === this.#session?.text()) {
      session.free();
      this.#dispatch({ type: 'scenarioReworded', written: { ...state.written, text, runs } });
      return;
    }
    if (back) this.#session?.free();
    // What is typed becomes the run itself, and another fact of the start leaves it as it is.
    else this.#keep(typed || written === null ? { ...state, draft: null } : state, typed);
    this.#show(session, text, {
      preset,
      written: written === undefined ? { text, runs, opened: runs } : written,
      typed,
    });
    // What the author does and says at the very beginning; or to where the last run was.
    this.#goTo(session, typed ? state.atUs : 0);
  }

  #show(
    session: Session,
    text: string,
    how: Omit<Extract<Action, { type: 'scenarioOpened' }>, 'type'>,
  ): void {
    this.#session = session;
    this.#text = text;
    this.#news = 0;
    this.#dispatch({ type: 'scenarioOpened', ...how });
  }

  /** Keeps what another scenario takes the place of, for taking that back. */
  #keep({ preset, written, draft, branches }: State, typed: boolean): void {
    const session = this.#session;
    if (typed && this.#typed && session?.undoable() === undefined) session?.free();
    else if (session !== null) {
      const { atUs } = session.frame(1, 0);
      const now = { text: this.#text, session, preset, written, draft, atUs, branches };
      this.#before = [...this.#before.map(withoutRun), now].slice(-MOST_BEFORE);
    }
    this.#typed = typed;
  }

  /** What is wrong with a text: the first mistake, and those that remain without its line. */
  #mistakes(text: string): ParseErrorFrame[] {
    const lines = text.split('\n');
    const found: ParseErrorFrame[] = [];
    while (found.length < MOST_MISTAKES) {
      try {
        this.#engine.open(lines.join('\n')).free();
        break;
      } catch (thrown) {
        if (!isRefusal(thrown)) throw thrown;
        const mistake = placed(thrown);
        found.push(mistake);
        const line = lines[mistake.line - 1] ?? '';
        if (line === '' || FACTS.test(line)) break;
        lines[mistake.line - 1] = '';
      }
    }
    return found;
  }

  #undo(state: State): void {
    if (this.#session?.undo()) {
      this.#moved(this.#session);
      return;
    }
    const before = this.#before.pop();
    if (!before) return;
    const { text, atUs, preset, written } = before;
    if (before.session) this.#showAgain(before, false);
    else {
      this.#open(text, state, { preset, written, back: true });
      if (this.#session) this.#goTo(this.#session, atUs);
    }
    this.#typed = false;
    const draft = before.draft ?? state.draft;
    if (draft !== null) this.#dispatch({ type: 'scenarioEdited', text: draft });
  }

  /** Shows a run that was left, as it was left; the present one is left instead, or let go. */
  #showAgain({ session, text, preset, written, branches }: Before, leaves: boolean): void {
    if (session === null) return;
    if (leaves) this.#keep(this.#state, false);
    else this.#session?.free();
    this.#show(session, text, { preset, written, typed: false, names: branches.names });
    this.#moved(session);
  }

  #prepareReads({ ReadsRunner }: Late['reads']): void {
    this.reads = new ReadsRunner({
      open: (text) => this.#engine.compareReads(text),
      tell: (table, running) => this.#dispatch({ type: 'readsCompared', table, running }),
      broke: (thrown) => this.broke(thrown),
    });
  }

  /** Runs this scenario with another way to read, at the same time or where a stale read returned. */
  #readSo({ mode, stale }: Extract<Action, { type: 'readModeChosen' }>, state: State): void {
    const { atUs, window } = state;
    const text = this.reads?.text(mode) ?? null;
    if (text === null) return;
    if (text !== this.#canonical()) {
      this.#open(text, state, OTHER_FACT);
      this.#dispatch({ type: 'windowMoved', ...window });
    }
    if (!this.#session) return;
    if (stale === null) {
      this.#goTo(this.#session, atUs);
      return;
    }
    this.#session.seek(stale.atUs);
    this.#moved(this.#session);
    this.#dispatch({ type: 'operationFound', seq: stale.invoked });
  }

  /** Puts the playhead there. What takes longer than one waits gladly goes on in slices, unless somebody does something else. */
  #goTo(session: Session, atUs: number, budgetMs = SEARCH_BUDGET_MS): void {
    const reached = session.playTo(atUs, budgetMs);
    this.#moved(session);
    if (reached >= atUs || isOver(session)) return;
    const { moves } = this.#state;
    setTimeout(() => {
      if (this.#session !== session || this.#state.moves !== moves) return;
      try {
        this.#goTo(session, atUs, SLICE_MS);
      } catch (thrown) {
        this.broke(thrown);
      }
    });
  }

  async #fetchEditor(): Promise<void> {
    try {
      await import('./editor/editor.ts');
      this.#dispatch({ type: 'editorCame', here: true });
    } catch (thrown) {
      console.warn(thrown);
      this.#dispatch({ type: 'editorCame', here: false });
    }
  }

  /** Fetches a part that somebody wants to look at, or may soon want to; if that fails, not at once again. */
  want(name: keyof Late, soon = false): Promise<void> {
    const asked = this.#wanted.get(name);
    if (asked && performance.now() < asked.untilMs) return asked.comes;
    const comes = this.#fetch(name, soon);
    this.#wanted.set(name, { untilMs: performance.now() + RETRY_MS, comes });
    return comes;
  }

  async #fetch(name: keyof Late, soon: boolean): Promise<void> {
    try {
      const late = { [name]: await FETCHES[name]() };
      this.#wanted.set(name, { untilMs: Infinity, comes: Promise.resolve() });
      this.#dispatch({ type: 'viewCame', late });
    } catch {
      const message = 'This part of the page could not be fetched. Are you offline?';
      if (!soon) return this.#dispatch({ type: 'commandRefused', message });
      this.#wanted.delete(name);
      this.#dispatch({ type: 'viewCame', late: {} }); // whoever wants it by now asks again
    }
  }

  /** Makes a link for whoever wants to share, if what does so is here: else when it comes. */
  #share({ overlay, late, preset, written }: State): void {
    const tell = (value: string) => this.#dispatch({ type: 'fieldEdited', name: 'link', value });
    const text = this.#canonical();
    const notes = preset !== null && text === written.runs ? { from: preset } : {};
    if (overlay === 'share') void late.share?.make(this.#engine, text, notes, tell);
  }

  /** One line a fact, as small changes to the text need it. */
  #canonical(): string {
    return this.#session?.text() ?? this.#text;
  }

  #play(session: Session, toUs: number, pauses: boolean): void {
    const to = Math.round(toUs);
    const news = pauses ? this.#news : undefined;
    const lesson = this.#tutor?.play(session, to, PLAY_BUDGET_MS, news) ?? null;
    const reached = lesson?.atUs ?? session.playTo(to, PLAY_BUDGET_MS, news);
    const fell = session.fell();
    if (fell) this.#news = session.frame(1, 0).seq; // once is enough
    // Falling short may also mean that the time for this frame is up, or that there is no more to come.
    const over = fell || lesson?.over || (reached < to && isOver(session));
    this.#dispatch({ type: 'moved', atUs: reached, over });
  }

  #moved(session: Session): void {
    this.#text = session.text();
    const { atUs, seq, branch } = session.frame(1, 0);
    if (branch !== this.#branch) this.#news = Math.min(this.#news, seq); // other things may fall on another
    this.#branch = branch;
    this.#dispatch({ type: 'moved', atUs, over: false });
    this.#tutor?.moved(session);
  }
}

/** Moves the playhead or steers the run. False if the action does neither. */
function drive(session: Session, action: Action, state: State): boolean {
  switch (action.type) {
    case 'scrubbed':
      session.seek(Math.max(0, Math.round(action.atUs)));
      return true;
    case 'eventPicked':
    case 'evidenceShown':
      session.seek(session.events(action.seq, 1)[0]?.atUs ?? state.atUs);
      return true;
    case 'playToggled':
      // Played again from where there is nothing more, a run starts over.
      if (!state.playing || !isOver(session)) return false;
      session.toStart();
      return true;
    case 'steppedForward':
      session.stepForward();
      return true;
    case 'steppedBack':
      session.stepBack();
      return true;
    case 'storyForward':
      storyForward(session);
      return true;
    case 'storyBack':
      storyBack(session);
      return true;
    case 'jumpedToStart':
      session.toStart();
      return true;
    case 'jumpedToEnd':
      toEnd(session);
      return true;
    case 'commandGiven':
    case 'gestureDone':
      session.command(action.line);
      return true;
    case 'splitConfirmed':
      session.command(split(action.servers, session));
      return true;
    case 'branchChosen':
      session.switchBranch(action.id);
      return true;
    case 'branchRemoved':
      session.removeBranch(action.id);
      return true;
    default:
      return false;
  }
}

/** Whether this reader has been here before. Storage may be forbidden: then the hints come again. */
export function hintsWereRead(): boolean {
  try {
    return localStorage.getItem(HINTS_READ) !== null;
  } catch {
    return false;
  }
}

function rememberHintsRead(): true {
  try {
    localStorage.setItem(HINTS_READ, '1');
  } catch {
    // Forbidden storage only means that the hints come again.
  }
  return true;
}

/** Whether the playhead is where nothing more comes. */
function isOver(session: Session): boolean {
  const { live, ended, limit } = session.frame(1, 0);
  return ended || (live && limit !== null);
}

/** To the end of what is known; from there to the scenario's end, or a second on where it has none. */
function toEnd(session: Session): void {
  const { live, atUs, scenarioEndUs } = session.frame(1, 0);
  if (!live) {
    session.toEnd();
    return;
  }
  session.playTo(scenarioEndUs ?? atUs + 1_000_000, SEARCH_BUDGET_MS);
}

/** To just after the next event worth telling, making history on the way. */
function storyForward(session: Session): void {
  const until = performance.now() + SEARCH_BUDGET_MS;
  let seq = session.frame(1, 0).seq;
  while (session.stepForward() && performance.now() < until) {
    const now = session.frame(1, 0);
    const next = now.seq;
    if (session.events(seq, next - seq).some(({ event }) => isTold(event, 'story'))) return;
    if ((fallOf(now)?.seq ?? -1) >= seq) return;
    seq = next;
  }
}

/** To just after the last event worth telling that is earlier than this moment. */
function storyBack(session: Session): void {
  const { seq, atUs } = session.frame(1, 0);
  const earlier = new Trail(session).before(seq, 'story', 80).filter((event) => event.atUs < atUs);
  const last = earlier[earlier.length - 1];
  if (last) session.seek(last.atUs);
  else session.toStart();
}

/** The command that splits these servers from the others. */
function split(servers: readonly string[], session: Session): string {
  const others = session
    .frame(1, 0)
    .servers.map(({ id }) => id)
    .filter((id) => !servers.includes(id));
  return `partition ${servers.join(' ')} | ${others.join(' ')}`;
}

/** A refusal of a whole scenario that names no place is about its beginning. */
function placed(refused: Refused): ParseErrorFrame {
  if (isParseError(refused)) return refused;
  return { line: 1, column: 1, found: '', expected: '', nearest: null, message: refused.message };
}
