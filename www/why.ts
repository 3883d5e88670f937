// Why not? An entry that is not committed, a vote or an append that was refused, an operation that was not done: answered from the
// moment looked at and from the events that led to it, with the paper's section.

import { clientName, list, serverName } from './format.ts';
import type {
  Frame,
  LogCell,
  OpFrame,
  Packet,
  Protocol,
  ServerFrame,
  TraceEvent,
} from './generated/engine.ts';
import { type Recall, sending } from './messages.ts';
import { sentence } from './sentences.ts';

/** An answer, and the event that it stands on, if it is one. */
export interface Answer {
  readonly words: string;
  readonly seq: number | null;
}

/** How many events an answer is looked for in: what a message or an operation waits for happened not long ago. */
const SEARCHED = 4_000;

/** Why an entry is not committed, as far as its holder knows; `null` if it is. */
export function whyNotCommitted(frame: Frame, owner: ServerFrame, cell: LogCell): string | null {
  if (cell.index <= owner.commitIndex) return null;
  const holds = ({ log }: ServerFrame): boolean =>
    log.some(({ index, term }) => index === cell.index && term === cell.term);
  const holders = frame.servers.filter(holds);
  if (holders.some(({ commitIndex }) => commitIndex >= cell.index))
    return `It is committed, but word of it has not come to ${owner.id}: the commit index travels in AppendEntries (§5.3).`;
  const leader = leaderOf(frame);
  const where = `On ${holders.length} of ${frame.servers.length} servers`;
  const other = leader?.log.find(({ index }) => index === cell.index);
  if (leader && other && other.term !== cell.term)
    return `${where}, and ${leader.id}, the leader of term ${leader.term}, has another entry at ${cell.index}, of term ${other.term}: this one will give way to it (§5.3).`;
  const majority = Math.floor(frame.servers.length / 2) + 1;
  if (holders.length < majority)
    return `${where}; ${majority} are needed (§5.3). ${whoLacks(frame, holders, leader)}`;
  if (leader === undefined)
    return `${where}, but none of them leads, and only a leader commits: the next one does it with the first entry of its own term, if it has this one (§5.4.2).`;
  if (cell.term < leader.term)
    return `${where}, but its term ${cell.term} is not the leader’s ${leader.term}: only entries of the leader’s own term are committed by counting; this one follows with the next of those (§5.4.2).`;
  const safe = holders.filter(({ syncedIndex }) => syncedIndex >= cell.index);
  if (safe.length < majority)
    return `${where}, but on disk on ${safe.length} only; ${majority} are needed (§5.3, Figure 2).`;
  return `${where}, and on enough disks; ${leader.id} has not heard so from all of them: their answers are on the way (§5.3).`;
}

/** Of two, the one of the later term: the other does not know better yet. */
const leaderOf = ({ servers }: Frame): ServerFrame | undefined =>
  servers.filter(({ up, role }) => up && role === 'leader').sort((a, b) => b.term - a.term)[0];

/** Why those who do not hold an entry do not get it now. */
function whoLacks(frame: Frame, holders: readonly ServerFrame[], leader: ServerFrame | undefined): string {
  if (leader === undefined) return 'No server leads now.';
  const missing = frame.servers.filter((server) => !holders.includes(server));
  const down = missing.filter(({ up }) => !up).map(({ id }) => id);
  const cutOff = missing.filter(({ up, id }) => up && !reaches(frame, leader.id, id)).map(({ id }) => id);
  const parts = [
    ...(down.length > 0 ? [`${list(down)} ${down.length === 1 ? 'is' : 'are'} down`] : []),
    ...(cutOff.length > 0 ? [`${leader.id} does not reach ${list(cutOff)}`] : []),
  ];
  return parts.length === 0 ? 'It is on its way to the others.' : `${capital(parts.join(', and '))}.`;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Whether messages get through this way. */
function reaches({ groups, cuts }: Frame, from: string, to: string): boolean {
  if (cuts.some((cut) => cut.from === from && cut.to === to)) return false;
  const sideOf = (id: string): number => groups?.findIndex((group) => group.includes(id)) ?? -1;
  return sideOf(from) < 0 || sideOf(to) < 0 || sideOf(from) === sideOf(to);
}

/** Whether a packet says no. */
export function isRefusal(packet: Packet): boolean {
  if (packet.type === 'Response') return packet.reply.type === 'NotLeader';
  if (packet.type !== 'Raft') return false;
  const { body } = packet.message;
  switch (body.type) {
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return !body.granted;
    case 'AppendEntriesReply':
      return !body.success;
    case 'ReadIndexReply':
      return body.index === null;
    default:
      return false;
  }
}

/** Why the answer that was sent by this event says no; `null` if it does not, or nothing tells. */
export function whyRefused(sent: TraceEvent, recall: Recall): Answer | null {
  if (sent.event.type !== 'Sent' || !isRefusal(sent.event.packet)) return null;
  const received = receivedBefore(sent, recall);
  for (let seq = (received?.seq ?? sent.seq) + 1; seq < sent.seq; seq += 1) {
    const event = recall.event(seq);
    if (event?.event.type !== 'Noted' || event.cause !== received?.seq) continue;
    const { type } = event.event.note;
    const { why } = sentence(event, recall);
    if (type.endsWith('Refused') && why) return { words: why, seq };
  }
  const { why } = sending(sent.event.packet);
  return why === null ? null : { words: why, seq: null };
}

/** The arrival that an answer answers: it may have waited for the disk. */
function receivedBefore(sent: TraceEvent, recall: Recall): TraceEvent | null {
  let event: TraceEvent | null = sent;
  for (let step = 0; event !== null && step < 6; step += 1) {
    if (event.event.type === 'Delivered') return event;
    event = event.cause === null ? null : recall.event(event.cause);
  }
  return null;
}

/** Why an operation is not done (yet): what became of the last it sent or got; `null` if it is done. */
export function whyNotDone(
  op: OpFrame,
  now: number,
  recall: Recall,
  protocol: Protocol = 'raft',
): Answer | null {
  if (op.outcome === 'ok') return null;
  for (let seq = now - 1; seq > op.seq && seq > now - SEARCHED; seq -= 1) {
    const event = recall.event(seq);
    if (event?.event.type !== 'Sent' || !isOf(event.event.packet, op.op)) continue;
    const ended = fateBefore(event.event.message, seq, now, recall);
    const words = lastWords(event.event.packet, ended, recall, protocol);
    return { words, seq: ended?.seq ?? seq };
  }
  return null;
}

const isOf = (packet: Packet, op: number): boolean => 'op' in packet && packet.op === op;

/** How a message ended, as far as has happened. */
function fateBefore(message: number, seq: number, now: number, recall: Recall): TraceEvent | null {
  for (let at = seq + 1; at < now; at += 1) {
    const event = recall.event(at);
    const type = event?.event.type;
    if (event && (type === 'Delivered' || type === 'Lost') && event.event.message === message) return event;
  }
  return null;
}

/** What the last message about an operation tells of it. */
function lastWords(packet: Packet, ended: TraceEvent | null, recall: Recall, protocol: Protocol): string {
  if (packet.type === 'Raft' || packet.type === 'TwoPhase') return '';
  const [from, to] =
    packet.type === 'Response'
      ? [serverName(packet.from), clientName(packet.to)]
      : [clientName(packet.from), serverName(packet.to)];
  if (ended?.event.type === 'Lost') {
    const { why } = sentence(ended, recall);
    return `The last of it, from ${from} to ${to}, was lost.${why === null ? '' : ` ${why}`}`;
  }
  if (packet.type === 'Response' && packet.reply.type !== 'NotLeader') {
    const { what, why } = sending(packet);
    return why === null ? what : `${what} ${why}`;
  }
  if (packet.type === 'Response')
    return `${from} answers that it does not lead; ${to} asks again. Only a leader takes commands (§8).`;
  if (ended === null) return `Its request is on the way to ${to}.`;
  if (protocol !== 'raft')
    return `${to} has its request: a transaction needs the vote of every server, and a read waits while one has the key locked.`;
  return `${to} has its request, and answers only once what it asks for is committed and applied (§5.3, §8).`;
}
