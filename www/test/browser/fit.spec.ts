// Nothing overlaps its neighbour, leaves the page or is cut off, from a phone to a large screen; and everybody can use it.

import type { Page } from '@playwright/test';
import { GROUPS } from '../../vocabulary.ts';
import {
  barriers,
  chooseControls,
  chooseScenario,
  expect,
  leader,
  open,
  openEditor,
  playUntil,
  runText,
  test,
} from './page.ts';

const SIZES = [
  [390, 844],
  [800, 580],
  [1440, 900],
  [1920, 1080],
  [1100, 700],
] as const;

/** What sticks out: of the page, or of a box that hides what sticks out of it. Scrolling boxes may hide, within their width. */
function stickingOut(page: Page): Promise<string[]> {
  return page.locator('body > raft-playground').evaluate((host) => {
    const found: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').trim().slice(0, 30)}”`;
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page scrolls sideways');
    for (const element of host.shadowRoot?.querySelectorAll('*') ?? []) {
      if (element.closest('.visually-hidden, svg, .veil')) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      if (box.left < -0.5 || box.right > window.innerWidth + 0.5)
        found.push(`${name(element)} leaves the page`);
      const style = getComputedStyle(element);
      if (style.overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1)
        found.push(`${name(element)} is cut off below: ${element.scrollHeight} > ${element.clientHeight}`);
      // A select shortens the title it shows; fields and editors scroll sideways.
      if (element.matches('select, textarea, input, pre')) continue;
      const cut = element.scrollWidth > element.clientWidth + 1 && style.display !== 'inline';
      if (cut && element.clientWidth > 0)
        found.push(`${name(element)} is cut off or spills: ${element.scrollWidth} > ${element.clientWidth}`);
    }
    for (const picture of host.shadowRoot?.querySelectorAll('.drawing > svg') ?? []) {
      const frame = picture.getBoundingClientRect(); // as large as it is drawn; a low place scrolls
      for (const text of picture.querySelectorAll('text')) {
        const box = text.getBoundingClientRect();
        if (text.closest('[clip-path], .inert') || box.width === 0) continue;
        if (
          box.left < frame.left - 1 ||
          box.right > frame.right + 1 ||
          box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1
        )
          found.push(`text “${text.textContent}” leaves its picture`);
      }
    }
    return found;
  });
}

/** Parts that lie upon one another. */
function overlapping(page: Page): Promise<string[]> {
  return page.locator('body > raft-playground').evaluate((host) => {
    const parts = [
      ...(host.shadowRoot?.querySelectorAll('.bar > *, .strip, .notes > *, .card, .divider, .foot') ?? []),
    ].filter((part) => !part.matches('.spring, .visually-hidden') && !part.parentElement?.closest('.card'));
    const found: string[] = [];
    for (const [i, a] of parts.entries())
      for (const b of parts.slice(i + 1)) {
        if (a.contains(b) || b.contains(a)) continue;
        const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 1 && high > 1) found.push(`${a.className || a.tagName} and ${b.className || b.tagName}`);
      }
    return found;
  });
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Everything there is to look at, one after another. */
async function* looks(page: Page): AsyncGenerator<string> {
  yield 'start';
  await playUntil(page, leader(page));
  yield 'leader';
  const inTabs = (await page.getByRole('tab', { name: 'Logs', exact: true }).count()) > 0;
  for (const group of Object.values(GROUPS)) {
    await chooseControls(page, group);
    yield group;
  }
  for (const tab of inTabs ? ['Events', 'Space-time', 'Logs', 'Cluster'] : []) {
    const button = page.getByRole('tab', { name: tab, exact: true });
    if ((await button.count()) === 0) continue;
    await button.click();
    yield tab;
  }
  const editor = await openEditor(page);
  yield 'text';
  await editor.press('Control+End');
  await page.keyboard.type('@9s crsh');
  await expect(page.getByRole('button', { name: 'Write crash' })).toBeVisible();
  yield 'mistake';
  await page.getByRole('button', { name: 'Undo typing' }).click();
  await page.getByRole('button', { name: 'Close the scenario' }).click();
  await leader(page).click();
  yield 'inspector';
  await page.keyboard.press('i');
  for (let i = 0; i < 3; i++) await page.keyboard.press('n');
  await expect(page.getByRole('button', { name: 'Heal the network' })).toBeVisible();
  yield 'split';
  await page.keyboard.press('c');
  for (let i = 0; i < 6; i++) await page.keyboard.press('n');
  await page.keyboard.press('p');
  await page.keyboard.press('c');
  yield 'branches';
  expect((await page.getByRole('combobox', { name: 'Scenario' }).boundingBox())?.width).toBeGreaterThan(90);
  for (const name of ['Help', /properties hold/, /branches/]) {
    await page.getByRole('button', { name }).click();
    yield String(name);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('x');
  await expect(page.getByText('One moment…')).toHaveCount(0);
  yield 'pictures and data';
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('What a reader sees')).toBeVisible();
  await page.getByRole('button', { name: 'Frame', exact: true }).click(); // which has most to choose
  yield 'share';
  await page.keyboard.press('Escape');
  await chooseScenario(page, 'Four ways to read');
  await settled(page);
  const reads = page.getByRole('tab', { name: 'Reads', exact: true });
  if ((await reads.count()) > 0) await reads.click();
  await expect(page.getByRole('row', { name: /^read-index/ })).toContainText('8.9');
  yield 'ways to read';
  await page.getByRole('button', { name: '63 stale: list them' }).click();
  await page.getByRole('slider', { name: 'Answered within' }).focus();
  yield 'stale reads';
  await page.getByRole('slider', { name: 'Answered within' }).blur();
  await page.keyboard.press('End');
  await settled(page);
  for (let i = 0; i < 5; i++) await page.keyboard.press('p');
  await page.keyboard.press('h');
  await page.keyboard.press('b');
  await page.getByRole('button', { name: /^Set beside the current one/ }).click();
  yield 'two branches';
  await page.getByRole('button', { name: /^Rename: main/ }).click();
  yield 'the name of a branch';
}

for (const [width, height] of SIZES) {
  test(`everything fits at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    for await (const look of looks(page)) {
      await settled(page);
      expect.soft(await stickingOut(page), look).toEqual([]);
      expect.soft(await overlapping(page), look).toEqual([]);
    }
  });
}

test('the bar holds all its buttons at every width, and none of them moves when something falls', async ({
  page,
}) => {
  const where = () =>
    page.locator('body > raft-playground').evaluate((host) => {
      const buttons = host.shadowRoot?.querySelectorAll<HTMLElement>('.bar :is(button, select)') ?? [];
      return [...buttons].map((button) => {
        const { left, right } = button.getBoundingClientRect();
        return [Math.round(left), Math.round(right)] as const;
      });
    });
  const oneVote = '#raft+1/servers+3/off+one-vote/100ms+timeout+S1/101ms+timeout+S2/180ms+end';
  for (const [address, fallen] of [
    [`./${oneVote}`, /^[1-9] propert(y|ies) broken$/],
    ['./?scenario=stale-read', 'Not linearizable'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(address);
    await expect(page.getByRole('button', { name: /^S1, / })).toBeVisible();
    for (const width of [1700, 1560, 1440, 1260, 1100, 800, 700, 640, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.keyboard.press('Home');
      await settled(page);
      const [before, size] = [await where(), `${width}`];
      for (const [left, right] of before) {
        expect(left, size).toBeGreaterThanOrEqual(0);
        expect(right, size).toBeLessThanOrEqual(width);
      }
      await expect(page.getByRole('button', { name: fallen })).toHaveCount(0);
      await page.keyboard.press('End');
      await expect(page.getByRole('button', { name: fallen })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Share' })).toBeVisible();
      expect(await where(), size).toEqual(before);
    }
  }
});

test('nine servers and nine clients fit as well', async ({ page }) => {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await open(page, 'Nine servers, four may fail');
    await page.keyboard.press('End');
    for (const clients of [1, 9]) {
      if (clients === 9) await runText(page, 'raft 1\nservers 9\nclients 9\n@0ms timeout S1\n@200ms end\n');
      await page.keyboard.press('End');
      await settled(page);
      expect.soft(await stickingOut(page), `${width}×${height}, ${clients}`).toEqual([]);
      expect.soft(await overlapping(page), `${width}×${height}, ${clients}`).toEqual([]);
    }
  }
});

test('every view can be shown alone, at every size, and all of them again', async ({ page }) => {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await open(page);
    await playUntil(page, leader(page));
    for (const view of ['Cluster', 'Logs', 'Space-time', 'Events', 'Reads', 'Controls', 'Scenario']) {
      await page.keyboard.press('v');
      const main = page.getByRole('main');
      await expect(
        main
          .getByRole('region', { name: view, exact: true })
          .or(main.getByRole('tabpanel', { name: view }))
          .first(),
      ).toBeVisible();
      await settled(page);
      await expect(main.locator('.card')).toHaveCount(1);
      // The editor measures its lines once it is there, and puts them right then.
      const where = `${view} at ${width}×${height}`;
      await expect.poll(() => stickingOut(page), where).toEqual([]);
      await expect.poll(() => overlapping(page), where).toEqual([]);
    }
    await page.keyboard.press('v');
    await expect(page.getByRole('group', { name: 'Cluster' })).toBeVisible();
  }
});

test('the attribute view shows one view alone', async ({ page }) => {
  await open(page);
  const show = (view: string | null) =>
    page.locator('raft-playground').evaluate((host, name) => {
      if (name === null) host.removeAttribute('view');
      else host.setAttribute('view', name);
    }, view);
  await show('space-time');
  await expect(page.getByRole('group', { name: 'Space-time diagram' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Cluster' })).toHaveCount(0);
  await show('nonsense');
  await expect(page.getByRole('group', { name: 'Cluster' })).toBeVisible();
});

test('the lines between parts move by dragging and by keyboard, and nothing then overlaps', async ({
  page,
}) => {
  for (const [width, height] of SIZES.slice(1)) {
    await page.setViewportSize({ width, height });
    await open(page);
    await playUntil(page, leader(page));
    const lines = page.locator('.divider');
    await expect(lines).toHaveCount(width < 1100 ? 2 : 4);
    for (const end of ['Home', 'End'])
      for (const line of await lines.all()) {
        await line.focus();
        await page.keyboard.press(end);
        await settled(page);
        const bound = end === 'Home' ? 'aria-valuemin' : 'aria-valuemax';
        expect(await line.getAttribute('aria-valuenow')).toBe(await line.getAttribute(bound));
        expect.soft(await stickingOut(page), `${end} at ${width}×${height}`).toEqual([]);
        expect.soft(await overlapping(page), `${end} at ${width}×${height}`).toEqual([]);
      }
    const line = page.getByRole('separator', { name: 'Height of the space-time diagram' });
    await line.dblclick();
    await settled(page);
    const before = await line.boundingBox();
    if (!before) throw new Error('no line');
    await page.mouse.move(before.x + 50, before.y + 4);
    await page.mouse.down();
    await page.mouse.move(before.x + 50, before.y - 26, { steps: 3 });
    await page.mouse.up();
    await settled(page);
    const after = await line.boundingBox();
    expect(Math.abs((after?.y ?? 0) - before.y + 30)).toBeLessThan(4);
  }
});

for (const scheme of ['light', 'dark'] as const)
  for (const [width, height] of SIZES.slice(0, 4))
    test(`no barrier for anybody, ${scheme}, ${width}×${height}`, async ({ page }) => {
      test.slow(); // there is much to look at
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(page);
      for await (const look of looks(page)) {
        await settled(page);
        expect.soft(await barriers(page), look).toEqual([]);
      }
    });

test('what the page around does to its own text stays outside', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  const measured = () =>
    page.locator('raft-playground').evaluate((host) => {
      const texts = [...(host.shadowRoot as ShadowRoot).querySelectorAll('svg text, button, h2')];
      return texts.map((text) => {
        const { x, y, width, height } = text.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join(' ');
      });
    });
  const before = await measured();
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
    document.documentElement.lang = 'ar';
  });
  await page.addStyleTag({
    content:
      'html { text-align: center; letter-spacing: 3px; text-transform: uppercase; word-spacing: 1em; line-height: 3 }',
  });
  expect(await measured()).toEqual(before);
  expect(await page.locator('.root').evaluate((root) => root.closest('[lang]')?.getAttribute('lang'))).toBe(
    'en',
  );
});

test('where few colours are left, what is chosen still looks so', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page);
  const ground = (name: string) =>
    page.getByRole('tab', { name, exact: true }).evaluate((tab) => getComputedStyle(tab).backgroundColor);
  expect(await ground('Faults')).not.toBe(await ground('Clients'));
});

test('the event at the playhead is in sight, all of it', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  for (let n = 0; n < 6; n += 1) {
    await page.keyboard.press('n');
    await expect
      .poll(() =>
        page.locator('#events').evaluate((list) => {
          const row = list.querySelector('.current')?.getBoundingClientRect();
          const box = list.getBoundingClientRect();
          return row !== undefined && row.top >= box.top && row.bottom <= box.bottom;
        }),
      )
      .toBe(true);
  }
});
