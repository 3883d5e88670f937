// The scenario's text in its editor: it runs while it is typed, says what is wrong, completes words, and shows what is done by hand.

import type { Page } from '@playwright/test';
import {
  chooseControls,
  expect,
  expectProblems,
  leader,
  open,
  openEditor,
  playUntil,
  runText,
  server,
  test,
  timeMs,
} from './page.ts';

const LEADER_CRASH = 'The leader crashes';

/** All lines of the text, those out of sight too. */
const textOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const root = document.querySelector('raft-playground')?.shadowRoot;
    const content = root?.querySelector('.cm-content') as (Element & { cmTile?: never }) | null;
    return [...(content?.querySelectorAll('.cm-line') ?? [])].map((line) => line.textContent).join('\n');
  });

const mistakes = (page: Page) => page.getByRole('list', { name: 'Mistakes' });
const region = (page: Page) => page.getByRole('region', { name: 'Scenario' });
const runs = (page: Page) =>
  expect(region(page).locator('.standing:not(.pending)')).toHaveText('Runs as it stands here');

test('the editor is fetched only when it is opened, and shows the text as its author wrote it', async ({
  page,
}) => {
  const later: string[] = [];
  page.on('request', (request) => request.url().includes('/later/editor') && later.push(request.url()));
  await open(page, LEADER_CRASH);
  await page.keyboard.press('n');
  expect(later).toEqual([]);
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: 'Scenario' });
  await expect(editor).toBeFocused();
  await expect(editor).toContainText('# The leader crashes. Nobody tells the others');
  expect(later).toContainEqual(expect.stringMatching(/\/later\/editor-[\w-]{8}\.js$/));
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(editor).toHaveCount(0);
});

test('a mistake is underlined and told while one types, and the last good run stays; mended, it runs where it was', async ({
  page,
}) => {
  await open(page);
  await runText(page, 'raft 1\nservers 3\n@100ms timeout S1\n');
  await playUntil(page, leader(page));
  const before = await timeMs(page);
  const editor = await openEditor(page);
  await editor.press('Control+End');
  await page.keyboard.type('@120ms crsh S2');
  await expect(mistakes(page)).toContainText('Line 4, column 8', { ignoreCase: true });
  await expect(editor.locator('.ed-wrong')).toHaveText('crsh');
  await expect(editor).toHaveAccessibleDescription(/found "crsh"/);
  await expect(region(page)).toContainText('A mistake: the last good text runs on');
  await expect(server(page, /^S2, .*follower/)).toBeVisible();

  await page.getByRole('button', { name: 'Write crash' }).click();
  await expect(editor).toContainText('@120ms crash S2');
  await runs(page);
  await expect(mistakes(page)).toHaveCount(0);
  await expect(server(page, /^S2, .*crashed/)).toBeVisible();
  expect(await timeMs(page)).toBeCloseTo(before, 0);
});

test('every mistake is told, and what was typed can be given up', async ({ page }) => {
  await open(page);
  const editor = await openEditor(page);
  await expect(editor).toContainText('# From nothing');
  await editor.fill('raft 1\nbad 1\nset loss 300%\n');
  await expect(mistakes(page).getByRole('listitem')).toHaveCount(2);
  await expect(editor.locator('.ed-wrong')).toHaveText(['bad', '300%']);
  await page.getByRole('button', { name: 'Undo typing' }).click();
  await runs(page);
  await expect(editor).toContainText('# From nothing');
});

test('words are completed, with what they mean, and only where they may stand', async ({ page }) => {
  await open(page);
  const editor = await openEditor(page);
  await editor.fill('raft 1\n');
  await editor.press('Control+End');
  await page.keyboard.type('set election-ti');
  const offered = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
  await expect(offered).toHaveCount(1);
  await expect(offered).toContainText('1ms–60s, else 150ms..300ms');
  await expect(region(page)).toContainText('How long a server waits without a leader');
  const seen = () => page.waitForTimeout(150); // a key pressed before one could see the list chooses nothing
  await seen();
  await page.keyboard.press('Tab');
  await expect(editor).toContainText('set election-timeout');
  // Its value is asked for next.
  await expect(offered).toContainText('150ms..300ms');
  await seen();
  await page.keyboard.press('Enter');
  await page.keyboard.type('\n@1s crash ');
  await expect(offered).toHaveText(['S1', 'S2', 'S3', 'S4', 'S5']);
  await page.keyboard.type('S1');
  await expect(offered).toHaveCount(0);
  await page.keyboard.type('\n');
  await runs(page);
  expect(await textOf(page)).toBe('raft 1\nset election-timeout 150ms..300ms\n@1s crash S1\n');
});

test('Tab leaves the editor when nothing is offered', async ({ page }) => {
  await open(page);
  const editor = await openEditor(page);
  await editor.focus();
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
});

test('what is done by hand comes into the text, lit, while cursor and typing stay as they are', async ({
  page,
}) => {
  await open(page);
  await runText(page, '# Mine.\nraft 1\nservers 3\n@100ms timeout S1\n@3s heal\n');
  await playUntil(page, leader(page));
  const editor = await openEditor(page);
  await editor.press('Control+End');
  await page.keyboard.type('# The end');
  await runs(page);
  await server(page, /^S2, /).click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  await expect(editor.locator('.cm-line.ed-lit')).toHaveText(/^@\d+us crash S2$/);
  await editor.focus();
  await page.keyboard.type('.');
  await runs(page);
  expect(await textOf(page)).toMatch(
    /^# Mine\.\nraft 1\nservers 3\n@100ms timeout S1\n@\d+us crash S2\n@3s heal\n# The end\.$/,
  );
  await expect(server(page, /^S2, .*crashed/)).toBeVisible();

  // Into a text that is wrong, too: nothing typed is lost.
  await page.keyboard.type('\n@4s he');
  await expect(mistakes(page)).toBeVisible();
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await expect(editor).toContainText('restart S2');
  await expect(server(page, /^S2, .*follower/)).toBeVisible();
  expect(await textOf(page)).toMatch(/crash S2\n@\d+us restart S2\n@3s heal\n# The end\.\n@4s he$/);
});

test('the editor’s undo takes back what was typed, the page’s what was done on the page', async ({
  page,
}) => {
  await open(page);
  await runText(page, 'raft 1\nservers 3\n');
  const editor = await openEditor(page);
  await editor.press('Control+End');
  await page.keyboard.type('@1s heal');
  await runs(page);
  await server(page, /^S2, /).click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  await expect(editor).toContainText('crash S2');
  await editor.focus();
  await page.keyboard.press('Control+z');
  await expect(editor).not.toContainText('heal');
  await expect(editor).toContainText('crash S2');
  await page.keyboard.press('Control+y');
  await expect(editor).toContainText('heal');
  await runs(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('z');
  await expect(editor).not.toContainText('crash S2');
});

test('a line’s time leads the playhead there, by mouse and by keys, and what is passed is marked', async ({
  page,
}) => {
  await open(page, LEADER_CRASH);
  const editor = await openEditor(page);
  const dots = region(page).locator('.ed-passing .cm-gutterElement:is(.ed-passed, .ed-coming)');
  await expect(editor.locator('.cm-line.ed-last')).toHaveCount(0);
  await dots.nth(2).click();
  await expect.poll(() => timeMs(page)).toBe(800);
  await expect(editor.locator('.cm-line.ed-last')).toContainText('crash S1');
  await expect(server(page, /^S1, .*crashed/)).toBeVisible();
  await editor.press('Control+Home');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => timeMs(page)).toBe(0);
  await editor.press('Control+End');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => timeMs(page)).toBe(2500);
});

test('fields of the page and the text keep in step', async ({ page }) => {
  await open(page);
  await runText(page, 'raft 1 # mine\nservers 3\n');
  await chooseControls(page, 'Start');
  await page
    .getByRole('group', { name: 'Number of servers' })
    .getByRole('button', { name: 'One more' })
    .click();
  await expect(server(page, /^S\d, /)).toHaveCount(4);
  await openEditor(page);
  expect(await textOf(page)).toBe('raft 1 # mine\nservers 4\n');
});

test('the controls stand below the text, and write into it', async ({ page }) => {
  await open(page);
  await runText(page, 'raft 1\nservers 3\n@100ms timeout S1\n');
  await playUntil(page, leader(page));
  const editor = await openEditor(page);
  await page.getByRole('tab', { name: 'Controls', exact: true }).click();
  await expect(page.getByRole('tablist', { name: 'Controls' })).toBeVisible();
  await chooseControls(page, 'Network');
  await page.getByRole('button', { name: 'Leader alone' }).click();
  await expect(editor.locator('.cm-line.ed-lit')).toHaveText(
    /^@\d+(us|ms) partition S1 C1 \| S2 S3|partition S1 \| S2 S3/,
  );
  await expect(editor).toBeVisible();
});

test('where the editor cannot be fetched, a plain field stands in for it', async ({ page }) => {
  await page.route('**/later/editor*', (route) => route.abort());
  await open(page);
  await page.keyboard.press('e');
  await expect(page.getByText('could not be fetched')).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Scenario' });
  await field.fill('raft 1\nservers 3\n@1s crsh S1\n');
  await expect(mistakes(page)).toContainText('Line 3, column 5', { ignoreCase: true });
  await field.fill('raft 1\nservers 3\n');
  await runs(page);
  await expect(server(page, /^S\d, /)).toHaveCount(3);
  expectProblems(page); // of the browser, about what could not be fetched
});
