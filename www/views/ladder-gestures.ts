// What a hand does with the space-time diagram: dragging the playhead or the axis scrubs, dragging the picture pans, two fingers
// or a wheel with Ctrl zoom, a sideways wheel pans, a click picks the message under it.

import { clamp, type LadderPlan, usAt, zoomed } from '../geometry.ts';
import type { Arrow } from './arrows.ts';
import type { Dispatch, LadderData, Ui } from './contract.ts';
import { endsOf, shownArrows } from './ladder-arrows.ts';

/** A drag under way: where each finger went down, and what the window was then. Lives as long as the element it is on. */
interface Drag {
  readonly fingers: Map<number, { start: number; now: number }>;
  window: Ui['window'];
  moved: boolean;
}

const drags = new WeakMap<EventTarget, Drag>();

/** Less than this is a click of an unsteady hand. */
const STEADY = 4;

/** All that a gesture needs to know. */
interface Scene {
  readonly plan: LadderPlan;
  readonly data: LadderData;
  readonly ui: Ui;
  readonly dispatch: Dispatch;
}

/** The listeners of one drawing of the ladder. */
export const gestures = (plan: LadderPlan, data: LadderData, ui: Ui, dispatch: Dispatch) => {
  const scene = { plan, data, ui, dispatch };
  return {
    scrub: (event: PointerEvent): void => scrub(event, scene),
    key: (event: KeyboardEvent): void => key(event, scene),
    down: (event: PointerEvent): void => down(event, scene),
    move: (event: PointerEvent): void => drag(event, scene),
    up: (event: PointerEvent): void => up(event, scene),
    wheel: (event: WheelEvent): void => wheel(event, scene),
    /** Zooms in where one points twice. */
    twice: (event: MouseEvent): void =>
      zoom(event.shiftKey ? 2 : 0.5, usAt(plan.scale, local(event).x), scene),
  };
};

const scrub = (event: PointerEvent, scene: Scene): void => {
  if (event.type === 'pointermove' && event.buttons === 0) return;
  if (event.type === 'pointerdown') hold(event);
  scrubTo(usAt(scene.plan.scale, local(event).x), scene);
};

const key = (event: KeyboardEvent, scene: Scene): void => {
  const { ui } = scene;
  const span = ui.window.toUs - ui.window.fromUs;
  const act = KEYS[event.key];
  if (!act) return;
  act({ scene, span, step: span * (event.shiftKey ? 0.1 : 0.01), atUs: ui.atUs });
  event.preventDefault();
  event.stopPropagation(); // or the page's own keys would step as well
};

/** What the page itself does again has no pointer that could be held. */
const hold = ({ currentTarget, isTrusted, pointerId }: PointerEvent): void => {
  if (isTrusted) (currentTarget as Element).setPointerCapture(pointerId);
};

const down = (event: PointerEvent, { ui }: Scene): void => {
  const ground = event.currentTarget as Element;
  hold(event);
  const drag = drags.get(ground) ?? { fingers: new Map(), window: ui.window, moved: false };
  drags.set(ground, drag);
  drag.fingers.set(event.pointerId, { start: local(event).x, now: local(event).x });
  startAnew(drag, ui);
};

const drag = (event: PointerEvent, { plan, dispatch }: Scene): void => {
  const drag = drags.get(event.currentTarget as Element);
  const finger = drag?.fingers.get(event.pointerId);
  if (!drag || !finger) return;
  finger.now = local(event).x;
  if (!drag.moved && Math.abs(finger.now - finger.start) < STEADY) return;
  drag.moved = true;
  dispatch({ type: 'windowMoved', ...follow([...drag.fingers.values()], drag.window, plan) });
};

const up = (event: PointerEvent, { plan, data, ui, dispatch }: Scene): void => {
  const ground = event.currentTarget as Element;
  const drag = drags.get(ground);
  if (!drag) return;
  drag.fingers.delete(event.pointerId);
  startAnew(drag, ui);
  if (drag.fingers.size > 0) return;
  drags.delete(ground);
  if (drag.moved || event.type === 'pointercancel') return;
  const { x, y } = local(event);
  const arrow = arrowUnder(x, y, data, plan);
  dispatch(arrow ? { type: 'messagePicked', id: arrow.id, seq: arrow.seq } : { type: 'nothingPicked' });
};

const wheel = (event: WheelEvent, scene: Scene): void => {
  const { plan, ui } = scene;
  const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
  if (event.ctrlKey || event.metaKey) {
    const turned = Math.max(-60, Math.min(60, event.deltaY));
    zoom(Math.exp(turned * 0.01), usAt(plan.scale, local(event).x), scene);
  } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
    const by = (sideways * (ui.window.toUs - ui.window.fromUs)) / (plan.scale.right - plan.scale.left);
    pan(by, scene);
  } else return; // a wheel that goes down scrolls the page
  event.preventDefault();
};

const local = (event: MouseEvent): { x: number; y: number } => {
  const target = event.currentTarget as SVGElement;
  const box = (target.ownerSVGElement ?? target).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};

/** From here on the fingers move relative to where they are now. */
const startAnew = (drag: Drag, ui: Ui): void => {
  for (const finger of drag.fingers.values()) finger.start = finger.now;
  drag.window = ui.window;
};

const scrubTo = (us: number, { data, dispatch }: Scene): void =>
  dispatch({ type: 'scrubbed', atUs: Math.round(clamp(us, 0, data.frame.endUs)) });

const pan = (byUs: number, { ui, dispatch }: Scene): void =>
  dispatch({ type: 'windowMoved', fromUs: ui.window.fromUs + byUs, toUs: ui.window.toUs + byUs });

const zoom = (factor: number, aroundUs: number, { ui, dispatch }: Scene): void =>
  dispatch({ type: 'windowMoved', ...zoomed(ui.window, factor, aroundUs) });

/** The window in which the times that were under the fingers are under them again. */
const follow = (
  fingers: readonly { start: number; now: number }[],
  window: Ui['window'],
  plan: LadderPlan,
): Ui['window'] => {
  const scale = { ...plan.scale, fromUs: window.fromUs, toUs: window.toUs };
  const span = window.toUs - window.fromUs;
  const perPixel = span / (scale.right - scale.left);
  const [one, other] = fingers;
  if (!one) return window;
  if (!other || Math.abs(one.now - other.now) < 10 || Math.abs(one.start - other.start) < 10) {
    const by = (one.start - one.now) * perPixel;
    return { fromUs: window.fromUs + by, toUs: window.toUs + by };
  }
  const [t1, t2] = [usAt(scale, one.start), usAt(scale, other.start)];
  const zoomed = Math.abs((t2 - t1) / (other.now - one.now));
  const fromUs = t1 - (one.now - scale.left) * zoomed;
  return { fromUs, toUs: fromUs + zoomed * (scale.right - scale.left) };
};

interface KeyPress {
  readonly scene: Scene;
  readonly span: number;
  readonly step: number;
  readonly atUs: number;
}

const KEYS: Record<string, (press: KeyPress) => void> = {
  ArrowLeft: ({ scene, atUs, step }) => scrubTo(atUs - step, scene),
  ArrowRight: ({ scene, atUs, step }) => scrubTo(atUs + step, scene),
  Home: ({ scene }) => scrubTo(0, scene),
  End: ({ scene }) => scrubTo(scene.data.frame.endUs, scene),
  PageUp: ({ scene, span }) => pan(-span / 2, scene),
  PageDown: ({ scene, span }) => pan(span / 2, scene),
  '+': ({ scene, atUs }) => zoom(0.8, atUs, scene),
  '=': ({ scene, atUs }) => zoom(0.8, atUs, scene),
  '-': ({ scene, atUs }) => zoom(1.25, atUs, scene),
};

/** The arrow under a point, if there is one within a finger's reach. */
export const arrowUnder = (
  x: number,
  y: number,
  { arrows: rows, frame }: LadderData,
  plan: LadderPlan,
  reach = 8,
): Arrow | undefined => {
  let [best, near]: [Arrow | undefined, number] = [undefined, reach];
  for (const arrow of shownArrows(rows, plan).arrows) {
    const [x1, y1, x2, y2] = endsOf(arrow, plan, frame.endUs);
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
    if (distance < near) [best, near] = [arrow, distance];
  }
  return best;
};
