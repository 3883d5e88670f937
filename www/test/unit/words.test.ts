import { expect, test } from 'vitest';
import { count, duration, entries, list, percent, scenarioTime, time } from '../../format.ts';
import { offsetOf, withHeader } from '../../scenario-text.ts';
import { withProtocol } from '../../start-text.ts';

test('times for the eye', () => {
  expect(time(400)).toBe('0.4 ms');
  expect(time(1_284_600)).toBe('1\u202f284.6 ms');
  expect(time(12_345_678)).toBe('12.35 s');
  expect(duration(213_400)).toBe('213.4 ms');
  expect(duration(50_000)).toBe('50 ms');
  expect(duration(900)).toBe('900 µs');
  expect(percent(25_000)).toBe('2.5 %');
});

test('times for the scenario language are exact', () => {
  expect(scenarioTime(50_000)).toBe('50ms');
  expect(scenarioTime(2_000_000)).toBe('2s');
  expect(scenarioTime(1_500)).toBe('1500us');
  expect(scenarioTime(0)).toBe('0ms');
});

test('small words', () => {
  expect([count(1, 'server'), count(5, 'server')]).toEqual(['1 server', '5 servers']);
  expect([entries(4, 4), entries(4, 6)]).toEqual(['entry 4', 'entries 4–6']);
  expect([list([]), list(['S1']), list(['S1', 'S2', 'S3'])]).toEqual(['', 'S1', 'S1, S2 and S3']);
});

test('a header line is changed where it stands, added behind those it must follow, or left out', () => {
  expect(withHeader('raft 1\nservers 5\nseed 1\n', 'servers', '3')).toBe('raft 1\nservers 3\nseed 1\n');
  expect(withHeader('raft 1\ntitle A\n', 'seed', '9')).toBe('raft 1\ntitle A\nseed 9\n');
  const text = 'raft 1\ntitle A\nservers 5\nseed 1\nset loss 1%\n@1ms heal\n';
  expect(withHeader(text, 'voters', '3')).toContain('servers 5\nvoters 3\nseed 1\n');
  expect(withHeader(text, 'title', '')).toBe(text.replace('title A\n', ''));
  expect(withHeader(text, 'title', '$& B')).toContain('title $& B\n');
  expect(withHeader('raft 1', 'seed', '2')).toBe('raft 1\nseed 2\n');
});

test('for another protocol all is left out that it does not know', () => {
  const raft = [
    'raft 1',
    'title A',
    'servers 3',
    'voters 2',
    'set heartbeat 5ms',
    'set loss 1%',
    'off one-vote',
    '@1ms   timeout S1',
    '@2ms   set pre-vote on',
    '@3ms   crash S1',
    '@4ms   drop AppendEntries S1->S2',
    '@5ms   C1 get x lease',
    '@6ms   C1 get x',
    '@7ms   off pre-vote',
    'expect term 1',
  ].join('\n');
  expect(withProtocol(raft, 'two-phase-commit').split('\n')).toEqual([
    'raft 1',
    'title A',
    'protocol two-phase-commit',
    'servers 3',
    'set loss 1%',
    '@3ms   crash S1',
    '@6ms   C1 get x',
  ]);
  const other = 'raft 1\nprotocol two-phase-commit\nset ask-again 5ms\n@1ms crash S1\n';
  expect(withProtocol(other, 'raft')).toBe('raft 1\nprotocol raft\n@1ms crash S1\n');
});

test('an error’s place in the text', () => {
  const text = 'raft 1\n@0ms crsh S1\n';
  expect(text.slice(offsetOf(text, 2, 6))).toBe('crsh S1\n');
  expect(offsetOf(text, 99, 1)).toBe(text.length);
});
