// A Chromium for the browser tests.

import { existsSync } from 'node:fs';
import { debianInstall, isDebianRoot } from './debian.mjs';
import { ask, npmBin, runQuietly, Stop, which } from './shell.mjs';

/** The path of a browser that runs, or undefined. Needs `node_modules`. */
export async function findBrowser() {
  const given = process.env.BROWSER_PATH;
  if (given) {
    if (!existsSync(given)) throw new Stop(`BROWSER_PATH=${given} is no file: name a Chromium or Chrome.`);
    return given;
  }
  const { chromium } = await import('@playwright/test');
  const places = [
    which('chromium'),
    which('google-chrome'),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    chromium.executablePath(),
  ];
  // Asking for the version tells a browser from a stub, and from one whose libraries are missing.
  return places.find((path) => path && existsSync(path) && ask(path, ['--version']) !== undefined);
}

/** The path of a browser, installed if need be. */
export async function requireBrowser() {
  const found = await findBrowser();
  if (found) return found;
  await runQuietly('Downloading a browser for the tests', npmBin('playwright'), ['install', 'chromium']);
  const downloaded = await findBrowser();
  if (downloaded) return downloaded;
  if (isDebianRoot()) await debianInstall('chromium');
  const installed = await findBrowser();
  if (installed) return installed;
  throw new Stop(
    'A browser for the tests is missing: install Chromium or Chrome, or name one by BROWSER_PATH=…',
  );
}
