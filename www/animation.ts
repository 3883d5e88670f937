// The cluster as a picture that plays by itself, over and over, and where no script runs: as the read-me of a code host shows it. What
// moves or changes does so by SMIL, all of it on one clock. Who asked for less motion gets one still moment of it.

import { svg, type TemplateResult } from 'lit-html';
import type { Frame, LostFrame, MessageFrame } from './generated/engine.ts';
import { clamp, onWay, round, type Way } from './geometry.ts';
import { linesOf } from './standalone.ts';
import type { About, Studio } from './studio.ts';
import type { Size, Ui } from './views/contract.ts';
import { ring } from './views/ring.ts';
import { howFar, message } from './views/ring-message.ts';
import { planRing } from './views/ring-plan.ts';
import { wayOf } from './views/ring-ways.ts';

/** What is played, and how. */
export interface Script {
  readonly fromUs: number;
  readonly toUs: number;
  /** For how long, in seconds; then everything stands still for {@link REST_S} before it begins again. */
  readonly seconds: number;
  /** The moment that is shown where nothing moves. */
  readonly stillUs: number;
  readonly size: Size;
  /** Whether heartbeats and their answers are left out. */
  readonly bare: boolean;
}

export const REST_S = 1.5;
/** How often a second is looked at what there is. */
const RATE = 16;
/** How long the cross of a lost message is seen, in µs, as on the page. */
const FADES_US = 30_000;
/** The words below the cluster: how far apart their lines are, how many there are at most, how wide a letter is about. */
const SAID = { pitch: 19, lines: 3, letter: 7.2, edge: 14 } as const;

/** The moments of a script, about evenly spread. */
export function momentsOf({ fromUs, toUs, seconds }: Script): number[] {
  const count = Math.max(2, Math.round(seconds * RATE));
  return Array.from({ length: count + 1 }, (_, i) => Math.round(fromUs + ((toUs - fromUs) * i) / count));
}

/** From the bottom up. */
const LAYERS = [
  'link',
  'wall',
  'cut-mark',
  'server',
  'timers',
  'client',
  'messages',
  'lost',
  'guilt',
  'caption',
  'legend',
  'told',
];
/** Seen from one moment to before another, by their numbers; several times over. */
type Spells = [from: number, to: number][];

interface Part {
  readonly layer: number;
  readonly lines: readonly string[];
  readonly spells: Spells;
}

interface Timer {
  readonly look: string;
  readonly at: string;
  readonly r: number;
  /** What is left of it, from 0 to 1, at each moment. */
  readonly left: number[];
}

interface Flight {
  readonly frame: Frame;
  readonly first: MessageFrame;
  last: MessageFrame;
  /** The last moment at which it was seen. */
  seenUs: number;
}

/** Takes in one moment after the other, and makes a document of them. */
export class Animation {
  readonly #script: Script;
  readonly #ui: Ui;
  readonly #studio: Studio;
  readonly #parts = new Map<string, Part>();
  readonly #timers = new Map<string, Timer>();
  readonly #flights = new Map<number, Flight>();
  readonly #lost = new Map<number, { readonly lost: LostFrame; readonly frame: Frame }>();
  #still: { readonly offUs: number; readonly lines: readonly string[] } = { offUs: Infinity, lines: [] };
  #moments = 0;
  #height: number;

  constructor(script: Script, ui: Ui, studio: Studio) {
    this.#script = script;
    this.#ui = { ...ui, flights: null, size: { ...ui.size, ring: script.size } };
    this.#studio = studio;
    this.#height = script.size.height;
  }

  /** The next moment. */
  take(frame: Frame): void {
    const { size, stillUs } = this.#script;
    const told = toldLines(frame.said, size);
    this.#height = Math.max(this.#height, size.height + told.length * SAID.pitch);
    const stage = this.#studio.draw(
      svg`<svg class="picture">${ring(frame, this.#ui, () => {})}${told.map(
        (line, i) =>
          svg`<text class="told" x=${size.width / 2} y=${size.height + SAID.edge + SAID.pitch * i}>${line}</text>`,
      )}</svg>`,
    );
    const [cluster, ...words] = stage.children as unknown as [Element, ...Element[]];
    for (const child of [...cluster.children, ...words]) this.#part(child);
    const servers = cluster.querySelectorAll('.server');
    frame.servers.forEach((server, i) => {
      const drawn = servers[i]?.querySelector('.timer');
      if (server.electionTimer && drawn)
        this.#timer(servers[i] as Element, drawn, server.electionTimer, frame.atUs);
    });
    for (const message of frame.messages) this.#flight(message, frame);
    for (const lost of frame.lost) if (!this.#lost.has(lost.id)) this.#lost.set(lost.id, { lost, frame });
    const offUs = Math.abs(frame.atUs - stillUs);
    if (offUs < this.#still.offUs) {
      const lines = [cluster, ...words].flatMap((element) => linesOf(element, this.#studio, ['title']));
      this.#still = { offUs, lines };
    }
    this.#moments += 1;
  }

  #part(element: Element): void {
    const classes = element.getAttribute('class')?.split(' ') ?? [];
    if (classes.includes('message')) return; // what moves is drawn for itself, as timers are
    const lines = linesOf(element, this.#studio, ['timer', 'title']).map(
      (line) => line.replace(/^( *<circle[^>]*) transform="rotate[^"]*"/, '$1'), // a candidate's dashes stand still
    );
    if (lines.length === 0) return;
    const layer = Math.max(
      0,
      LAYERS.findIndex((name) => classes.includes(name)),
    );
    const key = lines.join('\n');
    const part = this.#parts.get(key) ?? { layer, lines, spells: [] };
    this.#parts.set(key, part);
    const last = part.spells.at(-1);
    if (last?.[1] === this.#moments) last[1] += 1;
    else part.spells.push([this.#moments, this.#moments + 1]);
  }

  #timer(server: Element, drawn: Element, timer: { setUs: number; deadlineUs: number }, atUs: number): void {
    const look = this.#studio.of(drawn);
    const at = server.getAttribute('transform') ?? '';
    const r = Number(/^M0 -([\d.]+)/.exec(drawn.getAttribute('d') ?? '')?.[1]);
    if (!look || !(r > 0)) return;
    const key = `${look} ${at}`;
    const known = this.#timers.get(key) ?? { look, at, r, left: [] };
    this.#timers.set(key, known);
    known.left[this.#moments] = clamp(
      (timer.deadlineUs - atUs) / Math.max(1, timer.deadlineUs - timer.setUs),
      0,
      1,
    );
  }

  #flight(message: MessageFrame, frame: Frame): void {
    if (this.#script.bare && isRoutine(message)) return;
    const known = this.#flights.get(message.id);
    if (known) Object.assign(known, { last: message, seenUs: frame.atUs });
    else this.#flights.set(message.id, { frame, first: message, last: message, seenUs: frame.atUs });
  }

  /** All of it as a document that plays by itself. */
  document(about: About): string {
    const { size } = this.#script;
    const height = this.#height + SAID.edge;
    const parts = [...this.#parts.values()];
    const layers = LAYERS.map((name, i) => {
      if (name === 'timers') return [...this.#timers.values()].flatMap((timer) => this.#drawTimer(timer));
      if (name === 'messages')
        return [...this.#flights.values()].flatMap((flight) => this.#drawFlight(flight));
      if (name === 'lost') return [...this.#lost.values()].flatMap((one) => this.#drawLost(one));
      return parts.filter(({ layer }) => layer === i).flatMap((part) => this.#drawPart(part));
    });
    const drawn = [...layers.flat(), ...this.#progress(size.width, height)];
    const defs = [...this.#shapes].map(([shape, name]) => `<g id="${name}">${shape}</g>`);
    const css =
      '.still{display:none}@media (prefers-reduced-motion:reduce){.still{display:inline}.moving{display:none}}';
    return this.#studio.document(
      { width: size.width, height },
      about,
      [
        '<defs>',
        ...defs,
        '</defs>',
        '<g class="moving">',
        ...drawn,
        '</g>',
        '<g class="still">',
        ...this.#still.lines,
        '</g>',
      ],
      css,
    );
  }

  /** The drawings of messages by what they look like: many look alike. */
  readonly #shapes = new Map<string, string>();

  /** Where a moment is on the clock, from 0 to 1. */
  #clock(us: number): number {
    const { fromUs, toUs, seconds } = this.#script;
    return (clamp((us - fromUs) / (toUs - fromUs), 0, 1) * seconds) / (seconds + REST_S);
  }

  #momentClock(moment: number): number {
    const { seconds } = this.#script;
    return moment >= this.#moments ? 1 : ((moment / (this.#moments - 1)) * seconds) / (seconds + REST_S);
  }

  #animate(
    attribute: string,
    values: readonly (string | number)[],
    times: readonly number[],
    discrete = false,
  ): string {
    return `<animate attributeName="${attribute}"${discrete ? ' calcMode="discrete"' : ''} values="${values.join(';')}" keyTimes="${times.map(short).join(';')}"${this.#forEver()}/>`;
  }

  #forEver(): string {
    return ` dur="${short(this.#script.seconds + REST_S)}s" repeatCount="indefinite"`;
  }

  /** Something that is seen between these times of the clock; without its end. */
  #seen(spells: readonly (readonly [number, number])[], inside = ''): string {
    const times = spells.flat().filter((time) => time < 1);
    const isFirst = times[0] === 0;
    if (isFirst) times.shift();
    const start = `<g${inside}${isFirst ? '' : ' visibility="hidden"'}>`;
    if (times.length === 0) return start;
    const values = [0, ...times].map((_, i) => ((i % 2 === 0) === isFirst ? 'visible' : 'hidden'));
    return `${start}${this.#animate('visibility', values, [0, ...times], true)}`;
  }

  #drawPart({ lines, spells }: Part): string[] {
    if (spells[0]?.[0] === 0 && spells[0][1] === this.#moments) return [...lines];
    const times = spells.map(([from, to]) => [this.#momentClock(from), this.#momentClock(to)] as const);
    return [this.#seen(times), ...lines, '</g>'];
  }

  #drawTimer({ look, at, r, left }: Timer): string[] {
    const values = Array.from({ length: this.#moments }, (_, i) => Math.round(100 - 100 * (left[i] ?? 0)));
    const kept = bends(values);
    const times = kept.map((i) => this.#momentClock(i));
    const animated = this.#animate(
      'stroke-dashoffset',
      [...kept.map((i) => values[i] ?? 100), values.at(-1) ?? 100],
      [...times, 1],
    );
    return [
      `<circle class="${look}" r="${r}" pathLength="100" stroke-dasharray="100" stroke-dashoffset="${values[0]}" transform="${at} rotate(-90)">${animated}</circle>`,
    ];
  }

  #drawFlight({ frame, first, last, seenUs }: Flight): string[] {
    const { fromUs, toUs } = this.#script;
    const way = this.#way(frame, first);
    const lost = this.#lost.get(first.id)?.lost;
    const ends = lost?.lostUs ?? (last.heldUs === null ? last.arrivesUs : seenUs);
    const [startUs, endUs] = [Math.max(fromUs, first.sentUs), Math.min(toUs, ends)];
    if (!way || endUs <= startUs) return [];
    const [from, to] = [this.#clock(startUs), this.#clock(endUs)];
    const stops = last.heldUs === null ? to : Math.min(to, Math.max(from, this.#clock(last.heldUs)));
    const [begins, reaches] = [
      howFar(first, startUs),
      lost && !lost.onArrival ? 0.5 : howFar(last, endUs),
    ].map(short);
    const { start, bend, end } = way;
    const at = (p: { x: number; y: number }) => `${round(p.x)} ${round(p.y)}`;
    const isStraight =
      Math.abs(bend.x - (start.x + end.x) / 2) + Math.abs(bend.y - (start.y + end.y) / 2) < 1;
    const path = `M${at(start)}${isStraight ? 'L' : `Q${at(bend)} `}${at(end)}`;
    const points: [number, string][] = [
      [0, begins ?? '0'],
      [from, begins ?? '0'],
      [stops, reaches ?? '1'],
      [1, reaches ?? '1'],
    ];
    const motion = `<animateMotion path="${path}" keyPoints="${points.map(([, point]) => point).join(';')}" keyTimes="${points.map(([time]) => short(time)).join(';')}" calcMode="linear"${this.#forEver()}/>`;
    // Whatever is still under way at the end stays where it is until all begins again.
    const spell = [from, ends > toUs ? 1 : to] as const;
    return [`${this.#seen([spell])}${motion}<use href="#${this.#shape(last, way, frame)}"/></g>`];
  }

  #way(
    { servers, clients }: Frame,
    { from, to }: { readonly from: string; readonly to: string },
  ): Way | null {
    const lanes = [...servers, ...clients].map(({ id }) => id);
    const plan = planRing(servers.length, clients.length, this.#script.size);
    return wayOf(plan, lanes.indexOf(from), lanes.indexOf(to));
  }

  #shape(m: MessageFrame, way: Way, frame: Frame): string {
    const halfWay = (m.sentUs + m.arrivesUs) / 2;
    const drawing = message(
      { ...m, heldUs: m.heldUs === null ? null : halfWay },
      way,
      halfWay,
      { ...this.#ui, picked: null },
      () => {},
    );
    const drawn = this.#studio.draw(
      svg`<svg class="picture ring" width=${frame.servers.length}>${drawing}</svg>`,
    );
    const shape = [...(drawn.firstElementChild?.children ?? [])]
      .flatMap((child) => linesOf(child, this.#studio, ['title', 'focus']))
      .filter((line) => !line.startsWith('<title'))
      .map((line) => line.trim())
      .join('');
    const known = this.#shapes.get(shape) ?? `m${this.#shapes.size}`;
    this.#shapes.set(shape, known);
    return known;
  }

  #drawLost({ lost, frame }: { readonly lost: LostFrame; readonly frame: Frame }): string[] {
    if (this.#script.bare && !this.#flights.has(lost.id)) return [];
    const way = this.#way(frame, lost);
    if (!way) return [];
    const { x, y } = onWay(way, lost.onArrival ? 1 : 0.5);
    const look = this.#lookOf(svg`<path class="lost-mark" d="M0 0" />`);
    const spell = [this.#clock(lost.lostUs), this.#clock(lost.lostUs + FADES_US)] as const;
    if (spell[0] === spell[1]) return [];
    return [
      `${this.#seen([spell], ` transform="translate(${round(x)} ${round(y)})"`)}<path class="${look}" d="M-5 -5L5 5M5 -5L-5 5"/></g>`,
    ];
  }

  /** How far it has come, along the bottom. */
  #progress(width: number, height: number): string[] {
    const look = this.#lookOf(svg`<rect class="gone" width="9" height="3" />`);
    const moves = this.#animate('width', [0, width, width], [0, this.#clock(this.#script.toUs), 1]);
    return [`<rect class="${look}" y="${height - 3}" width="0" height="3">${moves}</rect>`];
  }

  #lookOf(shape: TemplateResult): string {
    const drawn = this.#studio.draw(svg`<svg class="picture">${shape}</svg>`).firstElementChild;
    return (drawn && this.#studio.of(drawn)) ?? '';
  }
}

const isRoutine = ({ heartbeat, kind, success }: MessageFrame): boolean =>
  heartbeat || (kind === 'AppendEntriesReply' && success === true);

/** What the author says, in lines that fit. */
export function toldLines(said: string | null, { width }: Size): string[] {
  const lines: string[] = [];
  const most = Math.floor((width - 2 * SAID.edge) / SAID.letter);
  for (const word of (said ?? '').split(/\s+/).filter(Boolean)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word.slice(0, most));
  }
  return lines.length <= SAID.lines
    ? lines
    : [...lines.slice(0, SAID.lines - 1), `${lines[SAID.lines - 1]} …`];
}

/** Where a line through all values bends: between two of these it is straight. */
export function bends(values: readonly number[], tolerance = 2): number[] {
  const kept = [0];
  let from = 0;
  for (let to = 2; to < values.length; to += 1) {
    const [a, b] = [values[from] ?? 0, values[to] ?? 0];
    const strays = values
      .slice(from, to)
      .some((value, i) => Math.abs(value - (a + ((b - a) * i) / (to - from))) > tolerance);
    if (strays) {
      from = to - 1;
      kept.push(from);
    }
  }
  if (values.length > 1) kept.push(values.length - 1);
  return kept;
}

/** As short as it is still exact enough: a ten-thousandth. */
const short = (n: number): string => String(Math.round(n * 10_000) / 10_000).replace(/^0\./, '.');
