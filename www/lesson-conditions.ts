// What a step of a lesson waits for: an expectation of the scenario language, judged at the playhead, or something that happens.

import type { ClientFrame, Event, Frame, ServerFrame, TraceEvent } from './generated/engine.ts';

/** What a condition is judged by. */
export interface Seen {
  /** The playhead's moment, with the logs from their beginning. */
  readonly frame: Frame;
  /** The names of what has happened since the step began, also with the server: `Truncated`, `Truncated S5`. */
  readonly happened: ReadonlySet<string>;
}

export type Condition = (seen: Seen) => boolean;

/** A condition, and whether it looks into the logs. */
export interface Whole {
  readonly holds: Condition;
  readonly looksIntoLogs: boolean;
}

type OfServer = (server: ServerFrame, frame: Frame) => boolean;

/** `3` is exactly so many, `3+` so many or more. */
function number(word: string | undefined): (n: number) => boolean {
  if (!/^\d+\+?$/.test(word ?? ''))
    throw new Error(`expected a number such as 3 or 3+, found "${word ?? ''}"`);
  const wanted = Number.parseInt(word ?? '', 10);
  return word?.endsWith('+') ? (n) => n >= wanted : (n) => n === wanted;
}

const numbered =
  (of: (server: ServerFrame) => number) =>
  (words: readonly string[]): OfServer => {
    const fits = number(words[0]);
    return (server) => fits(of(server));
  };

/** What can be said of a server. */
const OF_SERVER: Readonly<Record<string, (words: readonly string[]) => OfServer>> = {
  role:
    ([role = '']) =>
    (server) =>
      server.role.toLowerCase() === role.replace('-', ''),
  term: numbered(({ term }) => term),
  committed: numbered(({ commitIndex }) => commitIndex),
  entries: numbered(({ lastIndex }) => lastIndex),
  synced: numbered(({ syncedIndex }) => syncedIndex),
  snapshot: numbered(({ snapshot }) => snapshot?.lastIndex ?? 0),
  'voted-for':
    ([whom]) =>
    ({ votedFor }) =>
      (votedFor ?? 'nobody') === whom,
  state:
    ([pair]) =>
    ({ state }) =>
      state.some(({ key, value }) => `${key}=${value}` === pair),
  'no-state':
    ([wanted]) =>
    ({ state }) =>
      state.every(({ key }) => key !== wanted),
  log: (terms) => {
    const wanted = terms.join(' ').replace('empty', '');
    return ({ log }) => log.map(({ term }) => term).join(' ') === wanted;
  },
  entry: (words) => {
    const wanted = words.join(' ');
    return ({ log }) => log.some(({ text }) => text === wanted);
  },
  voters: (names) => {
    const wanted = names.join(' ');
    return ({ configuration }) => configuration.voters.join(' ') === wanted;
  },
  down:
    () =>
    ({ up }) =>
      !up,
  up:
    () =>
    ({ up }) =>
      up,
  paused:
    () =>
    ({ paused }) =>
      paused,
  blocked:
    () =>
    ({ twoPhase }) =>
      twoPhase?.prepared.some(({ blocked }) => blocked) ?? false,
};

const leadersOf = ({ servers }: Frame): ServerFrame[] =>
  servers.filter(({ up, role }) => up && role === 'leader').sort((a, b) => b.term - a.term);

/** What can be said of everything. */
const OF_ALL: Readonly<Record<string, (words: readonly string[]) => Condition>> = {
  leader:
    ([id]) =>
    ({ frame }) => {
      const [first] = leadersOf(frame);
      return first !== undefined && (id === undefined || first.id === id);
    },
  leaders: ([n]) => {
    const fits = number(n);
    return ({ frame }) => fits(leadersOf(frame).length);
  },
  crashed: ([n]) => {
    const fits = number(n);
    return ({ frame }) => fits(frame.servers.filter(({ up }) => !up).length);
  },
  'no-leader':
    () =>
    ({ frame }) =>
      leadersOf(frame).length === 0,
  violation:
    ([wanted]) =>
    ({ frame }) =>
      frame.violations.some(({ property }) => wanted === undefined || property === wanted),
  'no-violation':
    () =>
    ({ frame }) =>
      frame.violations.length === 0,
  linearizable:
    () =>
    ({ frame }) =>
      frame.linearizable.verdict === 'yes',
  'not-linearizable':
    () =>
    ({ frame }) =>
      frame.linearizable.verdict === 'no',
  split:
    () =>
    ({ frame }) =>
      frame.groups !== null,
  whole:
    () =>
    ({ frame }) =>
      frame.groups === null && frame.cuts.length === 0,
  ended:
    () =>
    ({ frame }) =>
      frame.ended,
  setting: (words) => {
    const wanted = words.join(' ');
    return ({ frame }) => frame.settings.special.includes(wanted);
  },
  at: ([time = '']) => {
    if (!/^\d+ms$/.test(time)) throw new Error(`expected a time such as 600ms, found "${time}"`);
    const wanted = Number.parseInt(time, 10) * 1000;
    return ({ frame }) => frame.atUs >= wanted;
  },
  seen: (words) => {
    const wanted = words.join(' ').replace(' on ', ' ');
    return ({ happened }) => happened.has(wanted);
  },
};

/** How a client's last operation ended, while it waits for no other; or that it waits. */
const client = (id: string, [what = '', value]: readonly string[]): Condition => {
  const fits = ({ current, last }: ClientFrame): boolean => {
    if (current !== null) return what === 'waiting';
    if (what === 'read') return last?.outcome === 'ok' && last.text.startsWith('get') && last.value === value;
    if (what === 'read-nothing')
      return last?.outcome === 'ok' && last.text.startsWith('get') && last.value === null;
    return last?.outcome === what;
  };
  return ({ frame }) => frame.clients.some((one) => one.id === id && fits(one));
};

/** The condition that a text says: clauses, strung together with `and`. Throws what is wrong with it. */
export function condition(text: string): Whole {
  const clauses = text.split(' and ').map(clause);
  return {
    holds: (seen) => clauses.every((holds) => holds(seen)),
    looksIntoLogs: /\b(log|entry) /.test(text),
  };
}

function clause(text: string): Condition {
  const words = text.trim().split(/ +/);
  const some = words[0] === 'some';
  const [name = '', ...all] = some ? words.slice(1) : words;
  if (/^C\d$/.test(name)) return client(name, all);
  const ofAll = OF_ALL[name];
  if (ofAll && !some) return ofAll(all);
  const ofServer = OF_SERVER[name];
  if (!ofServer) throw new Error(`there is no condition "${name}"`);
  const on = all.indexOf('on');
  const named = on < 0 ? null : all.slice(on + 1);
  const holds = ofServer(on < 0 ? all : all.slice(0, on));
  return ({ frame }) => {
    const meant = frame.servers.filter(({ id, up }) => (named ? named.includes(id) : up || name === 'down'));
    const fits = (server: ServerFrame) => holds(server, frame);
    // Of no server at all nothing is so: where all are down, none "is a follower".
    return some ? meant.some(fits) : meant.length > 0 && meant.every(fits);
  };
}

/** What an event is called in `seen`: by its type, by what is noted in it, by the message that it sends. */
export function namesOf({ event }: TraceEvent): string[] {
  const names: string[] = [event.type];
  let who = 'server' in event ? `S${event.server}` : '';
  if (event.type === 'Noted' || event.type === 'TwoPhaseNoted') names.push(event.note.type);
  if (event.type === 'Sent') {
    const { name, from } = sent(event);
    names.push(name);
    who = from;
  }
  return who === '' ? names : names.flatMap((name) => [name, `${name} ${who}`]);
}

function sent({ packet }: Extract<Event, { type: 'Sent' }>): { name: string; from: string } {
  if (packet.type === 'Raft' || packet.type === 'TwoPhase')
    return { name: packet.message.body.type, from: `S${packet.message.from}` };
  return { name: packet.type, from: packet.type === 'Response' ? `S${packet.from}` : `C${packet.from}` };
}
