// Frames made by hand, for tests and for the gallery.

import { DARK } from '../falls.ts';
import type {
  ClientFrame,
  Frame,
  LogCell,
  MessageFrame,
  MessageKind,
  OpFrame,
  ServerFrame,
} from '../generated/engine.ts';
import { COPY, REFUSED } from '../views/arrows.ts';
import type { Ui } from '../views/contract.ts';
import { KIND_NAMES } from '../views/ring-message.ts';

const range = { minUs: 10_000, maxUs: 15_000 };

export const aServer = (n: number, given: Partial<ServerFrame> = {}): ServerFrame => ({
  id: `S${n}`,
  up: true,
  unpowered: false,
  torn: false,
  paused: false,
  stalled: false,
  role: 'follower',
  term: 0,
  votedFor: null,
  votes: [],
  leader: null,
  commitIndex: 0,
  lastApplied: 0,
  lastIndex: 0,
  syncedIndex: 0,
  claimedIndex: null,
  electionTimer: null,
  heartbeatTimer: null,
  progress: [],
  configuration: { voters: ['S1', 'S2', 'S3', 'S4', 'S5'], outgoing: [], learners: [] },
  transfer: null,
  snapshot: null,
  unsynced: 0,
  clockAheadUs: 0,
  state: [],
  log: [],
  twoPhase: null,
  ...given,
});

export const anOp = (client: string, text: string, given: Partial<OpFrame> = {}): OpFrame => ({
  op: 0,
  client,
  text,
  seq: 0,
  invokedUs: 0,
  returnedUs: null,
  outcome: 'waiting',
  value: null,
  ...given,
});

export const aClient = (n: number, given: Partial<ClientFrame> = {}): ClientFrame => ({
  id: `C${n}`,
  current: null,
  waiting: 0,
  last: null,
  ...given,
});

let messages = 0;
export const aMessage = (
  kind: MessageKind,
  from: string,
  to: string,
  /** How far it has come at 1 s, from 0 to 1. */
  way: number,
  given: Partial<MessageFrame> = {},
): MessageFrame => {
  messages += 1;
  const sentUs = 1_000_000 - Math.round(way * 12_000);
  return {
    id: messages,
    seq: messages,
    from,
    to,
    kind,
    heartbeat: false,
    term: 1,
    entries: 0,
    success: null,
    sentUs,
    arrivesUs: sentUs + 12_000,
    heldUs: null,
    copy: false,
    text: '',
    ...given,
  };
};

/** A log from words such as `1:no-op 1:x=1 2:del_y`: term, colon, what it says. */
export const aLog = (words: string): LogCell[] =>
  words
    .split(' ')
    .filter(Boolean)
    .map((word, i) => {
      const [term, text] = word.split(':') as [string, string];
      const kind = text === 'no-op' ? 'noop' : /^S\d(_|$)/.test(text) ? 'configuration' : 'command';
      return { index: i + 1, term: Number(term), kind, text: text.replaceAll('_', ' ') };
    });

/** A frame at 1 s. */
export const aFrame = (servers: ServerFrame[], given: Partial<Frame> = {}): Frame => ({
  atUs: 1_000_000,
  seq: 1000,
  endUs: 1_000_000,
  scenarioEndUs: null,
  live: true,
  ended: false,
  limit: null,
  title: 'By hand',
  protocol: 'raft',
  seed: '1',
  settings: {
    electionTimeout: { minUs: 150_000, maxUs: 300_000 },
    heartbeatUs: 50_000,
    maxEntries: 64,
    clientTimeoutUs: 2_000_000,
    clientRetryUs: 400_000,
    latency: range,
    lossPpm: 0,
    duplicatePpm: 0,
    write: { minUs: 100, maxUs: 200 },
    fsync: { minUs: 1000, maxUs: 3000 },
    special: [],
  },
  servers,
  clients: [],
  messages: [],
  lost: [],
  groups: null,
  cuts: [],
  plans: [],
  violations: [],
  linearizable: { verdict: 'yes' },
  said: null,
  branch: 0,
  version: 1,
  ...given,
});

export const aUi = (width: number, height: number, given: Partial<Ui> = {}): Ui => {
  const size = { width, height };
  return {
    size: { ring: size, logs: size, ladder: size, timeline: size },
    picked: null,
    atUs: 0,
    flights: null,
    split: null,
    gesture: null,
    window: { fromUs: 0, toUs: 1_000_000 },
    logFrom: 1,
    light: DARK,
    logCount: 10,
    logFollows: true,
    ...given,
  };
};

/** What flies in a frame, as `Session.flights` tells it. */
export const flightsOf = ({ messages, servers, clients }: Frame): Float64Array => {
  const lanes = [...servers, ...clients].map(({ id }) => id);
  const rows = messages.map((m) => [
    ...[m.seq, m.id, lanes.indexOf(m.from), lanes.indexOf(m.to)],
    KIND_NAMES.indexOf(m.kind) + (m.success === false ? REFUSED : 0) + (m.copy ? COPY : 0),
    ...[m.term ?? 0, m.sentUs, m.arrivesUs, m.heldUs ?? -1, m.entries],
  ]);
  return new Float64Array(rows.flat());
};

/** An election timer with this much left at 1 s, from 1 to 0. */
export const timer = (left: number): { electionTimer: { setUs: number; deadlineUs: number } } => ({
  electionTimer: { setUs: 1_000_000 - (1 - left) * 200_000, deadlineUs: 1_000_000 + left * 200_000 },
});
