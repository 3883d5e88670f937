// States of a cluster that a picture must cope with.

import type { Frame } from '../../generated/engine.ts';
import type { Ui } from '../../views/contract.ts';
import { aClient, aFrame, aLog, aMessage, anOp, aServer, timer } from '../frames.ts';

export interface State {
  readonly frame: Frame;
  readonly ui?: Partial<Ui>;
}

const follower = (n: number, term: number, leader: string, left: number, given = {}) =>
  aServer(n, { term, leader, votedFor: leader, ...timer(left), ...given });

const leads = (n: number, term: number, given = {}) =>
  aServer(n, {
    role: 'leader',
    term,
    votedFor: `S${n}`,
    leader: `S${n}`,
    votes: ['S1', 'S2', 'S3'],
    ...given,
  });

/** A server's log, committed and on disk so far. */
const logOf = (words: string, commitIndex: number, syncedIndex: number) => {
  const log = aLog(words);
  return { log, lastIndex: log.length, commitIndex, lastApplied: commitIndex, syncedIndex };
};
const old = '1:no-op 1:x=1 1:y=3 1:del_x';
const newer = `${old} 2:no-op 2:x=9 2:y=8`;
const won = `${old} 3:no-op 3:x=2 3:balance=100`;

const steady = (): State => ({
  frame: aFrame(
    [
      follower(1, 2, 'S3', 0.8, logOf(newer, 5, 6)),
      follower(2, 2, 'S3', 0.6, logOf(newer, 6, 7)),
      leads(3, 2, {
        ...logOf(newer, 6, 7),
        progress: [
          { server: 'S1', nextIndex: 8, matchIndex: 6, state: 'probe', flying: 1 },
          { server: 'S2', nextIndex: 8, matchIndex: 7, state: 'probe', flying: 0 },
          { server: 'S4', nextIndex: 5, matchIndex: 0, state: 'probe', flying: 0 },
          { server: 'S5', nextIndex: 4, matchIndex: 3, state: 'probe', flying: 1 },
        ],
      }),
      follower(4, 2, 'S3', 0.2, logOf('1:no-op 1:x=1', 2, 2)),
      follower(5, 2, 'S3', 0.45, logOf('1:no-op 1:x=1 1:y=3', 2, 3)),
    ],
    {
      clients: [
        aClient(1, { current: anOp('C1', 'put x=1') }),
        aClient(2, { last: anOp('C2', 'get y', { outcome: 'ok', value: '3' }) }),
      ],
      messages: [
        aMessage('AppendEntries', 'S3', 'S1', 0.7, { entries: 2, term: 2, text: '2 entries' }),
        aMessage('AppendEntries', 'S3', 'S5', 0.5, { entries: 12, term: 2 }),
        aMessage('AppendEntries', 'S3', 'S2', 0.4, { heartbeat: true, term: 2 }),
        aMessage('AppendEntriesReply', 'S4', 'S3', 0.5, { success: true, term: 2 }),
        aMessage('AppendEntriesReply', 'S2', 'S3', 0.3, { success: false, term: 2 }),
        aMessage('Request', 'C1', 'S3', 0.6, { term: null, text: 'put x=1' }),
        aMessage('Response', 'S3', 'C2', 0.5, { term: null, success: true }),
      ],
    },
  ),
  ui: { picked: { type: 'server', id: 'S3' } },
});

const election = (): State => ({
  frame: aFrame(
    [
      aServer(1, { term: 4, role: 'candidate', votedFor: 'S1', votes: ['S1', 'S4'], ...timer(0.7) }),
      aServer(2, { term: 4, role: 'candidate', votedFor: 'S2', votes: ['S2'], ...timer(0.85) }),
      aServer(3, { term: 3, up: false }),
      aServer(4, { term: 4, votedFor: 'S1', ...timer(0.9) }),
      aServer(5, { term: 3, leader: 'S3', ...timer(0.1) }),
    ],
    {
      clients: [aClient(1, { last: anOp('C1', 'put x=1', { outcome: 'unknown' }) })],
      messages: [
        aMessage('RequestVote', 'S1', 'S5', 0.6, { term: 4 }),
        aMessage('RequestVote', 'S2', 'S5', 0.6, { term: 4 }),
        aMessage('RequestVote', 'S2', 'S3', 0.6, { term: 4 }),
        aMessage('RequestVoteReply', 'S4', 'S2', 0.4, { term: 4, success: false }),
        aMessage('RequestVoteReply', 'S4', 'S1', 0.7, { term: 4, success: true }),
        aMessage('RequestVoteReply', 'S1', 'S2', 0.5, { term: 4, success: false }),
      ],
    },
  ),
  ui: { picked: { type: 'server', id: 'S4' } },
});

const parted = (): State => ({
  frame: aFrame(
    [
      leads(1, 2, logOf(newer, 4, 6)),
      follower(2, 2, 'S1', 0.7, logOf(newer, 4, 7)),
      leads(3, 3, logOf(won, 6, 7)),
      follower(4, 3, 'S3', 0.9, logOf(won, 6, 7)),
      follower(5, 3, 'S3', 0.75, logOf(won, 5, 6)),
    ],
    {
      groups: [
        ['S1', 'S2', 'C1'],
        ['S3', 'S4', 'S5'],
      ],
      clients: [
        aClient(1, { last: anOp('C1', 'put x=1', { outcome: 'failed' }) }),
        aClient(2, { current: anOp('C2', 'get a-long-key') }),
      ],
      messages: [
        aMessage('AppendEntries', 'S3', 'S1', 0.3, { heartbeat: true, term: 3 }),
        aMessage('AppendEntries', 'S3', 'S4', 0.5, { entries: 1, term: 3 }),
        aMessage('AppendEntries', 'S1', 'S2', 0.5, { heartbeat: true, term: 2 }),
      ],
      lost: [
        {
          id: 91,
          seq: 91,
          from: 'S1',
          to: 'S4',
          kind: 'AppendEntries',
          term: 2,
          lostUs: 995_000,
          onArrival: false,
        },
        {
          id: 92,
          seq: 92,
          from: 'S3',
          to: 'S2',
          kind: 'AppendEntries',
          term: 3,
          lostUs: 985_000,
          onArrival: true,
        },
      ],
      cuts: [{ from: 'S3', to: 'S5' }],
    },
  ),
});

const cuts = (): State => ({
  frame: aFrame(
    [leads(1, 6), follower(2, 6, 'S1', 0.7), follower(3, 6, 'S1', 0.7), follower(4, 6, 'S1', 0.9)],
    {
      clients: [aClient(1)],
      cuts: [
        { from: 'S1', to: 'S2' },
        { from: 'S1', to: 'S3' },
        { from: 'S3', to: 'S1' },
        { from: 'S4', to: 'S2' },
      ],
      messages: [
        aMessage('AppendEntries', 'S1', 'S4', 0.3, { heartbeat: true, term: 6 }),
        aMessage('AppendEntries', 'S1', 'S2', 0.3, { heartbeat: true, term: 6 }),
      ],
    },
  ),
  ui: { picked: { type: 'link', from: 'S1', to: 'S3' } },
});

const nine = (): State => ({
  frame: aFrame(
    [
      leads(1, 7, logOf(`${won} 7:no-op 7:x=10 7:x=11 7:x=12 7:x=13 7:x=14`, 12, 13)),
      ...[2, 3, 4, 5].map((n) => follower(n, 7, 'S1', n / 6, logOf(won, n, 7))),
      aServer(6, {
        term: 8,
        role: 'candidate',
        votedFor: 'S6',
        votes: ['S6', 'S7', 'S8', 'S9'],
        ...timer(0.7),
      }),
      aServer(7, { term: 8, votedFor: 'S6', ...timer(0.6) }),
      aServer(8, { term: 8, votedFor: 'S6', up: false, ...logOf(old, 0, 4) }),
      aServer(9, { term: 8, votedFor: 'S6', ...timer(0.4) }),
    ],
    {
      clients: Array.from({ length: 9 }, (_, i) =>
        aClient(i + 1, { current: anOp(`C${i + 1}`, `put key${i}=${i}`) }),
      ),
      groups: [
        ['S1', 'S2', 'S5'],
        ['S3', 'S4', 'S6', 'S7', 'S8', 'S9'],
      ],
      messages: [2, 3, 4, 5, 6, 7, 8, 9]
        .flatMap((n) => [
          aMessage('AppendEntries', 'S1', `S${n}`, n / 10, { heartbeat: n % 2 === 0, entries: n, term: 7 }),
          ...(n === 6
            ? []
            : [aMessage('RequestVoteReply', `S${n}`, 'S6', 0.7, { success: n % 2 === 0, term: 8 })]),
        ])
        .concat([1, 5, 9].map((n) => aMessage('Request', `C${n}`, 'S1', 0.4, { term: null }))),
    },
  ),
});

const three = (): State => ({
  frame: aFrame([aServer(1, timer(0.5)), aServer(2, timer(0.9)), aServer(3, timer(0.3))], {
    clients: [aClient(1), aClient(2), aClient(3), aClient(4)],
    groups: [['S1'], ['S2'], ['S3']],
  }),
  ui: { split: ['S1', 'S2'] },
});

const few = (n: number): State => ({
  frame: aFrame(
    Array.from({ length: n }, (_, i) => (i === 0 ? leads(1, 5) : follower(i + 1, 5, 'S1', 0.7))),
    { clients: [aClient(1)] },
  ),
});

export const states: Record<string, State> = {
  steady: steady(),
  election: election(),
  parted: parted(),
  cuts: cuts(),
  nine: nine(),
  three: three(),
  one: few(1),
  two: few(2),
  seven: few(7),
};
