// What a first visit asks of the engine: by it the engine is cut in two (docs/decisions/0011-the-engine-in-two-halves.md).

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the page opens with: the first of `scenarios/order`. */
export const FIRST_SCENARIO = 'scenarios/first-value.raft';

/** A cluster that does nothing but write. */
const STEADY = 'crates/raft-cli/src/bench.raft';

/** A sixtieth of a second, and how much longer than the scenario somebody may watch, in µs. */
const FRAME = 16_667;
const LONGER = 3_000_000;

/** How much the space-time diagram shows, in µs, and how many events are asked for at a time. */
const WINDOW = 500_000;
const PIECE = 16;

/**
 * Plays a first visit on the counted engine: the scenario from its beginning to some time after its end, every frame of it, a seek and
 * steps to both sides.
 *
 * @param {string} folder with the bindings and `counted.wasm`
 * @returns {Promise<string>} a 1 or a 0 for each stretch of the engine's code: whether it ran
 */
export async function whatRuns(folder) {
  const bindings = await import(`${pathToFileURL(resolve(folder, 'raft_wasm.js'))}?${Date.now()}`);
  const counted = bindings.initSync({ module: readFileSync(join(folder, 'counted.wasm')) });
  bindings.freshSeed();
  const session = bindings.Session.open(readFileSync(FIRST_SCENARIO, 'utf8'));
  const end = Number(session.frame(1, 0).scenarioEndUs) + LONGER;
  for (let at = 0; at < end; at += FRAME) {
    session.playTo(at, 1000, 0);
    look(session, at);
  }
  session.seek(end / 4);
  session.stepForward();
  session.stepBack();
  look(session, end / 4);
  session.toStart();
  look(session, 0);
  session.toEnd();
  look(session, end);
  session.free();
  // Three seconds of writes besides: what a cluster does most of its time shall not go back and forth between the halves.
  const run = bindings.Run.open(readFileSync(STEADY, 'utf8'), true);
  run.until(3_000_000);
  run.free();
  return Object.keys(counted)
    .filter((name) => name.startsWith('ran'))
    .map((_, n) => counted[`ran${n}`].value)
    .join('');
}

/** All that the page draws without being asked. */
function look(session, at) {
  session.frame(1, 40, true);
  const { servers } = session.frame(1, 40);
  session.fell();
  const known = session.eventCount();
  session.events(0, known);
  session.events(known - (known % PIECE), PIECE); // what is to come is not there yet
  for (const from of [0, Math.max(0, at - WINDOW)]) {
    session.lanes(from, from + WINDOW);
    session.arrows(from, from + WINDOW);
  }
  session.flights();
  session.outline();
  session.operation(0);
  session.branches();
  session.text();
  session.undoable();
  for (const server of servers.keys()) session.committed(server + 1, 1);
}
