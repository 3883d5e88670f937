// Made from the parser's tables by `cargo test -p raft-scenario the_committed_words`. Changes belong there.

/** Settings: as each is by itself; where it may be said of one alone; what the parser wants behind it; whose it is alone. */
export const SETTINGS = [
  ['election-timeout 150ms..300ms', '', 'a time from 1ms to 60000ms', 'raft'],
  ['heartbeat 50ms', '', 'a time from 1ms to 60000ms', 'raft'],
  ['max-entries 64', '', 'a number from 1 to 10000', 'raft'],
  ['inflight 1', '', 'a number from 1 to 100', 'raft'],
  ['repair step-back', '', 'a way of repair: step-back or conflict-hint', 'raft'],
  ['pre-vote off', '', 'one of on or off', 'raft'],
  ['snapshot-every never', '', 'a number from 1 to 1000000', 'raft'],
  ['check-quorum off', '', 'one of on or off', 'raft'],
  ['stickiness off', '', 'one of on or off', 'raft'],
  ['drift-bound 0ppm', '', 'a share from 0% to 100%, such as 10% or 200ppm', 'raft'],
  ['reads log', '', 'a way to read: log, stale, leader-local, read-index or lease', 'raft'],
  ['vote-timeout 300ms', '', 'a time from 1ms to 60000ms', 'two-phase-commit'],
  ['ask-again 100ms', '', 'a time from 1ms to 60000ms', 'two-phase-commit'],
  ['cooperative-termination on', '', 'one of on or off', 'two-phase-commit'],
  ['client-timeout 2000ms', '', 'a time from 1ms to 3600000ms', ''],
  ['client-retry 400ms', '', 'a time from 1ms to 3600000ms', ''],
  ['contact leader', '', 'whom a client asks first: leader or random', ''],
  ['latency 10ms..15ms', '[link]', 'a time from 1us to 60000ms', ''],
  ['loss 0%', '[link]', 'a share from 0% to 100%, such as 10% or 200ppm', ''],
  ['duplicate 0%', '[link]', 'a share from 0% to 100%, such as 10% or 200ppm', ''],
  ['bandwidth unlimited', '[link]', 'a bandwidth from 100B/s to 1000000kB/s, or unlimited', ''],
  ['write 100us..200us', '[server]', 'a time from 0ms to 60000ms', ''],
  ['fsync 1ms..3ms', '[server]', 'a time from 0ms to 60000ms', ''],
  ['disk S1 honest', 'server', 'what the disk does: honest, lies or full', ''],
  ['torn-writes off', '', 'one of on or off', ''],
  ['drift S1 0ppm', 'server', 'a drift from -500000ppm to 500000ppm', ''],
] as const;

/** What may stand at the beginning of a line. */
export const LINES = [
  'title',
  'protocol',
  'servers',
  'voters',
  'clients',
  'seed',
  'set',
  'off',
  'on',
  'expect',
] as const;

/** What may stand behind a time. */
export const COMMANDS = [
  'crash',
  'restart',
  'power-off',
  'power-on',
  'pause',
  'resume',
  'stall',
  'clock-jump',
  'timeout',
  'transfer',
  'add',
  'learner',
  'remove',
  'voters',
  'snapshot',
  'partition',
  'heal',
  'cut',
  'mend',
  'drop',
  'hold',
  'deliver',
  'duplicate',
  'load',
  'set',
  'off',
  'on',
  'say',
  'end',
] as const;

/** What may stand behind a time and a client. */
export const OPERATIONS = [
  'put',
  'del',
  'get',
] as const;

/** What may be expected. */
export const EXPECTATIONS = [
  'violation',
  'no-violation',
  'linearizable',
  'not-linearizable',
  'leader',
  'no-leader',
  'role',
  'term',
  'voted-for',
  'log',
  'committed',
  'state',
  'no-state',
  'blocked',
  'not-blocked',
] as const;

/** What may be violated. */
export const PROPERTIES = [
  'ElectionSafety',
  'LeaderAppendOnly',
  'LogMatching',
  'LeaderCompleteness',
  'StateMachineSafety',
  'Durability',
  'ReadFreshness',
  'Progress',
  'ExactlyOnce',
  'MonotonicTerm',
  'OneVotePerTerm',
  'MonotonicCommit',
  'QuorumDurability',
  'ConfigurationOverlap',
  'Atomicity',
  'Linearizability',
] as const;

/** Kinds of messages with protocol raft. */
export const KINDS = [
  'RequestVote',
  'RequestVoteReply',
  'PreVote',
  'PreVoteReply',
  'AppendEntries',
  'Heartbeat',
  'AppendEntriesReply',
  'InstallSnapshot',
  'InstallSnapshotReply',
  'TimeoutNow',
  'ReadIndex',
  'ReadIndexReply',
  'Request',
  'Query',
  'Response',
] as const;

/** Kinds of messages with protocol two-phase-commit. */
export const TWO_PHASE_KINDS = [
  'Request',
  'Response',
  'Prepare',
  'Vote',
  'Decision',
  'Acknowledgement',
  'Inquiry',
  'Uncertain',
] as const;
