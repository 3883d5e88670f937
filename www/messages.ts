// Messages in words: what is sent, and what to call it afterwards.

import { clientName, entries, serverName } from './format.ts';
import type { Message, Packet, ReadMode, Reply } from './generated/engine.ts';
import type { Sentence } from './sentences.ts';
import { twoPhaseNoun, twoPhaseSending } from './two-phase.ts';

/** What to call a message: `S1’s heartbeat`, and to whom it goes. */
export function messageNoun(packet: Packet): { the: string; to: string } {
  switch (packet.type) {
    case 'Raft':
      return {
        the: `${serverName(packet.message.from)}’s ${raftNoun(packet.message)}`,
        to: serverName(packet.message.to),
      };
    case 'TwoPhase':
      return twoPhaseNoun(packet.message);
    case 'Request':
      return {
        the: `${clientName(packet.from)}’s request “${plainCommand(packet.command)}”`,
        to: serverName(packet.to),
      };
    case 'Query':
      return {
        the: `${clientName(packet.from)}’s request “get ${packet.key}”`,
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
    case 'TwoPhase':
      return twoPhaseSending(packet.message);
    case 'Request':
      return {
        what: `${clientName(packet.from)} asks ${serverName(packet.to)} to ${plainCommand(packet.command)}.`,
        why: null,
      };
    case 'Query':
      return {
        what: `${clientName(packet.from)} asks ${serverName(packet.to)} for ${packet.key}.`,
        why: howToRead(packet.mode),
      };
    case 'Response':
      return answering(serverName(packet.from), clientName(packet.to), packet.reply);
    default:
      return unknown(packet);
  }
}

function answering(from: string, to: string, reply: Reply): Sentence {
  switch (reply.type) {
    case 'Done': {
      const value = reply.value === null ? '' : `: ${reply.value}`;
      return { what: `${from} answers ${to}: done${value}.`, why: 'This is final: it can no longer change.' };
    }
    case 'NotLeader': {
      const leader =
        reply.leader === null ? 'It does not know who does.' : `${serverName(reply.leader)} does.`;
      return {
        what: `${from} answers ${to}: it does not lead.`,
        why: `${leader} Only a leader takes commands (§8).`,
      };
    }
    case 'Aborted':
      return { what: `${from} answers ${to}: aborted.`, why: 'It is not done, now or ever.' };
    case 'NotCoordinator':
      return {
        what: `${from} answers ${to}: it does not coordinate.`,
        why: `${serverName(reply.coordinator)} does.`,
      };
    default:
      return unknown(reply);
  }
}

/** What a mode of reading promises. */
export function howToRead(mode: ReadMode): string {
  switch (mode) {
    case 'stale':
      return 'A stale read: any server answers with what it has applied, however old (thesis 6.4).';
    case 'leader-local':
      return 'Whoever takes itself for the leader answers, without asking anybody: wrong if it is mistaken (§8).';
    case 'read-index':
      return 'The leader first makes sure by a round of heartbeats that it still leads (§8, thesis 6.4).';
    case 'lease':
      return 'A leader that a majority answered a moment ago needs not ask again: no other can be elected yet (thesis 6.4.1).';
    default:
      return unknown(mode);
  }
}

/** A command without the client and the operation's number that the log keeps with it: `C1.7 put x=1` is `put x=1`. */
export const plainCommand = (command: string): string => command.replace(/^C\d+\.\d+(\+\d+)? /, '');

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
    case 'PreVote':
      return `question for votes after term ${term}`;
    case 'PreVoteReply':
      return body.granted ? 'promise of nothing but good will' : 'no to its question for votes';
    case 'TimeoutNow':
      return 'call to stand at once';
    case 'InstallSnapshot':
      return `snapshot through entry ${body.snapshot.lastIndex}`;
    case 'InstallSnapshotReply':
      return body.index === 0
        ? 'refusal of a snapshot'
        : `acknowledgement of the snapshot through entry ${body.index}`;
    case 'ReadIndex':
      return 'question for a read';
    case 'ReadIndexReply':
      return body.index === null ? 'refusal of a read' : `answer for a read at entry ${body.index}`;
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
            why:
              body.conflict === null
                ? 'The leader will go one entry back and try again (§5.3).'
                : `At best they agree at entry ${body.conflict.index} of term ${body.conflict.term}: the leader skips what cannot fit (§5.3).`,
          };
    case 'PreVote':
      return {
        what: `${a} asks ${b} whether it would get its vote after term ${term}.`,
        why: `No term changes by the question: who cannot win disturbs nobody. Its log ends at entry ${body.lastLogIndex} of term ${body.lastLogTerm} (thesis 9.6).`,
      };
    case 'PreVoteReply':
      return {
        what: body.granted
          ? `${a} tells ${b} that it would vote for it.`
          : `${a} tells ${b} that it would not vote for it.`,
        why: 'The answer binds nobody (thesis 9.6).',
      };
    case 'TimeoutNow':
      return {
        what: `${a} tells ${b} to stand at once.`,
        why: 'It has the whole log, so it can win without waiting for a timeout (thesis 3.10).',
      };
    case 'InstallSnapshot':
      return {
        what: `${a} sends ${b} its snapshot through entry ${body.snapshot.lastIndex}.`,
        why: 'The entries that the follower needs are no longer in the leader’s log (§7).',
      };
    case 'InstallSnapshotReply':
      return body.index === 0
        ? { what: `${a} refuses ${b}’s snapshot.`, why: 'It comes from an earlier term (§5.1).' }
        : {
            what: `${a} tells ${b} that its log agrees through entry ${body.index}, the snapshot’s end.`,
            why: 'Replication goes on from there (§7).',
          };
    case 'ReadIndex':
      return {
        what: `${a} asks ${b} how far the log must be applied for a read.`,
        why: 'Only the leader knows what is committed; the follower can answer its client once it has applied that (thesis 6.4).',
      };
    case 'ReadIndexReply':
      return body.index === null
        ? {
            what: `${a} tells ${b} that it cannot answer for its read.`,
            why: 'It does not lead (thesis 6.4).',
          }
        : {
            what: `${a} tells ${b} that its read may be answered once entry ${body.index} is applied.`,
            why: 'A majority has answered since the read began: no newer leader could have committed more (thesis 6.4).',
          };
    default:
      return unknown(body);
  }
}

function unknown(value: never): never {
  throw new Error(`No words for ${JSON.stringify(value)}`);
}
