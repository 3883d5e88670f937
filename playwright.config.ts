import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/lib/browser.mjs';

const isRoot = process.getuid?.() === 0;
const executablePath = await findBrowser();

export default defineConfig({
  testDir: 'www/test/browser',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  use: {
    baseURL: process.env.PAGE_ADDRESS,
    launchOptions: {
      ...(executablePath && { executablePath }),
      chromiumSandbox: !isRoot, // Chromium's sandbox does not run as root
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
