// The ways to part a cluster that come ready-made.

import { expect, test } from 'vitest';
import { partitions } from '../../views/controls/network.ts';

const names = (n: number) => Array.from({ length: n }, (_, i) => `S${i + 1}`);
const lines = (text: string | undefined) => (text ? text.split('\n') : []);

test('five servers are parted as the words say', () => {
  const ways = partitions(names(5), 'S3');
  expect(ways['Leader alone']).toBe('partition S3 | S1 S2 S4 S5');
  expect(ways['Leader in the minority']).toBe('partition S3 S1 | S2 S4 S5');
  expect(lines(ways['Leader deaf'])).toEqual(['cut S1->S3', 'cut S2->S3', 'cut S4->S3', 'cut S5->S3']);
  expect(lines(ways['Leader mute'])).toEqual(['cut S3->S1', 'cut S3->S2', 'cut S3->S4', 'cut S3->S5']);
  // Only the one in the middle reaches both sides; it need not be the leader.
  const bridge = lines(ways.Bridge);
  expect(bridge).toHaveLength(8);
  expect(bridge.some((line) => /\bS1\b/.test(line))).toBe(false);
  expect(lines(ways.Ring)).toHaveLength(10);
  expect(lines(ways.Ring)).not.toContain('cut S5->S1');
});

test('clusters of any size are parted, or not where there is nothing to part', () => {
  for (let n = 2; n <= 9; n += 1) {
    const ways = partitions(names(n), 'S1');
    const [few = [], many = []] = (ways['Leader in the minority'] ?? '')
      .replace('partition ', '')
      .split(' | ')
      .map((side) => side.split(' '));
    expect(few.length).toBeLessThanOrEqual(many.length);
    expect(new Set([...few, ...many]).size).toBe(n);
    expect(few).toContain('S1');
  }
  expect(partitions(names(2), 'S1').Bridge).toBe('');
  expect(partitions(names(3), 'S1').Ring).toBe('');
});
