// A picture of the page as a document of its own: SVG that shows the same wherever it is opened, without what only a hand on the
// page needs.

/** How elements look, by classes of the document's own instead of the page's. */
export interface Looks {
  /** The class of an element; empty if it needs none, `null` if nothing is seen of it. */
  of(element: Element): string | null;
}

/** Only for pointers and keys: these are not seen. */
const UNSEEN = ['hit', 'ground', 'timer-hit', 'timer-grip', 'axis-hit', 'zoom', 'follow', 'heal'];
const ACTIVE = /^(tabindex|role|aria-(pressed|checked|hidden))$/;
/** What a document that brings its own looks does without, too. */
const OF_THE_PAGE = /^(tabindex|role|aria-.*|class|style)$/;
/** Here blanks are seen. */
const WORDS = new Set(['text', 'title', 'tspan']);

/** The picture as text, an element a line, the same in every browser; how it looks stands in sheets beside it. */
export function standalone(picture: Element, sheets: readonly string[]): string {
  const links = sheets.map((href) => `<?xml-stylesheet href="${escaped(href)}"?>\n`);
  const [first = '', ...rest] = linesOf(picture);
  const head = first.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return `${links.join('')}${[head, ' <rect class="paper" width="100%" height="100%"/>', ...rest].join('\n')}\n`;
}

/** An element and all in it, an element a line, but none of these classes. */
export function linesOf(element: Element, looks?: Looks, without: readonly string[] = []): string[] {
  const lines: string[] = [];
  write(element, 0, lines, { looks, unseen: new Set([...UNSEEN, ...without]) });
  return lines;
}

interface How {
  readonly looks: Looks | undefined;
  readonly unseen: ReadonlySet<string>;
}

function write(element: Element, depth: number, lines: string[], how: How): void {
  const classes = element.getAttribute('class')?.split(' ') ?? [];
  if (classes.some((name) => how.unseen.has(name)) || isEmpty(element)) return;
  const look = how.looks?.of(element);
  if (look === null) return;
  const name = element.localName;
  const start = `${' '.repeat(depth)}<${name}${attributes(element, look)}`;
  if (WORDS.has(name)) lines.push(`${start}>${escaped((element.textContent ?? '').trim())}</${name}>`);
  else if (element.firstElementChild === null) lines.push(`${start}/>`);
  else {
    const before = lines.push(`${start}>`);
    for (const child of element.children) write(child, depth + 1, lines, how);
    if (lines.length === before) lines.pop();
    else lines.push(`${' '.repeat(depth)}</${name}>`);
  }
}

/** A path without a way, a text without words. */
const isEmpty = (element: Element): boolean =>
  element.getAttribute('d') === '' || (WORDS.has(element.localName) && element.textContent?.trim() === '');

function attributes(element: Element, look: string | undefined): string {
  let all = look ? ` class="${look}"` : '';
  for (const name of element.getAttributeNames()) {
    const value = element.getAttribute(name)?.trim().replace(/\s+/g, ' ') ?? '';
    if (!(look === undefined ? ACTIVE : OF_THE_PAGE).test(name)) all += ` ${name}="${escaped(value)}"`;
  }
  return all;
}

// What XML does not know, as the control characters, would make the whole document unreadable.
const UNKNOWN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export const escaped = (words: string): string =>
  words
    .replace(UNKNOWN, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
