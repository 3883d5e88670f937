// What someone is told who has never seen it, and what is made easy for them.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { asked } from '../../asking.ts';
import { stillFits } from '../../authored.ts';
import type { Session } from '../../engine.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { type Action, HINTS, INITIAL, type State, update } from '../../store.ts';
import { summary } from '../../summary.ts';
import { aClient, aFrame, anOp, aServer } from '../frames.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const after = (state: State, ...actions: Action[]): State => actions.reduce(update, state);
const given = (line: string): Action => ({ type: 'commandGiven', line });

test('what an author says fits until something else is done, and what is said by hand fits', () => {
  const opened = 'raft 1\nseed 5\n@0ms    C1 put x=1\n@600ms  say "Now."\n@1200ms end\n';
  const fits = (text: string, ms: number, said = 'Now.') => stillFits(said, text, opened, ms * 1000);
  expect(fits(opened, 900)).toBe(true);
  expect(fits(opened.replace('@0ms    C1', '@0ms C1'), 900)).toBe(true);
  const crashed = opened.replace('@1200ms', '@700123us crash S1\n@1200ms');
  expect(fits(crashed, 700)).toBe(true);
  expect(fits(crashed, 701)).toBe(false);
  expect(fits(opened.replace('seed 5', 'seed 6'), 0)).toBe(false);
  const told = crashed.replace('@1200ms', '@800ms say "It \\"crashed\\"."\n@1200ms');
  expect(fits(told, 900)).toBe(false);
  expect(fits(told, 900, 'It "crashed".')).toBe(true);
  expect(fits(opened.replace('@1200ms', '@800ms say "Well."\n@1200ms'), 900)).toBe(true);
});

test('a sentence tells how things stand: who leads, who only believes so, who is down, who is too few', () => {
  const session = WasmSession.open('raft 1\nseed 5\n@0ms timeout S1\n') as Session;
  const told = (ms: number, line?: string) => {
    session.playTo(ms * 1000, 1e6);
    if (line) session.command(line);
    return summary(session.frame(1, 10));
  };
  expect(told(5)).toBe('Nobody leads: S1 asks for votes in term 1.');
  expect(told(100)).toBe('S1 leads in term 1.');
  expect(told(200, 'crash S5')).toBe('S1 leads in term 1. S5 is down.');
  expect(told(300, 'partition S1 | S2 S3 S4')).toBe(
    'S1 leads in term 1. S5 is down. S1 alone can neither elect nor commit.',
  );
  const other = told(1000);
  expect(other).toMatch(
    /^S[234] leads in term \d\. S1 believes it leads, but can commit nothing\. S5 is down\.$/,
  );
  expect(told(1100, 'heal')).toBe(other);
  expect(told(1500)).toMatch(/^S[234] leads in term \d\. S5 is down\.$/);
  expect(told(1600, 'crash S3 S4')).toMatch(
    /S3, S4 and S5 are down\. S1 and S2 are too few to elect or commit\.$/,
  );
});

test('two-phase commit has a coordinator', () => {
  const frame = aFrame([aServer(1), aServer(2, { up: false })], { protocol: 'twoPhaseCommit' });
  expect(summary(frame)).toBe('S1 coordinates. S2 is down.');
});

test('a client writes what nobody wrote before, and reads what a server has, however old', () => {
  const servers = [aServer(1, { state: [{ key: 'x', value: '12', written: 0 } as never] }), aServer(2)];
  const idle = aFrame(servers, { clients: [aClient(1, { last: anOp('C1', 'put x=10') })] });
  expect(asked(idle)).toEqual({
    write: { client: 'C1', words: 'Write x=13', line: 'C1 put x=13' },
    read: { client: 'C1', words: 'Read x', line: 'C1 get x' },
  });
  const busy = aFrame(servers, {
    clients: [aClient(1, { current: anOp('C1', 'put colour=40') }), aClient(2)],
  });
  expect(asked(busy, 'S2')).toEqual({
    write: { client: 'C2', words: 'Write colour=41 here', line: 'C2 put colour=41 via S2' },
    read: { client: 'C2', words: 'Read colour here', line: 'C2 get colour stale via S2' },
  });
  expect(asked(busy, undefined, 'C1')?.read.line).toBe('C1 get colour');
  expect(asked(aFrame(servers, { clients: [] }))).toBeNull();
});

test('who does what a hint says is given the next, and only then', () => {
  const first = after(INITIAL, given('heal'), given('partition S1 | S2 S3'));
  expect(first.hint).toBe(0);
  const second = after(first, given('crash S3'));
  expect(second.hint).toBe(1);
  const third = after(second, given('crash S2'), { type: 'gestureDone', line: 'partition S1 S2 | S3 S4 S5' });
  expect(third.hint).toBe(2);
  expect(after(second, { type: 'splitConfirmed', servers: ['S1'] }).hint).toBe(2);
  expect(after(third, given('C1 put x=11')).hint).toBe(2);
  expect(after(third, given('C1 get x stale via S1')).hint).toBe(HINTS);
});

test('what somebody does goes on where the run’s end had stopped it, unless they went elsewhere or had paused', () => {
  const ended: Action = { type: 'moved', atUs: 1_200_000, over: true };
  const rests = after(INITIAL, { type: 'playToggled' }, ended);
  expect(rests.playing).toBe(false);
  expect(after(rests, given('crash S1')).playing).toBe(true);
  expect(after(rests, { type: 'gestureDone', line: 'cut S1->S2' }).playing).toBe(true);
  const elsewhere = after(rests, { type: 'scrubbed', atUs: 5 }, { ...ended, atUs: 5, over: false });
  expect(after(elsewhere, given('crash S1')).playing).toBe(false);
  expect(after(INITIAL, ended, given('crash S1')).playing).toBe(false);
  expect(after(INITIAL, { type: 'playToggled' }, { type: 'paused' }, given('crash S1')).playing).toBe(false);
});
