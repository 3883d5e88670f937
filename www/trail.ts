// The trace as the event list needs it: fetched in pieces, each once, and told at three levels.

import type { Event, Note, Operation, TraceEvent } from './generated/engine.ts';
import type { Recall } from './recall.ts';
import type { Level } from './store.ts';

/** The part of a session that knows the trace. */
export interface Source {
  events(fromSeq: number, count: number): TraceEvent[];
  eventCount(): number;
  operation(op: number): Operation | null;
}

/** How many events are fetched at a time. */
const PIECE = 16;
/** How many pieces are kept; the oldest fetched go first. */
const KEPT = 2048;
/** For how many events a message flies at most, as far as this page cares. */
const LIFE = 8_000;
/** How far one question looks for every row it wants, so that a long quiet stretch does not hold up the page. */
const SEARCHED = 100;

/** One branch's trace. History never changes, so a full piece stays right for ever. */
export class Trail implements Recall {
  readonly #source: Source;
  readonly #pieces = new Map<number, readonly TraceEvent[]>();

  constructor(source: Source) {
    this.#source = source;
  }

  event(seq: number): TraceEvent | null {
    if (seq < 0) return null;
    return this.#piece(Math.floor(seq / PIECE))[seq % PIECE] ?? null;
  }

  operation(op: number): Operation | null {
    return this.#source.operation(op);
  }

  /** How the message sent by the event at `seq` ended; `null` while it does not, as far as is known. */
  fateOf(message: number, seq: number): TraceEvent | null {
    for (let at = seq + 1; at < seq + LIFE; at++) {
      const event = this.event(at);
      if (event === null) return null;
      const { type } = event.event;
      if ((type === 'Delivered' || type === 'Lost') && event.event.message === message) return event;
    }
    return null;
  }

  /** Up to `count` events of this level before `seq`, in order, from `first` on. Looks back only so far; asked for more, further. */
  before(seq: number, level: Level, count: number, first = 0): TraceEvent[] {
    const found: TraceEvent[] = [];
    const last = Math.min(seq, this.#source.eventCount()) - 1;
    for (let at = last; at >= first && at > last - count * SEARCHED && found.length < count; at--) {
      const event = this.event(at);
      if (event && isTold(event.event, level)) found.push(event);
    }
    return found.reverse();
  }

  /** Up to `count` known events of this level from `seq` on. */
  from(seq: number, level: Level, count: number): TraceEvent[] {
    const found: TraceEvent[] = [];
    const end = Math.min(this.#source.eventCount(), seq + count * SEARCHED);
    for (let at = seq; at < end && found.length < count; at++) {
      const event = this.event(at);
      if (event && isTold(event.event, level)) found.push(event);
    }
    return found;
  }

  #piece(number: number): readonly TraceEvent[] {
    const kept = this.#pieces.get(number);
    const known = this.#source.eventCount() - number * PIECE;
    if (kept && (kept.length === PIECE || kept.length >= known)) return kept;
    const piece = this.#source.events(number * PIECE, PIECE);
    this.#pieces.delete(number);
    this.#pieces.set(number, piece);
    const oldest = this.#pieces.keys().next();
    if (this.#pieces.size > KEPT && !oldest.done) this.#pieces.delete(oldest.value);
    return piece;
  }
}

/** Whether an event is told at a level. */
export function isTold(event: Event, level: Level): boolean {
  const rank: Record<Level, number> = { story: 0, messages: 1, everything: 2 };
  return rank[levelOf(event)] <= rank[level];
}

/** The quietest level that tells this event. */
export function levelOf(event: Event): Level {
  switch (event.type) {
    case 'TimerFired':
      return event.timer === 'election' ? 'story' : 'everything';
    case 'ReminderSet':
    case 'ReminderFired':
    case 'TimerSet':
    case 'TimerStopped':
    case 'Written':
    case 'Synced':
    case 'Applied':
      return 'everything';
    case 'Sent':
    case 'Duplicated':
    case 'Delivered':
    case 'Lost':
    case 'Queued':
      return 'messages';
    case 'Noted':
      return levelOfNote(event.note);
    default:
      return 'story';
  }
}

function levelOfNote(note: Note): Level {
  switch (note.type) {
    case 'Progress':
    case 'Ignored':
      return 'everything';
    case 'LeaderKnown':
      return 'messages';
    default:
      return 'story';
  }
}
