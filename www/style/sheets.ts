// The style sheets, made once and shared by all elements of a page. No style element and no style attribute is needed, so a
// strict content security policy does not mind.

import controls from './controls.css?inline';
import pictures from './pictures.css?inline';
import playground from './playground.css?inline';
import reading from './reading.css?inline';
import terms from './terms.css?inline';
import tokens from './tokens.css?inline';

const made = new Map<string, CSSStyleSheet>();

export const sheets: CSSStyleSheet[] = [playground, tokens, terms, controls, reading, pictures].map(sheetOf);

/** A sheet for the shadow roots that want it. */
export function sheetOf(text: string): CSSStyleSheet {
  const sheet = made.get(text) ?? new CSSStyleSheet();
  if (!made.has(text)) sheet.replaceSync(text);
  made.set(text, sheet);
  return sheet;
}
