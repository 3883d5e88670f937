// The engine in two halves does what the whole does: the same trace, the same pictures, whatever was cut where.

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import * as whole from '../../pkg/raft_wasm.js';
import { whenAsked } from '../../rest.js';

let halves: typeof whole;
let asked = 0;

beforeAll(async () => {
  whole.initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
  halves = await import('../../pkg/raft_wasm.js?halves' as '../../pkg/raft_wasm.js');
  const lent = halves.initSync({ module: readFileSync('www/pkg/first.wasm') });
  whenAsked(() => {
    asked += 1;
    const rest = new WebAssembly.Module(readFileSync('www/pkg/rest.wasm'));
    new WebAssembly.Instance(rest, { '': lent as unknown as WebAssembly.ModuleImports });
  });
});

const texts = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.raft'))
    .map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')] as const);

/** Plays, looks, goes back, does something else, and looks again. */
function seen(engine: typeof whole, text: string): unknown[] {
  const session = engine.Session.open(text) as Session;
  const all: unknown[] = [];
  const look = () => {
    const { atUs } = session.frame(1, 0);
    all.push(session.frame(1, 50), session.lanes(0, atUs + 1), session.branches(), session.text());
    all.push([...session.arrows(0, atUs + 1)], session.events(Math.max(0, session.eventCount() - 50), 50));
  };
  const end = Math.min(session.frame(1, 0).scenarioEndUs ?? 3e6, 3e6);
  for (let n = 1; n <= 6; n++) {
    session.playTo((end * n) / 6, 60_000);
    look();
  }
  session.seek(end / 2);
  session.stepBack();
  look();
  session.command('crash S1');
  session.command('set loss 20%');
  session.playTo(end, 60_000);
  look();
  session.undo();
  look();
  session.free();
  return all;
}

test('one half is enough for the scenario that the page opens with, and the other is asked for once', () => {
  const text = readFileSync('scenarios/first-value.raft', 'utf8');
  const session = halves.Session.open(text) as Session;
  for (let at = 0; at < 3e6; at += 20_000) {
    session.playTo(at, 4, 0);
    for (const from of [0, at / 2, Math.max(0, at - 300_000)]) {
      session.lanes(from, from + 400_000);
      session.arrows(from, from + 400_000);
    }
    session.frame(1, 12, true);
    session.flights();
    session.events(session.eventCount() & ~15, 16);
  }
  session.outline();
  expect(asked).toBe(0);
  session.command('crash S1');
  expect(asked).toBe(1);
  session.command('restart S1');
  expect(asked).toBe(1);
  session.free();
});

test('with both halves the same is in memory as in the whole', () => {
  const code = (name: string) => new WebAssembly.Module(readFileSync(`www/pkg/${name}.wasm`));
  const nothing = new Proxy({}, { get: () => new Proxy({}, { get: () => () => 0 }) });
  const begun = (name: string) => new WebAssembly.Instance(code(name), nothing).exports;
  const first = begun('first');
  const bytes = ({ memory }: WebAssembly.Exports) => Buffer.from((memory as WebAssembly.Memory).buffer);
  const before = bytes(first).compare(bytes(begun('raft_wasm_bg')));
  new WebAssembly.Instance(code('rest'), { '': first as WebAssembly.ModuleImports });
  expect([before === 0, bytes(first).compare(bytes(begun('raft_wasm_bg')))]).toEqual([false, 0]);
});

for (const [name, text] of [...texts('scenarios'), ...texts('scenarios/broken')])
  test(`the halves do with ${name} as the whole does`, () => {
    expect(seen(halves, text)).toEqual(seen(whole, text));
  });
