// The cluster, used as a person uses it.

import { chooseControls, expect, leader, open, playUntil, runText, server, test, timeMs } from './page.ts';

test('elects a leader, crashes it by clicking, and elects another', async ({ page }) => {
  await open(page);
  await expect(leader(page)).toHaveCount(0);
  await playUntil(page, leader(page));
  const first = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await leader(page).click();
  await page.getByLabel('Inspector').getByRole('button', { name: 'Crash' }).click();
  await expect(server(page, new RegExp(`^${first}, .*crashed`))).toBeVisible();
  await expect(leader(page)).toHaveCount(0);
  await playUntil(page, leader(page));
  await expect(leader(page)).not.toHaveAttribute('aria-label', new RegExp(`^${first}`));
  await expect(page.getByRole('button', { name: /^\d+ properties hold$/ })).toBeVisible();
});

test('a split keeps the smaller side from a leader that commits, and healing brings all together', async ({
  page,
}) => {
  await open(page);
  await playUntil(page, leader(page));
  const old = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await chooseControls(page, 'Network');
  await page.getByRole('button', { name: 'Split…' }).click();
  // The leader goes alone: picked in the ring itself.
  await leader(page).click();
  await page.getByRole('button', { name: 'Split', exact: true }).click();
  const other = server(page, new RegExp(`^S[^${old[1]}], .*leader`));
  await playUntil(page, other);
  await expect(server(page, new RegExp(`^${old}, .*leader`))).toBeVisible(); // it does not know better
  await page.getByRole('button', { name: 'Heal', exact: true }).click();
  await playUntil(page, server(page, new RegExp(`^${old}, .*follower`)));
  await expect(leader(page)).toHaveCount(1);
});

test('cuts one link both ways and mends it', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Network');
  await expect(page.getByRole('button', { name: 'Cut', exact: true })).toBeDisabled(); // no link is picked
  await page.getByLabel('From', { exact: true }).selectOption('S1');
  await page.getByLabel('To', { exact: true }).selectOption('S2');
  await page.getByLabel('Ways').selectOption({ label: '↔ both ways' });
  await page.getByRole('button', { name: 'Cut', exact: true }).click();
  await page.getByRole('button', { name: 'S1 → S2: mend' }).click();
  await page.getByRole('button', { name: 'S2 → S1: mend' }).click();
  await expect(page.getByRole('button', { name: /→ S\d: mend/ })).toHaveCount(0);
});

test('puts a value and sees it committed everywhere', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Clients');
  await page.getByLabel('Key', { exact: true }).fill('colour');
  await page.getByLabel('Value').fill('blue');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Client C1, put colour=blue/ })).toBeVisible();
  for (const id of ['S1', 'S2', 'S3', 'S4', 'S5']) {
    const entry = page.getByRole('button', {
      name: new RegExp(`^${id} entry \\d+: colour=blue, term 1, committed`),
    });
    await playUntil(page, entry);
    await expect(entry).toBeVisible();
  }
});

test('goes back to before a crash and branches; the old future stays', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  const first = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  const before = await timeMs(page);
  await leader(page).click();
  await page.keyboard.press('c');
  const crashed = server(page, new RegExp(`^${first}, .*crashed`));
  await expect(crashed).toBeVisible();
  await playUntil(page, leader(page));
  const second = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  expect(second).not.toBe(first);

  await expect(async () => {
    await page.getByRole('button', { name: 'Step back' }).click();
    expect(await crashed.count()).toBe(0);
  }).toPass({ intervals: [5] });
  expect(await timeMs(page)).toBeLessThanOrEqual(before);

  await chooseControls(page, 'Faults');
  await page.getByRole('button', { name: 'Leader', exact: true }).click(); // not the one picked in the cluster
  await page.getByRole('button', { name: second, exact: true }).click();
  await page.getByRole('button', { name: `Crash ${second}` }).click();
  await expect(server(page, new RegExp(`^${second}, .*crashed`))).toBeVisible();
  await expect(crashed).toHaveCount(0);
  await page.getByRole('button', { name: '2 branches' }).click();
  await page.getByRole('button', { name: /^main/ }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  await expect(crashed).toBeVisible();
});

test('plays, pauses and keeps the chosen speed', async ({ page }) => {
  await open(page);
  await page.getByLabel('Speed').fill('8');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => timeMs(page)).toBeGreaterThan(50);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible(); // the picture has followed
  const paused = await timeMs(page);
  await page.waitForTimeout(150);
  expect(await timeMs(page)).toBe(paused);
});

test('a step forward and a step back lead to the same moment', async ({ page }) => {
  await open(page);
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  const list = page.getByLabel('Events around the playhead');
  await expect(list.locator('.current')).toHaveCount(1);
  const now = async () => [await timeMs(page), await list.locator('.current').textContent()];
  let there: unknown;
  await expect(async () => {
    there = await now();
    await page.waitForTimeout(50);
    expect(await now()).toEqual(there); // all keys have shown
  }).toPass();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(now).toEqual(there);
});

test('a click on an event goes there, and says what led to it', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  const list = page.getByLabel('Events around the playhead');
  await list
    .getByRole('button', { name: /election timer ran out/ })
    .first()
    .click();
  await expect(leader(page)).toHaveCount(0);
  await expect(server(page, /candidate/)).toHaveCount(1);
  await expect(list.getByText('Because')).toBeVisible();
});

test('the playhead follows a drag on the strip of the whole run, and on the ladder', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await expect.poll(() => timeMs(page)).toBe(1200);
  const end = 1200;
  const drag = async (picture: string, from: number, to: number) => {
    const box = await page.locator(`[data-picture=${picture}]`).boundingBox();
    if (!box) throw new Error(`no ${picture}`);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * from, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 });
    await page.mouse.move(box.x + box.width * to, y, { steps: 3 });
    await page.mouse.up();
  };
  await drag('timeline', 0.7, 0.2);
  await expect.poll(() => timeMs(page)).toBeLessThan(end * 0.35);
  const there = await timeMs(page);
  await page.getByRole('slider', { name: 'Playhead', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => timeMs(page)).toBeGreaterThan(there);
});

test('lines, loops and timers are drawn by hand in the cluster, and the same is done with the keyboard', async ({
  page,
}) => {
  await open(page, 'Two of five cannot commit, three can');
  const centre = async (id: string) => {
    const box = await server(page, new RegExp(`^${id}, `))
      .locator('.body')
      .boundingBox();
    if (!box) throw new Error(`no ${id}`);
    return [box.x + box.width / 2, box.y + box.height / 2, box.width / 2] as const;
  };
  const drag = async (points: readonly (readonly number[])[]) => {
    await page.mouse.move(points[0]?.[0] ?? 0, points[0]?.[1] ?? 0);
    await page.mouse.down();
    for (const [x = 0, y = 0] of points) await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  };
  const [x, y, r] = await centre('S1');
  await drag([[x, y], [x, y + 60], await centre('S3')]);
  await expect(page.getByRole('button', { name: 'Link S1 to S3, cut in this direction' })).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Inspector', exact: true })).toHaveCount(0); // a drag picks nothing

  const out = r + 6;
  await drag([
    [x - out, y - 1],
    [x - out * 0.7, y + out * 0.7],
    [x + out * 0.7, y + out * 0.7],
    [x + out, y],
    [x + 2, y - out],
  ]);
  await expect(server(page, /^S1, .*candidate/)).toBeVisible();

  await drag([
    [x - 70, y - 50],
    [x + 70, y - 50],
    [x + 75, y + 60],
    [x - 75, y + 60],
  ]);
  await expect(page.getByText('{S1} | {S2 S3 S4 S5}')).toBeVisible();

  await page.keyboard.press('2');
  const link = page.getByRole('button', { name: /^Link S2 to S4/ });
  await link.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Cut S2 → S4' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Link S2 to S4, cut in this direction' })).toHaveCount(1);
});

test('the space-time diagram shows an hour and a few microseconds, and how a picked event came about', async ({
  page,
}) => {
  await open(page);
  await playUntil(page, leader(page));
  const axis = page.locator('svg.ladder .tick');
  await page
    .getByRole('group', { name: 'Space-time diagram' })
    .getByRole('button', { name: /leader of term/ })
    .click();
  await expect(page.locator('svg.ladder .chain')).toHaveAttribute('d', /M.*L/);
  for (let n = 0; n < 20; n++) await page.keyboard.press(']');
  await expect(axis.first()).toHaveText(/\.\d\d ms$/); // tens of microseconds apart
  for (let n = 0; n < 30; n++) await page.keyboard.press('[');
  await expect(axis.last()).toHaveText(/^[34].?\d00 s$/);
  await page.keyboard.press('0');
  await expect(axis.last()).toHaveText(/ms$/);
});

test('a message is copied, its copy copied, and that one held: each says what it is', async ({ page }) => {
  await open(page);
  await runText(page, 'raft 1\nservers 3\nset latency 40ms\n@10ms timeout S1\n');
  const asks = (marks: string) => server(page, new RegExp(`^S1 to S2, asks for a vote, term 1${marks}$`));
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    await expect(asks('')).toHaveCount(1, { timeout: 100 });
  }).toPass({ intervals: [20] });
  const legend = page.locator('svg.ring .legend');
  await expect(legend).not.toContainText(/copy|held/);
  const inspector = page.getByRole('region', { name: 'Inspector', exact: true });
  const doTo = async (marks: string, what: string) => {
    await asks(marks).last().press('Enter');
    await inspector.getByRole('button', { name: what }).click();
  };
  await doTo('', 'Duplicate');
  await expect(legend).toContainText('copy');
  await doTo(', a copy', 'Duplicate');
  await expect(asks(', a copy')).toHaveCount(2);
  await asks(', a copy').last().press('Enter');
  await expect(inspector).toContainText('The network made a second copy of S1’s RequestVote');
  await expect(inspector).toContainText('lastLogIndex');
  await inspector.getByRole('button', { name: 'Hold' }).click();
  await expect(asks(', a copy, held')).toHaveCount(1);
  await expect(legend).toContainText('held');
  await page.getByText('Signs', { exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'held message' })).toBeVisible();
});

test('what was done by hand is undone, command by command', async ({ page }) => {
  await open(page);
  await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeVisible();
  await playUntil(page, leader(page));
  await page.keyboard.press('1');
  await page.keyboard.press('c');
  await expect(server(page, /^S1, .*crashed/)).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.press('2');
  await page.keyboard.press('c');
  await expect(server(page, /^S2, .*crashed/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo crash S2' }).click();
  await expect(server(page, /^S2, .*crashed/)).toHaveCount(0);
  await expect(server(page, /^S1, .*crashed/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(server(page, /^S1, .*crashed/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeVisible();
});
