// What hands do with the pictures and the controls, in Chromium and in Firefox.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { BROWSERS, travel } from './browsers.mjs';

const LEADER = /^S\d, .*leader/;
const LOGS = '[data-picture=logs] > svg';
const LADDER = '[data-picture=ladder] > svg';
/** Two candidates in one moment: each refuses the other its vote. */
const RIVALS = 'raft 1\nservers 3\n@100ms timeout S1\n@100ms timeout S2\n@1s end\n';

for (const browserKind of BROWSERS) {
  describe(browserKind.name, { skip: browserKind.skip }, () => {
    const { visit } = travel(browserKind);

    visit(
      'empties a timer, then drops, holds, hurries and doubles messages in flight',
      undefined,
      async (there) => {
        const { middle, width } = await there.box('.server .body');
        const out = width / 2 + 6;
        const ring = [
          [-1, 0],
          [-0.7, 0.7],
          [0.7, 0.7],
          [1, 0],
          [0.05, -1],
        ];
        await there.drag(
          ring.map(([right, down]) => ({ x: middle.x + right * out, y: middle.y + down * out })),
        );
        await there.find('button', /^S1, .*candidate/);
        await there.until('button', /^S1 to S5, /);
        const does = async (to, deed) => {
          const { middle } = await there.box(`[aria-label^="S1 to ${to}, "] .hit`);
          await there.page.mouse.click(middle.x, middle.y);
          await there.click('button', deed);
        };
        await does('S2', /^Drop$/);
        await there.find('button', /^S1 to S2, lost$/);
        await does('S3', /^Hold$/);
        await there.find('button', /^S1 to S3, .*, held/);
        await does('S4', /^Duplicate$/);
        await there.page.waitForFunction(
          () =>
            document
              .querySelector('raft-playground')
              .shadowRoot.querySelectorAll('[aria-label^="S1 to S4, "]').length === 2,
        );
        await does('S5', /^Deliver now$/);
        await there.find('button', /^S5, .*voted for S1/);
        await there.find('button', /^Undo deliver m/);
      },
    );

    visit(
      'moves and zooms the diagram by wheel, hand and finger, and asks an arrow what led to it',
      undefined,
      async (there) => {
        await there.until('button', LEADER);
        const { x, y, width } = await there.box(LADDER);
        const at = (part) => ({ x: x + width * part, y: y + 75 });
        const ticks = () => there.text(LADDER);
        const changes = async (deed) => {
          const before = await ticks();
          await deed();
          await there.frame();
          assert.notEqual(await ticks(), before);
        };
        const { mouse, touchscreen } = there.page;
        await mouse.move(at(0.5).x, at(0.5).y);
        await changes(() => mouse.wheel({ deltaX: 200 }));
        await changes(() => there.drag([at(0.5), at(0.7)]));
        await changes(async () => {
          await there.page.keyboard.down('Control');
          await mouse.wheel({ deltaY: 240 });
          await there.page.keyboard.up('Control');
        });
        await changes(async () => {
          const finger = await touchscreen.touchStart(at(0.6).x, at(0.6).y);
          for (const part of [0.55, 0.45, 0.35]) await finger.move(at(part).x, at(part).y);
          await finger.end();
        });
        await changes(async () => {
          const fingers = [
            await touchscreen.touchStart(at(0.4).x, at(0.4).y),
            await touchscreen.touchStart(at(0.6).x, at(0.6).y),
          ];
          await fingers[0].move(at(0.3).x, at(0.3).y);
          await fingers[1].move(at(0.7).x, at(0.7).y);
          for (const finger of fingers) await finger.end();
        });
        await there.press('0');
        await (await there.find('button', /leader of term/)).evaluate((mark) => mark.focus());
        await there.press('Enter');
        await there.page.waitForFunction(() =>
          document.querySelector('raft-playground').shadowRoot.querySelector('.chain')?.getAttribute('d'),
        );
        await there.find('text', /majority of the voters/);
      },
    );

    visit('says why a vote and an entry are kept back', undefined, async (there) => {
      await there.run(RIVALS);
      await there.until('button', /^S2 to S1, .*, no$/, 'ArrowRight');
      const { middle } = await there.box('[aria-label^="S2 to S1, "][aria-label$=", no"] .hit');
      await there.page.mouse.click(middle.x, middle.y);
      await there.box('#inspector .inspect-answer');
      assert.match(await there.text('#inspector .inspect-answer'), /^Why was this refused\?.*vote/s);
      await there.until('button', LEADER);
      for (const key of ['2', 'i', 'a']) await there.press(key);
      await there.until('button', /^S2 entry 2: x=1, term 1, not committed/);
      await there.click('button', /^S2 entry 2: x=1, /);
      await there.find('text', /1 of 3 servers; 2 are needed/);
      assert.match(await there.text('#inspector .inspect-answer'), /^Why is this not committed\?/);
    });

    visit(
      'turns power, clocks, disks, members, loads and messages by the controls, a line each',
      undefined,
      async (there) => {
        await there.until('button', LEADER);
        const undo = (line) => there.find('button', new RegExp(`^Undo ${line}`));
        await there.click('button', /^Leader$/); // not that one
        await there.click('button', /^S2$/);
        await there.click('button', /^Power off/);
        await undo('power-off S2');
        await there.find('button', /^S2, .*no power/);
        await there.click('tab', /^Disk$/);
        await there.choose('The disk', 'lies');
        await undo('set disk S2 lies');
        await there.click('tab', /^Clocks$/);
        await there.fill(/^By$/, '-20');
        await there.click('button', /^Jump$/);
        await undo('clock-jump S2 -20ms');
        await there.click('tab', /^Network$/);
        await there.fill(/^Loss$/, '10');
        await undo('set loss 10%');
        await there.click('tab', /^Clients$/);
        await there.click('button', /^Start$/);
        await undo('load C1');
        await there.click('tab', /^Members$/);
        await there.click('button', /^S4$/);
        await there.click('button', /^Remove$/);
        await undo('remove .*S4');
      },
    );

    visit(
      'makes room for a part, goes along the tape, and from one notable event to the next',
      undefined,
      async (there) => {
        await there.click('button', /^On to the next notable event$/);
        await there.frame();
        assert.notEqual(await there.text('[role=status]'), '', 'it is spoken');
        const at = await there.text('.clock');
        await there.click('button', /^On to the next notable event$/);
        await there.click('button', /^Back to the last notable event$/);
        await there.frame();
        assert.equal(await there.text('.clock'), at);
        const line = (await there.box('.divider[aria-orientation=vertical]')).middle;
        const { width } = await there.box('section.cluster');
        await there.drag([line, { x: line.x - 60, y: line.y }]);
        assert.ok((await there.box('section.cluster')).width < width - 40);
        await there.press('End');
        const tape = await there.box('[data-picture=timeline] > svg');
        const end = Number.parseFloat(await there.text('.clock'));
        await there.drag([tape.middle, { x: tape.x + tape.width / 4, y: tape.middle.y }]);
        assert.ok(Number.parseFloat(await there.text('.clock')) < end / 2);
      },
    );

    visit(
      'on a phone passes the hints over, looks through the tabs, opens the controls and the help',
      undefined,
      async (there) => {
        await there.page.setViewport({ width: 390, height: 844, hasTouch: true });
        const tap = async (role, name) => (await there.find(role, name)).tap();
        for (const words of [/^Next$/, /^Next$/, /^Done$/]) await tap('button', words);
        await there.frame();
        assert.equal(await there.count('button', /^(Next|Done)$/), 0);
        for (const [tab, shown] of [
          [/^Logs$/, LOGS],
          [/^Space-time$/, LADDER],
          [/^Events$/, '#events'],
          [/^Cluster$/, '.server'],
        ]) {
          await tap('tab', tab);
          await there.box(shown);
        }
        await tap('button', /^Controls$/);
        await there.choose('Group of controls', 'Rules');
        await tap('button', /^One vote a term$/);
        await there.find('button', /^Undo off one-vote$/);
        await there.press('?');
        await there.find('text', /^On to the next notable event$/);
        await there.press('Escape');
        await there.frame();
        assert.equal(await there.count('text', /^On to the next notable event$/), 0);
      },
    );

    visit('is told what to do where the clipboard is kept from pages', undefined, async (there) => {
      const to = (clipboard) =>
        there.page.evaluate((refuses) => {
          const writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
          Object.defineProperty(navigator, 'clipboard', {
            value: refuses ? { writeText } : undefined,
            configurable: true,
          });
          document.execCommand = () => false;
        }, clipboard === 'refuses');
      await there.click('button', /^Share$/);
      for (const [clipboard, way] of [
        ['refuses', /^Markdown$/],
        ['is missing', /^Tag$/],
      ]) {
        await to(clipboard);
        await there.click('button', way);
        await there.find('status', /^\d+ characters$/);
        await there.click('button', /^Copy$/);
        await there.find('status', /The text is selected: press Ctrl\+C/);
        const [chosen, whole] = await there.page.evaluate(() => {
          const field = document.querySelector('raft-playground').shadowRoot.activeElement;
          return [field.value.slice(field.selectionStart, field.selectionEnd), field.value];
        });
        assert.equal(chosen, whole, clipboard);
      }
    });
  });
}
