// Giving a scenario away, and getting one: the dialog, files, drops and pastes.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, open, server, test } from './page.ts';

const TEXT = 'raft 1\ntitle A <b>small</b> one\nservers 3\nseed 7\n@100ms timeout S1\n@2s end\n';

const toCopy = (page: Page) => page.getByRole('textbox', { name: 'To copy' });
const picker = (page: Page) => page.getByRole('combobox', { name: 'Scenario' }).locator('option:checked');

/** Drops or pastes it on the page. */
const give = (
  page: Page,
  type: 'drop' | 'paste',
  given: { text?: string; bytes?: number[]; name?: string },
) =>
  page.evaluate(
    ([type, { text, bytes, name }]) => {
      const data = new DataTransfer();
      if (name) data.items.add(new File([new Uint8Array(bytes ?? [])], name));
      else data.setData('text', text ?? '');
      const target = type === 'drop' ? document.querySelector('raft-playground') : document.body;
      const Kind = type === 'drop' ? DragEvent : ClipboardEvent;
      target?.dispatchEvent(
        new Kind(type, { dataTransfer: data, clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    [type, given] as const,
  );

test('a link is made, chosen, shown and copied by keys', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.keyboard.press('n');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expect(toCopy(page)).toHaveValue(/#raft\+1\/.*\/at=[\d.]+ms\/is=[\da-f]{8}$/);
  await dialog.getByRole('combobox', { name: 'View' }).selectOption('Space-time');
  await expect(toCopy(page)).toHaveValue(/\/view=space-time\//);
  await dialog.getByRole('button', { name: 'Markdown' }).click();
  await expect(toCopy(page)).toHaveValue(/^\[From no leader to an agreed value\]\(http:\S+\)$/);
  await dialog.getByRole('button', { name: 'Frame' }).click();
  await expect(toCopy(page)).toHaveValue(
    /^<iframe src="http:\S+\?embed&amp;view=space-time#raft\+1\S+" title="[^"]+"/,
  );
  await dialog.getByRole('button', { name: 'Tag' }).click();
  await expect(toCopy(page)).toHaveValue(
    /^<script type="module" .*\n<raft-playground view="space-time">\nraft 1/,
  );
  await dialog.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(toCopy(page)).toHaveValue(/^http/); // drawn with the next frame
  await dialog.getByRole('button', { name: 'Copy' }).press('Enter');
  await expect(dialog.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(picker(page)).toHaveText('From no leader to an agreed value'); // not "(changed)"
  await expect(page.getByRole('heading', { name: 'Space-time' })).toBeVisible();
});

test('a key right after the one that closes the sheet is for the page', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await toCopy(page).evaluate((field) => {
    for (const key of ['Escape', 'x'])
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  });
  await expect(page.getByRole('dialog', { name: 'Pictures and data' })).toBeVisible();
});

for (const how of ['refused', 'missing'])
  test(`where the clipboard is ${how} the text is selected, and a sentence says what to do`, async ({
    page,
  }) => {
    await page.addInitScript((refused) => {
      const writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.defineProperty(navigator, 'clipboard', { value: refused ? { writeText } : undefined });
      Object.assign(window, { may: true });
      const execCommand = document.execCommand.bind(document);
      document.execCommand = (name) => (window as never as { may: boolean }).may && execCommand(name);
    }, how === 'refused');
    await open(page);
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(toCopy(page)).toHaveValue(/\/is=[\da-f]{8}$/);
    const dialog = page.getByRole('dialog', { name: 'Share' });
    const says = (words: string | RegExp) =>
      expect(dialog.getByRole('status').filter({ hasText: words })).toBeVisible();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await says('Copied'); // in the old way
    await dialog.getByRole('button', { name: 'Markdown' }).click();
    await page.evaluate(() => Object.assign(window, { may: false }));
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await says(/is selected: press Ctrl\+C/);
    await expect(toCopy(page)).toBeFocused();
    const selected = await toCopy(page).evaluate((field: HTMLTextAreaElement) =>
      field.value.slice(field.selectionStart, field.selectionEnd),
    );
    expect(selected).toMatch(/^\[From no leader to an agreed value\]\(http:\S+\)$/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Space-time diagram: Copy Mermaid' }).click();
    await expect(page.getByText(/the button Mermaid saves the same as a file/)).toBeVisible();
  });

test('a scenario is saved as a file, and opened, dropped and pasted again', async ({ page }) => {
  await open(page);
  await give(page, 'drop', { name: 'small.raft', bytes: [...Buffer.from(TEXT)] });
  await expect(server(page, /^S\d, /)).toHaveCount(3);
  await expect(picker(page)).toContainText('A <b>small</b> one');
  await page.getByRole('button', { name: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Save as/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('a-b-small-b-one.raft');
  const saved = readFileSync(await download.path(), 'utf8');
  expect(saved).toContain('title A <b>small</b> one');
  const file = {
    name: 'x.raft',
    mimeType: 'text/plain',
    buffer: Buffer.from(saved.replace('servers 3', 'servers 4')),
  };
  await page.getByLabel('Open a file').setInputFiles(file);
  await expect(server(page, /^S\d, /)).toHaveCount(4);
  await give(page, 'paste', { text: 'raft 1\nservers 6\n' });
  await expect(server(page, /^S\d, /)).toHaveCount(6);
  await give(page, 'paste', { text: 'https://example.org/#raft+1/servers+2' });
  await expect(server(page, /^S\d, /)).toHaveCount(2);
});

test('what is no scenario is refused in a sentence, or left alone', async ({ page }) => {
  await open(page);
  await give(page, 'paste', { text: 'lunch at noon?' });
  await give(page, 'drop', { name: 'big.raft', bytes: new Array(70_000).fill(97) });
  await expect(page.getByRole('alert')).toContainText('“big.raft” is too large');
  await give(page, 'drop', { name: 'cat.png', bytes: [0x89, 0x50, 0x4e, 0x47, 0, 1, 2] });
  await expect(page.getByRole('alert')).toContainText('“cat.png” is no text');
  await expect(server(page, /^S\d, /)).toHaveCount(5);
});
