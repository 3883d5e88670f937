// The lessons: found, walked to their end and back by hand and by keys, and without a barrier for anybody.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { barriers, expect, open, server, test } from './page.ts';

const LESSONS = readFileSync('lessons/order', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [name = '', , steps, ...title] = line.split(/ +/);
    return { name, steps: Number(steps), title: title.join(' ') };
  });

const lessonsButton = (page: Page): Locator => page.getByRole('button', { name: 'Lessons', exact: true });
const help = (page: Page): Locator => page.getByRole('button', { name: 'Do it for me' });
const next = (page: Page): Locator =>
  page.getByRole('button', { name: /^(Next|Let time run|Skip ahead|Next lesson)$/ });

async function openLesson(page: Page, name: string): Promise<void> {
  await page.goto(`./?lesson=${name}`);
  await expect(page.getByRole('progressbar', { name: 'Step' })).toBeVisible();
}

async function atStep(page: Page, step: number, steps: number): Promise<void> {
  await expect(page.getByRole('progressbar', { name: 'Step' })).toHaveAttribute(
    'aria-valuetext',
    `${step} of ${steps}`,
  );
}

const SIZES = [
  [800, 580],
  [390, 844],
  [1440, 900],
] as const;

/** No barrier in what a lesson tells, whatever the size and the colours of the page. */
async function noBarrier(page: Page, where: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(
        () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))),
      );
      expect
        .soft(await barriers(page, '.lessons'), `${where}, ${colorScheme}, ${width}×${height}`)
        .toEqual([]);
    }
  }
}

for (const { name, steps } of LESSONS)
  test(`${name} is walked to its end and back by keys, without a barrier`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openLesson(page, name);
    for (let step = 1; step < steps; step++) {
      await atStep(page, step, steps);
      const asked = (await help(page).count()) > 0;
      if (asked || step === 1) {
        await noBarrier(page, `step ${step}`);
        await next(page).focus();
      }
      await expect(next(page)).toBeFocused(); // it stays where it is, whatever it says
      if (asked) await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
    }
    await atStep(page, steps, steps);
    await expect(page.getByText('Read on:').getByRole('link').first()).toHaveAttribute('href', /^https:/);
    await noBarrier(page, 'last step');
    for (let step = steps - 1; step >= 1; step--) {
      await page.keyboard.press('Shift+G');
      await atStep(page, step, steps);
    }
    await page.getByRole('button', { name: 'All lessons' }).press('Enter');
    const link = page.getByRole('listitem').filter({ has: page.locator(`a[href$="${name}"]`) });
    await expect(link.getByRole('img', { name: 'done' })).toBeVisible();
  });

test('no barrier in the list of lessons', async ({ page }) => {
  await open(page);
  await lessonsButton(page).click();
  await expect(page.getByRole('listitem').filter({ hasText: ' min, ' })).toHaveCount(LESSONS.length);
  await noBarrier(page, 'the list');
});

test('a reader finds the lessons, does what is asked, and goes on from what was done', async ({ page }) => {
  await open(page);
  await lessonsButton(page).click();
  await expect(page.getByRole('listitem').filter({ hasText: ' min, ' })).toHaveCount(LESSONS.length);
  await page.getByRole('link', { name: /^Consensus and the replicated log/ }).press('Enter');
  await expect(page.getByRole('region', { name: 'Lessons' })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'One service, five servers' })).toBeVisible();
  for (let step = 1; step < 7; step++) {
    await atStep(page, step, 8);
    await next(page).click();
  }
  await atStep(page, 7, 8);
  // By hand: two followers crash, and a client puts a value.
  for (const id of ['S2', 'S5']) {
    await server(page, new RegExp(`^${id}, `)).click();
    await page.getByRole('button', { name: 'Crash', exact: true }).click();
  }
  await atStep(page, 7, 8);
  await page.getByRole('tab', { name: 'Controls' }).click();
  await page.getByRole('tab', { name: 'Clients' }).click();
  await page.getByLabel('Key', { exact: true }).fill('x');
  await page.getByLabel('Value', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await next(page).click();
  await atStep(page, 8, 8);
  // Closed and opened again, it is where it was; another run is told from the lesson's own.
  await page.keyboard.press('l');
  await expect(page.getByRole('progressbar', { name: 'Step' })).toHaveCount(0);
  await page.keyboard.press('l');
  await atStep(page, 8, 8);
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('split-vote');
  await page.getByRole('button', { name: 'Begin the lesson again' }).click();
  await atStep(page, 1, 8);
});

test('a lesson that does not come, or is none, leaves the list and a sentence', async ({ page }) => {
  await page.goto('./?lesson=no-such');
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await expect(page.getByRole('link', { name: /^Consensus/ })).toBeVisible();
});
