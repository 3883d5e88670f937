// What hostile tests are made of.

import type { Frame, Page } from '@playwright/test';

/** Numbers that look random and are the same every time. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What would run, break out or confuse if anybody took it for more than text; `window.ran` tells. */
export const MARKUP = [
  '<img src=x onerror="window.ran=1">',
  '<script>window.ran=1</script>',
  '"><svg onload="window.ran=1">',
  'javascript:window.ran=1',
  '$\u007bwindow.ran=1}',
  '{{constructor.constructor("window.ran=1")()}}',
  '\u0000\u0007\u001b[31m\u202e\ufeff',
  '😀'.repeat(300),
  '('.repeat(3000),
  '%00%ff%3Cscript%3E',
];

/** Nothing holds the page up for longer, in ms: 200, but a machine that runs all tests at once is a slow one. */
export const HANG_MS = process.env.HOSTILE ? 200 : 2000;

/** From now on `window.longest` is how long the page stood still at most, in ms, since somebody set it to 0. */
export const watchForHangs = (page: Page | Frame): Promise<void> =>
  page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      window.longest = Math.max(window.longest, ...list.getEntries().map(({ duration }) => duration));
    }).observe({ entryTypes: ['longtask'] });
  });

declare global {
  interface Window {
    longest: number;
  }
}
