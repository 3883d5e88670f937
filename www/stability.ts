// Whether a cluster with these settings can have a leader that lasts: broadcast time ≪ election timeout ≪ time between failures (§5.6).

import { duration } from './format.ts';
import { amount } from './quantity.ts';
import type { Settings } from './settings.ts';
import type { Group } from './vocabulary.ts';

export interface Warning {
  /** Where what helps is found. */
  readonly group: Group;
  readonly words: string;
}

export interface Stability {
  /** A request and its answer with the fsync between, from the shortest to the longest. */
  readonly round: readonly [number, number];
  readonly heartbeatUs: number;
  readonly timeout: readonly [number, number];
  /** Until another leads after a leader has died, about: from the shortest to the longest. */
  readonly failover: readonly [number, number];
  readonly warnings: readonly Warning[];
}

/** What the settings come to. All times are µs. */
export function stability(now: Settings, servers: number): Stability {
  const range = (name: string): [number, number] => {
    const words = now.of(name).value;
    const [least = '', most = least] = words.split('..');
    return [amount('range', least), amount('range', most)];
  };
  const ends = [range('latency'), range('write'), range('fsync')];
  const sum = (at: 0 | 1) => ends.reduce((all, end, i) => all + end[at] * (i === 0 ? 2 : 1), 0);
  const round = [sum(0), sum(1)] as const;
  const timeout = range('election-timeout');
  const heartbeatUs = amount('time', now.of('heartbeat').value);
  const lone = servers < 2;
  // A dead leader’s last heartbeat may be as old as a heartbeat; then the first to time out is elected in a round and a sync.
  const failover = [Math.max(0, timeout[0] - heartbeatUs) + round[0], timeout[1] + 2 * round[1]] as const;
  const facts = { now, round, heartbeatUs, timeout, failover, latency: ends[0] as [number, number] };
  return { round, heartbeatUs, timeout, failover, warnings: lone ? [] : warnings(facts) };
}

interface Facts extends Omit<Stability, 'warnings'> {
  readonly now: Settings;
  readonly latency: readonly [number, number];
}

/** A reason to worry, and the sentence that says so and what to change. */
function* worries(facts: Facts): Generator<Warning | false> {
  const { now, round, heartbeatUs, timeout, failover, latency } = facts;
  const [least, most] = timeout;
  const on = (name: string) => now.of(name).value === 'on';
  // The longest silence of a healthy leader, as a follower hears it.
  const silence = heartbeatUs + latency[1] - latency[0];
  yield silence >= least && {
    group: 'timing',
    words: `Heartbeats come as much as ${duration(silence)} apart, and followers wait as little as ${duration(least)}: healthy leaders are deposed. Make heartbeats more frequent or the election timeout longer.`,
  };
  yield round[1] >= least && {
    group: 'timing',
    words: `A vote takes up to ${duration(round[1])} there and back, longer than the shortest election timeout, ${duration(least)}: elections fail before they are won. Lengthen the timeout, or quicken links and disks.`,
  };
  yield round[1] < least &&
    round[1] * 1.5 > least && {
      group: 'timing',
      words: `A round takes up to ${duration(round[1])}, not well below the election timeout of ${duration(least)} (§5.6). Many elections need several tries: lengthen the timeout.`,
    };
  yield most - least < latency[1] && {
    group: 'timing',
    words: `The election timeout is drawn from ${duration(most - least)} only, less than a message takes: votes will split. Widen its range (§5.2).`,
  };
  const lossPpm = amount('share', now.of('loss').value);
  yield lossPpm >= 200_000 && {
    group: 'network',
    words: `Of all messages ${lossPpm / 10_000} % are lost: a follower easily misses all heartbeats of an election timeout.`,
  };
  const leases = now.of('reads').value === 'lease';
  yield leases &&
    !on('stickiness') && {
      group: 'reads',
      words:
        'Leases need stickiness: without it a new leader may be elected while the old one’s lease lasts, and reads are stale (thesis 6.4.1).',
    };
  const driftPpm = amount('share', now.of('drift-bound').value);
  yield leases &&
    least * (1 - driftPpm / 1e6) <= round[1] + heartbeatUs && {
      group: 'reads',
      words: `A lease lasts ${duration(Math.max(0, Math.round(least * (1 - driftPpm / 1e6))))} at most, shorter than until the next heartbeat is answered: it is often over. Lower the bound on drift, or make heartbeats more frequent.`,
    };
  const apart = now.single('drift').map(({ value }) => Math.abs(amount('drift', value)));
  yield leases &&
    Math.max(0, ...apart) > driftPpm && {
      group: 'reads',
      words:
        'A clock drifts more than the bound allows: leases may outlast an election, and reads be stale (thesis 6.4.1).',
    };
  const patience = amount('time', now.of('client-timeout').value);
  yield patience < failover[1] && {
    group: 'clients',
    words: `Clients give up after ${duration(patience)}, before a new leader is sure to be there: up to ${duration(failover[1])}. Operations during a failover may be left without an answer.`,
  };
}

const warnings = (facts: Facts): Warning[] => [...worries(facts)].filter((one) => one !== false);
