// What can be taken away from the page: its views as pictures, the space-time diagram as text, the run as data.

import { Animation, momentsOf, REST_S, type Script } from './animation.ts';
import type { Session } from './engine.ts';
import { History } from './export-data.ts';
import { count, time } from './format.ts';
import type { Frame, TraceEvent } from './generated/engine.ts';
import { mermaid } from './mermaid.ts';
import { Painter } from './picture.ts';
import { SPEEDS, type State } from './store.ts';
import { type About, Studio, type Theme } from './studio.ts';
import { Trail } from './trail.ts';
import { ladder } from './views/ladder.ts';
import { leastLadderHeight } from './views/ladder-plan.ts';
import { logs } from './views/logs.ts';
import { leastLogsHeight } from './views/logs-plan.ts';
import { css as readsCss, readsPicture } from './views/reads.ts';
import { ring } from './views/ring.ts';
import { timeline } from './views/timeline.ts';

export type Source = 'cluster' | 'ladder' | 'logs' | 'reads' | 'terms' | 'trace' | 'history';
export type Format = 'svg' | 'png' | 'animated' | 'mermaid' | 'copy' | 'jsonl';

/** What somebody wants to take away. */
export interface Wish {
  readonly source: Source;
  readonly format: Format;
  readonly theme: Theme;
}

/** What whoever makes it needs. */
export interface Workshop {
  readonly session: Session;
  readonly state: State;
  /** Another run of the same scenario, so that the one on the page stays where it is. */
  open(text: string): Session;
}

/** A file, and what is to be said of it. */
export interface Product {
  readonly name: string;
  readonly content: Blob;
  readonly remark: string | null;
}

/** Where the page shows none of a view, or too small a one. */
const SIZES = {
  ring: { width: 520, height: 440 },
  logs: { width: 620, height: 330 },
  ladder: { width: 920, height: 420 },
  timeline: { width: 920, height: 28 },
} as const;
/** PNG shows so many pixels for one, that it is sharp on fine screens. */
const SCALE = 2;
/** An animated picture is no larger, in characters: it stands in a read-me, which is read on phones as well. */
export const LARGEST_ANIMATION = 300_000;
/** It plays no shorter and no longer, in seconds. */
const PLAYS_S = { least: 3, most: 20 };
/** More events than that are too much for the memory of a page. */
const MOST_EVENTS = 400_000;
/** So many events at a time are read, so that the page goes on. */
const PIECE = 2_000;
const MOST_IN_WINDOW = 100_000;
const SLICE_MS = 12;

const NAMES: Readonly<Record<Source, string>> = {
  cluster: 'Cluster',
  ladder: 'Space-time diagram',
  logs: 'Logs',
  reads: 'Ways to read',
  terms: 'Terms of the whole run',
  trace: 'Trace',
  history: 'History',
};

/** Makes what is wished for; a sentence instead where that cannot be. */
export async function make(wish: Wish, workshop: Workshop): Promise<Product | string> {
  const { state, session } = workshop;
  const stem = `${stemOf(state.preset ?? session.frame(1, 0).title)}.${wish.source}`;
  switch (wish.format) {
    case 'jsonl':
      return data(wish.source, stem, session);
    case 'mermaid':
    case 'copy':
      return diagram(stem, workshop);
    case 'animated':
      return animation(stem, wish.theme, workshop);
    default:
      return picture(wish, stem, workshop);
  }
}

/** Letters that every system and every address takes. */
const stemOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'run';

async function picture(
  { source, format, theme }: Wish,
  stem: string,
  workshop: Workshop,
): Promise<Product | string> {
  const isPng = format === 'png';
  const isDark = isPng && theme === 'both' && matchMedia('(prefers-color-scheme: dark)').matches;
  const studio = new Studio(isPng && theme === 'both' ? (isDark ? 'dark' : 'light') : theme, readsCss);
  try {
    const drawn = drawingOf(source, workshop);
    if (drawn === null) return 'Nobody has read yet, so there is nothing to compare.';
    const text = studio.picture(drawn, aboutOf(source, workshop));
    const content = isPng ? await pngOf(text) : svgBlob(text);
    return { name: `${stem}.${format}`, content, remark: null };
  } finally {
    studio.leave();
  }
}

function drawingOf(source: Source, { session, state }: Workshop) {
  const frame = session.frame(1, 0);
  const size = sizesOf(state, frame);
  const seen = { ...state, size, playing: false, gesture: null, split: null };
  const picture = new Painter(session).paint(seen, null);
  const { ui } = picture;
  const still = () => {};
  switch (source) {
    case 'ladder':
      return ladder(picture.ladder, ui, still);
    case 'logs':
      return logs(picture.frame, ui, still);
    case 'terms':
      return timeline({ frame: picture.frame, lanes: picture.whole }, ui, still);
    case 'reads':
      return state.reads.table && readsPicture(state.reads.table);
    default:
      return ring(picture.frame, ui, still);
  }
}

/** As large as on the page, but never too small for what is in it. */
function sizesOf({ size }: State, { servers, clients }: Frame): State['size'] {
  const shown = (name: keyof State['size'], least = 0) => {
    const { width, height } = size[name].width > 0 && size[name].height > 0 ? size[name] : SIZES[name];
    return { width, height: Math.max(height, least) };
  };
  return {
    ring: shown('ring'),
    logs: shown('logs', leastLogsHeight(servers.length)),
    ladder: shown('ladder', leastLadderHeight(servers.length, clients.length)),
    timeline: shown('timeline'),
  };
}

function aboutOf(source: Source, { session, state }: Workshop): About {
  const { title, atUs, seed, servers } = session.frame(1, 0);
  const { fromUs, toUs } = state.window;
  const when =
    source === 'ladder'
      ? `${time(fromUs)} to ${time(toUs)}`
      : source === 'reads'
        ? compared(state.reads)
        : time(atUs);
  const roles = servers
    .map(({ id, up, role, term }) => `${id}: ${up ? role : 'down'}, term ${term}`)
    .join('; ');
  return {
    title: `${NAMES[source]}${title === '' ? '' : `: ${title}`}`,
    description: `${when}. ${roles}. Seed ${seed}, fingerprint ${session.fingerprint()} at ${time(atUs)}. Made with Raft Playground.`,
  };
}

/** How much of the runs a comparison has seen. */
const compared = ({ table, running }: State['reads']): string =>
  running && table !== null ? `the run so far, to ${time(table.atUs)}` : 'the whole run';

const svgBlob = (text: string): Blob => new Blob([text], { type: 'image/svg+xml' });

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser made no PNG of it.'))),
      'image/png',
    ),
  );
}

/** The page goes on while much is read or played: after each slice of time it has its turn. */
function turns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
}

function diagram(stem: string, { state, session }: Workshop): Product {
  const frame = session.frame(1, 0);
  const trail = new Trail(session);
  const { text, left } = mermaid(frame, eventsOf(session, state.window), trail);
  return { name: `${stem}.mmd`, content: new Blob([text], { type: 'text/plain' }), remark: left };
}

/** What happened in the window. */
function eventsOf(session: Session, { fromUs, toUs }: State['window']): TraceEvent[] {
  const all = session.eventCount();
  const at = (seq: number) => session.events(seq, 1)[0]?.atUs ?? Infinity;
  let [low, high] = [0, all];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < fromUs) low = middle + 1;
    else high = middle;
  }
  const found: TraceEvent[] = [];
  for (let seq = low; seq < all && found.length < MOST_IN_WINDOW; seq += PIECE) {
    const piece = session.events(seq, PIECE);
    found.push(...piece.filter(({ atUs }) => atUs <= toUs));
    if ((piece.at(-1)?.atUs ?? Infinity) > toUs) break;
  }
  return found;
}

async function data(source: Source, stem: string, session: Session): Promise<Product | string> {
  const isTrace = source === 'trace';
  const [all, turn, history] = [session.eventCount(), turns(), new History()];
  const { branch } = session.frame(1, 0);
  const known = Math.min(all, MOST_EVENTS);
  const parts: string[] = [];
  for (let seq = 0; seq < known; seq += PIECE) {
    if (session.frame(1, 0).branch !== branch)
      return 'Another branch was chosen meanwhile: nothing was saved.';
    const events = session.events(seq, Math.min(PIECE, known - seq));
    if (isTrace) parts.push(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    else for (const event of events) history.observe(event);
    await turn();
  }
  const lines = history.lines();
  const content = new Blob(isTrace ? parts : lines.map((line) => `${line}\n`), { type: 'application/jsonl' });
  const told = isTrace ? count(known, 'event') : count(lines.length, 'operation');
  const cut = `${told} of the first ${known} events: there are ${all}. On the command line, raft run --${source} writes all of them.`;
  return { name: `${stem}.jsonl`, content, remark: known < all ? cut : told };
}

/** What the animated picture plays, and how fast: what the space-time diagram shows, at the speed of the page as far as that can be. */
export function scriptOf({ window, speed, atUs }: State, endUs: number): Omit<Script, 'size' | 'bare'> {
  const fromUs = Math.min(window.fromUs, Math.max(0, endUs - 1000));
  const toUs = Math.max(fromUs + 1000, Math.min(window.toUs, endUs));
  const asked = (toUs - fromUs) / 1e6 / (SPEEDS[speed] ?? 1);
  const seconds = Math.min(PLAYS_S.most, Math.max(PLAYS_S.least, asked));
  return { fromUs, toUs, seconds, stillUs: Math.min(Math.max(atUs, fromUs), toUs) };
}

async function animation(
  stem: string,
  theme: Theme,
  { session, state, open }: Workshop,
): Promise<Product | string> {
  const { endUs, clients } = session.frame(1, 0);
  const { ring: size } = sizesOf(state, session.frame(1, 0));
  const about = aboutOf('cluster', { session, state, open });
  const script = { ...scriptOf(state, endUs), size };
  const own = open(session.text());
  try {
    for (const bare of [false, true]) {
      const text = await animated({ ...script, bare }, { theme, state, own, about });
      if (text.length > LARGEST_ANIMATION && !bare) continue;
      const [from, to] = [script.fromUs, script.toUs].map(time);
      if (text.length > LARGEST_ANIMATION)
        return `That would be larger than ${LARGEST_ANIMATION / 1000} kB: too much happens from ${from} to ${to}${clients.length > 3 ? ' with so many clients' : ''}. Zoom into the space-time diagram and try again.`;
      const left = bare ? ' Heartbeats and their answers are left out, to keep it small.' : '';
      const remark = `It plays ${from} to ${to} in ${Math.round(script.seconds + REST_S)} s, over and over.${left}`;
      return { name: `${stem}.animated.svg`, content: svgBlob(text), remark };
    }
    return '';
  } finally {
    own.free();
  }
}

interface Stage {
  readonly theme: Theme;
  readonly state: State;
  readonly own: Session;
  readonly about: About;
}

async function animated(script: Script, { theme, state, own, about }: Stage): Promise<string> {
  const studio = new Studio(theme);
  const turn = turns();
  const painter = new Painter(own);
  const still = { ...state, picked: null, playing: false, gesture: null, split: null, evidence: null };
  try {
    own.toStart();
    const { ui } = painter.paint(still, null);
    const film = new Animation(script, ui, studio);
    for (const us of momentsOf(script)) {
      while (own.playTo(us, SLICE_MS) < us && !isOver(own.frame(1, 0))) await turn();
      film.take(own.frame(1, 0));
      await turn();
    }
    return film.document(about);
  } finally {
    studio.leave();
  }
}

const isOver = ({ ended, live, limit }: Frame): boolean => ended || (live && limit !== null);
