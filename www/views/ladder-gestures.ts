// What a hand does with the space-time diagram: dragging the playhead or the axis scrubs, dragging the picture pans, two fingers
// or a wheel with Ctrl zoom, a sideways wheel pans, a click picks the message under it.

import { type LadderPlan, usAt } from '../geometry.ts';
import type { Dispatch, LadderData, Ui } from './contract.ts';
import { arrowUnder } from './ladder-arrows.ts';

/** A drag under way: where each finger went down, and what the window was then. Lives as long as the element it is on. */
interface Drag {
  readonly fingers: Map<number, { start: number; now: number }>;
  window: Ui['window'];
  moved: boolean;
}

const drags = new WeakMap<EventTarget, Drag>();

/** Less than this is a click of an unsteady hand. */
const STEADY = 4;

export const gestures = (plan: LadderPlan, data: LadderData, ui: Ui, dispatch: Dispatch) => {
  const { frame } = data;
  const local = (event: MouseEvent): { x: number; y: number } => {
    const box = (
      (event.currentTarget as SVGElement).ownerSVGElement ?? (event.currentTarget as SVGElement)
    ).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const move = (fromUs: number, toUs: number): void => dispatch({ type: 'windowMoved', fromUs, toUs });
  const scrubTo = (us: number): void =>
    dispatch({ type: 'scrubbed', atUs: Math.round(Math.min(frame.endUs, Math.max(0, us))) });
  const zoom = (factor: number, aroundUs: number): void =>
    move(aroundUs - (aroundUs - ui.window.fromUs) * factor, aroundUs + (ui.window.toUs - aroundUs) * factor);
  return {
    scrub: (event: PointerEvent): void => {
      if (event.type === 'pointermove' && event.buttons === 0) return;
      if (event.type === 'pointerdown') (event.currentTarget as Element).setPointerCapture(event.pointerId);
      scrubTo(usAt(plan.scale, local(event).x));
    },
    key: (event: KeyboardEvent): void => {
      const span = ui.window.toUs - ui.window.fromUs;
      const step = span * (event.shiftKey ? 0.1 : 0.01);
      const act = KEYS[event.key];
      if (!act) return;
      act({ step, span, frame, ui, scrubTo, move, zoom });
      event.preventDefault();
      event.stopPropagation(); // or the page's own keys would step as well
    },
    down: (event: PointerEvent): void => {
      const ground = event.currentTarget as Element;
      ground.setPointerCapture(event.pointerId);
      const drag = drags.get(ground) ?? { fingers: new Map(), window: ui.window, moved: false };
      drags.set(ground, drag);
      drag.fingers.set(event.pointerId, { start: local(event).x, now: local(event).x });
      for (const finger of drag.fingers.values()) finger.start = finger.now;
      drag.window = ui.window;
    },
    move: (event: PointerEvent): void => {
      const drag = drags.get(event.currentTarget as Element);
      const finger = drag?.fingers.get(event.pointerId);
      if (!drag || !finger) return;
      finger.now = local(event).x;
      if (!drag.moved && Math.abs(finger.now - finger.start) < STEADY) return;
      drag.moved = true;
      const window = follow([...drag.fingers.values()], drag.window, plan);
      move(window.fromUs, window.toUs);
    },
    up: (event: PointerEvent): void => {
      const ground = event.currentTarget as Element;
      const drag = drags.get(ground);
      if (!drag) return;
      drag.fingers.delete(event.pointerId);
      for (const finger of drag.fingers.values()) finger.start = finger.now;
      drag.window = ui.window;
      if (drag.fingers.size > 0) return;
      drags.delete(ground);
      if (drag.moved || event.type === 'pointercancel') return;
      const { x, y } = local(event);
      const arrow = arrowUnder(x, y, data, plan);
      dispatch(arrow ? { type: 'messagePicked', id: arrow.id, seq: arrow.seq } : { type: 'nothingPicked' });
    },
    wheel: (event: WheelEvent): void => {
      const perPixel = (ui.window.toUs - ui.window.fromUs) / (plan.scale.right - plan.scale.left);
      const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey)
        zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.01), usAt(plan.scale, local(event).x));
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY))
        move(ui.window.fromUs + sideways * perPixel, ui.window.toUs + sideways * perPixel);
      else return; // a wheel that goes down scrolls the page
      event.preventDefault();
    },
  };
};

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

interface KeyContext {
  readonly step: number;
  readonly span: number;
  readonly frame: LadderData['frame'];
  readonly ui: Ui;
  readonly scrubTo: (us: number) => void;
  readonly move: (fromUs: number, toUs: number) => void;
  readonly zoom: (factor: number, aroundUs: number) => void;
}

const KEYS: Record<string, (c: KeyContext) => void> = {
  ArrowLeft: (c) => c.scrubTo(c.frame.atUs - c.step),
  ArrowRight: (c) => c.scrubTo(c.frame.atUs + c.step),
  Home: (c) => c.scrubTo(0),
  End: (c) => c.scrubTo(c.frame.endUs),
  PageUp: (c) => c.move(c.ui.window.fromUs - c.span / 2, c.ui.window.toUs - c.span / 2),
  PageDown: (c) => c.move(c.ui.window.fromUs + c.span / 2, c.ui.window.toUs + c.span / 2),
  '+': (c) => c.zoom(0.8, c.frame.atUs),
  '=': (c) => c.zoom(0.8, c.frame.atUs),
  '-': (c) => c.zoom(1.25, c.frame.atUs),
};
