// Why not? Asked of real runs.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import type { Frame } from '../../generated/engine.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { Trail } from '../../trail.ts';
import { whyNotCommitted, whyNotDone, whyRefused } from '../../why.ts';
import { scenarioTexts } from '../scenarios.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const open = (text: string): Session => WasmSession.open(text) as Session;
const preset = (title: RegExp): Session =>
  open(scenarioTexts().find((one) => title.test(one.title))?.text ?? `no ${title}`);

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

/** What is told of an entry at a time of a scenario. */
const toldOf = (script: string, ms: number, server: string, index: number): string | null => {
  const session = open(`raft 1\n${script.replace('@', 'set latency 10ms\n@0ms timeout S1\n@')}@20s end\n`);
  session.playTo(ms * 1000, 1e6);
  return answerAt(session.frame(1, 40), server, index);
};

test('only voters count: spare servers and learners do not', () => {
  const script = 'servers 6\nvoters 3\n@100ms learner S4\n@300ms crash S2 S3\n@310ms C1 put x=1 via S1\n';
  const answer = 'On 1 of 3 voters; 2 are needed (§5.3). S2 and S3 are down.';
  expect([toldOf(script, 400, 'S1', 3), toldOf(script, 400, 'S4', 3)]).toEqual([answer, answer]);
});

test('while the cluster changes, both majorities are needed', () => {
  const script = 'servers 5\nvoters 3\n@100ms crash S4\n@200ms voters S1 S4 S5\n';
  expect(toldOf(script, 201, 'S1', 2)).toBe(
    'On 1 of 3 new voters and 1 of 3 old ones; 2 and 2 are needed (§5.3, §6). S4 is down.',
  );
});

test('whoever stands still, is cut off or waits for a snapshot is named', () => {
  const paused = 'servers 3\n@100ms pause S2\n@100ms crash S3\n@110ms C1 put x=1 via S1\n';
  expect(toldOf(paused, 150, 'S1', 2)).toBe(
    'On 1 of 3 servers; 2 are needed (§5.3). S3 is down, and S2 is paused.',
  );
  const still = 'servers 3\n@100ms C1 put x=1 via S1\n@111ms pause S1\n';
  expect(toldOf(still, 112, 'S1', 2)).toContain('S1, the leader, is paused');
  const snapshot =
    'servers 3\nset snapshot-every 3\n@100ms crash S3\n@110ms C1 put x=1 via S1\n@200ms C1 put x=2 via S1\n@300ms C1 put x=3 via S1\n' +
    '@440ms restart S3\n@441ms set latency S1->S3 110ms\n@590ms crash S2\n@600ms C1 put x=4 via S1\n';
  expect(toldOf(snapshot, 640, 'S1', 5)).toBe(
    'On 1 of 3 servers; 2 are needed (§5.3). S2 is down, and S3 must have the snapshot first.',
  );
});

test('what is committed elsewhere is told so, be it in a snapshot', () => {
  const cut = 'servers 3\n@100ms C1 put x=1 via S1\n@112ms crash S2\n';
  expect(toldOf(cut, 135, 'S3', 2)).toMatch(/^It is committed, but word of it has not come to S3/);
  const compacted = `${cut.replace('servers 3', 'servers 3\nset snapshot-every 2')}`;
  expect(toldOf(compacted, 135, 'S3', 2)).toMatch(/^What is committed at 2 is in the snapshot of S1/);
});

test('what keeps an answer from the leader is told: disks, or the way back', () => {
  const disks = 'servers 3\n@90ms set fsync S2 1s\n@90ms set fsync S3 1s\n@100ms C1 put x=1 via S1\n';
  expect(toldOf(disks, 140, 'S1', 2)).toBe(
    'On 3 of 3 servers, but on disk on 1 only; 2 are needed (§5.3, Figure 2). A server answers once its disk has it.',
  );
  const under = 'servers 3\n@100ms C1 put x=1 via S1\n';
  expect(toldOf(under, 125, 'S1', 2)).toMatch(/their answers are on the way \(§5\.3\)\.$/);
  const mute = `${under}@122ms cut S2->S1\n@122ms cut S3->S1\n`;
  expect(toldOf(mute, 125, 'S1', 2)).toBe(
    'On 3 of 3 servers, and on enough disks; S1 has not heard so from all of them: the answers of S2 and S3 do not get through (§5.3).',
  );
  expect(toldOf(`${under}@124ms pause S1\n`, 125, 'S1', 2)).toMatch(/but S1 stands still: it is paused\.$/);
});

test('an entry gives way to a leader that does not have it', () => {
  const script =
    'servers 3\n@100ms partition S1 C1 | S2 S3\n@110ms load C1 put every 12ms queue 9 via S1 within 10ms\n@150ms timeout S2\n';
  expect(toldOf(script, 250, 'S1', 2)).toBe(
    'On 1 of 3 servers, and S2, the leader of term 2, has another entry at 2, of term 2: this one will give way to it (§5.3).',
  );
  expect(toldOf(script, 250, 'S1', 3)).toBe(
    'On 1 of 3 servers, and S2, the leader of term 2, does not have it: what it appends at 3 will take its place (§5.3).',
  );
});

test('without a leader nothing is committed', () => {
  const alone = 'servers 3\n@100ms C1 put x=1 via S1\n@124ms crash S1\n';
  expect(toldOf(alone, 140, 'S2', 2)).toMatch(/^On 3 of 3 servers, but none of them leads/);
});

test('refused votes and appends say why, with the event that decided it', () => {
  const kinds = new Map<string, string>();
  for (const { text } of scenarioTexts()) {
    const session = open(text);
    session.playTo(3_000_000, 1e6);
    const trail = new Trail(session);
    for (let seq = 0; seq < session.eventCount(); seq += 1) {
      const event = trail.event(seq);
      if (event?.event.type !== 'Sent') continue;
      const { packet } = event.event;
      const answer = whyRefused(event, trail);
      if (!answer) continue;
      const kind =
        packet.type === 'Raft' || packet.type === 'TwoPhase' ? packet.message.body.type : packet.type;
      kinds.set(`${kind} ${answer.words.includes('read') ? 'of a read' : ''}`, answer.words);
      if (answer.seq !== null) expect(trail.event(answer.seq)?.event.type).toMatch(/Noted|Delivered/);
    }
  }
  expect(kinds.get('RequestVoteReply ')).toMatch(/§5/);
  expect(kinds.get('AppendEntriesReply ')).toMatch(/§5/);
  expect(kinds.get('Response of a read')).toMatch(/^It does not lead.* takes the leader \(§8/);
  expect(kinds.get('Response ')).toMatch(/Only a leader takes commands \(§8\)|not done, now or ever/);
});

test('a read that waits for a round of heartbeats says so', () => {
  const session = open(
    'raft 1\nservers 3\nset latency 10ms\n@0ms timeout S1\n@100ms partition S1 C1 | S2 S3\n@110ms C1 get x read-index via S1\n@4s end\n',
  );
  session.playTo(140_000, 1e6);
  const frame = session.frame(1, 5);
  const op = frame.clients[0]?.current;
  expect(op && whyNotDone(op, frame.seq, new Trail(session))?.words).toMatch(
    /^S1 has its question\. It answers once a majority has answered a round of heartbeats/,
  );
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
