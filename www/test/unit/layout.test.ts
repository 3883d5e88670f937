import { expect, test } from 'vitest';
import { layoutOf, viewOf } from '../../layout.ts';
import { shareOf } from '../../shares.ts';

const of = (width: number, height: number) => ({
  page: { width, height },
  layout: layoutOf({ width, height }),
  shares: {},
  editing: false,
});

test('a phone gets one view at a time, upright or lying, a slot two columns, a laptop all', () => {
  expect(of(390, 844).layout).toBe('narrow');
  expect(of(844, 390).layout).toBe('narrow');
  expect(of(800, 580).layout).toBe('medium');
  expect(of(1366, 768).layout).toBe('wide');
});

test('a view is known by the name it has on the page', () => {
  expect(viewOf('space-time')).toBe('ladder');
  expect(viewOf(' Logs')).toBe('logs');
  expect(viewOf('ladders')).toBeNull();
  expect(viewOf(null)).toBeNull();
});

test('a share stays where it was set, as far as both parts keep the room they need', () => {
  const place = of(1440, 900);
  expect(shareOf('cluster', { ...place, shares: { cluster: 0.6 } }).now).toBe(0.6);
  const { now, most } = shareOf('side', { ...place, shares: { side: 0.99 } });
  expect(now).toBe(most);
  expect((1 - most) * 1440).toBeGreaterThanOrEqual(339);
});

test('a text of 80 letters can be read beside the rest of a wide page, and half of a middling one', () => {
  const width = (wide: number, high: number) =>
    wide * (1 - shareOf('editor', { ...of(wide, high), editing: true }).now);
  expect(width(1440, 900)).toBeGreaterThan(620);
  expect(width(1920, 1080)).toBeLessThan(700);
  expect(width(800, 580)).toBeGreaterThan(400);
});
