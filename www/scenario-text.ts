// Small changes to a scenario's text, and the lines that controls send.

/** The text with its header line `word value` changed, or added after the lines it must follow. */
export function withHeader(text: string, word: 'servers' | 'clients' | 'seed', value: string): string {
  const line = `${word} ${value}`;
  const existing = new RegExp(`^[ \\t]*${word}[ \\t].*$`, 'm');
  if (existing.test(text)) return text.replace(existing, line);
  return text.replace(/^([ \t]*raft[ \t].*)$/m, `$1\n${line}`);
}

/** The line an error points at, and spaces up to the place. */
export function marked(text: string, line: number, column: number): { line: string; marker: string } {
  const found = text.split('\n')[line - 1] ?? '';
  return { line: found, marker: `${' '.repeat(Math.max(0, column - 1))}^` };
}

/** Where a line and column are in the text, counted in UTF-16 units as text fields do. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(before + within, text.length);
}
