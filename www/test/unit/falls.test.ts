// What fell, what speaks against it, and what is lit.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import { evidence, fallOf, type ShownFall } from '../../falls.ts';
import { lightOf } from '../../guilt.ts';
import { Painter } from '../../picture.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { INITIAL, type State, update } from '../../store.ts';
import { Trail } from '../../trail.ts';
import { aFrame } from '../frames.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const broken = (property: 'LogMatching' | 'ElectionSafety' | 'Linearizability', seq: number) => {
  return { property, seq, atUs: seq * 10, text: `${property} is broken: ${seq} did it.` };
};

test('what fell last is told, with all that fell by the same event', () => {
  expect(fallOf(aFrame([]))).toBeNull();
  const violations = [broken('ElectionSafety', 3), broken('LogMatching', 5), broken('Linearizability', 5)];
  const frame = aFrame([], { violations });
  expect(fallOf(frame)).toEqual({
    seq: 5,
    atUs: 50,
    names: ['Log Matching', 'Linearizability'],
    text: '5 did it.',
  });
  expect(fallOf(frame, 3)).toMatchObject({ names: ['Election Safety'] });
  const linearizable = { verdict: 'no', seq: 5, atUs: 50, text: 'get x' } as const;
  expect(fallOf({ ...frame, linearizable })?.names, 'told once').toHaveLength(2);
  expect(fallOf(aFrame([], { linearizable }))).toMatchObject({ names: ['Linearizability'], text: 'get x' });
});

const open = (name: string): Session =>
  WasmSession.open(readFileSync(`scenarios/${name}.raft`, 'utf8')) as Session;

test('a stale read is lit with what it contradicts', () => {
  const session = open('stale-read');
  session.playTo(1e7, 1e6, 0);
  const fall = fallOf(session.frame(1, 0));
  const guilt = session.guilt(fall?.seq ?? 0);
  const light = lightOf(guilt, new Trail(session));
  expect([...light.names]).toEqual(['C1', 'C2']);
  expect(light.ops.has(light.stale ?? -1)).toBe(true);
  expect(light.places.map(({ name }) => name)).toEqual(['C1', 'C1', 'C2']);
  expect(light.places.at(-1)).toMatchObject({ seq: fall?.seq, atUs: fall?.atUs });
});

test('the light goes out before the fall and when nobody wants it; evidence before the fall keeps it', () => {
  const session = open('broken/own-term-commit');
  session.playTo(1e7, 1e6, 0);
  const painter = new Painter(session);
  const paint = (state: State) => painter.paint(state, null);
  const { fall, ui } = paint(INITIAL);
  expect(fall).toMatchObject({ names: ['Leader Completeness'], looked: false });
  expect([...ui.light.entries]).toEqual(['S5 2', 'S1 2']);
  expect(paint(update(INITIAL, { type: 'fallHushed', seq: fall?.seq ?? 0 })).ui.light.names.size).toBe(0);

  const looking = update(INITIAL, evidence(fall as ShownFall, 1));
  session.seek(session.events(fall?.events[0] as number, 1)[0]?.atUs as number);
  const moved = update(looking, { type: 'moved', atUs: 0, over: false });
  expect(paint(moved).fall).toMatchObject({ seq: fall?.seq, at: 0, looked: true });
  expect(paint(moved).ui.light).toBe(ui.light);
  const on = update(moved, { type: 'moved', atUs: 1, over: false });
  expect(paint(on).fall, 'before the fall nothing has fallen').toBeNull();
  expect(paint(on).ui.light.places).toEqual([]);
});

test('evidence is shown round and round', () => {
  const fall: ShownFall = { seq: 9, atUs: 9, names: [], text: '', events: [2, 5, 9], at: 2, looked: false };
  expect(evidence(fall, 1)).toMatchObject({ at: 0, seq: 2 });
  expect(evidence(fall, -1)).toMatchObject({ at: 1, seq: 5 });
  expect(evidence({ ...fall, at: 0 }, -1)).toMatchObject({ at: 2, seq: 9 });
});
