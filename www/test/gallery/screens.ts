// Takes pictures of the page at the sizes it is made for, light and dark, in the middle of a split: README shows one, and a
// look at all of them is part of every change to the page.

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
