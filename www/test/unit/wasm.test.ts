// The compiled engine, in Node: it is the same engine as the native one, and it asks nothing of its surroundings that it should not.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Frame } from '../../generated/engine.ts';
import { freshSeed, initSync, Session, version } from '../../pkg/raft_wasm.js';
import { flightsOf } from '../frames.ts';
import { scenarioTexts } from '../scenarios.ts';

const bytes = readFileSync('www/pkg/raft_wasm_bg.wasm');
initSync({ module: bytes });

const STORY = 'raft 1\nservers 3\nclients 1\nseed 18446744073709551615\n@100ms timeout S1\n@300ms C1 put x=1';

function played(text: string, us: number): Session {
  const session = Session.open(text);
  while (session.playTo(us, 1) < us) {}
  return session;
}

const frame = (session: Session): Frame => session.frame(1, 100);

test('it says its version', () => {
  expect(version()).toBe('0.1.0');
});

test('every scenario runs as it does natively', () => {
  const known = readFileSync('crates/raft-lab/tests/fingerprints.txt', 'utf8').trimEnd().split('\n');
  const found = scenarioTexts().map(({ name, text }) => {
    const end = frame(Session.open(text)).scenarioEndUs ?? Number.NaN;
    const session = played(text, end);
    const { seq, ended } = frame(session);
    expect(ended).toBe(true);
    return `${name} ${session.fingerprint()} ${seq}`;
  });
  expect(found).toEqual(known);
});

test('it imports nothing but what it needs', () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const plain = ({ name }: { name: string }) => name.replace(/_[0-9a-f]{16}$/, '').replace(/^__wbg_/, '');
  expect(new Set(imports.map(({ module }) => module))).toEqual(new Set(['./raft_wasm_bg.js', '../rest.js']));
  expect([...new Set(imports.map(plain))].sort()).toEqual([
    // Throwing, and telling the console about a panic.
    'Error',
    '__wbindgen_init_externref_table',
    '__wbindgen_throw',
    'error',
    // Fresh seeds.
    'getRandomValues',
    'new',
    // The clock that slices long work.
    'now',
    // Making objects.
    'parse',
    // Its own other half.
    'rest',
    'stack',
  ]);
});

test('fresh seeds differ and are whole numbers', () => {
  const seeds = Array.from({ length: 20 }, freshSeed);
  expect(new Set(seeds).size).toBe(20);
  for (const seed of seeds) expect(seed).toMatch(/^\d{1,20}$/);
});

test('a session plays, seeks, steps, steers and branches', () => {
  const session = played(STORY, 600_000);
  const end = frame(session);
  expect(end.servers.map(({ role, commitIndex }) => [role, commitIndex])).toEqual([
    ['leader', 2],
    ['follower', 2],
    ['follower', 2],
  ]);
  expect(end.servers[0]?.log.map(({ text }) => text)).toEqual(['no-op', 'x=1']);
  expect(end.seed).toBe('18446744073709551615');
  expect(session.stepBack() && session.stepForward()).toBe(true);
  session.seek(200_000);
  session.command('crash S1');
  expect(session.branches()).toHaveLength(2);
  expect(frame(session).servers[0]?.up).toBe(false);
  session.switchBranch(0);
  session.toEnd();
  expect(frame(session)).toEqual(end);
  const again = played(session.text(), 600_000);
  expect(frame(again)).toEqual(end);
});

test('a branch is looked at beside another, and goes', () => {
  const session = played(STORY, 600_000);
  session.seek(200_000);
  session.command('crash S1');
  session.seek(600_000);
  const here = frame(session);
  const beside = session.beside(0, 1, 100);
  expect(beside?.frame.servers[0]?.log.map(({ text }) => text)).toEqual(['no-op', 'x=1']);
  expect(beside?.logs[0]).toMatchObject({ server: 'S1', index: 2, here: null, there: { text: 'x=1' } });
  expect(session.beside(1, 1, 100)).toBeNull();
  expect(frame(session)).toEqual(here);
  expect(() => session.removeBranch(0)).toThrow('The first branch stays');
  session.removeBranch(1);
  expect(session.branches()).toMatchObject([{ id: 0, current: true }]);
});

test('pictures and events cross the border as they are', () => {
  const session = played(STORY, 600_000);
  const arrows = session.arrows(0, 600_000);
  expect(arrows).toBeInstanceOf(Float64Array);
  expect(arrows.length % 10).toBe(0);
  expect(session.lanes(0, 600_000)).toMatchObject({
    thinned: false,
    ops: [{ client: 'C1', text: 'put x=1', outcome: 'ok' }],
  });
  expect(session.outline()).toMatchObject({ ops: [], marks: [{ kind: 'timeout' }, { kind: 'elected' }] });
  expect(session.operation(0)).toMatchObject({ type: 'Put', key: 'x', value: '1' });
  expect(session.operation(1)).toBeNull();
  const events = session.events(0, session.eventCount() + 5);
  expect(events).toHaveLength(session.eventCount());
  expect(events[0]).toEqual({
    seq: 0,
    atUs: 0,
    cause: null,
    event: { type: 'Began', servers: 3, voters: 3, clients: 1 },
  });
});

test('what flies is told in numbers as it is in words', () => {
  const kinds = new Set<string>();
  for (const { text } of scenarioTexts()) {
    const session = Session.open(text);
    for (let us = 0; us < 1_000_000; us += 37_000) {
      session.playTo(us, 1e6);
      const now = frame(session);
      expect(session.flights()).toEqual(flightsOf(now));
      for (const { kind } of now.messages) kinds.add(kind);
    }
  }
  expect(kinds.size).toBeGreaterThanOrEqual(12);
});

test('what is wrong is thrown with its place', () => {
  const wrong = (action: () => void) => {
    try {
      action();
    } catch (thrown) {
      return thrown;
    }
  };
  expect(wrong(() => Session.open('raft 1\nservers 3\n@1ms crahs S1'))).toMatchObject({
    line: 3,
    column: 6,
    found: 'crahs',
    nearest: 'crash',
  });
  expect(wrong(() => Session.open(STORY).command('crash S7'))).toMatchObject({ line: 1, column: 7 });
});
