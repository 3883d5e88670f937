// Whatever stands between the tags, in attributes or in messages: a run or a sentence, no script, no long wait.

import { readdirSync, readFileSync } from 'node:fs';
import { dice, HANG_MS, MARKUP, watchForHangs } from './hostile.ts';
import { hosts } from './hosts.ts';
import { expect, expectProblems, test } from './page.ts';

/** How many bodies with attributes, and how many messages; `HOSTILE=20000` for all of a night. */
const COUNT = Number(process.env.HOSTILE ?? 250);

const ATTRIBUTES = [
  'scenario',
  'src',
  'view',
  'controls',
  'speed',
  'theme',
  'caption',
  'lesson',
  'edit',
  'playing',
  'style',
];

/** A scenario that somebody has been at. */
function mutated(text: string, roll: () => number): string {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(roll() * all.length)] as T;
  const at = () => Math.floor(roll() * text.length);
  let out = text;
  for (let n = 0; n < 1 + roll() * 3; n++) {
    const place = at();
    const kind = Math.floor(roll() * 7);
    if (kind === 0) out = out.slice(0, place) + pick(MARKUP) + out.slice(place);
    else if (kind === 1) out = out.slice(0, place) + out.slice(place + 1 + Math.floor(roll() * 20));
    else if (kind === 2)
      out = out.replace(/\d+/g, (number) => (roll() < 0.3 ? `${number}9999999999` : number));
    else if (kind === 3) out = `${out}\n${out}`;
    else if (kind === 4)
      out = out.replace(/^raft 1/m, `raft ${pick(['2', '-1', '99999999999999999999', 'x', ''])}`);
    else if (kind === 5) out = out.replace(/^title .*/m, `title ${pick(MARKUP)}`);
    else out = out.slice(0, place) + String.fromCharCode(Math.floor(roll() * 0xffff)) + out.slice(place);
  }
  return out;
}

/** Whatever another window may send: also what looks like what is asked for, and what is in itself many times over. */
function message(roll: () => number, depth: number): unknown {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(roll() * all.length)] as T;
  const words = ['raft-playground', 'type', 'height', '__proto__', ...MARKUP];
  const kind = Math.floor(roll() * 7);
  if (kind === 0) return pick([null, true, 0, -1, 1e9, 1e308, 420]);
  if (kind === 1 || depth > 6) return pick(words);
  if (kind === 2) return Array.from({ length: roll() * 5 }, () => message(roll, depth + 1));
  if (kind === 3) return Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 'deep');
  const more = Array.from({ length: roll() * 4 }, () => [pick(words), message(roll, depth + 1)]);
  return { type: pick(words), ...Object.fromEntries(more) };
}

test('bodies and attributes made to break something', async ({ page }) => {
  test.setTimeout(120_000 + COUNT * 200);
  const { empty, close } = await hosts();
  const texts = readdirSync('scenarios')
    .filter((name) => name.endsWith('.raft'))
    .map((name) => readFileSync(`scenarios/${name}`, 'utf8'));
  const roll = dice(20_000);
  await page.goto(empty);
  // An honest one first, so that it is not the engine's arrival that is judged.
  await page.evaluate(() => document.body.append(document.createElement('raft-playground')));
  await expect(page.getByRole('button', { name: /^S1, / })).toBeVisible();
  await watchForHangs(page);
  page.on('dialog', () => expect(null, 'a dialog').toBe('none'));
  let refused = 0;
  for (let n = 0; n < COUNT; n++) {
    const body = mutated(texts[Math.floor(roll() * texts.length)] ?? '', roll);
    const given = Object.fromEntries(
      ATTRIBUTES.filter(() => roll() < 0.25).map((name) => [
        name,
        MARKUP[Math.floor(roll() * MARKUP.length)] ?? '',
      ]),
    );
    const seen = await page.evaluate(
      async ([body, given]) => {
        await customElements.whenDefined('raft-playground');
        window.longest = 0;
        const element = document.createElement('raft-playground');
        element.textContent = body;
        for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
        document.body.replaceChildren(element);
        const within = <T>(selector: string) => element.shadowRoot?.querySelector(selector) as T | null;
        const settled = () => within('.page:not(.centred)') ?? within('[role=alert]');
        const begun = performance.now();
        while (settled() === null && performance.now() - begun < 20_000)
          await new Promise((done) => setTimeout(done, 4));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return {
          settled: settled() !== null,
          broke: within('.trouble button') !== null,
          refused: within('[role=alert]') !== null,
          longest: window.longest,
          ran: 'ran' in window,
          scripts: element.shadowRoot?.querySelectorAll('script, iframe, object, embed').length,
        };
      },
      [body, given] as const,
    );
    const about = `number ${n}: ${JSON.stringify({ body: body.slice(0, 300), given })}`;
    expect({ ...seen, refused: null, longest: 0 }, about).toEqual({
      settled: true,
      broke: false,
      refused: null,
      longest: 0,
      ran: false,
      scripts: 0,
    });
    expect(seen.longest, about).toBeLessThan(HANG_MS);
    refused += Number(seen.refused);
  }
  expect(refused).toBeGreaterThan(COUNT / 10);
  expectProblems(page); // addresses that do not exist
  close();
});

test('a frame answers nobody but the page around it, and nothing but its height', async ({ page }) => {
  const { blog, close } = await hosts();
  await page.goto(blog);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await expect(page.frameLocator('iframe').getByRole('button', { name: 'Play' })).toBeVisible();
  const frame = page.frames()[1];
  if (!frame) throw new Error('There is no frame.');
  await watchForHangs(frame);
  const roll = dice(20_002);
  const messages = JSON.stringify(Array.from({ length: COUNT }, () => message(roll, 0)));
  const answers = await page.evaluate(async (messages) => {
    const got: unknown[] = [];
    window.addEventListener('message', ({ data }) => got.push(data));
    const { contentWindow } = document.querySelector('iframe') as HTMLIFrameElement;
    for (const message of JSON.parse(messages)) contentWindow?.postMessage(message, '*');
    contentWindow?.postMessage({ type: 'raft-playground', height: 1e9, script: 'window.ran=1' }, '*');
    await new Promise((done) => setTimeout(done, 1000));
    return got;
  }, messages);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set(['{"type":"raft-playground","height":420}']),
  );
  const seen = await frame.evaluate(() => ({ ran: 'ran' in window, longest: window.longest }));
  expect(seen.ran).toBe(false);
  expect(seen.longest).toBeLessThan(HANG_MS);
  close();
});
