// The same runs natively and in WebAssembly, however they are made: `raft determinism` makes them natively in every way and tells
// their fingerprints; the compiled engine makes them here, in every way again.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { wasm } from './build.mjs';
import { Stop, say } from './shell.mjs';

/** `npm run determinism`: 1,000 random scenarios, or as many as it says behind `--`. */
export async function determinism() {
  const count = Number(process.argv[3] ?? 1000);
  if (!(count > 0)) throw new Stop('Usage: npm run determinism -- COUNT');
  await wasm();
  const begun = performance.now();
  const wrong = await compare(count, ['--release']);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  for (const sentence of wrong) console.error(sentence);
  if (wrong.length > 0) throw new Stop(`${wrong.length} of ${count} random scenarios differ.`);
  console.log(
    `${count} random scenarios: the same natively and in WebAssembly, however made (${seconds} s).`,
  );
}

/** Makes so many random scenarios both ways; a sentence for each that differs. `profile` is what Cargo builds the native one with. */
export async function compare(count, profile) {
  say(`${count} random scenarios natively and in WebAssembly`);
  const engine = await import('../../www/pkg/raft_wasm.js');
  engine.initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
  const args = ['run', '--quiet', '--locked', ...profile, '-p', 'raft-cli', '--'];
  const native = spawn('cargo', [...args, 'determinism', '--count', String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => native.on('close', resolve));
  const wrong = [];
  let seen = 0;
  for await (const line of createInterface({ input: native.stdout })) {
    const known = JSON.parse(line);
    const difference = differs(engine, known);
    if (difference) wrong.push(`seed ${known.seed}: ${difference}`);
    seen += 1;
  }
  if ((await ended) !== 0 || seen !== count)
    wrong.push(`natively only ${seen} of ${count} came out the same`);
  return wrong;
}

/** What differs from the native run, if anything does. */
function differs({ Run, Session }, known) {
  for (const [how, slices] of Object.entries({
    'in one go': () => known.ends_us,
    '1 ms at a time': (at) => at + 1000,
    'in uneven slices': (at, n) => at + 1 + ((known.seed * 7919 + n * 104_729) % 700_000),
  })) {
    const run = Run.open(known.text, false);
    for (let at = 0, n = 0; at < known.ends_us; n += 1) {
      at = Math.min(slices(at, n), known.ends_us);
      run.until(at);
    }
    const found = run.fingerprint();
    run.free();
    if (found !== known.fingerprint) return `${how}: ${found} instead of ${known.fingerprint}`;
  }
  const session = Session.open(known.text);
  try {
    return wandered(session, known);
  } finally {
    session.free();
  }
}

/** A session played in slices with looks back, a branch, and both seen again. */
function wandered(session, known) {
  const now = () => session.fingerprint();
  for (let at = 0; at < known.ends_us; ) {
    at = Math.min(at + 1 + ((known.seed * 15_485_863 + at) % 1_500_000), known.ends_us);
    while (session.playTo(at, 1) < at) {}
    session.seek(at / 3);
    session.stepBack();
    session.stepForward();
    session.toEnd();
  }
  if (now() !== known.fingerprint) return `played and sought: ${now()} instead of ${known.fingerprint}`;
  session.seek(known.branch_us);
  session.command(known.command);
  session.seek(known.branch_until_us);
  if (now() !== known.branch) return `the branch: ${now()} instead of ${known.branch}`;
  session.switchBranch(0);
  session.toEnd();
  if (now() !== known.fingerprint) return `after the branch: ${now()} instead of ${known.fingerprint}`;
  return undefined;
}
