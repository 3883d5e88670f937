// Small changes to a scenario's text.

export type HeaderWord = 'title' | 'protocol' | 'servers' | 'voters' | 'clients' | 'seed';

/** The order in which the header's lines stand. */
const HEADER: readonly HeaderWord[] = ['title', 'protocol', 'servers', 'voters', 'clients', 'seed'];

/** The text with its header line `word value` changed, or added behind those it must follow; without a value it is left out. */
export function withHeader(text: string, word: HeaderWord, value: string): string {
  const line = value === '' ? '' : `${word} ${value}\n`;
  const existing = new RegExp(`^[ \\t]*${word}[ \\t].*\n?`, 'm');
  if (existing.test(text)) return text.replace(existing, () => line);
  const before = HEADER.slice(0, HEADER.indexOf(word)).join('|');
  return text.replace(
    new RegExp(`^[ \\t]*raft[ \\t].*\n?(?:[ \\t]*(?:${before || 'raft'})[ \\t].*\n?)*`, 'm'),
    (head) => `${head.replace(/\n?$/, '\n')}${line}`,
  );
}

/** Where a line and column are in the text, counted in UTF-16 units as text fields do. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(before + within, text.length);
}
