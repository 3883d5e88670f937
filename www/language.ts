// The scenario language as tables: what controls are made of, what the editor completes, what tooltips say. Names, limits, defaults
// and scopes are the parser's own: a test compares them with what it says of itself (generated/language.ts). Fetched only with the
// first control that needs it; two lines a word, columns two blanks apart, `-` for nothing.

import { type Command, commandsOf, FAULTS, type Group, tabled, type Whose } from './vocabulary.ts';

export { belongs, type Command, GROUPS, type Group, tabled } from './vocabulary.ts';

export interface Setting {
  readonly name: string;
  /** Whom it may be said of alone: one link, one server; without brackets it must be. */
  readonly scope: '' | '[link]' | '[server]' | 'server';
  readonly kind: 'range' | 'time' | 'share' | 'drift' | 'rate' | 'number' | 'choice';
  /** For a choice all of them; else the least, the most, and a word that may stand instead. */
  readonly values: readonly string[];
  readonly initial: string;
  readonly group: Group;
  readonly whose: Whose;
  readonly label: string;
  readonly says: string;
}

export interface Header {
  readonly name: string;
  readonly values: readonly string[];
  readonly initial: string;
  readonly label: string;
  readonly says: string;
}

const SETTING_TABLE = `
election-timeout         -         range 1ms 60s                            150ms..300ms  timing   raft  Election timeout
    How long a server waits without a leader until it stands for election; drawn anew each time. (§5.2)
heartbeat                -         time 1ms 60s                             50ms          timing   raft  Heartbeat
    How often a leader is heard. Well below the election timeout, or followers think it dead. (§5.2)
pre-vote                 -         on off                                   off           timing   raft  Pre-vote
    A server asks whether it could win before it raises its term. (thesis 9.6)
check-quorum             -         on off                                   off           timing   raft  Check quorum
    A leader that no majority answers for an election timeout steps down. (thesis 6.2)
stickiness               -         on off                                   off           timing   raft  Leader stickiness
    Who hears a leader ignores requests for its vote. Leases need it. (thesis 4.2.3)
vote-timeout             -         time 1ms 60s                             300ms         timing   2pc   Vote timeout
    How long the coordinator waits for votes until it aborts, and who voted yes for the decision until it asks.
ask-again                -         time 1ms 60s                             100ms         timing   2pc   Ask again
    How often what is not answered is repeated.
cooperative-termination  -         on off                                   on            timing   2pc   Cooperative termination
    Who voted asks all others what was decided, not the coordinator alone.
max-entries              -         number 1 10000                           64            log      raft  Entries a message
    How many entries one AppendEntries carries at most. (§5.3)
inflight                 -         number 1 100                             1             log      raft  Messages in flight
    How many AppendEntries may be under way to a follower without an answer. (thesis 10.2.2)
repair                   -         step-back conflict-hint                  step-back     log      raft  Repair
    How a leader finds where logs agree: one entry back a refusal, or with a hint at least a term. (§5.3)
snapshot-every           -         number 1 1000000 never                   never         log      raft  Snapshot every
    After how many applied entries a snapshot takes their place. (§7)
reads                    -         log stale leader-local read-index lease  log           reads    raft  A plain get reads
    log: by a command like any other. stale: whatever its server has. leader-local: what a leader has. read-index: after a round of heartbeats. lease: without one while the lease lasts. (thesis 6.4)
drift-bound              -         share                                    0%            reads    raft  Clocks drift at most
    How far apart clocks may go: leases are shorter by it. (thesis 6.4.1)
client-timeout           -         time 1ms 1h                              2s            clients  -     Gives up after
    How long a client tries one operation.
client-retry             -         time 1ms 1h never                        400ms         clients  -     Asks again after
    How long a client waits for an answer, then asks another server. Never: it asks once.
contact                  -         leader random                            leader        clients  -     Asks first
    Whom a client asks first: the leader it believes in, or any server.
latency                  [link]    range 1us 60s                            10ms..15ms    network  -     Latency
    How long a message takes.
loss                     [link]    share                                    0%            network  -     Loss
    Which share of messages is lost.
duplicate                [link]    share                                    0%            network  -     Duplication
    Which share of messages arrives twice.
bandwidth                [link]    rate 100B/s 1000MB/s unlimited           unlimited     network  -     Bandwidth
    How fast a link takes messages on, one after the other. A message has 100 bytes and what it carries.
write                    [server]  range 0ms 60s                            100us..200us  disk     -     Write
    How long a disk takes to write into its cache.
fsync                    [server]  range 0ms 60s                            1ms..3ms      disk     -     Fsync
    How long a disk takes to make safe what was written. Votes and acknowledgements wait for it. (thesis 3.8)
disk                     server    honest lies full                         honest        disk     -     The disk
    lies: says of writes that they are safe, and is not to be trusted without power. full: has no room, and the server stops.
torn-writes              -         on off                                   off           disk     -     Torn writes
    When the power goes, a beginning of what is not synced is on the disk.
drift                    server    drift                                    0%            clocks   -     Drift
    How much faster this server’s clock goes; negative: slower. Its timers go with it. (thesis 6.4.1)`;

const COMMAND_TABLE = `
snapshot    S1                      log      raft  Take a snapshot
    A snapshot takes the place of all that is applied of its log (§7).
stall       S1 300ms                disk     -     Stall
    What the disk is doing, or does next, takes that much longer.
clock-jump  S1 +500ms               clocks   -     Jump
    Its clock jumps forward, or back: its timers are due the sooner, or later.
add         S6                      members  raft  Add
    The leader makes it a voter: a spare server, or a learner that has caught up (thesis 4.1).
learner     S6                      members  raft  Add as learner
    The leader gives it the log, but no vote (thesis 4.2.1).
remove      S2                      members  raft  Remove
    The leader removes it from the cluster; it is not told, and goes on (thesis 4.1).
voters      S1 S2 S6                members  raft  Make these the voters
    The leader makes exactly these the voters, by joint consensus (§6).
partition   S1 S2 | S3 S4 S5        network  -     Split
    Messages cross only within a group; who is in none reaches everybody.
heal        -                       network  -     Heal
    The partition and all cuts are over.
cut         S1->S2                  network  -     Cut
    Messages this way are lost; the other way still works.
mend        S1->S2                  network  -     Mend
    Messages this way arrive again.
drop        AppendEntries S1->S2    network  -     Drop
    The next of this kind on this link is lost.
hold        AppendEntries S1->S2    network  -     Hold
    The next of this kind on this link goes no further until delivered or dropped.
deliver     AppendEntries S1->S2    network  -     Deliver
    The oldest held one of this kind arrives now; else the next one at once.
duplicate   AppendEntries S1->S2    network  -     Duplicate
    The next of this kind on this link arrives twice.
load        C1 put every 50ms       clients  -     Start
    The client keeps asking.
set         loss 10%                -        -     -
    A setting changes.
off         own-term-commit         rules    raft  -
    A rule no longer holds.
on          own-term-commit         rules    raft  -
    A rule holds again.
say         "Who times out first?"  start    -     Say
    The author says something to the reader.
end         -                       start    -     End the run
    The run is over; nothing may come after it.`;

const HEADER_TABLE = `
title     text 1 80                      -     Title
    The scenario’s name.
protocol  raft two-phase-commit          raft  Protocol
    What the servers run.
servers   number 1 9                     5     Servers
    How many servers there are.
voters    number 1 9                     -     Voters
    The first so many are the cluster at first; the others are spare until they are added.
clients   number 0 9                     1     Clients
    How many clients there are.
seed      number 0 18446744073709551615  1     Seed
    Where every random draw comes from: the same seed, the same run.`;

/** What a client does, behind its name. */
const OPERATION_TABLE = `
put  x=1
    The client writes.
del  x
    The client deletes.
get  x read-index
    The client reads: stale, leader-local, read-index or lease; without a word as the setting "reads" says.`;

const KIND = /^(range|time|share|drift|rate|number)\b ?/;
/** The whole of something; and how far a clock may go. */
const LIMITS: Readonly<Record<string, string>> = { share: '0% 100%', drift: '-50% 50%' };

export const SETTINGS: readonly Setting[] = tabled(SETTING_TABLE).map(({ columns, says }) => {
  const [name = '', scope, form = '', initial = '', group, whose, label = ''] = columns;
  const kind = form.match(KIND)?.[1] ?? 'choice';
  const values = (LIMITS[form] ?? form.replace(KIND, '')).split(' ');
  return { name, scope, kind, values, initial, group, whose, label, says } as Setting;
});

export const COMMANDS: readonly Command[] = [...FAULTS, ...commandsOf(COMMAND_TABLE)];

export const HEADERS: readonly Header[] = tabled(HEADER_TABLE).map(({ columns, says }) => {
  const [name = '', values = '', initial = '', label = ''] = columns;
  return { name, values: values.split(' '), initial, label, says };
});

export const OPERATIONS = tabled(OPERATION_TABLE).map(({ columns, says }) => {
  const [name = '', example = ''] = columns;
  return { name, example, says };
});
