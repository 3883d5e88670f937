// Scenarios: those that come along, one's own, wrong ones; and an engine that breaks.

import { readFileSync } from 'node:fs';
import {
  chooseControls,
  expect,
  expectProblems,
  leader,
  open,
  playUntil,
  runText,
  server,
  test,
} from './page.ts';

test('a command that cannot be carried out says why', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Timing');
  await page.getByLabel('Heartbeat', { exact: true }).fill('-5');
  await page.getByLabel('Heartbeat', { exact: true }).press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveValue('50ms');
});

test('the number of servers and the seed start the scenario anew', async ({ page }) => {
  await open(page);
  await runText(page, 'raft 1\n');
  await chooseControls(page, 'Start');
  await page
    .getByRole('group', { name: 'Number of servers' })
    .getByRole('button', { name: 'One more' })
    .click();
  await expect(server(page, /^S\d, /)).toHaveCount(6);
  const seed = await page.getByLabel('Seed', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'Fresh seed' }).click();
  await expect(page.getByLabel('Seed', { exact: true })).not.toHaveValue(seed);
  await expect(server(page, /^S\d, /)).toHaveCount(6);
});

test('every scenario runs as it is known to, event for event', async ({ page }) => {
  const known = readFileSync('crates/raft-lab/tests/fingerprints.txt', 'utf8').trim().split('\n');
  await open(page);
  const picker = page.getByRole('combobox', { name: 'Scenario' });
  const names = await picker
    .locator('option')
    .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
  expect(names).toEqual(known.map((line) => line.split(' ')[0]));
  // Looked at again at once: what is waited for takes less than the time between two looks would.
  const soon = { intervals: [5] };
  for (const line of known) {
    const [name = '', fingerprint = '', events = ''] = line.split(' ');
    await picker.selectOption(name);
    await expect.poll(() => picker.inputValue(), soon).toBe(name);
    await page.keyboard.press('End');
    await page.locator('button.badge').first().press('Enter');
    const told = `${events} events, fingerprint ${fingerprint}`;
    await expect.poll(() => page.getByRole('dialog').textContent(), soon).toContain(told);
    await page.keyboard.press('Escape');
  }
});

test('when the engine breaks the page says so, and starts the same scenario again', async ({ page }) => {
  // An engine that breaks where it is told to: the compiled module’s own code is as it was.
  await page.addInitScript(() => {
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class {
      readonly exports: WebAssembly.Exports;
      constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
        this.exports = { ...new Instance(module, imports).exports };
        const step = this.exports.session_stepForward as (self: number) => number;
        this.exports.session_stepForward = (self: number) => {
          if ((window as { breakEngine?: boolean }).breakEngine)
            throw new WebAssembly.RuntimeError('unreachable');
          return step(self);
        };
      }
    };
  });
  await open(page, 'A split vote, and how it ends');
  await page.evaluate(() => {
    (window as { breakEngine?: boolean }).breakEngine = true;
  });
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('alert')).toContainText('The engine stopped');
  await page.evaluate(() => {
    (window as { breakEngine?: boolean }).breakEngine = false;
  });
  await page.getByRole('button', { name: 'Start the scenario again' }).click();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('split-vote');
  await page.keyboard.press('ArrowRight');
  await expect(server(page, /^S1, /)).toBeVisible();
  expectProblems(page);
});

test('three hints lead a newcomer from the first election to a stale read, and are gone for good', async ({
  page,
}) => {
  await open(page);
  const hint = page.getByRole('complementary', { name: 'Hint' });
  const said = page.getByLabel('Notes').locator('.said');
  await expect(hint).toContainText('Press Play');
  await playUntil(page, leader(page));
  await expect(hint).toContainText('S3 wears the crown');
  await leader(page).click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  await expect(said).toHaveText('Nobody leads. S3 is down.'); // not what the author says of a run without it
  await playUntil(page, leader(page));
  await expect(said).toHaveText(/^S\d leads in term 2\. S3 is down\.$/);
  const old = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await expect(hint).toContainText('isolate it');
  await leader(page).click();
  await page.getByRole('button', { name: 'Isolate', exact: true }).click();
  const other = server(page, new RegExp(`^S[^3${old[1]}], .*leader`));
  await playUntil(page, other);
  await expect(said).toContainText(`${old} believes it leads, but can commit nothing.`);
  await expect(hint).toContainText('read there');
  await page.getByRole('button', { name: /^Client C1/ }).click();
  await page.getByRole('button', { name: /^Write x=/ }).click();
  await playUntil(page, page.getByRole('button', { name: /^Client C1, put x=\d+ ✓/ }));
  await server(page, new RegExp(`^${old}, `)).click();
  await page.getByRole('button', { name: 'Read x here' }).click();
  await expect(hint).toHaveCount(0);
  await playUntil(page, page.getByText('Not linearizable:'));
  await page.getByRole('button', { name: 'Heal the network' }).click();
  await playUntil(page, server(page, new RegExp(`^${old}, .*follower`)));
  await page.reload();
  await expect(server(page, /^S1, /)).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test('hints can be passed over', async ({ page }) => {
  await open(page);
  const hint = page.getByRole('complementary', { name: 'Hint' });
  for (const words of ['Next', 'Next', 'Done']) await hint.getByRole('button', { name: words }).click();
  await expect(hint).toHaveCount(0);
});

test('the keys of the hints do the same, and what is done at the end of a run goes on', async ({ page }) => {
  await open(page);
  await page.getByLabel('Speed').fill('11');
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  await expect(page.getByRole('button', { name: 'Play again' })).toBeVisible();
  for (const key of ['3', 'c']) await page.keyboard.press(key);
  await expect(leader(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Pause', exact: true }).first()).toBeVisible();
  const at = await leader(page).getAttribute('aria-label');
  for (const key of [at?.[1] ?? '', 'i', 'a']) await page.keyboard.press(key);
  await expect(page.getByRole('button', { name: /^Client C1, put x=11 ✓/ })).toBeVisible();
  await page.keyboard.press('r');
  await expect(page.getByText('Not linearizable:')).toBeVisible();
  await page.keyboard.press('h');
  await expect(leader(page)).toHaveCount(1);
});
