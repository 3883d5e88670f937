import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { initSync, version } from '../../pkg/raft_wasm.js';

test('the compiled engine runs in Node', () => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
  expect(version()).toBe('0.1.0');
});
