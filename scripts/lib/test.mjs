// Every test there is, quick ones first; ends with one line that sums them up.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { requireBrowser, tryFirefox } from './browser.mjs';
import { build, npmPackages } from './build.mjs';
import { countChecks } from './check.mjs';
import { compare } from './determinism.mjs';
import { BARE, cargoFor, requireRust } from './rust.mjs';
import { npmBin, run, runAndRead, say } from './shell.mjs';
import { BAR, EMBED_BAR, embedWeight, PAGE_BAR, sum, table, weigh } from './size.mjs';

/** Gets what the tests need, runs them all, prints the sum, and fails if any of them failed. */
export async function test() {
  await npmPackages();
  requireRust();
  const bare = await cargoFor(BARE);
  const browser = await requireBrowser();
  const firefox = await tryFirefox();
  await build();

  const total = { passed: 0, failed: 0, skipped: 0 };
  const suites = [
    countChecks,
    () => withoutStd(bare),
    cargoTests,
    xtaskTests,
    unitTests,
    sameEverywhere,
    weight,
    () => browserTests(browser),
    () => journeys(browser, firefox),
  ];
  for (const suite of suites) {
    const count = await suite();
    for (const key of Object.keys(total)) total[key] += count[key];
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  if (total.failed > 0) process.exitCode = 1;
}

/** The core compiles for a machine that has no standard library to lean on. */
async function withoutStd({ program, args, env }) {
  say('The core without the standard library');
  const build = ['build', '--package', 'raft-core', '--no-default-features', '--locked', ...args];
  const ok = await run(program, build, env);
  return honest(ok, { passed: Number(ok), failed: 0, skipped: 0 });
}

const cargoTests = () => cargoTest('Rust tests', ['--workspace', '--no-fail-fast']);

/** Those of what cuts the engine in two and packs it; with the dependencies that building it has fetched. */
const xtaskTests = () =>
  cargoTest('Rust tests of xtask', [
    '--workspace',
    '--manifest-path',
    'xtask/Cargo.toml',
    '--target-dir',
    'target',
  ]);

async function cargoTest(name, args) {
  say(name);
  const { ok, output } = await runAndRead('cargo', ['test', '--locked', ...args]);
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/ (\d+) passed; (\d+) failed; (\d+) ignored/g)) {
    count.passed += Number(passed);
    count.failed += Number(failed);
    count.skipped += Number(ignored);
  }
  return honest(ok, count);
}

/** The page's parts, and the compiled wasm, in Node. */
async function unitTests() {
  say("Tests of the page's parts");
  const report = freshReport('vitest');
  const ok = await run(npmBin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = read(report);
  return honest(ok, { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests });
}

/** Random scenarios run the same natively and in WebAssembly; `npm run determinism` tries more of them. */
async function sameEverywhere() {
  const wrong = await compare(60, []);
  for (const sentence of wrong) console.error(sentence);
  return { passed: Number(wrong.length === 0), failed: wrong.length, skipped: 0 };
}

/** What a first visit fetches, and the element for other pages, are as light as they were. */
function weight() {
  say('The weight of the page');
  const weights = weigh('dist');
  const ok = sum(weights, false).gzip <= PAGE_BAR * 1000 && sum(weights).gzip <= BAR * 1000;
  if (!ok)
    console.error(
      `${table(weights)}\nA first visit weighs more than ${BAR} kB, or more than ${PAGE_BAR} kB without its engine.`,
    );
  const embed = embedWeight('dist');
  const light = embed <= EMBED_BAR * 1000;
  if (!light) console.error(`The element's script weighs ${embed} bytes, more than ${EMBED_BAR} kB.`);
  const passed = Number(ok) + Number(light);
  return { passed, failed: 2 - passed, skipped: 0 };
}

/** The built page in a real browser. */
async function browserTests(browser) {
  say('Tests in a browser');
  const report = freshReport('playwright');
  const env = { BROWSER_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const ok = await run(npmBin('playwright'), ['test', '--project=tests', '--reporter=list,json'], env);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(report).stats ?? {};
  return honest(ok, { passed: expected + flaky, failed: unexpected, skipped });
}

/** The same page in Chromium and in Firefox. */
async function journeys(browser, firefox) {
  say('Journeys in Chromium and Firefox');
  const env = { BROWSER_PATH: browser, ...(firefox && { FIREFOX_PATH: firefox }) };
  const files = ['journeys', 'hands'].map((name) => `www/test/journeys/${name}.test.mjs`);
  const tests = ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
  const { ok, output } = await runAndRead(process.execPath, tests, env);
  const of = (what) => Number(output.match(new RegExp(`^\\W*${what} (\\d+)`, 'm'))?.[1] ?? 0);
  return honest(ok, { passed: of('pass'), failed: of('fail'), skipped: of('skipped') });
}

/** A suite that broke before it could count a failure counts as one failure. */
function honest(ok, count) {
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

/** Where a runner writes its report; last time's is removed, lest it be read for this one's. */
function freshReport(runner) {
  mkdirSync('target', { recursive: true });
  const report = `${process.cwd()}/target/${runner}.json`;
  rmSync(report, { force: true });
  return report;
}

function read(report) {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
}
