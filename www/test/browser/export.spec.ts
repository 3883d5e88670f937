// What is taken away from the page: saved as a reader would, and opened where no script runs.

import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { chooseScenario, expect, open, runText, test, timeMs } from './page.ts';

test.use({ viewport: { width: 1440, height: 900 } });

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Pictures and data' });

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pictures and data' }).click();
  await expect(dialog(page).getByText('Trace', { exact: true })).toBeVisible();
}

/** Saves this, and gives back what it is called and what is in it. */
async function save(page: Page, name: string): Promise<{ name: string; bytes: Buffer; text: string }> {
  const coming = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name, exact: true }).click();
  const download = await coming;
  const bytes = await readFile(await download.path());
  await expect(dialog(page).getByRole('status')).toContainText(`Saved ${download.suggestedFilename()}, `);
  return { name: download.suggestedFilename(), bytes, text: bytes.toString() };
}

const PICTURES = ['Cluster', 'Space-time diagram', 'Logs', 'Terms'];

/** A place without scripts that shows pictures as a read-me does; a single one may be opened by itself instead. */
async function shown(
  browser: Browser,
  svgs: readonly string[],
  how: BrowserContextOptions = {},
): Promise<Page> {
  const viewport = { width: 1100, height: 700 };
  const context = await browser.newContext({ javaScriptEnabled: false, viewport, ...how });
  const page = await context.newPage();
  const addresses = svgs.map((svg) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
  if (how.reducedMotion) await page.goto(addresses[0] ?? '');
  else
    await page.setContent(
      `<body style="margin:0">${addresses.map((address) => `<img alt="" style="display:block" src="${address}">`).join('')}`,
    );
  return page;
}

/** How many colours a screenshot has of a picture: a blank one has one. */
async function colours(page: Page, png: Buffer): Promise<Map<string, number>> {
  const found = await page.evaluate(
    async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const counts: Record<string, number> = {};
      for (let i = 0; i < data.length; i += 4) {
        const key = `${data[i]},${data[i + 1]},${data[i + 2]}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return Object.entries(counts);
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  return new Map(found);
}

/** What is wrong with a document that shall be safe anywhere. */
const faults = (page: Page, svg: string): Promise<string[]> =>
  page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    const found: string[] = [];
    if (read.querySelector('parsererror')) found.push('cannot be read');
    if (!read.querySelector('svg > title')?.textContent || !read.querySelector('svg > desc')?.textContent)
      found.push('does not say what it is');
    for (const element of read.querySelectorAll('*')) {
      if (/^(script|foreignObject|image|iframe|a)$/.test(element.localName)) found.push(element.localName);
      for (const { name, value } of element.attributes) {
        if (/^on|^style$/.test(name) || (name.endsWith('href') && !value.startsWith('#'))) found.push(name);
        if (/url\((?!['"]?#)/.test(value) || /^\s*javascript:/.test(value)) found.push(`${name}=${value}`);
      }
    }
    const css = read.querySelector('style')?.textContent ?? '';
    if (/@import|url\((?!['"]?#)|var\(|light-dark|color-mix/.test(css)) found.push('needs more than it has');
    return found;
  }, svg);

test('every view is saved as SVG that shows it without script, in light and dark', async ({
  page,
  browser,
}) => {
  await open(page, 'The leader crashes');
  await page.keyboard.press('End');
  await openDialog(page);
  const svgs: string[] = [];
  for (const name of PICTURES) {
    const svg = await save(page, `${name}: SVG`);
    expect(svg.name).toMatch(/^leader-crash\.\w+\.svg$/);
    expect(await faults(page, svg.text)).toEqual([]);
    svgs.push(svg.text);
  }
  for (const [colorScheme, paper] of [
    ['light', '255,255,255'],
    ['dark', '30,32,36'],
  ] as const) {
    const elsewhere = await shown(browser, svgs, { colorScheme });
    for (const [i, name] of PICTURES.entries()) {
      const seen = await colours(page, await elsewhere.locator('img').nth(i).screenshot());
      expect(seen.size, `${name}, ${colorScheme}`).toBeGreaterThan(20);
      expect(seen.get(paper), `${name}, ${colorScheme}`).toBeGreaterThan(1000);
    }
    await elsewhere.context().close();
  }
});

test('a view is saved as PNG, two pixels for one', async ({ page }) => {
  await open(page);
  await page.keyboard.press('n');
  await openDialog(page);
  const { text } = await save(page, 'Space-time diagram: SVG');
  const { bytes } = await save(page, 'Space-time diagram: PNG');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const [, width] = /width="(\d+)"/.exec(text) ?? [];
  expect(bytes.readUInt32BE(16)).toBe(2 * Number(width));
  expect((await colours(page, bytes)).size).toBeGreaterThan(20);
});

test('a picture may be for light or for dark pages only', async ({ page, browser }) => {
  await open(page);
  await openDialog(page);
  await dialog(page).getByRole('combobox', { name: 'for pages' }).selectOption('dark');
  const { text } = await save(page, 'Cluster: SVG');
  expect(text).not.toContain('prefers-color-scheme');
  const elsewhere = await shown(browser, [text], { colorScheme: 'light' });
  const seen = await colours(page, await elsewhere.locator('img').screenshot());
  expect(seen.get('30,32,36')).toBeGreaterThan(1000);
  await elsewhere.context().close();
});

test('the animated cluster moves by itself, and stands still for who asked for that', async ({
  page,
  browser,
}) => {
  await open(page, 'The leader crashes');
  await page.keyboard.press('End');
  const before = await timeMs(page);
  await openDialog(page);
  const { text, bytes, name } = await save(page, 'Cluster: Animated SVG');
  expect(name).toBe('leader-crash.cluster.animated.svg');
  expect(bytes.length).toBeLessThan(300_000);
  expect(await faults(page, text)).toEqual([]);
  const moving = await shown(browser, [text]);
  const first = await moving.screenshot();
  await moving.waitForTimeout(1500);
  expect((await moving.screenshot()).equals(first)).toBe(false);
  expect((await colours(page, first)).size).toBeGreaterThan(20);
  await moving.context().close();
  const still = await shown(browser, [text], { reducedMotion: 'reduce' });
  const once = await still.screenshot();
  await still.waitForTimeout(1500);
  expect((await still.screenshot()).equals(once)).toBe(true);
  expect((await colours(page, once)).size).toBeGreaterThan(20);
  await still.context().close();
  await page.keyboard.press('Escape');
  expect(await timeMs(page), 'the run on the page stays where it is').toBe(before);
});

test('what an author writes stays words in every picture', async ({ page }) => {
  await open(page);
  const said = '</text><script>window.caught = 1</script><image href=//x.y/z />]]>&amp;';
  await runText(
    page,
    `raft 1\ntitle <b>"'&]]>\nservers 3\nclients 1\nseed 1\n@5ms say "${said}"\n@10ms timeout S1\n@200ms end\n`,
  );
  await page.keyboard.press('End');
  await openDialog(page);
  for (const name of [...PICTURES.map((picture) => `${picture}: SVG`), 'Cluster: Animated SVG']) {
    const { text } = await save(page, name);
    expect(await faults(page, text), name).toEqual([]);
  }
  const { text } = await save(page, 'Space-time diagram: Mermaid');
  expect(text).toMatch(/^sequenceDiagram\n {2}participant S1\n/);
  expect(text).toContain('#60;script#62;window.caught = 1#60;/script#62;');
  expect(text.replace(/-?->>/g, '')).not.toMatch(/[<>&"]/);
  expect(await page.evaluate(() => 'caught' in window)).toBe(false);
});

test('trace and history are saved as JSON Lines, by the keyboard alone', async ({ page }) => {
  await open(page, 'The leader crashes');
  await page.keyboard.press('End');
  await page.keyboard.press('x');
  await expect(dialog(page)).toBeVisible();
  for (const [name, least] of [
    ['Trace', 200],
    ['History', 2],
  ] as const) {
    const button = dialog(page).getByRole('button', { name: `${name}: JSON Lines` });
    await button.focus();
    const coming = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(least);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    await expect(dialog(page).getByRole('status')).toContainText(
      `${lines.length} ${name === 'Trace' ? 'events' : 'operations'}`,
    );
  }
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
});

test('the ways to read are a picture, too, once they are compared', async ({ page, browser }) => {
  await open(page);
  await chooseScenario(page, 'Four ways to read');
  await expect(page.getByRole('table', { name: 'Ways to read, side by side' })).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'How far the runs have come' })).toHaveCount(0);
  await openDialog(page);
  const { text } = await save(page, 'Ways to read: SVG');
  expect(await faults(page, text)).toEqual([]);
  expect(text).toContain('>✗ 82 stale<');
  for (const mode of ['stale', 'leader-local', 'lease', 'read-index', 'log'])
    expect(text).toContain(`>${mode}<`);
  const elsewhere = await shown(browser, [text]);
  expect((await colours(page, await elsewhere.locator('img').screenshot())).size).toBeGreaterThan(20);
  await elsewhere.context().close();
});
