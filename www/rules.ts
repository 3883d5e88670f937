// The rules of the protocol in words, and the scenarios that show what breaks without each.

import { RULES as ENGINE_RULES } from './generated/rules.ts';

export interface Rule {
  readonly name: string;
  readonly label: string;
  /** What it says, where that is written, and what breaks without it. */
  readonly says: string;
  /** The scenario that shows it. */
  readonly broken: string;
}

const BROKEN = import.meta.glob<string>('../scenarios/broken/*.raft', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The rules in short, by chapter; a test sees to it that none is missing. */
export const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Elections: {
    'up-to-date-vote': 'Vote only for an up-to-date log',
    'term-before-index': 'A later term beats a longer log',
    'one-vote': 'One vote a term',
    'election-majority': 'Elected by a majority',
    'count-voters-once': 'Count each voter once',
    'votes-of-this-term': 'Count only votes of this term',
    'timer-only-when-heard': 'Only a leader or a vote puts off elections',
    'timer-on-vote': 'Who votes waits',
    'pre-vote': 'Ask before standing',
    'pre-vote-answered': 'Tell who is behind the term',
    'pre-vote-stickiness': 'No pre-vote while a leader is heard',
    'leader-stickiness': 'No vote while a leader is heard',
    'check-quorum': 'A leader nobody answers steps down',
  },
  'Stable storage': {
    'durable-vote': 'Write votes to disk',
    'synced-vote': 'Sync a vote before telling it',
    'synced-ack': 'Sync before acknowledging',
    'synced-own-copy': 'Own copy counts once synced',
    'synced-as-stands': 'A write is safe only as it stands',
  },
  Replication: {
    'log-check': 'Check the entry before',
    'truncate-on-conflict': 'Remove only what conflicts',
    'ack-what-was-sent': 'Acknowledge only what was shown',
    'stale-append': 'Refuse leaders of earlier terms',
    'stale-ack': 'Ignore answers of earlier terms',
    'ask-for-all': 'Heartbeats ask for what was sent',
  },
  Snapshots: {
    'keep-what-follows': 'Keep what follows a snapshot',
    'drop-what-conflicts': 'Drop what a snapshot contradicts',
  },
  Membership: {
    'effective-when-appended': 'Changes hold once appended',
    'one-change-at-a-time': 'One change at a time',
    'own-term-change': 'Commit in this term before a change',
    'both-majorities': 'Joint: both majorities agree',
    'roll-back-configuration': 'A truncated change is undone',
    'configuration-from-disk': 'Restart with the known members',
    'removed-does-not-count': 'A removed leader does not count itself',
    'leave-joint': 'The joint configuration ends',
    'learners-vote': 'Vote when asked, even as a learner',
    'promote-caught-up': 'Promote only who has caught up',
    'serve-strangers': 'Serve also who is no member',
  },
  Commitment: {
    'own-term-commit': 'Commit only current-term entries',
    'commit-majority': 'Committed once a majority has it',
    'commit-what-was-sent': 'Commit no further than was sent',
    'commit-after-check': 'Commit only where logs agree',
  },
  Reads: {
    'own-term-read': 'Commit in this term before reads',
    'read-round': 'Confirm leadership before a read',
    'read-majority': 'A majority confirms reads',
    'read-round-after': 'Confirm after the read began',
    'fresh-rounds': 'No two rounds alike',
    'lease-drift': 'Leases allow for drift',
    'lease-from-sending': 'A lease runs from its sending',
    'lease-after-restart': 'After a restart, wait as if a leader was heard',
    'lease-lost-by-transfer': 'Handing over ends the lease',
  },
  'Handing over': {
    'transfer-caught-up': 'Hand over only to who has it all',
    'transfer-refuses-proposals': 'Take nothing more while handing over',
    'transfer-aborts': 'Give up handing over in time',
  },
  Clients: { 'client-session': 'Apply a repeated command once' },
};

const rules = new Map(ENGINE_RULES.map((rule) => [rule[0] as string, rule]));

/** `LeaderCompleteness` as `leader completeness`. */
const plain = (property: string): string => property.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** All rules by chapter. */
export const CHAPTERS: readonly { readonly title: string; readonly rules: readonly Rule[] }[] =
  Object.entries(LABELS).map(([title, labels]) => ({
    title,
    rules: Object.entries(labels).map(([name, label]) => {
      const [, section = '', protects = '', sentence = ''] = rules.get(name) ?? [];
      return {
        name,
        label,
        says: `${sentence} (${section}) Without it ${plain(protects)} may break.`,
        broken: BROKEN[`../scenarios/broken/${name}.raft`] ?? '',
      };
    }),
  }));
