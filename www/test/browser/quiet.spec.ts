// A page that shows nothing new does nothing: no frame is asked for and no timer set while time stands still or nobody looks.

import type { Page } from '@playwright/test';
import { expect, leader, open, openEditor, playUntil, test } from './page.ts';

/** Counts what the page asks the browser to call back. */
const counting = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const counts = { frames: 0, timers: 0 };
    Object.assign(window, { counts });
    const { requestAnimationFrame: frame, setTimeout: timeout, setInterval: interval } = window;
    window.requestAnimationFrame = (callback) => {
      counts.frames += 1;
      return frame.call(window, callback);
    };
    window.setTimeout = ((...given: Parameters<typeof timeout>) => {
      counts.timers += 1;
      return timeout.apply(window, given);
    }) as typeof setTimeout;
    window.setInterval = ((...given: Parameters<typeof interval>) => {
      counts.timers += 1;
      return interval.apply(window, given);
    }) as typeof setInterval;
  });

/** What was asked for within a second. */
async function withinASecond(page: Page): Promise<{ frames: number; timers: number }> {
  const counts = () =>
    page.evaluate(() => ({ ...(window as never as { counts: { frames: number; timers: number } }).counts }));
  const before = await counts();
  await page.waitForTimeout(1000);
  const after = await counts();
  return { frames: after.frames - before.frames, timers: after.timers - before.timers };
}

test('while time stands still nothing runs', async ({ page }) => {
  await counting(page);
  await open(page);
  await playUntil(page, leader(page));
  await page.waitForTimeout(200);
  expect(await withinASecond(page)).toEqual({ frames: 0, timers: 0 });
  await page.getByRole('button', { name: 'Play' }).click();
  expect((await withinASecond(page)).frames).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.waitForTimeout(200);
  expect(await withinASecond(page)).toEqual({ frames: 0, timers: 0 });
});

test('while nobody types nothing runs in the editor either', async ({ page }) => {
  await counting(page);
  await open(page);
  const editor = await openEditor(page);
  await editor.press('Control+End');
  await page.keyboard.type('expect term 0');
  await expect(page.locator('.standing:not(.pending)')).toBeVisible();
  await expect(editor).toBeFocused();
  await expect.poll(() => withinASecond(page)).toEqual({ frames: 0, timers: 0 });
});

test('while nobody looks nothing runs, and it goes on when somebody does', async ({ page }) => {
  await counting(page);
  await open(page);
  await page.getByRole('button', { name: 'Play' }).click();
  const scrollTo = (top: number) =>
    page.evaluate((to) => {
      document.body.style.paddingBottom = '300vh';
      window.scrollTo(0, to);
    }, top);
  await scrollTo(3000);
  // What the press on Play has asked for, parts of the page and the address, may still come.
  await expect.poll(() => withinASecond(page)).toEqual({ frames: 0, timers: 0 });
  await scrollTo(0);
  await page.waitForTimeout(300);
  expect((await withinASecond(page)).frames).toBeGreaterThan(5);
});
