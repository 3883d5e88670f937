// Whatever stands behind the # of an address: it is opened, or a sentence says why not and what ran runs on. No script, no long wait.

import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { dice, HANG_MS, MARKUP, watchForHangs } from './hostile.ts';
import { expect, test } from './page.ts';

/** How many links; `HOSTILE=20000` for all of a night. */
const COUNT = Number(process.env.HOSTILE ?? 300);

const PIECES = [
  ...MARKUP.map((markup) => markup.replace(/\s/g, '+')),
  ...[
    '%',
    '/',
    '+',
    '.x',
    '.',
    '=',
    'deflate=',
    'length=',
    '%00',
    '%FF',
    '%E2%80%AE',
    '@',
    'raft+2',
    'servers+99',
  ],
  ...[
    'at=9e99ms',
    'at=99999999999ms',
    'speed=NaN',
    'view=__proto__',
    'from=constructor',
    'is=zzzz',
    '1s+say+.q',
  ],
  'load+C1+put+every+1us',
  'x'.repeat(5000),
];

/** Fifty million letters in a few. */
const BOMB = deflateRawSync(Buffer.alloc(50e6, 97))
  .toString('base64')
  .replaceAll('=', '')
  .replaceAll('+', '-')
  .replaceAll('/', '=');

test('links made to break something', async ({ page }) => {
  test.setTimeout(60_000 + COUNT * 400);
  page.on('dialog', () => expect(null, 'a dialog').toBe('none'));
  const known = readFileSync('crates/raft-cli/tests/links.txt', 'utf8').trim().split('\n');
  const links = known.map((line) => line.slice(line.indexOf('#') + 1));
  const roll = dice(20_001);
  const below = (most: number) => Math.floor(roll() * most);
  const make = (n: number): string => {
    if (n % 50 === 0) return `raft+1/deflate=${BOMB}/length=60000`;
    if (n % 50 === 1) return `raft+1/${'x'.repeat(300_000)}`;
    if (n % 50 === 2) return `raft+1/${'('.repeat(60_000)}`;
    let link = links[below(links.length)] ?? '';
    for (let times = 1 + below(4); times > 0; times--) {
      const at = below(link.length);
      const piece = below(3) === 0 ? '' : (PIECES[below(PIECES.length)] ?? '');
      link = link.slice(0, at) + piece + (piece === '' ? '' : link.slice(at + below(9)));
    }
    return link;
  };
  await page.goto('./#raft+1/servers+3/1s+end');
  await expect(page.getByRole('button', { name: /^S1, / })).toBeVisible();
  await watchForHangs(page);
  let refused = 0;
  for (let n = 0; n < COUNT; n++) {
    const link = make(n);
    const seen = await page.evaluate(async (link) => {
      const root = document.querySelector('raft-playground')?.shadowRoot;
      window.longest = 0;
      location.hash = link;
      await new Promise((done) => setTimeout(done, 50));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return {
        runs: root?.querySelector('.page:not(.centred)') !== null,
        ran: 'ran' in window,
        scripts: root?.querySelectorAll('script, iframe, object, embed').length,
        longest: window.longest,
        refused: (root?.querySelectorAll('[role=alert], .mistakes').length ?? 0) > 0,
      };
    }, link);
    const about = `number ${n}: ${link.slice(0, 300)}`;
    expect({ ...seen, longest: 0, refused: 0 }, about).toEqual({
      runs: true,
      ran: false,
      scripts: 0,
      longest: 0,
      refused: 0,
    });
    expect(seen.longest, about).toBeLessThan(HANG_MS);
    refused += Number(seen.refused);
  }
  expect(refused).toBeGreaterThan(COUNT / 10);
});
