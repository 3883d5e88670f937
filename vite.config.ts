import type { UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import {
  alone,
  atOnce,
  firsts,
  LATER,
  offline,
  others,
  packed,
  parcel,
  plain,
  templates,
} from './scripts/lib/plugins.ts';

/** What all builds have in common. */
const common: UserConfig = {
  base: './', // what is built works from any folder of any host
  publicDir: false,
  define: { 'Symbol.dispose': 'undefined' }, // else the bindings keep all that only tests need
};
const target: UserConfig['build'] = {
  target: 'es2022',
  cssTarget: ['chrome123', 'firefox121', 'safari17.5'], // `light-dark` and nested rules go as they are
  modulePreload: false,
};

/** All that is needed at once in one file, and in another what several views besides the cluster need. */
const together = {
  groups: [
    { name: 'page', test: (id: string) => atOnce.has(id) },
    { name: 'others', test: (id: string) => others.has(id) },
  ],
};

const assetFileNames = ({ names }: { names: string[] }) =>
  `${names.includes('rest.packed') ? LATER : 'assets/'}[name]-[hash][extname]`;

/** Where a part goes that is imported when it is needed. */
const later = ({ moduleIds }: { moduleIds: string[] }) => {
  const isText = moduleIds.every((id) => /\.(raft|md)\?raw$/.test(id)); // a scenario's or a lesson's
  return `${LATER}${isText ? 'scenarios/' : ''}[name]-[hash].js`;
};

/** The page itself. */
const page: UserConfig = {
  ...common,
  plugins: [packed(), firsts, plain, templates, offline],
  build: {
    ...target,
    rolldownOptions: {
      output: { codeSplitting: together, assetFileNames, chunkFileNames: later },
    },
  },
};

/** The element for other people's pages: one file with all that a reader sees at first, and beside it what comes when somebody steers. */
const embed: UserConfig = {
  ...common,
  plugins: [packed(['first.packed']), firsts, plain, templates, parcel],
  build: {
    ...target,
    outDir: 'dist/embed',
    rolldownOptions: {
      input: 'www/embed/main.ts',
      output: {
        entryFileNames: 'raft-playground.js',
        codeSplitting: together,
        assetFileNames,
        chunkFileNames: later,
      },
    },
  },
};

/** Everything in one file: the element, beside the one that is fetched in parts. */
const whole: UserConfig = {
  ...common,
  plugins: [packed(['first.packed', 'rest.packed']), plain, templates],
  build: {
    ...target,
    outDir: 'dist/embed',
    emptyOutDir: false,
    rolldownOptions: {
      input: 'www/embed/whole.ts',
      output: { codeSplitting: false, entryFileNames: 'raft-playground.whole.js' },
    },
  },
};

/** And the page. */
const single: UserConfig = {
  ...common,
  plugins: [packed(['first.packed', 'rest.packed']), plain, templates, alone],
  build: {
    ...target,
    outDir: 'dist',
    emptyOutDir: false,
    rolldownOptions: { input: 'www/embed/alone.ts', output: { codeSplitting: false } },
  },
};

const BUILDS: Readonly<Record<string, UserConfig>> = { embed, whole, single };

export default defineConfig(({ mode }) => ({
  ...(BUILDS[mode] ?? page),
  server: {
    host: '127.0.0.1',
    watch: { ignored: ['**/target/**', '**/crates/**', '**/dist/**', '**/xtask/**', '**/test-results/**'] },
  },
  test: {
    include: ['www/test/unit/**/*.test.ts', 'scripts/test/**/*.test.mjs'],
    testTimeout: 60_000, // for a busy machine
    hookTimeout: 60_000,
    setupFiles: ['www/test/setup.ts'],
    // Node 20 dies at times ("unreachable code") where it had inlined a call of WebAssembly and gives its compiled code up.
    execArgv: ['--no-turbo-inline-js-wasm-calls'],
  },
}));
