// The playground on other people's pages: examples/embed from one origin, what is built from another.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { serve } from '../../../scripts/lib/server.mjs';
import { hosts } from './hosts.ts';
import { expect, expectProblems, test } from './page.ts';

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
  await expect(frame.getByRole('button', { name: 'Play' })).toBeVisible();
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

test('the element as one file needs nothing beside it, whatever one does', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'embed-'));
  copyFileSync('dist/embed/raft-playground.whole.js', join(folder, 'raft.js'));
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><title>A post</title><link rel="icon" href="data:,"><script type="module" src="raft.js"></script>
    <raft-playground scenario="split-vote"></raft-playground>`,
  );
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";
  const { address, close } = await serve(folder, '0', { 'Content-Security-Policy': policy });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  const first = page.getByRole('button', { name: /^S1, / });
  await first.click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  await expect(page.getByRole('button', { name: /^S1, .*crashed/ })).toBeVisible();
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(page.getByRole('button', { name: /^S1, .*crashed/ })).toHaveCount(0);
  expect(asked.filter((url) => url.startsWith('http'))).toEqual([address, `${address}raft.js`]);
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
  await expect.poll(async () => (await told()).map(({ type }) => type)).toContain('raft-event');
  expect((await told()).find(({ type }) => type === 'raft-change')?.detail).toMatchObject({
    scenario: expect.stringContaining('title An election'),
    branch: 0,
  });
  const open = there.getByRole('link', { name: 'Open in the playground' });
  expect(decodeURIComponent((await open.getAttribute('href')) ?? '')).toContain('title An election');
  const remix = there.getByRole('link', { name: 'Remix' });
  await expect(remix).toHaveAttribute('href', /\?edit#raft%201/);
  await remix.focus(); // whoever is about to go there has a link as one shares it
  await expect(remix).toHaveAttribute('href', /\?edit#raft\+1\/title\+An\+election[\w+/.=-]*$/);
  await expect(open).toHaveAttribute('href', /\/#raft\+1\/title\+An\+election/);
  close();
});

/** Notes what playgrounds tell, from before there are any. */
async function noting(
  page: Page,
): Promise<(type: string, id?: string) => Promise<Record<string, unknown>[]>> {
  await page.addInitScript(() => {
    const told: { type: string; id: string; detail: Record<string, unknown> }[] = [];
    Object.assign(window, { told });
    for (const type of ['raft-change', 'raft-event', 'raft-violation'])
      window.addEventListener(type, (event) =>
        told.push({ type, id: (event.target as Element).id, detail: (event as CustomEvent).detail }),
      );
  });
  return (type, id) =>
    page.evaluate(
      ([type, id]) =>
        (window as never as { told: { type: string; id: string; detail: Record<string, unknown> }[] }).told
          .filter((one) => one.type === type && (id === undefined || one.id === id))
          .map(({ detail }) => detail),
      [type, id] as const,
    );
}

/** Puts a playground on the page. */
const put = (page: Page, attributes: Record<string, string>, text = '') =>
  page.evaluate(
    ([attributes, text]) => {
      const element = document.createElement('raft-playground');
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.textContent = text;
      document.body.append(element);
    },
    [attributes, text] as const,
  );

test('what one does by hand is told at once, and nothing that time brings is left out', async ({ page }) => {
  const { empty, close } = await hosts();
  const told = await noting(page);
  await page.goto(empty);
  const text = 'raft 1\nservers 3\nseed 7\n@400ms C1 put x=1\n@1s crash S2\n@1500ms end';
  for (const id of ['slow', 'quick']) {
    await put(page, { id, speed: '1' }, text);
    await expect(embedded(page, id).getByRole('button', { name: /^S1, / })).toBeVisible();
  }
  await embedded(page, 'slow').getByRole('button', { name: 'Play' }).click();
  await embedded(page, 'quick').getByRole('button', { name: 'To the end' }).click();
  const of = async (id: string) => (await told('raft-event', id)).map(({ seq }) => seq);
  await expect.poll(async () => (await of('quick')).length).toBeGreaterThan(8);
  await expect.poll(() => of('slow')).toEqual(await of('quick'));
  // A command changes the text and makes an event in the same moment.
  await embedded(page, 'quick').getByRole('button', { name: /^S1, / }).click();
  await embedded(page, 'quick').getByRole('button', { name: 'Crash', exact: true }).click();
  await expect
    .poll(async () => (await told('raft-event', 'quick')).at(-1))
    .toMatchObject({ event: { type: 'Crashed' } });
  expect((await told('raft-change', 'quick')).at(-1)).toMatchObject({
    scenario: expect.stringContaining('crash S1'),
  });
  expect(await of('quick')).toHaveLength((await of('slow')).length + 1); // what both branches share is told once
  close();
});

test('one view alone fetches no others before somebody comes near', async ({ page }) => {
  const { empty, close } = await hosts();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const later = () =>
    asked.filter((path) => path.includes('/later/')).map((path) => path.replace(/^.*later\/(\w+)-.*/, '$1'));
  await page.goto(empty);
  await put(page, { id: 'one', view: 'cluster' });
  await expect(embedded(page, 'one').getByRole('button', { name: /^S1, / })).toBeVisible();
  expect(later()).toEqual([]);
  await embedded(page, 'one').hover();
  await expect.poll(later).toContain('others');
  // All views need them from the start: they are there with the first picture.
  await put(page, { id: 'all' });
  await expect(embedded(page, 'all').getByRole('button', { name: /^S1, / })).toBeVisible();
  await expect(embedded(page, 'all').getByRole('group', { name: 'Space-time diagram' })).toBeVisible();
  expect(asked.filter((path) => path.endsWith('raft-playground.js'))).toHaveLength(1);
  close();
});

test('keys pressed before what knows them has come are obeyed when it comes, those of a button by the button alone', async ({
  page,
}) => {
  const { empty, close } = await hosts();
  let come = () => {};
  const asked = new Promise<void>((done) => {
    come = done;
  });
  await page.route('**/later/others*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(empty);
  await put(page, { id: 'one', view: 'cluster' });
  const one = embedded(page, 'one');
  await one.getByRole('button', { name: /^S1, / }).focus();
  for (const key of ['2', 'c', '3']) await page.keyboard.press(key);
  await one.getByRole('button', { name: 'Play' }).press(' ');
  await expect(one.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(one.getByRole('button', { name: /^S2, .*crashed/ })).toHaveCount(0);
  come();
  await expect(one.getByRole('button', { name: /^S2, .*crashed/ })).toBeVisible();
  await expect(one.getByRole('button', { name: /^S3, / })).toHaveAttribute('aria-pressed', 'true');
  await expect(one.getByRole('button', { name: /^S1, .*crashed/ })).toHaveCount(0);
  await expect(one.locator('.play')).toHaveAccessibleName('Pause'); // not played and paused
  close();
});

test('where the other views cannot come, the cluster has all the room, and a sentence says why', async ({
  page,
}) => {
  const { empty, close } = await hosts();
  await page.route('**/later/others*', (route) => route.abort());
  await page.goto(empty);
  await put(page, { id: 'all' });
  await expect(embedded(page, 'all').getByRole('button', { name: /^S1, / })).toBeVisible();
  await expect(embedded(page, 'all').getByRole('alert')).toHaveText(/could not be fetched. Are you offline/);
  await embedded(page, 'all').getByRole('button', { name: 'Play' }).click();
  await expect(embedded(page, 'all').getByRole('button', { name: 'Pause' })).toBeVisible();
  await embedded(page, 'all').getByRole('tab', { name: 'Logs' }).click();
  await expect(embedded(page, 'all').getByText('One moment…')).toBeVisible();
  await page.unroute('**/later/others*');
  await expect(async () => {
    await embedded(page, 'all').getByRole('tab').first().press('.');
    await expect(embedded(page, 'all').getByRole('group', { name: 'Logs' })).toBeVisible({ timeout: 500 });
  }).toPass();
  expectProblems(page);
  close();
});

test('the names of the views fit within a post on a phone', async ({ page }) => {
  const { empty, close } = await hosts();
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(empty);
    await put(page, { id: 'all' });
    await expect(embedded(page, 'all').getByRole('tab', { name: 'Reads' })).toBeVisible();
    const [room, needed] = await embedded(page, 'all')
      .locator('.one > .card-head')
      .evaluate((head) => [head.clientWidth, head.scrollWidth]);
    expect(needed, `at ${width}`).toBeLessThanOrEqual(room ?? 0);
  }
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

test('the package holds the element in both forms, its types and what comes later, and nothing else', () => {
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
      'raft-playground.whole.js',
    ].sort(),
  );
});

test('a scenario that is not there is told of, and one of an author’s own is not called changed', async ({
  page,
}) => {
  const tags = `<raft-playground id="none" scenario="no-such"></raft-playground>
    <raft-playground id="own">raft 1;title My own;@1s end</raft-playground>`;
  await page.route('**/post.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Post</title><script type="module" src="embed/raft-playground.js"></script>${tags}`,
    }),
  );
  await page.goto('post.html');
  await expect(embedded(page, 'none').getByText('No scenario is called “no-such”')).toBeVisible();
  await embedded(page, 'own').scrollIntoViewIfNeeded();
  await expect(
    embedded(page, 'own').getByRole('combobox', { name: 'Scenario' }).locator('option:checked'),
  ).toHaveText('My own');
});
