import { expect, test } from 'vitest';
import type { Event, TraceEvent } from '../../generated/engine.ts';
import { Trail } from '../../trail.ts';

const quiet: Event = { type: 'TimerSet', server: 1, timer: 'heartbeat', deadlineUs: 1 };
const loud: Event = { type: 'Crashed', server: 1 };
const message: Event = { type: 'Delivered', message: 1 };

/** A trace that grows, and counts how often it is asked. */
function source(events: Event[]) {
  const asked: number[] = [];
  return {
    asked,
    push: (...more: Event[]) => events.push(...more),
    eventCount: () => events.length,
    operation: (op: number) => (op === 4 ? ({ type: 'Del', key: 'x' } as const) : null),
    events: (fromSeq: number, count: number): TraceEvent[] => {
      asked.push(fromSeq);
      return events
        .slice(fromSeq, fromSeq + count)
        .map((event, i) => ({ seq: fromSeq + i, atUs: fromSeq + i, cause: null, event }));
    },
  };
}

const seqs = (events: readonly TraceEvent[]) => events.map(({ seq }) => seq);

test('each level tells what the quieter ones tell, and more', () => {
  const trail = new Trail(source([loud, quiet, message, quiet, loud]));
  expect(seqs(trail.before(5, 'story', 10))).toEqual([0, 4]);
  expect(seqs(trail.before(5, 'messages', 10))).toEqual([0, 2, 4]);
  expect(seqs(trail.before(5, 'everything', 10))).toEqual([0, 1, 2, 3, 4]);
});

test('the past ends before the playhead and the future begins with it', () => {
  const trail = new Trail(source([loud, loud, loud, loud]));
  expect(seqs(trail.before(2, 'story', 10))).toEqual([0, 1]);
  expect(seqs(trail.before(3, 'story', 2))).toEqual([1, 2]);
  expect(seqs(trail.from(2, 'story', 1))).toEqual([2]);
  expect(seqs(trail.from(4, 'story', 9))).toEqual([]);
});

test('history is asked for once, and what is new again', () => {
  const trace = source(Array.from({ length: 300 }, () => loud));
  const trail = new Trail(trace);
  trail.before(300, 'story', 300);
  const first = trace.asked.length;
  trail.before(300, 'story', 300);
  expect(trace.asked.length).toBe(first);
  trace.push(loud);
  expect(trail.event(300)?.seq).toBe(300);
  expect(trace.asked.length).toBe(first + 1);
  expect(trail.event(301)).toBeNull();
});

test('a long quiet stretch is not searched for ever', () => {
  const trace = source([loud, ...Array.from({ length: 50_000 }, () => quiet)]);
  expect(new Trail(trace).before(50_001, 'story', 10)).toEqual([]);
  expect(trace.asked.length).toBeLessThan(100);
});

test('of what was told before, nothing is asked for again', () => {
  const trace = source(Array.from({ length: 1000 }, () => loud));
  expect(seqs(new Trail(trace).before(1000, 'story', 20, 995))).toEqual([995, 996, 997, 998, 999]);
  expect(trace.asked).toEqual([992]);
});

test('an operation is known by its number, and a message’s end is found ahead of its sending', () => {
  const trail = new Trail(source([loud, quiet, message, quiet]));
  expect(trail.operation(4)).toEqual({ type: 'Del', key: 'x' });
  expect(trail.operation(5)).toBeNull();
  expect(trail.fateOf(1, 0)?.seq).toBe(2);
  expect(trail.fateOf(1, 2)).toBeNull();
});
