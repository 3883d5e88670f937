// Of whom a majority is counted: the voters of the configuration in force, and while it changes by joint consensus those before it as
// well. Spare servers and learners do not count.

import type { ConfigurationFrame, Frame, ServerFrame } from './generated/engine.ts';

/** A set of voters, those of them that are counted, and how many it takes. */
export interface Majority {
  readonly of: readonly string[];
  readonly have: readonly string[];
  readonly needed: number;
}

/** The leader of the newest term, if one is up: an older one does not know better yet. */
export const leaderOf = ({ servers }: Frame): ServerFrame | undefined =>
  servers.filter(({ up, role }) => up && role === 'leader').sort((a, b) => b.term - a.term)[0];

/** Whether a majority has gone on to a newer term than this leader's: it can commit nothing any more, and does not know. */
export const isDeposed = ({ role, term }: ServerFrame, frame: Frame): boolean =>
  role === 'leader' &&
  isMajority(
    majorities(
      inForce(frame),
      frame.servers.filter((other) => other.term > term).map(({ id }) => id),
    ),
  );

/** The configuration in force: the leader's, else that of the server with the longest log that is up; all servers if none is. */
export function inForce(frame: Frame): ConfigurationFrame {
  const up = frame.servers.filter((s) => s.up).sort((a, b) => b.lastIndex - a.lastIndex)[0];
  const known = (leaderOf(frame) ?? up)?.configuration;
  return known?.voters.length
    ? known
    : { voters: frame.servers.map(({ id }) => id), outgoing: [], learners: [] };
}

/** What these servers are of each set of voters that has to agree. */
export function majorities(
  { voters, outgoing }: ConfigurationFrame,
  counted: readonly string[],
): readonly Majority[] {
  return [voters, outgoing]
    .filter((of) => of.length > 0)
    .map((of) => ({
      of,
      have: of.filter((id) => counted.includes(id)),
      needed: Math.floor(of.length / 2) + 1,
    }));
}

export const isMajority = (sets: readonly Majority[]): boolean =>
  sets.every(({ have, needed }) => have.length >= needed);

/** `2 of 5 servers`; `2 of 3 voters` where others run as well; `2 of 3 new voters and 1 of 3 old ones` while it changes. */
export function share(sets: readonly Majority[], { servers }: Frame): string {
  const [now, before] = sets;
  if (!now) return 'none';
  const part = ({ have, of }: Majority) => `${have.length} of ${of.length}`;
  if (before) return `${part(now)} new voters and ${part(before)} old ones`;
  return `${part(now)} ${now.of.length === servers.length ? 'servers' : 'voters'}`;
}

/** `3 are needed`; `2 and 2 are needed` while it changes. */
export const needs = (sets: readonly Majority[]): string => {
  const least = sets.map(({ needed }) => needed);
  return `${least.join(' and ')} ${least.join('') === '1' ? 'is' : 'are'} needed`;
};

/** What a server is to the cluster, if it is no plain voter. */
export function standing(
  { id }: ServerFrame,
  frame: Frame,
): 'learner' | 'leaves' | 'joins' | 'not a member' | null {
  if (frame.protocol !== 'raft') return null;
  const { voters, outgoing, learners } = inForce(frame);
  if (voters.includes(id)) return outgoing.length > 0 && !outgoing.includes(id) ? 'joins' : null;
  if (outgoing.includes(id)) return 'leaves';
  return learners.includes(id) ? 'learner' : 'not a member';
}
