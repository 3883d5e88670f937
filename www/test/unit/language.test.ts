// The page's table of the language says what the parser says of itself.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXPECTATIONS } from '../../expectations.ts';
import * as engine from '../../generated/language.ts';
import { belongs, COMMANDS, GROUPS, HEADERS, OPERATIONS, SETTINGS, type Setting } from '../../language.ts';
import { initSync, Session } from '../../pkg/raft_wasm.js';

initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });

const names = (words: readonly { readonly name: string }[]) => words.map(({ name }) => name).sort();
const sorted = (words: readonly string[]) => [...words].sort();

/** A time or rate as the parser's errors write it. */
const written = (value: string): string =>
  value
    .replace(/^(\d+)s$/, (_, n) => `${n}000ms`)
    .replace(/^(\d+)h$/, (_, n) => `${n * 3600}000ms`)
    .replace(/^(\d+)MB\/s$/, (_, n) => `${n}000kB/s`);

const listed = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** What the parser wants in the place of this setting's value. */
function wanted({ kind, values }: Setting, error: string): string {
  const [least = '', most = ''] = values.map(written);
  const about = error.slice(0, error.lastIndexOf(': ') + 2);
  const forms: Record<Setting['kind'], string> = {
    range: `a time from ${least} to ${most}`,
    time: `a time from ${least} to ${most}`,
    number: `a number from ${least} to ${most}`,
    share: `a share from ${least} to ${most}, such as 10% or 200ppm`,
    drift: 'a drift from -500000ppm to 500000ppm',
    rate: `a bandwidth from ${least} to ${most}, or unlimited`,
    choice: values[0] === 'on' ? `one of ${listed(values)}` : about + listed(values),
  };
  return forms[kind];
}

test('settings have the names, limits, scopes and defaults of the engine', () => {
  expect(names(SETTINGS)).toEqual(sorted(engine.SETTINGS.map(([line]) => line.split(' ')[0] ?? '')));
  for (const [line, scope, value, of] of engine.SETTINGS) {
    const [name, ...initial] = line.split(' ');
    const setting = SETTINGS.find((one) => one.name === name);
    if (!setting) throw new Error(`${name} is missing`);
    expect(setting.scope, name).toBe(scope);
    expect(wanted(setting, value), name).toBe(value);
    expect(belongs(setting, 'raft'), name).toBe(of !== 'two-phase-commit');
    expect(belongs(setting, 'twoPhaseCommit'), name).toBe(of !== 'raft');
    // The same value, perhaps in another unit: the engine writes both alike.
    const alike = (said: string) => {
      const protocol = of || 'raft';
      const whom = scope === 'server' ? 'S1 ' : '';
      return Session.open(`raft 1\nprotocol ${protocol}\nset ${name} ${whom}${said}`).text();
    };
    expect(alike(setting.initial), name).toBe(alike(initial.at(-1) ?? ''));
    for (const other of setting.values.slice(setting.kind === 'choice' ? 0 : 2)) alike(other);
  }
});

test('commands, operations, headers and expectations are those of the engine', () => {
  expect(names(COMMANDS)).toEqual(sorted(engine.COMMANDS));
  expect(names(OPERATIONS)).toEqual(sorted(engine.OPERATIONS));
  expect(names(EXPECTATIONS)).toEqual(sorted(engine.EXPECTATIONS));
  const lines = names(HEADERS).concat('set', 'off', 'on', 'expect');
  expect(lines.sort()).toEqual(sorted(engine.LINES));
});

test('every example can be said, by whom it belongs to', () => {
  for (const protocol of ['raft', 'two-phase-commit'] as const) {
    const of = protocol === 'raft' ? 'raft' : 'twoPhaseCommit';
    const start = `raft 1\nprotocol ${protocol}\nservers 6\nclients 2\n`;
    for (const { name, example, whose } of COMMANDS) {
      const kind = protocol === 'raft' ? example : example.replace('AppendEntries', 'Prepare');
      const say = () => Session.open(`${start}@1s ${name} ${kind}`);
      if (belongs({ whose }, of)) expect(say, name).not.toThrow();
      else expect(say, name).toThrow();
    }
    for (const { name, example } of OPERATIONS)
      if (protocol === 'raft')
        expect(() => Session.open(`${start}@1s C1 ${name} ${example}`), name).not.toThrow();
  }
  for (const { name, example, says } of EXPECTATIONS) {
    const protocol = says.startsWith('Two-phase') ? 'two-phase-commit' : 'raft';
    expect(() => Session.open(`raft 1\nprotocol ${protocol}\nexpect ${name} ${example}`), name).not.toThrow();
  }
});

test('every word has a group, a label and one or two sentences', () => {
  for (const { group, label, says } of SETTINGS) {
    expect(Object.keys(GROUPS)).toContain(group);
    expect(label).toMatch(/^[A-Z]/);
    expect(says).toMatch(/[.)]$/);
  }
  for (const { group, label, says } of COMMANDS) {
    expect(['', ...Object.keys(GROUPS)]).toContain(group);
    if (group !== '' && group !== 'rules') expect(label).toMatch(/^[A-Z]/);
    expect(says).toMatch(/\.$/);
  }
});
