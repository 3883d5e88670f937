// Lets the fuzzer make up texts that break something. It needs `cargo install cargo-fuzz` and a nightly Rust. What it finds goes to
// `fuzz/artifacts/`; once mended, the text becomes a seed.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { run, Stop, say, which } from './shell.mjs';

/** The targets and what share of the time each gets: steering a session has the most to break. */
const SHARES = { steer: 0.6, parse: 0.2, link: 0.2 };

/** What the words of the language are not: numbers that matter, ends of lines, actions of `steer`. */
const MORE_WORDS = ['\n', '\n---\n', 'raft 1', '@1ms ', 'S1', 'S9', 'C1', '150ms..300ms', '1us', '24', '%20'];
const ACTIONS = ['seek ', 'play ', 'back', 'forward', 'start', 'end', 'switch ', 'frame ', 'lanes '];

/** Fuzzes for so many minutes: `npm run fuzz -- 20`; an hour without a number. */
export async function fuzz() {
  const minutes = Number(process.argv[3] ?? 60);
  if (!(minutes > 0)) throw new Stop('Usage: npm run fuzz -- MINUTES');
  if (!which('cargo-fuzz')) throw new Stop('cargo-fuzz is missing: run "cargo install cargo-fuzz --locked".');
  mkdirSync('target', { recursive: true });
  writeFileSync('target/fuzz.dict', dictionary());
  for (const [target, share] of Object.entries(SHARES)) {
    const corpus = `fuzz/corpus/${target}`;
    mkdirSync(corpus, { recursive: true });
    const seconds = Math.round(minutes * 60 * share);
    say(`${target}, ${seconds} s`);
    const folders = [corpus, `fuzz/seeds/${target}`, 'scenarios', 'scenarios/broken'];
    const options = ['-dict=target/fuzz.dict', `-max_total_time=${seconds}`, '-timeout=20', '-max_len=4096'];
    const fuzz = ['+nightly', 'fuzz', 'run', target, ...folders, '--', ...options];
    if (!(await run('cargo', fuzz))) {
      process.exitCode = 1;
      break;
    }
  }
}

/** The language's words, from its grammar, in the fuzzer's notation. */
function dictionary() {
  const [, grammar] = readFileSync('docs/SCENARIO.md', 'utf8').split(/```ebnf\n([\s\S]*?)```/);
  const words = [...grammar.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
  const all = [...new Set([...words, ...MORE_WORDS, ...ACTIONS])];
  return all.map((word) => `${JSON.stringify(word).replaceAll('\\n', '\\x0a')}\n`).join('');
}
