import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../lib/server.mjs';

let server;

beforeAll(async () => {
  const outer = mkdtempSync(join(tmpdir(), 'served-'));
  const folder = join(outer, 'dist');
  mkdirSync(folder);
  writeFileSync(join(outer, 'secret.txt'), 'not for the web');
  writeFileSync(join(folder, 'index.html'), '<h1>here</h1>');
  writeFileSync(join(folder, 'engine.wasm'), 'wasm');
  server = await serve(folder, '0');
});

afterAll(() => server.close());

/** Asks with the path as it stands; `fetch` would tidy it up first. */
function get(path) {
  return new Promise((resolve, reject) => {
    request(server.address, { path }, (response) => {
      response.resume().on('end', () => resolve([response.statusCode, response.headers['content-type']]));
    })
      .on('error', reject)
      .end();
  });
}

test('a folder is answered by its index', async () => {
  expect(await get('/')).toEqual([200, 'text/html; charset=utf-8']);
});

test('WebAssembly has the type that lets browsers compile it while it arrives', async () => {
  expect(await get('/engine.wasm')).toEqual([200, 'application/wasm']);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '//../secret.txt',
  '/%00',
  '/%',
  '/none',
])('%s leads nowhere', async (path) => {
  expect((await get(path))[0]).toBe(404);
});

test('a busy port that was asked for is named in one sentence', async () => {
  const { port } = new URL(server.address);
  await expect(serve('.', port)).rejects.toThrow(`Port ${port} is busy: choose another by PORT=….`);
});

test('a port that is none is named in one sentence', async () => {
  await expect(serve('.', '80a')).rejects.toThrow('PORT=80a is no port');
});
