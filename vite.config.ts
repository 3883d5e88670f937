import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: './', // the built page works from any folder of any host
  publicDir: false,
  build: { target: 'es2022' },
  server: {
    host: '127.0.0.1',
    watch: { ignored: ['**/target/**', '**/crates/**', '**/dist/**', '**/xtask/**', '**/test-results/**'] },
  },
  test: { include: ['www/test/unit/**/*.test.ts', 'scripts/test/**/*.test.mjs'] },
});
