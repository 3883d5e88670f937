// A server of files for this machine alone.

import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { Stop, which } from './shell.mjs';

const HOST = '127.0.0.1';
const FIRST_PORT = 4173;

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm', // without it browsers refuse to compile while downloading
};

/**
 * Serves a folder and prints its address.
 *
 * @param {string} folder
 * @param {string | undefined} port a wished port, "0" for any; without one the first free port from 4173 on
 * @param {Record<string, string>} headers what every answer says besides
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function serve(folder, port, headers = {}) {
  const server = createServer((request, response) => answer(resolve(folder), headers, request, response));
  const address = await (port === undefined ? listenNear(server, FIRST_PORT) : listenAt(server, port));
  console.log(`\nRaft Playground is at ${address} (Ctrl-C ends it)`);
  return {
    address,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Shows an address in the reader's browser, where there is a desktop. */
export function openInBrowser(address) {
  const desktop = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener = which(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (!desktop || !opener || process.env.CI) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
}

function answer(folder, headers, request, response) {
  const file = locate(folder, request.url);
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.');
    return;
  }
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache', ...headers });
  createReadStream(file).pipe(response);
}

function locate(folder, url) {
  try {
    const { pathname } = new URL(url, `http://${HOST}`);
    const path = join(folder, decodeURIComponent(pathname));
    const file = pathname.endsWith('/') ? join(path, 'index.html') : path;
    return file.startsWith(folder + sep) && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined; // no such file, or an address that is none
  }
}

async function listenAt(server, wish) {
  const port = Number(wish);
  if (!/^\d+$/.test(wish) || port > 65535)
    throw new Stop(`PORT=${wish} is no port: choose one from 1024 to 65535.`);
  return listen(server, port).catch((error) => {
    const why = error.code === 'EADDRINUSE' ? 'is busy' : `cannot be used (${error.code})`;
    throw new Stop(`Port ${wish} ${why}: choose another by PORT=….`);
  });
}

async function listenNear(server, first) {
  for (let port = first; port < first + 20; port++) {
    try {
      return await listen(server, port);
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Stop(`Ports ${first} to ${first + 19} are all busy: choose another by PORT=….`);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve(`http://${HOST}:${server.address().port}/`));
  });
}
