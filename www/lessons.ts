// The guided course: the list of its lessons, and what a lesson's text says. The format is told in lessons/README.md.

import order from '../lessons/order?raw';
import { condition, type Whole } from './lesson-conditions.ts';

/** A lesson as the list has it. */
export interface Listed {
  /** Its folder's name. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly steps: number;
}

/** All lessons in their order. */
export const LESSONS: readonly Listed[] = order
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [name = '', minutes, steps, ...title] = line.split(/ +/);
    return { name, title: title.join(' '), minutes: Number(minutes), steps: Number(steps) };
  });

/** What ends a step. */
export interface Goal extends Whole {
  /** What it is, in words. */
  readonly words: string;
  /** Whether it is for the reader to bring about. */
  readonly task: boolean;
  /** What brings it about, each so long after the step's beginning. */
  readonly help: readonly Help[];
}

/** A command, and how long after the step's beginning it is given. */
export interface Help {
  readonly afterUs: number;
  readonly line: string;
}

export interface Step {
  readonly title: string;
  /** Paragraphs; those that begin with a dash are items of a list. */
  readonly text: readonly string[];
  /** `null` for a step that is only read, as the last one is. */
  readonly goal: Goal | null;
}

export interface Lesson {
  readonly title: string;
  readonly minutes: number;
  /** Where its run has got to when it is opened. */
  readonly fromUs: number;
  /** Where to read on: words and address. */
  readonly reading: readonly (readonly [words: string, address: string])[];
  readonly steps: readonly Step[];
}

/** Each part as its lines with their numbers: what stands above the first `## `, then the steps. */
function partsOf(text: string): [number: number, line: string][][] {
  const parts: [number, string][][] = [[]];
  text.split('\n').forEach((line, i) => {
    if (line.startsWith('## ')) parts.push([]);
    parts[parts.length - 1]?.push([i + 1, line.trimEnd()]);
  });
  return parts;
}

/** What a lesson's text says. Throws a sentence with the number of the line that is wrong. */
export function readLesson(text: string): Lesson {
  const [head = [], ...steps] = partsOf(text);
  let title = '';
  let minutes = 0;
  let fromUs = 0;
  const reading: [string, string][] = [];
  for (const [number, line] of head) {
    const link = /^read \[(.+)\]\((https:\S+)\)$/.exec(line);
    if (line.startsWith('# ')) title = line.slice(2);
    else if (/^\d+ min$/.test(line)) minutes = Number.parseInt(line, 10);
    else if (/^from \d+ms$/.test(line)) fromUs = Number.parseInt(line.slice(5), 10) * 1000;
    else if (link) reading.push([link[1] ?? '', link[2] ?? '']);
    else if (line !== '')
      throw wrong(number, `expected "# TITLE", "N min", "from Nms" or "read [WORDS](https://…)"`);
  }
  if (title === '' || minutes === 0 || reading.length === 0 || steps.length < 2)
    throw wrong(1, 'a lesson has a title, a length, something to read on, and two steps or more');
  return {
    title,
    minutes,
    fromUs,
    reading,
    steps: steps.map((part, i) => readStep(part, i === steps.length - 1)),
  };
}

function readStep(lines: [number, string][], last: boolean): Step {
  const [[first, heading] = [0, '']] = lines;
  let goal: Goal | null = null;
  const help: Help[] = [];
  const text = [''];
  for (const [number, line] of lines.slice(1)) {
    const inText = line !== '' && text[text.length - 1] !== ''; // where a line may begin with any word
    const [, word, rest = ''] = inText ? [] : (/^(until|task|do) (.*)$/.exec(line) ?? []);
    if (word === 'do') help.push(readHelp(number, rest));
    else if (word !== undefined) {
      if (goal !== null) throw wrong(number, 'a step has one goal');
      goal = { ...readGoal(number, rest), task: word === 'task', help };
    } else if (line === '' || line.startsWith('- ')) text.push(line);
    else text.push(`${text.pop()} ${line}`.trim());
  }
  if (goal !== null && last) throw wrong(first, 'the last step waits for nothing');
  if (goal?.task && help.length === 0)
    throw wrong(first, 'what the reader shall do can be done: "do COMMAND"');
  return { title: heading.slice(3), text: text.filter((one) => one !== ''), goal };
}

function readGoal(number: number, rest: string): Whole & Pick<Goal, 'words'> {
  const at = rest.indexOf(': ');
  if (at < 1) throw wrong(number, 'expected WORDS: CONDITION');
  try {
    return { words: rest.slice(0, at), ...condition(rest.slice(at + 2)) };
  } catch (thrown) {
    throw wrong(number, (thrown as Error).message);
  }
}

function readHelp(number: number, rest: string): Help {
  const [, after = '0', line = ''] = /^(?:([+-]\d+)ms )?([^+\s-].*)$/.exec(rest) ?? [];
  if (line === '') throw wrong(number, 'expected a command');
  return { afterUs: Number(after) * 1000, line };
}

const wrong = (number: number, words: string): Error => new Error(`line ${number}: ${words}`);

const TEXTS = import.meta.glob<string>(['../lessons/*/lesson.md', '../lessons/*/scenario.raft'], {
  query: '?raw',
  import: 'default',
});

/** A lesson and its scenario's text. Rejects where they cannot be fetched. */
export async function fetchLesson(name: string): Promise<{ lesson: Lesson; scenario: string }> {
  const text = (file: string) =>
    TEXTS[`../lessons/${name}/${file}`]?.() ??
    Promise.reject(new Error(`There is no lesson named "${name}".`));
  const [lesson, scenario] = await Promise.all([text('lesson.md'), text('scenario.raft')]);
  return { lesson: readLesson(lesson), scenario };
}
