// What the build does besides bundling.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { minifySync, type Plugin, parseAst } from 'vite';

/** Where those files go that come only when they are asked for: no first visit fetches them. */
export const LATER = 'later/';

/** What the page imports at once, directly or not: it is needed at the first visit, whoever else imports it. */
export const atOnce = new Set<string>();
/** What else the views besides the cluster import: one file where they do not come at once. */
export const others = new Set<string>();
export const firsts: Plugin = {
  name: 'firsts',
  apply: 'build',
  buildEnd() {
    const add = (id: string, to: Set<string>): void => {
      if (atOnce.has(id) || to.has(id)) return;
      to.add(id);
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) add(imported, to);
    };
    const ids = [...this.getModuleIds()];
    for (const id of ids) if (this.getModuleInfo(id)?.isEntry) add(id, atOnce);
    for (const id of ids) if (id.endsWith('/www/views/others.ts')) add(id, others);
  },
};

/** The browser fetches what is imported without being told twice: nothing has styles or imports of its own to be fetched with it. */
export const plain: Plugin = {
  name: 'plain',
  apply: 'build',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load();',
  },
};

/** Template texts travel without their indentation: a line break in them is as good as a space. */
export const templates: Plugin = {
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
export const offline: Plugin = {
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
      // Of what comes later the engine's other half is needed most, then the parts of the page, then other scenarios.
      const rank = (name: string) => (name.endsWith('.packed') ? 0 : name.includes('/scenarios/') ? 2 : 1);
      const list = (names: readonly string[]) => JSON.stringify(names.map((name) => `./${name}`));
      const isLater = (name: string) => name.startsWith(LATER);
      const first = files.filter((name) => !isLater(name)).map((name) => (name === 'index.html' ? '' : name));
      const later = files.filter(isLater).sort((a, b) => rank(a) - rank(b));
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

/**
 * `import address from './file.wasm?packed'`: what travels packed (`xtask/packing`), those named here within the script itself; while one
 * works on the page, as it is.
 */
export const packed = (within: readonly string[] = []): Plugin => ({
  name: 'packed',
  load(id) {
    const file = /^(?<file>.*)\.wasm\?packed$/.exec(id)?.groups?.file;
    if (file === undefined) return;
    if (this.environment.mode !== 'build')
      return `export { default } from ${JSON.stringify(`${file}.wasm?url`)}`;
    this.addWatchFile(`${file}.packed`);
    const source = readFileSync(`${file}.packed`);
    const name = `${basename(file)}.packed`;
    if (within.includes(name)) return `export default "data:;base64,${source.toString('base64')}"`;
    return `export default import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source })}`;
  },
});

/** Puts the whole page into one file that opens without a server. */
export const alone: Plugin = {
  name: 'alone',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const [script, ...others] = Object.values(bundle);
      if (script?.type !== 'chunk' || others.length > 0) this.error('More than one file came of it.');
      const style = readFileSync('www/style/page.css', 'utf8');
      const page = readFileSync('index.html', 'utf8')
        .replace(/<link rel="stylesheet".*>/, () => `<style>${style}</style>`)
        .replace(/ home="\S+"/, '') // it goes alone
        // In a script, the end of a script is what would end it.
        .replace(
          /<script .*<\/script>/,
          () => `<script type="module">${script.code.replaceAll('</script', '<\\/script')}</script>`,
        );
      delete bundle[script.fileName];
      this.emitFile({ type: 'asset', fileName: 'raft-playground.html', source: page });
    },
  },
};

/** Makes a package of the element for other pages: what npm wants to know of it, types, licences. */
export const parcel: Plugin = {
  name: 'parcel',
  generateBundle() {
    const version = /^version = "(?<version>[^"]+)"/m.exec(readFileSync('Cargo.toml', 'utf8'))?.groups
      ?.version;
    if (version === undefined) this.error('Cargo.toml names no version.');
    const about = JSON.parse(readFileSync('www/embed/package.json', 'utf8')) as object;
    const put = (fileName: string, source: string | Uint8Array) =>
      this.emitFile({ type: 'asset', fileName, source });
    put('package.json', `${JSON.stringify({ ...about, version }, null, 2)}\n`);
    for (const name of ['README.md', 'raft-playground.d.ts']) put(name, readFileSync(`www/embed/${name}`));
    for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) put(name, readFileSync(name));
  },
};
