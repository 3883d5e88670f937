import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sum, table, weigh } from '../lib/size.mjs';

function folderWith(files) {
  const folder = mkdtempSync(join(tmpdir(), 'size-'));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

test('a page is weighed file by file, folders and all, the stamp left out', () => {
  const folder = folderWith({
    'index.html': 'x'.repeat(500),
    'assets/a-12345678.js': 'y'.repeat(90_000),
    'assets/b-12345678.packed': 'y'.repeat(60),
    'later/b-12345678.js': 'y'.repeat(9_000),
    'later/scenarios/c-12345678.js': 'y'.repeat(400),
    'later/scenarios/d-12345678.js': 'y'.repeat(800),
    '.stamp': 'z',
  });
  const weights = weigh(folder);
  expect(weights.map(({ name }) => name)).toEqual([
    'a-12345678.js',
    'b-12345678.js',
    'a scenario',
    'index.html',
    'a scenario',
    'b-12345678.packed',
  ]);
  expect(weights[0].raw).toBe(90_000);
  expect(weights[0].gzip).toBeLessThan(1_000);
  expect(sum(weights).raw).toBe(90_560);
  expect(sum(weights, false).raw).toBe(90_500);
  expect(table(weights)).toMatch(/\| a\.js \| 90\.0 \| 0\.\d \|\n.*\n.*\n\| a first visit \| 90\.6 \|/);
  expect(table(weights)).toMatch(
    /\| goal .*\n\| without the engine \| 90\.5 .*\n\| bar .*\n\| b\.js, only when opened \| 9\.0 .*\n\| a scenario, only when opened \| 0\.8 .*$/,
  );
  rmSync(folder, { recursive: true });
});
