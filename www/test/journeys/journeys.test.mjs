// What a person does on the page, from beginning to end, in Chromium and in Firefox.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { serve } from '../../../scripts/lib/server.mjs';
import { BROWSERS, launch, STRICT, travel, Visit } from './browsers.mjs';

const LEADER = /^S\d, .*leader/;
const LONG_LOG =
  'raft 1\nservers 3\n@0ms timeout S1\n@100ms load C1 put every 20ms\n@2800ms pause S2\n@3s end\n';
const nameOf = async (handle) => (await handle.evaluate((g) => g.getAttribute('aria-label'))).slice(0, 2);

for (const browserKind of BROWSERS) {
  describe(browserKind.name, { skip: browserKind.skip }, () => {
    const { trip, visit } = travel(browserKind);

    visit('elects a leader, crashes it, and elects another', undefined, async (there) => {
      await there.until('button', LEADER);
      const first = await nameOf(await there.find('button', LEADER));
      await there.click('button', LEADER);
      await there.click('button', /^Crash$/);
      await there.until('button', new RegExp(`^S[^${first[1]}], .*leader`));
      assert.ok(await there.has('button', new RegExp(`^${first}, .*crashed`)));
    });

    visit('copies a message on its way, and holds the copy', undefined, async (there) => {
      await there.run('raft 1\nservers 3\nset latency 40ms\n@10ms timeout S1\n');
      const asks = 'S1 to S2, asks for a vote, term 1';
      for (let n = 0; n < 20 && !(await there.has('button', new RegExp(`^${asks}`))); n += 1) {
        await there.press('ArrowRight');
        await there.frame();
      }
      for (const [name, act] of [
        [asks, 'Duplicate'],
        [`${asks}, a copy`, 'Hold'],
      ]) {
        await (await there.find('button', new RegExp(`^${name}$`))).evaluate((g) => g.focus());
        await there.press('Enter');
        await there.click('button', new RegExp(`^${act}$`));
      }
      await there.find('button', new RegExp(`^${asks}, a copy, held$`));
      assert.match(await there.text('svg.ring .legend'), /held.*copy/s);
    });

    visit(
      'never seen before: elects, crashes, splits, reads stale and heals within two minutes',
      undefined,
      async (there) => {
        const began = Date.now();
        let actions = 0;
        const click = (name) => {
          actions += 1;
          return there.click('button', name);
        };
        for (let n = 0; n < 3; n += 1) await there.press('+');
        await click(/^Play$/);
        await there.find('button', /^Play again$/);
        const first = await nameOf(await there.find('button', LEADER));
        await there.find('text', new RegExp(`^${first} wears the crown`));
        await click(LEADER);
        await click(/^Crash$/); // from here on, the run goes on by itself
        const other = new RegExp(`^S[^${first[1]}], .*leader`);
        const second = await nameOf(await there.find('button', other));
        await there.find('text', new RegExp(`^${second} leads in term \\d\\. ${first} is down\\.$`));
        await click(other);
        await click(/^Isolate$/);
        await there.find('text', new RegExp(`${second} believes it leads, but can commit nothing\\.`));
        await click(/^Client C1/);
        await click(/^Write x=11$/);
        await there.find('button', /^Client C1, put x=11 ✓/);
        await click(new RegExp(`^${second}, .*stale leader`));
        await click(/^Read x here$/);
        await there.find('text', /Not linearizable: get x stale returned 10/);
        await click(/^Heal the network$/);
        await there.find('button', new RegExp(`^${second}, .*follower`));
        assert.equal(await there.count('text', /^Pick /), 0, 'no hint is left');
        const seconds = (Date.now() - began) / 1000 + 2 * actions; // two to think of each, one more at the usual speed
        assert.ok(seconds < 120, `${seconds} s`);
      },
    );

    visit('puts a value and sees it committed', undefined, async (there) => {
      await there.until('button', LEADER);
      await there.click('tab', /^Clients$/);
      await there.fill(/^Key$/, 'colour');
      await there.fill(/^Value/, 'blue');
      await there.click('button', /^Ask$/);
      await there.until('button', /^S2 entry \d+: colour=blue, term 1, committed/);
      await there.until('button', /^Client C1, put colour=blue ✓/);
    });

    visit(
      'sets a setting, switches a rule off, takes a system’s settings, and undoes all',
      undefined,
      async (there) => {
        await there.until('button', LEADER);
        await there.click('tab', /^Timing/);
        await there.fill(/^Heartbeat$/, '400');
        await there.find('text', /healthy leaders are deposed/);
        await there.click('tab', /^Rules$/);
        await there.click('button', /^One vote a term$/);
        await there.find('button', /^Undo off one-vote$/);
        await there.click('tab', /^Start$/);
        await there.choose('System', 'etcd');
        await there.click('button', /^Set these now$/);
        await there.find('button', /^Undo set election-timeout 1000ms..1999ms; /);
        for (let n = 0; n < 3; n += 1) await there.click('button', /^Undo /);
        await there.find('button', /^Nothing to undo$/);
      },
    );

    visit('splits a server off by a loop, heals, and cuts a link by a line', undefined, async (there) => {
      await there.until('button', LEADER);
      const { x, y } = await there.middle('button', /^S1, /);
      const loop = [
        [-70, -52],
        [70, -52],
        [75, 70],
        [-75, 70],
      ];
      await there.drag(loop.map(([right, down]) => ({ x: x + right, y: y + down })));
      await there.find('text', /\{S1\} \| \{S2 S3 S4 S5\}/);
      await there.press('h');
      await there.frame();
      await there.drag([await there.middle('button', /^S2, /), await there.middle('button', /^S5, /)]);
      await there.find('button', /^Link S2 to S5, cut in this direction/);
    });

    visit(
      'pauses where a read is stale, and shows what speaks against it',
      'Fast and out of date',
      async (there) => {
        for (let n = 0; n < 6; n += 1) await there.press('+');
        await there.click('button', /^Play$/);
        await there.find('text', /Not linearizable: get x stale returned 1/);
        await there.find('button', /^Play$/);
        const fell = await there.text('.clock');
        await there.find('image', /^C2: to blame/);
        await there.find('button', /^C2: get x → 1 ✗ stale, to blame/);
        await there.click('button', /^Evidence before/);
        await there.frame();
        assert.ok(Number.parseFloat(await there.text('.clock')) < Number.parseFloat(fell));
        await there.click('button', /^Close: light nothing/);
        await there.frame();
        assert.equal(await there.count('image', /to blame/), 0);
      },
    );

    visit('sees who is blocked, and what the signs mean', 'Two-phase commit blocks', async (there) => {
      await there.click('button', /^To the end$/);
      await there.press('0');
      await there.find('button', /^S3: blocked by C1\.1$/);
      await there.page.evaluate(() =>
        document.querySelector('raft-playground').shadowRoot.querySelector('.signs summary').click(),
      );
      await there.find('text', /^in doubt$/);
      for (let n = 0; n < 3; n += 1) await there.frame(); // the diagram makes room for what they mean
      await there.click('button', /^S3: blocked by C1\.1$/);
      await there.frame();
      assert.match(await there.text('.clock'), /^\s*1.?3\d\d\.\d ms/);
    });

    visit('goes back, does something else, and finds both futures', undefined, async (there) => {
      await there.until('button', LEADER);
      await there.press('1');
      await there.press('c');
      await there.find('button', /^S1, .*crashed/);
      for (let n = 0; n < 4; n += 1) await there.press('ArrowLeft');
      await there.press('2');
      await there.press('c');
      await there.find('button', /^S2, .*crashed/);
      await there.click('button', /^2 branches/);
      await there.click('button', /^\s*main/);
      await there.press('Escape');
      await there.press('End');
      await there.find('button', /^S1, .*crashed/);
    });

    visit('plays, pauses, and steps forward and back to the same moment', undefined, async (there) => {
      await there.press('k');
      await there.page.waitForFunction(
        () =>
          Number.parseFloat(
            document.querySelector('raft-playground').shadowRoot.querySelector('.clock').textContent,
          ) > 5,
      );
      await there.press('k');
      await there.find('button', /^Play$/);
      const at = await there.text('.clock');
      await there.press('ArrowRight');
      await there.press('ArrowRight');
      await there.press('ArrowLeft');
      await there.press('ArrowLeft');
      await there.frame();
      assert.ok(Number.parseFloat(await there.text('.clock')) <= Number.parseFloat(at));
    });

    visit(
      'writes a scenario, is told of a mistake, and sees what it does by hand in it',
      undefined,
      async (there) => {
        await there.click('button', /^Edit the scenario$/);
        await there.write(/^Scenario$/, 'raft 1\nservers 3\n@100ms crsh S1\n');
        await there.find('text', /line 3, column 8/i);
        await there.click('button', /^Write crash$/);
        await there.find('status', /^Runs as it stands here$/);
        assert.equal(await there.count('button', /^S\d, /), 3);
        await there.click('button', /^S2, /);
        await there.click('button', /^Crash$/);
        await there.frame();
        assert.match(await there.text('.cm-content'), /^raft 1servers 3@\d+(us|ms) crash S2@100ms crash S1$/);
        await (await there.find('field', /^Scenario$/)).focus();
        await there.page.keyboard.type('@2s rest');
        await there.find('option', /^restart/);
      },
    );

    visit('compares the ways to read and looks at a stale read', 'Four ways to read', async (there) => {
      await (await there.find('button', /^82 stale: list them$/)).click();
      await there.click('button', /C2 get x → nothing; put x=1 was acknowledged/);
      await there.find('button', /^C2: get x → none ✗ stale/);
      await there.press('z');
      await there.frame();
      assert.equal(await there.count('button', /^C2: get x → none ✗ stale/), 0);
    });

    visit('goes along a long log, and asks an entry who has it', undefined, async (there) => {
      await there.run(LONG_LOG);
      await there.press('End');
      await there.find('button', /^S1 entry [4-9]\d: /);
      await there.page.evaluate(() =>
        document.querySelector('raft-playground').shadowRoot.querySelector('.overview').focus(),
      );
      await there.press('Home');
      await there.click('button', /^S3 entry 2: x=1, term 1, committed/);
      await there.find('text', /3 of 3 servers; 2 are needed/);
      const { x, y } = await there.middle('button', /^Log of S2/);
      await there.page.mouse.move(x, y);
      await there.page.mouse.wheel({ deltaY: 4_000 });
      await there.find('button', /^S1 entry [4-9]\d: /);
      await there.find('button', /^S2, .*paused/);
    });

    visit('shares a link, opens it, and takes pictures and the trace away', undefined, async (there) => {
      await there.until('button', LEADER);
      await there.click('button', /^Share$/);
      await there.page.waitForFunction(
        () =>
          /\/is=\w{8}$/.test(
            document.querySelector('raft-playground').shadowRoot.querySelector('textarea')?.value ?? '',
          ),
        { polling: 50 },
      );
      await there.click('button', /^Copy$/);
      await there.find('status', /^Copied$/);
      await there.press('Escape');
      await there.frame();
      const copied = await there.pasted();
      assert.match(copied, /^http\S+#raft\+1\/\S+\/at=[\d.]+ms\/is=\w{8}$/);
      const at = await there.text('.clock');
      await there.page.goto('about:blank');
      await there.page.goto(copied);
      await there.find('button', LEADER);
      assert.equal(await there.text('.clock'), at);
      await there.press('x');
      for (const [name, file] of [
        [/^Cluster: SVG$/, 'cluster\\.svg'],
        [/^Cluster: PNG$/, 'cluster\\.png'],
        [/^Cluster: Animated SVG$/, 'cluster\\.animated\\.svg'],
        [/^Trace: JSON Lines$/, 'trace\\.jsonl'],
      ]) {
        await there.click('button', name);
        await there.find('text', new RegExp(`^Saved first-value\\.${file}, `));
      }
    });

    visit('names a branch, sets it beside another, and deletes it', undefined, async (there) => {
      await there.until('button', LEADER);
      await there.press('1');
      await there.press('c');
      for (let n = 0; n < 4; n += 1) await there.press('ArrowLeft');
      await there.press('2');
      await there.press('c');
      await there.find('button', /^S2, .*crashed/);
      await there.press('b');
      await there.click('button', /^Rename: what if: crash S2/);
      await there.fill(/^Name of the branch$/, 'without S2');
      await there.click('button', /^Name it$/);
      await there.click('button', /^Set beside the current one: main/);
      await there.find('text', /^(Here|In both) nobody leads/);
      await there.click('button', /^Delete: without S2/);
      await there.click('button', /^Delete it$/);
      await there.press('Escape');
      await there.frame();
      assert.equal(await there.count('button', /^S2, .*crashed/), 0);
    });

    visit(
      'shows one view alone, zooms the space-time diagram, and shows all again',
      undefined,
      async (there) => {
        await there.until('button', LEADER);
        for (let n = 0; n < 3; n += 1) await there.press('v');
        await there.frame();
        assert.equal(await there.count('button', /^S\d, /), 0);
        const ticks = await there.text('svg.ladder');
        const box = await there.page.evaluateHandle(() =>
          document.querySelector('raft-playground').shadowRoot.querySelector('svg.ladder'),
        );
        const { x, y, width } = await box.asElement().boundingBox();
        await there.page.mouse.move(x + width / 2, y + 60);
        await there.page.keyboard.down('Control');
        await there.page.mouse.wheel({ deltaY: -240 });
        await there.page.keyboard.up('Control');
        await there.frame();
        assert.notEqual(await there.text('svg.ladder'), ticks);
        await there.choose('Views shown', 'All views');
        await there.find('button', /^S1, /);
      },
    );

    visit('follows a lesson, answers its question, and goes back', undefined, async (there) => {
      await there.click('button', /^Lessons$/);
      await there.click('link', /^Consensus and the replicated log/);
      const step = (n) => there.find('status', new RegExp(n));
      await step('^One service, five servers');
      assert.ok(await there.has('button', /^S1, .*leader/), 'it begins with the cluster that it tells of');
      await there.click('button', /^Next$/);
      await step('^A client asks');
      for (const title of [
        'First, it is written down',
        'Three of five',
        'Same log',
        'The log decides',
        'A question',
      ]) {
        await there.press('g');
        await step(`^${title}`);
      }
      await there.click('button', /^Do it for me$/);
      await step('^Two may fail, not three');
      assert.equal(await there.count('button', /^S\d, .*crashed/), 2);
      await there.click('button', /^Back$/);
      await step('^A question');
      assert.equal(await there.count('button', /^S\d, .*crashed/), 0);
    });

    visit('goes to the front page, and from there to a scenario', undefined, async (there) => {
      await there.find('button', /^S1, /);
      await there.click('link', /^Raft Playground: front page$/);
      await there.page.waitForSelector('.lessons li:nth-child(18)');
      await there.page.$eval('.scenarios a[href$="=split-vote"]', (link) => link.click());
      await there.page.waitForFunction(() => location.search === '?scenario=split-vote', { polling: 50 });
      await there.find('button', /^S5, /);
    });

    test('plays on a page of another origin under a strict policy, and tells it what happens', {
      timeout: 180_000,
    }, async () => {
      const own = await serve('dist', '0', { 'Access-Control-Allow-Origin': '*' });
      const policy = `default-src 'none'; script-src ${own.address} 'wasm-unsafe-eval'; connect-src ${own.address}; img-src data:`;
      const folder = mkdtempSync(join(tmpdir(), 'embed-'));
      writeFileSync(
        join(folder, 'index.html'),
        `<!doctype html><title>A post</title><link rel="icon" href="data:,">
        <script type="module" src="${own.address}embed/raft-playground.js"></script>
        <raft-playground>${LONG_LOG}</raft-playground>`,
      );
      const other = await serve(folder, '0', { 'Content-Security-Policy': policy });
      const there = await Visit.open(trip.browser, other.address);
      await there.page.setViewport({ width: 1280, height: 620 }); // as high as the element: keys are for it
      await there.page.evaluate(() => {
        window.told = [];
        addEventListener('raft-event', ({ detail }) => window.told.push(detail.event.type));
      });
      await there.until('button', LEADER);
      await there.click('button', LEADER);
      await there.click('button', /^Crash$/);
      await there.find('button', /^S1, .*crashed/);
      const told = await there.page.evaluate(() => window.told);
      assert.ok(told.includes('Crashed'), told.join());
      assert.deepEqual(there.problems, [], 'problems in the console');
      await there.page.close();
      other.close();
      own.close();
    });

    test('asks nobody else for anything, and works without a network once it was visited', {
      timeout: 180_000,
    }, async () => {
      const own = await serve('dist', '0', { 'Content-Security-Policy': STRICT });
      const page = await trip.browser.newPage();
      const asked = new Set();
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.goto(own.address);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      assert.deepEqual(
        [...asked].filter((origin) => origin.startsWith('http')),
        [new URL(own.address).origin],
      );
      // Once the visit is over, what it had no need of is kept, for when there is no network.
      await page.goto(`${own.address}/sw.js`);
      await page.waitForFunction(async () => {
        const [name] = await caches.keys();
        const kept = await (await caches.open(name)).keys();
        return ['rest', 'editor', 'scenarios/figure-8'].every((part) =>
          kept.some(({ url }) => url.includes(`/later/${part}`)),
        );
      });
      await page.close();
      own.close();
      await assert.rejects(fetch(own.address), 'the server is gone');
      const there = await Visit.open(trip.browser, own.address);
      await there.until('button', LEADER);
      await there.click('button', LEADER);
      await there.click('button', /^Crash$/);
      await there.until('button', /^S\d, .*crashed/);
      await there.click('button', /^Edit the scenario$/);
      await there.find('field', /^Scenario$/);
      await there.find('status', /^Runs as it stands here$/);
      assert.equal(await there.count('text', /could not be fetched/), 0);
      await there.page.close();
    });
  });
}

const missing = BROWSERS.find(({ skip }) => skip)?.skip ?? false;
test('a link made in one browser replays in the other, and on the command line', {
  skip: missing,
  timeout: 360_000,
}, async () => {
  const server = await serve('dist', '0', { 'Content-Security-Policy': STRICT });
  const [first, second] = BROWSERS;
  const made = await inBrowser(first, server.address, async (there) => {
    await there.until('button', LEADER);
    await there.click('button', LEADER);
    await there.click('button', /^Crash$/);
    await there.find('button', /^S\d, .*crashed/);
    await there.page.waitForFunction(() => /crash\+S\d.*\/is=/.test(location.hash), { polling: 50 });
    return { link: await there.page.evaluate(() => location.href), clock: await there.text('.clock') };
  });
  const { link, clock } = made;
  await inBrowser(second, link, async (there) => {
    await there.find('button', /^S\d, .*crashed/);
    assert.equal(await there.text('.clock'), clock);
    await there.page.waitForFunction(
      (was) => location.href !== was || performance.now() > 4000,
      { polling: 50 },
      link,
    );
    assert.equal(await there.page.evaluate(() => location.href), link, 'the same fingerprint rides along');
    assert.equal(await there.count('text', /different/), 0);
  });
  const raft = ['run', '--quiet', '--locked', '--package', 'raft-cli', '--', 'run', link];
  const told = execFileSync('cargo', raft, { encoding: 'utf8' });
  assert.match(told, new RegExp(`fingerprint ${/is=([\da-f]{8})$/.exec(link)?.[1]}`));
  server.close();
});

/** A visit to this address that ends without a problem in the console. */
async function inBrowser(kind, address, journey) {
  const browser = await launch(kind);
  try {
    const there = await Visit.open(browser, address);
    const result = await journey(there);
    assert.deepEqual(there.problems, [], 'problems in the console');
    return result;
  } finally {
    await browser.close();
  }
}
