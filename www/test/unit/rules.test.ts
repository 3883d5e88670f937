// Every rule has its words and its scenario, and what is said of systems can be set.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RULES } from '../../generated/rules.ts';
import { initSync, Session } from '../../pkg/raft_wasm.js';
import { CHAPTERS } from '../../rules.ts';
import { Settings } from '../../settings.ts';
import { SYSTEMS } from '../../systems.ts';

initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });

const rules = CHAPTERS.flatMap((chapter) => chapter.rules);

test('every rule of the engine has a label, says what it is good for, and shows it', () => {
  expect(rules.map(({ name }) => name).sort()).toEqual(RULES.map(([name]) => name as string).sort());
  expect(new Set(rules.map(({ label }) => label)).size).toBe(rules.length);
  for (const { name, label, says, broken } of rules) {
    expect(label, name).toMatch(/^[A-Z].{5,50}$/);
    expect(says, name).toMatch(/^[A-Z].*\. \(.*\d.*\) Without it .* may break\.$/);
    expect(Session.open(broken).text(), name).toContain(`off ${name}\n`);
  }
});

test('the settings of every system are settings, each once, and become the start of a scenario', () => {
  expect(SYSTEMS.length).toBeGreaterThan(5);
  for (const { name, settings, besides, source } of SYSTEMS) {
    const lines = settings.map((line) => `set ${line}`);
    const session = Session.open('raft 1\nset heartbeat 1ms\n@1s heal\n');
    session.command(lines.join('\n'));
    const now = new Settings(session.text(), 0);
    for (const line of settings)
      expect(now.of(line.split(' ')[0] ?? '').since, `${name}: ${line}`).toBe('start');
    expect(
      [besides, source].every((words) => words.length > 10),
      name,
    ).toBe(true);
  }
});
