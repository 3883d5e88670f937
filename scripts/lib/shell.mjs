// Running other programs, and telling the reader what takes so long.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone; every path in these scripts is relative to it. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);

// A Rust installed a minute ago is not yet on the PATH of a shell opened before.
process.env.PATH += delimiter + join(homedir(), '.cargo', 'bin');

/** An end with one sentence for the reader: what is missing and what to do. */
export class Stop extends Error {}

/** Says what is about to happen. */
export function say(text) {
  console.log(`\n▸ ${text}`);
}

/** The path of a program found on PATH, or undefined. */
export function which(program) {
  return process.env.PATH.split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** Whether a file can be run. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a program that came with an npm package. */
export function npmBin(program) {
  return join(root, 'node_modules', '.bin', program);
}

/** Runs a short program and returns what it prints, or undefined when it fails. */
export function ask(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs a program that shows its own progress; tells whether it succeeded. */
export function run(program, args, env = {}) {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return succeeded(child);
}

/** Like `run`, and also returns what it wrote to standard output. */
export async function runAndRead(program, args, env = {}) {
  const child = spawn(program, args, {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
  return { ok: await succeeded(child), output };
}

/** Runs a program that is silent or chatty for long: shows a clock, and its output only if it fails. */
export async function runQuietly(what, program, args, env = {}) {
  say(what);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const clock = setInterval(() => console.log(`  … ${seconds()} s`), 10_000);
  const ok = await succeeded(child);
  clearInterval(clock);
  console.log(ok ? `  done in ${seconds()} s` : `${lastLines(output)}\n  failed after ${seconds()} s`);
  return ok;
}

function lastLines(output) {
  return output.trimEnd().split('\n').slice(-20).join('\n');
}

function succeeded(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (status) => resolve(status === 0));
  });
}
