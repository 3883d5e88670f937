// Words offered while one types, and what the word under the cursor means.

import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  selectedCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, keymap, showPanel, tooltips } from '@codemirror/view';
import { type Cast, meaningAt, type Option, placeAt, wantedAfter } from './grammar.ts';

/** So many options keep the order of the language's tables; the library ranks from 99 to -99. */
const RANKED = 99;

/** What may stand here. Nothing is pressed upon who has finished a word, nor where a statement may end. */
const source =
  (cast: () => Cast) =>
  ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const place = placeAt(state.doc.toString(), pos, cast());
    if (place === null || place.options.length === 0) return null;
    const { from, word, words, options, must } = place;
    const asked =
      explicit || (word === '' ? must && words.length > 0 : options.every(({ label }) => label !== word));
    if (!asked) return null;
    const more = (label: string) => !wantedAfter([...words, label]).has(null);
    return {
      from,
      options: options.map(({ label, detail, says }, n) => ({
        label,
        detail,
        apply: more(label) ? `${label} ` : label,
        boost: Math.max(-RANKED, RANKED - n),
        says,
      })),
    };
  };

/** Completes words, and tells what they mean: under the pointer, and below the text of the one at the cursor. */
export const words = (cast: () => Cast): Extension => [
  autocompletion({
    override: [source(cast)],
    icons: false,
    activateOnCompletion: ({ apply }) => typeof apply === 'string' && apply.endsWith(' '),
  }),
  keymap.of([...completionKeymap, { key: 'Tab', run: acceptCompletion }]),
  // Lists keep to the text: they cover neither other parts of the page nor what a word means.
  tooltips({ tooltipSpace: ({ scrollDOM }) => scrollDOM.getBoundingClientRect() }),
  hoverTooltip((view, pos) => {
    const meaning = meaningAt(view.state.doc.toString(), pos);
    if (meaning === null) return null;
    const dom = document.createElement('div');
    dom.className = 'ed-meaning';
    dom.append(...inWords(meaning));
    return { pos, above: true, create: () => ({ dom }) };
  }),
  showPanel.of((view) => {
    const dom = document.createElement('div');
    dom.className = 'ed-meaning';
    const tell = () => dom.replaceChildren(...told(view));
    tell();
    return {
      dom,
      update({ docChanged, selectionSet, startState, state }) {
        if (docChanged || selectionSet || selectedCompletion(startState) !== selectedCompletion(state))
          tell();
      },
    };
  }),
];

/** What the word means that is about to be chosen, or that is at the cursor; else what keys do. */
const told = ({ state }: EditorView): Node[] =>
  inWords(
    (selectedCompletion(state) as Option | null) ??
      meaningAt(state.doc.toString(), state.selection.main.head) ?? { label: '', detail: '', says: KEYS },
  );

const MOD = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl+';
const KEYS = `Ctrl+Space: what may stand here. ${MOD}Enter: play up to this line. Esc: keys are the page’s again.`;

function inWords({ label, detail, says }: Option): Node[] {
  const word = document.createElement('b');
  word.textContent = label;
  const more = document.createElement('span');
  more.textContent = detail;
  return [word, more, document.createTextNode(says)];
}
