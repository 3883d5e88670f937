// Other people's pages: examples/embed from one origin, what is built from another.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../../scripts/lib/server.mjs';

const EXAMPLES = 'examples/embed';

/** The address of the examples, with the address of what is built in them; and of an empty page that only has the script. */
export async function hosts(): Promise<{ blog: string; empty: string; close: () => void }> {
  const own = await serve('dist', '0', { 'Access-Control-Allow-Origin': '*' });
  const folder = mkdtempSync(join(tmpdir(), 'embed-'));
  for (const name of readdirSync(EXAMPLES)) {
    const text = readFileSync(join(EXAMPLES, name), 'utf8');
    writeFileSync(join(folder, name), text.replaceAll('https://playground.example/', own.address));
  }
  const script = `<script type="module" src="${own.address}embed/raft-playground.js"></script>`;
  writeFileSync(
    join(folder, 'empty.html'),
    `<!doctype html><title>Empty</title><link rel="icon" href="data:,">${script}`,
  );
  const other = await serve(folder, '0');
  return {
    blog: `${other.address}blog.html`,
    empty: `${other.address}empty.html`,
    close: () => {
      own.close();
      other.close();
    },
  };
}
