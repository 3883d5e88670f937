import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compress } from 'lzma1';
import { minifySync, type Plugin, parseAst } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where those files go that come only when they are asked for: no first visit fetches them. */
const LATER = 'later/';

/** What the page imports at once, directly or not: it is needed at the first visit, whoever else imports it. */
const atOnce = new Set<string>();
const firsts: Plugin = {
  name: 'firsts',
  apply: 'build',
  buildEnd() {
    const add = (id: string): void => {
      if (atOnce.has(id)) return;
      atOnce.add(id);
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) add(imported);
    };
    for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) add(id);
  },
};

/** The browser fetches what is imported without being told twice: nothing has styles or imports of its own to be fetched with it. */
const plain: Plugin = {
  name: 'plain',
  apply: 'build',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load();',
  },
};

/** Template texts travel without their indentation: a line break in them is as good as a space. */
const templates: Plugin = {
  name: 'templates',
  apply: 'build',
  enforce: 'post',
  transform: {
    filter: { id: /\/www\/.*\.ts$/, code: /\b(html|svg)`/ },
    handler(code) {
      const texts: { start: number; end: number }[] = [];
      const seek = (node: unknown): void => {
        if (typeof node !== 'object' || node === null) return;
        const { type, tag, quasi } = node as { type?: string; tag?: { name?: string }; quasi?: never };
        if (type === 'TaggedTemplateExpression' && /^(html|svg)$/.test(tag?.name ?? ''))
          texts.push(...(quasi as unknown as { quasis: typeof texts }).quasis);
        for (const part of Object.values(node)) seek(part);
      };
      seek(parseAst(code));
      let at = 0;
      const parts = texts
        .sort((a, b) => a.start - b.start)
        .map(({ start, end }) => {
          const before = code.slice(at, start);
          at = end;
          return before + code.slice(start, end).replace(/\s*\n\s*/g, ' ');
        });
      return { code: parts.join('') + code.slice(at), map: null };
    },
  },
};

/**
 * Writes the service worker: it names every file of a first visit, a list of those that come later, and a version that changes with any of
 * the build.
 */
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
      // Of what comes later the engine's other half is needed most.
      const isEngine = (name: string) => Number(name.endsWith('.lzma'));
      const list = (names: readonly string[]) => JSON.stringify(names.map((name) => `./${name}`));
      const isLater = (name: string) => name.startsWith(LATER);
      const first = files.filter((name) => !isLater(name)).map((name) => (name === 'index.html' ? '' : name));
      const later = files.filter(isLater).sort((a, b) => isEngine(b) - isEngine(a));
      const version = hash.digest('hex').slice(0, 8);
      const names = `${LATER}files-${version}.json`;
      this.emitFile({ type: 'asset', fileName: names, source: list(later) });
      const source = readFileSync('www/sw.js', 'utf8')
        .replace('VERSION', version)
        .replace("['FILES']", list(first))
        .replace("'LATER'", JSON.stringify(`./${names}`));
      const { code, errors } = minifySync('sw.js', source);
      if (errors.length > 0) this.error('The service worker cannot be read.');
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
    },
  },
};

/** `import address from './file?packed'`: a file that travels packed (`www/unpack.ts`); while one works on the page, as it is. */
const packed: Plugin = {
  name: 'packed',
  load(id) {
    const file = /^(?<file>.*)\?packed$/.exec(id)?.groups?.file;
    if (file === undefined) return;
    if (this.environment.mode !== 'build') return `export { default } from ${JSON.stringify(`${file}?url`)}`;
    this.addWatchFile(file);
    const source = pack(readFileSync(file));
    const asset = this.emitFile({ type: 'asset', name: `${basename(file, '.wasm')}.lzma`, source });
    return `export default import.meta.ROLLUP_FILE_URL_${asset}`;
  },
};

/** Packed as small as can be; that takes seconds, so what was packed once is kept. */
function pack(bytes: Uint8Array): Uint8Array {
  const folder = 'node_modules/.cache/packed';
  const kept = join(folder, createHash('sha256').update(bytes).digest('hex'));
  try {
    return readFileSync(kept);
  } catch {
    const small = compress(bytes, 9);
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, small);
    return small;
  }
}

export default defineConfig({
  base: './', // the built page works from any folder of any host
  publicDir: false,
  define: { 'Symbol.dispose': 'undefined' }, // else the bindings keep all that only tests need
  plugins: [packed, firsts, plain, templates, offline],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'], // `light-dark` and nested rules go as they are
    modulePreload: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'page', test: (id) => atOnce.has(id) }] },
        assetFileNames: ({ names }) =>
          `${names.includes('rest.lzma') ? LATER : 'assets/'}[name]-[hash][extname]`,
        // All else is imported when it is needed.
        chunkFileNames: ({ moduleIds }) => {
          const isText = moduleIds.every((id) => /\.(raft|md)\?raw$/.test(id)); // a scenario's or a lesson's
          return `${LATER}${isText ? 'scenarios/' : ''}[name]-[hash].js`;
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    watch: { ignored: ['**/target/**', '**/crates/**', '**/dist/**', '**/xtask/**', '**/test-results/**'] },
  },
  test: {
    include: ['www/test/unit/**/*.test.ts', 'scripts/test/**/*.test.mjs'],
    setupFiles: ['www/test/setup.ts'],
    // Node 20 dies at times ("unreachable code") where it had inlined a call of WebAssembly and gives its compiled code up.
    execArgv: ['--no-turbo-inline-js-wasm-calls'],
  },
});
