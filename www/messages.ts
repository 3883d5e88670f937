// Messages in words: what is sent, and what to call it afterwards.

import { clientName, entries, serverName } from './format.ts';
import type { Message, Operation, Packet, TraceEvent } from './generated/engine.ts';
import type { Sentence } from './sentences.ts';

/** Finds what happened earlier. */
export interface Recall {
  /** The event at this position; `null` past the end. */
  event(seq: number): TraceEvent | null;
  /** What this operation, which ended at `before`, was to do; `null` if that is too long ago. */
  operation(op: number, before: number): Operation | null;
}

/** The packet whose fate an event tells: follows causes back to the sending. */
export function packetOf(cause: number | null, recall: Recall): Packet | null {
  let seq = cause;
  // Received ← duplicated ← sent: more steps mean that the cause is of another kind.
  for (let step = 0; seq !== null && step < 4; step++) {
    const earlier = recall.event(seq);
    if (earlier === null) return null;
    if (earlier.event.type === 'Sent') return earlier.event.packet;
    const passesOn = earlier.event.type === 'Delivered' || earlier.event.type === 'Duplicated';
    seq = passesOn ? earlier.cause : null;
  }
  return null;
}

/** What to call a message: `S1’s heartbeat`, and to whom it goes. */
export function messageNoun(packet: Packet): { the: string; to: string } {
  switch (packet.type) {
    case 'Raft':
      return {
        the: `${serverName(packet.message.from)}’s ${raftNoun(packet.message)}`,
        to: serverName(packet.message.to),
      };
    case 'Request':
      return {
        the: `${clientName(packet.from)}’s request “${plainCommand(packet.command)}”`,
        to: serverName(packet.to),
      };
    case 'Response':
      return { the: `${serverName(packet.from)}’s answer`, to: clientName(packet.to) };
    default:
      return unknown(packet);
  }
}

/** A message as it leaves: who says what to whom. */
export function sending(packet: Packet): Sentence {
  switch (packet.type) {
    case 'Raft':
      return raftSending(packet.message);
    case 'Request':
      return {
        what: `${clientName(packet.from)} asks ${serverName(packet.to)} to ${plainCommand(packet.command)}.`,
        why: null,
      };
    case 'Response': {
      const [from, to] = [serverName(packet.from), clientName(packet.to)];
      if (packet.reply.type === 'Done') {
        const value = packet.reply.value === null ? '' : `: ${packet.reply.value}`;
        return {
          what: `${from} answers ${to}: done${value}.`,
          why: 'The entry is committed and applied, so the answer is final (§5.3).',
        };
      }
      const leader =
        packet.reply.leader === null
          ? 'It does not know who does.'
          : `${serverName(packet.reply.leader)} does.`;
      return {
        what: `${from} answers ${to}: it does not lead.`,
        why: `${leader} Only a leader takes commands (§8).`,
      };
    }
    default:
      return unknown(packet);
  }
}

/** A command without the client's number that the log keeps with it: `C1.7 put x=1` is `put x=1`. */
export const plainCommand = (command: string): string => command.replace(/^C\d+\.\d+ /, '');

function raftNoun({ term, body }: Message): string {
  switch (body.type) {
    case 'RequestVote':
      return `RequestVote of term ${term}`;
    case 'RequestVoteReply':
      return body.granted ? `vote in term ${term}` : `refusal to vote in term ${term}`;
    case 'AppendEntries':
      return body.entries.length === 0
        ? 'heartbeat'
        : `AppendEntries with ${entries(body.prevLogIndex + 1, body.prevLogIndex + body.entries.length)}`;
    case 'AppendEntriesReply':
      return body.success
        ? `acknowledgement through entry ${body.index}`
        : `refusal of AppendEntries at entry ${body.index}`;
    default:
      return unknown(body);
  }
}

function raftSending({ from, to, term, body }: Message): Sentence {
  const [a, b] = [serverName(from), serverName(to)];
  switch (body.type) {
    case 'RequestVote':
      return {
        what: `${a} asks ${b} for its vote in term ${term}.`,
        why: `It says how up to date its log is: entry ${body.lastLogIndex} of term ${body.lastLogTerm} (§5.4.1).`,
      };
    case 'RequestVoteReply':
      return body.granted
        ? {
            what: `${a} sends ${b} its vote for term ${term}.`,
            why: 'The vote is on disk first: a restart must not forget it (§5.2).',
          }
        : { what: `${a} tells ${b} that it does not get its vote in term ${term}.`, why: null };
    case 'AppendEntries': {
      const check = `It fits only if the follower has entry ${body.prevLogIndex} of term ${body.prevLogTerm} (§5.3).`;
      if (body.entries.length === 0) {
        return {
          what: `${a} sends ${b} a heartbeat of term ${term}.`,
          why: `AppendEntries without entries keeps elections away (§5.2). ${check}`,
        };
      }
      const which = entries(body.prevLogIndex + 1, body.prevLogIndex + body.entries.length);
      return { what: `${a} sends ${b} ${which}.`, why: check };
    }
    case 'AppendEntriesReply':
      return body.success
        ? {
            what: `${a} tells ${b} that its log agrees through entry ${body.index}.`,
            why: 'What it promises is on its disk (§5.3).',
          }
        : {
            what: `${a} tells ${b} that entry ${body.index} does not fit.`,
            why: 'The leader will go one entry back and try again (§5.3).',
          };
    default:
      return unknown(body);
  }
}

function unknown(value: never): never {
  throw new Error(`No words for ${JSON.stringify(value)}`);
}
