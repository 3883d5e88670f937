// What a first visit tells before the words for all the rest are there.

import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { Trail } from '../../trail.ts';
import { scenarioTexts } from '../scenarios.ts';

test('the story of the first scenario needs no other words than are at hand', async () => {
  vi.resetModules();
  const { fetchMore, more } = await import('../../at-hand.ts');
  const { sentence } = await import('../../sentences.ts');
  expect(more, 'a page that was just opened').toBeNull();

  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
  const session = WasmSession.open(scenarioTexts()[0]?.text ?? '');
  session.playTo(4_000_000, 1e6);
  const trail = new Trail(session as never);
  const count = session.eventCount();
  const early = trail.before(count, 'story', count).map((event) => sentence(event, trail));
  expect(early.length).toBeGreaterThan(20);
  expect(early.map(({ what }) => what)).not.toContain('…');
  const [timer] = trail.before(count, 'everything', count).filter(({ event }) => event.type === 'TimerSet');
  expect(timer && sentence(timer, trail).what).toBe('…');

  await fetchMore();
  expect(trail.before(count, 'story', count).map((event) => sentence(event, trail))).toEqual(early);
  for (const event of trail.before(count, 'everything', count))
    expect(sentence(event, trail).what).not.toBe('…');
});
