// What the servers promise, in a sentence each.

import type { Property, Protocol } from '../generated/engine.ts';

const LINEARIZABILITY =
  'What clients ask for takes effect at once, between its beginning and its end, except reads that may be stale (§8).';

/** Figure 3, in the paper's order, and what else is promised. */
const RAFT: Readonly<Record<Exclude<Property, 'Atomicity'>, string>> = {
  ElectionSafety: 'At most one leader a term (§5.2).',
  LeaderAppendOnly: 'A leader never changes or removes entries of its log (§5.3).',
  LogMatching: 'Logs with the same index and term agree on everything before (§5.3).',
  LeaderCompleteness: 'What is committed stays in the logs of all later leaders (§5.4).',
  StateMachineSafety: 'No two servers apply different entries at the same index (§5.4.3).',
  Durability:
    'The term, the vote and the entries that a server told others of outlive its crashes (§5.2, thesis 3.8).',
  ReadFreshness: 'A linearizable read sees what was acknowledged before it (§8).',
  Progress: 'A majority that is up and connected has a leader and serves clients (§5.6).',
  ExactlyOnce: 'A command that a client sends again takes effect once (§8, thesis 6.3).',
  MonotonicTerm: 'A server’s term never goes back (§5.1).',
  OneVotePerTerm: 'A server votes for at most one candidate a term (§5.2).',
  MonotonicCommit:
    'While a server runs, its commit index never goes back and what it covers stays in the log.',
  QuorumDurability: 'What is committed is on the disks of a majority, and stays there (§5.3, thesis 3.8).',
  ConfigurationOverlap:
    'Majorities of one configuration and of the next have a server in common (§6, thesis 4.1).',
  Linearizability: LINEARIZABILITY,
};

const TWO_PHASE: Readonly<Partial<Record<Property, string>>> = {
  Atomicity: 'All servers end a transaction alike, and nothing is done without all votes.',
  Durability: 'A vote and a decision are on disk before anybody is told.',
  Linearizability: LINEARIZABILITY,
};

/** What is promised, each property with a sentence. */
export const promisesOf = (protocol: Protocol): readonly [string, string][] =>
  Object.entries(protocol === 'raft' ? RAFT : TWO_PHASE);
