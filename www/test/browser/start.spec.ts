// The front page.

import { readFileSync } from 'node:fs';
import { barriers, expect, open, server, test } from './page.ts';

test('the front page plays at once, and leads to every scenario', async ({ page }) => {
  await page.goto('./start/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Raft Playground');
  await expect(page.locator('raft-playground').getByRole('button', { name: /^S1, / })).toBeVisible();
  const names = readFileSync('scenarios/order', 'utf8').trim().split('\n');
  await expect(page.getByRole('region', { name: 'Scenarios' }).getByRole('link')).toHaveCount(names.length);
  const picture = await (await page.request.get('./start/pictures/leader-crash.svg')).text();
  expect(picture).toContain('class="t1"'); // its second term, in the colour of that
  expect(picture).toMatch(/\.t1\{stroke:#/);
  await page.getByRole('link', { name: 'The leader crashes' }).click();
  await expect(server(page, /^S5, /)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('leader-crash');
});

test('the playground leads to its front page, by its name where there is room, else by the help', async ({
  page,
}) => {
  for (const [width, height] of [
    [1920, 1080],
    [1280, 800],
    [800, 580],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await open(page);
    const name = page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'Raft Playground' });
    const roomy = width >= 1180;
    await expect(name).toHaveCount(roomy ? 1 : 0);
    if (!roomy) await page.keyboard.press('?');
    await (roomy ? name : page.getByRole('link', { name: 'Front page' })).click();
    await expect(page.getByRole('heading', { level: 2, name: 'Scenarios' })).toBeVisible();
    await page.getByRole('link', { name: 'Open the playground', exact: true }).click();
    await expect(server(page, /^S5, /)).toBeVisible();
  }
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`no barrier on the front page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('./start/');
    await expect(page.locator('raft-playground').getByRole('button', { name: /^S1, / })).toBeVisible();
    for (const width of [390, 800, 1440, 1920]) {
      await page.setViewportSize({ width, height: 844 });
      expect.soft(await barriers(page), `${width}`).toEqual([]);
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBe(width);
    }
  });
