// <raft-scenario>: the scenario's text in an editor, within the page's shadow root. It comes as a file of its own when it is asked for.
//
// The page tells it in one object what is so, as it tells every view; it tells the page what is typed. What was done by hand
// elsewhere is put into the text where it belongs, and into what is being typed too, without moving the cursor. Undo in the editor
// takes back what was typed in it and nothing else; the page's undo takes back what was done on the page.

import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { Annotation, EditorState, type Extension, type StateEffect, Transaction } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { offsetOf } from '../scenario-text.ts';
import type { EditorModel } from '../views/scenario.ts';
import { words } from './completion.ts';
import css from './editor.css?inline';
import { hunks, merged } from './lines.ts';
import { commandsOf, drawn, light, setNow, setWrong, timeAt } from './marks.ts';
import { laidOver } from './written.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** A change that nobody typed. */
const outside = Annotation.define<boolean>();

/** The text of one page. It outlives the element: who closes it finds cursor and undo as they were. */
class Desk {
  #state: EditorState | null = null;
  #view: EditorView | null = null;
  #model: EditorModel | null = null;
  /** The text that runs, as its author would have it. */
  #shown = '';
  /** How many commands the playhead has passed. */
  #passed = -1;
  /** What comes up below the text takes room from it: the cursor stays in sight. */
  readonly #room = new ResizeObserver(() => {
    const view = this.#view;
    if (view?.hasFocus) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) });
  });

  open(parent: HTMLElement, root: ShadowRoot): void {
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    const state = this.#state ?? EditorState.create({ extensions: this.#extensions(root) });
    this.#view = new EditorView({ state, parent, root });
    this.#room.observe(parent);
    this.#sync(null);
    // Who asked to edit wants to type; but on a phone the keys would cover half of it.
    if (this.#model?.editing && !matchMedia('(pointer: coarse)').matches) this.#view.focus();
  }

  close(): void {
    this.#room.disconnect();
    this.#state = this.#view?.state ?? null;
    this.#view?.destroy();
    this.#view = null;
  }

  tell(model: EditorModel): void {
    const last = this.#model;
    this.#model = model;
    this.#sync(last);
  }

  /** Makes the text what the page says it is. */
  #sync(last: EditorModel | null): void {
    const [view, model] = [this.#view, this.#model];
    if (view === null || model === null) return;
    const changed =
      model.written !== last?.written || model.runs !== last?.runs || model.draft !== last?.draft;
    if (changed) this.#rewrite(view, model);
    if (changed || model.wrong !== last?.wrong) view.dispatch({ effects: mistakes(view.state, model) });
    this.#follow(view, model.atUs, changed);
  }

  #rewrite(view: EditorView, { written, runs, draft, send }: EditorModel): void {
    const shown = plain(laidOver(written, runs));
    const text = view.state.doc.toString();
    const wanted =
      draft === null ? shown : plain(draft) !== text ? plain(draft) : merged(this.#shown, text, shown);
    const isFirst = this.#shown === '';
    this.#shown = shown;
    if (wanted === text) return;
    if (isFirst) view.dispatch({ changes: { from: 0, to: text.length, insert: wanted }, ...QUIETLY });
    else put(view, wanted);
    if (draft !== null && wanted !== plain(draft)) send({ type: 'scenarioEdited', text: wanted });
  }

  /** Marks how far the playhead is, each time it passes a command. */
  #follow(view: EditorView, atUs: number, changed: boolean): void {
    const passed = commandsOf(view.state.doc).filter(({ at }) => at <= atUs).length;
    if (passed !== this.#passed || changed) view.dispatch({ effects: setNow.of(atUs) });
    this.#passed = passed;
  }

  #extensions(root: ShadowRoot): Extension {
    const cast = () => this.#model ?? { servers: 5, clients: 1, atUs: 0 };
    const goTo = (atUs: number) => this.#model?.send({ type: 'scrubbed', atUs });
    return [
      lineNumbers(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Scenario', tabindex: '0' }),
      history(),
      words(cast),
      keymap.of([
        { key: 'Mod-Enter', run: (view) => this.#playTo(view) },
        { key: 'Escape', run: (view) => leave(root, view) },
        ...historyKeymap,
        ...standardKeymap,
      ]),
      drawn(goTo),
      EditorView.domEventHandlers({ beforeinput: typedOver }),
      EditorView.updateListener.of(({ docChanged, transactions, state }) => {
        if (docChanged && !transactions.some((one) => one.annotation(outside)))
          this.#model?.send({ type: 'scenarioEdited', text: state.doc.toString() });
      }),
    ];
  }

  /** Runs what is typed at once, with the playhead at the time of the cursor's line, or of the last one before it; from the start, anew. */
  #playTo({ state: { doc, selection } }: EditorView): boolean {
    const { draft, send } = this.#model as EditorModel;
    const [text, atUs] = [doc.toString(), timeAt(doc, doc.lineAt(selection.main.head).number)];
    if (atUs === 0 || draft !== null) send({ type: 'scenarioApplied', text, typed: atUs > 0 });
    if (atUs > 0) send({ type: 'scrubbed', atUs });
    return true;
  }
}

const QUIETLY = { annotations: [outside.of(true), Transaction.addToHistory.of(false)] };

/** Puts another text in place of this one, changing only the lines that differ; those that come are lit and scrolled to. */
function put(view: EditorView, text: string): void {
  const { doc } = view.state;
  const found = hunks(doc.toString().split('\n'), text.split('\n'));
  const changes = found.map(({ from, to, lines }) => {
    // Whole lines with the line end behind them; at the text's end with the one before.
    const atEnd = to === doc.lines;
    const start = from === doc.lines ? doc.length : doc.line(from + 1).from;
    const cut = atEnd && from > 0 && lines.length === 0 ? doc.line(from).to : start;
    const end = atEnd ? doc.length : doc.line(to + 1).from;
    const insert = lines.length === 0 ? '' : lines.join('\n') + (atEnd ? '' : '\n');
    return { from: cut, to: end, insert: from === doc.lines ? `\n${insert}` : insert };
  });
  view.dispatch({ changes, ...QUIETLY });
  // By number, for the lines have moved.
  const come: number[] = [];
  let shift = 0;
  for (const { from, to, lines } of found) {
    for (let n = 0; n < lines.length; n += 1)
      if (!lines[n]?.startsWith('#')) come.push(view.state.doc.line(from + shift + n + 1).from);
    shift += lines.length - (to - from);
  }
  const [first] = come;
  if (first === undefined) return;
  const seen: StateEffect<unknown> = EditorView.scrollIntoView(first, { y: 'nearest', yMargin: 40 });
  view.dispatch({ effects: [light.of(come), seen] });
}

/** Where each mistake is. One at a line's end is underlined in the word before it. */
function mistakes({ doc }: EditorState, { wrong }: EditorModel): StateEffect<unknown> {
  const places = wrong.map(({ line, column, found }) => {
    const from = Math.min(offsetOf(doc.toString(), line, column), doc.length);
    const { from: start, to: end, text } = doc.lineAt(from);
    if (found !== '') return [from, Math.min(end, from + found.length)] as const;
    const before = /\S+\s*$/.exec(text.slice(0, from - start))?.[0].trimEnd() ?? '';
    const at = start + text.slice(0, from - start).trimEnd().length;
    return [at - before.length, at] as const;
  });
  return setWrong.of([...places].sort(([a], [b]) => a - b));
}

/** Left alone, Chromium keeps the look of what is typed over in a style of its own, which a strict page forbids. */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { state, composing } = view;
  const { inputType, data } = event;
  if (inputType !== 'insertText' || !data || composing || state.selection.main.empty) return false;
  view.dispatch(state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  return true;
}

/** Gives the keys back to the page. */
function leave(root: ShadowRoot, { contentDOM }: EditorView): boolean {
  const button = root.querySelector<HTMLElement>('#edit');
  if (button) button.focus();
  else contentDOM.blur();
  return true;
}

/** With the line ends of the editor. */
const plain = (text: string): string => text.replace(/\r\n?/g, '\n');

const desks = new WeakMap<Node, Desk>();

class ScenarioEditor extends HTMLElement {
  #desk: Desk | null = null;
  #model: EditorModel | null = null;

  set model(model: EditorModel) {
    this.#model = model;
    this.#desk?.tell(model);
  }

  connectedCallback(): void {
    const root = this.getRootNode() as ShadowRoot;
    const desk = desks.get(root) ?? new Desk();
    desks.set(root, desk);
    this.#desk = desk;
    if (this.#model) desk.tell(this.#model);
    desk.open(this, root);
  }

  disconnectedCallback(): void {
    this.#desk?.close();
    this.#desk = null;
  }
}

if (!customElements.get('raft-scenario')) customElements.define('raft-scenario', ScenarioEditor);
