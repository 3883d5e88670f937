import { expect, test } from '@playwright/test';

test.use({ contextOptions: { reducedMotion: 'reduce' } }); // so that nothing plays by itself

test('the page opens with a living cluster', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('./');
  await expect(page.getByRole('heading', { name: 'Cluster' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  expect(problems).toEqual([]);
});
