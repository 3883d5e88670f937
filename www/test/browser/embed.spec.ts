// The playground on other people's pages: examples/embed from one origin, what is built from another.

import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { hosts } from './hosts.ts';
import { expect, test } from './page.ts';

const embedded = (page: Page, id: string) => page.locator(`raft-playground#${id}`);

test('five playgrounds on a page of another origin share one script', async ({ page }) => {
  const { blog, close } = await hosts();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(blog);
  await expect(embedded(page, 'content').getByRole('button', { name: /^S1, / })).toBeVisible();
  await expect(embedded(page, 'content').getByText('An election, from the first timeout on.')).toBeVisible();
  // Nothing of what is out of sight is there yet.
  await expect(embedded(page, 'tiny').getByRole('button', { name: /^S1, / })).toHaveCount(0);
  await embedded(page, 'src').scrollIntoViewIfNeeded();
  await expect(embedded(page, 'src').getByRole('button', { name: /^S5, / })).toBeVisible();
  await expect(embedded(page, 'src').getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(embedded(page, 'src').getByRole('combobox', { name: 'Scenario' })).toHaveCount(0);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('button', { name: 'Play' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('iframe')).toHaveAttribute('height', '420'); // as it wished
  await embedded(page, 'themed').scrollIntoViewIfNeeded();
  await expect(embedded(page, 'themed').getByText('Logs').first()).toBeVisible();
  const page_ = (id: string) =>
    embedded(page, id).evaluate((element) => getComputedStyle(element).colorScheme);
  expect(await page_('themed')).toBe('dark');
  await embedded(page, 'tiny').scrollIntoViewIfNeeded();
  await expect(embedded(page, 'tiny').getByRole('button', { name: /^S1, / })).toBeVisible();
  expect(asked.filter((path) => path.endsWith('/raft-playground.js'))).toHaveLength(1);
  close();
});

test('an embedded playground tells the page what happens, and leads to itself', async ({ page }) => {
  const { blog, close } = await hosts();
  await page.addInitScript(() => {
    const told: { type: string; detail: Record<string, unknown> }[] = [];
    Object.assign(window, { told });
    for (const type of ['raft-change', 'raft-event', 'raft-violation'])
      window.addEventListener(type, (event) => told.push({ type, detail: (event as CustomEvent).detail }));
  });
  await page.goto(blog);
  const there = embedded(page, 'content');
  await expect(there.getByRole('button', { name: /^S1, / })).toBeVisible();
  await page.evaluate(() =>
    document.querySelector('#content')?.shadowRoot?.querySelector<HTMLElement>('.play')?.click(),
  );
  const told = () =>
    page.evaluate(
      () => (window as never as { told: { type: string; detail: Record<string, never> }[] }).told,
    );
  await expect
    .poll(async () => (await told()).map(({ type }) => type), { timeout: 20_000 })
    .toContain('raft-event');
  expect((await told()).find(({ type }) => type === 'raft-change')?.detail).toMatchObject({
    scenario: expect.stringContaining('title An election'),
    branch: 0,
  });
  const open = there.getByRole('link', { name: 'Open in the playground' });
  expect(decodeURIComponent((await open.getAttribute('href')) ?? '')).toContain('title An election');
  await expect(there.getByRole('link', { name: 'Remix' })).toHaveAttribute('href', /\?edit#/);
  close();
});

test('the page as one file opens from a disk', async ({ page }) => {
  await page.goto(pathToFileURL('dist/raft-playground.html').href);
  await expect(page.getByRole('button', { name: /^S1, / })).toBeVisible();
  await page.getByRole('button', { name: /^S1, / }).click();
  await page
    .getByRole('button', { name: /^Crash/ })
    .first()
    .click();
  await expect(page.getByRole('button', { name: /^S1, .*crashed/ })).toBeVisible();
});

test('the package holds the element, its types and what comes later, and nothing else', () => {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', './dist/embed'], { encoding: 'utf8' });
  const [{ files }] = JSON.parse(told) as [{ files: { path: string }[] }];
  const names = files.map(({ path }) => path.replace(/^later\/.*/, 'later'));
  expect([...new Set(names)].sort()).toEqual(
    [
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'README.md',
      'later',
      'package.json',
      'raft-playground.d.ts',
      'raft-playground.js',
    ].sort(),
  );
});
