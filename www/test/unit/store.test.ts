import { expect, test } from 'vitest';
import { type Action, INITIAL, isEditing, SPEEDS, type State, update } from '../../store.ts';

const WRITTEN = { text: 'raft 1\n', runs: 'raft 1\nservers 5\n', opened: 'raft 1\nservers 5\n' };
const after = (state: State, ...actions: Action[]): State => actions.reduce(update, state);

test('a picked server is inspected, and picked again let go', () => {
  const picked = after(INITIAL, { type: 'serverPicked', id: 'S2' });
  expect(picked.picked).toEqual({ type: 'server', id: 'S2' });
  expect(picked.tab).toBe('inspector');
  const let_go = after(picked, { type: 'serverPicked', id: 'S2' });
  expect(let_go.picked).toBeNull();
  expect(let_go.tab).toBe('events');
});

test('while splitting, a click on a server chooses its side', () => {
  const chosen = after(
    INITIAL,
    { type: 'splitStarted' },
    { type: 'serverPicked', id: 'S3' },
    { type: 'serverPicked', id: 'S1' },
    { type: 'serverPicked', id: 'S2' },
    { type: 'serverPicked', id: 'S3' },
  );
  expect(chosen.split).toEqual(['S1', 'S2']);
  expect(chosen.picked).toBeNull();
  expect(after(chosen, { type: 'splitConfirmed', servers: ['S1', 'S2'] }).split).toBeNull();
});

test.each<Action['type']>([
  'steppedForward',
  'steppedBack',
  'storyForward',
  'storyBack',
  'jumpedToStart',
  'jumpedToEnd',
])('%s stops playing', (type) => {
  const playing = after(INITIAL, { type: 'playToggled' });
  expect(playing.playing).toBe(true);
  expect(after(playing, { type } as Action).playing).toBe(false);
});

test('playing ends where there is nothing more', () => {
  const playing = after(INITIAL, { type: 'playToggled' }, { type: 'moved', atUs: 10, over: false });
  expect(playing.playing).toBe(true);
  expect(after(playing, { type: 'moved', atUs: 20, over: true }).playing).toBe(false);
});

test('while playing the window follows, so that most of it shows the past', () => {
  const playing = after(INITIAL, { type: 'playToggled' });
  const span = INITIAL.window.toUs - INITIAL.window.fromUs;
  const near = after(playing, { type: 'moved', atUs: span * 0.79, over: false });
  expect(near.window).toEqual(INITIAL.window);
  const on = after(near, { type: 'moved', atUs: span * 0.9, over: false });
  expect(on.window.toUs - on.window.fromUs).toBe(span);
  expect(on.window.fromUs).toBeCloseTo(span * 0.1, 0);
});

test('a jump far away brings the playhead to the middle of the window', () => {
  const { window } = after(INITIAL, { type: 'moved', atUs: 5_000_000, over: false });
  expect((window.fromUs + window.toUs) / 2).toBeCloseTo(5_000_000, 0);
});

test('scrubbing within the window leaves the window alone', () => {
  const state = after(INITIAL, { type: 'moved', atUs: INITIAL.window.toUs - 1, over: false });
  expect(state.window).toEqual(INITIAL.window);
});

test('the window never begins before the world, nor grows or shrinks without end', () => {
  const moved = after(INITIAL, { type: 'windowMoved', fromUs: -500, toUs: -400 });
  expect(moved.window.fromUs).toBe(0);
  expect(moved.window.toUs).toBe(100);
  const huge = after(INITIAL, { type: 'windowMoved', fromUs: 0, toUs: 1e12 });
  expect(huge.window.toUs - huge.window.fromUs).toBe(4_000_000_000);
  const tiny = after(INITIAL, { type: 'windowMoved', fromUs: 700, toUs: 702 });
  expect(tiny.window).toEqual({ fromUs: 700, toUs: 750 });
});

test('speed stays on its scale', () => {
  expect(after(INITIAL, { type: 'speedChanged', speed: -3 }).speed).toBe(0);
  expect(after(INITIAL, { type: 'speedChanged', speed: 99 }).speed).toBe(SPEEDS.length - 1);
  expect(SPEEDS[0]).toBe(0.001);
  expect(SPEEDS[SPEEDS.length - 1]).toBe(10);
});

test('a wrong scenario is kept, shown with its error, and does not touch the run', () => {
  const running = after(
    INITIAL,
    { type: 'scenarioOpened', preset: 'a', written: WRITTEN, typed: false },
    { type: 'moved', atUs: 7, over: false },
  );
  const error = { line: 2, column: 1, found: 'x', expected: 'y', nearest: null, message: 'No.' };
  const refused: Action = { type: 'scenarioRefused', wrong: [error], text: 'raft 1\nx', typed: false };
  const wrong = after(running, refused);
  expect(wrong).toMatchObject({ draft: 'raft 1\nx', wrong: [error], editing: true, preset: 'a', atUs: 7 });
  expect(after(wrong, { type: 'scenarioDropped' })).toMatchObject({ draft: null, wrong: [] });
  const typing = after(running, { type: 'playToggled' }, { type: 'scenarioEdited', text: 'raft 1\ny' });
  expect(after(typing, { ...refused, typed: true })).toMatchObject({
    draft: 'raft 1\ny',
    wrong: [error],
    editing: false,
    playing: true,
  });
});

test('while a scenario is typed, what one looks at stays', () => {
  const typed = { type: 'scenarioOpened', preset: null, written: WRITTEN, typed: true } as const;
  const looking = after(
    INITIAL,
    { type: 'serverPicked', id: 'S2' },
    { type: 'windowMoved', fromUs: 100, toUs: 1100 },
    { type: 'scenarioEdited', text: 'raft 1' },
  );
  expect(after(looking, typed)).toMatchObject({
    picked: { id: 'S2' },
    window: { fromUs: 100 },
    draft: null,
    written: WRITTEN,
  });
  expect(after(INITIAL, { type: 'messagePicked', id: 3, seq: 9 }, typed).picked).toBeNull();
  // Another fact of the start is not another text: what is being typed stays.
  expect(after(looking, { ...typed, written: null, typed: false }).draft).toBe('raft 1');
});

test('the text is opened and closed beside whatever is shown, and alone with all views', () => {
  const edited = after(INITIAL, { type: 'viewChosen', view: 'cluster' }, { type: 'editorToggled' });
  expect(isEditing(edited)).toBe(true);
  expect(after(edited, { type: 'editorToggled' })).toMatchObject({ alone: 'cluster', editing: false });
  const alone = after(edited, { type: 'viewChosen', view: 'scenario' });
  expect(after(alone, { type: 'editorToggled' })).toMatchObject({ alone: null, editing: false });
});

test('a broken engine stops playing and can be started again', () => {
  const broken = after(INITIAL, { type: 'playToggled' }, { type: 'engineBroke', message: 'unreachable' });
  expect(broken).toMatchObject({ phase: 'broken', playing: false, trouble: 'unreachable' });
  expect(after(broken, { type: 'restartAsked' })).toMatchObject({ phase: 'ready', trouble: null });
});

test('a new scenario forgets what was picked in the old one', () => {
  const looked = after(INITIAL, { type: 'serverPicked', id: 'S9' }, { type: 'logScrolled', from: 12 });
  expect(
    after(looked, { type: 'scenarioOpened', preset: null, written: WRITTEN, typed: false }),
  ).toMatchObject({
    picked: null,
    logFrom: null,
    split: null,
  });
});
