// No barrier for anybody in what opens above the page or says more of a thing that is picked: at three sizes, in both themes.
// The page with all its views is tried in fit.spec.ts, the lessons in lessons.spec.ts.

import type { Page } from '@playwright/test';
import { barriers, expect, leader, open, playUntil, test } from './page.ts';

const SIZES = [
  [1440, 900],
  [800, 580],
  [390, 844],
] as const;

interface Look {
  readonly name: string;
  /** What is looked at. */
  readonly part: string;
  readonly show: (page: Page) => Promise<unknown>;
}

const click = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const press = (key: string) => (page: Page) => page.keyboard.press(key);
/** One view alone, at any size. */
const alone = (page: Page, view: string) =>
  page.locator('raft-playground').evaluate((host, name) => host.setAttribute('view', name), view);

const sheet = (name: string, show: Look['show']): Look => ({ name, part: '.sheet', show });
const picked = (name: string, show: Look['show']): Look => ({ name, part: '#inspector', show });

const share = (way: string): Look =>
  sheet(`share as ${way}`, async (page) => {
    if (way === 'Link') await page.keyboard.press('s');
    await page.getByRole('group', { name: 'What to give away' }).getByRole('button', { name: way }).click();
    await expect(page.getByText('What a reader sees')).toBeVisible();
  });

const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  sheets: [
    sheet('help', press('?')),
    sheet('what is promised', (page) => click(page, /properties hold/)),
    sheet('pictures and data', press('x')),
    sheet('branches', press('b')),
    share('Link'),
    share('Markdown'),
    share('Frame'),
    share('Tag'),
    sheet('two branches', async (page) => {
      await page.keyboard.press('Escape');
      for (const key of ['1', 'c', 'n', 'p', 'p', '2', 'c', 'b']) await page.keyboard.press(key);
      await click(page, /^Set beside the current one/);
      await expect(page.getByRole('region', { name: 'Two branches side by side' })).toBeVisible();
    }),
    sheet('the name of a branch', async (page) => {
      await page.keyboard.press('b');
      await click(page, /^Rename: main/);
    }),
  ],
  'what is picked': [
    picked('a message', async (page) => {
      await page.keyboard.press('.');
      await page.locator('.message[role=button]').first().focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('button', { name: 'Duplicate' }).first()).toBeVisible();
    }),
    picked('the leader', (page) => leader(page).click()),
    picked('a link', async (page) => {
      const link = page.getByRole('button', { name: /^Link S1 to S3/ });
      await page.keyboard.press('1');
      await link.focus();
      await page.keyboard.press('Enter');
    }),
    picked('a client', (page) => click(page, /^Client C1/)),
    picked('an entry', (page) => click(page, /^S3 entry 1: /)),
  ],
  views: [
    {
      name: 'the text, with a mistake',
      part: '.scenario',
      show: async (page) => {
        await alone(page, 'scenario');
        const editor = page.getByRole('textbox', { name: 'Scenario' });
        await expect(editor).toBeVisible();
        await editor.press('Control+End');
        await page.keyboard.type('@9s crsh');
        await expect(page.getByRole('button', { name: 'Write crash' })).toBeVisible();
      },
    },
    {
      name: 'an event, and what led to it',
      part: '.main',
      show: async (page) => {
        await alone(page, 'events');
        await click(page, /is elected leader/);
        await expect(page.getByText('Because')).toBeVisible();
      },
    },
    {
      name: 'an operation, and its client',
      part: '.page',
      show: async (page) => {
        await alone(page, 'space-time');
        for (const key of ['End', '0']) await page.keyboard.press(key);
        await click(page, /^C1: put/);
      },
    },
    { name: 'the ways to read', part: '.main', show: (page) => alone(page, 'reads') },
  ],
};

/** A size, once it is drawn. */
async function resize(page: Page, [width, height]: readonly [number, number]): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

for (const [what, looks] of Object.entries(LOOKS))
  test(`no barrier in ${what}`, async ({ page }) => {
    test.setTimeout(90_000); // there is much to look at
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page);
    await playUntil(page, leader(page));
    for (const { name, part, show } of looks) {
      await show(page);
      await expect(page.locator(part).first(), name).toBeVisible();
      await expect(page.getByText('One moment…')).toHaveCount(0);
      for (const size of SIZES) {
        await resize(page, size);
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          expect.soft(await barriers(page, part), `${name}, ${colorScheme}, ${size}`).toEqual([]);
        }
      }
      await resize(page, SIZES[0]);
      if (part === '.sheet' && !name.startsWith('share')) await page.keyboard.press('Escape');
    }
  });
