// @vitest-environment happy-dom

// Branches: the tree, their names, and two of them side by side.

import { readFileSync } from 'node:fs';
import { render } from 'lit-html';
import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import type { BranchFrame, Frame } from '../../generated/engine.ts';
import { Painter } from '../../picture.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { type Action, INITIAL, type State, update } from '../../store.ts';
import { differences, sentence } from '../../views/beside.ts';
import { axisOf, branches, inOrder, nameOf } from '../../views/branches.ts';
import { aClient, aFrame, anOp, aServer } from '../frames.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const aBranch = (id: number, parent: number | null, forkUs: number, given: Partial<BranchFrame> = {}) => ({
  id,
  parent,
  forkUs,
  endUs: 2_000_000,
  command: parent === null ? null : `crash S${id}`,
  current: false,
  ...given,
});

test('a branch stands below the one it leaves, the last to leave first', () => {
  const all = [
    aBranch(0, null, 0),
    aBranch(1, 0, 500),
    aBranch(2, 0, 900),
    aBranch(3, 2, 1500),
    aBranch(4, 2, 300),
  ];
  const rows = inOrder(all).map(({ branch, parent }) => [branch.id, parent?.id ?? null]);
  expect(rows).toEqual([
    [0, null],
    [2, 0],
    [3, 2],
    [1, 0],
    [4, 0], // it left 2 before that had begun
  ]);
});

test('on the axis of branches time goes on, and no two moments crowd', () => {
  const x = axisOf([1_000, 1_100, 60_000_000]);
  expect([x(0), x(60_000_000)]).toEqual([0, 1]);
  expect(x(1_100) - x(1_000)).toBeGreaterThan(0.15);
  for (let us = 0; us < 3_000; us += 100) expect(x(us + 100)).toBeGreaterThan(x(us));
  expect(axisOf([0])(0)).toBe(0);
});

test('a branch is called after what began it, unless it was given a name', () => {
  const names = { names: { 2: 'the calm one' }, asked: null, beside: null };
  expect(nameOf(aBranch(0, null, 0), names)).toBe('main');
  expect(nameOf(aBranch(1, 0, 1_200_000), names)).toBe('what if: crash S1 at 1 200.0 ms');
  expect(nameOf(aBranch(2, 0, 1_200_000), names)).toBe('the calm one');
  expect(nameOf(aBranch(3, 0, 50_000, { command: 'undo crash S1' }), names)).toBe(
    'without crash S1 at 50.0 ms',
  );
  const long = nameOf(
    aBranch(1, 0, 0, { command: 'partition S1 S2 S3 S4 | S5 S6 S7 S8 S9 C1 C2 C3' }),
    names,
  );
  expect(long).toBe('what if: partition S1 S2 S3 S4 | S5 S6 S7 S8 S9 … at 0.0 ms');
});

test('names have 40 letters at most, and go with their branch', () => {
  const name = (state: State, id: number, words: string) =>
    update(state, { type: 'branchNamed', id, name: words });
  let state = name(INITIAL, 1, `  ${'x'.repeat(60)} `);
  expect(state.branches.names).toEqual({ 1: 'x'.repeat(40) });
  expect(name(state, 1, '  ').branches.names).toEqual({});
  state = update({ ...state, branches: { ...state.branches, beside: 1 } }, { type: 'branchRemoved', id: 1 });
  expect(state.branches).toEqual({ names: {}, asked: null, beside: null });
  state = update(name(state, 0, 'a'), { type: 'scenarioOpened', preset: null, written: null, typed: false });
  expect(state.branches.names).toEqual({});
});

const leads = (n: number, term: number, given = {}) => aServer(n, { role: 'leader', term, ...given });
const x = (value: string) => ({ state: [{ key: 'x', value }], lastApplied: 2 });

test('one sentence says who leads and what is agreed on', () => {
  const of = (here: Frame, there: Frame) => sentence(here, there);
  expect(of(aFrame([aServer(1), leads(3, 3, x('2'))]), aFrame([leads(1, 2, x('1'))]))).toBe(
    'Here S3 leads term 3 and x=2 is committed; there S1 still leads term 2 and x=1 is committed.',
  );
  expect(of(aFrame([aServer(1)]), aFrame([leads(1, 2)]))).toBe('Here nobody leads; there S1 leads term 2.');
  expect(of(aFrame([leads(1, 2, x('2'))]), aFrame([leads(1, 2)]))).toBe(
    'In both S1 leads term 2; here x=2 is committed, there x has no value.',
  );
  expect(of(aFrame([leads(1, 2)]), aFrame([leads(1, 2)]))).toBe(
    'In both S1 leads term 2, and the same is committed.',
  );
  const broken: Partial<Frame> = { linearizable: { verdict: 'no', atUs: 1, seq: 1, text: '' } };
  expect(of(aFrame([leads(1, 2)], broken), aFrame([leads(1, 2)]))).toBe(
    'In both S1 leads term 2, but here what clients saw is not linearizable.',
  );
});

test('a table says what differs, and a line what does not', () => {
  const cell = (text: string) => ({ index: 4, term: 2, kind: 'command', text }) as const;
  const clients = (value: string) => [aClient(1, { last: anOp('C1', `put x=${value}`, { outcome: 'ok' }) })];
  const here = aFrame([leads(1, 2, { ...x('2'), commitIndex: 4, lastIndex: 4 }), aServer(2, { term: 2 })], {
    clients: clients('2'),
  });
  const there = aFrame([leads(1, 2, { ...x('1'), commitIndex: 3, lastIndex: 4 }), aServer(2, { term: 2 })], {
    clients: clients('1'),
  });
  const log = { index: 4, here: cell('x=2'), there: null };
  const { rows, same } = differences(here, {
    frame: there,
    logs: [
      { server: 'S1', ...log },
      { server: 'S2', ...log },
    ],
  });
  expect(rows).toEqual([
    ['S1', 'leader, term 2, commit 4 of 4', 'leader, term 2, commit 3 of 4'],
    ['entry 4 of S1 and S2', 'x=2, term 2', 'not there'],
    ['x', '2', '1'],
    ['C1', 'put x=2 ✓', 'put x=1 ✓'],
  ]);
  expect(same).toEqual(['the leader', 'properties', 'what clients saw']);
});

/** The sheet over a real run with two branches, at 1.5 s on the second. */
function desk() {
  const session = WasmSession.open(
    'raft 1\nservers 3\nseed 7\n@100ms timeout S1\n@400ms C1 put x=1\n@3s end',
  ) as Session;
  session.seek(3_000_000);
  session.seek(700_000);
  session.command('crash S1');
  session.seek(1_500_000);
  let state: State = { ...INITIAL, page: { width: 900, height: 600 }, overlay: 'branches' };
  const sent: Action[] = [];
  const place = document.createElement('div');
  document.body.append(place);
  const painter = new Painter(session);
  const send = (action: Action) => {
    sent.push(action);
    state = update(state, action);
    draw();
  };
  const draw = () => render(branches(painter.paint(state, null), state, send), place);
  draw();
  const button = (name: RegExp) =>
    [...place.querySelectorAll<HTMLElement>('button')].find((one) =>
      name.test((one.getAttribute('aria-label') ?? one.textContent ?? '').replace(/\s+/g, ' ').trim()),
    );
  return { place, sent, button };
}

test('a branch is renamed in its place', () => {
  const { place, sent, button } = desk();
  button(/^Rename: what if: crash S1/)?.click();
  const field = place.querySelector('input') as HTMLInputElement;
  expect(field.value).toBe('what if: crash S1 at 700.0 ms');
  field.value = 'no leader';
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  expect(sent.at(-1)).toEqual({ type: 'branchNamed', id: 1, name: 'no leader' });
  expect(
    button(/^no leader crash S1 at 700.0 ms, from main, known to 1.500\.0 ms$/)?.getAttribute('aria-pressed'),
  ).toBe('true');
});

test('a branch goes only if one says so twice, and the first cannot', () => {
  const { sent, button } = desk();
  expect(button(/^Delete: main/)).toBeUndefined();
  button(/^Delete: what if/)?.click();
  button(/^Keep it/)?.click();
  expect(button(/^Delete it/)).toBeUndefined();
  button(/^Delete: what if/)?.click();
  button(/^Delete it/)?.click();
  expect(sent.at(-1)).toEqual({ type: 'branchRemoved', id: 1 });
});

test('two branches stand side by side at the same instant', () => {
  const { place, button } = desk();
  expect(button(/^Set beside the current one: what if/)).toBeUndefined(); // it is the current one
  button(/^Set beside the current one: main/)?.click();
  expect(place.querySelectorAll('.pair svg.ring')).toHaveLength(2);
  expect(place.querySelector('.says')?.textContent).toMatch(
    /^Here S[23] leads term 2; there S1 still leads term 1\.$/,
  );
  const rows = [...place.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  expect(rows[0]).toEqual(['leader', expect.stringMatching(/^S[23]$/), 'S1']);
  expect(rows[1]).toEqual(['S1', 'down, term 1, commit 0 of 2', 'leader, term 1, commit 2 of 2']);
});
