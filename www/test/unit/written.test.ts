// The author's text while the run is steered by hand, against the real engine.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { hunks, merged } from '../../editor/lines.ts';
import { laidOver, statements, timeOf } from '../../editor/written.ts';
import { initSync, Session } from '../../pkg/raft_wasm.js';
import type { Written } from '../../store.ts';
import { scenarioTexts } from '../scenarios.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const lines = (text: string): string[] => text.split('\n');

test('two texts differ in the fewest lines', () => {
  expect(hunks(['a', 'b', 'c'], ['a', 'b', 'c'])).toEqual([]);
  expect(hunks(['a', 'c'], ['a', 'b', 'c'])).toEqual([{ from: 1, to: 1, lines: ['b'] }]);
  expect(hunks(['a', 'b', 'c', 'd', 'e'], ['b', 'c', 'x', 'e', 'f'])).toEqual([
    { from: 0, to: 1, lines: [] },
    { from: 3, to: 4, lines: ['x'] },
    { from: 5, to: 5, lines: ['f'] },
  ]);
});

test('any text becomes any other by its hunks', () => {
  let state = 7;
  const draw = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const some = () => Array.from({ length: draw(9) }, () => 'abcd'[draw(4)] as string);
  for (let n = 0; n < 500; n += 1) {
    const [before, after] = [some(), some()];
    const made = [...before];
    for (const { from, to, lines: fresh } of hunks(before, after).reverse())
      made.splice(from, to - from, ...fresh);
    expect(made).toEqual(after);
  }
});

test('two differences from one text come together, and a line changed by its author stays', () => {
  const base = 'raft 1\nservers 3\n@1s crash S1\n@2s end';
  const mine = 'raft 1\nservers 4 # wro\n\n@1s crash S1\n@2s end';
  expect(merged(base, mine, 'raft 1\nservers 3\n@1s crash S1\n@1500ms heal\n@2s end')).toBe(
    'raft 1\nservers 4 # wro\n\n@1s crash S1\n@1500ms heal\n@2s end',
  );
  expect(merged(base, mine, 'raft 1\nservers 3\n@2s end')).toBe('raft 1\nservers 4 # wro\n\n@2s end');
  expect(merged(base, mine, 'raft 1\nservers 5\n@1s crash S1\n@2s heal')).toBe(
    'raft 1\nservers 4 # wro\n\n@1s crash S1\n@2s heal',
  );
  expect(merged(base, base, mine)).toBe(mine);
  expect(merged(base, mine, base)).toBe(mine);
});

test('statements end at line ends, ; and #, but not in quotes', () => {
  const text = '# a; b\nraft 1; title A "b;servers 3\n @1s say "a;#\\"b" # "c\n;\r\n@2s heal\r\n';
  expect(statements(text).map(({ text: one }) => one)).toEqual([
    'raft 1',
    'title A "b',
    'servers 3',
    '@1s say "a;#\\"b"',
    '@2s heal',
  ]);
  for (const { from, to, text: one } of statements(text)) expect(text.slice(from, to)).toBe(one);
});

test('a time is read to the microsecond', () => {
  expect(['@1.5ms heal', '@2s', '@7us end', '@1.1ms x'].map(timeOf)).toEqual([1500, 2_000_000, 7, 1100]);
  expect(['crash S1', '@1 heal', '@1sx', '@-1s', 'expect term 1 at 1s'].map(timeOf)).toEqual(
    Array(5).fill(null),
  );
});

/** The author's text and a session of it. */
function opened(text: string): { session: Session; written: Written } {
  const session = Session.open(text);
  const runs = session.text();
  return { session, written: { text, runs, opened: runs } };
}

/** It must say what runs, whatever else stands in it. */
function says(text: string, session: Session): void {
  const again = Session.open(text);
  expect(again.text()).toBe(session.text());
  again.free();
}

test('in every scenario, a command by hand stands among the author’s lines, and what it drops becomes a comment', () => {
  for (const { name, text } of scenarioTexts()) {
    const { session, written } = opened(text);
    const end = session.frame(1, 0).scenarioEndUs ?? 0;
    session.seek(end);
    session.seek(Math.round(end / 2));
    session.command('heal');
    const now = laidOver(written, session.text());
    says(now, session);
    const own = lines(text);
    expect(
      lines(now).filter((line) => !own.includes(line) && !own.includes(line.replace(/^# /, ''))),
      name,
    ).toEqual([expect.stringMatching(/^@\d+(us|ms) +heal$/)]);
    session.seek(Math.round(end / 3));
    session.command('crash S1');
    session.command('restart S1');
    says(laidOver(written, session.text()), session);
    session.switchBranch(0);
    expect(laidOver(written, session.text()), name).toBe(text);
    session.free();
  }
}, 60_000);

test('a command stands behind the one before it, lined up like that', () => {
  const { session, written } = opened(
    'raft 1\n# Two commands.\n@1s    crash S1 # the first\n@0.5s  C1 put x=1\n\n@3s  end\nexpect term 0 # so far\n',
  );
  session.seek(3_000_000);
  session.seek(1_200_000);
  session.command('C1 put x=2');
  expect(laidOver(written, session.text())).toBe(
    'raft 1\n# Two commands.\n@1s    crash S1 # the first\n@1200ms C1 put x=2\n@0.5s  C1 put x=1\n\n# @3s  end\n# expect term 0 # so far\n',
  );
  says(laidOver(written, session.text()), session);
  session.undo();
  expect(laidOver(written, session.text())).toBe(written.text);
});

test('facts of the header take the place of what was written, or stand behind what they follow', () => {
  const { written } = opened('raft 1 # why\nservers 3; seed 4\n@1s end\n');
  expect(
    laidOver(written, written.runs.replace('servers 3', 'servers 4').replace('clients 1', 'clients 2')),
  ).toBe('raft 1 # why\nservers 4; seed 4\nclients 2\n@1s end\n');
});

test('a setting of the start takes the place of another of the same', () => {
  const { written } = opened('raft 1\nset loss 10% # much\noff one-vote\n@1s end\n');
  const now = written.runs
    .replace('loss 10%', 'loss 20%')
    .replace('off one-vote', 'on one-vote\nset fsync 1ms');
  expect(laidOver(written, now)).toBe('raft 1\nset loss 20% # much\non one-vote\nset fsync 1ms\n@1s end\n');
});

test('on one line, what goes becomes a comment at its end', () => {
  const { session, written } = opened('raft 1; servers 3; @1s crash S1; @2s heal; @3s end');
  session.seek(3_000_000);
  session.seek(1_500_000);
  session.command('crash S2');
  const now = laidOver(written, session.text());
  expect(now).toBe('raft 1; servers 3; @1s crash S1; # @3s end # @2s heal\n@1500ms crash S2');
  says(now, session);
});

test('a text that says something else than what ran gives way to what runs', () => {
  expect(
    laidOver({ text: 'raft 1\n@1s heal\n', runs: 'raft 1\n@1s heal\n@2s heal\n', opened: '' }, 'raft 1\n'),
  ).toBe('raft 1\n');
});

test('what was done by hand goes without a trace when it is taken back, even from a text reworded since', () => {
  const { session, written } = opened('raft 1\n@1s heal\n');
  session.seek(500_000);
  session.command('crash S1');
  const text = `${laidOver(written, session.text())}# Mine.\n`;
  expect(text).toBe('raft 1\n@500ms crash S1\n@1s heal\n# Mine.\n');
  const reworded = { ...written, text, runs: session.text() };
  session.undo();
  expect(laidOver(reworded, session.text())).toBe('raft 1\n@1s heal\n# Mine.\n');
});

/** The same scenario in other words: times in other units and out of order, lines joined, comments and blanks between. */
function inOtherWords(text: string, draw: (n: number) => number): string {
  const bodies = statements(text).map(({ text: one }) =>
    one.replace(/^@(\d+)ms\s+/, (_, ms) => (draw(2) === 0 ? `@${ms / 1000}s   ` : `@${ms}000us\t`)),
  );
  const times = [...new Set(bodies.map(timeOf).filter((time) => time !== null))];
  const turned = times.splice(draw(times.length)).concat(times);
  const all = [
    ...bodies.filter((one) => !/^(@|expect)/.test(one)),
    ...turned.flatMap((time) => bodies.filter((one) => timeOf(one) === time)),
    ...bodies.filter((one) => one.startsWith('expect')),
  ];
  const ends = ['\n', '\n\n', ' # so\n', '\n  # and\n', '; ', '\r\n'];
  return all.map((one) => one + ends[draw(ends.length)]).join('');
}

test('whatever is done by hand, taken back and looked at, the author’s text says what runs', () => {
  let state = 11;
  const draw = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const commands = ['heal', 'crash S1', 'restart S1', 'set loss 1%', 'say "a;#\\"b"'];
  for (const { name, text } of scenarioTexts().filter((_, n) => n % 3 === 0)) {
    const { session, written } = opened(inOtherWords(text, draw));
    says(text, session);
    const end = session.frame(1, 0).scenarioEndUs ?? 1_000_000;
    for (let step = 0; step < 10; step += 1) {
      const what = draw(8);
      if (what < 3) session.seek(draw(end));
      else if (what < 6) session.command(commands[draw(commands.length)] as string);
      else if (what < 7) session.undo();
      else session.switchBranch(draw(session.branches().length));
      const now = laidOver(written, session.text());
      says(now, session);
      if (session.text() === written.runs) expect(now, name).toBe(written.text);
    }
    session.free();
  }
});
