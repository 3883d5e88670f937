// A promise falls: play pauses there, who is to blame is lit in every view, one sentence says what happened.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, open, runText, server, test, timeMs } from './page.ts';

/** At ten times the speed of the world: all within a few frames. */
const playFast = async (page: Page): Promise<void> => {
  await page.getByLabel('Speed').fill('12');
  await page.keyboard.press('k');
};

const broken = (name: string) => readFileSync(`scenarios/broken/${name}.raft`, 'utf8');

test('play pauses where a promise falls, lights it in every view, and goes on', async ({ page }) => {
  await open(page);
  await runText(page, broken('own-term-commit'));
  await playFast(page);
  const note = page.getByRole('alert');
  await expect(note).toContainText('Leader Completeness is broken: S5 leads term 4 without the entry');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const fell = await timeMs(page);

  const cluster = page.getByRole('group', { name: 'Cluster' });
  await expect(cluster.getByRole('img', { name: /to blame/ })).toHaveCount(2);
  await expect(page.getByRole('button', { name: /^S5 entry 2: .*to blame/ })).toBeVisible();
  const diagram = page.getByRole('group', { name: 'Space-time diagram' });
  await expect(diagram.getByRole('button', { name: 'S5: to blame' })).toBeVisible();
  const row = page
    .getByRole('region', { name: 'Events around the playhead' })
    .getByRole('button', { name: /to blame:.*S5 is elected/ });
  await expect(row).toBeInViewport();

  // What speaks against it, one after the other: the playhead is there, and the light stays.
  await page.keyboard.press('w');
  await expect(note).toContainText('Evidence 1 of 2');
  await expect.poll(() => timeMs(page)).toBeLessThan(fell);
  await expect(cluster.getByRole('img', { name: 'S1: to blame' })).toBeVisible();
  await page.getByRole('button', { name: 'Next evidence' }).click();
  await expect.poll(() => timeMs(page)).toBe(fell);

  // Before it nothing has fallen; after it the light is back.
  await page.keyboard.press('ArrowLeft');
  await expect(note).toBeHidden();
  await expect(cluster.getByRole('img', { name: /to blame/ })).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(note).toBeVisible();
  await note.getByRole('button', { name: /^Close/ }).click();
  await expect(cluster.getByRole('img', { name: /to blame/ })).toHaveCount(0);

  // Once is enough.
  await page.getByRole('button', { name: 'To the start' }).click();
  await page.keyboard.press('k');
  await expect.poll(() => timeMs(page)).toBeGreaterThan(fell + 1);
});

test('a stale read is marked as such, and play need not pause', async ({ page }) => {
  await open(page, 'Fast and out of date');
  await page.keyboard.press('f');
  await playFast(page);
  await expect(page.getByRole('button', { name: 'Play again' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Not linearizable: get x stale returned 1');
  await expect(page.getByRole('checkbox', { name: 'Pause when a property falls' })).not.toBeChecked();
  const diagram = page.getByRole('group', { name: 'Space-time diagram' });
  await page.keyboard.press('0');
  await expect(diagram.getByRole('button', { name: 'C2: get x → 1 ✗ stale, to blame' })).toBeVisible();
  await expect(server(page, /^S1, /)).toBeVisible();
});
