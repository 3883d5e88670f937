// @vitest-environment happy-dom

// What a person does in the pictures, and what they dispatch.

import { render, type TemplateResult } from 'lit-html';
import { beforeEach, expect, test } from 'vitest';
import type { PictureAction, Ui } from '../../views/contract.ts';
import { ladder } from '../../views/ladder.ts';
import { logs } from '../../views/logs.ts';
import { ring } from '../../views/ring.ts';
import { timeline } from '../../views/timeline.ts';
import { aUi, flightsOf } from '../frames.ts';
import { handmadeRun } from '../gallery/run.ts';
import { type State, states } from '../gallery/states.ts';

let actions: PictureAction[] = [];
const dispatch = (action: PictureAction) => void actions.push(action);
const { frame } = states.steady as State;
const past = { ...frame, atUs: 1_200_000, endUs: 1_400_000 };
const window_ = { fromUs: 900_000, toUs: 1_400_000 };

beforeEach(() => {
  actions = [];
});

const draw = (template: TemplateResult): Element => {
  const place = document.createElement('div');
  render(template, place);
  document.body.replaceChildren(place);
  return place.firstElementChild as Element;
};
const drawRing = (ui = {}) => draw(ring(frame, aUi(500, 400, ui), dispatch));
const drawLogs = (ui = {}) => draw(logs(frame, aUi(500, 300, { logCount: 4, ...ui }), dispatch));
/** 500 ms from x = 56 to x = 556: a pixel is a millisecond. */
const drawLadder = () =>
  draw(
    ladder({ frame: past, ...handmadeRun() }, aUi(568, 340, { atUs: past.atUs, window: window_ }), dispatch),
  );

const part = (picture: Element, selector: string): Element => {
  const found = picture.querySelector(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
};
const labelled = (picture: Element, label: string): Element => part(picture, `[aria-label^="${label}"]`);
const click = (element: Element) => element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
const press = (element: Element, key: string, given = {}) =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...given }));
const pointer = (element: Element, type: string, x: number, y = 100, given = {}) => {
  element.setPointerCapture ??= () => {};
  const event = new PointerEvent(type, {
    bubbles: true,
    clientX: x,
    clientY: y,
    buttons: 1,
    pointerId: 1,
    ...given,
  });
  element.dispatchEvent(event);
};

test('everything in the ring can be picked, with the pointer and with the keyboard', () => {
  const picture = drawRing();
  click(labelled(picture, 'S2, '));
  press(labelled(picture, 'S2, '), 'Enter');
  press(labelled(picture, 'S2, '), 'x');
  press(labelled(picture, 'Client C1'), ' ');
  click(labelled(picture, 'Link S1 to S2'));
  click(labelled(picture, 'S3 to S1, sends entries'));
  expect(actions).toMatchObject([
    { type: 'serverPicked', id: 'S2' },
    { type: 'serverPicked', id: 'S2' },
    { type: 'clientPicked', id: 'C1' },
    { type: 'linkPicked', from: 'S1', to: 'S2' },
    { type: 'messagePicked' },
  ]);
  actions = [];
  click(part(picture, '.ground'));
  expect(actions).toEqual([{ type: 'nothingPicked' }]);
});

test('the keyboard reaches messages only while time stands still, and the links of the picked server', () => {
  const reach = (picture: Element, label: string) => labelled(picture, label).getAttribute('tabindex');
  expect(reach(drawRing(), 'S3 to S1')).toBe('0');
  expect(
    drawRing({ atUs: frame.atUs, flights: flightsOf(frame) }).querySelector('[aria-label^="S3 to S1"]'),
  ).toBeNull();
  const picked = drawRing({ picked: { type: 'server', id: 'S2' } });
  expect(reach(picked, 'Link S2 to S5')).toBe('0');
  expect(reach(picked, 'Link S1 to S5')).toBe('-1');
});

test('while time runs a click picks the message nearest to it', () => {
  const place = labelled(drawRing(), 'S3 to S1, sends entries').getAttribute('transform') ?? '';
  const [x = 0, y = 0] = place.match(/[\d.]+/g)?.map(Number) ?? [];
  const picture = drawRing({ atUs: frame.atUs, flights: flightsOf(frame) });
  picture.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: x + 3, clientY: y - 4 }));
  expect(actions).toMatchObject([{ type: 'messagePicked' }]);
});

/** Draws a line over the ring; the page follows, as it does. */
const drawOver = (points: readonly (readonly [number, number])[], given: Partial<Ui> = {}): string[] => {
  let ui: Partial<Ui> = given;
  const lines: string[] = [];
  const place = window.document.createElement('div');
  const follow = (action: PictureAction) => {
    if (action.type === 'gestured') ui = { ...ui, gesture: action.gesture };
    if (action.type === 'gestureDone') lines.push(action.line);
    again();
  };
  const again = () => render(ring(frame, aUi(500, 400, ui), follow), place);
  again();
  const picture = place.firstElementChild as Element;
  const [first, ...others] = points;
  pointer(picture, 'pointerdown', first?.[0] ?? 0, first?.[1], { isPrimary: true, button: 0 });
  for (const [x, y] of others) pointer(picture, 'pointermove', x, y);
  const last = points[points.length - 1];
  pointer(picture, 'pointerup', last?.[0] ?? 0, last?.[1]);
  return lines;
};
const middleOf = (label: string): readonly [number, number] => {
  const at = labelled(drawRing(), label).getAttribute('transform') ?? '';
  const [x = 0, y = 0] = at.match(/[\d.]+/g)?.map(Number) ?? [];
  return [x, y];
};

test('a line drawn from one server to another cuts that direction', () => {
  const [from, to] = [middleOf('S2, '), middleOf('S5, ')];
  expect(drawOver([from, [250, 200], to])).toEqual(['cut S2->S5']);
  expect(drawOver([from, [250, 200]])).toEqual([]);
  expect(drawOver([from, [from[0] + 3, from[1]]]), 'an unsteady click').toEqual([]);
});

test('a loop drawn around some servers splits them off', () => {
  const [x, y] = middleOf('S1, ');
  const loop = [
    [x - 70, y - 40],
    [x + 70, y - 40],
    [x + 70, y + 60],
    [x - 70, y + 60],
  ] as const;
  expect(drawOver(loop)).toEqual(['partition S1 | S2 S3 S4 S5']);
  expect(drawOver(loop.map(([a]) => [a, 5] as const))).toEqual([]);
});

test('an election timer dragged to empty fires, and let go before does not', () => {
  const [x, y] = middleOf('S1, ');
  const r = Number(part(labelled(drawRing(), 'S1, '), '.timer-track').getAttribute('r'));
  const at = (left: number) =>
    [x + r * Math.sin(left * 2 * Math.PI), y - r * Math.cos(left * 2 * Math.PI)] as const;
  expect(drawOver([at(0.8), at(0.5), at(0.3), at(0.02)])).toEqual(['timeout S1']);
  expect(drawOver([at(0.8), at(0.5), at(0.3), at(0.9)]), 'over the top is empty too').toEqual(['timeout S1']);
  expect(drawOver([at(0.8), at(0.5)])).toEqual([]);
});

test('an entry and its server can be picked in the logs', () => {
  const picture = drawLogs();
  click(labelled(picture, 'S1 entry 2'));
  press(labelled(picture, 'Log of S4'), 'Enter');
  expect(actions).toEqual([
    { type: 'entryPicked', server: 'S1', index: 2 },
    { type: 'serverPicked', id: 'S4' },
  ]);
});

test('the logs scroll with any wheel, and follow the end again when they reach it', () => {
  const wheel = (deltaX: number, deltaY = 0, ui = {}) =>
    drawLogs({ logFrom: 2, ...ui }).dispatchEvent(
      new WheelEvent('wheel', { deltaX, deltaY, bubbles: true, cancelable: true }),
    );
  wheel(37);
  wheel(-1000);
  wheel(0, 37);
  wheel(1000);
  wheel(-50, 0, { logFrom: 1 });
  expect(actions).toEqual([
    { type: 'logScrolled', from: 2.5 },
    { type: 'logScrolled', from: 1 },
    { type: 'logScrolled', from: 2.5 },
    { type: 'logScrolled', from: null },
  ]);
});

test('a hand pulls the logs along, and a pull picks nothing', () => {
  const picture = drawLogs({ logFrom: 2 });
  const cell = labelled(picture, 'S1 entry 2');
  picture.setPointerCapture = () => {};
  pointer(cell, 'pointerdown', 200, 100, { isPrimary: true });
  pointer(cell, 'pointermove', 198);
  expect(actions).toEqual([]);
  pointer(cell, 'pointermove', 163);
  click(cell);
  expect(actions).toEqual([{ type: 'logScrolled', from: 2.5 }]);
});

test('keys on the overview of the logs go along them, and the switch lets go of their end', () => {
  const picture = drawLogs({ logFrom: 2.5, logFollows: false });
  const slider = part(picture, '.overview');
  for (const key of ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'a']) press(slider, key);
  press(part(picture, '.follow'), 'Enter');
  click(part(drawLogs({ logFrom: 4 }), '.follow'));
  expect(actions.map((action) => (action as { from: unknown }).from)).toEqual([
    2,
    3,
    1,
    null,
    1,
    null,
    null,
    4,
  ]);
  expect(slider.getAttribute('aria-valuetext')).toBe('entries 3 to 5 of 7');
});

test('the playhead follows the pointer and the arrow keys', () => {
  const picture = drawLadder();
  pointer(part(picture, '.axis-hit'), 'pointerdown', 156);
  pointer(part(picture, '.playhead'), 'pointermove', 206);
  pointer(part(picture, '.playhead'), 'pointermove', 9999);
  pointer(part(picture, '.playhead'), 'pointermove', 300, 0, { buttons: 0 });
  press(part(picture, '.playhead'), 'ArrowRight');
  press(part(picture, '.playhead'), 'ArrowLeft', { shiftKey: true });
  press(part(picture, '.playhead'), 'Home');
  const times = actions.map((action) => action.type === 'scrubbed' && action.atUs);
  expect(times).toEqual([1_000_000, 1_050_000, 1_400_000, 1_205_000, 1_150_000, 0]);
});

test('dragging the ladder pans, two fingers zoom, a click picks a message', () => {
  const ground = part(drawLadder(), '.ladder-ground');
  pointer(ground, 'pointerdown', 300);
  pointer(ground, 'pointermove', 302);
  expect(actions, 'a hand is never quite still').toEqual([]);
  pointer(ground, 'pointermove', 400);
  pointer(ground, 'pointerup', 400);
  expect(actions).toEqual([{ type: 'windowMoved', fromUs: 800_000, toUs: 1_300_000 }]);
  actions = [];
  pointer(ground, 'pointerdown', 156);
  pointer(ground, 'pointerdown', 256, 100, { pointerId: 2 });
  pointer(ground, 'pointermove', 356, 100, { pointerId: 2 });
  pointer(ground, 'pointerup', 356, 100, { pointerId: 2 });
  pointer(ground, 'pointerup', 156);
  expect(actions).toEqual([{ type: 'windowMoved', fromUs: 950_000, toUs: 1_200_000 }]);
  actions = [];
  const [arrow] = handmadeRun().arrows.subarray(1, 2);
  pointer(ground, 'pointerdown', 68, 49);
  pointer(ground, 'pointerup', 68, 49);
  expect(actions).toMatchObject([{ type: 'messagePicked', id: arrow }]);
});

test('a wheel with Ctrl zooms around the pointer, a sideways one pans, a plain one is the page’s', () => {
  const picture = drawLadder();
  const wheel = (given: WheelEventInit) => {
    const event = new WheelEvent('wheel', { bubbles: true, cancelable: true, ...given });
    Object.assign(event, { clientX: 306, ctrlKey: given.ctrlKey ?? false }); // happy-dom's wheels are no mouse events
    picture.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(wheel({ deltaY: 50 })).toBe(false);
  expect(wheel({ deltaX: 50 })).toBe(true);
  expect(wheel({ deltaY: -100, ctrlKey: true })).toBe(true);
  const [panned, zoomed] = actions as { fromUs: number; toUs: number }[];
  expect(panned).toMatchObject({ fromUs: 950_000, toUs: 1_450_000 });
  const factor = Math.exp(-0.6); // as much as one turn does at most
  expect(zoomed?.fromUs).toBeCloseTo(1_150_000 - 250_000 * factor);
  expect(zoomed?.toUs).toBeCloseTo(1_150_000 + 250_000 * factor);
});

test('the timeline is a slider', () => {
  const picture = draw(
    timeline(
      { frame: past, lanes: handmadeRun().lanes },
      aUi(1016, 28, { atUs: past.atUs, window: window_ }),
      dispatch,
    ),
  );
  expect(picture.getAttribute('role')).toBe('slider');
  expect(picture.getAttribute('aria-valuenow')).toBe('1200000');
  pointer(picture, 'pointerdown', 8 + 500); // of 1000 px for 1.5 s
  press(picture, 'ArrowRight');
  press(picture, 'End');
  expect(actions.map((action) => action.type === 'scrubbed' && action.atUs)).toEqual([
    750_000, 1_205_000, 1_400_000,
  ]);
});

test('the way to what is picked is lit, message by message and along the lanes between them', () => {
  // From S1 to S3, 20 ms there, and an answer.
  const arrows = new Float64Array([
    ...[7, 3, 0, 2, 2, 4, 1_000_000, 1_040_000, 1, 1],
    ...[9, 4, 2, 0, 3, 4, 1_060_000, 1_100_000, 1, 0],
    ...[11, 5, 0, 2, 2, 4, 1_110_000, 1_150_000, 1, 0],
  ]);
  const ui = aUi(568, 340, { atUs: past.atUs, window: window_, picked: { type: 'message', id: 4, seq: 9 } });
  const data = { frame: past, ...handmadeRun(), arrows, chain: new Set([7, 9]) };
  const picture = draw(ladder(data, ui, dispatch));
  const lane = Number(
    labelled(picture, 'Lane of S3')
      .getAttribute('transform')
      ?.match(/ ([\d.]+)\)/)?.[1],
  );
  expect(part(picture, '.chain').getAttribute('d')).toMatch(new RegExp(`^M156 .*M196 ${lane}H216$`));
  expect(part(picture, '.picked-arrow').getAttribute('d')).toContain(`M216 ${lane}`);
});

test('the diagram is zoomed by its buttons and by pointing twice', () => {
  const picture = drawLadder();
  click(labelled(picture, 'Zoom in'));
  press(labelled(picture, 'Zoom out'), 'Enter');
  expect(actions).toEqual([
    { type: 'windowMoved', fromUs: 1_025_000, toUs: 1_275_000 },
    { type: 'windowMoved', fromUs: 650_000, toUs: 1_650_000 },
  ]);
});
