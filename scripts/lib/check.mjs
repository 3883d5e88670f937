// The quick judges: format, lints, types, licences.

import { npmPackages, wasm } from './build.mjs';
import { requireRust } from './rust.mjs';
import { ask, npmBin, run, runQuietly, Stop, say, which } from './shell.mjs';

const XTASK = ['--manifest-path', 'xtask/Cargo.toml', '--target-dir', 'target'];
const DENY = ['bans', 'licenses', 'sources'];
const STRICT = ['--', '-D', 'warnings'];

/** Every check: its name, its program and arguments. */
const CHECKS = [
  ['Rust format', 'cargo', ['fmt', '--all', '--check']],
  ['Rust format of xtask', 'cargo', ['fmt', '--all', '--manifest-path', 'xtask/Cargo.toml', '--check']],
  ['Rust format of bench', 'cargo', ['fmt', '--manifest-path', 'bench/Cargo.toml', '--check']],
  ['Rust format of fuzz', 'cargo', ['fmt', '--manifest-path', 'fuzz/Cargo.toml', '--check']],
  ['Format and lints of the page', npmBin('biome'), ['ci', '--error-on-warnings']],
  ['Types of the page', npmBin('tsc'), []],
  ['Rust lints', 'cargo', ['clippy', '--workspace', '--all-targets', '--locked', ...STRICT]],
  [
    'Rust lints of xtask',
    'cargo',
    ['clippy', '--workspace', '--all-targets', '--locked', ...XTASK, ...STRICT],
  ],
];

/** The checks of those who have cargo-deny. */
const DENIALS = [
  ['Licences and bans', 'cargo', ['deny', '--all-features', 'check', ...DENY]],
  ['Licences and bans of xtask', 'cargo', ['deny', '--manifest-path', 'xtask/Cargo.toml', 'check', ...DENY]],
];

/** Runs the checks and stops if one failed. */
export async function check() {
  const { failed } = await countChecks();
  if (failed > 0) throw new Stop(`${failed} of the checks failed: see above.`);
}

/** Runs the checks and counts. */
export async function countChecks() {
  await npmPackages();
  requireRust();
  await requireComponents();
  await wasm(); // the page's types come from its bindings
  const deny = which('cargo-deny') !== undefined;
  if (!deny) say('Licences and bans are not checked: cargo-deny is not installed.');
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, program, args] of deny ? [...CHECKS, ...DENIALS] : CHECKS) {
    say(name);
    count[(await run(program, args)) ? 'passed' : 'failed'] += 1;
  }
  return count;
}

async function requireComponents() {
  const missing = ['clippy', 'fmt'].some((name) => ask('cargo', [name, '--version']) === undefined);
  if (!missing) return;
  const add = ['component', 'add', 'clippy', 'rustfmt'];
  if (which('rustup') && (await runQuietly('Adding clippy and rustfmt', 'rustup', add))) return;
  throw new Stop('clippy or rustfmt is missing: run "rustup component add clippy rustfmt".');
}
