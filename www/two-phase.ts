// Two-phase commit in words: its messages, and what happens inside its servers.

import { duration, serverName } from './format.ts';
import type {
  Decision,
  Event,
  Frame,
  TransactionChange,
  TransactionId,
  TwoPhaseFrame,
  TwoPhaseMessage,
  TwoPhaseNote,
  TwoPhaseReason,
  TwoPhaseRefusal,
} from './generated/engine.ts';
import type { Recall } from './recall.ts';
import type { Sentence } from './sentences.ts';

/** `C1.7` */
export const transactionName = ({ client, number }: TransactionId): string => `C${client}.${number}`;

/** `x=1`, `del x` */
const changeText = ({ key, value }: TransactionChange): string =>
  value === null ? `del ${key}` : `${key}=${value}`;

const decisionText = (decision: Decision): string => (decision === 'commit' ? 'commit' : 'abort');

/** What to call a message, and to whom it goes. */
export function twoPhaseNoun({ from, to, transaction, body }: TwoPhaseMessage): { the: string; to: string } {
  const about = transactionName(transaction);
  const noun = (): string => {
    switch (body.type) {
      case 'Prepare':
        return `question for a vote on ${about}`;
      case 'Vote':
        return body.refused === null ? `yes to ${about}` : `no to ${about}`;
      case 'Decided':
        return `decision to ${decisionText(body.decision)} ${about}`;
      case 'Acknowledged':
        return `acknowledgement of ${about}`;
      case 'Inquiry':
        return `question what became of ${about}`;
      case 'Uncertain':
        return `“I do not know” about ${about}`;
      default:
        return unknown(body);
    }
  };
  return { the: `${serverName(from)}’s ${noun()}`, to: serverName(to) };
}

/** A message as it leaves. */
export function twoPhaseSending({ from, to, transaction, body }: TwoPhaseMessage): Sentence {
  const [a, b, about] = [serverName(from), serverName(to), transactionName(transaction)];
  switch (body.type) {
    case 'Prepare':
      return {
        what: `${a} asks ${b} for its vote on ${about}: ${changeText(body.change)}.`,
        why: 'First phase: it is done only if all can promise to do it.',
      };
    case 'Vote':
      return body.refused === null
        ? {
            what: `${a} votes yes to ${about} and tells ${b}.`,
            why: 'The promise is on its disk. From here on it may not decide alone: it waits to be told.',
          }
        : { what: `${a} votes no to ${about} and tells ${b}.`, why: refused(body.refused) };
    case 'Decided':
      return body.decision === 'commit'
        ? {
            what: `${a} tells ${b} to commit ${about}.`,
            why: 'Second phase: all voted yes, and the decision is on disk before anybody hears of it.',
          }
        : {
            what: `${a} tells ${b} to abort ${about}.`,
            why: 'Who does not hear of it will ask: no answer is needed.',
          };
    case 'Acknowledged':
      return {
        what: `${a} tells ${b} that it has committed ${about}.`,
        why: 'It is on its disk: it will never have to ask again.',
      };
    case 'Inquiry':
      return {
        what: `${a} asks ${b} what became of ${about}.`,
        why: 'It voted yes and may not decide alone; somebody may know, or may not have voted yet.',
      };
    case 'Uncertain':
      return {
        what: `${a} tells ${b} that it does not know what became of ${about}.`,
        why: 'It voted yes too, and the decision has not come to it.',
      };
    default:
      return unknown(body);
  }
}

/** Why a server votes no. */
function refused(because: TwoPhaseRefusal): string {
  switch (because.type) {
    case 'Locked':
      return `${transactionName(because.by)} has the key locked.`;
    case 'Over':
      return 'It counts as aborted there already.';
    default:
      return unknown(because);
  }
}

function reason(because: TwoPhaseReason): string {
  switch (because.type) {
    case 'VotedNo':
      return `${serverName(because.by)} voted no, and one is enough. ${refused(because.because)}`;
    case 'TimeIsUp':
      return 'Not all votes came in time.';
    case 'Presumed':
      return 'There is no decision on its disk, so none was ever told: what is not known to be done is not done.';
    default:
      return unknown(because);
  }
}

/** What happened inside a server. */
function note(who: string, n: TwoPhaseNote): Sentence {
  const about = transactionName(n.transaction);
  switch (n.type) {
    case 'Began':
      return {
        what: `${who} begins ${about}: ${changeText(n.change)}.`,
        why: 'All servers take part, and each must vote yes.',
      };
    case 'VoteCounted':
      return {
        what: `${who} has the yes of ${serverName(n.from)} to ${about}.`,
        why: 'It needs one of every server; a majority is not enough here.',
      };
    case 'GaveUp':
      return { what: `${who} decides to abort ${about}.`, why: reason(n.because) };
    case 'AcknowledgementCounted':
      return serverName(n.from) === who
        ? {
            what: `${who} has its decision to commit ${about} on disk.`,
            why: 'This is the moment from which it is done, whatever happens.',
          }
        : {
            what: `${who} knows that ${serverName(n.from)} has committed ${about}.`,
            why: 'With all of them it may forget the transaction.',
          };
    case 'Blocked':
      return {
        what: `${who} is blocked: it voted yes to ${about} and has heard nothing since.`,
        why: 'It cannot commit, for another may have voted no; nor abort, for others may have committed. Until it hears more, the key stays locked.',
      };
    case 'ReadWaits':
      return {
        what: `${who} lets a read of ${n.key} wait.`,
        why: `${about} has the key locked, and whether it is done is not known here.`,
      };
    default:
      return unknown(n);
  }
}

type OwnEvent = Extract<
  Event,
  { type: 'ProtocolChosen' | 'ReminderSet' | 'ReminderFired' | 'TwoPhaseNoted' }
>;

/** An event that only two-phase commit knows. */
export function twoPhaseEvent(event: OwnEvent, atUs: number): Sentence {
  switch (event.type) {
    case 'ProtocolChosen':
      return {
        what: 'The servers run two-phase commit.',
        why: 'S1 coordinates, and all take part in every transaction: nothing is done unless all agree.',
      };
    case 'ReminderSet':
      return {
        what: `${serverName(event.server)} will look again at what is not answered in ${duration(event.deadlineUs - atUs)}.`,
        why: null,
      };
    case 'ReminderFired':
      return {
        what: `${serverName(event.server)} looks again at what is not answered.`,
        why: 'Messages may be lost: it asks and tells again.',
      };
    case 'TwoPhaseNoted':
      return note(serverName(event.server), event.note);
    default:
      return unknown(event);
  }
}

function unknown(value: never): never {
  throw new Error(`No words for ${JSON.stringify(value)}`);
}

/** What a server of two-phase commit is and does, shortly: the most important first. */
export function twoPhaseWords(
  { coordinates, prepared, ballots }: TwoPhaseFrame,
  { atUs, servers }: Frame,
): [string, ...string[]] {
  if (coordinates) {
    const ballot = ballots[0];
    if (ballot === undefined) return ['coordinator'];
    return ballot.committed
      ? ['coordinator', `commit: ${ballot.acknowledged.length} of ${servers.length}`]
      : ['coordinator', `${ballot.votes.length} of ${servers.length} votes`];
  }
  const waits = prepared.find(({ blocked }) => blocked) ?? prepared.find(({ decision }) => decision === null);
  if (waits === undefined) return ['participant'];
  // In tenths of a second: it stands below a server that is drawn at every frame.
  const long = waits.sinceUs === null ? '' : ` ${(Math.max(0, atUs - waits.sinceUs) / 1e6).toFixed(1)} s`;
  return [waits.blocked ? `blocked${long}` : 'prepared', `${waits.key} locked`];
}

/** A record in the few letters that a cell has: `x=1?` for `prepared x=1`. */
export const recordWords = (text: string): string =>
  text
    .replace(/^prepared (.*)/, '$1?')
    .replace(/^committed .*/, 'commit')
    .replace(/^aborted .*/, 'abort')
    .replace(/^ended .*/, 'end');

/** Why something happened that Raft knows too, for another reason here; `undefined` if it is none of those, or the servers run Raft. */
export function whyInTwoPhase(event: Event, recall: Recall): string | null | undefined {
  if (recall.event(1)?.event.type !== 'ProtocolChosen') return undefined;
  switch (event.type) {
    case 'Began':
      return null;
    case 'Restarted':
      return 'Its log tells it what it has promised and what was decided; the rest it asks for.';
    case 'Written':
      return 'A record counts for nothing until it is on disk.';
    case 'Synced':
      return 'What is recorded there holds from now on, and others may be told.';
    case 'Applied':
      return 'The transaction is done, and that is on disk.';
    case 'Invoked':
      return event.operation.type === 'Get'
        ? 'Any server answers from its own store, unless the key is locked.'
        : 'It is a transaction: S1 coordinates it, and every server must vote for it.';
    case 'Returned':
      if (event.outcome.type === 'Failed') return 'The transaction is aborted: not done, now or ever.';
      return event.outcome.type === 'Ok' ? null : undefined;
    default:
      return undefined;
  }
}
