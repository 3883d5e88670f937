// Measures the engine natively (`raft bench`), then the same in WebAssembly, in one go. Figures are per second of CPU time.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SCENARIO = readFileSync('crates/raft-cli/src/bench.raft', 'utf8');
const TEN_MINUTES_US = 600e6;
const RUNS = 10;
const SEEKS = 1000;

execFileSync('cargo', ['run', '--release', '--quiet', '-p', 'raft-cli', '--', 'bench'], { stdio: 'inherit' });

const { initSync, Run, Session } = await import('../www/pkg/raft_wasm.js');
const { memory } = initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });

console.log('\nthe same in WebAssembly (Node):');
console.log(`  without trace   ${rate(false)}`);
console.log(`  trace kept      ${rate(true)}`);
session();

/** Simulated seconds per CPU-second over runs of ten minutes. */
function rate(keepTrace) {
  Run.open(SCENARIO, keepTrace).until(TEN_MINUTES_US / 20); // the first seconds are spent compiling
  const begun = process.cpuUsage();
  for (let n = 0; n < RUNS; n += 1) {
    const run = Run.open(SCENARIO, keepTrace);
    run.until(TEN_MINUTES_US);
    run.free();
  }
  return ((RUNS * 600) / cpuSeconds(begun)).toFixed(0).padStart(8);
}

/** A history of ten minutes as the page keeps it, and jumps to random places in it, frame included. */
function session() {
  const before = memory.buffer.byteLength;
  const begun = process.cpuUsage();
  const session = Session.open(SCENARIO);
  session.playTo(TEN_MINUTES_US, Number.POSITIVE_INFINITY);
  console.log(`  as the page     ${(600 / cpuSeconds(begun)).toFixed(0).padStart(8)}`);
  console.log(
    `  memory          ${((memory.buffer.byteLength - before) / 1e6).toFixed(1).padStart(8)} MB at most`,
  );
  const times = [];
  for (let n = 0; n < SEEKS; n += 1) {
    const to = (n * 0.6180339887498949 * TEN_MINUTES_US) % TEN_MINUTES_US;
    const at = performance.now();
    session.seek(to);
    session.frame(1, 20);
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  const share = (p) => times[Math.floor((times.length - 1) * p)].toFixed(2);
  console.log(
    `  seek            ${share(0.5).padStart(8)} ms median, ${share(0.99)} 99 %, ${share(1)} worst of ${SEEKS}`,
  );
}

function cpuSeconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
