// What may stand where in a scenario, as the editor knows it.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { meaningAt, placeAt, wantedAfter } from '../../editor/grammar.ts';
import { statements } from '../../editor/written.ts';
import * as engine from '../../generated/language.ts';
import { RULES } from '../../generated/rules.ts';

const CAST = { servers: 3, clients: 1, atUs: 1_284_500 };

/** What is offered at `‸`. */
const offered = (text: string): string[] => {
  const place = placeAt(text.replace('‸', ''), text.indexOf('‸'), CAST);
  return place?.options.map(({ label }) => label) ?? [];
};

test('every statement of every scenario that comes along is allowed', () => {
  const files = ['scenarios', 'scenarios/broken'].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith('.raft'))
      .map((file) => `${folder}/${file.name}`),
  );
  expect(files.length).toBeGreaterThan(60);
  for (const file of files)
    for (const { text } of statements(readFileSync(file, 'utf8'))) {
      const words = text.replace(/"(?:\\.|[^"\\])*"/g, '"').match(/\||[^\s|]+/g) ?? [];
      expect(wantedAfter(words).has(null), text).toBe(true);
    }
});

test('all words of the engine are offered, each at its place', () => {
  const start = 'raft 1\n';
  expect(offered('‸')).toEqual(['raft']);
  expect(new Set(offered(`${start}‸`))).toEqual(new Set([...engine.LINES, '@1284500us']));
  const settings = engine.SETTINGS.map(([line]) => line.split(' ')[0]);
  const twoPhase = ['vote-timeout', 'ask-again', 'cooperative-termination'];
  expect(new Set([...offered(`${start}set ‸`), ...twoPhase])).toEqual(new Set(settings));
  expect(new Set(offered(`${start}@1s ‸`))).toEqual(new Set([...engine.COMMANDS, 'C1']));
  expect(new Set(offered(`${start}@1s C1 ‸`))).toEqual(new Set(engine.OPERATIONS));
  expect(new Set(offered(`${start}expect ‸`))).toEqual(new Set([...engine.EXPECTATIONS, 'C1']));
  expect(new Set(offered(`${start}expect violation ‸`))).toEqual(new Set(engine.PROPERTIES));
  expect(offered(`${start}off ‸`)).toEqual(RULES.map(([name]) => name));
  expect(offered(`${start}@1s drop ‸`)).toEqual([...engine.KINDS, 'message']);
  expect(offered(`${start}protocol two-phase-commit\n@1s drop ‸`).sort()).toEqual(
    [...engine.TWO_PHASE_KINDS, 'message'].sort(),
  );
});

test('only what may stand at a place is offered', () => {
  const start = 'raft 1\nservers 3\n';
  expect(offered(`${start}se‸`)).toContain('seed');
  expect(offered(`${start}se‸`)).not.toContain('servers');
  expect(offered(`${start}@1s heal\n‸`)).toEqual(['@1284500us', 'expect']);
  expect(offered(`${start}off one-vote\n‸`)).toEqual(['set', 'off', 'on', '@1284500us', 'expect']);
  expect(offered(`${start}@1s crash S1 ‸`)).toEqual(['S2', 'S3']);
  expect(offered(`${start}@1s partition S1 ‸`)).toEqual(['|', 'S2', 'S3', 'C1']);
  expect(offered(`${start}@1s cut ‸`)).toEqual([
    ...['S1->S2', 'S1->S3', 'S1->C1', 'S2->S1', 'S2->S3', 'S2->C1', 'S3->S1', 'S3->S2', 'S3->C1'],
    ...['C1->S1', 'C1->S2', 'C1->S3'],
  ]);
  expect(offered(`${start}set pre-vote ‸`)).toEqual(['on', 'off']);
  expect(offered(`${start}set disk ‸`)).toEqual(['S1', 'S2', 'S3']);
  expect(offered(`${start}set disk S2 ‸`)).toEqual(['honest', 'lies', 'full']);
  expect(offered(`${start}set client-retry ‸`)).toEqual(['400ms', 'never']);
  expect(offered(`${start}@1s C1 get x ‸`)).toEqual([
    'stale',
    'leader-local',
    'read-index',
    'lease',
    'via',
    'within',
  ]);
  expect(offered(`${start}@1s load C1 put ‸`)).toEqual(['every', 'after']);
  expect(offered(`${start}@1s heal; @2s load C1 ‸`)).toEqual(['stop', 'put', 'del', 'get', 'mixed']);
  expect(offered(`${start}@1s timeout S1 ‸`)).toEqual([]);
});

test('nothing is offered in comments, quotes and titles, nor behind nonsense', () => {
  for (const text of ['# cr‸', '@1s say "cr‸', 'title cr‸', '@1s crsh ‸', '@1s heal # ‸', '1s ‸'])
    expect(offered(`raft 1\n${text}`), text).toEqual([]);
  expect(offered('raft 1\n@1s say "a;#b"; @2s hea‸')).toContain('heal');
});

test('a word means what it means at its place', () => {
  const at = (text: string) => meaningAt(text.replace('‸', ''), text.indexOf('‸'));
  expect(at('set heart‸beat 50ms')).toMatchObject({ label: 'heartbeat', detail: '1ms–60s, else 50ms' });
  expect(at('set heartbeat 50‸ms')).toMatchObject({ label: 'heartbeat' });
  expect(at('set pre-vote‸ on')?.says).toContain('asks whether');
  expect(at('off pre-vote‸')).toMatchObject({ detail: 'thesis 9.6' });
  expect(at('@1s crash ‸S1')).toMatchObject({ label: 'crash' });
  expect(at('@1s C1 pu‸t x=1')).toMatchObject({ label: 'put' });
  expect(at('@1‸s crash S1')?.says).toContain('When');
  expect(at('expect no-‸violation')?.says).toContain('No property');
  expect(at('# cra‸sh')).toBeNull();
});
