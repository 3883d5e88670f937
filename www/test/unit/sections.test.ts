// Whatever cites the paper or the thesis names a section that is there: docs/SECTIONS.md has them all.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PLACES = [
  'CHANGELOG.md',
  'README.md',
  'bench',
  'crates',
  'docs',
  'examples',
  'lessons',
  'scenarios',
  'www',
];
const TEXT = /\.(rs|ts|js|md|raft|html|css)$|^order$/;
/** Not by hand, or not about sections. */
const SKIPPED = /^(target|node_modules|pkg|gallery|ladders|SECTIONS\.md|sections\.test\.ts|raftscope)$/;

function textsIn(place: string): string[] {
  const name = place.split('/').at(-1) ?? '';
  if (SKIPPED.test(name)) return [];
  if (TEXT.test(name)) return [place];
  if (name.includes('.')) return [];
  return readdirSync(place, { withFileTypes: true })
    .filter((one) => one.isDirectory() || TEXT.test(one.name))
    .flatMap(({ name }) => textsIn(`${place}/${name}`));
}

/** Of each table the first column, by what stands above it. */
const KNOWN = new Map<string, Set<string>>();
for (const table of readFileSync('docs/SECTIONS.md', 'utf8').matchAll(
  /^\| (.+) \| .+ \|\n\|---.*\n((?:\|.*\n)+)/gm,
))
  KNOWN.set(
    table[1] ?? '',
    new Set([...(table[2] ?? '').matchAll(/^\| (\S+) \|/gm)].map(([, first = '']) => first)),
  );

const NUMBERS = String.raw`\d+(?:\.\d+)*`;
const LIST = String.raw`(?:§|ch(?:apter|\.) )?${NUMBERS}(?:(?:,| and|, and) §?${NUMBERS})*`;
/** The thesis is named before its numbers; a figure with a point in its number is the thesis's. */
const CITED = new RegExp(
  String.raw`[Tt]hesis,? (${LIST})|§(${NUMBERS})|Figures? (\d+\.\d+)|Figures? (\d+)`,
  'g',
);
const TABLES = ['thesis', '§', 'Figure of the thesis', 'Figure'];

/** What is cited, as the table and the number. */
function citations(text: string): (readonly [table: string, number: string])[] {
  const flat = text.replaceAll(/\s*\n\s*(?:\/\/[/!]?|#|\*)?\s*/g, ' ');
  return [...flat.matchAll(CITED)].flatMap((found) => {
    const which = found.findIndex((one, i) => i > 0 && one !== undefined);
    const numbers = (found[which] ?? '').match(new RegExp(NUMBERS, 'g')) ?? [];
    return numbers.map((number) => [TABLES[which - 1] ?? '', number] as const);
  });
}

test('citations are found, in whatever form, and over the end of a line', () => {
  expect(
    citations(
      '(§5.4.2, Figure 8; thesis 4.2.3, 9.6) of [the thesis, §10.2] and\n/// thesis\n/// 6.4. Figure 4.6',
    ),
  ).toEqual([
    ['§', '5.4.2'],
    ['Figure', '8'],
    ['thesis', '4.2.3'],
    ['thesis', '9.6'],
    ['thesis', '10.2'],
    ['thesis', '6.4'],
    ['Figure of the thesis', '4.6'],
  ]);
  expect(KNOWN.get('§')).toContain('5.4.2');
  expect(KNOWN.get('thesis')).not.toContain('10.2.3');
});

test('every section and figure that is cited exists', () => {
  const files = PLACES.flatMap(textsIn);
  const wrong: string[] = [];
  let seen = 0;
  for (const file of files)
    for (const [table, number] of citations(readFileSync(file, 'utf8'))) {
      seen++;
      if (!KNOWN.get(table)?.has(number)) wrong.push(`${file}: ${table} ${number}`);
    }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(500); // else it looks in the wrong places
});

test('what a lesson names to read on is where its link leads', () => {
  const where: Readonly<Record<string, string>> = {
    'the Raft paper': 'https://raft.github.io/raft.pdf',
    'the thesis': 'https://github.com/ongardie/dissertation/blob/master/stanford.pdf',
    'Consensus on Transaction Commit': 'https://arxiv.org/abs/cs/0408036',
  };
  for (const file of textsIn('lessons').filter((name) => name.endsWith('lesson.md'))) {
    const links = [...readFileSync(file, 'utf8').matchAll(/^read \[(.+?),.+\]\((.+)\)$/gm)];
    expect(links.length, file).toBeGreaterThan(0);
    for (const [, words = '', address] of links) expect(address, file).toBe(where[words]);
  }
});
