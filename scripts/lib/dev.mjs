// Development: the page reloads when its sources change, and is recompiled when Rust changes.

import { watch } from 'node:fs';
import { npmPackages, wasm } from './build.mjs';
import { Stop, say } from './shell.mjs';

/** Serves the page from its sources until interrupted. */
export async function dev() {
  await npmPackages();
  await wasm();
  const { createServer } = await import('vite');
  const vite = await createServer({
    server: { port: process.env.PORT ? Number(process.env.PORT) : undefined },
  });
  await vite.listen();
  vite.printUrls();
  watchRust(vite.ws);
}

/** Recompiles after changes, one build at a time; Vite sees the new `www/pkg` and reloads the page. */
function watchRust(page) {
  let changed = false;
  let building = false;
  let failed = false;
  async function rebuild() {
    if (building) return;
    building = true;
    while (changed) {
      changed = false;
      try {
        await wasm();
        if (failed) page.send({ type: 'full-reload' }); // undoing the mistake leaves nothing to recompile
        failed = false;
        say('Watching for changes');
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        console.error(error.message);
        page.send({ type: 'error', err: { message: `${error.message} (in the terminal)`, stack: '' } });
        failed = true;
      }
    }
    building = false;
  }
  let settle;
  for (const folder of ['crates', 'scenarios']) {
    watch(folder, { recursive: true }, () => {
      changed = true;
      clearTimeout(settle);
      settle = setTimeout(rebuild, 100); // editors save in several steps
    });
  }
}
