// The shapes of messages, as paths that begin where the message is. Solid shapes ask, outlined ones answer. Round is replication, a
// diamond an election, a square a client's or a snapshot's, a hexagon one of the two phases of a commit; signs on them are strokes, for letters would cost a browser more than
// all the rest.

import type { MessageFrame, Protocol } from '../generated/engine.ts';

/** What of a message decides its shape. */
export type Shaped = Pick<MessageFrame, 'kind' | 'heartbeat' | 'entries' | 'success'>;

/** And what besides is drawn of it. */
export type Marked = Shaped & Pick<MessageFrame, 'heldUs' | 'copy'>;

/** A path, and how far right of the message it begins. */
type Stroke = readonly [path: string, right: number];

export interface Glyph {
  readonly solid: boolean;
  readonly body: string;
  readonly signs: readonly Stroke[];
}

const plain = { heartbeat: false, entries: 1, success: null, heldUs: null, copy: false };

/** What the shapes mean, the commonest first. */
const LEGEND: readonly { readonly shape: Marked; readonly words: string }[] = [
  { shape: { ...plain, kind: 'RequestVote' }, words: 'vote?' },
  { shape: { ...plain, kind: 'AppendEntries' }, words: 'entries' },
  { shape: { ...plain, kind: 'AppendEntries', heartbeat: true }, words: 'heartbeat' },
  { shape: { ...plain, kind: 'AppendEntriesReply' }, words: 'answer' },
  { shape: { ...plain, kind: 'RequestVoteReply', success: true }, words: 'vote given' },
  { shape: { ...plain, kind: 'AppendEntriesReply', success: false }, words: 'refused' },
  { shape: { ...plain, kind: 'Request' }, words: 'client asks' },
  { shape: { ...plain, kind: 'Response', success: true }, words: 'client’s answer' },
  { shape: { ...plain, kind: 'PreVote' }, words: 'would you vote?' },
  { shape: { ...plain, kind: 'TimeoutNow' }, words: 'stand now' },
  { shape: { ...plain, kind: 'InstallSnapshot' }, words: 'snapshot' },
  { shape: { ...plain, kind: 'ReadIndex' }, words: 'read?' },
];

const TWO_PHASE_LEGEND: typeof LEGEND = [
  { shape: { ...plain, kind: 'Prepare' }, words: 'vote?' },
  { shape: { ...plain, kind: 'Vote', success: true }, words: 'yes' },
  { shape: { ...plain, kind: 'Decision', success: true }, words: 'commit' },
  { shape: { ...plain, kind: 'Decision', success: false }, words: 'abort' },
  { shape: { ...plain, kind: 'Acknowledgement' }, words: 'have it' },
  { shape: { ...plain, kind: 'Inquiry' }, words: 'what was decided?' },
  { shape: { ...plain, kind: 'Uncertain' }, words: 'don’t know' },
  { shape: { ...plain, kind: 'Request' }, words: 'client asks' },
  { shape: { ...plain, kind: 'Response', success: true }, words: 'client’s answer' },
];

/** The marks that any message may bear. */
const MARKS: typeof LEGEND = [
  { shape: { ...plain, kind: 'Acknowledgement', heldUs: 0 }, words: 'held' },
  { shape: { ...plain, kind: 'Acknowledgement', copy: true }, words: 'copy' },
];

/** What there is to see in this protocol; first those marks that are borne now. */
export const legendOf = (protocol: Protocol, ...borne: readonly boolean[]): typeof LEGEND => [
  ...MARKS.filter((_, i) => borne[i]),
  ...(protocol === 'raft' ? LEGEND : TWO_PHASE_LEGEND),
  ...MARKS.filter((_, i) => !borne[i]),
];

/** Two bars that stop a message. */
export const HELD_MARK = 'm-11 -11v22m22 -22v22';
/** Where the outline of a copy looks out from behind it. */
export const BEHIND = 'm3.5 -3.5';

export const glyphOf = ({ kind, heartbeat, entries, success }: Shaped): Glyph => {
  switch (kind) {
    case 'RequestVote':
      return asks(diamond(8), ASKS);
    case 'TimeoutNow':
      return asks(diamond(8), CALLS);
    case 'RequestVoteReply':
      return answers(diamond(8), success);
    case 'PreVote':
      return { ...asks(diamond(8), ASKS), solid: false };
    case 'PreVoteReply':
      return answers(diamond(6.5), success);
    case 'AppendEntries':
      return heartbeat ? asks(circle(4)) : { ...asks(circle(8)), signs: strokesOf(entries) };
    case 'InstallSnapshot':
      return asks(square(7.5), SNAPSHOT);
    case 'ReadIndex':
      return asks(circle(8), ASKS);
    case 'AppendEntriesReply':
    case 'ReadIndexReply':
    case 'InstallSnapshotReply':
      return success === false ? answers(circle(6.5), false) : answers(circle(4.5), null);
    case 'Prepare':
      return asks(hexagon(8.5), ASKS);
    case 'Vote':
      return answers(hexagon(8), success);
    case 'Decision':
      return asks(hexagon(8.5), success ? YES : NO);
    case 'Acknowledgement':
      return answers(circle(4.5), null);
    case 'Inquiry':
      return asks(circle(8), ASKS);
    case 'Uncertain':
      return { ...asks(circle(7), ASKS), solid: false };
    case 'Request':
      return asks(square(6));
    case 'Response':
      return answers(square(6.5), success);
  }
};

/** The signs of a glyph at a place, as one path. */
export const signsAt = ({ signs }: Pick<Glyph, 'signs'>, x: number, y: number): string =>
  signs.map(([path, right]) => `M${x + right} ${y}${path}`).join('');

const asks = (body: string, sign?: string): Glyph => ({ solid: true, body, signs: sign ? [[sign, 0]] : [] });

const answers = (body: string, yes: boolean | null): Glyph => ({
  solid: false,
  body,
  signs: yes === null ? [] : [[yes ? YES : NO, 0]],
});

const diamond = (r: number): string => `m${-r} 0l${r} ${-r}l${r} ${r}l${-r} ${r}z`;
const circle = (r: number): string => `m${-r} 0a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
const hexagon = (r: number): string => {
  const [x, y] = [r / 2, r * 0.87];
  return `m${-r} 0l${r - x} ${-y}h${2 * x}l${r - x} ${y}l${x - r} ${y}h${-2 * x}z`;
};
const square = (r: number): string => `m${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`;

const YES = 'm-3 0.2l2.1 2.2l4.1 -4.8';
const NO = 'm-2.5 -2.5l5 5m0 -5l-5 5';
const ASKS = 'm-2.2 -2c0 -3 4.6 -3 4.6 -0.2c0 1.6 -2.3 1.6 -2.3 3.4m0 2.2v0.4';
const CALLS = 'm0 -4.2v5m0 2.8v0.4';
const SNAPSHOT = 'm2.4 -2.9c-1.5 -1.3 -5 -1 -5 0.8c0 2.3 5 1.6 5 3.9c0 1.9 -3.6 2 -5 0.6';
const MANY = 'm-3.5 0h7m-3.5 -3.5v7';

/** From 0 to 9, around the middle of a field of 4 by 7. */
const DIGITS = [
  'm-1.9 -1.6c0 -2.6 3.8 -2.6 3.8 0v3.2c0 2.6 -3.8 2.6 -3.8 0z',
  'm-1.4 -2l1.7 -1.5v7',
  'm-1.9 -1.9c0.2 -2.2 3.8 -2.2 3.8 0.2c0 1.4 -3.8 3.4 -3.8 5.2h3.9',
  'm-1.9 -2.6c0.8 -1.3 3.6 -1.3 3.6 0.8c0 1 -0.8 1.6 -1.9 1.6c1.4 0 2.2 0.7 2.2 1.8c0 2.4 -3.4 2.4 -4 0.8',
  'm1 3.5v-7l-3.2 4.8h4.6',
  'm1.7 -3.5h-3.2l-0.3 3.1c1 -0.9 3.8 -0.9 3.8 1.6c0 2.8 -3.2 2.8 -4 1.2',
  'm1.6 -3c-2 -1.2 -3.5 0.6 -3.5 3.6c0 3.8 3.9 3.8 3.9 0.9c0 -2.6 -3.6 -2.4 -3.9 -0.4',
  'm-1.9 -3.5h3.8l-2.6 7',
  'm0 -0.3c-2.2 0 -2.2 -3.2 0 -3.2s2.2 3.2 0 3.2c-2.6 0 -2.6 3.8 0 3.8s2.6 -3.8 0 -3.8',
  'm-1.6 3c2 1.2 3.5 -0.6 3.5 -3.6c0 -3.8 -3.9 -3.8 -3.9 -0.9c0 2.6 3.6 2.4 3.9 0.4',
] as const;

/** A number of at most two digits: more than 99 are "many". */
export const strokesOf = (n: number): readonly Stroke[] => {
  const digit = (d: number): string => DIGITS[d % 10] as string;
  if (n > 99) return [[MANY, 0]];
  return n < 10
    ? [[digit(n), 0]]
    : [
        [digit(Math.floor(n / 10)), -2.7],
        [digit(n), 2.7],
      ];
};
