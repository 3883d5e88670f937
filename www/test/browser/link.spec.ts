// Links: opened, kept current, gone back to; those that are wrong say so.

import type { Page } from '@playwright/test';
import { chooseScenario, expect, open, server, test, timeMs } from './page.ts';

const LINK =
  '#raft+1/title+Three+of+them/servers+3/seed+7/100ms+timeout+S1/600ms+C1+put+x=1/2000ms+end/at=700.5ms/view=space-time';

const picker = (page: Page) => page.getByRole('combobox', { name: 'Scenario' }).locator('option:checked');
const hash = (page: Page) => page.evaluate(() => location.hash);

async function ready(page: Page): Promise<void> {
  await expect(page.getByLabel('Simulated time')).toBeVisible();
}

test('a link opens what its author saw, and a reload opens it again', async ({ page }) => {
  await page.goto(`./${LINK}`);
  await ready(page);
  await expect(picker(page)).toHaveText(/^Three of them/);
  await expect(page.getByRole('heading', { name: 'Space-time' })).toBeVisible();
  await expect.poll(() => timeMs(page)).toBe(700.5);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.keyboard.press('.');
  await expect.poll(() => timeMs(page)).toBeGreaterThan(700.5);
  const at = await timeMs(page);
  const written = async () => Number(/\/at=([\d.]+)ms\/is=[\da-f]{8}$/.exec(await hash(page))?.[1]);
  await expect.poll(written).toBeCloseTo(at, 1); // the clock shows tenths
  await page.reload();
  await ready(page);
  await expect.poll(() => timeMs(page)).toBe(at);
});

test('what somebody does is in the address, and Back leads to the scenario before', async ({ page }) => {
  await open(page);
  expect(await hash(page)).toBe('');
  await page.keyboard.press('n');
  await expect.poll(() => hash(page)).toContain('/from=first-value');
  await chooseScenario(page, 'A split vote, and how it ends');
  await server(page, /^S1, /).click();
  await page.keyboard.press('c');
  await expect.poll(() => hash(page)).toContain('+crash+S1/');
  const crashed = await page.evaluate(() => location.href);
  await page.goBack();
  await expect(picker(page)).toHaveText(/^From no leader/);
  await page.goForward();
  await expect(server(page, /^S1, .*crashed/)).toBeVisible();
  await page.goto('about:blank');
  await page.goto(crashed);
  await expect(server(page, /^S1, .*crashed/)).toBeVisible();
});

test('a link that is wrong says where, and what ran runs on', async ({ page }) => {
  await page.goto('./#raft+1/servers+3/1s+crahs+S1');
  await ready(page);
  await expect(page.getByRole('list', { name: 'Mistakes' })).toContainText('found "crahs"');
  await expect(server(page, /^S\d, /)).toHaveCount(5);
  await page.evaluate(() => {
    location.hash = 'raft+1/deflate=AAAA/length=9';
  });
  await expect(page.getByRole('alert')).toContainText('damaged');
  await page.evaluate(() => {
    location.hash = 'raft+1/servers+3';
  });
  await expect(server(page, /^S\d, /)).toHaveCount(3);
});

test('a link whose run comes out otherwise than where it was made says so', async ({ page }) => {
  await page.goto('./#raft%201;servers%203;@1s%20end');
  await ready(page);
  await expect(server(page, /^S\d, /)).toHaveCount(3);
  await page.goto('./#raft+1/servers+4/1s+end/is=01234567');
  await expect(page.getByRole('alert')).toContainText('was a little different');
  await expect(server(page, /^S\d, /)).toHaveCount(4);
});

test('a page that stands still leaves its address alone', async ({ page }) => {
  await page.goto(`./${LINK}`);
  await ready(page);
  await expect.poll(() => hash(page)).toContain('/is=');
  await page.evaluate(() => {
    (window as { writes?: number }).writes = 0;
    for (const name of ['pushState', 'replaceState'] as const)
      history[name] = () => {
        (window as { writes?: number }).writes = 1;
      };
  });
  await page.waitForTimeout(2500);
  expect(await page.evaluate(() => (window as { writes?: number }).writes)).toBe(0);
});
