// Measures the engine natively (`raft bench`), then the same in WebAssembly, in one go. Speeds are per second of CPU time.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SCENARIO = readFileSync('crates/raft-cli/src/bench.raft', 'utf8');
const MINUTE = 60e6;
const TRIES = 3;
const SEEKS = 1000;

execFileSync('cargo', ['run', '--release', '--quiet', '-p', 'raft-cli', '--', 'bench'], { stdio: 'inherit' });

const { initSync, LongHistory, Run, Session } = await import('../www/pkg/raft_wasm.js');
// In its two halves, as the page has it.
const lent = initSync({ module: readFileSync('www/pkg/first.wasm') });
new WebAssembly.Instance(new WebAssembly.Module(readFileSync('www/pkg/rest.wasm')), { '': lent });
const { memory } = lent;

console.log('\nthe same in WebAssembly (Node):');
speed(SCENARIO, false, MINUTE); // the first seconds are spent compiling
row('without trace', speed(SCENARIO, false, 10 * MINUTE), '', 'at least 5,000');
row('trace kept', speed(SCENARIO, true, 10 * MINUTE), '', 'at least 2,000');
const idle = speed(SCENARIO.replace('@0ms load C1 put every 100ms', ''), false, 6 * MINUTE);
const busy = speed(SCENARIO.replace('every 100ms', 'every 10ms'), false, 6 * MINUTE);
row('no writes', idle);
row('100 writes/s', busy);
row('  of the speed at none', busy / idle, '', 'at least a third');
history();
judge();

/** Simulated seconds per CPU-second, the best of some runs. */
function speed(scenario, keepTrace, untilUs) {
  let best = 0;
  for (let n = 0; n < TRIES; n += 1) {
    const run = Run.open(scenario, keepTrace);
    const begun = process.cpuUsage();
    run.until(untilUs);
    best = Math.max(best, untilUs / 1e6 / cpuSeconds(begun));
    run.free();
  }
  return best;
}

/** A history of an hour as the page keeps it, and jumps to random places in it, frame included. */
function history() {
  const before = memory.buffer.byteLength;
  const begun = process.cpuUsage();
  const session = Session.open(SCENARIO);
  session.playTo(60 * MINUTE, Number.POSITIVE_INFINITY);
  const seconds = cpuSeconds(begun);
  console.log(`a history of 60 minutes as the page keeps it, ${session.eventCount()} events:`);
  row('made at', 3600 / seconds);
  row('memory', (memory.buffer.byteLength - before) / 1e6, 'MB', 'at most 50');
  const times = new Array(SEEKS).fill(Number.POSITIVE_INFINITY);
  for (let round = 0; round < 3; round += 1) {
    for (const [n, best] of times.entries()) times[n] = Math.min(best, seek(session, n));
  }
  times.sort((a, b) => a - b);
  row('seek, median', times[SEEKS / 2], 'ms');
  row(`seek, worst of ${SEEKS}`, times[SEEKS - 1], 'ms', 'at most 16');
}

/** Milliseconds to jump somewhere and make the frame. */
function seek(session, n) {
  const to = (n * 0.6180339887498949 * 60 * MINUTE) % (60 * MINUTE);
  const begun = performance.now();
  session.seek(to);
  session.frame(1, 20);
  return performance.now() - begun;
}

/** One line: what, how much, and the bar. */
function row(what, value, unit = '', bar = '') {
  const figure = value.toFixed(value >= 100 ? 0 : 2).padStart(10);
  console.log(`  ${what.padEnd(24)}${figure}   ${unit.padEnd(18)}${bar && `(${bar})`}`.trimEnd());
}

/** How long it takes to find out whether a long history of one key is linearizable. */
function judge() {
  const history = new LongHistory();
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 100; n += 1) {
    const begun = performance.now();
    if (!history.isLinearizable()) throw new Error('it is known to be');
    best = Math.min(best, performance.now() - begun);
  }
  console.log('10,000 operations of clients on one key, 100 writes without an answer:');
  row('judged', best, 'ms', 'at most 2');
}

function cpuSeconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
