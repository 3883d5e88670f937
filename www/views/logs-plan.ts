// What there is to know of the logs' picture before it is drawn: how much of them fits.

import type { Frame } from '../generated/engine.ts';
import type { LogColumns } from './contract.ts';

export const HEAD = 34;
export const LEAST_ROW = 20;

/** Where the columns begin: after the servers' names. */
export const gutter = (width: number): number => (width < 420 ? 55 : 62);

export const logColumns: LogColumns = (width) => Math.max(3, Math.floor((width - gutter(width) - 6) / 58));

/** Where the longest log ends. */
export const lastIndexOf = ({ servers }: Frame): number => Math.max(0, ...servers.map((s) => s.lastIndex));

/** The first index to show so that the logs' end is in sight, with one empty column after it. */
export const endOf = (frame: Frame, count: number): number => Math.max(1, lastIndexOf(frame) + 2 - count);

/** Logs lower than this are too crowded to be read. */
export const leastLogsHeight = (servers: number): number => HEAD + servers * LEAST_ROW + 2;
