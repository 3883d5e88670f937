// From sources to `dist/`: npm packages, wasm with its bindings, page. Each step only when its inputs changed.

import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { FIRST_SCENARIO, whatRuns } from './first-visit.mjs';
import { cargoFor, requireRust, WASM } from './rust.mjs';
import { npmBin, run, runQuietly, Stop, say, which } from './shell.mjs';
import { unlessFresh } from './stamp.mjs';
import { start } from './start.mjs';

const XTASK_AT = ['--manifest-path', 'xtask/Cargo.toml', '--target-dir', 'target'];
const XTASK = ['run', '--quiet', '--locked', ...XTASK_AT, '--'];

/** Makes `dist/`, all of it or the page alone. */
export async function build({ all = true } = {}) {
  await npmPackages();
  await wasm();
  await page();
  if (all) await parcels();
}

/** Makes `node_modules/` from the lock file. */
export async function npmPackages() {
  await unlessFresh('node_modules', ['package-lock.json'], async () => {
    if (!which('npm')) throw new Stop('npm is missing: install Node 20 or newer together with npm.');
    const args = ['ci', '--no-audit', '--no-fund'];
    if (!(await runQuietly('Installing npm packages', 'npm', args))) {
      throw new Stop('The npm packages could not be installed: check the connection and run "npm ci".');
    }
  });
}

/** Makes `www/pkg/`: the compiled crate `raft-wasm` and its JavaScript bindings. */
export async function wasm() {
  const inputs = [
    'Cargo.toml',
    'Cargo.lock',
    'crates',
    'xtask',
    'scripts/lib',
    'www/rest.js',
    FIRST_SCENARIO,
  ];
  await unlessFresh('www/pkg', inputs, async () => {
    requireRust();
    const { program, args, env } = await cargoFor(WASM);
    say('Compiling the cluster to WebAssembly');
    // Of one kind alone: beside a library for Rust, which must stay in parts, Cargo optimises nothing across crates.
    const kind = ['--lib', '--crate-type', 'cdylib'];
    const crate = ['--profile', 'page', '--package', 'raft-wasm', ...kind, '--locked'];
    // The linker says what is an address: by that the engine's data is cut in two.
    const compile = ['rustc', ...crate, ...args, '--', '-C', 'link-arg=--emit-relocs'];
    if (!(await run(program, compile, env))) {
      throw new Stop('The Rust code could not be compiled: see above.');
    }
    say('Writing the JavaScript bindings');
    const folder = 'www/pkg';
    const unpacker = ['build', '--release', '--package', 'packing', '--locked', ...XTASK_AT, ...args];
    const module = `target/${WASM}/page/raft_wasm.wasm`;
    const bound =
      (await run(program, unpacker, env)) &&
      (await run('cargo', [...XTASK, 'bind', module, folder])) &&
      writeFileSync(`${folder}/ran.txt`, await whatRuns(folder)) === undefined &&
      (await run('cargo', [...XTASK, 'split', module, folder]));
    if (!bound) throw new Stop('The JavaScript bindings could not be written: see above.');
    bringUnpacker(`${folder}/first.packed`);
  });
}

/** What unpacks both halves travels before the first: how long it is, in two bytes, and it, deflated. */
function bringUnpacker(first) {
  const unpacker = deflateRawSync(readFileSync(`target/${WASM}/release/packing.wasm`), { level: 9 });
  const length = Buffer.of(unpacker.length >> 8, unpacker.length & 255);
  writeFileSync(first, Buffer.concat([length, unpacker, readFileSync(first)]));
}

/** What the page is made of; each of its builds takes it all. */
const PAGE = [
  'index.html',
  'www',
  'scenarios',
  'lessons',
  'vite.config.ts',
  'package-lock.json',
  'scripts/lib',
];

async function page() {
  await unlessFresh('dist', PAGE, () => bundle('the page', 'production'));
}

/** Makes, beside the page in `dist/`, what others take: the element for their pages, and the page as one file. */
export async function parcels() {
  await unlessFresh('dist/embed', PAGE, async () => {
    await bundle('the element for other pages', 'embed');
    await bundle('the same as one file', 'whole');
    await bundle('the page as one file', 'single');
    await start('dist/start');
  });
}

async function bundle(what, mode) {
  say(`Bundling ${what}`);
  if (!(await run(npmBin('vite'), ['build', '--logLevel', 'warn', '--mode', mode]))) {
    throw new Stop(`Vite could not bundle ${what}: see above.`);
  }
}
