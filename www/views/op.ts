// A client's operation in words.

import type { OpFrame } from '../generated/engine.ts';

/** An operation and how it went, as short as it gets: `get x → 1`, `put x=1 ✓`, `del x ✗`. */
export const opWords = (op: OpFrame): string => {
  if (op.outcome === 'waiting') return `${op.text} …`;
  if (op.outcome === 'failed') return `${op.text} ✗`;
  if (op.outcome === 'unknown') return `${op.text} ?`;
  return op.text.startsWith('get') ? `${op.text} → ${op.value ?? 'none'}` : `${op.text} ✓`;
};

/** As many letters of it as fit, the last one standing for those that do not. */
export const shortened = (words: string, letters: number): string =>
  words.length <= letters ? words : `${words.slice(0, Math.max(1, letters - 1))}…`;
