// Which way to read a scenario begins with, and whether it reads at all.

/** Whether there is something to compare in a scenario, written in its canonical form. */
export const hasReads = (text: string): boolean =>
  /^@\S+ +(C\d get|load C\d (get|mixed))\b/m.test(text) && !/^protocol two-phase-commit$/m.test(text);

/** The way to read that a scenario begins with. */
export const modeOf = (text: string): string => /^set reads (\S+)/m.exec(text)?.[1] ?? 'log';
