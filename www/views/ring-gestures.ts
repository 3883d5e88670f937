// What a hand does with the cluster: an election timer dragged to empty fires, a line drawn from one place to another cuts that
// direction of their link or mends it, a loop drawn around some splits them off. Less than a drag is a click. The keyboard does
// the same by T, by the inspector of a link, and by Split among the controls.

import type { Frame } from '../generated/engine.ts';
import { type Box, isWithin, type Point } from '../geometry.ts';
import type { Dispatch, Gesture, Name, Ui } from './contract.ts';
import type { RingPlan } from './ring-plan.ts';
import { EMPTY } from './ring-server.ts';

/** Less than this is a click of an unsteady hand. */
const STEADY = 6;
/** How far outside its circle a server's timer is caught. */
const TIMER_REACH = 11;
/** A loop is drawn with points this far apart. */
const APART = 5;

interface Scene {
  readonly frame: Frame;
  readonly plan: RingPlan;
  readonly ui: Ui;
  readonly dispatch: Dispatch;
}

/** A drag under way, or one that ended just now, whose click must not pick anything. */
interface Drag {
  readonly start: Point;
  /** What it has come to. Kept here, for a hand may move more often than the page is drawn. */
  gesture: Gesture;
  moved: boolean;
}

const drags = new WeakMap<EventTarget, Drag>();

export const gestures = (frame: Frame, plan: RingPlan, ui: Ui, dispatch: Dispatch) => {
  const scene = { frame, plan, ui, dispatch };
  return {
    down: (event: PointerEvent): void => down(event, scene),
    move: (event: PointerEvent): void => move(event, scene),
    up: (event: PointerEvent): void => up(event, scene),
    /** Whether a click only ends a drag. */
    ends: (event: MouseEvent): boolean => {
      const drag = drags.get(event.currentTarget as Element);
      drags.delete(event.currentTarget as Element);
      return drag?.moved ?? false;
    },
  };
};

const down = (event: PointerEvent, scene: Scene): void => {
  const picture = event.currentTarget as Element;
  drags.delete(picture);
  if (event.button !== 0 || !event.isPrimary) return;
  const start = local(event);
  const gesture = beginning(start, scene);
  // A finger on the ground scrolls the page, unless somebody is about to split the network.
  const ground = gesture.type === 'loop';
  if (ground && event.pointerType === 'touch' && scene.ui.split === null) return;
  drags.set(picture, { start, gesture, moved: false });
};

const beginning = (at: Point, { frame, plan }: Scene): Gesture => {
  const nearest = nearestServer(at, plan);
  const server = frame.servers[nearest.i];
  if (server && nearest.far < plan.r) return { type: 'wire', from: server.id, to: null, at };
  if (server?.up && server.electionTimer && nearest.far < plan.r + TIMER_REACH)
    return { type: 'timer', server: server.id, left: 1 };
  const client = frame.clients[plan.clients.findIndex((box) => isInBox(at, box))];
  return client ? { type: 'wire', from: client.id, to: null, at } : { type: 'loop', points: [at] };
};

const move = (event: PointerEvent, scene: Scene): void => {
  const picture = event.currentTarget as Element;
  const drag = drags.get(picture);
  if (!drag || event.buttons === 0) return;
  const at = local(event);
  if (!drag.moved && Math.hypot(at.x - drag.start.x, at.y - drag.start.y) < STEADY) return;
  // What is done again by the page itself has no pointer that could be held.
  if (event.isTrusted && !picture.hasPointerCapture(event.pointerId))
    picture.setPointerCapture(event.pointerId);
  drag.moved = true;
  drag.gesture = follow(drag.gesture, at, scene);
  scene.dispatch({ type: 'gestured', gesture: drag.gesture });
};

const follow = (gesture: Gesture, at: Point, scene: Scene): Gesture => {
  switch (gesture.type) {
    case 'timer':
      return { ...gesture, left: leftAt(gesture, at, scene) };
    case 'wire':
      return { ...gesture, at, to: targetOf(gesture.from, at, scene) };
    case 'loop': {
      const last = gesture.points[gesture.points.length - 1] as Point;
      const far = Math.hypot(at.x - last.x, at.y - last.y) >= APART;
      return far ? { ...gesture, points: [...gesture.points, at] } : gesture;
    }
  }
};

/** What is left of a timer whose end is dragged to here; it does not jump over the top. */
const leftAt = (
  { server, left }: Extract<Gesture, { type: 'timer' }>,
  at: Point,
  { frame, plan }: Scene,
): number => {
  const middle = plan.servers[frame.servers.findIndex(({ id }) => id === server)] as Point;
  const turn = Math.atan2(at.x - middle.x, middle.y - at.y) / (2 * Math.PI);
  const now = turn < 0 ? turn + 1 : turn;
  if (left < 0.4 && now > 0.6) return 0;
  return left > 0.7 && now < 0.2 && left < 1 ? 1 : now;
};

/** What a line from `from` may end at here: clients speak to servers only. */
const targetOf = (from: Name, at: Point, { frame, plan }: Scene): Name | null => {
  const nearest = nearestServer(at, plan);
  const server = nearest.far < plan.r + TIMER_REACH ? frame.servers[nearest.i]?.id : undefined;
  if (server !== undefined) return server === from ? null : server;
  if (from.startsWith('C')) return null;
  return frame.clients[plan.clients.findIndex((box) => isInBox(at, box))]?.id ?? null;
};

const up = (event: PointerEvent, scene: Scene): void => {
  const drag = drags.get(event.currentTarget as Element);
  if (!drag?.moved) return;
  scene.dispatch({ type: 'gestured', gesture: null });
  const line = event.type === 'pointercancel' ? null : commandOf(drag.gesture, scene.frame, scene.plan);
  if (line !== null) scene.dispatch({ type: 'gestureDone', line });
};

/** What a gesture would do if it ended now; `null` for nothing. */
export const commandOf = (gesture: Gesture, frame: Frame, plan: RingPlan): string | null => {
  switch (gesture.type) {
    case 'timer':
      return gesture.left < EMPTY ? `timeout ${gesture.server}` : null;
    case 'wire': {
      const { from, to } = gesture;
      if (to === null) return null;
      const isCut = frame.cuts.some((cut) => cut.from === from && cut.to === to);
      return `${isCut ? 'mend' : 'cut'} ${from}->${to}`;
    }
    case 'loop':
      return partition(gesture.points, frame, plan);
  }
};

/** Whoever the loop holds against all others. Clients are on a side only if the loop holds some: else they reach everybody. */
const partition = (loop: readonly Point[], frame: Frame, plan: RingPlan): string | null => {
  const { inside, outside } = sides(loop, frame, plan);
  return inside.servers.length === 0 || outside.servers.length === 0
    ? null
    : `partition ${[...inside.servers, ...inside.clients].join(' ')} | ${[
        ...outside.servers,
        ...(inside.clients.length > 0 ? outside.clients : []),
      ].join(' ')}`;
};

/** Who is within a loop, and who is not. */
const sides = (loop: readonly Point[], frame: Frame, plan: RingPlan) => {
  const middle = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });
  const servers = frame.servers.map(({ id }, i) => ({ id, held: isWithin(plan.servers[i] as Point, loop) }));
  const clients = frame.clients.map(({ id }, i) => ({
    id,
    held: isWithin(middle(plan.clients[i] as Box), loop),
  }));
  const of = (all: typeof servers, held: boolean) =>
    all.filter((one) => one.held === held).map(({ id }) => id);
  return {
    inside: { servers: of(servers, true), clients: of(clients, true) },
    outside: { servers: of(servers, false), clients: of(clients, false) },
  };
};

const nearestServer = (at: Point, { servers }: RingPlan): { i: number; far: number } => {
  const far = servers.map((p) => Math.hypot(at.x - p.x, at.y - p.y));
  const least = Math.min(...far);
  return { i: far.indexOf(least), far: least };
};

const isInBox = ({ x, y }: Point, box: Box): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

const local = (event: MouseEvent): Point => {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};
