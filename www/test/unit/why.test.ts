// Why not? Asked of real runs.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import type { Frame } from '../../generated/engine.ts';
import { initSync, presets, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { Trail } from '../../trail.ts';
import { whyNotCommitted, whyNotDone, whyRefused } from '../../why.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const open = (text: string): Session => WasmSession.open(text) as Session;
const preset = (title: RegExp): Session =>
  open(presets().find((one) => title.test(one.title))?.text ?? `no ${title}`);

const answerAt = (frame: Frame, server: string, index: number): string | null => {
  const owner = frame.servers.find(({ id }) => id === server);
  const cell = owner?.log.find((entry) => entry.index === index);
  if (!owner || !cell) throw new Error(`no entry ${index} of ${server}`);
  return whyNotCommitted(frame, owner, cell);
};

test('an entry of a minority says who is missing, and later that it will give way', () => {
  const session = preset(/Two of five cannot commit/);
  session.playTo(870_000, 1e6);
  expect(answerAt(session.frame(1, 20), 'S1', 3)).toBe(
    'On 2 of 5 servers; 3 are needed (§5.3). S1 does not reach S3, S4 and S5.',
  );
  expect(answerAt(session.frame(1, 20), 'S1', 2)).toBeNull();
  session.playTo(940_000, 1e6);
  expect(answerAt(session.frame(1, 20), 'S1', 3)).toContain('has another entry at 3, of term 2');
});

test('an entry of an old term on a majority is not committed by counting', () => {
  const session = preset(/Figure 8/);
  const answers = new Set<string>();
  for (let n = 0; n < 3_000 && session.stepForward(); n += 1) {
    const frame = session.frame(1, 20);
    for (const server of frame.servers)
      for (const cell of server.log) {
        const answer = whyNotCommitted(frame, server, cell);
        if (answer) answers.add(answer);
      }
  }
  const told = [...answers].filter((answer) => answer.includes('§5.4.2'));
  expect(told.join('\n')).toMatch(
    /On 3 of 5 servers, but its term \d is not the leader’s \d: only entries of the leader’s own term/,
  );
});

test('refused votes and appends say why, with the event that decided it', () => {
  const kinds = new Map<string, string>();
  for (const { text } of presets()) {
    const session = open(text);
    session.playTo(3_000_000, 1e6);
    const trail = new Trail(session);
    for (let seq = 0; seq < session.eventCount(); seq += 1) {
      const event = trail.event(seq);
      if (event?.event.type !== 'Sent') continue;
      const { packet } = event.event;
      const answer = whyRefused(event, trail);
      if (!answer || packet.type !== 'Raft') continue;
      kinds.set(packet.message.body.type, answer.words);
      if (answer.seq !== null) expect(trail.event(answer.seq)?.event.type).toBe('Noted');
    }
  }
  expect(kinds.get('RequestVoteReply')).toMatch(/§5/);
  expect(kinds.get('AppendEntriesReply')).toMatch(/§5/);
});

test('an operation that gets no answer says what became of its last message', () => {
  const session = open(
    'raft 1\nservers 3\nset latency 10ms\n@0ms timeout S1\n@300ms partition C1 | S1 S2 S3\n@310ms C1 put x=1\n@600ms heal\n@4s end\n',
  );
  const ask = () => {
    const frame = session.frame(1, 5);
    const op = frame.clients[0]?.current ?? frame.clients[0]?.last;
    return op ? whyNotDone(op, frame.seq, new Trail(session)) : null;
  };
  session.playTo(330_000, 1e6);
  expect(ask()?.words).toMatch(/was lost/);
  session.playTo(4_000_000, 1e6);
  expect(ask()).toBeNull();
});
