// What is drawn into the text: colours of words, mistakes underlined, lines that have just come, and how far the playhead is.

import { type Extension, type Range, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { COMMANDS, HEADERS, OPERATIONS } from '../language.ts';
import { statements, timeOf } from './written.ts';

const WORDS = new Set([
  ...[...HEADERS, ...OPERATIONS, ...COMMANDS].map(({ name }) => name),
  ...['raft', 'expect'],
]);

/** A piece of a line and its class: comments, texts, times, names of servers, clients and links, numbers, words of the language. */
const PIECE =
  /(#.*)|("(?:\\.|[^"\\])*"?|(?<=^\s*title\s)[^;#]+)|(@\S*)|(?<![\w.-])([SC]\d(?:->[SC]\d)?)(?![\w.-])|(?<![\w.-])([+-]?\d[\w.%/]*)|((?<![\w.=-])[a-z][\w-]*)/g;
/** Before the first word of a statement: elsewhere `on` says of whom, or how a switch stands. */
const BEGINS = /(^|;|@\S+)\s*$/;
const CLASSES = ['comment', 'quoted', 'at', 'name', 'number'] as const;
const marks = new Map([...CLASSES, 'word'].map((name) => [name, Decoration.mark({ class: `ed-${name}` })]));

/** The coloured pieces of a line: from, to, and what they are. */
export function pieces(line: string): [from: number, to: number, kind: string][] {
  const found: [number, number, string][] = [];
  for (const match of line.matchAll(PIECE)) {
    const isWord =
      WORDS.has(match[0]) && !(/^(on|off)$/.test(match[0]) && !BEGINS.test(line.slice(0, match.index)));
    const kind = CLASSES.find((_, n) => match[n + 1] !== undefined) ?? (isWord ? 'word' : null);
    if (kind !== null) found.push([match.index, match.index + match[0].length, kind]);
  }
  return found;
}

/** Colours what is in sight. */
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }
    update({ docChanged, viewportChanged, view }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.decorations = coloured(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

/** A line that goes on below itself does so behind its time. */
const hanging = (by: number): Decoration =>
  Decoration.line({ attributes: { style: `--hang: ${Math.min(by, MOST_HANGING)}ch` } });
const MOST_HANGING = 12;

function coloured({ visibleRanges, state: { doc } }: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  for (const { from, to } of visibleRanges)
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      const hang = /^(?:@\S+\s+|# +)/.exec(line.text)?.[0].length ?? 0;
      if (hang > 0) found.push(hanging(hang).range(line.from));
      for (const [start, end, kind] of pieces(line.text))
        found.push((marks.get(kind) as Decoration).range(line.from + start, line.from + end));
      if (line.to >= to || line.number === doc.lines) break;
    }
  return Decoration.set(found);
}

/** Mistakes, as from and to. */
export const setWrong = StateEffect.define<readonly (readonly [number, number])[]>();
/** Lines that have just come, by where they begin; none when they have been seen. */
export const light = StateEffect.define<readonly number[]>();
/** Where the playhead is, in µs. */
export const setNow = StateEffect.define<number>();

const underline = Decoration.mark({ class: 'ed-wrong' });
const wrongLine = Decoration.line({ class: 'ed-wrong' });
const lastLine = Decoration.line({ class: 'ed-last' });
const litLine = Decoration.line({ class: 'ed-lit' });

const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (now, { changes, effects }) =>
    effects.reduce(
      (set, effect) =>
        effect.is(setWrong)
          ? Decoration.set(
              effect.value.map(([from, to]) =>
                from < to ? underline.range(from, to) : wrongLine.range(from),
              ),
            )
          : set,
      now.map(changes),
    ),
  provide: (field) => EditorView.decorations.from(field),
});

const lit = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (now, { changes, effects }) =>
    effects.reduce(
      (set, effect) => (effect.is(light) ? Decoration.set(effect.value.map((at) => litLine.range(at))) : set),
      now.map(changes),
    ),
  provide: (field) => EditorView.decorations.from(field),
});

/** A command's time, and where it stands in the text. */
interface Timed {
  readonly at: number;
  readonly from: number;
}

let known: { readonly doc: Text | null; readonly commands: readonly Timed[] } = { doc: null, commands: [] };

/** All commands of a text. */
export function commandsOf(doc: Text): readonly Timed[] {
  if (known.doc !== doc) known = { doc, commands: commandsIn(doc.toString()) };
  return known.commands;
}

const commandsIn = (text: string): Timed[] =>
  statements(text).flatMap(({ text: one, from }) => {
    const at = timeOf(one);
    return at === null ? [] : [{ at, from }];
  });

/** Where the playhead is, and the line of the command that it passed last. */
interface Now {
  readonly atUs: number;
  readonly last: number | null;
}

const now = StateField.define<Now>({
  create: () => ({ atUs: 0, last: null }),
  update(old, { state: { doc }, docChanged, effects }) {
    const moved = effects.find((effect) => effect.is(setNow));
    if (!moved && !docChanged) return old;
    const atUs = moved?.value ?? old.atUs;
    const last = commandsOf(doc)
      .filter(({ at }) => at <= atUs)
      .reduce<Timed | null>((latest, one) => (latest !== null && latest.at > one.at ? latest : one), null);
    return { atUs, last: last === null ? null : doc.lineAt(last.from).from };
  },
  provide: (field) =>
    EditorView.decorations.from(field, ({ last }) =>
      last === null ? Decoration.none : Decoration.set([lastLine.range(last)]),
    ),
});

/** When what a line says happens or is judged; else when the command before it happens. */
export function timeAt(doc: Text, number: number): number {
  const [own] = statements(doc.line(number).text.replace(/^\s*expect\b.*\bat\s+(?=\S+\s*(#|$))/, '@'));
  const at = own ? timeOf(own.text) : null;
  const before = commandsOf(doc).filter(({ from }) => from < doc.line(number).from);
  return at ?? before[before.length - 1]?.at ?? 0;
}

class Passing extends GutterMarker {
  override elementClass: string;
  constructor(kind: string) {
    super();
    this.elementClass = kind;
  }
  override toDOM(): Node {
    const dot = document.createElement('span');
    dot.title = 'Click: the playhead to this time';
    return dot;
  }
}
const PASSED = new Passing('ed-passed');
const LAST = new Passing('ed-passed ed-last');
const COMING = new Passing('ed-coming');

/** Beside each command whether the playhead has passed it. A click moves it there. */
const passing = (goTo: (atUs: number) => void): Extension => [
  now,
  gutter({
    class: 'ed-passing',
    lineMarker(view, { from }) {
      const [command] = commandsIn(view.state.doc.lineAt(from).text);
      const { atUs, last } = view.state.field(now);
      if (command === undefined) return null;
      return command.at > atUs ? COMING : from === last ? LAST : PASSED;
    },
    lineMarkerChange: ({ startState, state }) => startState.field(now) !== state.field(now),
    domEventHandlers: {
      mousedown(view, { from }) {
        const [command] = commandsIn(view.state.doc.lineAt(from).text);
        if (command) goTo(command.at);
        return command !== undefined;
      },
    },
  }),
];

/** Says to those who do not see it that something is wrong, and where that is told. */
const told = EditorView.contentAttributes.of(({ state }) =>
  state.field(wrong).size > 0 ? { 'aria-invalid': 'true', 'aria-describedby': 'mistake' } : null,
);

/** All that is drawn into the text. */
export const drawn = (goTo: (atUs: number) => void): Extension => [
  colours,
  wrong,
  told,
  lit,
  passing(goTo),
  // Once a line that has just come has faded, it is a line like any other.
  EditorView.domEventHandlers({
    animationend: (_, view) => view.dispatch({ effects: light.of([]) }),
  }),
];
