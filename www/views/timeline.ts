// The whole known run in one strip: terms as coloured bands, solid while somebody leads; crashes, splits and heals as ticks
// below; the ladder's window as a frame. Dragging anywhere puts the playhead there.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import type { LaneMark, LaneSpan, Lanes } from '../generated/engine.ts';
import { clamp, round, type TimeScale, usAt, xOf } from '../geometry.ts';
import { type Dispatch, type TimelineView, term, type Ui } from './contract.ts';
import { lasting } from './lasting.ts';
import { classes } from './pick.ts';

const TAPE = { y: 4, height: 14 } as const;

export const timeline: TimelineView = ({ frame, lanes }, ui, dispatch) => {
  const { width, height } = ui.size.timeline;
  const { atUs } = ui;
  // The known end, where it has come to since the frame was made.
  const endUs = Math.max(frame.endUs, atUs);
  const scale: TimeScale = {
    fromUs: 0,
    toUs: roundUp(Math.max(endUs, 100_000)),
    left: 8,
    right: width - 8,
  };
  const x = (us: number): number => round(clamp(xOf(scale, us), scale.left, scale.right));
  const at = x(atUs);
  const [from, to] = [x(ui.window.fromUs), x(Math.min(ui.window.toUs, scale.toUs))];
  const seconds = `${(atUs / 1_000_000).toFixed(3)} of ${(endUs / 1_000_000).toFixed(3)} seconds`;
  const scrub = scrubs(scale, endUs, dispatch);
  const bands = knownBands(lanes);
  return svg`<svg class="picture timeline" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="slider" tabindex="0"
      aria-label="Playhead in the whole run" aria-valuemin="0" aria-valuemax=${endUs} aria-valuenow=${atUs} aria-valuetext=${seconds}
      @pointerdown=${scrub} @pointermove=${scrub} @keydown=${keys(atUs, endUs, ui, dispatch)}>
    <rect class="hit" width=${width} height=${height} />
    <rect class="track" x=${scale.left} y=${TAPE.y} width=${scale.right - scale.left} height=${TAPE.height} rx="3" />
    ${guard([lanes, scale.toUs, width], () => svg`${bands.slice(0, -1).map((band) => drawBand(band, x))}${drawTicks(lanes.marks, x)}`)}
    ${bands.slice(-1).map((band) => drawBand({ ...band, toUs: endUs }, x))}
    <path class="window" d=${rails(from, Math.max(from + 4, to))} />
    <g class="at" transform="translate(${at} 0)"><path class="line" d="M0 0V${height}" /><circle class="grip" cy=${TAPE.y + TAPE.height / 2} r="5.5" /></g>
    <rect class="focus" x="1" y="1" width=${width - 2} height=${height - 2} rx="6" />
  </svg>`;
};

/** The ladder's part of time, between a rail above the tape and one below: no line crosses a band's label. */
const rails = (from: number, to: number): string => {
  const [above, below] = [TAPE.y - 2, TAPE.y + TAPE.height + 2];
  return `M${from} ${above + 2}V${above}H${to}v2M${from} ${below - 2}V${below}H${to}v-2`;
};

/** A stretch of time in which the newest term, and whether it has a leader, stayed as they were. */
export interface Band {
  readonly fromUs: number;
  readonly toUs: number;
  readonly term: number;
  readonly led: boolean;
}

/** Those of the whole run, made once: a run that grows makes its last band longer. */
const knownBands = (lanes: Lanes): readonly Band[] => {
  if (last?.lanes !== lanes) {
    const endUs = Math.max(0, ...lanes.spans.map((span) => span.toUs));
    last = { lanes, bands: bandsOf(lasting(lanes.spans, endUs)) };
  }
  return last.bands;
};

let last: { readonly lanes: Lanes; readonly bands: readonly Band[] } | undefined;

/** The bands of a run, from what each server was. */
export const bandsOf = (spans: readonly LaneSpan[]): Band[] => {
  const begins = [...spans].sort((a, b) => a.fromUs - b.fromUs);
  const now = new Map<string, LaneSpan>();
  const bands: Band[] = [];
  for (const [i, span] of begins.entries()) {
    now.set(span.server, span);
    const toUs = begins[i + 1]?.fromUs ?? Math.max(...begins.map((s) => s.toUs));
    if (toUs <= span.fromUs) continue; // others begin at the same time
    const up = [...now.values()].filter((s) => s.up);
    const newest = Math.max(0, ...up.map((s) => s.term));
    const led = up.some((s) => s.role === 'leader' && s.term === newest);
    const last = bands.at(-1);
    if (last && last.term === newest && last.led === led) bands[bands.length - 1] = { ...last, toUs };
    else bands.push({ fromUs: span.fromUs, toUs, term: newest, led });
  }
  return bands;
};

const drawBand = (band: Band, x: (us: number) => number): TemplateResult => {
  const [from, to] = [x(band.fromUs), x(band.toUs)];
  const words = to - from > 52 ? `term ${band.term}` : to - from > 14 ? `${band.term}` : '';
  return svg`<g class=${classes('band', term(band.term), band.led && 'led')}>
    <rect x=${from} y=${TAPE.y} width=${round(Math.max(1, to - from))} height=${TAPE.height} />
    ${words && band.term > 0 ? svg`<text x=${round((from + to) / 2)} y=${TAPE.y + 10.5}>${words}</text>` : nothing}
  </g>`;
};

const TICKS: Partial<Record<LaneMark['kind'], string>> = {
  crashed: 'bad',
  poweredOff: 'bad',
  restarted: 'good',
  cut: 'cut',
  healed: 'good',
  violation: 'bad',
};

/** Ticks of one colour are one path. */
const drawTicks = (marks: readonly LaneMark[], x: (us: number) => number): TemplateResult[] => {
  const paths = new Map<string, string>();
  for (const { kind, atUs } of marks) {
    const look = TICKS[kind];
    if (look) paths.set(look, `${paths.get(look) ?? ''}M${x(atUs)} ${TAPE.y + TAPE.height + 1.5}v5.5`);
  }
  return [...paths].map(([look, d]) => svg`<path class="tick-mark ${look}" d=${d} />`);
};

/** The next of 1, 2, 5, 10 … so that the strip keeps its scale for a while as a run grows. */
const roundUp = (us: number): number => {
  const power = 10 ** Math.floor(Math.log10(us));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((n) => n * power >= us) ?? 10) * power;
};

const scrubs =
  (scale: TimeScale, endUs: number, dispatch: Dispatch) =>
  (event: PointerEvent): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const strip = event.currentTarget as Element;
    if (event.type === 'pointerdown') strip.setPointerCapture(event.pointerId);
    const us = usAt(scale, event.clientX - strip.getBoundingClientRect().left);
    dispatch({ type: 'scrubbed', atUs: Math.round(clamp(us, 0, endUs)) });
  };

const keys =
  (atUs: number, endUs: number, ui: Ui, dispatch: Dispatch) =>
  (event: KeyboardEvent): void => {
    const span = ui.window.toUs - ui.window.fromUs;
    const to: Record<string, number> = {
      ArrowLeft: atUs - span / 100,
      ArrowDown: atUs - span / 100,
      ArrowRight: atUs + span / 100,
      ArrowUp: atUs + span / 100,
      PageDown: atUs - span / 2,
      PageUp: atUs + span / 2,
      Home: 0,
      End: endUs,
    };
    const target = to[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // or the page's own keys would step as well
    dispatch({ type: 'scrubbed', atUs: Math.round(clamp(target, 0, endUs)) });
  };
