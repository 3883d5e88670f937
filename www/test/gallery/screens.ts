// Takes pictures of the page at the sizes it is made for, light and dark, in the middle of a split, and of the first scenario: a
// look at all of them is part of every change to the page, and README shows two.

import { test } from '@playwright/test';
import { chooseScenario } from '../browser/page.ts';

const SCENARIO = 'Two of five cannot commit, three can';
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 800, height: 580 },
  { width: 390, height: 844 },
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of SIZES) {
    const name = `${colorScheme}-${viewport.width}x${viewport.height}`;
    test(name, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto('./');
      await chooseScenario(page, SCENARIO);
      await page.getByRole('button', { name: 'No more hints' }).click();
      for (let n = 0; n < 26; n += 1) await page.keyboard.press('n');
      for (let n = 0; n < 4; n += 1) await page.keyboard.press('ArrowRight');
      await page.screenshot({ path: `docs/gallery/${name}.png` });
    });
  }
}

test('the first scenario as a picture that plays by itself, and one that stands still', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('./');
  await page.getByRole('button', { name: 'No more hints' }).click();
  for (const key of ['End', '0', 'x']) await page.keyboard.press(key);
  for (const [form, file] of [
    ['Animated SVG', 'first-value.svg'],
    ['SVG', 'first-value.still.svg'],
  ]) {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: `Cluster: ${form}`, exact: true }).click();
    await (await coming).saveAs(`docs/gallery/${file}`);
  }
});
