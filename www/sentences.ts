// Events as plain sentences: what happened, and why. Here is what a first visit tells; the words for all the rest come in a file of their
// own (words.ts). The compiler sees to it that no kind of event is forgotten.

import { more } from './at-hand.ts';
import { clientName, count, serverName } from './format.ts';
import type { Event, Note, Operation, Packet, TraceEvent } from './generated/engine.ts';
import { packetOf, type Recall } from './recall.ts';

export interface Sentence {
  /** What happened. */
  readonly what: string;
  /** Why, or what follows from it, with the paper's section where there is one; `null` where the first sentence says it all. */
  readonly why: string | null;
}

/** As long as the words are on their way. */
const UNTOLD: Sentence = { what: '…', why: null };

/** Says an event in words. `recall` finds earlier events, for those that only name a message or an operation. */
export function sentence(event: TraceEvent, recall: Recall): Sentence {
  const said = plain(event, recall);
  const why = more?.whyInTwoPhase(event.event, recall);
  return why === undefined ? said : { what: said.what, why };
}

function plain({ event, atUs, cause }: TraceEvent, recall: Recall): Sentence {
  switch (event.type) {
    case 'Began':
      return {
        what: `The cluster begins: ${count(event.servers, 'server')} with empty disks, ${count(event.clients, 'client')}.`,
        why: 'Every server starts as a follower and waits to hear from a leader (§5.2).',
      };
    case 'TimerFired':
      if (event.timer === 'election') return stands(serverName(event.server), cause === null);
      break;
    case 'Committed':
      return committed(event, cause, recall);
    case 'Noted':
      return note(serverName(event.server), event.note, packetOf(cause, recall));
    case 'Invoked':
      if (event.operation.type === 'Read') break;
      return {
        what: `${clientName(event.client)} wants to ${operation(event.operation)}.`,
        why: 'It must find the leader: only a leader takes commands (§8).',
      };
    case 'Returned':
      return returned(event, cause, recall);
    case 'Said':
      return { what: event.text, why: null };
    case 'Ended':
      return { what: 'The scenario is over.', why: null };
  }
  return more?.other(event, atUs, cause, recall) ?? UNTOLD;
}

/** What a client wants: `put x=1`. */
export function operation(op: Operation): string {
  switch (op.type) {
    case 'Put':
      return `put ${op.key}=${op.value}`;
    case 'Del':
      return `del ${op.key}`;
    case 'Get':
      return `get ${op.key}`;
    case 'Read':
      return `get ${op.key} ${op.mode}`;
    default:
      return unknown(op);
  }
}

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

const stands = (who: string, byHand: boolean): Sentence =>
  byHand
    ? { what: `${who}’s election timer was made to run out.`, why: 'It now starts an election (§5.2).' }
    : {
        what: `${who}’s election timer ran out.`,
        why: 'It heard from no leader for the whole timeout: whoever has a vote starts an election then (§5.2).',
      };

function committed(event: Of<'Committed'>, cause: number | null, recall: Recall): Sentence {
  const body = packetOf(cause, recall);
  const follows = body?.type === 'Raft' && body.message.body.type === 'AppendEntries';
  return {
    what: `${serverName(event.server)} knows that everything through entry ${event.through} is committed.`,
    why: follows
      ? 'Its leader said so in AppendEntries (§5.3).'
      : 'A majority has it on disk, and the last entry is of the leader’s own term (§5.3, §5.4.2).',
  };
}

/** `packet` is the message that led to it, if one did. */
function note(who: string, n: Note, packet: Packet | null): Sentence {
  switch (n.type) {
    case 'Became':
      return became(who, n, packet);
    case 'VoteGranted':
      return serverName(n.candidate) === who
        ? {
            what: `${who} votes for itself.`,
            why: 'A candidate’s own vote counts too, once it is on disk (§5.2).',
          }
        : {
            what: `${who} votes for ${serverName(n.candidate)}.`,
            why: 'It has given no other vote in this term, and the candidate’s log is at least as up to date as its own (§5.2, §5.4.1).',
          };
    case 'VoteCounted':
      return serverName(n.voter) === who
        ? { what: `${who} counts its own vote.`, why: 'It is on disk now.' }
        : {
            what: `${who} counts the vote of ${serverName(n.voter)}.`,
            why: 'With a majority of the voters it wins (§5.2).',
          };
    default:
      return more?.otherNote(who, n) ?? UNTOLD;
  }
}

function became(
  who: string,
  { role, term }: Extract<Note, { type: 'Became' }>,
  packet: Packet | null,
): Sentence {
  switch (role) {
    case 'follower':
      return { what: `${who} is a follower in term ${term}.`, why: whyFollower(packet) };
    case 'preCandidate':
      return {
        what: `${who} asks in term ${term} whether it could win.`,
        why: 'It raises its term only once a majority would vote for it: so it disturbs no leader that is well (thesis 9.6).',
      };
    case 'candidate':
      return {
        what: `${who} is a candidate in term ${term}.`,
        why: 'It raises its term and asks everybody for their vote (§5.2).',
      };
    case 'leader':
      return {
        what: `${who} is elected leader of term ${term}.`,
        why: 'A majority voted for it, and a server votes only once in a term: so no other can win this term (§5.2).',
      };
    default:
      return unknown(role);
  }
}

function whyFollower(packet: Packet | null): string | null {
  if (packet?.type !== 'Raft') return null;
  const { from, body } = packet.message;
  return body.type === 'AppendEntries'
    ? `${serverName(from)} speaks as the leader of this term (§5.2).`
    : `${serverName(from)} is in a higher term: whoever sees one takes it over and follows (§5.1).`;
}

function returned({ client, op, outcome }: Of<'Returned'>, cause: number | null, recall: Recall): Sentence {
  const wish = recall.operation(op);
  const what = `${clientName(client)}’s ${wish ? operation(wish) : `operation ${op}`}`;
  switch (outcome.type) {
    case 'Ok':
      if (wish?.type === 'Get' || wish?.type === 'Read')
        return { what: `${what} returned ${outcome.value ?? 'nothing: no such key'}.`, why: null };
      return { what: `${what} is done.`, why: 'It is committed and applied (§5.3).' };
    case 'Failed':
      return {
        what: `${what} failed.`,
        why: 'Every server it asked refused: it was certainly not done, and never will be.',
      };
    case 'Unknown':
      return {
        what: `${what} ended without an answer.`,
        why:
          cause === null
            ? 'It may have been done, or may still be.'
            : 'Time is up: it may have been done, or may still be.',
      };
    default:
      return unknown(outcome);
  }
}

/** Reached only if the engine knows something that this page does not. The compiler makes sure that it does not. */
function unknown(value: never): never {
  throw new Error(`No words for ${JSON.stringify(value)}`);
}
