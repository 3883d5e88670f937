import { expect, test } from '@playwright/test';

test('the page loads the compiled engine', async ({ page }) => {
  await page.goto('./');
  await expect(page.locator('body')).toContainText('Engine 0.1.0');
});
