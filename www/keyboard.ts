// Keys → actions. The help sheet (views/help.ts) says what they do; a test sees to it that it leaves none out.

import type { asked } from './asking.ts';
import { more } from './at-hand.ts';
import { evidence, type ShownFall } from './falls.ts';
import type { Frame } from './generated/engine.ts';
import { zoomed } from './geometry.ts';
import { VIEWS } from './layout.ts';
import type { Action, State } from './store.ts';

/** The actions that carry nothing. */
type Plain = {
  [T in Action['type']]: { readonly type: T } extends Extract<Action, { type: T }> ? T : never;
}[Action['type']];

type Means = Plain | ((state: State, frame: Frame, fall: ShownFall | null) => Action | null | undefined);

const pickedServer = (state: State): string | null =>
  state.picked?.type === 'server' ? state.picked.id : null;

const isUp = (frame: Frame, id: string): boolean =>
  frame.servers.find((server) => server.id === id)?.up ?? false;

/** `null` where there is nobody to ask, nothing yet before what knows is here. */
const given = (
  what: ReturnType<typeof asked> | undefined,
  deed: 'write' | 'read',
): Action | null | undefined => what && { type: 'commandGiven', line: what[deed].line };

const toServer =
  (line: (id: string, frame: Frame) => string | null): Means =>
  (state, frame) => {
    const id = pickedServer(state);
    const said = id && line(id, frame);
    return said ? { type: 'commandGiven', line: said } : null;
  };

const isolating = (id: string, { servers }: Frame): string | null => {
  const others = servers.filter((server) => server.id !== id).map((server) => server.id);
  return others.length > 0 ? `partition ${id} | ${others.join(' ')}` : null;
};

const faster: Means = ({ speed }) => ({ type: 'speedChanged', speed: speed + 1 });
const slower: Means = ({ speed }) => ({ type: 'speedChanged', speed: speed - 1 });

/** What each key means, as `KeyboardEvent.key` says it. */
export const KEYS: Readonly<Record<string, Means>> = {
  ' ': 'playToggled',
  k: 'playToggled',
  ArrowRight: 'steppedForward',
  '.': 'steppedForward',
  ArrowLeft: 'steppedBack',
  ',': 'steppedBack',
  n: 'storyForward',
  p: 'storyBack',
  Home: 'jumpedToStart',
  End: 'jumpedToEnd',
  '+': faster,
  '=': faster,
  '-': slower,
  _: slower,
  ']': (state) => zoomAction(state, 0.5),
  '[': (state) => zoomAction(state, 2),
  '0': (_, frame) => wholeAction(frame),
  c: toServer((id, frame) => `${isUp(frame, id) ? 'crash' : 'restart'} ${id}`),
  t: toServer((id) => `timeout ${id}`),
  i: toServer(isolating),
  a: (_, frame) => given(more?.asked(frame), 'write'),
  r: (state, frame) => given(more?.asked(frame, pickedServer(state) ?? undefined), 'read'),
  h: () => ({ type: 'commandGiven', line: 'heal' }),
  z: 'undoAsked',
  e: 'editorToggled',
  l: 'lessonsToggled',
  g: (state) => inLesson(state, 'next'),
  G: (state) => inLesson(state, 'back'),
  f: 'fallPausesToggled',
  w: (_, __, fall) => fall && evidence(fall, 1),
  W: (_, __, fall) => fall && evidence(fall, -1),
  v: ({ alone }) => ({
    type: 'viewChosen',
    view: VIEWS[alone === null ? 0 : VIEWS.indexOf(alone) + 1] ?? null,
  }),
  b: () => ({ type: 'overlayToggled', overlay: 'branches' }),
  s: () => ({ type: 'overlayToggled', overlay: 'share' }),
  Escape: ({ overlay, split }) => {
    if (overlay !== null) return { type: 'overlayClosed' };
    return { type: split === null ? 'nothingPicked' : 'splitCancelled' };
  },
  x: () => ({ type: 'overlayToggled', overlay: 'export' }),
  '?': () => ({ type: 'overlayToggled', overlay: 'help' }),
};

const inLesson = ({ lessons }: State, type: 'next' | 'back'): Action | null =>
  lessons === null ? null : { type: 'lessonAsked', deed: { type } };

/** The space-time diagram's window, so many times as long; the playhead stays where it is, if it is in sight. */
export function zoomAction({ window, atUs }: State, factor: number): Action {
  const inSight = atUs >= window.fromUs && atUs <= window.toUs;
  const around = inSight ? atUs : (window.fromUs + window.toUs) / 2;
  return { type: 'windowMoved', ...zoomed(window, factor, around) };
}

export const wholeAction = ({ endUs }: Frame): Action => ({
  type: 'windowMoved',
  fromUs: 0,
  toUs: Math.max(1000, endUs * 1.02),
});

/** What a key means now; `null` for nothing, `undefined` for nothing yet. Digits pick servers. */
export function shortcut(
  key: string,
  state: State,
  frame: Frame,
  fall: ShownFall | null = null,
): Action | null | undefined {
  if (/^[1-9]$/.test(key)) {
    const server = frame.servers[Number(key) - 1];
    return server ? { type: 'serverPicked', id: server.id } : null;
  }
  const means = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (!means) return null;
  return typeof means === 'string' ? { type: means } : means(state, frame, fall);
}

/** Whether a key press belongs to what has the focus (a text field, a slider, a button's Space), not to the page. */
export function isTaken(event: KeyboardEvent, target = event.composedPath()[0]): boolean {
  const undoes = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (
    (!undoes && (event.ctrlKey || event.metaKey)) ||
    event.altKey ||
    event.defaultPrevented ||
    event.isComposing
  )
    return true;
  // What was done just before may have taken away what had the focus.
  if (!(target instanceof Element && target.isConnected)) return false;
  if (target.closest('select, [contenteditable]')) return true;
  if (target.closest('textarea')) return event.key !== 'Escape';
  const input = target.closest('input');
  if (input && !['range', 'checkbox'].includes(input.type))
    return event.key !== 'Escape' && event.key !== '?';
  if (input && / |Arrow|Home|End|Page/.test(event.key)) return true;
  if (event.key === 'Escape' || event.key === '?') return false;
  const role = target.closest('[role]')?.getAttribute('role') ?? '';
  if (event.key === ' ' || event.key === 'Enter')
    return target.closest('button, a, summary, [role=button], [role=tab]') !== null;
  return (role === 'slider' || role === 'tab') && /Arrow|Home|End|Page/.test(event.key);
}
