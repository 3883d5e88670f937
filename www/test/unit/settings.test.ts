// What settings hold at a moment, their numbers, and whether they go together.

import { expect, test } from 'vitest';
import { SETTINGS, type Setting } from '../../language.ts';
import { amount, nearest, spelled, steps, written } from '../../quantity.ts';
import { rule, Settings } from '../../settings.ts';
import { stability } from '../../stability.ts';

const TEXT = [
  'raft 1',
  'servers 3',
  'set latency 5ms',
  'set latency S1->S2 80ms',
  'set heartbeat 20ms',
  'off one-vote',
  '@200us crash S1',
  '@1500us set heartbeat 50ms',
  '@100ms set latency 7ms',
  '@2000ms on one-vote',
  '@2000ms set client-timeout 2000ms',
].join('\n');

const setting = (name: string): Setting => {
  const found = SETTINGS.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

test('a setting is what the scenario says last before the moment', () => {
  const start = new Settings(TEXT, 0);
  expect(start.of('latency')).toEqual({ value: '5ms', since: 'start' });
  expect(start.of('latency S1->S2')).toEqual({ value: '80ms', since: 'start' });
  expect(start.of('latency S2->S1').value).toBe('5ms');
  expect(start.of('loss')).toEqual({ value: '0%', since: 'ever' });
  expect(start.of(rule('one-vote')).value).toBe('off');
  expect(start.of(rule('pre-vote')).value).toBe('on'); // the rule, not the setting
  expect(start.of('pre-vote').value).toBe('off');
  expect(start.single('latency')).toEqual([{ whom: 'S1->S2', value: '80ms' }]);
  const later = new Settings(TEXT, 100_000);
  expect(later.of('latency S1->S2')).toEqual({ value: '7ms', since: 'run' }); // one for all takes its place
  expect(later.single('latency')).toEqual([]);
  expect(new Settings(TEXT, 99_999).of('latency').value).toBe('5ms');
});

test('what was changed in the run goes back to the start, what the start changed to what it is by itself', () => {
  expect(new Settings(TEXT, 0).before('heartbeat')).toBe('50ms');
  expect(new Settings(TEXT, 2_000).before('heartbeat')).toBe('20ms');
  expect(new Settings(TEXT, 0).before('loss')).toBeNull();
  expect(new Settings(TEXT, 3_000_000).before('client-timeout')).toBeNull(); // 2000ms is 2s
  expect(new Settings(TEXT, 3_000_000).before(rule('one-vote'))).toBe('off');
});

test('numbers are read with and without a unit, and written as the language has them', () => {
  expect(spelled('time', ' 50 ')).toBe('50ms');
  expect(spelled('time', '1.5 s')).toBe('1.5s');
  expect(spelled('share', '10')).toBe('10%');
  expect(spelled('number', '64')).toBe('64');
  expect(spelled('time', 'soon')).toBe('soon');
  expect(amount('time', '1.5s')).toBe(1_500_000);
  expect(amount('range', '100us')).toBe(100);
  expect(amount('share', '0.5%')).toBe(5_000);
  expect(amount('drift', '-200ppm')).toBe(-200);
  expect(amount('rate', '1.5MB/s')).toBe(1_500_000);
  expect(amount('number', 'never')).toBe(Infinity);
  expect(written(setting('heartbeat'), 1_500)).toBe('1500us');
  expect(written(setting('loss'), 200)).toBe('0.02%');
  expect(written(setting('bandwidth'), 1_500_000)).toBe('1500kB/s');
  expect(written(setting('bandwidth'), 2_000_000)).toBe('2MB/s');
  expect(written(setting('snapshot-every'), Infinity)).toBe('never');
});

test('a slider goes from the least to the most in steps that the language can say exactly', () => {
  for (const one of SETTINGS.filter(({ kind }) => kind !== 'choice')) {
    const all = steps(one);
    const [least = '', most = '', word] = one.values;
    expect(written(one, all[0] ?? NaN), one.name).toBe(written(one, amount(one.kind, least)));
    expect(written(one, all.at(-1) ?? NaN), one.name).toBe(word ?? written(one, amount(one.kind, most)));
    expect(
      [...all].sort((a, b) => a - b),
      one.name,
    ).toEqual(all);
    expect(all.length, one.name).toBeLessThan(120);
    for (const [i, n] of all.entries()) {
      expect(amount(one.kind, written(one, n)), one.name).toBe(n);
      expect(nearest(all, n), one.name).toBe(i);
    }
  }
  expect(nearest(steps(setting('heartbeat')), 155_000)).toBe(nearest(steps(setting('heartbeat')), 150_000));
});

const judged = (lines: string, servers = 5) => stability(new Settings(`raft 1\n${lines}`, 0), servers);

test('the paper’s settings are found good, and told how long a failover takes', () => {
  const { warnings, round, failover } = judged('');
  expect(warnings).toEqual([]);
  expect(round).toEqual([21_100, 33_200]);
  expect(failover[0]).toBeGreaterThan(100_000);
  expect(failover[1]).toBeLessThan(400_000);
});

test('settings that cannot work are named, each with the group that can mend it', () => {
  const groups = (lines: string) => judged(lines).warnings.map(({ group }) => group);
  expect(groups('set heartbeat 200ms')).toEqual(['timing']);
  expect(judged('set latency 100ms..160ms').warnings.map(({ words }) => words)).toContainEqual(
    expect.stringContaining('elections fail'),
  );
  expect(groups('set fsync 60ms..90ms')).toEqual(['timing']);
  expect(groups('set election-timeout 150ms')).toEqual(['timing']);
  expect(groups('set loss 30%')).toEqual(['network']);
  expect(groups('set reads lease')).toEqual(['reads']);
  expect(groups('set reads lease\nset stickiness on')).toEqual([]);
  expect(groups('set reads lease\nset stickiness on\nset drift S2 2000ppm')).toEqual(['reads']);
  expect(groups('set reads lease\nset stickiness on\nset drift-bound 80%')).toEqual(['reads']);
  expect(groups('set client-timeout 200ms')).toEqual(['clients']);
  expect(judged('set heartbeat 200ms', 1).warnings).toEqual([]); // nobody to be deposed by
});
