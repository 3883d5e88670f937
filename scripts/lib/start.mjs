// The front page: what the playground is, the lessons, and all scenarios with a small picture of each, drawn from their runs.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How large a picture is, in its own units. */
const WIDTH = 240;
const HEIGHT = 100;
const MARGIN = 8;
/** More messages than these only blacken it. */
const MOST_ARROWS = 110;
/** The colours of terms, for a light and a dark page. */
const STYLES = ['terms', 'terms-later'].map((name) => readFileSync(`www/style/${name}.css`, 'utf8')).join('');
const TERMS = [...STYLES.matchAll(/\.term-\d \{\s*--term: light-dark\((#\w+), (#\w+)\)/g)];
if (TERMS.length === 0) throw new Error('terms.css has no colours of terms.');
const LIGHT = TERMS.map(([, light]) => light);
const DARK = TERMS.map(([, , dark]) => dark);

/**
 * Writes the front page.
 *
 * @param {string} folder where to
 */
export async function start(folder) {
  const engine = await import(`${pathToFileURL(resolve('www/pkg/raft_wasm.js'))}?start`);
  engine.initSync({ module: readFileSync('www/pkg/raft_wasm_bg.wasm') });
  mkdirSync(`${folder}/pictures`, { recursive: true });
  const scenarios = titled('scenarios/order').map(({ name, title }) => {
    const text = readFileSync(`scenarios/${name}.raft`, 'utf8');
    writeFileSync(`${folder}/pictures/${name}.svg`, picture(engine, text, title));
    return `<li><a href="../?scenario=${name}"><img src="pictures/${name}.svg" alt="" loading="lazy" width="${WIDTH}" height="${HEIGHT}" /><span>${escaped(title)}</span></a></li>`;
  });
  const lessons = readFileSync('lessons/order', 'utf8')
    .trim()
    .split('\n')
    .map((line, n) => {
      const [name, minutes, steps, ...title] = line.split(/\s+/);
      return `<li><a href="../?lesson=${name}"><span>${n + 1}. ${escaped(title.join(' '))}<small>${minutes} min, ${steps} steps</small></span></a></li>`;
    });
  const page = readFileSync('www/start/index.html', 'utf8')
    .replace('LESSONS', () => lessons.join('\n'))
    .replace('SCENARIOS', () => scenarios.join('\n'));
  writeFileSync(`${folder}/index.html`, page);
  // In the playground's colours.
  const styles = ['www/style/tokens.css', 'www/start/start.css'].map((file) => readFileSync(file, 'utf8'));
  writeFileSync(`${folder}/start.css`, styles.join('\n'));
}

/** Names and titles, one a line. */
const titled = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), title: line.slice(line.indexOf(' ')).trim() }));

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A run as lines and messages. */
function picture(engine, text, title) {
  const session = engine.Session.open(text);
  const end = Math.min(session.frame(1, 0).scenarioEndUs ?? 3e6, 60e6);
  session.playTo(end, 10_000);
  const { servers } = session.frame(1, 0);
  const x = (us) => (MARGIN + (us / end) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (lane) =>
    (MARGIN + 4 + (lane * (HEIGHT - 2 * MARGIN - 8)) / (servers.length - 1 || 1)).toFixed(1);
  const lanes = new Map(servers.map(({ id }, lane) => [id, lane]));
  const colour = (term) => (term > 0 ? `t${(term - 1) % LIGHT.length}` : 'none');
  const spans = session.lanes(0, end + 1).spans.filter(({ up }) => up);
  const lines = spans.map(({ server, fromUs, toUs, role, term }) => {
    const at = y(lanes.get(server) ?? 0);
    const wide = role === 'leader' ? 5 : 2;
    return `<path class="${colour(term)}" stroke-width="${wide}" d="M${x(fromUs)} ${at}H${x(toUs)}"/>`;
  });
  const rows = rowsOf(session.arrows(0, end + 1)).filter(
    ({ from, to }) => from < servers.length && to < servers.length,
  );
  const step = Math.max(1, Math.ceil(rows.length / MOST_ARROWS));
  const arrows = rows
    .filter((_, n) => n % step === 0)
    .map(
      ({ from, to, term, sent, ended }) =>
        `<path class="${colour(term)}" d="M${x(sent)} ${y(from)}L${x(ended)} ${y(to)}"/>`,
    );
  session.free();
  const styles = (colours) => colours.map((one, n) => `.t${n}{stroke:${one}}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" fill="none"><title>${escaped(title)}</title><style>.none{stroke:#8d8b84}${styles(LIGHT)}@media(prefers-color-scheme:dark){${styles(DARK)}}</style><g stroke-width=".7" opacity=".55">${arrows.join('')}</g>${lines.join('')}</svg>\n`;
}

/** The engine's rows of ten numbers, by name. */
function rowsOf(numbers) {
  const rows = [];
  for (let n = 0; n < numbers.length; n += 10) {
    const [, , from, to, , term, sent, ended] = numbers.subarray(n, n + 8);
    rows.push({ from, to, term, sent, ended });
  }
  return rows;
}
