// Moving along the logs, however long they are: the wheel, a finger or a mouse that pulls them, keys and a hand on the overview above
// them. Scrolled to their end, they are followed again.

import { nothing, svg, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { clamp, round } from '../geometry.ts';
import type { Dispatch, Ui } from './contract.ts';
import type { Reach } from './logs.ts';
import { lastIndexOf } from './logs-plan.ts';
import { classes, does } from './pick.ts';

const scrollTo = (from: number, { end }: Reach, dispatch: Dispatch): void =>
  dispatch({ type: 'logScrolled', from: from >= end ? null : Math.max(1, from) });

/** Less than this is a click of an unsteady hand. */
const STEADY = 5;
/** A pull that is let go goes on, ever slower: how much of its speed is left after a millisecond, and when it stands, in columns a ms. */
const GLIDE = 0.996;
const STANDS = 0.0008;

/** A pull under way, or one that goes on by itself. */
interface Pull {
  x: number;
  at: number;
  from: number;
  /** Columns a ms. */
  speed: number;
  moved: boolean;
  frame: number;
}

const pulls = new WeakMap<EventTarget, Pull>();

export const gestures = (reach: Reach, dispatch: Dispatch) => ({
  wheel: (event: WheelEvent): void => wheel(event, reach, dispatch),
  down: (event: PointerEvent): void => {
    const picture = event.currentTarget as Element;
    cancelAnimationFrame(pulls.get(picture)?.frame ?? 0);
    pulls.delete(picture);
    if (event.button !== 0 || !event.isPrimary || reach.end <= 1) return;
    const { clientX: x, timeStamp: at } = event;
    pulls.set(picture, { x, at, from: reach.from, speed: 0, moved: false, frame: 0 });
  },
  move: (event: PointerEvent): void => {
    const pull = pulls.get(event.currentTarget as Element);
    if (!pull || event.buttons === 0) return;
    const by = (pull.x - event.clientX) / reach.column;
    if (!pull.moved && Math.abs(by * reach.column) < STEADY) return;
    if (!pull.moved) (event.currentTarget as Element).setPointerCapture(event.pointerId);
    pull.moved = true;
    pull.speed = by / Math.max(1, event.timeStamp - pull.at);
    pull.from = clamp(pull.from + by, 1, reach.end);
    [pull.x, pull.at] = [event.clientX, event.timeStamp];
    scrollTo(pull.from, reach, dispatch);
  },
  up: (event: PointerEvent): void => {
    const pull = pulls.get(event.currentTarget as Element);
    if (pull?.moved && event.timeStamp - pull.at < 60 && !isCalm()) glide(pull, reach, dispatch);
  },
  /** A click that only ends a pull picks nothing. */
  click: (event: MouseEvent): void => {
    if (pulls.get(event.currentTarget as Element)?.moved) event.stopImmediatePropagation();
  },
});

const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

const glide = (pull: Pull, reach: Reach, dispatch: Dispatch): void => {
  const step = (now: number): void => {
    const passed = Math.max(0, now - pull.at);
    pull.at = now;
    pull.from = clamp(pull.from + pull.speed * passed, 1, reach.end);
    pull.speed *= GLIDE ** passed;
    scrollTo(pull.from, reach, dispatch);
    if (Math.abs(pull.speed) > STANDS && pull.from > 1 && pull.from < reach.end)
      pull.frame = requestAnimationFrame(step);
  };
  pull.frame = requestAnimationFrame(step);
};

/** A wheel that goes down scrolls the logs too, where nothing around them can scroll that way. */
const wheel = (event: WheelEvent, reach: Reach, dispatch: Dispatch): void => {
  const [x, y] = event.shiftKey ? [event.deltaX + event.deltaY, 0] : [event.deltaX, event.deltaY];
  const down = Math.abs(y) >= Math.abs(x);
  if (event.ctrlKey || (down && (y === 0 || isIn(event.currentTarget as Element)))) return;
  const unit = [1, 20, 400][event.deltaMode] ?? 1;
  const from = clamp(reach.from + ((down ? y : x) * unit) / reach.column, 1, reach.end);
  if (from === reach.from) return;
  event.preventDefault();
  scrollTo(from, reach, dispatch);
};

/** Whether the picture stands in something that scrolls up and down. */
const isIn = (picture: Element): boolean =>
  [picture.parentElement, document.scrollingElement].some(
    (box) => box !== null && box.scrollHeight > box.clientHeight + 1,
  );

const HIGH = 12;

/** Above the logs: how far each reaches, the committed part darker, and which part of that is in sight; nothing if all is. */
export const overview = (
  frame: Frame,
  reach: Reach,
  x: number,
  width: number,
  dispatch: Dispatch,
): TemplateResult | typeof nothing => {
  const { from, end, count } = reach;
  if (end <= 1) return nothing;
  const all = end + count - 1;
  const at = (index: number): number => round(((index - 1) / all) * width);
  const thumb = Math.max(22, (width * count) / all);
  const left = round(((from - 1) / (end - 1)) * (width - thumb));
  const pitch = HIGH / frame.servers.length;
  const lines = (part: (s: Frame['servers'][number]) => readonly [number, number]): string =>
    frame.servers
      .map((s, i) => {
        const [a, b] = part(s);
        return b > a ? `M${at(a)} ${round((i + 0.5) * pitch)}H${at(b)}` : '';
      })
      .join('');
  const drag = (event: PointerEvent): void => {
    event.stopPropagation(); // pulling the overview is not pulling the logs
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const track = event.currentTarget as SVGGraphicsElement;
    if (event.type === 'pointerdown') track.setPointerCapture(event.pointerId);
    const box = track.getBoundingClientRect();
    const part = (event.clientX - box.left - thumb / 2) / (width - thumb);
    scrollTo(1 + clamp(part, 0, 1) * (end - 1), reach, dispatch);
  };
  const [first, last] = [Math.ceil(from - 0.3), Math.min(lastIndexOf(frame), Math.floor(from + count - 0.7))];
  return svg`<g class="overview" role="slider" tabindex="0" aria-label="First entry shown" aria-valuemin="1" aria-valuemax=${end}
      aria-valuenow=${round(from)} aria-valuetext="entries ${first} to ${last} of ${lastIndexOf(frame)}" transform="translate(${x} 5)"
      @keydown=${(event: KeyboardEvent) => key(event, reach, dispatch)} @click=${(e: Event) => e.stopPropagation()}>
    <path class="all" d=${lines((s) => [s.commitIndex + 1, s.lastIndex + 1])} stroke-width=${round(pitch * 0.65)} />
    <path class="done" d=${lines((s) => [1, s.commitIndex + 1])} stroke-width=${round(pitch * 0.65)} />
    <rect class="thumb" x=${left} y="-1" width=${round(thumb)} height=${HIGH + 2} rx="3" />
    <rect class="focus" x=${left - 2} y="-3" width=${round(thumb + 4)} height=${HIGH + 6} rx="5" />
    <rect class="hit" y="-5" width=${width} height="24" @pointerdown=${drag} @pointermove=${drag} />
  </g>`;
};

const key = (event: KeyboardEvent, reach: Reach, dispatch: Dispatch): void => {
  const { from, end, count } = reach;
  const to: Record<string, number> = {
    ArrowLeft: Math.ceil(from) - 1,
    ArrowRight: Math.floor(from) + 1,
    PageUp: from - count,
    PageDown: from + count,
    Home: 1,
    End: end,
  };
  const target = to[event.key];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation(); // or the page's own keys would step as well
  scrollTo(target, reach, dispatch);
};

/** The switch beside the overview. Scrolling lets go of the end. */
export const followSwitch = (
  ui: Ui,
  reach: Reach,
  width: number,
  dispatch: Dispatch,
): TemplateResult | typeof nothing => {
  if (reach.end <= 1) return nothing;
  const turn = does(dispatch, { type: 'logScrolled', from: ui.logFollows ? reach.from : null });
  return svg`<g class=${classes('follow', ui.logFollows && 'on')} role="switch" tabindex="0" aria-checked=${ui.logFollows}
      aria-label="Follow the end of the logs" transform="translate(3 5)" @click=${turn} @keydown=${turn}>
    <rect class="hit" x="-3" y="-5" width=${width + 6} height="24" /><rect class="body" width=${width} height="17" rx="8.5" y="-2" /><rect class="focus" x="-2" y="-4" width=${width + 4} height="21" rx="10" />
    <text x=${width / 2} y="10">follow</text><title>${ui.logFollows ? 'The end of the logs stays in sight' : 'Go to the end of the logs, and stay there'}</title>
  </g>`;
};
