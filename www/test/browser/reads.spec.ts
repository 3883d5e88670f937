// The ways to read side by side, used as a person uses them.

import { expect, leader, open, playUntil, test, timeMs } from './page.ts';

test.use({ viewport: { width: 1440, height: 900 } });

test('all ways to read are compared, and a stale read is looked at where it returned, and left again', async ({
  page,
}) => {
  await open(page, 'Four ways to read');
  const table = page.getByRole('table', { name: 'Ways to read, side by side' });
  await expect(
    table.getByRole('row', { name: /^read-index 96\.1 % 72\.5 346 8\.9 linearizable/ }),
  ).toBeVisible();
  await table.getByRole('button', { name: '82 stale: list them' }).click();
  const first = table.getByRole('list', { name: 'Stale reads, stale' }).getByRole('button').first();
  await expect(first).toContainText('C2 get x → nothing; put x=1 was acknowledged');
  await first.click();
  await expect.poll(() => timeMs(page)).toBe(504);
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('svg.ladder .op.picked')).toHaveAttribute(
    'aria-label',
    /^C2: get x → none ✗ stale/,
  );
  await expect(page.getByText('C2 wants to get x stale.').last()).toBeVisible();
  await expect(table.getByRole('button', { name: 'stale', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.keyboard.press('z');
  await expect(table.getByRole('button', { name: 'leader-local', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('four-ways-to-read');
});

test('how many were answered within a time is said where one points, and by the arrow keys', async ({
  page,
}) => {
  await open(page, 'Four ways to read');
  await expect(page.getByRole('row', { name: /^log 96\.5 % 59\.8 336 4\.5/ })).toBeVisible();
  const axis = page.getByRole('slider', { name: 'Answered within' });
  await axis.focus();
  await expect(axis).toHaveAttribute('aria-valuetext', /^25\.1 ms: stale \d/);
  await page.keyboard.press('ArrowRight');
  await expect(axis).toHaveAttribute('aria-valuetext', /^27\.6 ms: /);
  await expect(page.locator('.within')).toHaveCount(5);
  const hills = page.locator('.way .took').last();
  await hills.hover({ position: { x: 100, y: 8 } });
  await expect(axis).toHaveAttribute('aria-valuetext', /^1\d\d ms: stale 9\d\.\d %, .*log 9\d\.\d %$/);
});

test('who reads is added where nobody does, and the ways to read follow what is done', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await expect(page.getByRole('table')).toHaveCount(0);
  for (let n = 0; n < 5; n += 1) await page.keyboard.press('v');
  await expect(page.getByText('No client reads here.')).toBeVisible();
  await page.getByRole('button', { name: /load C1 mixed 80% every 20ms$/ }).click();
  const stale = page.getByRole('row', { name: /^stale/ });
  await expect(stale).toContainText('%');
  const answered = async () =>
    Number.parseFloat((await stale.textContent())?.match(/([\d.]+) %/)?.[1] ?? '0');
  await expect.poll(answered).toBeGreaterThan(80);
  for (const id of ['1', '2', '3', '4', '5']) {
    await page.keyboard.press(id);
    await page.keyboard.press('c');
  }
  await expect.poll(answered).toBeLessThan(20);
});

test('once they are compared nothing runs', async ({ page }) => {
  await page.addInitScript(() => {
    const counts = { idle: 0 };
    Object.assign(window, { counts });
    const ask = window.requestIdleCallback;
    window.requestIdleCallback = (...given) => {
      counts.idle += 1;
      return ask.apply(window, given);
    };
  });
  await open(page, 'Four ways to read');
  await expect(page.getByRole('row', { name: /^log 96\.5 % 59\.8 336 4\.5/ })).toBeVisible();
  const asked = () => page.evaluate(() => (window as never as { counts: { idle: number } }).counts.idle);
  const before = await asked();
  expect(before).toBeGreaterThan(1);
  await page.waitForTimeout(500);
  expect(await asked()).toBe(before);
});
