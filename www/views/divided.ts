// Two parts and the line between them, which can be dragged, or moved with the arrow keys.

import { html, type TemplateResult } from 'lit-html';
import { clamp } from '../geometry.ts';
import type { Divider } from '../layout.ts';
import { shareOf } from '../shares.ts';
import type { Action, State } from '../store.ts';

type Send = (action: Action) => void;

/** One part beside the other (`columns`) or above it (`rows`). */
interface Line {
  readonly name: Divider;
  readonly way: 'columns' | 'rows';
  /** What the line sets: `Width of the cluster`. */
  readonly label: string;
}

const STEP = 0.02;

export function divided(
  { name, way, label }: Line,
  state: State,
  send: Send,
  first: TemplateResult,
  second: TemplateResult,
): TemplateResult {
  const { now, least, most } = shareOf(name, state);
  const set = (share: number | null) =>
    send({ type: 'dividerMoved', divider: name, share: share === null ? null : clamp(share, least, most) });
  const percent = (share: number) => Math.round(share * 100);
  // By property, for a page may forbid attributes of style.
  return html`<div class="divided ${way}" .style=${`--share:${now}`}>${first}
    <div class="divider" role="separator" tabindex="0" aria-orientation=${way === 'columns' ? 'vertical' : 'horizontal'} aria-label=${label}
      title="${label}: drag, or arrow keys; double-click for the usual" aria-valuenow=${percent(now)} aria-valuemin=${percent(least)}
      aria-valuemax=${percent(most)} aria-valuetext="${percent(now)} %" @pointerdown=${grab} @pointermove=${(event: PointerEvent) => drag(event, way, set)}
      @dblclick=${() => set(null)} @keydown=${(event: KeyboardEvent) => key(event, { now, least, most }, set)}></div>
    ${second}</div>`;
}

const grab = (event: PointerEvent): void => {
  (event.currentTarget as Element).setPointerCapture(event.pointerId);
  event.preventDefault(); // selects no text on the way
  (event.currentTarget as HTMLElement).focus({ preventScroll: true });
};

const drag = (event: PointerEvent, way: Line['way'], set: (share: number) => void): void => {
  const line = event.currentTarget as HTMLElement;
  if (event.buttons === 0 || !line.hasPointerCapture(event.pointerId)) return;
  const [place, own] = [line.parentElement?.getBoundingClientRect(), line.getBoundingClientRect()];
  if (!place) return;
  set(
    way === 'columns'
      ? (event.clientX - place.left - own.width / 2) / (place.width - own.width)
      : (event.clientY - place.top - own.height / 2) / (place.height - own.height),
  );
};

const key = (
  event: KeyboardEvent,
  { now, least, most }: { now: number; least: number; most: number },
  set: (share: number | null) => void,
): void => {
  const to: Record<string, number | null> = {
    ArrowLeft: now - STEP,
    ArrowUp: now - STEP,
    ArrowRight: now + STEP,
    ArrowDown: now + STEP,
    Home: least,
    End: most,
    Enter: null,
  };
  const share = to[event.key];
  if (share === undefined) return;
  event.preventDefault();
  event.stopPropagation(); // or the page's own keys would step as well
  set(share);
};
