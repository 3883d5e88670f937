// Links: those that were ever given away replay as they did, new ones are short, and the address follows what is done.

import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { packed, unpacked } from '../../link-packing.ts';
import { Links } from '../../links.ts';
import { desk } from '../desk.ts';
import { ENGINE, startEngine } from '../engine.ts';

const TEXT = 'raft 1\nservers 3\nseed 7\n@100ms timeout S1\n@600ms C1 put x=1\n@2s end\n';
const SAFE = /^[\w+./=-]*[A-Za-z0-9]$/;
const COMMITTED = readFileSync('crates/raft-cli/tests/links.txt', 'utf8').trim().split('\n');

const address = { pathname: '/', search: '', hash: '' };
let visited: string[] = [];
let elsewhere = () => {};

beforeAll(startEngine);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  visited = [''];
  Object.assign(address, { search: '', hash: '' });
  const go = (push: boolean) => (_: unknown, __: string, to: string) => {
    address.hash = to.includes('#') ? to.slice(to.indexOf('#')) : '';
    visited.splice(push ? visited.length : visited.length - 1, 1, to);
  };
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', { state: null, pushState: go(true), replaceState: go(false) });
  vi.stubGlobal('window', {
    addEventListener: (type: string, listener: () => void) => {
      if (type === 'hashchange') elsewhere = listener;
    },
  });
});

const reallyLater = globalThis.setTimeout;
/** Some seconds of the page's clock; and moments of the real one, in which streams flow. */
async function settle(): Promise<void> {
  for (let n = 0; n < 10; n += 1) {
    await vi.advanceTimersByTimeAsync(500);
    await new Promise((resolve) => reallyLater(resolve, 3));
  }
}

async function openedAt(link: string) {
  address.hash = `#${link}`;
  const there = desk();
  const stays = there.effects.openLink(link);
  await settle();
  void there.effects.follow();
  return { ...there, stays: await stays };
}

test.each(COMMITTED.map((line) => line.split(' ')))('%s replays', async (fingerprint = '', link = '') => {
  const { text, told } = await openedAt(link.replace(/^.*#/, ''));
  expect(told).toEqual([]);
  vi.useRealTimers();
  expect(await new Links(ENGINE).fingerprint(text())).toBe(fingerprint);
});

test('a link for five servers and twenty commands is at most 700 characters long', async () => {
  const commands = Array.from(
    { length: 20 },
    (_, n) =>
      [`@${n * 137 + 100}ms crash S${(n % 5) + 1}`, `@${n * 137 + 100}ms C1 put colour=blue${n}`][n % 2],
  );
  const text = `raft 1\ntitle Crashes, and what clients see of them\nservers 5\nset pre-vote on\n${commands.join('\n')}\n@9s end\n`;
  const link = (await new Links(ENGINE).to(text, { at: '1500ms', view: 'space-time' }, true)) ?? '';
  expect(link).toMatch(SAFE);
  expect(link.length).toBeLessThanOrEqual(700 - 'https://raft-playground.example/#'.length);
});

test('a long scenario is packed, and read back; one that is too long has no link', async () => {
  const lines = (n: number, what: (n: number) => string) =>
    Array.from({ length: n }, (_, i) => what(i)).join('\n');
  const links = new Links(ENGINE);
  const long = ENGINE.open(`raft 1\n${lines(200, (i) => `@${i * 97}ms C1 put key${i}=value${i}`)}`).text();
  const link = (await links.to(long, {}, false)) ?? '';
  expect(link).toMatch(SAFE);
  expect(link.length).toBeLessThan(3000);
  expect((await openedAt(link)).text()).toBe(long);
  const noise = lines(1900, (i) => `@${i}ms C1 put k${(i * 7919) % 9973}=v${(i * i * 31) % 99991}`);
  expect(await links.to(`raft 1\n${noise}\n`, {}, false)).toBeNull();
});

test('what is packed comes out as it was, and what is damaged, cut off or a bomb does not', async () => {
  for (const text of ['', 'raft 1', 'ß → 中\n'.repeat(99)]) {
    const [, letters = '', length = ''] = /^deflate=(.*)\/length=(\d+)$/.exec(await packed(text)) ?? [];
    expect(await unpacked(letters, Number(length))).toBe(text);
    if (text === '') continue;
    expect(await unpacked(letters, Number(length) + 1)).toBeNull();
    expect(await unpacked(letters.slice(0, -2), Number(length))).toBeNull();
  }
  const bomb = /^deflate=(.*)\/length/.exec(await packed('a'.repeat(10_000_000)))?.[1] ?? '';
  expect(bomb.length).toBeLessThan(20_000);
  expect(await unpacked(bomb, 60_000)).toBeNull();
  expect(await unpacked(bomb, 10_000_000)).toBeNull();
  expect(await unpacked('\u0000(', 4)).toBeNull();
});

test('a link opens where its author was, as fast and with the same view', async () => {
  const link = `${ENGINE.linkOf(TEXT)}/at=700.5ms/view=space-time/speed=0.01/is=`;
  const { state, stays, told } = await openedAt(link);
  expect(state()).toMatchObject({ atUs: 700_500, alone: 'ladder', speed: 3, preset: null, playing: false });
  expect({ stays, told }).toEqual({ stays: true, told: [] });
  const away = await openedAt(`${ENGINE.linkOf('raft 1\n@24000s end')}/at=9e9ms/play=1`);
  expect(away.stays).toBe(false);
});

test('a link to one of the scenarios opens that, unless it says something else', async () => {
  expect(
    (
      await openedAt(`${ENGINE.linkOf(readFileSync('scenarios/split-vote.raft', 'utf8'))}/from=split-vote`)
    ).state().preset,
  ).toBe('split-vote');
  expect((await openedAt(`${ENGINE.linkOf(TEXT)}/from=split-vote`)).state().preset).toBeNull();
});

test('a run that came out otherwise where the link was made is said to', async () => {
  expect((await openedAt(`${ENGINE.linkOf(TEXT)}/is=01234567`)).told).toEqual([
    expect.stringContaining('another release'),
  ]);
});

test('what is no link, or a damaged one, is a sentence, and what ran runs on', async () => {
  const there = await openedAt(ENGINE.linkOf(TEXT));
  const text = there.text();
  for (const [link, sentence] of [
    ['top', /no scenario/],
    ['raft+1/deflate=AAAA/length=9', /damaged/],
    ['raft+1/title+.y', /sign of links/],
    [`raft+1/${'x'.repeat(300_000)}`, /too long/],
  ] as const) {
    address.hash = `#${link}`;
    elsewhere();
    await settle();
    expect(there.told.at(-1)).toMatch(sentence);
    expect(there.text()).toBe(text);
  }
  address.hash = '#raft+1/1s+crahs+S1';
  elsewhere();
  await settle();
  expect(there.state()).toMatchObject({ editing: true, wrong: [{ line: 2, nearest: 'crash' }] });
  expect(there.text()).toBe(text);
});

test('the address follows what is done, at most once a second, and not what plays by itself', async () => {
  const { dispatch, effects } = desk();
  dispatch({ type: 'scenarioApplied', text: TEXT });
  await effects.follow();
  await settle();
  expect(visited).toHaveLength(1);
  expect(address.hash).toMatch(/2s\+end|2000ms\+end/);
  const before = address.hash;
  for (let n = 0; n < 50; n += 1) dispatch({ type: 'steppedForward' });
  expect(address.hash).toBe(before);
  await settle();
  expect(address.hash).toMatch(/\/at=[\d.]+ms\/is=[\da-f]{8}$/);
  dispatch({ type: 'playToggled' });
  dispatch({ type: 'ticked', atUs: 400_000 });
  await settle();
  expect(address.hash).not.toContain('/at=');
  expect(vi.getTimerCount()).toBe(0);
  dispatch({ type: 'ticked', atUs: 500_000 });
  expect(vi.getTimerCount()).toBe(0);
  dispatch({ type: 'commandGiven', line: 'crash S2' });
  await settle();
  expect(address.hash).toMatch(/\/5000\d\dus\+crash\+S2\//);
  expect(visited).toHaveLength(1);
  effects.session?.free();
});

test('one goes back from another scenario to the one before it', async () => {
  const { dispatch, text, effects } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  await effects.follow();
  await settle();
  dispatch({ type: 'scenarioApplied', text: TEXT });
  await settle();
  expect(visited).toHaveLength(2);
  expect(visited[0]).toContain('/from=first-value');
  address.hash = visited[0]?.replace('/', '') ?? '';
  elsewhere();
  await settle();
  expect(text()).toContain('title');
  expect(visited).toHaveLength(2);
});

test('who goes back finds the branches of what was left, and their names; and who goes forward again, too', async () => {
  const { dispatch, state, session, text, effects } = desk();
  dispatch({ type: 'scenarioApplied', text: TEXT });
  await effects.follow();
  dispatch({ type: 'scrubbed', atUs: 700_000 });
  dispatch({ type: 'scrubbed', atUs: 300_000 });
  dispatch({ type: 'commandGiven', line: 'crash S1' });
  const { branch } = session().frame(1, 0);
  dispatch({ type: 'branchNamed', id: branch, name: 'what I tried' });
  await settle();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  await settle();
  const goTo = async (link: string | undefined) => {
    address.hash = link?.replace('/', '') ?? '';
    elsewhere();
    await settle();
  };
  const [one, other] = visited;
  expect(session().branches()).toHaveLength(1);
  await goTo(one);
  expect(text()).toContain('crash S1');
  expect(session().branches()).toHaveLength(2);
  expect(state().branches.names).toEqual({ [branch]: 'what I tried' });
  expect(state().atUs).toBe(300_000);
  await goTo(other);
  expect(state()).toMatchObject({ preset: 'first-value', branches: { names: {} } });
  await goTo(one);
  expect(state().branches.names).toEqual({ [branch]: 'what I tried' });
  expect(visited).toHaveLength(2);
});

test('a lesson is no link of its own', async () => {
  address.search = '?lesson=02-elections';
  const { dispatch, effects } = desk();
  dispatch({ type: 'presetChosen', name: 'first-value' });
  dispatch({ type: 'lessonsToggled' });
  await effects.follow();
  await settle();
  expect(visited.at(-1)).toBe('');
  dispatch({ type: 'lessonsToggled' });
  dispatch({ type: 'steppedForward' });
  await settle();
  expect(visited.at(-1)).toMatch(/^\/#raft\+1/);
});
