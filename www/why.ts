// Why not? An entry that is not committed, a vote or an append that was refused, an operation that was not done: answered from the
// moment looked at and from the events that led to it, with the paper's section.

import { clientName, list, serverName } from './format.ts';
import type {
  ConfigurationFrame,
  Frame,
  LogCell,
  OpFrame,
  Packet,
  Protocol,
  Reply,
  ServerFrame,
  TraceEvent,
} from './generated/engine.ts';
import { sending } from './messages.ts';
import { inForce, isMajority, leaderOf, type Majority, majorities, needs, share } from './quorum.ts';
import type { Recall } from './recall.ts';
import { sentence } from './sentences.ts';

/** An answer, and the event that it stands on, if it is one. */
export interface Answer {
  readonly words: string;
  readonly seq: number | null;
}

/** How many events an answer is looked for in: what a message or an operation waits for happened not long ago. */
const SEARCHED = 4_000;

/** Why an entry is not committed, as far as its holder knows; `null` if it is, or if that is no question. */
export function whyNotCommitted(frame: Frame, owner: ServerFrame, cell: LogCell): string | null {
  const { index } = cell;
  if (owner.twoPhase || index <= owner.commitIndex) return null;
  const holds = ({ log }: ServerFrame): boolean =>
    log.some((other) => other.index === index && other.term === cell.term);
  const holders = frame.servers.filter(holds);
  if (holders.some(({ commitIndex }) => commitIndex >= index))
    return `It is committed, but word of it has not come to ${owner.id}: the commit index travels in AppendEntries (§5.3).`;
  const covers = frame.servers.find(({ snapshot }) => snapshot !== null && snapshot.lastIndex >= index);
  if (covers)
    return `What is committed at ${index} is in the snapshot of ${covers.id}; word of it has not come to ${owner.id}: the commit index travels in AppendEntries (§5.3).`;
  const leader = leaderOf(frame);
  const force = inForce(frame);
  const holding = majorities(
    force,
    holders.map(({ id }) => id),
  );
  const where = `On ${share(holding, frame)}`;
  if (leader && !holds(leader) && cell.term < leader.term) return givesWay(where, leader, cell);
  if (!isMajority(holding))
    return `${where}; ${needs(holding)} (§5.3${force.outgoing.length > 0 ? ', §6' : ''}). ${whoLacks(frame, holding, leader)}`;
  if (leader === undefined)
    return `${where}, but none of them leads, and only a leader commits: the next one does it with the first entry of its own term, if it has this one (§5.4.2).`;
  if (cell.term < leader.term && !frame.settings.special.includes('off own-term-commit'))
    return `${where}, but its term ${cell.term} is not the leader’s ${leader.term}: only entries of the leader’s own term are committed by counting; this one follows with the next of those (§5.4.2).`;
  return notHeard(frame, leader, force, holders, { index, where });
}

/** The leader has something else in this place, or nothing yet. */
function givesWay(where: string, leader: ServerFrame, { index }: LogCell): string {
  const other = leader.log.find((entry) => entry.index === index);
  const lead = `${leader.id}, the leader of term ${leader.term},`;
  return other
    ? `${where}, and ${lead} has another entry at ${index}, of term ${other.term}: this one will give way to it (§5.3).`
    : `${where}, and ${lead} does not have it: what it appends at ${index} will take its place (§5.3).`;
}

/** Enough servers have it; what keeps the leader from knowing. A leader counts itself and whose answers it has, and disks before that. */
function notHeard(
  frame: Frame,
  leader: ServerFrame,
  force: ConfigurationFrame,
  holders: readonly ServerFrame[],
  { index, where }: { index: number; where: string },
): string {
  const said = ({ syncedIndex, claimedIndex }: ServerFrame) =>
    Math.max(syncedIndex, claimedIndex ?? 0) >= index;
  const safe = majorities(
    force,
    holders.filter(said).map(({ id }) => id),
  );
  if (!isMajority(safe))
    return `${where}, but on disk on ${safe.map(({ have }) => have.length).join(' and ')} only; ${needs(safe)} (§5.3, Figure 2). A server answers once its disk has it.`;
  const heard = leader.progress.filter(({ matchIndex }) => matchIndex >= index).map(({ server }) => server);
  if (said(leader)) heard.push(leader.id);
  const answered = majorities(force, heard);
  const silent = answered.flatMap(({ of, have }) => of.filter((id) => !have.includes(id)));
  const mute = silent.filter((id) => id !== leader.id && !reaches(frame, id, leader.id));
  if (leader.paused) return `${where}, and on enough disks, but ${leader.id} stands still: it is paused.`;
  if (isMajority(answered)) return `${where}, and ${leader.id} knows it: it commits with what it does next.`;
  const how =
    mute.length > 0
      ? `the answers of ${list([...new Set(mute)])} do not get through`
      : 'their answers are on the way';
  return `${where}, and on enough disks; ${leader.id} has not heard so from all of them: ${how} (§5.3).`;
}

/** Why those voters who do not hold an entry do not get it now. */
function whoLacks(frame: Frame, sets: readonly Majority[], leader: ServerFrame | undefined): string {
  if (leader === undefined) return 'No server leads now.';
  const lacking = new Set(
    sets.flatMap(({ of, have, needed }) =>
      have.length < needed ? of.filter((id) => !have.includes(id)) : [],
    ),
  );
  const missing = frame.servers.filter(({ id }) => lacking.has(id));
  const names = (which: (server: ServerFrame) => boolean): string[] =>
    missing.filter(which).map(({ id }) => id);
  const lags = (server: string) =>
    leader.progress.find((progress) => progress.server === server)?.state === 'snapshot';
  const reached = ({ up, id }: ServerFrame) => up && reaches(frame, leader.id, id);
  const down = names(({ up }) => !up);
  const cutOff = names((s) => s.up && !reached(s));
  const paused = names((s) => reached(s) && s.paused);
  const installing = names((s) => reached(s) && !s.paused && lags(s.id));
  const are = (ids: readonly string[]): string => `${list(ids)} ${ids.length === 1 ? 'is' : 'are'}`;
  const parts = [
    ...(leader.paused ? [`${leader.id}, the leader, is paused`] : []),
    ...(down.length > 0 ? [`${are(down)} down`] : []),
    ...(cutOff.length > 0 ? [`${leader.id} does not reach ${list(cutOff)}`] : []),
    ...(paused.length > 0 ? [`${are(paused)} paused`] : []),
    ...(installing.length > 0 ? [`${list(installing)} must have the snapshot first`] : []),
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
  if (packet.type === 'Response') return packet.reply.type !== 'Done';
  if (packet.type === 'TwoPhase') {
    const { body } = packet.message;
    return body.type === 'Vote' && body.refused !== null;
  }
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
    case 'InstallSnapshotReply':
      return body.index === 0;
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
  const { packet } = sent.event;
  const asked = received?.cause == null ? null : recall.event(received.cause)?.event;
  if (packet.type === 'Response' && asked?.type === 'Sent' && asked.packet.type === 'Query')
    return {
      words: `${who(packet.reply)} A read as current as this one takes the leader (§8, thesis 6.4).`,
      seq: received?.seq ?? null,
    };
  const { why } = sending(packet);
  return why === null ? null : { words: why, seq: null };
}

const who = (reply: Reply): string =>
  reply.type === 'NotLeader' && reply.leader !== null
    ? `It does not lead; ${serverName(reply.leader)} does.`
    : 'It does not lead, nor does it know who does.';

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
  if (packet.type === 'Query')
    return `${to} has its question. It answers once a majority has answered a round of heartbeats begun since then, and all that was committed before is applied (§8, thesis 6.4).`;
  return `${to} has its request, and answers only once what it asks for is committed and applied (§5.3, §8).`;
}
