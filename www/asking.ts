// What a client can be made to do at once: to write what nobody wrote before, and to read what some server has.

import type { Frame } from './generated/engine.ts';

export interface Asked {
  readonly client: string;
  /** What stands on a button. */
  readonly words: string;
  readonly line: string;
}

/** Of the server that is named, else of whomever the client knows; nothing where there is no client. */
export function asked(frame: Frame, via?: string, id?: string): { write: Asked; read: Asked } | null {
  const { clients, servers, protocol } = frame;
  const client = id ?? (clients.find(({ current }) => current === null) ?? clients[0])?.id;
  if (client === undefined) return null;
  const ops = clients.flatMap(({ current, last }) => [current?.text ?? '', last?.text ?? '']).filter(Boolean);
  const key = ops[0]?.match(/ ([^= ]+)/)?.[1] ?? 'x';
  const held = servers.flatMap(({ state }) => state.map((one) => `put ${one.key}=${one.value}`));
  const values = [...ops, ...held].map((text) => Number(text.split(`put ${key}=`)[1]) || 0);
  const value = 1 + Math.max(0, ...values);
  const [here, where] = via ? [' here', ` via ${via}`] : ['', ''];
  // A server that is asked by name tells what it has, however old.
  const mode = via && protocol === 'raft' ? ' stale' : '';
  return {
    write: { client, words: `Write ${key}=${value}${here}`, line: `${client} put ${key}=${value}${where}` },
    read: { client, words: `Read ${key}${here}`, line: `${client} get ${key}${mode}${where}` },
  };
}
