// Every lesson, walked to its end and back by the real engine: each step waits for what really happens.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { condition, namesOf } from '../../lesson-conditions.ts';
import { fetchLesson, LESSONS, type Lesson, readLesson } from '../../lessons.ts';
import { DEFAULT_SPEED, SPEEDS } from '../../store.ts';
import { type Deed, Tutor } from '../../tutor.ts';
import { desk } from '../desk.ts';
import { ENGINE, startEngine } from '../engine.ts';

let stored: Record<string, string> = {};
let calm = true;

beforeAll(() => {
  startEngine();
  vi.stubGlobal('matchMedia', () => ({ matches: calm }));
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => {
      stored[key] = value;
    },
  });
});

beforeEach(() => {
  stored = {};
  calm = true;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], loopLimit: 1_000 });
  goOnBy(1);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The clock goes on by being looked at, and not else: a slice of work is the same on every machine, and nobody waits for it. */
function goOnBy(ms: number): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += ms;
    return now;
  });
}

/** A page with the lessons open. */
function school(asked = '') {
  const { dispatch, state, session, frame } = desk();
  dispatch({ type: 'scenarioApplied', text: 'raft 1\n' });
  dispatch({ type: 'lessonsToggled', open: asked });
  dispatch({ type: 'viewCame', late: { lessons: { Tutor } as never } });
  const act = (deed: Deed) => dispatch({ type: 'lessonAsked', deed });
  /** Once all that goes on in slices is through, the course is at this step. */
  const at = (step: number) => {
    vi.runAllTimers();
    expect(state().course).toMatchObject({ step, hurrying: false });
  };
  return { dispatch, act, at, state, session, frame };
}

async function opened(name: string) {
  const there = school(name);
  await vi.dynamicImportSettled();
  expect(there.state().course?.lesson).not.toBeNull();
  return there;
}

test('the list says of every lesson what its text says', async () => {
  expect(LESSONS.map(({ name }) => name)).toEqual(
    readdirSync('lessons').filter((name) => existsSync(`lessons/${name}/lesson.md`)),
  );
  for (const { name, title, minutes, steps } of LESSONS) {
    const { lesson, scenario } = await fetchLesson(name);
    expect(lesson).toMatchObject({ title, minutes });
    expect(lesson.steps, name).toHaveLength(steps);
    expect(scenario).toContain(`\ntitle ${title}\n`);
    expect(lesson.steps.at(-2)?.goal?.task, `${name} ends with a question`).toBe(true);
  }
});

/**
 * How long a lesson takes, in minutes: to read it at 200 words a minute and look for ten seconds at each step, to see it run at the page’s
 * speed, and half a minute for each task with ten seconds more for every command.
 */
function minutesOf({ steps }: Lesson, ranUs: number): number {
  const goals = steps.flatMap(({ goal }) => goal ?? []);
  const words = [...steps.flatMap(({ title, text }) => [title, ...text]), ...goals.map(({ words }) => words)];
  const tasks = goals.filter(({ task }) => task);
  const commands = tasks.reduce((sum, { help }) => sum + help.length, 0);
  const seconds =
    ranUs / 1e6 / (SPEEDS[DEFAULT_SPEED] ?? 1) + steps.length * 10 + tasks.length * 30 + commands * 10;
  return Math.round(words.join(' ').split(/\s+/).length / 200 + seconds / 60);
}

describe.each(LESSONS)('$name', ({ name, steps }) => {
  test('each step ends by what really happens, forth and back', { timeout: 0 }, async () => {
    const there = await opened(name);
    const marks: { atUs: number; seq: number; fingerprint: string }[] = [];
    const { atUs: firstUs } = there.frame();
    for (let step = 0; step < steps - 1; step++) {
      const goal = there.state().course?.lesson?.steps[step]?.goal;
      const { atUs, seq } = there.frame();
      marks.push({ atUs, seq, fingerprint: there.session().fingerprint() });
      expect(
        goal?.holds({ frame: there.frame(), happened: new Set() }) ?? false,
        `step ${step + 1}: so already`,
      ).toBe(false);
      there.act({ type: goal?.task ? 'help' : 'next' });
      try {
        there.at(step + 1);
      } catch {
        const { atUs, servers, clients } = there.frame();
        const logs = servers.map(
          (s) =>
            `${s.id} ${s.up} ${s.role} t${s.term} c${s.commitIndex} [${s.log.map((e) => `${e.term}:${e.text}`)}]`,
        );
        throw new Error(
          `step ${step + 1} never ends: ${goal?.words}\n${atUs}\n${logs.join('\n')}\n${JSON.stringify(clients)} ${there.state().refused}`,
        );
      }
      if (process.env.TELL) console.log(name, step + 2, there.frame().atUs / 1000, goal?.words);
    }
    const { lesson, done } = there.state().course ?? {};
    expect(done).toEqual([name]);
    expect(lesson?.minutes, 'how long it takes').toBe(
      lesson && minutesOf(lesson, there.frame().atUs - firstUs),
    );
    for (let step = steps - 2; step >= 0; step--) {
      there.act({ type: 'back' });
      there.at(step);
      const { atUs, seq } = there.frame();
      expect((marks[step]?.atUs ?? 0) - atUs, `back at step ${step + 1}`).toBeLessThanOrEqual(1);
      expect(seq, `back at step ${step + 1}`).toBe(marks[step]?.seq);
    }
    // What was done for the reader is part of the run now: time alone brings it again.
    for (let step = 0; step < steps - 1; step++) {
      const inThePast = there
        .state()
        .course?.lesson?.steps[step]?.goal?.help.some(({ afterUs }) => afterUs < 0);
      const same = () => there.state().course?.step === step;
      for (let times = 0; same() && times < 100; times++) {
        there.act({ type: inThePast ? 'help' : 'next' });
        vi.runAllTimers();
      }
      there.at(step + 1);
      if (step + 1 < steps - 1)
        expect(there.session().fingerprint(), `step ${step + 2} again`).toBe(marks[step + 1]?.fingerprint);
    }
  });
});

const LESSON = `# A title
3 min
read [a paper, §1](https://example.org/paper)

## First
One line
until its end.

- an item

until somebody leads: leader

## Second
task it is down: down on S1
do crash S1
do +20ms C1 put x=1

## Last
Done.
`;

test('a text is read as it is written', () => {
  const { title, minutes, reading, steps } = readLesson(LESSON);
  expect([title, minutes, reading]).toEqual(['A title', 3, [['a paper, §1', 'https://example.org/paper']]]);
  expect(steps.map((step) => step.title)).toEqual(['First', 'Second', 'Last']);
  expect(steps[0]?.text).toEqual(['One line until its end.', '- an item']);
  expect(steps[0]?.goal).toMatchObject({ words: 'somebody leads', task: false, help: [] });
  expect(steps[1]?.goal?.help).toEqual([
    { afterUs: 0, line: 'crash S1' },
    { afterUs: 20_000, line: 'C1 put x=1' },
  ]);
  expect(steps[2]?.goal).toBeNull();
});

test.each([
  ['# A title', 'A title', 'line 1: expected "# TITLE"'],
  ['3 min', '', 'line 1: a lesson has a title, a length'],
  ['3 min', 'three min', 'line 2: expected "# TITLE", "N min"'],
  ['https://example', 'http://example', 'line 3: expected'],
  ['until somebody leads: leader', 'until leader', 'line 11: expected WORDS: CONDITION'],
  ['until somebody leads: leader', 'until x: leeder', 'line 11: there is no condition "leeder"'],
  ['until somebody leads: leader', 'until x: term', 'line 11: expected a number such as 3 or 3+, found ""'],
  ['until somebody leads: leader', 'until x: at 3', 'line 11: expected a time such as 600ms, found "3"'],
  ['until somebody leads: leader', 'until a: leader\nuntil b: leader', 'line 12: a step has one goal'],
  ['do crash S1\ndo +20ms C1 put x=1\n', '', 'line 13: what the reader shall do can be done'],
  ['do crash S1', 'do +20ms ', 'line 15: expected a command'],
  ['Done.', '\nuntil x: leader', 'line 18: the last step waits for nothing'],
])('of a text with %j for %j it says what is wrong', (right, put, says) => {
  expect(() => readLesson(LESSON.replace(right, put))).toThrow(says);
});

describe('conditions', () => {
  /** A run at a moment, and what happened in it. */
  function at(text: string, ms: number) {
    const session = ENGINE.open(text);
    session.playTo(ms * 1000, 10_000);
    const frame = session.frame(1, 64);
    const happened = new Set(session.events(0, frame.seq).flatMap(namesOf));
    return (words: string) => condition(words).holds({ frame, happened });
  }

  test('hold and do not hold of a cluster that lost its leader', () => {
    const is = at(
      'raft 1\nservers 3\nclients 2\nset pre-vote on\n@0ms timeout S1\n@200ms C1 put x=1\n@400ms crash S1\n@401ms partition S2 | S3\n@402ms C2 get x',
      410,
    );
    for (const so of [
      'no-leader',
      'crashed 1',
      'crashed 0+',
      'down on S1',
      'some down',
      'up',
      'up on S2 S3',
      'role follower',
      'some role follower',
      'term 1',
      'term 1+ on S1 S2',
      'committed 1+',
      'entries 2',
      'synced 2',
      'state x=1 on S2 S3',
      'no-state y',
      'log 1 1',
      'entry x=1',
      'voted-for S1',
      'voters S1 S2 S3',
      'C1 ok',
      'C2 waiting',
      'split',
      'setting pre-vote on',
      'at 410ms',
      'seen Crashed',
      'seen Crashed on S1',
      'seen RequestVote on S1',
      'seen VoteGranted on S3',
      'seen Request on C1',
      'no-violation',
      'linearizable',
      'no-leader and split',
      'snapshot 0',
    ])
      expect(is(so), so).toBe(true);
    for (const not of [
      'leader',
      'leader S1',
      'leaders 1+',
      'crashed 2+',
      'down on S1 S2',
      'up on S1',
      'role leader',
      'some role candidate',
      'term 2+',
      'committed 3+',
      'state x=2',
      'some no-state x',
      'log 1',
      'log empty',
      'entry x=2',
      'C1 unknown',
      'C2 ok',
      'C1 read 1',
      'C1 read-nothing',
      'whole',
      'setting check-quorum on',
      'at 411ms',
      'seen Crashed on S2',
      'seen Truncated',
      'violation',
      'violation ElectionSafety',
      'not-linearizable',
      'leader and split',
      'ended',
      'some paused',
      'some blocked',
      'voters S1 S2',
      'C9 ok',
    ])
      expect(is(not), not).toBe(false);
  });

  test('that speak of all that are up hold of none where all are down', () => {
    const dark = at('raft 1\nservers 3\n@0ms timeout S1\n@200ms crash S1 S2 S3', 210);
    for (const not of ['up', 'role follower', 'term 1', 'no-state x', 'snapshot 0', 'state x=1 on S9'])
      expect(dark(not), not).toBe(false);
    for (const so of ['down', 'term 1 on S1 S2 S3', 'no-leader', 'crashed 3'])
      expect(dark(so), so).toBe(true);
  });

  test('hold of what else there is', () => {
    const two = at(
      'raft 1\nservers 3\nclients 1\n@0ms timeout S1\n@100ms C1 put x=1\n@200ms C1 get x\n@500ms partition S1 | S2 S3\n@600ms timeout S2\n@880ms pause S3\n@900ms end',
      900,
    );
    for (const so of ['leaders 2', 'leader S2', 'ended', 'C1 read 1', 'seen Paused on S3'])
      expect(two(so), so).toBe(true);
    const stale = at(readFileSync('scenarios/stale-read.raft', 'utf8'), 860);
    expect(stale('not-linearizable and C2 read 1')).toBe(true);
    const blocks = at(readFileSync('scenarios/two-phase-commit-blocks.raft', 'utf8'), 2_000);
    expect(blocks('blocked on S2 S3 S4 S5 and seen Prepare on S1')).toBe(true);
    const broken = at('raft 1;servers 3;off one-vote\n@100ms timeout S1\n@101ms timeout S2\n@180ms end', 180);
    expect(broken('violation OneVotePerTerm and violation')).toBe(true);
  });
});

describe('the tutor', () => {
  test('pauses where the step’s event happens, at the same moment however it is played', async () => {
    calm = false;
    const { act, dispatch, state, frame, at } = await opened('01-consensus');
    act({ type: 'next' });
    for (let ms = 3; state().playing; ms += 3.3) dispatch({ type: 'ticked', atUs: ms * 1000 });
    at(1);
    const slowly = frame();
    expect(state().playing).toBe(false);
    act({ type: 'back' });
    act({ type: 'next' });
    for (let ms = 150; state().playing; ms += 150) dispatch({ type: 'ticked', atUs: ms * 1000 });
    expect(frame()).toMatchObject({ atUs: slowly.atUs, seq: slowly.seq });
    act({ type: 'next' });
    act({ type: 'next' }); // once more: at once
    at(2);
  });

  test('lets time run once somebody does what is asked, and does not for other steps', async () => {
    calm = false;
    const { act, dispatch, state, at } = await opened('01-consensus');
    dispatch({ type: 'commandGiven', line: 'heal' });
    expect(state().playing).toBe(false);
    for (let step = 0; step < 6; step++) {
      act({ type: 'next' });
      if (state().course?.step === step) act({ type: 'next' });
      at(step + 1);
    }
    expect(state().playing).toBe(false);
    dispatch({ type: 'commandGiven', line: 'crash S2 S3' });
    expect(state().playing).toBe(true);
  });

  test('lets only a little time run at one go for who has yet to do something', async () => {
    const { act, at, state } = await opened('01-consensus');
    for (let step = 0; step < 6; step++) {
      act({ type: 'next' });
      at(step + 1);
    }
    const { atUs } = state();
    act({ type: 'next' });
    at(6);
    expect(state().atUs).toBe(atUs + 300_000);
    act({ type: 'again' });
    expect(Math.abs(state().atUs - atUs)).toBeLessThanOrEqual(1);
  });

  test('leaves another run alone, and begins its own again', async () => {
    const { act, dispatch, state, frame, at } = await opened('01-consensus');
    dispatch({ type: 'scenarioApplied', text: 'raft 1\nclients 1\n@0ms timeout S1\n@100ms C1 put x=1\n' });
    expect(state().course?.own).toBe(false);
    dispatch({ type: 'scrubbed', atUs: 300_000 });
    act({ type: 'next' });
    expect(state().course?.step).toBe(0);
    expect(frame().atUs).toBe(300_000);
    act({ type: 'open', name: '01-consensus' });
    await vi.dynamicImportSettled();
    expect(state().course).toMatchObject({ own: true });
    act({ type: 'next' });
    at(1);
  });

  test('comes to every step on a machine as slow as can be, at the same moment', async () => {
    const { act, at, frame } = await opened('01-consensus');
    goOnBy(100); // no budget is left when it is looked at
    act({ type: 'next' });
    at(1);
    expect(frame().atUs).toBe(200_500);
  });

  test('does nothing while the lessons are closed', async () => {
    const { dispatch, state } = await opened('01-consensus');
    dispatch({ type: 'lessonsToggled' });
    dispatch({ type: 'scrubbed', atUs: 300_000 });
    expect(state().course?.step).toBe(0);
  });

  test('says that a lesson does not come, and lives without storage', async () => {
    vi.stubGlobal('localStorage', undefined);
    const { state } = school('no-such');
    await vi.dynamicImportSettled();
    expect(state().course?.trouble).toContain('could not be fetched');
    expect(state().course).toMatchObject({ name: null, done: [] });
  });
});
