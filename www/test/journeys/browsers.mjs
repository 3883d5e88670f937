// The same page in Chromium and in Firefox, by one driver, and what the journeys do over and over.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { findBrowser, findFirefox } from '../../../scripts/lib/browser.mjs';
import { serve } from '../../../scripts/lib/server.mjs';

/** As strict as a page can be that compiles WebAssembly: no inline style or script, nothing from elsewhere. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' data:";

/** Each with its path; without one, why its journeys are skipped. */
export const BROWSERS = [
  { name: 'chrome', path: await findBrowser() },
  { name: 'firefox', path: await findFirefox() },
].map(({ name, path }) => ({
  name,
  path,
  skip: path === undefined && `${name} is not installed, and cannot be installed from here`,
}));

/** A browser without a window. */
export const launch = ({ name, path }) =>
  puppeteer.launch({
    browser: name,
    executablePath: path,
    headless: true,
    args: name === 'chrome' ? ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] : [],
  });

/** For a suite in one browser: that browser and the page's server while it runs, and journeys that end without a problem in the console. */
export function travel(kind) {
  const trip = { browser: undefined, server: undefined };
  before(async () => {
    trip.server = await serve('dist', '0', { 'Content-Security-Policy': STRICT });
    trip.browser = await launch(kind);
  });
  after(async () => {
    await trip.browser?.close();
    trip.server?.close();
  });
  const visit = (title, scenario, journey) =>
    test(title, { timeout: 90_000 }, async () => {
      const there = await Visit.open(trip.browser, trip.server.address, scenario);
      await journey(there);
      assert.deepEqual(there.problems, [], 'problems in the console');
      await there.page.close();
    });
  return { trip, visit };
}

/** The page as a person uses it: things are found by the name that a screen reader says. */
export class Visit {
  /** @param {import('puppeteer-core').Page} page */
  constructor(page) {
    this.page = page;
    this.problems = [];
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(message.text()));
  }

  /** Opens the page, ready and paused, with one of its scenarios. */
  static async open(browser, address, scenario) {
    const visit = new Visit(await browser.newPage());
    await visit.page.setViewport({ width: 1280, height: 800 });
    await visit.page.goto(address);
    await visit.find('button', /^S1, /);
    if (await visit.has('button', /^Pause$/)) await visit.press('k');
    if (scenario !== undefined) await visit.choose('Scenario', scenario);
    return visit;
  }

  /** The element of this kind whose name fits, once it is there. */
  async find(role, name, timeout = 30_000) {
    const handle = await this.page.waitForFunction(
      named,
      { timeout, polling: 50 },
      SELECTORS[role],
      name.source,
    );
    return handle.asElement();
  }

  async has(role, name) {
    return (await this.count(role, name)) > 0;
  }

  /** How many there are. */
  count(role, name) {
    return this.page.evaluate(named, SELECTORS[role], name.source, true);
  }

  async click(role, name) {
    await (await this.find(role, name)).click();
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Writes into a field, instead of what stands there. */
  async fill(name, text) {
    const field = await this.find('field', name);
    await field.evaluate((input, value) => {
      input.value = value;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, text);
  }

  /** Types into the editor, instead of what stands there. */
  async write(name, text) {
    await (await this.find('field', name)).focus();
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('a');
    await this.page.keyboard.up('Control');
    await this.page.keyboard.type(text);
  }

  /** Runs a scenario of one's own from its start, through the editor, and closes that again. */
  async run(text) {
    await this.click('button', /^Edit the scenario$/);
    await this.write(/^Scenario$/, text);
    await this.page.keyboard.down('Control');
    await this.press('Home');
    await this.press('Enter');
    await this.page.keyboard.up('Control');
    await this.find('status', /^Runs as it stands here$/);
    await this.click('button', /^Close the scenario$/);
    await this.frame();
  }

  /** What was copied last, as another place gets it where it is pasted. */
  async pasted() {
    await this.page.evaluate(() => {
      const place = document.body.appendChild(document.createElement('textarea'));
      place.focus();
    });
    await this.page.keyboard.down('Control');
    await this.press('v');
    await this.page.keyboard.up('Control');
    return this.page.evaluate(() => {
      const place = document.querySelector('body > textarea');
      place.remove();
      return place.value;
    });
  }

  /** Chooses from a list by the words shown. */
  async choose(list, words) {
    const select = await this.find('list', new RegExp(`^${list}$`));
    await select.evaluate((element, wanted) => {
      element.value = [...element.options].find((option) => option.text === wanted).value;
      element.dispatchEvent(new Event('change', { bubbles: true }));
    }, words);
    if (list !== 'Scenario') return;
    // Its text may have to be fetched; until it is there, the list shows what runs.
    await this.page.waitForFunction(
      (element, wanted) => element.selectedOptions[0]?.text === wanted,
      { polling: 50 },
      select,
      words,
    );
  }

  /** On to the next notable events, or by another key, until something is there. */
  async until(role, name, key = 'n') {
    for (let n = 0; n < 60; n += 1) {
      if (await this.has(role, name)) return;
      await this.press(key);
      await this.frame();
    }
    throw new Error(`${name} did not come`);
  }

  /** The middle of something, on the page. */
  async middle(role, name) {
    const { x, y, width, height } = await (await this.find(role, name)).boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  }

  /** Where something of the pictures is, by a selector, once it is there. */
  async box(selector) {
    const found = await this.page.waitForFunction(
      (s) => {
        const box = document
          .querySelector('raft-playground')
          .shadowRoot.querySelector(s)
          ?.getBoundingClientRect();
        return box && { x: box.x, y: box.y, width: box.width, height: box.height };
      },
      { polling: 50 },
      selector,
    );
    const { x, y, width, height } = await found.jsonValue();
    return { x, y, width, height, middle: { x: x + width / 2, y: y + height / 2 } };
  }

  /** Draws a line with the mouse. */
  async drag(points) {
    const { mouse } = this.page;
    await mouse.move(points[0].x, points[0].y);
    await mouse.down();
    for (const { x, y } of points) await mouse.move(x, y, { steps: 5 });
    await mouse.up();
    await this.frame();
  }

  /** Until what was done is drawn. */
  frame() {
    return this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  }

  /** What stands in a part of the page. */
  text(selector) {
    return this.page.evaluate(
      (s) => document.querySelector('raft-playground').shadowRoot.querySelector(s)?.textContent ?? '',
      selector,
    );
  }
}

const SELECTORS = {
  button: 'button:not([role=tab]), [role=button]',
  tab: '[role=tab]',
  link: 'a',
  field: 'input, textarea, [role=textbox]',
  list: 'select',
  option: '[role=option]',
  status: '[role=status]',
  text: 'p, li, dd, text',
  image: '[role=img]',
};

/** Runs in the page: the first element that this selector finds and whose name fits, or how many there are. */
function named(selector, source, counts = false) {
  const root = document.querySelector('raft-playground')?.shadowRoot;
  if (!root) return counts ? 0 : null;
  const name = (element) =>
    element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
  const fits = (element) => new RegExp(source).test(name(element).trim());
  const found = [...root.querySelectorAll(selector)].filter(fits);
  return counts ? found.length : (found[0] ?? null);
}
