import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes the service worker: it names every file of the build, and a version that changes with any of them. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  generateBundle: {
    order: 'post', // when the page's own file is there
    handler(_, bundle) {
      const files = Object.keys(bundle).sort();
      const hash = createHash('sha256');
      for (const name of files) {
        const file = bundle[name];
        hash.update(name).update(file?.type === 'chunk' ? file.code : (file?.source ?? ''));
      }
      const names = files.map((name) => (name === 'index.html' ? './' : `./${name}`));
      const source = readFileSync('www/sw.js', 'utf8')
        .replace('VERSION', hash.digest('hex').slice(0, 12))
        .replace("'FILES'", names.map((name) => JSON.stringify(name)).join(', '));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  },
};

export default defineConfig({
  base: './', // the built page works from any folder of any host
  publicDir: false,
  plugins: [offline],
  build: { target: 'es2022' },
  server: {
    host: '127.0.0.1',
    watch: { ignored: ['**/target/**', '**/crates/**', '**/dist/**', '**/xtask/**', '**/test-results/**'] },
  },
  test: { include: ['www/test/unit/**/*.test.ts', 'scripts/test/**/*.test.mjs'] },
});
