// What happens to a server and to its disk, as sentences.

import { duration, entries, serverName } from './format.ts';
import type { Event, Write } from './generated/engine.ts';
import type { Sentence } from './sentences.ts';

type Life = Extract<
  Event,
  { type: 'Crashed' | 'PoweredOff' | 'Restarted' | 'Paused' | 'Resumed' | 'ClockJumped' }
>;

/** A server stops or starts, or is hit by something. */
export function life(event: Life): Sentence {
  switch (event.type) {
    case 'Crashed':
      return {
        what: `${serverName(event.server)} crashed.`,
        why: 'Its memory is gone. What it wrote is with the operating system, which goes on: term, vote and log (Figure 2).',
      };
    case 'PoweredOff':
      return {
        what: `${serverName(event.server)} lost its power${event.entries === 0 ? '' : `, in the middle of a write of which ${event.entries === 1 ? 'one entry' : `${event.entries} entries`} got to the disk`}.`,
        why: 'What was written but not synced is gone. The disk keeps what was synced: that is why promises wait for it (Figure 2).',
      };
    case 'Restarted':
      return {
        what: `${serverName(event.server)} restarted.`,
        why: 'It takes term, vote and log from its disk and starts as a follower. What was written but not synced is synced first.',
      };
    case 'Paused':
      return {
        what: `${serverName(event.server)} stands still.`,
        why: 'Its process does nothing, and does not know it: a long garbage collection, a suspended machine. Its clock goes on.',
      };
    case 'Resumed':
      return {
        what: `${serverName(event.server)} goes on.`,
        why: 'First with what was due meanwhile, then with what arrived. It may still take itself for what it was.',
      };
    case 'ClockJumped':
      return {
        what: `${serverName(event.server)}’s clock jumped ${event.byUs < 0 ? 'back' : 'forward'} by ${duration(Math.abs(event.byUs))}.`,
        why: 'Its timers run on that clock. Raft is safe whatever clocks do, but for leases (thesis 6.4.1).',
      };
  }
}

type OfDisk = Extract<Event, { type: 'Written' | 'Synced' | 'SyncClaimed' | 'DiskFull' | 'DiskStalled' }>;

/** What a disk does, and what it should not. */
export function disk(event: OfDisk): Sentence {
  switch (event.type) {
    case 'Written':
      return {
        what: `${serverName(event.server)} gives its disk ${written(event.write)}.`,
        why: 'Answers that promise it must wait until it is on disk (Figure 2).',
      };
    case 'Synced':
      return {
        what: `${serverName(event.server)}’s disk holds write ${event.through} and all before it.`,
        why: 'Answers that waited for it may leave now.',
      };
    case 'SyncClaimed':
      return {
        what: `${serverName(event.server)}’s disk says it holds write ${event.through} and all before it, which is not so.`,
        why: 'The server believes it and lets answers go. A loss of power takes what they promise.',
      };
    case 'DiskFull':
      return {
        what: `${serverName(event.server)}’s disk is full: a write failed.`,
        why: 'What cannot be written must not be promised, so the server stops itself.',
      };
    case 'DiskStalled':
      return {
        what: `${serverName(event.server)}’s disk stalls for ${duration(event.byUs)}.`,
        why: 'What it is at takes that much longer, or what it does next. Answers that wait for it wait.',
      };
  }
}

function written({ hardState, snapshot, append }: Write): string {
  const parts: string[] = [];
  if (snapshot) parts.push(`a snapshot through entry ${snapshot.lastIndex}`);
  if (hardState) {
    const vote = hardState.votedFor === null ? '' : ` and its vote for ${serverName(hardState.votedFor)}`;
    parts.push(`term ${hardState.term}${vote}`);
  }
  if (append && append.entries.length > 0)
    parts.push(entries(append.first, append.first + append.entries.length - 1));
  return parts.join(', and ') || 'nothing new';
}
