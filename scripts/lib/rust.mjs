// A Rust that can compile for a target: the one at hand, or got by rustup or from Debian.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianInstall, isDebianRoot } from './debian.mjs';
import { ask, runQuietly, Stop, which } from './shell.mjs';

/** The browser's target. */
export const WASM = 'wasm32-unknown-unknown';

/** A target with `alloc` but no `std`. */
export const BARE = 'thumbv7m-none-eabi';

/** Stops with one sentence unless Rust, new enough, and a linker are there. */
export function requireRust() {
  const there = which('cargo') && which('rustc');
  if (!there) throw new Stop('Rust is missing: install it from https://rustup.rs.');
  const found = version('rustc');
  if (older(found, wanted())) {
    throw new Stop(
      `Rust ${found} is too old: get ${wanted()} or newer by "rustup update" or from https://rustup.rs.`,
    );
  }
  if (!which('cc')) {
    throw new Stop('A C linker is missing: install Debian\'s "build-essential" or "xcode-select --install".');
  }
}

/**
 * How to call Cargo for `target`: program, arguments after the subcommand, and environment.
 *
 * There is no rust-toolchain.toml, which would fetch the target too: with automatic installs off it is silently
 * ignored, with them on it may replace the reader's whole toolchain.
 */
export async function cargoFor(target) {
  const rustup = { program: 'cargo', args: ['--target', target], env: {} };
  if (hasLibrary(target) || (await addByRustup(target))) return rustup;
  if (debianIsReady() || (await installDebianRust())) return debianCargo(target);
  throw new Stop(`Rust's library for ${target} is missing: run "rustup target add ${target}".`);
}

function hasLibrary(target) {
  const folder = ask('rustc', ['--print', 'target-libdir', '--target', target]);
  return (
    folder !== undefined &&
    existsSync(folder) &&
    readdirSync(folder).some((name) => name.startsWith('libcore-'))
  );
}

let rustupCanAdd = true; // until it could not: its server is as far away for the next target

async function addByRustup(target) {
  if (!rustupCanAdd || !which('rustup')) return false;
  const quietFailure = { RUST_BACKTRACE: '0' };
  const args = ['target', 'add', target];
  rustupCanAdd = await runQuietly(`Adding Rust's ${target} library`, 'rustup', args, quietFailure);
  return rustupCanAdd;
}

// Debian has no ready-made library for these targets, but a compiler with the library's source beside it.
const DEBIAN = { cargo: '/usr/bin/cargo', rustc: '/usr/bin/rustc', linker: '/usr/bin/wasm-ld-19' };

function debianIsReady() {
  if (!Object.values(DEBIAN).every((file) => existsSync(file))) return false;
  const source = join(ask(DEBIAN.rustc, ['--print', 'sysroot']) ?? '', 'lib/rustlib/src/rust/library');
  return existsSync(source) && !older(version(DEBIAN.rustc), wanted());
}

async function installDebianRust() {
  if (!isDebianRoot()) return false;
  await debianInstall('rustc-web', 'cargo-web', 'rust-web-src', 'lld-19');
  return debianIsReady();
}

function debianCargo(target) {
  const library = target === WASM ? 'std,panic_abort' : 'core,alloc';
  return {
    program: DEBIAN.cargo,
    args: ['--target', target, `-Zbuild-std=${library}`],
    // RUSTC_BOOTSTRAP: building the library is an unstable wish, and Debian's compiler is a stable one.
    env: {
      RUSTC: DEBIAN.rustc,
      RUSTC_BOOTSTRAP: '1',
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: DEBIAN.linker,
    },
  };
}

function wanted() {
  return readFileSync('Cargo.toml', 'utf8').match(/^rust-version = "(.*)"/m)[1];
}

function version(rustc) {
  return ask(rustc, ['--version'])?.match(/\d+\.\d+(\.\d+)?/)?.[0] ?? '0';
}

function older(a, b) {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}
