import { expect, test } from 'vitest';
import type { Event, Note, Operation, Packet, Refusal, TraceEvent } from '../../generated/engine.ts';
import type { Recall } from '../../recall.ts';
import { sentence } from '../../sentences.ts';
import { refusal } from '../../words.ts';

/** Says the last of these events; each is caused by the one before. */
function say(...events: Event[]) {
  const trace = events.map(
    (event, seq): TraceEvent => ({ seq, atUs: 100_000, cause: seq === 0 ? null : seq - 1, event }),
  );
  const operations = new Map<number, Operation>();
  for (const event of events) if (event.type === 'Invoked') operations.set(event.op, event.operation);
  const recall: Recall = {
    event: (seq) => trace[seq] ?? null,
    operation: (op) => operations.get(op) ?? null,
  };
  return sentence(trace[trace.length - 1] as TraceEvent, recall);
}

const noted = (note: Note) => say({ type: 'Noted', server: 2, note });
const heartbeat: Packet = {
  type: 'Raft',
  message: {
    from: 1,
    to: 2,
    term: 3,
    body: { type: 'AppendEntries', prevLogIndex: 4, prevLogTerm: 2, entries: [], leaderCommit: 4, round: 1 },
  },
};
const sent: Event = { type: 'Sent', message: 7, packet: heartbeat, arrivesUs: 110_000 };

test('an election in words', () => {
  expect(say({ type: 'TimerSet', server: 1, timer: 'election', deadlineUs: 313_400 }).what).toBe(
    'S1 set its election timer to 213.4 ms.',
  );
  expect(noted({ type: 'Became', role: 'candidate', term: 2 }).what).toBe('S2 is a candidate in term 2.');
  expect(noted({ type: 'VoteGranted', candidate: 2 }).what).toBe('S2 votes for itself.');
  expect(noted({ type: 'VoteGranted', candidate: 1 })).toEqual({
    what: 'S2 votes for S1.',
    why: expect.stringContaining('§5.4.1'),
  });
  expect(noted({ type: 'Became', role: 'leader', term: 2 }).what).toBe('S2 is elected leader of term 2.');
});

test('a timer that a person fired says so', () => {
  const fired: Event = { type: 'TimerFired', server: 1, timer: 'election' };
  expect(say(fired).what).toBe('S1’s election timer was made to run out.');
  expect(say({ type: 'TimerSet', server: 1, timer: 'election', deadlineUs: 1 }, fired).what).toBe(
    'S1’s election timer ran out.',
  );
});

test('a message is named at its sending, its arrival, its loss and its copying', () => {
  expect(say(sent).what).toBe('S1 sends S2 a heartbeat of term 3.');
  expect(say(sent, { type: 'Delivered', message: 7 }).what).toBe('S2 received S1’s heartbeat.');
  expect(say(sent, { type: 'Lost', message: 7, because: 'cut' })).toEqual({
    what: 'S1’s heartbeat to S2 was lost.',
    why: 'Its way is cut.',
  });
  expect(say(sent, { type: 'Lost', message: 7, because: 'dropped' }).why).toBe('Somebody dropped it.');
  expect(say(sent, { type: 'Held', message: 7 }).what).toBe('S1’s heartbeat to S2 is held.');
  expect(say(sent, { type: 'Hastened', message: 7 }).what).toBe('S1’s heartbeat to S2 is let go.');
  const planned: Event = { type: 'Planned', handling: 'drop', kind: 'AppendEntries', from: 'S1', to: 'S2' };
  expect(say(planned).what).toBe('The next AppendEntries from S1 to S2 will be dropped.');
  expect(say({ ...planned, handling: 'duplicate', kind: null }).what).toBe(
    'The next message from S1 to S2 will be sent twice.',
  );
  const copied: Event = { type: 'Duplicated', message: 8, original: 7, arrivesUs: 120_000 };
  expect(say(sent, copied).what).toBe('The network made a second copy of S1’s heartbeat to S2.');
  expect(say(sent, copied, { type: 'Delivered', message: 8 }).what).toBe('S2 received S1’s heartbeat.');
});

test('a commit tells a leader’s reason from a follower’s', () => {
  const committed: Event = { type: 'Committed', server: 2, through: 4 };
  expect(say(sent, { type: 'Delivered', message: 7 }, committed).why).toContain('Its leader said so');
  expect(say({ type: 'Synced', server: 2, through: 9 }, committed).why).toContain('A majority');
});

test('a client’s operation is told from its wish to its end', () => {
  const invoked: Event = { type: 'Invoked', client: 1, op: 0, operation: { type: 'Get', key: 'x' } };
  expect(say(invoked).what).toBe('C1 wants to get x.');
  expect(
    say(invoked, { type: 'Returned', client: 1, op: 0, outcome: { type: 'Ok', value: '1', tag: 4 } }).what,
  ).toBe('C1’s get x returned 1.');
  expect(
    say(invoked, { type: 'Returned', client: 1, op: 0, outcome: { type: 'Ok', value: null, tag: null } })
      .what,
  ).toBe('C1’s get x returned nothing: no such key.');
  const queued: Event = { type: 'Queued', client: 1, operation: { type: 'Del', key: 'x' } };
  expect(say(queued).what).toBe('C1 is to del x as well.');
  expect(say(invoked, { type: 'Returned', client: 1, op: 0, outcome: { type: 'Unknown' } }).why).toContain(
    'may have been done',
  );
});

test('a command is told without the number that the log keeps with it', () => {
  const packet: Packet = { type: 'Request', from: 1, to: 3, op: 0, command: 'C1.7 put x=1' };
  expect(say({ type: 'Sent', message: 1, packet, arrivesUs: 1 }).what).toBe('C1 asks S3 to put x=1.');
  const again: Packet = { ...packet, command: 'C1.7+1 put x=1' };
  expect(say({ type: 'Sent', message: 1, packet: again, arrivesUs: 1 }).what).toBe('C1 asks S3 to put x=1.');
});

test('a write tells what is written', () => {
  const write = {
    id: 3,
    hardState: { term: 2, votedFor: 1 },
    snapshot: null,
    append: {
      first: 4,
      entries: [
        { term: 2, payload: { type: 'noop' as const } },
        { term: 2, payload: { type: 'noop' as const } },
      ],
    },
  };
  expect(say({ type: 'Written', server: 1, write }).what).toBe(
    'S1 gives its disk term 2 and its vote for S1, and entries 4–5.',
  );
});

test.each<Refusal>([
  { type: 'StaleTerm', theirs: 1, ours: 2 },
  { type: 'AlreadyVoted', candidate: 3 },
  { type: 'LogBehind', theirIndex: 1, theirTerm: 1, ourIndex: 2, ourTerm: 1 },
  { type: 'LogTooShort', prevLogIndex: 5, lastIndex: 2 },
  { type: 'TermMismatch', prevLogIndex: 5, theirs: 3, ours: 2 },
])('a refusal ($type) gives its reason with the section of the paper', (because) => {
  expect(refusal(because)).toMatch(/§5\.\d/);
  expect(noted({ type: 'VoteRefused', candidate: 1, because }).why).toBe(refusal(because));
});

test('no sentence stands without its subject when the cause is not known', () => {
  expect(say({ type: 'Delivered', message: 7 }).what).toBe('Message 7 arrived.');
  expect(say({ type: 'Lost', message: 7, because: 'loss' }).what).toBe('Message 7 was lost.');
});
