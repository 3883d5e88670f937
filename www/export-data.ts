// The run as JSON Lines, word for word what `raft run --trace` and `--history` write.

import { clientName } from './format.ts';
import type { TraceEvent } from './generated/engine.ts';

/** An operation as a client saw it. */
interface Line {
  readonly client: string;
  readonly op: 'put' | 'del' | 'get';
  readonly key: string;
  /** What a put writes. */
  readonly value: string | null;
  readonly invoke_us: number;
  /** An operation of unknown outcome never returns: it may be done any time later. */
  return_us: number | null;
  outcome: 'ok' | 'failed' | 'unknown';
  /** What a get found. */
  result: string | null;
}

const OPS = { Put: 'put', Del: 'del', Get: 'get', Read: 'get' } as const;

/** What the clients did and saw, in the order of its beginning. */
export class History {
  readonly #lines = new Map<number, Line>();

  observe({ event, atUs }: TraceEvent): void {
    if (event.type === 'Invoked') {
      const { client, op, operation } = event;
      this.#lines.set(op, {
        client: clientName(client),
        op: OPS[operation.type],
        key: operation.key,
        value: operation.type === 'Put' ? operation.value : null,
        invoke_us: atUs,
        return_us: null,
        outcome: 'unknown',
        result: null,
      });
    }
    const line = event.type === 'Returned' ? this.#lines.get(event.op) : undefined;
    if (event.type !== 'Returned' || line === undefined || event.outcome.type === 'Unknown') return;
    line.return_us = atUs;
    line.outcome = event.outcome.type === 'Ok' ? 'ok' : 'failed';
    if (event.outcome.type === 'Ok') line.result = event.outcome.value;
  }

  lines(): string[] {
    return [...this.#lines.values()].map((line) => JSON.stringify(line));
  }
}
