// Events as sentences, all that sentences.ts leaves out, and two-phase commit in words: no part of a first visit.

import { clientName, duration, entries, list, serverName } from './format.ts';
import type {
  Change,
  ChangeRefusal,
  Configuration,
  Event,
  IgnoredBecause,
  Note,
  Refusal,
} from './generated/engine.ts';
import { howToRead, messageNoun, sending } from './messages.ts';
import { packetOf, type Recall } from './recall.ts';
import { operation, type Sentence } from './sentences.ts';
import { disk, life } from './server-sentences.ts';
import { twoPhaseEvent } from './two-phase.ts';

export { recordWords, twoPhaseWords, whyInTwoPhase } from './two-phase.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** Any event but those. */
export function other(
  event: Exclude<Event, Of<'Began' | 'Committed' | 'Noted' | 'Returned' | 'Said' | 'Ended'>>,
  atUs: number,
  cause: number | null,
  recall: Recall,
): Sentence {
  switch (event.type) {
    case 'Crashed':
    case 'PoweredOff':
    case 'Restarted':
    case 'Paused':
    case 'Resumed':
    case 'ClockJumped':
      return life(event);
    case 'Written':
    case 'Synced':
    case 'SyncClaimed':
    case 'DiskFull':
    case 'DiskStalled':
      return disk(event);
    case 'TimerSet':
    case 'TimerMoved':
    case 'TimerStopped':
    case 'TimerFired':
      return timer(event, atUs);
    case 'Applied':
    case 'Restored':
      return applied(event);
    case 'Ordered':
      return ordered(event);
    case 'Sent':
      return sending(event.packet);
    case 'Duplicated':
    case 'Delivered':
    case 'Lost':
    case 'Held':
    case 'Hastened':
      return fate(event, cause, recall);
    case 'Queued':
      return {
        what: `${clientName(event.client)} is to ${operation(event.operation)} as well.`,
        why: 'It does one thing after another: this waits its turn.',
      };
    case 'Invoked':
      return {
        what: `${clientName(event.client)} wants to ${operation(event.operation)}.`,
        why: event.operation.type === 'Read' ? howToRead(event.operation.mode) : null,
      };
    case 'Partitioned':
    case 'Healed':
    case 'LinkCut':
    case 'LinkMended':
    case 'Planned':
      return network(event);
    case 'SettingChanged':
      return { what: `A setting changed: ${event.setting}.`, why: null };
    case 'ProtocolChosen':
    case 'ReminderSet':
    case 'ReminderFired':
    case 'TwoPhaseNoted':
      return twoPhaseEvent(event, atUs);
    default:
      return unknown(event);
  }
}

function timer(event: Of<'TimerSet' | 'TimerMoved' | 'TimerStopped' | 'TimerFired'>, atUs: number): Sentence {
  const who = serverName(event.server);
  const election = event.timer === 'election';
  switch (event.type) {
    case 'TimerSet':
      return election
        ? {
            what: `${who} set its election timer to ${duration(event.deadlineUs - atUs)}.`,
            why: 'If it hears from no leader by then, it starts an election. The length is random, so that servers rarely start at once (§5.2).',
          }
        : {
            what: `${who} set its heartbeat timer to ${duration(event.deadlineUs - atUs)}.`,
            why: 'A leader speaks often enough that nobody else starts an election (§5.2).',
          };
    case 'TimerMoved':
      return {
        what: `${who}’s ${event.timer} timer has ${duration(Math.max(0, event.deadlineUs - atUs))} left now.`,
        why: 'It waits for what the server’s own clock shows.',
      };
    case 'TimerStopped':
      return election
        ? { what: `${who} stopped its election timer.`, why: 'A leader does not wait for a leader.' }
        : { what: `${who} stopped its heartbeat timer.`, why: 'It no longer leads.' };
    case 'TimerFired':
      return { what: `${who}’s heartbeat is due.`, why: 'Followers must hear from their leader (§5.2).' };
    default:
      return unknown(event);
  }
}

/** `S1 and S2`, and who else belongs to it. */
function members({ voters, outgoing, learners }: Configuration): string {
  const before =
    outgoing.length > 0 ? `, until the change is over also of ${list(outgoing.map(serverName))}` : '';
  const also = learners.length > 0 ? `; ${list(learners.map(serverName))} only gets the log` : '';
  return `of ${list(voters.map(serverName))}${before}${also}`;
}

function change(c: Change): string {
  switch (c.type) {
    case 'addVoter':
      return `make ${serverName(c.servers)} a voter`;
    case 'addLearner':
      return `give ${serverName(c.servers)} the log and no vote`;
    case 'remove':
      return `remove ${serverName(c.servers)}`;
    case 'voters':
      return `make ${list(c.servers.map(serverName))} the voters`;
    default:
      return unknown(c);
  }
}

function changeRefused(because: ChangeRefusal): string {
  switch (because) {
    case 'notLeader':
      return 'It does not lead.';
    case 'handingOver':
      return 'It hands over (thesis 3.10).';
    case 'changeUnderWay':
      return 'The change before is not over: one at a time (thesis 4.1).';
    case 'nothingCommitted':
      return 'It has committed nothing in its own term yet: another change may be on its way (erratum to thesis 4.1).';
    case 'noVoters':
      return 'There would be no voters left.';
    case 'nothingToChange':
      return 'It is so already.';
    case 'notCaughtUp':
      return 'That server does not have all that is committed yet (thesis 4.2.1).';
    default:
      return unknown(because);
  }
}

function applied(event: Of<'Applied' | 'Restored'>): Sentence {
  const who = serverName(event.server);
  return event.type === 'Applied'
    ? {
        what: `${who} applied entry ${event.index} to its state machine.`,
        why: 'A committed entry can no longer change, so it is safe to act on (§5.3).',
      }
    : {
        what: `${who} put its state machine where the snapshot has it: after entry ${event.through}.`,
        why: 'All through there is committed; its log goes on behind it (§7).',
      };
}

function ordered({ server, order }: Of<'Ordered'>): Sentence {
  const who = serverName(server);
  switch (order.type) {
    case 'Snapshot':
      return {
        what: `${who} shall take a snapshot.`,
        why: 'What is applied needs no place in the log: the state it led to takes less (§7).',
      };
    case 'Change':
      return {
        what: `${who} shall ${change(order.change)}.`,
        why: 'A change of the cluster is an entry of the log, in force from where it is appended (§6, thesis 4).',
      };
    case 'Transfer':
      return {
        what: `${who} shall hand over to ${serverName(order.to)}.`,
        why: 'A leader can make another one before it goes, so that nobody waits for a timeout (thesis 3.10).',
      };
    default:
      return unknown(order);
  }
}

/** Any note of a server but those. */
export function otherNote(
  who: string,
  n: Exclude<Note, { type: 'Became' | 'VoteGranted' | 'VoteCounted' }>,
): Sentence {
  switch (n.type) {
    case 'VoteRefused':
      return { what: `${who} refuses its vote to ${serverName(n.candidate)}.`, why: refusal(n.because) };
    case 'LeaderKnown':
      return serverName(n.leader) === who
        ? { what: `${who} knows that it leads.`, why: null }
        : {
            what: `${who} follows ${serverName(n.leader)}.`,
            why: 'AppendEntries of the current term come only from its leader (§5.2).',
          };
    case 'Truncated':
      return {
        what: `${who} removed ${entries(n.from, n.through)} from its log.`,
        why: 'What conflicts with the leader’s log gives way; it was never committed (§5.3).',
      };
    case 'AppendRefused':
      return { what: `${who} refuses AppendEntries of ${serverName(n.leader)}.`, why: refusal(n.because) };
    case 'Progress':
      return {
        what: `${who} knows that ${serverName(n.follower)}’s log agrees through entry ${n.matchIndex}.`,
        why: `It will send entry ${n.nextIndex} next (nextIndex, matchIndex; §5.3).`,
      };
    case 'PreVoteGranted':
      return {
        what: `${who} would vote for ${serverName(n.candidate)}.`,
        why: 'It hears no leader, and that log is as up to date as its own. This binds nobody (thesis 9.6).',
      };
    case 'ConfigurationChanged':
      return {
        what: `${who} goes by the configuration at entry ${n.index}: a cluster ${members(n.configuration)}.`,
        why: 'The last one in the log holds, committed or not (§6, thesis 4.1).',
      };
    case 'ChangeRefused':
      return { what: `${who} does not change the cluster.`, why: changeRefused(n.because) };
    case 'TransferStarted':
      return {
        what: `${who} hands over to ${serverName(n.to)}.`,
        why: 'It takes no commands until the other has its whole log and leads (thesis 3.10).',
      };
    case 'TransferRefused':
      return {
        what: `${who} does not hand over to ${serverName(n.to)}.`,
        why: n.because === 'notLeader' ? 'It does not lead.' : 'Only another voter can lead (thesis 3.10).',
      };
    case 'TransferAborted':
      return {
        what: `${who} gives up handing over to ${serverName(n.to)}.`,
        why: 'An election timeout has passed: it serves its clients again (thesis 3.10).',
      };
    case 'QuorumLost':
      return {
        what: `${who} has heard no majority for an election timeout.`,
        why: 'Another may well lead by now: it steps down, so that its clients look elsewhere (thesis 6.2).',
      };
    case 'Ignored':
      return { what: `${who} ignores a message of ${serverName(n.from)}.`, why: ignored(n.because) };
    default:
      return unknown(n);
  }
}

/** Why a request was refused. */
export function refusal(r: Refusal): string {
  switch (r.type) {
    case 'StaleTerm':
      return `Term ${r.theirs} is over: this server is in term ${r.ours} (§5.1).`;
    case 'AlreadyVoted':
      return `It already voted for ${serverName(r.candidate)} in this term: one vote a term (§5.2).`;
    case 'LogBehind':
      return `The candidate’s log ends at entry ${r.theirIndex} of term ${r.theirTerm}, its own at entry ${r.ourIndex} of term ${r.ourTerm}, which is more up to date (§5.4.1).`;
    case 'NoVote':
      return 'It has no vote in the configuration it goes by (thesis 4.2.1).';
    case 'HearsLeader':
      return `It hears ${r.leader === null ? 'a leader, or may have before it restarted' : serverName(r.leader)}: no election is needed (thesis 4.2.3, 9.6).`;
    case 'LogTooShort':
      return `It has no entry ${r.prevLogIndex}: its log ends at ${r.lastIndex}. The leader will step back (§5.3).`;
    case 'TermMismatch':
      return `Its entry ${r.prevLogIndex} is of term ${r.ours}, the leader’s of term ${r.theirs}. The leader will step back (§5.3).`;
    default:
      return unknown(r);
  }
}

function ignored(because: IgnoredBecause): string {
  switch (because) {
    case 'staleTerm':
      return 'It answers something asked in an earlier term (§5.1).';
    case 'notWaiting':
      return 'It answers something this server no longer does.';
    case 'nothingNew':
      return 'It says nothing new: repeated, or overtaken by a later one.';
    case 'impossible':
      return 'It says what cannot be while every server follows the rules.';
    case 'stranger':
      return 'The sender is not in this cluster.';
    default:
      return unknown(because);
  }
}

function fate(
  event: Of<'Duplicated' | 'Delivered' | 'Lost' | 'Held' | 'Hastened'>,
  cause: number | null,
  recall: Recall,
): Sentence {
  const packet = packetOf(cause, recall);
  const noun = packet ? messageNoun(packet) : { the: `Message ${event.message}`, to: '' };
  const theTo = `${noun.the}${noun.to && ` to ${noun.to}`}`;
  switch (event.type) {
    case 'Duplicated':
      return {
        what: `The network made a second copy of ${theTo}.`,
        why: null,
      };
    case 'Delivered':
      return { what: noun.to ? `${noun.to} received ${noun.the}.` : `${noun.the} arrived.`, why: null };
    case 'Lost':
      return {
        what: `${theTo} was lost.`,
        why: lost(event.because, noun.to),
      };
    case 'Held':
      return { what: `${theTo} is held.`, why: 'It stays where it is until somebody lets it go.' };
    case 'Hastened':
      return { what: `${theTo} is let go.`, why: 'By hand: it arrives at this moment.' };
    default:
      return unknown(event);
  }
}

function network(event: Of<'Partitioned' | 'Healed' | 'LinkCut' | 'LinkMended' | 'Planned'>): Sentence {
  switch (event.type) {
    case 'Partitioned':
      return {
        what: `The network splits: ${event.groups.map((group) => list(group)).join(' | ')}.`,
        why: 'Messages cross only within a group. At most one group can hold a majority.',
      };
    case 'Healed':
      return { what: 'The network is whole again.', why: 'All splits and cuts are over.' };
    case 'LinkCut':
      return {
        what: `The link from ${event.from} to ${event.to} is cut.`,
        why: 'Messages in this direction are lost; the other direction is as it was.',
      };
    case 'LinkMended':
      return { what: `The link from ${event.from} to ${event.to} works again.`, why: null };
    case 'Planned':
      return planned(event);
    default:
      return unknown(event);
  }
}

/** What somebody wants done to the next message of a kind. */
function planned({ handling, kind, from, to }: Of<'Planned'>): Sentence {
  const done: Record<typeof handling, string> = {
    drop: 'dropped',
    hold: 'held',
    deliver: 'delivered at once',
    duplicate: 'sent twice',
  };
  return {
    what: `The next ${kind ?? 'message'} from ${from} to ${to} will be ${done[handling]}.`,
    why: null,
  };
}

function lost(because: Of<'Lost'>['because'], to: string): string {
  switch (because) {
    case 'loss':
      return 'The network swallowed it.';
    case 'cut':
      return 'Its way is cut.';
    case 'receiverDown':
      return `${to || 'Its receiver'} is down.`;
    case 'linkFull':
      return 'Too many messages were already on this link.';
    case 'dropped':
      return 'Somebody dropped it.';
    default:
      return unknown(because);
  }
}

/** Reached only if the engine knows something that this page does not. The compiler makes sure that it does not. */
function unknown(value: never): never {
  throw new Error(`No words for ${JSON.stringify(value)}`);
}
