// What the page says of settings is what comes of them: each is run with twenty seeds.

import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { Frame } from '../../generated/engine.ts';
import { initSync, Session } from '../../pkg/raft_wasm.js';
import { Settings } from '../../settings.ts';
import { stability } from '../../stability.ts';

initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });

const SEEDS = 20;
vi.setConfig({ testTimeout: 30_000 });

function at(session: Session, us: number): Frame {
  while (session.playTo(us, 10) < us) {}
  return session.frame(1, 0);
}

/** Who leads in the newest term, and which that is. */
function lead({ servers }: Frame): string {
  const leader = servers.filter(({ up, role }) => up && role === 'leader').sort((a, b) => b.term - a.term)[0];
  return leader ? `${leader.id} in term ${leader.term}` : 'nobody';
}

/** In how many of the runs the one who leads after 5 s still does after 10 s, and has all the time. */
function lasting(lines: string): number {
  const runs = Array.from({ length: SEEDS }, (_, seed) => {
    const session = Session.open(`raft 1\nservers 5\nclients 0\nseed ${seed}\n${lines}`);
    const first = lead(at(session, 5_000_000));
    const stays = first !== 'nobody' && first === lead(at(session, 10_000_000));
    session.free();
    return stays;
  });
  return runs.filter(Boolean).length;
}

const warned = (lines: string) => stability(new Settings(`raft 1\n${lines}`, 0), 5).warnings;

test.each([
  '',
  'set election-timeout 1000ms..2000ms\nset heartbeat 100ms\nset latency 50ms..100ms\nset client-timeout 5s',
  'set election-timeout 500ms..1000ms\nset heartbeat 250ms',
  'set fsync 10ms..20ms',
  'set loss 5%',
])('called good, a leader lasts: %s', (lines) => {
  expect(warned(lines)).toEqual([]);
  expect(lasting(lines)).toBeGreaterThanOrEqual(SEEDS * 0.9);
});

test.each([
  'set heartbeat 300ms',
  'set heartbeat 145ms\nset latency 1ms..40ms',
  'set latency 150ms..200ms',
  'set fsync 200ms..300ms',
  'set loss 60%',
])('called bad, a leader seldom lasts: %s', (lines) => {
  expect(warned(lines)).not.toEqual([]);
  expect(lasting(lines)).toBeLessThan(SEEDS / 2);
});

/** How many elections it takes on average until there is a leader. */
function tries(lines: string): number {
  const terms = Array.from({ length: SEEDS }, (_, seed) => {
    const session = Session.open(`raft 1\nservers 5\nclients 0\nseed ${seed}\n${lines}`);
    let us = 0;
    while (lead(at(session, us)) === 'nobody' && us < 10_000_000) us += 10_000;
    return Math.max(...session.frame(1, 0).servers.map(({ term }) => term));
  });
  return terms.reduce((sum, term) => sum + term, 0) / SEEDS;
}

test.each(['set election-timeout 150ms..160ms', 'set latency 60ms..70ms'])('votes split: %s', (lines) => {
  expect(warned(lines)).toHaveLength(1);
  expect(tries(lines)).toBeGreaterThan(tries('') * 1.3);
});

/** How long it takes until another leads after the leader’s crash, in µs. */
function failover(lines: string, seed: number): number {
  const session = Session.open(`raft 1\nservers 5\nclients 0\nseed ${seed}\n${lines}`);
  const leader = at(session, 3_000_000).servers.find(({ role }) => role === 'leader')?.id;
  session.command(`crash ${leader}`);
  const crashed = session.frame(1, 0).atUs;
  for (let us = crashed; ; us += 5_000) if (lead(at(session, us)) !== 'nobody') return us - crashed;
}

test('most failovers take as long as is said', () => {
  for (const lines of [
    '',
    'set election-timeout 1000ms..2000ms\nset heartbeat 100ms\nset latency 50ms..100ms',
  ]) {
    const [least, most] = stability(new Settings(`raft 1\n${lines}`, 0), 5).failover;
    const took = Array.from({ length: SEEDS }, (_, seed) => failover(lines, seed));
    expect(Math.min(...took)).toBeGreaterThan(least);
    expect(took.filter((us) => us <= most).length).toBeGreaterThanOrEqual(SEEDS * 0.8);
  }
});
