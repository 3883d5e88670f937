// @vitest-environment happy-dom

// The ways to read: who runs them and when, and what is shown of them.

import { readFileSync } from 'node:fs';
import { render } from 'lit-html';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ReadTable } from '../../generated/engine.ts';
import type { Picture } from '../../picture.ts';
import { initSync, ReadModes } from '../../pkg/raft_wasm.js';
import { hasReads, modeOf } from '../../reads.ts';
import { ReadsRunner } from '../../reads-runner.ts';
import { type Action, INITIAL, type State, update } from '../../store.ts';
import { reads, readsPicture } from '../../views/reads.ts';
import { aClient, aFrame, aServer } from '../frames.ts';

const FOUR_WAYS = readFileSync('scenarios/four-ways-to-read.raft', 'utf8');

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A runner of work that is done after so many slices, and what it did. */
function bench(slices = 3) {
  const did: string[] = [];
  let left = 0;
  const runner = new ReadsRunner({
    open: (text) => {
      left = slices;
      did.push(`open ${text}`);
      return {
        runSome: () => --left > 0,
        table: () => ({}) as ReadTable,
        text: (mode) => mode,
        free: () => did.push('free'),
      };
    },
    tell: (_, running) => did.push(running ? 'some' : 'all'),
    broke: (thrown) => did.push(String(thrown)),
  });
  return { runner, did };
}

test('what is looked at is compared once, in slices, and then nothing runs', () => {
  const { runner, did } = bench();
  runner.follow('a');
  vi.runAllTimers();
  expect(did).toEqual(['open a', 'some', 'all']);
  runner.follow('a');
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing runs while nobody looks, and it goes on where it was', () => {
  const { runner, did } = bench();
  runner.follow('a');
  vi.advanceTimersToNextTimer();
  runner.follow(null);
  expect(vi.getTimerCount()).toBe(0);
  runner.follow('a');
  vi.runAllTimers();
  expect(did).toEqual(['open a', 'some', 'all']);
});

test('a changed scenario is compared anew once it has settled, one with another way to read is not', () => {
  const { runner, did } = bench(1);
  runner.follow('a\n');
  vi.runAllTimers();
  for (const text of ['a\nset reads lease\n', 'a\n@100ms  set reads stale\n']) runner.follow(text);
  expect(vi.getTimerCount()).toBe(0);
  runner.follow('b');
  runner.follow('c');
  vi.runAllTimers();
  expect(did).toEqual(['open a\n', 'all', 'free', 'open c', 'all']);
});

test('an engine that breaks is told of', () => {
  const { runner, did } = bench(0);
  vi.spyOn(runner, 'stop');
  const broken = new ReadsRunner({
    open: () => ({
      runSome: () => {
        throw new WebAssembly.RuntimeError('unreachable');
      },
      table: () => ({}) as ReadTable,
      text: () => undefined,
      free: () => {},
    }),
    tell: () => {},
    broke: (thrown) => did.push((thrown as Error).message),
  });
  broken.follow('a');
  vi.runAllTimers();
  expect(did).toEqual(['unreachable']);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is known who reads, and how', () => {
  expect(hasReads('raft 1\n@100ms  C1 put x=1\n')).toBe(false);
  expect(hasReads('raft 1\n@100ms  say "C1 get x"\n')).toBe(false);
  for (const line of [
    'C1 get x',
    'C2 get x lease via S1',
    'load C1 get every 20ms',
    'load C9 mixed 50% after 0ms',
  ]) {
    expect(hasReads(`raft 1\n@100ms  ${line}\n`)).toBe(true);
    expect(hasReads(`raft 1\nprotocol two-phase-commit\n@100ms  ${line}\n`)).toBe(false);
  }
  expect(modeOf('raft 1\nset reads lease\n')).toBe('lease');
  expect(modeOf('raft 1\n')).toBe('log');
});

/** The view of a scenario, compared to its end, and what was done in it. */
function shown(text: string) {
  const sent: Action[] = [];
  let state: State = INITIAL;
  const modes = ReadModes.open(text);
  while (modes.runSome(1000)) {}
  const place = document.createElement('div');
  const picture = { text, frame: aFrame([aServer(1)], { clients: [aClient(1)] }) } as Picture;
  const send = (action: Action) => {
    sent.push(action);
    state = update(state, action);
    draw();
  };
  const draw = () => render(reads(picture, state, send), place);
  send({ type: 'readsCompared', table: modes.table(), running: false });
  const rows = () =>
    [...place.querySelectorAll('.way')].map((row) =>
      [...row.querySelectorAll('[role=rowheader], [role=cell]:not(.took)')].map((cell) =>
        cell.textContent?.replace(/\s+/g, ' ').trim(),
      ),
    );
  return { place, sent, rows };
}

test('a picture taken before the runs are over says how far they have come', () => {
  const modes = ReadModes.open(FOUR_WAYS);
  const place = document.createElement('div');
  const corner = () => {
    render(readsPicture(modes.table()), place);
    return place.querySelector('text')?.textContent;
  };
  expect(corner()).toBe('to 0.0 ms');
  while (modes.runSome(1000)) {}
  expect(corner()).toBe('reads');
});

test('the table says of each way what it gives and costs', () => {
  const { rows, place } = shown(FOUR_WAYS);
  expect(rows()).toEqual([
    ['stale', '99.5 %', '25.1', '29.4', '2.0', '✗ 82 stale'],
    ['leader-local', '99.5 %', '25.2', '29.8', '2.0', '✗ 63 stale'],
    ['lease', '98.6 %', '25.2', '50.4', '2.1', '✓ linearizable'],
    ['read-index', '96.1 %', '72.5', '346', '8.9', '✓ linearizable'],
    ['log', '96.5 %', '59.8', '336', '4.5', '✓ linearizable'],
  ]);
  expect(place.querySelector('.current')?.textContent).toContain('leader-local');
});

test('a stale read is listed and opens the run in which it happened', () => {
  const { place, sent } = shown(FOUR_WAYS);
  place.querySelectorAll<HTMLElement>('.verdict button')[1]?.click();
  const first = place.querySelector<HTMLElement>('.stale-read');
  expect(first?.textContent?.replace(/\s+/g, ' ')).toContain(
    'C2 get z → 21; put z=24 was acknowledged 41.2 ms before',
  );
  first?.click();
  expect(sent.at(-1)).toMatchObject({
    type: 'readModeChosen',
    mode: 'leader-local',
    stale: { client: 'C2', atUs: 2_421_170 },
  });
});

test('the axis of latencies is a slider that says how many were answered within', () => {
  const { place } = shown(FOUR_WAYS);
  const slider = place.querySelector('[role=slider]') as HTMLElement;
  slider.dispatchEvent(new FocusEvent('focus'));
  slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageUp' }));
  expect(slider.getAttribute('aria-valuetext')).toMatch(
    /^50\.1 ms: stale 99\.\d %, leader-local 9\d\.\d %, lease 9\d\.\d %, read-index 1?\d\.\d %, log \d+\.\d %$/,
  );
  expect(place.querySelectorAll('.within')).toHaveLength(5);
  slider.dispatchEvent(new FocusEvent('blur'));
  expect(place.querySelectorAll('.within')).toHaveLength(0);
});

test('where nobody reads, somebody is offered who does', () => {
  const { place, sent } = shown('raft 1\n');
  place.querySelector('button')?.click();
  expect(sent.at(-1)).toEqual({ type: 'commandGiven', line: 'load C1 mixed 80% every 20ms' });
});
