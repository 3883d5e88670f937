import { expect, test } from 'vitest';
import type { Event, TraceEvent, TwoPhaseFrame } from '../../generated/engine.ts';
import type { Recall } from '../../recall.ts';
import { sentence } from '../../sentences.ts';
import { recordWords, twoPhaseWords } from '../../two-phase.ts';
import { aFrame, aServer } from '../frames.ts';

const told = (event: Event, seq = 9): TraceEvent => ({ seq, atUs: 0, cause: null, event });

const recall = (second: Event): Recall => ({
  event: (seq) => (seq === 1 ? told(second, 1) : null),
  operation: () => null,
});

const raft = recall({ type: 'Healed' });
const twoPhase = recall({ type: 'ProtocolChosen', protocol: 'twoPhaseCommit' });

test('what Raft explains by leaders and terms has another reason in two-phase commit', () => {
  const began = told({ type: 'Began', servers: 3, voters: 3, clients: 1 }, 0);
  expect(sentence(began, raft).why).toContain('follower');
  expect(sentence(began, twoPhase).why).toBeNull();
  const operation = { type: 'Put', key: 'x', value: '1' } as const;
  const asked = told({ type: 'Invoked', client: 1, op: 0, operation });
  expect(sentence(asked, raft).why).toContain('leader');
  expect(sentence(asked, twoPhase).why).toContain('every server must vote');
});

test('a cell says a record in few letters', () => {
  const records = ['prepared x=1', 'prepared del x', 'committed C1.7', 'aborted C1.7', 'ended C1.7'];
  expect(records.map(recordWords)).toEqual(['x=1?', 'del x?', 'commit', 'abort', 'end']);
});

test('a server says first what matters most: that it is blocked, and for how long', () => {
  const frame = aFrame([aServer(1), aServer(2), aServer(3)]); // at 1 s
  const state = (given: Partial<TwoPhaseFrame>): TwoPhaseFrame => ({
    coordinates: false,
    prepared: [],
    ballots: [],
    reminder: null,
    ...given,
  });
  const x = { transaction: 'C1.7', key: 'x', text: 'x=1', decision: null, blocked: false, sinceUs: 200_000 };
  expect(twoPhaseWords(state({}), frame)).toEqual(['participant']);
  expect(twoPhaseWords(state({ prepared: [x] }), frame)).toEqual(['prepared', 'x locked']);
  const [blocked] = twoPhaseWords(state({ prepared: [{ ...x, blocked: true }] }), frame);
  expect(blocked).toBe('blocked 0.8 s');
  const ballot = { transaction: 'C1.7', text: 'x=1', votes: ['S1'], committed: false, acknowledged: [] };
  expect(twoPhaseWords(state({ coordinates: true, ballots: [ballot] }), frame)).toEqual([
    'coordinator',
    '1 of 3 votes',
  ]);
});
