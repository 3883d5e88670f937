// What the browser tests do over and over.

import { readFileSync } from 'node:fs';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { GROUPS } from '../../vocabulary.ts';

export { expect };

const problems = new WeakMap<Page, string[]>();

/** Nothing plays by itself, and no test sees a problem in the console without failing. Part of the test, for hooks here would be of the
 * first file alone that a worker loads. */
export const test = base.extend<{ quietConsole: undefined }>({
  contextOptions: { reducedMotion: 'reduce' },
  quietConsole: [
    async ({ page }, use) => {
      const found: string[] = [];
      problems.set(page, found);
      page.on('console', (message) => message.type() === 'error' && found.push(message.text()));
      page.on('pageerror', (error) => found.push(error.message));
      await use(undefined);
      expect(problems.get(page), 'problems in the console').toEqual([]);
    },
    { auto: true },
  ],
});

/** For a test that makes the engine break, and so expects it to complain. */
export const expectProblems = (page: Page): void => {
  problems.set(page, []);
};

/** Opens the page with a scenario, ready and paused. */
export async function open(page: Page, title?: string): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('button', { name: /^S1, / })).toBeVisible();
  if (title !== undefined) await chooseScenario(page, title);
}

/** Chooses one that comes with the playground, and waits until it is there. */
export async function chooseScenario(page: Page, title: string): Promise<void> {
  const picker = page.getByRole('combobox', { name: 'Scenario' });
  await picker.selectOption({ label: title });
  await expect(picker.locator('option:checked')).toHaveText(title);
}

/** A server in the ring; its name tells term and role. */
export const server = (page: Page, name: RegExp): Locator =>
  page.getByRole('group', { name: 'Cluster' }).getByRole('button', { name });

export const leader = (page: Page): Locator => server(page, /^S\d, .*leader/);

/** On to the next notable events until something is there. */
export async function playUntil(page: Page, wanted: Locator): Promise<void> {
  await expect(async () => {
    if ((await wanted.count()) === 0) {
      await page.keyboard.press('n');
      expect(await wanted.count()).toBeGreaterThan(0);
    }
  }).toPass({ intervals: [20] });
}

export async function chooseControls(page: Page, group: string): Promise<void> {
  const tab = page
    .getByRole('tablist', { name: 'Controls' })
    .getByRole('tab', { name: new RegExp(`^${group}!?$`) });
  const list = page.getByRole('combobox', { name: 'Group of controls' });
  if ((await tab.or(list).count()) === 0) {
    // Among the tabs of a middling page, a sheet on a phone.
    const inTabs = page.getByRole('tab', { name: 'Controls', exact: true });
    const sheet = page.getByRole('button', { name: 'Controls', exact: true });
    await inTabs.or(sheet).click();
    await expect(list).toBeVisible();
  }
  const id = Object.entries(GROUPS).find(([, label]) => label === group)?.[0] ?? '';
  if ((await tab.count()) > 0) await tab.click();
  else await list.selectOption(id);
  await expect(page.getByText('One moment…')).toHaveCount(0); // most controls are fetched when they are wanted
}

/** Where the playhead is, in ms. */
export async function timeMs(page: Page): Promise<number> {
  const text = (await page.getByLabel('Simulated time').textContent()) ?? '';
  const number = Number(text.replace(/[^\d.]/g, ''));
  return text.trim().endsWith('ms') ? number : number * 1000;
}

/** The scenario's text, once the editor is open and there. */
export async function openEditor(page: Page): Promise<Locator> {
  const editor = page.getByRole('textbox', { name: 'Scenario' });
  if ((await editor.count()) === 0) await page.getByRole('button', { name: 'Edit the scenario' }).click();
  await expect(editor).toBeVisible();
  return editor;
}

/** Runs a scenario of one's own from its start, through the page's editor, and closes that again. */
export async function runText(page: Page, text: string): Promise<void> {
  const editor = await openEditor(page);
  await editor.fill(text);
  await editor.press('Control+Home');
  await editor.press('Control+Enter');
  await expect(page.locator('.standing:not(.pending)')).toHaveText('Runs as it stands here');
  await page.getByRole('button', { name: 'Edit the scenario' }).click();
  await expect(editor).toHaveCount(0);
}

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

/** What would keep somebody from using the page as it is now, as axe finds it. */
export async function barriers(page: Page, part?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  return page.evaluate(async (part) => {
    // The words of a picture are texts of their own, which axe strings together without spaces: not comparable with a name.
    const inPicture = (rule: string, html: string) =>
      rule === 'label-content-name-mismatch' && html.startsWith('<g');
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(part ? { fromShadowDom: ['raft-playground', part] } : document);
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => !inPicture(id, html))
        .map(({ html, any }) => `${id}: ${html.slice(0, 120)} (${any[0]?.message ?? ''})`),
    );
  }, part);
}
