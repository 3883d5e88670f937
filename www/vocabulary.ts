// The words that the page needs from the start: the groups of controls, and what befalls servers. All others are in language.ts.

import type { Protocol } from './generated/engine.ts';

/** The groups of controls, in the order of their tabs. */
export const GROUPS = {
  faults: 'Faults',
  clients: 'Clients',
  network: 'Network',
  timing: 'Timing',
  log: 'Log',
  reads: 'Reading',
  disk: 'Disk',
  clocks: 'Clocks',
  members: 'Members',
  rules: 'Rules',
  start: 'Start',
} as const;
export type Group = keyof typeof GROUPS;

/** Whose word it is: only Raft knows it, only two-phase commit does, or both do. */
export type Whose = 'raft' | '2pc' | '';

export interface Command {
  readonly name: string;
  /** What stands behind it, as an example. */
  readonly example: string;
  readonly group: Group | '';
  readonly whose: Whose;
  readonly label: string;
  readonly says: string;
}

/** Two lines a word, columns two blanks apart, `-` for nothing. */
const FAULT_TABLE = `
crash       S1 S2                   faults   -     Crash
    The process dies; what it has written survives, synced or not.
restart     S1 S2                   faults   -     Restart
    It starts again; what was written but not synced is synced first.
power-off   S1 S2                   faults   -     Power off
    The machine loses its power; what is not synced is gone.
power-on    S1 S2                   faults   -     Power on
    The machine starts again with what is on its disk.
pause       S1 S2                   faults   -     Pause
    The process stands still; messages wait at the door, disk and clock go on.
resume      S1 S2                   faults   -     Resume
    It goes on, with all that was due meanwhile.
timeout     S1                      faults   raft  Time out
    Its election timer fires now (§5.2).
transfer    S1->S2                  faults   raft  Hand over
    The leader hands over to another server (thesis 3.10).`;

/** The columns of each word, and its sentence. */
export function tabled(table: string): { columns: string[]; says: string }[] {
  return [...table.matchAll(/\n(\S.*)\n +(.*)/g)].map(([, columns = '', says = '']) => ({
    columns: columns.split(/ {2,}/).map((column) => (column === '-' ? '' : column)),
    says,
  }));
}

export const commandsOf = (table: string): readonly Command[] =>
  tabled(table).map(({ columns, says }) => {
    const [name = '', example = '', group, whose, label = ''] = columns;
    return { name, example, group, whose, label, says } as Command;
  });

/** The commands of the first group. */
export const FAULTS = commandsOf(FAULT_TABLE);

/** Whether a word says something where the servers run this protocol. */
export const belongs = ({ whose }: { readonly whose: Whose }, protocol: Protocol): boolean =>
  whose !== (protocol === 'raft' ? '2pc' : 'raft');
