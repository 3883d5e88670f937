// A picture of the page as a document of its own: SVG that shows the same wherever it is opened, without what only a hand on the
// page needs.

/** What the picture shall look like: style sheets beside it, or their text in it. */
export type Style = { readonly sheets: readonly string[] } | { readonly text: string };

/** Only for pointers and keys: these are not seen. */
const UNSEEN = new Set(['hit', 'ground', 'timer-hit', 'timer-grip', 'axis-hit', 'zoom', 'follow', 'heal']);
const ACTIVE = new Set(['tabindex', 'role', 'aria-pressed', 'aria-checked', 'aria-hidden']);
/** Here blanks are seen. */
const WORDS = new Set(['text', 'title', 'tspan']);

/** The picture as text, an element a line, the same in every browser. */
export function standalone(picture: Element, style: Style): string {
  const sheets =
    'sheets' in style ? style.sheets.map((href) => `<?xml-stylesheet href="${escaped(href)}"?>\n`) : [];
  const lines: string[] = [];
  write(picture, 0, lines);
  const [first = '', ...rest] = lines;
  const head = first.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  const ground = ' <rect class="paper" width="100%" height="100%"/>';
  const own = 'text' in style ? [` <style>${escaped(style.text)}</style>`] : [];
  return `${sheets.join('')}${[head, ...own, ground, ...rest].join('\n')}\n`;
}

function write(element: Element, depth: number, lines: string[]): void {
  const classes = element.getAttribute('class')?.split(' ') ?? [];
  if (classes.some((name) => UNSEEN.has(name)) || isEmpty(element)) return;
  const name = element.localName;
  const start = `${' '.repeat(depth)}<${name}${attributes(element)}`;
  if (WORDS.has(name)) lines.push(`${start}>${escaped((element.textContent ?? '').trim())}</${name}>`);
  else if (element.firstElementChild === null) lines.push(`${start}/>`);
  else {
    const before = lines.push(`${start}>`);
    for (const child of element.children) write(child, depth + 1, lines);
    if (lines.length === before) lines.pop();
    else lines.push(`${' '.repeat(depth)}</${name}>`);
  }
}

/** A path without a way, a text without words. */
const isEmpty = (element: Element): boolean =>
  element.getAttribute('d') === '' || (WORDS.has(element.localName) && element.textContent?.trim() === '');

function attributes(element: Element): string {
  let all = '';
  for (const name of element.getAttributeNames()) {
    const value = element.getAttribute(name)?.trim().replace(/\s+/g, ' ') ?? '';
    if (!ACTIVE.has(name)) all += ` ${name}="${escaped(value)}"`;
  }
  return all;
}

const escaped = (words: string): string =>
  words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
