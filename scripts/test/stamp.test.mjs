import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { unlessFresh } from '../lib/stamp.mjs';

let source;
let output;
let works;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'stamped-'));
  source = join(folder, 'source');
  output = join(folder, 'output');
  works = 0;
  mkdirSync(source);
  writeFileSync(join(source, 'a.rs'), 'one');
});

async function make() {
  await unlessFresh(output, [source, join(source, 'missing')], async () => {
    mkdirSync(output, { recursive: true });
    works += 1;
  });
  return works;
}

test('nothing is made twice from the same inputs', async () => {
  expect(await make()).toBe(1);
  expect(await make()).toBe(1);
});

test('a changed, a renamed and an added file each ask for new work', async () => {
  await make();
  writeFileSync(join(source, 'a.rs'), 'two');
  expect(await make()).toBe(2);
  rmSync(join(source, 'a.rs'));
  writeFileSync(join(source, 'b.rs'), 'two');
  expect(await make()).toBe(3);
  mkdirSync(join(source, 'deeper'));
  writeFileSync(join(source, 'deeper', 'c.rs'), '');
  expect(await make()).toBe(4);
});

test('a removed output is made again', async () => {
  await make();
  rmSync(output, { recursive: true });
  expect(await make()).toBe(2);
});

test('failed work is done again', async () => {
  const failing = async () => {
    mkdirSync(output, { recursive: true });
    throw new Error('broken');
  };
  await expect(unlessFresh(output, [source], failing)).rejects.toThrow('broken');
  expect(await make()).toBe(1);
});

test('what is edited during the work is noticed afterwards', async () => {
  await unlessFresh(output, [source], async () => {
    mkdirSync(output);
    writeFileSync(join(source, 'a.rs'), 'edited meanwhile');
  });
  expect(await make()).toBe(1);
});
