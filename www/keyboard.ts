// Keys → actions. One table, from which the help sheet is written too.

import { type Asked, asked } from './asking.ts';
import { evidence, type ShownFall } from './falls.ts';
import type { Frame } from './generated/engine.ts';
import { zoomed } from './geometry.ts';
import { VIEWS } from './layout.ts';
import type { Action, State } from './store.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key` says it; several for the same thing. */
  readonly keys: readonly string[];
  /** As the help sheet shows it. */
  readonly shown: string;
  readonly does: string;
  readonly action: (state: State, frame: Frame, fall: ShownFall | null) => Action | null;
}

const pickedServer = (state: State): string | null =>
  state.picked?.type === 'server' ? state.picked.id : null;

const isUp = (frame: Frame, id: string): boolean =>
  frame.servers.find((server) => server.id === id)?.up ?? false;

const given = (what: Asked | undefined): Action | null =>
  what ? { type: 'commandGiven', line: what.line } : null;

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' ', 'k'], shown: 'Space', does: 'Play or pause', action: () => ({ type: 'playToggled' }) },
  { keys: ['ArrowRight', '.'], shown: '→', does: 'Step forward', action: () => ({ type: 'steppedForward' }) },
  { keys: ['ArrowLeft', ','], shown: '←', does: 'Step back', action: () => ({ type: 'steppedBack' }) },
  { keys: ['n'], shown: 'N', does: 'On to the next notable event', action: () => ({ type: 'storyForward' }) },
  { keys: ['p'], shown: 'P', does: 'Back to the last notable event', action: () => ({ type: 'storyBack' }) },
  { keys: ['Home'], shown: 'Home', does: 'To the start', action: () => ({ type: 'jumpedToStart' }) },
  { keys: ['End'], shown: 'End', does: 'To the end', action: () => ({ type: 'jumpedToEnd' }) },
  {
    keys: ['+', '='],
    shown: '+',
    does: 'Faster',
    action: ({ speed }) => ({ type: 'speedChanged', speed: speed + 1 }),
  },
  {
    keys: ['-', '_'],
    shown: '−',
    does: 'Slower',
    action: ({ speed }) => ({ type: 'speedChanged', speed: speed - 1 }),
  },
  {
    keys: [']'],
    shown: ']',
    does: 'Zoom into the space-time diagram',
    action: (state) => zoomAction(state, 0.5),
  },
  {
    keys: ['['],
    shown: '[',
    does: 'Zoom out of it',
    action: (state) => zoomAction(state, 2),
  },
  {
    keys: ['0'],
    shown: '0',
    does: 'Show the whole run in it',
    action: (_, frame) => wholeAction(frame),
  },
  {
    keys: ['c'],
    shown: 'C',
    does: 'Crash or restart the picked server',
    action: (state, frame) => {
      const id = pickedServer(state);
      return id === null
        ? null
        : { type: 'commandGiven', line: `${isUp(frame, id) ? 'crash' : 'restart'} ${id}` };
    },
  },
  {
    keys: ['t'],
    shown: 'T',
    does: 'Let the picked server time out',
    action: (state) => {
      const id = pickedServer(state);
      return id === null ? null : { type: 'commandGiven', line: `timeout ${id}` };
    },
  },
  {
    keys: ['i'],
    shown: 'I',
    does: 'Isolate the picked server',
    action: (state, frame) => {
      const id = pickedServer(state);
      const others = frame.servers.filter((server) => server.id !== id).map((server) => server.id);
      return id && others.length > 0
        ? { type: 'commandGiven', line: `partition ${id} | ${others.join(' ')}` }
        : null;
    },
  },
  {
    keys: ['a'],
    shown: 'A',
    does: 'Let a client write',
    action: (_, frame) => given(asked(frame)?.write),
  },
  {
    keys: ['r'],
    shown: 'R',
    does: 'Let it read at the picked server, however old that is',
    action: (state, frame) => given(asked(frame, pickedServer(state) ?? undefined)?.read),
  },
  {
    keys: ['h'],
    shown: 'H',
    does: 'Heal the network',
    action: () => ({ type: 'commandGiven', line: 'heal' }),
  },
  {
    keys: ['z'],
    shown: 'Z',
    does: 'Undo the last command or change',
    action: () => ({ type: 'undoAsked' }),
  },
  {
    keys: ['e'],
    shown: 'E',
    does: 'Open or close the scenario’s text; in it, Esc gives the keys back to the page',
    action: () => ({ type: 'editorToggled' }),
  },
  { keys: ['l'], shown: 'L', does: 'Open or close the lessons', action: () => ({ type: 'lessonsToggled' }) },
  { keys: ['g'], shown: 'G', does: 'On in the lesson', action: (state) => inLesson(state, 'next') },
  { keys: ['G'], shown: 'Shift G', does: 'Back in it', action: (state) => inLesson(state, 'back') },
  {
    keys: ['f'],
    shown: 'F',
    does: 'Pause where a property falls, or play on',
    action: () => ({ type: 'fallPausesToggled' }),
  },
  {
    keys: ['w'],
    shown: 'W',
    does: 'Show the next event that speaks against what fell',
    action: (_, __, fall) => fall && evidence(fall, 1),
  },
  {
    keys: ['W'],
    shown: 'Shift W',
    does: 'Show the one before',
    action: (_, __, fall) => fall && evidence(fall, -1),
  },
  {
    keys: ['v'],
    shown: 'V',
    does: 'Show the next view alone, at last all again',
    action: ({ alone }) => ({
      type: 'viewChosen',
      view: VIEWS[alone === null ? 0 : VIEWS.indexOf(alone) + 1] ?? null,
    }),
  },
  {
    keys: ['b'],
    shown: 'B',
    does: 'Branches: name, compare, delete',
    action: () => ({ type: 'overlayToggled', overlay: 'branches' }),
  },
  {
    keys: ['Escape'],
    shown: 'Esc',
    does: 'Let go of what is picked',
    action: (state) => {
      if (state.overlay !== null) return { type: 'overlayClosed' };
      return state.split === null ? { type: 'nothingPicked' } : { type: 'splitCancelled' };
    },
  },
  {
    keys: ['?'],
    shown: '?',
    does: 'This sheet',
    action: () => ({ type: 'overlayToggled', overlay: 'help' }),
  },
];

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

/** What a key means now; `null` for nothing. Digits pick servers. */
export function shortcut(
  key: string,
  state: State,
  frame: Frame,
  fall: ShownFall | null = null,
): Action | null {
  if (/^[1-9]$/.test(key)) {
    const server = frame.servers[Number(key) - 1];
    return server ? { type: 'serverPicked', id: server.id } : null;
  }
  return SHORTCUTS.find(({ keys }) => keys.includes(key))?.action(state, frame, fall) ?? null;
}

/** Whether a key press belongs to what has the focus (a text field, a slider, a button's Space), not to the page. */
export function isTaken(event: KeyboardEvent): boolean {
  const undoes = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (
    (!undoes && (event.ctrlKey || event.metaKey)) ||
    event.altKey ||
    event.defaultPrevented ||
    event.isComposing
  )
    return true;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest('textarea, select, [contenteditable]')) return true;
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
