// @vitest-environment happy-dom

// Each picture in a few states, as a file beside this test that a browser shows: a change of a picture is reviewed by looking.

import { render, type TemplateResult } from 'lit-html';
import { expect, test } from 'vitest';
import { ladder } from '../../views/ladder.ts';
import { logs } from '../../views/logs.ts';
import { ring } from '../../views/ring.ts';
import { timeline } from '../../views/timeline.ts';
import { aUi } from '../frames.ts';
import { handmadeRun } from '../gallery/run.ts';
import { type State, states } from '../gallery/states.ts';

const nothing = () => {};

const SHEETS = ['tokens', 'terms', 'pictures']
  .map((name) => `<?xml-stylesheet href="../../../style/${name}.css"?>\n`)
  .join('');

/** The picture as a document of its own. */
const document = (template: TemplateResult): string => {
  const place = window.document.createElement('div');
  render(template, place);
  const markup = place.innerHTML
    .replace(/<!--.*?-->/g, '')
    .replace(/>\s+</g, '>\n<')
    .replace(/\s+(?=[\w-]+=|\/?>)/g, ' ')
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return `${SHEETS}${markup}\n`;
};

for (const name of ['steady', 'election', 'parted', 'cuts', 'nine']) {
  const { frame, ui } = states[name] as State;
  test(`ring: ${name}`, async () => {
    await expect(document(ring(frame, aUi(500, 400, ui), nothing))).toMatchFileSnapshot(
      `snapshots/ring-${name}.svg`,
    );
  });
}

for (const name of ['steady', 'parted']) {
  const { frame, ui } = states[name] as State;
  test(`logs: ${name}`, async () => {
    const drawn = logs(frame, aUi(560, 290, { logCount: 8, ...ui }), nothing);
    await expect(document(drawn)).toMatchFileSnapshot(`snapshots/logs-${name}.svg`);
  });
}

const { frame } = states.steady as State;
const past = { ...frame, atUs: 1_284_600, endUs: 1_400_000 };

test('ladder', async () => {
  const ui = aUi(1000, 340, { window: { fromUs: 900_000, toUs: 1_400_000 } });
  await expect(document(ladder({ frame: past, ...handmadeRun() }, ui, nothing))).toMatchFileSnapshot(
    'snapshots/ladder.svg',
  );
});

test('timeline', async () => {
  const ui = aUi(1000, 28, { window: { fromUs: 900_000, toUs: 1_400_000 } });
  const drawn = timeline({ frame: past, lanes: handmadeRun().lanes }, ui, nothing);
  await expect(document(drawn)).toMatchFileSnapshot('snapshots/timeline.svg');
});
