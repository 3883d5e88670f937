// The one entry for every npm command. Built-in modules only: it runs before `node_modules` exists.

import { build } from './lib/build.mjs';
import { check } from './lib/check.mjs';
import { determinism } from './lib/determinism.mjs';
import { dev } from './lib/dev.mjs';
import { fuzz } from './lib/fuzz.mjs';
import { openInBrowser, serve } from './lib/server.mjs';
import { Stop } from './lib/shell.mjs';
import { BAR, parcels, sum, table, weigh } from './lib/size.mjs';
import { test } from './lib/test.mjs';

const commands = {
  /** Builds what changed, serves it and shows it. */
  async start() {
    await build({ all: false });
    const { address } = await serve('dist', process.env.PORT);
    openInBrowser(address);
  },
  /** Builds what changed into `dist/`. */
  build: () => build(),
  /** Serves `dist/` as it lies there; the browser tests use it. */
  async serve() {
    await serve('dist', process.env.PORT);
  },
  /** Serves the page and rebuilds on every change, Rust included. */
  dev,
  /** Format, lints and types. */
  check,
  /** Builds what changed and tells what a first visit weighs; fails above the bar. */
  async size() {
    await build();
    const weights = weigh('dist');
    console.log(`\n${table(weights)}\n${parcels('dist')}`);
    if (sum(weights).gzip > BAR * 1000) throw new Stop(`A first visit weighs more than ${BAR} kB.`);
  },
  /** Everything, checks included. */
  test,
  /** Random scenarios natively and in WebAssembly, 1,000 or so many. */
  determinism,
  /** Texts made up to break something, for an hour or so many minutes. */
  fuzz,
};

const name = process.argv[2] ?? '';
try {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Stop(`Node ${process.versions.node} is too old: install Node 20 or newer.`);
  }
  if (!Object.hasOwn(commands, name)) {
    throw new Stop(`Usage: node scripts/run.mjs ${Object.keys(commands).join('|')}`);
  }
  await commands[name]();
} catch (error) {
  // A `Stop` is a sentence for the reader; anything else is a defect of these scripts and keeps its stack.
  console.error(error instanceof Stop ? `\n${error.message}` : error);
  process.exitCode = 1;
}
