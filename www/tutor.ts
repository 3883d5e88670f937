// Who leads through a lesson: plays to what a step waits for, pauses there, and goes back. Nothing is shown that the engine does not do:
// a step is over when what it waits for is so.

import type { Session } from './engine.ts';
import type { Frame } from './generated/engine.ts';
import { namesOf } from './lesson-conditions.ts';
import { fetchLesson, type Goal, type Help, type Lesson } from './lessons.ts';
import type { Action, State } from './store.ts';

/** What is seen of the course. */
export interface Course {
  /** The names of the lessons that were gone through to their end. */
  readonly done: readonly string[];
  /** The lesson that is open; `null` while the list is. */
  readonly name: string | null;
  readonly lesson: Lesson | null;
  /** The step that is told, from 0. */
  readonly step: number;
  /** What the scenario's author had said last when the step began. */
  readonly heard: string | null;
  /** Whether the run is still the lesson's own. */
  readonly own: boolean;
  /** Whether what the step waits for is looked for as fast as can be. */
  readonly hurrying: boolean;
  /** What could not be done. */
  readonly trouble: string | null;
}

export type Deed =
  | { readonly type: 'open'; readonly name: string }
  | { readonly type: 'list' | 'next' | 'back' | 'again' | 'help' };

/** The page, as far as a tutor needs it. */
export interface School {
  session(): Session | null;
  state(): State;
  dispatch(action: Action): void;
  /** The playhead was moved. */
  moved(session: Session): void;
}

/** Where a step began. */
interface Place {
  readonly branch: number;
  readonly atUs: number;
  readonly seq: number;
  readonly said: string | null;
}

/** How far play got, and whether it goes no further. */
export interface Reached {
  readonly atUs: number;
  readonly over: boolean;
}

const DONE = 'raft-playground.lessons-done';
/** What a step waits for is looked for once in so long, always at the same moments, so that every reader pauses at the same. */
const LOOK_US = 1_000;
/** Away from whole milliseconds, at which scenarios command. */
const LOOK_OFF_US = 500;
/** So much of a log is looked at. */
const LOOKED_AT = 64;
/** For how long the page waits while it is looked for as fast as can be. */
const SLICE_MS = 60;
/** So far time runs at one go for who has yet to do something. */
const HURRY_US = 300_000;
const NOT_FETCHED = 'This lesson could not be fetched. Are you offline?';

const NO_COURSE: Course = {
  done: [],
  name: null,
  lesson: null,
  step: 0,
  heard: null,
  own: true,
  hurrying: false,
  trouble: null,
};

export class Tutor {
  readonly #school: School;
  #course: Course = { ...NO_COURSE, done: lessonsDone() };
  /** The run that the lesson is about. */
  #session: Session | null = null;
  /** Where each step began that was come to. */
  #places: Place[] = [];
  /** What is to be done for the reader, and when; and whether it is, in this step. */
  #help: Help[] = [];
  #helps = false;
  /** What has happened since the step began, up to an event of a branch. */
  #happened = { names: new Set<string>(), branch: 0, seq: 0 };
  #hurry: ReturnType<typeof setTimeout> | undefined;

  constructor(school: School, asked: string) {
    this.#school = school;
    if (asked === '') this.#tell({});
    else void this.#open(asked);
  }

  do(deed: Deed): void {
    this.#stopHurrying();
    switch (deed.type) {
      case 'open':
        void this.#open(deed.name);
        break;
      case 'list':
        this.#pause();
        this.#tell({ name: null, lesson: null, trouble: null });
        break;
      case 'next':
        this.#next();
        break;
      case 'back':
        if (this.#course.step > 0) this.#goTo(this.#course.step - 1);
        break;
      case 'again':
        this.#goTo(this.#course.step);
        break;
      case 'help':
        this.#doIt();
        break;
    }
  }

  /** Plays on, no further than to what the step waits for; `null` if it waits for nothing. */
  play(session: Session, toUs: number, budgetMs: number, news?: number): Reached | null {
    const goal = this.#goalOf(session);
    if (goal === null) return null;
    const until = performance.now() + budgetMs;
    let { atUs } = session.frame(1, 0);
    do {
      const look = Math.floor((atUs - LOOK_OFF_US) / LOOK_US + 1) * LOOK_US + LOOK_OFF_US;
      const due = this.#help[0]?.afterUs ?? Number.POSITIVE_INFINITY;
      const next = Math.min(toUs, look, Math.max(due, atUs));
      const reached = session.playTo(next, Math.max(1, until - performance.now()), news);
      if (session.fell()) return { atUs: reached, over: true };
      if (reached >= due) this.#giveHelp(session);
      const now = session.frame(1, 0);
      atUs = now.atUs;
      const over = isOver(now);
      if ((atUs === look || over) && this.#met(session, goal)) {
        this.#arrive(session);
        return { atUs, over: true };
      }
      if (over || reached < next) return { atUs, over };
    } while (atUs < toUs && performance.now() < until);
    return { atUs, over: false };
  }

  /** The playhead was moved, or something was done. */
  moved(session: Session): void {
    const { lesson, own, hurrying } = this.#course;
    if (lesson === null) return;
    if (own !== (session === this.#session)) this.#tell({ own: session === this.#session });
    const goal = this.#goalOf(session);
    if (goal && !hurrying && this.#met(session, goal)) this.#arrive(session);
  }

  /** Something was done to the cluster: time goes on, to show what comes of it. */
  commanded(): void {
    const session = this.#school.session();
    if (session && this.#goalOf(session)?.task && !isCalm() && !this.#school.state().playing)
      this.#school.dispatch({ type: 'playToggled' });
  }

  #tell(change: Partial<Course>): void {
    this.#course = { ...this.#course, ...change };
    this.#school.dispatch({ type: 'courseChanged', course: this.#course });
  }

  async #open(name: string): Promise<void> {
    this.#tell({ name, lesson: null, step: 0, trouble: null });
    try {
      const { lesson, scenario } = await fetchLesson(name);
      if (this.#course.name !== name) return; // another was opened meanwhile
      this.#pause();
      this.#school.dispatch({ type: 'scenarioApplied', text: scenario });
      const session = this.#school.session();
      this.#session = session;
      this.#places = [];
      this.#tell({ lesson, own: true });
      if (session === null) return;
      session.seek(lesson.fromUs);
      this.#begin(session, 0);
      this.#school.moved(session);
    } catch {
      if (this.#course.name === name) this.#tell({ name: null, trouble: NOT_FETCHED });
    }
  }

  /** What is waited for, while the lessons are open and their run is there. */
  #goalOf(session: Session): Goal | null {
    const { lesson, step } = this.#course;
    const open = this.#school.state().lessons !== null;
    return open && session === this.#session ? (lesson?.steps[step]?.goal ?? null) : null;
  }

  /** A step begins where the playhead is: before whatever is done from now on. */
  #begin(session: Session, step: number): void {
    const { branch, atUs, seq, said } = session.frame(1, 0);
    const last = session.events(seq - 1, 1)[0]?.atUs ?? 0;
    this.#places = [
      ...this.#places.slice(0, step),
      { branch, atUs: last === atUs ? atUs : atUs - 1, seq, said },
    ];
    this.#enter(step);
  }

  #enter(step: number): void {
    const { branch, seq, said } = this.#places[step] ?? { branch: 0, seq: 0, said: null };
    this.#happened = { names: new Set(), branch, seq };
    this.#help = [];
    this.#helps = false;
    const { lesson, name, done } = this.#course;
    const ends = lesson !== null && step === lesson.steps.length - 1;
    const more = ends && name !== null && !done.includes(name) ? [...done, name] : done;
    if (more !== done) rememberDone(more);
    this.#tell({ step, heard: said, done: more });
  }

  #arrive(session: Session): void {
    this.#stopHurrying();
    this.#pause();
    this.#begin(session, this.#course.step + 1);
  }

  /** Whether it is so, or was since the step began. */
  #met(session: Session, { holds, looksIntoLogs }: Goal): boolean {
    const frame = session.frame(1, looksIntoLogs ? LOOKED_AT : 0);
    const place = this.#places[this.#course.step];
    if (!place || (frame.branch === place.branch && frame.seq < place.seq)) return false;
    const from = this.#happened;
    if (frame.branch !== from.branch || frame.seq < from.seq)
      this.#happened = { names: new Set(), branch: frame.branch, seq: place.seq };
    const { names, seq } = this.#happened;
    for (const event of session.events(seq, frame.seq - seq))
      for (const name of namesOf(event)) names.add(name);
    this.#happened = { names, branch: frame.branch, seq: frame.seq };
    return holds({ frame, happened: names });
  }

  /** On to what the step waits for; at once for whoever asks again, or wants nothing to move. */
  #next(): void {
    const session = this.#school.session();
    if (session === null || session !== this.#session) return;
    const { lesson, step } = this.#course;
    if (this.#goalOf(session) === null) {
      if (lesson !== null && step < lesson.steps.length - 1) this.#begin(session, step + 1); // it was only to be read
    } else if (isCalm() || this.#school.state().playing) this.#hurryOn();
    else this.#school.dispatch({ type: 'playToggled' });
  }

  /** To what the step waits for; where that is for the reader to bring about, a little further only. */
  #hurryOn(toUs = this.#hurryTo()): void {
    const session = this.#school.session();
    if (session === null || this.#goalOf(session) === null) return;
    if (!this.#course.hurrying) this.#tell({ hurrying: true });
    const came = this.play(session, toUs, SLICE_MS);
    this.#school.moved(session);
    if (came === null || came.over || came.atUs >= toUs) this.#stopHurrying();
    else this.#hurry = setTimeout(() => this.#hurryOn(toUs));
  }

  #hurryTo(): number {
    const { lesson, step } = this.#course;
    const alone = lesson?.steps[step]?.goal?.task && !this.#helps;
    return alone ? this.#school.state().atUs + HURRY_US : Number.MAX_SAFE_INTEGER;
  }

  #stopHurrying(): void {
    clearTimeout(this.#hurry);
    if (this.#course.hurrying) this.#tell({ hurrying: false });
  }

  /** Back to where a step began, on the branch that it began on; or a little later, so that one can go back to before that. */
  #goTo(step: number, laterUs = 0): void {
    const session = this.#school.session();
    const place = this.#places[step];
    if (session === null || session !== this.#session || !place) return;
    this.#pause();
    this.#places = this.#places.slice(0, step + 1);
    const branches = session.branches();
    const there = branches.find(({ id }) => id === place.branch);
    if (there && !there.current) session.switchBranch(place.branch);
    session.seek(place.atUs + laterUs);
    this.#enter(step);
    this.#school.moved(session);
  }

  /** Does what the reader was asked to do, from where the step began. */
  #doIt(): void {
    const session = this.#school.session();
    if (session === null) return;
    const goal = this.#goalOf(session);
    if (!goal?.task) return;
    const first = Math.min(0, ...goal.help.map(({ afterUs }) => afterUs));
    this.#goTo(this.#course.step, first + 2);
    const { atUs } = session.frame(1, 0);
    this.#help = goal.help.map(({ afterUs, line }) => ({ afterUs: atUs + afterUs - first, line }));
    this.#helps = true;
    this.#giveHelp(session);
    this.#school.moved(session);
    if (this.#goalOf(session) === goal) this.#next();
  }

  #giveHelp(session: Session): void {
    const { atUs } = session.frame(1, 0);
    const due = this.#help.filter(({ afterUs }) => afterUs <= atUs);
    this.#help = this.#help.slice(due.length);
    if (due.length > 0) session.command(due.map(({ line }) => line).join('\n'));
  }

  #pause(): void {
    this.#school.dispatch({ type: 'paused' });
  }
}

/** Whether there is nothing more to come. */
const isOver = ({ ended, live, limit }: Frame): boolean => ended || (live && limit !== null);

/** Whether the reader asked for less motion: then nothing plays by itself. */
const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The lessons gone through. Storage may be forbidden, or hold something else: then it is none. */
function lessonsDone(): readonly string[] {
  try {
    const done: unknown = JSON.parse(localStorage.getItem(DONE) ?? '[]');
    return Array.isArray(done) ? done.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

function rememberDone(done: readonly string[]): void {
  try {
    localStorage.setItem(DONE, JSON.stringify(done));
  } catch {
    // Forbidden storage only means that the ticks are gone with the page.
  }
}
