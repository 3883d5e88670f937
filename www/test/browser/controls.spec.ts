// Controls, used as a person uses them: each writes a line of the scenario at the playhead, and can be taken back.

import type { Page } from '@playwright/test';
import {
  chooseControls,
  expect,
  leader,
  open,
  openEditor,
  playUntil,
  runText,
  server,
  test,
} from './page.ts';

/** What the next undo takes back. */
const undo = (page: Page, line: string) => page.getByRole('button', { name: `Undo ${line}`, exact: true });

test('a setting is typed and slid, says what it does and writes, is marked, set back and taken back', async ({
  page,
}) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Network');
  const loss = page.getByLabel('Loss', { exact: true });
  await loss.hover();
  await expect(page.getByText('Which share of messages is lost.')).toBeVisible();
  await expect(page.getByText(/^@\d+\w+ set loss 0%$/)).toBeVisible();
  await loss.fill('12'); // a number alone is a percentage
  await expect(page.getByText(/^@\d+\w+ set loss 12$/)).toBeVisible(); // as it stands while one types
  await loss.press('Enter');
  await expect(loss).toHaveValue('12%');
  await expect(undo(page, 'set loss 12%')).toBeVisible();

  const slider = page.getByLabel('Loss, slider');
  await slider.focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  await expect(undo(page, 'set loss 12%')).toBeVisible(); // keys are sent when one is done with them
  await expect(loss).toHaveValue('25%');
  await slider.press('Enter');
  await expect(undo(page, 'set loss 25%')).toBeVisible();

  await page.getByRole('button', { name: 'Set Loss back to 0%' }).click();
  await expect(loss).toHaveValue('0%');
  await page.keyboard.press('z');
  await page.keyboard.press('z');
  await expect(loss).toHaveValue('12%');
  await page.keyboard.press('z');
  await expect(loss).toHaveValue('0%');
  await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeVisible();
});

test('the ends of a range move alone, and one pushes the other', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Timing');
  const [least, most] = [
    page.getByLabel('Election timeout, at least', { exact: true }),
    page.getByLabel('Election timeout, at most', { exact: true }),
  ];
  await most.fill('500ms');
  await most.press('Enter');
  await expect(undo(page, 'set election-timeout 150ms..500ms')).toBeVisible();
  await least.fill('0.8s');
  await least.press('Enter');
  await expect(least).toHaveValue('800ms');
  await expect(most).toHaveValue('800ms');
  const thumb = await page.getByLabel('Election timeout, at most, slider').boundingBox();
  if (!thumb) throw new Error('no slider');
  await page.mouse.move(thumb.x + thumb.width * 0.86, thumb.y + thumb.height / 2);
  await page.getByLabel('Election timeout, at most, slider').press('End');
  await page.getByLabel('Election timeout, at most, slider').blur();
  await expect(most).toHaveValue('60000ms');
});

test('a slider left before its value was drawn sends it all the same', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Network');
  await page.getByLabel('Loss, slider').evaluate((slider: HTMLInputElement) => {
    slider.focus();
    slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }));
    slider.value = slider.max;
    slider.dispatchEvent(new InputEvent('input', { bubbles: true }));
    slider.blur();
  });
  await expect(undo(page, 'set loss 100%')).toBeVisible();
});

test('faults befall whom one picks: the leader, one, or several at one go', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  const first = (await leader(page).getAttribute('aria-label'))?.slice(0, 2) ?? '';
  await chooseControls(page, 'Faults');
  await page.getByRole('button', { name: `Pause ${first}` }).click();
  await expect(undo(page, `pause ${first}`)).toBeVisible();
  await page.getByRole('button', { name: `Resume ${first}` }).click();
  const others = ['S1', 'S2', 'S3', 'S4', 'S5'].filter((id) => id !== first).slice(0, 2);
  await server(page, new RegExp(`^${others[0]}, `)).click(); // the cluster's pick is the controls'
  await page.getByRole('button', { name: others[1] ?? '', exact: true }).click();
  await page.getByRole('button', { name: `Power off ${others.join(' ')}` }).click();
  for (const id of others) await expect(server(page, new RegExp(`^${id}, .*no power`))).toBeVisible();
  await page.keyboard.press('z');
  for (const id of others) await expect(server(page, new RegExp(`^${id}, .*no power`))).toHaveCount(0);
});

test('a split of many cuts is one line to press and one to take back', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Network');
  await page.getByRole('button', { name: 'Bridge' }).click();
  await expect(page.getByRole('button', { name: /→ S\d: mend$/ })).toHaveCount(8);
  await page.keyboard.press('z');
  await expect(page.getByRole('button', { name: /→ S\d: mend$/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Leader deaf' }).click();
  await expect(page.getByRole('button', { name: /→ S\d: mend$/ })).toHaveCount(4);
  await page.getByRole('button', { name: 'Heal', exact: true }).click();
  await expect(page.getByRole('button', { name: /→ S\d: mend$/ })).toHaveCount(0);
});

test('one link has a latency of its own, and loses the next message of a kind', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Network');
  await expect(page.getByRole('button', { name: 'Drop', exact: true })).toBeDisabled();
  await page.getByLabel('From', { exact: true }).selectOption('S1');
  await page.getByLabel('To', { exact: true }).selectOption('S2');
  const most = page.getByLabel('Latency, at most', { exact: true });
  await most.fill('80');
  await most.press('Enter');
  await expect(undo(page, 'set latency S1->S2 10ms..80ms')).toBeVisible();
  await page.getByLabel('Kind').selectOption('Heartbeat');
  await page.getByRole('button', { name: 'Drop', exact: true }).click();
  await expect(page.getByText('Waiting: drop Heartbeat S1->S2.')).toBeVisible();
  await page.getByLabel('From', { exact: true }).selectOption('any');
  await page.getByLabel('To', { exact: true }).selectOption('any');
  await expect(most).toHaveValue('15ms');
  await page.getByRole('button', { name: 'S1 → S2 10ms..80ms' }).click(); // goes there
  await expect(most).toHaveValue('80ms');
});

test('a load is composed, runs and stops', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Clients');
  const form = page.getByRole('group', { name: 'Load' });
  await form.getByLabel('Does').selectOption('mixed');
  await form.getByLabel('Share of gets').fill('80');
  await form.getByLabel('Time', { exact: true }).fill('20');
  await form.getByLabel('Waiting at most').fill('5');
  await form.getByLabel('Keys', { exact: true }).selectOption('many');
  const line = 'load C1 mixed 80% every 20ms queue 5 of 10 keys';
  await expect(page.getByText(line)).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(undo(page, line)).toBeVisible();
  await page.getByRole('button', { name: 'Stop C1' }).click();
  await expect(undo(page, 'load C1 stop')).toBeVisible();
});

test('a rule that is off stands out, and one sees what breaks without it', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Rules');
  const rule = page.getByRole('switch', { name: 'Commit only current-term entries' });
  await expect(rule).toBeChecked();
  await rule.click();
  await expect(rule).not.toBeChecked();
  await expect(undo(page, 'off own-term-commit')).toBeVisible();
  await page.keyboard.press('z');
  await expect(rule).toBeChecked();
  await page.getByRole('button', { name: 'why? One vote a term' }).click();
  await page.keyboard.press('End');
  await expect(page.getByText('Election Safety is broken:')).toBeVisible();
});

test('what is set at the beginning is a setting from the start, whatever is set and taken back', async ({
  page,
}) => {
  await open(page);
  await runText(page, 'raft 1\nservers 3\n@300ms C1 put x=1\n');
  await page.keyboard.press('Home');
  await chooseControls(page, 'Timing');
  const heartbeat = page.getByLabel('Heartbeat', { exact: true });
  const setTo = async (value: string) => {
    await heartbeat.fill(value);
    await heartbeat.press('Enter');
    await expect(undo(page, `set heartbeat ${value}`)).toBeVisible();
  };
  await heartbeat.focus();
  await expect(page.locator('.says code', { hasText: 'set heartbeat 50ms' })).toHaveText(
    'set heartbeat 50ms',
  );
  await setTo('20ms');
  await setTo('30ms');
  const text = await openEditor(page);
  await expect(text).toContainText('set heartbeat 30ms');
  await expect(text).not.toContainText(/heartbeat 20ms|@\d+us/);
  await page.getByRole('button', { name: 'Edit the scenario' }).click();
  await page.keyboard.press('z');
  await expect(heartbeat).toHaveValue('20ms');
  await page.keyboard.press('z');
  await expect(heartbeat).toHaveValue('50ms');
});

test('the settings of a real system are taken at one go, from the start or now', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Start');
  await page.getByLabel('System', { exact: true }).selectOption('etcd');
  await expect(page.getByText('Source: embed/config.go')).toBeVisible();
  await page.getByRole('button', { name: 'Start with these settings' }).click();
  await chooseControls(page, 'Timing');
  await expect(page.getByLabel('Election timeout, at most', { exact: true })).toHaveValue('1999ms');
  await expect(page.getByRole('switch', { name: 'Pre-vote' })).toBeChecked();
  await expect(page.getByText('more than 15 s to watch')).toBeVisible();
  await page.getByRole('button', { name: /^Play at/ }).click();
  await expect(page.getByText('more than 15 s to watch')).toHaveCount(0);
  await page.keyboard.press('n');
  await chooseControls(page, 'Start');
  await page.getByLabel('System', { exact: true }).selectOption('LogCabin');
  await page.getByRole('button', { name: 'Set these now' }).click();
  await chooseControls(page, 'Timing');
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveValue('250ms');
  await page.keyboard.press('z');
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveValue('100ms');
  await page.keyboard.press('z');
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveValue('50ms');
});

test('settings that cannot work are warned of, where one can mend them', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Timing');
  const heartbeat = page.getByLabel('Heartbeat', { exact: true });
  await heartbeat.fill('400ms');
  await heartbeat.press('Enter');
  await expect(page.getByText('healthy leaders are deposed')).toBeVisible();
  await chooseControls(page, 'Faults');
  await expect(page.getByRole('tab', { name: /^Timing ?!/ })).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByRole('tab', { name: /^Timing ?!/ })).toHaveCount(0);
});

test('a control is found by a word, whichever group it is in', async ({ page }) => {
  await open(page);
  const find = page.getByLabel('Find a control');
  await find.fill('fsync');
  await expect(page.getByLabel('Fsync, at most', { exact: true })).toBeVisible();
  await find.fill('joint');
  await expect(page.getByRole('switch', { name: 'Joint: both majorities agree' })).toBeVisible();
  await page.getByRole('button', { name: 'Make these the voters' }).click();
  await expect(page.getByRole('tab', { name: 'Members', selected: true })).toBeVisible();
  await page.getByRole('button', { name: 'S1', exact: true }).click();
  await page.getByRole('button', { name: 'S2', exact: true }).click();
  await page.getByRole('button', { name: 'Make these the voters' }).click();
  await expect(undo(page, 'voters S1 S2')).toBeVisible();
});

test('disks and clocks of single servers, and words for the reader', async ({ page }) => {
  await open(page);
  await playUntil(page, leader(page));
  await chooseControls(page, 'Disk');
  await page.getByRole('button', { name: 'S2', exact: true }).click();
  await expect(page.getByRole('button', { name: 'S2', exact: true, pressed: true })).toBeVisible();
  await page.getByLabel('The disk', { exact: true }).selectOption('lies');
  await expect(undo(page, 'set disk S2 lies')).toBeVisible();
  await page.getByRole('button', { name: 'Stall' }).click();
  await expect(undo(page, 'stall S2 300ms')).toBeVisible();
  await chooseControls(page, 'Clocks');
  await page.getByLabel('By', { exact: true }).fill('-20');
  await page.getByRole('button', { name: 'Jump' }).click();
  await expect(undo(page, 'clock-jump S2 -20ms')).toBeVisible();
  await chooseControls(page, 'Start');
  await page.getByLabel('Words').fill('He said "go".');
  await page.getByRole('button', { name: 'Say' }).click();
  await expect(page.locator('p.said', { hasText: 'He said "go".' })).toBeVisible();
});

test('two-phase commit has its own settings, and none of Raft’s', async ({ page }) => {
  await open(page);
  await chooseControls(page, 'Start');
  await page.getByLabel('Protocol').selectOption('two-phase-commit');
  await expect(page.getByRole('tab', { name: 'Rules' })).toHaveCount(0);
  await chooseControls(page, 'Timing');
  await page.getByLabel('Vote timeout', { exact: true }).fill('200');
  await page.getByLabel('Vote timeout', { exact: true }).press('Enter');
  await expect(undo(page, 'set vote-timeout 200ms')).toBeVisible();
  await expect(page.getByLabel('Heartbeat', { exact: true })).toHaveCount(0);
  await chooseControls(page, 'Faults');
  await expect(page.getByRole('button', { name: 'Coordinator', exact: true })).toBeVisible();
});
