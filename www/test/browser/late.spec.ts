// Parts of the page that are no part of a first visit: none comes with it, each is there when it is looked at, or says why it is not.

import type { Page } from '@playwright/test';
import { chooseControls, expect, expectProblems, leader, open, server, test } from './page.ts';

/** The parts fetched so far, by name, in order. */
function fetched(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const name = /\/later\/(\w+)-[\w-]{8}\.js$/.exec(request.url())?.[1];
    if (name) names.push(name);
  });
  return names;
}

const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' });

test('a visit that only looks on fetches none of them', async ({ page }) => {
  const names = fetched(page);
  await open(page);
  await page.getByRole('button', { name: 'Play' }).evaluate((button: HTMLElement) => button.click());
  await expect(leader(page)).toBeVisible();
  expect(names).toEqual([]);
});

test('whoever does something has the inspector before it is asked for', async ({ page }) => {
  const names = fetched(page);
  await open(page);
  await page.keyboard.press('.');
  await expect.poll(() => names).toEqual(expect.arrayContaining(['inspector', 'verdict']));
  expect(names).not.toContain('editor');
  await server(page, /^S1, /).click();
  await expect(inspector(page).getByRole('heading', { name: 'Server S1' })).toBeVisible();
  await expect(page.getByText('One moment…')).toHaveCount(0);
});

test('the pointer over a group of controls fetches what is in all of them', async ({ page }) => {
  const names = fetched(page);
  await open(page);
  await page.getByRole('tab', { name: 'Network' }).hover();
  await expect.poll(() => names).toContain('library');
  await chooseControls(page, 'Network');
  await expect(page.getByRole('slider', { name: 'Loss' })).toBeVisible();
});

test('a part that cannot come says so where somebody waits for it, and comes once it can', async ({
  page,
}) => {
  await page.route('**/later/inspector*', (route) => route.abort());
  await open(page);
  await server(page, /^S1, /).click();
  await expect(page.getByRole('alert')).toHaveText(/could not be fetched. Are you offline/);
  await expect(page.getByRole('status').filter({ hasText: 'One moment…' })).toBeVisible();
  await page.unroute('**/later/inspector*');
  await expect(async () => {
    await page.keyboard.press('.');
    await expect(inspector(page)).toBeVisible({ timeout: 200 });
  }).toPass();
  expectProblems(page);
});

/** Keeps a part of the page away until it may come. */
async function held(page: Page, part: string): Promise<() => void> {
  let come = () => {};
  const asked = new Promise<void>((done) => {
    come = done;
  });
  await page.route(`**/later/${part}*`, async (route) => {
    await asked;
    await route.continue();
  });
  return come;
}

test('a drag that is over before what takes it up has come is done all the same', async ({ page }) => {
  const middle = async (name: RegExp) => {
    const box = await server(page, name).boundingBox();
    return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2] as const;
  };
  const come = await held(page, 'more');
  await open(page);
  const cut = page.getByRole('button', { name: /^Link S2 to S5, cut in this direction/ });
  await page.mouse.move(...(await middle(/^S2, /)));
  await page.mouse.down();
  await page.mouse.move(...(await middle(/^S5, /)), { steps: 5 });
  await page.mouse.up();
  await expect(cut).toHaveCount(0);
  come();
  await expect(cut).toHaveCount(1);
});

test('a key that needs what has not come is obeyed when it comes', async ({ page }) => {
  const come = await held(page, 'more');
  await open(page);
  const asks = page.getByRole('button', { name: /^Client C1, put x=1/ });
  await page.keyboard.press('a');
  await page.keyboard.press('1');
  await expect(server(page, /^S1, /)).toHaveAttribute('aria-pressed', 'true');
  await expect(asks).toHaveCount(0);
  come();
  await expect(asks).toHaveCount(1);
});
