// Branches, used as a person uses them.

import type { Page } from '@playwright/test';
import { expect, leader, open, playUntil, server, test } from './page.ts';

test.use({ viewport: { width: 1440, height: 900 } });

/** On a branch on which the first leader is crashed, and its name. */
async function withoutLeader(page: Page): Promise<string> {
  await open(page);
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect(leader(page)).toHaveCount(0);
  await playUntil(page, leader(page));
  const first = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await page.keyboard.press(first[1] ?? '');
  await page.keyboard.press('c');
  await expect(server(page, new RegExp(`^${first}, .*crashed`))).toBeVisible();
  await playUntil(page, leader(page));
  await page.keyboard.press('Escape');
  return first;
}

test('a branch is named, set beside another at the same instant, and deleted', async ({ page }) => {
  const first = await withoutLeader(page);
  const second = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await page.keyboard.press('b');
  const sheet = page.getByRole('dialog', { name: 'Branches' });
  await sheet.getByRole('button', { name: `Rename: what if: crash ${first}` }).click();
  await expect(sheet.getByLabel('Name of the branch')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('what? no leader');
  await page.keyboard.press('Enter');
  await expect(
    sheet.getByRole('button', { name: new RegExp(`^what\\? no leader crash ${first}`) }),
  ).toHaveAttribute('aria-pressed', 'true');

  await sheet.getByRole('button', { name: 'Set beside the current one: main' }).click();
  const beside = sheet.getByRole('region', { name: 'Two branches side by side' });
  await expect(beside.locator('.says')).toHaveText(
    new RegExp(`^Here ${second} leads term 2.*; there ${first} still leads term 1`),
  );
  await expect(beside.getByRole('row', { name: `leader ${second} ${first}` })).toBeVisible();
  await expect(beside.getByRole('row', { name: new RegExp(`^${first} down, term 1`) })).toBeVisible();
  await expect(beside.locator('.pair svg.ring')).toHaveCount(2);
  await page.keyboard.press('Home');
  await expect(beside.locator('.says')).toHaveText(/^In both /);

  await sheet.getByRole('button', { name: 'Delete: what? no leader' }).click();
  await expect(sheet.getByRole('button', { name: 'Delete it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(server(page, /crashed/)).toHaveCount(0);
});

test('one branch is left for another, with the keyboard alone', async ({ page }) => {
  const first = await withoutLeader(page);
  await page.keyboard.press('b');
  const main = page.getByRole('dialog').getByRole('button', { name: /^main/ });
  await main.focus();
  await page.keyboard.press('Enter');
  await expect(main).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(server(page, new RegExp(`^${first}, .*leader`))).toBeVisible();
});
