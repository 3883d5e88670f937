// Skips work whose inputs have not changed since its output was made.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Does `work` unless `folder` was made from these very inputs.
 *
 * The stamp lies in the folder it speaks of, so whoever deletes the folder deletes the stamp. The inputs are
 * read before the work: what is edited meanwhile is noticed next time.
 *
 * @param {string} folder what the work makes
 * @param {string[]} inputs files and folders it is made from; missing ones count as empty
 * @param {() => Promise<void>} work throws when it fails
 */
export async function unlessFresh(folder, inputs, work) {
  const stamp = join(folder, '.stamp');
  const now = digest(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  await work();
  writeFileSync(stamp, now);
}

function digest(inputs) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of inputs.flatMap(filesIn)) {
    hash.update(`${file}\n`).update(readFileSync(file)).update('\n');
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .filter((name) => !name.startsWith('.') && name !== 'target')
    .flatMap((name) => filesIn(join(path, name)));
}
