// Actions against the real engine, and against one that breaks.

import { beforeAll, expect, test, vi } from 'vitest';
import { ReadsRunner } from '../../reads-runner.ts';
import { scenarioText } from '../../scenarios.ts';
import { desk } from '../desk.ts';
import { startEngine } from '../engine.ts';

/** As soon as it is so; a busy machine may take long. */
const until = (isSo: () => void) => vi.waitFor(isSo, { timeout: 60_000 });

beforeAll(async () => {
  for (const name of ['leader-crash', 'four-ways-to-read']) await scenarioText(name);
  startEngine();
});

const TWICE = 'raft 1;servers 3;off one-vote\n@100ms timeout S1\n@101ms timeout S2\n@120ms end';

/** Plays on as a page does at ten times the speed of the world, until it pauses. */
function play({ dispatch, state }: ReturnType<typeof desk>): number {
  dispatch({ type: 'playToggled' });
  for (let i = 0; state().playing && i < 100; i++) dispatch({ type: 'ticked', atUs: state().atUs + 166_000 });
  return state().atUs;
}

test('play pauses at the very event that breaks a promise, and once only', () => {
  const there = desk();
  const { dispatch, state, frame } = there;
  dispatch({ type: 'scenarioApplied', text: TWICE });
  const fell = play(there);
  const [violation] = frame().violations;
  expect(violation).toMatchObject({ property: 'OneVotePerTerm', atUs: fell });
  expect(frame()).toMatchObject({ atUs: fell, live: true });
  expect(frame().seq, 'nothing has happened since').toBe((violation?.seq ?? 0) + 1);
  expect(play(there), 'played on').toBe(120_000);
  dispatch({ type: 'scrubbed', atUs: 50_000 });
  expect(frame().violations, 'before it fell').toEqual([]);
  expect(play(there), 'told already').toBe(120_000);
  dispatch({ type: 'scrubbed', atUs: 50_000 });
  dispatch({ type: 'fallPausesToggled' });
  dispatch({ type: 'fallPausesToggled' });
  expect(play(there), 'switched on anew').toBe(fell);
  dispatch({ type: 'scrubbed', atUs: 105_000 });
  dispatch({ type: 'commandGiven', line: 'C1 get x' });
  expect(play(there), 'on another branch').toBe(fell);
  expect(state().playing).toBe(false);
});

test('who does not want play to pause is not made to', () => {
  const there = desk();
  there.dispatch({ type: 'scenarioApplied', text: TWICE });
  there.dispatch({ type: 'fallPausesToggled' });
  expect(play(there)).toBe(120_000);
  expect(there.frame().violations).toHaveLength(1);
});

test('a link is made when somebody shares, also when what makes it comes only after that', async () => {
  const { dispatch, state } = desk();
  const viewCame = { type: 'viewCame', late: { share: await import('../../views/share.ts') } } as const;
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch(viewCame);
  expect(state().fields.link, 'nobody asked').toBeUndefined();
  dispatch({ type: 'overlayToggled', overlay: 'share' });
  await until(() => expect(state().fields.link).toMatch(/^raft\+1.*\/from=first-value\/is=/));
  const other = desk();
  other.dispatch({ type: 'presetChosen', name: 'first-value' });
  void other.effects.want('share', true); // who points at the button before they press it
  other.dispatch({ type: 'overlayToggled', overlay: 'share' });
  expect(other.state().fields.link).toBeUndefined();
  await until(() => expect(other.state().fields.link).toMatch(/^raft\+1.*\/from=first-value\/is=/));
});

test('the editor comes when somebody wants to edit', async () => {
  const { dispatch, state } = desk();
  dispatch({ type: 'editorToggled' });
  await until(() => expect(state().editor).toBe('here'));
});

test('a preset opens at the very beginning, with what its author says there', () => {
  const { dispatch, state, frame } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  expect(state().preset).toBe('first-value');
  expect(frame()).toMatchObject({ atUs: 0, said: expect.stringContaining('no leader') });
});

test('to the end plays a scenario to its end, and to the known end after that', () => {
  const { dispatch, state, frame } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'jumpedToEnd' });
  expect(frame().ended).toBe(true);
  dispatch({ type: 'jumpedToStart' });
  expect(state().atUs).toBe(0);
  dispatch({ type: 'jumpedToEnd' });
  expect(frame().ended).toBe(true);
  dispatch({ type: 'playToggled' }); // over: from the start again
  expect(state()).toMatchObject({ atUs: 0, playing: true });
});

test('playing stops at the end', () => {
  const { dispatch, state } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\n@10ms end\n' });
  dispatch({ type: 'playToggled' });
  dispatch({ type: 'ticked', atUs: 5_000 });
  expect(state()).toMatchObject({ atUs: 5_000, playing: true });
  dispatch({ type: 'ticked', atUs: 50_000 });
  expect(state()).toMatchObject({ atUs: 10_000, playing: false });
});

test('a tick that comes after the pause moves nothing', () => {
  const { dispatch, state } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\n@10ms end\n' });
  dispatch({ type: 'playToggled' });
  dispatch({ type: 'ticked', atUs: 5_000 });
  dispatch({ type: 'playToggled' });
  dispatch({ type: 'ticked', atUs: 6_000 });
  expect(state()).toMatchObject({ atUs: 5_000, playing: false });
});

test('a command in the past begins a branch', () => {
  const { dispatch, session, frame } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'jumpedToEnd' });
  dispatch({ type: 'scrubbed', atUs: 500_000 });
  dispatch({ type: 'commandGiven', line: 'crash S3' });
  expect(session().branches()).toHaveLength(2);
  expect(frame().servers[2]?.up).toBe(false);
  dispatch({ type: 'branchChosen', id: 0 });
  expect(frame().servers[2]?.up).toBe(true);
});

test('a split sends everybody else to the other side', () => {
  const { dispatch, frame } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'splitConfirmed', servers: ['S2', 'S4'] });
  expect(frame().groups).toEqual([
    ['S2', 'S4'],
    ['S1', 'S3', 'S5'],
  ]);
});

test('on and back from one notable event to the next', () => {
  const { dispatch, state, frame } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\nseed 5\n' });
  const seen: number[] = [];
  for (let i = 0; i < 4; i++) {
    dispatch({ type: 'storyForward' });
    seen.push(state().atUs);
  }
  expect(new Set(seen).size).toBe(4);
  expect(frame().servers.some(({ role }) => role === 'candidate')).toBe(true);
  dispatch({ type: 'storyBack' });
  expect(state().atUs).toBe(seen[2]);
});

test('a header change starts the same scenario anew', () => {
  const { dispatch, frame, session } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\ntitle Mine\n' });
  dispatch({ type: 'headerChanged', word: 'servers', value: '3' });
  expect(frame()).toMatchObject({ title: 'Mine', atUs: 0 });
  expect(frame().servers).toHaveLength(3);
  const { seed } = frame();
  dispatch({ type: 'freshSeedAsked' });
  expect(frame().seed).not.toBe(seed);
  expect(session().text()).toContain(`seed ${frame().seed}`);
});

test('a wrong scenario and a wrong command leave the run as it is', () => {
  const { dispatch, state, session } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  const before = session();
  dispatch({ type: 'scenarioApplied', text: 'raft 9\n' });
  expect(state().wrong).toMatchObject([{ line: 1 }]);
  expect(session()).toBe(before);
  dispatch({ type: 'commandGiven', line: 'crash S77' });
  expect(state().refused).toMatch(/S77/);
  expect(session()).toBe(before);
});

test('what is typed runs after a pause, at the same time as before; what says the same changes nothing', () => {
  vi.useFakeTimers();
  const { dispatch, state, session, frame } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\nservers 3\n@1s heal\n' });
  dispatch({ type: 'scrubbed', atUs: 500_000 });
  const before = session();
  dispatch({ type: 'scenarioEdited', text: 'raft 1\nservers 4' });
  vi.advanceTimersByTime(200);
  dispatch({ type: 'scenarioEdited', text: 'raft 1\n# Four.\nservers 4\n@200ms crash S4\n' });
  vi.advanceTimersByTime(299);
  expect(session()).toBe(before);
  vi.advanceTimersByTime(1);
  expect(frame()).toMatchObject({ atUs: 500_000, servers: [{}, {}, {}, { up: false }] });
  expect(state()).toMatchObject({ draft: null, written: { text: expect.stringContaining('# Four.') } });
  const runs = session();
  dispatch({ type: 'scenarioEdited', text: 'raft 1\n# 4\nservers 4\n@0.2s crash S4' });
  vi.advanceTimersByTime(300);
  expect(session()).toBe(runs);
  expect(state()).toMatchObject({ draft: null, written: { text: expect.stringContaining('# 4') } });
  vi.useRealTimers();
});

test('a text that is typed wrong leaves the run, and every mistake is told', () => {
  vi.useFakeTimers();
  const { dispatch, state, session } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\n' });
  dispatch({ type: 'playToggled' });
  const before = session();
  const text = 'raft 1\n@1s crsh S1\n@2s heal\n@3s crash S9\n';
  dispatch({ type: 'scenarioEdited', text });
  vi.advanceTimersByTime(300);
  expect(session()).toBe(before);
  expect(state()).toMatchObject({ draft: text, playing: true });
  expect(state().wrong).toMatchObject([
    { line: 2, nearest: 'crash' },
    { line: 4, found: 'S9' },
  ]);
  // Without the servers meant, what is said of them would be wrong as well.
  dispatch({ type: 'scenarioApplied', text: 'raft 1\nservers x\n@1s crash S9\n' });
  expect(state().wrong).toMatchObject([{ line: 2 }]);
  vi.useRealTimers();
});

test('all that was typed in a row is taken back at one go, and a choice of another scenario brings back what was typed', () => {
  vi.useFakeTimers();
  const { dispatch, state, frame } = desk();
  const type = (text: string) => {
    dispatch({ type: 'scenarioEdited', text });
    vi.advanceTimersByTime(300);
  };
  dispatch({ type: 'presetChosen', name: 'first-value' });
  type('raft 1\nservers 3\n');
  type('raft 1\nservers 4\n');
  dispatch({ type: 'undoAsked' });
  expect(state()).toMatchObject({ preset: 'first-value', written: { text: expect.stringContaining('#') } });
  expect(frame().servers).toHaveLength(5);
  dispatch({ type: 'scenarioEdited', text: 'raft 1\nserv' });
  dispatch({ type: 'presetChosen', name: 'leader-crash' });
  vi.advanceTimersByTime(1000);
  expect(state()).toMatchObject({ preset: 'leader-crash', draft: null });
  dispatch({ type: 'undoAsked' });
  expect(state()).toMatchObject({ preset: 'first-value', draft: 'raft 1\nserv' });
  vi.advanceTimersByTime(300);
  expect(state().wrong).toHaveLength(1);
  vi.useRealTimers();
});

test('an engine that breaks is told apart from one that says no, and started again with the same run', () => {
  const silence = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { dispatch, state, session, frame } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'commandGiven', line: 'crash S2' });
  vi.spyOn(session(), 'stepForward').mockImplementation(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  dispatch({ type: 'steppedForward' });
  expect(state()).toMatchObject({ phase: 'broken', trouble: 'unreachable' });
  dispatch({ type: 'restartAsked' });
  expect(state()).toMatchObject({ phase: 'ready', preset: 'first-value' });
  expect(frame().atUs).toBe(0);
  dispatch({ type: 'playToggled' });
  dispatch({ type: 'ticked', atUs: 1_000 });
  expect(frame().servers[1]?.up).toBe(false);
  silence.mockRestore();
});

test('undo goes back to before the last command, then to the scenario before', () => {
  const { dispatch, state, frame, effects } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'headerChanged', word: 'servers', value: '7' });
  dispatch({ type: 'jumpedToEnd' });
  dispatch({ type: 'scrubbed', atUs: 500_000 });
  dispatch({ type: 'commandGiven', line: 'crash S3' });
  dispatch({ type: 'commandGiven', line: 'crash S2' });
  expect(effects.undoable).toBe('crash S2');
  dispatch({ type: 'undoAsked' });
  expect(frame().servers.filter(({ up }) => !up)).toMatchObject([{ id: 'S3' }]);
  dispatch({ type: 'undoAsked' });
  expect(frame()).toMatchObject({ atUs: 500_000, branch: 0 });
  expect(effects.undoable).toBe('the change of scenario');
  dispatch({ type: 'undoAsked' });
  expect(frame().servers).toHaveLength(5);
  expect(state().preset).toBe('first-value');
  expect(effects.undoable).toBeNull();
});

test('the change of a scenario is taken back with all branches of the run before, and with what can be taken back in that', () => {
  const { dispatch, state, session, frame, effects } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'jumpedToEnd' });
  dispatch({ type: 'scrubbed', atUs: 500_000 });
  dispatch({ type: 'commandGiven', line: 'crash S3' });
  dispatch({ type: 'branchNamed', id: 1, name: 'without S3' });
  const before = frame();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\nservers 3\n', typed: true });
  expect(frame()).toMatchObject({ branch: 0, servers: [{}, {}, {}] });
  expect(state().branches.names).toEqual({});
  dispatch({ type: 'undoAsked' });
  expect(frame()).toEqual(before);
  expect(state().branches.names).toEqual({ 1: 'without S3' });
  expect(session().branches()).toHaveLength(2);
  expect(effects.undoable).toBe('crash S3');
});

test('a typed change of a long run comes to the playhead in slices, unless somebody goes elsewhere', async () => {
  const { dispatch, state } = desk();
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100)); // a slow machine
  const text = (put: string) => `raft 1\nservers 3\n@100ms ${put}\n@100ms load C1 put every 20ms\n@9s end\n`;
  dispatch({ type: 'scenarioApplied', text: text('C1 put y=1') });
  dispatch({ type: 'moved', atUs: 3_000_000, over: false });
  dispatch({ type: 'scenarioApplied', text: text('C1 put y=2'), typed: true });
  expect(state().atUs, 'not in the time one waits gladly').toBeLessThan(3_000_000);
  await until(() => expect(state().atUs).toBe(3_000_000));
  dispatch({ type: 'scenarioApplied', text: text('C1 put y=3'), typed: true });
  dispatch({ type: 'jumpedToStart' });
  await new Promise((done) => setTimeout(done, 50));
  expect(state().atUs).toBe(0);
  clock.mockRestore();
});

test('a way to read opens the same run read so, where a stale read returned, and is taken back', async () => {
  const { dispatch, state, frame, session, effects } = desk();
  dispatch({ type: 'presetChosen', name: 'four-ways-to-read' });
  dispatch({ type: 'scrubbed', atUs: 1_000_000 });
  dispatch({ type: 'viewCame', late: { reads: { ReadsRunner } as never } });
  effects.reads?.follow(session().text());
  const done = { running: false, table: { ways: [{ stale: 82 }, {}, {}, {}, {}] } };
  await until(() => expect(state().reads).toMatchObject(done));
  const stale = state().reads.table?.ways[0]?.staleReads[4] ?? null;
  dispatch({ type: 'readModeChosen', mode: 'stale', stale });
  expect(session().text()).toContain('set reads stale');
  expect(frame().atUs).toBe(stale?.atUs);
  expect(state()).toMatchObject({ preset: null, picked: { type: 'event', seq: stale?.invoked } });
  expect(session().events(stale?.invoked ?? 0, 1)[0]?.event).toMatchObject({
    type: 'Invoked',
    op: stale?.op,
  });
  dispatch({ type: 'undoAsked' });
  expect(state().preset).toBe('four-ways-to-read');
  expect(frame().atUs).toBe(1_000_000);
  effects.reads?.stop();
});
