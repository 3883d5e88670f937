// @vitest-environment happy-dom

// What a frame asks of the engine, and what it draws, while time runs.

import { readFileSync } from 'node:fs';
import { render } from 'lit-html';
import { expect, test } from 'vitest';
import '../../at-once.ts';
import type { Session } from '../../engine.ts';
import { HELD } from '../../late.ts';
import { Painter, type Part, type Picture } from '../../picture.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { INITIAL, SPEEDS, type State } from '../../store.ts';
import type { Ui } from '../../views/contract.ts';
import { page } from '../../views/page.ts';
import { ring } from '../../views/ring.ts';
import { aUi, flightsOf } from '../frames.ts';
import { states } from '../gallery/states.ts';

initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });

const BUSY = `raft 1
servers 9
clients 9
set latency 180ms..220ms
@0ms timeout S1
${Array.from({ length: 9 }, (_, n) => `@500ms load C${n + 1} put every 20ms`).join('\n')}`;
const size = {
  ring: { width: 600, height: 420 },
  logs: { width: 560, height: 330 },
  ladder: { width: 920, height: 400 },
  timeline: { width: 1000, height: 28 },
};

/** Plays on frame by frame at the speed of time; `each` sees what was asked of the engine for each. */
function play(
  frames: number,
  each: (picture: Picture, asked: readonly string[], state: State) => void,
  speed = INITIAL.speed,
  given: Partial<State> = {},
): void {
  const engine = WasmSession.open(BUSY) as Session;
  let asked: string[] = [];
  const session = new Proxy(engine, {
    get: (target, name: keyof Session) =>
      typeof target[name] !== 'function'
        ? target[name]
        : (...given: unknown[]) => {
            asked.push(name);
            return (target[name] as (...given: unknown[]) => unknown).apply(target, given);
          },
  });
  const painter = new Painter(session);
  let state: State = { ...INITIAL, phase: 'ready', playing: true, size, speed, ...given };
  engine.playTo(2_000_000, 1e6);
  for (let n = 0; n < frames; n += 1) {
    const atUs = engine.playTo(2_000_000 + n * 16_667, 1e6);
    state = { ...state, atUs, window: { fromUs: atUs - 300_000, toUs: atUs + 100_000 } };
    asked = [];
    each(painter.paint(state, null), asked, state);
  }
}

test('a frame asks the engine for what flies, and for no more than one thing besides that takes long', () => {
  const often = new Map<string, number>();
  play(161, (_, asked, { atUs }) => {
    if (atUs === 2_000_000) return; // the first asks for all
    expect(asked).toContain('flights');
    const long = asked.filter((name) => ['frame', 'outline', 'events'].includes(name));
    expect(new Set(long).size, asked.join()).toBeLessThanOrEqual(1);
    expect(asked.includes('arrows') && asked.includes('frame'), asked.join()).toBe(false);
    for (const name of asked) often.set(name, (often.get(name) ?? 0) + 1);
  });
  expect(often.get('flights')).toBe(160);
  expect(often.get('frame')).toBe(40);
  expect(often.get('arrows')).toBe(40);
  expect(often.get('lanes')).toBe(40);
  expect(often.get('outline')).toBe(9); // by its first turn nothing has changed
});

test('while time runs no two parts are drawn in one frame, and each has its turn', () => {
  const turns = new Map<Part, number>();
  let before: Picture['turns'] | null = null;
  play(65, (picture) => {
    if (before !== null) {
      const due = (Object.keys(before) as Part[]).filter((part) => before?.[part] !== picture.turns[part]);
      expect(due.length, due.join()).toBeLessThanOrEqual(1);
      for (const part of due) turns.set(part, (turns.get(part) ?? 0) + 1);
    }
    before = picture.turns;
  });
  expect(Object.fromEntries(turns)).toEqual({
    ...{ ring: 16, ladder: 16, logs: 16 },
    ...{ timeline: 4, events: 2, inspector: 4, controls: 2 },
  });
});

test('where time runs as fast as the clock, the logs of many servers have a quarter of the turns', () => {
  const turns = new Set<number>();
  play(65, ({ turns: { logs } }) => turns.add(logs), SPEEDS.indexOf(1));
  expect(turns.size).toBe(5); // the first draws all
});

test('where every turn shows another part of time, the ladder has half as many, and its playhead keeps still in between', () => {
  const seen = new Map<number, number>();
  play(65, ({ turns, ladder }) => seen.set(turns.ladder, ladder.atUs ?? -1), SPEEDS.indexOf(10));
  expect(seen.size).toBe(9);
  expect([...seen.values()].slice(1).every((atUs) => atUs > 0)).toBe(true);
});

test('the ladder draws what was asked for one frame before, and no earlier', () => {
  let before = 0;
  let turn = 0;
  play(20, ({ turns, ladder }, asked, { atUs }) => {
    if (turn > 0 && turns.ladder !== turn) expect(ladder.frame.endUs).toBe(before);
    if (asked.includes('lanes')) before = Math.max(before, atUs);
    turn = turns.ladder;
  });
});

test('the last few events are looked for a piece at a time, and none is left out', () => {
  const told = new Set<string>();
  play(
    70,
    ({ past, trail }, asked, { atUs }) => {
      if (atUs > 2_000_000) expect(asked.filter((name) => name === 'events').length).toBeLessThanOrEqual(1);
      const seqs = (events: typeof past) => events.map(({ seq }) => seq).join();
      told.add(seqs(past));
      expect(seqs(past)).toBe(seqs(trail.before((past.at(-1)?.seq ?? 0) + 1, 'story', 14)));
    },
    SPEEDS.indexOf(1),
  );
  expect(told.size).toBeGreaterThan(2);
});

test('while time runs a frame is without messages, unless somebody looks at one', () => {
  const of = (given: Partial<State>): number[] => {
    const known: number[] = [];
    play(12, ({ frame }) => known.push(frame.messages.length), undefined, given);
    return known.slice(6);
  };
  expect(Math.max(...of({}))).toBe(0);
  expect(Math.min(...of({ playing: false }))).toBeGreaterThan(50);
  expect(Math.min(...of({ picked: { type: 'message', id: 1, seq: 1 } }))).toBeGreaterThan(50);
});

test('messages and playheads move with every frame', () => {
  const place = document.createElement('div');
  let before = '';
  play(4, (picture, _, state) => {
    render(
      page(picture, { ...state, late: HELD, layout: 'wide', page: { width: 1440, height: 900 } }, () => {}),
      place,
    );
    const tail = place.querySelector('.crowd .tail')?.getAttribute('d');
    const [ladder, timeline] = ['.ladder .playhead', '.timeline > .at'].map((moves) =>
      place.querySelector(moves)?.getAttribute('transform'),
    );
    const now = [tail, ladder, timeline, place.querySelector('.clock')?.textContent].join('|');
    expect(tail && ladder && timeline).toBeTruthy();
    expect(now.split('|').filter((part, i) => part === before.split('|')[i])).toEqual([]);
    before = now;
  });
});

test('messages look the same while time runs and while it stands still', () => {
  const steady = states.steady?.frame as Picture['frame'];
  const [first, second] = steady.messages;
  const marked = [
    { ...first, id: 901, copy: true },
    { ...second, id: 902, heldUs: steady.atUs },
  ] as Picture['frame']['messages'];
  const frame = { ...steady, messages: [...steady.messages, ...marked] };
  const place = document.createElement('div');
  /** The shapes of all messages, without their places. */
  const shapes = (ui: Partial<Ui>): string[] => {
    render(
      ring(frame, aUi(500, 400, ui), () => {}),
      place,
    );
    const found = [...place.querySelectorAll('.glyph, .held-mark')].filter(
      (path) => path.closest('.legend') === null,
    );
    const ways = found.flatMap((path) => (path.getAttribute('d') ?? '').split('M').slice(1));
    return ways.map((way) => way.replace(/^\S+ -?[\d.]+/, '')).sort();
  };
  const still = shapes({});
  expect(still.length, 'a second of the copy, and the bars of what is held').toBe(frame.messages.length + 2);
  expect(shapes({ atUs: frame.atUs, flights: flightsOf(frame) })).toEqual(still);
});

test('a page that rests draws messages once it is known how large their picture is', () => {
  const engine = WasmSession.open(BUSY) as Session;
  const painter = new Painter(engine);
  const atUs = engine.playTo(700_000, 1e6);
  const state: State = { ...INITIAL, phase: 'ready', atUs, window: { fromUs: 400_000, toUs: 800_000 } };
  expect(painter.paint(state, null).ladder.arrows).toHaveLength(0);
  expect(painter.paint({ ...state, size }, null).ladder.arrows.length).toBeGreaterThan(0);
});
