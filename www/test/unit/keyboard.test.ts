// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { isTaken, KEYS, shortcut } from '../../keyboard.ts';
import { INITIAL, type State } from '../../store.ts';
import { SHORTCUTS } from '../../views/help.ts';
import { aClient, aFrame, aServer } from '../frames.ts';

const calm = aFrame([1, 2, 3, 4, 5].map((n) => aServer(n)));

test('the sheet names every key once, and none that does nothing', () => {
  const keys = SHORTCUTS.flatMap(([, , ...keys]) => keys);
  expect(keys.sort()).toEqual(Object.keys(KEYS).sort());
});

test('space plays, arrows step, question mark helps', () => {
  expect(shortcut(' ', INITIAL, calm)).toEqual({ type: 'playToggled' });
  expect(shortcut('ArrowRight', INITIAL, calm)).toEqual({ type: 'steppedForward' });
  expect(shortcut('ArrowLeft', INITIAL, calm)).toEqual({ type: 'steppedBack' });
  expect(shortcut('?', INITIAL, calm)).toEqual({ type: 'overlayToggled', overlay: 'help' });
  expect(shortcut('q', INITIAL, calm)).toBeNull();
});

test('digits pick servers that are there', () => {
  expect(shortcut('3', INITIAL, calm)).toEqual({ type: 'serverPicked', id: 'S3' });
  expect(shortcut('9', INITIAL, calm)).toBeNull();
});

test('C crashes what runs and restarts what does not, if a server is picked', () => {
  expect(shortcut('c', INITIAL, calm)).toBeNull();
  const picked: State = { ...INITIAL, picked: { type: 'server', id: 'S2' } };
  expect(shortcut('c', picked, calm)).toEqual({ type: 'commandGiven', line: 'crash S2' });
  const down = { ...calm, servers: calm.servers.map((server) => ({ ...server, up: false })) };
  expect(shortcut('c', picked, down)).toEqual({ type: 'commandGiven', line: 'restart S2' });
});

test('I isolates the picked server, A writes, and R reads there', () => {
  expect(shortcut('i', INITIAL, calm)).toBeNull();
  expect(shortcut('r', INITIAL, calm)).toBeNull(); // nobody to ask
  const frame = { ...calm, clients: [aClient(1)] };
  const picked: State = { ...INITIAL, picked: { type: 'server', id: 'S2' } };
  const line = (key: string, state = picked) => (shortcut(key, state, frame) as { line?: string })?.line;
  expect(line('i')).toBe('partition S2 | S1 S3 S4 S5');
  expect(line('a')).toBe('C1 put x=1');
  expect(line('r')).toBe('C1 get x stale via S2');
  expect(line('r', INITIAL)).toBe('C1 get x');
});

test('escape closes what lies on top first', () => {
  expect(shortcut('Escape', { ...INITIAL, overlay: 'help', split: [] }, calm)).toEqual({
    type: 'overlayClosed',
  });
  expect(shortcut('Escape', { ...INITIAL, split: [] }, calm)).toEqual({ type: 'splitCancelled' });
  expect(shortcut('Escape', INITIAL, calm)).toEqual({ type: 'nothingPicked' });
});

test('keys belong to what has the focus first', () => {
  const taken = (html: string, key: string, init: KeyboardEventInit = {}) => {
    document.body.innerHTML = html;
    let answer: boolean | undefined;
    const target = document.body.firstElementChild as HTMLElement;
    target.addEventListener('keydown', (event) => {
      answer = isTaken(event);
    });
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, ...init }));
    return answer;
  };
  expect(taken('<div></div>', ' ')).toBe(false);
  expect(taken('<div></div>', 'c', { ctrlKey: true })).toBe(true);
  expect(taken('<textarea></textarea>', 'c')).toBe(true);
  expect(taken('<textarea readonly></textarea>', 'Escape'), 'the sheet that it is in closes').toBe(false);
  expect(taken('<textarea></textarea>', '?')).toBe(true);
  expect(taken('<input />', '1')).toBe(true);
  expect(taken('<input type="range" />', 'ArrowRight')).toBe(true);
  expect(taken('<input type="range" />', 'k')).toBe(false);
  expect(taken('<input type="checkbox" />', ' ')).toBe(true);
  expect(taken('<input type="checkbox" />', 'e')).toBe(false);
  expect(taken('<button></button>', ' ')).toBe(true);
  expect(taken('<button></button>', 'ArrowRight')).toBe(false);
  expect(taken('<div role="slider"></div>', 'ArrowRight')).toBe(true);
  expect(taken('<div role="slider"></div>', '?')).toBe(false);
});
