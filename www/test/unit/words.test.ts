import { expect, test } from 'vitest';
import { count, duration, entries, list, percent, scenarioTime, time } from '../../format.ts';
import { marked, offsetOf, withHeader } from '../../scenario-text.ts';

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

test('a header line is changed where it stands, or added after the version', () => {
  expect(withHeader('raft 1\nservers 5\nseed 1\n', 'servers', '3')).toBe('raft 1\nservers 3\nseed 1\n');
  expect(withHeader('raft 1\ntitle A\n', 'seed', '9')).toBe('raft 1\nseed 9\ntitle A\n');
});

test('an error’s place in the text', () => {
  const text = 'raft 1\n@0ms crsh S1\n';
  expect(marked(text, 2, 6)).toEqual({ line: '@0ms crsh S1', marker: '     ^' });
  expect(text.slice(offsetOf(text, 2, 6))).toBe('crsh S1\n');
  expect(offsetOf(text, 99, 1)).toBe(text.length);
});
