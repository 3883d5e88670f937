// The space-time diagram as text for Mermaid, which code hosts and notebooks draw: who sends what to whom, in the order of arrival, and
// what is worth telling between. Mermaid knows no distances in time, so the notes say when.

import { clientName, serverName, time } from './format.ts';
import type { Event, Frame, Packet, TraceEvent } from './generated/engine.ts';
import { messageNoun } from './messages.ts';
import { packetOf, type Recall } from './recall.ts';
import { sentence } from './sentences.ts';
import { levelOf } from './trail.ts';
import { shortened } from './views/op.ts';

/** More messages than this nobody reads, and code hosts refuse texts of more than 50,000 characters. */
export const MOST_MESSAGES = 150;
const MOST_CHARACTERS = 45_000;
const LONGEST = 120;

/** A diagram, and what was left out of it; `null` if nothing was. */
export interface Diagram {
  readonly text: string;
  readonly left: string | null;
}

export function mermaid(frame: Frame, events: readonly TraceEvent[], recall: Recall): Diagram {
  const names = [...frame.servers, ...frame.clients].map(({ id }) => id);
  const all = `${names[0]}${names.length > 1 ? `,${names.at(-1)}` : ''}`;
  const flights = events.flatMap((event) => stepOf(event, names, all, recall));
  const isMany = flights.filter(({ routine }) => routine !== null).length > MOST_MESSAGES;
  const telling = isMany ? flights.filter(({ routine }) => routine !== true) : flights;
  let [messages, characters] = [0, 0];
  const end = telling.findIndex(({ line, routine }) => {
    characters += line.length + 3;
    if (routine !== null) messages += 1;
    return messages > MOST_MESSAGES || characters > MOST_CHARACTERS;
  });
  const kept = end < 0 ? telling : telling.slice(0, end);
  const left = [
    ...(isMany ? ['Heartbeats and their answers are left out.'] : []),
    ...(end < 0
      ? []
      : [`The rest, from ${time(telling[end]?.atUs ?? 0)} on, is left out: there is too much of it.`]),
  ].join(' ');
  const lines = [
    'sequenceDiagram',
    ...names.map((name) => `${name.startsWith('C') ? 'actor' : 'participant'} ${name}`),
    ...kept.map(({ line }) => line),
    ...(left === '' ? [] : [`Note over ${all}: ${quoted(left)}`]),
  ];
  return { text: `${lines.join('\n  ')}\n`, left: left === '' ? null : left };
}

interface Step {
  readonly line: string;
  readonly atUs: number;
  /** Whether it is a message like so many; `null` for a note. */
  readonly routine: boolean | null;
}

function stepOf(event: TraceEvent, names: readonly string[], all: string, recall: Recall): Step[] {
  const { atUs, event: what, cause } = event;
  if (what.type === 'Delivered' || what.type === 'Lost') {
    const packet = packetOf(cause, recall);
    const [from, to] = packet === null ? [] : endsOf(packet);
    if (packet === null || !from || !to || !names.includes(from) || !names.includes(to)) return [];
    const lost = what.type === 'Lost';
    const arrow = lost ? '-x' : isAnswer(packet) ? '-->>' : '->>';
    const noun = messageNoun(packet).the.replace(/^[SC]\d+’s /, '');
    return [
      {
        line: `${from}${arrow}${to}: ${quoted(noun)}${lost ? ', lost' : ''}`,
        atUs,
        routine: isRoutine(packet),
      },
    ];
  }
  if (levelOf(what) !== 'story' || UNTOLD.has(what.type)) return [];
  const who = nameOf(what);
  const over = who !== null && names.includes(who) ? who : all;
  return [
    {
      line: `Note over ${over}: ${quoted(`${time(atUs)} · ${sentence(event, recall).what}`)}`,
      atUs,
      routine: null,
    },
  ];
}

/** Told by messages, or of no use here. */
const UNTOLD: ReadonlySet<Event['type']> = new Set(['Began', 'Invoked', 'Returned']);

/** The two ends of a packet. */
const endsOf = (packet: Packet): readonly [from: string, to: string] => {
  switch (packet.type) {
    case 'Request':
    case 'Query':
      return [clientName(packet.from), serverName(packet.to)];
    case 'Response':
      return [serverName(packet.from), clientName(packet.to)];
    default:
      return [serverName(packet.message.from), serverName(packet.message.to)];
  }
};

const isAnswer = (packet: Packet): boolean =>
  packet.type === 'Response' || (packet.type === 'Raft' && packet.message.body.type.endsWith('Reply'));

/** Heartbeats and what says yes to them: most of all messages, and the least telling. */
const isRoutine = (packet: Packet): boolean => {
  if (packet.type !== 'Raft') return false;
  const { body } = packet.message;
  return body.type === 'AppendEntries'
    ? body.entries.length === 0
    : body.type === 'AppendEntriesReply' && body.success;
};

/** Whom an event is about, if it is one server or client. */
const nameOf = (event: Event): string | null =>
  'server' in event ? serverName(event.server) : 'client' in event ? clientName(event.client) : null;

/** In plain letters: whatever Mermaid may read as its own, and every mark of HTML, goes by its number. */
const quoted = (words: string): string =>
  shortened(words, LONGEST)
    .replace(/\s+/g, ' ')
    .replace(/[^\p{L}\p{N} .,·’“”–…=()+/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
