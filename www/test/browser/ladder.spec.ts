// The space-time diagram: what happens to servers, disks and the network has its sign, its word and its place in the legend.

import { expect, open, runText, test, timeMs } from './page.ts';

const FAULTS = `raft 1
servers 5
clients 1
voters 4
seed 3
@100ms timeout S1
@300ms C1 put x=1
@400ms pause S2
@450ms resume S2
@460ms add S5
@500ms set disk S3 lies
@520ms clock-jump S3 +50ms
@550ms partition S1 S2 C1 | S3 S4 S5
@580ms power-off S3
@600ms heal
@650ms end
`;

test('pauses, power, disks, clocks, members and walls are marked, can be picked, and are in the legend', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page);
  await runText(page, FAULTS);
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.keyboard.press('0');
  const diagram = page.getByRole('group', { name: 'Space-time diagram' });
  for (const name of [
    'S2: pause',
    'S2: resume',
    'S3: power off',
    'S3: clock +50 ms',
    'S1: voters S1 S2 S3 S4 S5',
    'S3: disk S3 lies',
    'Cluster: split S1 S2 C1 | S3 S4 S5',
  ])
    await expect(diagram.getByRole('button', { name, exact: true })).toHaveCount(1);
  await expect(diagram.locator('.plight.paused')).toHaveAttribute('d', /^M\d/);
  await expect(diagram.locator('.plight.unpowered')).toHaveAttribute('d', /^M\d/);
  await expect(diagram.locator('.wall').first()).toHaveAttribute('d', /^M[\d.]+ [\d.]+H[\d.]+$/); // one: between S2 and S3

  const legend = page.locator('.signs');
  await expect(legend.getByText('stands still')).toBeHidden();
  await legend.getByText('Signs').click();
  for (const words of ['stands still', 'no power', 'configuration', 'clock', 'disk', 'nothing passes'])
    await expect(legend.getByRole('listitem').filter({ hasText: words }).first()).toBeVisible();
  await expect(legend.getByText('blocked')).toHaveCount(0);

  await diagram.getByRole('button', { name: 'S2: pause' }).click();
  await expect.poll(() => timeMs(page)).toBe(400);
  await page.keyboard.press('n');
  await expect.poll(() => timeMs(page), 'the next notable event is not far').toBeLessThanOrEqual(450);
});

test('who waits for a decision is hatched until it comes', async ({ page }) => {
  await open(page, 'Two-phase commit blocks');
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.keyboard.press('0');
  const diagram = page.getByRole('group', { name: 'Space-time diagram' });
  for (const plight of ['prepared', 'blocked'])
    await expect(diagram.locator(`.plight.${plight}`)).toHaveAttribute('d', /^(M[^M]+Z){4,}$/);
  await expect(diagram.getByRole('button', { name: 'S3: blocked by C1.1' })).toHaveCount(1);
});

test('writes are seen on their way to the disk, close by', async ({ page }) => {
  await open(page, 'Three commands, one order');
  await page.getByRole('button', { name: 'To the end' }).click();
  const synced = page.getByRole('group', { name: 'Space-time diagram' }).locator('.synced');
  await page.keyboard.press('0');
  await expect(synced).toHaveCount(0);
  const diagram = page.getByRole('group', { name: 'Space-time diagram' });
  await diagram.getByRole('button', { name: /leader of term 1/ }).click();
  for (let n = 0; n < 6; n++) await page.keyboard.press(']');
  await expect(synced).toHaveAttribute('d', /^M/);
});

test('a key is about what was done just before, drawn or not', async ({ page }) => {
  await open(page, 'Two-phase commit blocks');
  await page.evaluate(() => {
    const root = document.querySelector('raft-playground')?.shadowRoot;
    root?.querySelector<HTMLElement>('[aria-label="To the end"]')?.click();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true, composed: true }));
  });
  await expect(page.getByRole('button', { name: 'S3: blocked by C1.1' })).toBeVisible();
});
