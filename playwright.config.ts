import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/lib/browser.mjs';

// Chromium's sandbox does not run as root, nor where the system keeps user namespaces from unknown programs.
const restriction = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
const restricted = existsSync(restriction) && readFileSync(restriction, 'utf8').trim() === '1';
const chromiumSandbox = process.getuid?.() !== 0 && !restricted;
const executablePath = await findBrowser();

export default defineConfig({
  projects: [
    { name: 'tests', testDir: 'www/test/browser' },
    // Not a test: the page's pictures in docs/gallery, taken anew by `npm run gallery`.
    { name: 'gallery', testDir: 'www/test/gallery', testMatch: 'screens.ts' },
  ],
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  // Far beyond what anything takes: what waits long waits for a busy machine.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: process.env.PAGE_ADDRESS,
    screenshot: 'only-on-failure',
    serviceWorkers: 'block', // each test sees the files as they are; the journeys try the page without a network
    launchOptions: {
      ...(executablePath && { executablePath }),
      chromiumSandbox,
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // The built page, at any free port: the address it prints becomes PAGE_ADDRESS.
  webServer: {
    command: 'node scripts/run.mjs serve',
    env: { PORT: '0' },
    wait: { stdout: /(?<page_address>http:\S+)/ },
  },
});
