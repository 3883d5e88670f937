// The front page.

import { readFileSync } from 'node:fs';
import { barriers, expect, server, test } from './page.ts';

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

for (const colorScheme of ['light', 'dark'] as const)
  test(`no barrier on the front page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('./start/');
    await expect(page.locator('raft-playground').getByRole('button', { name: /^S1, / })).toBeVisible();
    expect(await barriers(page)).toEqual([]);
  });
