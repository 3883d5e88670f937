// Scenarios: those that come along, one's own, wrong ones; and an engine that breaks.

import { readFileSync } from 'node:fs';
import { chooseControls, expect, expectProblems, open, runText, server, test } from './page.ts';

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
  for (const line of known) {
    const [name = '', fingerprint = '', events = ''] = line.split(' ');
    await picker.selectOption(name);
    await expect(picker).toHaveValue(name);
    await page.keyboard.press('End');
    await page.locator('button.badge').first().click();
    await expect(page.getByRole('dialog')).toContainText(`${events} events, fingerprint ${fingerprint}`);
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

test('three hints explain the page to a newcomer, and are gone for good once read', async ({ page }) => {
  await open(page);
  const hint = page.getByRole('complementary', { name: 'Hint' });
  await expect(hint).toContainText('Click a server');
  await hint.getByRole('button', { name: 'Next' }).click();
  await expect(hint).toContainText('time strip');
  await hint.getByRole('button', { name: 'Next' }).click();
  await hint.getByRole('button', { name: 'Done' }).click();
  await expect(hint).toHaveCount(0);
  await page.reload();
  await expect(server(page, /^S1, /)).toBeVisible();
  await expect(hint).toHaveCount(0);
});
