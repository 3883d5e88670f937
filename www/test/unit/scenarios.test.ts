// The list of scenarios and the files it lists.

import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCENARIOS } from '../../scenario-names.ts';
import { FIRST, heldText, nameOf, scenarioText } from '../../scenarios.ts';
import { scenarioTexts } from '../scenarios.ts';

test('every scenario is listed, once, by its own title, and begins with what it shows', () => {
  const files = readdirSync('scenarios').filter((name) => name.endsWith('.raft'));
  expect(SCENARIOS.map(({ name }) => `${name}.raft`).sort()).toEqual(files.sort());
  for (const { title, text } of scenarioTexts()) {
    expect(text).toContain(`\ntitle ${title}\n`);
    expect(text).toMatch(/^# \S/);
  }
});

test('the first is at hand, the others once they were asked for', async () => {
  expect(SCENARIOS[0]?.name).toBe(FIRST);
  const [, second] = scenarioTexts();
  expect(heldText(FIRST)).toBe(scenarioTexts()[0]?.text);
  expect(heldText('three-commands')).toBeNull();
  expect(nameOf(second?.text ?? '')).toBeNull();
  expect(await scenarioText('three-commands')).toBe(second?.text);
  expect(heldText('three-commands')).toBe(second?.text);
  expect(nameOf(second?.text ?? '')).toBe('three-commands');
});

test('there is no other', async () => {
  for (const name of ['', 'no-such', 'order', '../README', '__proto__']) {
    await expect(scenarioText(name)).resolves.toBeNull();
  }
});
