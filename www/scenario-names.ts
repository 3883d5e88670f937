// What the scenarios are called that come with the playground.

import order from '../scenarios/order?raw';

/** One of them. */
export interface Named {
  /** Its file's name, without the ending. */
  readonly name: string;
  readonly title: string;
}

/** All of them, in the order in which they are best read. */
export const SCENARIOS: readonly Named[] = order
  .trimEnd()
  .split('\n')
  .map((line) => {
    const name = line.slice(0, line.indexOf(' '));
    return { name, title: line.slice(name.length).trim() };
  });
