// What a visit fetches, and when.

import { expect, leader, open, server, test, timeMs } from './page.ts';

test.use({ contextOptions: { reducedMotion: 'no-preference' } }); // it plays by itself

test('who only watches fetches half of the engine, who steers the other half', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const later = () => asked.filter((path) => path.includes('/later/'));
  await open(page);
  await expect.poll(() => timeMs(page)).toBeGreaterThan(1150); // nearly all of it
  expect(later()).toEqual([]);
  await leader(page).click();
  await page
    .getByRole('button', { name: /^Crash/ })
    .first()
    .click();
  await expect(server(page, /crashed/)).toBeVisible();
  expect(later().map((path) => path.replace(/-[\w-]{8}\./, '.'))).toContain('/later/rest.packed');
});
