// The real engine, whole, for tests in Node.

import { readFileSync } from 'node:fs';
import type { Engine, Session } from '../engine.ts';
import * as wasm from '../pkg/raft_wasm.js';

/** The engine, from the next line on. */
export function startEngine(): void {
  wasm.initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
}

export const ENGINE: Engine = {
  open: (text) => wasm.Session.open(text) as Session,
  readLink: wasm.readLink,
  linkOf: wasm.linkOf,
  compareReads: (text) => wasm.ReadModes.open(text),
  freshSeed: wasm.freshSeed,
  complete: async () => {},
};
