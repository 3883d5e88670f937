// A Chromium and a Firefox for the browser tests.

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

/** The path of a Firefox that runs, or undefined. */
export function findFirefox() {
  const given = process.env.FIREFOX_PATH;
  if (given && !existsSync(given)) throw new Stop(`FIREFOX_PATH=${given} is no file: name a Firefox.`);
  const places = [
    given,
    which('firefox-esr'),
    which('firefox'),
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ];
  return places.find((path) => path && existsSync(path) && ask(path, ['--version']) !== undefined);
}

/** The same, installed if that can be done without asking anybody. Without one the tests in it are skipped. */
export async function tryFirefox() {
  const found = findFirefox();
  if (found) return found;
  if (isDebianRoot()) await debianInstall('firefox-esr');
  const installed = findFirefox();
  if (!installed)
    console.log('\nNo Firefox: what it would show is skipped. Install it, or name one by FIREFOX_PATH=…');
  return installed;
}
