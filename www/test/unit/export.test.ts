// @vitest-environment happy-dom

// What is taken away from the page, as far as no browser is needed to make it.

import { readdirSync, readFileSync } from 'node:fs';
import { render, type TemplateResult } from 'lit-html';
import { beforeAll, describe, expect, test } from 'vitest';
import { Animation, bends, momentsOf, type Script, toldLines } from '../../animation.ts';
import type { Session } from '../../engine.ts';
import { make, scriptOf, type Wish } from '../../export.ts';
import { MOST_MESSAGES } from '../../mermaid.ts';
import { Painter } from '../../picture.ts';
import { initSync, Session as WasmSession } from '../../pkg/raft_wasm.js';
import { escaped } from '../../standalone.ts';
import { INITIAL, type State } from '../../store.ts';
import type { About, Studio } from '../../studio.ts';

beforeAll(() => {
  initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
});

const open = (text: string): Session => WasmSession.open(text) as Session;

function played(text: string, us?: number): Session {
  const session = open(text);
  const to = us ?? session.frame(1, 0).scenarioEndUs ?? 0;
  while (session.playTo(to, 50) < to && !session.frame(1, 0).ended) {}
  return session;
}

const scenario = (name: string) => readFileSync(`scenarios/${name}.raft`, 'utf8');
const state = (session: Session, more: Partial<State> = {}): State => {
  const { endUs, atUs } = session.frame(1, 0);
  return { ...INITIAL, window: { fromUs: 0, toUs: endUs }, atUs, ...more };
};

async function taken(wish: Partial<Wish>, session: Session, more: Partial<State> = {}) {
  const whole: Wish = { source: 'trace', format: 'jsonl', theme: 'light', ...wish };
  const made = await make(whole, { session, state: state(session, more), open });
  if (typeof made === 'string') throw new Error(made);
  return { ...made, text: await made.content.text() };
}

describe('JSON Lines', () => {
  // crates/raft-cli/tests/commands.rs holds the command line against the same files.
  test.each(['trace', 'history'] as const)('the %s is what the command line writes', async (source) => {
    const { text, name } = await taken({ source }, played(readFileSync('www/test/taken/run.raft', 'utf8')));
    expect(text).toBe(readFileSync(`www/test/taken/run.${source}.jsonl`, 'utf8'));
    expect(name).toBe(`half-a-second-of-three-servers.${source}.jsonl`);
  });

  test('a line for every event, each read back as it is', async () => {
    const session = played(scenario('four-ways-to-read'));
    const lines = (await taken({ source: 'trace' }, session)).text.trimEnd().split('\n');
    const { seq } = session.frame(1, 0);
    expect(lines.length).toBe(seq);
    expect(lines.map((line) => JSON.parse(line))).toEqual(session.events(0, seq));
  });
});

/** The lines of a sequence diagram that Mermaid's grammar knows, as far as we write them: no name is one of its words, such as `end`, and
 * none of its signs stands in words, nor a line's end. Mermaid 11.17.2 itself read and drew the diagrams of all scenarios and lessons, whole
 * and a tenth of each, and one made to break it, with as many arrows and notes as they have; it is too large to come along for this. */
const NAME = '[SC]\\d+';
const WORDS = '(?:[\\p{L}\\p{N} .,·’“”–…=()+/-]|#\\d+;)+';
const GRAMMAR = new RegExp(
  `^  (?:(?:participant|actor) ${NAME}|${NAME}(?:->>|-->>|-x)${NAME}: ${WORDS}|Note over ${NAME}(?:,${NAME})?: ${WORDS})$`,
  'u',
);

describe('Mermaid', () => {
  const diagram = async (text: string, more: Partial<State> = {}, us?: number) =>
    taken({ source: 'ladder', format: 'mermaid' }, played(text, us), more);

  test.each(readdirSync('scenarios').flatMap((name) => /(.*)\.raft$/.exec(name)?.[1] ?? []))(
    '%s',
    async (name) => {
      const { text } = await diagram(scenario(name));
      const [first, ...lines] = text.trimEnd().split('\n');
      expect(first).toBe('sequenceDiagram');
      for (const line of lines) expect(line).toMatch(GRAMMAR);
      expect(text.length).toBeLessThan(50_000);
    },
  );

  test('messages stand in the order of their arrival, lost ones are crossed', async () => {
    const { text } = await diagram(scenario('leader-crash'), {
      window: { fromUs: 960_000, toUs: 1_000_000 },
    });
    const arrows = text.split('\n').filter((line) => /->>|-x/.test(line));
    expect(arrows.slice(0, 3)).toEqual([
      '  S5-xS1: RequestVote of term 2, lost',
      '  S5->>S2: RequestVote of term 2',
      '  S5->>S4: RequestVote of term 2',
    ]);
    expect(text).toContain('S2-->>S5: vote in term 2');
  });

  test('what Mermaid or HTML may take for their own goes by number', async () => {
    const hostile = `raft 1\nservers 3\nclients 1\nseed 1\n@5ms say "]]>--><script>alert(1)</script>; end #quot; %%{init}%% style x: a#b;"\n@10ms timeout S1\n@60ms C1 put end=note\n@200ms end\n`;
    const { text } = await diagram(hostile);
    expect(text).toContain('#60;script#62;alert(1)#60;/script#62;#59; end #35;quot#59; #37;#37;#123;init');
    expect(text).toContain('put end=note');
    expect(text.replace(/#\d+;|-?->>/g, '')).not.toMatch(/[<>&;%"{}#]/);
    for (const line of text.trimEnd().split('\n').slice(1)) expect(line).toMatch(GRAMMAR);
  });

  test('too much is cut, and said so in the diagram and beside it', async () => {
    const { text, remark } = await diagram(scenario('four-ways-to-read'));
    expect(text.match(/->>|-x/g)?.length).toBeLessThanOrEqual(MOST_MESSAGES);
    expect(remark).toMatch(/^Heartbeats and their answers are left out\. The rest, from .* on, is left out/);
    expect(text).toContain('Heartbeats and their answers are left out.');
  });
});

describe('an animated picture', () => {
  /** Draws, but knows no browser's looks: everything is of one class. */
  class Draft implements Pick<Studio, 'of' | 'draw' | 'document'> {
    readonly #place = document.createElement('div');
    of = () => 'a';
    draw(template: TemplateResult): Element {
      render(template, this.#place);
      return this.#place.firstElementChild as Element;
    }
    document(_: unknown, { title }: About, lines: readonly string[], css = ''): string {
      return `<svg><title>${escaped(title)}</title><style>${css}</style>\n${lines.join('\n')}</svg>`;
    }
  }

  function film(text: string, fromUs: number, toUs: number, bare = false): string {
    const session = open(text);
    const size = { width: 480, height: 400 };
    const script: Script = { fromUs, toUs, seconds: 4, stillUs: toUs, size, bare };
    const animation = new Animation(
      script,
      new Painter(session).paint(INITIAL, null).ui,
      new Draft() as never,
    );
    for (const us of momentsOf(script)) {
      session.playTo(us, 1000);
      animation.take(session.frame(1, 0));
    }
    return animation.document({ title: 'A <b>', description: '' });
  }

  test('has the messages of its time, each on its way while it is under way', () => {
    const text = film(scenario('leader-crash'), 950_000, 1_000_000);
    const ways = [...text.matchAll(/<animateMotion path="M[^"]+" keyPoints="([^"]+)" keyTimes="([^"]+)"/g)];
    expect(ways.length).toBeGreaterThan(10);
    for (const [, points, times] of ways) {
      for (const list of [points, times]) {
        const numbers = (list as string).split(';').map(Number);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers).toHaveLength(4);
      }
    }
    expect(text).toContain('candidate');
    expect(text).toContain('leader');
  });

  test('has every time in order, from 0 on', () => {
    const text = film(scenario('minority-partition'), 0, 1_300_000);
    for (const [, list] of text.matchAll(/<animate [^>]*keyTimes="([^"]+)"/g)) {
      const times = (list as string).split(';').map(Number);
      expect(times[0]).toBe(0);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(1);
    }
    for (const [, values, times] of text.matchAll(/values="([^"]+)" keyTimes="([^"]+)"/g))
      expect(values?.split(';').length).toBe(times?.split(';').length);
  });

  test('runs no script, asks nobody for anything, and takes no markup for its own', () => {
    const hostile = `raft 1\nservers 3\nclients 1\nseed 1\ntitle <script>\n@0ms say "</text><script>alert(1)</script><image href=//x.y>"\n@5ms timeout S1\n@60ms C1 put k=1\n@200ms end\n`;
    const text = film(hostile, 0, 200_000);
    expect(text).toContain('&lt;/text&gt;&lt;script&gt;');
    expect(text).not.toMatch(/<(script|foreignObject|image|a|iframe)\b|\bon\w+=|javascript:|https?:/i);
    for (const [, href] of text.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^#m\d+$/);
  });

  test('is smaller without heartbeats', () => {
    const [whole, bare] = [false, true].map(
      (less) => film(scenario('leader-crash'), 0, 700_000, less).length,
    );
    expect(bare).toBeLessThan((whole ?? 0) * 0.7);
  });

  test('stands still where less motion is asked for', () => {
    const text = film(scenario('leader-crash'), 0, 300_000);
    expect(text).toContain(
      '@media (prefers-reduced-motion:reduce){.still{display:inline}.moving{display:none}}',
    );
    const still = text.slice(text.indexOf('<g class="still">'));
    expect(still).toContain('leader');
    expect(still).not.toContain('<animate');
  });

  test('plays what the diagram shows, at the speed of the page, in 3 to 20 seconds', () => {
    const at = { ...INITIAL, atUs: 250_000 };
    const window = { fromUs: 100_000, toUs: 900_000 };
    expect(scriptOf({ ...at, window }, 2e6)).toEqual({ ...window, seconds: 8, stillUs: 250_000 });
    expect(scriptOf({ ...at, window }, 300_000)).toEqual({
      fromUs: 100_000,
      toUs: 300_000,
      seconds: 3,
      stillUs: 250_000,
    });
    expect(scriptOf({ ...at, window: { fromUs: 0, toUs: 9e6 } }, 2e7).seconds).toBe(20);
    const empty = scriptOf({ ...at, window: { fromUs: 5e6, toUs: 6e6 } }, 2e6);
    expect(empty.toUs).toBeGreaterThan(empty.fromUs);
  });

  test('a line through values keeps only its bends', () => {
    expect(bends([100, 90, 80, 70, 100, 100, 100])).toEqual([0, 3, 4, 6]);
    expect(bends([5])).toEqual([0]);
  });

  test('what the author says is broken into lines that fit', () => {
    const size = { width: 300, height: 100 };
    expect(toldLines(null, size)).toEqual([]);
    const lines = toldLines('one two three four five six '.repeat(9), size);
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toMatch(/ …$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(toldLines('x'.repeat(500), size)[0]?.length).toBeLessThan(40);
  });
});

test('control characters, which XML does not know, do not make a picture unreadable', () => {
  expect(escaped('a\u0000\u001b<&>"\ud800b😀')).toBe('a\ufffd\ufffd&lt;&amp;&gt;&quot;\ufffdb😀');
});
