// @vitest-environment happy-dom

// The pictures of ten scenarios at a telling moment, and of two states made by hand, each as a file beside this test that a browser
// shows: a change of a picture is reviewed by looking.

import { readFileSync } from 'node:fs';
import { render, type TemplateResult } from 'lit-html';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../engine.ts';
import { Painter } from '../../picture.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { linesOf, standalone } from '../../standalone.ts';
import { INITIAL } from '../../store.ts';
import type { Pick } from '../../views/contract.ts';
import { ladder } from '../../views/ladder.ts';
import { logs } from '../../views/logs.ts';
import { ring } from '../../views/ring.ts';
import { timeline } from '../../views/timeline.ts';
import { aUi } from '../frames.ts';
import { handmadeRun } from '../gallery/run.ts';
import { type State, states } from '../gallery/states.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const nothing = () => {};
const server = (id: string): Pick => ({ type: 'server', id });
const SHEETS = ['tokens', 'terms', 'pictures', 'others', 'more'].map((name) => `../../../style/${name}.css`);

const compare = async (template: TemplateResult, name: string): Promise<void> => {
  const place = document.createElement('div');
  render(template, place);
  const drawn = standalone(place.firstElementChild as Element, SHEETS);
  await expect(drawn).toMatchFileSnapshot(`snapshots/${name}.svg`);
};

/** When to look, at how much of the time before, and what is picked. */
const SCENES: readonly (readonly [name: string, ms: number, before: number, picked: Pick | null])[] = [
  ['leader-crash', 978, 240, null],
  ['split-vote', 119, 40, null],
  ['follower-repaired', 1640, 180, server('S3')],
  ['minority-partition', 1320, 120, { type: 'entry', server: 'S1', index: 3 }],
  ['figure-8', 728, 320, server('S1')],
  ['power-failure', 365, 80, null],
  ['stale-read', 815, 140, null],
  ['joint-consensus', 815, 60, server('S1')],
  ['clock-jump-lease', 1466, 100, null],
  ['two-phase-commit-blocks', 1520, 520, null],
];

describe.each(SCENES)('%s', (name, ms, before, picked) => {
  const picture = () => {
    const session = WasmSession.open(readFileSync(`scenarios/${name}.raft`, 'utf8')) as Session;
    session.playTo(ms * 1000, 1e6);
    const size = {
      ...INITIAL.size,
      ring: { width: 460, height: 420 },
      logs: { width: 560, height: 330 },
      ladder: { width: 920, height: 400 },
    };
    const window = { fromUs: (ms - before) * 1000, toUs: (ms + before * 0.15) * 1000 };
    return new Painter(session).paint({ ...INITIAL, size, window, picked }, null);
  };

  test('ring', async () => {
    const { frame, ui } = picture();
    await compare(ring(frame, ui, nothing), `${name}.ring`);
  });
  test('logs', async () => {
    const { frame, ui } = picture();
    await compare(logs(frame, ui, nothing), `${name}.logs`);
  });
  test('ladder', async () => {
    const { ui, ladder: data } = picture();
    await compare(ladder(data, ui, nothing), `${name}.ladder`);
  });
});

test('while a run goes on what the legend of the logs tells stays in its place', () => {
  const places = new Map<string, Set<string | null>>();
  const session = WasmSession.open(readFileSync('scenarios/power-failure.raft', 'utf8')) as Session;
  const size = { ...INITIAL.size, logs: { width: 900, height: 330 } };
  for (let ms = 0; ms < 1000; ms += 10) {
    session.playTo(ms * 1000, 1e6);
    const place = document.createElement('div');
    const { frame, ui } = new Painter(session).paint({ ...INITIAL, size }, null);
    render(logs(frame, ui, nothing), place);
    for (const item of place.querySelectorAll('.log-legend > g')) {
      const words = item.textContent?.trim() ?? '';
      places.set(words, (places.get(words) ?? new Set()).add(item.getAttribute('transform')));
    }
  }
  expect([...places.keys()]).toEqual(
    expect.arrayContaining(['committed', 'page cache', 'next to send', 'probes']),
  );
  for (const [words, found] of places) expect([...found], words).toHaveLength(1);
});

for (const name of ['cuts', 'nine']) {
  const { frame, ui } = states[name] as State;
  test(`ring: ${name}`, async () => compare(ring(frame, aUi(500, 400, ui), nothing), `${name}.ring`));
}

test('a picture stands alone: looks of its own, and nothing in it for hands only', () => {
  const place = document.createElement('div');
  place.innerHTML =
    '<svg class="picture  ring" width="9" role="group"><!--?--><path d=""/><rect class="hit" /><g tabindex="0" style="fill:red"> <text> a &lt; b </text> </g><path d="M0 0" class="dark"/></svg>';
  const looks = {
    of: ({ localName }: Element) => (localName === 'path' ? null : localName === 'g' ? '' : 'a'),
  };
  expect(linesOf(place.firstElementChild as Element, looks)).toEqual([
    '<svg class="a" width="9">',
    ' <g>',
    '  <text class="a">a &lt; b</text>',
    ' </g>',
    '</svg>',
  ]);
});

test('timeline', async () => {
  const { frame } = states.steady as State;
  const past = { ...frame, atUs: 1_284_600, endUs: 1_400_000 };
  const ui = aUi(1000, 28, { atUs: past.atUs, window: { fromUs: 900_000, toUs: 1_400_000 } });
  await compare(timeline({ frame: past, lanes: handmadeRun().lanes }, ui, nothing), 'timeline');
});
