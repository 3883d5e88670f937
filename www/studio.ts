// Where pictures are drawn that leave the page: a place nobody sees, under the page's own style sheets. From what the browser makes of
// them there, every picture gets few classes of its own, in plain values: so it looks the same in whatever shows SVG, be it as old as
// it likes and without custom properties.

import { render, svg, type TemplateResult } from 'lit-html';
import { more } from './at-hand.ts';
import { escaped, type Looks, linesOf } from './standalone.ts';
import others from './style/others.css?inline';
import { sheetOf, sheets } from './style/sheets.ts';
import type { Size } from './views/contract.ts';

/** A picture is for light pages, for dark ones, or follows what its reader's system says. */
export type Theme = 'light' | 'dark' | 'both';

/** What a picture says of itself to whoever does not see it. */
export interface About {
  readonly title: string;
  readonly description: string;
}

/** What may differ between two elements, and what it is where nothing is said. */
const PAINT: Readonly<Record<string, string>> = {
  fill: '#000000',
  'fill-opacity': '1',
  'fill-rule': 'nonzero',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'vector-effect': 'none',
};
const LETTERS: Readonly<Record<string, string>> = {
  'font-family': '',
  'font-size': '',
  'font-style': 'normal',
  'font-weight': '400',
  'text-anchor': 'start',
};
const GROUPS = new Set(['svg', 'g', 'defs', 'clipPath', 'pattern', 'title', 'desc']);
/** Attributes that say how an element looks, which its class may overrule. */
const OWN = ['font-size', 'opacity', 'fill', 'stroke'];
const CLEAR = /^(none|rgba\(.*, 0\))$/;

/** Pictures are told their size: that of the place does not matter. And the looks of what the page has not. */
const OWN_SHEET = `:host{position:fixed;width:0;height:0;overflow:hidden;contain:strict}
.told{font-size:14px;text-anchor:middle}
.told.start{text-anchor:start}
.gone{fill:var(--accent)}`;

/** A rule: what holds, and what holds in the dark instead. */
type Rule = readonly [plain: string, dark: string];

export class Studio implements Looks {
  readonly #host = document.createElement('div');
  readonly #place = document.createElement('div');
  readonly #theme: Theme;
  /** Elements of the same names below elements of the same names look the same: the class of each, `null` for what is not seen. */
  readonly #known = new Map<string, string | null>();
  readonly #names = new Map<string, string>();
  #rules = '';
  #dark = '';
  #keys = new WeakMap<Element, string>();

  constructor(theme: Theme, css = '') {
    this.#theme = theme;
    this.#host.inert = true;
    this.#light(theme !== 'dark');
    const shadow = this.#host.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [...sheets, ...[others, more?.css ?? '', css, OWN_SHEET].map(sheetOf)];
    shadow.append(this.#place);
    document.body.append(this.#host);
  }

  leave(): void {
    this.#host.remove();
  }

  of(element: Element): string | null {
    return this.#known.get(this.#keys.get(element) ?? '') ?? null;
  }

  /** Draws a picture; until the next one is drawn it can be looked at. */
  draw(template: TemplateResult): Element {
    render(template, this.#place);
    const picture = this.#place.firstElementChild as Element;
    const fresh = new Map<string, Element>();
    this.#name(picture, '', fresh);
    const plain = [...fresh.values()].map(declarations);
    this.#light(this.#theme !== 'both');
    const dark = this.#theme === 'both' ? [...fresh.values()].map(declarations) : plain;
    this.#light(this.#theme !== 'dark');
    [...fresh.keys()].forEach((key, i) => {
      const [one, other] = [plain[i], dark[i]];
      this.#known.set(key, one == null || other == null ? null : this.#class([one, other]));
    });
    return picture;
  }

  /** A picture as a document. */
  picture(template: TemplateResult, about: About): string {
    const drawn = this.draw(template);
    const size = { width: Number(drawn.getAttribute('width')), height: Number(drawn.getAttribute('height')) };
    return this.document(size, about, linesOf(drawn, this).slice(1, -1));
  }

  /** These lines, drawn with the looks given so far, as a document. */
  document(
    { width, height }: Size,
    { title, description }: About,
    lines: readonly string[],
    css = '',
  ): string {
    const paper = this.draw(svg`<svg class="picture"><rect class="paper" /></svg>`).firstElementChild;
    const ground = paper && this.of(paper);
    const dark = this.#dark && `@media (prefers-color-scheme:dark){${this.#dark}}`;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
 <title id="title">${escaped(title)}</title>
 <desc id="desc">${escaped(description)}</desc>
 <style>${escaped(this.#rules + dark + css)}</style>
 <rect class="${ground}" width="100%" height="100%"/>
${lines.join('\n')}
</svg>
`;
  }

  #light(on: boolean): void {
    this.#host.setAttribute('theme', on ? 'light' : 'dark');
  }

  /** Names what an element and all in it look like, and finds what was not seen before. */
  #name(element: Element, above: string, fresh: Map<string, Element>): void {
    const own = [...OWN, 'class'].map((name) => element.getAttribute(name) ?? '').join();
    const key = `${above}>${element.localName},${own.replace(/\s+/g, ' ')}`;
    this.#keys.set(element, key);
    if (!this.#known.has(key) && !fresh.has(key)) fresh.set(key, element);
    for (const child of element.children) this.#name(child, key, fresh);
  }

  #class([plain, dark]: Rule): string {
    if (plain === '' && dark === '') return '';
    const key = `${plain}|${dark}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = letters(this.#names.size);
    this.#names.set(key, name);
    this.#rules += `.${name}{${plain}}`;
    const held = new Set(plain.split(';'));
    const other = dark.split(';').filter((one) => !held.has(one));
    if (other.length > 0) this.#dark += `.${name}{${other.join(';')}}`;
    return name;
  }
}

/** `a`, `b` … `z`, `ab` … */
const letters = (n: number): string =>
  (n >= 26 ? letters(Math.floor(n / 26) - 1) : '') + String.fromCharCode(97 + (n % 26));

/** What is to be said of an element so that it looks as it does here; `null` if it is not seen at all. */
function declarations(element: Element): string | null {
  const style = getComputedStyle(element);
  if (style.display === 'none') return null;
  const value = (name: string) => style.getPropertyValue(name);
  const all: string[] = [];
  const say = (name: string, initial: string) => {
    const is = plainly(value(name));
    if (is !== initial) all.push(`${name}:${is}`);
  };
  if (!element.hasAttribute('opacity')) say('opacity', '1');
  if (GROUPS.has(element.localName)) return all.join(';');
  const isClear = ['fill', 'stroke'].every((name) => CLEAR.test(value(name)));
  if (isClear || value('visibility') === 'hidden' || value('opacity') === '0') return null;
  const hasLine = !CLEAR.test(value('stroke'));
  for (const [name, initial] of Object.entries(PAINT))
    if (hasLine || !/^(stroke-|vector|paint)/.test(name)) say(name, initial);
  if (element.localName === 'text') for (const [name, initial] of Object.entries(LETTERS)) say(name, initial);
  return all.join(';');
}

/** A colour as every program knows it; no address of anything elsewhere. */
const plainly = (value: string): string =>
  value
    .replace(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)/g, (_, ...parts) =>
      hex(parts.slice(0, 3).map((part) => 255 * Number(part))),
    )
    .replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, ...parts) => hex(parts.slice(0, 3).map(Number)))
    .replace(/"/g, "'")
    .replace(/url\((?!'?#)[^)]*\)/g, 'none');

const hex = (parts: readonly number[]): string =>
  `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
