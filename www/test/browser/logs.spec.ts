// Logs longer than the screen, and what of servers the cluster and the inspector tell, used as a person uses them.

import type { Locator, Page } from '@playwright/test';
import { expect, open, runText, server, test, timeMs } from './page.ts';

const LONG = 'raft 1\nservers 3\n@0ms timeout S1\n@200ms load C1 put every 20ms\n@3s end\n';

const overview = (page: Page): Locator => page.getByRole('slider', { name: 'First entry shown' });
const follow = (page: Page): Locator => page.getByRole('switch', { name: 'Follow the end of the logs' });
const first = async (page: Page): Promise<number> =>
  Number(await overview(page).getAttribute('aria-valuenow'));
const entry = (page: Page, name: RegExp | string): Locator =>
  page.getByRole('group', { name: 'Logs' }).getByRole('button', { name });

const openLong = async (page: Page): Promise<void> => {
  await open(page);
  await runText(page, LONG);
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('End');
  await expect(overview(page)).toBeVisible();
};

test('a long log scrolls by keys, wheel and hand, and is followed again at its end', async ({ page }) => {
  await openLong(page);
  await expect(follow(page)).toBeChecked();
  const end = await first(page);
  expect(end).toBeGreaterThan(30);
  await overview(page).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(follow(page)).not.toBeChecked();
  expect(await first(page)).toBe(end - 1);
  await page.keyboard.press('Home');
  await expect(entry(page, /^S2 entry 1: no-op/)).toBeVisible();
  await expect(entry(page, /^S2 entry 1: no-op/).getByText('no-op', { exact: true })).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(entry(page, /^S2 entry 1: no-op/)).toHaveCount(0);
  // The wheel goes by parts of a column.
  const there = await first(page);
  await entry(page, 'Log of S2').hover();
  await page.mouse.wheel(0, 29);
  await expect.poll(() => first(page)).toBeCloseTo(there + 0.5, 0);
  // A hand pulls the logs along, and picks nothing by that.
  const box = await page.locator('[data-picture=logs]').boundingBox();
  if (!box) throw new Error('no logs');
  const before = await first(page);
  const [x, y] = [box.x + box.width * 0.7, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y, { steps: 4 });
  await page.mouse.move(x - 130, y, { steps: 4 });
  await page.mouse.up();
  expect(await first(page)).toBeGreaterThan(before + 1);
  await expect(page.getByRole('region', { name: 'Inspector', exact: true })).toHaveCount(0);
  await follow(page).click();
  await expect(follow(page)).toBeChecked();
  expect(await first(page)).toBe(end);
});

test('however long the logs, only what is in sight is drawn', async ({ page }) => {
  await openLong(page);
  const cells = page.locator('svg.logs .entry');
  expect(await cells.count()).toBeLessThan(60);
  await overview(page).focus();
  for (const key of ['PageUp', 'PageUp', 'Home', 'End']) {
    await page.keyboard.press(key);
    await expect.poll(() => cells.count()).toBeLessThan(60);
  }
});

test('an entry tells who has it and since when, also when it is out of sight, and one can go there', async ({
  page,
}) => {
  await openLong(page);
  await overview(page).focus();
  await page.keyboard.press('Home');
  await entry(page, /^S1 entry 3: /).click();
  const inspector = page.getByRole('region', { name: 'Inspector', exact: true });
  await expect(inspector).toContainText('3 of 3 servers; 2 are needed');
  await follow(page).click();
  await expect(inspector.getByRole('row', { name: /^S3 on disk \d+/ })).toBeVisible();
  const end = await timeMs(page);
  await inspector.getByRole('row', { name: /^S3/ }).getByRole('button').click();
  await expect.poll(() => timeMs(page)).toBeLessThan(end);
  await expect(inspector).toContainText('Entry 3 of S1');
  await page.keyboard.press('ArrowLeft');
  await expect(inspector.getByRole('row', { name: /^S3 on disk –/ })).toBeVisible();
});

test('an entry that is not committed says of whom it takes a majority', async ({ page }) => {
  await open(page);
  await runText(
    page,
    'raft 1\nservers 6\nvoters 3\n@0ms timeout S1\n@100ms C1 put x=1\n@190ms crash S3\n@200ms voters S1 S4 S5\n@201ms end\n',
  );
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('End');
  await entry(page, /^S1 entry 3: voters S1 S2 S3 → S1 S4 S5/).click();
  await expect(page.getByRole('region', { name: 'Inspector', exact: true })).toContainText(
    'On 1 of 3 new voters and 1 of 3 old ones; 2 and 2 are needed',
  );
});

test('what ails a server is seen, said and explained', async ({ page }) => {
  await open(page);
  await runText(
    page,
    'raft 1\nservers 7\nvoters 5\n@0ms timeout S1\n@100ms C1 put x=1\n@200ms pause S2\n@210ms power-off S3\n@220ms set disk S4 lies\n' +
      '@230ms set drift S5 20000ppm\n@235ms clock-jump S1 -500ms\n@240ms learner S6\n@250ms stall S5 10s\n@260ms C1 put y=2\n@400ms end\n',
  );
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('End');
  for (const name of [
    /^S2, .*paused/,
    /^S3, .*no power/,
    /^S4, .*disk lies, 2 not on disk/,
    /^S5, .*disk stalls, .*clock \+2\s%/,
    /^S1, .*clock −500 ms/,
    /^S6, .*learner/,
    /^S7, .*not a member/,
  ])
    await expect(server(page, name)).toBeVisible();
  const inspector = page.getByRole('region', { name: 'Inspector', exact: true });
  await server(page, /^S4, /).click();
  await expect(inspector).toContainText('Its disk says “synced” before it is so.');
  await server(page, /^S1, /).click();
  await expect(inspector).toContainText('−500 ms off');
  await expect(inspector).toContainText('voters S1, S2, S3, S4 and S5; learners S6');
  await expect(inspector.getByRole('row', { name: /^S6 \d+ \d+ probe \d/ })).toBeVisible();
  await server(page, /^S7, /).click();
  await expect(inspector).toContainText('does not belong to it');
});
