// The space-time diagram: time goes to the right, every server and client has a lane, every message is an arrow. What is known
// of the future, after stepping back, lies behind a veil.

import { nothing, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { more } from '../at-hand.ts';
import { time } from '../format.ts';
import type { Frame } from '../generated/engine.ts';
import { clamp, type LadderPlan, pixelsPerUs, round, xOf, zoomed } from '../geometry.ts';
import type { Dispatch, LadderView, Ui } from './contract.ts';
import { drawArrows } from './ladder-arrows.ts';
import { drawLanes, drawMarks } from './ladder-lanes.ts';
import { drawOps } from './ladder-ops.ts';
import { planLadder, ticks } from './ladder-plan.ts';
import { drawWrites } from './ladder-writes.ts';
import { classes, does, isPicked } from './pick.ts';

export const ladder: LadderView = (data, ui, dispatch) => {
  const { frame } = data;
  const atUs = data.atUs ?? ui.atUs;
  // The known end, where it has come to since the frame was made.
  const endUs = Math.max(frame.endUs, atUs);
  const { width, height } = ui.size.ladder;
  const plan = planLadder(
    frame.servers.length,
    frame.clients.length,
    ui.size.ladder,
    ui.window.fromUs,
    ui.window.toUs,
  );
  const { left, right } = plan.scale;
  const hand = more?.ladderGestures(plan, data, ui, dispatch);
  // What does not move with the playhead is drawn anew only when it changes.
  const plights = more?.plights;
  const still = [
    plights,
    data.arrows,
    data.lanes,
    ui.window.fromUs,
    ui.window.toUs,
    width,
    height,
    frame.endUs,
  ];
  return svg`<svg class="picture ladder" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group"
      aria-label="Space-time diagram" @wheel=${hand?.wheel}>
    <defs>
      ${plights?.hatchings}
      <clipPath id="ladder-window"><rect x=${left} y="0" width=${right - left} height=${height} /></clipPath>
      <clipPath id="ladder-signs"><rect x=${left - 9} y="0" width=${right - left + 18} height=${height} /></clipPath>
    </defs>
    <rect class="ladder-ground" x=${left} y="0" width=${right - left} height=${height} @pointerdown=${hand?.down} @pointermove=${hand?.move}
      @pointerup=${hand?.up} @pointercancel=${hand?.up} @dblclick=${hand?.twice} />
    ${notYet(endUs, plan)}
    <g class="inert">${guard(still, () => svg`${axis(plan)}${plights?.drawWalls(data, plan)}${drawLanes(data, plan)}${plights?.drawPlights(data, plan)}${drawWrites(data, plan)}${drawArrows(data, plan)}${plights?.drawPlightWords(data, plan)}`)}</g>
    ${guard([...still, ui.picked, ui.light], () => {
      return svg`<g clip-path="url(#ladder-window)">${drawOps(data, plan, ui, dispatch)}</g>
        <g clip-path="url(#ladder-signs)">${drawMarks(data, plan, ui, dispatch)}${more?.drawBlame(frame, plan, ui, dispatch)}</g>`;
    })}
    ${more?.pickedArrows(data, plan, ui.picked)}
    ${veil(atUs, endUs, plan)}
    ${guard([frame.servers.length, frame.clients.length, width, height, ui.picked], () => names(frame, plan, ui, dispatch))}
    ${guard(still, () => zoomButtons(plan, ui, dispatch))}
    ${playhead(atUs, endUs, plan, hand)}
  </svg>`;
};

/** So many steps of the axis are counted from one place. */
const AS_ONE = 64;

/** Times at the top, and faint lines down from them. */
const axis = (plan: LadderPlan): TemplateResult => {
  // Moments a few µs apart, far from the beginning, have long names.
  const fine = pixelsPerUs(plan.scale) > 0.02 || plan.scale.toUs >= 100_000_000;
  const { stepUs, at } = ticks(plan.scale, fine ? 112 : 84);
  // While time goes on, all move as one: each keeps its place among them.
  const first = Math.floor((at[0] ?? 0) / stepUs / AS_ONE) * AS_ONE * stepUs;
  const x = (us: number): number => round((us - first) * pixelsPerUs(plan.scale));
  const from = round(xOf(plan.scale, first));
  return svg`<g transform="translate(${from} 0)"><path class="grid" d=${at.map((us) => `M${x(us)} ${plan.top}V${plan.bottom}`).join('')} />
    ${repeat(at, Number, (us) => {
      const near = from + x(us);
      if (near > plan.scale.right - 24) return nothing;
      return svg`<text class=${classes('tick', near < plan.scale.left + 24 && 'start')} x=${x(us)} y="14">${tickLabel(us, stepUs, plan.scale.toUs)}</text>`;
    })}</g>`;
};

const THIN = '\u202f';

/** With as many digits as the steps need; in seconds where the playhead's time is, too. */
const tickLabel = (us: number, stepUs: number, toUs: number): string => {
  const [unit, name] = toUs >= 10_000_000 ? [1_000_000, 's'] : [1000, 'ms'];
  const digits = Math.max(0, Math.ceil(Math.log10(unit / stepUs)));
  const [whole = '', rest] = (us / unit).toFixed(digits).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, THIN)}${rest ? `.${rest}` : ''} ${name}`;
};

/** The names at the left, which pick. */
const names = (frame: Frame, plan: LadderPlan, ui: Ui, dispatch: Dispatch): TemplateResult => {
  const name = (id: string, i: number, type: 'serverPicked' | 'clientPicked') => {
    const pick = does(dispatch, { type, id });
    const y = plan.lanes[i] as number;
    return svg`<g class=${classes('lane-name', isPicked(ui.picked, id) && 'picked')} role="button" tabindex="0" aria-label="Lane of ${id}"
        transform="translate(0 ${y})" @click=${pick} @keydown=${pick}>
      <rect class="hit" y="-12" width=${plan.scale.left - 2} height="24" />
      <rect class="focus" x="4" y="-10" width=${plan.scale.left - 10} height="20" rx="5" />
      <text class=${type === 'serverPicked' ? 'name' : 'name client'} x=${plan.scale.left - 12} y="4.5">${id}</text>
    </g>`;
  };
  return svg`${frame.servers.map((s, i) => name(s.id, i, 'serverPicked'))}
    ${frame.clients.map((c, i) => name(c.id, frame.servers.length + i, 'clientPicked'))}`;
};

/** Longer and shorter, where no lane is. */
const zoomButtons = ({ scale, bottom }: LadderPlan, ui: Ui, dispatch: Dispatch): TemplateResult[] =>
  [
    { words: 'Zoom out', x: scale.left - 37, sign: 'M-4 0H4', factor: 2 },
    { words: 'Zoom in', x: scale.left - 17, sign: 'M-4 0H4M0 -4V4', factor: 0.5 },
  ].map(({ words, x, sign, factor }) => {
    const middle = (ui.window.fromUs + ui.window.toUs) / 2;
    const zoom = does(dispatch, { type: 'windowMoved', ...zoomed(ui.window, factor, middle) });
    return svg`<g class="zoom" role="button" tabindex="0" aria-label=${words} transform="translate(${x} ${bottom + 12})" @click=${zoom} @keydown=${zoom}>
      <rect class="body" x="-9" y="-9" width="18" height="18" rx="5" /><path class="sign" d=${sign} /><rect class="focus" x="-9" y="-9" width="18" height="18" rx="5" />
      <title>${words}</title></g>`;
  });

/** Over what is known beyond the playhead. */
const veil = (atUs: number, endUs: number, plan: LadderPlan): TemplateResult | typeof nothing => {
  const [from, to] = [xWithin(plan, atUs), xWithin(plan, endUs)];
  if (to <= from) return nothing;
  return svg`<rect class="known" x=${from} y=${plan.top} width=${round(to - from)} height=${plan.bottom - plan.top} />`;
};

/** Where nothing is known yet. */
const notYet = (endUs: number, plan: LadderPlan): TemplateResult | typeof nothing => {
  const [from, to] = [xWithin(plan, endUs), plan.scale.right];
  if (to <= from) return nothing;
  return svg`<rect class="not-yet" x=${from} y=${plan.top} width=${round(to - from)} height=${plan.bottom - plan.top} />`;
};

const xWithin = ({ scale }: LadderPlan, us: number): number =>
  round(clamp(xOf(scale, us), scale.left, scale.right));

/** The playhead, which can be dragged by its line, its flag and the axis, and moved with the keyboard. */
const playhead = (
  atUs: number,
  endUs: number,
  plan: LadderPlan,
  hand: Partial<Record<'scrub' | 'key', unknown>> | undefined,
): TemplateResult => {
  const { scale, top, bottom } = plan;
  const at = round(xOf(scale, atUs));
  const words = time(atUs);
  const half = words.length * 3.2 + 9;
  // What moves with every frame moves as one; only at the edges the flag stays behind, as one too.
  const flag = round(clamp(at, scale.left + half, scale.right - half) - at);
  const within = at >= scale.left - 0.5 && at <= scale.right + 0.5;
  return svg`<rect class="axis-hit" x=${scale.left} y="0" width=${scale.right - scale.left} height=${top} @pointerdown=${hand?.scrub}
      @pointermove=${hand?.scrub} />
    ${
      within
        ? svg`<g class="playhead" role="slider" tabindex="0" aria-label="Playhead" aria-valuemin="0" aria-valuemax=${endUs}
          aria-valuenow=${atUs} aria-valuetext=${words} transform="translate(${at} 0)" @pointerdown=${hand?.scrub} @pointermove=${hand?.scrub} @keydown=${hand?.key}>
        <rect class="hit" x="-5" y=${top} width="10" height=${bottom + 20 - top} />
        <path class="line" d="M0 ${top}V${bottom + 4}" />
        <path class="grip" d="M-5 ${top - 3}H5V${top + 1}L0 ${top + 7}L-5 ${top + 1}Z" />
        <g transform="translate(${flag} ${bottom})">
          <rect class="flag" x=${round(-half)} y="3" width=${round(2 * half)} height="18" rx="9" />
          <text class="flag-text" y="16">${words}</text>
          <rect class="focus" x=${round(-half - 2.5)} y="0.5" width=${round(2 * half + 5)} height="23" rx="11.5" />
        </g>
      </g>`
        : nothing
    }`;
};
