// What is drawn into the scenario's text.

import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { commandsOf, pieces, timeAt } from '../../editor/marks.ts';

const kinds = (line: string) => pieces(line).map(([from, to, kind]) => `${line.slice(from, to)} ${kind}`);

test('words are told apart by what they are', () => {
  expect(kinds('@1.5s  crash S1 S2 # now')).toEqual([
    '@1.5s at',
    'crash word',
    'S1 name',
    'S2 name',
    '# now comment',
  ]);
  expect(kinds('set latency S1->S2 10ms..20ms')).toEqual(['set word', 'S1->S2 name', '10ms..20ms number']);
  expect(kinds('set drift S1 -200ppm; @1s clock-jump S1 +5ms')).toEqual([
    'set word',
    'S1 name',
    '-200ppm number',
    '@1s at',
    'clock-jump word',
    'S1 name',
    '+5ms number',
  ]);
  expect(kinds('@1s C1 put x1=2 via S3')).toEqual(['@1s at', 'C1 name', 'put word', '2 number', 'S3 name']);
  expect(kinds('@1s say "S1; # is \\"down\\"" # so')).toEqual([
    '@1s at',
    'say word',
    '"S1; # is \\"down\\"" quoted',
    '# so comment',
  ]);
  expect(kinds('set pre-vote on; off one-vote')).toEqual(['set word', 'off word']);
  expect(kinds('expect term 1 on S2')).toEqual(['expect word', '1 number', 'S2 name']);
  expect(kinds('title The S1 crash of 5')).toEqual(['title word', 'The S1 crash of 5 quoted']);
  expect(kinds('@1s say "open')).toEqual(['@1s at', 'say word', '"open quoted']);
});

test('a line leads to its own time, or to that of the command before it', () => {
  const doc = Text.of([
    'raft 1',
    '# so',
    '@1s heal',
    'expect term 1 at 500ms',
    '',
    '@2s end # far',
    'expect term 1',
  ]);
  expect([1, 2, 3, 4, 5, 6, 7].map((line) => timeAt(doc, line))).toEqual([
    0, 0, 1_000_000, 500_000, 1_000_000, 2_000_000, 2_000_000,
  ]);
  expect(commandsOf(doc).map(({ at }) => at)).toEqual([1_000_000, 2_000_000]);
});

test('no piece is empty, however little stands there', () => {
  for (const line of ['title ', 'title  ', 'title ;', 'title #', 'title', '@', '"', '#', '']) {
    for (const [from, to] of pieces(line)) expect(to, line).toBeGreaterThan(from);
  }
  expect(kinds('title ')).toEqual(['title word']);
});
